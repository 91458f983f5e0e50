"""Names of cooperatives: the part that tells them apart, and the kind that the name declares."""

from __future__ import annotations

import re

from hoptac.foundation.vietnamese import fold
from hoptac.registry.terms import Kind

# Longest first: the kind as written in full or abbreviated, with or without marks.
_KINDS = (
    ("lien hiep hop tac xa", Kind.UNION),
    ("lien hiep htx", Kind.UNION),
    ("lhhtx", Kind.UNION),
    ("hop tac xa", Kind.COOPERATIVE),
    ("htx", Kind.COOPERATIVE),
    ("to hop tac", Kind.GROUP),
    ("tht", Kind.GROUP),
)
_SHORT = (
    (re.compile(r"\bdv\b"), "dich vu"),
    (re.compile(r"\bsx\b"), "san xuat"),
    (re.compile(r"\bnn\b"), "nong nghiep"),
    (re.compile(r"\bts\b"), "thuy san"),
    (re.compile(r"\bqtdnd\b|\bqtd\b"), "quy tin dung nhan dan"),
)
_SIGNS = re.compile(r"[^0-9a-z]+")


def kind_of(name: str) -> str:
    """Return the kind that a name declares by its first words; a cooperative where it says nothing."""
    text = fold(name)
    for words, kind in _KINDS:
        if text.startswith(words):
            return kind.value
    return Kind.COOPERATIVE.value


def core_name(name: str) -> str:
    """Return the folded name without its kind and with the desk's short forms written out.

    ``HTX DV NN Hoà An`` and ``Hợp tác xã Dịch vụ nông nghiệp Hòa An`` give the same.
    """
    text = _SIGNS.sub(" ", fold(name)).strip()
    for words, _kind in _KINDS:
        if text.startswith(words + " "):
            text = text[len(words) + 1 :]
            break
    for pattern, full in _SHORT:
        if pattern.search(text):
            text = pattern.sub(full, text)
    return text


def fold_words(text: str) -> str:
    """Return the folded words of a text, letters and digits only, one blank between."""
    return _SIGNS.sub(" ", fold(text)).strip()


def search_words(text: str) -> list[str]:
    """Return the words that a search asks for; a number typed in groups counts as one word.

    ``0297 3.863 773`` asks for ``02973863773``, ``17 0955 1552`` for ``1709551552``.
    """
    words = fold_words(text).split()
    if words and all(w.isdigit() for w in words):
        return ["".join(words)]
    return words[:12]
