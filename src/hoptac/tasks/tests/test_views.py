"""Outline, board, bars over time, calendar and map: what each reader finds there, and what nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.tasks import actions
from hoptac.tasks.models import Task

Browse = Callable[[Context], Client]
VIEWS = ("outline", "board", "gantt", "calendar", "map")


@pytest.fixture
def today(province: Any) -> date:
    province.today = timezone.localdate()
    return province.today


@pytest.fixture
def plan(province: Any) -> Directive:
    reading = {
        "sections": [
            {"path": "II", "title": "Nhiệm vụ", "parent": ""},
            {"path": "I", "title": "Mục tiêu"},
        ]
    }
    return Directive.objects.create(
        province_code=province.unit.province_code, chain="party", level="province", kind="plan", symbol="70-KH/TU",
        title="Kế hoạch thực hiện Kết luận 70", issuer_name="Tỉnh ủy", issued_on=date(2020, 6, 1),
        reading=reading,
    )  # fmt: skip


def test_the_outline_follows_the_documents_sections_and_rolls_progress_up(
    province: Any, client_of: Browse, today: date, plan: Directive
) -> None:
    later = today + timedelta(days=30)
    whole = province.assigned(directive=plan, section="II.1", title="Đào tạo", due_on=later)
    province.assigned(
        directive=plan, section="I", title="Tuyên truyền", due_on=today - timedelta(days=4)
    )
    for n, percent in enumerate((50, 25)):
        part = province.assigned(
            directive=plan, section="II.1", title=f"Lớp {n}", parent=whole, due_on=later
        )
        line = province.line(part, "Sở Kế hoạch")
        actions.report_progress(province.of("Sở Kế hoạch"), line, words="x", percent=percent)
    found = client_of(province.of("Sở Kế hoạch")).get("/tasks/outline/").context["outline"]
    assert found.directive == plan
    assert [(s.path, s.title) for s in found.sections] == [("II", "Nhiệm vụ"), ("I", "Mục tiêu")]
    assert found.sections[0].below[0].path == "II.1"
    assert found.sections[0].rolled.percent == 37
    assert found.sections[1].rolled.late == 1
    assert [n.title for n in found.sections[0].below[0].nodes[0].parts] == ["Lớp 0", "Lớp 1"]


def test_filters_hide_rows_of_the_outline_but_change_no_figure(
    province: Any, client_of: Browse, today: date, plan: Directive
) -> None:
    whole = province.assigned(directive=plan, section="I", title="Đào tạo")
    province.assigned(directive=plan, section="I", title="Lớp", parent=whole)
    province.assigned(directive=plan, section="I", title="Khác")
    so = client_of(province.of("Sở Kế hoạch"))
    found = so.get("/tasks/outline/?q=lop").context["outline"]
    assert [n.title for n in found.sections[0].nodes] == ["Đào tạo"]
    assert not found.sections[0].nodes[0].is_wanted
    assert found.rolled.tasks == 3
    missing = "00000000-0000-4000-8000-00000000dead"
    assert so.get(f"/tasks/outline/?directive={missing}").status_code == 404


def test_a_card_of_the_board_offers_the_steps_of_the_task_to_those_who_may(
    province: Any, client_of: Browse, today: date
) -> None:
    waiting = province.assigned(title="Chờ nhận", accepted=False)
    running = province.assigned(title="Đang làm")
    so = client_of(province.of("Sở Kế hoạch"))
    columns = {c.state: c for c in so.get("/tasks/board/?heap=all").context["columns"]}
    moves = {t.pk: [s.code for s, _line in t.moves] for c in columns.values() for t in c.cards}
    assert moves[waiting.pk] == ["accept", "refuse", "hand-on"]
    assert moves[running.pk] == ["progress", "report"]
    for pk, codes in moves.items():
        for code in codes:
            assert so.get(f"/tasks/{pk}/{code}/").status_code == 200, code
    other = client_of(province.of("Sở Nông nghiệp")).get("/tasks/board/?heap=all")
    assert all(not t.moves for c in other.context["columns"] for t in c.cards)
    assert "Đang làm" in other.content.decode()


def test_a_column_of_the_board_shows_the_first_and_counts_the_rest(
    province: Any, client_of: Browse, today: date
) -> None:
    for n in range(22):
        province.task(by="UBND tỉnh", title=f"Việc {n}")
    page = client_of(province.of("UBND tỉnh")).get("/tasks/board/?heap=all")
    draft = page.context["columns"][0]
    assert (draft.count, len(draft.cards), draft.more) == (22, 20, 2)


def test_bars_show_periods_to_come_and_what_waits_for_what(
    province: Any, client_of: Browse, today: date
) -> None:
    first = province.assigned(title="Rà soát", due_on=today + timedelta(days=20))
    second = province.assigned(title="Giải thể", due_on=today + timedelta(days=60))
    actions.wait_for(province.of("UBND tỉnh"), second, needed=first)
    province.assigned(title="Báo cáo", due={"rhythm": "quarter"})
    so = client_of(province.of("Sở Kế hoạch"))
    chart = so.get("/tasks/gantt/?heap=all&by=agency").context["drawing"]
    assert [r.line.label for r in chart.rows if r.line.is_heading] == ["Sở Kế hoạch"]
    assert len(chart.links) == 1
    quarterly = next(r for r in chart.rows if r.line.label == "Báo cáo")
    assert quarterly.bars[0].css == "running"
    assert {b.css for b in quarterly.bars[1:]} == {"ahead"}
    assert "Giải thể" in so.get("/tasks/gantt/?heap=all&as=table&zoom=month").content.decode()
    assert so.get("/tasks/gantt/?heap=all&zoom=decade&from=2020-13").status_code == 200


def test_a_task_without_a_due_day_is_drawn_from_its_beginning_to_where_the_chart_ends(
    province: Any, client_of: Browse
) -> None:
    province.assigned(title="Làm thường xuyên", due_on=None)
    chart = client_of(province.of("Sở Kế hoạch")).get("/tasks/gantt/?heap=all").context["drawing"]
    bar = next(r.bars[0] for r in chart.rows if r.line.label == "Làm thường xuyên")
    assert (bar.css, bar.x + bar.width) == ("open", chart.width)


def test_the_calendar_shows_a_months_due_days_with_those_to_come(
    province: Any, client_of: Browse, today: date
) -> None:
    due = today + timedelta(days=1)
    province.assigned(title="Nộp báo cáo", due_on=due)
    yearly = {"rhythm": "year", "month": 3, "day": 10}
    province.assigned(title="Sơ kết", due=yearly)
    so = client_of(province.of("Sở Kế hoạch"))
    month = so.get(f"/tasks/calendar/?heap=all&month={due:%Y-%m}").context["month"]
    assert [i.title for d in month.days for i in d.items if d.on == due] == ["Nộp báo cáo"]
    ahead = so.get(f"/tasks/calendar/?heap=all&month={today.year + 1}-03").context["month"]
    found = [(d.on, i.is_ahead) for d in ahead.days for i in d.items if i.title == "Sơ kết"]
    assert found == [(date(today.year + 1, 3, 10), True)]
    assert ahead.days[0].on.weekday() == 0
    of_day = so.get(f"/tasks/calendar/?heap=all&day={due}").context["of_day"]
    assert [d.title for d in of_day] == ["Nộp báo cáo"]


def test_own_due_days_go_out_as_a_calendar_file(
    province: Any, client_of: Browse, today: date
) -> None:
    province.assigned(title="Của tôi", due_on=today + timedelta(days=5))
    province.assigned("Sở Nông nghiệp", title="Của người khác", due_on=today + timedelta(days=5))
    answer = client_of(province.of("Sở Kế hoạch")).get("/tasks/calendar/due-days.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert "Của tôi" in text
    assert "Của người khác" not in text
    assert (
        client_of(province.of("Sở Kế hoạch"))
        .get("/tasks/calendar/due-days.ics?heap=no")
        .status_code
        == 404
    )


def test_the_map_counts_what_is_late_at_each_unit_and_agency(
    province: Any, client_of: Browse, today: date
) -> None:
    province.assigned(title="Trễ", due_on=today - timedelta(days=3))
    province.assigned(title="Kịp", due_on=today + timedelta(days=3))
    so = client_of(province.of("Sở Kế hoạch"))
    found = so.get("/tasks/map/").context["map"]
    assert [(r.name, r.open, r.late) for r in found.agencies] == [("Sở Kế hoạch", 2, 1)]
    assert [t.title for t in so.get(found.agencies[0].href).context["tasks"]] == ["Trễ"]


@pytest.mark.parametrize("view", VIEWS)
def test_a_restricted_task_shows_in_no_view_of_others(
    province: Any, client_of: Browse, today: date, plan: Directive, view: str
) -> None:
    province.assigned(
        title="Mật riêng", reach="recipients", due_on=today - timedelta(days=1), directive=plan
    )
    own = client_of(province.of("Sở Kế hoạch")).get(f"/tasks/{view}/?heap=all")
    other = client_of(province.of("Sở Nông nghiệp")).get(f"/tasks/{view}/?heap=all")
    assert own.status_code == other.status_code == 200
    if view != "map":
        assert "Mật riêng" in own.content.decode()
    else:
        assert own.context["late"] == 1
        assert other.context["late"] == 0
    assert "Mật riêng" not in other.content.decode()
    assert "70-KH/TU" not in other.content.decode()


def test_views_ask_the_database_a_bounded_number_of_times(
    province: Any,
    client_of: Browse,
    today: date,
    plan: Directive,
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(12):
        province.assigned(
            title=f"Việc {n}", directive=plan, section=f"II.{n}", due_on=today + timedelta(days=n),
            helpers=("Sở Nông nghiệp",),
        )  # fmt: skip
    assert Task.objects.count() == 12
    so = client_of(province.of("Sở Kế hoạch"))
    for view in VIEWS:
        so.get(f"/tasks/{view}/?heap=all")
        with django_assert_max_num_queries(26):
            assert so.get(f"/tasks/{view}/?heap=all").status_code == 200
