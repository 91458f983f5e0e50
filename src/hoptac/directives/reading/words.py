"""The rulebook's words as matchers, compiled once for the process."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any

from hoptac.foundation.rulebook import read_topic
from hoptac.foundation.vietnamese import settled

# Capital letters of Vietnamese, for names; small ones are all other letters.
UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
LOWER = UPPER.replace("A-Z", "a-z").lower()


def lowered(text: str) -> str:
    """Return the text in small letters with tones in one place and one kind of dash; its length is kept."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    low = low.translate(_SIGNS)
    if low.isascii():
        return low
    tidied = settled(low)
    if len(tidied) == len(low):
        return tidied
    parts = _BLANKS.split(low)
    found = "".join(p if not p or p.isspace() else settled(p) for p in parts)
    return found if len(found) == len(low) else low


_BLANKS = re.compile(r"(\s+)")
_SIGNS = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "“": '"',
        "”": '"',
        "’": "'",
        "\xa0": " ",
        "\t": " ",
    }
)


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a list that is written with semicolons."""
    return tuple(lowered(" ".join(w.split())) for w in text.split(";") if w.strip())


@functools.cache
def grammar() -> dict[str, Any]:
    """Return the words by which obligations are recognised."""
    return read_topic("directives/grammar")


def trie(words: Iterable[str]) -> str:
    """Return a regular expression for any of the words, the longest first, that tries no letter twice."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _expression(root)


def _expression(node: dict[str, Any]) -> str:
    branches = []
    singles = []
    for letter, rest in node.items():
        if not letter:
            continue
        own = r"\s+" if letter == " " else re.escape(letter)
        below = _expression(rest)
        if below:
            branches.append(own + below)
        else:
            singles.append(own)
    if not branches and not singles:
        return ""
    if not branches and all(len(s) == 1 for s in singles) and len(singles) > 1:
        whole = "[" + "".join(singles) + "]"
    else:
        choices = branches + singles
        whole = choices[0] if len(choices) == 1 and "" not in node else f"(?:{'|'.join(choices)})"
    return f"(?:{whole})?" if "" in node else whole


def one_of(words: Iterable[str], *, after: str = r"(?!\w)") -> re.Pattern[str]:
    """Return a pattern for any of the words, whole, in lowered text."""
    return re.compile(rf"(?<!\w)(?:{trie(words)}){after}")


@functools.cache
def words_of(name: str) -> re.Pattern[str]:
    """Return the pattern of one of the grammar's word lists."""
    value = grammar()[name]
    return one_of(
        listed(value) if isinstance(value, str) else [lowered(" ".join(w.split())) for w in value]
    )
