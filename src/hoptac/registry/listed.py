"""Cooperatives as other files name them: their numbers, names, and the register to hold them against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hoptac.foundation.tables.result import ReadResult
from hoptac.foundation.vietnamese import fold, tidy
from hoptac.registry.names import core_name
from hoptac.registry.rules.particulars import compute_check_digit

_KIND = re.compile(
    r"\b(?:lien hiep (?:hop tac xa|htx)|lhhtx|hop tac xa|htx|quy tin dung(?: nhan dan)?|qtdnd|qtd|"
    r"to hop tac|tht)\b(?=\s+\S)"
)
_NO_NAME = re.compile(
    r"^(?:ma so|mst|dia chi|von|so dien|dien thoai|ngay|ubnd|uy ban|chu tich|kem theo)"
)
_GENERAL = re.compile(
    r"\s+(?:tren|nam|thang|quy|kieu|tai|trong|thuoc|la|toan|tinh|huyen|den|co|va|\d{4}\b)\b"
)
_END_OF_NAME = re.compile(
    r"\s*(?:[(;:,\n]|\s[-–]\s|\bnam \d{4}|\btinh den\b|\bden ngay\b|\bmst\b|\bma so\b)"
)
_BRANCHES = (
    "dich vu san xuat nong nghiep", "san xuat dich vu nong nghiep", "dich vu khai thac hai san",
    "dich vu nong nghiep", "san xuat nong nghiep", "nuoi trong thuy san", "khai thac thuy san",
    "khai thac hai san", "giao thong van tai", "thu cong my nghe", "tieu thu cong nghiep",
    "thuong mai dich vu", "nong nghiep", "thuy san", "chan nuoi", "van tai", "xay dung",
    "thuong mai", "dich vu", "nuoi tom", "nuoi ca", "trong lua", "ho tieu", "trong trot",
    "moi truong", "rau an toan", "nhan dan", "hop tac xa",
)  # fmt: skip
_TOLD_NUMBER = re.compile(
    r"(?:ma so|mst|ma htx|gcn|giay chung nhan|dkkd)[^\d;]{0,45}(\d(?:[ .\-]?\d){8,12})(?!\d)"
)
_BARE_NUMBER = re.compile(r"(?<![\d.])[1-9]\d{9}(?![\d.])")
_NONE = {"", "-", "x", "chua co", "chuaco", "khong", "khongco"}


@dataclass(frozen=True, slots=True)
class Known:
    """A cooperative as the register shows it on a day."""

    number: str
    name: str
    district: str
    established_on: date | None
    members: int | None
    workers: int | None
    charter_capital: int | None


class KnownBodies:
    """The register's cooperatives, found by number or by name."""

    def __init__(self, records: Iterable[Mapping[str, Any]]) -> None:
        self.all: list[Known] = []
        self.by_number: dict[str, Known] = {}
        self._by_name: dict[str, list[Known]] = {}
        for r in records:
            day = r.get("established_on")
            known = Known(
                r.get("registration_number") or "", r.get("name") or "", r.get("district") or "",
                date.fromisoformat(day) if isinstance(day, str) else day,
                r.get("members"), r.get("workers"), r.get("charter_capital_vnd"),
            )  # fmt: skip
            self.all.append(known)
            if known.number:
                self.by_number.setdefault(known.number, known)
            if known.name:
                self._by_name.setdefault(core_name(known.name), []).append(known)

    @classmethod
    def of(cls, register: ReadResult | Iterable[Mapping[str, Any]] | None) -> KnownBodies | None:
        """Return the bodies of a list that was read or of plain records; nothing for none."""
        if register is None:
            return None
        found = cls(register.records if isinstance(register, ReadResult) else register)
        return found if found.all else None

    def named(self, name: str, district: str = "") -> Known | None:
        """Return the one body of this name (in this district, where several share it)."""
        found = self._by_name.get(core_name(name), [])
        if len(found) > 1 and district:
            found = [k for k in found if fold(k.district) == fold(district)]
        return found[0] if len(found) == 1 else None


def read_listed_number(value: Any) -> tuple[str | None, str, str | None]:
    """Return a cell's registration number, the code of what is wrong with it, and its repair."""
    text = "" if value is None else tidy(str(value))
    if isinstance(value, float) and value == int(value):
        text = str(int(value))
    digits = re.sub(r"[\s.\-']", "", text)
    if fold(digits) in _NONE:
        return None, "registration_number_missing", None
    if not digits.isdigit():
        return None, "registration_number_format", None
    if len(digits) == 9 and isinstance(value, (int, float)):
        padded = "0" + digits
        if compute_check_digit(padded[:9]) == int(padded[9]):
            return padded, "registration_number_format", padded
    if len(digits) != 10:
        return digits, "registration_number_format", None
    if compute_check_digit(digits[:9]) != int(digits[9]):
        return digits, "registration_number_check_digit", None
    return digits, "", None


def number_in(text: str) -> str:
    """Return the registration number that a title or group row tells, or nothing."""
    plain = fold(tidy(text))
    told = _TOLD_NUMBER.search(plain)
    if told is not None:
        return re.sub(r"\D", "", told[1])
    if "thoai" in plain or "cmnd" in plain:
        return ""
    bare = _BARE_NUMBER.search(plain)
    return bare[0] if bare else ""


def name_in(text: str) -> tuple[str, int] | None:
    """Return the name of a cooperative that a title or group row holds, and how loosely (0 is best)."""
    text = tidy(text)
    plain = fold(text)
    if len(plain) != len(text) or _NO_NAME.match(plain):
        return None
    for found in _KIND.finditer(plain):
        before, after = plain[: found.start()].strip(), plain[found.end() :]
        if re.search(r"(?:\bcac|\d|nhung|moi)$", before) and not re.fullmatch(r"\W*\d+\W*", before):
            continue
        if _GENERAL.match(after):
            continue
        end = _END_OF_NAME.search(plain, found.end())
        name = text[found.start() : end.start() if end else len(text)].strip(" .,-–")
        clear = not before or re.fullmatch(r"(?:[ivxlc]+|\d+|[a-z])\s*[.)\-]*|.*ten[^:]*:", before)
        return in_small_letters(name), 0 if clear else 1
    return None


def in_small_letters(name: str) -> str:
    """Return a name printed in capitals as names are written; others as they stand."""
    if not name.isupper():
        return name
    words = name.lower().split()
    plain = [fold(w) for w in words]
    small: set[int] = set()
    i = 0
    while i < len(words):
        for branch in _BRANCHES:
            parts = branch.split()
            if plain[i : i + len(parts)] == parts:
                small.update(range(i + 1, i + len(parts)))
                i += len(parts) - 1
                break
        i += 1
    kept = {"htx": "HTX", "qtd": "QTD", "qtdnd": "QTDND", "lhhtx": "LHHTX", "tht": "THT"}
    return " ".join(
        kept.get(w, w if i in small and i else w[:1].upper() + w[1:]) for i, w in enumerate(words)
    )
