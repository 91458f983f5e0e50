"""Reading registers of members out of a workbook: one cooperative, a district, a province. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.foundation.tables import days, numbers, rows
from hoptac.foundation.tables.headings import Heading, money_unit, words
from hoptac.foundation.tables.reading import Mapped, SheetReader, tables_of
from hoptac.foundation.tables.result import ReadResult, Record, plain
from hoptac.foundation.transfers.cells import Sheet, Workbook
from hoptac.foundation.vietnamese import fold, tidy
from hoptac.governance.roster_checks import Body, Law, Row, check_body
from hoptac.governance.roster_fields import (
    FIELDS,
    NEEDED,
    gender_of,
    is_entity_name,
    is_without_capital,
    member_kind_of,
)
from hoptac.governance.rules import contribution_cap, least_age
from hoptac.registry.listed import KnownBodies, name_in, number_in, read_listed_number
from hoptac.registry.names import core_name
from hoptac.registry.telephones import read_phone

_MONEY = r"(\d[\d.,]*(?:\s*(?:ty|ti|trieu|tr|nghin|ngan))?(?:\s*(?:dong|vnd|d)\b)?)"
_CAPITAL = re.compile(r"(?:von dieu le|\bvdl\b)([^\d;]{0,40})" + _MONEY)
_MEMBERS = re.compile(
    r"(?:so|tong) (?:luong |ho )?(?:thanh vien|xa vien|tv)[^\d;]{0,25}(\d[\d.]*)"
    r"|(\d[\d.]*)\s*(?:thanh vien|xa vien|tv\b)"
    r"|(?<!\w)(?:thanh vien|xa vien|tv)(?: hien co)?\s*:\s*(\d[\d.]*)"
)
# A day says neither how many members there are nor how much they paid.
_ANY_DAY = re.compile(
    r"\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{4}|\d{1,2} thang \d{1,2} nam \d{4}|\bnam \d{4}"
)
_FOUNDED = re.compile(
    r"(?:thanh lap|dang ky lan dau|cap lan dau)[^\d;]{0,25}"
    r"(\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{4}|\d{1,2} thang \d{1,2} nam \d{4}|"
    r"\d{1,2}/\d{4}|\d{4})(?!\d)"
)
_SAME = {'"', "nt", "-nt-", "//", "''", "như trên"}
# Days of birth before 1945 as a spreadsheet numbers them: 1905 to 1944.
_BORN_FIRST, _BORN_LAST = 1827, 16437
_KINDS_OF_BODY = re.compile(
    r"^(?:[ivxlc\d]+[.)\s]+)*(?:hop tac xa|htx|quy tin dung|qtd|lien hiep|lhhtx)\b"
)


def read_members(
    workbook: Workbook,
    *,
    as_of: date | None = None,
    mapping: Mapped = None,
    register: ReadResult | Iterable[Mapping[str, Any]] | None = None,
) -> ReadResult:
    """Return every member of the workbook's rosters and everything that is wrong with them.

    What a roster does not say of its cooperative (founding, capital) is taken from ``register``, which
    is a list of cooperatives as it was read, or records of the same keys. ``cooperatives`` in the
    result's ``extra`` says what was learnt of each.
    """
    result = ReadResult("members", as_of)
    tables = tables_of(workbook, FIELDS, NEEDED, mapping, result)
    if result.as_of is None:
        result.as_of = _day_of(workbook, tables)
    day = result.as_of or date.today()  # noqa: DTZ011  (no roster tells of days to come)
    known = KnownBodies.of(register)
    bodies: dict[str, Body] = {}
    for sheet, heading in tables:
        reader = _RosterReader(sheet, heading, result, day, bodies)
        reader.read()
        if not reader.count:
            result.sheets_without_records.append(sheet.name)
    found = [b for b in bodies.values() if b.rows]
    for body in found:
        if known is not None:
            _complete(body, known)
        cap = contribution_cap(day, is_union=_is_union(body))
        check_body(body, Law(cap, least_age(day), least_age(day, is_associate=True)))
    result.problems.sort(key=lambda p: (p["sheet"], p["row"] or 0, p["column"] or ""))
    result.extra["checked_on"] = day.isoformat()
    result.extra["cooperatives"] = [b.as_json() for b in found]
    result.totals = {
        "cooperatives": len(found),
        "members": len(result.records),
        "contribution_vnd": sum(r["contribution_vnd"] or 0 for r in result.records),
        "land_ha": plain(
            sum((Decimal(str(r["land_ha"])) for r in result.records if r["land_ha"]), Decimal(0))
        ),
    }
    return result


def _is_union(body: Body) -> bool:
    return fold(body.name).startswith(("lien hiep", "lhhtx"))


def _complete(body: Body, known: KnownBodies) -> None:
    """Take from the register what the roster does not say of its cooperative."""
    one = known.by_number.get(body.number) or (known.named(body.name) if body.name else None)
    if one is None:
        return
    body.name = one.name or body.name
    if not body.number and one.number:
        body.number = one.number
        for row in body.rows:
            row.record["registration_number"] = one.number
    body.established_on = body.established_on or one.established_on
    body.capital = body.capital or one.charter_capital


def _day_of(workbook: Workbook, tables: Sequence[tuple[Sheet, Heading]]) -> date | None:
    """Return the day a roster speaks of: in its titles, or in the names of its sheets and its file."""
    loose: list[date] = []
    for sheet, heading in tables:
        for row in sheet.rows[: heading.first]:
            for _c, text in rows.texts_of(row):
                told = re.sub(
                    r"(?:thanh lap|lan dau|quyet dinh|nghi dinh|luat|so dang ky so|cap)[^;]*",
                    " ",
                    fold(text),
                )
                found, precision = days.day_in_text(told, fold)
                if found is not None and precision == "day":
                    return found
                if found is not None:
                    loose.append(found)
    if loose:
        return loose[0]
    for name in (*(s.name for s in workbook.sheets), workbook.filename):
        year = re.search(r"(?<!\d)(20\d\d)(?!\d)", name)
        if year:
            return date(int(year[1]), 12, 31)
    return None


@dataclass
class _Said:
    """What a title or group row says of a cooperative."""

    name: str = ""
    looseness: int = 9
    is_shouted: bool = True  # in capitals, which do not tell how the name is written
    number: str = ""
    capital: int | None = None
    is_bare: bool = False  # the capital without a unit
    members: int | None = None
    established_on: date | None = None
    sources: list[str] = field(default_factory=list)

    def learn(self, text: str) -> None:
        text = tidy(text)
        plain_text = fold(text)
        named = name_in(text)
        if named is not None and (named[1], text.isupper()) < (self.looseness, self.is_shouted):
            (self.name, self.looseness), self.is_shouted = named, text.isupper()
        self.number = self.number or number_in(text)
        undated = _ANY_DAY.sub(" ", plain_text)
        capital = _CAPITAL.search(undated)
        if capital is not None:
            amount = numbers.read_number(capital[2].rstrip(" .,"), numbers.MONEY_UNITS, fold)
            if amount.value is not None:
                above = money_unit(words(capital[1]))
                unit = amount.unit or (above[0] if above else 0)
                self.capital, self.is_bare = int(Decimal(amount.value) * (unit or 1)), not unit
        members = _MEMBERS.search(undated)
        if members is not None:
            self.members = int((members[1] or members[2] or members[3]).replace(".", ""))
        founded = _FOUNDED.search(plain_text)
        if founded is not None:
            self.established_on = days.read_day(founded[1], fold).on

    @property
    def says_something(self) -> bool:
        return bool(self.name or self.number)


class _RosterReader(SheetReader):
    """Reads one sheet's members."""

    def __init__(
        self,
        sheet: Sheet,
        heading: Heading,
        result: ReadResult,
        day: date,
        bodies: dict[str, Body],
    ) -> None:
        super().__init__(sheet, heading, result)
        if not {"male", "female"} <= self.column.keys():
            self.column.pop("male", None)  # *Năm* alone is a year
        self.day, self.bodies = day, bodies
        self.count = 0
        self.is_closed = False
        self.by_column = bool({"cooperative", "registration_number"} & self.column.keys())
        self.unit = self.unit_of("contribution_vnd") or self._guess_unit()
        land = self.heading.texts.get(self.column.get("land_ha", -1), "")
        self.land_factor = (
            Decimal("0.0001") if "m2" in land else Decimal("0.1") if "cong" in land else Decimal(1)
        )
        self.body: Body | None = None
        self.said_last: tuple[str, str] = ("", "")
        aside = {"number", "full_name", "note", "cooperative", "registration_number"}
        self.others = [c for k, c in self.column.items() if k not in aside]
        self.telling = [
            c for k, c in self.column.items()
            if k in {"birth_date", "gender", "male", "female", "id_number", "joined_on", "kind"}
        ]  # fmt: skip

    def _guess_unit(self) -> tuple[int, str]:
        values = self.figures("contribution_vnd") if "contribution_vnd" in self.column else []
        middle = values[len(values) // 2] if values else 10**6
        if middle >= 20_000:
            return 1, "đồng"
        return (10**3, "nghìn đồng") if middle >= 50 else (10**6, "triệu đồng")

    # --- The rows

    def read(self) -> None:
        heading = self.heading
        if not self.by_column:
            said = _Said()
            for row in self.sheet.rows[: heading.first]:
                for text in rows.sayings(row):
                    said.learn(text)
            if not said.name:
                said.learn(self.sheet.name)
            self.body = self._body(said)
        fills = self._fills() if self.by_column else {}
        first, last, name_c = None, heading.last, self.column["full_name"]
        for r in range(heading.last + 1, len(self.sheet.rows)):
            row = self.sheet.rows[r]
            name = row[name_c] if name_c < len(row) else None
            kind = self._kind_of(row, name)
            if kind == "data":
                self._record(r, row, fills)
                first, last = (r if first is None else first), r
            elif kind == "group":
                self.note_row("group_rows", r)
            elif kind != "blank":
                self.note_row(kind, r)
        self.describe(first, last, {"contribution_vnd": self.unit[1], "land_ha": "ha"})

    def _kind_of(self, row: Sequence[Any], name: Any) -> str:
        filled = 0
        for c in self.others:
            if c < len(row) and row[c] is not None and row[c] != "":
                filled += 1
        if filled and self.is_number_row(row):
            return "number_rows"
        tells = any(c < len(row) and row[c] not in (None, "") for c in self.telling)
        if filled < 3 and self.count and self.cell(row, "number") is None:
            if isinstance(name, str) and rows.is_closing(name):
                self.is_closed = True  # who signed stands below, in whatever columns
            if self.is_closed:
                return "blank"
        if isinstance(name, str) and name.strip():
            if filled >= 2 and tells and words(name) not in self.heading_words:
                return "data"
            if self.is_heading_again(row):
                return "header_rows_again"
            folded = words(name)
            if not tells and (rows.is_total_label(folded) or rows.is_closing(name)):
                return "total_rows" if filled else self._label(row)
            if not tells and (filled < 2 or _KINDS_OF_BODY.match(fold(name))):
                numbered = re.fullmatch(r"\d+\.?", self.text(self.cell(row, "number")))
                if not (filled and numbered) or _KINDS_OF_BODY.match(fold(name)):
                    return self._label(row)
            return "data" if filled else self._label(row)
        if rows.is_blank(row):
            return "blank"
        if self.is_heading_again(row):
            return "header_rows_again"
        if tells and filled >= 3:
            return "data"  # a member whose name is missing
        return self._label(row)

    def _label(self, row: Sequence[Any]) -> str:
        """Take a group row's cooperative; tell sums and notes from it."""
        texts = rows.texts_of(row)
        whole = "; ".join(t for _c, t in texts)
        said = _Said()
        if not self.by_column:
            for text in rows.sayings(row):
                said.learn(text)
        names_one = said.says_something and (said.looseness == 0 or bool(said.number))
        if not names_one and self.body is not None and not self.body.rows and not self.by_column:
            self._tell(self.body, said)  # more of the cooperative named above: *Tổng số TV: 16*
            return "blank"
        if texts and (rows.is_total_label(words(texts[0][1])) or not whole):
            return "total_rows"
        if not names_one or not texts or rows.is_closing(texts[0][1]):
            return "blank"
        self.body = self._body(said)
        return "group"

    def _fills(self) -> dict[tuple[int, int], Any]:
        """Return the value of each cell that a downward merge of the cooperative's columns covers."""
        wanted = {self.column.get("cooperative"), self.column.get("registration_number")}
        fills: dict[tuple[int, int], Any] = {}
        for r1, c1, r2, c2 in self.sheet.merged:
            if r1 > self.heading.last and r2 > r1 and c1 == c2 and c1 in wanted:
                row = self.sheet.rows[r1]
                for r in range(r1 + 1, r2 + 1):
                    fills[r, c1] = row[c1] if c1 < len(row) else None
        return fills

    # --- Whose member it is

    def _body(self, said: _Said) -> Body:
        key = said.number or core_name(said.name) or f"sheet {self.sheet.name}"
        body = self.bodies.get(key)
        if body is None:
            body = self.bodies[key] = Body(said.number, said.name, self.notes)
        self._tell(body, said)
        return body

    def _tell(self, body: Body, said: _Said) -> None:
        """Lay down what a title or group row says of a cooperative; what was said first stands."""
        if said.is_bare and said.capital is not None and said.capital < 10**6:
            said.capital, said.is_bare = said.capital * self.unit[0], False  # as the column counts
        body.capital = body.capital or said.capital
        body.stated_capital = body.stated_capital or said.capital
        body.stated_members = body.stated_members or said.members
        body.established_on = body.established_on or said.established_on

    def _body_of(self, r: int, row: Sequence[Any], fills: Mapping[tuple[int, int], Any]) -> Body:
        if not self.by_column and self.body is not None:
            return self.body
        name, number = self.cell(row, "cooperative"), self.cell(row, "registration_number")
        if fills:
            name = name or fills.get((r, self.column.get("cooperative", -1)))
            number = number or fills.get((r, self.column.get("registration_number", -1)))
        if isinstance(name, str) and name.strip() in _SAME:
            name = None
        if isinstance(number, str) and number.strip() in _SAME:
            number = None
        if name is None and number is None and self.body is not None:
            return self.body
        if self.body is not None and self.said_last == (name, number):
            return self.body
        self.said_last = (name, number)
        title = self.text(name)
        digits = ""
        if number is not None:
            told, code, repair = self.cached("listed", number, read_listed_number)
            digits = told or ""
            body = self.bodies.get(digits)
            if code and (body is None or not body.rows):
                self.notes.problem(
                    code, r, self.column["registration_number"], "registration_number", number, repair=repair
                )  # fmt: skip
        said = _Said(title, 0, number=digits)
        if not digits and title:
            same = [b for b in self.bodies.values() if core_name(b.name) == core_name(title)]
            if len(same) == 1:
                said.number = same[0].number
        self.body = self._body(said)
        return self.body

    # --- One member

    def _record(self, r: int, row: Sequence[Any], fills: Mapping[tuple[int, int], Any]) -> None:
        body = self._body_of(r, row, fills)
        cell = self.cell
        record: Record = {
            "sheet": self.sheet.name,
            "row": r + 1,
            "registration_number": body.number or None,
            "full_name": self.text(cell(row, "full_name")) or None,
        }
        if record["full_name"] is None:
            self.notes.problem("name_missing", r, self.column["full_name"], "full_name", None)
        kind = cell(row, "kind")
        record["kind"] = self.cached("kind", kind, _member_kind) if kind is not None else None
        if record["kind"] is None and record["full_name"] and is_entity_name(record["full_name"]):
            record["kind"] = "entity"
        entity = record["kind"] == "entity"
        birth_column = self._gender(r, row, record, entity=entity)
        born = self._birth(r, row, record, birth_column)
        record["id_number"] = self._identity(r, row, entity=entity)
        record["contribution_vnd"], unread = self._contribution(r, cell(row, "contribution_vnd"))
        joined = self._joined(r, cell(row, "joined_on"))
        record["joined_on"] = joined.isoformat() if joined else None
        record["land_ha"] = self._land(r, cell(row, "land_ha"))
        record["phone"] = self._phone(r, cell(row, "phone"))
        record["address"] = self.text(cell(row, "address")) or None
        share = cell(row, "share")
        free = kind is not None and self.cached(
            "free", kind, lambda v: is_without_capital(words(v))
        )
        body.rows.append(
            Row(r, record, self.notes, self.column, born, birth_column, joined, unread,
                share if isinstance(share, (int, float)) else None, free)
        )  # fmt: skip
        self.check_formulas(r, row)
        self.result.records.append(record)
        self.count += 1

    def _gender(self, r: int, row: Sequence[Any], record: Record, *, entity: bool) -> int | None:
        """Read the gender; return the column in which the birth stands."""
        column = self.column.get("birth_date")
        gender = None
        c = self.column.get("gender")
        for code in ("male", "female"):
            if code in self.column and self.cell(row, code) is not None:
                gender = code
                column = column if column is not None else self.column[code]
        if gender is None and c is not None:
            value = self.cell(row, "gender")
            if value is not None:
                gender = self.cached("gender", value, lambda v: gender_of(words(v)))
        if gender is None and not entity:
            where = c if c is not None else self.column.get("male")
            if where is not None:
                self.notes.problem("gender_missing", r, where, "gender", self.cell(row, "gender"))
        record["gender"] = gender
        return column

    def _birth(self, r: int, row: Sequence[Any], record: Record, c: int | None) -> days.Day:
        value = row[c] if c is not None and c < len(row) else None
        day: days.Day = (
            self.cached("birth", value, self._birth_day) if value is not None else days.EMPTY
        )
        record["birth_date"] = record["birth_precision"] = None
        if day.impossible or day.unreadable:
            self.notes.problem("birth_date_impossible", r, c, "birth_date", value)
            return days.EMPTY
        if day.on is not None:
            record["birth_date"], record["birth_precision"] = day.on.isoformat(), day.precision
            if day.precision != "day":
                self.notes.notice("date_imprecise", r, c, "birth_date")
        return day

    def _birth_day(self, value: Any) -> days.Day:
        """Return a day of birth; one in the future is impossible, a year of two digits lies in the past."""
        if isinstance(value, str) and fold(value).strip() in {"nam", "nu", "x"}:
            return days.EMPTY
        serial = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
        if (
            serial is not None
            and _BORN_FIRST <= serial <= _BORN_LAST
            and not 1900 <= serial <= 2100
        ):
            serial_day = date.fromordinal(date(1899, 12, 30).toordinal() + int(serial))
            return days.Day(serial_day)
        day = days.read_day(value, fold, epoch_1904=self.sheet.epoch_1904)
        if day.on is None:
            return day
        if day.on > self.day:
            if isinstance(value, str) and re.search(r"[/.\- ]\d\d\s*$", value):
                return days.Day(day.on.replace(year=day.on.year - 100), day.precision)
            return days.Day(None, impossible=True)
        if day.on.year < 1900:
            return days.Day(None, impossible=True)
        return day

    def _identity(self, r: int, row: Sequence[Any], *, entity: bool) -> str | None:
        c = self.column.get("id_number")
        if c is None:
            return None
        value = self.cell(row, "id_number")
        text = self.text(value)
        digits = re.sub(r"[\s.\-']", "", text)
        if not digits or fold(digits) in {"x", "khong", "khongco", "chuaco", "mat"}:
            if not entity:
                self.notes.problem("identity_missing", r, c, "id_number", None)
            return None
        if digits.isdigit():
            if len(digits) in {9, 12}:
                return digits
            if entity and len(digits) in {10, 13}:
                return digits
            if len(digits) in {8, 11}:
                repair = "0" + digits
                self.notes.problem("identity_lost_zero", r, c, "id_number", value, repair=repair)
                return repair
        self.notes.problem("identity_format", r, c, "id_number", value)
        return None

    def _contribution(self, r: int, value: Any) -> tuple[int | None, bool]:
        """Return the amount in dong, and whether there was something that could not be read."""
        if value is None:
            return None, False
        c, key = self.column["contribution_vnd"], "contribution_vnd"
        if type(value) is int and value >= 0:
            return value * self.unit[0], False
        number = numbers.read_number(value, numbers.MONEY_UNITS, fold)
        if number.unreadable or (number.value is not None and number.value < 0):
            self.notes.problem("contribution_unreadable", r, c, key, value)
            return None, True
        if number.value is None:
            return None, False
        amount = int((Decimal(number.value) * (number.unit or self.unit[0])).to_integral_value())
        if number.repaired:
            self.notes.problem("number_repaired", r, c, key, value, repair=amount)
        elif number.is_text:
            self.notes.notice("number_as_text", r, c, key)
        return amount, False

    def _joined(self, r: int, value: Any) -> date | None:
        if value is None:
            return None
        c = self.column["joined_on"]
        day: days.Day = self.cached(
            "joined", value, lambda v: days.read_day(v, fold, epoch_1904=self.sheet.epoch_1904)
        )
        if day.impossible or day.unreadable:
            self.notes.problem("date_impossible", r, c, "joined_on", value)
            return None
        if day.on is not None and day.on > self.day:
            self.notes.problem("date_in_future", r, c, "joined_on", value)
            return None
        if day.on is not None and not day.is_plain:
            self.notes.notice("date_as_text_or_number", r, c, "joined_on")
        return day.on

    def _land(self, r: int, value: Any) -> Any:
        if value is None:
            return None
        c = self.column["land_ha"]
        number = numbers.read_number(value, numbers.AREA_UNITS, fold)
        if number.unreadable or (number.value is not None and number.value < 0):
            self.notes.problem("number_unreadable", r, c, "land_ha", value)
            return None
        if number.value is None:
            return None
        area = plain(round(Decimal(number.value) * (number.unit or self.land_factor), 4))
        if number.repaired:
            self.notes.problem("number_repaired", r, c, "land_ha", value, repair=area)
        elif number.is_text:
            self.notes.notice("number_as_text", r, c, "land_ha")
        return area

    def _phone(self, r: int, value: Any) -> str | None:
        if value is None:
            return None
        c = self.column["phone"]
        phone = self.cached("phone", value, read_phone)
        for code, repair in phone.problems:
            self.notes.problem(code, r, c, "phone", value, repair=repair)
        if phone.punctuated:
            self.notes.notice("phone_punctuation", r, c, "phone")
        return phone.number


def _member_kind(value: Any) -> str | None:
    return member_kind_of(words(value))
