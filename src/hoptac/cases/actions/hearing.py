"""How a body is heard: the notice, its term, what the body says, how it is weighed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.cases import letters
from hoptac.cases.actions.opening import Files, attach, over_grounds, refuse_without
from hoptac.cases.marks import set_mark
from hoptac.cases.models import Case
from hoptac.cases.steps import has_been_seen, refuse_if_passed, take_step
from hoptac.cases.terms import LetterKind, State, StepKind
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.working_days import add_working_days


@action("cases.decide", name="cases.send_notice")
def send_notice(
    ctx: Context,
    case: Case,
    *,
    signatory: str,
    explain_until: date | None = None,
    words: str = "",
    expected_version: int | None = None,
) -> Case:
    """Notify the body of the violation: a letter with its grounds, and a term to explain or object.

    The body is marked: while the notice stands nothing else of it is registered. The grounds are
    judged anew; those that no longer hold are not in the letter.

    :raises Refused: nobody looked on the spot nor was it recorded why not, no ground's term is over
        today, or the body gets less time than the rule gives
    """
    refuse_if_passed(case, StepKind.NOTICED)
    if not has_been_seen(case):
        raise Refused(Finding("not_seen", _("Enter the visit sheet first, or why there is none.")))
    grounds = over_grounds(case, ctx.today)
    if not grounds:
        raise Refused(
            Finding(
                "no_ground_over",
                _(
                    "As of today the term of no ground of this case is over: there is nothing to notify of."
                ),
            )
        )
    refuse_without(signatory, _("Say who signs."), "signatory")
    least = add_working_days(ctx.today, case.desk.explanation_days)
    until = explain_until or least
    if until < least:
        raise Refused(
            Finding(
                "term_too_short",
                _("The body has until %(day)s at least (%(count)s working days).")
                % {"day": f"{least:%d/%m/%Y}", "count": case.desk.explanation_days},
                case.desk.basis,
                field="explain_until",
            )
        )
    number = letters.take_number(case, ctx.today)
    document = f"Thông báo số {number}/TB-ĐKHTX ngày {ctx.today:%d/%m/%Y}"
    step = take_step(
        ctx, case, StepKind.NOTICED, expected_version=expected_version, words=words,
        details={"grounds": [g.code for g in grounds], "until": until.isoformat(), "number": number},
        changes={"explain_until": until, "due_on": until, "mark_document": document},
    )  # fmt: skip
    set_mark(ctx, case)
    letters.send(
        ctx, step, LetterKind.NOTICE, number=number, signatory=signatory,
        content={"grounds": letters.told_judged(grounds), "until": until, "words": words},
    )  # fmt: skip
    note(ctx, number=number, until=until, grounds=[g.code for g in grounds])
    return case


def _receive(
    ctx: Context,
    case: Case,
    words: str,
    by: str,
    on: date,
    files: Files,
    expected_version: int | None,
    details: dict[str, Any],
) -> Case:
    refuse_without(words, _("Write what the body says."))
    notice = case.steps.filter(kind=StepKind.NOTICED).order_by("id").last()
    if on > ctx.today or (notice is not None and on < notice.on):
        raise Refused(
            Finding(
                "received_on_impossible",
                _("The day lies between the notice and today."),
                field="on",
            )
        )
    late = case.explain_until is not None and on > case.explain_until
    term = max(on, case.explain_until or on)
    step = take_step(
        ctx, case, StepKind.EXPLAINED, expected_version=expected_version, words=words,
        details={"by": by, "on": on.isoformat(), "late": late, **details},
        changes={"due_on": add_working_days(term, case.desk.decision_days)},
    )  # fmt: skip
    count = attach(ctx, step, files)
    note(ctx, on=on, late=late, files=count)
    return case


@action("cases.process", name="cases.receive_explanation")
def receive_explanation(
    ctx: Context,
    case: Case,
    *,
    words: str,
    by: str,
    on: date | None = None,
    files: Files = (),
    expected_version: int | None = None,
) -> Case:
    """Take down what the body explains or objects, with its papers; what comes late is taken too.

    :raises Refused: nothing or nobody is named, or no notice stands
    """
    refuse_without(by, _("Say who explains."), "by")
    return _receive(ctx, case, words, by, on or ctx.today, files, expected_version, {})


@action("cases.answer")
def answer(
    ctx: Context,
    case: Case,
    *,
    words: str,
    files: Files = (),
    expected_version: int | None = None,
) -> Case:
    """Explain or object online, for one's own cooperative.

    :raises Refused: nothing is said, or no notice stands
    :raises OutOfReach: it is not the caller's cooperative
    """
    by = ctx.user.full_name if ctx.user else ""
    return _receive(ctx, case, words, by, ctx.today, files, expected_version, {"online": True})


@action("cases.process", name="cases.weigh")
def weigh(ctx: Context, case: Case, *, words: str, expected_version: int | None = None) -> Case:
    """Weigh what the body said, or that it said nothing in its term, and advise what to decide.

    :raises Refused: no opinion is given, or the body has said nothing and its term still runs
    """
    refuse_if_passed(case, StepKind.WEIGHED)
    refuse_without(words, _("Write how it was weighed."))
    until = case.explain_until
    if case.state == State.NOTICED and until is not None and ctx.today <= until:
        raise Refused(
            Finding(
                "term_runs",
                _("The body may explain until %(day)s.") % {"day": f"{until:%d/%m/%Y}"},
                case.desk.basis,
            )
        )
    due = case.due_on
    if case.state == State.NOTICED and until is not None:
        due = add_working_days(until, case.desk.decision_days)
    step = take_step(ctx, case, StepKind.WEIGHED, expected_version=expected_version, words=words,
                     changes={"due_on": due})  # fmt: skip
    note(ctx, step=step.pk)
    return case
