"""What waits for the rule-keeper and for who keeps the calendar."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty
from hoptac.foundation.rulebook import acts, facts
from hoptac.foundation.working_days import acts as calendar
from hoptac.foundation.working_days import year_of


def facts_to_confirm(ctx: Context) -> Iterator[Duty]:
    """Yield how many facts nobody has held against their official text."""
    if facts.may_see_province(ctx, acts.CONFIRM):
        waiting = sum(not s.state.is_settled for s in facts.standings())
        note = _("Law, code lists and agencies not yet held against the official text.")
        yield Duty(_("Facts to confirm"), waiting, reverse("facts:list"), note)


def calendars_to_adopt(ctx: Context) -> Iterator[Duty]:
    """Yield how many calendars wait: this year's, and from November on the next year's."""
    if facts.may_see_province(ctx, calendar.KEEP):
        years = [ctx.today.year, ctx.today.year + 1] if ctx.today.month >= 11 else [ctx.today.year]
        waiting = [y for y in years if year_of(y).adopted is None]
        note = _("Until then the days off count as they are computed from the law.")
        href = f"{reverse('calendar:year')}?year={waiting[0]}" if waiting else ""
        yield Duty(_("Calendars of days off to adopt"), len(waiting), href, note)
