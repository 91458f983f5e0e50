"""R9: numbers taken by fifty acts at once, some of which fail: none doubled, none skipped, in order."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, connections, transaction

from hoptac.foundation import numbering
from tests.reliability.bars import SEED, told

AT_ONCE = 50
SERIES = ("certificate:30904:2026", "certificate:30907:2026", "receipt:91:2026")


class GivenUp(Exception):
    """An act that fails after it took its number."""


@pytest.fixture
def book(transactional_db: None) -> Iterator[None]:
    """A book in which numbers are written down, and which itself refuses nothing."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE book (line serial, series text, number bigint)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE book")


def next_of_the_book(series: str) -> int:
    """The control: what the book says, and one more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM book WHERE series = %s", [series])
        return int(cursor.fetchone()[0])


def at_once(take: Callable[[str], int], rounds: int, seed: int) -> list[str]:
    """Let fifty take numbers at the same moment, one in five giving up; return what went wrong."""
    trouble: list[str] = []
    begin = threading.Barrier(AT_ONCE)

    def one(which: int) -> None:
        chance = random.Random(seed * 1000 + which)
        try:
            for _ in range(rounds):
                series, fails = chance.choice(SERIES), chance.random() < 0.2
                begin.wait(30)
                try:
                    with transaction.atomic():
                        number = take(series)
                        with connection.cursor() as cursor:
                            cursor.execute(
                                "INSERT INTO book (series, number) VALUES (%s, %s)",
                                [series, number],
                            )
                        if fails:
                            raise GivenUp
                except GivenUp:
                    pass
        except Exception as error:
            trouble.append(repr(error))
            begin.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return trouble


def as_written() -> dict[str, list[int]]:
    """Return the numbers of each series in the order of the lines of the book."""
    written: dict[str, list[int]] = {s: [] for s in SERIES}
    with connection.cursor() as cursor:
        cursor.execute("SELECT series, number FROM book ORDER BY line")
        for series, number in cursor.fetchall():
            written[series].append(number)
    return written


def faults(written: dict[str, list[int]]) -> tuple[int, int, int]:
    """Return how many numbers are doubled, skipped, and out of the order of their writing."""
    doubled = sum(n - 1 for each in written.values() for n in Counter(each).values())
    skipped = sum(len(set(range(1, max(each, default=0) + 1)) - set(each)) for each in written.values())  # fmt: skip
    unordered = sum(a > b for each in written.values() for a, b in pairwise(each))  # fmt: skip
    return doubled, skipped, unordered


@pytest.mark.parametrize("rounds", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_no_number_is_doubled_or_skipped_by_fifty_at_once(book: Any, rounds: int) -> None:
    assert at_once(numbering.take, rounds, SEED) == []
    written = as_written()
    doubled, skipped, unordered = faults(written)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM book")
    assert at_once(next_of_the_book, rounds, SEED) == []
    control = faults(as_written())[0]
    count = sum(map(len, written.values()))
    told("R9", f"{doubled} doubled, {skipped} skipped, {unordered} out of order of {count} numbers "
         f"in {len(SERIES)} series, {AT_ONCE} at once, {AT_ONCE * rounds - count} given up", "none",
         seed=SEED, control=f"max + 1: {control} doubled")  # fmt: skip
    assert (doubled, skipped, unordered) == (0, 0, 0)
    assert count < AT_ONCE * rounds
    assert control > 0
