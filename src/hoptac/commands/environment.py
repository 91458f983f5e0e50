"""What every command needs around Django: settings, secret key, database, messages, schema."""

from __future__ import annotations

import contextlib
import io
import os
import re
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hoptac.foundation import postgres
from hoptac.foundation.postgres_host import DatabaseTrouble, last_line

ROOT = postgres.ROOT
PROD = "hoptac.config.settings.prod"


_embedded = False
"""Whether :func:`database` gave the embedded server, which is then ours to look after."""


class Trouble(DatabaseTrouble):
    """Something stands in the way; the message is one line that says what to do."""


def version() -> str:
    """Return the version of the program with the commit it is at, when that is known."""
    import tomllib

    number = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return f"hoptac {number['project']['version']}{_commit()}"


def _commit() -> str:
    import subprocess

    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
        return f" ({done.stdout.strip()})"
    return ""


# --- Saying what is done ------------------------------------------------------------------------


def say(words: str = "") -> None:
    """Print a line for the person at the terminal."""
    print(words, flush=True)


@contextlib.contextmanager
def step(words: str) -> Iterator[None]:
    """Announce a long step and say how long it took."""
    started = time.monotonic()
    print(f"  {words} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)


# --- The surroundings ---------------------------------------------------------------------------


def var_dir() -> Path:
    """Return the run-time directory, made if need be.

    :raises Trouble: it cannot be used
    """
    var = postgres.var_dir()
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe = var / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except (FileExistsError, NotADirectoryError) as error:
        raise Trouble(
            f"{var} is not a directory: move it aside, or set HOPTAC_VAR to another place."
        ) from error
    except OSError as error:
        raise Trouble(
            f"{var} cannot be written ({error.strerror}): run this as its owner, free some space, "
            "or set HOPTAC_VAR to another place."
        ) from error
    return var


def secret_key() -> Path:
    """Return the file of the secret key, made with a new one when missing."""
    path = var_dir() / "secret_key"
    if not path.exists() or not path.read_text(encoding="utf-8").strip():
        fresh = path.with_name(f"secret_key.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48) + "\n")
        fresh.replace(path)
    return path


def configure(settings: str = PROD) -> None:
    """Choose the settings for this process and its children, and compile stale messages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    os.environ.setdefault("HOPTAC_VAR", str(postgres.var_dir()))
    secret_key()
    from hoptac.foundation import messages

    try:
        messages.compile_messages()
    except OSError as error:
        raise Trouble(
            f"{error.filename} cannot be written ({error.strerror}): run this once as the owner of "
            "the checkout, who compiles the screen texts."
        ) from error


def set_up_django() -> None:
    """Load Django with the settings chosen by :func:`configure`."""
    import django

    django.setup()


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Give the database: that of ``DATABASE_URL``, else the embedded one while the block runs."""
    named = os.environ.get("DATABASE_URL")
    if named:
        check_reachable(named)
        yield named
        return
    global _embedded
    parameters = postgres.ensure_running()
    os.environ["DATABASE_URL"] = parameters["url"]
    _embedded = True
    try:
        check_whole(parameters["url"])
        yield parameters["url"]
    finally:
        disconnect()
        _embedded = False
        del os.environ["DATABASE_URL"]
        postgres.stop()


def keep_database() -> None:
    """Start the embedded server again if somebody killed it."""
    if _embedded:
        postgres.ensure_running()


def disconnect() -> None:
    """Close this process's connections to the database."""
    if "django.db" in sys.modules:
        from django.db import connections

        with contextlib.suppress(Exception):
            connections.close_all()


def check_reachable(url: str) -> None:
    """See that a server answers at ``url``, of a version and an encoding that will do.

    :raises Trouble: it does not
    """
    import psycopg

    if not url.startswith(("postgresql://", "postgres://")):
        # Not repeated: it may hold a password.
        raise Trouble(
            "DATABASE_URL is not the address of a PostgreSQL server: write it as "
            "postgresql://user:password@host:5432/name."
        )
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            major = connection.info.server_version // 10000
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.Error as error:
        words = str(error).strip() or "no answer"
        raise Trouble(f"DATABASE_URL: {words.splitlines()[0]}: {_remedy(words)}.") from error
    if major < postgres.OLDEST:
        raise Trouble(
            f"DATABASE_URL: the server is PostgreSQL {major}; {postgres.OLDEST} or newer is "
            "needed: install one, or leave DATABASE_URL out to use the embedded server."
        )
    if encoding != "UTF8":
        raise Trouble(
            f"DATABASE_URL: the database keeps its text as {encoding}, which cannot hold Vietnamese "
            "letters: make it anew with createdb --encoding UTF8 (docs/admin.md, PostgreSQL)."
        )


_REMEDIES = (
    ("authentication failed|no password supplied", "mend its user or password"),
    (
        'database ".*" does not exist',
        "make the database (docs/admin.md, PostgreSQL), or mend its name",
    ),
    ('role ".*" does not exist', "make the role (docs/admin.md, PostgreSQL), or mend its name"),
    ("too many clients|connection slots", "wait, or raise max_connections of the server"),
    ("resolve|translate host", "mend its host; @ : / % in a password are written %40 %3A %2F %25"),
)


def _remedy(words: str) -> str:
    """Return what to do about what a client says of a connection that was not made."""
    for pattern, remedy in _REMEDIES:
        if re.search(pattern, words):
            return remedy
    return "start that server, or mend host and port"


def check_whole(url: str) -> None:
    """See that the embedded server, which runs, gives out the register's database.

    :raises Trouble: it does not
    """
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=60).close()
    except psycopg.Error as error:
        said = last_line(str(error)).rpartition("FATAL:")[2].strip()
        data = postgres.Cluster(postgres.var_dir() / "postgres").data
        raise Trouble(f"the database is damaged ({said}): {postgres.start_anew(data)}") from error


def pending_migrations() -> int:
    """Return how many migrations the database lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> int:
    """Bring the schema up to date, quietly; return how many steps it took."""
    from django.core.management import call_command
    from django.db import ProgrammingError
    from psycopg.errors import InsufficientPrivilege

    count = pending_migrations()
    try:
        if count:
            call_command("migrate", interactive=False, verbosity=0, stdout=io.StringIO())
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        raise Trouble(
            f"the tables cannot be made ({str(error).splitlines()[0]}): make the user of "
            "DATABASE_URL the owner of its database (docs/admin.md, PostgreSQL)."
        ) from error
    return count


def has_command(name: str) -> bool:
    """Tell whether an installed app offers this management command."""
    from django.core.management import get_commands

    return name in get_commands()


def call(name: str, *arguments: str, **options: Any) -> None:
    """Call a management command.

    :raises Trouble: no installed app has it
    """
    from django.core.management import call_command

    if not has_command(name):
        raise Trouble(f"this version has no management command {name!r}.")
    call_command(name, *arguments, **options)
