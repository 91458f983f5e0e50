"""Whom the course of a filing tells, of what, until when; and whom it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hoptac.certificates.actions import rotate_key
from hoptac.certificates.models import Certificate
from hoptac.foundation.access import Context, system_context
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.notices.kinds import KINDS
from hoptac.foundation.notices.models import Notice
from hoptac.foundation.notices.wording import in_words
from hoptac.jurisdiction.actions import give_mandate
from hoptac.jurisdiction.models import AdminUnit, Mandate
from hoptac.jurisdiction.places import places
from hoptac.registration import actions
from hoptac.registration.notices import SETTLED_BY
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registration.tests.conftest import Desk


@dataclass
class Office:
    """A district's desk: an examiner, a colleague, a registrar; the director of a body there."""

    examiner: Context
    colleague: Context
    registrar: Context
    director: Context
    province: Context
    elsewhere: Context
    body: Any

    def receive(self, procedure: str = "reissue", **proposal: Any) -> Any:
        papers = procedure_on(procedure, self.examiner.today).papers_required("cooperative")
        return actions.receive(
            self.examiner, procedure, cooperative=self.body, applicant="Trần Văn Nộp",
            papers=papers, proposal=proposal or {"reason": "mất"},
        )  # fmt: skip


@pytest.fixture
def office(officer: Callable[..., Context], cooperative: Callable[..., Any], units: Any) -> Office:
    body = cooperative(name="Hợp tác xã Thu Phát", district="Giồng Riềng", members=20)
    commune = units.a_commune_of("Giồng Riềng")
    now = places(commune.pk).commune_on(commune.pk, timezone.localdate())
    assert now is not None
    here = AdminUnit.objects.get(pk=now.id)
    return Office(
        examiner=officer("registration_officer", unit=here, name="Nguyễn Thẩm Định"),
        colleague=officer("registration_officer", unit=here, name="Lê Đồng Sự"),
        registrar=officer("registrar", unit=here, name="Trần Quyết Định"),
        director=officer("cooperative_director", cooperative_id=body.pk, name="Võ Giám Đốc"),
        province=officer("registrar", name="Phan Tỉnh"),
        elsewhere=officer("registrar", unit=units.district("Tân Hiệp"), name="Đỗ Nơi Khác"),
        body=body,
    )


def told(ctx: Context, *, still: bool = False) -> list[str]:
    """Return the kinds of what a person was told, in order; ``still``: what is not done with."""
    rows = Notice.objects.filter(user=ctx.user).order_by("made_at", "id")
    if still:
        rows = rows.filter(done_at__isnull=True)
    return [n.kind.removeprefix("registration.") for n in rows]


def words(ctx: Context) -> list[str]:
    return [
        t.text
        for t in in_words(ctx, Notice.objects.filter(user=ctx.user).order_by("made_at", "id"))
    ]


def test_what_is_put_forward_reaches_the_registrar_of_the_place_alone(office: Office) -> None:
    filing = office.receive()
    actions.propose(office.examiner, filing, outcome="grant")
    assert told(office.registrar) == ["to_decide"]
    (said,) = words(office.registrar)
    assert (
        said
        == f"Hồ sơ {filing.receipt_number} chờ bạn quyết định: {filing.title}, Hợp tác xã Thu Phát."
    )
    for other in (office.examiner, office.colleague, office.province, office.elsewhere):
        assert told(other) == []


def test_where_no_registrar_sits_whoever_may_decide_is_told_but_not_who_examined(
    office: Office,
) -> None:
    assert office.registrar.user is not None
    type(office.registrar.user).objects.filter(pk=office.registrar.user.pk).update(is_active=False)
    actions.propose(office.examiner, office.receive(), outcome="grant")
    assert told(office.colleague) == ["to_decide"]
    assert told(office.examiner) == told(office.registrar) == []


def test_who_put_a_body_forward_to_be_closed_is_not_asked_to_close_it(office: Office) -> None:
    early = system_context(today=timezone.localdate() - timedelta(days=300))
    desk = Desk(early, None)
    filing = desk.done("dissolution_notice", {"decided_on": early.today, "votes": 90},
                       cooperative=office.body)  # fmt: skip
    actions.find_silence(office.registrar, filing, words="Đã hỏi cơ quan thuế")
    assert told(office.registrar) == []
    assert told(office.examiner) == told(office.colleague) == ["to_close"]
    actions.close_by_silence(office.colleague, filing, signatory="Ai")
    assert told(office.examiner, still=True) == []


def test_sent_back_and_put_forward_again_on_the_same_day(office: Office) -> None:
    filing = office.receive()
    actions.propose(office.examiner, filing, outcome="grant")
    actions.send_back(office.registrar, filing, words="xem lại")
    assert told(office.registrar, still=True) == []
    assert told(office.examiner, still=True) == ["sent_back"]
    actions.propose(office.examiner, filing, outcome="grant")
    assert told(office.examiner, still=True) == []
    assert told(office.registrar) == ["to_decide", "to_decide"]
    assert told(office.registrar, still=True) == ["to_decide"]


def test_a_colleague_who_takes_over_is_told(office: Office) -> None:
    filing = office.receive()
    assert office.colleague.user is not None
    actions.hand_over(office.examiner, filing, to=office.colleague.user)
    assert told(office.colleague) == ["handed_over"]
    actions.propose(office.colleague, filing, outcome="grant")
    assert told(office.colleague, still=True) == []


def test_a_handed_over_dossier_still_waits_for_its_decision(office: Office) -> None:
    filing = office.receive()
    actions.propose(office.examiner, filing, outcome="grant")
    assert office.colleague.user is not None
    actions.hand_over(office.examiner, filing, to=office.colleague.user)
    assert told(office.registrar, still=True) == ["to_decide"]


def test_the_director_follows_the_own_dossier_to_its_certificate(office: Office) -> None:
    filing = actions.begin_online(
        office.director, "reissue", cooperative=office.body, proposal={"reason": "mất"}
    )
    actions.submit(office.director, filing)
    assert told(office.examiner) == ["to_receive"]
    actions.accept(office.examiner, filing)
    assert told(office.colleague, still=True) == []
    actions.ask_supplement(office.examiner, filing, missing=["Điều lệ"])
    assert told(office.director) == ["received", "to_supply"]
    until = f"{filing.supplement_until:%d/%m/%Y}"
    assert until in words(office.director)[1]
    filing.papers.update(state="handed_in")
    actions.supply_online(office.director, filing)
    assert told(office.director, still=True) == ["received"]
    assert told(office.examiner, still=True) == ["supplied"]
    actions.propose(
        office.examiner, filing, outcome="refuse", grounds=["dossier_invalid"], opinion="x"
    )
    actions.decide(office.registrar, filing, outcome="refuse")
    assert told(office.director, still=True) == ["received", "refused"]
    assert filing.decision_number in words(office.director)[-1]
    assert told(office.examiner, still=True) == ["turned_down"]
    assert told(office.registrar, still=True) == []


def test_a_grant_tells_director_and_examiner(office: Office) -> None:
    filing = office.receive()
    actions.propose(office.examiner, filing, outcome="grant")
    actions.decide(office.registrar, filing, outcome="grant")
    assert told(office.director) == ["received", "granted"]
    assert told(office.examiner) == ["decided"]


def test_the_director_hears_of_the_certificate_by_its_number(
    desk: Any, the_system: Context, officer: Callable[..., Context], settings: Any, tmp_path: Any
) -> None:
    settings.CERTIFICATE_KEYS, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "files"
    rotate_key(the_system.because("lần đầu"))
    body = desk.done("establishment", desk.founding(registration_number="1709000019")).cooperative
    director = officer("cooperative_director", cooperative_id=body.pk)
    now = Desk(the_system, desk.commune)
    now.done("reissue", {"reason": "mất"}, cooperative=body)
    assert told(director) == ["received", "granted", "certified"]
    number = Certificate.objects.in_force().get(cooperative=body).number
    assert f"Giấy chứng nhận số {number}" in words(director)[-1]


def test_what_the_office_itself_prepares_is_no_news_for_the_director_before_it_is_decided(
    office: Office,
) -> None:
    filing = office.receive("enforcement_mark", mark_kind="court", issuer="Tòa án", document="1/CV")
    actions.propose(office.examiner, filing, outcome="grant")
    assert told(office.director) == []
    actions.decide(office.registrar, filing, outcome="grant")
    assert told(office.director) == ["granted"]


def test_nobody_is_told_of_what_is_entered_about_days_long_gone(
    office: Office, the_system: Context
) -> None:
    then = the_system.by(today=the_system.today.replace(year=the_system.today.year - 1))
    filing = actions.receive(
        then, "reissue", cooperative=office.body, applicant="Ai", proposal={"reason": "mất"}
    )
    actions.return_filing(then, filing, words="nhầm nơi")
    assert not Notice.objects.exists()


def test_a_moved_registrar_reads_no_more_of_it(
    office: Office, the_system: Context, units: Any
) -> None:
    actions.propose(office.examiner, office.receive(), outcome="grant")
    moved = office.registrar.user
    assert moved is not None
    Mandate.objects.filter(user=moved).delete()
    elsewhere = units.district("Tân Hiệp")
    give_mandate(the_system, moved, role="registrar", unit=elsewhere, from_on=the_system.today)
    assert words(context_of(moved)) == ["Bạn không còn quyền xem nội dung của thông báo này."]


def test_whatever_asks_is_settled_by_some_step() -> None:
    asking = {
        c.removeprefix("registration.")
        for c, k in KINDS.items()
        if k.asks and c.startswith("registration.")
    }
    assert asking == set(SETTLED_BY)
