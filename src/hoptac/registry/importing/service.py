"""The way of a file: brought in, read, matched; what pages, command and jobs call."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.transfers.cells import Workbook
from hoptac.foundation.transfers.models import ImportBatch, ImportFinding, RememberedLayout
from hoptac.foundation.transfers.sheets import BadWorkbook, read_workbook
from hoptac.foundation.transfers.terms import BatchState, FileKind
from hoptac.foundation.transfers.verdicts import refusal
from hoptac.registry.importing import matching, staging, stated
from hoptac.registry.importing.entering import count_verdicts
from hoptac.registry.listing import BEFORE
from hoptac.registry.models import RegisterLine, Verdict

Say = Callable[[str, int], None]


def _silent(step: str, percent: int) -> None:
    return None


def file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@action("registry.import_register", name="registry.bring_in_file")
def bring_in(
    ctx: Context, path: Path, *, filename: str, kind: str = "register", as_of: date | None = None
) -> ImportBatch:
    """Keep a copy of the file and open a batch for it; nothing is read yet.

    The file is kept under its digest, so the same file is kept once.

    :raises Refused: the kind is unknown, or the file is empty
    """
    if kind not in FileKind.values:
        raise Refused(Finding("kind_unknown", _("Choose what the file holds."), field="kind"))
    size = path.stat().st_size
    if not size:
        raise Refused(Finding("file_empty", _("The file is empty."), field="file"))
    digest = file_digest(path)
    folder = settings.MEDIA_ROOT / "imports" / digest[:2]
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / digest
    if not kept.exists():
        part = kept.with_suffix(".part")
        shutil.copyfile(path, part)
        part.replace(kept)
    batch = ImportBatch.objects.create(
        province_code=_province(ctx), kind=kind, filename=filename[-255:], digest=digest, size=size,
        path=str(kept.relative_to(settings.MEDIA_ROOT)), as_of=as_of, user=ctx.user,
    )  # fmt: skip
    note(ctx, file=filename, sha256=digest, size=size, kind=kind, as_of=as_of)
    return batch


def _province(ctx: Context) -> str:
    codes = [g.province_code for g in ctx.grants if g.province_code != "*"]
    return codes[0] if codes else settings.PROVINCE_CODE


def earlier_entry(batch: ImportBatch) -> ImportBatch | None:
    """Return the batch by which the very same file was entered before, if it still stands."""
    return (
        ImportBatch.objects.filter(
            digest=batch.digest, kind=batch.kind, province_code=batch.province_code,
            state=BatchState.APPLIED,
        )
        .exclude(pk=batch.pk)
        .order_by("-created_at")
        .first()
    )  # fmt: skip


def read(
    batch: ImportBatch,
    *,
    mapping: Mapping[str, Mapping[str, str]] | None = None,
    as_of: date | None = None,
    say: Say = _silent,
) -> Any:
    """Read the batch's file, stage its lines, match them with the register; the batch is then ready.

    Reading again (another mapping, another day) starts afresh. A file that cannot be read leaves the
    batch refused, with the sentence that tells the officer what to do; then nothing is returned, else what was read.
    """
    path = Path(settings.MEDIA_ROOT) / batch.path
    if mapping is not None:
        batch.mapping = {sheet: dict(columns) for sheet, columns in mapping.items()}
    batch.state = BatchState.READING
    batch.save(update_fields=["state", "mapping"])
    say("opening", 2)
    try:
        workbook = read_workbook(path, batch.filename)
        say("reading", 20)
        with _without_collecting():
            result = interpret(batch, workbook, as_of or batch.as_of)
        if not result.records:
            raise no_list(workbook)
    except BadWorkbook as refused:
        batch.state = BatchState.REFUSED
        batch.refusal = {
            "code": refused.code, "en": refused.message_en, "vi": refused.message_vi,
        }  # fmt: skip
        batch.save(update_fields=["state", "refusal"])
        return None
    del workbook
    say("staging", 50)
    with _without_collecting(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM registry_registerline WHERE batch_id = %s", [batch.pk])
        ImportFinding.objects.filter(batch=batch).delete()
        day = as_of or batch.as_of or result.as_of
        batch.as_of = date.fromisoformat(day) if isinstance(day, str) else day
        batch.layouts = result.layouts
        batch.totals = result.totals
        if batch.kind == FileKind.REGISTER:
            held_on = batch.as_of or _day_of_the_map(result.layouts)
            staging.stage(
                batch, result.records, result.problems, as_of=held_on,
                say=lambda done: say("staging", 50 + min(25, done // 4000)),
            )  # fmt: skip
            say("matching", 80)
            matching.match(batch, held_on)
            batch.counts = {"read": len(result.records), **count_verdicts(batch)}
        else:
            staging.stage_findings(batch, list(result.problems))
            batch.counts = {"read": len(result.records)}
        if batch.kind == FileKind.RETURNS:
            stated.stage(batch, result.records, result.problems)
            say("matching", 80)
            stated.match(batch)
            batch.counts |= count_verdicts(batch)
        batch.state = BatchState.READY
        batch.refusal = {}
        batch.save()
    say("ready", 100)
    return result


def no_list(workbook: Workbook) -> BadWorkbook:
    """Return the refusal of a workbook in which no line was found, naming the sheets looked at."""
    return refusal("no_list", sheets=", ".join(f"“{s.name}”" for s in workbook.sheets[:10]))


def _day_of_the_map(layouts: list[dict[str, Any]]) -> date:
    """Return a day of the map that a list without a day must mean: with districts it is the old one."""
    return BEFORE if any("district" in x["columns"] for x in layouts) else timezone.localdate()


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the collector from walking millions of new values, none of them rubbish."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def interpret(batch: ImportBatch, workbook: Any, as_of: date | None) -> Any:
    """Return what the reader of the batch's kind makes of a workbook."""
    from hoptac.registry.importing.readers import read_kind

    mapping = batch.mapping or remembered(batch.province_code, batch.kind)
    return read_kind(batch.kind, workbook, as_of=as_of, mapping=mapping or None)


def remembered(province_code: str, kind: str) -> dict[str, dict[str, str]]:
    """Return the mappings that officers confirmed, by fingerprint of the layout."""
    rows = RememberedLayout.objects.filter(province_code=province_code, kind=kind)
    return dict(rows.values_list("fingerprint", "mapping"))


def province_of_installation() -> str:
    return str(settings.PROVINCE_CODE)


def take_repairs(batch: ImportBatch) -> None:
    """Take quarantined lines as they are: repaired where a repair is proposed, else without the value."""
    if batch.kind == FileKind.RETURNS:
        stated.take_repairs(batch)
        return
    RegisterLine.objects.filter(batch=batch, verdict=Verdict.QUARANTINED).exclude(name="").exclude(
        sector=""
    ).exclude(commune_id=None).update(verdict=Verdict.NEW)
    if batch.as_of is not None:
        matching.match(batch, batch.as_of)


@action("transfers.remember_layout")
def remember_layout(
    ctx: Context, batch: ImportBatch, *, fingerprint: str, mapping: Mapping[str, str]
) -> RememberedLayout:
    """Remember, for every later file of this layout, which column means what."""
    layout, _created = RememberedLayout.objects.update_or_create(
        province_code=batch.province_code, kind=batch.kind, fingerprint=fingerprint,
        defaults={"mapping": dict(mapping), "act_id": ctx.act_id},  # type: ignore[misc]
    )  # fmt: skip
    return layout


@action("registry.import_register", name="registry.put_file_aside")
def put_aside(ctx: Context, batch: ImportBatch) -> ImportBatch:
    """Give up a file that was not entered; its lines go, the file stays in the archive."""
    if batch.state == BatchState.APPLIED:
        raise Refused(Finding("already_entered", _("This file was entered; undo it instead.")))
    RegisterLine.objects.filter(batch=batch).delete()
    batch.state = BatchState.DISCARDED
    batch.save(update_fields=["state"])
    return batch
