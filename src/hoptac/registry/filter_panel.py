"""The boxes of the filter panel, made in the process: a page has no time for a hundred units."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hoptac.foundation import rulebook
from hoptac.foundation.access import Context, Coverage
from hoptac.foundation.vietnamese import sort_key
from hoptac.jurisdiction.places import Places, places
from hoptac.registry.filters import CODED, RegisterFilter, size_choices
from hoptac.registry.tables import Column

_MOST_COMMUNES = 400
# Boxes of a reach and language with the choices' words, without marks for what is chosen.
_kept: dict[tuple[Any, ...], Any] = {}
_MOST_KEPT = 500


@dataclass(frozen=True)
class Group:
    """A heading with its boxes to tick."""

    name: str
    label: str
    boxes: SafeString
    chosen: int


@dataclass(frozen=True)
class Panel:
    groups: list[Group]
    communes: SafeString
    kept_communes: list[str]


def panel(ctx: Context, wanted: RegisterFilter) -> Panel:
    """Return the filter panel for what is asked, with the units of the caller's territory."""
    known, reach = places(), ctx.coverage("registry.view")
    groups = []
    for name, label, pairs in _coded(wanted.day):
        chosen = getattr(wanted, name)
        groups.append(Group(name, label, _ticked(name, pairs, chosen), len(chosen)))
    units = _kept_for("district", known, reach, _districts)
    if len(units) > 1:
        boxes = _ticked("district", units, wanted.district)
        group = Group("district", _("District"), boxes, len(wanted.district))
        groups.insert(1, group)
    communes = _kept_for(("commune", wanted.day), known, reach, _communes)
    first = f'<option value="{wanted.commune[0]}"' if wanted.commune else ""
    options = "".join(
        f"{before} selected{after}" if before == first else before + after
        for before, after in communes
    )
    return Panel(groups, mark_safe(options), [str(c) for c in wanted.commune[1:]])  # noqa: S308


def _coded(day: date) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the filters of codes with their boxes, in the reader's language."""
    key = ("coded", get_language(), day, rulebook.generation())
    if key not in _kept:
        if len(_kept) > _MOST_KEPT:
            _kept.clear()
        found = []
        for name, (label, choices) in CODED.items():
            sized = size_choices(name, day) if name in {"members", "capital"} else choices
            found.append((name, str(label), _pairs(name, sized)))
        _kept[key] = found
    return _kept[key]


def _pairs(name: str, choices: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [
        (
            f'<label><input type="checkbox" name="{name}" value="{code}"',
            f">{escape(str(label))}</label>",
        )
        for code, label in choices
    ]


def _ticked(name: str, pairs: list[tuple[str, str]], chosen: Iterable[Any]) -> SafeString:
    marks = {f'<label><input type="checkbox" name="{name}" value="{c}"' for c in chosen}
    return mark_safe(  # noqa: S308  (words are escaped where the pairs are made)
        "".join(
            f"{before} checked{after}" if before in marks else before + after
            for before, after in pairs
        )
    )


def _kept_for(
    what: Any, known: Places, reach: Coverage, make: Any
) -> list[tuple[str, str]]:  # fmt: skip
    key = (what, get_language(), reach, known.read_at)
    if key not in _kept:
        if len(_kept) > _MOST_KEPT:
            _kept.clear()
        day = what[1] if isinstance(what, tuple) else date.max
        _kept[key] = make(known, reach, day)
    return _kept[key]


def _districts(known: Places, reach: Coverage, day: date) -> list[tuple[str, str]]:
    return [
        (
            f'<label><input type="checkbox" name="district" value="{p.id}"',
            f">{escape(p.heading)}</label>",
        )
        for p in known.districts(reach)
    ]


def _communes(known: Places, reach: Coverage, day: date) -> list[tuple[str, str]]:
    """Return the communes of the day as options, grouped by the district of the day or the last."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for place in known.communes_on(day, reach)[:_MOST_COMMUNES]:
        district = known.district_on(place.id, day)
        pair = (f'<option value="{place.id}"', f">{escape(place.heading)}</option>")
        grouped.setdefault(district.heading if district else "", []).append(pair)
    if len(grouped) < 2:
        return [pair for pairs in grouped.values() for pair in pairs]
    found: list[tuple[str, str]] = []
    several = _("Several districts")
    for heading in sorted(grouped, key=lambda h: (h == "", sort_key(h))):
        found.append((f'<optgroup label="{escape(heading or several)}">', ""))
        found += grouped[heading]
        found.append(("</optgroup>", ""))
    return found


def column_boxes(columns: Mapping[str, Column], chosen: Collection[str]) -> SafeString:
    """Return a box for every column that may be shown beside the name."""
    key = ("columns", get_language(), len(columns))
    if key not in _kept:
        _kept[key] = _pairs(
            "cols", [(c.code, c.label) for c in columns.values() if c.code != "name"]
        )
    return _ticked("cols", _kept[key], chosen)
