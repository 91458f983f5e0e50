"""How numbers, days, powers and lists are written in official documents. Pure functions.

Sources: NĐ 30/2020/NĐ-CP, article 8 and Annexes I and III; Hướng dẫn 36-HD/VPTW. The signs that differ
by format come from the rule files.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hoptac.foundation.documents.formats import Format, Profile, format_on, kind_of
from hoptac.foundation.documents.official.structure import (
    OfficialDocument,
    Recipients,
    Signature,
)

NBSP = "\u00a0"
BLANK = NBSP * 7
_ALPHABET = "abcdđeghiklmnopqrstuvxy"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def two_digits(number: int) -> str:
    """Return a number with a leading 0 below ten."""
    return f"{number:02d}"


def day_in_words(day: date | None) -> str:
    """Return "ngày 05 tháng 02 năm 2020": days below 10 and the months 1 and 2 get a leading 0."""
    if day is None:
        return f"ngày{NBSP}… tháng{NBSP}… năm{NBSP}…"
    month = two_digits(day.month) if day.month < 3 else str(day.month)
    return f"ngày{NBSP}{two_digits(day.day)} tháng{NBSP}{month} năm{NBSP}{day.year}"


def place_and_day(place: str, day: date | None) -> str:
    """Return "Kiên Giang, ngày 05 tháng 02 năm 2020"."""
    return f"{place}, {day_in_words(day)}" if place else day_in_words(day)


def short_day(day: date) -> str:
    """Return "05/02/2020"."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def symbol_of(profile: Profile, kind: str, body: str, unit: str = "") -> str:
    """Return what follows the number of a document.

    State: the kind and the body, ``BC-SKHĐT``; a letter the body and the drafting unit, ``UBND-KT``.
    Party: the kind and the body, ``CTr/TU``.

    :raises ValueError: the profile has no such kind
    """
    short = kind_of(profile, kind).abbreviation
    if profile == "party":
        return f"{short}/{body}" if short else body
    return f"{short}-{body}" if short else "-".join(p for p in (body, unit) if p)


def number_and_symbol(fmt: Format, number: int | str | None, symbol: str) -> str:
    """Return ``05/BC-SKHĐT`` or ``12-CTr/TU``; a blank to write on where there is no number yet."""
    shown = BLANK if number is None else two_digits(number) if isinstance(number, int) else number
    return f"{shown}{fmt.number_joint}{symbol}" if symbol else shown


def number_line(fmt: Format, number: int | str | None, symbol: str) -> str:
    """Return ``Số: 05/BC-SKHĐT``; of the Party ``Số 12-CTr/TU``, without a colon; nothing for what has no number."""
    if number == "" and not symbol:
        return ""
    return (fmt.number_word + number_and_symbol(fmt, number, symbol)).replace(" ", NBSP)


def kind_name(document: OfficialDocument) -> str:
    """Return the name of the document's kind as a sentence has it: "Báo cáo"."""
    return document.kind_name or kind_of(document.profile, document.kind).name


def citation(document: OfficialDocument) -> str:
    """Return how another page cites the document: its kind, number, day and issuer."""
    fmt = format_on(document.profile, document.day)
    number = number_and_symbol(fmt, document.number, document.symbol)
    issuer = " ".join(lines_of(document.issuer))
    comma = "," if document.profile == "party" else ""
    return (
        f"{kind_name(document)} số{NBSP}{number}{comma} {day_in_words(document.day)} của {issuer}"
    )


def file_name(document: OfficialDocument, ending: str) -> str:
    """Return what a file of the document is called: "Báo cáo 05-BC-SKHĐT.pdf"; without number by its title."""
    if document.number in (None, ""):
        said = f"{kind_name(document)} {document.about}"[:100].strip()
    else:
        fmt = format_on(document.profile, document.day)
        said = f"{kind_name(document)} {number_and_symbol(fmt, document.number, document.symbol)}"
    plain = "".join("-" if c in '/\\:*?"<>|' else c for c in said if c.isprintable())
    return f"{plain}.{ending}"


def roman(number: int) -> str:
    """Return a number from 1 in Roman figures."""
    found = ""
    for value, sign in _ROMAN:
        while number >= value:
            found, number = found + sign, number - value
    return found


def letter(number: int) -> str:
    """Return the letter that counts a point (điểm): a, b, c, d, đ, e, g …; after y come aa, bb …"""
    times, at = divmod(number - 1, len(_ALPHABET))
    return _ALPHABET[at] * (times + 1)


def lines_of(text: str | Sequence[str]) -> list[str]:
    """Return a name as the lines in which it was given."""
    return [line for line in ([text] if isinstance(text, str) else text) if line]


def powers(fmt: Format, signature: Signature) -> list[str]:
    """Return the lines above a signature in capitals: TM. …, KT. …, then the own post."""
    said: dict[str, str] = {
        "on_behalf": fmt.on_behalf,
        "deputy": fmt.deputy,
        "by_order": fmt.by_order,
        "by_authorisation": fmt.by_authorisation,
    }
    above = [f"{said[a.capacity].strip()} {a.of}".upper() for a in signature.authorities]
    own = f"{fmt.acting.strip()} {signature.post}" if signature.acting else signature.post
    return [*above, own.upper()] if own else above


def listed(items: Sequence[str], ending: str, last: str = ".") -> list[str]:
    """Return items as a list on paper ends them: ``;`` after each, a full stop after the last."""
    bare = [item.rstrip(" ;,.") for item in items]
    return [f"{item}{ending if at < len(bare) - 1 else last}" for at, item in enumerate(bare)]


def receivers(fmt: Format, recipients: Recipients, *, has_addressees: bool) -> list[str]:
    """Return the lines beneath "Nơi nhận:", the last of which says where the document is kept.

    State: "- Lưu: VT, KT (20b)."; Party: "- Lưu Văn phòng Tỉnh ủy."
    """
    as_above = has_addressees if recipients.as_above is None else recipients.as_above
    names = ["Như trên", *recipients.names] if as_above else list(recipients.names)
    kept = ", ".join([*recipients.archive, *([recipients.drafter] if recipients.drafter else [])])
    if kept or recipients.copies:
        copies = f"({recipients.copies}b)" if recipients.copies else ""
        names.append(" ".join(p for p in (fmt.archive_word.strip(), kept, copies) if p))
    return [f"- {line}" for line in listed(names, fmt.receiver_ending)]


def addressed(fmt: Format, addressees: Sequence[str]) -> list[str]:
    """Return the lines of "Kính gửi": one addressee beside the word, several beneath it."""
    if len(addressees) == 1:
        return [f"Kính gửi: {addressees[0]}"]
    return ["Kính gửi:", *(f"- {line}" for line in listed(addressees, fmt.receiver_ending))]
