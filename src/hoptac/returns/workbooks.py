"""Reading yearly returns of cooperatives out of a workbook: tables of a year or more, or forms. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.foundation.tables import numbers, rows
from hoptac.foundation.tables.headings import Heading, assign, column_letter, words
from hoptac.foundation.tables.reading import Mapped, SheetReader, tables_of
from hoptac.foundation.tables.result import ReadResult, Record
from hoptac.foundation.transfers.cells import Sheet, Workbook
from hoptac.foundation.vietnamese import fold, tidy
from hoptac.registry.listed import Known, KnownBodies, read_listed_number
from hoptac.returns.forms import Form, TurnedFindings, forms_of
from hoptac.returns.return_checks import Line, check_lines
from hoptac.returns.return_fields import COUNTS, FIELDS, MONEY, NEEDED, key_of

Records = Iterable[Mapping[str, Any]]
Register = ReadResult | Records | Callable[[int], Records | None] | None
_DISTRICT = re.compile(
    r"^(?:thành phố|thị xã|huyện|quận|t\.?\s?p\.?|t\.?\s?x\.?|h\.|h(?=\s)|q\.)[\s.:]*(?=\S)",
    re.IGNORECASE,
)
_PLANNED = re.compile(r"ke hoach|\bkh\b|\buoc\b|du kien|phan dau|muc tieu|xep loai|so voi|31 12")
_NOTHING = {"", "-", "–", "khong", "khong co", "x", "ko", "...", "…", "0"}


def read_returns(
    workbook: Workbook,
    *,
    as_of: date | None = None,
    mapping: Mapped = None,
    register: Register = None,
) -> ReadResult:
    """Return every cooperative's return of every year of the workbook, and all that is wrong.

    ``register`` says which cooperatives existed: a list as it was read, records of the same keys (both
    as of the last year's end), or a function that gives the records of a year's end. The result's
    ``extra`` has ``expected_returns`` by year and ``missing_returns``.
    """
    result = ReadResult("returns", as_of)
    tables = tables_of(workbook, FIELDS, NEEDED, mapping, result)
    readers = [
        _ReturnReader(s, part, result, year or _year_of(s, h, workbook, as_of))
        for s, h in tables
        for year, part in _years_beside(h)
    ]
    readers += _form_readers(workbook, result, as_of)
    for reader in readers:
        reader.read()
        if not reader.lines:
            result.sheets_without_records.append(reader.sheet.name)
    lines = [x for reader in readers for x in reader.lines]
    years = list(dict.fromkeys(x.record["year"] for x in lines))
    if result.as_of is None and any(years):
        result.as_of = date(max(y for y in years if y), 12, 31)
    existing, compared = _registers(register, years, result.as_of)
    for year, known in existing.items():
        if known is not None and not _speaks_of(known, lines, year):
            existing[year] = compared[year] = None
    for line in lines:
        _name_by_register(line, existing.get(line.record["year"]))
    told = _take_records(lines)
    check_lines(told, compared)
    result.records = [x.record for x in told]
    _check_missing(lines, years, existing, result)
    result.problems.sort(key=lambda p: (p["sheet"], p["row"] or 0, p["column"] or ""))
    result.totals = {str(y): _sums([r for r in result.records if r["year"] == y]) for y in years}
    return result


def _form_readers(
    workbook: Workbook, result: ReadResult, as_of: date | None
) -> list[_ReturnReader]:
    """Return a reader for each form on the sheets that hold no table."""
    readers: list[_ReturnReader] = []
    for sheet in workbook.sheets:
        if sheet.name not in result.sheets_without_records or not sheet.rows:
            continue
        nothing = Heading(min(30, len(sheet.rows)), 0, {}, {})
        found = list(forms_of(sheet, _year_of(sheet, nothing, workbook, as_of)))
        if found:
            result.sheets_without_records.remove(sheet.name)
            readers += [_FormReader(one, result) for one in found]
    return readers


def _years_beside(heading: Heading) -> list[tuple[int | None, Heading]]:
    """Return a heading for each year whose figures stand beside another's; the heading itself for one year.

    Columns without a year (who it is) belong to every year, other figures without one to the last.
    """
    year_at: dict[int, int] = {}
    for c, text in heading.texts.items():
        found = re.findall(r"(?<!\d)(20\d\d|199\d)(?!\d)", text)
        if len(set(found)) == 1 and not _PLANNED.search(text):
            year_at[c] = int(found[0])
    parts: list[tuple[int | None, Heading]] = []
    figures = {*COUNTS, *MONEY}
    common = {c: k for k, c in heading.columns.items() if c not in year_at}
    for year in sorted(set(year_at.values())):
        texts = {c: heading.texts[c] for c, y in year_at.items() if y == year}
        own = assign(FIELDS, {c: _leaf_without_year(t) for c, t in texts.items()})
        columns = {code: c for code, (c, _score) in own.items() if code in figures}
        if columns:
            texts |= {c: heading.texts[c] for c in common}
            shared = {k: c for c, k in common.items() if k not in columns and k not in figures}
            parts.append((year, replace(heading, columns=shared | columns, texts=texts)))
    if len(parts) < 2:
        return [(None, heading)]
    last = parts[-1][1].columns
    last |= {k: c for c, k in common.items() if k in figures and k not in last}
    return parts


def _leaf_without_year(text: str) -> list[str]:
    parts = [re.sub(r"\b(?:nam )?(?:20\d\d|199\d)\b", " ", t) for t in text.split(" | ")]
    return [" ".join(p.split()) for p in parts if p.strip()]


def _registers(
    register: Register, years: Sequence[int], as_of: date | None
) -> tuple[dict[int, KnownBodies | None], dict[int, KnownBodies | None]]:
    """Return the register by year: to tell who existed, and to compare figures of the same day."""
    if callable(register):
        by_year = {y: KnownBodies.of(register(y)) for y in years}
        return by_year, by_year
    known = KnownBodies.of(register)
    day = register.as_of if isinstance(register, ReadResult) else None
    last = (day or as_of or date.min).year
    return dict.fromkeys(years, known), {y: known for y in years if y == last}


def _speaks_of(register: KnownBodies, lines: Sequence[Line], year: int | None) -> bool:
    """Tell whether the file is of this register: it knows most of the year's lines.

    Lines of another province, or of nobody known, would make the whole register seem to be missing.
    """
    of_year = [x.record for x in lines if x.record["year"] == year]
    known = sum(
        r["registration_number"] in register.by_number
        or (not r["registration_number"] and register.named(r["name"] or "") is not None)
        for r in of_year
    )
    return known * 2 >= len(of_year)


def _year_of(sheet: Sheet, heading: Heading, workbook: Workbook, as_of: date | None) -> int | None:
    """Return the year that a sheet is of: by its name, its titles, its file's name, or as told."""
    named = re.search(r"(?<!\d)(20\d\d|199\d)(?!\d)", sheet.name)
    if named:
        return int(named[1])
    told: list[int] = []
    for row in sheet.rows[: heading.first]:
        for _c, text in rows.texts_of(row):
            folded = fold(text)
            found = re.search(r"\bnam(?: bao cao| tai chinh)?\s*:?\s*(20\d\d|199\d)(?!\d)", folded)
            if found and not re.search(r"ngay .*thang|nghi dinh|thong tu|luat", folded):
                return int(found[1])
            told += [int(y) for y in re.findall(r"(?<!\d)(20\d\d|199\d)(?!\d)", folded)]
    in_file = re.search(r"(?<!\d)(20\d\d|199\d)(?!\d)", workbook.filename)
    if told or in_file or as_of:
        return max(told) if told else int(in_file[1]) if in_file else as_of.year if as_of else None
    return None


def _name_by_register(line: Line, register: KnownBodies | None) -> None:
    """Give a line without a number the number that the register knows by its name."""
    record = line.record
    if register is None or record["registration_number"] or not record["name"]:
        return
    known = register.named(record["name"], record["district"] or "")
    if known is not None and known.number:
        record["registration_number"] = known.number
        for p in reversed(line.notes.result.problems):
            if (
                p["sheet"] == line.sheet
                and p["row"] == line.record["row"]
                and p["code"].startswith("registration_")
            ):
                p.setdefault("repair", known.number)  # fmt: skip
                break


def _take_records(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that are records: with figures, and a cooperative's first of its year."""
    first: dict[tuple[str, int | None], Line] = {}
    told = []
    for line in lines:
        if not line.has_figures:
            continue
        earlier = first.setdefault((line.key, line.record["year"]), line) if line.key else line
        if earlier is line:
            told.append(line)
            continue
        by_number = line.record["registration_number"] and "registration_number" in line.column
        field = "registration_number" if by_number else "name"
        related = {"related_rows": [earlier.record["row"]]}
        if earlier.sheet != line.sheet:
            related["related_sheet"] = earlier.sheet  # type: ignore[assignment]
        line.problem("return_duplicate", field, **related)
    return told


def _check_missing(
    lines: Sequence[Line],
    years: Sequence[int],
    existing: Mapping[int, KnownBodies | None],
    result: ReadResult,
) -> None:
    """Note who sent no figures: a line without any, or no line though the register knows it."""
    missing: list[Record] = []
    expected: dict[str, int] = {}
    names = {x.key: x.record["name"] for x in lines if x.record["name"]}
    for year in years:
        of_year = [x for x in lines if x.record["year"] == year]
        sent = {x.key for x in of_year if x.has_figures}
        empty = {x.key: x for x in of_year if not x.has_figures and x.key not in sent}
        known = existing.get(year)
        due = [
            k for k in (known.all if known else ())
            if k.established_on is None or k.established_on.year <= year
        ]  # fmt: skip
        here = {k.number for k in due if k.number in sent or k.number in empty}
        if len(here) * 2 < len(due):  # the file of one district or one office, not of the register
            full = _districts_told(due, here)
            due = [k for k in due if k.number in here or fold(k.district) in full]
        for one in due:
            if one.number in empty:
                missing.append(_missing(empty.pop(one.number), year))
            elif one.number and one.number not in sent:
                missing.append(
                    {
                        "registration_number": one.number,
                        "name": names.get(one.number, one.name),
                        "year": year,
                        "how": "no row",
                    }
                )
        missing += [
            _missing(x, year) for k, x in empty.items() if not _is_younger(k, year, existing)
        ]
        expected[str(year)] = len(due)
        if not known:
            gaps = _between(lines, year)
            missing += [_told(x) | {"year": year, "how": "no row"} for x in gaps]
            expected[str(year)] = len({x.key for x in of_year}) + len(gaps)
    sheet_of = {x.record["year"]: x.sheet for x in reversed(lines)}
    for item in missing:
        place = item.get("sheet") or sheet_of.get(item["year"], str(item["year"]))
        result.problems.append(
            {
                "code": "return_missing", "severity": "error", "sheet": place, "row": item.get("row"),
                "column": None, "cell": None, "field": None, "value": item["name"],
                "registration_number": item["registration_number"], "year": item["year"],
            }
        )  # fmt: skip
    result.extra.update(expected_returns=expected, missing_returns=missing)


def _is_younger(key: str, year: int | None, existing: Mapping[int, KnownBodies | None]) -> bool:
    """Tell whether a cooperative was founded after a year for which it has an empty line."""
    for register in existing.values():
        one = register.by_number.get(key) if register is not None else None
        if one is not None and one.established_on is not None and year is not None:
            return one.established_on.year > year
    return False


def _districts_told(due: Sequence[Known], here: Set[str]) -> set[str]:
    """Return the districts of most of whose cooperatives the file speaks."""
    whole = Counter(fold(k.district) for k in due)
    told = Counter(fold(k.district) for k in due if k.number in here)
    return {d for d, count in whole.items() if d and told[d] * 2 > count}


def _told(line: Line) -> Record:
    return {k: line.record[k] for k in ("registration_number", "name")}


def _missing(line: Line, year: int) -> Record:
    how = "row without figures"
    return _told(line) | {"year": year, "how": how, "sheet": line.sheet, "row": line.record["row"]}


def _between(lines: Sequence[Line], year: int | None) -> list[Line]:
    """Return whom the file has before and after a year but not in it: they existed in it."""
    if year is None:
        return []
    told = [x for x in lines if x.key and x.record["year"] is not None]
    before = {x.key for x in told if x.record["year"] < year}
    there = {x.key for x in told if x.record["year"] == year}
    later = {x.key: x for x in told if x.record["year"] > year}
    return [x for key, x in later.items() if key in before and key not in there]


def _sums(records: Sequence[Record]) -> Record:
    keys = [key_of(c) for c in (*COUNTS, *MONEY) if c != "income_per_worker"]
    return {"returns": len(records), **{k: sum(r[k] or 0 for r in records) for k in keys}}


class _ReturnReader(SheetReader):
    """Reads one sheet's returns."""

    def __init__(
        self, sheet: Sheet, heading: Heading, result: ReadResult, year: int | None
    ) -> None:
        super().__init__(sheet, heading, result)
        self.year = year
        self.lines: list[Line] = []
        self.figures_at = [c for k, c in self.column.items() if k in COUNTS or k in MONEY]
        self.money = [code for code in MONEY if code in self.column]
        self.counts = [code for code in COUNTS if code in self.column]
        named = {code: self.unit_of(code) for code in self.money}
        guessed = self._guess_unit()
        self.unit_names = {code: (found or guessed)[1] for code, found in named.items()}
        self.units = {code: (found or guessed)[0] for code, found in named.items()}
        income = self.heading.texts.get(self.column.get("income_per_worker", -1), "")
        if re.search(r"\bthang\b", income) and "nam" not in income.split():
            self.units["income_per_worker"] *= 12
        self.district = ""
        self.is_closed = False
        self.fills = {
            (r, c1): sheet.rows[r1][c1]
            for r1, c1, r2, c2 in sheet.merged
            if r1 > heading.last and c1 == c2 == self.column.get("district")
            for r in range(r1 + 1, r2 + 1)
        }

    def _guess_unit(self) -> tuple[int, str]:
        """Guess the unit from charter capital or revenue, where nothing names it."""
        for code in ("charter_capital", "assets", "revenue"):
            values = self.figures(code) if code in self.column else []
            if values:
                middle = values[len(values) // 2]
                if middle >= 10**7:
                    return 1, "đồng"
                return (10**3, "nghìn đồng") if middle >= 20_000 else (10**6, "triệu đồng")
        return 10**6, "triệu đồng"

    # --- The rows

    def read(self) -> None:
        first, last = None, self.heading.last
        for r in range(self.heading.last + 1, len(self.sheet.rows)):
            row = self.sheet.rows[r]
            kind = self._kind_of(row)
            if kind == "data":
                self._line(r, row)
                first, last = (r if first is None else first), r
            elif kind:
                self.note_row(kind, r)
        names = {
            k: n + ("/năm" if k == "income_per_worker" else "") for k, n in self.unit_names.items()
        }
        self.describe(first, last, names, year=self.year)

    def _kind_of(self, row: Sequence[Any]) -> str:
        if rows.is_blank(row):
            return ""
        filled = sum(c < len(row) and row[c] is not None and row[c] != "" for c in self.figures_at)
        if self.is_number_row(row):
            return "number_rows"
        if self.is_heading_again(row):
            return "repeated_header_rows"
        number, name = self.cell(row, "registration_number"), self.cell(row, "name")
        counted = re.fullmatch(r"\d+\.?", self.text(self.cell(row, "number"))) is not None
        texts = rows.texts_of(row)
        label = texts[0][1] if texts else ""
        if number is None and not counted:
            if self.is_closed:
                return ""
            self.is_closed = bool(self.lines) and rows.is_closing(label)
            if isinstance(name, str) and _DISTRICT.match(tidy(name)):
                return self._group(name)  # with the sums of its district beside it
            if rows.is_total_label(words(label)):
                return "total_rows" if rows.is_grand_label(words(label)) else "subtotal_rows"
            if rows.is_closing(label) or (not filled and not self._is_body(name)):
                return self._group(label) if not filled and len(texts) == 1 else ""
        if number is not None and words(number) in self.heading_words:
            return "repeated_header_rows"
        if name is None and (number is None or not re.search(r"\d{8}", self.text(number))):
            return ""
        if isinstance(name, str) or number is not None:
            return "data" if filled or number is not None or counted or self._is_body(name) else ""
        return ""

    def _is_body(self, name: Any) -> bool:
        return isinstance(name, str) and re.match(
            r"(?:hop tac xa|htx|quy tin dung|qtd|lien hiep|lhhtx)\b", fold(name).strip()
        ) is not None  # fmt: skip

    def _group(self, label: str) -> str:
        text = re.sub(r"^\s*(?:[IVXLC]+|\d+|[A-Z])\s*[.)\-:]\s*", "", tidy(label))
        found = _DISTRICT.match(text)
        if found is None:
            return ""
        self.district = _in_small(re.split(r"\s*[:(;]|\s[-–]\s", text[found.end() :])[0].strip())
        return "group_rows"

    # --- One line

    def _who(self, r: int, row: Sequence[Any]) -> Record:
        """Return where a line stands, whose it is and of which year."""
        number, value = None, self.cell(row, "registration_number")
        if "registration_number" in self.column:
            number, code, repair = self.cached("listed", value, read_listed_number)
            if code:
                c = self.column["registration_number"]
                self.notes.problem(code, r, c, "registration_number", value, repair=repair)
        return {
            "row": r + 1,
            "registration_number": number,
            "name": self.text(self.cell(row, "name")) or None,
            "year": self._year(self.cell(row, "year")),
            "district": self._district(r, row),
        }

    def _line(self, r: int, row: Sequence[Any]) -> None:
        cell = self.cell
        record: Record = {"sheet": self.sheet.name, **self._who(r, row)}
        self.text_cells = 0
        for code in COUNTS:
            record[code] = self._count(r, code, cell(row, code)) if code in self.column else None
        for code in MONEY:
            key = key_of(code)
            record[key] = self._amount(r, code, cell(row, code)) if code in self.column else None
        record["services"] = self._services(cell(row, "services"))
        if self.text_cells:
            self.notes.notice("numbers_as_text", r, None, None)
        self.check_formulas(r, row)
        cells = {k: row[c] if c < len(row) else None for k, c in self.column.items()}
        for code in (*self.counts, *self.money):  # what is wrong with a figure names the figure
            amount = record[key_of(code)]
            if isinstance(cells[code], str) and amount is not None:
                cells[code] = Decimal(amount) / self.units.get(code, 1)
        told = any(c < len(row) and self._tells(row[c]) for c in self.figures_at)
        self.lines.append(
            Line(r, self.sheet.name, record, cells, self.column, self.units, self.notes, told)
        )

    def _tells(self, value: Any) -> bool:
        return value is not None and not (
            isinstance(value, str) and fold(value).strip() in _NOTHING - {"0"}
        )

    def _year(self, value: Any) -> int | None:
        found = re.search(r"(20\d\d|199\d)", self.text(value)) if value is not None else None
        return int(found[1]) if found else self.year

    def _district(self, r: int, row: Sequence[Any]) -> str | None:
        value = self.cell(row, "district") or self.fills.get((r, self.column.get("district", -1)))
        text = self.text(value)
        if text in {'"', "nt", "//", "''"}:
            text = self.district
        if text:
            self.district = _in_small(_DISTRICT.sub("", text).strip(" .") or text)
        return self.district or None

    def _number(
        self, r: int, code: str, value: Any, units: dict[str, Any] | None
    ) -> numbers.Number:
        if isinstance(value, str):
            loss = re.fullmatch(r"\(\s*([\d.,\s]+)\)", value.strip()) or re.fullmatch(
                r"(?:lỗ|âm)\s*:?\s*([\d.,]+.*)", value.strip(), re.IGNORECASE
            )
            value = f"-{loss[1]}" if loss and units else value
        number = numbers.read_number(value, units, fold)
        if number.unreadable:
            self.notes.problem("number_unreadable", r, self.column[code], code, value)
        elif number.is_text and number.value is not None and not number.repaired:
            self.text_cells += 1
        return number

    def _count(self, r: int, code: str, value: Any) -> int | None:
        if value is None or (type(value) is int and value >= 0):
            return value
        number = self._number(r, code, value, None)
        if number.value is None:
            return None
        whole = Decimal(number.value)
        if whole != whole.to_integral_value():
            self.notes.problem("number_unreadable", r, self.column[code], code, value)
            return None
        if number.repaired:
            self.notes.problem(
                "number_repaired", r, self.column[code], code, value, repair=int(whole)
            )
        if whole < 0:
            self.notes.problem("workers_negative", r, self.column[code], code, value)
            return None
        return int(whole)

    def _amount(self, r: int, code: str, value: Any) -> int | None:
        if value is None:
            return None
        number = self._number(r, code, value, numbers.MONEY_UNITS)
        if number.value is None:
            return None
        dong = Decimal(number.value) * (number.unit or self.units[code])
        if number.repaired:
            self.notes.problem(
                "number_repaired", r, self.column[code], code, value, repair=Decimal(number.value)
            )
        if dong < 0 and code == "charter_capital":
            self.notes.problem("capital_negative", r, self.column[code], code, value)
            return None
        return int(dong.to_integral_value())

    def _services(self, value: Any) -> list[str]:
        text = self.text(value)
        if fold(text) in _NOTHING:
            return []
        parts = re.split(r"[;\n|]", str(value)) if re.search(r"[;\n|]", str(value)) else [text]
        if len(parts) == 1 and not text.startswith("="):
            parts = text.split(",")
        return [
            t for p in parts if (t := tidy(p).strip(" .-+•") if not p.startswith("=") else tidy(p))
        ]


def _in_small(name: str) -> str:
    return name.title() if name.isupper() and len(name) > 1 else name


class _FormReader(_ReturnReader):
    """Reads one cooperative's form; each of its years is a line."""

    def __init__(self, form: Form, result: ReadResult) -> None:
        turned, heading = form.turned()
        super().__init__(turned, heading, result, None)
        self.form = form
        self.notes = TurnedFindings(result, form.sheet.name)

    def read(self) -> None:
        form = self.form
        who = form.who
        if who.number is not None:
            who.number, code, repair = read_listed_number(who.number)
            if code:
                r, c = who.at or (0, 0)
                self.notes.problem(code, c, r, "registration_number", who.number, repair=repair)
        for c in form.years:
            self._line(c, self.sheet.rows[c])
        self.result.layouts.append(
            {
                "sheet": form.sheet.name,
                "header_rows": [form.heading + 1],
                "first_row": min(form.rows.values()) + 1,
                "last_row": max(form.rows.values()) + 1,
                "columns": {str(y): column_letter(c) for c, y in form.years.items()},
                "rows": {code: r + 1 for code, r in form.rows.items()},
                "units": {k: n for k, n in self.unit_names.items() if k in form.rows},
            }
        )

    def _who(self, r: int, row: Sequence[Any]) -> Record:
        who = self.form.who
        return {
            "row": min(self.form.rows.values()) + 1,
            "registration_number": who.number,
            "name": who.name or None,
            "year": self.form.years[r],
            "district": None,
        }
