"""Which rights the serving role has: all that pages and jobs need, nothing upon what was recorded.

Triggers refuse changes to everybody who does not switch them off; the role could not even do that.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection
from psycopg import sql

# The columns of kept tables that an act may set later, where it is not ``retired_by``.
_LATER: dict[str, tuple[str, ...]] = {"audit_actpayload": ("content", "salt", "erased_at")}


def kept_tables() -> dict[str, tuple[str, ...]]:
    """Return every table whose rows are kept for ever, with the columns that may be set later.

    These are the tables whose triggers refuse to delete, and the history of tables (events).
    """
    found: dict[str, tuple[str, ...]] = {}
    for model in apps.get_models():
        table = model._meta.db_table
        triggers = {t.name for t in getattr(model._meta, "triggers", ())}
        if any(name.endswith("_only_retired") for name in triggers):
            found[table] = ("retired_by",)
        elif "append_only" in triggers or any(n.endswith("_no_update") for n in triggers):
            found[table] = ()
        elif any(name.endswith("_no_delete") for name in triggers):
            fields = model._meta.concrete_fields
            columns = tuple(str(f.column) for f in fields if not f.primary_key)
            found[table] = _LATER.get(table, columns)
    return dict(sorted(found.items()))


def statements(role: str) -> list[sql.Composed]:
    """Return what gives a role its rights; they can be carried out again and again."""
    who, database = sql.Identifier(role), sql.Identifier(str(connection.settings_dict["NAME"]))
    every = sql.SQL("ALL TABLES IN SCHEMA public")
    told = [
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, who),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(who),
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM {}").format(who),
        sql.SQL("REVOKE ALL ON {} FROM {}").format(every, who),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(every, who),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(who),
    ]
    for table, later in kept_tables().items():
        name = sql.Identifier(table)
        told.append(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(name, who))
        if later:
            columns: Any = sql.SQL(", ").join(map(sql.Identifier, later))
            told.append(sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(columns, name, who))
    return told
