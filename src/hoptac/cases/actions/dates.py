"""Keeping the dates and parts that grounds are judged from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from hoptac.cases.models import KeptDate, SharesStatement
from hoptac.cases.terms import WITH_END, DateKind, Share
from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.registry.models import Cooperative


@action("cases.keep_dates", name="cases.record_date")
def record_date(
    ctx: Context,
    cooperative: Cooperative,
    *,
    kind: str,
    on: date,
    until: date | None = None,
    document: str = "",
    note_text: str = "",
) -> KeptDate:
    """Keep a date of a body: a meeting held, a report asked for or received, a stop, force majeure.

    :raises Refused: the day lies ahead, the end before it, the same was already kept, or force
        majeure is claimed without a document
    """
    values = _checked(ctx, kind, on, until, document, note_text)
    same = KeptDate.objects.live().filter(cooperative=cooperative, kind=kind, on=on)
    if same.exists():
        raise Refused(Finding("date_kept", _("This day is already kept."), field="on"))
    row = _add(ctx, cooperative, values)
    note(ctx, kind=kind, on=on, until=until, row=row.pk)
    return row


@action("cases.keep_dates", name="cases.correct_date")
def correct_date(
    ctx: Context,
    cooperative: Cooperative,
    *,
    row: int,
    on: date | None = None,
    until: date | None = None,
    document: str = "",
    note_text: str = "",
) -> KeptDate | None:
    """Correct a kept date, or strike it out where no day is given; what was believed stays on record.

    :raises Refused: no reason is given, the row is not of this body or no longer holds, or the new
        date cannot be kept
    """
    kept = _live(ctx, KeptDate, cooperative, row)
    values = _checked(ctx, kept.kind, on, until, document, note_text) if on else None
    _retire(ctx, kept)
    new = _add(ctx, cooperative, values) if values else None
    note(ctx, kind=kept.kind, was=kept.on, on=on, row=new.pk if new else None)
    return new


@action("cases.keep_dates", name="cases.state_shares")
def state_shares(
    ctx: Context,
    cooperative: Cooperative,
    *,
    as_of: date,
    parts: Mapping[str, Decimal],
    document: str = "",
) -> SharesStatement:
    """Keep what was declared or found of capped parts as of a day, in hundredths.

    :raises Refused: nothing is said, a part is not between 0 and 100, or the day lies ahead
    """
    values = _checked_parts(ctx, as_of, parts)
    row = SharesStatement.objects.create(
        cooperative=cooperative, act_id=act_of(ctx), as_of=as_of, document=document[:200], **values
    )
    note(ctx, as_of=as_of, parts=sorted(values), row=row.pk)
    return row


@action("cases.keep_dates", name="cases.correct_shares")
def correct_shares(
    ctx: Context,
    cooperative: Cooperative,
    *,
    row: int,
    as_of: date | None = None,
    parts: Mapping[str, Decimal] | None = None,
    document: str = "",
) -> SharesStatement | None:
    """Correct a statement of parts, or strike it out where no day is given.

    :raises Refused: no reason is given, the row is not of this body or no longer holds, or the new
        statement cannot be kept
    """
    kept = _live(ctx, SharesStatement, cooperative, row)
    values = _checked_parts(ctx, as_of, parts or {}) if as_of else {}
    _retire(ctx, kept)
    new = None
    if as_of is not None:
        new = SharesStatement.objects.create(
            cooperative=cooperative,
            act_id=act_of(ctx),
            as_of=as_of,
            document=document[:200],
            **values,
        )
    note(ctx, was=kept.as_of, as_of=as_of, row=new.pk if new else None)
    return new


# --- What these share ------------------------------------------------------------------------------


def _checked(
    ctx: Context, kind: str, on: date, until: date | None, document: str, note_text: str
) -> dict[str, Any]:
    if kind not in DateKind.values:
        raise Refused(Finding("date_kind_unknown", _("Choose what happened."), field="kind"))
    if on > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="on"))
    if kind not in WITH_END:
        until = None
    if until is not None and until < on:
        raise Refused(
            Finding("end_before_beginning", _("The end lies before the beginning."), field="until")
        )
    if kind == DateKind.FORCE_MAJEURE and not document.strip():
        raise Refused(
            Finding("document_missing", _("Name the document that attests it."), field="document")
        )
    return {
        "kind": kind, "on": on, "until": until, "document": document.strip()[:200],
        "note": note_text.strip()[:300],
    }  # fmt: skip


def _checked_parts(
    ctx: Context, as_of: date, parts: Mapping[str, Decimal | None]
) -> dict[str, Decimal]:
    given = {name: value for name, value in parts.items() if value is not None}
    if not given or set(given) - set(Share.values):
        raise Refused(Finding("parts_missing", _("State at least one part.")))
    for name, value in given.items():
        if not 0 <= value <= 100:
            raise Refused(
                Finding("not_hundredths", _("A part lies between 0 and 100."), field=name)
            )
    if as_of > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="as_of"))
    return given


def _live(ctx: Context, model: Any, cooperative: Cooperative, pk: int) -> Any:
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Give the reason."), field="reason"))
    found = model.objects.live().filter(cooperative=cooperative, pk=pk).first()
    if found is None:
        raise Refused(Finding("row_gone", _("This is no longer kept. Reload the page.")))
    return found


def _retire(ctx: Context, row: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(retired_by=act_of(ctx))


def _add(ctx: Context, cooperative: Cooperative, values: dict[str, Any]) -> KeptDate:
    return KeptDate.objects.create(cooperative=cooperative, act_id=act_of(ctx), **values)
