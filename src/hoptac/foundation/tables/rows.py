"""What each row below a heading is: data, group, subtotal, total, heading again, note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hoptac.foundation.tables.headings import words
from hoptac.foundation.tables.result import plain

_TOTAL = re.compile(
    r"^(?:[ivxa-z0-9]{1,4}[ .)]+)?"
    r"(?:tong(?! cong ty)|cong\b(?! nghiep| ty| nhan| dong| nghe)|toan tinh|toan huyen|tc\b|"
    r"(?:so )?(?:mang|chuyen) (?:trang )?(?:sang|sau)|luy ke)"
)
_GRAND = re.compile(r"tong cong|tong so|tong toan|toan tinh|toan nganh|tong hop|cong chung|tong$")
_ENUMERATED = re.compile(r"^\s*(?:[IVXLC]{1,6}|[A-Z]|\d{1,2})\s*[.)\-:]\s*\S")
_END = re.compile(
    r"^(?:ghi chu|nguoi lap|lap bieu|noi nhan|ke toan|giam doc|pho giam doc|kt giam doc|tm (?!dv|dich vu|va )|chu tich|"
    r"thu truong|xac nhan|ngay .* thang|.*, ngay .* thang)"
)


def texts_of(row: Sequence[Any]) -> list[tuple[int, str]]:
    """Return the row's texts that hold a letter, with their columns."""
    return [
        (c, v.strip()) for c, v in enumerate(row)
        if isinstance(v, str) and any(ch.isalpha() for ch in v)
    ]  # fmt: skip


def sayings(row: Sequence[Any]) -> list[str]:
    """Return what a row's cells say; a label before a colon is one saying with the value beside it."""
    found: list[str] = []
    for v in row:
        text = str(plain(v)).strip() if v is not None else ""
        if not text:
            continue
        if found and found[-1].endswith(":"):
            found[-1] += f" {text}"
        else:
            found.append(text)
    return found


def is_blank(row: Sequence[Any]) -> bool:
    return all(v is None or (isinstance(v, str) and not v.strip()) for v in row)


def is_total_label(text: str) -> bool:
    """Tell whether a folded label announces a sum (*Cộng huyện …*, *Tổng cộng*)."""
    return bool(_TOTAL.match(text))


def is_grand_label(text: str) -> bool:
    return bool(_GRAND.search(text))


def is_enumerated(text: str) -> bool:
    """Tell whether a label begins like a group's: ``I.``, ``A)``, ``2-``."""
    return bool(_ENUMERATED.match(text))


def level_of(text: str) -> str:
    """Return how a group is numbered (``I``, ``A``, ``1``), which tells upper groups from those within."""
    found = re.match(r"\s*(?:([IVX]+)|([A-Z])|(\d+))(?:\s*[.)\-:]|\s)", text)
    return "" if found is None else "I" if found[1] else "A" if found[2] else "1"


def is_closing(text: str) -> bool:
    """Tell whether a label belongs below the table: notes, signatures, addressees."""
    return bool(_END.match(words(text)))


_COUNT = re.compile(r"(\d[\d.]*)\s*(?:htx|hop tac xa|don vi|to|qtd|tht|lhhtx|thanh vien|nguoi)\b")


def count_named(text: str) -> int | None:
    """Return the number of bodies that a label names: ``Cộng huyện Gò Quao: 55 HTX`` gives 55."""
    found = _COUNT.search(text)
    return int(found[1].replace(".", "")) if found else None
