"""The list of documents and that of their sendings, as asked for; what each row exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hoptac.directives import selectors
from hoptac.directives.in_words import clock
from hoptac.directives.models import Recipient
from hoptac.directives.models.directives import DirectiveQuerySet
from hoptac.directives.models.recipients import RecipientQuerySet
from hoptac.directives.searching import matching
from hoptac.directives.terms import Chain, DirectiveKind, Level, Making, Purpose, Standing
from hoptac.foundation.access import Context
from hoptac.foundation.transfers.exports import ExportColumn

_CHOICES: dict[str, Any] = {"chain": Chain, "kind": DirectiveKind, "level": Level, "standing": Standing}  # fmt: skip
WAITS: dict[str, Any] = {
    "acknowledge": gettext_lazy("To acknowledge"),
    "make": gettext_lazy("Own document awaited"),
    "late": gettext_lazy("Late"),
}
SORTS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "new": (gettext_lazy("Latest first"), (F("issued_on").desc(nulls_last=True), F("id").desc())),
    "old": (gettext_lazy("Oldest first"), (F("issued_on").asc(nulls_last=True), F("id").asc())),
    "symbol": (gettext_lazy("By symbol"), (F("symbol").asc(), F("id").asc())),
    "title": (gettext_lazy("By title"), (F("title").asc(), F("id").asc())),
}


@dataclass(frozen=True)
class DirectiveFilter:
    """What the caller asks of the list of documents; an address says it."""

    q: str = ""
    chain: str = ""
    kind: str = ""
    level: str = ""
    standing: str = ""
    issuer: str = ""
    year: int | None = None
    waits: str = ""
    hand: str = ""
    sort: str = "new"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> DirectiveFilter:
        """Return what an address asks; what cannot be meant is left out."""
        chosen = {n: v if (v := query.get(n, "")) in c.values else "" for n, c in _CHOICES.items()}
        year = query.get("year", "")
        waits, hand, sort = (query.get(n, "") for n in ("waits", "hand", "sort"))
        return cls(
            q=query.get("q", "").replace("\0", "").strip()[:200],
            issuer=query.get("issuer", "").replace("\0", "")[:200],
            year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
            waits=waits if waits in WAITS else "",
            hand=hand if hand in {"here", "cited"} else "",
            sort=sort if sort in SORTS else "new",
            **chosen,
        )

    def query(self, **changes: Any) -> str:
        asked = replace(self, **changes) if changes else self
        pairs = {
            "q": asked.q, "chain": asked.chain, "kind": asked.kind, "level": asked.level,
            "standing": asked.standing, "issuer": asked.issuer, "year": asked.year or "",
            "waits": asked.waits, "hand": asked.hand, "sort": asked.sort if asked.sort != "new" else "",
        }  # fmt: skip
        return urlencode({k: v for k, v in pairs.items() if v})

    @property
    def is_narrow(self) -> bool:
        return replace(self, sort="new") != DirectiveFilter()

    def rows(self, ctx: Context) -> DirectiveQuerySet:
        """Return the documents that the caller may read and that fit, with their standing today."""
        found = selectors.directives_seen(ctx).with_standing(ctx.today)
        for name in ("chain", "kind", "level"):
            if value := getattr(self, name):
                found = found.filter(**{name: value})
        if self.standing:
            found = found.standing(self.standing, ctx.today)
        if self.issuer:
            found = found.filter(issuer_name=self.issuer)
        if self.year:
            found = found.filter(
                issued_on__gte=date(self.year, 1, 1), issued_on__lte=date(self.year, 12, 31)
            )
        if self.hand == "cited":
            found = found.filter(file__isnull=True, text="")
        elif self.hand == "here":
            found = found.at_hand()
        if self.waits:
            found = found.filter(
                pk__in=waiting(selectors.inbox(ctx), self.waits, ctx.today).values("directive")
            )
        return matching(found, self.q).order_by(*SORTS[self.sort][1])


_UNANSWERED = Q(acknowledged_at__isnull=True, purpose=Purpose.ACT)


def waiting(rows: RecipientQuerySet, what: str, today: date) -> RecipientQuerySet:
    """Keep the sendings that wait for this."""
    match what:
        case "acknowledge":
            return rows.to_acknowledge()
        case "make":
            return rows.to_make()
        case "late":
            return rows.late(today)
    return rows


def years_of(ctx: Context) -> list[int]:
    """Return the years in which documents that the caller may read were issued, the latest first."""
    found = selectors.directives_seen(ctx).filter(issued_on__isnull=False).order_by()
    years = found.annotate(year=ExtractYear("issued_on")).values_list("year", flat=True).distinct()
    return sorted(years, reverse=True)


def issuers_of(ctx: Context) -> list[str]:
    """Return who issued documents that the caller may read."""
    found = selectors.directives_seen(ctx).exclude(issuer_name="").order_by("issuer_name")
    return list(found.values_list("issuer_name", flat=True).distinct()[:600])


def export_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("Number and symbol"), width=20), ExportColumn(_("Kind of document"), width=14),
        ExportColumn(pgettext("document", "Title"), width=60), ExportColumn(_("Issuing body"), width=34),
        ExportColumn(pgettext("document", "Issued on"), "date"), ExportColumn(_("In force from"), "date"),
        ExportColumn(_("No longer in force from"), "date"), ExportColumn(pgettext("document", "Standing")),
        ExportColumn(_("Line of command")), ExportColumn(_("Level")), ExportColumn(_("Signed by"), width=24),
        ExportColumn(_("Who reads it"), width=24), ExportColumn(_("Sent to"), "integer"),
        ExportColumn(_("Acknowledged"), "integer"), ExportColumn(_("Own documents awaited"), "integer"),
        ExportColumn(_("Own documents issued"), "integer"),
    ]  # fmt: skip


def export_rows(ctx: Context, found: DirectiveQuerySet) -> Iterator[tuple[Any, ...]]:
    """Yield a line for each document; how it was received only where the caller follows that."""
    followed = set(selectors.sent_out(ctx).values_list("directive", flat=True).distinct())
    page: list[Any] = []
    for document in found.iterator(chunk_size=500):
        page.append(document)
        if len(page) == 500:
            yield from _lines(page, followed)
            page = []
    yield from _lines(page, followed)


def _lines(page: list[Any], followed: set[UUID]) -> Iterator[tuple[Any, ...]]:
    counts = selectors.sending_counts(d.pk for d in page if d.pk in followed)
    for d in page:
        n = counts.get(d.pk, {})
        yield (
            d.symbol, d.get_kind_display(), d.title, d.issuer_name, d.issued_on, d.in_force_on, d.ends_on,
            str(Standing(d.standing_on).label), d.get_chain_display(), d.get_level_display(), d.signer,
            d.get_reach_display(), n.get("sent"), n.get("acknowledged"), n.get("awaited"), n.get("made"),
        )  # fmt: skip


# --- Sendings --------------------------------------------------------------------------------------

SIDES: dict[str, Any] = {
    "in": gettext_lazy("Sent to us"),
    "out": gettext_lazy("Sent by us, or overseen"),
}
STATES: dict[str, Any] = {
    "open": gettext_lazy("Something is owed"),
    "late": gettext_lazy("Late"),
    "acknowledge": gettext_lazy("Receipt not acknowledged"),
    "make": gettext_lazy("Own document awaited"),
    "made": gettext_lazy("Own document issued"),
    "all": gettext_lazy("All"),
}


@dataclass(frozen=True)
class SendingFilter:
    """What the caller asks of the list of sendings; an address says it."""

    side: str
    state: str = "open"
    agency: UUID | None = None
    directive: UUID | None = None
    q: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], *, side: str) -> SendingFilter:
        """Return what an address asks; ``side`` is shown where it names none."""
        asked, state = query.get("side", ""), query.get("state", "")
        return cls(
            asked if asked in SIDES else side, state if state in STATES else "open",
            _uuid(query.get("agency", "")), _uuid(query.get("directive", "")),
            query.get("q", "").replace("\0", "").strip()[:200],
        )  # fmt: skip

    def query(self, **changes: Any) -> str:
        asked = replace(self, **changes) if changes else self
        pairs = {
            "side": asked.side, "state": asked.state if asked.state != "open" else "",
            "agency": asked.agency or "", "directive": asked.directive or "", "q": asked.q,
        }  # fmt: skip
        return urlencode({k: v for k, v in pairs.items() if v})

    def all_rows(self, ctx: Context) -> RecipientQuerySet:
        """Return the sendings of the side, whatever their state, those soonest due first."""
        found = selectors.inbox(ctx) if self.side == "in" else selectors.sent_out(ctx)
        if self.agency:
            found = found.filter(agency=self.agency)
        if self.directive:
            found = found.filter(directive=self.directive)
        if self.q:
            found = found.filter(
                directive__in=matching(selectors.directives_seen(ctx), self.q).values("pk")
            )
        return found

    def rows(self, ctx: Context) -> RecipientQuerySet:
        found = self.all_rows(ctx)
        match self.state:
            case "open":
                found = found.filter(_UNANSWERED | Q(making=Making.AWAITED))
            case "made":
                found = found.filter(making=Making.MADE)
            case state if state != "all":
                found = waiting(found, state, ctx.today)
        return dressed(found)


def dressed(found: RecipientQuerySet) -> RecipientQuerySet:
    """Take with the sendings what their rows show, those soonest due first."""
    heavy = [f"directive__{n}" for n in ("text", "reading", "words")]
    return (
        found.select_related("directive", "agency__unit")
        .defer(*heavy)
        .order_by(F("make_by").asc(nulls_last=True), F("acknowledge_by").asc(nulls_last=True), "id")
    )


def sending_counts_of(ctx: Context, wanted: SendingFilter) -> dict[str, int]:
    """Return how many sendings of the side stand in each state, in one question."""
    from django.db.models import Count

    late = (_UNANSWERED & Q(acknowledge_by__lt=ctx.today)) | Q(
        making=Making.AWAITED, make_by__lt=ctx.today
    )
    return replace(wanted, state="all").all_rows(ctx).order_by().aggregate(
        open=Count("pk", filter=_UNANSWERED | Q(making=Making.AWAITED)),
        late=Count("pk", filter=late),
        acknowledge=Count("pk", filter=_UNANSWERED),
        make=Count("pk", filter=Q(making=Making.AWAITED)),
        made=Count("pk", filter=Q(making=Making.MADE)),
        all=Count("pk"),
    )  # fmt: skip


def sending_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("Number and symbol"), width=20), ExportColumn(pgettext("document", "Title"), width=50),
        ExportColumn(_("Recipient"), width=40), ExportColumn(_("For what"), width=16),
        ExportColumn(_("Sent on"), "date"),
        ExportColumn(_("To be acknowledged by"), "date"), ExportColumn(_("Acknowledged at"), "moment"),
        ExportColumn(_("Own document")), ExportColumn(_("Own document due on"), "date"),
        ExportColumn(_("Which"), width=30), ExportColumn(_("Term"), width=26),
    ]  # fmt: skip


def sending_lines(ctx: Context, found: RecipientQuerySet) -> Iterator[tuple[Any, ...]]:
    """Yield a line for each sending; an own document that the caller may not read is not named."""
    from django.utils import timezone

    page: list[Recipient] = []

    def told() -> Iterator[tuple[Any, ...]]:
        ids = {r.own_directive_id for r in page} - {None}
        own = selectors.directives_seen(ctx).in_bulk(ids) if ids else {}
        for r in page:
            receipt = clock(r.acknowledge_by, ctx.today) if r.acknowledged_at is None else None
            making = clock(r.make_by, ctx.today) if r.making == Making.AWAITED else None
            mine = own.get(r.own_directive_id)  # type: ignore[arg-type]
            yield (
                r.directive.symbol, r.directive.title, r.agency.name, r.get_purpose_display(),
                r.sent_on, r.acknowledge_by,
                timezone.localtime(r.acknowledged_at) if r.acknowledged_at else None,
                r.get_making_display(), r.make_by, mine.name if mine else r.waived_because,
                "; ".join(c.words for c in (receipt, making) if c is not None),
            )  # fmt: skip

    for row in found.iterator(chunk_size=500):
        page.append(row)
        if len(page) == 500:
            yield from told()
            page = []
    yield from told()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
