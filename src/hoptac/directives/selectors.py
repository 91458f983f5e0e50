"""Questions about directives; each begins with who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from hoptac.directives.models import Directive, DirectiveLink, Passage, Recipient
from hoptac.directives.models.directives import (
    DirectiveQuerySet,
    kept_provinces,
    overseen_provinces,
)
from hoptac.directives.models.recipients import RecipientQuerySet
from hoptac.directives.terms import Chain, Making, PassageState
from hoptac.foundation.access import Context
from hoptac.foundation.audit.models import Act
from hoptac.jurisdiction.actions.mandates import ctx_province
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import agencies_spoken_for, heirs_of
from hoptac.jurisdiction.terms import AgencyKind, Level

VIEW = "directives.view"


def directives_seen(ctx: Context) -> DirectiveQuerySet:
    """Return the documents that the caller may read, without their texts."""
    found: DirectiveQuerySet = Directive.objects.visible_to(ctx).light()
    return found


def directive_seen(ctx: Context, pk: UUID) -> Directive | None:
    """Return a document with what its page names, if the caller may read it."""
    found = Directive.objects.visible_to(ctx).with_standing(ctx.today).defer("words")
    return found.select_related("issuer", "keeper", "file").filter(pk=pk).first()


def own_agencies(ctx: Context, permission: str = "directives.acknowledge") -> frozenset[UUID]:
    """Return the agencies on whose behalf the caller answers."""
    return agencies_spoken_for(ctx, permission)


def agencies_to_record_for(ctx: Context) -> list[Agency]:
    """Return the agencies as whose the caller may enter documents: all of a kept line, or the own."""
    agencies = Agency.objects.filter(province_code=ctx_province(ctx)).select_related("unit__parent")
    keeps = any(kept_provinces(ctx, chain) for chain in Chain)
    if not keeps and not any(g.province_code == "*" for g in ctx.grants):
        agencies = agencies.filter(pk__in=agencies_spoken_for(ctx, "directives.record"))
    return list(agencies.order_by("name", "code"))


def chains_kept(ctx: Context) -> list[str]:
    """Return the lines of command whose documents the caller's desk enters, whoever issued them."""
    return [c for c in Chain.values if kept_provinces(ctx, c)]


def may_record_at_all(ctx: Context) -> bool:
    """Tell whether there is any document that the caller could enter."""
    if not ctx.may("directives.record"):
        return False
    everything = any(g.province_code == "*" for g in ctx.grants)
    return everything or bool(chains_kept(ctx)) or bool(agencies_spoken_for(ctx, "directives.record"))  # fmt: skip


# --- Distribution ----------------------------------------------------------------------------------


def sees_distribution(ctx: Context, directive: Directive) -> bool:
    """Tell whether the caller sees how every recipient stands: who keeps the document, or oversees its chain."""
    return directive.province_code in overseen_provinces(
        ctx, directive.chain
    ) or directive.is_within(ctx, "directives.distribute")


def recipients_of(ctx: Context, directive: Directive) -> list[Recipient]:
    """Return the recipients of a document, those in arrears first; to others than its keepers their own.

    An own document that the caller may not read is not named (``own_seen`` is nothing).
    """
    rows = directive.recipients.all()
    if not sees_distribution(ctx, directive):
        rows = rows.filter(agency__in=own_agencies(ctx, VIEW), recalled_on__isnull=True)
    found = list(
        rows.select_related("agency__unit", "acknowledged_by").order_by(
            F("acknowledged_at").asc(nulls_first=True), "agency__name", "id"
        )
    )
    own = Directive.objects.visible_to(ctx).light().in_bulk({r.own_directive_id for r in found} - {None})  # fmt: skip
    for row in found:
        row.own_seen = own.get(row.own_directive_id)  # type: ignore[attr-defined]
    return found


def recipients_seen(ctx: Context) -> RecipientQuerySet:
    """Return the sendings that the caller answers for or follows: to the own agencies, of kept documents."""
    rows: RecipientQuerySet = Recipient.objects.standing()
    if any(g.province_code == "*" for g in ctx.grants if VIEW in g.role.permissions):
        return rows
    return rows.filter(Q(agency__in=own_agencies(ctx, VIEW)) | Q(pk__in=sent_out(ctx).values("pk")))


def inbox(ctx: Context) -> RecipientQuerySet:
    """Return what was sent to the agencies for which the caller answers."""
    own = own_agencies(ctx)
    rows: RecipientQuerySet = Recipient.objects.standing()
    return rows.filter(agency__in=own) if own else rows.none()


def sent_out(ctx: Context) -> RecipientQuerySet:
    """Return the sendings of the documents that the caller keeps or whose chain the caller oversees."""
    rows: RecipientQuerySet = Recipient.objects.standing()
    if any(g.province_code == "*" for g in ctx.grants if VIEW in g.role.permissions):
        return rows
    within = Q()
    for chain in Chain:
        provinces = overseen_provinces(ctx, chain)
        if provinces:
            within |= Q(directive__chain=chain, directive__province_code__in=provinces)
    own = agencies_spoken_for(ctx, "directives.distribute")
    if own:
        within |= Q(directive__issuer__in=own) | Q(directive__keeper__in=own)
    return rows.filter(within) if within else rows.none()


def sending_counts(ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """Return for documents how many agencies got each, acknowledged it, and owe or made their own."""
    rows = (
        Recipient.objects.standing()
        .filter(directive__in=list(ids))
        .order_by()
        .values("directive")
        .annotate(
            sent=Count("pk"), acknowledged=Count("acknowledged_at"),
            awaited=Count("pk", filter=Q(making=Making.AWAITED)),
            made=Count("pk", filter=Q(making=Making.MADE)),
        )
    )  # fmt: skip
    found: dict[UUID, dict[str, int]] = {}
    for row in rows:
        told: dict[str, Any] = dict(row)
        found[told.pop("directive")] = told
    return found


def recipient_seen(ctx: Context, pk: UUID, permission: str) -> Recipient | None:
    """Return a sending to an agency for which the caller may do this."""
    row = (
        Recipient.objects.standing()
        .select_related("directive", "agency", "own_directive")
        .filter(pk=pk)
        .first()
    )
    return row if row is not None and row.is_within(ctx, permission) else None


def own_documents(ctx: Context, recipient: Recipient) -> list[Directive]:
    """Return the documents that the caller may read and that could make this directive concrete."""
    family = heirs_of(recipient.agency_id)
    found = directives_seen(ctx).filter(issuer__in=family).exclude(pk=recipient.directive_id)
    issued_on = recipient.directive.issued_on
    if issued_on is not None:
        found = found.filter(Q(issued_on__gte=issued_on) | Q(issued_on__isnull=True))
    return list(found[:200])


# --- Groups of agencies, to send to ----------------------------------------------------------------

GROUPS: dict[str, Q] = {
    "departments": Q(kind=AgencyKind.DEPARTMENT, unit__level=Level.PROVINCE),
    "fronts": Q(kind__in=(AgencyKind.FRONT, AgencyKind.ALLIANCE), unit__level=Level.PROVINCE),
    "party_bodies": Q(kind=AgencyKind.PARTY, unit__level=Level.PROVINCE),
    "other_province": Q(
        kind__in=(AgencyKind.COMMITTEE, AgencyKind.COUNCIL, AgencyKind.BANK, AgencyKind.OTHER),
        unit__level=Level.PROVINCE,
    ),
    "district_committees": Q(kind=AgencyKind.COMMITTEE, unit__level=Level.DISTRICT),
    "district_party": Q(kind=AgencyKind.PARTY, unit__level=Level.DISTRICT),
    "commune_committees": Q(kind=AgencyKind.COMMITTEE, unit__level=Level.COMMUNE),
    "offices": Q(kind=AgencyKind.OFFICE),
}


def agencies_to_send_to(ctx: Context, day: date) -> dict[str, list[Agency]]:
    """Return the agencies of the caller's province that exist on a day, by group."""
    return agencies_by_group(ctx_province(ctx), day)


def agencies_by_group(province_code: str, day: date) -> dict[str, list[Agency]]:
    """Return the agencies of a province that exist on a day, by group, in order of names."""
    rows = Agency.objects.filter(province_code=province_code, valid__contains=day)
    found: dict[str, list[Agency]] = {name: [] for name in GROUPS}
    for agency in rows.select_related("unit__parent").order_by("name", "code"):
        found[_group_of(agency)].append(agency)
    return {name: agencies for name, agencies in found.items() if agencies}


def _group_of(agency: Agency) -> str:
    level = agency.unit.level
    match agency.kind:
        case AgencyKind.OFFICE:
            return "offices"
        case AgencyKind.DEPARTMENT if level == Level.PROVINCE:
            return "departments"
        case AgencyKind.FRONT | AgencyKind.ALLIANCE if level == Level.PROVINCE:
            return "fronts"
        case AgencyKind.PARTY:
            return "party_bodies" if level == Level.PROVINCE else "district_party"
        case AgencyKind.COMMITTEE if level == Level.DISTRICT:
            return "district_committees"
        case AgencyKind.COMMITTEE if level == Level.COMMUNE:
            return "commune_committees"
    return "other_province"


def agencies_of_groups(ctx: Context, groups: Sequence[str], day: date) -> list[Agency]:
    """Return every agency of these groups that exists on a day."""
    wanted = Q(pk__in=())
    for name in groups:
        wanted |= GROUPS[name]
    rows = Agency.objects.filter(wanted, province_code=ctx_province(ctx), valid__contains=day)
    return list(rows.order_by("name", "code"))


# --- The text and its proposals --------------------------------------------------------------------


def passages_of(directive: Directive) -> list[Passage]:
    """Return the proposals of a document in the order of its text, with their actors."""
    rows = directive.passages.exclude(state__in=(PassageState.WITHDRAWN,))
    return list(rows.prefetch_related("actors__agency").order_by("start", "position", "id"))


def passage_of(directive: Directive, pk: UUID) -> Passage | None:
    """Return one proposal of a document."""
    return directive.passages.prefetch_related("actors__agency").filter(pk=pk).first()


def passage_counts(directive: Directive) -> Counter[str]:
    """Return how many proposals of a document stand in each state."""
    rows = directive.passages.order_by().values_list("state").annotate(n=Count("pk"))
    return Counter(dict(rows))


def links_of(ctx: Context, directive: Directive) -> QuerySet[DirectiveLink]:
    """Return the links of a document to others that the caller may read."""
    seen = Directive.objects.visible_to(ctx).values("pk")
    rows = DirectiveLink.objects.live().filter(source=directive, target__in=seen)
    return rows.select_related("target").order_by("kind", "id")


def known_by_symbol(ctx: Context, symbols: Iterable[str]) -> dict[str, Directive]:
    """Return the documents that the caller may read by their symbol; the latest where there are several."""
    wanted = {s for s in symbols if s}
    found = directives_seen(ctx).filter(symbol__in=wanted, province_code=ctx_province(ctx))
    return {d.symbol: d for d in found.order_by(F("issued_on").asc(nulls_first=True), "id")}


def course_of(directive: Directive) -> QuerySet[Act]:
    """Return the acts upon a document, the latest first."""
    return Act.objects.filter(
        subject_kind="directives.directive", subject_id=str(directive.pk)
    ).order_by("-number")


def last_decision(ctx: Context, directive: Directive) -> Act | None:
    """Return the caller's latest decision on proposals of a document that can be undone as a whole."""
    if ctx.user is None:
        return None
    names = ("directives.accept_passages", "directives.reject_passages", "directives.restore_passages")  # fmt: skip
    last = course_of(directive).filter(actor_id=ctx.user.pk, name__in=names).first()
    return last if last is not None and not last.name.endswith("restore_passages") else None


def agencies_named(ctx: Context, day: date) -> list[Agency]:
    """Return the agencies of the province, those that exist on a day first: to be known by their names."""
    rows = list(Agency.objects.filter(province_code=ctx_province(ctx)).order_by("code"))
    return sorted(rows, key=lambda a: day not in a.valid)
