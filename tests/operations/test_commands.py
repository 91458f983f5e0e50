"""Commands from start to end, each in a process of its own, with a server of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from hoptac.commands.environment import ROOT
from hoptac.foundation.postgres import Cluster


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """A ``var`` that the commands of this file share."""
    home = tmp_path_factory.mktemp("installation")
    for directory in (home, home.parent, home.parent.parent):
        directory.chmod(0o755)
    yield home
    Cluster(home / "postgres").stop(mode="immediate")


def command(var, *arguments: str) -> dict:
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL",)}
    return {
        "args": [sys.executable, "-m", "hoptac.cli", *arguments],
        "env": {
            **kept,
            "HOPTAC_VAR": str(var),
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "hoptac.config.settings.prod",
        },
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
    }


def test_a_first_command_prepares_everything_and_leaves_no_server(var):
    done = subprocess.run(**command(var, "verify"), timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("OK: ")
    assert "Bringing the database up to date" in done.stderr
    assert Cluster(var / "postgres").pid() is None


def test_a_second_command_says_nothing_but_its_answer(var):
    done = subprocess.run(**command(var, "verify"), timeout=120, check=False)
    assert done.returncode == 0
    assert done.stderr == ""


def test_exit_codes_of_management_commands_are_kept(var):
    done = subprocess.run(**command(var, "verify", "--head", "00"), timeout=120, check=False)
    assert done.returncode == 1
    done = subprocess.run(**command(var, "manage", "no_such"), timeout=120, check=False)
    assert done.returncode == 1
    assert "no_such" in done.stderr


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_server_command_leaves_no_process_behind(var, name):
    """A command that is killed keeps no lease: the next one stops the server after itself."""
    code = "import time; print('up', flush=True); time.sleep(60)"
    with subprocess.Popen(**command(var, "manage", "shell", "-v", "0", "-c", code)) as process:
        assert process.stdout.readline() == "up\n"
        process.send_signal(name)
        process.communicate(timeout=60)
    done = subprocess.run(**command(var, "verify"), timeout=120, check=False)
    assert done.returncode == 0
    until = time.monotonic() + 5
    while Cluster(var / "postgres").pid() and time.monotonic() < until:
        time.sleep(0.1)
    assert Cluster(var / "postgres").pid() is None
