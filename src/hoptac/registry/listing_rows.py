"""Walking down one sheet's list: which row is a body, a group, a sum, a heading again or the end. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from hoptac.foundation.tables import rows
from hoptac.foundation.tables.headings import (
    Heading,
    as_written,
    column_letter,
    heading_cells,
    is_number_row,
    words,
)
from hoptac.foundation.tables.result import Findings, ReadResult, Record
from hoptac.foundation.transfers.cells import Sheet
from hoptac.jurisdiction.gazetteer import Gazetteer
from hoptac.registry.listing_fields import is_only_a_sector, sector_of
from hoptac.registry.listing_lines import MEASURES, LineReader
from hoptac.registry.listing_sums import Label, check_sums

_GROUP_WORD = re.compile(
    r"(?:khoi|nhom|loai|cum|phan|danh sach|cac|htx|hop tac xa|lien hiep|quy|qtd|don vi|trong do|gom|linh vuc|"
    r"nganh|xa|phuong|thi tran|ap|khu|dia ban|huyen|thanh pho|tp|thi xa|to)\b"
)


class ListReader:
    """Reads one sheet's list."""

    def __init__(
        self, sheet: Sheet, heading: Heading, result: ReadResult, places: Gazetteer, day: date,
        least: int,
    ) -> None:  # fmt: skip
        self.sheet, self.heading, self.result, self.places = sheet, heading, result, places
        self.notes = Findings(result, sheet.name)
        self.lines = LineReader(sheet, heading, self.notes, places, day, least)
        self.column = heading.columns
        self.header_texts = self._header_texts()
        self.heading_words = heading_cells(sheet, heading)
        self.layout: dict[str, list[int]] = {
            k: [] for k in ("number_rows", "repeated_header_rows", "group_rows", "subtotal_rows",
                            "total_rows")
        }  # fmt: skip
        self.wrapped = {
            self.column[k] for k in ("name", "address", "commune", "activity") if k in self.column
        }
        self.labels: list[Label] = []
        self.records: list[Record] = []
        self.plain_columns = [
            self.column[k] for k in ("registration_number", "commune", "number") if k in self.column
        ]

    def _header_texts(self) -> set[str]:
        c = self.column["name"]
        texts = {
            words(self.sheet.rows[r][c])
            for r in range(self.heading.first, self.heading.last + 1)
            if c < len(self.sheet.rows[r])
        }
        return texts - {""}

    def read(self) -> int:
        """Read the whole list into the result; return how many records it gave."""
        sheet, heading = self.sheet, self.heading
        name_column = self.column["name"]
        others = [c for k, c in self.column.items() if k not in {"name", "number", "note"}]
        last_data = heading.last
        closed = False
        r = heading.last + 1
        total = len(sheet.rows)
        counted = self.column.get("number")
        while r < total:
            row = sheet.rows[r]
            kind = self._kind_of(r, row, name_column, others)
            if kind == "data" and not closed:
                line: Sequence[Any] = row
                if counted is not None and r + 1 < total:
                    below = sheet.rows[r + 1]
                    if counted >= len(below) or below[counted] is None or below[counted] == "":
                        line = self._with_next(row, r + 1, counted)
                self.records.append(self.lines.read(r, line))
                last_data = r
                if line is not row:
                    r += 1  # the row below was its second line
            elif kind == "number":
                self.layout[
                    "number_rows" if r == heading.last + 1 else "repeated_header_rows"
                ].append(r)
            elif kind == "heading":
                self.layout["repeated_header_rows"].append(r)
            elif kind == "label" and not closed:
                closed = self._label(r, row)
            elif kind == "data" and closed and self._is_full(row, others):
                closed = False
                self.records.append(self.lines.read(r, row))
                last_data = r
            r += 1
        check_sums(self.records, self.labels, self.column, self.notes, self.lines.units,
                   self.lines.number)  # fmt: skip
        for label in self.labels:
            key = {"group": "group_rows", "subtotal": "subtotal_rows", "total": "total_rows"}[
                label.kind
            ]
            self.layout[key].append(label.row)
        self.result.records.extend(self.records)
        self.result.layouts.append(
            {
                "sheet": sheet.name,
                "header_rows": [i + 1 for i in range(heading.first, heading.last + 1)],
                "first_row": heading.last + 2 + len(self.layout["number_rows"]),
                "last_row": last_data + 1,
                **{k: [i + 1 for i in v] for k, v in self.layout.items()},
                "columns": heading.letters(),
                "headings": as_written(sheet, heading),
                "units": {"charter_capital_vnd": self.lines.unit[1], "area_ha": "ha"},
                "fingerprint": heading.fingerprint,
                "hidden_columns": [column_letter(c) for c in sorted(sheet.hidden_columns)],
                "hidden_rows": [i + 1 for i in sorted(sheet.hidden_rows)],
            }
        )
        return len(self.records)

    def _with_next(self, row: Sequence[Any], r: int, c: int) -> Sequence[Any]:
        """Return a numbered row (in column ``c``) with the text that runs on in row ``r``, if one does."""
        more = [(i, v) for i, v in enumerate(self.sheet.rows[r]) if v is not None and v != ""]
        if not more or len(more) > len(self.wrapped) or c >= len(row) or row[c] in (None, ""):
            return row
        if not all(i in self.wrapped and self._runs_on(r, i, row, v) for i, v in more):
            return row
        joined = list(row)
        for i, v in more:
            joined[i] = f"{joined[i].rstrip()} {v.lstrip()}"
        return joined

    def _runs_on(self, r: int, c: int, above: Sequence[Any], value: Any) -> bool:
        """Tell whether a text runs on from the cell above it, rather than heading a group or closing."""
        if not (isinstance(value, str) and c < len(above) and isinstance(above[c], str)):
            return False
        text = words(value)
        if not above[c].strip() or not text or not value.strip()[0].isalpha():
            return False
        if rows.is_total_label(text) or rows.is_closing(value) or self._merged_across(r, c):
            return False
        if c != self.column["name"] or value.strip()[0].islower():
            return True
        heads_group = _GROUP_WORD.match(text) or rows.is_enumerated(value) or sector_of(text)
        return not heads_group and self.places.district(text) is None

    def _is_full(self, row: Sequence[Any], others: Sequence[int]) -> bool:
        return sum(c < len(row) and row[c] not in (None, "") for c in others) >= 4

    def _kind_of(self, r: int, row: Sequence[Any], name_column: int, others: Sequence[int]) -> str:
        name = row[name_column] if name_column < len(row) else None
        if len(self.plain_columns) == 3 and type(name) is str and self._is_plain(row, name):
            return "data"
        filled = sum(c < len(row) and row[c] is not None and row[c] != "" for c in others)
        if is_number_row(row):
            return "number"
        if isinstance(name, str) and name.strip():
            if filled >= 2:
                text = words(name)
                if text in self.header_texts:
                    return "heading"
                if rows.is_total_label(text) or self._is_group_name(row, name, text, filled):
                    return "label"
                return "data"
            text = words(name)
            if text in self.header_texts:
                return "heading"
            if rows.is_closing(name) or self._merged_across(r, name_column):
                return "label"
            if rows.is_total_label(text) or self._is_group_name(row, name, text, filled):
                return "label"
            return "data" if filled else "label"
        if rows.is_blank(row):
            return "blank"
        texts = rows.texts_of(row)
        if any(words(t) in self.header_texts for _c, t in texts):
            return "heading"
        # The lower part of a heading repeated in the middle has no name cell.
        if texts and all(words(t) in self.heading_words for _c, t in texts):
            return "heading"
        if filled >= 3 and self._has_number_cell(row):
            return "data"  # a cooperative whose name is missing
        return "label"

    def _is_plain(self, row: Sequence[Any], name: str) -> bool:
        """Tell at a glance that a row is a body: counted, numbered, placed, and no word of a sum."""
        number, commune, count = self.plain_columns
        if max(self.plain_columns) >= len(row) or type(row[count]) is not int:
            return False
        return bool(row[number] and row[commune]) and name[:1] in "HhQqLl"

    def _has_number_cell(self, row: Sequence[Any]) -> bool:
        c = self.column.get("registration_number")
        d = self.column.get("number")
        told = c is not None and c < len(row) and row[c] not in (None, "")
        counted = (
            d is not None
            and d < len(row)
            and re.fullmatch(r"\d+\.?", str(row[d]).strip()) is not None
        )
        return told or counted

    def _merged_across(self, r: int, c: int) -> bool:
        return (
            any(r1 <= r <= r2 and c1 <= c and c2 - c1 >= 3 for r1, c1, r2, c2 in self.sheet.merged)
            if len(self.sheet.merged) < 2000
            else False
        )

    def _is_group_name(self, row: Sequence[Any], name: str, text: str, filled: int) -> bool:
        """Tell whether a row with a text in the name column heads a group rather than being a body."""
        d = self.column.get("number")
        mark = row[d] if d is not None and d < len(row) else None
        counted = mark is not None and re.fullmatch(r"\d+\.?", str(mark).strip()) is not None
        if counted and filled > 4:
            return False
        roman = (
            isinstance(mark, str)
            and re.fullmatch(r"[IVXLC]+\.?|[A-Z]\.?", mark.strip()) is not None
        )
        words_filled = sum(
            1 for k, c in self.column.items()
            if k not in {*MEASURES, "name", "number"} and c < len(row) and row[c] not in (None, "")
        )  # fmt: skip
        if words_filled > 1:
            return False
        if roman:
            return True
        short = re.sub(r"\s*[:(\-].*$", "", text)
        names_place = self.places.district(short) is not None or (
            self.places.district_in(text) is not None
            and re.match(r"^(?:huyen|thanh pho|tp|thi xa|h )", text) is not None
        )
        names_sector = sector_of(text) is not None and not re.match(
            r"^(?:htx|hop tac xa|quy tin dung nhan dan \w|qtd)", text
        )
        only_sector = names_sector and is_only_a_sector(text)
        usual = names_sector and not counted and filled < 5
        return words_filled == 0 and (names_place or only_sector or usual)

    def _label(self, r: int, row: Sequence[Any]) -> bool:
        """Take a group, subtotal, total or note; return whether the table has ended."""
        texts = rows.texts_of(row)
        if not texts:
            return False
        label = " ".join(t for _c, t in texts[:2])
        text = words(label)
        if rows.is_closing(texts[0][1]):
            return bool(self.records)
        sums = {
            code: row[c] for code in MEASURES
            if (c := self.column.get(code)) is not None and c < len(row) and row[c] not in (None, "")
        }  # fmt: skip
        count = rows.count_named(text)
        column = texts[0][0]
        if count is not None:  # where the count is said, beside a group's number
            column = next((c for c, x in texts[:2] if rows.count_named(words(x)) == count), column)
        total = rows.is_total_label(
            re.sub(r"^(?:[ivxlc]+|[a-z]|\d+)\s+", "", text)
        ) or rows.is_total_label(text)
        district = self.places.district_in(text) or self.places.district(
            re.sub(r"\s*\d.*$", "", text)
        )
        sector = sector_of(_without_count(text))
        if total:
            kind = "subtotal"
            if (
                rows.is_grand_label(text)
                and not district
                and not (sector and not re.search(r"toan tinh|tong cong", text))
            ):
                kind = "total"
            self.labels.append(
                Label(
                    r,
                    kind,
                    column,
                    label,
                    count,
                    sums,
                    len(self.records),
                    district,
                    sector,
                )
            )
            return False
        if not (district or sector or rows.is_enumerated(label) or sums):
            return False
        self.labels.append(
            Label(
                r,
                "group",
                column,
                label,
                count,
                sums,
                len(self.records),
                district,
                sector,
                rows.level_of(label),
            )
        )
        if sector and "sector" not in self.column:
            self.lines.state.sector = sector
            if not district:
                self.lines.state.district_column = None
        if district and "district" not in self.column:
            self.lines.state.district = district
        return False


def _without_count(text: str) -> str:
    return re.sub(r"\d+\s*(?:htx|hop tac xa|don vi)\b", " ", text)
