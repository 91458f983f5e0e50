"""T3, R7, R8: every act, done, refused and failed; at once by many; sent twice."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, connections, transaction
from psycopg.errors import LockNotAvailable

from hoptac.foundation.access import ANONYMOUS, Context, Grant, Role, system_context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import ACTIONS, AlreadyDone, Conflict
from hoptac.foundation.audit import journal
from hoptac.foundation.audit.journal import verify
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from tests.reliability.bars import told
from tests.reliability.every_act import KNOWN, NOT_TRIED, Known, Stage

EDITS = sorted(name for name, known in KNOWN.items() if known.edits)


@pytest.fixture
def stage(units: Any, tmp_path: Path, settings: Any) -> Stage:
    """Return the system's powers in the hands of a named person."""
    settings.MEDIA_ROOT = tmp_path
    user = User.objects.create_user("quyen.nang", None, full_name="Người Có Quyền")
    ctx = system_context().by(user=user, channel="page")
    return Stage(ctx, user, units.commune("Hoà An", "Giồng Riềng"), tmp_path)


def test_every_act_has_a_row() -> None:
    own = {n for n, a in ACTIONS.items() if a.function.__module__.startswith("hoptac.")}
    assert own - set(KNOWN) - NOT_TRIED == set(), "acts without a row"
    assert set(KNOWN) - own == set()
    taking = {
        n for n in own if "expected_version" in inspect.signature(ACTIONS[n].function).parameters
    }
    assert taking == set(EDITS), "acts that edit a record"


def _ctx(stage: Stage, known: Known, subject: Any) -> Context:
    if not known.is_own:
        return stage.ctx
    return stage.own(subject[0] if isinstance(subject, tuple) else subject)


def rows_of_all_tables() -> dict[str, Any]:
    """Return count and checksum of every table but those that only say who visited."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            if table.startswith(("accounts_session", "django_", "jurisdiction_unit", "procrastinate")):  # fmt: skip
                continue
            cursor.execute(f"SELECT count(*), sum(hashtext(t::text)::bigint) FROM {table} t")
            found[table] = cursor.fetchone()
    return found


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_an_act_leaves_exactly_its_entry_or_nothing_at_all(
    name: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = KNOWN[name]
    subject = known.ready(stage)
    ctx = _ctx(stage, known, subject)
    before, last = rows_of_all_tables(), Act.objects.count()
    # Refused: nobody's powers; and every power but this act's own.
    without = stage.ctx.grants[0].role.permissions - {ACTIONS[name].permission}
    role = Role("almost", without)
    almost = ctx.by(grants=(Grant(uuid4(), role, "*"),))
    for nobody in (ANONYMOUS, almost):
        with pytest.raises(PermissionDenied), transaction.atomic():
            known.do(nobody, subject)
    assert rows_of_all_tables() == before, "a refused act changed something"
    # Failed: the journal cannot be written.
    with monkeypatch.context() as patch:
        patch.setattr(journal, "append", _full_disk)
        with pytest.raises(OSError, match="full"), transaction.atomic():
            known.do(ctx, subject)
    assert rows_of_all_tables() == before, "an act that failed changed something"
    # Done.
    for model in [subject] if hasattr(subject, "refresh_from_db") else []:
        model.refresh_from_db()
    known.do(ctx, subject)
    entries = list(Act.objects.filter(number__gt=last).order_by("number"))
    assert len(entries) == known.entries
    assert entries[0].name == name
    assert entries[0].subject_kind == known.subject
    assert bool(entries[0].subject_id) == bool(known.subject)
    assert entries[0].actor_id == ctx.user.pk  # type: ignore[union-attr]
    assert entries[0].channel == ctx.channel
    # Whatever it calls is its child, or a child of one.
    assert {e.parent_id for e in entries[1:]} <= {e.pk for e in entries}
    assert verify().broken is None
    changed = {t for t, rows in rows_of_all_tables().items() if rows != before.get(t)}
    assert {"audit_act", "audit_actpayload"} <= changed


def _full_disk(*args: Any, **kwargs: Any) -> Any:
    raise OSError("disk is full")


def test_a_change_without_an_entry_would_be_seen(stage: Stage) -> None:
    """The control: what is written past the acts shows in the rows that the bar compares."""
    person = stage.person()
    before = rows_of_all_tables()
    User.objects.filter(pk=person.pk).update(full_name="Khác")
    assert rows_of_all_tables() != before


# --- At once -------------------------------------------------------------------------------------


# Who waited for the others for longer than the database lets anybody wait: nothing was done of it.
TURNED_AWAY = "turned away"


def at_once(number: int, do: Callable[[], Any]) -> list[Any]:
    """Do the same in as many threads at the same moment; return what each came to."""
    outcomes: list[Any] = []
    start = threading.Barrier(number)

    def run() -> None:
        try:
            start.wait(30)
            outcomes.append(("done", do()))
        except (AlreadyDone, Conflict, Refused) as refusal:
            outcomes.append((type(refusal).__name__, refusal))
        except OperationalError as error:
            waited = isinstance(error.__cause__, LockNotAvailable)
            outcomes.append((TURNED_AWAY if waited else "error OperationalError", error))
        except Exception as error:
            outcomes.append((f"error {type(error).__name__}", error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return [kind for kind, _what in outcomes]


def _edits_at_once(stage: Stage, name: str, number: int) -> tuple[list[str], int]:
    known = KNOWN[name]
    subject = known.ready(stage)
    body = subject[0] if isinstance(subject, tuple) else subject
    body.refresh_from_db()
    version, last = body.version, Act.objects.count()
    assert known.edits is not None
    edit = known.edits
    told_of = at_once(number, lambda: edit(stage.ctx, subject, expected_version=version))
    return told_of, Act.objects.filter(number__gt=last).count()


def test_of_edits_at_once_one_is_done_and_the_others_are_told(
    transactional_db: None, stage: Stage
) -> None:
    wrong = []
    for name in EDITS:
        outcomes, entries = _edits_at_once(stage, name, 6)
        # A step that was taken meanwhile says by whom (Refused); any other change is a Conflict.
        told_off = [o for o in outcomes if o in {"Conflict", "Refused"}]
        if len(told_off) != 5 or outcomes.count("done") != 1 or entries != KNOWN[name].entries:
            wrong.append(f"{name}: {outcomes}, {entries} entries")
    # The control: who does not say which version was read overwrites.
    body = stage.body()
    edit = KNOWN["registry.state_figures"].edits
    assert edit is not None
    blind = at_once(6, lambda: edit(stage.ctx, body))
    told("R7", f"{len(wrong)} of {len(EDITS)} edit acts lost an edit, 6 at once each", "0",
         control=f"without the version: {blind.count('done')} of 6 done")  # fmt: skip
    assert not wrong, wrong
    assert blind.count("done") > 1


def _sent_again(stage: Stage, name: str, number: int) -> str:
    """Send an act so often at once with one key; return in words what is wrong."""
    known = KNOWN[name]
    subject = known.ready(stage)
    key = uuid4().hex
    ctx = _ctx(stage, known, subject).by(idempotency_key=key)
    last = Act.objects.count()
    outcomes = at_once(number, lambda: known.do(ctx, subject))
    entries = Act.objects.filter(number__gt=last).count()
    # On a busy machine some of fifty wait too long; whoever sends again then is told that it was done.
    if TURNED_AWAY in outcomes and number >= 50:
        outcomes = [o for o in outcomes if o != TURNED_AWAY] + at_once(
            1, lambda: known.do(ctx, subject)
        )
    odd = [o for o in outcomes if o not in {"done", "AlreadyDone"}]
    if outcomes.count("done") != 1 or entries != known.entries or odd:
        return f"{name} x{number}: {sorted(outcomes)}, {entries} entries"
    return ""


def _send_all_again(stage: Stage, numbers: tuple[int, ...], name: str) -> None:
    wrong = [w for n in numbers for act in sorted(KNOWN) if (w := _sent_again(stage, act, n))]
    body = stage.body()
    act = KNOWN["registry.state_figures"]
    unkeyed = at_once(3, lambda: act.do(stage.ctx, body))
    told(name, f"{len(wrong)} of {len(KNOWN) * len(numbers)} done not just once", "0",
         control=f"without a key: {unkeyed.count('done')} of 3 done")  # fmt: skip
    assert not wrong, "\n".join(wrong)
    assert unkeyed.count("done") == 3


def test_what_is_sent_again_with_its_key_is_done_once(transactional_db: None, stage: Stage) -> None:
    _send_all_again(stage, (2,), "R8")


@pytest.mark.slow
def test_what_is_sent_fifty_times_with_its_key_is_done_once(
    transactional_db: None, stage: Stage
) -> None:
    _send_all_again(stage, (2, 5, 50), "R8 full")
