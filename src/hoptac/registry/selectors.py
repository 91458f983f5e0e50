"""Questions about the register; each begins with who asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from hoptac.foundation.access import Context
from hoptac.foundation.database import ask_for
from hoptac.jurisdiction.models import Mandate
from hoptac.registry.models import (
    BusinessLine,
    Cooperative,
    FigureStatement,
    Lineage,
    Particulars,
    Period,
    SavedView,
)
from hoptac.registry.models.periods import PeriodQuerySet


def register_on(ctx: Context, day: date, permission: str = "registry.view") -> PeriodQuerySet:
    """Return what the register showed on a day, within the caller's territory, ended bodies too.

    On a past day a caller of a few communes sees the bodies that lie there now, as they were then:
    sight follows the body, as on its record.
    """
    shown = Period.objects.on(day, ctx.today)
    reach = ctx.coverage(permission)
    if day < ctx.today and not (reach.everything or reach.provinces):
        mine = Period.objects.on(ctx.today, ctx.today).visible_to(ctx, permission)
        return shown.filter(cooperative__in=mine.order_by().values("cooperative_id"))
    return shown.visible_to(ctx, permission)


def counts_by_kind(periods: PeriodQuerySet) -> QuerySet[Any, Any]:
    """Return how many bodies of each kind there are among the periods of a day, as pairs."""
    return periods.order_by().values_list("kind").annotate(Count("pk"))


_VIEWS = "page = %s AND (user_id = %s OR is_shared) ORDER BY name, id"


def saved_views(ctx: Context, page: str) -> list[SavedView]:
    """Return the caller's own views of a page, and those that colleagues of one role share."""
    if ctx.user is None:
        return []
    found = ask_for(SavedView, _VIEWS, [page, ctx.user.pk])
    others = {v.user_id for v in found} - {ctx.user.pk}
    if not others:
        return found
    roles = sorted({g.role.code for g in ctx.grants})
    colleagues = set(
        Mandate.objects.filter(user__in=others, role__in=roles)
        .on(ctx.today)
        .values_list("user_id", flat=True)
    )
    return [v for v in found if v.user_id == ctx.user.pk or v.user_id in colleagues]


def cooperative_seen(ctx: Context, pk: UUID) -> Cooperative | None:
    """Return the body if it lies within the caller's territory."""
    return Cooperative.objects.visible_to(ctx).filter(pk=pk).first()


def period_of(cooperative_id: UUID, day: date) -> Period | None:
    """Return how a body stood on a day, if it was (the caller has checked sight)."""
    return (
        Period.objects.filter(cooperative_id=cooperative_id, valid__contains=day)
        .select_related("commune__parent")
        .first()
    )


def bodies_to_choose(
    ctx: Context, text: str, *, but: UUID, most: int = 20
) -> list[tuple[str, str]]:
    """Return bodies of the caller's territory by name, number or id, as choices of a form."""
    found = register_on(ctx, ctx.today).exclude(cooperative=but)
    try:
        found = found.filter(cooperative=UUID(text))
    except ValueError:
        found = found.matching(text)
    rows = found.order_by("sort_key", "cooperative_id").values_list(
        "cooperative_id", "name", "registration_number"
    )
    return [(str(pk), f"{name} · {number}" if number else name) for pk, name, number in rows[:most]]


def business_lines_ever(cooperative: Cooperative) -> QuerySet[BusinessLine]:
    """Return every line of business that a body has or had, the latest first."""
    found = BusinessLine.objects.live().filter(cooperative=cooperative)
    return found.order_by("-valid", "-is_main", "vsic_code")


def business_lines(cooperative: Cooperative, day: date) -> QuerySet[BusinessLine]:
    return BusinessLine.objects.live().filter(cooperative=cooperative, valid__contains=day)


def business_lines_of(bodies: Sequence[UUID], day: date) -> dict[UUID, list[BusinessLine]]:
    """Return the lines of business that each of the bodies has on a day, the main one first."""
    found: dict[UUID, list[BusinessLine]] = {}
    lines = BusinessLine.objects.live().filter(cooperative__in=bodies, valid__contains=day)
    for line in lines.order_by("-is_main", "vsic_code"):
        found.setdefault(line.cooperative_id, []).append(line)
    return found


def figure_statements(cooperative: Cooperative) -> QuerySet[FigureStatement]:
    """Return every statement of figures, the latest first, retired ones too."""
    return FigureStatement.objects.filter(cooperative=cooperative).order_by("-as_of", "-id")


def particulars_rows(cooperative: Cooperative) -> QuerySet[Particulars]:
    """Return every row of particulars ever recorded, in the order of recording."""
    return (
        Particulars.objects.filter(cooperative=cooperative).select_related("commune").order_by("id")
    )


def lineage_of(cooperative: Cooperative) -> dict[str, list[Any]]:
    """Return what the body came from and what it passed into, with the other's present name."""
    live = Lineage.objects.live()
    came_from = list(live.filter(successor=cooperative).select_related("cooperative"))
    passed_into = list(live.filter(cooperative=cooperative).select_related("successor"))
    others = {x.cooperative_id for x in came_from} | {x.successor_id for x in passed_into}
    names = dict(
        Period.objects.filter(is_latest=True, cooperative__in=others).values_list(
            "cooperative_id", "name"
        )
    )
    for row in came_from:
        row.other_id, row.other_name = row.cooperative_id, names.get(row.cooperative_id, "")
    for row in passed_into:
        row.other_id, row.other_name = row.successor_id, names.get(row.successor_id, "")
    return {"came_from": came_from, "passed_into": passed_into}
