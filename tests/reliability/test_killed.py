"""R1 and R4: the web server or the database is killed while officers write. What was acknowledged stays."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone

from hoptac.api.models import ApiToken
from hoptac.foundation import postgres
from hoptac.foundation.access import Context
from hoptac.foundation.audit.journal import verify
from hoptac.foundation.audit.models import Act
from hoptac.registry.models import FigureStatement
from tests.reliability.bars import SEED, told
from tests.reliability.serving import Server, Writer, await_silence, get, serving

WRITERS = 8


def write_and_kill(
    cooperative: Callable[..., Any], ctx: Context, *, kills: int, application: str = ""
) -> tuple[int, int, int, int]:
    """Kill the server again and again under writers.

    Returns how many writes were acknowledged, how many of them are lost, how many records stand
    without an entry, and how many entries of the acts without a record.
    """
    dice = random.Random(SEED)
    _token, secret = ApiToken.issue(ctx.user, "t", ["read", "write"], timezone.now() + timedelta(days=1))  # fmt: skip
    bodies = [cooperative(name=f"Hợp tác xã Ghi {n}").pk for n in range(WRITERS)]
    over = threading.Event()
    with serving(application) as server:
        writers = [Writer(server, b, secret, n + 1, over) for n, b in enumerate(bodies)]
        for writer in writers:
            writer.start()
        for _n in range(kills):
            time.sleep(dice.uniform(0.4, 1.2))
            server.kill()
            server.start()
            server.await_answer()
        time.sleep(0.5)
        server.kill()
        over.set()
        for writer in writers:
            writer.join(30)
    assert [o for w in writers for o in w.odd] == []
    await_silence()
    kept = set(FigureStatement.objects.filter(cooperative__in=bodies).values_list("members", flat=True))  # fmt: skip
    said = [m for w in writers for m in w.acknowledged]
    entries = set(Act.objects.values_list("pk", flat=True))
    records = set(FigureStatement.objects.filter(cooperative__in=bodies).values_list("act_id", flat=True))  # fmt: skip
    stated = set(Act.objects.filter(name="registry.state_figures").values_list("pk", flat=True))
    return len(said), len(set(said) - kept), len(records - entries), len(stated - records)


def _hold(name: str, kills: int, least: int, cooperative: Any, ctx: Context) -> None:
    said, lost, orphans, empty = write_and_kill(cooperative, ctx, kills=kills)
    broken = verify().broken
    told(
        name, f"{kills} kills, {said} acknowledged, {lost} lost, {orphans} records without entry, "
        f"{empty} entries without record, chain {'broken' if broken else 'holds'}",
        f"0, 0, 0, holds; at least {least} acknowledged", seed=SEED,
        control="journal in a second commit: see R1 control",
    )  # fmt: skip
    assert (lost, orphans, empty, broken) == (0, 0, 0, None)
    assert said >= least


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(
    transactional_db: None, cooperative: Callable[..., Any], officer: Callable[..., Context]
) -> None:
    _hold("R1", 3, 30, cooperative, officer("department_officer"))


@pytest.mark.slow
def test_nothing_is_lost_in_a_hundred_kills(
    transactional_db: None, cooperative: Callable[..., Any], officer: Callable[..., Context]
) -> None:
    _hold("R1 full", 100, 5000, cooperative, officer("department_officer"))


@pytest.mark.slow
def test_a_journal_in_a_second_commit_leaves_records_without_entries(
    transactional_db: None, cooperative: Callable[..., Any], officer: Callable[..., Context]
) -> None:
    _said, _lost, orphans, _empty = write_and_kill(
        cooperative, officer("department_officer"), kills=8,
        application="tests.reliability.broken:application",
    )  # fmt: skip
    told("R1 control", f"{orphans} records without entry in 8 kills", "some", seed=SEED)
    assert orphans > 0


# --- R4 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("path", ["/", "/registry/", "/statistics/", "/people/"])
def test_without_the_database_a_page_says_so_in_vietnamese(
    path: str, error: Any, officer: Callable[..., Context], client_of: Any, monkeypatch: Any
) -> None:
    """The page needs neither database nor session, and names the time to come again."""
    client: Client = client_of(officer("administrator"))
    client.raise_request_exception = False

    def down(*args: Any, **kwargs: Any) -> Any:
        raise error("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", down)
        answer = client.get(path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Hệ thống đang tạm dừng" in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    assert settings.SESSION_COOKIE_NAME not in answer.cookies, "the session is kept"
    assert client.get("/").status_code == 200


_PREPARE = """
import django; django.setup()
from datetime import date, timedelta
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from hoptac.api.models import ApiToken
from hoptac.foundation.access import system_context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.accounts.sessions import open_session
from hoptac.jurisdiction.actions import give_mandate, load_kien_giang_units
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.actions import record_cooperative
ctx = system_context()
load_kien_giang_units(ctx)
user = User.objects.create_user("can.bo", None, full_name="Cán Bộ")
give_mandate(ctx, user, role="department_officer", from_on=date(2015, 1, 1), province_code="91")
user.refresh_from_db()
_t, secret = ApiToken.issue(user, "t", ["read", "write"], timezone.now() + timedelta(days=1))
commune = AdminUnit.objects.filter(level="commune").order_by("pk").first()
bodies = [record_cooperative(ctx, "cooperative", particulars={"name": f"HTX {n}", "sector": "agriculture",
    "commune_id": commune.pk, "established_on": date(2015, 6, 1)}, figures={"members": 9},
    as_of=date(2019, 12, 31), source="") for n in range(8)]
print(secret, open_session(user), *[b.pk for b in bodies])
"""


def _kill_database(cluster: postgres.Cluster) -> None:
    """Kill the postmaster and every process of its own."""
    pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in (pid, *map(int, children)):
        os.kill(each, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.parametrize("durable", [True, False], ids=["as in production", "without fsync"])
def test_the_system_heals_by_itself_when_the_database_is_back(durable: bool) -> None:
    """Killed ten times under writers. Without fsync, the control, acknowledged writes are lost."""
    dice, odd, healed = random.Random(SEED), [], []
    with postgres.throwaway() as cluster:
        cluster.durable = durable
        cluster.stop()
        cluster.acquire()
        env = {
            **os.environ, "DATABASE_URL": cluster.url,
            "DJANGO_SETTINGS_MODULE": "hoptac.config.settings.test",
            "PYTHONPATH": os.pathsep.join([str(settings.ROOT / "src"), str(settings.ROOT)]),
        }  # fmt: skip
        env.pop("HOPTAC_TEST_DATABASE", None)
        made = subprocess.run(
            [sys.executable, "-c", _PREPARE], env=env, capture_output=True, text=True, check=True
        )
        secret, session, *bodies = made.stdout.split()[-10:]
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
        over = threading.Event()
        with serving(url=cluster.url) as server:
            writers = [Writer(server, b, secret, n + 1, over) for n, b in enumerate(bodies)]
            for writer in writers:
                writer.start()
            for _n in range(10):
                time.sleep(dice.uniform(0.5, 1.0))
                _kill_database(cluster)
                for path in ("/", "/registry/"):
                    status, headers, said = get(server.port, path, cookie)
                    if (status, headers.get("retry-after")) != (503, "5") or b"Traceback" in said:
                        odd.append((path, status))
                    if "tạm dừng" not in said.decode():
                        odd.append((path, said[:80]))
                cluster.acquire()
                healed.append(_healed(server, cookie))
            over.set()
            for writer in writers:
                writer.join(30)
            import psycopg

            with psycopg.connect(cluster.url) as db:
                kept = {r[0] for r in db.execute("SELECT members FROM registry_figurestatement")}
    said_done = {m for w in writers for m in w.acknowledged}
    odd += [o for w in writers for o in w.odd]
    told(
        "R4" if durable else "R4 control",
        f"10 kills, {len(said_done)} acknowledged, {len(said_done - kept)} lost, healed in at most "
        f"{max(healed):.1f} s, {len(odd)} answers other than 503", "0 lost, 5 s, 0", seed=SEED,
    )  # fmt: skip
    if not durable:
        assert said_done - kept
        return
    assert said_done - kept == set()
    assert odd == []
    assert max(healed) <= 5


def _healed(server: Server, cookie: dict[str, str]) -> float:
    """Return how long until the same session works again, without a restart."""
    began = time.monotonic()
    while time.monotonic() - began < 30:
        if get(server.port, "/registry/", cookie)[0] == 200:
            return time.monotonic() - began
        time.sleep(0.05)
    return 30.0
