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
_RUN_TOGETHER = re.compile(r"h t x(?= )|htx(?=(?:dv|nn|sx|ts|tm|vt|xd)[a-z]* )")
_BEGINNING = re.compile(rf"(?:{'|'.join(words for words, _kind in _KINDS)}) ")
# The desk's short forms within names, written out.
_SHORT = {
    "dv": "dich vu", "sx": "san xuat", "nn": "nong nghiep", "ts": "thuy san", "xd": "xay dung",
    "vt": "van tai", "tm": "thuong mai", "dvnn": "dich vu nong nghiep", "dvts": "dich vu thuy san",
    "sxnn": "san xuat nong nghiep", "sxdv": "san xuat dich vu", "nts": "nuoi trong thuy san",
    "ntts": "nuoi trong thuy san", "gtvt": "giao thong van tai",
    "tmdv": "thuong mai dich vu", "ttcn": "tieu thu cong nghiep", "tcn": "tieu thu cong nghiep",
    "tcmn": "thu cong my nghe", "rat": "rau an toan", "sxtm": "san xuat thuong mai",
    "qtdnd": "quy tin dung nhan dan", "qtd": "quy tin dung nhan dan", "kths": "khai thac hai san",
    "ktts": "khai thac thuy san", "nlnd": "nong lam ngu diem", "cn": "chan nuoi",
}  # fmt: skip
_SIGNS = re.compile(r"[^0-9a-z]+")


def kind_of(name: str) -> str:
    """Return the kind that a name declares by its first words; a cooperative where it says nothing."""
    if name.startswith(("Hợp tác xã", "HTX", "Quỹ")):
        return Kind.COOPERATIVE.value
    text = fold(name)
    for words, kind in _KINDS:
        if text.startswith(words):
            return kind.value
    return Kind.COOPERATIVE.value


def core_name(name: str) -> str:
    """Return the folded name without its kind and with the desk's short forms written out.

    ``HTX DV NN Hoà An`` and ``Hợp tác xã Dịch vụ nông nghiệp Hòa An`` give the same.
    """
    text = fold_words(name)
    if text.startswith(("h t x ", "htx")):
        text = _RUN_TOGETHER.sub("htx ", text, count=1).replace("  ", " ")
    kind = _BEGINNING.match(text)
    if kind is not None:
        text = text[kind.end() :]
    return " ".join([_SHORT.get(word, word) for word in text.split(" ")])


def fold_words(text: str) -> str:
    """Return the folded words of a text, letters and digits only, one blank between."""
    return " ".join(filter(None, map(_WORDS.__getitem__, text.split())))


class _Words(dict[str, str]):
    """Words as written and what they fold to; a province's lists are written with a few thousand."""

    def __missing__(self, word: str) -> str:
        if word.isdigit() and word.isascii():
            return word
        plain = _SIGNS.sub(" ", fold(word)).strip()
        if len(self) < 65_536 and len(word) <= 24:
            self[word] = plain
        return plain


_WORDS = _Words()


def search_words(text: str) -> list[str]:
    """Return the words that a search asks for; a number typed in groups counts as one word.

    ``0297 3.863 773`` asks for ``02973863773``, ``17 0955 1552`` for ``1709551552``.
    """
    words = fold_words(text).split()
    if words and all(w.isdigit() for w in words):
        return ["".join(words)]
    return words[:12]
