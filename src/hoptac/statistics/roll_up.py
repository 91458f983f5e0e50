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
