"""The watch list as asked for: ground, commune, urgency, order, day; what each row exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.cases.in_words import evidence, standing_words
from hoptac.cases.rules.grounds import GROUNDS, REMINDERS, Standing, name_of
from hoptac.cases.watch import Watched, watch_list
from hoptac.foundation.access import Context
from hoptac.foundation.transfers.exports import ExportColumn
from hoptac.jurisdiction.places import places
from hoptac.registry.filters import read_day
from hoptac.registry.tables import labels
from hoptac.registry.terms import Kind, Sector

URGENCIES: dict[str, Any] = {
    "over": gettext_lazy("Term over"),
    "30": gettext_lazy("Within 30 days"),
    "90": gettext_lazy("Within 90 days"),
    "excused": gettext_lazy("Force majeure"),
}
ORDERS: dict[str, Any] = {
    "due": gettext_lazy("Most pressing first"),
    "name": gettext_lazy("By name"),
    "commune": gettext_lazy("By commune"),
}


@dataclass(frozen=True)
class WatchFilter:
    """What the caller asks of the list; an address says it."""

    day: date
    is_past: bool = False
    ground: str = ""
    commune: UUID | None = None
    urgency: str = ""
    sort: str = "due"
    reminds: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str], today: date) -> WatchFilter:
        """Return what an address asks; what cannot be meant is left out."""
        day = read_day(query.get("on")) or today
        ground, urgency = query.get("ground", ""), query.get("urgency", "")
        sort = query.get("sort", "due")
        reminds = query.get("remind", "") == "yes" or ground in REMINDERS
        return cls(
            min(day, today),
            day < today,
            ground if ground in (REMINDERS if reminds else GROUNDS) else "",
            _uuid(query.get("commune", "")),
            urgency if urgency in URGENCIES else "",
            sort if sort in ORDERS else "due",
            reminds,
        )

    def query(self, **changes: Any) -> str:
        asked = replace(self, **changes) if changes else self
        pairs = {
            "ground": asked.ground, "commune": asked.commune or "", "urgency": asked.urgency,
            "sort": asked.sort if asked.sort != "due" else "", "remind": "yes" if asked.reminds else "",
            "on": asked.day.isoformat() if asked.is_past else "",
        }  # fmt: skip
        return urlencode({k: v for k, v in pairs.items() if v})

    @property
    def codes(self) -> tuple[str, ...]:
        """The grounds that the list is of: those of the law, or what only reminds."""
        return REMINDERS if self.reminds else GROUNDS

    @property
    def is_narrow(self) -> bool:
        return bool(self.ground or self.commune or self.urgency)

    def rows(self, ctx: Context, permission: str = "cases.view") -> list[Watched]:
        """Return the rows of the list, filtered and in order."""
        grounds = (self.ground,) if self.ground else self.codes
        found = watch_list(ctx, self.day, grounds=grounds, permission=permission)
        return self.narrowed(found)

    def narrowed(self, rows: Sequence[Watched]) -> list[Watched]:
        """Return those of the rows that fit commune and urgency, in the order asked."""
        known = places()
        kept = list(rows)
        if self.commune:
            wanted = known.commune_on(self.commune, self.day)
            here = wanted.id if wanted else self.commune
            kept = [
                w for w in kept if (p := known.commune_on(w.commune_id, self.day)) and p.id == here
            ]
        if self.urgency == "over":
            kept = [w for w in kept if w.judged.standing is Standing.OVER]
        elif self.urgency == "excused":
            kept = [w for w in kept if w.judged.standing is Standing.EXCUSED]
        elif self.urgency:
            most = int(self.urgency)
            kept = [w for w in kept if w.judged.is_pressing_within(most)]
        if self.sort == "name":
            kept.sort(key=lambda w: (w.sort_key, w.judged.code))
        elif self.sort == "commune":

            def place(w: Watched) -> str:
                found = known.commune_on(w.commune_id, self.day)
                return found.sort_key if found else ""

            kept.sort(key=lambda w: (place(w), w.sort_key))
        return kept


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def commune_of(row: Watched, day: date) -> str:
    place = places().commune_on(row.commune_id, day)
    return place.heading if place else ""


def export_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("Name"), width=44), ExportColumn(_("Registration number"), width=16),
        ExportColumn(_("Kind")), ExportColumn(_("Sector")), ExportColumn(_("Commune"), width=24),
        ExportColumn(_("Ground"), width=34), ExportColumn(_("Article"), width=40),
        ExportColumn(_("Holds since"), "date"), ExportColumn(_("Term over on"), "date"),
        ExportColumn(_("Days left"), "integer"), ExportColumn(_("Standing")),
        ExportColumn(_("What it rests on"), width=50),
    ]  # fmt: skip


def export_rows(rows: Sequence[Watched], day: date) -> Iterator[tuple[Any, ...]]:
    kinds, sectors = labels(Kind), labels(Sector)
    names = {code: name_of(code) for code in (*GROUNDS, *REMINDERS)}
    for w in rows:
        j = w.judged
        yield (
            w.name, w.registration_number, kinds[w.kind], sectors.get(w.sector, ""),
            commune_of(w, day), names[j.code], j.rule.basis, j.since, j.due_on, j.days_left,
            standing_words(j), evidence(j, w.kind),
        )  # fmt: skip
