"""Commands from start to end, each in a process of its own, with a server of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hoptac.commands.environment import ROOT
from hoptac.foundation.postgres import Cluster


@pytest.fixture(scope="module")
def var(open_directory):
    """A ``var`` that the commands of this file share."""
    home = open_directory("installation")
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
    assert eventually(lambda: Cluster(var / "postgres").pid() is None)


def test_run_serves_until_ctrl_c_and_ends_every_process(var):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = command(var, "run", "--no-demo", "--port", str(port), "--workers", "1")
    with subprocess.Popen(**started | {"stderr": subprocess.STDOUT}) as process:
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Ctrl-C"):
                break
        assert any(f"http://127.0.0.1:{port}/" in line for line in said), "".join(said)
        children = children_of(process.pid)
        assert len(children) == 2  # the web server and the background worker
        killed = Cluster(var / "postgres").pid()
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: Cluster(var / "postgres").pid() not in (None, killed))
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert rest.endswith("Stopped.\n")
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    assert Cluster(var / "postgres").pid() is None
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def children_of(parent: int) -> list[str]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if stat.read_text().rsplit(")", 1)[1].split()[1] == str(parent):
                found.append(stat.parent.name)
    return found


def eventually(holds, patience: float = 15.0) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False
