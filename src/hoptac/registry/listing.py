"""Reading a list of cooperatives out of a workbook, whatever its office's habits. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from hoptac.foundation.tables import days, legacy, rows
from hoptac.foundation.tables.headings import Heading, find_heading, with_mapping
from hoptac.foundation.tables.result import ReadResult, Record, plain
from hoptac.foundation.transfers.cells import Sheet, Workbook
from hoptac.foundation.vietnamese import fold
from hoptac.jurisdiction.gazetteer import REFORM, Gazetteer
from hoptac.registry.duplicates import find_duplicates
from hoptac.registry.listing_fields import FIELDS
from hoptac.registry.listing_rows import ListReader

_NEEDED = (("name",), ("registration_number", "commune", "district", "address", "members",
                       "charter_capital", "established_on", "chairman", "activity"))  # fmt: skip
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
        for key in (sheet.name, heading.fingerprint):
            if mapping and key in mapping:
                heading = with_mapping(heading, mapping[key])
        lists.append((sheet, heading))
    if result.as_of is None:
        result.as_of = find_day(workbook, {sheet.name: heading.first for sheet, heading in lists})
    day = result.as_of or date.today()  # noqa: DTZ011  (no list tells of days to come)
    mapped = result.as_of or _day_of_the_map([heading for _sheet, heading in lists])
    places = gazetteer if isinstance(gazetteer, Gazetteer) else gazetteer(mapped)
    least = least_members(day)
    for sheet, heading in lists:
        if not ListReader(sheet, heading, result, places, day, least).read():
            result.sheets_without_records.append(sheet.name)
    find_duplicates(result)
    result.problems.sort(key=lambda p: (p["sheet"], p["row"] or 0, p["column"] or ""))
    result.totals = sum_up(result.records)
    return result


def _day_of_the_map(headings: Sequence[Heading]) -> date:
    """Return a day of the map that a list without a day must mean: old where it knows districts."""
    return BEFORE if any("district" in x.columns for x in headings) else REFORM


def find_day(workbook: Workbook, above: Mapping[str, int]) -> date | None:
    """Return the day a list speaks of: its titles, its sheets' names, its file's name.

    ``above`` says by sheet how many rows stand above the heading; only those are titles.
    """
    exact: list[date] = []
    loose: list[date] = []
    for sheet in workbook.sheets:
        for row in sheet.rows[: above.get(sheet.name, 0)]:
            for _c, text in rows.texts_of(row):
                folded = fold(text)
                if re.match(r"^\D{0,40}, ngay", folded) or "quyet dinh" in folded:
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
    return None


def sum_up(records: Sequence[Record]) -> Record:
    """Return what the records add up to: count, by sector, and each measure."""
    by_sector: dict[str, int] = {}
    for record in records:
        if record["sector"]:
            by_sector[record["sector"]] = by_sector.get(record["sector"], 0) + 1
    area = sum(
        (Decimal(str(r["area_ha"])) for r in records if r["area_ha"] is not None), Decimal(0)
    )
    return {
        "cooperatives": len(records),
        "by_sector": by_sector,
        "area_ha": plain(area),
        "charter_capital_vnd": sum(r["charter_capital_vnd"] or 0 for r in records),
        "members": sum(r["members"] or 0 for r in records),
        "workers": sum(r["workers"] or 0 for r in records),
    }
