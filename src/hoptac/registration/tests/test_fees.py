"""Fees: the province's tables by day, and what is paid for a dossier."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.registration import actions, fees
from hoptac.registration.models import FeeTable
from hoptac.registration.papers import fee_in_words

pytestmark = pytest.mark.django_db
FIRST, LATER = date(2024, 7, 1), date(2024, 9, 1)


def table(ctx, in_force=FIRST, amount=100_000, **more):
    lines = [
        {"procedure": "establishment", "amount": amount},
        {"procedure": "establishment", "channel": "online", "amount": 0},
        {"procedure": "conversion", "amount": amount},
    ]
    given = {"resolved_on": FIRST, "in_force": in_force, "lines": lines, **more}
    return actions.set_fees(ctx, "12/2024/NQ-HĐND", **given)


def codes(act, *args, **details):
    with pytest.raises(Refused) as refused:
        act(*args, **details)
    return refused.value.codes


def test_without_a_resolution_the_receipt_says_that_no_fee_is_set(desk):
    filing = desk.receive("establishment", desk.founding())
    assert fees.fee_of(filing).standing == "unset"
    assert "chưa có quy định" in fee_in_words(filing)
    assert codes(actions.record_fee, desk.ctx, filing, amount=1, number="1") == {"fee_not_set"}
    desk.grant(filing)  # nothing stands in the way


def test_the_fee_is_that_of_the_day_of_receipt(desk):
    table(desk.ctx)
    table(desk.ctx, in_force=date(2024, 9, 16), amount=150_000, article="Điều 2")
    before = desk.on(date(2024, 9, 13)).receive("establishment", desk.founding())
    after = desk.receive("establishment", desk.founding())
    assert fees.fee_of(before).amount == 100_000
    assert (fees.fee_of(after).amount, fees.fee_of(after).basis) == (
        150_000,
        "12/2024/NQ-HĐND, Điều 2",
    )
    online = desk.receive("establishment", desk.founding(), channel="online")
    assert "không thu" in fee_in_words(online)


def test_a_dossier_is_not_granted_before_its_fee_is_paid(desk):
    table(desk.ctx)
    filing = desk.receive("establishment", desk.founding())
    assert codes(actions.propose, desk.ctx, filing, outcome="grant") == {"fee_unpaid"}
    actions.record_fee(desk.ctx, filing, amount=40_000, number="0000123")
    assert fees.account_of(filing).open == 60_000
    actions.record_fee(desk.ctx, filing, amount=60_000, number="0000124")
    assert fees.account_of(filing).open == 0
    desk.grant(filing)
    kinds = [s.kind for s in filing.steps.order_by("id")]
    assert kinds[:3] == ["received", "fee_paid", "fee_paid"]
    assert Act.objects.filter(name="registration.record_fee").count() == 2


def test_what_is_refused_about_money(desk):
    table(desk.ctx)
    ctx, filing = desk.ctx, desk.receive("establishment", desk.founding())
    pay = actions.record_fee
    assert codes(pay, ctx, filing, amount=100_001, number="1") == {"overpaid"}
    assert codes(pay, ctx, filing, amount=0, number="1") == {"amount_impossible"}
    assert codes(pay, ctx, filing, amount=100, number=" ") == {"number_missing"}
    assert codes(pay, ctx, filing, amount=100, number="1", on=date(2024, 9, 17)) == {
        "date_impossible"
    }
    assert codes(pay, ctx, filing, amount=100, number="1", on=date(2024, 9, 15)) == {
        "date_impossible"
    }
    pay(ctx, filing, amount=100_000, number="1")
    assert codes(pay, ctx, filing, amount=1, number="2") == {"fee_settled"}
    assert codes(actions.waive_fee, ctx, filing, words="x", basis="y") == {"fee_settled"}
    other = desk.receive("establishment", desk.founding(name="Hợp tác xã Khác"))
    assert codes(pay, ctx, other, amount=1, number="1") == {"number_used"}
    actions.return_filing(ctx, other, words="không thuộc thẩm quyền")
    assert codes(pay, ctx, other, amount=1, number="2") == {"dossier_over"}


def test_money_is_paid_back_and_a_wrong_entry_is_withdrawn(desk):
    table(desk.ctx)
    ctx, filing = desk.ctx, desk.receive("establishment", desk.founding())
    paid = actions.record_fee(ctx, filing, amount=100_000, number="1")
    assert codes(actions.refund_fee, ctx, filing, amount=100_001, words="x") == {"refund_too_big"}
    assert codes(actions.refund_fee, ctx, filing, amount=1, words="") == {"reason_missing"}
    back = actions.refund_fee(ctx, filing, amount=30_000, words="thu nhầm")
    assert fees.account_of(filing).kept == 70_000
    because = ctx.because("nhập nhầm")
    assert codes(actions.withdraw_fee_entry, because, filing, entry=paid.pk) == {"refund_stands"}
    assert codes(actions.withdraw_fee_entry, ctx, filing, entry=back.pk) == {"reason_missing"}
    actions.withdraw_fee_entry(because, filing, entry=back.pk)
    assert codes(actions.withdraw_fee_entry, because, filing, entry=back.pk) == {"entry_unknown"}
    actions.withdraw_fee_entry(because, filing, entry=paid.pk)
    assert fees.account_of(filing).open == 100_000


def test_a_fee_is_waived_with_its_ground_and_basis(desk):
    table(desk.ctx)
    ctx, filing = desk.ctx, desk.receive("establishment", desk.founding())
    assert codes(actions.waive_fee, ctx, filing, words="", basis="NQ") == {"ground_missing"}
    assert codes(actions.waive_fee, ctx, filing, words="hộ nghèo", basis="") == {"document_missing"}
    actions.waive_fee(ctx, filing, words="vùng khó khăn", basis="12/2024/NQ-HĐND, Điều 4")
    assert fees.account_of(filing).open == 0
    desk.grant(filing)


def test_the_law_frees_a_group_that_becomes_a_cooperative(desk, cooperative):
    table(desk.ctx)
    body = cooperative(
        kind="group", name="Tổ hợp tác Một", district="Giồng Riềng",
        established_on=date(2020, 1, 1), members=9,
    )  # fmt: skip
    filing = desk.receive("conversion", desk.founding(), cooperative=body)
    assert fees.fee_of(filing).exemption.code == "conversion"
    assert codes(actions.record_fee, desk.ctx, filing, amount=1, number="1") == {"fee_free"}
    desk.grant(filing)


def test_a_table_is_entered_once_for_a_day_and_by_who_keeps_the_rules(desk, officer, units):
    keeper = officer("rule_keeper").by(today=date(2024, 9, 16))
    first = table(keeper)
    assert codes(table, keeper) == {"fees_of_day_known"}
    assert codes(table, keeper, in_force=date(2024, 6, 30)) == {"in_force_before_resolved"}
    assert codes(table, keeper, in_force=LATER, lines=[]) == {"lines_missing"}
    twice = [{"procedure": "reissue", "amount": 1}] * 2
    assert codes(table, keeper, in_force=LATER, lines=twice) == {"fee_said_twice"}
    for line in ({"procedure": "revocation", "amount": 1}, {"procedure": "x", "amount": 1}):
        assert codes(table, keeper, in_force=LATER, lines=[line]) == {"fee_line_unknown"}
    negative = [{"procedure": "reissue", "amount": -1}]
    assert codes(table, keeper, in_force=LATER, lines=negative) == {"amount_impossible"}
    with pytest.raises(PermissionDenied):
        table(officer("registration_officer", unit=units.district("Giồng Riềng")), in_force=LATER)
    because = keeper.because("nhập nhầm nghị quyết")
    assert codes(actions.withdraw_fees, keeper, first) == {"reason_missing"}
    filing = desk.receive("establishment", desk.founding())
    actions.record_fee(desk.ctx, filing, amount=1, number="1")
    assert codes(actions.withdraw_fees, because, first) == {"fees_used"}
    later = table(keeper, in_force=LATER, amount=5)
    actions.withdraw_fees(because, later)
    assert codes(actions.withdraw_fees, because, later) == {"withdrawn_already"}
    assert FeeTable.on(filing.province_code, LATER) == first


def test_totals_of_a_period_are_those_of_the_territory(desk, officer, units):
    table(desk.ctx)
    filing = desk.receive("establishment", desk.founding())
    actions.record_fee(desk.ctx, filing, amount=100_000, number="1")
    actions.refund_fee(desk.ctx, filing, amount=20_000, words="thừa")
    own = officer("registration_officer", unit=units.district("Giồng Riềng"))
    (total,) = fees.totals_seen(own, FIRST, date(2024, 9, 30))
    assert (total.dossiers, total.paid, total.refunded, total.kept) == (1, 100_000, 20_000, 80_000)
    assert not fees.totals_seen(own, date(2024, 9, 17), date(2024, 9, 30))
    other = officer("registration_officer", unit=units.district("Tân Hiệp"))
    assert not fees.totals_seen(other, FIRST, date(2024, 9, 30))


def test_the_pages_of_fees(desk, client_of, officer, units):
    keeper = client_of(officer("rule_keeper"))
    assert keeper.get("/registration/fees/tables/new/").status_code == 200
    given = {
        "resolution": "05/2026/NQ-HĐND", "resolved_on": "02/01/2026", "in_force": "03/01/2026",
        "fee-establishment-cooperative-": "100.000", "fee-establishment-cooperative-online": "0",
    }  # fmt: skip
    assert keeper.post("/registration/fees/tables/new/", given).status_code == 302
    page = keeper.get("/registration/fees/tables/").content.decode()
    assert "05/2026/NQ-HĐND" in page
    assert "100.000 đồng" in page
    again = keeper.post("/registration/fees/tables/new/", given)
    assert again.status_code == 422
    clerk = client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))
    filing = desk.on(date(2026, 1, 5)).receive("establishment", desk.founding())
    address = f"/registration/{filing.pk}/fee/"
    assert "100.000" in clerk.get(address).content.decode()
    entry = {"what": "paid", "amount": "100.000", "number": "AB/26-0001", "on": "05/01/2026"}
    assert clerk.post(address, entry | {"amount": "200.000"}).status_code == 422
    assert clerk.post(address, entry).status_code == 302
    listed = clerk.get("/registration/fees/?first=01/01/2026&last=31/01/2026").content.decode()
    assert "AB/26-0001" in listed
    text = b"".join(
        clerk.get("/registration/fees/list.csv?first=01/01/2026&last=31/01/2026").streaming_content
    ).decode()
    assert "AB/26-0001" in text
    book = clerk.get("/registration/fees/list.xlsx")
    assert b"".join(book.streaming_content).startswith(b"PK")
    assert clerk.get("/registration/fees/tables/").status_code == 403
    (paid,) = fees.account_of(filing).entries
    clerk.post(f"{address}{paid.pk}/withdraw/", {"reason": "nhầm"})
    assert fees.account_of(filing).open == 100_000
    book.close()
