"""Vietnamese text: one normal form, folding for search, alphabetical order."""

from __future__ import annotations

import unicodedata


def tidy(text: str) -> str:
    """Return the text in NFC with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Return the text without marks and case: what search compares."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def sort_key(text: str) -> str:
    return fold(text)
