"""The watch list: every body and ground of a territory whose term is over or will be soon.

Asked of the whole province at once: each ground's source sieves the bodies in the database, the few
that remain are judged by the law (``rules.grounds``), the same way as a single body's page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from hoptac.cases.models import Case
from hoptac.cases.rules.grounds import (
    GROUNDS,
    REMINDERS,
    Held,
    Judged,
    Standing,
    ground_on,
    judge,
    latest_start,
    warn_days,
)
from hoptac.cases.sources import kept, source_of, stretches_of
from hoptac.cases.terms import OPEN, DateKind
from hoptac.foundation.access import Context
from hoptac.foundation.audit.until_next_act import UntilNextAct, last_act
from hoptac.foundation.rulebook import generation
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.models.periods import PeriodQuerySet
from hoptac.registry.selectors import register_on
from hoptac.registry.terms import Kind, LegalStatus

# Of these nothing is watched any more: their end is under way or over.
_BEYOND = (
    LegalStatus.ENDED, LegalStatus.ENDING, LegalStatus.BANKRUPTCY, LegalStatus.REVOKED_TAX,
)  # fmt: skip
_SHOWN = frozenset({Standing.RUNNING, Standing.EXCUSED, Standing.OVER})
_FIELDS = (
    "cooperative_id", "kind", "name", "registration_number", "commune_id", "sector", "members",
    "sort_key",
)  # fmt: skip


class Watched(NamedTuple):
    """One body and one ground of the list; ``case`` is its open case, if any."""

    cooperative_id: UUID
    kind: str
    name: str
    registration_number: str
    commune_id: UUID | None
    sector: str
    members: int | None
    sort_key: str
    judged: Judged
    case: UUID | None = None


def watched_bodies(ctx: Context, day: date, permission: str = "cases.view") -> PeriodQuerySet:
    """Return the periods of a day of the bodies that are watched, within the caller's territory."""
    return register_on(ctx, day, permission).exclude(legal_status__in=_BEYOND)


def watch_list(
    ctx: Context,
    day: date,
    *,
    grounds: Iterable[str] = GROUNDS,
    bodies: PeriodQuerySet | None = None,
    permission: str = "cases.view",
) -> list[Watched]:
    """Return every body and ground whose term is over or will be within the warning time of the law.

    The most pressing first. ``bodies`` narrows it to some of the watched bodies. What was found of a
    whole territory holds until the next act.
    """
    codes = tuple(grounds)
    if bodies is not None:
        return _listed(bodies, day, codes)
    key = (ctx.coverage(permission), day, ctx.today, codes, generation())
    found = _lists.get(
        key, last_act(), lambda: _listed(watched_bodies(ctx, day, permission), day, codes)
    )
    return list(found)


_lists: UntilNextAct[list[Watched]] = UntilNextAct(most=24)
_unknown: UntilNextAct[dict[str, int]] = UntilNextAct(most=200)


def _listed(bodies: PeriodQuerySet, day: date, grounds: Iterable[str]) -> list[Watched]:
    """Return the rows of the list among these bodies, whoever asks."""
    horizon = warn_days(day)
    held: dict[str, Mapping[UUID, Held]] = {}
    for code in grounds:
        begun_by = latest_start(code, day + timedelta(days=horizon))
        kinds = [k for k in Kind.values if ground_on(code, day, k)]
        if begun_by is None or not kinds:
            continue
        source = source_of(code)
        asked = bodies.filter(kind__in=kinds)
        held[code] = source.pressing(asked, day, min(begun_by, day))
    ids = {pk for found in held.values() for pk in found}
    if not ids:
        return []
    # One array, not a parameter for each of thousands.
    of_them = bodies.extra(where=["registry_period.cooperative_id = ANY(%s)"], params=[list(ids)])
    rows: dict[UUID, tuple[Any, ...]] = {r[0]: r for r in of_them.order_by().values_list(*_FIELDS)}
    excused = stretches_of(kept(day, DateKind.FORCE_MAJEURE))
    opened = Case.objects.filter(state__in=sorted(OPEN)).order_by()
    open_cases = dict(opened.values_list("cooperative_id", "pk"))
    found = []
    for code, of_ground in held.items():
        for pk, one in of_ground.items():
            row = rows.get(pk)
            if row is None:
                continue
            judged = judge(code, row[1], one, day, excused.get(pk, ()))
            if judged is None or judged.standing not in _SHOWN:
                continue
            if judged.days_left is not None and judged.days_left > horizon:
                continue
            found.append(Watched._make((*row, judged, open_cases.get(pk))))
    found.sort(key=lambda w: (w.judged.due_on or date.max, w.sort_key, w.judged.code))
    return found


def judged_body(cooperative: Cooperative, day: date) -> list[Judged]:
    """Return every ground of one body as of a day, the clear and the unknown too (sight was checked).

    Nothing where the body did not exist on the day or is no longer watched.
    """
    bodies = Period.objects.filter(cooperative=cooperative, valid__contains=day).exclude(
        legal_status__in=_BEYOND
    )
    if not bodies.exists():
        return []
    majeure = kept(day, DateKind.FORCE_MAJEURE).filter(cooperative=cooperative)
    excused = stretches_of(majeure).get(cooperative.pk, ())
    found = []
    for code in (*GROUNDS, *REMINDERS):
        if ground_on(code, day, cooperative.kind) is None:
            continue
        held = source_of(code).held(bodies, day).get(cooperative.pk, Held())
        judged = judge(code, cooperative.kind, held, day, excused)
        if judged is not None:
            found.append(judged)
    return found


def unknown_counts(ctx: Context, day: date, grounds: tuple[str, ...] = GROUNDS) -> dict[str, int]:
    """Return, per ground of the day's law, of how many watched bodies no date is kept."""

    def count() -> dict[str, int]:
        bodies = watched_bodies(ctx, day).order_by()
        found = {}
        for code in grounds:
            kinds = [k for k in Kind.values if ground_on(code, day, k)]
            if kinds:
                found[code] = source_of(code).unknown(bodies.filter(kind__in=kinds), day).count()
        return found

    key = (ctx.coverage("cases.view"), day, ctx.today, grounds, generation())
    return dict(_unknown.get(key, last_act(), count))


def unknown_bodies(ctx: Context, day: date, code: str) -> PeriodQuerySet:
    """Return the watched bodies of which nothing is kept for a ground, by name."""
    kinds = [k for k in Kind.values if ground_on(code, day, k)]
    bodies = watched_bodies(ctx, day).filter(kind__in=kinds)
    return source_of(code).unknown(bodies, day).order_by("sort_key", "cooperative_id")
