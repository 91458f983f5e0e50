"""What tasks ask of a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty
from hoptac.tasks.selectors import heap_counts


def task_duties(ctx: Context) -> Iterator[Duty]:
    """Yield the heaps of tasks that wait for the agencies for which the caller speaks."""
    counts = heap_counts(
        ctx, ("late", "to_answer", "to_judge", "to_extend", "to_assign", "given_late")
    )
    for code, title, note, is_urgent in (
        ("late", _("Tasks late"), _("Your agency should have reported them."), True),
        ("to_answer", _("Tasks to accept"), "", False),
        ("to_judge", _("Reports to judge"), "", False),
        ("to_extend", _("Requests for more time"), "", False),
        ("to_assign", _("Tasks to assign"), "", False),
        ("given_late", _("Tasks you gave that are late"), "", False),
    ):
        yield Duty(title, counts[code], f"{reverse('tasks:list')}?heap={code}", note, is_urgent)
