"""Bring the archive of ./hoptac backup back: database, files, secret key, keys of certificates.

Every part is checked first. The archive goes into a new database, which is brought up to date and
whose journal is verified; only then does it take the place of the old one. What was there before
stays until all of that has succeeded, and with --keep-old afterwards too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit, urlunsplit

from hoptac.commands import archive, environment, sealing
from hoptac.commands.backup import database_facts, reach, run_client, scratch
from hoptac.commands.environment import Trouble, say, step
from hoptac.foundation.postgres_host import client_environment, find_client, last_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, help="the archive")
    parser.add_argument("--yes", action="store_true", help="replace a database that holds data")
    parser.add_argument("--keep-old", action="store_true", help="keep what was there, renamed")
    parser.add_argument("--check", action="store_true", help="only check the archive")
    parser.add_argument(
        "--keys-passphrase", metavar="FILE",
        help="the passphrase that opens the sealed keys of certificates (-: asked for)",
    )  # fmt: skip
    parser.add_argument(
        "--without-keys", action="store_true", help="leave the keys of certificates in the archive"
    )


def run(options: argparse.Namespace) -> int:
    """Restore."""
    environment.var_dir()
    with scratch() as place:
        with step("Checking the archive"):
            manifest = archive.unpack(options.file, place)
        say(f"  made {manifest['made_at'][:19]} by {manifest['program']}")
        keys = opened_keys(place, options)
        if options.check:
            say(f"The archive is whole: {len(manifest['parts'])} parts.")
            say(f"  {_of_keys(manifest, keys)}")
            return 0
        sealing.refuse_clash(keys or {}, sealing.folder())
        with environment.database() as url:
            restore(place, manifest, url, options)
        put_keys_back(manifest, keys)
    say("Restored.")
    return 0


def opened_keys(place: Path, options: argparse.Namespace) -> dict[str, bytes] | None:
    """Return the keys of certificates out of an archive that holds them, before anything is replaced.

    Nothing where there are none, or they are to stay there.

    :raises Trouble: no passphrase is given, or it is the wrong one
    """
    sealed = place / sealing.PART
    if not sealed.exists() or options.without_keys:
        return None
    asked = sealing.asked_for(options.keys_passphrase)
    if not asked and options.check:
        return None
    if not asked and not sealing.can_ask():
        raise Trouble(
            "the archive holds the sealed keys of certificates: give their passphrase with "
            "--keys-passphrase FILE, or restore --without-keys."
        )
    with step("Opening the keys of certificates"):
        return sealing.unseal(sealed.read_bytes(), sealing.passphrase_of(asked or "-"))


def put_keys_back(manifest: dict[str, Any], keys: dict[str, bytes] | None) -> None:
    """Put the keys where certificates are signed, or say what is to be done."""
    if keys:
        sealing.put_back(keys, sealing.folder())
    say(f"  {_of_keys(manifest, keys, is_restored=True)}")


def _of_keys(
    manifest: dict[str, Any], keys: dict[str, bytes] | None, *, is_restored: bool = False
) -> str:
    """Return what becomes of the keys of certificates, in a line."""
    told = manifest.get("certificate_keys", {"sealed": False, "names": []})
    names = ", ".join(told["names"]) or "none was made"
    if keys and is_restored:
        return f"keys of certificates are back in {sealing.folder()}: {names}"
    if keys:
        return f"keys of certificates: {names} (the passphrase opens them)"
    if told["sealed"] and not is_restored:
        return f"keys of certificates: {names} (sealed; --keys-passphrase tries the passphrase)"
    here = {name.partition(".")[0] for name in sealing.key_files(sealing.folder())}
    missing = [name for name in told["names"] if name not in here]
    if is_restored and missing:
        return (
            f"keys of certificates are missing here: {', '.join(missing)}. Copy their files into "
            f"{sealing.folder()}, or make a new key under Quản trị > Khóa ký giấy chứng nhận; "
            "until then nothing is issued, and what was issued stays valid."
        )
    return f"keys of certificates: {names}" + ("" if is_restored else " (not in the archive)")


def restore(place: Path, manifest: dict[str, Any], url: str, options: argparse.Namespace) -> None:
    """Put the unpacked archive in the place of what there is."""
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    name = database_name(url)
    fresh, old = f"{name}_restore_{stamp}", f"{name}_before_{stamp}"
    server = Server(url)
    refuse_if_used(server, name, may_replace=options.yes)
    server.execute("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", fresh)
    try:
        with step("Database"):
            load(place / archive.DUMP, with_database(url, fresh), server.major)
        check(with_database(url, fresh), manifest)
        server.execute("ALTER DATABASE {} RENAME TO {}", name, old)
        try:
            server.execute("ALTER DATABASE {} RENAME TO {}", fresh, name)
        except Trouble:
            server.execute("ALTER DATABASE {} RENAME TO {}", old, name)
            raise
    except BaseException:
        server.execute("DROP DATABASE IF EXISTS {}", fresh)
        raise
    swap_files(place, stamp, keep_old=options.keep_old)
    if options.keep_old:
        say(f"  the database of before is kept as {old}")
    else:
        server.execute("DROP DATABASE {}", old)


class Server:
    """The server behind an address, spoken to outside the register's own database."""

    def __init__(self, url: str) -> None:
        self.url = with_database(url, "postgres")
        with self._connect() as connection:
            self.major = connection.info.server_version // 10000

    def _connect(self) -> Any:
        import psycopg

        try:
            return psycopg.connect(self.url, autocommit=True)
        except psycopg.Error as error:
            raise Trouble(f"the database 'postgres' of the server is needed: {error}") from error

    def execute(self, statement: str, *names: str) -> None:
        """Run one statement with quoted names in it.

        :raises Trouble: the server refuses
        """
        import psycopg
        from psycopg import sql

        try:
            with self._connect() as connection:
                query = sql.SQL(statement)
                connection.execute(query.format(*map(sql.Identifier, names)))
        except psycopg.Error as error:
            raise Trouble(f"the server refuses: {str(error).strip()}") from error

    def sessions(self, name: str) -> int:
        """Return how many clients are in a database."""
        with self._connect() as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = %s AND backend_type = 'client backend'",
                [name],
            ).fetchone()
            return int(row[0])


def database_name(url: str) -> str:
    """Return the name of the database in an address."""
    return urlsplit(url).path.lstrip("/") or "hoptac"


def with_database(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path="/" + quote(name)))


def refuse_if_used(server: Server, name: str, *, may_replace: bool) -> None:
    """See that nothing is lost unasked and nobody is working.

    :raises Trouble: the database holds data, or somebody is connected to it
    """
    import psycopg

    if server.sessions(name):
        raise Trouble(
            f"somebody is connected to the database {name!r}: stop ./hoptac run and all others "
            "that use it, then restore."
        )
    with psycopg.connect(with_database(server.url, name)) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname !~ '^pg_' "
            "AND schemaname <> 'information_schema'"
        ).fetchone()
        journal = database_facts(connection)["journal"] or {"entries": 0}
    if tables and tables[0] and not may_replace:
        raise Trouble(
            f"the database {name!r} holds data ({journal['entries']} journal entries): "
            "add --yes to replace it."
        )


def load(dump: Path, url: str, major: int) -> None:
    """Load a dump into an empty database."""
    if major >= 17:
        run_client(
            "pg_restore",
            0,
            ["--no-owner", "--no-privileges", "--exit-on-error", "--jobs=2"],
            [str(dump)],
            url=url,
        )
        return
    address, environ = reach(url)
    # An older server does not know every setting that a newer pg_restore makes first.
    reader = subprocess.Popen(
        [find_client("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)],
        stdout=subprocess.PIPE,
        env=client_environment(),
    )
    writer = subprocess.Popen(
        [find_client("psql", major), "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", address],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environ,
    )
    with reader, writer:
        try:
            for block in _without_new_settings(_pipe(reader.stdout)):
                _pipe(writer.stdin).write(block)
        except BrokenPipeError:
            reader.kill()
        words = writer.communicate()[1].decode(errors="replace")
    if reader.wait() and not writer.returncode:
        raise Trouble("pg_restore failed: the dump cannot be read.")
    if writer.returncode:
        raise Trouble(f"the database cannot be loaded: {last_line(words)}")


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise Trouble("the programs of PostgreSQL cannot be joined.")
    return stream


def _without_new_settings(stream: IO[bytes]) -> Iterator[bytes]:
    for _ in range(40):
        line = stream.readline()
        if not line.startswith(b"SET transaction_timeout"):
            yield line
    while block := stream.read(2**18):
        yield block


def check(url: str, manifest: dict[str, Any]) -> None:
    """Bring the loaded database up to date and verify its journal.

    :raises Trouble: the journal is broken, or is not the one that was backed up
    """
    import psycopg

    with psycopg.connect(url) as connection:
        journal = database_facts(connection)["journal"]
    if journal != manifest["journal"]:
        raise Trouble("the journal in the archive does not end where the manifest says.")
    environment.configure()
    with step("Bringing the database up to date"):
        _django(url, "migrate", "--no-input", "--verbosity=0")
    if journal and journal["entries"]:
        with step(f"Verifying the journal ({journal['entries']} entries)"):
            _django(url, "verify_journal", f"--head={journal['head']}")
        # What the law had erased since the backup does not come back with it.
        _django(url, "erase_again", "--sweep")


def _django(url: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = last_line(done.stderr) or last_line(done.stdout)
        raise Trouble(f"{arguments[0]} failed on the restored database: {words}")


def swap_files(place: Path, stamp: str, *, keep_old: bool) -> None:
    """Put the restored files and key in the place of those of before."""
    var = environment.var_dir()
    (place / "files").mkdir(exist_ok=True)
    for name in ("files", archive.KEY):
        if not (place / name).exists():
            continue
        aside = var / f"{name}.before-{stamp}"
        if (var / name).exists():
            (var / name).rename(aside)
        (place / name).rename(var / name)
        if keep_old or not aside.exists():
            continue
        if aside.is_dir():
            shutil.rmtree(aside)
        else:
            aside.unlink()
    if (var / archive.KEY).exists():
        (var / archive.KEY).chmod(0o600)
