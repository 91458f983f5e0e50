"""The columns of the register's list: what each needs, shows, sorts by and exports.

Rows are tuples straight from the database; a column turns its own values into a cell. Nothing here
asks the database or makes model instances, since a list page has a few milliseconds; only a column
with a ``lookup`` asks once for a stretch of rows, when somebody chose it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any, Literal

from django.db.models import (
    Case,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import OrderBy
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.transfers.exports import ROWS_AT_ONCE
from hoptac.jurisdiction.places import Place, Places, places
from hoptac.jurisdiction.terms import KIND_WORD, UnitKind
from hoptac.registry.models import BusinessLine
from hoptac.registry.models.periods import PeriodQuerySet
from hoptac.registry.selectors import business_lines_of
from hoptac.registry.terms import Kind, LegalEra, LegalStatus, Sector, WorkingState

MILLION = 1_000_000
CONTACTS = "registry.view_contacts"
# The last day on which the province had districts; lists of later days still name the old district.
_LABELS: dict[tuple[str, type[Any]], dict[str, str]] = {}


def labels(choices: type[Any]) -> dict[str, str]:
    """Return the choices' words in the reader's language, kept in the process."""
    key = (get_language() or "vi", choices)
    if key not in _LABELS:
        _LABELS[key] = {code: str(label) for code, label in choices.choices}
    return _LABELS[key]


def number(value: int | Decimal) -> str:
    """Return a number as the reader's language writes it: ``58.506,9``."""
    text = f"{value:,}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if get_language() == "en":
        return text
    return text.translate(_VIETNAMESE_SIGNS)


_VIETNAMESE_SIGNS = str.maketrans(",.", ".,")


def day(value: date) -> str:
    return f"{value.day:02}/{value.month:02}/{value.year}"


def established(value: date | None, precision: str) -> str:
    """Return a day as exactly as it is known: ``2015``, ``03/2016``, ``02/12/2015``."""
    if value is None:
        return ""
    if precision == "year":
        return str(value.year)
    if precision == "month":
        return f"{value.month:02}/{value.year}"
    return day(value)


@dataclass(frozen=True)
class Reading:
    """What cells need besides their values: the day of the list, the map, words and signs."""

    day: date
    places: Places
    language: str = "vi"
    memo: dict[tuple[str, Any], str] = field(default_factory=dict)

    def words(self, choices: type[Any]) -> dict[str, str]:
        return _LABELS.get((self.language, choices)) or labels(choices)

    def number(self, value: int | Decimal) -> str:
        text = f"{value:,}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return text if self.language == "en" else text.translate(_VIETNAMESE_SIGNS)


Show = Callable[..., str]


@dataclass(frozen=True)
class Column:
    """A column: ``show`` gives the cell's HTML, ``value`` what an export writes."""

    code: str
    label: Any
    fields: tuple[str, ...]
    show: Show
    value: Callable[..., Any]
    order: Callable[[date], tuple[PeriodQuerySet | None, Any] | Any]
    is_number: bool = False
    is_default: bool = False
    permission: str = ""
    css: str = ""
    export_label: Any = ""
    width: int = 16
    export_kind: Literal["text", "integer", "decimal", "money", "date", "moment"] = "text"
    lookup: Callable[[Reading, Sequence[Any]], Mapping[Any, Any]] | None = None
    """Asked once for a stretch of rows: what belongs to each of them and does not stand in them."""

    def export(
        self, reading: Reading, known: dict[Any, Any], *given: Sequence[Any]
    ) -> Sequence[Any]:
        """Return the values of many rows; ``known`` remembers those met before."""
        if self.lookup:
            found = self.lookup(reading, given[0])
            return [self.value(reading, found.get(key)) for key in given[0]]
        if self.value in {_plain, _first}:
            return given[0]
        keys: Sequence[Any] = given[0] if len(given) == 1 else list(zip(*given, strict=True))
        if self.fields == ("commune_id",):  # a number is found several times as quickly
            keys = [unit and unit.int for unit in keys]
        if new := set(keys).difference(known):
            values = dict(zip(keys, zip(*given, strict=True), strict=True))
            known.update((key, self.value(reading, *values[key])) for key in new)
        return [known[key] for key in keys]


# --- Cells --------------------------------------------------------------------------------------


def _text(reading: Reading, value: str) -> str:
    return escape(value)


def _plain(reading: Reading, value: Any) -> Any:
    return value


def _coded(choices: type[Any]) -> tuple[Show, Callable[..., Any]]:
    def show(reading: Reading, value: str) -> str:
        return escape(reading.words(choices).get(value, value))

    def value(reading: Reading, value: str) -> Any:
        return reading.words(choices).get(value, value)

    return show, value


DISTRICT_WORDS = tuple(
    f"{KIND_WORD[UnitKind(k)]} " for k in ("district", "city", "town", "urban_district")
)
TONES = {
    "active": "badge ok", "operating": "badge ok", "suspended": "badge warn", "idle": "badge warn",
    "awaiting_dissolution": "badge warn", "ending": "badge warn", "not_at_address": "badge warn",
    "revoked_tax": "badge bad", "bankruptcy": "badge bad", "ended": "badge", "unknown": "badge",
}  # fmt: skip


def _badge(choices: type[Any]) -> Show:
    made: dict[tuple[str, str], str] = {}

    def show(reading: Reading, value: str) -> str:
        key = (reading.language, value)
        if key not in made:
            words = escape(reading.words(choices).get(value, value))
            made[key] = f'<span class="{TONES.get(value, "badge")}">{words}</span>'
        return made[key]

    return show


def _number(reading: Reading, value: Any) -> str:
    return "" if value is None else reading.number(value)


def _millions(reading: Reading, value: int | None) -> str:
    if value is None:
        return ""
    whole, rest = divmod(value, MILLION)
    return reading.number(whole if not rest else Decimal(value) / MILLION)


def _established(reading: Reading, value: date | None, precision: str) -> str:
    return established(value, precision)


def _name(reading: Reading, name: str, pk: Any, legal_status: str) -> str:
    """The name, and the legal status beside it where it is not plain active."""
    link = f'<a class="name" href="/registry/{pk}/">{escape(name)}</a>'
    if legal_status == "active":
        return link
    return f"{link} {_legal_badge(reading, legal_status)}"


def _first(reading: Reading, value: Any, *rest: Any) -> Any:
    return value


def _of_unit(name: str, find: Callable[[Reading, Any], Place | None]) -> Callable[..., str]:
    """Return a value made of the record's unit; a page asks for the same few units again and again."""

    def value(reading: Reading, unit_id: Any) -> str:
        key = (name, unit_id)
        if key not in reading.memo:
            place = find(reading, unit_id)
            reading.memo[key] = place.full_name if place else ""
        return reading.memo[key]

    return value


_commune = _of_unit("commune", lambda r, unit: r.places.commune_on(unit, r.day))
_commune_now = _of_unit("commune_now", lambda r, unit: r.places.commune_on(unit, date.max))
_district = _of_unit("district", lambda r, unit: r.places.district_on(unit, r.day))


def _district_name(reading: Reading, unit_id: Any) -> str:
    """The bare name: the heading says what it is, and a list is narrow."""
    return _bare(_district(reading, unit_id))


def _bare(full_name: str) -> str:
    for word in DISTRICT_WORDS:
        if full_name.startswith(word):
            return full_name[len(word) :]
    return full_name


def _shown(value: Callable[..., Any]) -> Show:
    return lambda reading, *values: escape(value(reading, *values))


def _as_of(reading: Reading, *days: date | None) -> date | None:
    return max((d for d in days if d is not None), default=None)


def _day(reading: Reading, *days: date | None) -> str:
    latest = _as_of(reading, *days)
    return day(latest) if latest else ""


def _lines(reading: Reading, bodies: Sequence[Any]) -> Mapping[Any, Any]:
    return business_lines_of(bodies, reading.day)


def _lines_value(reading: Reading, lines: Sequence[BusinessLine] | None) -> str:
    """The codes, the main one first."""
    return "; ".join(line.vsic_code for line in lines or ())


def _lines_show(reading: Reading, lines: Sequence[BusinessLine] | None) -> str:
    return "; ".join(
        f'<abbr title="{escape(line.name)}">{line.vsic_code}</abbr>'
        if line.name
        else line.vsic_code
        for line in lines or ()
    )


def _main_line(reading: Reading, lines: Sequence[BusinessLine] | None) -> str:
    """The main line's code and name."""
    return next((f"{x.vsic_code} {x.name}".strip() for x in lines or () if x.is_main), "")


# --- Order --------------------------------------------------------------------------------------


def _by(name: str) -> Callable[[date], Any]:
    return lambda day: F(name)


def _by_choice(name: str, choices: type[Any]) -> Callable[[date], Any]:
    order = Case(
        *(When(**{name: code}, then=Value(i)) for i, code in enumerate(choices.values)),
        default=Value(99), output_field=IntegerField(),
    )  # fmt: skip
    return lambda day: order


def _by_place(kind: str, which: str) -> Callable[[date], Any]:
    """Order by the unit that holds the ground; joined by :func:`ordered`."""
    return lambda day: (which, F(f"{kind}_ground__{kind}__sort_key"))


def _by_alphabet(name: str) -> Callable[[date], Any]:
    from django.db.models.functions import NullIf

    return lambda day: NullIf(F(name), Value(""))


def _by_lines(**which: Any) -> Callable[[date], Any]:
    def order(day: date) -> Any:
        lines = BusinessLine.objects.live().filter(
            cooperative=OuterRef("cooperative_id"), valid__contains=day, **which
        )
        return Subquery(lines.order_by("-is_main", "vsic_code").values("vsic_code")[:1])

    return order


_legal_badge = _badge(LegalStatus)
_sector_show, _sector_value = _coded(Sector)
_kind_show, _kind_value = _coded(Kind)
_era_show, _era_value = _coded(LegalEra)
_legal_value, _state_value = _coded(LegalStatus)[1], _coded(WorkingState)[1]

COLUMNS: dict[str, Column] = {
    c.code: c
    for c in (
        Column("name", _("Name"), ("name", "cooperative_id", "legal_status"), _name, _first, _by("sort_key"),
               is_default=True, css="name", width=48),
        Column("kind", _("Kind"), ("kind",), _kind_show, _kind_value, _by_choice("kind", Kind)),
        Column("number", _("Registration number"), ("registration_number",), _text, _plain,
               _by_alphabet("registration_number"), is_default=True, css="code"),
        Column("sector", _("Sector"), ("sector",), _sector_show, _sector_value,
               _by_choice("sector", Sector), is_default=True, css="wide", width=28),
        Column("activity", _("Main activity"), ("activity",), _text, _plain,
               _by_alphabet("activity"), width=36),
        Column("main_line", _("Main line (VSIC)"), ("cooperative_id",), _shown(_main_line),
               _main_line, _by_lines(is_main=True), width=36, lookup=_lines),
        Column("lines", _("Lines of business (VSIC)"), ("cooperative_id",), _lines_show,
               _lines_value, _by_lines(), width=28, lookup=_lines),
        Column("commune", _("Commune"), ("commune_id",), _shown(_commune), _commune,
               _by_place("commune", "day"), is_default=True, width=22),
        Column("commune_now", _("Commune today"), ("commune_id",), _shown(_commune_now),
               _commune_now, _by_place("commune", "now"), width=22),
        Column("district", _("District"), ("commune_id",), _shown(_district_name), _district,
               _by_place("district", "district"), is_default=True, width=22),
        Column("address", _("Address"), ("address",), _text, _plain, _by_alphabet("address"),
               width=36),
        Column("established", _("Established"), ("established_on", "established_precision"),
               _established, _established, _by("established_on"), css="day"),
        Column("era", _("Registered under"), ("legal_era",), _era_show, _era_value,
               _by_choice("legal_era", LegalEra), width=20),
        Column("legal", _("Legal status"), ("legal_status",), _legal_badge, _legal_value,
               _by_choice("legal_status", LegalStatus), width=24),
        Column("state", _("Working state"), ("working_state",), _badge(WorkingState),
               _state_value, _by_choice("working_state", WorkingState), is_default=True, width=24),
        Column("members", _("Members"), ("members",), _number, _plain, _by("members"),
               is_number=True, is_default=True, width=12, export_kind="integer"),
        Column("workers", _("Workers"), ("workers",), _number, _plain, _by("workers"),
               is_number=True, width=12, export_kind="integer"),
        Column("area", _("Area (ha)"), ("area",), _number, _plain, _by("area"), is_number=True,
               is_default=True, width=12, export_kind="decimal"),
        Column("capital", _("Charter capital (million dong)"), ("charter_capital",), _millions,
               _plain, _by("charter_capital"), is_number=True, is_default=True,
               export_label=_("Charter capital (dong)"), width=18, export_kind="money"),
        Column("as_of", _("Figures as of"),
               ("members_as_of", "workers_as_of", "area_as_of", "charter_capital_as_of"),
               _day, _as_of, _by("members_as_of"), css="day", export_kind="date"),
        Column("chairman", _("Chairman"), ("chairman",), _text, _plain, _by_alphabet("chairman"),
               permission=CONTACTS, width=26),
        Column("director", _("Director"), ("director",), _text, _plain, _by_alphabet("director"),
               permission=CONTACTS, width=26),
        Column("phone", _("Telephone"), ("phone",), _text, _plain, _by_alphabet("phone"),
               permission=CONTACTS, css="code"),
    )
}  # fmt: skip


def columns_for(ctx: Context) -> dict[str, Column]:
    """Return the columns that the caller may see for everything in the list."""
    hidden = {
        p for c in COLUMNS.values() if (p := c.permission)
        and not ctx.may_throughout(p, of="registry.view")
    }  # fmt: skip
    return {k: c for k, c in COLUMNS.items() if c.permission not in hidden}


def chosen_columns(ctx: Context, codes: Sequence[str]) -> list[Column]:
    """Return the chosen columns in the table's order of choice; the name always comes first."""
    known = columns_for(ctx)
    picked = [known[c] for c in codes if c in known and c != "name"]
    if not picked:
        picked = [c for c in known.values() if c.is_default and c.code != "name"]
    return [known["name"], *picked]


def ordered(periods: PeriodQuerySet, sort: str, day: date) -> PeriodQuerySet:
    """Return the periods in the order of a column, the unknown last, then by name."""
    column = COLUMNS[sort.removeprefix("-")]
    is_descending = sort.startswith("-")
    if column.code == "name":
        if is_descending:
            return periods.order_by("-sort_key", "pk")
        return periods.order_by("sort_key", "pk")
    order = column.order(day)
    if isinstance(order, tuple):
        which, order = order
        periods = _placed(periods, which, day)
    first = OrderBy(order, descending=is_descending, nulls_last=True)
    return periods.order_by(first, "sort_key", "pk")


def _placed(periods: PeriodQuerySet, which: str, day: date) -> PeriodQuerySet:
    """Join each period to the unit that held its ground on the day that the column speaks of."""
    name = "district" if which == "district" else "commune"
    on = {"day": day, "now": date.max}.get(which, day)
    if which == "district":
        on = _day_of_districts(day)
    if which == "now":
        condition = Q(commune__placements__epoch__endswith__isnull=True)
    else:
        condition = Q(commune__placements__epoch__contains=on)
    return periods.annotate(
        **{f"{name}_ground": FilteredRelation("commune__placements", condition=condition)}
    )


def _day_of_districts(day: date) -> date:
    """Return the day itself, or the last day before it on which there were districts."""
    from datetime import timedelta

    ends = [p.end for p in places().units.values() if p.level == "district"]
    last = max(ends, default=day)
    return day if day < last else last - timedelta(days=1)


# --- Rows ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """Chosen columns over chosen periods of a day."""

    columns: Sequence[Column]
    day: date

    @property
    def fields(self) -> list[str]:
        return list(dict.fromkeys(f for c in self.columns for f in c.fields))

    def rows_html(self, rows: Iterable[tuple[Any, ...]]) -> SafeString:
        """Return the table's rows as HTML; every value is escaped by its column."""
        place = {name: i for i, name in enumerate(self.fields)}
        reading = Reading(self.day, places(), get_language() or "vi")
        rows = list(rows)
        cells = [
            (
                opening(c, reading.language),
                _looked_up(c, reading, [row[place[c.fields[0]]] for row in rows])
                if c.lookup
                else c.show,
                tuple(place[f] for f in c.fields),
            )
            for c in self.columns
        ]
        out = []
        for row in rows:
            out.append("<tr>")
            for start, show, at in cells:
                out.append(start)
                if len(at) == 1:
                    out.append(show(reading, row[at[0]]))
                else:
                    out.append(show(reading, *[row[i] for i in at]))
                out.append("</td>")
            out.append("</tr>")
        return mark_safe("".join(out))  # noqa: S308  (every cell escapes)

    def export_labels(self) -> list[str]:
        return [str(c.export_label or c.label) for c in self.columns]

    def export_rows(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows as values: days as days, numbers as numbers, codes in words.

        Column by column, a few hundred rows at a time: of codes and places there are few.
        """
        place = {name: i for i, name in enumerate(self.fields)}
        reading = Reading(self.day, places(), get_language() or "vi")
        known: dict[str, dict[Any, Any]] = {c.code: {} for c in self.columns}
        rows = iter(rows)
        while batch := list(itertools.islice(rows, ROWS_AT_ONCE)):
            given = list(zip(*batch, strict=True))
            made = [
                c.export(reading, known[c.code], *(given[place[f]] for f in c.fields))
                for c in self.columns
            ]
            yield from zip(*made, strict=True)


def _looked_up(column: Column, reading: Reading, keys: Sequence[Any]) -> Show:
    """Return how a column shows a row by what was looked up for all of them."""
    found = column.lookup(reading, keys) if column.lookup else {}
    return lambda reading, key: column.show(reading, found.get(key))


def label_of(column: Column) -> str:
    """Return a column's words in the reader's language, kept in the process."""
    key = (get_language() or "vi", column.code)
    if key not in _COLUMN_WORDS:
        _COLUMN_WORDS[key] = str(column.label)
    return _COLUMN_WORDS[key]


def opening(column: Column, language: str) -> str:
    """Return how a cell of the column begins; phones show the label beside the value."""
    css = " ".join(filter(None, ("num" if column.is_number else "", column.css)))
    label = escape(label_of(column))
    return f'<td class="{css}" data-label="{label}">' if css else f'<td data-label="{label}">'


_COLUMN_WORDS: dict[tuple[str, str], str] = {}
