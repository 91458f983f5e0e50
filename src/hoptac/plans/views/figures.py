"""Figures of a plan beyond its page: the roll-up of its parts, the annexes, files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hoptac.foundation.documents.official import OfficialDocument, to_docx, to_pdf
from hoptac.foundation.transfers.exports import ExportColumn
from hoptac.plans import roll_up
from hoptac.plans.actions import record_export
from hoptac.plans.annexes import annex_lines
from hoptac.plans.documents import annex_cells, annex_columns, document_of
from hoptac.plans.figures import lines_of
from hoptac.plans.terms import PlanKind
from hoptac.plans.views.base import PlanView
from hoptac.plans.views.lists import workbook

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WRITERS: dict[str, tuple[Callable[[OfficialDocument], bytes], str]] = {
    "docx": (to_docx, _DOCX), "pdf": (to_pdf, "application/pdf"),
}  # fmt: skip


class RollUpPage(PlanView):
    """The districts' plans against the plan: sums, differences, who plans what for one target."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        day, code = self.day(), request.GET.get("target", "")
        rolled = roll_up.roll_up(self.ctx, self.plan, day)
        chosen = next((r for r in rolled.rows if r.line.target.code == code), None)
        if code and chosen is None:
            raise Http404
        parts = roll_up.part_lines(self.ctx, self.plan, code, day) if chosen else []
        context = {"plan": self.plan, "rolled": rolled, "day": day, "chosen": chosen, "part_lines": parts}  # fmt: skip
        return render(request, "plans/roll_up.html", context)


class AnnexPage(PlanView):
    """Annex 1 and 2 of the plan as they go into its document."""

    def find(self, pk: Any) -> Any:
        plan = super().find(pk)
        return plan if plan is not None and plan.kind == PlanKind.YEAR else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plan, ctx = self.plan, self.ctx
        annexes = [
            {"number": n, "title": title, "lines": annex_lines(ctx, plan, n, ctx.today)}
            for n, title in ((1, _("Annex 1. Targets")), (2, _("Annex 2. Cooperatives by sector")))
        ]
        context = {
            "plan": plan, "annexes": annexes, "may_export": ctx.may("plans.export"), "year_before": plan.year - 1,
            "year_after": plan.year + 1,
        }  # fmt: skip
        return render(request, "plans/annexes.html", context)


class Workbook(PlanView):
    """``?what=targets``, ``roll_up``, ``annex1`` or ``annex2`` as a workbook; the journal notes who took it."""

    permission = "plans.export"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        what, plan, ctx = request.GET.get("what", "targets"), self.plan, self.ctx
        made = {
            "targets": self._targets,
            "roll_up": self._roll_up,
            "annex1": self._annex,
            "annex2": self._annex,
        }
        if what not in made or (what.startswith("annex") and plan.kind != PlanKind.YEAR):
            raise Http404
        columns, rows = made[what](what)
        record_export(ctx, what=f"{what}:{plan.pk}", format="xlsx", rows=len(rows))
        as_of = _("As of %(day)s.") % {"day": f"{self.day():%d/%m/%Y}"}
        return workbook(f"ke-hoach-{plan.year}-{what}.xlsx", columns, rows, plan.title, [as_of])

    def _targets(self, what: str) -> tuple[list[ExportColumn], list[Any]]:
        columns = [
            ExportColumn(_("Code"), "text", 12),
            ExportColumn(pgettext("plan", "Target"), "text", 50),
            ExportColumn(_("Unit of measurement"), "text", 14),
            ExportColumn(_("Year before"), "decimal"),
            ExportColumn(_("Planned"), "decimal"),
            ExportColumn(_("Actual"), "decimal"),
            ExportColumn(_("As of"), "date"),
            ExportColumn(_("In % of the plan"), "decimal"),
            ExportColumn(_("Standing"), "text", 20),
            ExportColumn(_("Source"), "text", 40),
            ExportColumn(_("Responsible agency"), "text", 36),
        ]
        rows = [
            (
                t.target.code,
                t.target.name,
                t.target.unit_name,
                t.before,
                t.planned,
                t.value,
                t.actual.as_of if t.actual else None,
                t.percent,
                str(t.standing.label),
                t.actual.source if t.actual else "",
                t.target.responsible.name if t.target.responsible else "",
            )
            for t in lines_of(self.plan, self.day())
        ]
        return columns, rows

    def _roll_up(self, what: str) -> tuple[list[ExportColumn], list[Any]]:
        columns = [
            ExportColumn(_("Code"), "text", 12),
            ExportColumn(pgettext("plan", "Target"), "text", 50),
            ExportColumn(_("Unit of measurement"), "text", 14),
            ExportColumn(_("Planned"), "decimal"),
            ExportColumn(_("Planned by the parts"), "decimal"),
            ExportColumn(pgettext("plan", "Difference"), "decimal"),
            ExportColumn(_("Actual"), "decimal"),
            ExportColumn(_("Actual of the parts"), "decimal"),
            ExportColumn(pgettext("plan", "Difference"), "decimal"),
            ExportColumn(pgettext("plan", "Parts"), "integer"),
        ]
        rows = [
            (
                r.line.target.code,
                r.line.target.name,
                r.line.target.unit_name,
                r.line.planned,
                r.planned,
                r.planned_gap,
                r.line.value,
                r.actual,
                r.actual_gap,
                r.count,
            )
            for r in roll_up.roll_up(self.ctx, self.plan, self.day()).rows
        ]
        return columns, rows

    def _annex(self, what: str) -> tuple[list[ExportColumn], list[Any]]:
        titles = annex_columns(self.plan.year)
        kinds: tuple[Any, ...] = ("integer", "text", "text", *(["decimal"] * 6))
        columns = [
            ExportColumn(t, k, 50 if t == titles[1] else None)
            for t, k in zip(titles, kinds, strict=True)
        ]
        lines = annex_lines(self.ctx, self.plan, int(what[-1]), self.ctx.today)
        return columns, [annex_cells(n, line) for n, line in enumerate(lines, 1)]


class Document(PlanView):
    """The plan as an official document, ``docx`` or ``pdf``."""

    permission = "plans.export"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs["format"] not in _WRITERS or self.plan.kind != PlanKind.YEAR:
            raise Http404
        write, media_type = _WRITERS[kwargs["format"]]
        record_export(self.ctx, what=f"document:{self.plan.pk}", format=kwargs["format"], rows=1)
        content = write(document_of(self.ctx, self.plan, self.ctx.today))
        answer = HttpResponse(content, content_type=media_type)
        name = f"ke-hoach-{self.plan.year}.{kwargs['format']}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
