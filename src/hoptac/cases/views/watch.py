"""The watch list, its export, and opening cases from it."""

from __future__ import annotations

import tempfile
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from hoptac.cases import actions
from hoptac.cases.actions.opening import listed_grounds, opened_this_month
from hoptac.cases.forms import WatchForm
from hoptac.cases.in_words import ground_line
from hoptac.cases.panels import watch_box
from hoptac.cases.rules.desk import CaseDeskRule
from hoptac.cases.rules.grounds import name_of, warn_days
from hoptac.cases.watch import unknown_bodies, unknown_counts
from hoptac.cases.watched import (
    ORDERS,
    URGENCIES,
    WatchFilter,
    commune_of,
    export_columns,
    export_rows,
)
from hoptac.foundation.access import Context
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.foundation.rulebook import NotInForce, rule_in_force
from hoptac.foundation.transfers.exports import csv_stream, write_xlsx
from hoptac.jurisdiction.places import places
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.selectors import cooperative_seen
from hoptac.registry.tables import day as day_text
from hoptac.registry.tables import number
from hoptac.ui.views import OfficeView

_A_PAGE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_AT_ONCE = 50


@require_GET
@needs("cases.view")
def box(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return the box of watched grounds of a body's page, as of the page's day."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    body = cooperative_seen(ctx, pk)
    if body is None or not body.is_within(ctx, "cases.view"):
        raise Http404
    try:
        day = date.fromisoformat(request.GET.get("on", "")[:10])
    except ValueError:
        day = ctx.today
    return render(request, "cases/_box.html", {"box": watch_box(ctx, body, min(day, ctx.today))})


class WatchPage(OfficeView):
    """The watch list; those ticked become cases."""

    permission = "cases.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open a case of each body that was ticked: all, or none with the reason."""
        if not self.ctx.may("cases.process"):
            raise PermissionDenied("cases.process")
        try:
            ids = list(dict.fromkeys(UUID(x) for x in request.POST.getlist("body")[:_MOST_AT_ONCE]))
        except ValueError as error:
            raise Http404 from error
        bodies = list(
            Cooperative.objects.visible_to(self.ctx, "cases.process")
            .filter(pk__in=ids)
            .order_by("pk")
        )
        if len(bodies) < len(ids):
            raise Http404
        if not bodies:
            messages.warning(request, _("Tick the bodies whose cases shall be opened."))
            return redirect(f"{reverse('cases:watch')}?{request.GET.urlencode()}")
        try:
            opened = actions.open_cases(self.ctx, bodies=bodies)
        except Refused as refused:
            return self.show(refused.findings, status=422)
        messages.success(
            request,
            ngettext("%(n)s case is open.", "%(n)s cases are open.", len(opened))
            % {"n": len(opened)},
        )
        return redirect(f"{reverse('cases:list')}?queue=to_visit")

    def show(self, findings: Any = (), status: int = 200) -> HttpResponse:
        request, ctx = self.request, self.ctx
        wanted = WatchFilter.read(request.GET, ctx.today)
        asks_unknown = request.GET.get("unknown", "") in wanted.codes
        rows = [] if asks_unknown else wanted.rows(ctx)
        unknown = unknown_counts(ctx, wanted.day, wanted.codes)
        page: Any
        context: dict[str, Any] = {
            "wanted": wanted, "findings": findings, "day_text": day_text(wanted.day),
            "form": WatchForm(initial={"on": wanted.day if wanted.is_past else None}),
            "grounds": [(c, name_of(c)) for c in wanted.codes], "urgencies": URGENCIES.items(),
            "orders": ORDERS.items(), "query": wanted.query(), "warn_days": warn_days(wanted.day),
            "communes": places().communes_on(wanted.day, ctx.coverage("cases.view")),
            "unknown": [(c, name_of(c), number(n)) for c, n in unknown.items() if n],
            "may_open": ctx.may("cases.process") and not wanted.is_past and not wanted.reminds,
            "tabs": [
                {"label": label, "href": f"?{wanted.query(reminds=reminds, ground='', urgency='')}",
                 "is_current": wanted.reminds == reminds}
                for reminds, label in ((False, _("Grounds of law")), (True, _("To remind")))
            ],
            "may_export": ctx.may("cases.export") and not asks_unknown, "quota": self._quota(),
        }  # fmt: skip
        if asks_unknown:
            code = request.GET["unknown"]
            found = unknown_bodies(ctx, wanted.day, code).values(
                "cooperative_id", "name", "commune_id"
            )
            page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
            known = places()
            context["unknown_ground"] = name_of(code)
            context["bodies"] = [
                (
                    b["cooperative_id"],
                    b["name"],
                    p.heading if (p := known.commune_on(b["commune_id"], wanted.day)) else "",
                )
                for b in page
            ]
        else:
            page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
            context["rows"] = [
                {
                    "w": w,
                    "line": ground_line(w.judged, w.kind),
                    "commune": commune_of(w, wanted.day),
                }
                for w in page
            ]
            context["over"] = number(sum(w.judged.standing == "over" for w in rows))
            context["count"] = number(len(rows))
            context["bodies_count"] = number(len({w.cooperative_id for w in rows}))
        page.numbers = list(
            page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        )
        context["page"] = page
        return render(request, "cases/watch.html", context, status=status)

    def _quota(self) -> str:
        """Return how many cases the caller may still open this month, in words."""
        if not self.ctx.may("cases.process") or self.ctx.user is None:
            return ""
        try:
            quota = rule_in_force(CaseDeskRule, on=self.ctx.today).monthly_quota
        except NotInForce:
            return ""
        left = max(0, quota - opened_this_month(self.ctx))
        return _("You may open %(left)s more cases this month (of %(quota)s).") % {
            "left": left, "quota": quota,
        }  # fmt: skip


@require_GET
@needs("cases.export")
def export(request: HttpRequest) -> HttpResponseBase:
    """Return the watch list as ``?format=csv`` or ``xlsx``; the journal notes who took what."""
    form = request.GET.get("format", "xlsx")
    if form not in {"csv", "xlsx"}:
        raise Http404
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    wanted = WatchFilter.read(request.GET, ctx.today)
    rows = wanted.rows(ctx, "cases.export")
    actions.record_export(ctx, query=wanted.query(), format=form, rows=len(rows))
    columns, lines = export_columns(), list(export_rows(rows, wanted.day))
    word = _("watch-list")
    name = f"{word}-{wanted.day:%Y-%m-%d}.{form}"
    answer: Any
    if form == "csv":
        answer = StreamingHttpResponse(
            csv_stream(columns, lines), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    book = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (closed by the response)
    taken = _("Exported by %(name)s on %(day)s; %(count)s rows.") % {
        "name": ctx.user.full_name if ctx.user else "",
        "day": timezone.localtime().strftime("%H:%M %d/%m/%Y"), "count": number(len(rows)),
    }  # fmt: skip
    title = _("Watch list as of %(day)s") % {"day": day_text(wanted.day)}
    write_xlsx(book, columns, lines, title=title, lines=[taken])
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=name, content_type=_XLSX)


class Open(OfficeView):
    """Opening a case of one body: which grounds, and why now."""

    permission = "cases.process"
    body: Cooperative

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.ctx.may(self.permission):
            raise PermissionDenied(self.permission)
        found = cooperative_seen(self.ctx, kwargs["pk"])
        if found is None or not found.is_within(self.ctx, self.permission):
            raise Http404
        self.body = found
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            case = actions.open_case(
                self.ctx, self.body, grounds=request.POST.getlist("ground"),
                words=request.POST.get("words", "")[:1000].replace("\0", ""),
            )  # fmt: skip
        except Refused as refused:
            return self.show(refused.findings, status=422)
        messages.success(request, _("The case is open. Nothing has happened to the body."))
        return redirect("cases:case", case.pk)

    def show(self, findings: Any = (), status: int = 200) -> HttpResponse:
        period = Period.objects.filter(cooperative=self.body, is_latest=True).first()
        context = {
            "body": self.body, "name": period.name if period else "", "findings": findings,
            "lines": [ground_line(j, self.body.kind) for j in listed_grounds(self.body, self.ctx.today)],
        }  # fmt: skip
        return render(self.request, "cases/open.html", context, status=status)
