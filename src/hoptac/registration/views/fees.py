"""Fees on screen: the province's tables, a dossier's account, what was taken in a period."""

from __future__ import annotations

import tempfile
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.foundation.rulebook.facts import may_see_province
from hoptac.foundation.transfers.exports import ExportColumn, csv_stream, write_xlsx
from hoptac.registration import actions, fees
from hoptac.registration.actions.fees import KEEP
from hoptac.registration.fee_forms import COLUMNS, EntryForm, PeriodForm, ReasonForm, TableForm
from hoptac.registration.models import FeeTable
from hoptac.registration.rules.fees import exemptions
from hoptac.registration.views.filing import FilingView
from hoptac.ui.templatetags.ui import day as day_text
from hoptac.ui.views import OfficeView, add_findings

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --- The province's tables -------------------------------------------------------------------------


@needs("rulebook.view")
def tables(request: HttpRequest) -> HttpResponse:
    """Show the tables of fees of the province, the latest first, and whom the law frees."""
    ctx = request.ctx  # type: ignore[attr-defined]
    if not may_see_province(ctx, "rulebook.view"):
        raise Http404
    found = list(fees.tables_of(_province()))
    now = FeeTable.on(_province(), ctx.today)
    context = {
        "tables": found, "now": now, "exemptions": exemptions(),
        "may_keep": may_see_province(ctx, KEEP), "reason": ReasonForm(),
    }  # fmt: skip
    return render(request, "registration/fee_tables.html", context)


def _province() -> str:
    return str(settings.PROVINCE_CODE)


class NewTable(OfficeView):
    """Entering the fees of a resolution; the amounts of the table before stand there to be changed."""

    permission = KEEP

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.ctx.may(KEEP) and not may_see_province(self.ctx, KEEP):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        before = FeeTable.on(_province(), self.ctx.today)
        return self.show(TableForm(before=before, initial={"key": uuid4().hex}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = TableForm(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        given = form.cleaned_data
        try:
            actions.set_fees(
                self.ctx.by(idempotency_key=given["key"]), given["resolution"],
                resolved_on=given["resolved_on"], in_force=given["in_force"], lines=form.lines(),
                article=given["article"], is_invented=given["is_invented"],
            )  # fmt: skip
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, 422)
        else:
            messages.success(request, _("The fees are entered."))
        return redirect("registration:fee_tables")

    def show(self, form: TableForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "columns": [heading for _k, _c, heading in COLUMNS],
                   "back": reverse("registration:fee_tables")}  # fmt: skip
        return render(self.request, "registration/fee_table_new.html", context, status=status)


class WithdrawTable(OfficeView):
    """Withdrawing a table entered by mistake."""

    permission = KEEP

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        table = fees.tables_of(_province()).filter(pk=kwargs["pk"]).first()
        if table is None or not may_see_province(self.ctx, KEEP):
            raise Http404
        try:
            actions.withdraw_fees(
                self.ctx.because(request.POST.get("reason", "").strip()[:300]), table
            )
        except Refused as refused:
            messages.error(request, "; ".join(str(f.message) for f in refused.findings))
        else:
            messages.success(request, _("The table is withdrawn."))
        return redirect("registration:fee_tables")


# --- A dossier's account ---------------------------------------------------------------------------


class FeePage(FilingView):
    """The account of a dossier: what is due, what was done, and the form for the next entry."""

    permission = "registration.receive"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = fees.account_of(self.filing)
        begins = {"what": "paid", "amount": account.open or None, "on": self.ctx.today,
                  "key": uuid4().hex}  # fmt: skip
        return self.show(EntryForm(initial=begins), account)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = EntryForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        given = form.cleaned_data
        ctx, amount = self.ctx.by(idempotency_key=given["key"]), int(given["amount"] or 0)
        try:
            match given["what"]:
                case "paid":
                    actions.record_fee(ctx, self.filing, amount=amount, number=given["number"],
                                       on=given["on"], words=given["words"])  # fmt: skip
                case "waived":
                    actions.waive_fee(ctx, self.filing, words=given["words"], basis=given["basis"],
                                      on=given["on"])  # fmt: skip
                case _refunded:
                    actions.refund_fee(ctx, self.filing, amount=amount, number=given["number"],
                                       on=given["on"], words=given["words"])  # fmt: skip
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, status=422)
        else:
            messages.success(request, _("The entry is recorded."))
        return redirect("registration:filing", self.filing.pk)

    def show(
        self, form: EntryForm, account: fees.Account | None = None, status: int = 200
    ) -> HttpResponse:
        context = {
            "filing": self.filing, "form": form, "account": account or fees.account_of(self.filing),
            "back": reverse("registration:filing", args=[self.filing.pk]),
        }  # fmt: skip
        return render(self.request, "registration/fee.html", context, status=status)


class WithdrawEntry(FilingView):
    """Withdrawing an entry made by mistake."""

    permission = "registration.receive"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reason = request.POST.get("reason", "").strip()[:300]
        try:
            actions.withdraw_fee_entry(self.ctx.because(reason), self.filing, entry=kwargs["entry"])
        except Refused as refused:
            messages.error(request, "; ".join(str(f.message) for f in refused.findings))
        else:
            messages.success(request, _("The entry is withdrawn."))
        return redirect("registration:fee", self.filing.pk)


# --- What was taken --------------------------------------------------------------------------------


@needs("registration.view")
def collected(request: HttpRequest) -> HttpResponse:
    """Show the fees of a period: sums by procedure, then every entry."""
    ctx = request.ctx  # type: ignore[attr-defined]
    form = PeriodForm(request.GET or None)
    first, last, procedure = form.asked(ctx.today)
    if not form.is_bound:
        form = PeriodForm(initial={"first": first, "last": last})
    totals = fees.totals_seen(ctx, first, last, procedure)
    pages = Paginator(fees.entries_seen(ctx, first, last, procedure), 50)
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    now = FeeTable.on(_province(), ctx.today)
    context = {
        "form": form, "first": first, "last": last, "procedure": procedure, "totals": totals,
        "page": page, "now": now, "lines": list(now.lines.all()) if now else [],
        "together": fees.together(totals),
        "sees_tables": may_see_province(ctx, "rulebook.view"),
    }  # fmt: skip
    return render(request, "registration/fees.html", context)


@require_safe
@needs("registration.view")
def export(request: HttpRequest, format: str) -> Any:
    """Hand out the entries of a period as a spreadsheet or as CSV."""
    if format not in {"xlsx", "csv"}:
        raise Http404
    ctx = request.ctx  # type: ignore[attr-defined]
    first, last, procedure = PeriodForm(request.GET or None).asked(ctx.today)
    rows = [
        (
            e.on, e.filing.receipt_number, e.filing.title, e.filing.subject_name,
            e.filing.commune.full_name, e.get_kind_display(), e.amount, e.number, e.words, e.basis,
            e.by.full_name if e.by else "",
        )
        for e in fees.entries_seen(ctx, first, last, procedure)
    ]  # fmt: skip
    actions.export_fees(
        ctx, first=first, last=last, procedure=procedure, format=format, rows=len(rows)
    )
    columns = [
        ExportColumn(_heading(name), kind)  # type: ignore[arg-type]
        for name, kind in (
            ("on", "date"), ("receipt", "text"), ("procedure", "text"), ("body", "text"),
            ("commune", "text"), ("entry", "text"), ("amount", "money"), ("number", "text"),
            ("words", "text"), ("basis", "text"), ("by", "text"),
        )
    ]  # fmt: skip
    word = _("fees")
    name = f"{word}-{first:%Y-%m-%d}-{last:%Y-%m-%d}.{format}"
    answer: Any
    if format == "csv":
        answer = StreamingHttpResponse(
            csv_stream(columns, rows), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    book = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (closed by the response)
    title = _("Fees from %(first)s to %(last)s") % {
        "first": day_text(first),
        "last": day_text(last),
    }
    write_xlsx(book, columns, rows, title=title)
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=name, content_type=_XLSX)


def _heading(name: str) -> str:
    return {
        "on": _("On"), "receipt": _("Receipt number"), "procedure": _("Procedure"),
        "body": _("Name"), "commune": _("Commune"), "entry": _("What is recorded"),
        "amount": _("Amount (dong)"), "number": _("Number of the receipt"),
        "words": _("Ground or remark"), "basis": _("Legal basis"), "by": _("Recorded by"),
    }[name]  # fmt: skip
