"""Computing the figures of a report: by the measures of the system, and by counting its tasks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import translation

from hoptac.foundation.measures import Asked, Reading, measure
from hoptac.reports.catalogue import FigureSpec, figure_specs
from hoptac.reports.models import Figure, Report
from hoptac.reports.rules.periods import Period, before
from hoptac.reports.rules.sentences import Value
from hoptac.reports.standings import Line, counts


def compute(report: Report, lines: Sequence[Line]) -> list[Figure]:
    """Return every figure of a report as of its day, not saved; names and parts are in Vietnamese."""
    stands = counts(lines)
    address = reverse("reports:tasks", args=[report.pk])
    found = []
    with translation.override("vi"):
        for position, spec in enumerate(figure_specs().values(), start=1):
            figure = (
                _of_tasks(spec, stands, address) if spec.standings else _of_measure(spec, report)
            )
            figure.report, figure.code, figure.position = report, spec.code, position
            figure.name, figure.unit, figure.places = spec.name.vi, spec.unit, spec.places
            found.append(figure)
    return found


def _of_tasks(spec: FigureSpec, stands: dict[str, int], address: str) -> Figure:
    count = sum(stands[s] for s in spec.standings)
    query = "&".join(f"standing={s}" for s in spec.standings)
    return Figure(
        value=Decimal(count), records=count, href=f"{address}?{query}",
        asked={"standings": list(spec.standings)},
        parts=[[s, str(stands[s])] for s in spec.standings] if len(spec.standings) > 1 else [],
    )  # fmt: skip


def _of_measure(spec: FigureSpec, report: Report) -> Figure:
    known = measure(spec.measure)
    if known is None:
        return Figure(value=None, asked={"measure": spec.measure})
    on, since, then, then_since = _days(spec, report)

    def take(day: date, start: date | None) -> Reading:
        asked = Asked(
            province_code=report.province_code, on=day, since=start, parameters=spec.parameters
        )
        return known.take(asked)

    now, earlier = take(on, since), take(then, then_since)
    value = _scaled(now.value, spec)
    return Figure(
        value=value, before=_scaled(earlier.value, spec), href=now.href[:600],
        records=int(now.value) if spec.counted and now.value is not None else None,
        parts=[[label, str(_scaled(part, spec))] for label, part in now.parts],
        asked={
            "measure": spec.measure, "parameters": spec.parameters, "on": on.isoformat(),
            "since": since.isoformat() if since else "", "before_on": then.isoformat(),
        },
    )  # fmt: skip


def _days(spec: FigureSpec, report: Report) -> tuple[date, date | None, date, date | None]:
    """Return the day and the beginning of counting, of the figure and of what it is compared with."""
    begins, on = report.begins_on, report.as_of
    day_before = begins - timedelta(days=1)
    if spec.since == "period":
        start, end = before(Period(begins, report.ends_on, ""))
        return on, day_before, end, start
    if spec.since == "year":
        first = date(on.year, 1, 1)
        last_year = on.replace(year=on.year - 1, day=min(on.day, 28))
        return on, first - timedelta(days=1), last_year, date(on.year - 1, 1, 1) - timedelta(days=1)
    return on, None, day_before, None


def _scaled(value: Decimal | None, spec: FigureSpec) -> Decimal | None:
    return None if value is None else (value / spec.divide).quantize(Decimal("0.0001"))


def as_values(figures: Iterable[Figure]) -> dict[str, Value]:
    """Return figures as sentences print them, by code."""
    return {
        f.code: Value(
            code=f.code, name=f.name, value=f.value, before=f.before, unit=f.unit, places=f.places,
            href=f.href,
        )
        for f in figures
    }  # fmt: skip


def digest_of(figures: Iterable[Figure], lines: Iterable[Line]) -> str:
    """Return the SHA-256 over the figures and the lines of tasks that a report is signed with."""
    told = {
        "figures": [
            [f.code, _plain(f.value), _plain(f.before), f.records, f.asked, f.parts] for f in figures
        ],
        "tasks": [
            [str(x.task_id), x.standing, x.due_on and x.due_on.isoformat(), x.done_on and x.done_on.isoformat(),
             x.percent, x.lead_name, x.result]
            for x in lines
        ],
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value.quantize(Decimal("0.0001")), "f")
