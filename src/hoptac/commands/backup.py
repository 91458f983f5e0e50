"""Write the database, the uploaded files and the secret key into one archive.

The archive's manifest names versions, the journal's head and the SHA-256 of every part. The
database is read in one snapshot while the system goes on working. Keep the archive as secret as the
register itself. The keys that sign certificates are in it only sealed, with a passphrase that you
choose (--keys-passphrase). ./hoptac restore FILE brings it back.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from hoptac.commands import archive, environment, sealing
from hoptac.commands.environment import Trouble, say, step
from hoptac.foundation.postgres_host import client_environment, find_client, last_line

NAME = "hoptac-{}.hoptac"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--to", type=Path, metavar="FILE", help="where (var/backups/...)")
    parser.add_argument(
        "--keep", type=int, metavar="N", help="leave only the newest N in var/backups"
    )
    parser.add_argument(
        "--keys-passphrase", metavar="FILE",
        help="seal the keys of certificates with the passphrase in FILE (-: asked for) and pack them",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Make the backup."""
    now = datetime.now(UTC)
    folder = environment.var_dir() / "backups"
    target: Path = options.to or folder / NAME.format(now.strftime("%Y%m%d-%H%M%S"))
    if target.is_dir():
        target = target / NAME.format(now.strftime("%Y%m%d-%H%M%S"))
    if target.exists():
        raise Trouble(f"{target} exists already: choose another name with --to.")
    asked = sealing.asked_for(options.keys_passphrase)
    passphrase = sealing.passphrase_of(asked, twice=True) if asked else ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with environment.database() as url:
            parts = make(target, url, now, passphrase)
    except OSError as error:
        raise Trouble(f"{target} cannot be written: {error.strerror}.") from error
    size = target.stat().st_size
    say(f"{target} ({size / 1e6:.1f} MB, {len(parts)} parts)")
    say(f"SHA-256 {archive.describe(target.name, target).sha256}")
    if any(part.name == sealing.PART for part in parts):
        say("  the keys of certificates are in it, sealed with your passphrase")
    elif sealing.key_files(sealing.folder()):
        say(
            f"  the keys of certificates are NOT in it: copy {sealing.folder()} apart, "
            "or back up with --keys-passphrase"
        )
    if options.keep and not options.to:
        for old in sorted(folder.glob(NAME.format("*")))[: -options.keep]:
            old.unlink()
    return 0


def make(target: Path, url: str, now: datetime, passphrase: str = "") -> list[archive.Part]:
    """Write the archive; the database first, so that every file it speaks of is in it.

    With a passphrase the keys of certificates go in, sealed; their names stand in the manifest.
    """
    var = environment.var_dir()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as place:
        dump = Path(place) / archive.DUMP
        with step("Database"):
            facts = dump_database(url, dump)
        # After the database: every key that it speaks of is there by now.
        keys = sealing.key_files(sealing.folder())
        sealed = Path(place) / sealing.PART
        if keys and passphrase:
            with step("Sealing the keys of certificates"):
                sealed.write_bytes(sealing.seal(keys, passphrase))
        facts = {
            "made_at": now.isoformat(), "program": environment.version(), **facts,
            "certificate_keys": {
                "sealed": sealed.exists(), "names": [name.partition(".")[0] for name in keys]
            },
        }  # fmt: skip
        with step("Archive"):
            return archive.write(target, facts, _parts(dump, var, sealed))


def _parts(dump: Path, var: Path, sealed: Path) -> Iterator[tuple[str, Path]]:
    yield archive.DUMP, dump
    if sealed.exists():
        yield sealing.PART, sealed
    if (var / archive.KEY).exists():
        yield archive.KEY, var / archive.KEY
    for path in sorted((var / "files").rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"files/{path.relative_to(var / 'files').as_posix()}", path


def dump_database(url: str, target: Path) -> dict[str, Any]:
    """Dump one snapshot of the database; return what the manifest says of it."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        facts = database_facts(connection)
        run_client(
            "pg_dump",
            facts["postgresql"] // 10000,
            ["--format=custom", f"--snapshot={row[0] if row else ''}", "--no-owner"],
            ["--no-privileges", f"--file={target}"],
            url=url,
        )
    return facts


def database_facts(connection: Any) -> dict[str, Any]:
    """Return versions, journal head and migrations of a database."""
    facts: dict[str, Any] = {"postgresql": connection.info.server_version, "journal": None}
    if _has_table(connection, "audit_act"):
        head = connection.execute(
            "SELECT number, encode(hash, 'hex') FROM audit_act ORDER BY number DESC LIMIT 1"
        ).fetchone()
        facts["journal"] = {"entries": head[0] if head else 0, "head": head[1] if head else ""}
    if _has_table(connection, "django_migrations"):
        rows = connection.execute("SELECT app, max(name) FROM django_migrations GROUP BY app")
        facts["migrations"] = dict(sorted(rows.fetchall()))
    return facts


def _has_table(connection: Any, name: str) -> bool:
    return bool(connection.execute("SELECT to_regclass(%s)", [name]).fetchone()[0])


def reach(url: str) -> tuple[str, dict[str, str]]:
    """Return the address without its password, and the environment that carries the password.

    What stands on a command line can be read by everybody on the machine.
    """
    parts = urlsplit(url)
    environ = client_environment()
    if parts.password:
        environ["PGPASSWORD"] = unquote(parts.password)
        host = parts.netloc.rpartition("@")[2]
        parts = parts._replace(netloc=f"{parts.username or ''}@{host}")
    return urlunsplit(parts), environ


def run_client(name: str, major: int, *arguments: list[str], url: str) -> None:
    """Run a PostgreSQL client program on the database at ``url``.

    :raises Trouble: it fails; with the words that tell most
    """
    address, environ = reach(url)
    words = [word for each in arguments for word in each]
    command = [find_client(name, major), f"--dbname={address}", *words]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=environ,
    )
    if done.returncode:
        raise Trouble(f"{name} failed: {last_line(done.stderr)}")


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Give a directory under ``var`` that goes away."""
    place = Path(tempfile.mkdtemp(dir=environment.var_dir(), prefix="restore-"))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
