"""Bringing in an extract: read, held against the register, its differences kept for decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.exchange.comparing import COMPARED, PERMISSION, Compared, Comparison, Found
from hoptac.exchange.layouts import REGISTRATION, SYSTEMS, layout
from hoptac.exchange.models import Difference, Extract
from hoptac.exchange.reading import read_extract
from hoptac.exchange.terms import Verdict, What
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.registry.particulars import act_of

# One extract at a time: two at once would both find what neither has written yet.
_LOCK = 0x45784368
_STANDING = (Verdict.OPEN, Verdict.OURS, Verdict.NOTED)
_AT_ONCE = 2000


@action("exchange.reconcile", name="exchange.bring_in_extract")
def bring_in_extract(
    ctx: Context, path: Path, *, filename: str, digest: str, as_of: date | None = None,
    is_whole: bool = False, system: str = REGISTRATION,
) -> Extract:  # fmt: skip
    """Read an extract, hold it against the register, and keep what differs within the territory.

    ``as_of`` is the day for which the extract was true (else the file must say it). With
    ``is_whole`` it names every body of the caller's territory, so that one which is not in it
    differs too. What was decided stays decided as long as their claim is the same; what no longer
    differs is settled.

    :raises Refused: the file cannot be read, its day is missing or lies ahead
    """
    if system not in SYSTEMS:
        raise Refused(Finding("system_unknown", _("Choose the system."), field="system"))
    taken = layout(system, as_of or ctx.today)
    if taken is None or not taken.gives:
        raise Refused(
            Finding(
                "nothing_to_compare",
                _("This system gives no extract that could be compared."),
                field="system",
            )
        )
    read = read_extract(path, filename, taken)
    day = as_of or read.as_of
    if day is None:
        raise Refused(Finding("as_of_missing", _("Say on which day the extract was true."), field="as_of"))  # fmt: skip
    if day > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="as_of"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    compared = Comparison(ctx, taken, read, day, is_whole=is_whole).run()
    extract = Extract.objects.create(
        province_code=settings.PROVINCE_CODE, system=system, filename=filename[-255:], digest=digest,
        size=path.stat().st_size, as_of=day, is_whole=is_whole, titles=read.titles, user=ctx.user,
        act_id=act_of(ctx),
    )  # fmt: skip
    counts = _keep(ctx, extract, compared, read.fields)
    extract.counts = {**compared.counts, **counts}
    extract.save(update_fields=("counts",))
    note(
        ctx, subject=extract, file=filename, sha256=digest, as_of=day, is_whole=is_whole,
        counts=extract.counts,
    )  # fmt: skip
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
