"""Questions about people, units, agencies and the journal; each begins with who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from hoptac.foundation.access import ROLES, Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.audit import words
from hoptac.foundation.audit.models import Act
from hoptac.foundation.vietnamese import fold
from hoptac.jurisdiction import bodies
from hoptac.jurisdiction.models import (
    AdminUnit,
    Agency,
    AgencySuccession,
    Mandate,
    UnitPlacement,
    UnitSuccession,
)
from hoptac.jurisdiction.terms import Level

MANAGE = "accounts.manage"
_BODY = "registry.cooperative"


# --- People -------------------------------------------------------------------------------------


def people_managed(ctx: Context, permission: str = MANAGE) -> QuerySet[User]:
    """Return the accounts within the caller's reach: those with a mandate there, or with none."""
    reach = ctx.coverage(permission)
    people = User.objects.order_by("username")
    if reach.everything:
        return people
    held = Mandate.objects.filter(user=OuterRef("pk")).not_over(ctx.today)
    inside = held.filter(
        Q(province_code__in=reach.provinces)
        | Q(unit__in=reach.communes)
        | Q(cooperative_id__in=reach.cooperatives)
    )
    return people.filter(Exists(inside) | ~Exists(held))


def people_found(
    ctx: Context, *, q: str = "", role: str = "", unit: UUID | None = None, state: str = ""
) -> QuerySet[User]:
    """Return the people that a search and filters leave."""
    people = people_managed(ctx)
    now = Mandate.objects.filter(user=OuterRef("pk")).on(ctx.today)
    if q.strip():
        people = people.filter(pk__in=_named(people, q))
    if role:
        people = people.filter(Exists(now.filter(role=role)))
    if unit:
        people = people.filter(Exists(now.filter(unit=unit)))
    match state:
        case "active":
            people = people.filter(Exists(now), is_active=True)
        case "closed":
            people = people.filter(is_active=False)
        case "no_mandate":
            people = people.filter(~Exists(now))
        case "one_time":
            people = people.filter(must_change_password=True)
    return people


def _named(people: QuerySet[User], q: str) -> list[UUID]:
    """Find by parts of names without minding diacritics; a province has hundreds of users."""
    parts = fold(q).split()
    return [
        pk
        for pk, *names in people.values_list("pk", "username", "full_name", "job_title", "email")
        if all(p in fold(" ".join(names)) for p in parts)
    ]


def mandates_of(user: User) -> QuerySet[Mandate]:
    """Return a person's mandates, the latest first."""
    return (
        Mandate.objects.filter(user=user).select_related("unit", "agency").order_by("-valid", "pk")
    )


def mandates_now(ctx: Context, users: Iterable[User]) -> dict[UUID, list[Mandate]]:
    """Return the mandates in force today by person."""
    found: dict[UUID, list[Mandate]] = {}
    rows = Mandate.objects.filter(user__in=[u.pk for u in users]).on(ctx.today)
    for mandate in rows.select_related("unit", "agency").order_by("user", "valid", "pk"):
        found.setdefault(mandate.user_id, []).append(mandate)
    return found


# --- Units and agencies -------------------------------------------------------------------------


def mandates_that_may(
    permission: str, on: date, *, commune_id: UUID, province_code: str
) -> list[Mandate]:
    """Return the mandates of a day that carry a permission to a commune's ground, with their people.

    As :func:`jurisdiction.scope.coverage_of` has it the other way round: those over the commune, over
    what held its ground before or since, or over the province. Closed accounts are left out.
    """
    roles = [code for code, role in ROLES.items() if permission in role.permissions]
    placed = UnitPlacement.objects.filter(unit=commune_id)
    over = {commune_id}
    for commune, district in placed.values_list("commune", "district"):
        over |= {unit for unit in (commune, district) if unit is not None}
    whole = Q(unit__isnull=True) | Q(unit__level=Level.PROVINCE)
    place = Q(unit__in=over) | (whole & Q(province_code__in=(province_code, "*")))
    held = Mandate.objects.on(on).filter(place, role__in=roles, cooperative_id__isnull=True)
    return list(held.filter(user__is_active=True).select_related("user", "unit").order_by("pk"))


def people_of_body(permission: str, on: date, cooperative_id: UUID) -> list[User]:
    """Return the people whose mandates of a day give a permission for one cooperative."""
    roles = [code for code, role in ROLES.items() if permission in role.permissions]
    held = Mandate.objects.on(on).filter(cooperative_id=cooperative_id, role__in=roles)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.order_by("full_name", "pk"))


def units_on(day: date) -> list[tuple[AdminUnit, list[AdminUnit]]]:
    """Return the map of a day: each district with its communes, or the province with all of them."""
    units = list(AdminUnit.objects.on(day).in_order())
    children: dict[UUID | None, list[AdminUnit]] = {}
    for unit in units:
        if unit.level == Level.COMMUNE:
            children.setdefault(unit.parent_id, []).append(unit)
    return [(u, children[u.pk]) for u in units if u.pk in children]


def days_of_change() -> list[date]:
    """Return the days on which the map changed, the latest first."""
    return list(UnitSuccession.objects.order_by("-on").values_list("on", flat=True).distinct())


@dataclass
class UnitStory:
    """A unit with what it was made of and what became of it."""

    unit: AdminUnit
    predecessors: list[UnitSuccession] = field(default_factory=list)
    successors: list[UnitSuccession] = field(default_factory=list)
    children: list[AdminUnit] = field(default_factory=list)
    agencies: list[Agency] = field(default_factory=list)


def unit_story(pk: UUID) -> UnitStory | None:
    """Return a unit's story."""
    unit = AdminUnit.objects.select_related("parent", "parent__parent").filter(pk=pk).first()
    if unit is None:
        return None
    links = UnitSuccession.objects.select_related(
        "predecessor__parent", "successor__parent"
    ).order_by("on", "predecessor__sort_key", "successor__sort_key")
    return UnitStory(
        unit,
        list(links.filter(successor=unit)),
        list(links.filter(predecessor=unit)),
        list(unit.children.in_order()),
        list(Agency.objects.filter(unit=unit).order_by("name")) if unit.level != "province" else [],
    )


def agencies_on(day: date | None, *, offices: bool) -> QuerySet[Agency]:
    """Return the agencies of a day (or all that ever were); those below the province only if wanted."""
    found = Agency.objects.select_related("unit").order_by("kind", "name", "code")
    if day is not None:
        found = found.filter(valid__contains=day)
    return found if offices else found.filter(unit__level=Level.PROVINCE)


@dataclass
class AgencyStory:
    """An agency with those before and after it."""

    agency: Agency
    predecessors: list[AgencySuccession]
    successors: list[AgencySuccession]


def agency_story(pk: UUID) -> AgencyStory | None:
    """Return an agency's story."""
    agency = Agency.objects.select_related("unit", "parent").filter(pk=pk).first()
    if agency is None:
        return None
    links = AgencySuccession.objects.select_related("predecessor", "successor").order_by(
        "on", "predecessor__name", "successor__name"
    )
    return AgencyStory(
        agency, list(links.filter(successor=agency)), list(links.filter(predecessor=agency))
    )


# --- The journal --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """An entry of the journal in words."""

    act: Act
    who: str
    what: str
    subject: str
    href: str
    channel: str


def acts_seen(
    ctx: Context, *, name: str = "", person: str = "", subject: str = "", channel: str = "",
    since: date | None = None, until: date | None = None,
) -> QuerySet[Act]:  # fmt: skip
    """Return the entries that the caller may read, the latest first."""
    reach = ctx.coverage("audit.view")
    acts = Act.objects.order_by("-number")
    if not reach.everything:
        own = Q(actor_id=ctx.user.pk) if ctx.user else Q(pk=None)
        acts = acts.filter(Q(province_code__in=reach.provinces) | own)
    if name:
        acts = acts.filter(name=name)
    if person:
        acts = acts.filter(actor_id__in=_named(User.objects.order_by("pk"), person))
    if subject:
        acts = acts.filter(subject_id=subject)
    if channel:
        acts = acts.filter(channel=channel)
    if since:
        acts = acts.filter(at__gte=_midnight(since))
    if until:
        acts = acts.filter(at__lt=_midnight(date.fromordinal(until.toordinal() + 1)))
    return acts


def in_words(acts: Iterable[Act]) -> list[Line]:
    """Return entries in words; the people of all of them are read at once."""
    acts = list(acts)
    asked = {a.actor_id for a in acts if a.actor_id}
    asked |= {UUID(a.subject_id) for a in acts if a.subject_kind == "accounts.user"}
    people: dict[UUID | None, str] = dict(
        User.objects.filter(pk__in=asked).values_list("pk", "full_name")
    )
    named = bodies.find(UUID(a.subject_id) for a in acts if a.subject_kind == _BODY)
    lines = []
    for act in acts:
        subject = ""
        if act.subject_kind == "accounts.user":
            subject = people.get(UUID(act.subject_id), "")
        elif act.subject_kind == _BODY:
            subject = named.get(UUID(act.subject_id), ("", ""))[0]
        lines.append(
            Line(
                act,
                people.get(act.actor_id, ""),
                words.act_name(act.name),
                subject,
                words.page_of(act.subject_kind, act.subject_id),
                words.channel_name(act.channel),
            )
        )
    return lines


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def known_payload(act: Act) -> dict[str, Any] | None:
    """Return what an entry says, or nothing where it was erased by law."""
    payload = getattr(act, "payload", None)
    return payload.content if payload is not None and payload.erased_at is None else None


def who_did(acts: Iterable[UUID]) -> dict[UUID, Line]:
    """Return these acts in words, for pages that tell who stood behind a change."""
    return {line.act.pk: line for line in in_words(Act.objects.filter(pk__in=list(acts)))}


# --- Agencies as an administrator keeps them ------------------------------------------------------


def agencies_kept(ctx: Context) -> list[Agency]:
    """Return every agency ever within the caller's reach as an administrator, by name."""
    reach = ctx.coverage("jurisdiction.manage")
    found = Agency.objects.select_related("unit__parent").order_by("name", "code")
    if not reach.everything:
        found = found.filter(Q(province_code__in=reach.provinces) | Q(unit__in=reach.communes))
    return list(found)


def agency_managed(ctx: Context, pk: UUID) -> Agency | None:
    """Return an agency that the caller manages."""
    agency = Agency.objects.select_related("unit", "parent").filter(pk=pk).first()
    return agency if agency is not None and agency.is_within(ctx, "jurisdiction.manage") else None


def holders_within(ctx: Context, agencies: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many people hold a mandate within each of these agencies today."""
    rows = Mandate.objects.on(ctx.today).filter(agency__in=list(agencies)).order_by()
    return dict(rows.values_list("agency").annotate(n=Count("user", distinct=True)))
