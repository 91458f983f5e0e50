"""A year's calendar as a page shows it: twelve months, each day told in words and by a letter."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hoptac.foundation.rulebook.facts import words
from hoptac.foundation.working_days import rules
from hoptac.foundation.working_days.models import Kind
from hoptac.foundation.working_days.reckoning import Year
from hoptac.ui.templatetags.ui import day as shown_day

WEEKDAYS = (
    (gettext_lazy("Mo"), gettext_lazy("Monday")),
    (gettext_lazy("Tu"), gettext_lazy("Tuesday")),
    (gettext_lazy("We"), gettext_lazy("Wednesday")),
    (gettext_lazy("Th"), gettext_lazy("Thursday")),
    (gettext_lazy("Fr"), gettext_lazy("Friday")),
    (gettext_lazy("Sa"), gettext_lazy("Saturday")),
    (gettext_lazy("Su"), gettext_lazy("Sunday")),
)
CSS: dict[str, str] = {Kind.HOLIDAY: "holiday", Kind.OFF: "off", Kind.WORK: "work"}


@dataclass(frozen=True)
class Cell:
    """One square of a month: a day, what it is, in words and by a letter."""

    day: date | None
    css: str = ""
    letter: str = ""
    says: str = ""


def letters() -> dict[str, str]:
    """Return the letter by which each kind of day is told without its colour."""
    return {
        Kind.HOLIDAY: pgettext("calendar: one letter for a public holiday", "H"),
        Kind.OFF: pgettext("calendar: one letter for a day off in exchange", "E"),
        Kind.WORK: pgettext("calendar: one letter for a working day in exchange", "W"),
    }


def name_of(mark: rules.Mark) -> str:
    """Return what a day is called."""
    if mark.with_day is not None:
        text = (
            _("Off, worked on %(day)s instead")
            if mark.kind == rules.OFF
            else _("Worked instead of %(day)s")
        )
        return text % {"day": shown_day(mark.with_day)}
    name = words(mark.name)
    return _("%(name)s (in place of a day of rest)") % {"name": name} if mark.is_made_good else name


def months(year: Year, today: date) -> Iterator[tuple[int, list[list[Cell]]]]:
    """Yield the twelve months with their weeks, Monday first."""
    signs = letters()
    for month in range(1, 13):
        weeks = []
        for week in calendar.Calendar().monthdayscalendar(year.year, month):
            cells = []
            for number in week:
                if not number:
                    cells.append(Cell(None))
                    continue
                day = date(year.year, month, number)
                mark = year.marks.get(day)
                css = CSS[mark.kind] if mark else "rest" if rules.is_rest(day) else ""
                now = " today" if day == today else ""
                letter, says = (signs[mark.kind], name_of(mark)) if mark else ("", "")
                cells.append(Cell(day, css + now, letter, says))
            weeks.append(cells)
        yield month, weeks
