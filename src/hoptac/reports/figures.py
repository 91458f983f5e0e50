"""Computing the figures of a report: by the measures of the system, and by counting its tasks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import translation

from hoptac.foundation.measures import Asked, Measure, Reading, measures
from hoptac.plans.forms_of_law import AnnexRow
from hoptac.plans.told import Told, told_of_rows
from hoptac.reports.catalogue import FigureSpec, annex_rows, figure_specs, outline_by
from hoptac.reports.models import Figure, Report
from hoptac.reports.rules.periods import Period, before
from hoptac.reports.rules.sentences import Value
from hoptac.reports.standings import Line, counts
from hoptac.statistics.happened import Change


def compute(report: Report, lines: Sequence[Line]) -> list[Figure]:
    """Return every figure of a report as of its day, not saved; names and parts are in Vietnamese.

    After the figures that sentences may name come the rows of its annexes, by their codes.
    """
    stands = counts(lines)
    address = reverse("reports:tasks", args=[report.pk])
    take = _Taking(report)
    found = []
    with translation.override("vi"):
        for spec in figure_specs().values():
            figure = _of_tasks(spec, stands, address) if spec.standings else _of_measure(spec, take)
            figure.code, figure.name, figure.unit, figure.places = (
                spec.code, spec.name.vi, spec.unit, spec.places,
            )  # fmt: skip
            found.append(figure)
        rows = annex_rows(outline_by(report.outline))
        told = told_of_rows(report.issuer, rows, report.as_of) if rows else {}
        for row in rows:
            figure = _of_row(row, told[row.code], take)
            figure.code, figure.name, figure.unit = (
                row.code,
                row.shown_name[:200],
                row.unit_name[:40],
            )
            found.append(figure)
    for position, figure in enumerate(found, start=1):
        figure.report, figure.position = report, position
    return found


class _Taking:
    """Takes the measures of a report; what is asked for twice is taken once."""

    def __init__(self, report: Report) -> None:
        self.report, self.known = report, measures()
        self._taken: dict[Any, Reading] = {}

    def __call__(
        self, known: Measure, parameters: Mapping[str, Any], day: date, since: date | None
    ) -> Reading:
        key = (known.code, tuple(sorted(parameters.items())), day, since)
        if key not in self._taken:
            self._taken[key] = known.take(
                Asked(
                    province_code=self.report.province_code, on=day, since=since, parameters=parameters
                )
            )  # fmt: skip
        return self._taken[key]


def _of_tasks(spec: FigureSpec, stands: dict[str, int], address: str) -> Figure:
    count = sum(stands[s] for s in spec.standings)
    query = "&".join(f"standing={s}" for s in spec.standings)
    return Figure(
        value=Decimal(count), records=count, href=f"{address}?{query}",
        asked={"standings": list(spec.standings)},
        parts=[[s, str(stands[s])] for s in spec.standings] if len(spec.standings) > 1 else [],
    )  # fmt: skip


def _of_measure(spec: FigureSpec, take: _Taking) -> Figure:
    known = take.known.get(spec.measure)
    if known is None:
        return Figure(value=None, asked={"measure": spec.measure})
    on, since, then, then_since = _days(spec, take.report)
    now, earlier = (
        take(known, spec.parameters, on, since),
        take(known, spec.parameters, then, then_since),
    )
    value = _scaled(now.value, spec.divide)
    return Figure(
        value=value, before=_scaled(earlier.value, spec.divide), href=now.href[:600],
        records=int(now.value) if spec.counted and now.value is not None else None,
        parts=[[label, str(_scaled(part, spec.divide))] for label, part in now.parts],
        asked={
            "measure": spec.measure, "parameters": spec.parameters, "on": on.isoformat(),
            "since": since.isoformat() if since else "", "before_on": then.isoformat(),
        },
    )  # fmt: skip


def _of_row(row: AnnexRow, told: Told, take: _Taking) -> Figure:
    """Return the figure of a row of an annex: computed where the records tell, else as a plan's source stated it."""
    asked: dict[str, Any] = {"row": row.code}
    if told.plan is not None:
        asked |= {"plan": str(told.plan.pk), "plan_title": told.plan.title}
    known = take.known.get(row.measure)
    if known is not None:
        on, then = take.report.as_of, take.report.begins_on - timedelta(days=1)
        now, earlier = (
            take(known, row.parameters, day, date(day.year - 1, 12, 31)) for day in (on, then)
        )
        divide = Decimal(row.divisor)
        asked |= {"measure": row.measure, "parameters": row.parameters, "on": on.isoformat(),
                  "before_on": then.isoformat()}  # fmt: skip
        return Figure(
            value=_scaled(now.value, divide), before=_scaled(earlier.value, divide), planned=told.planned,
            href=now.href[:600], asked=asked,
        )  # fmt: skip
    stated, href = told.stated, ""
    if stated is not None:
        asked |= {"source": stated.source, "on": stated.as_of.isoformat()}
        href = reverse("plans:plan", args=[stated.plan_id])
    value = None if stated is None else stated.value
    places = 0 if value is None or value == value.to_integral_value() else 1
    return Figure(value=value, planned=told.planned, href=href, places=places, asked=asked)


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


def _scaled(value: Decimal | None, divide: Decimal) -> Decimal | None:
    return None if value is None else (value / divide).quantize(Decimal("0.0001"))


def as_values(figures: Iterable[Figure]) -> dict[str, Value]:
    """Return figures as sentences print them, by code."""
    return {
        f.code: Value(
            code=f.code, name=f.name, value=f.value, before=f.before, unit=f.unit, places=f.places,
            href=f.href,
        )
        for f in figures
    }  # fmt: skip


def digest_of(
    figures: Iterable[Figure], lines: Iterable[Line], bodies: Iterable[Change] = ()
) -> str:
    """Return the SHA-256 over the figures, the lines of tasks and the bodies that a report is signed with."""
    told = {
        "figures": [
            [f.code, _plain(f.value), _plain(f.before), _plain(f.planned), f.records, f.asked, f.parts]
            for f in figures
        ],
        "tasks": [
            [str(x.task_id), x.standing, x.due_on and x.due_on.isoformat(), x.done_on and x.done_on.isoformat(),
             x.percent, x.lead_name, x.result]
            for x in lines
        ],
        "bodies": [
            [str(x.cooperative_id), x.what, x.on.isoformat(), x.name, x.number, x.into] for x in bodies
        ],
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value.quantize(Decimal("0.0001")), "f")
