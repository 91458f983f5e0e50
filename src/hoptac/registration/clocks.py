"""Opening and ending the terms of a filing: the shared hand of the acts. Not an act itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of
from hoptac.foundation.rulebook import NotInForce
from hoptac.foundation.working_days import add_working_days
from hoptac.registration.matters import from_json
from hoptac.registration.models import Filing, FilingTerm
from hoptac.registration.rules.clocks import OpenedTerm, opened_on_effect, opened_on_receipt
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registration.terms import PaperState, TermCode, TermOutcome

# Once one of these takes effect, nothing waits any longer for silence, or for the body to act.
_OVERTAKES = frozenset(
    {"dissolution", "dissolution_cancel", "restoration", "bankruptcy_opening", "bankruptcy_declared"}
)  # fmt: skip
# Their months of silence stand with another procedure.
_SILENCE_OF = {"dissolution_notice": "dissolution"}
_BEGINS = frozenset({"dissolution_notice", "compulsory_dissolution"})


def silence_of(procedure: str, kind: str, judged_on: date) -> int | None:
    """Return after how many months silence ends a body whose dissolution this procedure begins."""
    if procedure not in _BEGINS:
        return None
    try:
        rule = procedure_on(_SILENCE_OF.get(procedure, procedure), judged_on)
    except NotInForce:
        return None
    return rule.silent_after(kind) if kind in rule.subjects else None


def open_on_receipt(ctx: Context, filing: Filing) -> list[FilingTerm]:
    """Open the terms that run from the receipt of a dossier."""
    day = filing.received_on or filing.filed_on
    values = from_json(filing.proposal)
    found = _open(ctx, filing, opened_on_receipt(filing.rule, values, day, add_working_days))
    end_by_papers(ctx, filing, filing.filed_on)
    return found


def open_on_effect(ctx: Context, filing: Filing, on: date) -> None:
    """Open the terms that run from the effect of a decision; end those that it overtakes."""
    if filing.procedure in _OVERTAKES:
        waiting = FilingTerm.objects.filter(
            filing__cooperative=filing.cooperative_id, outcome="",
            code__in=(TermCode.SILENCE, TermCode.BODY_ACTS),
        )  # fmt: skip
        waiting.update(
            outcome=TermOutcome.OVERTAKEN, ended_on=on, words=filing.title[:500], act_id=act_of(ctx)
        )
    months = silence_of(filing.procedure, filing.kind, filing.judged_on)
    _open(ctx, filing, opened_on_effect(filing.rule, months, on, add_working_days))


def end_by_papers(ctx: Context, filing: Filing, on: date) -> None:
    """End a term of which the dossier holds the proof: the notice sent to creditors, the tax opinion."""
    proofs = {"creditors_notice": TermCode.CREDITORS, "tax_confirmation": TermCode.TAX_OPINION}
    running = {t.code: t for t in filing.terms.filter(outcome="")}
    if not running:
        return
    held = filing.papers.filter(code__in=proofs, state=PaperState.HANDED_IN)
    for paper in held.order_by("id"):
        term = running.get(proofs[paper.code])
        if term is not None:
            end(ctx, term, TermOutcome.DONE, on, paper.name)


def end(ctx: Context, term: FilingTerm, outcome: TermOutcome, on: date, words: str) -> None:
    """End a term."""
    term.outcome, term.ended_on, term.words, term.act_id = outcome, on, words[:500], act_of(ctx)
    term.save(update_fields=("outcome", "ended_on", "words", "act_id"))


def _open(ctx: Context, filing: Filing, opened: Iterable[OpenedTerm]) -> list[FilingTerm]:
    return list(_rows(ctx, filing, opened))


def _rows(ctx: Context, filing: Filing, opened: Iterable[OpenedTerm]) -> Iterator[FilingTerm]:
    for term in opened:
        yield FilingTerm.objects.create(
            filing=filing, code=term.code, begins_on=term.begins_on, due_on=term.due_on,
            act_id=act_of(ctx),
        )  # fmt: skip
