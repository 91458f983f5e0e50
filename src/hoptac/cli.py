"""``./hoptac COMMAND``: the one door for people who install, run and look after the system.

This file only finds the command; each lives in :mod:`hoptac.commands` or is a Django management
command of its app. Nothing heavy is imported before it is known what is wanted.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from hoptac.foundation.postgres import var_dir
from hoptac.foundation.postgres_host import DatabaseTrouble


@dataclass(frozen=True)
class Entry:
    """A command: one line about it, and where it is: a module, or a management command."""

    about: str
    module: str = ""
    management: str = ""
    demo: bool = False
    """Whether it answers from the demonstration province when the database is empty."""
    offline: tuple[str, ...] = ()
    """Subcommands that need no database."""


COMMANDS = {
    "run": Entry("start everything and serve on http://127.0.0.1:8000", "run"),
    "test": Entry("run every check that CI runs", "test"),
    "demo": Entry("build the demonstration province (--reset: from nothing)", "demo"),
    "import": Entry("read an office's workbook into the register", management="import_workbook"),
    "export": Entry("write the register to a file", management="export_register", demo=True),
    "exchange": Entry(
        "files, extracts and messages of the national systems", management="exchange"
    ),
    "directives": Entry(
        "read, enter and list documents that order work", management="directives", offline=("read",)
    ),
    "statistics": Entry("print indicators as of a day", management="statistics", demo=True),
    "verify": Entry("check the journal's chain of acts", management="verify_journal"),
    "anchor": Entry("sign the journal's head and keep it outside", management="anchor_journal"),
    "verify-certificate": Entry(
        "check a certificate: its PDF, QR code or text", management="verify_certificate"
    ),
    "backup": Entry("write database and files into one checked archive", "backup"),
    "restore": Entry("bring an archive back", "restore"),
    "bench": Entry("load big data and measure the running system", "bench"),
    "database": Entry("start, stop or look into the embedded PostgreSQL", "database"),
    "manage": Entry("any Django management command", "manage"),
}


def usage() -> str:
    """Return the help of ``./hoptac``."""
    width = max(map(len, COMMANDS)) + 2
    lines = [f"  {name:<{width}}{entry.about}" for name, entry in COMMANDS.items()]
    return "\n".join(
        [
            "usage: ./hoptac COMMAND [options]",
            "",
            "The register of a province's cooperatives. Commands:",
            "",
            *lines,
            "",
            "./hoptac COMMAND --help tells more. Environment: DATABASE_URL (a PostgreSQL server",
            "instead of the embedded one), HOPTAC_VAR (instead of var/), HOPTAC_PG_BIN (system",
            "PostgreSQL programs), HOPTAC_HOSTS, HOPTAC_HTTPS: see docs/admin.md.",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    name, rest = given[0], given[1:]
    if name in ("-V", "--version", "version"):
        from hoptac.commands.environment import version

        print(version())
        return 0
    entry = COMMANDS.get(name)
    if entry is None:
        print(f"hoptac: there is no command {name!r}; see ./hoptac --help", file=sys.stderr)
        return 2
    try:
        return _run(name, entry, rest)
    except DatabaseTrouble as trouble:
        print(f"hoptac: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141
    except ImportError as error:
        words = _damaged_environment(error)
    except OSError as error:
        words = _unusable(error)
    except Exception as error:
        words = _stopped_database(error)
    print(f"hoptac: {words}", file=sys.stderr)
    return 1


def _damaged_environment(error: ImportError) -> str:
    """Return what to do when a package is not whole; a fault of our own modules is raised again."""
    if (error.name or "hoptac").partition(".")[0] == "hoptac":
        raise error
    venv = var_dir() / "venv"
    return (
        f"the environment is damaged ({error}): remove {venv} and run this again, "
        "which installs it anew."
    )


def _stopped_database(error: Exception) -> str:
    """Return what to do when the database gave up midway; anything else is raised again."""
    kind = type(error)
    if kind.__name__ != "OperationalError" or not kind.__module__.startswith(("django", "psycopg")):
        raise error
    said = str(error).strip().splitlines()[0]
    return (
        f"the database gave up ({said}): free some space if the disk is full, otherwise see the "
        "server's log, and run this again; what was not finished is not recorded."
    )


def _unusable(error: OSError) -> str:
    """Return what to do about a file under ``var/`` or a full disk; anything else is raised again."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"no space is left on the disk of {error.filename or var_dir()}: free some."
    if not str(error.filename or "").startswith(str(var_dir())):
        raise error
    return (
        f"{error.filename} cannot be used ({error.strerror}): run this as the owner of "
        f"{var_dir()}, and move aside what stands in the way."
    )


def _run(name: str, entry: Entry, rest: list[str]) -> int:
    if entry.management:
        from hoptac.commands import management

        offline = bool(rest) and rest[0] in entry.offline
        return management.run(name, entry.management, rest, demo=entry.demo, offline=offline)
    module = importlib.import_module(f"hoptac.commands.{entry.module}")
    if hasattr(module, "pass_through"):
        return int(module.pass_through(rest))
    parser = argparse.ArgumentParser(
        prog=f"./hoptac {name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    options = parser.parse_args(rest)
    from hoptac.commands import processes

    try:
        with processes.stoppable():
            return int(module.run(options))
    except processes.Stop:
        print("Stopped.", file=sys.stderr)
        return 0 if name == "run" else 130


if __name__ == "__main__":
    sys.exit(main())
