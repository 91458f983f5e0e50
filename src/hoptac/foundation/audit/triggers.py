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
            declare=[("given", "UUID")],
            func="""
                given := NEW.retired_by;
                NEW.retired_by := OLD.retired_by;
                IF NEW IS DISTINCT FROM OLD THEN
                    RAISE EXCEPTION 'rows of % are never changed, only retired', TG_TABLE_NAME;
                END IF;
                NEW.retired_by := given;
                RETURN NEW;
            """,
        ),
    )


def kept_for_ever(table: str) -> tuple[pgtrigger.Trigger, ...]:
    """Return triggers by which a row, once there, stays and keeps its id: others may point at it."""
    return (
        *refused(table, "dt"),
        pgtrigger.Trigger(
            name=f"{table}_keeps_id",
            operation=pgtrigger.Update,
            when=pgtrigger.Before,
            condition=pgtrigger.Q(old__id__df=pgtrigger.F("new__id")),
            func="RAISE EXCEPTION 'the id of a row of % is for ever', TG_TABLE_NAME;",
        ),
    )


def points_at(table: str, column: str, parent: str) -> tuple[pgtrigger.Trigger, ...]:
    """Return a trigger that asks once a statement whether every new row's parent (if any) exists.

    A foreign key asks once a row and locks the parent, which doubles the cost of a list of a hundred
    thousand lines. The two are equal where parents are :func:`kept_for_ever` and the pointing column
    never changes (:func:`only_retired`).
    """
    return (
        pgtrigger.Trigger(
            name=f"{table}_points_at_{parent.rpartition('_')[2]}",
            operation=pgtrigger.Insert,
            when=pgtrigger.After,
            level=pgtrigger.Statement,
            referencing=pgtrigger.Referencing(new="added"),
            func=f"""
                IF EXISTS (
                    SELECT FROM added
                    WHERE added.{column} IS NOT NULL
                      AND (SELECT id FROM {parent} parent WHERE parent.id = added.{column}) IS NULL
                ) THEN
                    RAISE EXCEPTION 'a new row of % points at nothing by {column}', TG_TABLE_NAME
                        USING ERRCODE = 'foreign_key_violation';
                END IF;
                RETURN NULL;
            """,  # noqa: S608  (names of this code, never input)
        ),
    )


def never_overlap(
    table: str, model_table: str, column: str, parent: str
) -> tuple[pgtrigger.Trigger, ...]:
    """Return triggers that refuse two live rows of one parent whose ``valid`` ranges overlap.

    An exclusion constraint says the same and costs a third of the time of entering a long list: its
    index is asked and mended row by row. Here the question is put once a statement. The parent is
    locked first (not one that the same act brought, which nobody else sees yet), so that of two
    writers the second looks at what the first has left.
    """
    func = f"""
        PERFORM FROM added
        CROSS JOIN LATERAL (
            SELECT FROM {parent} parent
            WHERE parent.id = added.{column} AND parent.act_id <> added.act_id
            FOR NO KEY UPDATE
        ) AS held
        WHERE added.retired_by IS NULL;
        IF EXISTS (
            SELECT FROM added
            CROSS JOIN LATERAL (
                SELECT FROM {model_table} other
                WHERE other.{column} = added.{column} AND other.id <> added.id
                    AND other.retired_by IS NULL AND other.valid && added.valid
                OFFSET 0
            ) AS clash
            WHERE added.retired_by IS NULL
        ) THEN
            RAISE EXCEPTION 'two rows of % speak of the same days', TG_TABLE_NAME
                USING ERRCODE = 'exclusion_violation', CONSTRAINT = '{table}_no_overlap';
        END IF;
        RETURN NULL;
    """  # noqa: S608  (names of this code, never input)
    return tuple(
        pgtrigger.Trigger(
            name=f"{table}_no_overlap_{word}",
            operation=operation,
            when=pgtrigger.After,
            level=pgtrigger.Statement,
            referencing=pgtrigger.Referencing(new="added"),
            func=func,
        )
        for word, operation in (("new", pgtrigger.Insert), ("back", pgtrigger.Update))
    )
