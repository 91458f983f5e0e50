"""Whom the distribution of a document tells: the officers of the agencies that are to answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hoptac.directives.actions.distributing import ACKNOWLEDGE, DISTRIBUTE, MAKE
from hoptac.directives.models import Directive, Recipient
from hoptac.directives.reminders import DueReminder
from hoptac.directives.selectors import VIEW, inbox
from hoptac.directives.terms import Making, Owed, Purpose
from hoptac.foundation import events
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.notices.kinds import Matter, NoticeKind, declare, declare_matter
from hoptac.foundation.notices.telling import done, notify
from hoptac.foundation.notices.terms import Mail
from hoptac.jurisdiction.offices import (
    people_over_province,
    people_speaking_for,
    speakers_of,
)

_GROUP = _("Directives")
RECEIVED, OWN = "directives.received", "directives.own_document"
INFORMED = "directives.for_information"
LATE_RECEIPT, LATE_OWN = "directives.receipt_reminded", "directives.own_document_reminded"
OWED = "directives.agencies_owe"
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
    NoticeKind(
        INFORMED, group=_GROUP, title=_("Documents for information"),
        text=_("%(document)s was sent to %(agency)s for information."),
        permission=VIEW, mail=Mail.DAILY,
    ),
    NoticeKind(
        LATE_RECEIPT, group=_GROUP, title=_("Reminders of receipts"),
        text=_("%(agency)s has not acknowledged %(document)s; it was due by %(until)s."),
        permission=ACKNOWLEDGE, mail=Mail.NOW, asks=True,
    ),
    NoticeKind(
        LATE_OWN, group=_GROUP, title=_("Reminders of own documents"),
        text=_("%(agency)s owes a document of its own on %(document)s, due by %(until)s."),
        permission=MAKE, mail=Mail.NOW, asks=True,
    ),
    NoticeKind(
        OWED, group=_GROUP, title=_("Agencies late with your documents"),
        text=_("%(count)s agencies owe a receipt or an own document on %(document)s."),
        permission=DISTRIBUTE, mail=Mail.DAILY,
    ),
)  # fmt: skip


def sendings_among(ctx: Context, keys: Collection[str]) -> Iterable[Any]:
    """Return which of these sendings are to agencies for which the caller answers."""
    return inbox(ctx).filter(pk__in=keys).order_by().values_list("pk", flat=True)


def directives_among(ctx: Context, keys: Collection[str]) -> Iterable[Any]:
    """Return which of these documents the caller may read."""
    seen = Directive.objects.visible_to(ctx).filter(pk__in=keys).order_by()
    return seen.values_list("pk", flat=True)


def _tell(
    ctx: Context, code: str, permission: str, rows: Sequence[Recipient], directive: Directive, field: str,
    step: str = "",
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
                ctx, code, to=told, subject=row, href=href, key=f"{code}:{row.pk}:{step}".rstrip(":"),
                document=directive.name[:120], agency=row.agency.name, until=until,
            )  # fmt: skip


def distributed(ctx: Context, *, directive: Directive, recipients: Sequence[Recipient]) -> None:
    """Tell whoever is to acknowledge, and whoever is to issue an own document."""
    _tell(ctx, RECEIVED, ACKNOWLEDGE, recipients, directive, "acknowledge_by")
    _inform(ctx, [r for r in recipients if r.purpose == Purpose.KNOW], directive)
    asked = [r for r in recipients if r.making == Making.AWAITED]
    if asked:
        _tell(ctx, OWN, MAKE, asked, directive, "make_by")


def _inform(ctx: Context, rows: Sequence[Recipient], directive: Directive) -> None:
    """Tell the officers of agencies that have a document for information."""
    speakers = speakers_of({r.agency_id for r in rows}, VIEW, ctx.today) if rows else {}
    people = User.objects.in_bulk({pk for found in speakers.values() for pk in found})
    href = reverse("directives:directive", args=[directive.pk])
    for row in rows:
        told = [people[pk] for pk in speakers.get(row.agency_id, ()) if pk in people]
        if told:
            notify(
                ctx, INFORMED, to=told, subject=row, href=href, key=f"{INFORMED}:{row.pk}",
                document=directive.name[:120], agency=row.agency.name,
            )  # fmt: skip


def purpose_changed(ctx: Context, *, directive: Directive, recipients: Sequence[Recipient]) -> None:
    """Tell who is to act from now on; of who is only informed nothing is asked any longer."""
    for row in recipients:
        if row.purpose == Purpose.KNOW:
            done(ctx, RECEIVED, OWN, LATE_RECEIPT, LATE_OWN, subject=row)
    acting = [r for r in recipients if r.purpose == Purpose.ACT]
    if acting:
        _tell(ctx, RECEIVED, ACKNOWLEDGE, acting, directive, "acknowledge_by")


def reminded(ctx: Context, *, directive: Directive, due: Sequence[DueReminder]) -> None:
    """Remind the agencies; tell who keeps the document how many owe something, once a day."""
    owing = 0
    for one in due:
        last = one.steps[-1]
        if "recipient" in last.to:
            code, permission, field = (
                (LATE_RECEIPT, ACKNOWLEDGE, "acknowledge_by")
                if one.owed == Owed.RECEIPT
                else (LATE_OWN, MAKE, "make_by")
            )
            _tell(ctx, code, permission, [one.recipient], directive, field, step=last.code)
        owing += "sender" in last.to
    if owing:
        notify(
            ctx, OWED, to=_keepers(ctx, directive), subject=directive,
            href=f"{reverse('directives:directive', args=[directive.pk])}#recipients",
            document=directive.name[:120], count=owing,
        )  # fmt: skip


def _keepers(ctx: Context, directive: Directive) -> list[User]:
    """Return who keeps the document: for the agency that issued or entered it, else the desk of its line of command."""
    agencies = {pk for pk in (directive.issuer_id, directive.keeper_id) if pk is not None}
    found = people_speaking_for(agencies, DISTRIBUTE, ctx.today) if agencies else []
    desk = f"directives.keep_{directive.chain}"
    return found or people_over_province(directive.province_code, desk, ctx.today)


def own_document_asked(
    ctx: Context, *, directive: Directive, recipients: Sequence[Recipient], by: date
) -> None:
    """Tell whoever is asked later for an own document."""
    for row in recipients:
        row.make_by = by
    _tell(ctx, OWN, MAKE, recipients, directive, "make_by")


def acknowledged(ctx: Context, *, recipient: Recipient) -> None:
    done(ctx, RECEIVED, LATE_RECEIPT, subject=recipient)


def made_concrete(ctx: Context, *, recipient: Recipient) -> None:
    done(ctx, RECEIVED, OWN, LATE_RECEIPT, LATE_OWN, subject=recipient)


def recalled(ctx: Context, *, directive: Directive, recipient: Recipient) -> None:
    done(ctx, RECEIVED, OWN, INFORMED, LATE_RECEIPT, LATE_OWN, subject=recipient)


def declare_all() -> None:
    """Declare what is told, and what settles it."""
    declare_matter(Matter("directives.recipient", "directives:sending", seen=sendings_among))
    declare_matter(Matter("directives.directive", "directives:directive", seen=directives_among))
    for kind in KINDS:
        declare(kind)
    for event, listener in (
        ("directives.distributed", distributed), ("directives.own_document_asked", own_document_asked),
        ("directives.acknowledged", acknowledged), ("directives.made_concrete", made_concrete),
        ("directives.purpose_changed", purpose_changed), ("directives.reminded", reminded),
        ("directives.waived", made_concrete), ("directives.recalled", recalled),
    ):  # fmt: skip
        events.listen(event, listener)
