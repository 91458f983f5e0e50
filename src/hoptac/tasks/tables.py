"""The columns of the list of tasks as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from hoptac.foundation.transfers.exports import ROWS_AT_ONCE, ExportColumn
from hoptac.tasks.models import Term


def columns() -> list[ExportColumn]:
    """Return the columns in the reader's language."""
    return [
        ExportColumn(_("Number"), "text", 12), ExportColumn(_("Task"), "text", 60),
        ExportColumn(_("Directive"), "text", 24), ExportColumn(_("Section"), "text", 10),
        ExportColumn(_("Assigned by"), "text", 30), ExportColumn(_("Lead agency"), "text", 30),
        ExportColumn(_("Due on"), "date", 12), ExportColumn(_("First due on"), "date", 12),
        ExportColumn(_("State"), "text", 24),
        ExportColumn(_("Progress (percent)"), "integer", 12), ExportColumn(_("Days late"), "integer", 10),
        ExportColumn(_("Done on"), "date", 12), ExportColumn(_("Product expected"), "text", 40),
    ]  # fmt: skip


def with_first_due(tasks: Any) -> Any:
    """Let each task know the day first set, where its due day was moved (``first_due_on``)."""
    moved = Term.objects.filter(
        task=OuterRef("pk"), first_due_on__isnull=False, due_on=OuterRef("due_on")
    )
    return tasks.annotate(first_due_on=Subquery(moved.values("first_due_on")[:1]))


def export_rows(tasks: Any, today: date) -> Iterator[tuple[Any, ...]]:
    """Yield one row a task, read as they are written."""
    for task in tasks.iterator(chunk_size=ROWS_AT_ONCE):
        left = task.days_left(today)
        yield (
            task.number, task.title, task.directive.name if task.directive else "", task.section,
            task.assigner.name, task.lead.name if task.lead else "", task.due_on, task.first_due_on,
            str(task.get_state_display()), task.percent,
            -left if left is not None and left < 0 else None, task.done_on, task.product,
        )  # fmt: skip
