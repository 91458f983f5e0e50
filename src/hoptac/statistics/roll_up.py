"""Keeping the roll-up small, and rebuilding it."""

from __future__ import annotations

from django.db import connection, transaction

_KEYS = ("kind, province_code, commune_id, sector, legal_status, working_state, legal_era,"
         " first_year, last_year")  # fmt: skip
_SUMS = ("bodies", "charter_capital", "area", "members", "workers", "with_charter_capital",
         "with_area", "with_members", "with_workers", "with_any")  # fmt: skip


def compact() -> int:
    """Fold the rows that acts added into one for each key; returns how many rows remain.

    Rows added meanwhile by others are left for the next time.
    """
    added = ", ".join(f"sum({s})" for s in _SUMS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH gone AS (DELETE FROM statistics_yearstretch RETURNING *)
            INSERT INTO statistics_yearstretch ({_KEYS}, {", ".join(_SUMS)})
            SELECT {_KEYS}, {added} FROM gone GROUP BY {_KEYS}
            HAVING {" OR ".join(f"sum({s}) <> 0" for s in _SUMS)}
            """  # noqa: S608  (names of this file only)
        )
        return cursor.rowcount


def rebuild() -> int:
    """Make the roll-up anew from the register; returns how many rows it has."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE registry_period IN SHARE MODE")
        cursor.execute("DELETE FROM statistics_yearstretch")
        cursor.execute("SELECT statistics_fill_year_stretches()")
    return compact()


def has_gone_astray() -> bool:
    """Tell whether the roll-up says anything else than the register."""
    sums = ", ".join(f"sum({s})" for s in _SUMS)
    fresh = """
        SELECT kind, province_code, commune_id, sector, legal_status, working_state, legal_era,
               date_part('year', lower(valid))::int, date_part('year', upper(valid))::int - 1,
               count(*), coalesce(sum(charter_capital), 0), coalesce(sum(area), 0),
               coalesce(sum(members), 0), coalesce(sum(workers), 0), count(charter_capital),
               count(area), count(members), count(workers),
               count(coalesce(charter_capital::numeric, area, members, workers))
        FROM registry_period
        WHERE upper_inf(valid)
           OR date_part('year', lower(valid)) < date_part('year', upper(valid))
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    """
    kept = f"""
        SELECT {_KEYS}, {sums} FROM statistics_yearstretch GROUP BY {_KEYS}
        HAVING {" OR ".join(f"sum({s}) <> 0" for s in _SUMS)}
    """  # noqa: S608  (names of this file only)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (({fresh} EXCEPT {kept}) UNION ALL ({kept} EXCEPT {fresh}))")
        return bool(cursor.fetchone()[0])
