"""The journal: every act leaves one entry, and nobody can alter one unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from hoptac.foundation.access import Context
from hoptac.foundation.actions import ACTIONS, AlreadyDone, Conflict
from hoptac.foundation.audit import canonical
from hoptac.foundation.audit.journal import verify
from hoptac.foundation.audit.models import Act, ActPayload
from hoptac.foundation.findings import Refused
from hoptac.registry.actions import change_particulars, correct_particulars, state_figures
from hoptac.registry.models import Cooperative, Particulars

THEN = datetime(2019, 12, 31).date()


@pytest.fixture
def three_acts(cooperative: Callable[..., Cooperative], the_system: Context) -> Cooperative:
    body = cooperative(name="Hợp tác xã Hoà An")
    change_particulars(the_system, body, changes={"director": "Lê Thị Hoa"}, from_on=THEN)
    state_figures(the_system, body, figures={"members": 31}, as_of=THEN)
    return body


def test_an_act_leaves_one_entry_that_says_who_what_and_whom(
    three_acts: Cooperative, officer: Callable[..., Context]
) -> None:
    officer_ctx = officer("department_officer")
    before = Act.objects.count()
    correct_particulars(
        officer_ctx.because("gõ nhầm", "Biên bản 12"), three_acts, changes={"phone": "0912345678"}
    )
    assert Act.objects.count() == before + 1
    act = Act.objects.select_related("payload").last()
    assert act is not None
    assert act.name == "registry.correct_particulars"
    assert act.actor_id == officer_ctx.user.pk  # type: ignore[union-attr]
    assert act.mandate_id == officer_ctx.grants[0].mandate_id
    assert act.subject_id == str(three_acts.pk)
    content = act.payload.content
    assert content["reason"] == "gõ nhầm"
    assert content["basis"] == "Biên bản 12"
    assert content["details"]["changed"] == {"phone": ["", "0912345678"]}
    assert (
        Particulars.objects.live().get(cooperative=three_acts, valid__contains=THEN).act_id
        == act.pk
    )


def test_a_refused_act_leaves_no_entry_and_no_row(
    three_acts: Cooperative, the_system: Context
) -> None:
    entries, rows = Act.objects.count(), Particulars.objects.count()
    with pytest.raises(Refused):
        change_particulars(the_system, three_acts, changes={"name": ""}, from_on=THEN)
    assert (Act.objects.count(), Particulars.objects.count()) == (entries, rows)


def test_an_act_without_permission_is_refused(
    three_acts: Cooperative, officer: Callable[..., Context]
) -> None:
    with pytest.raises(PermissionDenied):
        state_figures(officer("supervisor"), three_acts, figures={"members": 1}, as_of=THEN)


def test_the_chain_holds_and_its_head_can_be_noted_outside(three_acts: Cooperative) -> None:
    outcome = verify()
    assert outcome.broken is None
    assert outcome.entries == Act.objects.count()
    assert verify(head=outcome.head).broken is None
    cut = verify(head="ab" * 32).broken
    assert cut is not None
    assert "cut off" in cut.why


ALTERATIONS = {
    "another person": ("audit_act", "actor_id = gen_random_uuid()"),
    "another moment": ("audit_act", "at = at + interval '1 second'"),
    "another act": ("audit_act", "name = 'registry.end_cooperative'"),
    "another subject": ("audit_act", "subject_id = 'x'"),
    "another hash": ("audit_act", r"hash = '\x00'"),
    "another content": (
        "audit_actpayload", "content = jsonb_set(content, '{reason}', '\"khác\"')"
    ),
    "emptied content": ("audit_actpayload", "content = NULL"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ALTERATIONS)
def test_the_first_altered_entry_is_named(three_acts: Cooperative, kind: str) -> None:
    second = Act.objects.order_by("number")[1]
    table, change = ALTERATIONS[kind]
    key = "id" if table == "audit_act" else "act_id"
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change} WHERE {key} = %s", [second.pk])
    broken = verify().broken
    assert broken is not None
    assert broken.number == second.number
    assert broken.act_id == str(second.pk)


def test_a_missing_entry_is_named(three_acts: Cooperative) -> None:
    _first, second = Act.objects.order_by("number")[:2]
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DELETE FROM audit_actpayload WHERE act_id = %s", [second.pk])
        cursor.execute("DELETE FROM audit_act WHERE id = %s", [second.pk])
    broken = verify().broken
    assert broken is not None
    assert broken.number == second.number
    assert "missing" in broken.why


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_act SET name = name",
        "DELETE FROM audit_act",
        "TRUNCATE audit_act CASCADE",
        "DELETE FROM audit_actpayload",
        "UPDATE audit_actpayload SET content = '{}'",
        "DELETE FROM registry_particulars",
        "UPDATE registry_particulars SET name = 'khác'",
        "TRUNCATE registry_particulars",
        "DELETE FROM registry_figurestatement",
        "UPDATE registry_figurestatement SET members = 1",
    ],
)
def test_the_database_itself_refuses_to_alter_history(
    three_acts: Cooperative, statement: str
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=r"kept for ever|never changed|Cannot"):
            cursor.execute(statement)
        transaction.set_rollback(True)


def test_content_may_be_erased_by_law_and_the_chain_still_holds(three_acts: Cooperative) -> None:
    payload = ActPayload.objects.order_by("act__number")[1]
    payload.content, payload.salt, payload.erased_at = None, None, datetime.now(tz=UTC)
    payload.save()
    assert verify().broken is None


def test_the_same_submission_is_carried_out_once(
    three_acts: Cooperative, the_system: Context
) -> None:
    ctx = the_system.by(idempotency_key="form-1")
    state_figures(ctx, three_acts, figures={"members": 40}, as_of=THEN)
    with pytest.raises(AlreadyDone) as done:
        state_figures(ctx, three_acts, figures={"members": 40}, as_of=THEN)
    assert done.value.act.subject_id == str(three_acts.pk)
    state_figures(
        the_system.by(idempotency_key="form-2"), three_acts, figures={"members": 41}, as_of=THEN
    )


def test_who_read_an_older_version_is_told(three_acts: Cooperative, the_system: Context) -> None:
    with pytest.raises(Conflict):
        state_figures(
            the_system, three_acts, figures={"members": 2}, as_of=THEN, expected_version=1
        )


def test_the_canonical_bytes_never_change() -> None:
    entry: dict[str, Any] = dict.fromkeys(canonical.FIELDS)
    entry |= {
        "number": 1, "at": datetime(2026, 11, 23, 3, 28, 46, 5, tzinfo=UTC), "name": "hoà",
        "payload_digest": b"\x01\x02", "version": 1, "channel": "page",
    }  # fmt: skip
    assert canonical.entry_hash(canonical.START, entry).hex() == (
        "050dee9a879a8671766a6daa3b97fffe77120c26239cc0ce28dc6e5227e86383"
    )
    assert canonical.encode({"b": Decimal("1.50"), "a": [THEN, "hoà"]}) == (
        '{"a":["2019-12-31","hoà"],"b":"1.5"}'.encode()
    )


def test_the_command_says_that_all_is_well_or_which_entry_is_not(
    three_acts: Cooperative, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_journal")
    assert f"OK: {Act.objects.count()} entries hold" in capsys.readouterr().out
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_act SET name = 'x' WHERE id = %s", [Act.objects.last().pk])
    with pytest.raises(SystemExit):
        call_command("verify_journal")
    assert f"BROKEN at entry {Act.objects.last().number}" in capsys.readouterr().out


def test_every_act_is_granted_to_some_role() -> None:
    from hoptac.foundation.access import PERMISSIONS, ROLES

    granted = set().union(*(r.permissions for r in ROLES.values()))
    everybody = {"accounts.own"}  # one's own account: granted to whoever has signed in
    assert {a.permission for a in ACTIONS.values()} - everybody <= granted
    assert granted <= PERMISSIONS
