"""How offices write things: numbers, dates, places and names in the ways that real lists show."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from tests.workbooks.world import Commune, Coop

_UNITS = {"đồng": 1, "nghìn đồng": 1000, "triệu đồng": 1_000_000, "tỷ đồng": 1_000_000_000}
_SHORT_TYPES = {"phường": "P.", "xã": "X.", "thị trấn": "TT."}
STATUSES = {
    "active": ("Đang hoạt động", "đang hoạt động", "Hoạt động", "Đang HĐ"),
    "suspended": ("Tạm ngừng", "Tạm ngừng hoạt động", "tạm ngừng hoạt động"),
    "idle": ("Ngừng hoạt động", "Không hoạt động", "ngừng hoạt động"),
    "dissolving": ("Chờ giải thể", "chờ giải thể", "Đang chờ giải thể"),
}
SECTOR_NAMES = {
    "agriculture": ("Nông - lâm - ngư - diêm nghiệp", "Nông nghiệp", "Nông nghiệp"),
    "industry": ("Công nghiệp - tiểu thủ công nghiệp", "Công nghiệp", "Tiểu thủ công nghiệp"),
    "construction": ("Xây dựng", "Xây dựng", "Xây dựng"),
    "credit": ("Tín dụng (Quỹ tín dụng nhân dân)", "Tín dụng", "Quỹ tín dụng nhân dân"),
    "trade": ("Thương mại", "Thương mại", "Thương mại - dịch vụ"),
    "transport": ("Vận tải", "Vận tải", "Giao thông vận tải"),
}
ROMAN = (
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
)


def vietnamese_number(value: float) -> str:
    """Return the number with dots for thousands and a comma for decimals."""
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    return text.replace(",", "_").replace(".", ",").replace("_", ".")


def plain(value: float) -> int | float:
    """Return a whole float as an int."""
    rounded = round(value, 6)
    return int(rounded) if float(rounded).is_integer() else rounded


def number(value: float | None, rnd: random.Random, mess: float, suffix: str = "") -> Any:
    """Return a number as the office types it: mostly a number, sometimes text."""
    if value is None:
        return rnd.choice([None, None, "-"]) if mess else None
    if rnd.random() >= mess:
        return plain(value)
    text = vietnamese_number(value)
    if text.count(".") == 1 and "," not in text and value < 1000:
        return plain(value)
    return rnd.choice([text, f" {text} ", text, f"{text} {suffix}".strip() if suffix else text])


def money(dong: int | None, unit: str, rnd: random.Random, mess: float) -> Any:
    """Return an amount in the column's unit, or as text with a unit of its own."""
    if dong is None:
        return None
    value = dong / _UNITS[unit]
    if rnd.random() >= mess:
        return plain(value)
    if abs(value * 1000 - round(value * 1000)) > 1e-6:
        return plain(value)
    text = vietnamese_number(value)
    choices = [text, f" {text} "]
    if unit == "triệu đồng":
        choices += [f"{text} triệu", f"{text} triệu đồng", f"{text} tr"]
        if dong % 10_000_000 == 0 and dong >= 1_000_000_000:
            choices += [f"{vietnamese_number(dong / 1e9)} tỷ"] * 2
    elif unit == "đồng":
        choices += [f"{text} đồng", f"{text}đ"]
    elif unit == "tỷ đồng":
        choices += [f"{text} tỷ", f"{vietnamese_number(dong / 1e6)} triệu"]
    return rnd.choice(choices)


def dong_of(value: float, unit: str) -> int:
    """Return the dong meant by a number in a unit."""
    return round(value * _UNITS[unit])


def day(value: dt.date, rnd: random.Random, mess: float, *, as_of: dt.date) -> tuple[Any, str, str]:
    """Return a cell, and the ISO date and precision that it tells."""
    if rnd.random() >= mess:
        return value, value.isoformat(), "day"
    kind = rnd.randrange(12)
    d, m, y = value.day, value.month, value.year
    if kind == 9:
        return rnd.choice([f"năm {y}", f"Năm {y}", y]), f"{y}-01-01", "year"
    if kind == 10:
        return rnd.choice([f"{m}/{y}", f"T{m}/{y}", f"{m:02}/{y}"]), f"{y}-{m:02}-01", "month"
    if kind == 11:
        serial = (value - dt.date(1899, 12, 30)).days
        return serial, value.isoformat(), "day"
    texts = [
        f"{d:02}/{m:02}/{y}",
        f"{d}/{m}/{y}",
        f"{d:02}-{m:02}-{y}",
        f"{d}.{m}.{y}",
        f"ngày {d:02} tháng {m:02} năm {y}",
        f"{d:02}/{m:02}/{y}",
        f" {d:02}/{m:02}/{y}",
        f"{d:02}.{m:02}.{y}",
        f"{d:02}/{m:02}/{y}",
    ]
    return texts[kind], value.isoformat(), "day"


def district(commune: Commune, rnd: random.Random, mess: bool) -> str:
    """Return the district as written, with or without its type."""
    name, type_ = commune.district, commune.district_type
    if not mess:
        return f"{type_.capitalize()} {name}"
    if type_ == "huyện":
        return rnd.choice([f"Huyện {name}", f"huyện {name}", f"H. {name}", name])
    return rnd.choice(
        [f"Thành phố {name}", f"TP {name}", f"TP. {name}", f"Tp.{name}", f"thành phố {name}"]
    )


def commune(value: Commune, rnd: random.Random, mess: bool, *, bare: bool = True) -> str:
    """Return the commune as written; ``bare`` allows its type to be left out."""
    if not mess:
        return f"{value.type.capitalize()} {value.name}"
    choices = [
        f"{value.type} {value.name}",
        f"{value.type.capitalize()} {value.name}",
        f"{_SHORT_TYPES[value.type]} {value.name}",
        f"{value.type.capitalize()}  {value.name} ",
    ]
    twin = value.name == value.district  # a township and a commune may share the name
    if bare and value.type == "xã" and not twin:
        choices.append(value.name)
    return rnd.choice(choices)


def name(coop: Coop, rnd: random.Random, mess: bool) -> tuple[str, str]:
    """Return the cell and the name it tells."""
    if not mess:
        full = coop.name("full")
        return full, full
    said = coop.name(rnd.choice(["htx", "htx", "short"]))
    cell = said
    twist = rnd.randrange(12)
    if twist == 0:
        cell = f"  {said}"
    elif twist == 1:
        cell = f"{said}   "
    elif twist == 2:
        cell = said.replace(" ", "  ", 1)
    elif twist == 3:
        head, _, tail = said.rpartition(" ")
        cell = f"{head}\u00a0{tail}"
    return cell, said


def code(value: str | None, rnd: random.Random, mess: bool) -> Any:
    """Return a tax code: text, a number, or digits in groups."""
    if value is None or not mess:
        return value
    twist = rnd.randrange(10)
    if twist < 3:
        return int(value)
    if twist == 3:
        return f"{value}\u00a0"
    if twist == 4:
        return f"{value[:4]} {value[4:7]} {value[7:]}"
    return value


def phone(value: str | None, rnd: random.Random, mess: bool) -> Any:
    """Return a telephone number, sometimes with dots, blanks or the country's prefix."""
    if value is None or not mess or rnd.random() < 0.85:
        return value
    if value.startswith("0297"):
        return rnd.choice([f"0297.{value[4:]}", f"(0297) {value[4:]}", f"0297 {value[4:]}"])
    return rnd.choice(
        [f"{value[:4]}.{value[4:7]}.{value[7:]}", f"{value[:4]} {value[4:7]} {value[7:]}"]
    )
