"""Which documents a text names: numbered, named (laws) or known by the meeting that passed them."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from hoptac.directives.reading.actors import actor_at
from hoptac.directives.reading.dates import DAY, day_of, ordinal, roman
from hoptac.directives.reading.flow import Piece
from hoptac.directives.reading.gazetteer import key
from hoptac.directives.reading.result import Mention, Reference, Why
from hoptac.directives.reading.words import UPPER, one_of
from hoptac.foundation.rulebook import read_topic


@dataclass(frozen=True)
class Kinds:
    """The kinds of documents by name and by the code in their symbols."""

    by_name: dict[str, dict[str, Any]]
    by_code: dict[str, str]
    names: re.Pattern[str]
    before: re.Pattern[str]


@functools.cache
def kinds() -> Kinds:
    """Return the kinds of documents as the rulebook lists them."""
    rows = read_topic("directives/documents")["kind"]
    by_name = {key(row["name"]): row for row in rows}
    by_code: dict[str, str] = {}
    for row in rows:
        if row["code"]:
            by_code[row["code"].lower()] = row["name"]  # the plainest name comes last
    by_code["tt"] = "Thông tư"
    names = one_of(by_name)
    return Kinds(
        by_name,
        by_code,
        names,
        re.compile(rf"({names.pattern})\s*(?:liên tịch\s*)?(?:số|số:)?\s*$"),
    )


@dataclass
class Cited:
    """One place where a document is named."""

    piece: Piece
    start: int
    end: int
    kind: str = ""
    number: str = ""
    symbol: str = ""
    on: date | None = None
    year: int | None = None
    issuer: str = ""
    name: str = ""
    title: str = ""
    meeting: tuple[int, int] | None = None
    """Number of the plenum and term of the Central Committee that passed it."""
    rule: str = ""
    role: str = ""
    section: str = ""
    same_as: Cited | None = field(default=None, repr=False)


# 13-NQ/TW, 87/KH-UBND, 23/2012/QH13, 193/2013/NĐ-CP, 30c/NQ-CP, 02/LMHTXVN-CSPT; blanks where a line was cut
_LETTERS = rf"[{UPPER}][{UPPER}a-zđ&]*\d{{0,2}}"
_SYMBOL = re.compile(
    rf"(?<![\w/-])(?P<number>\d{{1,5}}[a-zđ]?)\s?(?:/\s?(?P<year>(?:19|20)\d{{2}})\s?)?"
    rf"(?P<sign>[-–/])\s?(?P<letters>{_LETTERS}(?:(?:\s?[-–/]\s?|\.){_LETTERS}){{0,3}})(?![\w])"
)
_NO = re.compile(r"(?:số|số:)\s*$")
_PARTY_BODIES = frozenset({"tw", "tu", "hu", "đu", "thu", "qu", "tvu", "bbt", "bct", "btv", "vptw", "vptu", "btgtw", "btctw", "ubkttw", "ubkttu", "btgtu", "bcs", "bcsđ", "bđtw", "bcsđu"})  # fmt: skip
_NUMBER_ONLY = re.compile(
    r"\s+(?:số\s*:?\s*)?(?P<number>\d{1,5})(?:/(?P<year>(?:19|20)\d{2}))?(?![\w/%.,-]*\d)(?![-/])"
)
_PLENUM = re.compile(
    r"nghị quyết\s+(?:số\s+)?(?:của\s+)?(?:hội nghị\s+)?(?:(?:lần thứ|lần)\s+(?P<a>\w+)\s*,?\s*)?(?:của\s+)?(?:ban chấp hành\s+|bch\s+)?"
    r"(?:trung ương|tw)(?:\s+đảng)?(?:\s+(?:lần thứ\s+)?(?P<b>\d{1,2}|năm|sáu|bảy|tám|chín|mười|ba|tư|hai|[ivx]{1,4})(?!\w))?"
    r"(?:\s*,)?\s*\(?\s*khóa\s+(?P<term>[ivx]+)\s*\)?"
)
_PLENUM_AFTER = re.compile(
    r"\s*,?\s*(?:của\s+|tại\s+)?(?:hội nghị\s+)(?:(?:lần thứ|lần)\s+(?P<a>\w+)\s*,?\s*)?(?:của\s+)?(?:ban chấp hành\s+|bch\s+)?(?:trung ương|tw)"
    r"(?:\s+đảng)?(?:\s+(?:lần thứ\s+)?(?P<b>\w+))?(?:\s*,)?\s*\(?\s*khóa\s+(?P<term>[ivx]+)\s*\)?"
)
_CONGRESS = re.compile(
    r"(?:nghị quyết|văn kiện)\s+đại hội\s+(?:đại biểu\s+)?(?:đảng bộ\s+)?(?:toàn quốc\s+)?(?:lần thứ\s+(?P<a>[ivx\d]+)\s+)?"
    r"(?:của\s+)?(?:(?:đảng bộ\s+|đảng\s+|đảng cộng sản việt nam\s*)?(?:tỉnh|thành phố|huyện)?[^.,;()]{0,25}?)?(?:lần thứ\s+(?P<b>[ivx]+|\d{1,2}))(?!\w)"
)
_TERM = re.compile(r"\s*\(?\s*khóa\s+(?P<term>[ivx]+)\s*\)?(?!\w)")
_LAW = re.compile(
    rf"(?<!\w)(?P<kind>Bộ luật|Bộ Luật|Luật|Pháp lệnh|Hiến pháp)(?=\s+(?:[{UPPER}]|sửa đổi|năm \d|\d{{4}}|số))"
)
_LAW_END = re.compile(
    r"\s*(?:[,;.:()\"”]|$|(?<!\w)(?:số|ngày|năm|\d{4}|của quốc hội|được|trên|đến|quy định|cho|trong|để|tại|nhằm|theo|này|có|là|mới|sửa đổi|vào|do|đã|từ|hiện hành)(?!\w)|và\s+(?:các|những|kế hoạch|chính sách|văn bản|luật|nghị|quyết|thông|chỉ|hướng))"
)
_AMENDING_END = re.compile(r"\s*(?:[;.()]|(?<!\w)(?:ngày|năm)\s+\d|(?<!\w)số\s+\d|$)")
_ISSUED_BY = re.compile(r"\s*,?\s*(?:của|do)\s+")
_TITLE = re.compile(r"\s*,?\s*(?:về việc|về|v/v|ban hành|phê duyệt|quy định|hướng dẫn)\s+(?=\S)")
_TITLE_END = re.compile(rf"[;(]|\.(?:\s|$)|,\s+(?=(?:[{UPPER}]|số\s))|\s+\((?:viết|sau|gọi)|:\s*$")


def citations(piece: Piece) -> list[Cited]:
    """Return every place of a piece where a document is named, from left to right."""
    found = [*_numbered(piece), *_laws(piece), *_by_meeting(piece)]
    found.sort(key=lambda c: (c.start, -c.end))
    kept: list[Cited] = []
    for one in found:
        if kept and one.start < kept[-1].end:
            continue
        kept.append(one)
    kept += _only_numbers(piece, kept)
    kept.sort(key=lambda c: c.start)
    for before, after in itertools.pairwise(kept):
        between = piece.text[before.end : after.start].strip()
        closes = piece.text[after.end : after.end + 40].lstrip()[:1] == ")"
        if between == "(" and closes and not (before.symbol and after.symbol):
            after.same_as = before
    return kept


def normal_symbol(number: str, year: str, letters: str) -> str:
    """Return a symbol in its normal form, its number as written: *13-NQ/TW* for the Party, *87/KH-UBND* for the State."""
    parts = re.split(r"\s?[-–/.]\s?", letters)
    if len(parts) == 1 and (glued := _GLUED.match(parts[0])):
        parts = [glued["kind"], glued["body"]]
    if not year and len(parts) >= 2 and parts[-1].lower() in _PARTY_BODIES:
        return f"{number}-{'-'.join(parts[:-1])}/{parts[-1]}"
    if year:
        return f"{number}/{year}/{'-'.join(parts)}"
    return f"{number}/{'-'.join(parts)}"


# A file that lost its hyphens: 61/2018/NĐCP, 1961/QĐUBND
_GLUED = re.compile(
    r"(?P<kind>NĐ|NQ|QĐ|KH|CT|TTr|TT|BC|CTr|TB|KL|ĐA|HD)(?P<body>CP|TTg|UBND|HĐND|TW|TU|VPCP|B[A-ZĐ]{2,8}|S[A-ZĐ]{2,6})$"
)


def kind_of_symbol(letters: str) -> str:
    """Return the kind that a symbol's letters tell: their first part, or an official letter."""
    first = re.split(r"\s?[-–/.]\s?", letters)[0]
    if glued := _GLUED.match(first):
        first = glued["kind"]
    known = kinds().by_code.get(first.lower())
    if known:
        return known
    if first.startswith(("QH", "UBTVQH")):
        return ""
    return "Công văn"


def _numbered(piece: Piece) -> list[Cited]:
    found = []
    for match in _SYMBOL.finditer(piece.text):
        letters = match["letters"]
        if not any(len(p) >= 2 for p in re.split(r"[-–/.\s]", letters)):
            continue
        if match["sign"] in "-–" and "/" not in letters and "." not in letters:
            continue  # 5-HTX is no symbol
        start = match.start()
        before = kinds().before.search(piece.low, max(0, start - 60), start)
        kind = kind_of_symbol(letters)
        if before:
            start = before.start(1)
            kind = str(kinds().by_name[" ".join(before[1].split())]["name"])
        else:
            number = _NO.search(piece.low, max(0, start - 8), start)
            start = number.start() if number else start
        law = _law_before(piece, match.start())
        if law:
            start, kind = law
        cited = Cited(
            piece, start, match.end(), kind, match["number"],
            normal_symbol(match["number"], match["year"] or "", letters),
            year=int(match["year"]) if match["year"] else None,
            rule="reference.symbol",
        )  # fmt: skip
        if law:
            cited.name = _law_name(piece, start)
        _issue(cited)
        if not cited.issuer:
            cited.issuer = _issuer_of(letters)
        found.append(cited)
    return found


def _issuer_of(letters: str) -> str:
    table = read_topic("directives/documents")["issuers"]
    parts = re.split(r"\s?[-–/.]\s?", letters)
    joined = "-".join(parts)
    if joined in table:
        return str(table[joined])
    return str(table.get(re.sub(r"\d+$", "", parts[-1]), ""))


def _law_before(piece: Piece, place: int) -> tuple[int, str] | None:
    """Return where *Luật Hợp tác xã số* 17/2023/QH15 begins."""
    window = piece.text[max(0, place - 120) : place]
    last = list(_LAW.finditer(window))[-1:]
    found = last[0] if last else None
    if found is None or re.search(r"[;.]", window[found.end() :]):
        return None
    start = max(0, place - 120) + found.start()
    rest = piece.low[_law_end(piece, start + len(found["kind"])) : place]
    if not re.fullmatch(
        r"\s*(?:sửa đổi\s*)?(?:năm\s+\d{4}\s*)?(?:\(?\s*(?:luật\s+)?số:?\s*)?\(?", rest
    ):
        return None
    return start, "Luật" if found["kind"] == "Luật" else found["kind"].capitalize()


@functools.cache
def _law_names() -> tuple[dict[str, str], re.Pattern[str]]:
    laws = read_topic("directives/documents")["laws"]
    names = {key(n): n for n in laws["names"]} | {key(k): v for k, v in laws["short"].items()}
    return names, one_of(names)


def _law_end(piece: Piece, place: int) -> int:
    at = place
    while piece.text[at : at + 1] == " ":
        at += 1
    _names, pattern = _law_names()
    if piece.low.startswith("sửa đổi", at):  # an amending law names those it amends
        stop = _AMENDING_END.search(piece.low, at)
        return stop.start() if stop else len(piece.text)
    known = pattern.match(piece.low, at)
    if known:
        return known.end()
    end = _LAW_END.search(piece.low, at)
    return end.start() if end else len(piece.text)


def _law_name(piece: Piece, start: int) -> str:
    found = _LAW.match(piece.text, start)
    if found is None:
        return ""
    kind = "Luật" if found["kind"] == "Luật" else found["kind"].capitalize()
    words = " ".join(piece.text[found.end() : _law_end(piece, found.end())].split())
    names, _ = _law_names()
    return f"{kind} {names.get(key(words), words)}".strip()


def _laws(piece: Piece) -> list[Cited]:
    found = []
    done = 0
    for match in _LAW.finditer(piece.text):
        end = _law_end(piece, match.end())
        name = _law_name(piece, match.start())
        if len(name.split()) < 2 or end - match.start() > 300 or match.start() < done:
            continue
        done = end
        kind = "Luật" if match["kind"] == "Luật" else match["kind"].capitalize()
        cited = Cited(piece, match.start(), end, kind, name=name, rule="reference.law")
        year = re.compile(r"\s*(?:,?\s*\(?(?:năm)?\s*)((?:19|20)\d{2})\)?(?![\d/])").match(
            piece.low, end
        )
        if year:
            cited.year, cited.end = int(year[1]), year.end()
        else:
            _issue(cited)
            cited.year = cited.on.year if cited.on else None
        found.append(cited)
    return found


def _by_meeting(piece: Piece) -> list[Cited]:
    found = []
    for match in _PLENUM.finditer(piece.low):
        number, term = ordinal(match["a"] or match["b"] or ""), roman(match["term"])
        if not piece.text[match.start()].isupper() or not term or not number:
            continue
        cited = Cited(
            piece, match.start(), match.end(), "Nghị quyết", meeting=(number, term),
            issuer="Ban Chấp hành Trung ương", name=f"Nghị quyết Trung ương {number} khóa {match['term'].upper()}",
            rule="reference.meeting",
        )  # fmt: skip
        if piece.text[match.start() : match.end()].count("(") > piece.text[
            match.start() : match.end()
        ].count(")"):
            cited.end = match.end()
        _issue(cited)
        found.append(cited)
    for match in _CONGRESS.finditer(piece.low):
        name = " ".join(piece.text[match.start() : match.end()].split())
        cited = Cited(
            piece, match.start(), match.end(), "Nghị quyết", name=name, rule="reference.congress"
        )
        found.append(cited)
    return found


def _only_numbers(piece: Piece, known: list[Cited]) -> list[Cited]:
    """Return *Nghị quyết 20*, *Quyết định số 1804*: a kind with a bare number."""
    found = []
    for kind in kinds().names.finditer(piece.low):
        if not piece.text[kind.start()].isupper():
            continue
        if any(c.start <= kind.start() < c.end for c in known):
            continue
        name = str(kinds().by_name[" ".join(kind[0].split())]["name"])
        match = _NUMBER_ONLY.match(piece.low, kind.end())
        if match is None or name in ("Luật", "Bộ luật", "Dự án", "Hợp đồng", "Văn bản", "Báo cáo"):
            continue
        if "số" not in match[0] and (
            name not in ("Nghị quyết", "Kết luận", "Quyết định", "Nghị định", "Chỉ thị", "Thông tư", "Kế hoạch")
            or len(match["number"]) > 4 or re.match(r"\s*(?:năm|tháng|ngày)", piece.low[match.end() :])
            or int(match["number"]) in range(1990, 2060)
        ):  # fmt: skip
            continue
        cited = Cited(
            piece, kind.start(), match.end(), name, match["number"],
            year=int(match["year"]) if match["year"] else None, rule="reference.number",
        )  # fmt: skip
        _issue(cited)
        found.append(cited)
    return found


def _issue(cited: Cited) -> None:
    """Read day, issuer and title to the right of a citation, and move its end behind day and issuer."""
    piece, end = cited.piece, cited.end
    day = re.compile(r"\s*,?\s*(?:\(?\s*ban hành\s+)?" + DAY.pattern).match(piece.low, end)
    if day and (on := day_of(day)):
        cited.on, end = on, day.end()
    plenum = _PLENUM_AFTER.match(piece.low, end)
    if plenum:
        number = ordinal(plenum["a"] or plenum["b"] or "")
        if number:
            cited.meeting = (number, roman(plenum["term"]))
        cited.issuer = cited.issuer or "Ban Chấp hành Trung ương"
        end = plenum.end()
    by = _ISSUED_BY.match(piece.low, end)
    if by:
        actor = actor_at(piece, by.end())
        if actor is not None and actor.kind != "people":
            cited.issuer, end = actor.body or actor.name, actor.end
            term = _TERM.match(piece.low, end)
            if term:
                end = term.end()
        elif plenum is None:
            again = _PLENUM_AFTER.match(piece.low, by.start())
            if again:
                cited.issuer, end = "Ban Chấp hành Trung ương", again.end()
    if cited.on is None:
        day = re.compile(r"\s*,?\s*" + DAY.pattern).match(piece.low, end)
        if (
            day
            and piece.low[day.start() : day.end()].lstrip(" ,").startswith("ngày")
            and (on := day_of(day))
        ):
            cited.on, end = on, day.end()
    cited.end = end
    title = _TITLE.match(piece.low, end)
    if title:
        begin = title.start() + (len(title[0]) - len(title[0].lstrip(" ,")))
        stop = _TITLE_END.search(piece.text, title.end())
        until = stop.start() if stop else len(piece.text)
        if until - begin <= 400:
            cited.title = " ".join(piece.text[begin:until].split()).rstrip(" .,;:")


# --- One entry for each document


_Groups = dict[int, list["Cited"]]
_Meetings = dict[tuple[int, int], list["Cited"]]


def _by_symbol(found: list[Cited]) -> tuple[list[list[Cited]], _Groups, _Meetings]:
    groups: list[list[Cited]] = []
    by_symbol: dict[str, list[Cited]] = {}
    for cited in found:
        if cited.symbol:
            sign = cited.symbol.lower().lstrip("0")  # 05/KH-UBND is 5/KH-UBND
            if sign not in by_symbol:
                by_symbol[sign] = []
                groups.append(by_symbol[sign])
            by_symbol[sign].append(cited)
    where = {id(c): group for group in groups for c in group}
    meetings: _Meetings = {}
    for group in groups:
        for cited in group:
            if cited.meeting:
                meetings.setdefault(cited.meeting, group)
    return groups, where, meetings


def _join_brackets(found: list[Cited], where: _Groups, meetings: _Meetings) -> None:
    """Join a name in brackets to the one before it."""
    for cited in found:  # the one without a symbol is the other
        other = cited.same_as
        if other is None:
            continue
        with_symbol, without = (cited, other) if cited.symbol else (other, cited)
        group = where.get(id(with_symbol))
        if group is not None and id(without) not in where and without.kind == with_symbol.kind:
            group.append(without)
            where[id(without)] = group
            if without.meeting:
                meetings.setdefault(without.meeting, group)


def _join_others(
    found: list[Cited], groups: list[list[Cited]], where: _Groups, meetings: _Meetings
) -> None:
    """Join laws, meetings and bare numbers to what they name, or begin a group for each."""
    years: dict[str, set[int]] = {}
    laws: dict[tuple[str, int | None], list[Cited]] = {}
    for cited in found:
        if cited.name and cited.kind in _LAWS:
            if cited.year:
                years.setdefault(key(cited.name), set()).add(cited.year)
            group = where.get(id(cited))
            if group is not None:
                laws.setdefault((key(cited.name), cited.year), group)
    for cited in found:
        if id(cited) in where:
            continue
        sign = (key(cited.name), _year_of(cited, years))
        known = _group_of(cited, groups, meetings, laws, sign)
        if known is None:
            known = []
            groups.append(known)
        known.append(cited)
        where[id(cited)] = known
        if cited.meeting:
            meetings.setdefault(cited.meeting, known)
        if cited.rule in ("reference.law", "reference.congress"):
            laws.setdefault(sign, known)


def merge(found: list[Cited]) -> list[Reference]:
    """Return one reference for each document; what names it in other words is joined to it.

    Joined are equal symbols; a kind and number to the only symbol that has them; a name in brackets
    behind another; a resolution known by its meeting to the one said to come from that meeting; a law without a
    year to the only one of its name.
    """
    groups, where, meetings = _by_symbol(found)
    _join_brackets(found, where, meetings)
    _join_others(found, groups, where, meetings)
    order = {id(c): i for i, c in enumerate(found)}
    for group in groups:
        group.sort(key=lambda c: order[id(c)])
    groups.sort(key=lambda g: order[id(g[0])])
    return [_entry(i, group) for i, group in enumerate(groups, start=1)]


_LAWS = ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")


def _year_of(cited: Cited, years: dict[str, set[int]]) -> int | None:
    """Return a law's year: its own, or the only one with which the text names a law of this name."""
    if cited.year:
        return cited.year
    known = years.get(key(cited.name), set()) if cited.kind in _LAWS else set()
    return next(iter(known)) if len(known) == 1 else None


def _group_of(
    cited: Cited,
    groups: list[list[Cited]],
    meetings: dict[tuple[int, int], list[Cited]],
    laws: dict[tuple[str, int | None], list[Cited]],
    sign: tuple[str, int | None],
) -> list[Cited] | None:
    if cited.meeting:
        return meetings.get(cited.meeting)
    if cited.rule == "reference.number":
        fits = [
            g for g in groups
            if g[0].number.lstrip("0") == cited.number.lstrip("0") and g[0].kind == cited.kind
            and (cited.year is None or g[0].year in (None, cited.year))
        ]  # fmt: skip
        return fits[0] if len(fits) == 1 else None
    if cited.rule in ("reference.law", "reference.congress"):
        return laws.get(sign)
    return None


def _entry(number: int, group: list[Cited]) -> Reference:
    best = max(group, key=lambda c: (bool(c.symbol), c.on is not None, bool(c.issuer), len(c.kind)))
    kind = max((c.kind for c in group), key=len)
    symbols = [c.symbol for c in group if c.symbol]  # in a title in capitals *QĐ-TTg* is QĐ-TTG
    symbol = next((s for s in symbols if not s.isupper()), (symbols or [""])[0])
    on = next((c.on for c in group if c.on), None)
    issuer = max((c.issuer for c in group), key=len)
    year = next((c.year for c in group if c.year), None) or (on.year if on else None)
    law = next(
        (
            c.name
            for c in group
            if c.name and c.kind in ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")
        ),
        "",
    )
    if law:
        name = f"{law} {year}" if year and str(year) not in law else law
    elif symbol:
        name = f"{kind or 'Văn bản'} số {symbol}"
    else:
        names = [c.name for c in group if c.name]
        name = next((n for n in names if not n.isupper()), best.name) or f"{kind} số {best.number}"
    roles = [c.role for c in group if c.role]
    role = next((r for r in roles if r in ("replaces", "amends")), (roles or [""])[0])
    return Reference(
        id=f"R{number}", name=name, kind=kind, symbol=symbol,
        number=next((c.number for c in group if c.number), ""), issued_on=on, year=year, issuer=issuer,
        title=max((c.title for c in group), key=len), role=role,
        mentions=tuple(
            Mention(
                text=" ".join(c.piece.text[c.start : c.end].split()), span=c.piece.span(c.start, c.end), section=c.section
            )
            for c in group
        ),
        why=tuple(
            Why(rule=rule, words=" ".join(c.piece.text[c.start : c.end].split()), span=c.piece.span(c.start, c.end))
            for rule, c in {c.rule: c for c in reversed(group)}.items()
        ),
    )  # fmt: skip


def numbered_again(reference: Reference, number: int) -> Reference:
    """Return the reference under another number."""
    return replace(reference, id=f"R{number}")
