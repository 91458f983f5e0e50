"""Until when and how often: deadlines and recurrences as a clause states them, with the words they come from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from hoptac.directives.reading.dates import DAY, day_of, last_day, make, roman
from hoptac.directives.reading.flow import Piece
from hoptac.directives.reading.result import Deadline, Recurrence


@dataclass(frozen=True)
class Timed:
    """A deadline or a recurrence at a place of a piece, with the rule that read it."""

    start: int
    end: int
    rule: str
    deadline: Deadline | None = None
    recurrence: Recurrence | None = None


_YEAR = r"(?:19|20)\d{2}"
_EVERY = r"(?:hằng|hàng|mỗi|từng)"
_BEFORE = r"(?:(?:hoàn thành|xong|chậm nhất|muộn nhất)\s+(?:là\s+)?(?:trước|vào|trong|đến hết|đến|hết)?\s*|(?:trước|chậm nhất là|chậm nhất|muộn nhất|đến hết|hết|đến|vào|xong trước|xong trong)\s+)"
_DAY_MONTH = r"(?P<day>\d{1,2})\s?(?:[/.-]|\s*tháng\s*)\s?(?P<month>\d{1,2})(?!\s?[/.-]\s?\d)(?!\d)"
_OF_YEAR = rf"(?:\s*(?:của\s+)?(?:{_EVERY}\s+năm|(?:của\s+)?năm\s+(?:sau|trước|liền kề|kế tiếp|báo cáo|đó|kế hoạch)|các năm))"

_WHOLE_DAY = re.compile(
    rf"(?:(?:{_BEFORE})?(?:ngày\s+)?|từ\s+ngày\s+){DAY.pattern.removeprefix('(?:ngày' + chr(92) + 's+)?')}"
)
_DAY_OF_YEAR = re.compile(rf"(?:{_BEFORE})?(?:ngày\s+)?{_DAY_MONTH}{_OF_YEAR}")
_MONTH_OF_YEAR = re.compile(
    rf"(?:(?:{_BEFORE}|trong\s+|cuối\s+|đầu\s+))?(?<![\w/])tháng\s+(?P<month>1[0-2]|0?[1-9])(?!\d){_OF_YEAR}"
)
_YEARLY_BY = re.compile(
    rf"(?:{_EVERY}\s+năm\s*,?\s*(?:\(?\s*)?(?:báo cáo\s+)?(?:{_BEFORE})?(?:ngày\s+)?{_DAY_MONTH})"
)
_DAY_NO_YEAR = re.compile(rf"(?:{_BEFORE})(?:ngày\s+)?{_DAY_MONTH}")
_DAY_OF_PERIOD = re.compile(
    rf"(?:{_BEFORE})?(?:ngày\s+)?(?P<day>\d{{1,2}})\s+(?:của\s+)?(?:{_EVERY}\s+(?P<one>tháng|quý)|(?:của\s+)?tháng\s+(?P<two>cuối\s+(?:{_EVERY}\s+)?quý|đầu\s+(?:{_EVERY}\s+)?quý|cuối\s+quý|cuối))"
)
_MONTH = re.compile(
    rf"(?:(?:hoàn thành|xong)\s+(?:trước|trong)?\s*|(?:trong|trước|đến|hết|vào|cuối|đến hết|từ)\s+)?(?:cuối\s+|đầu\s+)?tháng\s+(?P<month>\d{{1,2}})\s*(?:[/.-]|\s+năm)\s*(?P<year>{_YEAR})"
)
_MONTHS = re.compile(
    rf"từ\s+tháng\s+(?P<m1>\d{{1,2}})\s*(?:[/.-]|\s+năm)\s*(?P<y1>{_YEAR})\s*(?:đến|-)\s*(?:hết\s+)?tháng\s+(?P<m2>\d{{1,2}})\s*(?:[/.-]|\s+năm)\s*(?P<y2>{_YEAR})"
)
_QUARTER = re.compile(
    rf"(?:(?:hoàn thành|xong)\s+(?:trước|trong)?\s*|(?:trong|trước|đến|hết|vào|cuối|đến hết)\s+)?(?:cuối\s+)?quý\s+(?P<q>i{{1,3}}|iv|[1-4])(?:\s*(?:,|và|-)\s*(?:quý\s+)?(?P<q2>i{{1,3}}|iv|[1-4])(?!\w))?\s*(?:[/-]|\s*năm|,)?\s*(?P<year>{_YEAR})"
)
_HALF = re.compile(
    rf"(?:trong\s+)?(?:6|06|sáu)\s+tháng\s+(?P<half>đầu|cuối)\s+năm\s+(?P<year>{_YEAR})"
)
_STRETCH = re.compile(
    rf"(?:(?:trong\s+)?(?:giai đoạn|các năm|thời kỳ|nhiệm kỳ|từ năm)\s+(?:từ\s+)?(?:năm\s+)?)(?P<a>{_YEAR})\s*(?:-|đến\s+(?:hết\s+)?(?:năm\s+)?|tới\s+)\s*(?P<b>{_YEAR})"
)
_BARE_STRETCH = re.compile(
    rf"^\s*(?:từ\s+)?(?:năm\s+)?(?P<a>{_YEAR})\s*(?:-|đến)\s*(?:năm\s+)?(?P<b>{_YEAR})"
)
_BY_YEAR = re.compile(
    rf"(?:(?:đến|trước|hết|trong|vào|đến hết|đến cuối|cuối|hoàn thành trong|hoàn thành trước|xong trong)\s+(?:cuối\s+)?năm\s+)(?P<year>{_YEAR})(?!\s*-)"
)
_BARE_YEAR = re.compile(rf"^\s*(?:năm\s+)?(?P<year>{_YEAR})\s*\.?$")
_TERM = re.compile(
    r"(?:(?:trong|trước)\s+(?:vòng|thời hạn|thời gian)?\s*|chậm nhất\s+(?:là\s+)?(?:sau\s+)?|không quá\s+|tối đa\s+|sau\s+)"
    r"(?P<n>\d{1,3})(?:\s*\([^)]{1,20}\))?\s+(?P<unit>ngày làm việc|ngày|tuần|tháng|năm|giờ)(?!\w)"
    r"(?P<from>,?\s+(?:kể từ|tính từ|sau khi|từ khi|từ ngày|trước khi)\s+[^.;]{3,120}?(?=,\s|[.;]|$))?"
)
_PERIODIC = re.compile(
    rf"(?:(?:báo cáo\s+)?định kỳ\s*(?:,?\s*(?:theo\s+)?(?:{_EVERY}\s+)?(?=(?:tuần|tháng|quý|năm|6|06|sáu|9|nửa|03|3)))?|{_EVERY}\s+|(?<!\w)(?=(?:6|06|sáu)\s+tháng(?:\s*(?:,|và|/|đầu)|\s+một lần)))"
    r"(?P<list>(?:tuần|tháng|quý|năm|(?:6|06|sáu|9|09|chín|3|03)\s+tháng(?:\s+(?:đầu năm|cuối năm|một lần|/\s*lần|1 lần))?|nửa năm|nhiệm kỳ)"
    r"(?:(?:\s*,\s*(?:và\s+)?|\s+và\s+|\s*/\s*|\s+hoặc\s+|\s*-\s*)(?:(?:định kỳ\s+)?(?:hằng|hàng|cả|01|1|một)\s+)?(?:tuần|tháng|quý|năm|(?:6|06|sáu|9|09|chín|3|03)\s+tháng|cả năm)(?:\s+(?:đầu năm|cuối năm|một lần))?)*)(?!\w)"
)
_TIMES = re.compile(
    r"(?:ít nhất\s+|tối thiểu\s+)?(?P<n>\d{1,2}|một|hai)\s*lần\s*(?:/|trong\s+(?:một\s+|1\s+)?|một\s+|mỗi\s+)\s*(?P<unit>tuần|tháng|quý|năm|6 tháng)|(?P<n2>\d{1,2}|một)\s+(?:tháng|quý|năm)\s+một\s+lần"
)
_PLAIN_PERIODIC = re.compile(r"(?<!\w)(?:định kỳ)(?!\w)")
_CONTINUOUS = re.compile(
    r"(?<!\w)(?<!trọng tâm )(?<!nhiệm vụ )(?<!công tác )(?<!hoạt động )(?<!chi )(?<!vốn )(?<!kinh phí )(?<!nguồn )thường xuyên(?!\w)(?!\s+(?:của|về|tại|bền vững))"
)
_UNITS = {
    "ngày làm việc": "working_day", "ngày": "day", "tuần": "week", "tháng": "month", "năm": "year", "giờ": "hour",
}  # fmt: skip


def times_of(piece: Piece, start: int, end: int, on: date | None = None) -> list[Timed]:
    """Return what a stretch of a piece says of time, from left to right.

    :param on: the day of the document, for days without a year
    """
    found: list[Timed] = []
    low = piece.low
    for rule, pattern, read in _READERS:
        for match in pattern.finditer(low, start, end):
            if any(t.start < match.end() and match.start() < t.end for t in found):
                continue
            if match.start() > 0 and (
                low[match.start() - 1].isalnum() or low[match.start() - 1] == "/"
            ):
                continue
            timed = read(piece, match, on)
            if timed is not None:
                found.append(replace(timed, rule=rule))
    return sorted(found, key=lambda t: t.start)


def time_in_cell(piece: Piece, on: date | None = None) -> list[Timed]:
    """Return what a cell or a labelled line says of time; a bare year or stretch counts too."""
    found = times_of(piece, 0, len(piece.text), on)
    if found:
        return found
    match = DAY.search(piece.low)
    if match and (found_day := day_of(match)):
        return [_deadline(piece, match, found_day, rule="when.day")]
    match = _BARE_STRETCH.match(piece.low)
    if match:
        timed = _stretch(piece, match, on)
        return [replace(timed, rule="when.stretch")] if timed else []
    match = _BARE_YEAR.match(piece.low)
    if match:
        timed = _by_year(piece, match, on)
        return [replace(timed, rule="when.year")] if timed else []
    match = re.match(r"^\s*(?:trong\s+)?quý\s+(i{1,3}|iv|[1-4])\s*$", piece.low)
    if match and on:
        quarter = roman(match[1]) or int(match[1])
        return [_deadline(piece, match, last_day(on.year, quarter * 3), rule="when.quarter")]
    return []


def _words(piece: Piece, match: re.Match[str]) -> str:
    return " ".join(piece.text[match.start() : match.end()].split())


def _deadline(
    piece: Piece, match: re.Match[str], on: date | None, begins: date | None = None, rule: str = ""
) -> Timed:
    span = piece.span(match.start(), match.end())
    return Timed(
        match.start(), match.end(), rule,
        deadline=Deadline(text=_words(piece, match), span=span, on=on, begins=begins),
    )  # fmt: skip


def _recurrence(
    piece: Piece, match: re.Match[str], every: tuple[str, ...], day: int | None = None, month: int | None = None
) -> Timed:  # fmt: skip
    span = piece.span(match.start(), match.end())
    return Timed(
        match.start(), match.end(), "",
        recurrence=Recurrence(text=_words(piece, match), span=span, every=every, day=day, month=month),
    )  # fmt: skip


def _whole_day(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    words = match[0]
    if not re.match(_BEFORE, words):
        return None  # the day of some document, not a day to keep
    found = day_of(match)
    return _deadline(piece, match, found) if found else None


def _day_of_year(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    day, month = int(match["day"]), int(match["month"])
    if make(2024, month, day) is None:
        return None
    return _recurrence(piece, match, ("year",), day, month)


def _month_of_year(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    """*Tháng 11 hằng năm*: to the month's last day."""
    month = int(match["month"])
    return _recurrence(piece, match, ("year",), last_day(2023, month).day, month)


def _day_no_year(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    day, month = int(match["day"]), int(match["month"])
    if make(2024, month, day) is None:
        return None
    found = make(on.year, month, day) if on else None
    if found and on and found < on:
        found = make(on.year + 1, month, day)
    return _deadline(piece, match, found)


def _day_of_period(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    every = "month" if match["one"] == "tháng" else "quarter"
    return _recurrence(piece, match, (every,), int(match["day"]))


def _month(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    year, month = int(match["year"]), int(match["month"])
    if not 1 <= month <= 12:
        return None
    if re.match(r"(?:hoàn thành\s+)?trước", match[0]):
        return _deadline(piece, match, date.fromordinal(date(year, month, 1).toordinal() - 1))
    return _deadline(piece, match, last_day(year, month))


def _months(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    first, last = int(match["m1"]), int(match["m2"])
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None
    return _deadline(
        piece, match, last_day(int(match["y2"]), last), date(int(match["y1"]), first, 1)
    )


def _quarter(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    words = match["q2"] or match["q"]
    quarter = int(words) if words.isdigit() else roman(words)
    return _deadline(piece, match, last_day(int(match["year"]), quarter * 3))


def _half(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    return _deadline(
        piece, match, last_day(int(match["year"]), 6 if match["half"] == "đầu" else 12)
    )


def _stretch(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    first, last = int(match["a"]), int(match["b"])
    if last < first:
        return None
    return _deadline(piece, match, date(last, 12, 31), date(first, 1, 1))


def _by_year(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    year = int(match["year"])
    if match[0].startswith(("trước", "hoàn thành trước")):
        return _deadline(piece, match, date(year - 1, 12, 31))
    return _deadline(piece, match, date(year, 12, 31))


def _term(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    span = piece.span(match.start(), match.end())
    after = " ".join((match["from"] or "").strip(" ,").split())
    return Timed(
        match.start(), match.end(), "",
        deadline=Deadline(
            text=_words(piece, match), span=span, amount=int(match["n"]), unit=_UNITS[match["unit"]], runs_from=after
        ),
    )  # fmt: skip


def _periodic(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    words = match["list"]
    every = []
    for part in re.split(r"\s*[,/-]\s*|\s+và\s+|\s+hoặc\s+", words):
        unit = _unit_of(part)
        if unit and unit not in every:
            every.append(unit)
    return _recurrence(piece, match, tuple(every)) if every else None


def _unit_of(words: str) -> str:
    if re.search(r"(?:6|06|sáu)\s+tháng|nửa năm", words):
        return "half_year"
    if re.search(r"(?:9|09|chín)\s+tháng", words):
        return "nine_months"
    if re.search(r"(?:3|03)\s+tháng", words):
        return "quarter"
    for unit, name in (
        ("tuần", "week"),
        ("tháng", "month"),
        ("quý", "quarter"),
        ("năm", "year"),
        ("nhiệm kỳ", "term"),
    ):
        if unit in words:
            return name
    return ""


def _times(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    unit = _unit_of(match["unit"] or match[0])
    return _recurrence(piece, match, (unit,)) if unit else None


def _plain(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    return _recurrence(piece, match, ("periodic",))


def _continuous(piece: Piece, match: re.Match[str], on: date | None) -> Timed | None:
    return _recurrence(piece, match, ("continuous",))


_READERS = (
    ("when.day_of_year", _DAY_OF_YEAR, _day_of_year),
    ("when.day_of_year", _YEARLY_BY, _day_of_year),
    ("when.month_of_year", _MONTH_OF_YEAR, _month_of_year),
    ("when.day_of_period", _DAY_OF_PERIOD, _day_of_period),
    ("when.day", _WHOLE_DAY, _whole_day),
    ("when.term", _TERM, _term),
    ("when.months", _MONTHS, _months),
    ("when.month", _MONTH, _month),
    ("when.quarter", _QUARTER, _quarter),
    ("when.half", _HALF, _half),
    ("when.stretch", _STRETCH, _stretch),
    ("when.year", _BY_YEAR, _by_year),
    ("when.times", _TIMES, _times),
    ("when.periodic", _PERIODIC, _periodic),
    ("when.day_no_year", _DAY_NO_YEAR, _day_no_year),
    ("when.plain_periodic", _PLAIN_PERIODIC, _plain),
    ("when.continuous", _CONTINUOUS, _continuous),
)


def settle(times: list[Timed]) -> tuple[Deadline | None, Recurrence | None]:
    """Return the one deadline and the one recurrence of a clause.

    The nearest day wins over a stretch of years; *hằng năm* beside *trước ngày 15/12* gives the recurrence its
    day, and several periods become one recurrence.
    """
    deadlines = [t.deadline for t in times if t.deadline]
    recurrences = [t.recurrence for t in times if t.recurrence]
    telling = [
        r for r in recurrences if r.every not in (("continuous",), ("periodic",))
    ] or recurrences
    recurrence = telling[0] if telling else None
    if recurrence is not None and len(telling) > 1:
        every = tuple(dict.fromkeys(e for r in telling for e in r.every))
        dated = next((r for r in telling if r.day), recurrence)
        recurrence = replace(dated, every=every)
    exact = [d for d in deadlines if d.begins is None] or deadlines
    deadline = exact[0] if exact else None
    if recurrence is not None and deadline is not None and deadline.amount is None:
        bare = re.search(r"\d{4}", deadline.text) is None
        if bare and deadline.on and recurrence.day and recurrence.month:
            days = tuple(
                (d.on.day, d.on.month) for d in exact if d.on and not re.search(r"\d{4}", d.text)
            )
            recurrence = replace(recurrence, also=days, text=f"{deadline.text} … {recurrence.text}")
            deadline = None
        elif bare and deadline.on and not recurrence.day:
            every = recurrence.every if recurrence.every != ("periodic",) else ("year",)
            recurrence = replace(
                recurrence, every=every, day=deadline.on.day, month=deadline.on.month,
                text=f"{recurrence.text} … {deadline.text}",
            )  # fmt: skip
            deadline = None
    return deadline, recurrence
