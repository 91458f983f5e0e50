# ruff: noqa: S608  (statements are put together from constants of this file, never from input)
"""The acts: entering a list in the register, and undoing it. Set-based, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.foundation.transfers.terms import BatchState
from hoptac.registry.models import RegisterLine, Verdict
from hoptac.registry.particulars import FIELDS
from hoptac.registry.projection import rebuild_periods_of_act

Say = Callable[[str, int], None]

_ROWS = "batch_id = %(batch)s AND verdict = "
_NEW_BODIES = f"""
INSERT INTO registry_cooperative (id, province_code, kind, version, act_id)
SELECT cooperative_id, %(province)s, kind, 1, %(act)s
FROM registry_registerline WHERE {_ROWS} 'new'
"""
_TEXTS = (
    "name", "registration_number", "sector", "activity", "address", "chairman", "director", "phone",
)  # fmt: skip
_MEASURES = ("charter_capital", "area", "members", "workers")
_CARRIED = (*_TEXTS, "commune_id", "established_on", "established_precision", "legal_era")
# A body in another state than working is known to be so since the day of the list, not before.
_NEW_PARTICULARS = f"""
INSERT INTO registry_particulars (cooperative_id, act_id, source, source_row, valid, {", ".join(_CARRIED)},
    short_name, foreign_name, certificate_number, legal_status, working_state, email, note, fold, sort_key)
SELECT l.cooperative_id, %(act)s, %(source)s, l.sheet || '!' || l.row, v.valid,
       {", ".join("l." + c for c in _CARRIED)}, '', '', '', 'active', v.state, '', '', l.fold, l.sort_key
FROM registry_registerline l
CROSS JOIN LATERAL (
    SELECT least(coalesce(l.established_on, %(as_of)s), %(as_of)s) AS since,
           l.working_state IN ('operating', 'unknown') AS steady
) AS s
CROSS JOIN LATERAL (
    SELECT daterange(CASE WHEN s.steady THEN s.since ELSE %(as_of)s END, NULL) AS valid,
           l.working_state AS state
    UNION ALL
    SELECT daterange(s.since, %(as_of)s), 'unknown' WHERE NOT s.steady AND s.since < %(as_of)s
) AS v
WHERE l.{_ROWS} 'new'
"""
_FIGURES = """
INSERT INTO registry_figurestatement (cooperative_id, act_id, source, source_row, as_of,
    charter_capital, area, members, workers)
SELECT cooperative_id, %(act)s, %(source)s, sheet || '!' || row, coalesce(as_of, %(as_of)s),
       charter_capital, area, members, workers
FROM registry_registerline
WHERE batch_id = %(batch)s
  AND (verdict = 'new' OR verdict = 'changed'
       AND changed && ARRAY['charter_capital', 'area', 'members', 'workers']::varchar[])
  AND num_nonnulls(charter_capital, area, members, workers) > 0
"""
# The periods of a new body are plain: before the day of the list without figures, from then on with
# them. The projection gives the same (a test holds the two against each other), more slowly.
_STATED = ", ".join(
    f"CASE WHEN upper_inf(t.valid) THEN l.{m} END, "
    f"CASE WHEN upper_inf(t.valid) AND l.{m} IS NOT NULL THEN %(as_of)s::date END"
    for m in _MEASURES
)
_NEW_PERIODS = f"""
INSERT INTO registry_period (cooperative_id, valid, is_latest, province_code, kind, {", ".join(_CARRIED)},
    legal_status, working_state, {", ".join(f"{m}, {m}_as_of" for m in _MEASURES)},
    particulars_id, fold, sort_key)
SELECT l.cooperative_id, t.valid, upper_inf(t.valid), %(province)s, l.kind,
       {", ".join("l." + c for c in _CARRIED)}, 'active', p.working_state,
       {_STATED},
       p.id, l.fold, l.sort_key
FROM registry_registerline l
CROSS JOIN LATERAL (
    SELECT least(coalesce(l.established_on, %(as_of)s), %(as_of)s) AS since,
           l.working_state NOT IN ('operating', 'unknown')
           OR num_nonnulls(l.charter_capital, l.area, l.members, l.workers) > 0 AS is_cut
) AS s
CROSS JOIN LATERAL (
    SELECT daterange(CASE WHEN s.is_cut THEN %(as_of)s ELSE s.since END, NULL) AS valid
    UNION ALL
    SELECT daterange(s.since, %(as_of)s) WHERE s.is_cut AND s.since < %(as_of)s
) AS t
JOIN registry_particulars p
  ON p.cooperative_id = l.cooperative_id AND p.act_id = %(act)s AND p.valid @> lower(t.valid)
WHERE l.{_ROWS} 'new'
"""
# A list speaks of its day, and until the next day of which the register knows something.
_CHANGED = f"""
DROP TABLE IF EXISTS changed_rows;
CREATE TEMPORARY TABLE changed_rows ON COMMIT DROP AS
SELECT p.id, p.cooperative_id, p.valid, l.id AS line_id,
       least(upper(p.valid), (
           SELECT min(f.as_of) FROM registry_figurestatement f
           WHERE f.cooperative_id = p.cooperative_id AND f.retired_by IS NULL AND f.as_of > %(as_of)s
       )) AS until_on,
       greatest(lower(p.valid), least(%(as_of)s, coalesce(l.established_on, %(as_of)s))) AS from_on
FROM registry_registerline l
JOIN registry_particulars p ON p.cooperative_id = l.cooperative_id AND p.retired_by IS NULL
     AND p.valid @> greatest(%(as_of)s::date, (
         SELECT min(lower(q.valid)) FROM registry_particulars q
         WHERE q.cooperative_id = l.cooperative_id AND q.retired_by IS NULL))
WHERE l.{_ROWS} 'changed'
  AND l.changed && ARRAY['name', 'registration_number', 'sector', 'activity', 'address', 'chairman',
                         'director', 'phone', 'commune_id', 'established_on', 'working_state']::varchar[]
"""
_RETIRE = """
UPDATE registry_particulars SET retired_by = %(act)s WHERE id IN (SELECT id FROM changed_rows)
"""
_KEPT = (*FIELDS, "source", "source_row", "fold", "sort_key")
_BEFORE_AND_AFTER = f"""
INSERT INTO registry_particulars (cooperative_id, act_id, valid, {", ".join(_KEPT)})
SELECT c.cooperative_id, %(act)s, stretch.valid, {", ".join("p." + c for c in _KEPT)}
FROM changed_rows c JOIN registry_particulars p ON p.id = c.id
CROSS JOIN LATERAL (
    SELECT daterange(lower(c.valid), %(as_of)s) AS valid WHERE lower(c.valid) < %(as_of)s
    UNION ALL
    SELECT daterange(c.until_on, upper(c.valid))
    WHERE c.until_on IS NOT NULL AND c.until_on IS DISTINCT FROM upper(c.valid)
) AS stretch
"""


def _newer(field: str) -> str:
    """SQL for a field that the list may change: the list's value where it was found to differ."""
    listed = f"'{field}' = ANY(l.changed)"
    return f"CASE WHEN {listed} THEN l.{field} ELSE p.{field} END"


_CHANGEABLE = (*_TEXTS, "commune_id", "established_on", "working_state")
_DURING = f"""
INSERT INTO registry_particulars (cooperative_id, act_id, source, source_row, valid,
    {", ".join(_CHANGEABLE)}, {", ".join(f for f in FIELDS if f not in _CHANGEABLE)}, fold, sort_key)
SELECT c.cooperative_id, %(act)s, %(source)s, l.sheet || '!' || l.row,
       daterange(greatest(lower(c.valid), %(as_of)s), c.until_on),
       {", ".join(_newer(f) for f in _CHANGEABLE)},
       {", ".join("p." + f for f in FIELDS if f not in _CHANGEABLE)},
       CASE WHEN l.changed && ARRAY['name', 'registration_number', 'chairman', 'director', 'phone']::varchar[]
            THEN left(l.fold || ' ' || p.fold, 800) ELSE p.fold END,
       CASE WHEN 'name' = ANY(l.changed) THEN l.sort_key ELSE p.sort_key END
FROM changed_rows c
JOIN registry_particulars p ON p.id = c.id
JOIN registry_registerline l ON l.id = c.line_id
"""
_COUNT_ACT = f"""
UPDATE registry_cooperative SET version = version + 1
WHERE id IN (SELECT cooperative_id FROM registry_registerline WHERE {_ROWS} 'changed')
"""
# What was entered stands in the register, with its place in the file; the line has done its work.
_DONE = """
DELETE FROM registry_registerline WHERE batch_id = %(batch)s AND verdict IN ('new', 'changed')
"""


@action("registry.import_register")
def enter_list(
    ctx: Context, batch: ImportBatch, *, say: Say = lambda step, done: None
) -> ImportBatch:
    """Enter every line that can be taken, in one transaction: new bodies, changes, figures of the day.

    Quarantined, undecided and skipped lines stay behind; when they are mended, entering again takes
    them. A batch in which nothing is left to enter changes nothing.

    :raises Refused: the file is not read yet, a day is missing, or a line lies outside the territory
    """
    if batch.state not in {BatchState.READY, BatchState.APPLYING, BatchState.APPLIED}:
        raise Refused(Finding("batch_not_ready", _("The file is not ready to be entered.")))
    if batch.as_of is None:
        raise Refused(
            Finding("as_of_missing", _("Say on which day the list was true."), field="as_of")
        )
    lines = RegisterLine.objects.filter(batch=batch)
    refuse_outside(ctx, batch, lines.filter(verdict__in=(Verdict.NEW, Verdict.CHANGED)))
    refuse_taken_numbers(batch)
    counts = count_verdicts(batch)
    given = {"batch": batch.pk, "act": ctx.act_id, "province": batch.province_code,
             "as_of": batch.as_of, "source": batch.filename[:200]}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL gin_pending_list_limit = '256MB'")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL enable_memoize = off")  # every line asks something else
        steps = (
            ("entering_bodies", 5, (_NEW_BODIES,)),
            ("entering_particulars", 15, (_CHANGED, _RETIRE, _BEFORE_AND_AFTER, _DURING, _NEW_PARTICULARS)),
            ("entering_figures", 40, (_FIGURES,)),
            ("building_periods", 50, (_NEW_PERIODS,)),
            ("counting_acts", 85, (_COUNT_ACT, _DONE)),
        )  # fmt: skip
        for step, done, statements in steps:
            say(step, done)
            for statement in statements:
                cursor.execute(statement, given)
    periods = rebuild_periods_of_act(_act(ctx), but_new=True) if counts["changed"] else 0
    say("writing_journal", 95)
    batch.state = BatchState.APPLIED
    batch.act_ids = [*batch.act_ids, str(ctx.act_id)]
    entered = batch.counts.get("entered", 0) + counts["new"] + counts["changed"]
    batch.counts = {**batch.counts, **count_verdicts(batch), "entered": entered}
    batch.save(update_fields=["state", "act_ids", "counts"])
    note(ctx, file=batch.filename, sha256=batch.digest, as_of=batch.as_of, entered=counts,
         periods=periods)  # fmt: skip
    return batch


@action("registry.undo_import")
def undo_list(ctx: Context, batch: ImportBatch) -> ImportBatch:
    """Take back everything that entering this file did; the rows stay, retired, in the history.

    The context must give a reason.

    :raises Refused: no reason, nothing to undo, or later acts built upon what the file brought
    """
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Say why the import is undone."), field="reason"))
    if batch.state != BatchState.APPLIED or not batch.act_ids:
        raise Refused(Finding("nothing_to_undo", _("This file has not been entered.")))
    acts = [UUID(a) for a in batch.act_ids]
    _refuse_if_built_upon(acts)
    with connection.cursor() as cursor:
        for table in ("registry_particulars", "registry_figurestatement", "registry_businessline"):
            cursor.execute(
                f"UPDATE {table} SET retired_by = %s WHERE act_id = ANY(%s) AND retired_by IS NULL",
                [ctx.act_id, acts],
            )
            taken = cursor.rowcount
            cursor.execute(
                f"UPDATE {table} SET retired_by = NULL WHERE retired_by = ANY(%s) "
                "AND NOT act_id = ANY(%s)",
                [acts, acts],
            )
    rebuild_periods_of_act(_act(ctx), also=acts)
    batch.state = BatchState.UNDONE
    batch.save(update_fields=["state"])
    note(ctx, undoes=acts[-1], file=batch.filename, sha256=batch.digest, acts=acts, rows=taken)
    return batch


def _refuse_if_built_upon(acts: list[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT cooperative_id) FROM registry_particulars "
            "WHERE act_id = ANY(%(a)s) AND retired_by IS NOT NULL AND NOT retired_by = ANY(%(a)s)",
            {"a": acts},
        )
        particulars = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(DISTINCT cooperative_id) FROM registry_figurestatement "
            "WHERE act_id = ANY(%(a)s) AND retired_by IS NOT NULL AND NOT retired_by = ANY(%(a)s)",
            {"a": acts},
        )
        figures = cursor.fetchone()[0]
    if particulars or figures:
        raise Refused(
            Finding(
                "built_upon",
                _(
                    "%(count)s records were corrected after this import; undo those corrections first."
                )
                % {"count": max(particulars, figures)},
            )
        )


def refuse_outside(ctx: Context, batch: ImportBatch, lines: models.QuerySet[RegisterLine]) -> None:
    """Refuse when any line's place lies outside the caller's territory.

    :raises Refused: names the first few lines
    """
    reach = ctx.coverage("registry.import_register")
    if reach.everything or batch.province_code in reach.provinces:
        return
    outside = lines.exclude(commune_id__in=reach.communes).values_list("sheet", "row")
    first = list(outside[:5])
    if first:
        raise Refused(
            Finding(
                "outside_territory",
                _("%(count)s lines lie outside your territory (first: row %(row)s).")
                % {"count": outside.count(), "row": first[0][1]},
                details={"lines": [f"{s}!{r}" for s, r in first]},
            )
        )


def refuse_taken_numbers(batch: ImportBatch) -> None:
    """Send new lines whose number the register got meanwhile back to be decided."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_registerline l SET verdict = 'undecided' "
            "FROM registry_particulars p WHERE l.batch_id = %s AND l.verdict = 'new' "
            "AND l.registration_number <> '' AND p.registration_number = l.registration_number "
            "AND p.retired_by IS NULL AND upper_inf(p.valid) AND p.registration_number <> ''",
            [batch.pk],
        )


def count_verdicts(batch: ImportBatch) -> dict[str, int]:
    """Return how many lines bear each verdict."""
    rows = (
        RegisterLine.objects.filter(batch=batch)
        .order_by()
        .values_list("verdict")
        .annotate(n=models.Count("id"))
    )
    return {**dict.fromkeys(Verdict.values, 0), **dict(rows)}


def _act(ctx: Context) -> UUID:
    if ctx.act_id is None:
        raise RuntimeError("only inside an act")
    return ctx.act_id
