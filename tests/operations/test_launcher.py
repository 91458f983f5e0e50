"""``./hoptac``: finding Python, keeping the environment, and saying in one line what is wrong."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from unittest.mock import MagicMock

import psycopg
import pytest

from hoptac import cli
from hoptac.commands import environment, run
from hoptac.commands.environment import ROOT, Trouble


@pytest.fixture
def checkout(tmp_path):
    """A copy of the launcher in a path with a space, whose environment is only pretended."""
    home = tmp_path / "a checkout"
    (home / "requirements").mkdir(parents=True)
    (home / "src").symlink_to(ROOT / "src")
    shutil.copy(ROOT / "hoptac", home)
    shutil.copy(ROOT / "pyproject.toml", home)
    shutil.copy(ROOT / "requirements/install.py", home / "requirements")
    for name in ("runtime", "dev"):
        (home / f"requirements/{name}.txt").write_text("# nothing to install\n")
    (home / "var/venv/bin").mkdir(parents=True)
    (home / "var/venv/bin/python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (home / "var/venv/bin/python").chmod(0o755)
    for name in ("runtime", "dev"):
        (home / f"var/venv/installed-{name}.txt").write_text("# nothing to install\n")
    return home


def launch(program: Path, *arguments: str, cwd: Path | None = None, **environ: str):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HOPTAC_", "PYTHON"))}
    return subprocess.run(
        [str(program), *arguments],
        cwd=cwd,
        env={**kept, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_works_through_a_symbolic_link_from_anywhere(checkout, tmp_path):
    link = tmp_path / "shortcut"
    link.symlink_to(Path("a checkout/hoptac"))
    done = launch(link, "--help", cwd=Path("/"))
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith("usage: ./hoptac COMMAND")


def test_a_directory_with_modules_of_the_same_name_does_not_disturb_it(checkout, tmp_path):
    (tmp_path / "argparse.py").write_text("raise SystemExit('wrong module')")
    done = launch(checkout / "hoptac", "--help", cwd=tmp_path)
    assert done.returncode == 0


def test_without_a_fitting_python_it_says_what_to_install(checkout, tmp_path):
    shutil.rmtree(checkout / "var/venv")
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "readlink", "cmp"):
        (tools / name).symlink_to(shutil.which(name))
    launcher = checkout / "hoptac"
    text = launcher.read_text().replace("/usr/bin/python3.11", "/nonexistent/python3.11")
    launcher.write_text(text.replace("/usr/local/bin/python3.11", "/nonexistent/python3"))
    done = launch(launcher, "run", PATH=str(tools))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "Python 3.11 is needed" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


def test_a_python_named_in_vain_is_one_line(checkout):
    shutil.rmtree(checkout / "var/venv")
    done = launch(checkout / "hoptac", "run", HOPTAC_PYTHON="/nonexistent/python")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "HOPTAC_PYTHON=/nonexistent/python is no Python 3.11" in done.stderr


def test_without_the_venv_module_it_says_what_to_install(checkout, tmp_path):
    shutil.rmtree(checkout / "var/venv")
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n')
    python.chmod(0o755)
    done = launch(checkout / "hoptac", "run", HOPTAC_PYTHON=str(python))
    assert done.returncode == 1
    assert done.stderr == (
        "hoptac: Python's venv module is missing. On Debian: apt-get install python3-venv\n"
    )


def test_an_interrupted_installation_is_taken_up_again(checkout):
    (checkout / "var/venv/installed-runtime.txt").unlink()
    done = launch(checkout / "hoptac", "--help")
    assert done.returncode == 0
    assert "Installing runtime packages" in done.stderr
    assert launch(checkout / "hoptac", "--help").stderr == ""


def test_a_changed_lock_is_installed_and_one_that_cannot_be_had_is_one_line(checkout):
    (checkout / "requirements/runtime.txt").write_text("no-such-package==1.0\n")
    done = launch(checkout / "hoptac", "--help", PIP_NO_INDEX="1")
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if "could not be installed" in line]
    assert len(said) == 1
    assert "install.log" in said[0]


def test_a_broken_var_is_one_line(checkout):
    shutil.rmtree(checkout / "var")
    (checkout / "var").write_text("not a directory")
    done = launch(checkout / "hoptac", "run")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "var cannot be used" in done.stderr


def test_a_file_in_the_place_of_the_environment_is_one_line(checkout):
    shutil.rmtree(checkout / "var/venv")
    (checkout / "var/venv").write_text("not a directory")
    done = launch(checkout / "hoptac", "run")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "venv is in the way of a directory" in done.stderr


def test_a_taken_port_is_named_with_what_to_do(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert cli.main(["run", "--port", str(port)]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert f"port {port} of 127.0.0.1 is taken" in said.err
    assert f"--port {port + 1}" in said.err


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("127.0.0.1", 0, "not a port"),
        ("127.0.0.1", 70000, "not a port"),
        ("no.such.host.invalid", 8000, "no such address"),
        ("192.0.2.1", 8000, "cannot listen"),
    ],
)
def test_an_address_that_cannot_be_had_is_named(host, port, words):
    with pytest.raises(Trouble, match=words):
        run.check_port(host, port)


def test_a_file_in_the_place_of_var_is_named(tmp_path, monkeypatch):
    (tmp_path / "var").write_text("")
    monkeypatch.setenv("HOPTAC_VAR", str(tmp_path / "var"))
    with pytest.raises(Trouble, match="is not a directory: move it aside"):
        environment.var_dir()


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.setenv("HOPTAC_VAR", str(tmp_path / "var"))
    path = environment.secret_key()
    key = path.read_text()
    assert len(key) > 50
    assert path.stat().st_mode & 0o777 == 0o600
    assert environment.secret_key().read_text() == key


def test_a_server_that_does_not_answer_is_one_line():
    with pytest.raises(Trouble, match=r"^DATABASE_URL: ") as trouble:
        environment.check_reachable("postgresql://nobody@127.0.0.1:1/none")
    assert "\n" not in str(trouble.value)


@pytest.mark.parametrize(
    ("says", "remedy"),
    [
        ('FATAL:  password authentication failed for user "x"', "mend its user or password"),
        ('FATAL:  database "x" does not exist', "make the database"),
        ("failed to resolve host 'w@127.0.0.1'", "mend its host"),
        ("Connection refused\nIs the server running?", "start that server"),
    ],
)
def test_a_server_that_cannot_be_had_comes_with_what_to_do(says, remedy, monkeypatch):
    def connect(*args, **options):
        raise psycopg.OperationalError(says)

    monkeypatch.setattr(psycopg, "connect", connect)
    with pytest.raises(Trouble, match=remedy) as trouble:
        environment.check_reachable("postgresql://x:y@host/x")
    assert "\n" not in str(trouble.value)


@pytest.mark.parametrize(
    ("version", "encoding", "words"),
    [(140012, "UTF8", "PostgreSQL 14; 15 or newer"), (150004, "LATIN1", "as LATIN1")],
)
def test_a_server_that_will_not_do_is_one_line(version, encoding, words, monkeypatch):
    answer = MagicMock()
    answer.__enter__.return_value.info.server_version = version
    answer.__enter__.return_value.info.parameter_status.return_value = encoding
    monkeypatch.setattr(psycopg, "connect", lambda *args, **options: answer)
    with pytest.raises(Trouble, match=words):
        environment.check_reachable("postgresql://x:y@host/x")


def test_an_address_of_another_kind_is_not_repeated():
    with pytest.raises(Trouble, match="write it as postgresql://") as trouble:
        environment.check_reachable("mysql://x:secret@host/x")
    assert "secret" not in str(trouble.value)


def test_what_stands_in_the_way_under_var_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HOPTAC_VAR", str(tmp_path))
    (tmp_path / "secret_key").mkdir()
    assert cli.main(["manage", "check"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"{tmp_path}/secret_key cannot be used" in said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "no space is left"),
        (ModuleNotFoundError("No module named 'django'", name="django"), "environment is damaged"),
        (
            psycopg.OperationalError("could not extend file\nHINT: disk"),
            "gave up (could not extend",
        ),
    ],
)
def test_a_full_disk_and_a_damaged_environment_are_one_line(error, words, monkeypatch, capsys):
    def stumble(*args):
        raise error

    monkeypatch.setattr(cli, "_run", stumble)
    assert cli.main(["verify"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert words in said


def test_a_fault_of_our_own_is_not_explained_away(monkeypatch):
    def stumble(*args):
        raise ModuleNotFoundError("No module named 'hoptac.gone'", name="hoptac.gone")

    monkeypatch.setattr(cli, "_run", stumble)
    with pytest.raises(ModuleNotFoundError):
        cli.main(["verify"])


@pytest.mark.parametrize("given", ["0", "-1", "two"])
def test_a_number_of_processes_that_is_none_is_refused_before_anything_starts(given, capsys):
    with pytest.raises(SystemExit):
        cli.main(["run", f"--workers={given}"])
    assert "is not a number from 1" in capsys.readouterr().err


def test_an_unknown_command_is_named(capsys):
    assert cli.main(["runn"]) == 2
    assert "there is no command 'runn'" in capsys.readouterr().err


@pytest.mark.parametrize("name", [name for name in cli.COMMANDS if name not in ("manage", "test")])
def test_every_command_has_help_that_tells_something(name, capsys):
    try:
        code = cli.main([name, "--help"])
    except SystemExit as end:
        code = end.code
    assert code == 0
    said = capsys.readouterr().out
    assert f"usage: ./hoptac {name}" in said
    assert len(said.splitlines()) > 6
    assert "--settings" not in said
