"""Reading a list of cooperatives out of a workbook, whatever its office's habits. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice

from hoptac.foundation.tables import days, legacy, rows
from hoptac.foundation.tables.headings import Heading, find_heading, with_mapping, words
from hoptac.foundation.tables.result import ReadResult, Record, plain
from hoptac.foundation.transfers.cells import Sheet, Workbook
from hoptac.foundation.vietnamese import fold
from hoptac.jurisdiction.gazetteer import REFORM, Gazetteer
from hoptac.registry import listing_titles
from hoptac.registry.duplicates import find_duplicates
from hoptac.registry.listing_fields import FIELDS
from hoptac.registry.listing_rows import ListReader

_NEEDED = (("name",), ("registration_number", "commune", "district", "address", "members",
                       "charter_capital", "established_on", "chairman", "activity"))  # fmt: skip
# What stands above the numbers of the lines.
_COUNT_HEADS = frozenset({"STT", "Stt", "stt", "TT", "Số TT", "SỐ TT", "Số thứ tự", "STT."})
BEFORE = date(2019, 12, 31)


def read_register(
    workbook: Workbook,
    gazetteer: Gazetteer | Callable[[date], Gazetteer],
    *,
    as_of: date | None = None,
    mapping: Mapping[str, Mapping[str, str]] | None = None,
    least_members: Callable[[date], int] = lambda day: 7,
) -> ReadResult:
    """Return every cooperative of the workbook's lists and everything that is wrong with them.

    ``mapping`` gives columns by sheet name or by layout fingerprint. ``gazetteer`` may be a function of
    the list's day. A sheet without a heading of a list (sums, notes, empty) is passed over and named.
    """
    result = ReadResult("register", as_of)
    lists: list[tuple[Sheet, Heading]] = []
    for sheet in workbook.sheets:
        legacy.decode_sheet(sheet.rows)
        heading = find_heading(sheet, FIELDS, needed=_NEEDED)
        if heading is None:
            result.sheets_without_records.append(sheet.name)
            continue
        for part, own in _parts_of(sheet, heading):
            keys = (sheet.name, own.fingerprint) if own is heading else (own.fingerprint,)
            for key in keys:
                if mapping and key in mapping:
                    own = with_mapping(own, mapping[key])
            _settle_land(part, own)
            lists.append((part, own))
    if result.as_of is None:
        result.as_of = find_day(workbook, {s.name: x.first for s, x in reversed(lists)})
    day = result.as_of or date.today()  # noqa: DTZ011  (no list tells of days to come)
    mapped = result.as_of or _day_of_the_map(lists)
    places = gazetteer if isinstance(gazetteer, Gazetteer) else gazetteer(mapped)
    least = least_members(day)
    for sheet, heading in lists:
        ListReader(sheet, heading, result, places, day, least).read()
    full = {record["sheet"] for record in result.records}
    empty = dict.fromkeys(sheet.name for sheet, _heading in lists if sheet.name not in full)
    result.sheets_without_records.extend(empty)
    find_duplicates(result)
    result.problems.sort(key=lambda p: (p["sheet"], p["row"] or 0, p["column"] or ""))
    result.totals = sum_up(result.records)
    return result


def _parts_of(sheet: Sheet, heading: Heading) -> Iterator[tuple[Sheet, Heading]]:
    """Part a sheet into its lists, where one of other columns follows below the first.

    Rows keep their places; each part sees the titles above the first list and no other part's lines.
    """
    sheet_rows = sheet.rows
    titles, begin = sheet_rows[: heading.first], heading.first
    for r in range(heading.last + 1, len(sheet_rows)):
        if r <= heading.last or _COUNT_HEADS.isdisjoint(sheet_rows[r][:6]):
            continue
        if all(
            words(text) in heading.texts.get(c, "").split(" | ")
            for c, text in rows.texts_of(sheet_rows[r])
        ):
            continue  # the same heading, printed again
        other = find_heading(sheet, FIELDS, needed=_NEEDED, search=3, start=r)
        if other is None or not _moved(heading, other):
            continue
        yield _part(sheet, titles, begin, r), heading
        heading, begin = other, r
    whole = begin == len(titles)
    yield (sheet if whole else _part(sheet, titles, begin, len(sheet_rows))), heading


def _moved(heading: Heading, other: Heading) -> bool:
    """Tell whether a heading further down has a field in another column."""
    return any(other.columns[k] != c for k, c in heading.columns.items() if k in other.columns)


def _part(sheet: Sheet, titles: list[list[object]], begin: int, end: int) -> Sheet:
    between: list[list[object]] = [[] for _row in range(begin - len(titles))]
    return replace(sheet, rows=[*titles, *between, *sheet.rows[begin:end]])


def _settle_land(sheet: Sheet, heading: Heading) -> None:
    """Take a column headed only *ĐT* or *DT* for land where its figures are too short for telephones."""
    c = heading.columns.get("phone")
    if c is None or "area" in heading.columns or heading.texts[c].split(" | ")[-1] != "dt":
        return
    below = (row[c] for row in sheet.rows[heading.last + 1 :] if c < len(row))
    digits = [
        sum(ch.isdigit() for ch in str(v)) for v in islice((v for v in below if v not in (None, "")), 200)
    ]  # fmt: skip
    told = [n for n in digits if n]
    if told and sum(n < 8 for n in told) * 2 > len(told):
        heading.columns["area"] = heading.columns.pop("phone")


def _day_of_the_map(lists: Sequence[tuple[Sheet, Heading]]) -> date:
    """Return a day of the map that a list without a day must mean: old where it knows districts."""
    told = any(
        "district" in heading.columns
        or any(re.search(r"\bhuyen\b", t) for t in listing_titles.titles_of(sheet, heading))
        for sheet, heading in lists
    )
    return BEFORE if told else REFORM


def find_day(workbook: Workbook, above: Mapping[str, int]) -> date | None:
    """Return the day a list speaks of: its titles, its sheets' names, its file's name.

    Where none says one, it is the day of signing.

    ``above`` says by sheet how many rows stand above the heading; only those are titles.
    """
    exact: list[date] = []
    loose: list[date] = []
    signed: list[date] = []
    for sheet in workbook.sheets:
        for row in sheet.rows[: above.get(sheet.name, 0)]:
            for _c, text in rows.texts_of(row):
                folded = fold(text)
                if re.match(r"^\D{0,40}, ngay", folded):
                    signed += [d for d in days.day_in_text(text, fold)[:1] if d is not None]
                    continue
                if "quyet dinh" in folded:
                    continue
                if len(text) > 200 or not re.search(r"\d{4}", folded):
                    continue
                found, precision = days.day_in_text(text, fold)
                if found is not None:
                    speaks = re.search(r"den|tinh|thoi diem|so lieu|cuoi|nam", folded)
                    (exact if precision == "day" and speaks else loose).append(found)
    if exact or loose:
        return (exact or loose)[0]
    for name in (*(s.name for s in workbook.sheets), workbook.filename):
        text = fold(name).replace("_", " ")
        found_day, _p = days.day_in_text(text, fold)
        if found_day is not None:
            return found_day
        year = re.search(r"(?<!\d)(20\d\d)(?!\d)", text)
        if year:
            return date(int(year[1]), 12, 31)
    return signed[0] if signed else None


def sum_up(records: Sequence[Record]) -> Record:
    """Return what the records add up to: count, by sector, and each measure."""
    by_sector: dict[str, int] = {}
    for record in records:
        if record["sector"]:
            by_sector[record["sector"]] = by_sector.get(record["sector"], 0) + 1
    hundredths = sum(round(r["area_ha"] * 100) for r in records if r["area_ha"] is not None)
    return {
        "cooperatives": len(records),
        "by_sector": by_sector,
        "area_ha": plain(Decimal(hundredths) / 100),
        "charter_capital_vnd": sum(r["charter_capital_vnd"] or 0 for r in records),
        "members": sum(r["members"] or 0 for r in records),
        "workers": sum(r["workers"] or 0 for r in records),
    }
