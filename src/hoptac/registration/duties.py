"""What the desk asks of its officers: filings late, due, to be decided."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty
from hoptac.registration.selectors import filings_seen, queue_counts
from hoptac.registration.terms import State


def desk_duties(ctx: Context) -> Iterator[Duty]:
    """Yield the heaps of the desk that wait for somebody of the caller's mandates."""
    if not (ctx.may("registration.process") or ctx.may("registration.decide")):
        return
    counts = queue_counts(ctx)
    for code, title, note, is_urgent in (
        ("late", _("Filings late"), _("Their time is over."), True),
        ("due_today", _("Filings due today"), "", True),
        ("to_receive", _("Filings sent in online"), _("To be received."), False),
        ("to_decide", _("Filings to decide"), _("Put forward by an examiner."), False),
        (
            "terms_over",
            _("Terms that are over"),
            _("Of creditors, the tax office, dissolutions, publication."),
            True,
        ),
        ("over_supply", _("Filings not supplied in time"), "", False),
    ):
        yield Duty(
            title, counts[code], f"{reverse('registration:desk')}?queue={code}", note, is_urgent
        )


def own_duties(ctx: Context) -> Iterator[Duty]:
    """Yield what a director's own dossiers wait for."""
    own = filings_seen(ctx).filter(
        cooperative__in=sorted(ctx.coverage("registration.file_online").cooperatives)
    )
    to_supply = own.filter(state=State.SUPPLEMENT).count()
    yield Duty(_("Dossiers to supply"), to_supply, reverse("registration:own"),
               _("The registrar asked for something."), is_urgent=True)  # fmt: skip
