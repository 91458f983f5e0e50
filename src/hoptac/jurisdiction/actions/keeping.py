"""Keeping the agencies: added, renamed, ended with their successors, corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, OutOfReach, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import fold, tidy
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.models import AdminUnit, Agency, AgencySuccession
from hoptac.jurisdiction.terms import LOWER_KINDS, AgencyKind, Level

_MANAGE = "jurisdiction.manage"


@action(_MANAGE, name="jurisdiction.add_agency")
def add_agency(
    ctx: Context,
    *,
    name: str,
    unit: AdminUnit,
    kind: str,
    short_name: str = "",
    code: str = "",
    begin: date | None = None,
    end: date | None = None,
    parent: Agency | None = None,
    predecessors: Sequence[Agency] = (),
    legal_basis: str = "",
    note_text: str = "",
    is_confirmed: bool = False,
) -> Agency:
    """Add an agency from its first day (nothing: long ago); ``end`` is the first day it is no more.

    ``predecessors`` are those whose duties it took over on its first day. Without a code it gets one
    from its short name.

    :raises Refused: it has no name, the days are the wrong way round, the code is taken, an agency
        of that name stands there in these days, or a predecessor goes on beyond its first day
    :raises OutOfReach: the unit lies outside of the caller's territory
    """
    if not scope.reaches(ctx, _MANAGE, unit, None, unit.province_code):
        raise OutOfReach(_MANAGE)
    name, short = tidy(name), tidy(short_name) or tidy(name)[:60]
    _refuse_unfit(name, kind, unit, begin, end)
    _refuse_twin(name, unit, DateRange(begin, end))
    if predecessors and begin is None:
        raise Refused(Finding("day_missing", _("Say from which day it took over."), field="begin"))
    agency = Agency.objects.create(
        code=_code(code, short, unit.province_code), name=name, short_name=short[:60], kind=kind,
        unit=unit, parent=parent, province_code=unit.province_code, valid=DateRange(begin, end),
        source=legal_basis[:200], note=note_text[:300], is_confirmed=is_confirmed,
    )  # fmt: skip
    for before in predecessors:
        assert begin is not None  # noqa: S101  (refused above)
        if before.valid.upper is None or before.valid.upper > begin:
            end_agency(ctx, before, on=begin, successors=[agency], legal_basis=legal_basis)
        else:
            _link(before, agency, begin, legal_basis, is_confirmed)
    note(ctx, subject=agency, code=agency.code, name=name, begin=begin, end=end,
         predecessors=[a.code for a in predecessors])  # fmt: skip
    scope.forget()
    return agency


@action(_MANAGE, name="jurisdiction.rename_agency")
def rename_agency(
    ctx: Context,
    agency: Agency,
    *,
    name: str,
    on: date,
    short_name: str = "",
    legal_basis: str = "",
    is_confirmed: bool = False,
    expected_version: int | None = None,
) -> Agency:
    """Let an agency bear another name from a day: the old row ends, a new one follows. Returns the new one.

    It stays the same agency: whoever holds a mandate within it speaks for both.

    :raises Refused: the name is empty or the same, or the day does not lie within its life
    """
    _refuse_passed(agency, expected_version)
    name, short = tidy(name), tidy(short_name) or tidy(name)[:60]
    if name == agency.name:
        raise Refused(Finding("name_same", _("That is its name already."), field="name"))
    _refuse_outside(agency, on)
    _refuse_unfit(name, agency.kind, agency.unit, on, agency.valid.upper)
    _refuse_twin(name, agency.unit, DateRange(on, agency.valid.upper), but=agency)
    new = Agency.objects.create(
        code=_code("", short, agency.province_code), name=name, short_name=short[:60],
        kind=agency.kind, unit=agency.unit, parent=agency.parent, province_code=agency.province_code,
        valid=DateRange(on, agency.valid.upper), source=legal_basis[:200], is_confirmed=is_confirmed,
    )  # fmt: skip
    AgencySuccession.objects.filter(predecessor=agency).update(predecessor=new)
    _end(agency, on)
    _link(agency, new, on, legal_basis, is_confirmed, is_rename=True)
    note(ctx, name=name, on=on, agency=new.pk)
    scope.forget()
    return new


@action(_MANAGE, name="jurisdiction.end_agency")
def end_agency(
    ctx: Context,
    agency: Agency,
    *,
    on: date,
    successors: Sequence[Agency] = (),
    legal_basis: str = "",
    is_confirmed: bool = False,
    expected_version: int | None = None,
) -> Agency:
    """End an agency: from ``on`` it is no more; its duties pass to the successors, if there are any.

    Mandates within it are not ended by it: whose they are is for the administrator to see to.

    :raises Refused: the day does not lie within its life, or a successor does not exist on it
    """
    _refuse_passed(agency, expected_version)
    _refuse_outside(agency, on)
    _refuse_unfit_successors(agency, successors, on)
    _end(agency, on)
    for after in successors:
        _link(agency, after, on, legal_basis, is_confirmed)
    note(ctx, on=on, successors=[a.code for a in successors], basis=legal_basis)
    scope.forget()
    return agency


@action(_MANAGE, name="jurisdiction.correct_agency")
def correct_agency(
    ctx: Context,
    agency: Agency,
    *,
    changes: Mapping[str, Any],
    successors: Sequence[Agency] | None = None,
    expected_version: int | None = None,
) -> Agency:
    """Correct what was entered wrongly of an agency; the row as it was stays in its history.

    ``changes`` may name ``name``, ``short_name``, ``kind``, ``parent``, ``begin``, ``end``, ``source``, ``note``,
    ``is_confirmed``; ``successors``, where given, take the place of those there are.

    :raises Refused: no reason is given, or what it would be cannot be
    """
    _refuse_passed(agency, expected_version)
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Say why it is corrected."), field="reason"))
    new = dict(changes)
    begin = new.pop("begin", agency.valid.lower)
    end = new.pop("end", agency.valid.upper)
    if set(new) - {"name", "short_name", "kind", "parent", "source", "note", "is_confirmed"}:
        raise ValueError(f"no such matter of an agency: {sorted(new)}")
    for matter in ("name", "short_name"):
        if matter in new:
            new[matter] = tidy(new[matter])
    _refuse_unfit(new.get("name", agency.name), new.get("kind", agency.kind), agency.unit, begin, end)  # fmt: skip
    if new.get("parent") == agency:
        raise Refused(Finding("parent_itself", _("It cannot belong to itself."), field="parent"))
    _refuse_twin(new.get("name", agency.name), agency.unit, DateRange(begin, end), but=agency)
    was = {n: getattr(agency, n) for n in new} | {"begin": agency.valid.lower, "end": agency.valid.upper}  # fmt: skip
    for matter, value in new.items():
        setattr(agency, matter, value)
    agency.valid = DateRange(begin, end)
    agency.version += 1
    agency.save()
    if successors is not None:
        _set_successors(agency, successors, end)
    now = {**new, "begin": begin, "end": end}
    note(ctx, changes={n: [was[n], v] for n, v in now.items() if was[n] != v},
         successors=None if successors is None else [a.code for a in successors])  # fmt: skip
    scope.forget()
    return agency


def _set_successors(agency: Agency, successors: Sequence[Agency], end: date | None) -> None:
    if successors and end is None:
        raise Refused(
            Finding("end_missing", _("What goes on has no successor: give its end."), field="end")
        )
    known = {s.successor_id: s for s in agency.successions.order_by("pk")}
    if end is not None:
        _refuse_unfit_successors(agency, [a for a in successors if a.pk not in known], end)
    wanted = {a.pk for a in successors}
    for pk, link in known.items():
        if pk not in wanted:
            link.delete()
    for after in successors:
        if after.pk not in known and end is not None:
            _link(agency, after, end, "", False)


def _link(
    before: Agency, after: Agency, on: date, basis: str, confirmed: bool, *, is_rename: bool = False
) -> None:  # fmt: skip
    AgencySuccession.objects.get_or_create(
        predecessor=before, successor=after,
        defaults={"on": on, "legal_basis": basis[:200], "is_confirmed": confirmed, "is_rename": is_rename},
    )  # fmt: skip


def _end(agency: Agency, on: date) -> None:
    valid = DateRange(agency.valid.lower, on)
    Agency.objects.filter(pk=agency.pk).update(valid=valid, version=F("version") + 1)
    agency.refresh_from_db()


def _refuse_passed(agency: Agency, expected: int | None) -> None:
    if expected is not None and expected != agency.version:
        raise Conflict(expected, agency.version)


def _refuse_unfit(
    name: str, kind: str, unit: AdminUnit, begin: date | None, end: date | None
) -> None:
    if not name:
        raise Refused(Finding("field_missing", _("This must be filled in."), field="name"))
    if kind not in AgencyKind.values:
        raise Refused(Finding("kind_unknown", _("Choose what it is."), field="kind"))
    if unit.level != Level.PROVINCE and kind not in LOWER_KINDS | {
        AgencyKind.OTHER,
        AgencyKind.COUNCIL,
        AgencyKind.FRONT,
    }:
        raise Refused(
            Finding("kind_of_province", _("Such an agency there is in the province only."), field="kind")
        )  # fmt: skip
    if begin is not None and end is not None and end <= begin:
        raise Refused(
            Finding("days_reversed", _("The last day lies before the first."), field="end")
        )


def _refuse_outside(agency: Agency, on: date) -> None:
    begin, end = agency.valid.lower, agency.valid.upper
    if (begin is not None and on <= begin) or (end is not None and on >= end):
        raise Refused(
            Finding("day_outside", _("On this day the agency does not exist."), field="on")
        )


def _refuse_unfit_successors(agency: Agency, successors: Sequence[Agency], on: date) -> None:
    for after in successors:
        begin, end = after.valid.lower, after.valid.upper
        exists = (begin is None or begin <= on) and (end is None or on < end)
        if after.pk == agency.pk or not exists:
            raise Refused(
                Finding(
                    "successor_unfit",
                    _("%(name)s does not exist on this day: it cannot take over.")
                    % {"name": after.name},
                    field="successors",
                )
            )


def _refuse_twin(
    name: str, unit: AdminUnit, valid: DateRange, *, but: Agency | None = None
) -> None:
    same = Agency.objects.filter(name=name, unit=unit, valid__overlap=valid)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise Refused(
            Finding("agency_known", _("An agency of this name stands there already."), field="name")
        )


def _code(code: str, short: str, province: str) -> str:
    """Return the code as given, or one made of the short name that nobody has."""
    if code:
        if Agency.objects.filter(province_code=province, code=code).exists():
            raise Refused(Finding("code_taken", _("This code is taken."), field="code"))
        return code
    stem = (
        "-".join("".join(c if c.isalnum() else " " for c in fold(short)).split())[:34] or "co-quan"
    )
    taken = set(
        Agency.objects.filter(province_code=province, code__startswith=stem).values_list(
            "code", flat=True
        )
    )
    return next(
        c for n in range(1, 10_000) if (c := stem if n == 1 else f"{stem}-{n}") not in taken
    )
