"""Finding a district or commune by what people write: prefixes, tone habits, slips of the pen.

Pure: built from the unit lists in ``rulebook/jurisdiction``; the same for readers and tests.
"""

from __future__ import annotations

import csv
import functools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein

from hoptac.foundation.vietnamese import fold, tidy

REFORM = date(2025, 7, 1)
_PREFIX = re.compile(
    r"^(?:(thanh pho|tp|t p|thi xa|tx|quan|q|huyen|h)|(phuong|p|thi tran|tt|t t|xa|x|dac khu|dk))"
    r"(?:[\s.:]+)(?=\S)"
)
_GLUED = re.compile(r"^(tp|tx|tt|h|x|p|q)\.(?=\S)")
_TYPES = {
    "thanh pho": "thành phố", "tp": "thành phố", "t p": "thành phố", "thi xa": "thị xã",
    "tx": "thị xã", "quan": "quận", "q": "quận", "huyen": "huyện", "h": "huyện",
    "phuong": "phường", "p": "phường", "thi tran": "thị trấn", "tt": "thị trấn", "t t": "thị trấn",
    "xa": "xã", "x": "xã", "dac khu": "đặc khu", "dk": "đặc khu",
}  # fmt: skip
_SIGNS = re.compile(r"(?:[^\w\s]|_)+")


@dataclass(frozen=True, slots=True)
class Place:
    """A commune as a list names it: State code, name, type, and its district (empty after 2025)."""

    code: str
    name: str
    type: str
    district: str
    district_code: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a commune's name led to. ``how`` is exact, misspelt, elsewhere, ambiguous or unknown."""

    place: Place | None
    how: str
    others: tuple[Place, ...] = ()


def split_type(text: str) -> tuple[str, str]:
    """Return the type word and the bare folded name: ``TP. Rạch Giá`` gives (thành phố, rach gia)."""
    plain = fold(tidy(text)).strip(" .,-")
    glued = _GLUED.match(plain)
    if glued:
        return _TYPES[glued[1]], plain[glued.end() :].strip(" .")
    found = _PREFIX.match(plain)
    if found:
        return _TYPES[found[1] or found[2]], plain[found.end() :].strip(" .")
    return "", plain


def bare(text: str) -> str:
    """Return a folded name without signs: what two spellings of one place share."""
    return " ".join(_SIGNS.sub(" ", fold(text)).split())


class Gazetteer:
    """The communes of a province on one map, found by district and name."""

    def __init__(self, places: Iterable[Place], districts: Iterable[tuple[str, str, str]]) -> None:
        self.places = list(places)
        self.districts = {bare(name): (code, name, kind) for code, name, kind in districts}
        self._by_district: dict[str, list[Place]] = defaultdict(list)
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            self._by_district[place.district_code].append(place)
            self._by_name[bare(place.name)].append(place)
        self.district = functools.cache(self._district)  # type: ignore[method-assign]
        self.commune = functools.cache(self._commune)  # type: ignore[method-assign]

    def _district(self, text: str) -> tuple[str, str] | None:
        """Return the code and name of the district that a text names, or nothing."""
        _kind, name = split_type(text)
        name = bare(name)
        if not name:
            return None
        found = self.districts.get(name)
        if found is None:
            near = [
                (d, DamerauLevenshtein.distance(name, key, score_cutoff=2))
                for key, d in self.districts.items()
            ]
            near = sorted(
                (n for n in near if n[1] <= (1 if len(name) < 8 else 2)), key=lambda n: n[1]
            )
            if not near or (len(near) > 1 and near[0][1] == near[1][1]):
                return None
            found = near[0][0]
        return found[0], found[1]

    def district_in(self, text: str) -> tuple[str, str] | None:
        """Return the district whose name stands whole in a longer text (a title, a sheet's name)."""
        plain = f" {bare(text)} "
        hits = [(len(key), d) for key, d in self.districts.items() if f" {key} " in plain]
        hits = [h for h in hits if h[1][1]]
        if not hits:
            return None
        _length, (code, name, _kind) = max(hits)
        return code, name

    def _commune(self, text: str, district_code: str) -> Found:
        """Return the commune that a text names within a district (any district where it is empty)."""
        kind, name = split_type(text)
        name = bare(name)
        if not name:
            return Found(None, "unknown")
        inside = self._by_district.get(district_code, []) if district_code else self.places
        exact = [p for p in inside if bare(p.name) == name]
        if not exact and kind:
            # "Xã Tân" may be a name that itself begins with such a word.
            exact = [p for p in inside if bare(p.name) == bare(text)]
        if kind:
            typed = [p for p in exact if p.type == kind]
            exact = typed or exact
        if len(exact) > 1:
            accented = [p for p in exact if tidy(text).lower().endswith(p.name.lower())]
            if len(accented) == 1:
                exact = accented
        if len(exact) == 1:
            if _same_marks(text, exact[0].name):
                return Found(exact[0], "exact")
            return Found(exact[0], "misspelt")
        if exact:
            return Found(None, "ambiguous", tuple(exact))
        near = self._near(name, kind, inside)
        elsewhere = self._by_name.get(name, []) if district_code else []
        if elsewhere and not (near and near[0][0] <= 1):
            typed = [p for p in elsewhere if p.type == kind] or elsewhere
            return Found(typed[0] if len(typed) == 1 else None, "elsewhere", tuple(elsewhere))
        if elsewhere:
            typed = [p for p in elsewhere if p.type == kind] or elsewhere
            return Found(typed[0] if len(typed) == 1 else None, "elsewhere", tuple(elsewhere))
        if near and (len(near) == 1 or near[0][0] < near[1][0]):
            return Found(near[0][1], "misspelt")
        return Found(None, "unknown")

    def _near(self, name: str, kind: str, inside: Iterable[Place]) -> list[tuple[int, Place]]:
        most = 1 if len(name) < 6 else 2
        near = []
        for place in inside:
            distance = DamerauLevenshtein.distance(name, bare(place.name), score_cutoff=most)
            if distance <= most and _digits(name) == _digits(place.name):
                near.append((distance * 2 + (1 if kind and kind != place.type else 0), place))
        return sorted(near, key=lambda n: (n[0], n[1].code))


def _digits(text: str) -> list[str]:
    """Return the numbers of a name and the letter at its end, which tell *Mong Thọ A* from *Mong Thọ B*."""
    parts = bare(text).split()
    return [w for i, w in enumerate(parts) if w.isdigit() or (len(w) == 1 and i == len(parts) - 1)]


def _same_marks(text: str, name: str) -> bool:
    """Tell whether two spellings differ by more than tone habit, case or missing all marks."""
    written = tidy(text)
    if written.isascii():
        return True
    return marks_key(written).endswith(marks_key(name))


_TONE_OF = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


@functools.lru_cache(maxsize=20_000)
def marks_key(text: str) -> str:
    """Return a key equal for ``Hoà`` and ``Hòa`` yet unlike for ``Thuân`` and ``Thuận``.

    Each word's tone is moved to its end; case and signs do not count.
    """
    import unicodedata

    keys = []
    for word in _SIGNS.sub(" ", tidy(text).lower()).split():
        tone, rest = "", []
        for c in unicodedata.normalize("NFD", word):
            if c in _TONE_OF:
                tone = _TONE_OF[c]
            else:
                rest.append(c)
        keys.append(unicodedata.normalize("NFC", "".join(rest)) + tone)
    return " ".join(keys)


@functools.cache
def load_gazetteer(folder: Path, day: date) -> Gazetteer:
    """Return the gazetteer of old Kiên Giang, or of the communes since July 2025, from the lists."""
    if day < REFORM:
        with (folder / "kien-giang-units-2019.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        places = [
            Place(
                r["commune_code"],
                r["commune"],
                r["commune_type"],
                r["district"],
                r["district_code"],
            )
            for r in rows
        ]
        districts = {(r["district_code"], r["district"], r["district_type"]) for r in rows}
        return Gazetteer(places, sorted(districts))
    with (folder / "kien-giang-units-2025.csv").open(encoding="utf-8") as file:
        found = {
            r["new_commune_code"]: Place(
                r["new_commune_code"], r["new_commune"], r["new_commune_type"], "", ""
            )
            for r in csv.DictReader(file)
        }
    return Gazetteer(found.values(), ())
