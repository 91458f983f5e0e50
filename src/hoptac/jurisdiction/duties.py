"""What waits for the rule-keeper."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty
from hoptac.foundation.rulebook import acts, facts


def facts_to_confirm(ctx: Context) -> Iterator[Duty]:
    """Yield how many facts nobody has held against their official text."""
    if facts.may_see_province(ctx, acts.CONFIRM):
        waiting = sum(not s.state.is_settled for s in facts.standings())
        note = _("Law, code lists and agencies not yet held against the official text.")
        yield Duty(_("Facts to confirm"), waiting, reverse("facts:list"), note)
