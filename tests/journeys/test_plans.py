"""A year's plans in a browser: the province's from its target list, a commune's from the province's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from psycopg.types.range import DateRange

from hoptac.jurisdiction import offices, scope
from hoptac.jurisdiction.models import Agency
from hoptac.plans import actions
from hoptac.plans.models import YearPlan
from tests.browser import THEMES, WIDTHS, assert_sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bodies(units: Any) -> dict[str, Agency]:
    """The province's committee and the office of one commune of today."""
    today = timezone.localdate()
    offices.forget()
    scope.forget()
    commune = units.commune("", on=today)
    give = {"kind": "committee", "valid": DateRange(date(2010, 1, 1), None)}
    return {
        "province": Agency.objects.create(
            code="ubnd",
            name="UBND tỉnh",
            short_name="UBND tỉnh",
            unit=units.province(today),
            province_code=commune.province_code,
            **give,
        ),
        "commune": Agency.objects.create(
            code="xa",
            name=f"UBND {commune.full_name}",
            short_name="Xã",
            unit=commune,
            province_code=commune.province_code,
            **give,
        ),
    }


def _submit_by(page: Any, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()
    page.locator(".messages .findings.success").wait_for()


def test_from_the_target_list_to_what_was_reached(
    browser_of: Callable[..., Any],
    officer: Callable[..., Any],
    cooperative: Callable[..., Any],
    bodies: dict[str, Agency],
) -> None:
    today = timezone.localdate()
    cooperative(
        members=40, commune=bodies["commune"].unit, on=today, established_on=date(2015, 6, 1)
    )
    ubnd_ctx = officer("department_officer", agency=bodies["province"]).by(today=today)
    xa_ctx = officer("registrar", unit=bodies["commune"].unit).by(today=today)
    listed = actions.draft_plan(
        ubnd_ctx, agency=bodies["province"], approver=bodies["province"], kind="target_list", year=today.year,
        last_year=today.year + 4, tie="x",
    )  # fmt: skip
    actions.set_target(
        ubnd_ctx,
        listed,
        code="HTX-11",
        values={
            "name": "Tổng số thành viên",
            "unit_name": "người",
            "measure": "statistics.members",
            "planned": Decimal(90),
            "path": {str(today.year): "50"},
        },
    )
    actions.submit(ubnd_ctx, listed)
    actions.approve(ubnd_ctx, listed)

    ubnd = browser_of(ubnd_ctx)
    year = today.year
    ubnd.goto(
        f"/plans/new/?year={year}&agency={bodies['province'].pk}&parent={listed.pk}&approver={bodies['province'].pk}"
    )
    ubnd.fill("[name=tie]", "Theo kế hoạch phát triển kinh tế - xã hội")
    _submit_by(ubnd, "Bắt đầu dự thảo")
    assert ubnd.locator("#targets").get_by_text("50", exact=True).first.is_visible()
    plan = YearPlan.objects.get(kind="year")
    ubnd.get_by_role("link", name="Trình phê duyệt").click()
    _submit_by(ubnd, "Trình phê duyệt")
    ubnd.get_by_role("link", name="Phê duyệt", exact=True).click()
    _submit_by(ubnd, "Phê duyệt kế hoạch")

    xa = browser_of(xa_ctx)
    xa.goto(
        f"/plans/new/?year={year}&agency={bodies['commune'].pk}&parent={plan.pk}&approver={bodies['province'].pk}"
    )
    xa.fill("[name=tie]", "Theo kế hoạch của xã")
    _submit_by(xa, "Bắt đầu dự thảo")
    assert xa.locator("#targets").get_by_text("40", exact=True).first.is_visible()
    xa.get_by_role("link", name="Trình phê duyệt").click()
    _submit_by(xa, "Trình phê duyệt")
    part = YearPlan.objects.get(agency=bodies["commune"])

    ubnd.goto("/plans/?heap=to_approve")
    ubnd.get_by_role("link", name=part.title).click()
    ubnd.get_by_role("link", name="Trả lại", exact=True).click()
    ubnd.fill("[name=words]", "Nâng chỉ tiêu thành viên")
    _submit_by(ubnd, "Trả lại kế hoạch")

    xa.reload()
    assert xa.get_by_text("Nâng chỉ tiêu thành viên").is_visible()
    xa.get_by_role("link", name="Sửa", exact=True).click()
    xa.fill("[name=planned]", "45")
    _submit_by(xa, "Lưu")
    xa.get_by_role("link", name="Trình phê duyệt").click()
    _submit_by(xa, "Trình phê duyệt")
    ubnd.goto(f"/plans/{part.pk}/approve/")
    _submit_by(ubnd, "Phê duyệt kế hoạch")
    xa.goto(f"/plans/{part.pk}/issue/")
    xa.fill("[name=symbol]", "12/KH-UBND")
    xa.fill("[name=issued_on]", f"{today:%d/%m/%Y}")
    _submit_by(xa, "Ghi nhận văn bản")
    part.refresh_from_db()
    assert part.state == "issued"

    ubnd.goto(f"/plans/{plan.pk}/roll-up/")
    row = ubnd.locator("tbody tr").first
    assert row.locator("td").all_inner_texts()[1:7] == ["50", "45", "-5", "40", "40", "0"]


def test_every_page_is_sound_at_every_width_and_theme(
    browser_of: Callable[..., Any], officer: Callable[..., Any], bodies: dict[str, Agency], tmp_path: Path,
) -> None:  # fmt: skip
    today = timezone.localdate()
    ctx = officer("department_officer", agency=bodies["province"]).by(today=today)
    plan = actions.draft_plan(
        ctx,
        agency=bodies["province"],
        approver=bodies["province"],
        year=today.year,
        template="annex",
    )
    page = browser_of(ctx)
    at = f"/plans/{plan.pk}/"
    for path in (
        "/plans/",
        "/plans/new/",
        at,
        f"{at}annexes/",
        f"{at}roll-up/",
        f"{at}targets/HTX-01/",
        f"{at}texts/",
    ):
        for width in WIDTHS:
            for theme in THEMES:
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=theme)
                page.goto(path)
                assert_sound(page)
