"""More time: asked for by the agency that leads, decided by whoever ordered the task; the first day is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.foundation.measures import Asked, measure
from hoptac.foundation.notices.models import Notice
from hoptac.tasks import actions, selectors
from hoptac.tasks.models import ExtensionRequest
from hoptac.tasks.steps import present_term

Browse = Callable[[Context], Client]
LATER = date(2021, 2, 28)


def codes(refused: Any) -> set[str]:
    return {f.code for f in refused.value.findings}


def asked(province: Any, task: Any, agency: str = "Sở Kế hoạch", **more: Any) -> ExtensionRequest:
    return actions.ask_extension(
        province.of(agency), province.line(task, agency), **{"due_on": LATER, "words": "Mưa lũ", **more}
    )  # fmt: skip


def test_time_asked_for_is_granted_and_the_day_first_set_is_kept(province: Any) -> None:
    task = province.assigned()
    wish = asked(province, task)
    task.refresh_from_db()
    assert (task.due_on, wish.state) == (date(2020, 12, 15), "waiting")
    actions.grant_extension(province.of("UBND tỉnh"), wish, words="Đồng ý")
    task.refresh_from_db()
    term = present_term(task)
    assert (task.due_on, term.due_on, term.first_due_on) == (LATER, LATER, date(2020, 12, 15))
    assert (wish.state, wish.granted_on, wish.decided_by.name) == ("granted", LATER, "UBND tỉnh")
    actions.extend(province.of("UBND tỉnh"), task, due_on=date(2021, 6, 30), words="Thêm")
    assert present_term(task).first_due_on == date(2020, 12, 15)
    kinds = list(task.steps.order_by("id").values_list("kind", flat=True))[-3:]
    assert kinds == ["extension_asked", "extended", "extended"]
    names = set(Act.objects.filter(subject_id=str(task.pk)).values_list("name", flat=True))
    assert {"tasks.ask_extension", "tasks.grant_extension"} <= names


def test_another_day_than_the_one_asked_for_may_be_granted_but_none_earlier(province: Any) -> None:
    wish = asked(province, province.assigned())
    ubnd = province.of("UBND tỉnh")
    with pytest.raises(Refused) as refused:
        actions.grant_extension(ubnd, wish, due_on=date(2020, 12, 1))
    assert codes(refused) == {"not_later"}
    task = actions.grant_extension(ubnd, wish, due_on=date(2020, 12, 31), words="Đến hết năm")
    assert task.due_on == date(2020, 12, 31)


def test_time_is_refused_with_words_and_the_day_stands(province: Any) -> None:
    task = province.assigned()
    wish = asked(province, task)
    ubnd = province.of("UBND tỉnh")
    with pytest.raises(Refused) as refused:
        actions.refuse_extension(ubnd, wish, words="")
    assert codes(refused) == {"reason_missing"}
    actions.refuse_extension(ubnd, wish, words="Không đủ căn cứ")
    task.refresh_from_db()
    assert (task.due_on, present_term(task).first_due_on) == (date(2020, 12, 15), None)
    with pytest.raises(Refused) as refused:
        actions.grant_extension(ubnd, wish)
    assert codes(refused) == {"state_passed"}
    asked(province, task)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"words": " "}, "reason_missing"),
        ({"due_on": date(2020, 12, 15)}, "not_later"),
        ({"due_on": date(2020, 9, 20)}, "not_later"),
    ],
)
def test_a_request_that_cannot_be_is_refused(
    province: Any, given: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        asked(province, province.assigned(), **given)
    assert codes(refused) == {code}


def test_one_request_waits_at_a_time_and_who_only_helps_asks_for_none(province: Any) -> None:
    task = province.assigned(helpers=("Sở Nông nghiệp",))
    asked(province, task)
    with pytest.raises(Refused) as refused:
        asked(province, task, due_on=date(2021, 3, 1))
    assert codes(refused) == {"asked_already"}
    with pytest.raises(Refused) as refused:
        asked(province, task, "Sở Nông nghiệp")
    assert codes(refused) == {"not_leading"}
    no_day = province.assigned(title="Không thời hạn", due_on=None)
    with pytest.raises(Refused) as refused:
        asked(province, no_day)
    assert codes(refused) == {"no_term_open"}


def test_only_who_ordered_the_task_decides_and_only_who_asked_withdraws(province: Any) -> None:
    wish = asked(province, province.assigned())
    for act in (
        lambda: actions.grant_extension(province.of("Sở Kế hoạch"), wish),
        lambda: actions.refuse_extension(province.of("Sở Nông nghiệp"), wish, words="x"),
        lambda: actions.withdraw_extension(province.of("UBND tỉnh"), wish),
    ):
        with pytest.raises(OutOfReach):
            act()
    actions.withdraw_extension(province.of("Sở Kế hoạch"), wish)
    wish.refresh_from_db()
    assert wish.state == "withdrawn"


def test_of_work_given_on_whoever_ordered_the_task_decides_and_the_one_between_is_told(
    province: Any,
) -> None:
    province.today = day = timezone.localdate()
    task = province.assigned("UBND tỉnh", by="Tỉnh ủy", due_on=day + timedelta(days=30))
    given = actions.give_on(
        province.of("UBND tỉnh"), province.line(task, "UBND tỉnh"), lead=province.agency("Sở Kế hoạch")
    )  # fmt: skip
    actions.accept_assignment(province.of("Sở Kế hoạch"), given)
    between = province.of("UBND tỉnh").user
    wish = asked(province, task, due_on=day + timedelta(days=60))
    assert Notice.objects.filter(kind="tasks.extension_told", user=between).exists()
    with pytest.raises(OutOfReach):
        actions.grant_extension(province.of("UBND tỉnh"), wish)
    actions.grant_extension(province.of("Tỉnh ủy"), wish)


@pytest.mark.parametrize("what", ["reported", "called off", "moved", "reassigned"])
def test_a_request_is_overtaken_by_what_settles_it(province: Any, what: str) -> None:
    province.today = day = timezone.localdate()
    ubnd = province.of("UBND tỉnh")
    task = province.assigned(due_on=day + timedelta(days=30))
    wish = asked(province, task, due_on=day + timedelta(days=60))
    waiting = Notice.objects.filter(kind="tasks.extension_asked", done_at__isnull=True)
    assert waiting.exists()
    match what:
        case "reported":
            province.report(task)
        case "called off":
            actions.cancel_task(ubnd, task, words="Thôi")
        case "moved":
            actions.extend(ubnd, task, due_on=day + timedelta(days=45), words="Dịch bệnh")
        case "reassigned":
            actions.assign(ubnd, task, lead=province.agency("Sở Nông nghiệp"))
    wish.refresh_from_db()
    assert wish.state == "lapsed"
    assert not waiting.exists()


def test_a_request_goes_with_the_duties_of_an_agency_that_has_ended(
    province: Any, the_system: Any
) -> None:
    task = province.assigned()
    wish = asked(province, task)
    gone = province.ends("Sở Kế hoạch", on=province.today, into=("Sở Tài chính",))
    actions.pass_to_successors(the_system.by(today=province.today), gone)
    wish.refresh_from_db()
    assert (wish.state, wish.line.agency.name) == ("waiting", "Sở Tài chính")


def test_whoever_decides_is_told_and_finds_it_on_the_desk(province: Any) -> None:
    province.today = day = timezone.localdate()
    ubnd = province.of("UBND tỉnh")
    task = province.assigned(due_on=day + timedelta(days=30))
    wish = asked(province, task, due_on=day + timedelta(days=60))
    assert Notice.objects.filter(kind="tasks.extension_asked", user=ubnd.user).exists()
    assert selectors.heap_counts(ubnd)["to_extend"] == 1
    actions.refuse_extension(ubnd, wish, words="Không")
    assert selectors.heap_counts(ubnd)["to_extend"] == 0
    so = province.of("Sở Kế hoạch").user
    assert Notice.objects.filter(kind="tasks.extension_refused", user=so).exists()


def test_an_old_form_does_not_decide(province: Any) -> None:
    wish = asked(province, province.assigned())
    with pytest.raises(Conflict):
        actions.grant_extension(province.of("UBND tỉnh"), wish, expected_version=1)
    wish.refresh_from_db()
    assert wish.state == "waiting"


def test_time_is_asked_for_and_granted_on_screen(province: Any, client_of: Browse) -> None:
    province.today = today = timezone.localdate()
    task = province.assigned(due_on=today + timedelta(days=10))
    so, ubnd = client_of(province.of("Sở Kế hoạch")), client_of(province.of("UBND tỉnh"))
    offered = {s.code for s, _line in so.get(f"/tasks/{task.pk}/").context["other_steps"]}
    assert "ask-more-time" in offered
    wanted = today + timedelta(days=40)
    sent = {"due_on": f"{wanted:%d/%m/%Y}", "words": "Chờ nguồn vốn"}
    assert so.post(f"/tasks/{task.pk}/ask-more-time/", sent).status_code == 302
    offered = {s.code for s, _line in so.get(f"/tasks/{task.pk}/").context["other_steps"]}
    assert {"take-back-wish"} == offered & {"ask-more-time", "take-back-wish"}
    assert so.get(f"/tasks/{task.pk}/grant-more-time/").status_code == 404
    page = ubnd.get(f"/tasks/{task.pk}/grant-more-time/")
    assert page.context["form"].initial["due_on"] == wanted
    assert "Chờ nguồn vốn" in page.content.decode()
    assert [t.pk for t in ubnd.get("/tasks/?heap=to_extend").context["tasks"]] == [task.pk]
    given = page.context["form"].initial
    answer = ubnd.post(
        f"/tasks/{task.pk}/grant-more-time/",
        {"due_on": f"{wanted:%d/%m/%Y}", "version": given["version"], "key": given["key"]},
    )
    assert answer.status_code == 302
    task.refresh_from_db()
    assert task.due_on == wanted
    page = so.get(f"/tasks/{task.pk}/").content.decode()
    assert f"{today + timedelta(days=10):%d/%m/%Y}" in page


def test_what_was_extended_is_counted_listed_and_told_in_the_file(
    province: Any, client_of: Browse
) -> None:
    province.today = day = timezone.localdate()
    ubnd = province.of("UBND tỉnh")
    first = province.assigned(title="Xin gia hạn", due_on=day + timedelta(days=30))
    actions.grant_extension(ubnd, asked(province, first, due_on=day + timedelta(days=60)))
    moved = province.assigned(title="Được dời", due_on=day + timedelta(days=30))
    actions.extend(ubnd, moved, due_on=day + timedelta(days=40), words="Dịch bệnh")
    province.assigned(title="Đúng hạn", due_on=day + timedelta(days=30))
    known = measure("tasks.extended")
    assert known is not None
    code = province.unit.province_code
    read = known.take(Asked(province_code=code, on=day, since=day - timedelta(days=1)))
    assert (read.value, [value for _label, value in read.parts]) == (2, [1, 1])
    assert known.take(Asked(province_code=code, on=day, since=day)).value == 0
    so = client_of(province.of("Sở Kế hoạch"))
    assert {t.title for t in so.get(read.href).context["tasks"]} == {"Xin gia hạn", "Được dời"}
    told = b"".join(so.get("/tasks/export/?format=csv").streaming_content).decode("utf-8-sig")
    (row,) = [line for line in told.splitlines() if "Được dời" in line]
    assert (
        f"{day + timedelta(days=30):%d/%m/%Y}" in row
        or f"{day + timedelta(days=30):%Y-%m-%d}" in row
    )
