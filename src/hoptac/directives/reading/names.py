"""Names set in capitals, written as a sentence writes them."""

from __future__ import annotations

from hoptac.directives.reading.actors import all_actors
from hoptac.directives.reading.flow import Piece
from hoptac.directives.reading.gazetteer import gazetteer, key
from hoptac.directives.reading.words import lowered


def written(name: str) -> str:
    """Return a name set in capitals as a sentence writes it: the gazetteer's way, places with capitals."""
    low = " ".join(name.lower().split())
    piece = _titled(low)
    found = [f for f in all_actors(piece) if f.start == 0]
    if found and found[0].end >= len(piece.text) - 1:
        one = found[0]
        if one.place and one.place not in one.name:
            joint = " tỉnh " if not one.name.endswith(("tỉnh", "ủy", "thành phố")) else " "
            return f"{one.name}{joint}{one.place}"
        return one.name
    return piece.text


def _titled(low: str) -> Piece:
    words = low.split()
    # the words of a place and the first of every head take capitals
    raised = []
    place = False
    for i, word in enumerate(words):
        if i == 0 or place or word in ("sở", "ubnd", "hđnd", "ủy"):
            raised.append(word.upper() if word in ("ubnd", "hđnd") else word[0].upper() + word[1:])
        else:
            raised.append(word)
        if (
            word in ("tỉnh", "huyện", "xã", "quận", "phường")
            or (i and words[i - 1] == "thành" and word == "phố")
            or (i and words[i - 1] in ("tỉnh", "thành", "huyện", "thị", "quận") and word == "ủy")
        ):
            place = True
    text = " ".join(raised)
    for small, high in (
        ("Ủy Ban", "Ủy ban"),
        ("tỉnh Ủy", "Tỉnh ủy"),
        ("Tỉnh Ủy", "Tỉnh ủy"),
        ("thành Ủy", "Thành ủy"),
        ("Thành Ủy", "Thành ủy"),
        ("huyện Ủy", "Huyện ủy"),
        ("Huyện Ủy", "Huyện ủy"),
    ):
        text = text.replace(small, high)
    # every sector's word may have a capital of its own
    low_text = lowered(text)
    match = gazetteer().body.match(low_text)
    if match:
        name = gazetteer().bodies[" ".join(match[0].split())].name
        if key(name) == " ".join(match[0].split()):
            text = name + text[match.end() :]
    return Piece(text, list(range(len(text))), list(range(1, len(text) + 1)))
