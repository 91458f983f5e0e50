"""Pauses of business that end by themselves."""

from __future__ import annotations

import logging

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.registration.effects.pauses import go_on
from hoptac.registration.models import Suspension
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.terms import LegalStatus

logger = logging.getLogger(__name__)


@action("registration.process", name="registration.end_pause")
def end_pause(ctx: Context, cooperative: Cooperative) -> Cooperative:
    """Record that a body's business goes on, its pause being over by itself.

    :raises Refused: its business is not suspended, or the pause is not over
    """
    period = Period.objects.filter(cooperative=cooperative, is_latest=True).first()
    if period is None or period.legal_status != LegalStatus.SUSPENDED:
        raise Refused(Finding("not_suspended", _("Its business is not suspended.")))
    pauses = Suspension.objects.live().filter(cooperative=cooperative)
    last = pauses.select_related("filing").order_by("-valid").first()
    if (
        last is None
        or last.filing is None
        or last.valid.upper is None
        or last.valid.upper > ctx.today
    ):
        raise Refused(Finding("pause_not_over", _("The pause is not over.")))
    go_on(ctx, last.filing, last.valid.upper)
    note(ctx, on=last.valid.upper)
    return cooperative


def end_pauses(ctx: Context) -> int:
    """End every pause whose last day is over; return how many."""
    over = Suspension.objects.live().filter(valid__endswith__lte=ctx.today)
    suspended = Period.objects.filter(
        is_latest=True,
        legal_status=LegalStatus.SUSPENDED,
        cooperative__in=over.values("cooperative"),
    )
    done = 0
    for body in Cooperative.objects.filter(pk__in=suspended.values("cooperative")).order_by("pk"):
        try:
            end_pause(ctx, body)
            done += 1
        except Refused as refused:
            logger.warning("pause of %s did not end: %s", body.pk, refused)
    return done
