"""Bringing in an extract, holding it against the register, keeping what differs for decision."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.exchange.comparing import COMPARED, PERMISSION, Compared, Comparison, Found, Say, silent
from hoptac.exchange.layouts import REGISTRATION, SYSTEMS, layout
from hoptac.exchange.models import Difference, Extract
from hoptac.exchange.reading import read_extract
from hoptac.exchange.terms import UNFINISHED, ExtractState, Verdict, What
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.findings import Finding, Refused

# One extract at a time: two at once would both find what neither has written yet.
_LOCK = 0x45784368
_STANDING = (Verdict.OPEN, Verdict.OURS, Verdict.NOTED)
_AT_ONCE = 2000


class Stopped(Refused):
    """It was stopped, or done by another worker, while it was compared: nothing of this run is kept."""

    def __init__(self) -> None:
        super().__init__(Finding("stopped", _("Stopped: nothing of it was kept.")))


@action("exchange.reconcile", name="exchange.bring_in_extract")
def bring_in_extract(
    ctx: Context, path: Path, *, filename: str, digest: str, as_of: date | None = None,
    is_whole: bool = False, system: str = REGISTRATION,
) -> Extract:  # fmt: skip
    """Keep an extract's file; nothing is read yet (:func:`compare_extract`).

    ``as_of`` is the day for which the extract was true (else the file must say it). With
    ``is_whole`` it names every body of the caller's territory. The file is kept under its digest.

    :raises Refused: the file is empty, its day lies ahead, or the system gives no extracts
    """
    if system not in SYSTEMS:
        raise Refused(Finding("system_unknown", _("Choose the system."), field="system"))
    _layout_of(system, as_of or ctx.today)
    if as_of is not None and as_of > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="as_of"))
    size = path.stat().st_size
    if not size:
        raise Refused(Finding("file_empty", _("The file is empty."), field="file"))
    folder = Path(settings.MEDIA_ROOT) / "extracts" / digest[:2]
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / digest
    if not kept.exists():
        # A name of its own: the same file may be brought twice at the same moment.
        part = kept.with_suffix(f".{uuid4().hex}.part")
        shutil.copyfile(path, part)
        part.replace(kept)
    extract = Extract.objects.create(
        province_code=settings.PROVINCE_CODE, system=system, filename=filename[-255:], digest=digest,
        size=size, path=str(kept.relative_to(settings.MEDIA_ROOT)), as_of=as_of, is_whole=is_whole,
        user=ctx.user, act_id=act_of(ctx),
    )  # fmt: skip
    note(ctx, subject=extract, file=filename, sha256=digest, as_of=as_of, is_whole=is_whole)
    return extract


def _layout_of(system: str, day: date) -> Any:
    taken = layout(system, day)
    if taken is None or not taken.gives:
        raise Refused(
            Finding(
                "nothing_to_compare",
                _("This system gives no extract that could be compared."),
                field="system",
            )
        )
    return taken


@action("exchange.reconcile", name="exchange.compare_extract")
def compare_extract(ctx: Context, *, pk: UUID, say: Say = silent) -> Extract:
    """Read an extract, hold it against the register, and keep what differs within the territory.

    What was decided stays decided as long as their claim is the same; what no longer differs is
    settled. All of it is kept or nothing. The extract's row is left free until the end, so that
    ``say`` can tell how far it is and somebody can stop it.

    :raises Refused: the file cannot be read, its day is missing or lies ahead
    :raises Stopped: it was stopped meanwhile
    :raises OutOfReach: it is another caller's extract
    """
    began = time.monotonic()
    extract = Extract.objects.filter(pk=pk).first()
    if extract is None or not extract.is_within(ctx, "exchange.reconcile"):
        raise OutOfReach("exchange.reconcile")
    taken = _layout_of(extract.system, extract.as_of or ctx.today)
    say("reading", 3)
    read = read_extract(Path(settings.MEDIA_ROOT) / extract.path, extract.filename, taken)
    day = extract.as_of or read.as_of
    if day is None:
        raise Refused(Finding("as_of_missing", _("Say on which day the extract was true."), field="as_of"))  # fmt: skip
    if day > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="as_of"))
    extract.as_of = day
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    compared = Comparison(ctx, taken, read, day, is_whole=extract.is_whole, say=say).run()
    say("keeping", 85)
    counts = {**compared.counts, **_keep(ctx, extract, compared, read.fields)}
    say("keeping", 99)
    done = Extract.objects.filter(pk=pk, state__in=UNFINISHED).update(
        state=ExtractState.READY, as_of=day, titles=read.titles, counts=counts, step="", progress=100,
        refusal="", seconds=round(time.monotonic() - began, 2),
    )  # fmt: skip
    if not done:
        raise Stopped
    note(
        ctx, subject=extract, file=extract.filename, sha256=extract.digest, as_of=day,
        is_whole=extract.is_whole, counts=counts,
    )  # fmt: skip
    extract.refresh_from_db()
    return extract


@action("exchange.reconcile", name="exchange.stop_extract")
def stop_extract(ctx: Context, extract: Extract) -> Extract:
    """Stop a comparison that waits or runs; nothing of it is kept, and it can be brought in again.

    :raises Refused: it is over
    """
    if extract.state not in UNFINISHED:
        raise Refused(Finding("comparison_over", _("The comparison is over already.")))
    extract.state, extract.step, extract.progress = ExtractState.STOPPED, "", 0
    extract.save(update_fields=("state", "step", "progress"))
    note(ctx, file=extract.filename)
    return extract


@action("exchange.reconcile", name="exchange.compare_again")
def compare_again(ctx: Context, extract: Extract) -> Extract:
    """Let an extract that was compared, refused or stopped be compared with the register of today.

    :raises Refused: it waits or runs already
    """
    if extract.state in UNFINISHED:
        raise Refused(Finding("comparison_runs", _("It is being compared already.")))
    extract.state, extract.step, extract.progress = ExtractState.WAITING, "", 0
    extract.refusal = ""
    extract.save(update_fields=("state", "step", "progress", "refusal"))
    note(ctx, file=extract.filename)
    return extract


def _keep(
    ctx: Context, extract: Extract, compared: Compared, fields: Iterable[str]
) -> dict[str, int]:
    """Add what is new, refresh what still stands open, settle what is no more; return how many each."""
    found = {f.identity: f for f in compared.found}
    standing = Difference.objects.filter(system=extract.system, state__in=_STANDING)
    known = dict(standing.filter(identity__in=list(found)).values_list("identity", "state"))
    new = [_row(extract, f) for key, f in found.items() if key not in known]
    Difference.objects.bulk_create(new, batch_size=_AT_ONCE)
    refreshed = [f for key, f in found.items() if known.get(key) == Verdict.OPEN]
    _refresh(extract, refreshed)
    settled = _settle(ctx, extract, compared, set(found), set(fields))
    return {
        "new": len(new), "known": len(refreshed), "decided_before": len(known) - len(refreshed),
        "settled": settled,
    }  # fmt: skip


def _row(extract: Extract, found: Found) -> Difference:
    return Difference(
        province_code=extract.province_code, system=extract.system, cooperative_id=found.cooperative_id,
        commune_id=found.commune_id, name=found.name[:250], code=found.code[:40], what=found.what,
        field=found.field, identity=found.identity, ours=found.ours, theirs=found.theirs,
        ours_since=found.ours_since, ours_source=found.ours_source[:250], theirs_on=found.theirs_on,
        open_since=found.theirs_on,
        place=found.place[:120], record=found.record, suggestion=found.suggestion, why=found.why,
        extract=extract, last_extract=extract,
    )  # fmt: skip


def _refresh(extract: Extract, found: list[Found]) -> None:
    """Let open differences say what holds now; one statement for all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE exchange_difference d SET last_extract_id = %s, theirs_on = greatest(theirs_on, %s), "
            "ours = n.ours, ours_since = n.since, suggestion = n.suggestion, why = n.why "
            "FROM unnest(%s::text[], %s::text[], %s::date[], %s::text[], %s::text[]) "
            "AS n(identity, ours, since, suggestion, why) "
            "WHERE d.identity = n.identity AND d.state = 'open'",
            [
                extract.pk, extract.as_of, [f.identity for f in found], [f.ours for f in found],
                [f.ours_since for f in found], [str(f.suggestion) for f in found], [f.why for f in found],
            ],
        )  # fmt: skip


def _settle(
    ctx: Context, extract: Extract, compared: Compared, still: set[str], fields: set[str]
) -> int:
    """Close the open differences that this extract could have shown, and did not."""
    spoken = fields | ({"commune"} if "commune_code" in fields else set())
    spoken &= set(COMPARED)
    rows = (
        Difference.objects.filter(
            system=extract.system, state=Verdict.OPEN, theirs_on__lte=extract.as_of
        )
        .visible_to(ctx, PERMISSION)
        .values_list("pk", "identity", "what", "field", "cooperative_id", "code")
    )
    gone: list[UUID] = []
    for pk, identity, what, field, body, code in rows:
        if identity in still:
            continue
        is_told: Any = body in compared.matched
        if what == What.FIELD:
            is_told = is_told and field in spoken
        elif what == What.ONLY_THEIRS:
            is_told = extract.is_whole or code in compared.codes
        if is_told:
            gone.append(pk)
    Difference.objects.filter(pk__in=gone).update(
        state=Verdict.SETTLED, decided_at=timezone.now(), last_extract=extract
    )
    return len(gone)
