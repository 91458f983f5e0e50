"""What the home page tells: the territory's figures, and what happened there lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, Sum

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.audit.models import Act
from hoptac.foundation.audit.until_next_act import UntilNextAct, last_act
from hoptac.registry.models import Period
from hoptac.registry.selectors import register_on
from hoptac.registry.terms import Kind

_LOOKED_AT = 150


@dataclass(frozen=True)
class Recent:
    """An act upon a body of the territory."""

    act_name: str
    at: datetime
    who: str
    cooperative_id: UUID
    cooperative_name: str


_home: UntilNextAct[tuple[dict[str, Any], list[Recent]]] = UntilNextAct()


def territory(ctx: Context) -> tuple[dict[str, Any], list[Recent]]:
    """Return how the caller's territory stands today, and what happened there lately."""
    key = (ctx.coverage("registry.view"), ctx.today)
    return _home.get(key, last_act(), lambda: (_key_figures(ctx, ctx.today), _recent_changes(ctx)))


def _key_figures(ctx: Context, day: date) -> dict[str, Any]:
    """Return counts by kind of the bodies that exist; sums of the cooperatives' figures and their latest day.

    The figures are those that the statistics give; unions and groups are counted, not summed.
    """
    kinds = {kind: Count("pk", filter=Q(kind=kind)) for kind in Kind.values}
    of_cooperatives = Q(kind=Kind.COOPERATIVE)
    return register_on(ctx, day).existing().aggregate(
        **kinds,
        members_sum=Sum("members", filter=of_cooperatives),
        workers_sum=Sum("workers", filter=of_cooperatives),
        area_sum=Sum("area", filter=of_cooperatives),
        capital_sum=Sum("charter_capital", filter=of_cooperatives),
        as_of=Max("members_as_of", filter=of_cooperatives),
    )  # fmt: skip


def _recent_changes(ctx: Context, most: int = 8) -> list[Recent]:
    """Return the latest act upon each body of the territory, among the newest of the journal."""
    acts = list(
        Act.objects.filter(subject_kind="registry.cooperative")
        .order_by("-number")
        .only("name", "at", "actor_id", "subject_id")[:_LOOKED_AT]
    )
    ids = {UUID(a.subject_id) for a in acts if a.subject_id}
    seen = dict(
        Period.objects.filter(is_latest=True, cooperative__in=ids)
        .visible_to(ctx)
        .values_list("cooperative_id", "name")
    )
    newest = {a.subject_id: a for a in reversed(acts) if a.subject_id}
    shown = [a for a in acts if newest.get(a.subject_id) is a and UUID(a.subject_id) in seen][:most]
    people = dict(
        User.objects.filter(pk__in={a.actor_id for a in shown if a.actor_id}).values_list(
            "pk", "full_name"
        )
    )
    return [
        Recent(
            a.name,
            a.at,
            people.get(a.actor_id, "") if a.actor_id else "",
            UUID(a.subject_id),
            seen[UUID(a.subject_id)],
        )
        for a in shown
    ]


def own_bodies(ctx: Context) -> list[tuple[UUID, str]]:
    """Return the bodies that the caller's mandates name one by one (directors)."""
    reach = ctx.coverage("registry.view").cooperatives
    if not reach:
        return []
    return list(
        Period.objects.filter(is_latest=True, cooperative__in=reach)
        .order_by("sort_key", "cooperative_id")
        .values_list("cooperative_id", "name")
    )
