"""Numbers of a series: one after another, given back by what fails, and never set by hand."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from hoptac.foundation import numbering
from hoptac.foundation.numbering.models import Counter


def test_each_series_counts_from_one(db: None) -> None:
    taken = [numbering.take(s) for s in ("certificate:30904:2026", "receipt:91", "receipt:91")]
    assert taken == [1, 1, 2]


def test_a_number_taken_by_what_fails_goes_to_the_next(db: None) -> None:
    assert numbering.take("receipt:91") == 1
    with transaction.atomic():
        assert numbering.take("receipt:91") == 2
        transaction.set_rollback(True)
    assert numbering.take("receipt:91") == 2


@pytest.mark.django_db(transaction=True)
def test_no_number_is_given_where_nothing_would_hold_it() -> None:
    with pytest.raises(numbering.OutsideAct):
        numbering.take("receipt:91")
    assert not Counter.objects.exists()


@pytest.mark.parametrize("last", [1, 2, 4, 5])
def test_a_counter_is_neither_set_back_nor_moved_on(db: None, last: int) -> None:
    for _ in range(2):
        numbering.take("receipt:91")
    with pytest.raises(DatabaseError, match="moves by one"), transaction.atomic():
        Counter.objects.filter(series="receipt:91").update(last=last)


def test_a_counter_is_neither_removed_nor_begun_in_the_middle(db: None) -> None:
    numbering.take("receipt:91")
    with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic():
        Counter.objects.all().delete()
    with pytest.raises(DatabaseError, match="begin at 1"), transaction.atomic():
        Counter.objects.create(series="receipt:92", last=7)
