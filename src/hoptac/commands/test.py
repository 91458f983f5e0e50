"""Run everything that CI runs: format, lint, import contracts, types, migrations, texts, tests.

The tests run against a PostgreSQL of their own, which is started for them and removed after them
(HOPTAC_TEST_DATABASE_URL names a server to use instead; HOPTAC_PG_BIN the programs to start).
Arguments that are not known here go to pytest, and then only pytest runs:

    ./hoptac test src/hoptac/registry -k merger -x
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hoptac.commands import environment, processes
from hoptac.commands.environment import ROOT, Trouble, say
from hoptac.foundation import postgres

SETTINGS = "hoptac.config.settings.test"
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


@dataclass(frozen=True)
class Check:
    """One step: its name and the command that fails when something is wrong."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    name: str
    passed: bool
    seconds: float
    output: str = ""


def parser() -> argparse.ArgumentParser:
    """Return the parser of our own options; the rest is pytest's."""
    made = argparse.ArgumentParser(
        prog="./hoptac test",
        usage="./hoptac test [--full | --fast | --checks] [pytest arguments]",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    which = made.add_mutually_exclusive_group()
    which.add_argument("--full", action="store_true", help="the slow tests too")
    which.add_argument("--fast", action="store_true", help="without browser tests")
    which.add_argument("--checks", action="store_true", help="all but pytest")
    return made


def pass_through(arguments: list[str]) -> int:
    """Run ``./hoptac test``."""
    options, rest = parser().parse_known_args(arguments)
    try:
        with processes.stoppable():
            return run(options, rest)
    except processes.Stop:
        say("\nStopped.")
        return 130


def run(options: argparse.Namespace, rest: list[str]) -> int:
    """Run the checks, then pytest; say at the end what failed."""
    started = time.monotonic()
    if not (options.fast or options.checks):
        os.environ["HOPTAC_CHROMIUM"] = find_chromium()
    environment.var_dir()
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    os.environ.pop("DATABASE_URL", None)
    environment.configure(SETTINGS)
    named = os.environ.get("HOPTAC_TEST_DATABASE_URL")
    if named:
        environment.check_reachable(named)
        os.environ["DATABASE_URL"] = named
        outcomes = everything(options, rest)
    else:
        with postgres.throwaway() as cluster:
            os.environ["DATABASE_URL"] = cluster.url
            outcomes = everything(options, rest)
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    seconds = time.monotonic() - started
    if failed:
        say(f"FAILED after {seconds:.0f} s: {', '.join(failed)}")
        return 1
    say(f"All passed in {seconds:.0f} s: {', '.join(outcome.name for outcome in outcomes)}")
    return 0


def everything(options: argparse.Namespace, rest: list[str]) -> list[Outcome]:
    """Run what the options ask for, pytest last so that its summary stands at the end."""
    outcomes = [] if rest else static_checks(CHECKS)
    if not options.checks:
        outcomes.append(tests(options, rest))
    return outcomes


# --- Checks without tests -----------------------------------------------------------------------


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, *arguments)


_LINTER = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
_TEXTS = "import sys; from hoptac.commands.messages import main; sys.exit(main(['--check']))"

# The longest first: two run at a time.
CHECKS = (
    Check("types (mypy)", _python("-m", "mypy")),
    Check("format (ruff)", _python("-m", "ruff", "format", "--check", "--quiet", ".")),
    Check("lint (ruff)", _python("-m", "ruff", "check", "--quiet", ".")),
    Check("import contracts", _python("-c", _LINTER)),
    Check("migrations", _python("-m", "django", "makemigrations", "--check", "--dry-run")),
    Check("translations", _python("-c", _TEXTS)),
)


def static_checks(checks: Sequence[Check]) -> list[Outcome]:
    """Run the checks two at a time; show the words of those that fail."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        futures = [pool.submit(run_check, check) for check in checks]
        outcomes = []
        for future in futures:
            outcome = future.result()
            outcomes.append(outcome)
            if not outcome.passed:
                say(f"\n--- {outcome.name}\n{outcome.output.rstrip()}\n")
            say(line_of(outcome))
    return outcomes


def run_check(check: Check) -> Outcome:
    """Run one check and keep what it says."""
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        check=False,
        env={**os.environ, "RUFF_CACHE_DIR": str(postgres.var_dir() / "cache/ruff")},
    )
    return Outcome(check.name, done.returncode == 0, time.monotonic() - started, done.stdout)


def line_of(outcome: Outcome) -> str:
    """Return the summary line of one step."""
    word = "ok    " if outcome.passed else "FAILED"
    return f"{word} {outcome.name} ({outcome.seconds:.1f} s)"


# --- Tests --------------------------------------------------------------------------------------


def tests(options: argparse.Namespace, rest: list[str]) -> Outcome:
    """Run pytest, its output passed on as it comes."""
    started = time.monotonic()
    command = [*_python("-m", "pytest"), *pytest_options(options, rest)]
    # A place of its own: pytest's usual one is closed and swept by every other run on the machine.
    with tempfile.TemporaryDirectory(prefix="hoptac-test-", ignore_cleanup_errors=True) as place:
        Path(place).chmod(0o755)
        environ = {"PYTEST_DEBUG_TEMPROOT": place, **os.environ}
        done = subprocess.run(command, cwd=ROOT, check=False, env=environ)
    return Outcome("pytest", done.returncode == 0, time.monotonic() - started)


def pytest_options(options: argparse.Namespace, rest: list[str]) -> list[str]:
    """Return pytest's arguments: two processes, and the marks that the options leave out."""
    given = ["-o", f"cache_dir={postgres.var_dir() / 'cache/pytest'}"]
    has = _option_finder(rest)
    if not has("-n", "--numprocesses", "--pdb", "-s", "--collect-only", "--co"):
        given += ["-n", "2", "--dist", "loadfile"]
    left_out = [] if options.full else ["not slow"]
    if options.fast:
        left_out.append("not browser")
    if left_out and not has("-m"):
        given += ["-m", " and ".join(left_out)]
    return [*given, *_from_root(rest)]


def _option_finder(rest: list[str]) -> Callable[..., bool]:
    def has(*names: str) -> bool:
        return any(
            word == name or (len(name) == 2 and re.match(rf"{name}[^-=]", word) is not None)
            for word in rest
            for name in names
        )

    return has


def _from_root(rest: list[str]) -> list[str]:
    """Return the arguments with paths made absolute, since pytest runs at the root."""
    words = []
    for word in rest:
        path, mark, inside = word.partition("::")
        is_path = not word.startswith("-") and Path(path).exists()
        words.append(f"{Path(path).absolute()}{mark}{inside}" if is_path else word)
    return words


def find_chromium() -> str:
    """Return the browser for the browser tests.

    :raises Trouble: there is none
    """
    named = os.environ.get("HOPTAC_CHROMIUM")
    candidates = (named,) if named else CHROMIUM
    for candidate in candidates:
        if Path(candidate).is_file() and os.access(candidate, os.X_OK):
            return candidate
    found = None if named else shutil.which("chromium")
    if found:
        return found
    raise Trouble(
        f"{named or 'Chromium'} is missing and the browser tests need it: apt-get install "
        "chromium, or set HOPTAC_CHROMIUM to one; ./hoptac test --fast leaves these tests out."
    )
