# ruff: noqa: E501  (a table, one story a line)
"""Every kind of filing in a browser: from the counter, by two officers, to its effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hoptac.registration import actions, selectors
from hoptac.registration.models import Filing, Mark, Undertaking
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registration.tasks import turn
from hoptac.registry.models import Lineage, Period
from tests.browser import assert_no_overflow, shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = timezone.localdate()
SAID = TODAY.strftime("%d/%m/%Y")


@dataclass
class Town:
    """A commune with its examiner, its registrar and a few bodies."""

    ctx: Any
    commune: Any
    new: Callable[..., Any]
    bodies: dict[str, Any] = field(default_factory=dict)

    def body(self, name: str, **details: Any) -> Any:
        self.bodies[name] = self.new(name=name, commune=self.commune, **details)
        return self.bodies[name]

    def done(self, procedure: str, body: Any, proposal: dict[str, Any]) -> Any:
        """Do a filing by its acts: what must stand before the one that is told."""
        papers = procedure_on(procedure, TODAY).papers_required(body.kind)
        filing = actions.receive(self.ctx, procedure, cooperative=body, proposal=proposal,
                                 papers=papers, applicant="Ai", channel="office")  # fmt: skip
        actions.propose(self.ctx, filing, outcome="grant")
        return actions.decide(self.ctx, filing, outcome="grant")


def status(body: Any) -> str:
    return str(Period.objects.get(cooperative=body, is_latest=True).legal_status)


IDENTITY = {
    "name": "Hợp tác xã Nông nghiệp Hừng Đông", "commune": "COMMUNE", "sector": "agriculture",
    "charter_capital": "500.000.000", "members": "15", "area": "20,5",
    "representatives-0-person": "Lê Thị Sáng", "representatives-0-position": "Giám đốc",
    "representatives-0-personal_number": "091185000017",
}  # fmt: skip
PART = {
    "name": "Hợp tác xã Phần {n}", "commune": "COMMUNE", "sector": "trade",
    "charter_capital": "90.000.000", "members": "9",
}  # fmt: skip


def parts(count: int) -> dict[str, str]:
    return {f"new_bodies-{n}-{k}": v.format(n=n + 1) for n in range(count) for k, v in PART.items()}


RESOLVED = {"decided_on": SAID, "votes": "90"}
COURT = {"issuer": "Tòa án nhân dân tỉnh", "document": "01/QĐ-TA", "decided_on": SAID}


def nothing(town: Town, body: Any) -> None:
    """Nothing must stand before."""


def suspended(town: Town, body: Any) -> None:
    town.done("suspension", body, {"from_on": TODAY, "until_on": TODAY + timedelta(days=90)})


def ending(town: Town, body: Any) -> None:
    town.done("dissolution_notice", body, {"decided_on": TODAY, "votes": 90})


def revoked(town: Town, body: Any) -> None:
    town.done("revocation", body, {"grounds": ["forged_dossier"], "reason": "giả mạo"})


def with_branch(town: Town, body: Any) -> None:
    town.done("branch_opening", body, {"branch_kind": "branch", "branch_name": "Chi nhánh Một",
                                       "branch_commune": town.commune.pk})  # fmt: skip


def with_branch_paused(town: Town, body: Any) -> None:
    with_branch(town, body)
    branch = selectors.branches(body.pk, TODAY).get()
    town.done("branch_suspension", body, {"branch": branch.branch_id, "from_on": TODAY,
                                          "until_on": TODAY + timedelta(days=90)})  # fmt: skip


def marked(town: Town, body: Any) -> None:
    town.done(
        "enforcement_mark", body, {"mark_kind": "court", "issuer": "Tòa án", "document": "5/CV"}
    )


@dataclass(frozen=True)
class Story:
    """One filing: what stands before it, what is typed, what is so afterwards."""

    typed: dict[str, Any]
    then: Callable[[Town, Any], Any]
    before: Callable[[Town, Any], None] = nothing
    kind: str = "cooperative"
    more: tuple[str, ...] = ()


def branch_state(town: Town, body: Any) -> Any:
    found = selectors.branches(body.pk, TODAY).first()
    return (found.name, found.state) if found else None


def undertaking(town: Town, body: Any) -> Any:
    found = Undertaking.objects.live().filter(cooperative=body).first()
    return (found.name, found.kind) if found else None


def ended_into(kind: str) -> Callable[[Town, Any], Any]:
    def look(town: Town, body: Any) -> Any:
        return status(body), Lineage.objects.filter(cooperative=body, kind=kind).count()

    return look


STORIES: dict[str, tuple[Story, Any]] = {
    "establishment": (Story(IDENTITY, lambda t, b: Period.objects.get(name=IDENTITY["name"]).members), 15),
    "change_registration": (Story({"name": "Hợp tác xã Tên Mới", "from_on": SAID}, lambda t, b: Period.objects.get(cooperative=b, is_latest=True).name), "Hợp tác xã Tên Mới"),
    "notice_of_change": (Story({"lines": "0111, 0161", "from_on": SAID}, lambda t, b: b.businessline_set.count()), 2),
    "branch_opening": (Story({"branch_kind": "branch", "branch_name": "Chi nhánh Hai", "branch_commune": "COMMUNE"}, branch_state), ("Chi nhánh Hai", "active")),
    "branch_change": (Story({"branch": "FIRST", "branch_name": "Chi nhánh Ba", "from_on": SAID}, branch_state, with_branch), ("Chi nhánh Ba", "active")),
    "branch_closing": (Story({"branch": "FIRST", "from_on": SAID}, branch_state, with_branch), ("Chi nhánh Một", "closed")),
    "branch_suspension": (Story({"branch": "FIRST", "from_on": SAID, "until_on": (TODAY + timedelta(days=90)).strftime("%d/%m/%Y")}, branch_state, with_branch), ("Chi nhánh Một", "suspended")),
    "branch_resumption": (Story({"branch": "FIRST", "from_on": SAID}, branch_state, with_branch_paused), ("Chi nhánh Một", "active")),
    "business_place_opening": (Story({"branch_name": "Kho lúa", "branch_commune": "COMMUNE"}, branch_state), ("Kho lúa", "active")),
    "branch_abroad": (Story({"abroad_kind": "branch_abroad", "branch_name": "Chi nhánh Viêng Chăn", "country": "Lào", "from_on": SAID}, undertaking), ("Chi nhánh Viêng Chăn", "branch_abroad")),
    "enterprise_notice": (Story({"enterprise_kind": "contribution", "enterprise_name": "Công ty Gạo Sạch", "amount": "90.000.000", "money_source": "own", "from_on": SAID}, undertaking), ("Công ty Gạo Sạch", "contribution")),
    "reissue": (Story({"reason": "Bị mất"}, lambda t, b: status(b)), "active"),
    "correction": (Story({"name": "Hợp tác xã Đúng Chữ", "reason": "Sai chính tả"}, lambda t, b: Period.objects.filter(cooperative=b).first().name), "Hợp tác xã Đúng Chữ"),
    "suspension": (Story({"from_on": SAID, "until_on": (TODAY + timedelta(days=90)).strftime("%d/%m/%Y")}, lambda t, b: status(b)), "suspended"),
    "resumption": (Story({"from_on": SAID}, lambda t, b: status(b), suspended), "active"),
    "division": (Story(RESOLVED | parts(2), ended_into("division"), more=("new_bodies",)), ("ended", 2)),
    "separation": (Story(RESOLVED | parts(1) | {"members": "20"}, ended_into("separation")), ("active", 1)),
    "consolidation": (Story(RESOLVED | IDENTITY | {"others-0-body": "Hợp tác xã Láng Giềng"}, ended_into("consolidation")), ("ended", 1)),
    "merger": (Story(RESOLVED | {"others-0-body": "Hợp tác xã Láng Giềng", "members": "33"}, lambda t, b: (status(t.bodies["Hợp tác xã Láng Giềng"]), Period.objects.get(cooperative=b, is_latest=True).members)), ("ended", 33)),
    "conversion": (Story(IDENTITY, ended_into("conversion"), kind="group"), ("ended", 1)),
    "dissolution_notice": (Story(RESOLVED, lambda t, b: status(b)), "ending"),
    "dissolution": (Story({}, lambda t, b: status(b), ending), "ended"),
    "dissolution_cancel": (Story(RESOLVED, lambda t, b: status(b), ending), "active"),
    "compulsory_dissolution": (Story({"issuer": "UBND xã", "document": "02/QĐ-UBND"}, lambda t, b: status(b)), "ending"),
    "revocation": (Story({"grounds": ["idle_12_months"], "reason": "Ngừng 12 tháng"}, lambda t, b: status(b)), "ending"),
    "restoration": (Story({"reason": "Không thuộc trường hợp thu hồi"}, lambda t, b: status(b), revoked), "active"),
    "bankruptcy_opening": (Story(COURT, lambda t, b: status(b)), "bankruptcy"),
    "bankruptcy_declared": (Story(COURT, lambda t, b: status(b)), "ended"),
    "enforcement_mark": (Story({"mark_kind": "tax", "issuer": "Chi cục Thuế", "document": "9/CV-CT"}, lambda t, b: Mark.objects.live().get(cooperative=b).document), "9/CV-CT"),
    "enforcement_lift": (Story({"mark": "FIRST", "document": "10/CV"}, lambda t, b: list(selectors.marks(b.pk, TODAY)), marked), []),
    "reregistration": (Story({"decided_on": SAID}, lambda t, b: Period.objects.get(cooperative=b, is_latest=True).legal_era), "law_2023"),
}  # fmt: skip


def test_every_procedure_has_its_story() -> None:
    assert set(STORIES) == set(PROCEDURES)


def choose(page: Any, name: str, value: str, town: Town) -> None:
    """Choose in a select, a combobox too: by value, or the first that is offered."""
    box = page.locator(f'select[name="{name}"]')
    if value == "COMMUNE":
        value = str(town.commune_now)  # type: ignore[attr-defined]
    if value == "FIRST":
        value = box.locator("option[value]:not([value=''])").first.get_attribute("value")
    box.evaluate("(el, v) => { el.value = v; el.dispatchEvent(new Event('change')); }", value)


def type_in(page: Any, typed: dict[str, Any], town: Town) -> None:
    for name, value in typed.items():
        if isinstance(value, list):
            for one in value:
                page.locator(f'[name="{name}"][value="{one}"]').check()
        elif page.locator(f'select[name="{name}"]').count():
            choose(page, name, value, town)
        else:
            page.locator(f'[name="{name}"]').fill(value)


@pytest.mark.parametrize("code", list(STORIES))
def test_a_filing_from_the_counter_to_its_effect(
    code: str,
    browser_of: Callable[..., Any],
    officer: Callable[..., Any],
    cooperative: Callable[..., Any],
    the_system: Any,
    units: Any,
) -> None:
    story, expected = STORIES[code]
    commune = units.commune("Hòa Hưng")
    now = units.commune("", on=TODAY)
    town = Town(the_system, commune, cooperative)
    town.commune_now = _today(commune)  # type: ignore[attr-defined]
    assert now
    town.body("Hợp tác xã Láng Giềng", members=12)
    body = town.body("Đơn vị Trong Chuyện", kind=story.kind, members=30, area=12)
    story.before(town, body)
    district = units.district("Giồng Riềng")
    examiner = browser_of(officer("registration_officer", unit=district, name="Nguyễn Thẩm Định"))
    registrar = browser_of(officer("registrar", unit=district, name="Lê Quyết Định"))

    is_new = PROCEDURES[code].is_of_new
    examiner.goto(
        f"/registration/new/{code}/?" + ("kind=cooperative" if is_new else f"body={body.pk}")
    )
    for which in story.more:
        examiner.locator(f'button[name="more"][value="{which}"]').click()
    examiner.locator('[name="applicant"]').fill("Trần Văn Nộp")
    type_in(examiner, story.typed, town)
    for box in examiner.locator('input[name="papers"]').all():
        box.check()
    shoot(examiner, f"{code}/1-intake")
    examiner.locator("main form .form-actions .primary").click()
    examiner.locator(".filing-stats").wait_for()
    shoot(examiner, f"{code}/2-dossier")
    assert_no_overflow(examiner)
    filing = Filing.objects.latest("id")
    examiner.goto(f"/registration/{filing.pk}/propose/")
    examiner.locator('input[name="outcome"][value="grant"]').check()
    examiner.locator("main form .form-actions .primary").click()
    examiner.wait_for_url(f"**/registration/{filing.pk}/")
    registrar.goto(f"/registration/{filing.pk}/")
    registrar.locator(f'a[href$="/{filing.pk}/decide/"]').click()
    registrar.locator('[name="signatory"]').fill("Lê Quyết Định")
    shoot(registrar, f"{code}/3-decision")
    registrar.locator("main form .form-actions .primary").click()
    registrar.wait_for_url(f"**/registration/{filing.pk}/")
    shoot(registrar, f"{code}/4-after")

    turn(the_system)
    filing.refresh_from_db()
    assert filing.state == "granted"
    assert filing.took_effect_on == TODAY
    assert story.then(town, body) == expected


def _today(commune: Any) -> Any:
    from hoptac.jurisdiction.places import places

    found = places(commune.pk).commune_on(commune.pk, TODAY)
    assert found is not None
    return found.id
