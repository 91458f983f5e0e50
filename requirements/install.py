"""Install the locked dependencies: ``python -I requirements/install.py VENV runtime [dev]``.

Called by ./hoptac with the system's Python, before anything is installed: standard library only.
Every package is fetched by hash. The lock that was installed is copied into the environment last,
so an interrupted installation is simply run again.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(venv: Path, locks: list[str]) -> int:
    """Create the environment if need be and bring it to the state of the locks."""
    try:
        venv.parent.mkdir(parents=True, exist_ok=True)
        lock = (venv.parent / "install.lock").open("a")
    except OSError as error:
        return fail(
            f"{venv.parent} cannot be used ({error.strerror}): move it aside or set HOPTAC_VAR"
        )
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return install(venv, [name for name in locks if not is_fresh(venv, name)])
        except OSError as error:
            return fail(f"{error.filename or venv} cannot be used: {error.strerror}")


def install(venv: Path, locks: list[str]) -> int:
    """Install the given locks, one after the other."""
    started = time.monotonic()
    python = venv / "bin/python"
    if venv.exists() and not venv.is_dir():
        return fail(f"{venv} is in the way of a directory: move it aside and run this again")
    if locks and not works(python):
        tell(f"Creating the environment in {venv}")
        made = subprocess.run([sys.executable, "-I", "-m", "venv", "--clear", str(venv)])
        if made.returncode:
            return fail(f"the environment could not be created in {venv}")
    for name in locks:
        lock = HERE / f"{name}.txt"
        (venv / f"installed-{name}.txt").unlink(missing_ok=True)
        code = fetch(python, lock, venv.parent / "install.log")
        if code:
            return code
        fresh = venv / f"installed-{name}.new"
        shutil.copyfile(lock, fresh)
        fresh.replace(venv / f"installed-{name}.txt")
    if locks:
        tell(f"Environment ready ({time.monotonic() - started:.0f} s)")
    return 0


def fetch(python: Path, lock: Path, log: Path) -> int:
    """Run pip and show how far it is."""
    total = len(re.findall(r"^[a-zA-Z0-9].*==", lock.read_text(encoding="utf-8"), re.M))
    tell(f"Installing {lock.stem} packages ({total}, fetched once and checked by hash)")
    command = [
        str(python),
        "-I",
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--no-compile",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar=off",
        "--root-user-action=ignore",
        "-r",
        str(lock),
    ]
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    seen, shown = 0, time.monotonic()
    with log.open("w", encoding="utf-8") as record:
        pip = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        try:
            for line in pip.stdout or ():
                record.write(line)
                if line.startswith(("Collecting ", "Requirement already satisfied")):
                    seen += 1
                    if sys.stderr.isatty():
                        name = line.split("=", 1)[0].split()[-1]
                        print(
                            f"\r\033[K  {seen}/{total} {name}", end="", file=sys.stderr, flush=True
                        )
                    elif time.monotonic() - shown > 5:
                        shown = time.monotonic()
                        tell(f"  {seen} of {total}")
                elif line.startswith("Installing collected"):
                    clear_line()
                    tell("  fetched, unpacking")
            code = pip.wait()
        except KeyboardInterrupt:
            pip.terminate()
            pip.wait()
            clear_line()
            tell("Interrupted; run it again to go on.")
            return 130
    clear_line()
    if code == 0:
        return 0
    lines = log.read_text(encoding="utf-8").splitlines()
    errors = [line for line in lines if line.startswith("ERROR")] or lines[-1:]
    return fail(
        f"packages could not be installed: {errors[0] if errors else 'pip failed'} "
        f"(is the package index within reach? all of it: {log}). Run it again to go on."
    )


def is_fresh(venv: Path, name: str) -> bool:
    """Tell whether this lock is what stands in the environment."""
    stamp = venv / f"installed-{name}.txt"
    return (
        (venv / "bin/python").exists()
        and stamp.is_file()
        and stamp.read_bytes() == (HERE / f"{name}.txt").read_bytes()
    )


def works(python: Path) -> bool:
    """Tell whether the environment's Python runs, is 3.11 and has pip."""
    test = "import sys, pip; sys.exit(sys.version_info[:2] != (3, 11))"
    try:
        return subprocess.run([str(python), "-I", "-c", test], capture_output=True).returncode == 0
    except OSError:
        return False


def clear_line() -> None:
    """Wipe the progress line of a terminal."""
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def tell(words: str) -> None:
    """Say what is going on."""
    print(f"hoptac: {words}", file=sys.stderr, flush=True)


def fail(words: str) -> int:
    """Say what went wrong in one line."""
    tell(words)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
