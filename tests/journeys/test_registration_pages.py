"""Every page of the desk, of the applicant and of the director: sound at each width, and by keys alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hoptac.cases import actions as cases
from hoptac.foundation.access import system_context
from hoptac.registration import actions
from hoptac.registration.models import Filing
from hoptac.registration.rules.procedures import grounds_on, procedure_on
from hoptac.registration.views.filing import STEPS
from tests.browser import THEMES, WIDTHS, assert_sound, shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = timezone.localdate()
LONG = "Hợp tác xã Dịch vụ Nông nghiệp, Thương mại và Du lịch sinh thái Hoà An Phước Long Đông"


class Desk:
    """A district's desk on a busy day: a dossier at every stage."""

    def __init__(
        self, cooperative: Callable[..., Any], officer: Callable[..., Any], units: Any
    ) -> None:
        self.ctx = system_context()
        self.place = units.district("Giồng Riềng")
        self.commune = units.commune("Hòa Hưng")
        self.cooperative = cooperative
        self.officer = officer
        self.body = cooperative(
            name=LONG, commune=self.commune, members=30, area=12, charter_capital=850_000_000,
            registration_number="1709000019", director="Nguyễn Thị Hoàng Oanh",
        )  # fmt: skip
        self.examiner = officer("registration_officer", unit=self.place, name="Nguyễn Thẩm Định")
        self.colleague = officer("registration_officer", unit=self.place, name="Phạm Đồng Nghiệp")
        self.registrar = officer("registrar", unit=self.place, name="Lê Quyết Định")
        self.director = officer(
            "cooperative_director", cooperative_id=self.body.pk, name="Nguyễn Thị Oanh"
        )

    def received(
        self, procedure: str = "reissue", *, on: Any = TODAY, body: Any = None, **proposal: Any
    ) -> Filing:
        ctx = self.ctx.by(today=on, user=self.examiner.user)
        papers = procedure_on(procedure, on).papers_required("cooperative")
        return actions.receive(
            ctx, procedure, cooperative=body or self.body, applicant="Trần Văn Nộp", papers=papers,
            phone="0912 345 678",
            proposal=proposal or {"reason": "Giấy chứng nhận bị mất do mưa lũ tháng 10"},
        )  # fmt: skip

    def asked(self) -> Filing:
        missing = [
            "Điều lệ thiếu chữ ký của người đại diện",
            "Danh sách thành viên chưa có số định danh",
        ]
        return actions.ask_supplement(self.ctx, self.received(), missing=missing)

    def over(self) -> Filing:
        early = TODAY - timedelta(days=90)
        filing = self.received(on=early)
        return actions.ask_supplement(self.ctx.by(today=early), filing, missing=["Điều lệ"])

    def proposed(self, outcome: str = "grant") -> Filing:
        ctx = self.ctx.by(user=self.examiner.user)
        chosen = (
            [grounds_on("refusal", TODAY, "cooperative")[0].code] if outcome == "refuse" else []
        )
        return actions.propose(
            ctx, self.received(), outcome=outcome, grounds=chosen,
            opinion="Hồ sơ không phù hợp với bản chính đã đối chiếu." if outcome == "refuse" else "",
        )  # fmt: skip

    def refused(self) -> Filing:
        ctx = self.ctx.by(user=self.registrar.user)
        return actions.decide(
            ctx, self.proposed("refuse"), outcome="refuse", signatory="Lê Quyết Định"
        )

    def for_later(self) -> Filing:
        begins = {"from_on": TODAY + timedelta(days=20), "until_on": TODAY + timedelta(days=200)}
        body = self.cooperative(name="Hợp tác xã Nghỉ", commune=self.commune)
        filing = self.received("suspension", body=body, **begins)
        actions.propose(self.ctx.by(user=self.examiner.user), filing, outcome="grant")
        ctx = self.ctx.by(user=self.registrar.user)
        return actions.decide(ctx, filing, outcome="grant", signatory="Lê Quyết Định")

    def draft(self) -> Filing:
        return actions.begin_online(
            self.ctx.by(user=self.director.user), "change_registration", cooperative=self.body,
            applicant="Nguyễn Thị Oanh",
            proposal={"address": "Số 12, ấp Hoà A", "from_on": TODAY},
        )  # fmt: skip

    def sent(self) -> Filing:
        return actions.submit(self.ctx.by(user=self.director.user), self.draft())

    def late(self) -> Filing:
        return self.received(on=TODAY - timedelta(days=30))


@pytest.fixture
def desk(cooperative: Any, officer: Any, units: Any) -> Desk:
    return Desk(cooperative, officer, units)


def look(page: Any, address: str, name: str) -> None:
    """Open a page at a desk's width and, in the dark, at a phone's; hold it; keep its picture if asked.

    Where pictures are asked for (``HOPTAC_SHOTS``) it is held at every width in both themes.
    """
    views = [(1440, "light"), (360, "dark")]
    if os.environ.get("HOPTAC_SHOTS"):
        views = [(width, theme) for theme in THEMES for width in WIDTHS]
    for width, theme in views:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        answer = page.goto(address)
        assert answer.status == 200, address
        assert_sound(page)
    for theme in THEMES:
        shoot(page, f"pages/{name}", widths=WIDTHS, theme=theme)


READY = {
    "accept": "sent", "supply": "asked", "decide": "proposed", "send_back": "proposed", "lapse": "over",
}  # fmt: skip
BY_REGISTRAR = {"decide", "send_back"}


def test_the_pages_of_the_desk_are_sound(desk: Desk, browser_of: Callable[..., Any]) -> None:
    late, asked, sent = desk.late(), desk.asked(), desk.sent()
    later, refused = desk.for_later(), desk.refused()
    friend = desk.cooperative(name="Hợp tác xã Bạn", commune=desk.commune)
    desk.received("merger", decided_on=TODAY, votes=60, others=[{"body": str(friend.pk)}])
    page = browser_of(desk.examiner)
    for name, address in {
        "desk": "/registration/", "desk-decided": "/registration/?queue=decided",
        "desk-empty": "/registration/?queue=due_today", "workload": "/registration/workload/",
        "start": "/registration/new/", "start-found": "/registration/new/?q=hoa+an",
        "start-body": f"/registration/new/?body={desk.body.pk}",
        "filing-late": f"/registration/{late.pk}/", "filing-asked": f"/registration/{asked.pk}/",
        "filing-sent": f"/registration/{sent.pk}/", "filing-later": f"/registration/{later.pk}/",
        "filing-refused": f"/registration/{refused.pk}/",
        "amend": f"/registration/{late.pk}/amend/", "papers": f"/registration/{late.pk}/papers/",
    }.items():  # fmt: skip
        look(page, address, name)


@pytest.mark.parametrize("half", [0, 1])
def test_the_pages_of_each_step_are_sound(
    half: int, desk: Desk, browser_of: Callable[..., Any]
) -> None:
    examiner, registrar = browser_of(desk.examiner), browser_of(desk.registrar)
    for code in [c for c in STEPS if c != "carry_out"][half::2]:
        filing = getattr(desk, READY.get(code, "received"))()
        page = registrar if code in BY_REGISTRAR else examiner
        look(page, f"/registration/{filing.pk}/{code}/", f"step-{code}")


def test_the_pages_of_applicant_and_director_are_sound(
    desk: Desk, browser_of: Callable[..., Any], open_page: Callable[..., Any], live_server: Any
) -> None:
    asked, draft = desk.asked(), desk.draft()
    page = browser_of(desk.director)
    for name, address in {
        "own": "/registration/own/", "own-draft": f"/registration/own/{draft.pk}/",
        "own-asked": f"/registration/own/{asked.pk}/", "own-edit": f"/registration/own/{draft.pk}/edit/",
        "own-new": f"/registration/own/new/change_registration/?body={desk.body.pk}",
    }.items():  # fmt: skip
        look(page, address, name)
    stranger = open_page()
    look(stranger, f"{live_server.url}/registration/status/", "status-ask")
    look(stranger, f"{live_server.url}/registration/status/{asked.receipt_code}/", "status")


def test_the_pages_beside_the_desk_are_sound(desk: Desk, browser_of: Callable[..., Any]) -> None:
    cases.record_date(desk.ctx, desk.body, kind="meeting", on=TODAY.replace(year=TODAY.year - 3))
    case = cases.open_case(desk.ctx, desk.body)
    page = browser_of(desk.officer("department_officer", name="Võ Sở Ngành"))
    for name, address in {
        "watch": "/cases/watch/", "cases": "/cases/", "case": f"/cases/{case.pk}/",
        "exchange": "/exchange/", "differences": "/exchange/differences/", "outbox": "/exchange/outbox/",
    }.items():  # fmt: skip
        look(page, address, name)


# --- By keys ----------------------------------------------------------------------------------------


def tab_to(page: Any, words: str, *, most: int = 80) -> None:
    """Press Tab until the focus stands on a control of this name, as a screen reader says it."""
    for _step in range(most):
        page.keyboard.press("Tab")
        named = page.evaluate(
            """() => { const e = document.activeElement;
                const labels = [...(e.labels || [])].map((l) => l.innerText);
                return [e.innerText, e.name, e.value, ...labels].join(" | "); }"""
        )
        if words in named:
            return
    raise AssertionError(f"{words!r} is not reached by {most} stops")


def fill(page: Any, label: str, text: str) -> None:
    tab_to(page, label)
    page.keyboard.type(text)


def test_an_establishment_is_filed_and_decided_by_keys_alone(
    desk: Desk, browser_of: Callable[..., Any]
) -> None:
    page = browser_of(desk.examiner)
    page.goto("/registration/")
    tab_to(page, "Tiếp nhận hồ sơ")
    page.keyboard.press("Enter")
    page.wait_for_url("**/registration/new/")
    tab_to(page, "Đăng ký thành lập: hợp tác xã")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new/establishment/**")
    fill(page, "Họ tên", "Trần Văn Nộp")
    fill(page, "Tên", "Hợp tác xã Nông nghiệp Bàn Phím")
    tab_to(page, "Xã, phường")
    page.keyboard.type("hoa hung")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    fill(page, "Số nhà", "Ấp Một")
    tab_to(page, "Lĩnh vực")
    page.keyboard.press("ArrowDown")
    fill(page, "Vốn điều lệ", "500000000")
    fill(page, "Thành viên", "15")
    fill(page, "Họ tên", "Lê Thị Sáng")
    fill(page, "Chức vụ", "Giám đốc")
    fill(page, "Số định danh", "091185000017")
    for _paper in procedure_on("establishment", TODAY).papers_required("cooperative"):
        tab_to(page, "(bắt buộc)")
        page.keyboard.press("Space")
    tab_to(page, "Tiếp nhận và cấp giấy hẹn")
    page.keyboard.press("Enter")
    page.locator(".filing-stats").wait_for()
    filing = Filing.objects.get()
    assert not filing.papers.filter(state="missing").exists()
    tab_to(page, "Trình quyết định")
    page.keyboard.press("Enter")
    page.wait_for_url("**/propose/")
    tab_to(page, "grant")
    page.keyboard.press("Space")
    tab_to(page, "Trình")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/registration/{filing.pk}/")
    other = browser_of(desk.registrar)
    other.goto("/registration/?queue=to_decide")
    tab_to(other, "Đăng ký thành lập")
    other.keyboard.press("Enter")
    other.locator(".filing-stats").wait_for()
    tab_to(other, "Quyết định")
    other.keyboard.press("Enter")
    other.wait_for_url("**/decide/")
    tab_to(other, "Quyết định theo nội dung trình")
    other.keyboard.press("Enter")
    other.wait_for_url(f"**/registration/{filing.pk}/")
    filing.refresh_from_db()
    assert (filing.state, filing.took_effect_on) == ("granted", TODAY)
