"""Changing and correcting what is known of a body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, action, note
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.registry.models import BusinessLine, Cooperative, Particulars
from hoptac.registry.particulars import bump, rewrite, tidied, values_of
from hoptac.registry.projection import rebuild_periods
from hoptac.registry.rules.particulars import check_particulars


@action("registry.change_particulars")
def change_particulars(
    ctx: Context,
    cooperative: Cooperative,
    *,
    changes: Mapping[str, Any],
    from_on: date,
    source: str = "",
    expected_version: int | None = None,
) -> Cooperative:
    """Record that something about the body became different on a day (a new name, another director).

    The past stays as it was. A field that a later act already changed again is left alone from then.

    :raises Refused: nothing differs, a value does not hold, or the day lies in the future
    :raises Conflict: ``expected_version`` is not the present one
    """
    if from_on > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="from_on"))
    return _write(ctx, cooperative, changes, from_on, None, source, expected_version)


@action("registry.correct_particulars")
def correct_particulars(
    ctx: Context,
    cooperative: Cooperative,
    *,
    changes: Mapping[str, Any],
    from_on: date | None = None,
    until_on: date | None = None,
    source: str = "",
    expected_version: int | None = None,
) -> Cooperative:
    """Correct what was recorded wrongly. The context must give a reason; the wrong row is kept, retired.

    Without ``from_on`` the correction holds for as long as the body is known. ``until_on`` is the first
    day on which it no longer holds.

    :raises Refused: no reason is given, nothing differs, or a value does not hold
    :raises Conflict: ``expected_version`` is not the present one
    """
    if not ctx.reason.strip():
        raise Refused(
            Finding("reason_missing", _("Say why the record is corrected."), field="reason")
        )
    return _write(ctx, cooperative, changes, from_on, until_on, source, expected_version)


def _write(
    ctx: Context,
    cooperative: Cooperative,
    changes: Mapping[str, Any],
    from_on: date | None,
    until_on: date | None,
    source: str,
    expected_version: int | None,
) -> Cooperative:
    values = tidied(changes)
    bump(cooperative, expected_version)
    last = Particulars.objects.live().filter(cooperative=cooperative).order_by("-valid").first()
    if last is None:
        raise OutOfReach("registry.view")
    findings = check_particulars({**values_of(last), **values}, today=ctx.today)
    refuse_if_any(f for f in findings if f.field in values)
    if "commune_id" in values:
        refuse_if_outside(ctx, values["commune_id"], cooperative.province_code)
    said = rewrite(ctx, cooperative, values, from_on=from_on, until_on=until_on, source=source)
    if not said:
        raise Refused(Finding("nothing_changed", _("Nothing differs from what is recorded.")))
    rebuild_periods([cooperative.pk])
    note(ctx, changed=said, from_on=from_on, until_on=until_on, source=source)
    return cooperative


def refuse_if_outside(ctx: Context, commune_id: Any, province_code: str) -> None:
    """Refuse a commune that is not of the province, or that lies outside the caller's territory.

    :raises Refused: the commune cannot be chosen by this caller
    """
    from hoptac.jurisdiction.models import AdminUnit

    unit = AdminUnit.objects.filter(pk=commune_id, level="commune").first()
    reach = ctx.coverage("registry.change_particulars") | ctx.coverage("registry.record")
    inside = unit is not None and (
        reach.everything
        or unit.province_code in reach.provinces
        or unit.pk in reach.communes
        or bool(reach.cooperatives)
    )
    if unit is None or unit.province_code != province_code or not inside:
        raise Refused(
            Finding("commune_unknown", _("Choose a commune of your territory."), field="commune")
        )


@action("registry.change_particulars", name="registry.set_business_lines")
def set_business_lines(
    ctx: Context,
    cooperative: Cooperative,
    *,
    codes: Sequence[str],
    main: str = "",
    from_on: date,
    expected_version: int | None = None,
) -> Cooperative:
    """Say which lines of business (four-digit VSIC codes) the body has from a day on, and the main one.

    :raises Refused: a code is not of four or five digits, or the main line is not among them
    """
    wrong = [c for c in codes if not (c.isdigit() and len(c) in {4, 5})]
    if wrong:
        raise Refused(
            Finding(
                "vsic_format",
                _("A line of business has a code of four digits: %(codes)s")
                % {"codes": ", ".join(wrong)},
                field="codes",
            )
        )
    if main and main not in codes:
        raise Refused(
            Finding("main_line_unknown", _("The main line is not among the lines."), field="main")
        )
    bump(cooperative, expected_version)
    live = BusinessLine.objects.live().filter(cooperative=cooperative, valid__endswith__isnull=True)
    before = {line.vsic_code: line for line in live}
    added, retired = [], []
    for code, line in before.items():
        if code in codes and line.is_main == (code == main):
            continue
        retired.append(line.pk)
        if line.valid.lower < from_on:
            added.append(
                BusinessLine(cooperative=cooperative, vsic_code=code, is_main=line.is_main,
                             valid=DateRange(line.valid.lower, from_on), act_id=ctx.act_id)
            )  # fmt: skip
    for code in codes:
        line = before.get(code)
        if line is None or line.pk in retired:
            added.append(
                BusinessLine(cooperative=cooperative, vsic_code=code, is_main=code == main,
                             valid=DateRange(from_on, None), act_id=ctx.act_id)
            )  # fmt: skip
    BusinessLine.objects.filter(pk__in=retired).update(retired_by=ctx.act_id)
    BusinessLine.objects.bulk_create(added)
    note(ctx, codes=sorted(codes), main=main, before=sorted(before), from_on=from_on)
    return cooperative
