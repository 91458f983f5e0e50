"""How a case begins: opened by an officer from the watch list, then looked at on the spot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.cases.actions.dates import record_date
from hoptac.cases.models import Case, CaseFile, CaseStep, KeptDate, VisitSheet
from hoptac.cases.rules.desk import CaseDeskRule
from hoptac.cases.rules.grounds import Judged, Standing, name_of
from hoptac.cases.steps import take_step, write
from hoptac.cases.terms import OPEN, DateKind, Found, State, StepKind
from hoptac.cases.watch import judged_body
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import action, note
from hoptac.foundation.documents.kinds import media_type_of
from hoptac.foundation.documents.storing import store
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.numbering import take
from hoptac.foundation.rulebook import rule_in_force
from hoptac.foundation.working_days import add_working_days
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registration.actions.intake import registrar_of
from hoptac.registry import actions as register
from hoptac.registry.models import Cooperative, Period

Files = Iterable[tuple[str, bytes]]


def listed_grounds(cooperative: Cooperative, day: date) -> list[Judged]:
    """Return the grounds for which a body stands on the watch list on a day, without mere reminders."""
    return [j for j in judged_body(cooperative, day) if j.is_pressing and not j.rule.reminder]


@action("cases.process", name="cases.open_case")
def open_case(
    ctx: Context, cooperative: Cooperative, *, grounds: Sequence[str] = (), words: str = ""
) -> Case:
    """Open a case of a body that stands on the watch list today; a visit comes first.

    ``grounds`` are some of those it stands there for; left out: all of them. Nothing happens to the
    body by it.

    :raises Refused: it does not stand on the list for them, a case is already open, or the officer
        has opened as many as the month allows
    """
    listed = {j.code: j for j in listed_grounds(cooperative, ctx.today)}
    chosen = list(dict.fromkeys(grounds)) or list(listed)
    if not chosen or set(chosen) - set(listed):
        raise Refused(
            Finding(
                "not_on_list",
                _("It does not stand on the watch list for this today."),
                field="grounds",
            )
        )
    if Case.objects.filter(cooperative=cooperative, state__in=sorted(OPEN)).exists():
        raise Refused(Finding("case_open", _("A case of this body is already open.")))
    desk = rule_in_force(CaseDeskRule, on=ctx.today)
    _refuse_over_quota(ctx, desk)
    period = Period.objects.get(cooperative=cooperative, is_latest=True)
    if period.commune_id is None:
        raise Refused(
            Finding("commune_unknown", _("Its commune is not known: correct that first."))
        )
    authority_id = registrar_of(cooperative.kind, period.commune_id, ctx.today)
    authority = AdminUnit.objects.only("code").get(pk=authority_id)
    number = take(f"case:{authority.code}:{ctx.today.year}")
    case = Case.objects.create(
        province_code=cooperative.province_code, number=f"{number:03d}/{ctx.today.year}",
        cooperative=cooperative, subject_name=period.name, commune_id=period.commune_id,
        authority_id=authority_id, state=State.OPENED, opened_on=ctx.today, officer=ctx.user,
        opened_by=ctx.user, due_on=add_working_days(ctx.today, desk.visit_days),
        grounds=[_told(listed[code]) for code in chosen],
    )  # fmt: skip
    write(ctx, case, StepKind.OPENED, words=words, details={"grounds": chosen})
    note(ctx, subject=case, body=cooperative.pk, number=case.number, grounds=chosen)
    return case


@action("cases.process", name="cases.open_cases")
def open_cases(ctx: Context, *, bodies: Sequence[Cooperative]) -> list[Case]:
    """Open a case of each body, for everything it stands on the list for; all of them or none.

    :raises Refused: one of them cannot be opened; the finding names it
    :raises OutOfReach: one lies outside the caller's territory
    """
    found = []
    for body in bodies:
        try:
            found.append(open_case(ctx, body))
        except Refused as refused:
            name = Period.objects.filter(cooperative=body, is_latest=True).values_list(
                "name", flat=True
            )
            raise Refused(
                *(
                    Finding(f.code, f"{name.first() or body.pk}: {f.message}", f.basis)
                    for f in refused.findings
                )
            ) from refused
    note(ctx, cases=[c.number for c in found])
    return found


def opened_this_month(ctx: Context) -> int:
    """Return how many cases the caller has opened in this month."""
    first = ctx.today.replace(day=1)
    return Case.objects.filter(opened_by=ctx.user, opened_on__range=(first, ctx.today)).count()


def _refuse_over_quota(ctx: Context, desk: CaseDeskRule) -> None:
    if ctx.user is not None and opened_this_month(ctx) >= desk.monthly_quota:
        raise Refused(
            Finding(
                "quota_reached",
                _("You have opened %(count)s cases this month, as many as the quota allows.")
                % {"count": desk.monthly_quota},
                desk.basis,
            )
        )


def _told(judged: Judged) -> dict[str, Any]:
    """Return what a ground said on the day, as a case keeps it."""
    return {
        "code": judged.code, "basis": judged.rule.basis, "since": _iso(judged.since),
        "due_on": _iso(judged.due_on), "standing": judged.standing.value,
    }  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


@action("cases.process", name="cases.hand_over")
def hand_over(
    ctx: Context, case: Case, *, to: User, words: str = "", expected_version: int | None = None
) -> Case:
    """Hand a case to a colleague who may process cases of its territory.

    :raises Refused: the colleague has no such mandate, or already holds it
    """
    from hoptac.cases.selectors import may_process

    if case.officer_id == to.pk:
        raise Refused(Finding("holds_it_already", _("This officer already holds it."), field="to"))
    if not may_process(to, case, ctx.today):
        raise Refused(
            Finding(
                "no_mandate_there", _("This officer has no mandate for this place."), field="to"
            )
        )
    take_step(ctx, case, StepKind.HANDED_OVER, expected_version=expected_version, words=words, to=to,
              changes={"officer": to})  # fmt: skip
    note(ctx, to=to.pk)
    return case


@action("cases.process", name="cases.record_visit")
def record_visit(
    ctx: Context,
    case: Case,
    *,
    sheet: Mapping[str, Any],
    files: Files = (),
    keep: bool = False,
    expected_version: int | None = None,
) -> Case:
    """Enter the sheet of a visit: what was found on the spot, by whom; photographs and papers with it.

    ``sheet`` has the fields of :class:`VisitSheet`. With ``keep`` the members counted and the general
    meeting found become figures and dates of the body, so that its grounds are judged anew.

    :raises Refused: the sheet is not whole, its day lies ahead or before the case, or a file is refused
    """
    values = dict(sheet)
    for name in ("visitors", "findings"):
        if not str(values.get(name) or "").strip():
            raise Refused(Finding("field_missing", _("This must be filled in."), field=name))
    for name in ("at_address", "has_sign", "operates", "has_books"):
        if values.get(name) not in Found.values:
            raise Refused(Finding("field_missing", _("This must be filled in."), field=name))
    visited_on = values["visited_on"]
    if not case.opened_on <= visited_on <= ctx.today:
        raise Refused(
            Finding(
                "visited_on_impossible",
                _("The visit lies between the opening of the case and today."),
                field="visited_on",
            )
        )
    meeting = values.get("last_meeting_on")
    if meeting and meeting > visited_on:
        raise Refused(
            Finding("date_in_future", _("The day lies in the future."), field="last_meeting_on")
        )
    is_first = case.state == State.OPENED
    step = take_step(
        ctx, case, StepKind.VISITED, expected_version=expected_version,
        leads=State.VISITED if is_first else None, details={"on": visited_on.isoformat()},
        changes={"due_on": add_working_days(visited_on, case.desk.decision_days)} if is_first else None,
    )  # fmt: skip
    VisitSheet.objects.create(step=step, **values)
    count = attach(ctx, step, files)
    if keep:
        _keep_found(ctx, case, values)
    note(ctx, on=visited_on, files=count, kept=keep)
    return case


def _keep_found(ctx: Context, case: Case, values: Mapping[str, Any]) -> None:
    """Let what a visit counted and read become figures and dates of the body."""
    body, visited_on = case.cooperative, values["visited_on"]
    source = _("Visit of %(day)s, case %(number)s") % {
        "day": f"{visited_on:%d/%m/%Y}", "number": case.number,
    }  # fmt: skip
    if values.get("members_counted") is not None:
        register.state_figures(
            ctx,
            body,
            figures={"members": values["members_counted"]},
            as_of=visited_on,
            source=source,
        )
    meeting = values.get("last_meeting_on")
    known = KeptDate.objects.live().filter(cooperative=body, kind=DateKind.MEETING, on=meeting)
    if meeting and not known.exists():
        record_date(ctx, body, kind=DateKind.MEETING.value, on=meeting, document=source)


@action("cases.process", name="cases.waive_visit")
def waive_visit(
    ctx: Context, case: Case, *, words: str, expected_version: int | None = None
) -> Case:
    """Record why there is no visit sheet; without one or the other no notice can go out.

    :raises Refused: no reason is given
    """
    refuse_without(words, _("Say why nobody looked on the spot."))
    take_step(ctx, case, StepKind.VISIT_WAIVED, expected_version=expected_version, words=words,
              changes={"due_on": add_working_days(ctx.today, case.desk.decision_days)})  # fmt: skip
    note(ctx)
    return case


# --- What the acts of a case share -----------------------------------------------------------------


def refuse_without(words: str, message: str, field: str = "words") -> None:
    """Refuse an empty reason.

    :raises Refused: with the message
    """
    if not words.strip():
        raise Refused(Finding("reason_missing", message, field=field))


def attach(ctx: Context, step: CaseStep, files: Files) -> int:
    """Keep the files that a step brought; return how many.

    :raises Refused: one is too big, or of a kind that is not kept
    """
    stored = [
        store(ctx, content, name=name, media_type=media_type_of(name)) for name, content in files
    ]
    CaseFile.objects.bulk_create(CaseFile(step=step, file=one) for one in stored)
    return len(stored)


def over_grounds(case: Case, day: date) -> list[Judged]:
    """Return the grounds of a case whose term is over as of a day, judged anew from what is kept."""
    codes = {g["code"] for g in case.grounds}
    return [
        j
        for j in judged_body(case.cooperative, day)
        if j.code in codes and j.standing is Standing.OVER
    ]


def names_of(grounds: Iterable[Judged]) -> str:
    return "; ".join(name_of(g.code) for g in grounds)
