"""The due days of a month, and one's own as a file for a calendar."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.tasks.asked import Asked
from hoptac.tasks.models import Term
from hoptac.tasks.terms import ENDS, TermState
from hoptac.tasks.timelines import DueDay, due_ahead, due_days, year_from

MOST_A_DAY = 4
MOST_OF_ONE_DAY = 200
MOST_IN_FILE = 2000
_SHOWN = (TermState.OPEN, TermState.REPORTED, TermState.DONE, TermState.NOT_DONE)


@dataclass
class Day:
    """A day of the month: the first of what is due, and how much in all."""

    on: date
    is_within: bool
    is_today: bool
    items: list[DueDay] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.items)


@dataclass
class Month:
    """A month in whole weeks from Monday."""

    first: date
    days: list[Day]
    count: int

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)


def month_of(ctx: Context, asked: Asked, first: date) -> Month:
    """Return the due days of the tasks asked for in a month; periods to come are computed ahead."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    begins = first - timedelta(days=first.weekday())
    ends = last + timedelta(days=6 - last.weekday())
    tasks = asked.tasks(ctx).order_by()
    terms = Term.objects.filter(
        task__in=tasks.values("pk"), due_on__range=(begins, ends), state__in=_SHOWN
    ).order_by()
    counts: dict[date, int] = defaultdict(int)
    counts.update(terms.values_list("due_on").annotate(n=Count("pk")))
    rank = Window(
        RowNumber(), partition_by=F("due_on"), order_by=(F("state").desc(), F("task__number").asc())
    )
    ranked = terms.annotate(rank=rank).filter(rank__lte=MOST_A_DAY)
    items: dict[date, list[DueDay]] = defaultdict(list)
    for item in due_days(ctx, ranked.order_by("due_on", "rank")):
        items[item.due_on].append(item)
    for item in due_ahead(ctx, tasks, since=begins, until=ends):
        counts[item.due_on] += 1
        if len(items[item.due_on]) < MOST_A_DAY:
            items[item.due_on].append(item)
    days = []
    for n in range((ends - begins).days + 1):
        day = begins + timedelta(days=n)
        days.append(Day(day, first <= day <= last, day == ctx.today, items[day], counts[day]))
    return Month(first, days, sum(d.count for d in days if d.is_within))


def day_of(ctx: Context, asked: Asked, day: date) -> list[DueDay]:
    """Return what is due on one day, at most :data:`MOST_OF_ONE_DAY`."""
    tasks = asked.tasks(ctx).order_by()
    terms = Term.objects.filter(task__in=tasks.values("pk"), due_on=day, state__in=_SHOWN)
    found = due_days(ctx, terms.order_by("task__number", "id")[:MOST_OF_ONE_DAY])
    found += due_ahead(ctx, tasks, since=day, until=day)
    return found[:MOST_OF_ONE_DAY]


def own_days(ctx: Context, asked: Asked) -> list[DueDay]:
    """Return the open due days of the tasks asked for, and a year of those to come."""
    tasks = asked.tasks(ctx).order_by()
    terms = Term.objects.filter(
        task__in=tasks.exclude(state__in=sorted(ENDS)).values("pk"), state=TermState.OPEN, due_on__isnull=False
    )  # fmt: skip
    found = due_days(ctx, terms.order_by("due_on", "id")[:MOST_IN_FILE])
    found += due_ahead(ctx, tasks, since=ctx.today, until=year_from(ctx.today))
    return sorted(found, key=lambda d: (d.due_on, d.number))[:MOST_IN_FILE]


def as_calendar(days: list[DueDay], *, at: datetime, address: str) -> str:
    """Return due days as an iCalendar file (RFC 5545): all-day events, told of a day before.

    ``address`` is the system's public address without a slash at the end; the identifiers of events stay the
    same, so that a calendar that reads the file again moves them rather than doubling them.
    """
    host = address.partition("//")[2].partition("/")[0] or "localhost"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hoptac//Tasks//VI", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH"]  # fmt: skip
    for day in days:
        title = f"{day.title} ({day.label})" if day.label else day.title
        summary = _("Due: %(task)s") % {"task": title}
        lines += [
            "BEGIN:VEVENT", f"UID:{day.key.replace('/', '-')}@{host}", f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day.due_on:%Y%m%d}", f"DTEND;VALUE=DATE:{day.due_on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(summary)}",
            f"DESCRIPTION:{_escaped(f'{day.number} · {day.lead}')}", f"URL:{address}/tasks/{day.task}/",
            "TRANSP:TRANSPARENT", "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(title)}",
            "TRIGGER:-PT16H", "END:VALARM", "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text.replace("\r", "")


def _folded(line: str) -> Iterator[str]:
    """Break a line after at most 75 bytes, never within a character; what goes on begins with a space."""
    part, size, most = "", 0, 75
    for sign in line:
        length = len(sign.encode())
        if size + length > most:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + length
    yield part
