"""Cooperatives that stand twice in one file: the same number, or nearly the same name in one place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz

from hoptac.foundation.tables.result import ReadResult, Record
from hoptac.registry.names import core_name

Letters = dict[str, list[tuple[int, dict[str, str]]]]
# How alike (0-100) two names of one commune are when they mean one body.
LIKE = 90


def find_duplicates(result: ReadResult) -> None:
    """Note rows that repeat a body of an earlier row, or share its number under another name."""
    records = result.records
    letters = _letters(result)
    cores = [core_name(record["name"] or "") for record in records]
    noted: set[int] = set()
    by_number: dict[str, list[int]] = defaultdict(list)
    by_place: dict[tuple[str | None, str | None], list[int]] = defaultdict(list)
    for i, record in enumerate(records):
        if record["registration_number"]:
            by_number[record["registration_number"]].append(i)
        if record["commune_code"] or record["district_code"]:
            by_place[record["commune_code"], record["district_code"]].append(i)
    for same in by_number.values():
        for later in same[1:]:
            first = same[0]
            code = _of_one_number(records[first], records[later], cores[first], cores[later])
            _note(result, letters, records, code, first, later)
            noted.add(later)
    for rows in by_place.values():
        _within(result, letters, records, rows, cores, noted)
    _moved(result, letters, records, cores, noted)


def _letters(result: ReadResult) -> Letters:
    """Return the columns of each list by its sheet, with the last row of each."""
    letters: Letters = defaultdict(list)
    for layout in result.layouts:
        letters[layout["sheet"]].append((layout["last_row"], layout["columns"]))
    return letters


def _of_one_number(a: Record, b: Record, core_a: str, core_b: str) -> str:
    agrees = sum(
        a[k] is not None and a[k] == b[k]
        for k in ("commune_code", "established_on", "charter_capital_vnd", "members", "phone", "chairman",
                  "area_ha", "workers", "address")
    )  # fmt: skip
    if core_a == core_b or _alike(core_a, core_b):
        apart = None not in (a["district_code"], b["district_code"]) and (
            a["district_code"] != b["district_code"]
        )  # two bodies of one name, where nothing else agrees either
        return "registration_number_shared" if apart and not agrees else "duplicate_cooperative"
    renamed = agrees >= 4 or _was_called(a, core_b) or _was_called(b, core_a)
    return "renamed_cooperative" if renamed else "registration_number_shared"


def _within(
    result: ReadResult, letters: Letters, records: list[Record],
    rows: Iterable[int], cores: list[str], noted: set[int],
) -> None:  # fmt: skip
    rows = [r for r in rows if r not in noted]
    by_name: dict[str, int] = {}
    rest: list[int] = []
    for i in rows:
        name = cores[i]
        first = by_name.get(name)
        if first is not None and _may_be_one(records[first], records[i], True):
            _note(result, letters, records, "duplicate_cooperative", first, i)
            noted.add(i)
        else:
            by_name.setdefault(name, i)
            rest.append(i)
    if all(records[i]["registration_number"] for i in rest):
        return  # two numbers and two names: two bodies
    for j, i in _pairs(records, rest):
        if i in noted or j in noted or not _may_be_one(records[j], records[i], False):
            continue
        if _alike(cores[j], cores[i]):
            code = "duplicate_cooperative"
        elif (
            _same_body(records[j], records[i])
            or _was_called(records[i], cores[j])
            or _was_called(records[j], cores[i])
        ):
            code = "renamed_cooperative"
        else:
            continue
        _note(result, letters, records, code, j, i)
        noted.add(i)


def _moved(
    result: ReadResult, letters: Letters, records: list[Record], cores: list[str], noted: set[int]
) -> None:
    """Note rows that repeat a body of the same name in another commune of the district, without its number."""
    first_of: dict[tuple[str, str], int] = {}
    for i, record in enumerate(records):
        if i in noted or not cores[i] or not record["district_code"]:
            continue
        first = first_of.setdefault((record["district_code"], cores[i]), i)
        if (
            first != i
            and _is_numbered_once(records[first], record)
            and _agreements(records[first], record) >= 5
        ):
            _note(result, letters, records, "duplicate_cooperative", first, i)
            noted.add(i)


def _is_numbered_once(a: Record, b: Record) -> bool:
    """Tell whether two rows may bear one number, as far as they say."""
    return not a["registration_number"] or not b["registration_number"]


# Two rows are looked at together when they agree on one of these.
_BLOCKS = (
    ("phone",), ("established_on", "charter_capital_vnd"), ("members", "workers"),
    ("charter_capital_vnd", "members"), ("chairman", "established_on"), ("area_ha", "members"),
    ("area_ha", "charter_capital_vnd"), ("chairman", "members"), ("established_on", "members"),
)  # fmt: skip


def _pairs(records: list[Record], rows: list[int]) -> list[tuple[int, int]]:
    """Return the pairs of rows worth comparing, in the order of the file."""
    pairs: set[tuple[int, int]] = set()
    for block in _BLOCKS:
        kept: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for i in rows:
            record = records[i]
            key = tuple(record[k] for k in block)
            if None not in key:
                kept[key].append(i)
        for same in kept.values():
            if 1 < len(same) <= 50:
                pairs.update((j, i) for n, i in enumerate(same) for j in same[:n])
    return sorted(pairs, key=lambda p: (p[1], p[0]))


def _alike(a: str, b: str) -> bool:
    if not a or not b or _marks(a) != _marks(b):
        return False
    return fuzz.ratio(a.replace(" ", ""), b.replace(" ", "")) >= LIKE


def _marks(text: str) -> list[str]:
    """Numbers and single letters tell *Tân Tiến 1* from *Tân Tiến 2*."""
    return sorted(w for w in text.split() if w.isdigit() or len(w) == 1)


def _may_be_one(a: Record, b: Record, same_name: bool) -> bool:
    if (
        a["registration_number"]
        and b["registration_number"]
        and a["registration_number"] != b["registration_number"]
    ):
        return same_name and _agreements(a, b) >= 4
    return same_name or _agreements(a, b) >= 2


def _agreements(a: Record, b: Record) -> int:
    return sum(
        a[k] is not None and a[k] == b[k]
        for k in (
            "established_on",
            "charter_capital_vnd",
            "members",
            "workers",
            "area_ha",
            "phone",
            "chairman",
        )
    )


def _same_body(a: Record, b: Record) -> bool:
    """Tell whether two rows of different names are one body: nearly all else agrees, and the telephone if told."""
    return _agreements(a, b) >= 5 and a["phone"] == b["phone"]


_FORMER = re.compile(
    r"\((?:tên cũ|trước đây|nguyên|đổi tên từ)(?: là)?\s*:?\s*([^()]+)\)?", re.IGNORECASE
)


def _was_called(record: Record, core: str) -> bool:
    """Tell whether a row's name names a core name as its former one (*HTX Mới (tên cũ: HTX Cũ)*)."""
    found = _FORMER.search(record["name"] or "")
    return found is not None and core_name(found[1]) == core


def _note(
    result: ReadResult, letters: Letters, records: list[Record], code: str,
    first: int, later: int,
) -> None:  # fmt: skip
    record = records[later]
    field = "registration_number" if code == "registration_number_shared" else "name"
    of_row = (columns for last, columns in letters[record["sheet"]] if record["row"] <= last)
    letter = next(of_row, {}).get(field)
    result.problems.append(
        {
            "code": code,
            "severity": "error" if code != "renamed_cooperative" else "warning",
            "sheet": record["sheet"],
            "row": record["row"],
            "column": letter,
            "cell": f"{letter}{record['row']}" if letter else None,
            "field": field,
            "value": record[field],
            "related_rows": [records[first]["row"]],
        }
    )
