"""What the national system must be told: written with the act, sent once, proved, never lost."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from hoptac.exchange.actions import send_again, set_aside
from hoptac.exchange.adapters import FileAdapter
from hoptac.exchange.delivery import HOLD, deliver
from hoptac.exchange.models import Delivery, Message
from hoptac.foundation import events
from hoptac.foundation.findings import Refused
from hoptac.foundation.outbox import Answer, Outcome, pause_after
from hoptac.registration import actions as registration
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registry.models import Cooperative


def later(minutes: float) -> Any:
    return lambda: timezone.now() + timedelta(minutes=minutes)


def test_a_granted_filing_becomes_a_message_with_the_whole_record(
    province: Any, grant: Any
) -> None:
    filing = grant(province.hoa_an)
    message = Message.objects.get()
    assert message.filing_id == filing.pk
    assert message.content["record"]["address"] == "ấp Mới"
    assert message.content["record"]["status"] == "7"
    about = message.content["about"]
    assert (about["event"], about["procedure"]) == ("filing.took_effect", "change_registration")
    assert (message.state, message.attempts) == ("waiting", 0)


def test_the_message_is_kept_with_the_act_or_not_at_all(province: Any, grant: Any) -> None:
    def breaks(ctx: Any, **details: Any) -> None:
        raise RuntimeError("the lights go out")

    events.listen("registration.took_effect", breaks)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            grant(province.hoa_an)
    finally:
        events.withdraw("registration.took_effect", breaks)
    assert not Message.objects.exists()
    with pytest.raises(RuntimeError, match="inside an act"):
        events.announce(province.department, "registration.took_effect")


def test_a_refused_filing_tells_nothing(province: Any, the_system: Any) -> None:
    filing = registration.receive(
        the_system,
        "reissue",
        cooperative=province.hoa_an,
        applicant="Ai",
        proposal={"reason": "mất"},
    )
    registration.propose(
        the_system, filing, outcome="refuse", grounds=["dossier_invalid"], opinion="thiếu giấy"
    )
    registration.decide(the_system, filing, outcome="refuse")
    assert not Message.objects.exists()


def test_nothing_is_sent_unless_configured(province: Any, grant: Any) -> None:
    grant(province.hoa_an)
    assert deliver() == {"accepted": 0, "refused": 0, "failed": 0}
    assert Message.objects.get().state == "waiting"


def test_a_message_arrives_and_its_receipt_is_kept(province: Any, grant: Any, standin: Any) -> None:
    grant(province.hoa_an)
    assert deliver(standin.adapter)["accepted"] == 1
    message = Message.objects.get()
    assert (message.state, message.receipt) == ("delivered", "MP-000001")
    attempt = message.deliveries.get()
    assert (attempt.outcome, attempt.status, attempt.receipt) == ("accepted", 201, "MP-000001")
    assert standin.records()[0]["address"] == "ấp Mới"
    assert deliver(standin.adapter)["accepted"] == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        Delivery.objects.update(answer="khác")


def test_while_the_registry_is_dead_messages_wait_longer_each_time_and_then_arrive_once(
    province: Any, grant: Any, standin: Any
) -> None:
    grant(province.hoa_an)
    grant(province.tan_hiep)
    standin.kill()
    assert deliver(standin.adapter)["failed"] == 1  # the rest is left for the next run
    first = Message.objects.order_by("id")[0]
    assert (first.state, first.attempts) == ("waiting", 1)
    assert first.due_at > timezone.now() + timedelta(seconds=50)
    assert deliver(standin.adapter, clock=later(0.5))["failed"] == 1  # the other body's
    assert deliver(standin.adapter, clock=later(2))["failed"] == 1
    assert deliver(standin.adapter, clock=later(2))["failed"] == 1
    assert [pause_after(n).total_seconds() / 60 for n in (1, 2, 3, 20)] == [1, 2, 4, 360]
    standin.start()
    assert deliver(standin.adapter, clock=later(10))["accepted"] == 2
    assert [k["times"] for k in standin.told()] == [1, 1]
    assert list(first.deliveries.values_list("outcome", flat=True)) == [
        "failed",
        "failed",
        "accepted",
    ]


def test_killed_after_it_took_the_message_and_before_it_answered_nothing_is_told_twice(
    province: Any, grant: Any, standin: Any
) -> None:
    grant(province.hoa_an)
    standin.behave("mute")
    assert deliver(standin.adapter)["failed"] == 1
    standin.kill()
    standin.start()
    assert deliver(standin.adapter, clock=later(2))["accepted"] == 1
    assert Message.objects.get().receipt == "MP-000001"
    assert [(k["receipt"], k["times"]) for k in standin.told()] == [("MP-000001", 2)]
    assert len(standin.records()) == 1


def test_killed_ourselves_between_sending_and_recording_it_is_sent_again_under_its_key(
    province: Any, grant: Any, standin: Any
) -> None:
    grant(province.hoa_an)

    class Dying:
        address = "x"

        def send(self, key: str, content: Any) -> Answer:
            standin.adapter.send(key, content)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(Dying())
    assert deliver(standin.adapter)["accepted"] == 0  # still held
    assert deliver(standin.adapter, clock=later(HOLD.total_seconds() / 60 + 1))["accepted"] == 1
    assert [k["times"] for k in standin.told()] == [2]
    assert len({k["receipt"] for k in standin.told()}) == 1


def test_a_slow_registry_is_given_up_and_asked_again(
    province: Any, grant: Any, standin: Any
) -> None:
    grant(province.hoa_an)
    standin.behave("slow", 2)
    from hoptac.exchange.adapters import HttpAdapter

    impatient = HttpAdapter(standin.adapter.address, seconds=0.3)
    assert deliver(impatient)["failed"] == 1
    assert "timed out" in Delivery.objects.get().answer
    standin.behave("ok")
    assert deliver(standin.adapter, clock=later(2))["accepted"] == 1
    assert len({k["receipt"] for k in standin.told()}) == 1


def test_what_is_refused_is_laid_before_an_officer_and_holds_later_ones_back(
    province: Any, grant: Any, standin: Any
) -> None:
    grant(province.hoa_an, "ấp Một")
    grant(province.hoa_an, "ấp Hai")
    grant(province.tan_hiep)
    standin.behave("refuse")
    done = deliver(standin.adapter)
    assert done["refused"] == 2  # one for each body: the second of hoa_an waits behind its first
    standin.behave("ok")
    assert deliver(standin.adapter, clock=later(1))["accepted"] == 0
    dead = Message.objects.get(cooperative=province.hoa_an, state="dead")
    assert "Từ chối" in dead.deliveries.get().answer
    send_again(province.department, dead)
    assert deliver(standin.adapter, clock=later(1))["accepted"] == 2
    assert {r["code"]: r["address"] for r in standin.records()}["1709551552"] == "ấp Hai"


def test_set_aside_with_a_reason_lets_later_ones_go(
    province: Any, grant: Any, standin: Any
) -> None:
    grant(province.hoa_an, "ấp Một")
    grant(province.hoa_an, "ấp Hai")
    standin.behave("refuse")
    deliver(standin.adapter)
    dead = Message.objects.get(state="dead")
    with pytest.raises(Refused):
        set_aside(province.department, dead)
    set_aside(province.department.because("đã báo bằng văn bản"), dead)
    standin.behave("ok")
    assert deliver(standin.adapter, clock=later(1))["accepted"] == 1
    with pytest.raises(Refused):
        send_again(province.department, Message.objects.get(state="delivered"))


def test_tries_end_and_the_message_is_dead_not_lost(province: Any, grant: Any) -> None:
    grant(province.hoa_an)

    class Down:
        address = "x"

        def send(self, key: str, content: Any) -> Answer:
            return Answer(Outcome.FAILED, 503, "bảo trì")

    for hours in range(0, 400, 7):
        deliver(Down(), clock=later(hours * 60))
    message = Message.objects.get()
    assert (message.state, message.attempts) == ("dead", 16)
    assert message.deliveries.count() == 16


def test_packages_to_hand_in_are_written_once_under_their_key(
    province: Any, grant: Any, tmp_path: Path
) -> None:
    grant(province.hoa_an)
    adapter = FileAdapter(tmp_path / "goi")
    assert deliver(adapter)["accepted"] == 1
    message = Message.objects.get()
    (package,) = (tmp_path / "goi").iterdir()
    assert message.receipt == package.name
    assert json.loads(package.read_text(encoding="utf-8"))["record"]["code"] == "1709551552"
    adapter.send(message.key, message.content)
    assert len(list((tmp_path / "goi").iterdir())) == 1


def test_a_body_that_comes_into_being_is_told(province: Any, the_system: Any) -> None:
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
    message = Message.objects.get()
    body = Cooperative.objects.get(pk=message.cooperative_id)
    assert filing.cooperative_id == body.pk
    assert message.content["record"]["representative"] == "Nguyễn Văn An"


def test_who_sees_which_messages(province: Any, grant: Any) -> None:
    grant(province.hoa_an)
    seen = Message.objects.visible_to
    assert seen(province.district).count() == 1
    assert seen(province.department).count() == 1
    assert seen(province.other_district).count() == 0
