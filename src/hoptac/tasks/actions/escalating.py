"""Telling of tasks that come due or are late, by the rule in force; done by the daily job."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.tasks.models import Escalated, Term
from hoptac.tasks.reminders import due_steps
from hoptac.tasks.steps import write
from hoptac.tasks.terms import StepKind


@action("tasks.escalate")
def escalate(ctx: Context, term: Term) -> list[Escalated]:
    """Tell those whom the rule names that a term comes due or is late; each step once for each due day.

    Of several steps reached at once only the last is told; the others are written down as passed.

    :raises Refused: no step is due
    """
    steps = due_steps(term, ctx.today)
    due_on = term.due_on
    if not steps or due_on is None:
        raise Refused(Finding("nothing_to_escalate", _("No step of the rule is due.")))
    found = Escalated.objects.bulk_create(
        Escalated(term=term, code=s.code, due_on=due_on, on=ctx.today, to=list(s.to), act_id=act_of(ctx))
        for s in steps
    )  # fmt: skip
    last = steps[-1]
    write(ctx, term.task, StepKind.ESCALATED, term=term,
          details={"code": last.code, "to": list(last.to), "due_on": due_on.isoformat()})  # fmt: skip
    announce(ctx, "tasks.escalated", task=term.task, term=term, step=last)
    note(ctx, subject=term.task, code=last.code, due_on=due_on)
    return found
