"""What no program can do to the register, whoever writes to the tables."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.models import Cooperative, FigureStatement, Lineage, Particulars

NOW = date(2019, 12, 31)


def another(row: Particulars, **changes: Any) -> Particulars:
    """Return an unsaved copy of a row under another act."""
    copy = Particulars.objects.get(pk=row.pk)
    copy.pk, copy.act_id = None, uuid4()
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def refused(error: type[Exception], write: Any) -> str:
    with pytest.raises(error) as raised, transaction.atomic():
        write()
    return str(raised.value)


def test_two_rows_never_speak_of_the_same_days(cooperative):
    body = cooperative(name="HTX Hoà An", established_on=date(2015, 6, 1))
    row = Particulars.objects.live().get(cooperative=body)

    said = refused(IntegrityError, another(row).save)
    assert "speak of the same days" in said
    inside = DateRange(date(2016, 1, 1), date(2017, 1, 1))
    refused(IntegrityError, another(row, valid=inside).save)

    before = DateRange(date(2010, 1, 1), row.valid.lower)
    another(row, valid=before).save()
    another(row, retired_by=uuid4()).save()  # what was once believed may say anything
    assert Particulars.objects.filter(cooperative=body).count() == 3


def test_a_retired_row_does_not_come_back_over_a_live_one(cooperative):
    body = cooperative(name="HTX Hoà An")
    row = Particulars.objects.live().get(cooperative=body)
    old = another(row, retired_by=uuid4())
    old.save()

    again = Particulars.objects.filter(pk=old.pk)
    refused(IntegrityError, lambda: again.update(retired_by=None))
    Particulars.objects.filter(pk=row.pk).update(retired_by=uuid4())
    assert again.update(retired_by=None) == 1


def test_rows_of_one_statement_are_held_against_each_other(cooperative):
    body = cooperative(name="HTX Hoà An")
    row = Particulars.objects.live().get(cooperative=body)
    past = DateRange(date(2001, 1, 1), date(2002, 1, 1))
    twice = [another(row, valid=past), another(row, valid=past)]
    refused(IntegrityError, lambda: Particulars.objects.bulk_create(twice))


def test_no_fact_points_at_a_body_that_is_not_there(cooperative):
    body = cooperative(name="HTX Hoà An")
    row = Particulars.objects.live().get(cooperative=body)
    nobody = uuid7()
    assert "points at nothing" in refused(IntegrityError, another(row, cooperative_id=nobody).save)
    figures = FigureStatement(cooperative_id=nobody, act_id=uuid4(), as_of=NOW, members=7)
    refused(IntegrityError, figures.save)
    line = Lineage(cooperative_id=nobody, successor=body, act_id=uuid4(), kind="merger", on=NOW)
    refused(IntegrityError, line.save)


def test_a_body_stays_for_ever_under_its_id(cooperative):
    body = cooperative(name="HTX Hoà An")
    rows = Cooperative.objects.filter(pk=body.pk)

    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM registry_cooperative WHERE id = %s", [body.pk])

    assert "kept for ever" in refused(ProgrammingError, delete)
    assert "for ever" in refused(ProgrammingError, lambda: rows.update(id=uuid7()))
    assert rows.exists()
    commune = AdminUnit.objects.filter(pk=body.particulars_set.get().commune_id)
    assert "for ever" in refused(ProgrammingError, lambda: commune.update(id=uuid7()))


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_of_one_body_the_second_sees_the_first(cooperative):
    """Each alone would be right; the second waits for the first, and is then refused."""
    body = cooperative(name="HTX Hoà An", established_on=date(2015, 6, 1))
    row = Particulars.objects.live().get(cooperative=body)
    columns = ", ".join(
        f'"{f.column}"' for f in Particulars._meta.concrete_fields
        if f.column not in {"id", "act_id", "valid"}
    )  # fmt: skip
    insert = (
        f"INSERT INTO registry_particulars (act_id, valid, {columns}) "
        f"SELECT gen_random_uuid(), daterange('2001-01-01', '2002-01-01'), {columns} "
        "FROM registry_particulars WHERE id = %s"
    )
    given = connection.get_connection_params()
    given = {k: given[k] for k in ("dbname", "user", "password", "host", "port") if given.get(k)}
    outcome: list[BaseException | None] = []

    def second() -> None:
        with psycopg.connect(**given) as other:
            try:
                other.execute(insert, [row.pk])
                outcome.append(None)
            except psycopg.Error as error:
                outcome.append(error)
                other.rollback()

    with psycopg.connect(**given) as first:
        first.execute(insert, [row.pk])
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=1)
        assert thread.is_alive(), "the second writer waits"
        first.commit()
        thread.join(timeout=20)
    assert isinstance(outcome[0], psycopg.errors.ExclusionViolation)
    assert Particulars.objects.filter(cooperative=body).count() == 2
