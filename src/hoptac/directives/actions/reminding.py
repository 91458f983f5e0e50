"""Reminding agencies of what they owe to a document, by the desk's rule; done by the daily job."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hoptac.directives.actions.distributing import DISTRIBUTE
from hoptac.directives.models import Directive, Reminded
from hoptac.directives.reminders import due_reminders
from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused


@action(DISTRIBUTE, name="directives.remind")
def remind(ctx: Context, directive: Directive) -> list[Reminded]:
    """Remind the recipients of a document of receipt and own document, as far as a step of the rule is due.

    Each step is told once for each term; of several reached at once only the last is told, the others are
    written down as passed. Announces ``directives.reminded``. Returns the steps that are written down.

    :raises Refused: no step is due
    """
    due = due_reminders([directive.pk], ctx.today)
    if not due:
        raise Refused(Finding("nobody_to_remind", _("Nobody is to be reminded today.")))
    rows = Reminded.objects.bulk_create(
        Reminded(
            recipient=one.recipient, code=step.code, owed=step.owed, due_on=one.due_on, on=ctx.today,
            to=list(step.to), act_id=act_of(ctx),
        )
        for one in due
        for step in one.steps
    )  # fmt: skip
    note(ctx, agencies=sorted({one.recipient.agency.code for one in due}), count=len(due))
    announce(ctx, "directives.reminded", directive=directive, due=due)
    return rows
