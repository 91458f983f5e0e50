"""Legal representatives that the register has wrongly, corrected without a dossier, and that undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import tidy
from hoptac.registration import facts
from hoptac.registration.models import LegalRepresentative
from hoptac.registry import actions as register
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.names import fold_words
from hoptac.registry.particulars import bump

_KEPT = ("position", "birth_date", "nationality", "personal_number", "contact_address")


@action("registry.correct_particulars", name="registration.correct_representatives")
def correct_representatives(
    ctx: Context,
    cooperative: Cooperative,
    *,
    names: Sequence[str],
    on: date | None = None,
    source: str = "",
) -> Cooperative:
    """Let the legal representatives be these people, in place of those whom the register has.

    Without ``on`` whoever is wrong never was one; with it they were until the day before. Who bears
    the same name, spelling aside, keeps position and papers; of anyone else only the name is known,
    until a dossier brings the rest (NĐ 92/2024 art. 26: the database differs from the dossier). A
    director or chairman of the record who was replaced is replaced there too.

    :raises Refused: no reason or no name is given, the day lies ahead, or nothing differs
    """
    if not ctx.reason.strip():
        raise Refused(
            Finding("reason_missing", _("Say why the record is corrected."), field="reason")
        )
    wanted = {fold_words(n): tidy(n) for n in names if n.strip()}
    if not wanted:
        raise Refused(Finding("name_missing", _("Name at least one person."), field="names"))
    if on is not None and on > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="on"))
    bump(cooperative, None)
    rows = facts.in_force(LegalRepresentative, cooperative.pk, on or ctx.today)
    known = {fold_words(r.name): r for r in rows}
    gone = [r for key, r in known.items() if key not in wanted]
    new = [n for key, n in wanted.items() if key not in known]
    respelt = {
        wanted[key]: r for key, r in known.items() if key in wanted and r.name != wanted[key]
    }
    if not (gone or new or respelt):
        raise Refused(Finding("nothing_changed", _("Nothing differs from what is recorded.")))
    for name, row in respelt.items():
        _add(ctx, cooperative, name, row.valid, source, {k: getattr(row, k) for k in _KEPT})
    replaced = {row.name: name for name, row in respelt.items()}
    since = on or (rows[0].valid.lower if rows else ctx.today)
    for place, name in enumerate(new):
        before = gone[place] if place < len(gone) else None
        valid = before.valid if before and on is None else DateRange(since, None)
        office = {"position": before.position} if before else {}
        _add(ctx, cooperative, name, valid, source, office)
        if before:
            replaced[before.name] = name
    for row in gone:
        if on is not None:
            facts.end(ctx, row, on)
    wrong = [*respelt.values(), *(gone if on is None else ())]
    LegalRepresentative.objects.filter(pk__in=[r.pk for r in wrong]).update(retired_by=act_of(ctx))
    _rename(ctx, cooperative, replaced, on, source)
    note(ctx, people=len(wanted), gone=len(gone), new=len(new), on=on, source=source)
    return cooperative


def _add(
    ctx: Context, body: Cooperative, name: str, valid: Any, source: str, values: dict[str, Any]
) -> None:
    LegalRepresentative.objects.create(
        cooperative=body, name=name[:120], valid=valid, act_id=act_of(ctx), filing=None,
        source=source[:200], **values,
    )  # fmt: skip


def _rename(
    ctx: Context, body: Cooperative, replaced: dict[str, str], on: date | None, source: str
) -> None:
    """Let the record's director and chairman follow, where they were whom these replace."""
    period = Period.objects.get(cooperative=body, is_latest=True)
    by_key = {fold_words(old): new for old, new in replaced.items()}
    changes = {
        office: by_key[fold_words(getattr(period, office))]
        for office in ("director", "chairman")
        if fold_words(getattr(period, office)) in by_key
        and by_key[fold_words(getattr(period, office))] != getattr(period, office)
    }
    if changes and on is not None:
        register.change_particulars(ctx, body, changes=changes, from_on=on, source=source)
    elif changes:
        register.correct_particulars(ctx, body, changes=changes, source=source)


@action("registry.correct_particulars", name="registration.undo_representatives")
def undo_representatives(
    ctx: Context, cooperative: Cooperative, *, acts: Sequence[UUID]
) -> Cooperative:
    """Take back what these acts said of the representatives: the rows before them hold again.

    :raises Refused: no reason, nothing to undo, or a later act built upon it
    """
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Say why it is undone."), field="reason"))
    of_body = LegalRepresentative.objects.filter(cooperative=cooperative)
    brought = of_body.filter(act_id__in=acts)
    if brought.filter(retired_by__isnull=False).exclude(retired_by__in=acts).exists():
        raise Refused(
            Finding(
                "built_upon",
                _("The record was changed again since; undo that first, or correct it."),
            )
        )
    bump(cooperative, None)
    retired = list(
        of_body.filter(retired_by__in=acts).exclude(act_id__in=acts).values_list("pk", flat=True)
    )
    rows = brought.filter(retired_by__isnull=True).update(retired_by=act_of(ctx))
    rows += of_body.filter(pk__in=retired).update(retired_by=None)
    if not rows:
        raise Refused(Finding("nothing_to_undo", _("There is nothing left to undo.")))
    note(ctx, undoes=acts[-1], acts=[str(a) for a in acts], rows=rows)
    return cooperative
