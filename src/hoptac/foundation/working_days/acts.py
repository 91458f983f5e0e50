"""Acts of the administrator who keeps the calendar of days off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.rulebook.facts import may_see_province, words
from hoptac.foundation.working_days import reckoning
from hoptac.foundation.working_days.models import CalendarDay, CalendarYear, Kind
from hoptac.foundation.working_days.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    compute_proposals,
    holidays_of,
    is_rest,
)

KEEP = "working_days.keep"


@action(KEEP, name="working_days.adopt_year")
def adopt_year(
    ctx: Context, year: int, *, before: Mapping[str, int] | None = None,
    without: Iterable[date] = (), document: str = "",
) -> CalendarYear:  # fmt: skip
    """Make what is computed for a year the year's calendar, but for the days that are left out.

    ``before`` says how many days of a holiday lie before it, where the law leaves that open.
    ``document`` is the notice of that year; without one the days stay unconfirmed. Who leaves one
    day of an exchange out leaves both. Days that were entered before stay as they are.

    :raises Refused: the year is adopted, cannot be reckoned, or the law knows no such placement
    """
    _begin_adding(ctx)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(
            Finding(
                "year_unknown",
                _("The calendar is known from %(first)d to %(last)d.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR},
                field="year",
            )
        )
    allowed = {h.code: h.before for h in holidays_of(year)}
    for code, days in (before or {}).items():
        if days not in allowed.get(code, ()):
            raise Refused(Finding("placement_unknown", _("The law knows no such placement.")))
    confirmed = bool(document.strip())
    basis = document.strip()
    try:
        with transaction.atomic():
            adopted = CalendarYear.objects.create(
                year=year, basis=basis, is_confirmed=confirmed, **_ours(ctx)
            )
    except IntegrityError as error:
        raise Refused(Finding("year_adopted", _("This year's calendar is adopted already."))) from error  # fmt: skip
    left_out = set(without)
    entered = set(
        CalendarDay.objects.live().filter(province_code=settings.PROVINCE_CODE, day__year=year)
        .values_list("day", flat=True)
    )  # fmt: skip
    with translation.override("vi"):  # names are kept in the language of the notice
        rows = [
            CalendarDay(
                day=m.day, kind=m.kind, name=words(m.name), basis=basis or m.basis, with_day=m.with_day,
                is_made_good=m.is_made_good, is_confirmed=confirmed, **_ours(ctx),
            )
            for m in compute_proposals(year, before)
            if m.day not in left_out | entered and m.with_day not in left_out
        ]  # fmt: skip
    CalendarDay.objects.bulk_create(rows)
    note(
        ctx, subject=adopted, year=year, document=basis, days=[r.day for r in rows],
        without=sorted(left_out),
    )  # fmt: skip
    _look()
    return adopted


@action(KEEP, name="working_days.give_back_year")
def give_back_year(ctx: Context, adopted: CalendarYear) -> None:
    """Undo the adoption of a year: what is computed counts again, single entries stay.

    :raises Refused: it was given back already, or no reason is given
    """
    _begin(ctx)
    _check_reason(ctx)
    _check_live(adopted)
    days = CalendarDay.objects.live().filter(act_id=adopted.act_id)
    note(ctx, undoes=adopted.act_id, year=adopted.year, days=days.count())
    days.update(retired_by=ctx.act_id)
    _retire(ctx, adopted)


@action(KEEP, name="working_days.add_day")
def add_day(ctx: Context, day: date, *, name: str, basis: str) -> CalendarDay:
    """Add a public holiday or another day off by decision of the State.

    :raises Refused: it is off or entered already, or its name or its basis is missing
    """
    _begin_adding(ctx)
    _check_text(name=name, basis=basis)
    _check_free(day, "day")
    if not reckoning.is_working_day(day):
        raise Refused(Finding("already_off", _("That day is off already."), field="day"))
    added = CalendarDay.objects.create(
        day=day, kind=Kind.HOLIDAY, name=name.strip(), basis=basis.strip(), is_confirmed=True,
        **_ours(ctx),
    )  # fmt: skip
    note(ctx, subject=added, day=day, name=added.name, basis=added.basis)
    _look()
    return added


@action(KEEP, name="working_days.exchange_days")
def exchange_days(ctx: Context, off: date, work: date, *, basis: str) -> CalendarDay:
    """Let a working day be off and a weekly day of rest be worked instead; return the day off.

    :raises Refused: the first is no working day, the second no day of rest, one is entered already,
        or the basis is missing
    """
    _begin_adding(ctx)
    _check_text(basis=basis)
    _check_free(off, "off")
    _check_free(work, "work")
    if not reckoning.is_working_day(off):
        raise Refused(Finding("already_off", _("That day is off already."), field="off"))
    if not is_rest(work) or reckoning.is_working_day(work):
        raise Refused(
            Finding(
                "not_a_rest", _("Only a weekly day of rest can be worked instead."), field="work"
            )
        )
    if work in reckoning.year_of(work.year).marks:
        raise Refused(Finding("is_holiday", _("That day is a public holiday."), field="work"))
    told: dict[str, Any] = {"basis": basis.strip(), "is_confirmed": True, **_ours(ctx)}
    free = CalendarDay.objects.create(day=off, kind=Kind.OFF, with_day=work, **told)
    CalendarDay.objects.create(day=work, kind=Kind.WORK, with_day=off, **told)
    note(ctx, subject=free, off=off, work=work, basis=basis.strip())
    _look()
    return free


@action(KEEP, name="working_days.remove_day")
def remove_day(ctx: Context, entry: CalendarDay) -> None:
    """Take a day from the calendar; of an exchange, both days.

    :raises Refused: it was removed already, or no reason is given
    """
    _begin(ctx)
    _check_reason(ctx)
    _check_live(entry)
    pair = CalendarDay.objects.live().filter(
        province_code=entry.province_code, day=entry.with_day, with_day=entry.day
    )
    note(ctx, day=entry.day, name=entry.name, with_day=entry.with_day)
    for other in pair:
        _retire(ctx, other)
    _retire(ctx, entry)


def _begin(ctx: Context) -> None:
    """Ask whether the caller keeps the province's calendar."""
    if not may_see_province(ctx, KEEP):
        raise OutOfReach(KEEP)


def _begin_adding(ctx: Context) -> None:
    """The same, and let one add after the other, each deciding by what the one before has left."""
    _begin(ctx)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('working_days'))")
    _look()


def _look() -> None:
    reckoning.refresh(at_once=True, keep=1)


def _ours(ctx: Context) -> dict[str, Any]:
    return {"province_code": settings.PROVINCE_CODE, "act_id": ctx.act_id}


def _check_text(**texts: str) -> None:
    words_of = {"name": _("Give the day a name."), "basis": _("Name the notice or decision.")}
    missing = [n for n, text in texts.items() if not text.strip()]
    if missing:
        raise Refused(*(Finding(f"{n}_missing", words_of[n], field=n) for n in missing))


def _check_free(day: date, field: str) -> None:
    entered = CalendarDay.objects.live().filter(province_code=settings.PROVINCE_CODE, day=day)
    if entered.exists():
        raise Refused(
            Finding(
                "day_entered",
                _("That day stands in the calendar already. Remove it first if it is wrong."),
                field=field,
            )
        )


def _check_reason(ctx: Context) -> None:
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Give the reason."), field="reason"))


def _check_live(row: CalendarDay | CalendarYear) -> None:
    if row.retired_by is not None:
        raise Refused(Finding("removed_already", _("This was removed already.")))


def _retire(ctx: Context, row: CalendarDay | CalendarYear) -> None:
    row.retired_by = ctx.act_id
    row.save(update_fields=["retired_by"])
    _look()
