"""R1, R6, R9 for batches: killed at every point, two at once over the same bodies, single ones in between."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.conf import settings
from django.db import connections

from hoptac.certificates import batches, log, working
from hoptac.certificates.actions import draw_up_batch, rotate_key, start_batch
from hoptac.certificates.models import Certificate, IssueBatch, IssueItem, LogEntry
from hoptac.certificates.terms import BatchState
from hoptac.foundation.access import Context
from hoptac.foundation.audit.models import Act
from hoptac.foundation.documents.models import StoredFile
from hoptac.registry.filters import RegisterFilter
from hoptac.registry.rules.particulars import compute_check_digit
from tests.reliability.bars import SEED, told
from tests.reliability.serving import ROOT, await_silence, database_url
from tests.reliability.test_certificates import issue, whole

BLOCK = 10
# Where a worker dies: the function after which it kills itself, in its second block.
POINTS = (
    "hoptac.certificates.working:_Block.ready", "hoptac.certificates.making:take_several",
    "hoptac.certificates.making:_stand", "hoptac.certificates.log:append",
    "hoptac.certificates.actions.batches:_record", "hoptac.foundation.audit.journal:append",
    "hoptac.certificates.working:issue_block",
)  # fmt: skip
_WORKER = """
import importlib, os, signal, sys
import django; django.setup()
from uuid import UUID
from django.conf import settings
settings.CERTIFICATE_KEYS, settings.MEDIA_ROOT = sys.argv[2:4]
from hoptac.certificates import batches, working
from hoptac.foundation.access import system_context
batches.BLOCK = int(sys.argv[4])
if len(sys.argv) > 5:
    module, _, path = sys.argv[5].partition(":")
    holder = importlib.import_module(module)
    *names, last = path.split(".")
    for name in names:
        holder = getattr(holder, name)
    really, calls = getattr(holder, last), []
    def dying(*args, **more):
        found = really(*args, **more)
        calls.append(1)
        if len(calls) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return found
    setattr(holder, last, dying)
print("begin", flush=True)
working.work(system_context(channel="job"), UUID(sys.argv[1]))
print("done", flush=True)
"""


@pytest.fixture
def boss(transactional_db: None, the_system: Context, settings: Any, tmp_path: Path) -> Context:
    settings.CERTIFICATE_KEYS, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "files"
    rotate_key(the_system)
    return the_system.because(basis="QĐ 12/QĐ-UBND")


@pytest.fixture
def many(cooperative: Callable[..., Any]) -> Callable[[int], list[Any]]:
    nines = iter(n for n in range(170_400_000, 170_500_000) if compute_check_digit(str(n)) < 10)

    def make(count: int) -> list[Any]:
        return [
            cooperative(
                name=f"Hợp tác xã Đợt {nine}", address="Ấp Một", charter_capital=10**9,
                registration_number=f"{nine}{compute_check_digit(str(nine))}", chairman="Lê Chủ",
            )
            for _n, nine in zip(range(count), nines, strict=False)
        ]  # fmt: skip

    return make


def drawn(boss: Context, units: Any) -> IssueBatch:
    return draw_up_batch(
        boss, RegisterFilter(boss.today), authority=units.province(boss.today), grounds=["missing"],
        issued_on=boss.today, signatory="Nguyễn Văn Ký", reason="exchange",
    )  # fmt: skip


def troubles(batch: IssueBatch) -> list[str]:
    """Return what is not whole: certificates, log, journal, files, and what the batch says of them."""
    found = whole()
    issued = IssueItem.objects.filter(state="issued").values_list("certificate_id", flat=True)
    certificates = set(Certificate.objects.values_list("pk", flat=True))
    if set(issued) != certificates:
        found.append(f"the batch says {len(set(issued))}, there are {len(certificates)}")
    acts = Act.objects.filter(name="certificates.issue_certificate").count()
    entries = LogEntry.objects.filter(event="issue").count()
    files = StoredFile.objects.count()
    if not acts == entries == files == len(certificates):
        found.append(f"{acts} acts, {entries} entries, {files} files, {len(certificates)} issued")
    return found


def worked(batch: IssueBatch, *, die_after: str = "", after: float | None = None) -> bool:
    """Let a process of its own work on a batch, killed there or then; tell whether it said it was done."""
    where = [str(settings.CERTIFICATE_KEYS), str(settings.MEDIA_ROOT), str(BLOCK)]
    child = subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(batch.pk), *where, *([die_after] if die_after else [])],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env={
            **os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "hoptac.config.settings.test",
        },
    )  # fmt: skip
    assert child.stdout is not None
    begun = child.stdout.readline()
    assert begun == "begin\n", child.stderr.read() if child.stderr else ""
    if after is not None:
        time.sleep(after)
        child.kill()
    said = child.communicate(timeout=120)[0]
    await_silence()
    return said == "done\n"


def test_killed_at_every_point_each_certificate_is_whole_or_not_there(
    boss: Context, many: Callable[[int], list[Any]], units: Any
) -> None:
    bodies = many(12 * BLOCK)
    batch = start_batch(boss, drawn(boss, units))
    dice, wrong, counts = random.Random(SEED), [], [0]
    for point in POINTS:
        assert not worked(batch, die_after=point)
        wrong += [f"{point}: {t}" for t in troubles(batch)]
        counts.append(Certificate.objects.count())
    for _n in range(3):
        worked(batch, after=dice.uniform(0.05, 0.9))
        wrong += troubles(batch)
    batch.refresh_from_db()
    assert batch.state in {BatchState.RUNNING, BatchState.DONE}
    worked(batch)
    batch.refresh_from_db()
    wrong += troubles(batch)
    sequences = list(Certificate.objects.order_by("sequence").values_list("sequence", flat=True))
    told(
        "R6 certificates", f"{len(POINTS)} kills at chosen points, 3 at random: {len(wrong)} doubled, "
        f"skipped or incomplete; {len(sequences)} of {len(bodies)} issued in the end", "0, all",
        seed=SEED, control="an item taken back is seen",
    )  # fmt: skip
    assert wrong == []
    assert batch.state == BatchState.DONE
    assert sequences == list(range(1, len(bodies) + 1))
    assert counts == sorted(counts)
    # The control: an item that forgets its certificate is no whole.
    item = IssueItem.objects.filter(batch=batch).latest("place")
    with pgtrigger.ignore():
        IssueItem.objects.filter(pk=item.pk).update(state="waiting", certificate=None)
    assert troubles(batch) != []


def test_two_batches_over_the_same_bodies_and_single_ones_between(
    boss: Context, many: Callable[[int], list[Any]], units: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(batches, "BLOCK", BLOCK)
    many(4 * BLOCK)
    pair = [start_batch(boss, drawn(boss, units)) for _n in range(2)]
    others = many(8)
    series_of, trouble = units.province(boss.today), []

    def run(do: Callable[[], Any]) -> None:
        try:
            do()
        except Exception as error:
            trouble.append(repr(error))
        finally:
            connections.close_all()

    def single() -> None:
        for body in others:
            issue(boss, body, series_of)
            time.sleep(0.05)

    jobs = [lambda b=b: working.work(boss, b.pk, hands=1) for b in pair]
    threads = [threading.Thread(target=run, args=(do,)) for do in (*jobs, single)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    found = [t for t in whole() if t]
    bodies = list(Certificate.objects.values_list("cooperative_id", flat=True))
    told(
        "R9 batches", f"two batches over {4 * BLOCK} bodies, {len(others)} single ones between: "
        f"{len(bodies)} issued, {len(bodies) - len(set(bodies))} doubled, {len(found)} incomplete",
        f"{4 * BLOCK + len(others)}, 0, 0",
    )  # fmt: skip
    assert (trouble, found) == ([], [])
    assert len(bodies) == len(set(bodies)) == 4 * BLOCK + len(others)
    states = set(IssueBatch.objects.values_list("state", flat=True))
    assert states <= {BatchState.DONE, BatchState.STOPPED}
    assert log.troubles() == []
