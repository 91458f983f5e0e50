"""How a case ends, is put off, or goes back: every way is open until the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.cases import letters
from hoptac.cases.actions.opening import names_of, over_grounds, refuse_without
from hoptac.cases.marks import issuer_of, lift_mark, set_mark
from hoptac.cases.models import Case, CaseStep, KeptDate, Letter
from hoptac.cases.rules.grounds import Judged
from hoptac.cases.steps import (
    has_been_seen,
    last_standing,
    refuse_if_passed,
    take_step,
)
from hoptac.cases.terms import OPEN, Closing, DateKind, LetterKind, State, StepKind
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.working_days import add_working_days
from hoptac.registration.actions import receive, withdraw
from hoptac.registration.models import Filing
from hoptac.registration.rules.checks import months_later
from hoptac.registration.terms import OPEN as FILING_OPEN
from hoptac.registration.terms import Channel
from hoptac.registration.terms import State as FilingState

_JOINING = ("merger", "consolidation")


@action("cases.decide", name="cases.close")
def close(
    ctx: Context,
    case: Case,
    *,
    closing: str,
    words: str,
    signatory: str = "",
    expected_version: int | None = None,
) -> Case:
    """Close a case without anything happening to the body; its mark is lifted.

    A body that was notified gets a letter, which somebody signs.

    :raises Refused: no reason is given, it is closed as mended while a ground's term is over by the
        dates kept, as force majeure of which nothing is kept, or the filing has been granted or runs
    """
    refuse_if_passed(case, StepKind.CLOSED)
    if closing not in Closing.values:
        raise Refused(Finding("closing_unknown", _("Say why it is closed."), field="closing"))
    refuse_without(words, _("Give the reason."))
    _refuse_while_filed(case)
    if closing == Closing.MENDED and (still := over_grounds(case, ctx.today)):
        raise Refused(
            Finding(
                "still_over",
                _("By the dates kept this still stands: %(names)s. Record first what mended it.")
                % {"names": names_of(still)},
                field="closing",
            )
        )
    if closing == Closing.FORCE_MAJEURE and not _has_force_majeure(case):
        raise Refused(
            Finding(
                "force_majeure_not_kept",
                _("Record the force majeure with its document among the dates of the body first."),
                field="closing",
            )
        )
    if case.mark_document:
        refuse_without(signatory, _("Say who signs."), "signatory")
    lifted = lift_mark(ctx, case)
    step = take_step(
        ctx, case, StepKind.CLOSED, expected_version=expected_version, words=words,
        details={"closing": closing, "lifted": lifted},
        changes={"closing": closing, "due_on": None, "delayed_until": None},
    )  # fmt: skip
    if case.mark_document:
        _letter(ctx, case, step, LetterKind.CLOSING, signatory,
                {"closing": closing, "words": words, "notice": case.mark_document})  # fmt: skip
    note(ctx, closing=closing, lifted=lifted)
    return case


def _has_force_majeure(case: Case) -> bool:
    live = KeptDate.objects.live()
    return live.filter(cooperative=case.cooperative_id, kind=DateKind.FORCE_MAJEURE).exists()


def _refuse_while_filed(case: Case) -> None:
    """Refuse while the filing of a case is on the desk, or has been granted.

    :raises Refused: says where the filing stands
    """
    filing = case.filing
    if filing is None or case.state not in {State.PROPOSED, State.MERGING}:
        return
    # A merger that has taken effect, with this body as the one that received, is done with.
    done = case.state == State.MERGING and filing.took_effect_on is not None
    if filing.state in FILING_OPEN | {FilingState.GRANTED, FilingState.DRAFT} and not done:
        raise Refused(
            Finding(
                "filing_runs",
                _("The filing %(number)s stands at “%(state)s”: it has to end first.")
                % {"number": filing.receipt_number, "state": filing.get_state_display()},
            )
        )


@action("cases.decide", name="cases.delay")
def delay(
    ctx: Context,
    case: Case,
    *,
    until: date,
    words: str,
    signatory: str,
    expected_version: int | None = None,
) -> Case:
    """Put a case off to give the body time to mend; it gets a letter. The notice stands meanwhile.

    :raises Refused: no reason is given, or the term is past or longer than the rule allows
    """
    refuse_if_passed(case, StepKind.DELAYED)
    refuse_without(words, _("Give the reason."))
    refuse_without(signatory, _("Say who signs."), "signatory")
    longest = months_later(ctx.today, case.desk.delay_months)
    if not ctx.today < until <= longest:
        raise Refused(
            Finding(
                "delay_impossible",
                _("It can be put off until %(day)s at most.") % {"day": f"{longest:%d/%m/%Y}"},
                case.desk.basis,
                field="until",
            )
        )
    step = take_step(
        ctx, case, StepKind.DELAYED, expected_version=expected_version, words=words,
        details={"until": until.isoformat()}, changes={"delayed_until": until, "due_on": until},
    )  # fmt: skip
    _letter(ctx, case, step, LetterKind.DELAY, signatory,
            {"until": until, "words": words, "notice": case.mark_document})  # fmt: skip
    note(ctx, until=until)
    return case


@action("cases.process", name="cases.resume")
def resume(
    ctx: Context, case: Case, *, words: str = "", expected_version: int | None = None
) -> Case:
    """Take a case up again: its delay is over, or the filing it waited for came to nothing.

    :raises Refused: the delay still runs and no reason is given, or the filing has not ended
    """
    refuse_if_passed(case, StepKind.RESUMED)
    _refuse_while_filed(case)
    if case.state == State.DELAYED and case.delayed_until and ctx.today < case.delayed_until:
        refuse_without(words, _("The delay still runs: give the reason."))
    leads = State.WEIGHED
    if case.state == State.MERGING:
        step = last_standing(case)
        leads = State(step.from_state) if step and step.from_state else leads
    take_step(
        ctx, case, StepKind.RESUMED, expected_version=expected_version, words=words, leads=leads,
        changes={
            "delayed_until": None, "filing_id": None,
            "due_on": add_working_days(ctx.today, case.desk.decision_days),
        },
    )  # fmt: skip
    note(ctx)
    return case


@action("cases.process", name="cases.merge_instead")
def merge_instead(
    ctx: Context,
    case: Case,
    *,
    filing: Filing,
    words: str = "",
    expected_version: int | None = None,
) -> Case:
    """Let a merger that was filed take the place of the case; it ends when the merger takes effect.

    :raises Refused: the filing is no open merger or consolidation in which this body takes part
    """
    refuse_if_passed(case, StepKind.MERGING)
    if not takes_part(filing, case):
        raise Refused(
            Finding(
                "filing_not_of_body",
                _("Choose an open merger or consolidation in which this body takes part."),
                field="filing",
            )
        )
    take_step(
        ctx, case, StepKind.MERGING, expected_version=expected_version, words=words,
        details={"filing": filing.receipt_number},
        changes={"filing_id": filing.pk, "due_on": None, "delayed_until": None},
    )  # fmt: skip
    note(ctx, filing=filing.pk)
    return case


def takes_part(filing: Filing, case: Case) -> bool:
    """Tell whether a filing is an open joining of the case's body with others."""
    parties = {str(e.get("body")) for e in filing.proposal.get("others") or ()}
    parties.add(str(filing.cooperative_id))
    return (
        filing.procedure in _JOINING
        and filing.state in FILING_OPEN | {FilingState.GRANTED}
        and filing.took_effect_on is None
        and str(case.cooperative_id) in parties
    )


@action("cases.decide", name="cases.propose_end")
def propose_end(
    ctx: Context, case: Case, *, words: str, expected_version: int | None = None
) -> Case:
    """Put the case forward for the second pair of eyes: open the filing that the law asks for.

    A revocation, or under the Law of 2012 a compulsory dissolution. Its grounds are judged anew today.

    :raises Refused: no reason is given, or no ground's term is over any more
    """
    refuse_if_passed(case, StepKind.PROPOSED)
    refuse_without(words, _("Give the reason."))
    grounds = over_grounds(case, ctx.today)
    if not grounds:
        raise Refused(
            Finding(
                "no_ground_over",
                _("As of today the term of no ground of this case is over: close it as mended."),
            )
        )
    filing = _file(ctx, case, grounds, words)
    take_step(
        ctx, case, StepKind.PROPOSED, expected_version=expected_version, words=words,
        details={"grounds": [g.code for g in grounds], "filing": filing.receipt_number},
        changes={"filing_id": filing.pk, "due_on": None},
    )  # fmt: skip
    note(ctx, filing=filing.pk, grounds=[g.code for g in grounds])
    return case


def _file(ctx: Context, case: Case, grounds: Iterable[Judged], words: str) -> Filing:
    rules = [g.rule for g in grounds]
    procedure = rules[0].procedure
    codes = list(dict.fromkeys(r.ground for r in rules if r.ground))
    proposal: dict[str, Any] = {"document": case.mark_document}
    papers = ["violation_notice"]
    if case.steps.filter(kind=StepKind.EXPLAINED, undone_by__isnull=True).exists():
        papers.append("explanation")
    if procedure == "revocation":
        proposal |= {"grounds": codes, "reason": words}
    else:
        proposal |= {"issuer": issuer_of(case), "grounds": [g.code for g in grounds]}
        papers = ["agency_decision"]
    return receive(
        ctx, procedure, cooperative=case.cooperative, proposal=proposal, papers=papers,
        applicant=issuer_of(case), channel=Channel.OFFICE.value,
        note_text=_("Case %(number)s") % {"number": case.number},
    )  # fmt: skip


@action("cases.decide", name="cases.publish")
def publish(
    ctx: Context,
    case: Case,
    *,
    gazette: str,
    on: date | None = None,
    expected_version: int | None = None,
) -> Case:
    """Record where and when the decision was published; the case ends, its notice is lifted.

    :raises Refused: the decision has not taken effect, or place or day cannot be
    """
    refuse_if_passed(case, StepKind.PUBLISHED)
    refuse_without(gazette, _("Say where it was published."), "gazette")
    day = on or ctx.today
    began = case.filing.took_effect_on if case.filing else None
    if began is None:
        raise Refused(Finding("not_in_effect", _("The decision has not taken effect.")))
    if not began <= day <= ctx.today:
        raise Refused(
            Finding(
                "published_on_impossible",
                _("The day lies between the decision and today."),
                field="on",
            )
        )
    lift_mark(ctx, case)
    take_step(
        ctx, case, StepKind.PUBLISHED, expected_version=expected_version, words=gazette,
        details={"on": day.isoformat()},
        changes={"gazette": gazette[:200], "published_on": day, "due_on": None},
    )  # fmt: skip
    note(ctx, gazette=gazette, on=day)
    return case


@action("cases.decide", name="cases.reopen")
def reopen(ctx: Context, case: Case, *, words: str, expected_version: int | None = None) -> Case:
    """Open a closed case again; the body has to be notified anew.

    :raises Refused: no reason is given, or another case of the body is open
    """
    refuse_without(words, _("Give the reason."))
    others = Case.objects.filter(cooperative=case.cooperative_id, state__in=sorted(OPEN))
    if others.exclude(pk=case.pk).exists():
        raise Refused(Finding("case_open", _("A case of this body is already open.")))
    seen = has_been_seen(case)
    days = case.desk.decision_days if seen else case.desk.visit_days
    take_step(
        ctx, case, StepKind.REOPENED, expected_version=expected_version, words=words,
        leads=State.VISITED if seen else State.OPENED,
        changes={
            "closing": "", "mark_document": "", "explain_until": None, "filing_id": None,
            "due_on": add_working_days(ctx.today, days),
        },
    )  # fmt: skip
    note(ctx)
    return case


_DAYS = frozenset({"due_on", "explain_until", "delayed_until", "published_on"})


@action("cases.decide", name="cases.take_back")
def take_back(
    ctx: Context,
    case: Case,
    *,
    words: str,
    signatory: str = "",
    expected_version: int | None = None,
) -> Case:
    """Take the last step of a case back, with the reason: it stands as it stood before.

    A notice that is taken back no longer marks the body, which gets a letter; a filing that was opened
    is withdrawn. A closing that is taken back puts the notice in force again.

    :raises Refused: no reason is given, there is no step to take back, or the decision has been taken
    """
    refuse_without(words, _("Give the reason."))
    step = last_standing(case)
    if step is None or step.kind in {StepKind.OPENED, StepKind.MERGED}:
        raise Refused(
            Finding(
                "nothing_to_take_back", _("There is no step to take back. Close the case instead.")
            )
        )
    kind = StepKind(step.kind)
    if kind == StepKind.CLOSED:
        others = Case.objects.filter(cooperative=case.cooperative_id, state__in=sorted(OPEN))
        if others.exists():
            raise Refused(Finding("case_open", _("A case of this body is already open.")))
    if kind == StepKind.PROPOSED:
        _withdraw_filing(ctx, case)
    notice = case.mark_document
    if kind == StepKind.NOTICED:
        refuse_without(signatory, _("Say who signs."), "signatory")
        lift_mark(ctx, case)
    was = {
        k: date.fromisoformat(v) if k in _DAYS and v else v
        for k, v in (step.details.get("was") or {}).items()
    }
    undone = take_step(
        ctx, case, StepKind.WITHDRAWN, expected_version=expected_version, words=words,
        leads=State(step.from_state), undoes=step, details={"kind": kind.value}, changes=was,
    )  # fmt: skip
    if kind == StepKind.NOTICED:
        _letter(
            ctx, case, undone, LetterKind.TAKEN_BACK, signatory, {"words": words, "notice": notice}
        )
    if step.details.get("lifted") or (kind == StepKind.PUBLISHED and case.mark_document):
        set_mark(ctx, case)
    note(ctx, kind=kind.value, leads=case.state)
    return case


def _withdraw_filing(ctx: Context, case: Case) -> None:
    filing = case.filing
    if filing is None or filing.state not in FILING_OPEN:
        if filing is not None and filing.state == FilingState.GRANTED:
            raise Refused(
                Finding(
                    "already_decided",
                    _("The decision has been taken: only a restoration undoes it."),
                    "Luật Hợp tác xã 2023, Điều 103; NĐ 92/2024/NĐ-CP, Điều 56",
                )
            )
        return
    withdraw(ctx, filing, words=_("Case %(number)s") % {"number": case.number})


def _letter(
    ctx: Context,
    case: Case,
    step: CaseStep,
    kind: LetterKind,
    signatory: str,
    content: dict[str, Any],
) -> Letter:
    number = letters.take_number(case, ctx.today)
    return letters.send(ctx, step, kind, number=number, signatory=signatory, content=content)
