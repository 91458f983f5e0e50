"""One body's whole record, read once: how it stood on a day, its figures, its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.audit.models import Act
from hoptac.jurisdiction.places import Place, places
from hoptac.registry.models import (
    BusinessLine,
    Cooperative,
    FigureStatement,
    Lineage,
    Particulars,
    Period,
)
from hoptac.registry.particulars import FIELDS
from hoptac.registry.terms import LegalStatus, Measure

CONTACT_FIELDS = frozenset({"chairman", "director", "phone", "email"})
_MOST_ACTS = 200


@dataclass(frozen=True)
class Figure:
    """A measure in force on a day, with the statement that said it."""

    measure: str
    label: str
    value: Any
    statement: FigureStatement | None


@dataclass(frozen=True)
class Tie:
    """Another body that this one came from or passed into."""

    way: str
    kind: str
    on: date
    other_id: UUID
    other_name: str
    source: str


@dataclass(frozen=True)
class Change:
    """What an act made different: the field, the old and the new value, and for which days."""

    what: str
    field: str
    old: Any
    new: Any
    since: date | None = None
    until: date | None = None


@dataclass
class Entry:
    """One act in the history of a body."""

    act_id: UUID
    name: str
    number: int | None = None
    at: datetime | None = None
    who: str = ""
    channel: str = ""
    reason: str = ""
    basis: str = ""
    sources: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass
class Record:
    """Everything that the register holds of a body, as the caller may see it."""

    ctx: Context
    cooperative: Cooperative
    day: date
    rows: list[Particulars]
    statements: list[FigureStatement]
    lines: list[BusinessLine]
    lineages: list[Lineage]

    @cached_property
    def live(self) -> list[Particulars]:
        return sorted(
            (r for r in self.rows if r.retired_by is None), key=lambda r: r.valid.lower
        )  # fmt: skip

    @cached_property
    def particulars(self) -> Particulars | None:
        """The particulars in effect on the day; nothing where the body was not yet known."""
        for row in self.live:
            if row.valid.lower <= self.day and (
                row.valid.upper is None or self.day < row.valid.upper
            ):
                return row
        return None

    @property
    def latest(self) -> Particulars:
        return self.live[-1]

    @property
    def first_day(self) -> date:
        return self.live[0].valid.lower

    @property
    def is_past(self) -> bool:
        return self.day < self.ctx.today

    @property
    def shows_contacts(self) -> bool:
        return self.ctx.may("registry.view_contacts")

    @property
    def has_ended(self) -> bool:
        return self.latest.legal_status == LegalStatus.ENDED

    # --- Place -----------------------------------------------------------------------------------

    @property
    def commune(self) -> Place | None:
        """The commune of the day."""
        row = self.particulars
        return places().commune_on(row.commune_id, self.day) if row else None

    @property
    def district(self) -> Place | None:
        """The district of the day, or the last that there was."""
        row = self.particulars
        return places().district_on(row.commune_id, self.day) if row else None

    @property
    def commune_now(self) -> Place | None:
        """Today's commune, where another than that of the day holds the ground."""
        row = self.particulars
        now = places().commune_on(row.commune_id, self.ctx.today) if row else None
        return now if now != self.commune else None

    @property
    def commune_before(self) -> Place | None:
        """The unit named in the record, where another holds its ground on the day."""
        row = self.particulars
        named = places().get(row.commune_id) if row else None
        return named if named != self.commune else None

    # --- Figures ---------------------------------------------------------------------------------

    @cached_property
    def live_statements(self) -> list[FigureStatement]:
        """The statements that hold, in the order in which they speak (day, then recording)."""
        found = [s for s in self.statements if s.retired_by is None]
        return sorted(found, key=lambda s: (s.as_of, s.pk))

    @cached_property
    def figures(self) -> list[Figure]:
        """Each measure as in force on the day."""
        found = []
        for measure in Measure:
            said = None
            for statement in self.live_statements:
                if statement.as_of <= self.day and getattr(statement, measure) is not None:
                    said = statement
            value = getattr(said, measure) if said else None
            found.append(Figure(measure.value, str(measure.label), value, said))
        return found

    # --- Lines and ties --------------------------------------------------------------------------

    @property
    def lines_of_day(self) -> list[BusinessLine]:
        return [
            x
            for x in self.lines
            if x.retired_by is None
            and x.valid.lower <= self.day
            and (x.valid.upper is None or self.day < x.valid.upper)
        ]

    @property
    def ties(self) -> list[Tie]:
        """What the body came from and passed into, with the other's present name."""
        found = []
        for x in self.lineages:
            if x.retired_by is not None:
                continue
            is_earlier = x.cooperative_id == self.cooperative.pk
            found.append(
                Tie(
                    "into" if is_earlier else "from",
                    x.kind,
                    x.on,
                    x.successor_id if is_earlier else x.cooperative_id,
                    (x.later_name if is_earlier else x.earlier_name) or "",
                    x.source,
                )
            )
        return found

    # --- History ---------------------------------------------------------------------------------

    def facts(self) -> Iterator[Any]:
        yield from self.rows
        yield from self.statements
        yield from self.lines
        yield from self.lineages


def record_of(ctx: Context, pk: UUID, day: date | None = None) -> Record | None:
    """Return the record of a body within the caller's territory, as of a day (today's if none).

    Four queries: sight with identity, particulars, figures, and lines; a fifth for lineage.
    """
    seen = (
        Period.objects.filter(cooperative_id=pk, is_latest=True)
        .visible_to(ctx)
        .select_related("cooperative")
        .only("cooperative__id", "cooperative__province_code", "cooperative__kind",
              "cooperative__version", "cooperative__act_id")
        .first()
    )  # fmt: skip
    if seen is None:
        return None
    body = seen.cooperative
    name_of = Period.objects.filter(is_latest=True).values("name")
    lineages = (
        Lineage.objects.filter(Q(cooperative=body) | Q(successor=body))
        .annotate(
            later_name=Subquery(name_of.filter(cooperative=OuterRef("successor"))),
            earlier_name=Subquery(name_of.filter(cooperative=OuterRef("cooperative"))),
        )
        .order_by("on", "id")
    )
    return Record(
        ctx=ctx,
        cooperative=body,
        day=min(day or ctx.today, ctx.today),
        rows=list(Particulars.objects.filter(cooperative=body).order_by("id")),
        statements=list(FigureStatement.objects.filter(cooperative=body).order_by("id")),
        lines=list(BusinessLine.objects.filter(cooperative=body).order_by("-is_main", "vsic_code")),
        lineages=list(lineages),
    )


def history_of(record: Record) -> list[Entry]:
    """Return the acts upon a body, the latest first: who, when, what, why, from which file.

    What changed is read from the facts themselves, so it stands even where the journal's own words
    were erased. Two queries.
    """
    added: dict[UUID, list[Any]] = {}
    retired: dict[UUID, list[Any]] = {}
    for fact in record.facts():
        added.setdefault(fact.act_id, []).append(fact)
        if fact.retired_by is not None:
            retired.setdefault(fact.retired_by, []).append(fact)
    known = set(added) | set(retired)
    about = Q(subject_kind="registry.cooperative", subject_id=str(record.cooperative.pk))
    acts = list(
        Act.objects.filter(about | Q(pk__in=known))
        .order_by("-number")
        .annotate(content=F("payload__content"))
        .only("id", "number", "at", "name", "actor_id", "channel")[:_MOST_ACTS]
    )
    names = dict(
        User.objects.filter(pk__in={a.actor_id for a in acts if a.actor_id}).values_list(
            "pk", "full_name"
        )
    )
    found = []
    for act in acts:
        content = act.content or {}
        new, old = added.get(act.pk, []), retired.get(act.pk, [])
        found.append(
            Entry(
                act_id=act.pk,
                name=act.name,
                number=act.number,
                at=act.at,
                who=names.get(act.actor_id, ""),
                channel=act.channel,
                reason=content.get("reason") or "",
                basis=content.get("basis") or "",
                sources=_sources(old, new),
                changes=list(_changes(record, old, new)),
            )
        )
    return found


def _sources(old: Iterable[Any], new: Iterable[Any]) -> list[str]:
    """Return the sources that an act brought; rows that it only cut in two keep their own."""

    def named(facts: Iterable[Any]) -> list[str]:
        return [s for f in facts if (s := " ".join(filter(None, (f.source, f.source_row))))]

    known = set(named(old))
    return [s for s in dict.fromkeys(named(new)) if s not in known]


def _changes(record: Record, old: list[Any], new: list[Any]) -> Iterator[Change]:
    yield from _changed_particulars(
        record,
        [f for f in old if isinstance(f, Particulars)],
        [f for f in new if isinstance(f, Particulars)],
    )
    yield from _changed_figures(
        [f for f in old if isinstance(f, FigureStatement)],
        [f for f in new if isinstance(f, FigureStatement)],
    )
    gone = {f.vsic_code: f for f in old if isinstance(f, BusinessLine)}
    come = {f.vsic_code: f for f in new if isinstance(f, BusinessLine) if f.valid.upper is None}
    for code in sorted(set(gone) | set(come)):
        before, after = gone.get(code), come.get(code)
        yield Change("line", "vsic_code", _line(before), _line(after),
                     since=after.valid.lower if after else None)  # fmt: skip
    for tie in new:
        if isinstance(tie, Lineage):
            yield Change("lineage", "lineage", None, tie, since=tie.on)


def _line(line: BusinessLine | None) -> str | None:
    if line is None:
        return None
    return f"{line.vsic_code} ({_('main line')})" if line.is_main else line.vsic_code


def _changed_particulars(
    record: Record, old: list[Particulars], new: list[Particulars]
) -> Iterator[Change]:
    """Yield per field what differs between the rows that went and those in their place."""
    said = set()
    hidden = frozenset() if record.shows_contacts else CONTACT_FIELDS
    for row in sorted(new, key=lambda r: r.valid.lower):
        before = next((r for r in old if _overlap(r, row)), None)
        for name in FIELDS:
            after = getattr(row, name)
            was = getattr(before, name) if before else None
            if name in hidden or name == "established_precision" or was == after:
                continue
            if before is None and after in (None, ""):
                continue
            if (name, was, after) in said:
                continue
            said.add((name, was, after))
            yield Change("particulars", name, was, after, row.valid.lower, row.valid.upper)


def _overlap(a: Particulars, b: Particulars) -> bool:
    far = date.max
    return a.valid.lower < (b.valid.upper or far) and b.valid.lower < (a.valid.upper or far)


def _changed_figures(
    old: list[FigureStatement], new: list[FigureStatement]
) -> Iterator[Change]:  # fmt: skip
    for statement in new or old:
        before = old[0] if new and old else None
        for measure in Measure:
            is_gone = not new
            after = None if is_gone else getattr(statement, measure)
            was = getattr(statement if is_gone else before, measure, None)
            if was != after:
                yield Change("figures", measure.value, was, after, since=statement.as_of)
