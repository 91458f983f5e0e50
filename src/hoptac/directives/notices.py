"""Whom the distribution of a document tells: the officers of the agencies that are to answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hoptac.directives.actions.distributing import ACKNOWLEDGE, MAKE
from hoptac.directives.models import Directive, Recipient
from hoptac.directives.selectors import inbox
from hoptac.directives.terms import Making
from hoptac.foundation import events
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.notices.kinds import Matter, NoticeKind, declare, declare_matter
from hoptac.foundation.notices.telling import done, notify
from hoptac.foundation.notices.terms import Mail
from hoptac.jurisdiction.offices import speakers_of

_GROUP = _("Directives")
RECEIVED, OWN = "directives.received", "directives.own_document"
KINDS: tuple[NoticeKind, ...] = (
    NoticeKind(
        RECEIVED, group=_GROUP, title=_("Documents to acknowledge"),
        text=_("%(document)s was sent to %(agency)s: acknowledge receipt by %(until)s."),
        permission=ACKNOWLEDGE, mail=Mail.NOW, asks=True,
    ),
    NoticeKind(
        OWN, group=_GROUP, title=_("Own documents to issue"),
        text=_("%(agency)s is to issue a document of its own on %(document)s by %(until)s."),
        permission=MAKE, mail=Mail.DAILY, asks=True,
    ),
)  # fmt: skip


def sendings_among(ctx: Context, keys: Collection[str]) -> Iterable[Any]:
    """Return which of these sendings are to agencies for which the caller answers."""
    return inbox(ctx).filter(pk__in=keys).order_by().values_list("pk", flat=True)


def _tell(
    ctx: Context, code: str, permission: str, rows: Sequence[Recipient], directive: Directive, field: str
) -> None:  # fmt: skip
    """Tell the officers of each agency once of what it is to answer, by the day of its field."""
    agencies = {r.agency_id for r in rows}
    speakers = speakers_of(agencies, permission, ctx.today)
    people = User.objects.in_bulk({pk for found in speakers.values() for pk in found})
    href = reverse("directives:directive", args=[directive.pk])
    for row in rows:
        told = [people[pk] for pk in speakers.get(row.agency_id, ()) if pk in people]
        until: date | None = getattr(row, field)
        if told and until is not None:
            notify(
                ctx, code, to=told, subject=row, href=href, key=f"{code}:{row.pk}",
                document=directive.name[:120], agency=row.agency.name, until=until,
            )  # fmt: skip


def distributed(ctx: Context, *, directive: Directive, recipients: Sequence[Recipient]) -> None:
    """Tell whoever is to acknowledge, and whoever is to issue an own document."""
    _tell(ctx, RECEIVED, ACKNOWLEDGE, recipients, directive, "acknowledge_by")
    asked = [r for r in recipients if r.making == Making.AWAITED]
    if asked:
        _tell(ctx, OWN, MAKE, asked, directive, "make_by")


def own_document_asked(
    ctx: Context, *, directive: Directive, recipients: Sequence[Recipient], by: date
) -> None:
    """Tell whoever is asked later for an own document."""
    for row in recipients:
        row.make_by = by
    _tell(ctx, OWN, MAKE, recipients, directive, "make_by")


def acknowledged(ctx: Context, *, recipient: Recipient) -> None:
    done(ctx, RECEIVED, subject=recipient)


def made_concrete(ctx: Context, *, recipient: Recipient) -> None:
    done(ctx, RECEIVED, OWN, subject=recipient)


def recalled(ctx: Context, *, directive: Directive, recipient: Recipient) -> None:
    done(ctx, RECEIVED, OWN, subject=recipient)


def declare_all() -> None:
    """Declare what is told, and what settles it."""
    declare_matter(Matter("directives.recipient", "directives:sending", seen=sendings_among))
    for kind in KINDS:
        declare(kind)
    for event, listener in (
        ("directives.distributed", distributed), ("directives.own_document_asked", own_document_asked),
        ("directives.acknowledged", acknowledged), ("directives.made_concrete", made_concrete),
        ("directives.waived", made_concrete), ("directives.recalled", recalled),
    ):  # fmt: skip
        events.listen(event, listener)
