"""Database triggers that keep tables append-only, whoever writes to them."""

from __future__ import annotations

import pgtrigger


def refused(table: str, what: str) -> tuple[pgtrigger.Trigger, ...]:
    """Return triggers that refuse whole statements; ``what`` joins ``u``pdate, ``d``elete, ``t``runcate."""
    operations = {"u": pgtrigger.Update, "d": pgtrigger.Delete, "t": pgtrigger.Truncate}
    return tuple(
        pgtrigger.Trigger(
            name=f"{table}_no_{str(operations[letter]).lower()}",
            operation=operations[letter],
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            func="RAISE EXCEPTION 'rows of % are kept for ever: % refused', TG_TABLE_NAME, TG_OP;",
        )
        for letter in what
    )


def only_retired(table: str) -> tuple[pgtrigger.Trigger, ...]:
    """Return triggers that let a fact only be added, retired, or brought back by an undo."""
    return (
        *refused(table, "dt"),
        pgtrigger.Trigger(
            name=f"{table}_only_retired",
            operation=pgtrigger.Update,
            when=pgtrigger.Before,
            func="""
                IF to_jsonb(OLD) - 'retired_by' <> to_jsonb(NEW) - 'retired_by' THEN
                    RAISE EXCEPTION 'rows of % are never changed, only retired', TG_TABLE_NAME;
                END IF;
                RETURN NEW;
            """,
        ),
    )
