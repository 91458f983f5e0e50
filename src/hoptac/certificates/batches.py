"""Which bodies a batch is for, what is foreseen of its next block, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from hoptac.certificates import keys, making
from hoptac.certificates.contents import Written, written_for
from hoptac.certificates.form import check_content
from hoptac.certificates.making import Draft, Order, Terms
from hoptac.certificates.models import Certificate, IssueBatch, IssueItem
from hoptac.certificates.selectors import SEE_PEOPLE
from hoptac.certificates.terms import ItemState, State
from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.numbering import last_taken
from hoptac.jurisdiction.models import AdminUnit
from hoptac.jurisdiction.places import places
from hoptac.jurisdiction.terms import Level
from hoptac.registry.filters import RegisterFilter
from hoptac.registry.models import Cooperative, Period

ISSUE = "certificates.issue"
# So many bodies are looked at, so many certificates stand in one batch, so many are issued at once.
MOST_LOOKED_AT, MOST, BLOCK = 6000, 2000, 100


def terms_of(batch: IssueBatch) -> Terms:
    """Return what the certificates of a batch have in common."""
    return Terms(batch.authority, batch.issued_on, batch.signatory, batch.reason)


def may_issue_for(authority: AdminUnit, commune_id: UUID | None, day: Any) -> bool:
    """Tell whether an authority is the registrar's unit of a commune: itself, its district or province."""
    commune = places().commune_on(commune_id, day)
    if commune is None:
        return False
    if authority.level == Level.PROVINCE:
        return commune.province_code == authority.province_code
    if authority.level == Level.DISTRICT:
        district = places().district_on(commune_id, day)
        return district is not None and district.id == authority.pk
    return commune.id == authority.pk


def authorities(ctx: Context) -> list[AdminUnit]:
    """Return the units in whose name the caller may issue today: the province first, then its communes."""
    reach = ctx.coverage(ISSUE)
    communes = [p.id for p in places().communes_on(ctx.today, reach)]
    if reach.cooperatives and not (reach.everything or reach.provinces or reach.communes):
        return []
    if not (reach.everything or reach.provinces):
        communes = [pk for pk in communes if pk in reach.communes]
    units = AdminUnit.objects.on(ctx.today)
    provinces = units.filter(level=Level.PROVINCE)
    if not reach.everything:
        provinces = provinces.filter(province_code__in=reach.provinces)
    found = {u.pk: u for u in units.filter(pk__in=communes)}
    return [*provinces.order_by("code"), *(found[pk] for pk in communes if pk in found)]


@dataclass
class Drawn:
    """The bodies found for a batch; ``agreeing`` have a certificate that says what the register says."""

    due: list[Written] = field(default_factory=list)
    agreeing: int = 0


def draw(
    ctx: Context, asked: RegisterFilter, authority: AdminUnit, grounds: Iterable[str]
) -> Drawn:
    """Return the bodies of a list that are due a certificate by an authority, in the list's usual order.

    :raises Refused: the list is too long
    """
    wanted = set(grounds)
    periods = asked.periods(ctx, ISSUE).filter(is_latest=True)
    if asked.kind:
        periods = periods.filter(kind=asked.kind)
    periods = periods.existing().visible_to(ctx, SEE_PEOPLE).order_by("sort_key", "cooperative_id")
    rows = periods.values_list("cooperative_id", "commune_id")
    ids = [pk for pk, commune in rows if may_issue_for(authority, commune, ctx.today)]
    if len(ids) > MOST_LOOKED_AT:
        raise Refused(_too_many(len(ids), MOST_LOOKED_AT))
    found = Drawn()
    for start in range(0, len(ids), 1000):
        some = ids[start : start + 1000]
        written = written_for(ctx, some, ctx.today)
        for pk in some:
            if not written[pk].ground:
                found.agreeing += 1
            elif written[pk].ground in wanted:
                found.due.append(written[pk])
    if len(found.due) > MOST:
        raise Refused(_too_many(len(found.due), MOST))
    return found


def _too_many(count: int, most: int) -> Finding:
    words = _("%(count)s bodies are too many for one batch (at most %(most)s): narrow the list.")
    return Finding("too_many", words % {"count": count, "most": most})


def findings_of(batch: IssueBatch, written: Written) -> list[Finding]:
    """Return what keeps a certificate from being issued, and what is worth a look."""
    found = list(check_content(written.kind, written.body_kind, written.content))
    if written.has_ended:
        found.append(Finding("already_ended", _("The body has already ended.")))
    if written.before is None and written.last_state == State.REVOKED:
        words = _("Its certificate was revoked: restore it, or decide on the body's own page.")
        found.append(Finding("is_revoked", words))
    early = making.too_early(written.before, batch.issued_on)
    if early is not None:
        found.append(early)
    for person in written.content.get("representatives") or []:
        if not person.get("identity_number"):
            found.append(
                Finding(
                    "identity_missing",
                    _("The register does not hold the personal number of %(name)s.")
                    % {"name": person.get("name", "")},
                    "Luật Hợp tác xã 2023, Điều 45", "representatives", severity="warning",
                )
            )  # fmt: skip
    return found


def kept(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return findings as they are kept with an item."""
    return [
        {"code": f.code, "message": str(f.message), "severity": f.severity, "basis": f.basis}
        for f in findings
    ]


def is_refused(findings: Iterable[Finding]) -> bool:
    return any(f.severity == "error" for f in findings)


# --- The next block -----------------------------------------------------------------------------


@dataclass
class Foreseen:
    """A block as it will be issued if nothing comes in between: who, under which numbers, signed."""

    items: list[IssueItem]
    drafts: list[Draft]
    versions: dict[UUID, int]
    refused: list[tuple[IssueItem, list[Finding]]]
    first: int

    @property
    def all_items(self) -> list[IssueItem]:
        return [*self.items, *(i for i, _f in self.refused)]

    @property
    def orders(self) -> list[Order]:
        return [d.order for d in self.drafts]

    @property
    def next_number(self) -> int:
        return self.first + len(self.drafts)

    @property
    def last_place(self) -> int:
        return max(i.place for i in self.all_items)


def waiting(batch: IssueBatch, after: int, count: int) -> list[IssueItem]:
    """Return the next items that wait to be issued, behind a place."""
    found = IssueItem.objects.filter(batch=batch, state=ItemState.WAITING, place__gt=after)
    return list(found.order_by("place")[:count])


def foresee(
    ctx: Context, batch: IssueBatch, *, after: int = 0, first: int | None = None
) -> Foreseen | None:
    """Return the next block, each item held against the register as it stands now; nothing where none waits.

    An item whose body changed since the officer looked is not issued, and says so.
    """
    items = waiting(batch, after, BLOCK)
    if not items:
        return None
    bodies = [i.cooperative_id for i in items]
    reached = Period.objects.filter(is_latest=True, cooperative__in=bodies)
    reached = reached.visible_to(ctx, ISSUE).visible_to(ctx, SEE_PEOPLE)
    within = set(reached.values_list("cooperative_id", flat=True))
    known = Cooperative.objects.in_bulk(bodies)
    written = written_for(ctx, bodies, ctx.today)
    terms, (key, private) = terms_of(batch), keys.signing()
    if first is None:
        first = last_taken(terms.series) + 1
    going, refused = [], []
    made: list[Draft] = []
    for item in items:
        now = written.get(item.cooperative_id)
        found = _against(batch, item, now, within)
        if not is_refused(found) and now is not None:
            order = Order(known[item.cooperative_id], now.kind, now.content)
            try:
                made += making.drafts(terms, [order], [first + len(made)], key, private.sign)
            except Refused as unfit:
                found = list(unfit.findings)
            else:
                going.append(item)
        if is_refused(found):
            refused.append((item, found))
    versions = {pk: body.version for pk, body in known.items()}
    return Foreseen(going, made, versions, refused, first)


def _against(
    batch: IssueBatch, item: IssueItem, now: Written | None, within: set[UUID]
) -> list[Finding]:
    """Return what speaks against an item as the register stands now."""
    if now is None or item.cooperative_id not in within:
        return [Finding("out_of_reach", _("The body is not in your territory any more."))]
    if (now.before.pk if now.before else None) != item.before_id:
        words = _("Meanwhile certificate %(number)s was issued to it, or the one in force changed.")
        number = now.before.number if now.before else ""
        return [Finding("issued_meanwhile", words % {"number": number})]
    found = findings_of(batch, now)
    if now.content != item.content and not is_refused(found):
        words = _("The register changed since the batch was drawn up: draw up another for it.")
        found.append(Finding("changed_meanwhile", words))
    return found


# --- What pages ask -----------------------------------------------------------------------------


def batches_of(ctx: Context) -> Any:
    """Return the caller's batches, the latest first."""
    return IssueBatch.objects.visible_to(ctx).select_related("authority")


def batch_seen(ctx: Context, pk: UUID) -> IssueBatch | None:
    """Return one of the caller's batches."""
    return batches_of(ctx).filter(pk=pk).first()


def counts_of(batch: IssueBatch) -> dict[str, int]:
    """Return how many items stand in each state."""
    return counts_of_many([batch])[batch.pk]


def items_of(batch: IssueBatch, state: str = "") -> Any:
    """Return the items of a batch in order, those of one state if asked."""
    found = IssueItem.objects.filter(batch=batch).select_related("certificate", "before")
    if state in ItemState.values:
        found = found.filter(state=state)
    return found.order_by("place")


def counts_of_many(found: Iterable[IssueBatch]) -> dict[UUID, dict[str, int]]:
    """Return the same of several batches, asked once."""
    counts = {b.pk: {state.value: 0 for state in ItemState} for b in found}
    rows = IssueItem.objects.filter(batch__in=list(counts)).order_by()
    for row in rows.values("batch_id", "state").annotate(n=Count("id")):
        counts[row["batch_id"]][row["state"]] = row["n"]
    return counts


def issued_files(
    ctx: Context, batch: IssueBatch, start: int = 0, count: int | None = None
) -> Iterator[Certificate]:
    """Yield the certificates issued by a batch with their files, in the batch's order.

    What they say of persons is for those who may see it of the body, as ever.
    """
    seen = Cooperative.objects.visible_to(ctx, SEE_PEOPLE)
    found = Certificate.objects.filter(
        issueitem__batch=batch, cooperative__in=seen.values("pk")
    ).select_related("file")
    found = found.order_by("issueitem__place")
    yield from found[start : None if count is None else start + count].iterator(chunk_size=200)


def report_rows(batch: IssueBatch) -> Sequence[tuple[str, ...]]:
    """Return the report as rows: place, name, state, number, what was found."""
    return [
        (
            str(i.place), i.name, str(i.get_state_display()),
            i.certificate.number if i.certificate else "",
            "; ".join(f["message"] for f in i.findings),
        )
        for i in items_of(batch)
    ]  # fmt: skip
