"""The due days of a month; one's own as a file for a calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hoptac.foundation.pages import needs
from hoptac.tasks.actions.exporting import record_export
from hoptac.tasks.agenda import as_calendar, day_of, month_of, own_days
from hoptac.tasks.asked import Asked
from hoptac.tasks.views.lists import HEAP_NAMES, HeapMixin
from hoptac.tasks.views.pictures import month_asked
from hoptac.ui.views import OfficeView


class Calendar(HeapMixin, OfficeView):
    """A month of due days: weeks on a wide screen, an agenda on a phone."""

    permission = "tasks.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.ask(request)
        day = _day(request.GET.get("day", ""))
        first = month_asked(request.GET.get("month", "")) or (day or self.ctx.today).replace(day=1)
        context = {
            **self.shared(), "month": month_of(self.ctx, self.asked, first), "day": day,
            "of_day": day_of(self.ctx, self.asked, day) if day else [],
            "may_export": self.ctx.may("tasks.export"), "this_month": self.ctx.today.replace(day=1),
        }  # fmt: skip
        return render(request, "tasks/calendar.html", context)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2100 else None


@require_GET
@needs("tasks.export")
def due_days_file(request: HttpRequest) -> HttpResponse:
    """Return the open due days of one's own tasks (or of another heap) as a file for a calendar."""
    ctx = request.ctx  # type: ignore[attr-defined]
    asked = Asked.of(ctx, request.GET)
    asked.heap = asked.heap or "mine"
    if asked.heap not in HEAP_NAMES:
        raise Http404
    days = own_days(ctx, asked)
    record_export(ctx, query=asked.query(), format="ics", rows=len(days))
    text = as_calendar(days, at=timezone.now(), address=settings.PUBLIC_URL.rstrip("/"))
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    word = _("due-days")
    name = f"{word}-{ctx.today:%Y-%m-%d}.ics"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
