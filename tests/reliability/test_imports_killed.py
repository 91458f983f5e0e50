"""R6: an import is killed at random moments. It is in the register as a whole or not at all."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.conf import settings

from hoptac.foundation.access import system_context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.audit.journal import verify
from hoptac.foundation.audit.models import Act
from hoptac.foundation.transfers.terms import BatchState
from hoptac.registry.importing import entering
from hoptac.registry.models import Cooperative, FigureStatement, Particulars, Period
from tests.reliability.bars import SEED, told
from tests.reliability.every_act import Stage
from tests.reliability.serving import await_silence, database_url

_ENTER = """
import sys
import django; django.setup()
from hoptac.foundation.access import system_context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.registry.importing import entering
batch = ImportBatch.objects.get(pk=sys.argv[1])
ctx = system_context().by(user=User.objects.get(pk=sys.argv[2]))
print("begin", flush=True)
entering.enter_list(ctx, batch)
print("done", flush=True)
"""


@pytest.fixture
def stage(transactional_db: None, units: Any, tmp_path: Path, settings: Any) -> Stage:
    settings.MEDIA_ROOT = tmp_path
    user = User.objects.create_user("nguoi.nhap", None, full_name="Người Nhập")
    return Stage(system_context().by(user=user), user, units.commune("Hoà An", "Giồng Riềng"), tmp_path)  # fmt: skip


def _enter(stage: Stage, batch: Any, *, after: float | None) -> tuple[bool, float]:
    """Enter a file in a process of its own, killed so long after it began; tell whether it said
    that it was done, and how long it took."""
    path = os.pathsep.join([str(settings.ROOT / "src"), str(settings.ROOT)])
    child = subprocess.Popen(
        [sys.executable, "-c", _ENTER, str(batch.pk), str(stage.user.pk)],
        env={
            **os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": path,
            "DJANGO_SETTINGS_MODULE": "hoptac.config.settings.test",
        },
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "begin\n"
    began = time.monotonic()
    if after is not None:
        time.sleep(after)
        child.kill()
    said = child.stdout.readline()
    took = time.monotonic() - began
    child.communicate()
    return said == "done\n", took


def _standing(batch: Any, rows: int) -> str:
    """Return how much of a file the register holds: nothing, the whole, or a part."""
    source = {"source": batch.filename}
    entered = Act.objects.filter(name="registry.import_register", subject_id=str(batch.pk))
    acts = set(entered.values_list("pk", flat=True))
    written = set(Particulars.objects.filter(**source).values_list("act_id", flat=True))
    written |= set(FigureStatement.objects.filter(**source).values_list("act_id", flat=True))
    mine = written & acts
    bodies = Cooperative.objects.filter(act_id__in=acts)
    found = (
        bodies.count(), Particulars.objects.filter(act_id__in=acts).count(),
        FigureStatement.objects.filter(act_id__in=acts).count(),
        Period.objects.filter(cooperative__in=bodies, is_latest=True).count(),
    )  # fmt: skip
    strays = written - set(Act.objects.values_list("pk", flat=True))
    if strays:
        return f"a part: rows of acts that the journal does not know {strays}"
    if not acts:
        return "nothing"
    return "whole" if mine == acts and found == (rows,) * 4 else f"a part: {found}"


def _staged(stage: Stage, rows: int) -> tuple[Any, int]:
    """Bring a file in; return it and how many of its lines will be taken (a likeness may wait)."""
    batch = stage.batch(rows)
    assert batch.counts["new"] > rows * 0.9
    return batch, batch.counts["new"]


def _kill_imports(stage: Stage, kills: int, rows: int, name: str) -> None:
    dice = random.Random(SEED)
    batch, expected = _staged(stage, rows)
    said, whole_time = _enter(stage, batch, after=None)
    assert said
    assert _standing(batch, expected) == "whole"
    before = (Act.objects.count(), Cooperative.objects.count(), Particulars.objects.count())
    batch.refresh_from_db()
    entering.enter_list(stage.ctx, batch)
    after = (Act.objects.count() - 1, Cooperative.objects.count(), Particulars.objects.count())
    assert after == before, "the second run changed something"
    partial, wholes, lost = [], 0, 0
    batch, expected = _staged(stage, rows)
    for _n in range(kills):
        said, _took = _enter(stage, batch, after=dice.uniform(0, whole_time))
        await_silence()
        standing = _standing(batch, expected)
        if standing.startswith("a part"):
            partial.append(standing)
        lost += said and standing != "whole"
        if standing == "whole":
            wholes += 1
            batch, expected = _staged(stage, rows)
        else:
            batch.refresh_from_db()
            assert batch.state in {BatchState.READY, BatchState.APPLYING}, standing
    assert _enter(stage, batch, after=None)[0], "it cannot be entered after all"
    told(
        name, f"{kills} kills in {rows} rows: {len(partial)} partial, {lost} acknowledged lost, "
        f"{wholes} had just been done", "0, 0", seed=SEED, control="a row taken away is seen",
    )  # fmt: skip
    assert partial == []
    assert lost == 0
    assert verify().broken is None


def test_an_import_that_is_killed_leaves_nothing_behind(stage: Stage) -> None:
    _kill_imports(stage, 4, 300, "R6")


@pytest.mark.slow
def test_thirty_imports_of_five_thousand_rows_are_killed(stage: Stage) -> None:
    _kill_imports(stage, 30, 5000, "R6 full")


def test_a_part_would_be_seen(stage: Stage) -> None:
    """The control: one figure less than the file said is no whole."""
    batch = stage.batch(3)
    entering.enter_list(stage.ctx, batch)
    assert _standing(batch, 3) == "whole"
    last = FigureStatement.objects.filter(source=batch.filename).latest("id")
    with pgtrigger.ignore():
        FigureStatement.objects.filter(pk=last.pk).delete()
    assert _standing(batch, 3).startswith("a part")
