"""What committees and the following of agencies ask of a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.committees.selectors import own_agencies_without_officer, waiting_counts
from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty


def committee_duties(ctx: Context) -> Iterator[Duty]:
    """Yield meetings that lie ahead, what their keeper still owes, agencies of the caller's without an officer."""
    counts = waiting_counts(ctx)
    page = reverse("committees:list")
    yield Duty(_("Meetings you are invited to"), counts["invited"], page)
    if ctx.may("committees.keep"):
        yield Duty(_("Meetings to invite to"), counts["to_invite"], page)
        yield Duty(_("Minutes to adopt"), counts["to_adopt"], page)
        yield Duty(_("Conclusions to issue"), counts["to_issue"], page)
    if ctx.may("committees.name_officers"):
        yield Duty(
            _("Your agency has named no following officer"),
            own_agencies_without_officer(ctx).count(),
            reverse("officers:list"),
        )
