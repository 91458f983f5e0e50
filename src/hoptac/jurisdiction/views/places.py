"""The map of any day, a unit's story, and the agencies with what became of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hoptac.foundation import rulebook
from hoptac.foundation.pages import needs
from hoptac.foundation.vietnamese import fold
from hoptac.jurisdiction import selectors
from hoptac.jurisdiction.facts import seen_in
from hoptac.jurisdiction.forms import AsOfForm
from hoptac.jurisdiction.terms import Level

VIEW = "jurisdiction.view"


@needs(VIEW)
def units(request: HttpRequest) -> HttpResponse:
    """Show the map of a day (today, unless another is asked for), searchable by name or code."""
    ctx = request.ctx  # type: ignore[attr-defined]
    form, day = _asked(request, ctx.today)
    q = request.GET.get("q", "").strip()[:80]
    words = fold(q).split()
    groups = [
        (head, [u for u in inside if all(w in f"{u.fold} {u.code}" for w in words)])
        for head, inside in selectors.units_on(day)
    ]
    groups = [(head, inside) for head, inside in groups if inside]
    context = {
        "form": form,
        "day": day,
        "is_today": day == ctx.today,
        "q": q,
        "groups": groups,
        "count": sum(len(inside) for _head, inside in groups),
        "district_count": sum(head.level == Level.DISTRICT for head, _inside in groups),
        "changes": selectors.days_of_change(),
    }
    return render(request, "jurisdiction/units.html", context)


@needs(VIEW)
def unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell a unit's story: where it lay, what it was made of, what became of it."""
    story = selectors.unit_story(pk)
    if story is None:
        raise Http404
    after = story.unit.valid.upper
    context = {
        "story": story,
        "unit": story.unit,
        "ended_on": after,
        "is_over": after is not None and after <= request.ctx.today,  # type: ignore[attr-defined]
        "begin": _known(story.unit.valid.lower),
        "is_confirmed": any(
            t["confirmed"] for t in rulebook.tables("lists", "list") if t["code"] == "units-2025"
        ),
    }
    return render(request, "jurisdiction/unit.html", context)


@needs(VIEW)
def agencies(request: HttpRequest) -> HttpResponse:
    """List the agencies of a day, or all that ever were."""
    ctx = request.ctx  # type: ignore[attr-defined]
    shown = request.GET.get("show", "")
    form, asked = _asked(request, ctx.today)
    day = None if shown == "ever" else asked
    offices = request.GET.get("offices") == "1"
    context = {
        "agencies": selectors.agencies_on(day, offices=offices),
        "form": form,
        "day": day,
        "today": ctx.today,
        "offices": offices,
        "changes": [date(2025, 6, 30), date(2025, 2, 28)],
    }
    return render(request, "jurisdiction/agencies.html", context)


@needs(VIEW)
def agency(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell an agency's story."""
    story = selectors.agency_story(pk)
    if story is None:
        raise Http404
    source, known_how = seen_in(story.agency.source)
    context = {
        "story": story, "agency": story.agency, "begin": _known(story.agency.valid.lower),
        "source": source, "known_how": known_how,
        "manages": selectors.agency_managed(request.ctx, pk) is not None,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "jurisdiction/agency.html", context)


def _asked(request: HttpRequest, today: date) -> tuple[AsOfForm, date]:
    """Return the form of the day and the day asked for; today where none can be read."""
    form = AsOfForm({"on": request.GET.get("on") or today})
    day = form.cleaned_data.get("on") if form.is_valid() else None
    return form, day or today


def _known(day: date | None) -> date | None:
    """Return a first day, unless it only stands for *long ago*."""
    return day if day and day.year > 1900 else None
