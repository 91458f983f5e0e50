"""Lines of yearly returns: what bodies of the register state of themselves at the end of a year.

Of a return the register keeps what it keeps of every body: members, workers, charter capital, each with
its day and the file it came from. A return brings no new body.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection

from hoptac.foundation.transfers.models import ImportBatch
from hoptac.registry.models import RegisterLine, Verdict

FIGURES = ("charter_capital", "members", "workers")
# Lines are held back where one of these is spoilt; other cells of a return do not concern the register.
_TELLING = {"name", "registration_number", "year", "members", "workers", "charter_capital_vnd"}
DIFFERS = "differs_from_register"
UNKNOWN = "not_in_register"


def stage(
    batch: ImportBatch,
    records: Iterable[Mapping[str, Any]],
    problems: Iterable[Mapping[str, Any]],
) -> int:
    """Write a file's returns as lines, one for each body and year; returns how many."""
    held: dict[tuple[str, int], set[str]] = {}
    for p in problems:
        told = p["code"] == DIFFERS or (p["severity"] == "error" and p.get("field") in _TELLING)
        if told and p.get("row") is not None:
            held.setdefault((p.get("sheet") or "", p["row"]), set()).add(p["code"])
    lines = [
        RegisterLine(
            batch=batch, sheet=(r.get("sheet") or "")[:120], row=r["row"],
            verdict=Verdict.QUARANTINED, name=(r.get("name") or "")[:250],
            registration_number=(r.get("registration_number") or "")[:14],
            as_of=date(r["year"], 12, 31), charter_capital=r.get("charter_capital_vnd"),
            members=r.get("members"), workers=r.get("workers"),
            problems=sorted(held.get((r.get("sheet") or "", r["row"]), ())),
        )
        for r in records
        if r.get("year")
    ]  # fmt: skip
    RegisterLine.objects.bulk_create(lines, batch_size=2000)
    return len(lines)


_FIND = """
UPDATE registry_registerline l
SET cooperative_id = p.cooperative_id, commune_id = p.commune_id, kind = p.kind
FROM (
    SELECT registration_number, min(cooperative_id::text)::uuid AS cooperative_id,
           min(commune_id::text)::uuid AS commune_id, min(kind) AS kind
    FROM registry_period
    WHERE is_latest AND province_code = %(province)s AND registration_number <> ''
    GROUP BY registration_number HAVING count(*) = 1
) AS p
WHERE l.batch_id = %(batch)s AND (%(only)s::bigint[] IS NULL OR l.id = ANY(%(only)s))
  AND l.verdict <> 'skipped' AND p.registration_number = l.registration_number
"""
_COMPARE = """
UPDATE registry_registerline l SET changed = d.changed, candidates = NULL, verdict = CASE
    WHEN l.cooperative_id IS NULL THEN 'quarantined'
    WHEN %(taken)s THEN CASE WHEN cardinality(d.changed) = 0 THEN 'same' ELSE 'changed' END
    WHEN cardinality(array_remove(l.problems, '{differs}')) > 0 THEN 'quarantined'
    WHEN cardinality(d.changed) = 0 THEN 'same'
    WHEN '{differs}' = ANY(l.problems) THEN 'undecided'
    ELSE 'changed' END
FROM (
    SELECT l.id, array_remove(ARRAY[{figures}], NULL) AS changed
    FROM registry_registerline l
    LEFT JOIN registry_period p ON p.cooperative_id = l.cooperative_id AND p.valid @> l.as_of
    WHERE l.batch_id = %(batch)s AND (%(only)s::bigint[] IS NULL OR l.id = ANY(%(only)s))
      AND l.verdict <> 'skipped'
) AS d
WHERE d.id = l.id
""".format(  # noqa: S608  (constants of this file)
    differs=DIFFERS,
    figures=", ".join(
        f"CASE WHEN l.{f} IS NOT NULL AND (l.{f} IS DISTINCT FROM p.{f}"
        f" OR p.{f}_as_of IS DISTINCT FROM l.as_of) THEN '{f}' END"
        for f in FIGURES
    ),
)
_NAME_UNKNOWN = f"""
UPDATE registry_registerline SET problems = CASE WHEN cooperative_id IS NULL
    THEN array_append(array_remove(problems, '{UNKNOWN}'), '{UNKNOWN}')
    ELSE array_remove(problems, '{UNKNOWN}') END
WHERE batch_id = %(batch)s AND (cooperative_id IS NULL) <> ('{UNKNOWN}' = ANY(problems))
"""  # noqa: S608  (constants of this file)


def match(batch: ImportBatch, only: list[int] | None = None, *, taken: bool = False) -> None:
    """Find each line's body by its registration number, and say what the register does not know yet.

    A figure that the register has otherwise for the same day waits for a decision. ``only`` names the
    lines (else all); with ``taken`` an officer has decided that they are entered.
    """
    given: dict[str, Any] = {
        "batch": batch.pk,
        "province": batch.province_code,
        "only": only,
        "taken": taken,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIND, given)
        cursor.execute(_NAME_UNKNOWN, given)
        cursor.execute(_COMPARE, given)


def take_repairs(batch: ImportBatch) -> None:
    """Take the lines that were held back, without the values that could not be read."""
    held = RegisterLine.objects.filter(
        batch=batch, verdict__in=(Verdict.QUARANTINED, Verdict.UNDECIDED)
    )
    match(batch, list(held.values_list("pk", flat=True)), taken=True)
