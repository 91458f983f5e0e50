"""Numbers of series, such as those of certificates of an authority and a year: no double, no gap."""

from __future__ import annotations

from django.db import connection

# A counter moves by one (its trigger sees to it); a hundred steps take the database four milliseconds.
_STEP = (
    "INSERT INTO numbering_counter AS counter (series, last) VALUES (%s, 1) "
    "ON CONFLICT (series) DO UPDATE SET last = counter.last + 1"
)
_NEXT = f"{_STEP} RETURNING last"


class OutsideAct(RuntimeError):
    """A number was asked for outside a transaction, where nothing would hold it."""


def take(series: str) -> int:
    """Return the next number of a series, the first being 1.

    To be called inside an act: the number belongs to its transaction. The series is held until the
    act has ended, so numbers follow one another in the order in which acts are done, and a number
    that was taken by an act that failed goes to the next one. Take it late in the act, and several
    series in the order of their names, since other acts wait.

    :raises OutsideAct: there is no transaction
    """
    return take_several(series, 1)[0]


def take_several(series: str, count: int) -> range:
    """Return the next ``count`` numbers of a series, one after another (:func:`take` says the rest).

    :raises OutsideAct: there is no transaction
    """
    if not connection.in_atomic_block:
        raise OutsideAct(series)
    with connection.cursor() as cursor:
        if count:  # all steps in one go; the last one tells
            cursor.execute(";".join([_STEP] * (count - 1) + [_NEXT]), [series] * count)
        while cursor.nextset():
            pass
        last = int(cursor.fetchone()[0]) if count else 0
    return range(last - count + 1, last + 1)


def last_taken(series: str) -> int:
    """Return the last number given of a series so far, 0 before the first; it holds nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last FROM numbering_counter WHERE series = %s", [series])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
