"""The due days of a task: what may be asked for, and the terms opened from it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of
from hoptac.foundation.findings import Finding, Refused
from hoptac.tasks.models import Task, Term
from hoptac.tasks.rules.rhythm import MONTHS, Due, periods
from hoptac.tasks.terms import Rhythm, TermState


def due_fields(
    *,
    rhythm: str = Rhythm.ONCE.value,
    due_on: date | None = None,
    month: int = 0,
    day: int = 0,
    starts_on: date | None = None,
    ends_on: date | None = None,
    words: str = "",
) -> dict[str, Any]:
    """Return the fields of a task that say when it is due.

    Once: ``due_on`` (none: no day is set). Recurring: ``month`` within the period and ``day``, both zero for
    the period's last day; from ``starts_on`` to ``ends_on``.

    :raises Refused: the days contradict each other or do not exist
    """
    if rhythm not in Rhythm.values:
        raise Refused(Finding("rhythm_unknown", _("Choose how often it is due."), field="rhythm"))
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused(Finding("ends_before", _("It would end before it begins."), field="ends_on"))
    if rhythm == Rhythm.ONCE:
        if starts_on and due_on and due_on < starts_on:
            raise Refused(
                Finding("due_before", _("It would be due before it begins."), field="due_on")
            )
        month = day = 0
    else:
        due_on = None
        if not 0 <= month <= MONTHS[rhythm] + 3 or not 0 <= day <= 31:
            raise Refused(
                Finding("due_impossible", _("There is no such day in the period."), field="day")
            )
    return {
        "rhythm": rhythm, "due_on": due_on, "due_month": month, "due_day": day, "starts_on": starts_on,
        "ends_on": ends_on, "due_words": words[:200],
    }  # fmt: skip


def open_terms(ctx: Context, task: Task, *, until: date | None = None) -> list[Term]:
    """Make the terms of a task up to the period of today (or to its end, if sooner); return the new ones.

    ``until``: up to the period of that day. A term that was called off is open again, with the day that is set now.
    """
    known = {t.label: t for t in task.terms.all()}
    wanted, again = terms_wanted(ctx, task, until=until), []
    for term in wanted:
        kept = known.get(term.label)
        if kept is not None and kept.state == TermState.CANCELLED:
            kept.state, kept.due_on, kept.act_id = TermState.OPEN, term.due_on, term.act_id
            kept.version += 1
            kept.save()
            again.append(kept)
    return again + Term.objects.bulk_create(t for t in wanted if t.label not in known)


def terms_wanted(ctx: Context, task: Task, *, until: date | None = None) -> list[Term]:
    """Return the terms that a task has up to the period of today (or ``until``), not entered yet."""
    if not task.recurs:
        return [Term(task=task, due_on=task.due_on, act_id=act_of(ctx))]
    since = task.starts_on or ctx.today
    until = min(max(until or ctx.today, since), task.ends_on or date.max)
    found = periods(
        task.rhythm, Due(month=task.due_month, day=task.due_day), since=since, until=until
    )
    return [
        Term(task=task, label=p.label, begins_on=p.begins_on, ends_on=p.ends_on, due_on=p.due_on, act_id=act_of(ctx))
        for p in found
    ]  # fmt: skip
