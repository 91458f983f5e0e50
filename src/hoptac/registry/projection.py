"""Rebuilding ``Period`` rows from the live facts, by one statement for any number of bodies."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction

_MEASURES = ("charter_capital", "area", "members", "workers")

# Events cut a body's time: the days on which particulars begin or figures are stated. For every cut the
# particulars of the day are joined, and each measure carries on from the last statement that gave it.
_REBUILD = """
WITH stated AS (  -- one row a day: of two statements on a day, the one recorded last, per measure
    SELECT cooperative_id, as_of, {latest}
    FROM registry_figurestatement
    WHERE retired_by IS NULL {which}
    GROUP BY cooperative_id, as_of
),
facts AS (
    SELECT * FROM registry_particulars WHERE retired_by IS NULL {which}
),
cuts AS (
    SELECT cooperative_id, lower(valid) AS day FROM facts
    UNION
    SELECT cooperative_id, as_of FROM stated
),
marked AS (
    SELECT c.cooperative_id, c.day, {values}, {groups}
    FROM cuts c LEFT JOIN stated s ON s.cooperative_id = c.cooperative_id AND s.as_of = c.day
),
carried AS (
    SELECT cooperative_id, day,
           lead(day) OVER (PARTITION BY cooperative_id ORDER BY day) AS next_day, {carried}
    FROM marked
)
INSERT INTO registry_period (
    cooperative_id, valid, is_latest, province_code, kind, name, registration_number, sector, activity,
    commune_id, address, established_on, established_precision, legal_era, legal_status, working_state,
    chairman, director, phone, {columns}, particulars_id, fold, sort_key)
SELECT f.cooperative_id,
       daterange(k.day, least(k.next_day, upper(f.valid))),
       coalesce(k.next_day, upper(f.valid)) IS NULL,
       o.province_code, o.kind, f.name, f.registration_number, f.sector, f.activity, f.commune_id,
       f.address, f.established_on, f.established_precision, f.legal_era, f.legal_status,
       f.working_state, f.chairman, f.director, f.phone, {chosen}, f.id, f.fold, f.sort_key
FROM carried k
JOIN facts f ON f.cooperative_id = k.cooperative_id AND f.valid @> k.day
JOIN registry_cooperative o ON o.id = k.cooperative_id
"""


def _statement(which: str) -> str:
    def each(form: str) -> str:
        return ", ".join(form.format(m=m) for m in _MEASURES)

    return _REBUILD.format(
        which=which,
        latest=each("(array_agg({m} ORDER BY id DESC) FILTER (WHERE {m} IS NOT NULL))[1] AS {m}"),
        values=each("s.{m}, CASE WHEN s.{m} IS NOT NULL THEN s.as_of END AS {m}_as_of"),
        groups=each("count(s.{m}) OVER (PARTITION BY c.cooperative_id ORDER BY c.day) AS {m}_run"),
        carried=each(
            "first_value({m}) OVER (PARTITION BY cooperative_id, {m}_run ORDER BY day) AS {m}, "
            "first_value({m}_as_of) OVER (PARTITION BY cooperative_id, {m}_run ORDER BY day)"
            " AS {m}_as_of"
        ),
        columns=each("{m}, {m}_as_of"),
        chosen=each("k.{m}, k.{m}_as_of"),
    )


def rebuild_periods(cooperatives: Collection[UUID]) -> int:
    """Rebuild the periods of the given bodies; returns how many rows they now have."""
    if not cooperatives:
        return 0
    ids = list(cooperatives)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_period WHERE cooperative_id = ANY(%s)", [ids])
        cursor.execute(_statement("AND cooperative_id = ANY(%(ids)s)"), {"ids": ids})
        return cursor.rowcount


def rebuild_periods_of_act(
    act_id: UUID, also: Collection[UUID] = (), *, but_new: bool = False
) -> int:
    """Rebuild the periods of every body that an act touched (imports and their undoing).

    ``also`` names further acts whose bodies are rebuilt with it; ``but_new`` leaves out the bodies
    that the act itself brought, whose periods it has written.
    """
    acts = [act_id, *also]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE touched ON COMMIT DROP AS
            SELECT cooperative_id FROM registry_particulars WHERE act_id = ANY(%(a)s)
            UNION SELECT cooperative_id FROM registry_particulars WHERE retired_by = ANY(%(a)s)
            UNION SELECT cooperative_id FROM registry_figurestatement WHERE act_id = ANY(%(a)s)
            UNION SELECT cooperative_id FROM registry_figurestatement WHERE retired_by = ANY(%(a)s)
            EXCEPT SELECT id FROM registry_cooperative WHERE %(but_new)s AND act_id = %(act)s
            """,
            {"a": acts, "but_new": but_new, "act": act_id},
        )
        cursor.execute("ANALYZE touched")
        which = "cooperative_id IN (SELECT cooperative_id FROM touched)"
        cursor.execute(f"DELETE FROM registry_period WHERE {which}")  # noqa: S608
        cursor.execute(_statement(f"AND {which}"))
        rows = cursor.rowcount
        cursor.execute("DROP TABLE touched")
        return rows


def periods_that_differ() -> list[str]:
    """Return in words which bodies are shown otherwise than their facts say (changed past the acts)."""
    built = _statement("").replace("INSERT INTO registry_period (", "INSERT INTO built (")
    columns = _statement("").partition("registry_period (")[2].partition(")")[0]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE built ON COMMIT DROP AS SELECT {columns} FROM registry_period"  # noqa: S608
            " LIMIT 0"
        )
        cursor.execute(built)
        cursor.execute(
            f"""
            SELECT DISTINCT cooperative_id FROM (
                (SELECT {columns} FROM built EXCEPT ALL SELECT {columns} FROM registry_period)
                UNION ALL
                (SELECT {columns} FROM registry_period EXCEPT ALL SELECT {columns} FROM built)
            ) differing ORDER BY 1 LIMIT 20
            """  # noqa: S608  (columns are named above)
        )
        found = [str(row[0]) for row in cursor.fetchall()]
        cursor.execute("DROP TABLE built")
    return [f"the register shows {pk} otherwise than its facts say" for pk in found]


def rebuild_all_periods() -> int:
    """Rebuild every period of the register; the outcome must equal what the acts maintained."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE registry_period")
        cursor.execute(_statement(""))
        return cursor.rowcount
