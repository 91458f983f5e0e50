"""Holding an extract against the register: who is who, what differs, since when. Whole sets at a time."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q

from hoptac.exchange.layouts import Layout
from hoptac.exchange.models import Message
from hoptac.exchange.reading import Line, Read, texts
from hoptac.exchange.records import records, values
from hoptac.exchange.rules.suggesting import Claim, suggest
from hoptac.exchange.sameness import as_text, is_same
from hoptac.exchange.sieve import unlike
from hoptac.exchange.terms import What
from hoptac.foundation.access import Context
from hoptac.foundation.outbox import SendState
from hoptac.jurisdiction.gazetteer import bare, split_type
from hoptac.jurisdiction.models import AdminUnit, UnitPlacement
from hoptac.jurisdiction.terms import Level
from hoptac.registry.models import Period
from hoptac.registry.names import core_name
from hoptac.registry.terms import LegalStatus

PERMISSION = "exchange.reconcile"
# What is held against each other; a name or number of the place is part of "commune".
COMPARED = (
    "code", "name", "short_name", "foreign_name", "status", "established_on", "address", "commune", "lines",
    "representative", "charter_capital", "members", "workers", "area", "phone",
)  # fmt: skip


@dataclass
class Found:
    """One difference before it is kept."""

    what: str
    field: str
    identity: str
    name: str
    code: str
    theirs_on: date
    cooperative_id: UUID | None = None
    commune_id: UUID | None = None
    ours: str = ""
    theirs: str = ""
    ours_since: date | None = None
    ours_source: str = ""
    place: str = ""
    record: dict[str, str] = dataclasses.field(default_factory=dict)
    suggestion: str = ""
    why: str = ""


@dataclass
class Compared:
    """What an extract came to: the differences, who was matched, how many of what."""

    found: list[Found]
    matched: set[UUID]
    codes: set[str]
    counts: dict[str, int]


class Ground:
    """The map as an extract's day needs it: communes by code and name, and where old ones lie now."""

    def __init__(self, day: date) -> None:
        own = AdminUnit.objects.filter(level=Level.COMMUNE, province_code=settings.PROVINCE_CODE)
        self.by_code: dict[str, list[UUID]] = defaultdict(list)
        self.by_name: dict[str, list[UUID]] = defaultdict(list)
        # Of a code that the State used twice, the unit of the extract's day comes first.
        rows = own.values_list("id", "code", "name", "valid").order_by("valid")
        for pk, code, name, _valid in sorted(rows, key=lambda r: day not in r[3]):
            self.by_code[code].append(pk)
            self.by_name[bare(name)].append(pk)
        self.lies_in: dict[UUID, UUID] = {}
        self._pairs: set[tuple[UUID, UUID]] = set()
        for unit, commune, epoch in UnitPlacement.objects.filter(commune__isnull=False).values_list(
            "unit_id", "commune_id", "epoch"
        ):
            self._pairs.add((unit, commune))
            if day in epoch:
                self.lies_in[unit] = commune

    def find(self, line: Line) -> UUID | None:
        """Return the commune that a line names by its code or, where only one bears it, its name."""
        found = self.by_code.get(str(line.values.get("commune_code") or ""), [])
        if not found and (name := str(line.values.get("commune") or "")):
            named = self.by_name.get(bare(split_type(name)[1]), [])
            grounds = {self.ground(pk) for pk in named}
            found = named if len(grounds) == 1 else []
        return found[0] if found else None

    def ground(self, unit: UUID | None) -> UUID | None:
        """Return the commune of the extract's day on whose ground a unit lies."""
        return self.lies_in.get(unit, unit) if unit else None

    def is_same(self, one: UUID | None, other: UUID | None) -> bool:
        """Tell whether two communes are one, or one became the other (Law 2023 art. 46.2)."""
        return one == other or (one, other) in self._pairs or (other, one) in self._pairs


Say = Callable[[str, int], None]


def silent(step: str, percent: int) -> None:
    """Tell nobody how far it is."""


class Comparison:
    """One extract held against the register by one caller, within the caller's territory.

    The database says who is who by code and which lines are written otherwise; only those, and the
    bodies that bear no code of the file, are looked at one by one.
    """

    def __init__(
        self,
        ctx: Context,
        layout: Layout,
        read: Read,
        as_of: date,
        *,
        is_whole: bool,
        say: Say = silent,
    ) -> None:
        self.ctx, self.layout, self.read, self.as_of = ctx, layout, read, as_of
        self.is_whole, self.say = is_whole, say
        self.ground = Ground(as_of)
        self.counts: Counter[str] = Counter(lines=len(read.lines))
        self.latest = Period.objects.filter(is_latest=True, province_code=settings.PROVINCE_CODE)
        mine = self.latest.visible_to(ctx, PERMISSION).order_by()
        self.mine = set(mine.values_list("cooperative_id", flat=True))
        self.bodies: dict[UUID, dict[str, Any]] = {}

    def run(self) -> Compared:
        """Return every difference with its days and its suggestion."""
        self.say("matching", 30)
        self._match()
        self.say("comparing", 45)
        found = [
            *self._fields(),
            *self._only_theirs(),
            *(self._only_ours() if self.is_whole else ()),
        ]
        self.say("dating", 75)
        self._tell_since(found)
        self._suggest(found)
        self.counts["differences"] = len(found)
        for name, number in self.read.unread.items():
            self.counts[f"unread:{name}"] = number
        codes = {str(line.values.get("code") or "") for line in self.read.lines}
        return Compared(found, set(self.matched), codes - {""}, dict(self.counts))

    # --- Who is who ---------------------------------------------------------------------------

    def _match(self) -> None:
        self.matched: dict[UUID, Line] = {}
        self.strangers: list[tuple[Line, UUID | None]] = []
        numbers = self.latest.order_by("pk").values_list("registration_number", "cooperative_id")
        by_code = {code.lstrip("0"): pk for code, pk in numbers if code}
        left: list[Line] = []
        for line in self.read.lines:
            code = str(line.values.get("code") or "").lstrip("0")
            pk = by_code.get(code) if code else None
            if pk is None:
                left.append(line)
            else:
                self._take(pk, line, "by_code")
        if left:
            self._match_by_name(left)

    def _match_by_name(self, left: list[Line]) -> None:
        """Match what bears no code of ours by its name and commune, with bodies nobody took yet."""
        by_place: dict[tuple[str, UUID | None], list[UUID]] = defaultdict(list)
        by_name: dict[str, list[UUID]] = defaultdict(list)
        rows = self.latest.order_by("pk").values_list("cooperative_id", "name", "commune_id")
        for pk, name, commune_id in rows.iterator(chunk_size=5000):
            if pk not in self.matched:
                core = core_name(name)
                by_place[core, self.ground.ground(commune_id)].append(pk)
                by_name[core].append(pk)
        for line in left:
            commune = self.ground.find(line)
            key = (core_name(str(line.values.get("name") or "")), self.ground.ground(commune))
            # Without a commune a name that only one body bears will do: two may not be alike.
            alike = by_place.get(key, ()) if commune else by_name.get(key[0], ())
            known = [pk for pk in alike if pk not in self.matched] if key[0] else []
            if len(known) == 1:
                self._take(known[0], line, "by_name")
            elif known:
                self.counts["ambiguous"] += 1
            elif self._reaches(commune):
                self.strangers.append((line, commune))
            else:
                self.counts["outside"] += 1

    def _take(self, pk: UUID, line: Line, how: str) -> None:
        if pk not in self.mine:
            self.counts["outside"] += 1
        elif pk in self.matched:
            self.counts["twice"] += 1
        else:
            self.matched[pk] = line
            self.counts[how] += 1

    def _reaches(self, commune: UUID | None) -> bool:
        reach = self._reach
        if reach.everything or settings.PROVINCE_CODE in reach.provinces:
            return True
        return commune is not None and commune in reach.communes

    @cached_property
    def _reach(self) -> Any:
        return self.ctx.coverage(PERMISSION)

    # --- What differs -------------------------------------------------------------------------

    def _fields(self) -> Iterable[Found]:
        present = {*self.read.fields} | (
            {"commune"} if "commune_code" in self.read.fields else set()
        )
        compared = [f for f in COMPARED if f in present]
        communes = {pk: self.ground.find(line) for pk, line in self.matched.items()}
        sieved = dict(unlike(self.matched, communes, compared, self.ctx.today))
        suspects: dict[UUID, list[str]] = {}
        for pk, body in self._records(sieved):
            self.bodies[pk] = body
            line = self.matched[pk]
            fields = [f for f in sieved[pk] if not self._agrees(pk, line, f)]
            if fields:
                suspects[pk] = fields
            else:
                del self.bodies[pk]
        self.say("comparing", 65)
        then = self._as_then(suspects)
        for pk, fields in suspects.items():
            line, body = self.matched[pk], self.bodies[pk]
            for name in fields:
                earlier = then.get(pk)
                if earlier is not None and self._agrees(pk, line, name, earlier):
                    self.counts["changed_since"] += 1  # it was so on their day
                    continue
                theirs = as_text(name, line.values.get(name))
                if name == "commune" and not theirs:
                    theirs = str(line.values.get("commune_code") or "")
                yield Found(
                    What.FIELD, name, _identity(self.layout.system, pk, name, theirs), body["name"],
                    body["code"], self.as_of, pk, body["commune_id"], as_text(name, body.get(name)),
                    theirs, place=line.place, record=self._record(line),
                )  # fmt: skip

    def _records(self, wanted: Collection[UUID]) -> Iterator[tuple[UUID, dict[str, Any]]]:
        """Yield the whole records of these bodies as of today, in order, some at a time."""
        ids = list(wanted)
        for start in range(0, len(ids), 2000):
            some = self.latest.filter(cooperative__in=ids[start : start + 2000]).order_by("pk")
            for record in records(values(some), self.ctx.today):
                yield record["id"], record

    def _as_then(self, suspects: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
        """Return how the suspected bodies stood on the extract's day."""
        if self.as_of >= self.ctx.today:
            return {}
        then = Period.objects.filter(cooperative__in=list(suspects), valid__contains=self.as_of)
        return {r["id"]: r for r in records(values(then.order_by("pk")), self.as_of)}

    def _agrees(
        self, pk: UUID, line: Line, name: str, body: Mapping[str, Any] | None = None
    ) -> bool:
        known = body or self.bodies[pk]
        if name == "commune":
            commune = self.ground.find(line)
            return commune is None or self.ground.is_same(known["commune_id"], commune)
        return is_same(name, known.get(name), line.values.get(name))

    def _record(self, line: Line) -> dict[str, str]:
        kept = dict(texts(line.values))
        commune = self.ground.find(line)
        return {**kept, "commune_id": str(commune)} if commune else kept

    def _only_theirs(self) -> Iterable[Found]:
        for line, commune in self.strangers:
            name, code = str(line.values.get("name") or ""), str(line.values.get("code") or "")
            self.counts["only_theirs"] += 1
            yield Found(
                What.ONLY_THEIRS, "", _identity(self.layout.system, code or f"{name}|{commune}", "", ""),
                name or code, code, self.as_of, None, commune, "", name or code, place=line.place,
                record=self._record(line),
            )  # fmt: skip

    def _only_ours(self) -> Iterable[Found]:
        missing = (
            self.latest.visible_to(self.ctx, PERMISSION)
            .filter(kind__in=self.layout.kinds)
            .exclude(legal_status=LegalStatus.ENDED)
            .exclude(established_on__gt=self.as_of)
            .order_by("cooperative_id")
            .values_list(
                "cooperative_id", "name", "registration_number", "commune_id", "established_on"
            )
        )
        for pk, name, code, commune_id, began in missing.iterator(chunk_size=5000):
            if pk in self.matched:
                continue
            self.counts["only_ours"] += 1
            yield Found(
                What.ONLY_OURS, "", _identity(self.layout.system, pk, "", ""), name, code,
                self.as_of, pk, commune_id, name, "", began,
            )  # fmt: skip

    # --- Since when, and which side -----------------------------------------------------------

    def _tell_since(self, found: list[Found]) -> None:
        by_field: dict[str, list[Found]] = defaultdict(list)
        for item in found:
            by_field[item.field].append(item)
        for name, items in by_field.items():
            ids = [i.cooperative_id for i in items if i.cooperative_id]
            since = _since(name, ids, self.ctx.today) if ids else {}
            for item in items:
                if item.cooperative_id in since:
                    item.ours_since, item.ours_source = since[item.cooperative_id]

    def _suggest(self, found: list[Found]) -> None:
        untold = set(
            Message.objects.filter(
                Q(state=SendState.WAITING) | Q(state=SendState.DEAD),
                cooperative__in={i.cooperative_id for i in found if i.cooperative_id},
            ).values_list("cooperative_id", flat=True)
        )
        for item in found:
            if item.what == What.ONLY_THEIRS:
                continue
            item.suggestion, item.why = suggest(
                Claim(
                    item.field, item.ours, item.theirs, item.ours_since, item.theirs_on,
                    item.cooperative_id in untold, bool(item.ours_source),
                )
            )  # fmt: skip


def _identity(system: str, who: Any, name: str, theirs: str) -> str:
    return hashlib.sha256(f"{system}\x1f{who}\x1f{name}\x1f{theirs}".encode()).hexdigest()


_COLUMNS = {
    "code": "registration_number", "name": "name", "short_name": "short_name", "foreign_name": "foreign_name",
    "status": "legal_status", "established_on": "established_on", "address": "address",
    "commune": "commune_id", "representative": "director", "phone": "phone",
}  # fmt: skip
_MEASURES = frozenset({"charter_capital", "members", "workers", "area"})
# When the value of today began: the end of the last row before it that said something else.
_SINCE = """
WITH now AS (
    SELECT DISTINCT ON (cooperative_id) cooperative_id, {column} AS value
    FROM registry_particulars
    WHERE retired_by IS NULL AND cooperative_id = ANY(%(ids)s) AND lower(valid) <= %(day)s
    ORDER BY cooperative_id, valid DESC
),
cut AS (
    SELECT p.cooperative_id, max(upper(p.valid)) AS day
    FROM registry_particulars p JOIN now USING (cooperative_id)
    WHERE p.retired_by IS NULL AND upper(p.valid) <= %(day)s AND p.{column} IS DISTINCT FROM now.value
    GROUP BY p.cooperative_id
)
SELECT DISTINCT ON (p.cooperative_id) p.cooperative_id, lower(p.valid), p.source
FROM registry_particulars p LEFT JOIN cut USING (cooperative_id)
WHERE p.retired_by IS NULL AND p.cooperative_id = ANY(%(ids)s) AND (cut.day IS NULL OR lower(p.valid) >= cut.day)
ORDER BY p.cooperative_id, p.valid
"""
_LINES_SINCE = """
SELECT cooperative_id, max(lower(valid)), '' FROM registry_businessline
WHERE retired_by IS NULL AND cooperative_id = ANY(%(ids)s) AND valid @> %(day)s::date GROUP BY cooperative_id
"""


def _since(name: str, ids: list[UUID], day: date) -> dict[UUID, tuple[date, str]]:
    """Return since when each body has its value of a field, and the source that said so."""
    if name in _MEASURES:
        rows = Period.objects.filter(is_latest=True, cooperative__in=ids).order_by()
        days = rows.values_list("cooperative_id", f"{name}_as_of")
        return {pk: (day, "") for pk, day in days if day}
    if name == "lines":
        statement = _LINES_SINCE
    elif name in _COLUMNS:
        statement = _SINCE.format(column=_COLUMNS[name])
    else:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": ids, "day": day})
        return {pk: (since, source) for pk, since, source in cursor.fetchall()}
