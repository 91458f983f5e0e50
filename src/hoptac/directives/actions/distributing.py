"""Sending a document to agencies, and what each of them answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.directives.actions.recording import refuse_if_passed
from hoptac.directives.models import Directive, Recipient
from hoptac.directives.rules.desk import DirectiveDeskRule
from hoptac.directives.terms import Making, Purpose
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.rulebook import rule_in_force
from hoptac.foundation.vietnamese import tidy
from hoptac.foundation.working_days import add_working_days
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import heirs_of

DISTRIBUTE = "directives.distribute"
ACKNOWLEDGE = "directives.acknowledge"
MAKE = "directives.make_concrete"


def acknowledge_term(sent_on: date) -> date:
    """Return until when a recipient acknowledges, unless the sender says otherwise."""
    rule = rule_in_force(DirectiveDeskRule, on=sent_on)
    return add_working_days(sent_on, rule.acknowledge_days)


def own_document_term(sent_on: date) -> date:
    """Return until when a recipient issues its own document, unless the sender says otherwise."""
    rule = rule_in_force(DirectiveDeskRule, on=sent_on)
    return add_working_days(sent_on, rule.own_document_days)


@action(DISTRIBUTE, name="directives.distribute")
def distribute(
    ctx: Context,
    directive: Directive,
    *,
    agencies: Sequence[Agency],
    sent_on: date | None = None,
    acknowledge_by: date | None = None,
    make_by: date | None = None,
    informed: Sequence[Agency] = (),
) -> list[Recipient]:
    """Send a document to agencies; those that have it already are passed over, so that it may be repeated.

    ``agencies`` are to act: they acknowledge receipt and, with ``make_by``, issue a document of their own by
    that day. ``informed`` get it for information: nothing is asked of them. Announces
    ``directives.distributed`` with the new recipients. Returns these.

    :raises Refused: nobody is named, the document is only cited, a day cannot be, or an agency
        does not exist on the day of sending
    """
    day = sent_on or ctx.today
    if not agencies and not informed:
        raise Refused(Finding("nobody_named", _("Choose at least one agency."), field="agencies"))
    if not directive.is_at_hand:
        raise Refused(
            Finding("not_at_hand", _("Its text or file is not here yet: bring it first."))
        )
    until = acknowledge_by or acknowledge_term(day)
    _refuse_impossible(directive, day, until, make_by, ctx.today)
    for agency in (*agencies, *informed):
        begin, end = agency.valid.lower, agency.valid.upper
        if (begin and begin > day) or (end and end <= day):
            raise Refused(
                Finding(
                    "agency_not_there",
                    _("%(name)s does not exist on the day of sending.") % {"name": agency.name},
                    field="agencies",
                )
            )
        if agency.province_code != directive.province_code:
            raise OutOfReach(DISTRIBUTE)
    had = set(directive.recipients.standing().values_list("agency", flat=True))
    acts = set(agencies)
    fresh = [
        a for a in dict.fromkeys((*agencies, *informed))
        if a.pk not in had and a.pk != directive.issuer_id
    ]  # fmt: skip
    rows = Recipient.objects.bulk_create(
        _row(ctx, directive, a, day, until, make_by)
        if a in acts
        else Recipient(
            directive=directive, agency=a, sent_on=day, purpose=Purpose.KNOW, act_id=ctx.act_id
        )
        for a in fresh
    )
    note(ctx, agencies=[a.code for a in fresh if a in acts], count=len(rows), sent_on=day,
         acknowledge_by=until, make_by=make_by, informed=[a.code for a in fresh if a not in acts])  # fmt: skip
    if rows:
        announce(ctx, "directives.distributed", directive=directive, recipients=rows)
    return rows


def _row(
    ctx: Context, directive: Directive, agency: Agency, day: date, until: date, make_by: date | None
) -> Recipient:
    return Recipient(
        directive=directive, agency=agency, sent_on=day, acknowledge_by=until, act_id=ctx.act_id,
        making=Making.AWAITED if make_by else Making.NOT_ASKED, make_by=make_by,
    )  # fmt: skip


def _refuse_impossible(
    directive: Directive, day: date, until: date, make_by: date | None, today: date
) -> None:
    if day > today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="sent_on"))
    if directive.issued_on is not None and day < directive.issued_on:
        raise Refused(Finding("before_issue", _("It was not issued by then."), field="sent_on"))
    for name, term in (("acknowledge_by", until), ("make_by", make_by)):
        if term is not None and term < day:
            raise Refused(
                Finding("days_reversed", _("The term lies before the day of sending."), field=name)
            )


@action(DISTRIBUTE, name="directives.recall_recipient")
def recall_recipient(
    ctx: Context, directive: Directive, *, recipient: UUID, because: str
) -> Recipient:
    """Recall a document from an agency that should not have got it, before it acknowledged receipt.

    It no longer sees the document where that is not open to all; the sending stays on record.

    :raises Refused: no reason is given, or the agency has acknowledged receipt
    """
    row = _of(directive, [recipient])[0]
    if not because.strip():
        raise Refused(Finding("reason_missing", _("Say why it is recalled."), field="because"))
    if row.acknowledged_at is not None:
        raise Refused(
            Finding("acknowledged_already", _("It has acknowledged receipt: it can no longer be recalled."))
        )  # fmt: skip
    row.recalled_on, row.recalled_because = ctx.today, tidy(because)[:300]
    _save(ctx, row, "recalled_on", "recalled_because")
    note(ctx, agency=row.agency.code, because=row.recalled_because)
    announce(ctx, "directives.recalled", directive=directive, recipient=row)
    return row


@action(DISTRIBUTE, name="directives.ask_own_document")
def ask_own_document(
    ctx: Context, directive: Directive, *, recipients: Sequence[UUID], by: date | None
) -> int:
    """Ask recipients for a document of their own by a day; without a day they are asked no longer.

    Who has made or waived one already, or has the document for information, is passed over.
    Returns how many it concerned.

    :raises Refused: nobody is named, or the day has passed
    """
    if not recipients:
        raise Refused(Finding("nobody_named", _("Choose at least one agency."), field="recipients"))
    if by is not None and by < ctx.today:
        raise Refused(Finding("date_passed", _("The day has passed."), field="by"))
    rows = [
        r for r in _of(directive, recipients)
        if r.making in {Making.NOT_ASKED, Making.AWAITED} and r.purpose == Purpose.ACT
    ]  # fmt: skip
    making = Making.AWAITED if by else Making.NOT_ASKED
    asked = [r for r in rows if (r.making, r.make_by) != (making, by)]
    Recipient.objects.filter(pk__in=[r.pk for r in asked]).update(
        making=making, make_by=by, act_id=ctx.act_id, version=F("version") + 1
    )
    note(ctx, agencies=sorted(r.agency.code for r in asked), by=by)
    if by and asked:
        announce(ctx, "directives.own_document_asked", directive=directive, recipients=asked, by=by)
    return len(asked)


@action(DISTRIBUTE, name="directives.change_purpose")
def change_purpose(
    ctx: Context, directive: Directive, *, recipients: Sequence[UUID], purpose: str,
    acknowledge_by: date | None = None,
) -> int:  # fmt: skip
    """Say of recipients that they are to act, or that they have the document for information only.

    Who is to act from now on acknowledges receipt by the day given, or by the desk's rule counted from today. Of
    who is only informed nothing is owed any longer. Announces ``directives.purpose_changed``. Returns how many changed.

    :raises Refused: nobody is named, or one has issued its own document already and would only be informed
    """
    if not recipients:
        raise Refused(Finding("nobody_named", _("Choose at least one agency."), field="recipients"))
    wanted = Purpose(purpose)
    rows = [r for r in _of(directive, recipients) if r.purpose != wanted]
    if wanted == Purpose.KNOW and any(r.making == Making.MADE for r in rows):
        raise Refused(
            Finding("made_already", _("One has issued its own document: it was to act."), field="recipients")
        )  # fmt: skip
    until = acknowledge_by or acknowledge_term(ctx.today)
    for row in rows:
        row.purpose = wanted
        row.acknowledge_by = until if wanted == Purpose.ACT else None
        row.making, row.make_by, row.waived_because = Making.NOT_ASKED, None, ""
        _save(ctx, row, "purpose", "acknowledge_by", "making", "make_by", "waived_because")
    note(ctx, agencies=sorted(r.agency.code for r in rows), purpose=wanted.value,
         acknowledge_by=until if wanted == Purpose.ACT else None)  # fmt: skip
    if rows:
        announce(ctx, "directives.purpose_changed", directive=directive, recipients=rows)
    return len(rows)


# --- What the recipient does ------------------------------------------------------------------------


@action(ACKNOWLEDGE, name="directives.acknowledge")
def acknowledge(ctx: Context, recipient: Recipient, *, on: date | None = None) -> Recipient:
    """Acknowledge receipt for the agency, or for one whose duties it took over. A second time changes nothing.

    ``on`` is the day of a receipt on paper that is entered later.

    :raises Refused: the day lies ahead, or before the sending
    """
    if recipient.acknowledged_at is None:
        if on is not None and not recipient.sent_on <= on <= ctx.today:
            raise Refused(
                Finding("receipt_impossible", _("The day lies between the sending and today."), field="on")
            )  # fmt: skip
        recipient.acknowledged_at, recipient.acknowledged_by = _moment(on), ctx.user
        _save(ctx, recipient, "acknowledged_at", "acknowledged_by")
        announce(ctx, "directives.acknowledged", recipient=recipient)
    note(ctx, directive=recipient.directive_id, agency=recipient.agency.code)
    return recipient


@action(ACKNOWLEDGE, name="directives.acknowledge_several")
def acknowledge_several(
    ctx: Context, *, recipients: Iterable[Recipient], on: date | None = None
) -> list[Recipient]:
    """Acknowledge receipt of several documents at once; all of them or none.

    :raises Refused: see :func:`acknowledge`
    :raises OutOfReach: one was sent to an agency for which the caller does not speak
    """
    done = [acknowledge(ctx, r, on=on) for r in recipients]
    note(ctx, count=len(done))
    return done


@action(MAKE, name="directives.make_concrete")
def make_concrete(
    ctx: Context, recipient: Recipient, *, own: Directive, expected_version: int | None = None
) -> Recipient:
    """Say with which document of its own the agency made the directive concrete.

    Receipt is acknowledged with it. The graph gets the link: the own document carries the directive out.

    :raises Refused: the document is not of that agency, is the directive itself, or is older than it
    :raises OutOfReach: the caller may not read the document
    """
    from hoptac.directives.actions.linking import LinkSpec, link_directives

    refuse_if_passed(recipient, expected_version)
    directive = recipient.directive
    if not Directive.objects.visible_to(ctx, MAKE).filter(pk=own.pk).exists():
        raise OutOfReach(MAKE)
    if own.pk == directive.pk or own.issuer_id not in heirs_of(recipient.agency_id):
        raise Refused(
            Finding(
                "not_its_own",
                _("This is not a document of %(name)s.") % {"name": recipient.agency.name},
                field="own",
            )
        )
    if own.issued_on and directive.issued_on and own.issued_on < directive.issued_on:
        raise Refused(
            Finding(
                "older_than_directive",
                _("It was issued before the document that it is to carry out."),
                field="own",
            )
        )
    acknowledge(ctx, recipient)
    recipient.making, recipient.own_directive = Making.MADE, own
    recipient.made_on, recipient.waived_because = ctx.today, ""
    _save(ctx, recipient, "making", "own_directive", "made_on", "waived_because")
    if own.is_within(ctx, "directives.record"):
        link_directives(ctx, own, links=[LinkSpec(kind="implements", target=directive)])
    note(ctx, directive=directive.pk, agency=recipient.agency.code, own=own.name)
    announce(ctx, "directives.made_concrete", recipient=recipient)
    return recipient


@action(MAKE, name="directives.waive_own_document")
def waive_own_document(
    ctx: Context, recipient: Recipient, *, because: str, expected_version: int | None = None
) -> Recipient:
    """Say why the agency needs no document of its own: it carries the directive out directly.

    :raises Refused: no reason is given
    """
    refuse_if_passed(recipient, expected_version)
    if not because.strip():
        raise Refused(Finding("reason_missing", _("Say why none is needed."), field="because"))
    recipient.making, recipient.own_directive, recipient.made_on = Making.WAIVED, None, None
    recipient.waived_because = tidy(because)[:500]
    _save(ctx, recipient, "making", "own_directive", "made_on", "waived_because")
    note(ctx, directive=recipient.directive_id, agency=recipient.agency.code, because=because)
    announce(ctx, "directives.waived", recipient=recipient)
    return recipient


@action(MAKE, name="directives.reopen_own_document")
def reopen_own_document(
    ctx: Context, recipient: Recipient, *, expected_version: int | None = None
) -> Recipient:
    """Take back which document was named, or that none is needed; it is awaited again, if it was asked for.

    :raises Refused: there is nothing to take back
    """
    refuse_if_passed(recipient, expected_version)
    if recipient.making not in {Making.MADE, Making.WAIVED}:
        raise Refused(Finding("nothing_made", _("There is nothing to take back.")))
    was = recipient.making
    recipient.making = Making.AWAITED if recipient.make_by else Making.NOT_ASKED
    recipient.own_directive, recipient.made_on, recipient.waived_because = None, None, ""
    _save(ctx, recipient, "making", "own_directive", "made_on", "waived_because")
    note(ctx, directive=recipient.directive_id, agency=recipient.agency.code, was=was)
    return recipient


def _moment(on: date | None) -> datetime:
    """Return now, or the first working hour of a day in the past."""
    if on is None or on == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(on, time(8)))


def _of(directive: Directive, ids: Sequence[UUID]) -> list[Recipient]:
    """Return these standing recipients of the document, locked.

    :raises OutOfReach: one is none of them
    """
    rows = list(
        directive.recipients.standing()
        .filter(pk__in=list(ids))
        .select_related("agency")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if len(rows) < len(set(ids)):
        raise OutOfReach(DISTRIBUTE)
    return rows


def _save(ctx: Context, row: Recipient, *names: str) -> None:
    row.act_id = ctx.act_id
    row.version += 1
    row.save(update_fields=[*names, "act_id", "version"])
