"""A task from its order to its judgement in both lines of command; who hears of a late one; every view is sound."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from psycopg.types.range import DateRange

from hoptac.directives.models import Directive, Passage, PassageActor
from hoptac.foundation.accounts.models import User
from hoptac.foundation.notices.sending import deliver
from hoptac.jurisdiction import offices
from hoptac.jurisdiction.models import Agency
from hoptac.tasks import actions
from hoptac.tasks.models import Task
from tests.browser import assert_accessible, assert_no_overflow, shoot
from tests.mail_sink import MailSink, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = timezone.localdate()
VIEWS = ("/tasks/", "/tasks/outline/", "/tasks/board/", "/tasks/gantt/", "/tasks/calendar/", "/tasks/agencies/",
         "/tasks/map/")  # fmt: skip


@pytest.fixture
def province(units: Any, officer: Callable[..., Any], the_system: Any) -> Any:
    """Return agencies of both lines of command, an officer in each, and a plan of the Party."""
    offices.forget()
    unit = units.province()
    found: dict[str, Any] = {}
    for code, name, kind in (
        ("tu", "Tỉnh ủy", "party"), ("ubnd", "UBND tỉnh", "committee"), ("so", "Sở Kế hoạch", "department"),
    ):  # fmt: skip
        found[code] = Agency.objects.create(
            code=code, name=name, short_name=name, kind=kind, unit=unit, province_code=unit.province_code,
            valid=DateRange(date(2010, 1, 1), None),
        )  # fmt: skip
        found[f"desk_{code}"] = officer("sector_officer", agency=found[code], name=f"Cán bộ {name}")
    found["plan"] = Directive.objects.create(
        province_code=unit.province_code, chain="party", level="province", kind="plan", symbol="70-KH/TU",
        title="Kế hoạch thực hiện Kết luận 70", issuer=found["tu"], issuer_name="Tỉnh ủy", issued_on=date(2020, 6, 1),
    )  # fmt: skip
    found["overseer"] = officer("party_office", unit=unit, name="Văn phòng Tỉnh ủy")
    found["system"] = the_system.by(today=TODAY)
    return found


def given(p: Any, title: str, due_on: date) -> Any:
    """Return a task of the Party committee that the People's Committee accepted and gave on to the department."""
    task = actions.create_task(p["system"], title=title, assigner=p["tu"], directive=p["plan"], section="II.1",
                               due={"due_on": due_on})  # fmt: skip
    actions.assign(p["system"], task, lead=p["ubnd"])
    above = actions.accept_assignment(p["system"], task.assignments.get())
    actions.give_on(p["system"], above, lead=p["so"])
    return task


def test_a_task_goes_down_two_lines_of_command_and_its_proof_is_judged_once(
    province: Any, browser_of: Callable[..., Any], tmp_path: Any
) -> None:
    task = given(province, "Giải thể hợp tác xã ngừng hoạt động", TODAY + timedelta(days=20))
    desk = browser_of(province["desk_so"])
    desk.goto("/tasks/board/")
    card = desk.locator(".board-card", has_text="Giải thể")
    card.locator("summary").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/tasks/{task.pk}/accept/**")
    desk.locator("main form .form-actions .primary").click()
    desk.wait_for_url(f"**/tasks/{task.pk}/")
    desk.goto(f"/tasks/{task.pk}/report/")
    desk.locator('[name="result"]').fill("Đã giải thể 03 hợp tác xã.")
    paper = tmp_path / "quyet-dinh.txt"
    paper.write_text("Quyết định", encoding="utf-8")
    desk.locator('[name="brought"]').set_input_files(paper)
    desk.locator("main form .form-actions .primary").click()
    desk.wait_for_url(f"**/tasks/{task.pk}/")

    judge = browser_of(province["desk_ubnd"])
    judge.goto("/notices/")
    judge.locator(".notice.unread a", has_text="Giải thể").first.click()
    judge.wait_for_url(f"**/tasks/{task.pk}/")
    judge.goto(f"/tasks/{task.pk}/judge/")
    judge.locator("main form .form-actions .primary").click()
    judge.wait_for_url(f"**/tasks/{task.pk}/")
    task.refresh_from_db()
    assert task.state == "done"
    overseer = browser_of(province["overseer"])
    overseer.goto("/plan/")
    assert "100 %" in overseer.locator(".share-list .whole").inner_text()
    assert_accessible(overseer)
    assert_no_overflow(overseer)


def test_a_late_task_rings_the_bell_of_who_oversees_and_goes_out_by_mail(
    province: Any, browser_of: Callable[..., Any], settings: Any
) -> None:
    with MailSink() as sink:
        settings.SMTP_URL = sink.url
        User.objects.filter(pk=province["overseer"].user.pk).update(email="van.phong@x.vn")
        task = given(province, "Việc quá hạn", TODAY - timedelta(days=60))
        actions.escalate(province["system"], task.terms.get())
        page = browser_of(province["overseer"])
        page.goto("/")
        assert page.locator(".bell-count").inner_text() == "1"
        deliver()
        (letter,) = sink.to("van.phong@x.vn")
        assert "Việc quá hạn" in text_of(letter)
    page.goto("/plan/")
    assert "Việc quá hạn" in page.locator(".worst").inner_text()


def test_every_view_of_tasks_is_sound_on_phone_and_desk_in_light_and_dark(
    province: Any, browser_of: Callable[..., Any]
) -> None:
    given(province, "Việc đang làm", TODAY + timedelta(days=9))
    given(province, "Việc quá hạn", TODAY - timedelta(days=9))
    page = browser_of(province["desk_so"])
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for view in VIEWS:
            page.goto(f"{view}?heap=all")
            for width in (360, 1440):
                page.set_viewport_size({"width": width, "height": 900})
                assert_no_overflow(page)
            assert_accessible(page)
            shoot(page, f"tasks{view.replace('/', '-')}", theme=theme)


def test_a_proposal_for_many_becomes_parts_of_all_and_is_taken_back_while_nobody_answered(
    province: Any, browser_of: Callable[..., Any]
) -> None:
    passage = Passage.objects.create(
        directive=province["plan"], position=1, section="II.1", start=0, end=4, words="Các sở rà soát.",
        content="Rà soát hợp tác xã",
    )  # fmt: skip
    PassageActor.objects.create(
        passage=passage, is_lead=True, part="lead", position=1, named="Các sở, ban, ngành", group="department"
    )  # fmt: skip
    Directive.objects.filter(pk=province["plan"].pk).update(keeper=province["tu"], text="Các sở rà soát.")  # fmt: skip
    page = browser_of(province["overseer"])
    page.goto(f"/directives/{province['plan'].pk}/reading/")
    page.locator('button[value="accept_next"]').click()
    page.wait_for_url("**/spread/?from=reading")
    assert_accessible(page)
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert_no_overflow(page)
    shoot(page, "tasks-spread")
    assert page.get_by_label("Sở Kế hoạch").is_checked()
    assert not page.get_by_label("UBND tỉnh", exact=True).is_checked()
    page.locator('[name="due_on"]').fill(f"{TODAY + timedelta(days=30):%d/%m/%Y}")
    page.locator("main form.form .form-actions .primary").click()
    page.wait_for_url("**/reading/**")
    task = Task.objects.get(passage=passage)
    part = task.children.get()
    assert (part.lead, part.due_on) == (province["so"], TODAY + timedelta(days=30))
    page.goto(f"/tasks/{task.pk}/gather/")
    page.locator('[name="words"]').fill("Giao nhầm")
    page.locator("main form .form-actions .primary").click()
    page.wait_for_url(f"**/tasks/{task.pk}/")
    task.refresh_from_db()
    part.refresh_from_db()
    assert (task.state, part.state) == ("draft", "cancelled")


def test_an_agency_asks_for_more_time_and_whoever_ordered_the_task_grants_it(
    province: Any, browser_of: Callable[..., Any]
) -> None:
    due = TODAY + timedelta(days=10)
    task = actions.create_task(
        province["system"], title="Rà soát", assigner=province["ubnd"], due={"due_on": due}
    )
    actions.assign(province["system"], task, lead=province["so"])
    actions.accept_assignment(province["system"], task.assignments.get())
    desk = browser_of(province["desk_so"])
    desk.goto(f"/tasks/{task.pk}/ask-more-time/")
    desk.locator('[name="due_on"]').fill(f"{due + timedelta(days=20):%d/%m/%Y}")
    desk.locator('[name="words"]').fill("Chờ nguồn vốn")
    desk.locator("main form .form-actions .primary").click()
    desk.wait_for_url(f"**/tasks/{task.pk}/")
    above = browser_of(province["desk_ubnd"])
    above.goto("/notices/")
    above.locator(".notice.unread a", has_text="Rà soát").first.click()
    above.wait_for_url(f"**/tasks/{task.pk}/")
    assert "Chờ nguồn vốn" in above.locator(".wish").inner_text()
    assert_accessible(above)
    shoot(above, "tasks-more-time")
    above.locator(f'a[href="/tasks/{task.pk}/grant-more-time/"]').click()
    above.locator("main form .form-actions .primary").click()
    above.wait_for_url(f"**/tasks/{task.pk}/")
    task.refresh_from_db()
    assert task.due_on == due + timedelta(days=20)
    assert f"{due:%d/%m/%Y}" in above.locator(".task-facts").inner_text()
