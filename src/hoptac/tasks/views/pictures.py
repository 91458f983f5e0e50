"""Tasks as an outline, a board, bars over time, and on the map of who is late."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from hoptac.foundation.access import Context
from hoptac.tasks.asked import Asked
from hoptac.tasks.boards import board, fits, sides_of
from hoptac.tasks.charts.gantt import ZOOMS, add_months, draw
from hoptac.tasks.latemaps import late_map
from hoptac.tasks.outlines import outline, plan_of
from hoptac.tasks.steps import allowed
from hoptac.tasks.timelines import lines_of, with_beginning
from hoptac.tasks.views.lists import HeapMixin
from hoptac.tasks.views.offers import STEPS, is_due, suits
from hoptac.ui.views import OfficeView

_GANTT_ROWS = 60
ZOOM_NAMES = {
    "month": gettext_lazy("3 months"), "quarter": gettext_lazy("15 months"), "year": gettext_lazy("5 years"),
}  # fmt: skip


class Outline(OfficeView):
    """A plan's tasks by the sections of its document, with what is part of what."""

    permission = "tasks.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = Asked.of(self.ctx, request.GET)
        directive = plan_of(self.ctx, asked.directive)
        if directive is None and asked.directive:
            raise Http404
        context: dict[str, Any] = {
            "asked": asked, "choices": asked.choices(self.ctx), "query": asked.query(),
        }  # fmt: skip
        if directive is not None:
            opened = request.GET.get("open", "")[:60]
            context["outline"] = outline(self.ctx, asked, directive, opened=opened)
            context["query"] = asked.query(directive=directive.pk)
        return render(request, "tasks/outline.html", context)


class Board(HeapMixin, OfficeView):
    """The tasks of a heap in columns by state; a card moves by the steps of the task alone."""

    permission = "tasks.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.ask(request)
        columns = board(self.ctx, self.asked)
        cards = [card for column in columns for card in column.cards]
        _offer_steps(self.ctx, cards)
        for card in cards:
            card.left = card.days_left(self.ctx.today)
            card.late_days = -card.left if card.left is not None and card.left < 0 else 0
        for column in columns:
            column.href = self.asked.query(state=column.state.value)
        return render(request, "tasks/board.html", {**self.shared(), "columns": columns})


def _offer_steps(ctx: Context, tasks: list[Any]) -> None:
    """Let each task know the steps that the caller may take now (``moves``: step and line)."""
    sides = sides_of(ctx, tasks)
    for task in tasks:
        side = sides[task.pk]
        moves: list[tuple[Any, Any]] = []
        for step in STEPS.values():
            if (
                not step.moves_card
                or step.of in {"wish", "own_wish"}
                or not ctx.may(step.permission)
                or not allowed(task, step.kind)
            ):
                continue
            if step.of == "line":
                moves += [(step, line) for line in side.lines if _fits(step.code, line, side)]
            elif step.of == "task":
                moves += [(step, None)] if side.orders and suits(step.code, task) else []
            elif side.judges and side.term is not None and is_due(step.code, side.term, ctx.today):
                moves.append((step, None))
        task.moves = moves


def _fits(code: str, line: Any, side: Any) -> bool:
    reported = side.term is not None and side.term.reported_by_id == line.pk
    return fits(code, line, is_given_on=line.pk in side.given_on, is_reported=reported)


class Gantt(HeapMixin, OfficeView):
    """Tasks as bars over time, by agency or by plan; the same as a table for who reads it aloud or on a phone."""

    permission = "tasks.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.ask(request)
        today = self.ctx.today
        zoom = request.GET.get("zoom") if request.GET.get("zoom") in ZOOMS else "quarter"
        group = request.GET.get("by") if request.GET.get("by") in {"agency", "plan"} else "plan"
        scale = ZOOMS[str(zoom)]
        back = {"month": 1, "quarter": 6, "year": 36}[str(zoom)]
        begins = month_asked(request.GET.get("from", "")) or add_months(today, -back)
        order = (
            ("lead__name", "lead") if group == "agency" else ("-directive__issued_on", "directive")
        )
        tasks = self.asked.tasks(self.ctx).order_by(*order, "section", "position", "id")
        pages = Paginator(tasks, _GANTT_ROWS)
        page: Any = pages.get_page(request.GET.get("page"))
        page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
        rows = with_beginning(tasks.filter(pk__in=[t.pk for t in page.object_list]))
        shown = list(rows.for_rows())
        until = add_months(begins, scale.months)
        lines = lines_of(self.ctx, shown, until=until, group=str(group))
        for task in shown:
            task.left = task.days_left(today)
            task.late_days = -task.left if task.left is not None and task.left < 0 else 0
        here = {"zoom": zoom, "by": group, "from": f"{begins:%Y-%m}"}
        context = {
            **self.shared(), "drawing": draw(lines, begins_on=begins, zoom=scale, today=today), "page_obj": page,
            "zooms": [(z, ZOOM_NAMES[z], z == zoom) for z in ZOOMS], "by": group, "rows": shown, "zoom": zoom,
            "before": f"{add_months(begins, -scale.step):%Y-%m}", "after": f"{add_months(begins, scale.step):%Y-%m}",
            "here": here, "as_table": request.GET.get("as") == "table",
        }  # fmt: skip
        return render(request, "tasks/gantt.html", context)


def month_asked(text: str) -> date | None:
    """Return the first of a month given as ``2026-11``; nothing where it is none between 1990 and 2100."""
    year, _, month = text.partition("-")
    if not (year.isdecimal() and month.isdecimal() and len(text) <= 7):
        return None
    if not (1990 <= int(year) <= 2100 and 1 <= int(month) <= 12):
        return None
    return date(int(year), int(month), 1)


class LateMap(OfficeView):
    """Where tasks are late: units on the map, the province's agencies as bars, all of it as a table."""

    permission = "tasks.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = Asked.of(self.ctx, request.GET)
        found = late_map(self.ctx, asked)
        context = {
            "map": found, "asked": asked, "choices": asked.choices(self.ctx), "query": asked.query(),
            "open": sum(r.open for r in (*found.units, *found.agencies)),
            "late": sum(r.late for r in (*found.units, *found.agencies)),
        }  # fmt: skip
        return render(request, "tasks/map.html", context)
