"""Whether two registers say the same: spelling habits, abbreviations and order aside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.jurisdiction.gazetteer import marks_key
from hoptac.registry.names import core_name, fold_words

# Words with which the place begins that one register writes after the address and the other beside it.
_PLACE_WORDS = ("xa ", "phuong ", "thi tran ", "huyen ", "quan ", "thi xa ", "thanh pho ", "tinh ",
                "tp ", "tx ", "dac khu ")  # fmt: skip


def is_same(name: str, ours: Any, theirs: Any) -> bool:
    """Tell whether two values of a field say the same."""
    if _is_empty(ours) or _is_empty(theirs):
        return _is_empty(ours) and _is_empty(theirs)
    if name == "code":
        return str(ours).lstrip("0") == str(theirs).lstrip("0")
    if name in {"name", "short_name", "foreign_name"}:
        return _same_name(str(ours), str(theirs))
    if name == "address":
        return _same_address(fold_words(str(ours)), fold_words(str(theirs)))
    if name == "lines":
        return set(ours) == set(theirs)
    if name == "representative":
        return _people(ours) == _people(theirs)
    if name == "phone":
        return [c for c in str(ours) if c.isdigit()] == [c for c in str(theirs) if c.isdigit()]
    if isinstance(ours, Decimal | int) and isinstance(theirs, Decimal | int):
        return Decimal(ours) == Decimal(theirs)
    return bool(ours == theirs)


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == []


def _same_name(ours: str, theirs: str) -> bool:
    if marks_key(ours) == marks_key(theirs):
        return True
    if core_name(ours) != core_name(theirs):
        return False
    # The same words: written short on one side, or without marks; else the marks differ.
    is_short = len(fold_words(ours).split()) != len(fold_words(theirs).split())
    return is_short or ours.isascii() or theirs.isascii()


def _same_address(ours: str, theirs: str) -> bool:
    short, long = sorted((ours, theirs), key=len)
    if short == long:
        return True
    return long.startswith(f"{short} ") and long[len(short) + 1 :].startswith(_PLACE_WORDS)


def _people(value: Any) -> list[str]:
    parts: Iterable[str] = value if isinstance(value, list) else str(value).split(";")
    return sorted(fold_words(p) for p in parts if p.strip())


def as_text(name: str, value: Any) -> str:
    """Return a value as a difference keeps it: codes and figures plain, days as ISO."""
    if _is_empty(value):
        return ""
    if isinstance(value, list):
        return "; ".join(value)[:600]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)[:600]
