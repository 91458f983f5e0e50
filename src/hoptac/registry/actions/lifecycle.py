"""Entering a body in the register, ending it, and tying it to what it came from.

Registration with its dossiers and clocks comes with the filings; these acts record what is a fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.actions.figures import known_figures
from hoptac.registry.actions.particulars import refuse_if_number_taken, refuse_if_outside
from hoptac.registry.models import Cooperative, FigureStatement, Lineage
from hoptac.registry.particulars import bump, live_rows, new_row, rewrite, tidied
from hoptac.registry.projection import rebuild_periods
from hoptac.registry.rules.particulars import (
    check_figures,
    check_particulars,
    compute_legal_era,
)
from hoptac.registry.terms import Kind, LegalStatus, LineageKind, WorkingState


@action("registry.record")
def record_cooperative(
    ctx: Context,
    kind: str,
    *,
    particulars: Mapping[str, Any],
    figures: Mapping[str, Any] | None = None,
    as_of: date | None = None,
    source: str = "",
) -> Cooperative:
    """Enter a body that exists: its particulars since it was established, its figures as of a day.

    ``as_of`` is the day for which the particulars and figures were read (today unless given). A
    body whose day of establishment is not known is known since ``as_of``.

    :raises Refused: a value does not hold, or its number already stands in the register
    """
    day = as_of or ctx.today
    values = {
        "legal_status": LegalStatus.ACTIVE.value,
        "working_state": WorkingState.OPERATING.value,
        "established_precision": "day",
        **tidied(particulars),
    }
    if kind not in Kind.values:
        raise Refused(Finding("kind_unknown", _("Choose the kind."), field="kind"))
    if day > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="as_of"))
    refuse_if_any(check_particulars(values, today=ctx.today))
    refuse_if_number_taken(values.get("registration_number", ""))
    commune = AdminUnit.objects.filter(pk=values.get("commune_id") or UUID(int=0)).first()
    if commune is None:
        raise Refused(Finding("commune_unknown", _("Choose the commune."), field="commune"))
    refuse_if_outside(ctx, commune.pk, commune.province_code)
    established = values.get("established_on")
    if not values.get("legal_era"):
        values["legal_era"] = compute_legal_era(established, today=day)
    body = Cooperative.objects.create(
        province_code=commune.province_code, kind=kind, act_id=act_of(ctx)
    )
    since = min(established or day, day)
    new_row(ctx, body.pk, DateRange(since, None), values, source).save(force_insert=True)
    given = {k: v for k, v in known_figures(figures or {}).items() if v is not None}
    if given:
        refuse_if_any(check_figures(given, as_of=day, today=ctx.today))
        FigureStatement.objects.create(
            cooperative=body, as_of=day, act_id=act_of(ctx), source=source, **given
        )
    rebuild_periods([body.pk])
    note(ctx, subject=body, kind=kind, particulars=values, figures=given, as_of=day, source=source)
    return body


@action("registry.end_cooperative")
def end_cooperative(
    ctx: Context,
    cooperative: Cooperative,
    *,
    on: date,
    source: str = "",
    expected_version: int | None = None,
) -> Cooperative:
    """Record that a body ended on a day; ``on`` is the first day on which it no longer exists.

    The context must give a reason or a basis (the decision).

    What later acts said of its standing after that day gives way.

    :raises Refused: no reason, a day in the future or before it existed, or it had already ended
    """
    if not (ctx.reason.strip() or ctx.basis.strip()):
        raise Refused(
            Finding("reason_missing", _("Name the decision or the reason."), field="reason")
        )
    if on > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="on"))
    bump(cooperative, expected_version)
    rows = live_rows(cooperative)
    if rows[-1].legal_status == LegalStatus.ENDED:
        raise Refused(Finding("already_ended", _("The body has already ended."), field="on"))
    if on <= rows[0].valid.lower:
        raise Refused(
            Finding("before_known", _("The body did not yet exist on this day."), field="on")
        )
    changes = {"legal_status": LegalStatus.ENDED.value, "working_state": WorkingState.ENDED.value}
    rewrite(ctx, cooperative, changes, from_on=on, throughout=True, source=source)
    rebuild_periods([cooperative.pk])
    note(ctx, on=on, source=source)
    return cooperative


@action("registry.record_lineage")
def record_lineage(
    ctx: Context,
    cooperative: Cooperative,
    *,
    successor: Cooperative,
    kind: str,
    on: date,
    source: str = "",
    expected_version: int | None = None,
) -> Lineage:
    """Record that a body passed, on a day, into another: merged, consolidated, divided, converted.

    :raises Refused: the kind is unknown, both are the same, the day lies in the future, or it is
        already recorded
    :raises OutOfReach: the other body lies outside the caller's territory
    """
    if kind not in LineageKind.values or successor.pk == cooperative.pk:
        raise Refused(Finding("lineage_unknown", _("Choose another body and how it passed.")))
    if not successor.is_within(ctx, "registry.record_lineage"):
        raise OutOfReach("registry.record_lineage")
    if on > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="on"))
    bump(cooperative, expected_version)
    known = Lineage.objects.live().filter(
        Q(cooperative=cooperative, successor=successor)
        | Q(cooperative=successor, successor=cooperative)
    )
    if known.exists():
        raise Refused(
            Finding(
                "lineage_known",
                _("It is already recorded how these two passed into one another."),
                field="successor",
            )
        )
    row = Lineage.objects.create(
        cooperative=cooperative, successor=successor, kind=kind, on=on, act_id=act_of(ctx),
        source=source,
    )  # fmt: skip
    note(ctx, subject=cooperative, successor=successor.pk, kind=kind, on=on)
    return row
