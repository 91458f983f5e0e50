"""Terms of a filing beside the desk's clock: what was done in them, and what silence ends."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.registration import clocks
from hoptac.registration.cases import case_of
from hoptac.registration.effects.ends import dissolve
from hoptac.registration.models import Filing, FilingStep, FilingTerm
from hoptac.registration.papers import issue
from hoptac.registration.steps import refuse_if_passed, take_step
from hoptac.registration.terms import OPEN, IssuedKind, StepKind, TermCode, TermOutcome
from hoptac.registry.terms import LegalStatus


@action("registration.process", name="registration.end_term")
def end_term(
    ctx: Context, filing: Filing, *, term: str, words: str, on: date | None = None,
    expected_version: int | None = None,
) -> Filing:  # fmt: skip
    """Record what was done in a term: creditors told, the tax office's opinion, the publication.

    Of the term of silence it is the objection, or the opinion, that came: silence ends nothing then.

    :raises Refused: no such term runs, nobody says what was done, or the day cannot be
    """
    refuse_if_passed(filing, StepKind.TERM_ENDED, expected_version)
    found = _running(filing, term)
    day = on or ctx.today
    if not words.strip():
        raise Refused(Finding("reason_missing", _("Say what was done, or came in."), field="words"))
    if not found.begins_on <= day <= ctx.today:
        raise Refused(
            Finding("date_impossible", _("The day lies within the term and today."), field="on")
        )
    is_silence = found.code == TermCode.SILENCE
    clocks.end(ctx, found, TermOutcome.OBJECTED if is_silence else TermOutcome.DONE, day, words.strip())  # fmt: skip
    take_step(
        ctx, filing, StepKind.TERM_ENDED, expected_version=expected_version,
        words=f"{found.get_code_display()}: {words.strip()}", details={"on": day.isoformat()},
    )  # fmt: skip
    note(ctx, term=found.code, outcome=found.outcome, on=day, due_on=found.due_on)
    return filing


@action("registration.process", name="registration.find_silence")
def find_silence(
    ctx: Context, filing: Filing, *, words: str, expected_version: int | None = None
) -> Filing:
    """Put a body forward to be closed: the months of silence are over, and nothing came in.

    ``words`` say where was looked: mail received, tax office, the body itself. It may be looked again;
    the last words count.

    :raises Refused: the months are not over, nobody says where was looked, or something stands
        against it (as :func:`close_by_silence`)
    """
    refuse_if_passed(filing, StepKind.SILENCE_FOUND, expected_version)
    found = _silent(ctx, filing)
    if not words.strip():
        raise Refused(
            Finding(
                "reason_missing", _("Say how it was made sure that nothing came in."), field="words"
            )
        )
    take_step(
        ctx, filing, StepKind.SILENCE_FOUND, expected_version=expected_version, words=words.strip(),
        details={"on": ctx.today.isoformat()},
    )  # fmt: skip
    note(ctx, body=filing.cooperative_id, due_on=found.due_on)
    return filing


@action("registration.decide", name="registration.close_by_silence")
def close_by_silence(
    ctx: Context, filing: Filing, *, signatory: str = "", words: str = "",
    expected_version: int | None = None,
) -> Filing:  # fmt: skip
    """Record the end of a body of whose dissolution nobody said anything in the months of the law.

    The law lets silence count (Law 2023 art. 98; NĐ 92/2024 arts 50, 51, 58-64 for groups); that nothing
    came in is judged, so it is never done by the day alone: one officer puts it forward and says
    where was looked (:func:`find_silence`), another one closes, where the desk's rule asks for a
    second person. ``words`` are the second's own remark.

    :raises Refused: nobody put it forward since the term was over, the same officer did, the months
        are not over, an objection came, the dissolution is no longer under way, a mark stands, a
        closing dossier is open, or something of the body is not settled
    """
    refuse_if_passed(filing, StepKind.CLOSED_BY_SILENCE, expected_version)
    found = _silent(ctx, filing)
    first = found_silent(filing, found)
    if first is None:
        raise Refused(
            Finding(
                "not_put_forward",
                _("First an officer looks whether anything came in, and puts it forward."),
            )
        )
    if filing.desk.second_person and ctx.user is not None and first.by_id == ctx.user.pk:
        raise Refused(
            Finding(
                "second_person",
                _("You put it forward: another officer closes."),
                details={"rule": "desk"},
            )
        )
    looked = first.words
    clocks.end(ctx, found, TermOutcome.SILENT, ctx.today, looked)
    others = FilingTerm.objects.filter(filing=filing, outcome="", code=TermCode.BODY_ACTS)
    for other in others:
        clocks.end(ctx, other, TermOutcome.OVERTAKEN, ctx.today, str(found.get_code_display()))
    take_step(
        ctx, filing, StepKind.CLOSED_BY_SILENCE, expected_version=expected_version, words=words.strip(),
        details={"on": ctx.today.isoformat()},
    )  # fmt: skip
    basis = ctx.basis or f"{filing.title} {filing.decision_number}"
    dissolve(ctx.because(reason=words.strip() or looked, basis=basis), filing, {}, ctx.today)
    letter = issue(ctx, filing, IssuedKind.SILENCE, signatory=signatory)
    announce(ctx, "registration.closed_by_silence", filing=filing, on=ctx.today)
    note(ctx, body=filing.cooperative_id, since=found.begins_on, due_on=found.due_on, letter=letter.code)  # fmt: skip
    return filing


def found_silent(filing: Filing, term: FilingTerm) -> FilingStep | None:
    """Return who last put a body forward to be closed since the term of silence was over."""
    steps = filing.steps.filter(kind=StepKind.SILENCE_FOUND, on__gt=term.due_on)
    last: FilingStep | None = steps.select_related("by").order_by("id").last()
    return last


def _silent(ctx: Context, filing: Filing) -> FilingTerm:
    """Return the term of silence, once it is over and nothing stands against closing.

    :raises Refused: it runs on, or something stands against it
    """
    found = _running(filing, TermCode.SILENCE)
    if ctx.today <= found.due_on:
        raise Refused(
            Finding(
                "silence_not_over",
                _("Until %(day)s an objection may still come.")
                % {"day": f"{found.due_on:%d/%m/%Y}"},
            )
        )
    _refuse_unless_silent(ctx, filing)
    return found


def _refuse_unless_silent(ctx: Context, filing: Filing) -> None:
    """Refuse while something stands against it.

    :raises Refused: names it
    """
    body = case_of(filing, today=ctx.today).body
    if body.legal_status != LegalStatus.ENDING:
        raise Refused(Finding("not_ending", _("No dissolution is under way.")))
    if body.marks:
        raise Refused(
            Finding(
                "mark_stands", _("A request or notice stands: %(mark)s.") % {"mark": body.marks[0]}
            )
        )
    closing = Filing.objects.filter(
        cooperative=filing.cooperative_id, procedure__in=("dissolution", "dissolution_cancel", "restoration"),
        state__in=sorted(OPEN),
    )  # fmt: skip
    first = closing.order_by("id").first()
    if first is not None:
        raise Refused(
            Finding(
                "other_filing_open",
                _("Another filing of this body is open: %(titles)s.") % {"titles": first.title},
            )
        )


def _running(filing: Filing, code: str) -> FilingTerm:
    found: FilingTerm | None = filing.terms.filter(code=code, outcome="").first()
    if found is None:
        raise Refused(Finding("term_unknown", _("No such term runs."), field="term"))
    return found
