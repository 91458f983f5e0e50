"""What happens to a dossier on the desk before it is decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.working_days import add_working_days
from hoptac.registration.actions.intake import _refuse_unknown, registrar_of
from hoptac.registration.clocks import end_by_papers
from hoptac.registration.matters import to_json
from hoptac.registration.models import Filing, FilingPaper
from hoptac.registration.papers import issue
from hoptac.registration.steps import overtaken, refuse_if_passed, take_step
from hoptac.registration.terms import IssuedKind, PaperState, State, StepKind


@action("registration.process", name="registration.amend")
def amend(
    ctx: Context,
    filing: Filing,
    *,
    proposal: Mapping[str, Any] | None = None,
    papers: Mapping[int, str] | None = None,
    added: Iterable[str] = (),
    expected_version: int | None = None,
) -> Filing:
    """Mend what was taken down of a dossier while it is examined, and tick its papers.

    ``papers`` gives the state of each paper by its id; ``added`` are codes of papers that came
    besides.

    :raises Refused: it is no longer being examined, or a field or paper is unknown
    """
    if expected_version is not None and expected_version != filing.version:
        raise overtaken(filing, expected_version)
    if filing.state not in {State.EXAMINING, State.SUPPLEMENT}:
        raise Refused(Finding("step_not_allowed", _("This is not possible now.")))
    if proposal is not None:
        _refuse_unknown(filing.procedure, proposal)
        filing.proposal = to_json(proposal)
        if filing.cooperative_id is None and filing.proposal.get("name"):
            filing.subject_name = str(filing.proposal["name"])[:250]
    _tick(filing, papers or {}, added)
    end_by_papers(ctx, filing, ctx.today)
    filing.version += 1
    filing.save()
    note(ctx, fields=sorted(filing.proposal), papers=len(papers or {}), added=sorted(added))
    return filing


def _tick(filing: Filing, states: Mapping[int, str], added: Iterable[str]) -> None:
    known = {p.pk: p for p in filing.papers.all()}
    if set(states) - set(known) or set(states.values()) - set(PaperState.values):
        raise Refused(Finding("paper_unknown", _("There is no such paper in the dossier.")))
    for pk, state in states.items():
        known[pk].state = state
        known[pk].save(update_fields=("state",))
    have = {p.code for p in known.values()}
    FilingPaper.objects.bulk_create(
        FilingPaper(filing=filing, code=code, is_required=False, state=PaperState.HANDED_IN)
        for code in dict.fromkeys(added)
        if code not in have
    )


@action("registration.process", name="registration.ask_supplement")
def ask_supplement(
    ctx: Context,
    filing: Filing,
    *,
    missing: Iterable[str],
    expected_version: int | None = None,
) -> Filing:
    """Ask the applicant, once and for everything, to supply what is missing; the clock stops.

    :raises Refused: it was already asked once, or nothing is named
    """
    refuse_if_passed(filing, StepKind.SUPPLEMENT_ASKED, expected_version)
    wanted = [text.strip() for text in missing if text.strip()]
    if not wanted:
        raise Refused(Finding("missing_unsaid", _("Say what is missing."), field="missing"))
    if filing.supplement_asked_on is not None:
        raise Refused(
            Finding(
                "asked_once",
                _("The applicant was already asked on %(day)s; what is missing is asked for once.")
                % {"day": f"{filing.supplement_asked_on:%d/%m/%Y}"},
                "NĐ 92/2024/NĐ-CP",
            )
        )
    until = ctx.today + timedelta(days=filing.desk.supplement_days)
    take_step(
        ctx, filing, StepKind.SUPPLEMENT_ASKED, expected_version=expected_version,
        words="\n".join(wanted), details={"until": until.isoformat()},
        changes={
            "missing": wanted, "supplement_asked_on": ctx.today, "supplement_until": until,
            "due_on": None,
        },
    )  # fmt: skip
    letter = issue(ctx, filing, IssuedKind.SUPPLEMENT)
    note(ctx, missing=len(wanted), until=until, letter=letter.code)
    return filing


@action("registration.receive", name="registration.supply")
def supply(
    ctx: Context,
    filing: Filing,
    *,
    papers: Mapping[int, str] | None = None,
    added: Iterable[str] = (),
    on: date | None = None,
    expected_version: int | None = None,
) -> Filing:
    """Take what the applicant supplied; the clock runs again, from the day after.

    Whether it begins anew or goes on where it stopped is a rule of the desk.

    :raises Refused: nothing is waited for, or the time to supply is over
    """
    day = on or ctx.today
    if day > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="on"))
    _tick(filing, papers or {}, added)
    end_by_papers(ctx, filing, day)
    _supplied(ctx, filing, day, expected_version)
    return filing


def _supplied(ctx: Context, filing: Filing, day: date, expected_version: int | None) -> None:
    until = filing.supplement_until
    if filing.state == State.SUPPLEMENT and until is not None and day > until:
        raise Refused(
            Finding(
                "supplied_too_late",
                _("It was to be supplied by %(day)s.") % {"day": f"{until:%d/%m/%Y}"},
            )
        )
    due = add_working_days(day, _days_left(filing))
    take_step(
        ctx, filing, StepKind.SUPPLIED, expected_version=expected_version,
        details={"due_on": due.isoformat()}, changes={"due_on": due},
    )  # fmt: skip
    note(ctx, due_on=due)


def _days_left(filing: Filing) -> int:
    """Return the working days of the clock after what was missing has come."""
    from hoptac.foundation.working_days import working_days_between

    clock = filing.rule.clock
    if (
        filing.desk.clock_begins_anew
        or filing.received_on is None
        or filing.supplement_asked_on is None
    ):
        return clock
    return max(1, clock - working_days_between(filing.received_on, filing.supplement_asked_on))


@action("registration.process", name="registration.hand_over")
def hand_over(
    ctx: Context, filing: Filing, *, to: User, words: str = "", expected_version: int | None = None
) -> Filing:
    """Hand a dossier to a colleague who may process filings of its territory.

    :raises Refused: the colleague has no such mandate, or already holds it
    """
    from hoptac.registration.selectors import may_process

    refuse_if_passed(filing, StepKind.HANDED_OVER, expected_version)
    if filing.officer_id == to.pk:
        raise Refused(Finding("holds_it_already", _("This officer already holds it."), field="to"))
    if not may_process(to, filing, ctx.today):
        raise Refused(
            Finding(
                "no_mandate_there", _("This officer has no mandate for this place."), field="to"
            )
        )
    take_step(
        ctx, filing, StepKind.HANDED_OVER, expected_version=expected_version, words=words, to=to,
        changes={"officer": to},
    )  # fmt: skip
    issue(ctx, filing, IssuedKind.SLIP, words=words, to=to.full_name)
    note(ctx, to=to.pk)
    return filing


@action("registration.process", name="registration.return_filing")
def return_filing(
    ctx: Context, filing: Filing, *, words: str, expected_version: int | None = None
) -> Filing:
    """Return a dossier unexamined: it belongs to another office, or asks for nothing lawful.

    :raises Refused: no reason is given
    """
    if not words.strip():
        raise Refused(Finding("reason_missing", _("Say why it is returned."), field="words"))
    take_step(ctx, filing, StepKind.RETURNED, expected_version=expected_version, words=words,
              changes={"due_on": None, "decided_by": ctx.user})  # fmt: skip
    letter = issue(ctx, filing, IssuedKind.RETURN, words=words)
    note(ctx, letter=letter.code)
    return filing


@action("registration.receive", name="registration.withdraw")
def withdraw(
    ctx: Context, filing: Filing, *, words: str = "", expected_version: int | None = None
) -> Filing:
    """End a dossier at the applicant's wish (NĐ 92/2024: answered in three working days)."""
    was_received = bool(filing.receipt_number)
    take_step(ctx, filing, StepKind.WITHDRAWN, expected_version=expected_version, words=words,
              changes={"due_on": None})  # fmt: skip
    if was_received:
        issue(ctx, filing, IssuedKind.WITHDRAWAL)
    note(ctx)
    return filing


@action("registration.file_online", name="registration.supply_online")
def supply_online(ctx: Context, filing: Filing, *, expected_version: int | None = None) -> Filing:
    """Tell the desk that what it asked for is laid to one's own dossier; the clock runs again.

    :raises Refused: nothing is waited for, the time is over, or a required paper is still missing
    """
    if filing.papers.filter(is_required=True).exclude(state=PaperState.HANDED_IN).exists():
        raise Refused(Finding("papers_missing", _("A required paper is still missing.")))
    _supplied(ctx, filing, ctx.today, expected_version)
    return filing


@action("registration.file_online", name="registration.withdraw_online")
def withdraw_online(
    ctx: Context, filing: Filing, *, words: str = "", expected_version: int | None = None
) -> Filing:
    """End one's own dossier."""
    was_received = bool(filing.receipt_number)
    take_step(ctx, filing, StepKind.WITHDRAWN, expected_version=expected_version, words=words,
              changes={"due_on": None})  # fmt: skip
    if was_received:
        issue(ctx, filing, IssuedKind.WITHDRAWAL)
    note(ctx)
    return filing


@action("registration.process", name="registration.lapse")
def lapse(ctx: Context, filing: Filing) -> Filing:
    """Let a dossier become void whose time to supply is over.

    :raises Refused: the time is not over
    """
    until = filing.supplement_until
    if filing.state == State.SUPPLEMENT and until is not None and ctx.today <= until:
        raise Refused(
            Finding(
                "time_not_over",
                _("It may be supplied until %(day)s.") % {"day": f"{until:%d/%m/%Y}"},
            )
        )
    take_step(ctx, filing, StepKind.LAPSED)
    letter = issue(ctx, filing, IssuedKind.LAPSE)
    note(ctx, letter=letter.code)
    return filing


@action("registration.process", name="registration.transfer")
def transfer(ctx: Context, filing: Filing, *, on: date) -> Filing:
    """Pass an open dossier to who registers on a day, when the registrar changed (1 July 2025).

    :raises Refused: the registrar is the same
    """
    new: UUID = registrar_of(filing.kind, filing.commune_id, on)
    if new == filing.authority_id:
        raise Refused(Finding("same_registrar", _("The registrar is the same.")))
    take_step(
        ctx, filing, StepKind.TRANSFERRED,
        details={"from": str(filing.authority_id), "to": str(new)},
        changes={"authority_id": new, "officer": None},
    )  # fmt: skip
    note(ctx, to=new)
    return filing
