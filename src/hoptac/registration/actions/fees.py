"""Acts about fees: the province's table, and what is paid, waived or paid back for a dossier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.rulebook.facts import may_see_province
from hoptac.registration.fees import CLOSED, Account, account_of, fee_of
from hoptac.registration.models import FeeEntry, FeeLine, FeeTable, Filing
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.rules.fees import Standing
from hoptac.registration.steps import write
from hoptac.registration.terms import Channel, FeeEntryKind, State, StepKind
from hoptac.registry.terms import Kind

KEEP = "rulebook.confirm"
MOST = 10**12


@action(KEEP, name="registration.set_fees")
def set_fees(
    ctx: Context,
    resolution: str,
    *,
    resolved_on: date,
    in_force: date,
    lines: Iterable[Mapping[str, Any]],
    article: str = "",
    is_invented: bool = False,
) -> FeeTable:
    """Enter the fees of a resolution of the People's Council; they hold from their day on.

    Each of ``lines`` has ``procedure`` and ``amount`` (dong), and may have ``kind`` (of body) and
    ``channel``; the line that says most counts. What no line speaks of has no fee set.

    :raises Refused: the resolution is not named, a line is unknown, doubled or impossible, or another
        table holds from that day
    :raises OutOfReach: the caller does not keep the rules of the province
    """
    if not may_see_province(ctx, KEEP):
        raise OutOfReach(KEEP)
    if not resolution.strip():
        raise Refused(Finding("document_missing", _("Name the resolution."), field="resolution"))
    if resolved_on > ctx.today:
        raise Refused(
            Finding("date_in_future", _("The day lies in the future."), field="resolved_on")
        )
    if in_force < resolved_on:
        raise Refused(
            Finding(
                "in_force_before_resolved",
                _("It cannot be in force before it was resolved."),
                field="in_force",
            )
        )
    rows = [_line(line) for line in lines]
    if not rows:
        raise Refused(Finding("lines_missing", _("Enter at least one fee."), field="lines"))
    if len({(r.procedure, r.kind, r.channel) for r in rows}) < len(rows):
        raise Refused(
            Finding("fee_said_twice", _("A fee is said twice for the same case."), field="lines")
        )
    try:
        with transaction.atomic():
            table = FeeTable.objects.create(
                province_code=settings.PROVINCE_CODE, resolution=resolution.strip()[:120],
                resolved_on=resolved_on, in_force=in_force, article=article.strip()[:120],
                is_invented=is_invented, act_id=act_of(ctx),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(
            Finding(
                "fees_of_day_known",
                _("Another table holds from this day. Withdraw it first if it is wrong."),
                field="in_force",
            )
        ) from error
    for row in rows:
        row.table = table
    FeeLine.objects.bulk_create(rows)
    note(ctx, subject=table, resolution=table.resolution, article=table.article, in_force=in_force,
         lines=len(rows))  # fmt: skip
    return table


def _line(given: Mapping[str, Any]) -> FeeLine:
    procedure, kind = str(given.get("procedure", "")), str(given.get("kind") or "")
    channel, amount = str(given.get("channel") or ""), given.get("amount")
    if (
        procedure not in PROCEDURES
        or PROCEDURES[procedure].by_office
        or kind not in {"", *Kind.values}
        or channel not in {"", *Channel.values}
    ):
        raise Refused(Finding("fee_line_unknown", _("Choose a procedure, body and way that are known."),
                              field="lines"))  # fmt: skip
    if not isinstance(amount, int) or not 0 <= amount <= MOST:
        raise Refused(
            Finding("amount_impossible", _("A fee is a whole number of dong."), field="lines")
        )
    return FeeLine(procedure=procedure, kind=kind, channel=channel, amount=amount)


@action(KEEP, name="registration.withdraw_fees")
def withdraw_fees(ctx: Context, table: FeeTable) -> None:
    """Withdraw a table entered by mistake: the one before holds again.

    :raises Refused: it was withdrawn already, a fee was recorded by it, or no reason is given
    """
    if table.retired_by is not None:
        raise Refused(Finding("withdrawn_already", _("This was withdrawn already.")))
    _needs_reason(ctx.reason)
    used = FeeEntry.objects.live().filter(table=table)
    if used.exists():
        raise Refused(
            Finding("fees_used", _("Fees were recorded by this table; enter the right one from a later day."))
        )  # fmt: skip
    table.retired_by = act_of(ctx)
    table.save(update_fields=["retired_by"])
    note(ctx, resolution=table.resolution, in_force=table.in_force)


@action("registration.receive", name="registration.record_fee")
def record_fee(
    ctx: Context,
    filing: Filing,
    *,
    amount: int,
    number: str,
    on: date | None = None,
    words: str = "",
) -> FeeEntry:
    """Record that an amount (dong) was paid for a dossier, with the number of the receipt for it.

    :raises Refused: no fee is due, it is more than is due, the receipt has no number or one that was
        used, the dossier is over, or the day cannot be
    """
    account = _payable(filing)
    day = _day(ctx, filing, on)
    if not number.strip():
        raise Refused(
            Finding("number_missing", _("Enter the number of the receipt."), field="number")
        )
    if amount <= 0:
        raise Refused(Finding("amount_impossible", _("Enter the amount paid."), field="amount"))
    if account.open == 0:
        raise Refused(Finding("fee_settled", _("Nothing is to be paid any more."), field="amount"))
    if amount > account.open:
        raise Refused(
            Finding(
                "overpaid",
                _("Only %(amount)s dong are to be paid.") % {"amount": _in_dots(account.open)},
                field="amount",
            )
        )
    same = FeeEntry.objects.live().filter(
        kind=FeeEntryKind.PAID, number=number.strip(), filing__authority=filing.authority_id,
        on__year=day.year,
    )  # fmt: skip
    if same.exists():
        raise Refused(
            Finding("number_used", _("This receipt number was used already."), field="number")
        )
    return _enter(ctx, filing, FeeEntryKind.PAID, StepKind.FEE_PAID, amount=amount, on=day,
                  number=number.strip()[:40], words=words, basis=account.fee.basis)  # fmt: skip


@action("registration.receive", name="registration.waive_fee")
def waive_fee(
    ctx: Context, filing: Filing, *, words: str, basis: str, on: date | None = None
) -> FeeEntry:
    """Record that no fee is taken for a dossier, with the ground and its basis.

    :raises Refused: no fee is due, something was paid, or ground or basis are missing
    """
    account = _payable(filing)
    day = _day(ctx, filing, on)
    if account.is_waived or account.open == 0 or account.kept:
        raise Refused(
            Finding("fee_settled", _("Nothing is to be paid any more, or something was paid."))
        )
    if not words.strip():
        raise Refused(Finding("ground_missing", _("Say why no fee is taken."), field="words"))
    if not basis.strip():
        raise Refused(Finding("document_missing", _("Name the basis."), field="basis"))
    return _enter(ctx, filing, FeeEntryKind.WAIVED, StepKind.FEE_WAIVED, amount=0, on=day, words=words,
                  basis=basis)  # fmt: skip


@action("registration.receive", name="registration.refund_fee")
def refund_fee(
    ctx: Context,
    filing: Filing,
    *,
    amount: int,
    words: str,
    number: str = "",
    on: date | None = None,
) -> FeeEntry:
    """Record that an amount was paid back, and why; of a dossier in whatever state.

    :raises Refused: more than was paid, no reason, or the day cannot be
    """
    account = account_of(filing)
    day = _day(ctx, filing, on)
    if not 0 < amount <= account.kept:
        raise Refused(
            Finding(
                "refund_too_big",
                _("At most %(amount)s dong can be paid back.") % {"amount": _in_dots(account.kept)},
                field="amount",
            )
        )
    if not words.strip():
        raise Refused(Finding("reason_missing", _("Give the reason."), field="words"))
    return _enter(ctx, filing, FeeEntryKind.REFUNDED, StepKind.FEE_REFUNDED, amount=amount, on=day,
                  number=number.strip()[:40], words=words, basis=account.fee.basis)  # fmt: skip


@action("registration.receive", name="registration.withdraw_fee_entry")
def withdraw_fee_entry(ctx: Context, filing: Filing, *, entry: int) -> None:
    """Withdraw an entry made by mistake; the reason goes with the context.

    :raises Refused: there is no such entry, no reason is given, or more was paid back than would remain
    """
    _needs_reason(ctx.reason)
    found = FeeEntry.objects.live().filter(filing=filing, pk=entry).first()
    if found is None:
        raise Refused(Finding("entry_unknown", _("There is no such entry.")))
    account = account_of(filing)
    if found.kind == FeeEntryKind.PAID and account.kept < found.amount:
        raise Refused(Finding("refund_stands", _("First withdraw what was paid back.")))
    found.retired_by = act_of(ctx)
    found.save(update_fields=["retired_by"])
    write(ctx, filing, StepKind.FEE_WITHDRAWN, words=ctx.reason, details={"entry": found.pk})
    note(ctx, undoes=found.act_id, amount=found.amount, number=found.number)


@action("registration.view", name="registration.export_fees")
def export_fees(
    ctx: Context, *, first: date, last: date, procedure: str, format: str, rows: int
) -> None:
    """Note in the journal that the caller takes the fees of a period out."""
    note(ctx, first=first, last=last, procedure=procedure, format=format, rows=rows)


# --- What these share ------------------------------------------------------------------------------


def _payable(filing: Filing) -> Account:
    if filing.state == State.DRAFT or filing.state in CLOSED:
        raise Refused(
            Finding(
                "dossier_over", _("The dossier was returned or withdrawn, or is not sent in yet.")
            )
        )
    account = account_of(filing)
    match account.fee.standing:
        case Standing.UNSET:
            raise Refused(Finding("fee_not_set", _("The province has not set this fee.")))
        case Standing.FREE:
            raise Refused(
                Finding(
                    "fee_free", _("The law frees this dossier from the fee."), account.fee.basis
                )
            )
        case Standing.NONE:
            raise Refused(
                Finding("fee_none", _("Nobody pays for what the authority itself begins."))
            )
    return account


def _day(ctx: Context, filing: Filing, on: date | None) -> date:
    day = on or ctx.today
    if not filing.filed_on <= day <= ctx.today:
        raise Refused(
            Finding(
                "date_impossible", _("The day lies between the handing in and today."), field="on"
            )
        )
    return day


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(Finding("reason_missing", _("Give the reason."), field="reason"))


def _in_dots(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def _enter(
    ctx: Context, filing: Filing, kind: FeeEntryKind, step: StepKind, *, amount: int, on: date,
    number: str = "", words: str = "", basis: str = "",
) -> FeeEntry:  # fmt: skip
    entry = FeeEntry.objects.create(
        filing=filing, table=fee_of(filing).table, kind=kind, amount=amount, on=on, number=number,
        words=words.strip()[:300], basis=basis.strip()[:250], by=ctx.user, act_id=act_of(ctx),
    )  # fmt: skip
    told = " · ".join(
        p for p in (f"{_in_dots(amount)} đ" if amount else "", number, entry.words) if p
    )
    write(ctx, filing, step, words=told, details={"entry": entry.pk, "amount": amount})
    note(ctx, kind=kind, amount=amount, number=number, on=on)
    return entry
