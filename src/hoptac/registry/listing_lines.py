"""Reading one line of a list of cooperatives: what each cell says in that office's habits. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice, pairwise
from operator import itemgetter
from typing import Any, TypeVar

from hoptac.foundation.tables import days, numbers, rows
from hoptac.foundation.tables.headings import Heading, area_unit, money_unit, words
from hoptac.foundation.tables.reading import is_formula_text
from hoptac.foundation.tables.result import Findings, Record, plain
from hoptac.foundation.transfers.cells import Sheet
from hoptac.foundation.vietnamese import fold, tidy
from hoptac.jurisdiction.gazetteer import Gazetteer
from hoptac.registry import listing_titles
from hoptac.registry.listing_fields import sector_of, state_of
from hoptac.registry.rules.particulars import compute_check_digit
from hoptac.registry.telephones import read_phone

MEASURES = {"charter_capital": "charter_capital_vnd", "area": "area_ha",
             "members": "members", "workers": "workers"}  # fmt: skip
_UNITS_OF: dict[str, dict[str, Any]] = {
    "charter_capital": numbers.MONEY_UNITS,
    "area": numbers.AREA_UNITS,
}
# Units up to which a comma before three digits parts thousands always, and where one such figure shows it.
_GROUPED_BELOW: dict[str, tuple[Decimal | int, Decimal | int]] = {
    "charter_capital": (1000, 10**6),
    "area": (Decimal("0.0001"), Decimal("0.0001")),
}
# A sum in dong written in a column of million dong: more than any cooperative's capital could be.
_TOO_MUCH = Decimal(10) ** 12
_RUNNING = frozenset("=+-@")
_WORD_FOR_A_HAMLET = re.compile(r"(?:Ấp|Khu phố|Khóm|Tổ|Thôn|Đường|Số)\b")
# What stands in a cell that means the one above.
_AS_ABOVE = frozenset({"", '"', "nt", "-nt-", "//", "''"})
_BY_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+")
_NAMED_NUMBER = re.compile(
    r"(?:MST|MSDN|Mã số(?: thuế| HTX)?|Số)\s*[:.\-]?\s*(\d{10})", re.IGNORECASE
)
_Unit = TypeVar("_Unit")


@dataclass
class State:
    """What rows above say of the rows below: the group's sector and district, the last cell's place."""

    sector: str | None = None
    district: tuple[str, str] | None = None
    commune_text: str = ""
    district_column: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a line says a body is. ``address`` counts where the line parted one into its units."""

    district: str | None
    district_code: str | None
    commune: str | None
    commune_type: str | None
    commune_code: str | None
    is_parted: bool = False
    address: str | None = None
    # Only of a place that any line with the same two cells means, whatever stands above it.
    told: tuple[str, str] | None = None
    commune_text: str = ""


class _Known(dict[Any, Any]):
    """What was worked out once for a cell's value, and is looked up for the lines that repeat it."""

    def __init__(self, work_out: Callable[[Any], Any]) -> None:
        super().__init__()
        self.work_out = work_out

    def __missing__(self, value: Any) -> Any:
        found = self[value] = self.work_out(value)
        return found


def _text_of(value: Any) -> str:
    if value.__class__ is str:
        return tidy(value)
    return "" if value is None else tidy(str(plain(value)))


class LineReader:
    """Reads the lines of one sheet's list; ``state`` is told by the rows that head groups."""

    def __init__(
        self, sheet: Sheet, heading: Heading, notes: Findings, places: Gazetteer,
        day: date, least: int,
    ) -> None:  # fmt: skip
        self.sheet, self.heading, self.notes = sheet, heading, notes
        self.places, self.day, self.least = places, day, least
        self.column = heading.columns
        self.marks = listing_titles.sector_marks(heading)
        if self.marks:
            self.column["sector"] = min(self.marks)
            for code in [k for k, c in self.column.items() if k != "sector" and c in self.marks]:
                del self.column[code]
        self.unit = self._money_unit()
        self.area_factor = self._area_factor()
        self.units: dict[str, Decimal | int] = {
            "charter_capital": self.unit[0],
            "area": self.area_factor,
        }
        self.by_commas = {k for k in _GROUPED_BELOW if self._groups_by_comma(k)}
        self.by_points = {k for k in _UNITS_OF if self._writes_points(k)}
        self.state = State(
            sector=listing_titles.sector_told(sheet, heading, places),
            district=places.district_in(sheet.name)
            or listing_titles.district_told(sheet, heading, places),
        )
        self.codes = (*self.column, "name")  # twice, so that what is picked is always a tuple
        self.pick = itemgetter(*(self.column[k] for k in self.codes))
        self.widest = max(self.column.values())
        self.texts = _Known(_text_of)
        self.sectors = _Known(lambda text: sector_of(words(text)))
        self.states = _Known(lambda text: state_of(words(text)))
        self.days = _Known(lambda v: days.read_day(v, fold, epoch_1904=sheet.epoch_1904))
        self.addresses = _Known(lambda v: _lower_first(self.texts[v]) or None)
        self.plain_places: dict[tuple[Any, Any], _Place] = {}
        self.blank_repeats = _Known(self._count_blanks)
        self.fills = self._merged_fills()
        self.suspicious = {r for r, _c in sheet.formulas} | {
            r
            for r, row in enumerate(sheet.rows)
            for v in row
            if v.__class__ is str and v and v[0] in _RUNNING
        }

    def _merged_fills(self) -> dict[tuple[int, int], Any]:
        """Return the value of each cell that a downward merge covers, below the heading."""
        wanted = {self.column.get(k) for k in ("district", "commune", "sector", "address")} - {None}
        fills: dict[tuple[int, int], Any] = {}
        for r1, c1, r2, c2 in self.sheet.merged:
            if r1 > self.heading.last and r2 > r1 and c1 == c2 and c1 in wanted:
                row = self.sheet.rows[r1] if r1 < len(self.sheet.rows) else []
                value = row[c1] if c1 < len(row) else None
                for r in range(r1 + 1, r2 + 1):
                    fills[r, c1] = value
        return fills

    def _money_unit(self) -> tuple[int, str]:
        c = self.column.get("charter_capital")
        own = self.heading.texts.get(c, "") if c is not None else ""
        return self._unit_told(own, money_unit) or self._guess_unit(c)

    def _unit_told(self, own: str, unit_in: Callable[[str], _Unit | None]) -> _Unit | None:
        """Return the unit that a column's own heading names, or else a line above the list."""
        if found := unit_in(own):
            return found
        for r in range(max(0, self.heading.first - 12), self.heading.first + 1):
            for _c, text in rows.texts_of(self.sheet.rows[r]):
                folded = words(text)
                if re.search(r"don vi(?: tinh)?|\bdvt\b", folded) and (found := unit_in(folded)):
                    return found
        return None

    def _guess_unit(self, c: int | None) -> tuple[int, str]:
        """Guess the unit from the figures themselves, where nothing names it."""
        if c is None:
            return 1, "đồng"
        told = (r[c] for r in self.sheet.rows[self.heading.last + 1 :] if c < len(r) and r[c])
        read = (numbers.read_number(v, numbers.MONEY_UNITS, fold) for v in islice(told, 1000))
        values = sorted(n.value for n in read if n.value and n.value > 0 and n.unit is None)
        if not values:
            return 1, "đồng"
        middle = values[len(values) // 2]
        if middle >= 10**6:
            return 1, "đồng"
        if middle >= 20:
            return 10**6, "triệu đồng"
        return 10**9, "tỷ đồng"

    def _groups_by_comma(self, code: str) -> bool:
        """Tell whether a column writes *1,150* for a thousand and more, as in English.

        1.15 million dong would be no capital, thousands of dong and square metres have no thousandths, and a
        comma of a decimal stands before other digits, too.
        """
        c = self.column.get(code)
        small_unit, usual = _GROUPED_BELOW[code]
        if c is None or self.units[code] > usual:
            return False
        told = [
            v.strip() for row in self.sheet.rows[self.heading.last + 1 :]
            if c < len(row) and type(v := row[c]) is str
        ]  # fmt: skip
        texts = [v for v in told if "," in v]
        if sum(re.fullmatch(r"\d{1,3}(?:\.\d{3})+", v) is not None for v in told) > len(texts):
            return False
        grouped = all(re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", t) for t in texts)
        small = any(re.fullmatch(r"[1-9],\d{3}", t) for t in texts)
        return grouped and bool(texts) and (small or self.units[code] <= small_unit)

    def _area_factor(self) -> Decimal:
        c = self.column.get("area")
        if c is None:
            return Decimal(1)
        return self._unit_told(self.heading.texts.get(c, ""), area_unit) or Decimal(1)

    def read(self, r: int, row: Sequence[Any]) -> Record:
        """Return the record that row ``r`` (from 0) gives; what is wrong with it is noted."""
        cells = self._cells(r, row)
        cell, texts, notes = cells.get, self.texts, self.notes
        name = texts[cell("name")] or None
        if name is None:
            notes.problem("name_missing", r, self.column["name"], "name", None)
        number = self._registration_number(r, cells)
        sector = self._sector(r, cell("sector"), row)
        place = self.plain_places.get((cell("district"), cell("commune"))) or self._place(r, cells)
        if place.commune_text:
            self.state.district_column, self.state.commune_text = place.told, place.commune_text
        established, precision = self._established(r, cell("established_on"))
        record: Record = {
            "sheet": self.sheet.name,
            "row": r + 1,
            "name": name,
            "registration_number": number,
            "sector": sector,
            "activity": texts[cell("activity")] or None,
            "district": place.district,
            "district_code": place.district_code,
            "commune": place.commune,
            "commune_type": place.commune_type,
            "commune_code": place.commune_code,
            "address": place.address if place.is_parted else self.addresses[cell("address")],
            "established_on": established,
            "established_precision": precision,
            "charter_capital_vnd": self._measure(r, cell("charter_capital"), "charter_capital"),
            "area_ha": self._measure(r, cell("area"), "area"),
            "members": self._measure(r, cell("members"), "members"),
            "workers": self._measure(r, cell("workers"), "workers"),
            "status": self.states[text] if (text := texts[cell("status")]) else None,
            "chairman": texts[cell("chairman")] or None,
            "director": texts[cell("director")] or None,
            "phone": self._phone(r, cell("phone")),
        }
        if r in self.suspicious:
            self._formulas(r, row)
        return record

    def _cells(self, r: int, row: Sequence[Any]) -> dict[str, Any]:
        """Return the row's cells by what their columns hold; a blank under a downward merge is filled."""
        if len(row) > self.widest:
            cells = dict(zip(self.codes, self.pick(row), strict=True))
        else:
            cells = {k: row[c] if c < len(row) else None for k, c in self.column.items()}
        if self.fills:
            for code, value in cells.items():
                if value is None or value == "":
                    cells[code] = self.fills.get((r, self.column[code]))
        return cells

    def _formulas(self, r: int, row: Sequence[Any]) -> None:
        for code, c in self.column.items():
            value = row[c] if c < len(row) else None
            if (r, c) in self.sheet.formulas:
                self.notes.problem("formula_cell", r, c, MEASURES.get(code, code), value)
            if isinstance(value, str) and is_formula_text(value):
                self.notes.problem("formula_text", r, c, MEASURES.get(code, code), value)

    def _registration_number(self, r: int, cells: Mapping[str, Any]) -> str | None:
        c = self.column.get("registration_number")
        if c is None:
            return None
        value = cells["registration_number"]
        if value.__class__ is str and len(value) == 10 and value.isascii() and value.isdigit():
            self._check_digit(r, c, value)
            return value
        text = self.texts[value]
        digits = re.sub(r"[\s.\-']", "", text) if not text.isdigit() else text
        if not digits.isdigit() and (named := _NAMED_NUMBER.fullmatch(text)):
            digits = named[1]
        if not digits or digits.lower() in {"-", "x", "chưa có", "chưacó", "không", "chuaco"}:
            self.notes.problem("registration_number_missing", r, c, "registration_number", None)
            return None
        if not isinstance(value, str) or digits != value:
            self.notes.notice("code_not_plain", r, c, "registration_number")
        if len(digits) == 9 and digits.isdigit() and isinstance(value, (int, float)):
            padded = "0" + digits
            if compute_check_digit(padded[:9]) == int(padded[9]):
                self.notes.problem(
                    "registration_number_format", r, c, "registration_number", value, repair=padded
                )
                return padded
        if not digits.isdigit() or len(digits) != 10:
            self.notes.problem("registration_number_format", r, c, "registration_number", value)
            return None if not digits.isdigit() else digits
        self._check_digit(r, c, digits)
        return digits

    def _check_digit(self, r: int, c: int, digits: str) -> None:
        if compute_check_digit(digits[:9]) != int(digits[9]):
            self.notes.problem(
                "registration_number_check_digit", r, c, "registration_number", digits
            )

    def _sector(self, r: int, value: Any, row: Sequence[Any]) -> str | None:
        if self.marks:
            marked = {k for c, k in self.marks.items() if c < len(row) and self.texts[row[c]]}
            if len(marked) == 1:
                return marked.pop()
            self.notes.problem("sector_missing", r, self.column["sector"], "sector", value)
            return None
        if "sector" in self.column:
            text = self.texts[value]
            code = self.sectors[text] if text else None
            if code is None and not text:
                code = self.state.sector
            if code is None:
                self.notes.problem("sector_missing", r, self.column["sector"], "sector", value)
            return code
        return self.state.sector

    def _place(self, r: int, cells: Mapping[str, Any]) -> _Place:
        """Return the place a line names, by its own cells, those above it, or its whole address."""
        district = told = self._district(r, cells)
        text = whole_text = self._commune_text(cells)
        address = self.texts[cells.get("address")]
        c = self.column.get("commune")
        is_parted = not text and c is None and bool(address)
        if is_parted:
            address, text, district = self._split_address(address, district)
            c = self.column.get("address")
        if "," in text or " - " in text:
            text, district = self._part_commune(text, district)
        code, name = district or (None, None)
        place, how = None, ""
        if text and not district and self.texts[cells.get("district")]:
            # The district was reported; the commune alone may still tell where it is.
            place = self.places.commune(text, "").place
        elif text:
            found = self.places.commune(text, code or "")
            place, how = found.place, found.how
            self._say_of_commune(r, c, text, found)
            if place and not district and place.district:
                name, code = place.district, place.district_code
        line = _Place(
            name, code,
            place.name if place else None, place.type if place else None, place.code if place else None,
            is_parted, (_lower_first(address) or None) if is_parted else None,
        )  # fmt: skip
        cell = (cells.get("district"), cells.get("commune"))
        if how == "exact" and told and self._says_itself(cell, whole_text):
            self.plain_places[cell] = replace(line, told=told, commune_text=whole_text)
        return line

    def _says_itself(self, cells: tuple[Any, Any], commune_text: str) -> bool:
        """Tell whether a line's own two cells name its district and commune, and nothing above it."""
        district, commune = (self.texts[cell] for cell in cells)
        return district not in _AS_ABOVE and commune == commune_text

    def _say_of_commune(self, r: int, c: int | None, text: str, found: Any) -> None:
        place = found.place
        if found.how == "misspelt":
            self.notes.problem("commune_misspelt", r, c, "commune", text, repair=place.name)
        elif found.how == "elsewhere":
            self.notes.problem(
                "commune_of_other_district", r, c, "commune", text,
                repair=place.district if place else None,
            )  # fmt: skip
        elif found.how == "ambiguous":
            self.notes.problem("commune_ambiguous", r, c, "commune", text)
        elif found.how == "unknown":
            self.notes.problem("commune_unknown", r, c, "commune", text)

    def _district(self, r: int, cells: Mapping[str, Any]) -> tuple[str, str] | None:
        if "district" not in self.column:
            return self.state.district
        text = self.texts[cells["district"]]
        if text in _AS_ABOVE:
            return self.state.district_column or self.state.district
        found = self.places.district(text)
        if found is None:
            self.notes.problem("district_unknown", r, self.column["district"], "district", text)
        self.state.district_column = found
        return found

    def _commune_text(self, cells: Mapping[str, Any]) -> str:
        text = self.texts[cells.get("commune")]
        if text and text in _AS_ABOVE:
            text = self.state.commune_text
        if not text and "commune" in self.column and self.blank_repeats["commune"]:
            text = self.state.commune_text
        self.state.commune_text = text or self.state.commune_text
        return text

    def _part_commune(
        self, text: str, district: tuple[str, str] | None
    ) -> tuple[str, tuple[str, str] | None]:
        """Part *xã Minh Hòa, huyện Châu Thành* into its commune and its district."""
        first, last = re.split(r",| - ", text, maxsplit=1)
        found = self.places.district(last.strip())
        return (first.strip(), district or found) if found else (text, district)

    def _count_blanks(self, code: str) -> bool:
        """Tell whether a column leaves its cell blank where it repeats the one above."""
        c = self.column[code]
        body = self.sheet.rows[self.heading.last + 1 :]
        name = self.column["name"]
        bodies = [row for row in body if name < len(row) and row[name]]
        filled = [row[c] for row in bodies if c < len(row) and row[c]]
        if not filled or len(filled) == len(bodies):
            return False
        twice = sum(a == b for a, b in pairwise(filled))
        return len(filled) < 0.7 * len(bodies) or twice < len(bodies) - len(filled)

    def _split_address(
        self, address: str, district: tuple[str, str] | None
    ) -> tuple[str, str, tuple[str, str] | None]:
        """Part a whole address into the hamlet, the commune and the district it names."""
        parts = [p.strip() for p in re.split(r"[,;]|\s-\s", address) if p.strip()]
        commune = ""
        while parts:
            last = fold(parts[-1])
            if re.match(r"^(?:tinh\b|t\.|kien giang|an giang|viet nam)", last):
                parts.pop()
                continue
            found = self.places.district(parts[-1])
            if (found and re.match(r"^(?:huyen|h\b|thanh pho|tp|thi xa|tx)", last)) or (
                found and len(parts) > 2
            ):
                district = found
                parts.pop()
                continue
            break
        for i in range(len(parts) - 1, -1, -1):
            if re.match(r"^(?:xa|x\b|phuong|p\b|thi tran|tt|dac khu)", fold(parts[i])):
                commune = parts.pop(i)
                break
        else:
            if len(parts) > 1:
                commune = parts.pop()
        return ", ".join(parts), commune, district

    def _established(self, r: int, value: Any) -> tuple[str | None, str | None]:
        """Return the day as ISO text, and how exactly it is said."""
        if value is None:
            return None, None
        c = self.column["established_on"]
        day = self.days[value]
        if day.impossible or day.unreadable:
            self.notes.problem("date_impossible", r, c, "established_on", value)
        elif day.on is not None and day.on > self.day:
            self.notes.problem("date_in_future", r, c, "established_on", value)
        elif day.on is not None:
            if not day.is_plain:
                self.notes.notice("date_as_text_or_number", r, c, "established_on")
            if day.precision != "day":
                self.notes.notice("date_imprecise", r, c, "established_on")
            return day.on.isoformat(), day.precision
        return None, None

    def _measure(self, r: int, value: Any, code: str) -> Any:
        """Return a figure in the register's unit: dong, hectares, persons."""
        if value is None:
            return None
        kind = value.__class__
        if kind is int and value >= 0:
            if code == "workers" or (code == "members" and value >= self.least):
                return value
            if code == "charter_capital" and value * self.unit[0] < _TOO_MUCH:
                return value * self.unit[0]
        is_hectares = code == "area" and self.area_factor == 1 and kind in {int, float}
        if is_hectares and value >= 0 and round(value, 2) == value:
            return plain(value)
        c, key = self.column[code], MEASURES[code]
        number = self.number(code, value)
        if number.unreadable:
            self.notes.problem("number_unreadable", r, c, key, value)
            return None
        if number.value is None:
            return None
        if code == "charter_capital":
            return self._capital(r, c, key, value, number)
        if number.is_text and not number.repaired:
            self.notes.notice("number_as_text", r, c, key)
        if code == "area":
            found = round(Decimal(number.value) * (number.unit or self.area_factor), 2)
            result: Any = plain(found)
        else:
            whole = Decimal(number.value)
            if whole != whole.to_integral_value():
                self.notes.problem("number_unreadable", r, c, key, value)
                return None
            result = int(whole)
        if number.repaired:
            self.notes.problem("number_repaired", r, c, key, value, repair=result)
        if result < 0:
            self.notes.problem("workers_negative", r, c, key, value)
            return None
        if code == "members" and result < self.least:
            self.notes.problem("members_below_minimum", r, c, key, plain(value))
        return result

    def number(self, code: str, value: Any) -> numbers.Number:
        """Return the figure in a cell of the column, as this office writes them."""
        if value.__class__ is str:
            if code in self.by_commas:
                value = value.replace(",", "").replace(".", ",")
            elif MEASURES[code] == code and _BY_COMMA.fullmatch(value.strip()):
                value = value.replace(",", "")  # heads have no thousandths
            elif code in self.by_points and re.fullmatch(r"\s*-?\d+\.\d+\s*", value):
                value = value.replace(".", ",")
        return numbers.read_number(value, _UNITS_OF.get(code), fold)

    def _writes_points(self, code: str) -> bool:
        """Tell whether a column of texts writes its decimals with a point, as programs export them."""
        c = self.column.get(code)
        if c is None:
            return False
        told = (row[c] for row in self.sheet.rows[self.heading.last + 1 :] if c < len(row))
        texts = [v for v in told if v is not None and any(map(str.isdigit, str(v)))]
        if any(type(v) is not str or "," in v for v in texts):
            return False
        decimals = sum(re.search(r"\.(?:\d{1,2}|\d{4,})$", v.strip()) is not None for v in texts)
        return decimals > 3 * sum(v.count(".") > 1 for v in texts)

    def _capital(self, r: int, c: int, key: str, value: Any, number: numbers.Number) -> int | None:
        factor = number.unit or self.unit[0]
        dong = Decimal(number.value or 0) * factor
        if number.is_text and not number.repaired:
            self.notes.notice("number_as_text", r, c, key)
        if number.unit is None and factor > 1 and dong >= _TOO_MUCH:
            dong = Decimal(number.value or 0)
            self.notes.problem("capital_unit_suspect", r, c, key, value, repair=int(dong))
        result = int(dong.to_integral_value())
        if number.repaired:
            self.notes.problem("number_repaired", r, c, key, value, repair=result)
        if result < 0:
            self.notes.problem("capital_negative", r, c, key, value)
            return None
        return result

    def _phone(self, r: int, value: Any) -> str | None:
        if value is None or value == "":
            return None
        c = self.column["phone"]
        phone = read_phone(value)
        for code, repair in phone.problems:
            self.notes.problem(code, r, c, "phone", value, repair=repair)
        if phone.punctuated:
            self.notes.notice("phone_punctuation", r, c, "phone")
        return phone.number


def _lower_first(address: str) -> str:
    """Return an address with its leading word as it stands inside a sentence (``ấp``, ``khu phố``)."""
    if _WORD_FOR_A_HAMLET.match(address):
        return address[0].lower() + address[1:]
    return address
