"""Which sendings have reached a step of the rule of reminders that nobody was told of yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from hoptac.directives.models import Recipient
from hoptac.directives.rules.desk import (
    DirectiveDeskRule,
    Reminder,
    reminders_of,
    reminders_reached,
)
from hoptac.directives.terms import Making, Owed
from hoptac.foundation.rulebook import rule_in_force
from hoptac.foundation.working_days import working_days_between


@dataclass(frozen=True)
class DueReminder:
    """A recipient that owes something, its term, and the steps that are due, the latest last."""

    recipient: Recipient
    owed: Owed
    due_on: date
    steps: tuple[Reminder, ...]


def due_reminders(directives: Iterable[UUID], today: date) -> list[DueReminder]:
    """Return what the recipients of these documents are to be reminded of on a day."""
    rule = rule_in_force(DirectiveDeskRule, on=today)
    rows = (
        _owing(rule, today)
        .filter(directive__in=list(directives))
        .select_related("agency", "directive")
        .prefetch_related("reminders")
        .order_by("directive", "pk")
    )
    found = []
    for row in rows:
        told = {(r.owed, r.code, r.due_on) for r in row.reminders.all()}
        for owed, due_on in terms_of(row):
            late = working_days_between(due_on, today)
            steps = tuple(
                s for s in reminders_reached(rule, owed, working_days_late=late)
                if (owed, s.code, due_on) not in told
            )  # fmt: skip
            if steps:
                found.append(DueReminder(row, owed, due_on, steps))
    return found


def directives_to_remind_of(today: date) -> list[UUID]:
    """Return the documents some of whose recipients owe something whose term is past or near."""
    rule = rule_in_force(DirectiveDeskRule, on=today)
    rows = _owing(rule, today).order_by("directive").values_list("directive", flat=True).distinct()
    return [pk for pk in rows if due_reminders([pk], today)]


def terms_of(row: Recipient) -> list[tuple[Owed, date]]:
    """Return what a recipient still owes, with its term."""
    found = []
    if row.acknowledged_at is None and row.acknowledge_by is not None:
        found.append((Owed.RECEIPT, row.acknowledge_by))
    if row.making == Making.AWAITED and row.make_by is not None:
        found.append((Owed.OWN, row.make_by))
    return found


def _owing(rule: DirectiveDeskRule, today: date):  # type: ignore[no-untyped-def]
    """Return the sendings to which a step may apply: owed, the term past or within the rule's days ahead."""
    ahead = max((-step.days for step in reminders_of(rule)), default=0)
    # Working days reach further than days: two rest days a week, and a long holiday.
    until = today + timedelta(days=max(0, ahead) * 2 + 10)
    rows = Recipient.objects.standing()
    return rows.filter(
        Q(acknowledged_at__isnull=True, acknowledge_by__lte=until)
        | Q(making=Making.AWAITED, make_by__lte=until)
    )
