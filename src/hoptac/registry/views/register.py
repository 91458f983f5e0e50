"""The list of the register: searching, keeping, ordering, choosing columns, taking it out."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hoptac.foundation.access import Context
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.registry import filter_panel, list_markup
from hoptac.registry.actions import remove_view, save_view
from hoptac.registry.filters import PAGE_SIZES, RegisterFilter, read, unread_day
from hoptac.registry.list_pages import ListPages
from hoptac.registry.selectors import saved_views
from hoptac.registry.tables import (
    Column,
    Table,
    chosen_columns,
    columns_for,
    number,
)
from hoptac.registry.ways import ways_for

PAGE = "registry:list"
COLUMNS_COOKIE = "registry_columns"
_YEAR = 365 * 24 * 3600


def asked(request: HttpRequest, columns: dict[str, Column]) -> RegisterFilter:
    """Return what the address asks, with the columns that this browser remembers."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    wanted = read(request.GET, today=ctx.today, columns=columns)
    if not wanted.columns and "cols" not in request.GET:
        kept = request.COOKIES.get(COLUMNS_COOKIE, "").split(",")
        wanted = replace(wanted, columns=tuple(c for c in kept if c in columns))
    return wanted


@require_GET
@needs("registry.view")
def register_list(request: HttpRequest) -> HttpResponse:
    """The register as of a day. A search or a filter returns the results alone to htmx."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    columns = columns_for(ctx)
    kept = saved_views(ctx, PAGE)
    if not request.GET:
        first = next((v for v in kept if v.is_default and v.user_id == request.user.pk), None)
        if first is not None:
            return HttpResponseRedirect(f"{request.path}?{first.query or 'all=1'}")
    wanted = asked(request, columns)
    pages = ListPages(ctx, wanted)
    counts = pages.counts()
    total = counts.get(wanted.kind, 0) if wanted.kind else sum(counts.values())
    last_page = max(1, -(-total // wanted.per))
    wanted = replace(wanted, page=min(wanted.page, last_page))
    chosen = chosen_columns(ctx, wanted.columns)
    table = Table(chosen, wanted.day)
    start = (wanted.page - 1) * wanted.per
    rows = pages.rows(table.fields, start, start + wanted.per) if total else []
    query = wanted.query(page=wanted.page)
    context = {
        "wanted": wanted,
        "headings": list_markup.headings_html(chosen, wanted),
        "rows": table.rows_html(rows),
        "total": total,
        "total_text": number(total),
        "first_text": number(start + 1),
        "last_text": number(min(start + wanted.per, total)),
        "tabs": list_markup.tabs_html(wanted, counts),
        "chips": (chips := wanted.chips()),
        # What was searched for stands in its own box, not among the filters.
        "filters_set": len(chips) - bool(wanted.q),
        "pages": list_markup.pages_html(wanted, last_page) if last_page > 1 else "",
        "sizes": list_markup.sizes_html(wanted) if total > PAGE_SIZES[0] else "",
        "query": query,
        "without_filters": wanted.without_filters(),
        "today_query": wanted.query(on=None) or "all=1",
        "may_record": ctx.may("registry.record"),
        "unread_day": unread_day(request.GET.get("on")),
    }
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        response = render(request, "registry/_results.html", context)
    else:
        context |= {
            "views": kept,
            "own_id": request.user.pk,
            "panel": filter_panel.panel(ctx, wanted),
            "column_boxes": filter_panel.column_boxes(columns, [c.code for c in chosen]),
            "hidden": list_markup.hidden_html(wanted.pairs("q", "page")),
            "unfiltered": list_markup.hidden_html(
                pair for pair in wanted.pairs() if pair[0] in {"q", "kind", "sort", "cols", "per"}
            ),
            "unchosen": list_markup.hidden_html(wanted.pairs("cols", "page")),
            "usual_columns": f"{wanted.query(columns=())}&cols=".lstrip("&"),
            "may_export": ctx.may("registry.export"),
            "ways": [] if wanted.is_past else list(ways_for(ctx)),
        }
        response = render(request, "registry/list.html", context)
    if "cols" in request.GET:
        response.set_cookie(
            COLUMNS_COOKIE, ",".join(wanted.columns), max_age=_YEAR, httponly=True,
            samesite="Lax", secure=request.is_secure(),
        )  # fmt: skip
    response.headers["Vary"] = "HX-Request"
    return response


# --- Saved views --------------------------------------------------------------------------------


@needs("registry.view")
def views_page(request: HttpRequest) -> HttpResponse:
    """The caller's saved views: rename, prefer, share, delete; and those that colleagues share."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    kept = saved_views(ctx, PAGE)
    own = [v for v in kept if v.user_id == request.user.pk]
    others = [v for v in kept if v.user_id != request.user.pk]
    return render(request, "registry/views.html", {"own": own, "others": others})


@require_POST
@needs("registry.view")
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep what the list shows under a name, or change a view that was kept."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    given = request.POST
    query = given.get("query")
    if query is not None:
        wanted = read(QueryDict(query), today=ctx.today, columns=columns_for(ctx))
        query = wanted.query(page=1)
    try:
        view = save_view(
            ctx,
            PAGE,
            name=given.get("name", ""),
            query=query,
            pk=_pk(given.get("view")),
            is_default=bool(given.get("is_default")),
            is_shared=bool(given.get("is_shared")),
        )
    except Refused as refused:
        messages.error(request, "; ".join(f.message for f in refused.findings))
        back = reverse(PAGE) + f"?{query}" if query else reverse("registry:views")
        return HttpResponseRedirect(back)
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    if query is None:
        return HttpResponseRedirect(reverse("registry:views"))
    return HttpResponseRedirect(reverse(PAGE) + f"?{view.query or 'all=1'}")


@require_POST
@needs("registry.view")
def view_remove(request: HttpRequest) -> HttpResponse:
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    pk = _pk(request.POST.get("view"))
    if pk is None:
        raise Http404
    remove_view(ctx, pk)
    messages.success(request, _("The view is deleted."))
    return HttpResponseRedirect(reverse("registry:views"))


def _pk(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
