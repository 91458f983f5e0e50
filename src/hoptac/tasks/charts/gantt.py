"""The bars of tasks over time: pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

# Sizes of the drawing, in its own units.
LABELS, WIDTH, ROW, HEAD = 360, 1200, 30, 44
_BAR = 14


@dataclass(frozen=True, kw_only=True)
class Zoom:
    """How much time is shown at once, how far one steps, how long one unit of the scale is (months)."""

    months: int
    step: int
    unit: int


ZOOMS = {
    "month": Zoom(months=3, step=1, unit=1),
    "quarter": Zoom(months=15, step=6, unit=1),
    "year": Zoom(months=60, step=24, unit=6),
}


def add_months(day: date, months: int) -> date:
    """Return the first of the month so many months on."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True, kw_only=True)
class Span:
    """One stretch of work: from its beginning to its due day.

    ``is_ahead``: computed, not begun yet. ``is_open``: no due day is set, it goes on beyond the chart.
    """

    begins_on: date
    ends_on: date
    percent: int = 0
    is_done: bool = False
    is_late: bool = False
    is_ahead: bool = False
    is_open: bool = False


@dataclass(kw_only=True)
class Line:
    """What is to be drawn in one row: a task with its stretches, or the heading of a group."""

    key: Any
    label: str
    spans: list[Span] = field(default_factory=list)
    needs: list[Any] = field(default_factory=list)
    is_heading: bool = False
    extra: Any = None


@dataclass(frozen=True, kw_only=True)
class Bar:
    x: float
    y: float
    width: float
    height: int
    filled: float
    css: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row as drawn: its line, where its words stand, its bars."""

    line: Line
    y: int
    text_y: int
    bars: tuple[Bar, ...]
    is_before: bool = False
    is_after: bool = False


@dataclass(frozen=True, kw_only=True)
class Tick:
    x: float
    label: str
    css: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A whole chart."""

    begins_on: date
    ends_on: date
    height: int
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    links: tuple[str, ...]
    today_x: float | None
    width: int = WIDTH
    labels: int = LABELS
    head: int = HEAD


def draw(lines: Sequence[Line], *, begins_on: date, zoom: Zoom, today: date) -> Drawing:
    """Lay out lines over the zoom's time from the first of a month; what lies outside is cut off."""
    ends_on = add_months(begins_on, zoom.months) - timedelta(days=1)
    scale = _Scale(begins_on, ends_on)
    rows: list[Row] = []
    ends: dict[Any, tuple[float, float, int]] = {}
    for index, line in enumerate(lines):
        y = HEAD + index * ROW
        shown = [s for s in line.spans if s.ends_on >= begins_on and s.begins_on <= ends_on]
        bars = tuple(scale.bar(s, y) for s in shown)
        if bars:
            ends[line.key] = (bars[0].x, bars[-1].x + bars[-1].width, y + ROW // 2)
        rows.append(
            Row(
                line=line, y=y, text_y=y + 19, bars=bars,
                is_before=not bars and any(s.ends_on < begins_on for s in line.spans),
                is_after=not bars and any(s.begins_on > ends_on for s in line.spans),
            )
        )  # fmt: skip
    links = tuple(
        _link(ends[needed], ends[row.line.key])
        for row in rows
        for needed in row.line.needs
        if needed in ends and row.line.key in ends
    )
    return Drawing(
        begins_on=begins_on, ends_on=ends_on, height=HEAD + len(lines) * ROW + 8, rows=tuple(rows),
        ticks=tuple(_ticks(scale, zoom)), links=links,
        today_x=scale.x(today) if begins_on <= today <= ends_on else None,
    )  # fmt: skip


@dataclass(frozen=True)
class _Scale:
    begins_on: date
    ends_on: date

    def x(self, day: date) -> float:
        """Return where a day begins; days outside stand at the edge."""
        length = (self.ends_on - self.begins_on).days + 1
        passed = min(max((day - self.begins_on).days, 0), length)
        return round(LABELS + passed * (WIDTH - LABELS) / length, 1)

    def bar(self, span: Span, y: int) -> Bar:
        left, right = self.x(span.begins_on), self.x(span.ends_on + timedelta(days=1))
        width = max(round(right - left, 1), 3)
        if span.is_ahead:
            css = "ahead"
        elif span.is_done:
            css = "done"
        elif span.is_open:
            css = "open"
        else:
            css = "late" if span.is_late else "running"
        return Bar(
            x=left, y=y + (ROW - _BAR) / 2, width=width, height=_BAR, css=css,
            filled=round(width * span.percent / 100, 1),
        )  # fmt: skip


def _ticks(scale: _Scale, zoom: Zoom) -> Iterable[Tick]:
    day = scale.begins_on
    first = True
    while day <= scale.ends_on:
        if zoom.unit == 1:
            label = f"{day.month}/{day.year}" if first or day.month == 1 else str(day.month)
        else:
            label = f"{day.month}/{day.year}"
        first = False
        yield Tick(x=scale.x(day), label=label, css="year" if day.month == 1 else "")
        day = add_months(day, zoom.unit)


def _link(start: tuple[float, float, int], end: tuple[float, float, int]) -> str:
    """Return the path of an arrow from the end of what is needed to the beginning of what waits."""
    x1, y1, x2, y2 = start[1], start[2], end[0], end[2]
    middle = max(x1, x2 - 8) if x2 > x1 + 8 else x1 + 6
    return f"M{x1} {y1}H{middle}V{y2}H{x2}"
