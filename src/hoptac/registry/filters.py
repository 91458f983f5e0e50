"""The register's list as asked for in an address: what is searched, kept, ordered and shown.

Other pages link to the list by these parameters, so their names are stable:

``q`` text; ``kind`` one kind; ``sector``, ``district``, ``commune``, ``legal``, ``state``, ``era``,
``members``, ``capital``, ``lacks`` any number of codes each; ``from``, ``to`` years of
establishment; ``on`` the day (2019-12-31); ``ended=1`` with ended bodies too; ``sort`` a column's code, with ``-`` for
descending; ``cols`` columns; ``per`` rows a page; ``page``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.foundation.access import Context
from hoptac.foundation.rulebook import NotInForce, rule_in_force
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.places import Places, places
from hoptac.registry.models.periods import PeriodQuerySet
from hoptac.registry.rules.particulars import LeastMembersRule
from hoptac.registry.rules.size import CLASSES, Band, bands
from hoptac.registry.selectors import register_on
from hoptac.registry.terms import Kind, LegalEra, LegalStatus, Sector, WorkingState

PAGE_SIZES = (25, 50, 100)
SIZE_NAMES = {
    "micro": gettext_lazy("Micro"),
    "small": gettext_lazy("Small"),
    "medium": gettext_lazy("Medium"),
    "large": gettext_lazy("Large"),
}
# What a record may lack; the home page counts them.
LACKS = {
    "few_members": gettext_lazy("Members below the minimum"),
    "old_figures": gettext_lazy("Figures older than a year"),
    "no_number": gettext_lazy("No registration number"),
}
# Filters of codes: the parameter, its label, its choices.
CODED: dict[str, tuple[Any, tuple[tuple[str, Any], ...]]] = {
    "sector": (gettext_lazy("Sector"), tuple(Sector.choices)),
    "legal": (gettext_lazy("Legal status"), tuple(LegalStatus.choices)),
    "state": (gettext_lazy("Working state"), tuple(WorkingState.choices)),
    "era": (gettext_lazy("Registered under"), tuple(LegalEra.choices)),
    "members": (gettext_lazy("Size by members"), tuple(SIZE_NAMES.items())),
    "capital": (gettext_lazy("Size by capital"), tuple(SIZE_NAMES.items())),
    "lacks": (gettext_lazy("To be mended"), tuple(LACKS.items())),
}
_KNOWN = {name: {code for code, _label in choices} for name, (_l, choices) in CODED.items()}
_FIELD_OF = {"sector": "sector", "legal": "legal_status", "state": "working_state",
             "era": "legal_era"}  # fmt: skip
_PLACES = ("district", "commune")
_LISTS = (*CODED, *_PLACES)


class Parameters(Protocol):
    """What a query string offers (Django's ``QueryDict`` does)."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class Chip:
    """A filter in force: its words, and the address without it."""

    label: str
    value: str
    query: str


@dataclass(frozen=True)
class RegisterFilter:
    """What the reader asked of the list; made by :func:`read`, understood by :meth:`periods`."""

    today: date
    q: str = ""
    kind: str = ""
    sector: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    era: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    capital: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    district: tuple[UUID, ...] = ()
    commune: tuple[UUID, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    on: date | None = None
    ended: bool = False
    sort: str = "name"
    columns: tuple[str, ...] = ()
    page: int = 1
    per: int = PAGE_SIZES[0]

    @property
    def day(self) -> date:
        """The day the list is of: today unless a past one is asked for."""
        return self.on or self.today

    @property
    def is_past(self) -> bool:
        return self.day < self.today

    @property
    def has_filters(self) -> bool:
        return bool(
            self.q or self.ended or self.year_from or self.year_to
            or any(getattr(self, name) for name in _LISTS)
        )  # fmt: skip

    # --- As an address ---------------------------------------------------------------------------

    def query(self, **changes: Any) -> str:
        """Return the query string, with some things otherwise; any change goes back to page 1."""
        if changes and "page" not in changes:
            changes["page"] = 1
        return urlencode(list(self._pairs(**changes)))

    def _pairs(self, **changes: Any) -> Iterable[tuple[str, str]]:
        said = self.__dict__ | changes if changes else self.__dict__
        if said["q"]:
            yield "q", said["q"]
        if said["kind"]:
            yield "kind", said["kind"]
        for name in _LISTS:
            for value in said[name]:
                yield name, str(value)
        single = {
            "from": said["year_from"],
            "to": said["year_to"],
            "on": said["on"].isoformat() if said["on"] else "",
            "ended": "1" if said["ended"] else "",
            "sort": said["sort"] if said["sort"] != "name" else "",
            "cols": ",".join(said["columns"]),
            "per": said["per"] if said["per"] != PAGE_SIZES[0] else "",
            "page": said["page"] if said["page"] > 1 else "",
        }
        yield from ((name, str(value)) for name, value in single.items() if value)

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """Return the parameters as pairs, for hidden fields of a form that sets the others."""
        return [(k, v) for k, v in self._pairs() if k not in without]

    def without_filters(self) -> str:
        """Return the address of everything of this day, with the columns and order kept."""
        kept = RegisterFilter(
            self.today, kind=self.kind, on=self.on, sort=self.sort, columns=self.columns,
            per=self.per,
        )  # fmt: skip
        return kept.query() or "all=1"

    def chips(self) -> list[Chip]:
        """Return the filters in force, each with the way to take it away."""
        found = []
        if self.q:
            found.append(Chip(_("Search"), self.q, self.query(q="")))
        for name, (label, choices) in CODED.items():
            words = dict(choices)
            found += [
                Chip(str(label), str(words[code]), self._less(name, code))
                for code in getattr(self, name)
            ]
        if self.district or self.commune:
            known = places()
            for name, label in (("district", _("District")), ("commune", _("Commune"))):
                for unit_id in getattr(self, name):
                    place = known.get(unit_id)
                    if place:
                        found.append(Chip(label, place.heading, self._less(name, unit_id)))
        if self.year_from:
            found.append(
                Chip(_("Established from"), str(self.year_from), self.query(year_from=None))
            )
        if self.year_to:
            found.append(Chip(_("Established until"), str(self.year_to), self.query(year_to=None)))
        if self.ended:
            found.append(Chip(_("Also"), _("ended bodies"), self.query(ended=False)))
        return found

    def _less(self, name: str, code: Any) -> str:
        return self.query(**{name: tuple(c for c in getattr(self, name) if c != code)})

    # --- As rows ---------------------------------------------------------------------------------

    def periods(self, ctx: Context, permission: str = "registry.view") -> PeriodQuerySet:
        """Return the periods asked for, of every kind, within the caller's territory, unordered."""
        found = register_on(ctx, self.day, permission)
        if not self.ended and LegalStatus.ENDED.value not in self.legal:
            found = found.existing()
        for name, column in _FIELD_OF.items():
            if chosen := getattr(self, name):
                found = found.filter(**{f"{column}__in": chosen})
        for name in ("members", "capital"):
            if chosen := getattr(self, name):
                found = found.filter(_in_bands(name, chosen, self.day))
        for code in self.lacks:
            found = found.filter(lacking(code, self.day))
        for name in _PLACES:
            if chosen := getattr(self, name):
                found = found.filter(commune__in=_grounds(chosen, places()))
        if self.year_from:
            found = found.filter(established_on__gte=date(self.year_from, 1, 1))
        if self.year_to:
            found = found.filter(established_on__lt=date(self.year_to + 1, 1, 1))
        return self._found(ctx, found, permission) if self.q else found

    def _found(self, ctx: Context, periods: PeriodQuerySet, permission: str) -> PeriodQuerySet:
        reach = ctx.coverage(permission)
        is_narrow = not (reach.everything or reach.provinces or self.is_past)
        found = periods.matching(self.q, is_narrow=is_narrow)
        if ctx.may_throughout("registry.view_contacts", of=permission):
            return found
        return found.named(self.q)


def lacking(code: str, day: date) -> Q:
    """Return which periods lack something on a day."""
    if code == "no_number":
        return Q(registration_number="", kind__in=(Kind.COOPERATIVE, Kind.UNION))
    if code == "old_figures":
        year_ago = day.replace(year=day.year - 1, day=min(day.day, 28))
        return Q(members_as_of__isnull=True) | Q(members_as_of__lt=year_ago)
    found = Q(pk__in=())
    try:
        rule = rule_in_force(LeastMembersRule, on=day)
    except NotInForce:
        return found
    for kind in Kind.values:
        found |= Q(kind=kind, members__lt=getattr(rule, kind))
    return found


def _in_bands(name: str, codes: tuple[str, ...], day: date) -> Q:
    column = {"members": "members", "capital": "charter_capital"}[name]
    known = _bands(name, day)
    found = Q(pk__in=())
    for code in codes:
        band = known.get(code)
        if band is None:
            continue
        part = Q(**{f"{column}__isnull": False})
        if band.least is not None:
            part &= Q(**{f"{column}__gte": band.least})
        if band.below is not None:
            part &= Q(**{f"{column}__lt": band.below})
        found |= part
    return found


def _bands(measure: str, day: date) -> dict[str, Band]:
    """Return the classes of size of a day; none where no rule was in force."""
    try:
        return bands(measure, on=day)
    except NotInForce:
        return {}


def _grounds(units: tuple[UUID, ...], known: Places) -> list[UUID]:
    """Return every commune that ever lay on the ground of the units."""
    return sorted({c for u in units if u in known.units for c in scope.covered_by(u).communes})


# --- Reading ------------------------------------------------------------------------------------


def read(parameters: Parameters, *, today: date, columns: Iterable[str] = ()) -> RegisterFilter:
    """Return what an address asks; wrong values are left out. ``columns`` are those known."""

    def codes(name: str) -> tuple[str, ...]:
        known = _KNOWN[name]
        return tuple(dict.fromkeys(v for v in _values(parameters, name) if v in known))

    def units(name: str) -> tuple[UUID, ...]:
        found = (_uuid(v) for v in _values(parameters, name))
        return tuple(dict.fromkeys(u for u in found if u is not None))[:50]

    on = read_day(parameters.get("on"))
    kind = parameters.get("kind") or ""
    known_columns = set(columns)
    sort = parameters.get("sort") or "name"
    per = _whole(parameters.get("per")) or PAGE_SIZES[0]
    return RegisterFilter(
        today=today,
        q=str(parameters.get("q") or "").replace("\x00", "").strip()[:100],
        kind=kind if kind in Kind.values else "",
        **{name: codes(name) for name in CODED},  # type: ignore[arg-type]
        **{name: units(name) for name in _PLACES},  # type: ignore[arg-type]
        year_from=_year(parameters.get("from")),
        year_to=_year(parameters.get("to")),
        on=on if on is not None and on < today else None,
        ended=parameters.get("ended") in {"1", "on", "true"},
        sort=sort if sort.removeprefix("-") in known_columns else "name",
        columns=tuple(
            dict.fromkeys(c for c in _values(parameters, "cols") if c in known_columns)
        ),
        page=max(1, min(_whole(parameters.get("page")) or 1, 100_000)),
        per=per if per in PAGE_SIZES else PAGE_SIZES[0],
    )  # fmt: skip


def left_out(parameters: QueryDict, wanted: RegisterFilter) -> list[str]:
    """Return what an address says and :func:`read` did not understand, as ``name=value``."""
    kept = {(name, v) for name, value in wanted.pairs() for v in value.split(",")}
    # Said without being a wish of its own: the usual order and page, today and days to come.
    usual = {"all", "ended", "on", "page", "per", "q"}
    return [
        f"{name}={value}"
        for name in parameters
        if name not in usual
        for value in _values(parameters, name)
        if (name, value) not in kept and (name, value) != ("sort", "name")
    ]


def _values(parameters: Parameters, name: str) -> list[str]:
    return [v for text in parameters.getlist(name) for v in text.split(",") if v]


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _year(text: str | None) -> int | None:
    year = _whole(text)
    return year if year is not None and 1900 <= year <= 2200 else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def read_day(text: str | None) -> date | None:
    """Return a day typed as 2019-12-31 or 31/12/2019."""
    text = (text or "").strip()
    try:
        if match := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def unread_day(text: str | None) -> str:
    """Return what was typed for days and is none, for the page to say so; many stand by commas."""
    parts = [part.strip() for part in (text or "").replace(";", ",").split(",")]
    return ", ".join(part[:40] for part in parts if part and read_day(part) is None)


def size_choices(measure: str, day: date) -> list[tuple[str, str]]:
    """Return the classes of size with their bounds in words."""
    found = []
    for code, band in _bands(measure, day).items():
        words = _bounds(measure, band.least, band.below)
        found.append((code, f"{SIZE_NAMES[code]} ({words})"))
    return found


def _bounds(measure: str, least: int | None, below: int | None) -> str:
    def say(number: int) -> str:
        return f"{number // 10**9}" if measure == "capital" else str(number)

    unit = _(" billion") if measure == "capital" else ""
    if least is None and below is not None:
        return _("below %(n)s%(unit)s") % {"n": say(below), "unit": unit}
    if below is None and least is not None:
        return _("from %(n)s%(unit)s") % {"n": say(least), "unit": unit}
    last = (below or 0) if measure == "capital" else (below or 0) - 1
    return f"{say(least or 0)}-{say(last)}{unit}"


assert set(SIZE_NAMES) == set(CLASSES)  # noqa: S101
