"""One body's whole record, read once: how it stood on a day, its figures, its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context, Coverage
from hoptac.foundation.database import ask, ask_for
from hoptac.foundation.rulebook import NotInForce
from hoptac.jurisdiction.places import Place, places
from hoptac.jurisdiction.terms import Level
from hoptac.registry.models import (
    BusinessLine,
    Cooperative,
    FigureStatement,
    Lineage,
    Particulars,
)
from hoptac.registry.particulars import FIELDS
from hoptac.registry.rules.particulars import compute_registrar_level
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
    lineages: list[Any]  # Lineage with the names of both bodies

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
        """Whether the reader's mandates carry the people and telephones of this very body."""
        contacts = "registry.view_contacts"
        return self.ctx.may_throughout(contacts, of="registry.view") or (
            self.ctx.may(contacts) and self.cooperative.is_within(self.ctx, contacts)
        )

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

    @property
    def registrar(self) -> tuple[str, bool] | None:
        """Who registers such a body there on the day, and whether that was read off a document.

        The law of the day says the level (``registry/registrar``), the map of the day the unit. The
        unit stands for its office where none is known; nothing where no rule or unit is known.
        """
        row = self.particulars
        try:
            level = compute_registrar_level(self.cooperative.kind, on=self.day)
        except NotInForce:
            return None
        commune = self.commune
        if row is None or commune is None:
            return None
        unit: Place | None = commune
        if level == Level.DISTRICT:
            unit = self.district
        elif level == Level.PROVINCE:
            province = self.district or commune
            unit = places().get(province.parent_id)
        if unit is None or not unit.exists_on(self.day):
            return None
        office = places().office_on(unit.id, self.day)
        return (office.name, office.is_confirmed) if office else (unit.heading, True)

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


# The page's few milliseconds go to what it shows: these questions are asked as they stand, not built.
_SEEN = """
SELECT c.id, c.province_code, c.kind, c.version, c.act_id, p.commune_id
FROM registry_cooperative c
JOIN registry_period p ON p.cooperative_id = c.id AND p.is_latest
WHERE c.id = %s
"""
_FACTS = "cooperative_id = %s ORDER BY id"
_LINEAGE = 'cooperative_id = %s OR successor_id = %s ORDER BY "on", id'
_NAMES = (
    "SELECT cooperative_id, name, province_code, commune_id FROM registry_period "
    "WHERE is_latest AND cooperative_id = ANY(%s)"
)
_ACTS = """
SELECT a.id, a.number, a.at, a.name, a.actor_id, a.channel, p.content->>'reason', p.content->>'basis',
    u.full_name
FROM audit_act a
LEFT JOIN audit_actpayload p ON p.act_id = a.id
LEFT JOIN accounts_user u ON u.id = a.actor_id
WHERE a.id = ANY(%s) OR (a.subject_kind = 'registry.cooperative' AND a.subject_id = %s)
ORDER BY a.number DESC LIMIT %s
"""


def source_in_words(source: str, row: str) -> str:
    """Return a source and the place in it (kept as ``sheet!row``) as people say them."""
    sheet, mark, number = row.rpartition("!")
    place = _("%(sheet)s, row %(row)s") % {"sheet": sheet, "row": number} if mark else row
    return ", ".join(filter(None, (source, place)))


def record_of(ctx: Context, pk: UUID, day: date | None = None) -> Record | None:
    """Return the record of a body within the caller's territory, as of a day (today's if none).

    Five queries (sight with identity, particulars, figures, lines, lineage), and one for the names
    of bodies that it came from or passed into.
    """
    rows = ask(_SEEN, [pk])
    if not rows:
        return None
    (seen,) = rows
    if not covers(ctx.coverage("registry.view"), seen[1], seen[5], pk):
        return None
    body = Cooperative(
        id=seen[0], province_code=seen[1], kind=seen[2], version=seen[3], act_id=seen[4]
    )
    body._state.adding = False

    def facts(model: Any) -> list[Any]:
        return ask_for(model, _FACTS, [pk])

    return Record(
        ctx=ctx,
        cooperative=body,
        day=min(day or ctx.today, ctx.today),
        rows=facts(Particulars),
        statements=facts(FigureStatement),
        lines=sorted(facts(BusinessLine), key=lambda x: (not x.is_main, x.vsic_code)),
        lineages=_lineages(ctx, pk),
    )


def _lineages(ctx: Context, pk: UUID) -> list[Any]:
    """Return a body's lineages; a body outside the caller's territory is not named."""
    found: list[Any] = ask_for(Lineage, _LINEAGE, [pk, pk])
    if found:
        both = {x.cooperative_id for x in found} | {x.successor_id for x in found}
        reach = ctx.coverage("registry.view")
        rows = ask(_NAMES, [sorted(both)])
        names = {
            body: name for body, name, province, commune in rows
            if covers(reach, province, commune, body)
        }  # fmt: skip
        for x in found:
            x.earlier_name, x.later_name = names.get(x.cooperative_id), names.get(x.successor_id)
    return found


def covers(reach: Coverage, province_code: str, commune_id: UUID | None, pk: UUID) -> bool:
    """Tell whether a reach holds a body of a commune; the same as ``Period.visible_to``."""
    return (
        reach.everything
        or province_code in reach.provinces
        or commune_id in reach.communes
        or pk in reach.cooperatives
    )


def history_of(record: Record) -> list[Entry]:
    """Return the acts upon a body, the latest first: who, when, what, why, from which file.

    What changed is read from the facts themselves, so it stands even where the journal's own words
    were erased. One query.
    """
    added: dict[UUID, list[Any]] = {}
    retired: dict[UUID, list[Any]] = {}
    for fact in record.facts():
        added.setdefault(fact.act_id, []).append(fact)
        if fact.retired_by is not None:
            retired.setdefault(fact.retired_by, []).append(fact)
    acts = ask(_ACTS, [list(added | retired), str(record.cooperative.pk), _MOST_ACTS])
    found = []
    for pk, number, at, name, _actor, channel, reason, basis, who in acts:
        new, old = added.get(pk, []), retired.get(pk, [])
        found.append(
            Entry(
                act_id=pk,
                name=name,
                number=number,
                at=at,
                who=who or "",
                channel=channel,
                reason=reason or "",
                basis=basis or "",
                sources=_sources(old, new),
                changes=list(_changes(record, old, new)),
            )
        )
    return found


def _sources(old: Iterable[Any], new: Iterable[Any]) -> list[str]:
    """Return the sources that an act brought; rows that it only cut in two keep their own."""

    def named(facts: Iterable[Any]) -> list[str]:
        return [s for f in facts if (s := source_in_words(f.source, f.source_row))]

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
    told = f"{line.vsic_code} {line.name}".rstrip()
    main = _("main line")
    return f"{told} ({main})" if line.is_main else told


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
