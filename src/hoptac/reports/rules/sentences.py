"""Filling the sentences of an outline with figures: pure.

A sentence speaks of figures as ``{code}`` and of how they changed as ``{code|so}``; what stands in ``[…]`` is
left out where something in it is not known. A sentence that speaks of an unknown figure outside of
brackets is not printed. No word of judgement is ever made: a figure rose or fell by so much, or did not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from hoptac.foundation.vietnamese import format_number


@dataclass(frozen=True, kw_only=True)
class Value:
    """A figure as a sentence prints it; ``value`` is in ``unit``, rounded to ``places``."""

    code: str
    name: str
    value: Decimal | None
    before: Decimal | None = None
    unit: str = ""
    places: int = 0
    href: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of a filled sentence; a number leads to the records behind it."""

    text: str
    href: str = ""


@dataclass
class Filled:
    """A sentence after filling: nothing to print where a figure of it is unknown (``missing``)."""

    pieces: list[Piece] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(p.text for p in self.pieces)


def written(number: Decimal, places: int = 0) -> str:
    """Return a number as documents write it: 1.234,5."""
    return format_number(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), places)


def change(value: Value) -> str | None:
    """Return by how much a figure rose or fell: "tăng 12 (2,7%)"; nothing where one of both is unknown."""
    if value.value is None or value.before is None:
        return None
    difference = value.value - value.before
    step = Decimal(1).scaleb(-value.places)
    if abs(difference) < step / 2:
        return "không thay đổi"
    word = "tăng" if difference > 0 else "giảm"
    amount = written(abs(difference), value.places)
    if value.before <= 0:
        return f"{word} {amount}"
    share = abs(difference) / value.before * 100
    # A share that would be written as nought says nothing.
    return (
        f"{word} {amount} ({written(share, 1)}%)"
        if share >= Decimal("0.05")
        else f"{word} {amount}"
    )


def fill(sentence: str, values: Mapping[str, Value], facts: Mapping[str, str]) -> Filled:
    """Return a sentence with its figures and facts; with what is missing, and then without text.

    :raises ValueError: its brackets do not close
    :raises KeyError: it speaks of a figure or a fact that nothing declares
    """
    filled, at = _fill(sentence, 0, values, facts)
    if at != len(sentence):
        raise ValueError(f"a bracket too many: {sentence}")
    if filled.missing:
        return Filled(missing=filled.missing)
    if filled.pieces:
        first = filled.pieces[0]
        filled.pieces[0] = Piece(first.text[:1].upper() + first.text[1:], first.href)
    return filled


def _fill(
    text: str,
    at: int,
    values: Mapping[str, Value],
    facts: Mapping[str, str],
    *,
    inner: bool = False,
) -> tuple[Filled, int]:
    found = Filled()
    while at < len(text):
        sign = text[at]
        if sign == "[":
            part, at = _fill(text, at + 1, values, facts, inner=True)
            if not part.missing:
                found.pieces += part.pieces
        elif sign == "]":
            if not inner:
                return found, at
            return found, at + 1
        elif sign == "{":
            end = text.index("}", at)
            _slot(found, text[at + 1 : end], values, facts)
            at = end + 1
        else:
            ends = [i for i in (text.find(s, at) for s in "[]{") if i >= 0]
            end = min(ends, default=len(text))
            found.pieces.append(Piece(text[at:end]))
            at = end
    if inner:
        raise ValueError(f"a bracket is not closed: {text}")
    return found, at


def _slot(found: Filled, slot: str, values: Mapping[str, Value], facts: Mapping[str, str]) -> None:
    code, _bar, how = slot.partition("|")
    if code in facts:
        if facts[code]:
            found.pieces.append(Piece(facts[code]))
        else:
            found.missing.append(code)
        return
    value = values[code]
    if how == "so":
        said = change(value)
        if said is None:
            found.missing.append(code)
        else:
            found.pieces.append(Piece(said))
        return
    if value.value is None:
        found.missing.append(code)
    else:
        found.pieces.append(Piece(written(value.value, value.places), value.href))
