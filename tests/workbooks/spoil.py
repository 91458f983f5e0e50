"""Problems put on purpose into lists of cooperatives, with what a perfect reader says of them."""

from __future__ import annotations

import copy
import datetime as dt
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.workbooks import office
from tests.workbooks.grid import Formula
from tests.workbooks.truth import Line
from tests.workbooks.world import OLD_PREFIXES, Coop, communes

if TYPE_CHECKING:
    from tests.workbooks.register import Register, Style

Spoiler = Callable[["Register", Line, "Style"], bool]
FORMULA_TEXTS = (
    "=1+1",
    '=HYPERLINK("http://example.invalid","Xem")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    '=WEBSERVICE("http://example.invalid")',
)
_FAR_COMMUNES = ("Quảng Nghiệp", "Đắk Rơ Wa", "Mường Giàng", "Tràng Xá")
_FAR_DISTRICTS = ("Huyện Mường Tè", "Huyện Yên Châu", "Huyện Krông Búk")
_FINALS = (("nh", "n"), ("ng", "n"), ("n", "ng"), ("c", "t"), ("t", "c"), ("i", ""))
_FLAT_TONES = str.maketrans("ạậặẹệịọộợụựỵ", "aâăeêioôơuưy")


def _missing_number(made: Register, line: Line, style: Style) -> bool:
    line.cells["registration_number"] = line.record["registration_number"] = None
    line.spoil("registration_number_missing", "registration_number", None)
    return True


def _bad_check_digit(made: Register, line: Line, style: Style) -> bool:
    good = line.record["registration_number"]
    bad = good[:9] + str((int(good[9]) + made.random.randint(1, 9)) % 10)
    line.cells["registration_number"] = line.record["registration_number"] = bad
    line.spoil("registration_number_check_digit", "registration_number", bad)
    return True


def _bad_number_format(made: Register, line: Line, style: Style) -> bool:
    good = line.record["registration_number"]
    bad = made.random.choice([good[:8], good + "12", f"{good[:5]}A{good[6:]}"])
    line.cells["registration_number"] = bad
    line.record["registration_number"] = None
    line.accept("registration_number", bad)
    line.spoil("registration_number_format", "registration_number", bad)
    return True


def _lost_zero(made: Register, line: Line, style: Style) -> bool:
    phone = line.record["phone"]
    line.cells["phone"] = int(phone)
    line.spoil("phone_lost_zero", "phone", int(phone), phone)
    return True


def _old_prefix(made: Register, line: Line, style: Style) -> bool:
    coop: Coop = line.subject
    serial = f"000{made.random.randrange(10_000):04}"
    if made.random.random() < 0.4:
        new, old = f"02973{serial[:6]}", f"0773{serial[:6]}"
    else:
        before, after = made.random.choice(list(OLD_PREFIXES.items()))
        new, old = after + serial, before + serial
    coop.phone = new
    line.record["phone"] = new
    line.accept("phone", old)
    line.cells["phone"] = old
    line.spoil("phone_old_prefix", "phone", old, new)
    return True


def _few_members(made: Register, line: Line, style: Style) -> bool:
    few = made.random.randint(3, 6)
    line.cells["members"] = line.record["members"] = few
    line.spoil("members_below_minimum", "members", few)
    return True


def _future(made: Register, line: Line, style: Style) -> bool:
    true = dt.date(2019, 1, 30)
    cell = f"{true.day:02}/{true.month:02}/20{made.random.randint(22, 29)}"
    line.cells["established_on"] = cell
    line.record.update(established_on=None, established_precision=None)
    iso = f"{cell[6:]}-{cell[3:5]}-{cell[:2]}"
    line.accept("established_on", iso, true.isoformat())
    line.accept("established_precision", "day")
    line.spoil("date_in_future", "established_on", cell)
    return True


def _impossible(made: Register, line: Line, style: Style) -> bool:
    year = made.random.randint(2005, 2018)
    cell = made.random.choice([f"31/02/{year}", f"30/02/{year}", f"31/4/{year}", f"15/13/{year}"])
    month = int(cell.split("/")[1])
    line.cells["established_on"] = cell
    line.record.update(established_on=None, established_precision=None)
    line.accept("established_on", f"{year}-{month:02}-01", f"{year}-01-01", str(year))
    line.accept("established_precision", "month", "year")
    line.spoil("date_impossible", "established_on", cell)
    return True


def _distance(one: str, other: str) -> int:
    before = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(other, 1):
            now.append(min(before[j] + 1, now[-1] + 1, before[j - 1] + (a != b)))
        before = now
    return before[-1]


def _misspelt_commune(made: Register, line: Line, style: Style) -> bool:
    coop: Coop = line.subject
    name = coop.commune.name
    words = name.split()
    options = []
    for i, word in enumerate(words):
        flat = word.translate(_FLAT_TONES)
        if flat != word:
            options.append([*words[:i], flat, *words[i + 1 :]])
        for end, other in _FINALS:
            if word.endswith(end) and len(word) > 3:
                options.append([*words[:i], word[: -len(end)] + other, *words[i + 1 :]])
                break
    here = [c.name for c in communes() if c.district == coop.commune.district]
    everywhere = {c.name.casefold() for c in communes()}
    for option in made.random.sample(options, len(options)):
        wrong = " ".join(option)
        near = [n for n in set(here) if _distance(wrong.casefold(), n.casefold()) <= 2]
        if wrong.casefold() not in everywhere and near == [name] and len(wrong) >= 5:
            line.cells["commune"] = f"{coop.commune.type} {wrong}"
            line.accept("commune", None)
            line.accept("commune_code", None)
            line.spoil("commune_misspelt", "commune", line.cells["commune"], name)
            return True
    return False


def _unknown_commune(made: Register, line: Line, style: Style) -> bool:
    cell = f"xã {made.random.choice(_FAR_COMMUNES)}"
    line.cells["commune"] = cell
    line.record.update(commune=None, commune_type=None, commune_code=None)
    line.accept("commune", cell.removeprefix("xã "), cell)
    line.accept("commune_type", "xã")
    line.spoil("commune_unknown", "commune", cell)
    return True


def _other_district(made: Register, line: Line, style: Style) -> bool:
    coop: Coop = line.subject
    here = {c.name.casefold() for c in communes() if c.district == coop.commune.district}
    names = [c.name for c in communes()]
    others = [
        c
        for c in communes()
        if c.district != coop.commune.district
        and names.count(c.name) == 1
        and all(_distance(c.name.casefold(), n) > 3 for n in here)
    ]
    if not others:
        return False
    other = made.random.choice(others)
    line.cells["commune"] = f"{other.type} {other.name}"
    line.record.update(commune=other.name, commune_type=other.type, commune_code=other.code)
    line.accept("commune", None)
    line.accept("commune_type", None)
    line.accept("commune_code", None)
    line.accept("district", other.district, None)
    line.accept("district_code", other.district_code, None)
    line.spoil("commune_of_other_district", "commune", line.cells["commune"])
    return True


def _ambiguous_commune(made: Register, line: Line, style: Style) -> bool:
    twins = [c for c in communes() if c.name == c.district == "Vĩnh Thuận"]
    if line.record["district"] != "Vĩnh Thuận" or len(twins) < 2:
        return False
    line.cells["commune"] = "Vĩnh Thuận"
    line.record.update(commune="Vĩnh Thuận", commune_type=None, commune_code=None)
    line.accept("commune", None)
    line.accept("commune_type", *[c.type for c in twins])
    line.accept("commune_code", *[c.code for c in twins])
    line.spoil("commune_ambiguous", "commune", "Vĩnh Thuận")
    return True


def _unknown_district(made: Register, line: Line, style: Style) -> bool:
    if style.district != "repeated":
        return False
    cell = made.random.choice(_FAR_DISTRICTS)
    old = dict(line.record)
    line.cells["district"] = cell
    line.record.update(district=None, district_code=None)
    line.accept("district", cell.removeprefix("Huyện "), cell, old["district"])
    line.accept("district_code", old["district_code"])
    for key in ("commune", "commune_type", "commune_code"):
        line.accept(key, None)
    line.spoil("district_unknown", "district", cell)
    return True


def _suspect_unit(made: Register, line: Line, style: Style) -> bool:
    if style.unit != "triệu đồng":
        return False
    dong = made.random.randint(5, 90) * 10_000_000
    line.record["charter_capital_vnd"] = dong
    line.cells["charter_capital_vnd"] = made.random.choice([office.vietnamese_number(dong), dong])
    line.spoil(
        "capital_unit_suspect", "charter_capital_vnd", line.cells["charter_capital_vnd"], dong
    )
    return True


def _unreadable(made: Register, line: Line, style: Style) -> bool:
    if style.total or style.subtotals:
        return False
    key = made.random.choice(["members", "workers", "area_ha", "charter_capital_vnd"])
    cell = made.random.choice(["?", "nhiều", "chưa rõ", "đang thống kê"])
    line.cells[key], line.record[key] = cell, None
    line.spoil("number_unreadable", key, cell)
    return True


def _repaired(made: Register, line: Line, style: Style) -> bool:
    key = made.random.choice(["members", "workers"])
    value = made.random.choice([10, 105, 20, 110, 61, 101])
    text = str(value)
    cell = made.random.choice([text.replace("0", "O", 1), text.replace("1", "l", 1)])
    if cell == text:
        cell = text.replace("0", "o", 1) if "0" in text else text.replace("1", "I", 1)
    line.cells[key], line.record[key] = cell, value
    line.accept(key, None)
    line.spoil("number_repaired", key, cell, value)
    return True


def _negative(made: Register, line: Line, style: Style) -> bool:
    if style.total or style.subtotals:
        return False
    key, code = made.random.choice(
        [("charter_capital_vnd", "capital_negative"), ("workers", "workers_negative")]
    )
    value = line.record[key]
    cell = -value if key == "workers" else office.plain(-value / office._UNITS[style.unit])
    line.cells[key], line.record[key] = cell, -value
    line.accept(key, None, value)
    line.spoil(code, key, cell)
    return True


def _no_name(made: Register, line: Line, style: Style) -> bool:
    line.cells["name"] = line.record["name"] = None
    line.spoil("name_missing", "name", None)
    return True


def _no_sector(made: Register, line: Line, style: Style) -> bool:
    if "sector" not in style.columns:
        return False
    line.cells["sector"] = line.record["sector"] = None
    line.accept("sector", line.subject.sector)
    line.spoil("sector_missing", "sector", None)
    return True


def _formula(made: Register, line: Line, style: Style) -> bool:
    if made.variant in ("xls", "csv"):
        return False
    key = made.random.choice(["members", "workers"])
    value = line.record[key]
    line.cells[key] = Formula(f"=10+{value - 10}", value)
    line.accept(key, None)
    line.spoil("formula_cell", key, value)
    return True


def _formula_text(made: Register, line: Line, style: Style) -> bool:
    key = made.random.choice(["activity", "chairman"])
    cell = made.random.choice(FORMULA_TEXTS)
    line.cells[key] = line.record[key] = cell
    line.accept(key, None, cell[1:], f"'{cell}")
    line.spoil("formula_text", key, cell)
    return True


COMMON: tuple[Spoiler, ...] = (
    _missing_number,
    _bad_check_digit,
    _lost_zero,
    _lost_zero,
    _old_prefix,
    _few_members,
    _future,
    _impossible,
    _misspelt_commune,
    _suspect_unit,
)
RARE: tuple[Spoiler, ...] = (
    _bad_number_format,
    _unknown_commune,
    _other_district,
    _ambiguous_commune,
    _unknown_district,
    _unreadable,
    _repaired,
    _negative,
    _no_name,
    _no_sector,
    _formula,
    _formula_text,
)


def spoil_register(made: Register, lines: list[Line], style: Style, share: float = 0.15) -> None:
    """Put problems into some of the lines; in the variant ``problems`` one of every kind."""
    rnd = made.random
    fresh = rnd.sample(lines, len(lines))
    wanted = list(COMMON) + (list(RARE) if made.variant == "problems" else [])
    if made.variant != "problems":
        wanted = rnd.choices(COMMON, k=max(1, int(len(lines) * share)))
        wanted += rnd.sample(RARE, 2)
    text_only = made.variant == "csv"
    for spoiler in wanted:
        if text_only and spoiler is _lost_zero:
            continue  # a text file shows no lost zero differently, tried below
        for line in fresh:
            if not line.spoilt and spoiler(made, line, style):
                break
    if text_only:
        for line in lines:
            for key, value in line.cells.items():
                if key == "established_on" and isinstance(value, int) and value > 9999:
                    line.cells[key] = line.subject.established_on


def add_duplicates(made: Register, lines: list[Line], style: Style) -> list[Line]:
    """Return the lines with several said twice: spelt differently, renamed, or sharing a number."""
    rnd = made.random
    clean = [x for x in lines if not x.spoilt and x.record["registration_number"]]
    chosen = rnd.sample(clean, min(len(clean) // 2 * 2, 16))
    out = list(lines)
    for i, line in enumerate(chosen[: len(chosen) // 2]):
        kind = ("duplicate", "duplicate", "renamed", "shared")[i % 4]
        if kind == "shared":
            other = chosen[len(chosen) // 2 + i]
            first, second = sorted((line, other), key=out.index)
            number = first.record["registration_number"]
            second.cells["registration_number"] = second.record["registration_number"] = number
            second.spoil(
                "registration_number_shared", "registration_number", number, related=[first]
            )
            continue
        twin = Line(dict(line.cells), copy.deepcopy(line.record), line.subject)
        if kind == "duplicate":
            _respell(twin, rnd)
            twin.spoil("duplicate_cooperative", "name", twin.cells["name"], related=[line])
        else:
            _rename(made, twin, line)
            twin.spoil("renamed_cooperative", "name", twin.cells["name"], related=[line])
        out.insert(rnd.randint(out.index(line) + 1, len(out)), twin)
    return out


def _respell(twin: Line, rnd: random.Random) -> None:
    coop: Coop = twin.subject
    forms = [coop.name(how) for how in ("full", "htx", "short")]
    forms = [f for f in forms if f != twin.record["name"]] or forms
    spelt = rnd.choice(forms)
    if rnd.random() < 0.4:
        spelt = spelt.upper()
    elif rnd.random() < 0.4:
        spelt = spelt.replace("Hòa", "Hoà").replace("Thủy", "Thuỷ")
    twin.cells["name"] = twin.record["name"] = spelt
    if rnd.random() < 0.4:
        twin.cells["registration_number"] = twin.record["registration_number"] = None
        twin.spoil("registration_number_missing", "registration_number", None)


def _rename(made: Register, twin: Line, line: Line) -> None:
    coop: Coop = twin.subject
    former = coop.name("htx").replace(coop.own_name, made.world.own_name(coop.commune))
    twin.cells["name"] = twin.record["name"] = former
    twin.cells["note"] = None
    line.cells["note"] = made.random.choice([f"Tên cũ: {former}", f"Đổi tên từ {former}"])
