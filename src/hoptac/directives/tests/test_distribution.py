"""Sending documents, and what the recipients answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hoptac.directives import selectors
from hoptac.directives.actions import (
    acknowledge,
    acknowledge_several,
    ask_own_document,
    make_concrete,
    recall_recipient,
    reopen_own_document,
    waive_own_document,
)
from hoptac.directives.duties import directive_duties
from hoptac.directives.in_words import clock
from hoptac.directives.listed import SendingFilter, sending_lines
from hoptac.directives.models import DirectiveLink, Recipient
from hoptac.directives.terms import Making
from hoptac.foundation import events
from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.findings import Refused
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.actions import add_agency, end_agency, rename_agency

DAY = date(2026, 2, 2)  # a Monday


def test_a_document_is_sent_once_to_each(office: Any) -> None:
    document = office.document()
    heard: list[Any] = []

    def hear(ctx: Any, **told: Any) -> None:
        heard.append([r.agency.code for r in told["recipients"]])

    events.listen("directives.distributed", hear)
    try:
        assert len(office.sent(document, "so-tc-ag", "lmhtx-ag")) == 2
        assert [r.agency.code for r in office.sent(document, "so-tc-ag", "so-nnmt-ag")] == [
            "so-nnmt-ag"
        ]
        assert office.sent(document, "so-tc-ag") == []
    finally:
        events.withdraw("directives.distributed", hear)
    assert heard == [["so-tc-ag", "lmhtx-ag"], ["so-nnmt-ag"]]
    row = document.recipients.get(agency__code="so-tc-ag")
    assert row.acknowledge_by == date(2026, 2, 4)  # two working days
    assert row.making == Making.NOT_ASKED


def test_what_cannot_be_sent_is_refused(office: Any) -> None:
    document = office.document()
    for codes, more, code in (
        ((), {}, "nobody_named"),
        (("so-khdt",), {}, "agency_not_there"),
        (("so-tc-ag",), {"sent_on": date(2027, 1, 1)}, "date_in_future"),
        (("so-tc-ag",), {"sent_on": date(2019, 1, 1)}, "before_issue"),
        (("so-tc-ag",), {"make_by": date(2026, 1, 1)}, "days_reversed"),
    ):
        with pytest.raises(Refused) as refused:
            office.sent(document, *codes, **more)
        assert refused.value.codes == {code}
    # A past day is entered as it was: the agencies of that day.
    assert office.sent(document, "so-khdt", sent_on=date(2020, 7, 1))
    cited = office.document(symbol="13-NQ/TW", text="")
    with pytest.raises(Refused) as refused:
        office.sent(cited, "so-tc-ag")
    assert refused.value.codes == {"not_at_hand"}


def test_only_who_keeps_a_document_sends_it(office: Any) -> None:
    document = office.document()
    for other in (office.state, office.finance, office.commune):
        with pytest.raises(OutOfReach):
            office.sent(document, "lmhtx-ag", by=other)


def test_the_recipient_acknowledges_and_nobody_else(office: Any) -> None:
    (row,) = office.sent(office.document(), "so-tc-ag")
    for other in (office.alliance, office.state, office.party):
        with pytest.raises(OutOfReach):
            acknowledge(other, row)
    acknowledge(office.finance, row)
    first = Recipient.objects.get(pk=row.pk)
    assert first.acknowledged_by == office.finance.user
    acknowledge(office.finance, row)
    assert Recipient.objects.get(pk=row.pk).acknowledged_at == first.acknowledged_at


def test_the_successor_answers_for_what_it_took_over(office: Any) -> None:
    (row,) = office.sent(office.document(), "so-khdt", sent_on=date(2020, 7, 1))
    acknowledge(office.finance, row)  # planning > finance > finance of An Giang
    with pytest.raises(OutOfReach):
        acknowledge(office.farming, row)


def test_several_are_acknowledged_together_or_not_at_all(office: Any) -> None:
    rows = [
        *office.sent(office.document(), "so-tc-ag"),
        *office.sent(office.document(symbol="80-KL/TW"), "so-nnmt-ag"),
    ]
    with pytest.raises(OutOfReach):
        acknowledge_several(office.finance, recipients=rows)
    assert not Recipient.objects.exclude(acknowledged_at=None).exists()


def test_a_mistaken_sending_is_recalled_before_it_is_acknowledged(office: Any) -> None:
    document = office.document(symbol="3-KL/TU", level="province", reach="recipients")
    first, second = office.sent(document, "so-tc-ag", "lmhtx-ag")
    with pytest.raises(Refused) as refused:
        recall_recipient(office.party, document, recipient=first.pk, because=" ")
    assert refused.value.codes == {"reason_missing"}
    assert document.is_within(office.finance, "directives.view")
    recall_recipient(office.party, document, recipient=first.pk, because="gửi nhầm")
    assert not document.is_within(office.finance, "directives.view")
    first.refresh_from_db()
    with pytest.raises(OutOfReach):
        acknowledge(office.finance, first)
    acknowledge(office.alliance, second)
    with pytest.raises(Refused) as refused:
        recall_recipient(office.party, document, recipient=second.pk, because="gửi nhầm")
    assert refused.value.codes == {"acknowledged_already"}
    # It may be sent again after all.
    assert len(office.sent(document, "so-tc-ag")) == 1


# --- Own documents ---------------------------------------------------------------------------------


def test_a_recipient_makes_the_directive_concrete(office: Any) -> None:
    document = office.document()
    (row,) = office.sent(document, "so-tc-ag", make_by=date(2026, 3, 2))
    plan = office.plan_of(office.finance, "so-tc-ag")
    foreign = office.plan_of(office.farming, "so-nnmt-ag", symbol="2/KH-SNNMT")
    old = office.plan_of(office.finance, "so-tc-ag", symbol="1/KH-STC", issued_on=None, in_force_on=None)  # fmt: skip
    with pytest.raises(Refused) as refused:
        make_concrete(office.finance, row, own=foreign)
    assert refused.value.codes == {"not_its_own"}
    with pytest.raises(Conflict):
        make_concrete(office.finance, row, own=plan, expected_version=9)
    make_concrete(office.finance, row, own=plan)
    row.refresh_from_db()
    assert (row.making, row.own_directive, row.acknowledged_at is not None) == (
        Making.MADE, plan, True,
    )  # fmt: skip
    assert DirectiveLink.objects.live().filter(source=plan, target=document, kind="implements").exists()  # fmt: skip
    assert old in selectors.own_documents(office.finance, row)
    assert foreign not in selectors.own_documents(office.finance, row)
    reopen_own_document(office.finance, row)
    assert Recipient.objects.get(pk=row.pk).making == Making.AWAITED
    with pytest.raises(Refused):
        reopen_own_document(office.finance, row)


def test_the_plan_of_the_successor_counts(office: Any) -> None:
    (row,) = office.sent(office.document(), "so-khdt", sent_on=date(2020, 7, 1))
    make_concrete(office.finance, row, own=office.plan_of(office.finance, "so-tc-ag"))


def test_none_may_be_needed_for_a_reason(office: Any) -> None:
    document = office.document()
    (row,) = office.sent(document, "so-tc-ag", make_by=date(2026, 3, 2))
    with pytest.raises(Refused):
        waive_own_document(office.finance, row, because="")
    with pytest.raises(OutOfReach):
        waive_own_document(office.party, row, because="x")
    waive_own_document(office.finance, row, because="Thực hiện theo kế hoạch của UBND tỉnh")
    row.refresh_from_db()
    assert row.making == Making.WAIVED
    # Who has answered is asked no more.
    assert ask_own_document(office.party, document, recipients=[row.pk], by=date(2026, 4, 1)) == 0


def test_the_sender_asks_later_and_asks_no_more(office: Any) -> None:
    document = office.document()
    rows = office.sent(document, "so-tc-ag", "lmhtx-ag")
    ids = [r.pk for r in rows]
    with pytest.raises(Refused) as refused:
        ask_own_document(office.party, document, recipients=ids, by=date(2026, 1, 1))
    assert refused.value.codes == {"date_passed"}
    assert ask_own_document(office.party, document, recipients=ids, by=date(2026, 4, 1)) == 2
    assert ask_own_document(office.party, document, recipients=ids, by=date(2026, 4, 1)) == 0
    assert ask_own_document(office.party, document, recipients=ids[:1], by=None) == 1
    other = office.document(symbol="80-KL/TW")
    with pytest.raises(OutOfReach):
        ask_own_document(office.party, other, recipients=ids, by=date(2026, 4, 1))


# --- Who is late -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "left", "tone"),
    [
        (date(2026, 2, 2), 0, "warn"),
        (date(2026, 2, 4), 2, "warn"),
        (date(2026, 3, 20), None, ""),
        (date(2026, 1, 30), -1, "bad"),  # Friday: one working day ago
        (date(2026, 1, 31), -1, "bad"),  # Saturday
        (date(2026, 1, 26), -5, "bad"),
    ],
)
def test_terms_count_working_days(db: None, day: date, left: int | None, tone: str) -> None:
    found = clock(day, DAY)
    assert found is not None
    assert found.tone == tone
    if left is not None:
        assert found.left == left


def test_everybody_sees_what_is_theirs_and_the_sender_who_is_late(office: Any) -> None:
    document = office.document()
    office.sent(
        document,
        "so-tc-ag",
        "lmhtx-ag",
        "so-nnmt-ag",
        sent_on=date(2026, 1, 5),
        make_by=date(2026, 1, 20),
    )
    acknowledge(office.alliance, document.recipients.get(agency__code="lmhtx-ag"))

    def late(ctx: Any, side: str) -> set[str]:
        return {r.agency.code for r in SendingFilter(side, "late").rows(ctx)}

    assert late(office.finance, "in") == {"so-tc-ag"}
    assert late(office.alliance, "in") == {"lmhtx-ag"}
    assert late(office.party, "out") == {"so-tc-ag", "lmhtx-ag", "so-nnmt-ag"}
    assert late(office.auditor, "out") == {"so-tc-ag", "lmhtx-ag", "so-nnmt-ag"}
    assert late(office.commune, "out") == late(office.state, "out") == set()
    assert [d.count for d in directive_duties(office.finance)] == [1, 1, 1]
    assert [d.count for d in directive_duties(office.party)][-1] == 3
    lines = list(sending_lines(office.party, SendingFilter("out", "all").rows(office.party)))
    assert len(lines) == 3


def test_an_own_document_that_one_may_not_read_is_not_named(office: Any) -> None:
    document = office.document()
    (row,) = office.sent(document, "so-tc-ag", make_by=date(2026, 3, 2))
    secret = office.plan_of(
        office.finance, "so-tc-ag", chain="party", symbol="9-KH/TU", reach="recipients"
    )
    make_concrete(office.finance, row, own=secret)
    seen = selectors.recipients_of(office.auditor, document)
    assert seen[0].own_seen == secret
    state_document = office.document(
        by=office.state, symbol="5/QĐ-UBND", level="province", issuer_name="UBND tỉnh"
    )
    (other,) = office.sent(state_document, "so-tc-ag", by=office.state)
    make_concrete(office.finance, other, own=secret)
    assert selectors.recipients_of(office.state, state_document)[0].own_seen is None
    line = next(iter(sending_lines(office.state, SendingFilter("out", "all").rows(office.state))))
    assert "9-KH/TU" not in str(line)


def test_others_see_of_the_distribution_only_their_own_line(office: Any) -> None:
    document = office.document()
    office.sent(document, "so-tc-ag", "lmhtx-ag")
    assert [r.agency.code for r in selectors.recipients_of(office.finance, document)] == ["so-tc-ag"]  # fmt: skip
    assert selectors.recipients_of(office.commune, document) == []
    assert len(selectors.recipients_of(office.party, document)) == 2


# --- Agencies change -------------------------------------------------------------------------------


def test_a_renamed_agency_goes_on(office: Any) -> None:
    finance = office.by_code["so-tc-ag"]
    (row,) = office.sent(office.document(), "so-tc-ag")
    new = rename_agency(office.the_system, finance, name="Sở Tài chính và Đầu tư", on=date(2026, 1, 20))  # fmt: skip
    acknowledge(office.finance, row)  # the mandate names the old row
    (later,) = (
        office.sent(office.document(symbol="80-KL/TW"), new.code)
        if new.code in office.by_code
        else _send(office, new)
    )
    acknowledge(office.finance, later)


def _send(office: Any, agency: Any) -> list[Any]:
    from hoptac.directives.actions import distribute

    return distribute(office.party, office.document(symbol="80-KL/TW"), agencies=[agency])


def test_duties_pass_to_the_successor(office: Any) -> None:
    old = office.by_code["so-nnmt-ag"]
    (row,) = office.sent(office.document(), "so-nnmt-ag")
    new = add_agency(
        office.the_system,
        name="Sở Nông nghiệp mới",
        unit=old.unit,
        kind="department",
        begin=date(2026, 1, 10),
    )
    end_agency(office.the_system, old, on=date(2026, 1, 31), successors=[new])
    scope.forget()
    from hoptac.jurisdiction.offices import spoken_for

    assert row.agency_id in spoken_for([new.pk])


# --- Who is told -----------------------------------------------------------------------------------


def test_the_officers_of_the_recipients_are_told_until_they_answer(office: Any) -> None:
    from django.utils import timezone

    from hoptac.foundation.notices.models import Notice

    party = office.party.by(today=timezone.localdate())
    document = office.document()
    (row,) = office.sent(document, "so-tc-ag", by=party, make_by=timezone.localdate())
    told = Notice.objects.filter(subject_id=str(row.pk))
    assert set(told.values_list("user", "kind")) == {
        (office.finance.user.pk, "directives.received"),
        (office.finance.user.pk, "directives.own_document"),
    }
    acknowledge(office.finance, row)
    assert set(told.filter(done_at=None).values_list("kind", flat=True)) == {
        "directives.own_document"
    }
    waive_own_document(office.finance, row, because="thực hiện ngay")
    assert not told.filter(done_at=None).exists()
