"""The officer's pages of batches: which there are, drawing one up, looking through, issuing, taking out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from hoptac.certificates import actions, batches, keys, printing, tasks
from hoptac.certificates.forms import BatchForm
from hoptac.certificates.models import IssueBatch
from hoptac.certificates.selectors import SEE_PEOPLE
from hoptac.certificates.terms import (
    BATCH_TONES,
    ITEM_TONES,
    BatchState,
    Ground,
    ItemState,
)
from hoptac.foundation.access import Context
from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.foundation.transfers.exports import ExportColumn, csv_stream
from hoptac.registry.filters import RegisterFilter, read
from hoptac.registry.tables import columns_for

_A_PAGE = 50
_BUSY = {BatchState.WAITING, BatchState.RUNNING, BatchState.STOPPING}


def _ctx(request: HttpRequest) -> Context:
    return request.ctx  # type: ignore[attr-defined, no-any-return]


def _batch(request: HttpRequest, pk: UUID) -> IssueBatch:
    found = batches.batch_seen(_ctx(request), pk)
    if found is None:
        raise Http404
    return found


def _asked(ctx: Context, query: str) -> RegisterFilter:
    """Return the register's list that a query string asks for; a batch is always of today's."""
    return read(QueryDict(query), today=ctx.today, columns=columns_for(ctx))


@require_GET
@needs(actions.ISSUE)
def batch_list(request: HttpRequest) -> HttpResponse:
    """The caller's batches, the latest first."""
    pages = Paginator(batches.batches_of(_ctx(request)), _A_PAGE)
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    counts = batches.counts_of_many(page.object_list)
    rows = [(b, BATCH_TONES[BatchState(b.state)], counts[b.pk]) for b in page.object_list]
    return render(request, "certificates/batches.html", {"page": page, "rows": rows})


@needs(actions.ISSUE)
def draw_up(request: HttpRequest) -> HttpResponse:
    """Say which bodies, by which authority, under which decision; the list comes from the register."""
    ctx = _ctx(request)
    query = request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode()
    asked = _asked(ctx, query[:2000])
    units = batches.authorities(ctx)
    form = BatchForm(ctx, units, request.POST or None, initial={"query": asked.query(page=1)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            batch = actions.draw_up_batch(
                ctx.because(basis=given["basis"]).by(idempotency_key=given["key"]), asked,
                authority=next(u for u in units if str(u.pk) == given["authority"]),
                grounds=given["grounds"], issued_on=given["issued_on"],
                signatory=form.signatory(), reason=given["reason"],
            )  # fmt: skip
        except AlreadyDone as done:
            return redirect("certificates:batch", done.act.subject_id)
        except Refused as refused:
            form.add_findings(refused.findings)
        else:
            return redirect("certificates:batch", batch.pk)
    context = {
        "form": form,
        "chips": asked.chips(),
        "query": asked.query(page=1) or "all=1",
        "has_key": keys.current() is not None,
        "is_past": asked.is_past,
    }
    return render(
        request, "certificates/batch_new.html", context, status=422 if form.errors else 200
    )


@never_cache
@require_GET
@needs(actions.ISSUE)
def batch_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One batch: what would be issued and what cannot; how far it is; what came of it."""
    batch = _batch(request, pk)
    counts = batches.counts_of(batch)
    state = request.GET.get("state", "")
    pages = Paginator(batches.items_of(batch, state), _A_PAGE)
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    names = field_names()
    may_choose = batch.state in {BatchState.READY, BatchState.STOPPED}
    rows = [
        {
            "item": item,
            "tone": ITEM_TONES[ItemState(item.state)],
            "state": item.get_state_display(),
            "ground": item.get_ground_display(),
            "differs": ", ".join(str(names[f]) for f in item.differs if f in names),
            "may_leave": may_choose and item.state == ItemState.WAITING,
            "may_take": may_choose and item.state == ItemState.LEFT_OUT,
        }
        for item in page.object_list
    ]  # fmt: skip
    total = counts[ItemState.ISSUED] + counts[ItemState.WAITING]
    tabs = [("", _("All"), sum(counts.values()))]
    tabs += [(s.value, str(s.label), counts[s]) for s in ItemState if counts[s]]
    issued, most = counts[ItemState.ISSUED], printing.MOST_PAGES
    context = {
        "batch": batch,
        "counts": counts,
        "tone": BATCH_TONES[BatchState(batch.state)],
        "is_busy": batch.state in _BUSY,
        "is_open": may_choose,
        "percent": 100 * issued // total if total else 0,
        "total": total,
        "rows": rows,
        "page": page,
        "tabs": tabs,
        "chosen": state,
        "grounds": [Ground(g).label for g in batch.grounds],
        "chips": _asked(_ctx(request), batch.query).chips(),
        "signatory": batch.signatory.replace("\n", " "),
        "parts": [(n // most + 1, n + 1, min(n + most, issued)) for n in range(0, issued, most)],
        "sees_people": _ctx(request).may(SEE_PEOPLE),
        "may_print": issued and _ctx(request).may(SEE_PEOPLE),
    }
    return render(request, "certificates/batch.html", context)


def field_names() -> dict[str, str]:
    """Return what the fields of a certificate are called, where it differs from the register."""
    return {
        "name": _("Name"), "foreign_name": _("Foreign name"), "short_name": _("Short name"),
        "code": _("Code of the body"), "charter_capital": _("Charter capital"),
        "representatives": _("Legal representative"), "office": _("Head office"),
    }  # fmt: skip


def _done(request: HttpRequest, pk: UUID, act: Any, words: str, **details: Any) -> HttpResponse:
    """Do an act upon a batch and go back to it, saying what came of it."""
    batch = _batch(request, pk)
    try:
        act(_ctx(request), batch, **details)
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, finding.message)
    else:
        messages.success(request, words)
    state = request.POST.get("state", "")
    kept = f"?state={state}" if state in ItemState.values else ""
    return redirect(reverse("certificates:batch", args=[pk]) + kept)


def _start(ctx: Context, batch: IssueBatch) -> None:
    tasks.hand_over(actions.start_batch(ctx, batch))


@require_POST
@needs(actions.ISSUE)
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have the batch issued, or gone on with."""
    return _done(request, pk, _start, _("The certificates are being issued. You may leave this page."))  # fmt: skip


@require_POST
@needs(actions.ISSUE)
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop the batch; what was issued stays issued."""
    return _done(request, pk, actions.stop_batch, _("It stops after the certificates under way."))


@require_POST
@needs(actions.ISSUE)
def aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the batch up."""
    return _done(request, pk, actions.put_batch_aside, _("The batch was put aside."))


@require_POST
@needs(actions.ISSUE)
def choose(request: HttpRequest, pk: UUID, item: int) -> HttpResponse:
    """Leave a certificate out, or take it in again."""
    take = request.POST.get("take") == "1"
    words = _("Taken in again.") if take else _("Left out.")
    return _done(request, pk, actions.choose_item, words, item=item, take=take)


@require_GET
@needs(actions.ISSUE)
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What became of each body of the batch, as a table."""
    columns = [
        ExportColumn(_("No."), "text", 6), ExportColumn(_("Name"), "text", 50),
        ExportColumn(_("State"), "text", 18), ExportColumn(_("Certificate number"), "text", 22),
        ExportColumn(_("What was found"), "text", 80),
    ]  # fmt: skip
    rows = batches.report_rows(_batch(request, pk))
    answer = HttpResponse(
        b"".join(csv_stream(columns, rows)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="dot-cap-giay-{str(pk)[-8:]}.csv"'
    return answer


@require_GET
@needs(SEE_PEOPLE)
def print_all(request: HttpRequest, pk: UUID, part: int) -> HttpResponseBase:
    """The batch's certificates in one PDF for the printer, in the batch's order."""
    batch = _batch(request, pk)
    start = (part - 1) * printing.MOST_PAGES
    found = list(batches.issued_files(_ctx(request), batch, start, printing.MOST_PAGES))
    if part < 1 or not found:
        raise Http404
    name = f"giay-chung-nhan-{str(pk)[-8:]}-{part}.pdf"
    answer = FileResponse(
        printing.together(found), as_attachment=True, filename=name, content_type="application/pdf"
    )
    return _private(answer)


@require_GET
@needs(SEE_PEOPLE)
def files(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The batch's certificates as single files, in a ZIP."""
    batch = _batch(request, pk)
    if not batches.counts_of(batch)[ItemState.ISSUED]:
        raise Http404
    answer = StreamingHttpResponse(
        printing.zipped(batches.issued_files(_ctx(request), batch)), content_type="application/zip"
    )
    name = f"giay-chung-nhan-{str(pk)[-8:]}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(answer)


def _private(answer: Any) -> Any:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
