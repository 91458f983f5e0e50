"""Which steps of the escalation rule a term has reached."""

from __future__ import annotations

from datetime import date

from hoptac.foundation.rulebook import rule_in_force
from hoptac.foundation.working_days import working_days_between
from hoptac.tasks.models import Term
from hoptac.tasks.rules.lateness import Escalation, EscalationRule, reached
from hoptac.tasks.terms import TermState


def due_steps(term: Term, today: date) -> list[Escalation]:
    """Return the steps of the rule that an open term has reached and of which nobody was told yet."""
    if term.due_on is None or term.state != TermState.OPEN:
        return []
    rule = rule_in_force(EscalationRule, on=today)
    if today >= term.due_on:
        late = working_days_between(term.due_on, today)
    else:
        late = -working_days_between(today, term.due_on)
    told = {e.code for e in term.escalations.all() if e.due_on == term.due_on}
    return [e for e in reached(rule, working_days_late=late) if e.code not in told]
