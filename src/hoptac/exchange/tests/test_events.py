"""Everything that happens to a dossier, a certificate or the register is told, as the layout wants it."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest

from hoptac.exchange.actions import send_again_all
from hoptac.exchange.adapters import body_of
from hoptac.exchange.delivery import deliver
from hoptac.exchange.layouts import REGISTRATION, events, told_of
from hoptac.exchange.models import Message
from hoptac.foundation.findings import Refused
from hoptac.foundation.rulebook import acts, facts, marks
from hoptac.registration import actions as registration
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registry.actions import (
    change_particulars,
    correct_particulars,
    end_cooperative,
    set_business_lines,
    state_figures,
)

DAY = date(2026, 1, 31)


@pytest.fixture(autouse=True)
def nothing_before(province: Any) -> None:
    """Begin with an empty outbox: what the province's own making told is not looked at."""
    Message.objects.update(state="dropped")


def told(body: Any = None) -> list[str]:
    rows = Message.objects.exclude(state="dropped").order_by("id")
    if body is not None:
        rows = rows.filter(cooperative=body)
    return list(rows.values_list("event", flat=True))


def receive(ctx: Any, body: Any, **more: Any) -> Any:
    papers = procedure_on("change_registration", ctx.today).papers_required("cooperative")
    return registration.receive(
        ctx, "change_registration", cooperative=body, applicant="Trần Văn Nộp",
        papers=more.pop("papers", papers), proposal={"address": "ấp Mới", "from_on": ctx.today},
    )  # fmt: skip


def test_which_events_are_told_is_a_fact_to_confirm(db: None, the_system: Any) -> None:
    known = {e.code: e.is_sent for e in events(REGISTRATION, DAY)}
    assert len(known) == 20
    assert not any(e.is_confirmed for e in events(REGISTRATION, DAY))
    assert (known["filing.refused"], known["register.figures"]) == (True, False)
    assert told_of("filing.refused", DAY) == [REGISTRATION]
    assert told_of("filing.refused", date(2024, 7, 1)) == []
    key = "rule:exchange.registration:filing.refused"
    standing = facts.standing_of(key)
    assert standing is not None
    acts.correct_fact(
        the_system.because("hệ thống không nhận"), key, fingerprint=standing.fact.fingerprint,
        document="Công văn 1", read_on=DAY, values={"sent": "no"},
    )  # fmt: skip
    marks.refresh()
    assert told_of("filing.refused", DAY) == []


def test_each_step_of_a_dossier_is_told_without_the_people_it_names(
    province: Any, the_system: Any
) -> None:
    filing = receive(the_system, province.hoa_an, papers=())
    registration.ask_supplement(the_system, filing, missing=["Nghị quyết"])
    registration.supply(the_system, filing)
    registration.withdraw(the_system, filing, words="Thôi")
    assert told() == [
        "filing.received", "filing.supplement_asked", "filing.supplied", "filing.withdrawn",
    ]  # fmt: skip
    first = Message.objects.exclude(state="dropped").order_by("id")[0]
    about = first.content["about"]
    assert (about["system"], about["receipt"]) == ("registration", filing.receipt_number)
    assert "Trần Văn Nộp" not in str(first.content)
    assert first.content["record"]["code"] == "1709551552"


def test_a_refusal_is_told_with_its_grounds_and_a_return_too(
    province: Any, the_system: Any
) -> None:
    filing = receive(the_system, province.hoa_an)
    registration.propose(
        the_system, filing, outcome="refuse", grounds=["dossier_invalid"], opinion="thiếu giấy"
    )
    registration.decide(the_system, filing, outcome="refuse")
    back = receive(the_system, province.hoa_an)
    registration.return_filing(the_system, back, words="nộp nhầm nơi")
    assert told() == ["filing.received", "filing.refused", "filing.received", "filing.returned"]
    refusal = Message.objects.get(event="filing.refused").content
    assert refusal["about"]["grounds"] == ["dossier_invalid"]
    assert refusal["record"]["address"] != "ấp Mới"


def test_a_grant_is_told_once_by_its_effect_and_not_by_each_act_within(
    province: Any, grant: Any
) -> None:
    grant(province.hoa_an)
    assert told() == ["filing.received", "filing.took_effect"]


def test_a_dossier_of_a_body_to_come_goes_before_the_body_it_brings(
    province: Any, the_system: Any, standin: Any
) -> None:
    papers = procedure_on("establishment", the_system.today).papers_required("cooperative")
    filing = registration.receive(
        the_system, "establishment", kind="cooperative", applicant="Ai", papers=papers,
        proposal={
            "name": "Hợp tác xã Lập Mới", "commune": province.units.commune("Giồng Riềng", on=date(2026, 1, 1)).pk,
            "sector": "agriculture", "address": "ấp 1", "charter_capital": 500_000_000, "members": 12,
            "representatives": [{
                "person": "Nguyễn Văn An", "position": "Giám đốc", "birth_date": date(1980, 5, 1),
                "nationality": "Việt Nam", "personal_number": "091080900001", "contact_address": "ấp 1",
            }],
        },
    )  # fmt: skip
    registration.propose(the_system, filing, outcome="grant")
    registration.decide(the_system, filing, outcome="grant")
    assert told() == ["filing.received", "filing.took_effect"]
    first, second = Message.objects.exclude(state="dropped").order_by("id")
    assert (first.cooperative_id, first.content["record"]) == (None, {})
    assert second.cooperative_id == filing.cooperative_id
    standin.behave("refuse")
    assert deliver(standin.adapter)["refused"] == 1
    assert deliver(standin.adapter)["accepted"] == 0, "the effect went before the receipt"
    standin.behave("ok")
    assert send_again_all(province.department) == 1
    assert deliver(standin.adapter)["accepted"] == 2
    assert [k["event"] for k in standin.told()] == ["filing.received", "filing.took_effect"]
    assert [r["name"] for r in standin.records()] == ["Hợp tác xã Lập Mới"]


def test_corrections_changes_and_ends_of_the_register_are_told(province: Any) -> None:
    ctx, body = province.department, province.hoa_an
    correct_particulars(ctx.because("chép nhầm"), body, changes={"address": "ấp Đúng"})
    change_particulars(ctx, body, changes={"phone": "0297 3863773"}, from_on=DAY)
    set_business_lines(ctx, body, codes=["0111"], main="0111", from_on=DAY)
    state_figures(ctx, body, figures={"members": 20}, as_of=DAY)
    end_cooperative(ctx.because(basis="QĐ 12/QĐ-UBND"), body, on=DAY)
    assert told(body) == [
        "register.corrected", "register.changed", "register.changed", "register.ended",
    ]  # fmt: skip
    last = Message.objects.filter(cooperative=body).latest("id")
    assert last.content["record"]["status"] == "5"
    assert last.content["about"]["basis"] == "QĐ 12/QĐ-UBND"


def test_what_was_taken_over_from_the_system_is_no_news_to_it(province: Any, tmp_path: Any) -> None:
    from hoptac.exchange.actions import decide, undo_decision
    from hoptac.exchange.bringing import bring_in
    from hoptac.exchange.models import Difference

    path = tmp_path / "a.json"
    path.write_text('[{"code": "1709551552", "address": "ấp Của Họ"}]', encoding="utf-8")
    bring_in(province.department, path, filename="a.json", as_of=DAY)
    decide(province.department, Difference.objects.get(), verdict="theirs")
    undo_decision(province.department.because("nhầm"), Difference.objects.get())
    assert told() == []


def test_the_record_of_delivery_holds_what_was_sent(province: Any, standin: Any) -> None:
    correct_particulars(
        province.department.because("x"), province.hoa_an, changes={"address": "ấp Đúng"}
    )
    assert deliver(standin.adapter)["accepted"] == 1
    message = Message.objects.get(event="register.corrected")
    attempt = message.deliveries.get()
    sent = body_of(message.content)
    assert (attempt.digest, attempt.size) == (hashlib.sha256(sent).hexdigest(), len(sent))


def test_a_system_that_calls_a_repeat_a_conflict_has_it_all_the_same(
    province: Any, standin: Any
) -> None:
    correct_particulars(
        province.department.because("x"), province.hoa_an, changes={"address": "ấp Đúng"}
    )
    message = Message.objects.get(event="register.corrected")
    standin.behave("duplicate")
    standin.adapter.send(message.key, message.content)
    assert deliver(standin.adapter)["accepted"] == 1
    message.refresh_from_db()
    assert (message.state, message.deliveries.get().status) == ("delivered", 409)


def test_all_that_stuck_is_tried_again_within_ones_territory(province: Any, standin: Any) -> None:
    for body in (province.hoa_an, province.tan_hiep):
        correct_particulars(province.department.because("x"), body, changes={"address": "ấp Đúng"})
    standin.behave("refuse")
    assert deliver(standin.adapter)["refused"] == 2
    assert send_again_all(province.district) == 1
    assert Message.objects.get(state="dead").cooperative_id == province.tan_hiep.pk
    with pytest.raises(Refused):
        send_again_all(province.district)
    assert send_again_all(province.department) == 1
