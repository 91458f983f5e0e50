"""Text that a spreadsheet would run: told, made harmless in a CSV, and restored on the way in."""

from __future__ import annotations

import re

_BLANKS = " \t\r\n\v\f\0\u00a0\u00ad\u200b\u200c\u200d\u2028\u2029\u2060\u3000\ufeff"
SUSPECT_FIRST = frozenset("=+-@＝＋－＠﹢﹣﹦'|%" + _BLANKS)
_RUNNABLE = re.compile(rf"'*(?:[{_BLANKS}]*[=+\-@＝＋－＠﹢﹣﹦|]|[\t\r\n\0]|[{_BLANKS}]*%0[adAD])")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?|\+\d[\d ]*\d|[-+]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_runnable(text: str) -> bool:
    """Tell whether a spreadsheet might run the text as a formula when it opens it from a CSV.

    Honest numbers (``-5``, ``-1.234,5``) and telephone numbers (``+84 901 000 123``) are not.
    """
    return _RUNNABLE.match(text) is not None and _PLAIN_NUMBER.fullmatch(text) is None


def escape_text(text: str) -> str:
    """Return the text as it may stand in a CSV: with a leading apostrophe if it could be run."""
    return f"'{text}" if text[:1] in SUSPECT_FIRST and is_runnable(text) else text


def unescape_text(text: str) -> str:
    """Return the text without the apostrophe that :func:`escape_text` put before it, if it did."""
    return text[1:] if text[:1] == "'" and is_runnable(text[1:]) else text


def clean_text(text: str) -> str:
    """Return the text without characters that no file format holds (NUL, half characters)."""
    return _FORBIDDEN.sub("", text) if _FORBIDDEN.search(text) else text
