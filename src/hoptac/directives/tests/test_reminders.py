"""Whoever owes an answer is reminded by the rule's days, each step once; answered, it is quiet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hoptac.directives.actions import acknowledge, recall_recipient, remind
from hoptac.directives.models import Reminded
from hoptac.directives.tasks import remind_all
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.findings import Refused
from hoptac.foundation.notices.models import Notice

# Sent on Monday 2 February 2026, to be acknowledged by Wednesday the 4th.
LATE_1, LATE_3 = date(2026, 2, 5), date(2026, 2, 9)


@pytest.fixture(autouse=True)
def _old_days_are_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let people be told of days long gone, which these stories live in."""
    monkeypatch.setattr("hoptac.foundation.notices.telling._NEWS", timedelta(days=36500))


def told(row: Any, kind: str = "directives.receipt_reminded") -> int:
    return Notice.objects.filter(subject_id=str(row.pk), kind=kind).count()


def on(office: Any, day: date) -> Any:
    return office.the_system.by(today=day)


def test_a_late_receipt_is_reminded_of_once_a_step(office: Any) -> None:
    row = office.sent(office.document(), "so-tc-ag")[0]
    assert remind_all(on(office, date(2026, 2, 4))) == 0  # the term itself
    assert remind_all(on(office, LATE_1)) == 1
    before = told(row)
    assert before == 1
    assert remind_all(on(office, LATE_1)) == 0
    assert remind_all(on(office, date(2026, 2, 6))) == 0
    assert remind_all(on(office, LATE_3)) == 1
    assert told(row) == 2
    assert list(Reminded.objects.values_list("code", flat=True)) == [
        "receipt_late_1",
        "receipt_late_3",
    ]


def test_who_sent_it_hears_how_many_owe(office: Any) -> None:
    document = office.document()
    office.sent(document, "so-tc-ag", "lmhtx-ag")
    assert remind_all(on(office, LATE_3)) == 1
    owed = Notice.objects.filter(kind="directives.agencies_owe", subject_id=str(document.pk))
    assert {n.parameters["count"] for n in owed} == {2}


def test_of_steps_reached_at_once_only_the_last_is_told(office: Any) -> None:
    row = office.sent(office.document(), "so-tc-ag")[0]
    assert remind_all(on(office, date(2026, 2, 20))) == 1
    assert told(row) == 1
    assert Reminded.objects.filter(recipient=row).count() == 2
    assert remind_all(on(office, date(2026, 2, 23))) == 0


def test_answered_or_recalled_nobody_is_reminded(office: Any) -> None:
    document = office.document()
    first, second = office.sent(document, "so-tc-ag", "lmhtx-ag")
    acknowledge(office.finance, first)
    recall_recipient(office.party, document, recipient=second.pk, because="nhầm")
    assert remind_all(on(office, LATE_3)) == 0
    assert not Notice.objects.filter(kind="directives.receipt_reminded").exists()


def test_a_receipt_ends_its_reminders(office: Any) -> None:
    row = office.sent(office.document(), "so-tc-ag")[0]
    remind_all(on(office, LATE_1))
    acknowledge(office.finance, row)
    assert not Notice.objects.filter(subject_id=str(row.pk), done_at__isnull=True).exists()


def test_an_own_document_is_reminded_of_before_and_after_its_term(office: Any) -> None:
    row = office.sent(office.document(), "so-tc-ag", make_by=date(2026, 3, 2))[0]
    acknowledge(office.finance, row)
    assert remind_all(on(office, date(2026, 2, 24))) == 0  # four working days before
    assert remind_all(on(office, date(2026, 2, 25))) == 1
    assert told(row, "directives.own_document_reminded") == 1
    assert remind_all(on(office, date(2026, 3, 3))) == 1
    assert told(row, "directives.own_document_reminded") == 2


def test_the_informed_are_never_reminded(office: Any) -> None:
    from hoptac.directives.actions import distribute

    distribute(office.party, office.document(), agencies=[], informed=[office.by_code["so-tc-ag"]])
    assert remind_all(on(office, date(2026, 6, 1))) == 0


def test_without_anybody_to_remind_it_is_refused_and_others_may_not(office: Any) -> None:
    document = office.document()
    office.sent(document, "so-tc-ag")
    with pytest.raises(Refused) as refused:
        remind(office.party, document)
    assert refused.value.findings[0].code == "nobody_to_remind"
    with pytest.raises(OutOfReach):
        remind(office.finance.by(today=LATE_3), document)
