"""What an officer decides about single lines: mended values, this body or that, left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.foundation.transfers.terms import FileKind
from hoptac.foundation.vietnamese import sort_key, tidy
from hoptac.registry.importing import matching, stated
from hoptac.registry.importing.entering import count_verdicts
from hoptac.registry.models import Period, RegisterLine, Verdict
from hoptac.registry.names import kind_of
from hoptac.registry.particulars import search_text
from hoptac.registry.rules.particulars import (
    check_figures,
    check_particulars,
    compute_legal_era,
)

MENDED = (
    "name", "registration_number", "sector", "activity", "commune_id", "address", "established_on",
    "working_state", "chairman", "director", "phone", "charter_capital", "area", "members", "workers",
)  # fmt: skip


MENDED_OF_RETURNS = ("registration_number", *stated.FIGURES)


def _recount(batch: ImportBatch) -> None:
    batch.counts = {**batch.counts, **count_verdicts(batch)}
    batch.save(update_fields=["counts"])


def _line(batch: ImportBatch, pk: int) -> RegisterLine:
    line = RegisterLine.objects.select_for_update().filter(batch=batch, pk=pk).first()
    if line is None:
        raise Refused(Finding("line_gone", _("This line was already entered or put aside.")))
    return line


@action("registry.import_register", name="registry.mend_line")
def mend_line(
    ctx: Context, batch: ImportBatch, *, line: int, values: Mapping[str, Any]
) -> RegisterLine:
    """Give a line the values it should have; it is checked and matched again.

    :raises Refused: a value does not hold
    """
    row = _line(batch, line)
    if batch.kind == FileKind.RETURNS:
        return _mend_return(ctx, batch, row, values)
    given = {k: tidy(v) if isinstance(v, str) else v for k, v in values.items() if k in MENDED}
    before = {k: getattr(row, k) for k in given}
    for name, value in given.items():
        setattr(row, name, value if value is not None or name in _NULLABLE else "")
    refuse_if_any(check_particulars({k: getattr(row, k) for k in MENDED}, today=ctx.today))
    if row.commune_id is None:
        raise Refused(Finding("commune_unknown", _("Choose the commune."), field="commune_id"))
    row.kind = kind_of(row.name)
    row.fold = search_text({k: getattr(row, k) for k in MENDED})
    row.sort_key = sort_key(row.name)[:400]
    row.legal_era = compute_legal_era(row.established_on, today=batch.as_of or ctx.today)
    row.verdict, row.candidates, row.changed = Verdict.NEW, None, []
    row.cooperative_id = uuid7()
    row.save()
    if batch.as_of is not None:
        matching.match(batch, batch.as_of, only=[row.pk])
    _recount(batch)
    note(ctx, line=f"{row.sheet}!{row.row}", was=before, now=given)
    return row


def _mend_return(
    ctx: Context, batch: ImportBatch, row: RegisterLine, values: Mapping[str, Any]
) -> RegisterLine:
    given = {k: v for k, v in values.items() if k in MENDED_OF_RETURNS}
    before = {k: getattr(row, k) for k in given}
    for name, value in given.items():
        setattr(row, name, value)
    figures = {k: getattr(row, k) for k in stated.FIGURES}
    refuse_if_any(check_figures(figures, as_of=row.as_of or ctx.today, today=ctx.today))
    row.problems, row.cooperative_id, row.verdict = [], None, Verdict.QUARANTINED
    row.save()
    stated.match(batch, [row.pk])
    row.refresh_from_db()
    _recount(batch)
    note(ctx, line=f"{row.sheet}!{row.row}", was=before, now=given)
    return row


_NULLABLE = {"commune_id", "established_on", "charter_capital", "area", "members", "workers"}


@action("registry.import_register", name="registry.decide_line")
def decide_line(
    ctx: Context, batch: ImportBatch, *, line: int, decision: str, body: UUID | None = None
) -> RegisterLine:
    """Decide about a line: ``same`` as a body of the register, ``new``, ``skip``, or ``take`` as it is.

    ``take`` enters a quarantined line without the values that could not be read, and a return whose
    figures the register has otherwise. A return's line is never a new body.

    :raises Refused: the decision does not fit the line
    """
    row = _line(batch, line)
    is_return = batch.kind == FileKind.RETURNS
    if decision == "skip":
        row.verdict = Verdict.SKIPPED
    elif decision == "same" and body is not None:
        if not Period.objects.filter(is_latest=True, cooperative_id=body).visible_to(ctx).exists():
            raise Refused(Finding("body_unknown", _("Choose one of the bodies proposed.")))
        row.cooperative_id, row.verdict = body, Verdict.CHANGED
    elif is_return and decision == "take":
        if row.cooperative_id is None:
            raise Refused(
                Finding(
                    "body_unknown",
                    _("The register knows no body by this number: mend the line first."),
                )
            )
    elif decision in {"new", "take"} and not is_return:
        if not (row.name and row.sector and row.commune_id):
            raise Refused(
                Finding(
                    "line_incomplete",
                    _("Name, sector and commune are needed: mend the line first."),
                )
            )
        row.verdict = Verdict.NEW
        if decision == "new" or row.cooperative_id is None:
            row.cooperative_id = uuid7()
    else:
        raise Refused(Finding("decision_unknown", _("Choose what to do with the line.")))
    row.save(update_fields=["verdict", "cooperative_id"])
    if is_return and decision != "skip":
        stated.match(batch, [row.pk], taken=True)
    elif batch.as_of is not None:
        if decision == "take":
            matching.match(batch, batch.as_of, only=[row.pk])
        elif decision == "same":
            matching.compare(batch, batch.as_of)
    row.refresh_from_db()
    _recount(batch)
    note(ctx, line=f"{row.sheet}!{row.row}", decision=decision, body=body)
    return row
