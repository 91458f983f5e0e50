# ruff: noqa: S608  (names of tables of this file, never input)
"""Taking back what single acts did to one body; the rows stay, retired, in its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.registry.models import Cooperative
from hoptac.registry.particulars import bump
from hoptac.registry.projection import rebuild_periods

_TABLES = ("registry_particulars", "registry_figurestatement", "registry_businessline")


@action("registry.correct_particulars", name="registry.undo_acts")
def undo_acts(ctx: Context, cooperative: Cooperative, *, acts: Sequence[UUID]) -> Cooperative:
    """Take back what these acts did to a body, as if they had not been: a further act, not an erasure.

    The context must give a reason. Undoing the act that entered a body leaves it out of every list.

    :raises Refused: no reason, nothing to undo, or later acts built upon what they did
    """
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Say why it is undone."), field="reason"))
    given: dict[str, Any] = {"acts": list(acts), "own": act_of(ctx), "body": cooperative.pk}
    of_body = "cooperative_id = %(body)s"
    rows = 0
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE {of_body} AND act_id = ANY(%(acts)s) "
                "AND retired_by IS NOT NULL AND NOT retired_by = ANY(%(acts)s)",
                given,
            )
            if cursor.fetchone()[0]:
                raise Refused(
                    Finding(
                        "built_upon",
                        _("The record was changed again since; undo that first, or correct it."),
                    )
                )
        for table in _TABLES:
            cursor.execute(
                f"UPDATE {table} SET retired_by = %(own)s "
                f"WHERE {of_body} AND act_id = ANY(%(acts)s) AND retired_by IS NULL",
                given,
            )
            rows += cursor.rowcount
            cursor.execute(
                f"UPDATE {table} SET retired_by = NULL WHERE {of_body} "
                "AND retired_by = ANY(%(acts)s) AND NOT act_id = ANY(%(acts)s)",
                given,
            )
    if not rows:
        raise Refused(Finding("nothing_to_undo", _("There is nothing left to undo.")))
    bump(cooperative, None)
    rebuild_periods([cooperative.pk])
    note(ctx, undoes=acts[-1], acts=[str(a) for a in acts], rows=rows)
    return cooperative
