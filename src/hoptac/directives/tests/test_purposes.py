"""To act or for information: what is asked of whom, and what the document itself says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hoptac.directives import selectors
from hoptac.directives.actions import (
    acknowledge,
    ask_own_document,
    change_purpose,
    distribute,
    make_concrete,
    store_reading,
)
from hoptac.directives.listed import SendingFilter, sending_counts_of
from hoptac.directives.reading import read_text
from hoptac.directives.sending_list import named_recipients
from hoptac.directives.terms import Making, Purpose
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.findings import Refused
from hoptac.foundation.notices.models import Notice

DAY = date(2026, 2, 2)


@pytest.fixture(autouse=True)
def _old_days_are_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let people be told of days long gone, which these stories live in."""
    monkeypatch.setattr("hoptac.foundation.notices.telling._NEWS", timedelta(days=36500))


def sent(office: Any, **more: Any) -> Any:
    document = office.document()
    distribute(
        office.party, document, agencies=[office.by_code["so-tc-ag"]],
        informed=[office.by_code["lmhtx-ag"], office.by_code["so-tc-ag"]], **more,
    )  # fmt: skip
    return document


def test_who_is_informed_owes_nothing_and_who_is_named_twice_is_to_act(office: Any) -> None:
    document = sent(office, make_by=date(2026, 3, 2))
    acts, knows = (
        document.recipients.get(purpose=Purpose.ACT),
        document.recipients.get(purpose=Purpose.KNOW),
    )
    assert (acts.agency.code, acts.making) == ("so-tc-ag", Making.AWAITED)
    assert (knows.agency.code, knows.acknowledge_by, knows.making) == (
        "lmhtx-ag",
        None,
        Making.NOT_ASKED,
    )
    later = office.alliance.by(today=date(2026, 6, 1))
    counts = sending_counts_of(later, SendingFilter("in"))
    assert (counts["all"], counts["open"], counts["late"], counts["acknowledge"]) == (1, 0, 0, 0)
    assert (
        sending_counts_of(office.finance.by(today=date(2026, 6, 1)), SendingFilter("in"))["late"]
        == 1
    )
    assert not selectors.inbox(later).to_acknowledge().exists()


def test_the_informed_are_told_once_and_asked_for_nothing(office: Any) -> None:
    document = sent(office)
    row = document.recipients.get(purpose=Purpose.KNOW)
    told = Notice.objects.filter(subject_id=str(row.pk))
    assert {n.kind for n in told} == {"directives.for_information"}
    assert ask_own_document(office.party, document, recipients=[row.pk], by=date(2026, 3, 2)) == 0


def test_a_purpose_is_changed_and_what_was_asked_ends(office: Any) -> None:
    document = sent(office, make_by=date(2026, 3, 2))
    acts, knows = (
        document.recipients.get(purpose=Purpose.ACT),
        document.recipients.get(purpose=Purpose.KNOW),
    )
    assert change_purpose(office.party, document, recipients=[acts.pk], purpose="know") == 1
    acts.refresh_from_db()
    assert (acts.acknowledge_by, acts.making, acts.make_by) == (None, Making.NOT_ASKED, None)
    open_notices = Notice.objects.filter(subject_id=str(acts.pk), done_at__isnull=True)
    assert not open_notices.exclude(kind="directives.for_information").exists()
    assert change_purpose(office.party, document, recipients=[knows.pk], purpose="act") == 1
    knows.refresh_from_db()
    assert knows.acknowledge_by == date(2026, 2, 4)
    assert change_purpose(office.party, document, recipients=[knows.pk], purpose="act") == 0


def test_who_has_issued_its_own_document_was_to_act(office: Any) -> None:
    document = office.document()
    row = office.sent(document, "so-tc-ag", make_by=date(2026, 3, 2))[0]
    with pytest.raises(Refused) as refused:
        change_purpose(office.party, document, recipients=[], purpose="know")
    assert refused.value.findings[0].code == "nobody_named"
    own = office.plan_of(office.finance, "so-tc-ag", issued_on=DAY, in_force_on=DAY)
    make_concrete(office.finance, row, own=own)
    with pytest.raises(Refused) as refused:
        change_purpose(office.party, document, recipients=[row.pk], purpose="know")
    assert refused.value.findings[0].code == "made_already"


def test_only_who_keeps_the_document_changes_purposes(office: Any) -> None:
    document = sent(office)
    row = document.recipients.get(purpose=Purpose.KNOW)
    with pytest.raises(OutOfReach):
        change_purpose(office.finance, document, recipients=[row.pk], purpose="act")


def test_the_informed_may_still_acknowledge(office: Any) -> None:
    row = sent(office).recipients.get(purpose=Purpose.KNOW)
    acknowledge(office.alliance, row)
    row.refresh_from_db()
    assert row.acknowledged_at is not None


LETTER = """TỈNH ỦY AN GIANG
*
Số 12-KH/TU
ĐẢNG CỘNG SẢN VIỆT NAM
An Giang, ngày 15 tháng 01 năm 2026
KẾ HOẠCH
về phát triển kinh tế tập thể
I- NHIỆM VỤ
1- Sở Tài chính rà soát các hợp tác xã.
Nơi nhận:
- Ban Bí thư Trung ương Đảng (để báo cáo),
- Sở Tài chính (để thực hiện),
- Liên minh Hợp tác xã tỉnh (để biết),
- Lưu Văn phòng Tỉnh ủy.
T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ
Nguyễn Văn A
"""


def test_the_page_begins_with_whom_the_document_names(office: Any) -> None:
    reading = read_text(LETTER)
    assert [r.purpose.value for r in reading.document.recipients] == [
        "know",
        "act",
        "know",
        "archive",
    ]
    document = office.document(
        symbol="12-KH/TU", issued_on=date(2026, 1, 15), in_force_on=date(2026, 1, 15), text=LETTER
    )
    store_reading(office.party, document, reading=reading)
    groups = selectors.agencies_to_send_to(office.party, DAY)
    named = {office_code(office, pk): p for pk, p in named_recipients(document, groups).items()}
    assert named == {"so-tc-ag": Purpose.ACT, "lmhtx-ag": Purpose.KNOW}


def office_code(office: Any, pk: Any) -> str:
    return next(code for code, agency in office.by_code.items() if agency.pk == pk)
