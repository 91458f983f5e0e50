"""What reports ask of a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty
from hoptac.reports.selectors import contributions_asked


def report_duties(ctx: Context) -> Iterator[Duty]:
    """Yield the contributions that the caller's agencies owe."""
    waiting = contributions_asked(ctx)
    late = sum(1 for c in waiting if c.due_on < ctx.today)
    yield Duty(
        _("Contributions to reports"), len(waiting), reverse("reports:list"),
        _("Late: %(count)s") % {"count": late} if late else "", bool(late),
    )  # fmt: skip
