"""Changing and correcting what is known of a body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.registry.models import BusinessLine, Cooperative, Lineage, Particulars
from hoptac.registry.particulars import (
    begin_on,
    bump,
    live_rows,
    rewrite,
    stretch_of,
    tidied,
    values_of,
)
from hoptac.registry.projection import rebuild_periods
from hoptac.registry.rules.particulars import check_business_lines, check_particulars
from hoptac.registry.terms import LineageKind


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
    """Record that something about the body became different on a day (a name, a director).

    The past stays as it was. A field that a later act changed again is left alone from then.

    :raises Refused: nothing differs, a value does not hold, or the day lies in the future
    :raises Conflict: ``expected_version`` is not the present one
    """
    if from_on > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="from_on"))
    first = live_rows(cooperative)[:1]
    if first and from_on < first[0].valid.lower:
        raise Refused(
            Finding(
                "before_known",
                _("The body is known only since %(day)s; correct its establishment first.")
                % {"day": f"{first[0].valid.lower:%d/%m/%Y}"},
                field="from_on",
            )
        )
    values = _accepted(ctx, cooperative, changes, expected_version)
    said = rewrite(ctx, cooperative, values, from_on=from_on, source=source)
    return _done(ctx, cooperative, said, from_on=from_on, source=source)


@action("registry.correct_particulars")
def correct_particulars(
    ctx: Context,
    cooperative: Cooperative,
    *,
    changes: Mapping[str, Any],
    from_on: date | None = None,
    until_on: date | None = None,
    seen_on: date | None = None,
    source: str = "",
    expected_version: int | None = None,
) -> Cooperative:
    """Correct what was recorded wrongly; the wrong rows are kept, retired.

    The context must give a reason.
    Without days each field is corrected for as long as it bore the wrong value that stands today,
    or stood on ``seen_on``; what other acts said of other times is left alone. With ``from_on`` the
    correction holds from then until a later act spoke of the field, or until ``until_on``, the
    first day on which it no longer holds. Another day of establishment moves the beginning too.

    :raises Refused: no reason is given, nothing differs, or a value does not hold
    :raises Conflict: ``expected_version`` is not the present one
    """
    if not ctx.reason.strip():
        raise Refused(
            Finding("reason_missing", _("Say why the record is corrected."), field="reason")
        )
    values = _accepted(ctx, cooperative, changes, expected_version)
    rows = live_rows(cooperative)
    known_since, was_established = rows[0].valid.lower, rows[0].established_on
    said: dict[str, list[Any]] = {}
    for since, until, part in _stretches(rows, values, from_on, until_on, seen_on or ctx.today):
        said |= rewrite(ctx, cooperative, part, from_on=since, until_on=until, source=source)
    day = values.get("established_on")
    if (
        day is not None
        and from_on is None
        and (day < known_since or was_established == known_since)
    ):
        begin_on(ctx, cooperative, day)
    return _done(
        ctx, cooperative, said, from_on=from_on, until_on=until_on, seen_on=seen_on, source=source
    )


def _stretches(
    rows: Sequence[Particulars],
    values: Mapping[str, Any],
    from_on: date | None,
    until_on: date | None,
    seen_on: date,
) -> list[tuple[date | None, date | None, dict[str, Any]]]:
    """Return the days for which each part of a correction holds."""
    if from_on is not None or until_on is not None:
        return [(from_on, until_on, dict(values))]
    found: dict[tuple[date, date | None], dict[str, Any]] = {}
    for name, value in values.items():
        found.setdefault(stretch_of(rows, name, seen_on), {})[name] = value
    return [(since, until, part) for (since, until), part in found.items()]


def _accepted(
    ctx: Context,
    cooperative: Cooperative,
    changes: Mapping[str, Any],
    expected_version: int | None,
) -> dict[str, Any]:
    """Return the changes tidied and checked, and count the act upon the body."""
    values = tidied(changes)
    bump(cooperative, expected_version)
    last = Particulars.objects.live().filter(cooperative=cooperative).order_by("-valid").first()
    if last is None:
        raise OutOfReach("registry.view")
    findings = check_particulars({**values_of(last), **values}, today=ctx.today)
    refuse_if_any(f for f in findings if f.field in values)
    if "commune_id" in values:
        refuse_if_outside(ctx, values["commune_id"], cooperative.province_code)
    if "registration_number" in values:
        refuse_if_number_taken(values["registration_number"], but=cooperative.pk)
    return values


def _done(
    ctx: Context, cooperative: Cooperative, said: dict[str, list[Any]], **details: Any
) -> Cooperative:
    if not said:
        raise Refused(Finding("nothing_changed", _("Nothing differs from what is recorded.")))
    rebuild_periods([cooperative.pk])
    note(ctx, changed=said, **details)
    return cooperative


def refuse_if_number_taken(number: str, *, but: UUID | None = None) -> None:
    """Refuse a registration number that another living record bears.

    Two acts giving one number at once wait for each other.

    :raises Refused: the number stands at another body, which the finding names by its id
    """
    if not number:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [number])
    # A group that became this cooperative bore its code before (Law 2023 art. 108).
    before = Lineage.objects.live().filter(successor=but, kind=LineageKind.CONVERSION)
    other = (
        Particulars.objects.live()
        .filter(registration_number=number, valid__endswith__isnull=True)
        .exclude(cooperative_id=but)
        .exclude(cooperative_id__in=before.values("cooperative_id"))
        .first()
    )
    if other is not None:
        raise Refused(
            Finding(
                "registration_number_shared",
                _("This registration number stands at another body."),
                field="registration_number",
                details={"cooperative": str(other.cooperative_id)},
            )
        )


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
    """Say which lines of business (VSIC codes) the body has from a day on, and the main one.

    :raises Refused: a code is not of four or five digits, the main line is not among them, the day
        lies in the future, or the lines changed again after it
    """
    codes = list(dict.fromkeys(codes))
    refuse_if_any(check_business_lines(codes, main, from_on=from_on, today=ctx.today))
    bump(cooperative, expected_version)
    live = list(BusinessLine.objects.live().filter(cooperative=cooperative))
    if any(x.valid.upper and x.valid.upper > from_on for x in live):
        raise Refused(
            Finding(
                "lines_changed_later",
                _("The lines of business changed again after this day."),
                field="from_on",
            )
        )
    before = {line.vsic_code: line for line in live if line.valid.upper is None}
    added, retired = [], []
    for code, line in before.items():
        if code in codes and line.is_main == (code == main):
            continue
        retired.append(line.pk)
        if line.valid.lower < from_on:
            added.append(
                BusinessLine(cooperative=cooperative, vsic_code=code, is_main=line.is_main,
                             valid=DateRange(line.valid.lower, from_on), act_id=act_of(ctx))
            )  # fmt: skip
    for code in codes:
        line = before.get(code)
        if line is None or line.pk in retired:
            added.append(
                BusinessLine(cooperative=cooperative, vsic_code=code, is_main=code == main,
                             valid=DateRange(from_on, None), act_id=act_of(ctx))
            )  # fmt: skip
    if not (added or retired):
        raise Refused(Finding("nothing_changed", _("Nothing differs from what is recorded.")))
    BusinessLine.objects.filter(pk__in=retired).update(retired_by=ctx.act_id)
    BusinessLine.objects.bulk_create(added)
    note(ctx, codes=sorted(codes), main=main, before=sorted(before), from_on=from_on)
    return cooperative
