"""Stating and correcting figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.registry.models import Cooperative, FigureStatement
from hoptac.registry.particulars import bump
from hoptac.registry.projection import rebuild_periods
from hoptac.registry.rules.particulars import check_figures
from hoptac.registry.terms import Measure


def known_figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return every measure with its figure or nothing.

    :raises Refused: a measure is unknown
    """
    unknown = set(figures) - set(Measure.values)
    if unknown:
        raise Refused(
            Finding(
                "field_unknown",
                _("There is no field %(name)s.") % {"name": ", ".join(sorted(unknown))},
            )
        )
    return {m: figures.get(m) for m in Measure.values}


@action("registry.state_figures")
def state_figures(
    ctx: Context,
    cooperative: Cooperative,
    *,
    figures: Mapping[str, Any],
    as_of: date,
    source: str = "",
    expected_version: int | None = None,
) -> Cooperative:
    """Add what a source says of the body as of a day: capital (dong), area (ha), members, workers.

    Earlier statements stay; a figure not given here keeps its last value.

    :raises Refused: the day lies in the future, nothing is given, or a figure is below zero
    """
    values = known_figures(figures)
    refuse_if_any(check_figures(values, as_of=as_of, today=ctx.today))
    bump(cooperative, expected_version)
    FigureStatement.objects.create(
        cooperative=cooperative, as_of=as_of, act_id=act_of(ctx), source=source, **values
    )
    rebuild_periods([cooperative.pk])
    note(ctx, as_of=as_of, figures=values, source=source)
    return cooperative


@action("registry.correct_figures")
def correct_figures(
    ctx: Context,
    cooperative: Cooperative,
    *,
    statement: int,
    figures: Mapping[str, Any],
    as_of: date | None = None,
    expected_version: int | None = None,
) -> Cooperative:
    """Replace a statement that was recorded wrongly; the wrong one is kept, retired.

    The context must give a reason. All figures empty means that nothing was ever stated.

    :raises Refused: no reason, no such live statement, or a figure does not hold
    """
    if not ctx.reason.strip():
        raise Refused(
            Finding("reason_missing", _("Say why the record is corrected."), field="reason")
        )
    bump(cooperative, expected_version)
    values = known_figures(figures)
    wrong = FigureStatement.objects.live().filter(cooperative=cooperative, pk=statement).first()
    if wrong is None:
        raise Refused(
            Finding("statement_unknown", _("These figures were already corrected or withdrawn."))
        )
    day = as_of or wrong.as_of
    withdrawn = all(v is None for v in values.values())
    if not withdrawn:
        refuse_if_any(check_figures(values, as_of=day, today=ctx.today))
    FigureStatement.objects.filter(pk=wrong.pk).update(retired_by=ctx.act_id)
    if not withdrawn:
        FigureStatement.objects.create(
            cooperative=cooperative, as_of=day, act_id=act_of(ctx), source=wrong.source, **values
        )
    rebuild_periods([cooperative.pk])
    note(ctx, as_of=day, was={m: getattr(wrong, m) for m in Measure.values}, figures=values,
         statement=wrong.pk)  # fmt: skip
    return cooperative
