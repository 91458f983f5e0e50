"""Build the demonstration province in the database.

Without options it is built only where the database is empty. --reset removes everything in the
database first, and asks before it does.
"""

from __future__ import annotations

import argparse
import sys

from hoptac.commands import environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--reset", action="store_true", help="empty the database first")
    parser.add_argument("--yes", action="store_true", help="do not ask before emptying it")


def run(options: argparse.Namespace) -> int:
    """Build it."""
    environment.configure()
    with environment.database() as url:
        if options.reset:
            if not options.yes and not agreed(url):
                return 1
            with environment.step("Emptying the database"):
                empty(url)
        environment.set_up_django()
        with environment.step("Bringing the database up to date"):
            environment.migrate()
        environment.call("build_demo", "--if-empty")
        if environment.has_command("demo_accounts"):
            environment.call("demo_accounts")
    return 0


def agreed(url: str) -> bool:
    """Ask whether everything may go; a database without our tables needs no question."""
    import psycopg

    with psycopg.connect(url) as connection:
        acts = None
        if connection.execute("SELECT to_regclass('audit_act')").fetchone() != (None,):
            acts = connection.execute("SELECT count(*) FROM audit_act").fetchone()
    if not acts or not acts[0]:
        return True
    if not sys.stdin.isatty():
        environment.say(
            f"hoptac: the database holds {acts[0]} acts, which would be lost: add --yes to agree."
        )
        return False
    answer = input(f"The database holds {acts[0]} acts. Remove all of it? [y/N] ")
    return answer.strip().lower() in ("y", "yes", "c", "có", "co")


def empty(url: str) -> None:
    """Remove every object of the database by making its schemas anew."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' "
            "AND nspname <> 'information_schema'"
        ).fetchall()
        for (name,) in rows:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
        connection.execute("CREATE SCHEMA public")
