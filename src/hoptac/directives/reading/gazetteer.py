"""The gazetteer of bodies, compiled: names, abbreviations and words for many bodies, as matchers."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from hoptac.directives.reading.words import UPPER, lowered, one_of, trie
from hoptac.foundation.rulebook import read_topic
from hoptac.foundation.vietnamese import fold

HEAD_KINDS = {"Sở": "department", "Bộ": "ministry", "Phòng": "department"}
HEAD_LEVELS = {"Sở": "province", "Bộ": "central", "Phòng": "district"}


@dataclass(frozen=True)
class Body:
    """One entry: its name, and what may follow the name in a text."""

    name: str
    kind: str
    level: str
    unit: bool = False
    place: bool = False
    party: bool = False
    own: bool = False
    topic: bool = False
    sector_head: str = ""


@dataclass(frozen=True)
class Gazetteer:
    """The compiled lists; texts are matched in small letters (:func:`.words.lowered`)."""

    bodies: dict[str, Body]
    body: re.Pattern[str]
    sectors: dict[str, str]
    sector: re.Pattern[str]
    heads: tuple[str, ...]
    families: dict[str, str]
    family: re.Pattern[str]
    classes: dict[str, str]
    class_word: re.Pattern[str]
    tail: re.Pattern[str]
    post: re.Pattern[str]
    acronyms: frozenset[str]


def key(text: str) -> str:
    """Return the form in which names are compared: small letters, single blanks."""
    return " ".join(lowered(text).split())


# A name does not begin inside another sign: the TC of 13/TT-TC is nobody.
_EDGE = r"(?<![\w/&.-])"


@functools.cache
def gazetteer() -> Gazetteer:
    """Return the compiled gazetteer."""
    raw = read_topic("directives/actors")
    bodies: dict[str, Body] = {}
    acronyms: set[str] = set()
    sectors: dict[str, str] = {}
    for entry in raw["body"]:
        body = Body(**{k: v for k, v in entry.items() if k in Body.__dataclass_fields__})
        for name in (entry["name"], *entry["variants"]):
            _enter(bodies, acronyms, name, body)
    for entry in raw["sector"]:
        for head in entry["heads"]:
            body = Body(
                f"{head} {entry['name']}", HEAD_KINDS[head], HEAD_LEVELS[head], place=True,
                sector_head=head,
            )  # fmt: skip
            for name in (entry["name"], *entry["short"]):
                _enter(bodies, acronyms, f"{head} {name}", body)
                sectors.setdefault(key(name), entry["name"])
    families = {key(h): e["kind"] for e in raw["family"] for h in e["heads"]}
    classes = {key(w): e["kind"] for e in reversed(raw["class"]) for w in e["words"]}
    return Gazetteer(
        bodies=bodies,
        body=re.compile(rf"{_EDGE}{trie(bodies)}(?![\w&])"),
        sectors=sectors,
        sector=re.compile(rf"{trie(sectors)}(?![\w&])"),
        heads=tuple(HEAD_KINDS),
        families=families,
        family=re.compile(rf"{_EDGE}({trie(families)})(?=\s)"),
        classes=classes,
        class_word=re.compile(
            rf"(?!báo cáo|đài thọ|cấp phát|cấp giấy|cấp phép|hội nghị|hội thảo|hội chợ|ban hành|tổ chức (?:thực|triển|các|hội|lớp|tập|đại|kiểm|tuyên|tổng|sơ|học|thi|quán|khảo|đào|bồi|rà|đánh|kết|làm|giám|thanh|điều|đối|lấy|lại|tham|vận|xây|sản))(?:{trie(classes)})(?!\w)"
        ),
        tail=re.compile(rf"\s+{trie(key(t) for t in raw['group']['tails'])}(?!\w)"),
        post=re.compile(rf"{_EDGE}{trie(key(p) for p in raw['post'])}(?!\w)"),
        acronyms=frozenset(acronyms),
    )


def _enter(bodies: dict[str, Body], acronyms: set[str], name: str, body: Body) -> None:
    low = key(name)
    bodies.setdefault(low, body)
    if " và " in low:
        for sign in (" & ", " - ", "-", "&", " "):
            bodies.setdefault(low.replace(" và ", sign), body)
    if " - " in low:
        bodies.setdefault(low.replace(" - ", "-"), body)
    if low.endswith(" tỉnh") and body.level == "province":  # the same body of a city
        bodies.setdefault(f"{low.removesuffix(' tỉnh')} thành phố", body)
    if name.replace(" ", "").isupper():
        acronyms.add(low)


# --- The rows of the rulebook's agencies

CAPITALS = rf"[{UPPER}][^\W\d_]*(?:[\s-]+[{UPPER}][^\W\d_]*){{0,4}}"


@functools.cache
def _agencies() -> tuple[tuple[str, str, dict[str, Any]], ...]:
    path = settings.RULEBOOK / "jurisdiction" / "agencies.csv"
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in (row["name"], row["short_name"]):
                found = re.match(rf"(.*?)(?: tỉnh)? ({CAPITALS})$", name)
                place = found[2] if found and found[2] in _places(path) else ""
                bare = name[: -len(place) - 1] if place else name
                rows.append((fold(bare), fold(place), row))
    return tuple(rows)


@functools.cache
def _places(path: Any) -> frozenset[str]:
    """Return the provinces that the list names: what stands after *tỉnh* at a name's end."""
    with path.open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    return frozenset(m[1] for n in names if (m := re.search(rf"tỉnh ({CAPITALS})$", n)))


def agency_code(name: str, place: str, on: date | None) -> str:
    """Return the code of the agency of this name on a day, or nothing.

    ``place`` is the province of the document or of the name; the list knows only some provinces.
    """
    wanted, where = fold(name), fold(place)
    own = {p for _, p, _ in _agencies() if p}
    if where and where not in own:
        return ""
    for bare, of_place, row in _agencies():
        if bare not in (wanted, wanted.removesuffix(" tinh"), f"{wanted} tinh"):
            continue
        if of_place and where and of_place != where:
            continue
        if on is not None and (row["begin"] > on.isoformat() or "" < row["end"] <= on.isoformat()):
            continue
        return str(row["code"])
    return ""


@functools.cache
def post_words() -> re.Pattern[str]:
    """Return the pattern of posts that stand for their body."""
    return one_of(key(p) for p in read_topic("directives/actors")["post"])
