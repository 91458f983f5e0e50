"""What a passage of a directive says of the task made of it: when it is due, who leads and who helps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from hoptac.directives.models import Passage
from hoptac.directives.terms import Part as Named
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import heirs_of
from hoptac.tasks.terms import Rhythm

# How the reader calls a recurrence, the most frequent first: the one that counts where several are named.
_RHYTHMS = {
    "month": Rhythm.MONTH, "quarter": Rhythm.QUARTER, "half_year": Rhythm.HALF, "year": Rhythm.YEAR,
    "nine_months": Rhythm.YEAR, "periodic": Rhythm.STANDING, "continuous": Rhythm.STANDING,
    "term": Rhythm.STANDING,
}  # fmt: skip


def due_of(passage: Passage) -> dict[str, Any]:
    """Return when the words of a passage make it due, as :func:`hoptac.tasks.duedays.due_fields` takes it.

    A day in a recurrence counts within its period: the month of the year for what is yearly, the last month of
    the period for what comes more often.
    """
    found = passage.due or {}
    deadline, recurrence = found.get("deadline") or {}, found.get("recurrence") or {}
    words = "; ".join(str(x["text"]) for x in (recurrence, deadline) if x.get("text"))
    due: dict[str, Any] = {"words": words[:200]}
    on, begins = _day(deadline.get("on")), _day(deadline.get("begins"))
    rhythm = next((r for name, r in _RHYTHMS.items() if name in recurrence.get("every", ())), None)
    if rhythm is None:
        return {
            **due,
            "due_on": on,
            "starts_on": begins if begins and on and begins <= on else None,
        }
    due |= {"rhythm": rhythm.value, "starts_on": begins, "ends_on": on}
    day, month = recurrence.get("day"), recurrence.get("month")
    if day:
        last = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF: 6}.get(rhythm, 12)
        due |= {"day": int(day), "month": int(month) if month and last == 12 else last}
    return due


def product_of(passage: Passage) -> str:
    """Return what is to come out of it, where the document says so."""
    return str((passage.due or {}).get("product", ""))[:300]


def agencies_of(passage: Passage, day: date) -> tuple[Agency | None, list[Agency]]:
    """Return who leads and who coordinates by the words of a passage, as those agencies are called on a day.

    An agency that has ended counts as its one successor; groups of agencies and those not known are left out.
    """
    actors = list(passage.actors.select_related("agency").order_by("position", "id"))
    lead = as_called_on((a.agency for a in actors if a.part == Named.LEAD and a.agency), day)
    others = as_called_on(
        (a.agency for a in actors if a.part == Named.COORDINATING and a.agency), day
    )
    first = lead[0] if lead else None
    return first, [a for a in [*lead[1:], *others] if a != first]


def as_called_on(agencies: Iterable[Agency], day: date) -> list[Agency]:
    """Return agencies as they are on a day: one that has ended counts as its one successor, or not at all."""
    found: dict[UUID, Agency] = {}
    for agency in agencies:
        if day in agency.valid:
            found.setdefault(agency.pk, agency)
            continue
        heirs = list(
            Agency.objects.filter(pk__in=heirs_of(agency.pk), valid__contains=day).order_by("pk")[
                :2
            ]
        )
        if len(heirs) == 1:
            found.setdefault(heirs[0].pk, heirs[0])
    return list(found.values())


def _day(text: Any) -> date | None:
    return date.fromisoformat(str(text)) if text else None
