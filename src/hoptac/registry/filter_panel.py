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

from hoptac.foundation.access import Context, Coverage
from hoptac.foundation.vietnamese import sort_key
from hoptac.jurisdiction.places import Places, places
from hoptac.registry.filters import CODED, RegisterFilter, size_choices
from hoptac.registry.tables import Column

_MOST_COMMUNES = 400
# Boxes of a reach and language with the choices' words, without marks for what is chosen.
_kept: dict[tuple[Any, ...], list[tuple[str, str]]] = {}
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
    for name, (label, choices) in CODED.items():
        if name in {"members", "capital"}:
            choices = tuple(size_choices(name, wanted.day))
        chosen = getattr(wanted, name)
        groups.append(
            Group(name, str(label), _boxes(name, choices, chosen), len(chosen))
        )  # fmt: skip
    units = _kept_for("district", known, reach, _districts)
    if len(units) > 1:
        chosen = tuple(str(u) for u in wanted.district)
        group = Group("district", _("District"), _ticked("district", units, chosen), len(chosen))
        groups.insert(1, group)
    communes = _kept_for(("commune", wanted.day), known, reach, _communes)
    first = str(wanted.commune[0]) if wanted.commune else ""
    options = "".join(
        f"{before} selected{after}" if f'"{first}"' in before and first else before + after
        for before, after in communes
    )
    return Panel(groups, mark_safe(options), [str(c) for c in wanted.commune[1:]])  # noqa: S308


def _boxes(name: str, choices: Iterable[tuple[str, Any]], chosen: Collection[str]) -> SafeString:
    pairs = [
        (
            f'<label><input type="checkbox" name="{name}" value="{code}"',
            f">{escape(str(label))}</label>",
        )
        for code, label in choices
    ]
    return _ticked(name, pairs, chosen)


def _ticked(name: str, pairs: list[tuple[str, str]], chosen: Collection[str]) -> SafeString:
    marks = [f'value="{c}"' for c in chosen]
    return mark_safe(  # noqa: S308  (words are escaped where the pairs are made)
        "".join(
            f"{before} checked{after}"
            if marks and any(before.endswith(m) for m in marks)
            else before + after
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
    for heading in sorted(grouped, key=lambda h: (h == "", sort_key(h))):
        found.append((f'<optgroup label="{escape(heading or _("Several districts"))}">', ""))
        found += grouped[heading]
        found.append(("</optgroup>", ""))
    return found


def column_boxes(columns: Mapping[str, Column], chosen: Collection[str]) -> SafeString:
    """Return a box for every column that may be shown beside the name."""
    choices = [(c.code, c.label) for c in columns.values() if c.code != "name"]
    return _boxes("cols", choices, [c for c in chosen if c != "name"])
