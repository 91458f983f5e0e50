"""R9 and R1 for certificates: fifty at once, and a server killed in the middle of issuing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from hoptac.certificates import log, log_check
from hoptac.certificates.actions import issue_certificate, rotate_key
from hoptac.certificates.models import Certificate, LogEntry, LogHead
from hoptac.foundation.access import Context
from hoptac.foundation.audit.journal import verify
from hoptac.foundation.audit.models import Act
from hoptac.foundation.documents.models import StoredFile
from tests.reliability.bars import told
from tests.reliability.serving import ROOT, await_silence, database_url

AT_ONCE = 50


@pytest.fixture
def key(transactional_db: None, the_system: Context, settings: Any, tmp_path: Path) -> Any:
    settings.CERTIFICATE_KEYS, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "files"
    return rotate_key(the_system)


def issue(ctx: Context, body: Any, unit: Any) -> Any:
    content = {
        "name": "Hợp tác xã Cùng Lúc", "code": "1700123457", "office": "Ấp Một",
        "charter_capital": 10**9, "representatives": [{"name": "Lê Một"}],
    }  # fmt: skip
    return issue_certificate(
        ctx, body, authority=unit, kind="registration", content=content,
        issued_on=date(2026, 1, 5), signatory="Nguyễn Văn Ký", reason="exchange",
    )  # fmt: skip


def whole() -> list[str]:
    """Return what does not hold together: numbers, log, journal, files."""
    found = log.troubles()
    by_series: dict[str, list[int]] = {}
    for series, number in Certificate.objects.order_by("sequence").values_list(
        "series", "sequence"
    ):
        by_series.setdefault(series, []).append(number)
    found += [s for s, n in by_series.items() if n != list(range(1, len(n) + 1))]
    acts = set(Act.objects.values_list("pk", flat=True))
    for model in (Certificate, LogEntry, LogHead, StoredFile):
        lost = set(model.objects.values_list("act_id", flat=True)) - acts  # type: ignore[attr-defined]
        found += [f"{model.__name__} without an entry: {pk}" for pk in lost]
    if verify().broken:
        found.append("the chain is broken")
    for stored in StoredFile.objects.all():
        stored.read()
    return found


def test_fifty_at_once_take_fifty_numbers(
    key: Any, the_system: Context, cooperative: Callable[..., Any], units: Any
) -> None:
    bodies = [cooperative(name=f"Hợp tác xã {n}") for n in range(AT_ONCE)]
    offices = [units.commune("Hoà An", "Giồng Riềng"), units.a_commune_of("Tân Hiệp")]
    begin, trouble = threading.Barrier(AT_ONCE), []

    def one(number: int) -> None:
        try:
            begin.wait(30)
            issue(the_system, bodies[number], offices[number % 2])
        except Exception as error:
            trouble.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    found = whole()
    told("R9 certificates", f"{Certificate.objects.count()} issued at once, {len(trouble)} failed, "
         f"{len(found)} doubled, skipped or incomplete", "50, 0, 0")  # fmt: skip
    assert (trouble, found) == ([], [])
    assert Certificate.objects.count() == AT_ONCE
    last = log.head()
    assert last is not None
    assert log_check.read_head(last.text).size == AT_ONCE


_ISSUING = """
import django, sys
from django.conf import settings
django.setup()
settings.CERTIFICATE_KEYS, settings.MEDIA_ROOT = sys.argv[2:]
from hoptac.foundation.access import system_context
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.models import Cooperative
from tests.reliability.test_certificates import issue
import itertools
unit = AdminUnit.objects.get(pk=sys.argv[1])
for body in itertools.cycle(Cooperative.objects.order_by("pk")):
    print(issue(system_context(), body, unit).number, flush=True)
"""


def test_killed_in_the_middle_a_certificate_is_whole_or_not_there(
    key: Any, the_system: Context, cooperative: Callable[..., Any], units: Any
) -> None:
    cooperative(name="Hợp tác xã Một")
    unit = units.commune("Hoà An", "Giồng Riềng")
    said: list[str] = []
    where = [str(settings.CERTIFICATE_KEYS), str(settings.MEDIA_ROOT)]
    for number in range(5):
        child = subprocess.Popen(
            [sys.executable, "-c", _ISSUING, str(unit.pk), *where], stdout=subprocess.PIPE, text=True,
            cwd=ROOT, env={
                **os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
                "DATABASE_URL": database_url(),
                "DJANGO_SETTINGS_MODULE": "hoptac.config.settings.test",
            },
        )  # fmt: skip
        assert child.stdout is not None
        said.append(child.stdout.readline().strip())
        time.sleep(0.11 + 0.07 * number)
        os.kill(child.pid, signal.SIGKILL)
        said += child.stdout.read().split()
        child.stdout.close()
        child.wait(10)
    await_silence()
    kept = set(Certificate.objects.values_list("number", flat=True))
    found = whole()
    told("R1 certificates", f"5 kills, {len(said)} acknowledged, {len(set(said) - kept)} lost, "
         f"{len(found)} doubled, skipped or incomplete", "0, 0")  # fmt: skip
    assert set(said) - kept == set()
    assert found == []
    assert len(said) > 5
