"""A page of the list: how many there are of each kind, and a stretch of rows.

A page has a few milliseconds, and building a query takes one of them. So a statement is built once
for each way of asking; the words searched for and the stretch are put into it each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from hoptac.foundation import rulebook
from hoptac.foundation.access import Context
from hoptac.foundation.audit.until_next_act import UntilNextAct, last_act
from hoptac.foundation.database import ask
from hoptac.jurisdiction.places import places
from hoptac.registry.filters import PAGE_SIZES, RegisterFilter
from hoptac.registry.names import search_words
from hoptac.registry.selectors import counts_by_kind
from hoptac.registry.tables import ordered

_MOST_KEPT = 2000
# Words that stand for those searched for while a statement is built.
_STAND_INS = tuple(f"standin{letter}" for letter in "abcdefghijkl")

# By how far the caller sees and what was asked but the words: the statement, nothing if it finds none.
_statements: dict[Hashable, tuple[str, Sequence[Any]] | None] = {}
_counts: UntilNextAct[dict[str, int]] = UntilNextAct(_MOST_KEPT)


@dataclass(frozen=True)
class ListPages:
    """The list that a caller asked for, of every kind or the one asked for, in its order."""

    ctx: Context
    wanted: RegisterFilter

    def counts(self) -> dict[str, int]:
        """Return how many bodies there are of each kind, whichever kind is asked for."""
        wanted = _counted(self.wanted)

        def count() -> dict[str, int]:
            return dict(
                self._run(wanted, "counts", lambda asked: counts_by_kind(asked.periods(self.ctx)))
            )

        return _counts.get((wanted, *self._basis), last_act(), count)

    def rows(self, fields: Sequence[str], start: int, stop: int) -> list[tuple[Any, ...]]:
        """Return a stretch of the list as rows: which they are is read from the index alone."""
        columns = ", ".join(f'p."{name}"' for name in fields)
        page = (
            f"SELECT {columns} FROM unnest(ARRAY({{}} LIMIT %s OFFSET %s)) "  # noqa: S608
            "WITH ORDINALITY AS found (id, place) JOIN registry_period p ON p.id = found.id "
            "ORDER BY found.place"
        )
        return self._run(self.wanted, "rows", self._ordered, page, stop - start, start)

    def _ordered(self, asked: RegisterFilter) -> QuerySet[Any]:
        periods = asked.periods(self.ctx)
        if asked.kind:
            periods = periods.filter(kind=asked.kind)
        return ordered(periods, asked.sort, asked.day).values_list("pk")

    @cached_property
    def _basis(self) -> tuple[Hashable, ...]:
        """On what a statement rests but for what was asked: what the caller may see, map and rules."""
        sight = (
            self.ctx.coverage("registry.view"),
            self.ctx.may_throughout("registry.view_contacts", of="registry.view"),
        )
        return *sight, places().read_at, rulebook.generation()

    def _run(
        self, wanted: RegisterFilter, what: str,
        build: Callable[[RegisterFilter], QuerySet[Any]], around: str = "{}", *more: Any,
    ) -> list[tuple[Any, ...]]:  # fmt: skip
        words = search_words(wanted.q)
        asked = replace(
            wanted, q=" ".join(_STAND_INS[: len(words)]), columns=(), page=1, per=PAGE_SIZES[0]
        )
        key = (what, asked, *self._basis)
        is_usual = key in _statements
        if not is_usual:
            try:
                _keep(_statements, key, build(asked).query.sql_with_params())
            except EmptyResultSet:
                _keep(_statements, key, None)
        statement = _statements[key]
        if statement is None:
            return []
        sql, values = statement
        parameters = [_said(v, words) if type(v) is str else v for v in values]
        parameters += more
        if is_usual and self._is_narrow:
            return ask(around.format(sql), parameters)
        with connection.cursor() as cursor:
            cursor.execute(around.format(sql), parameters)
            return cursor.fetchall()

    @property
    def _is_narrow(self) -> bool:
        """Whether one plan fits all words: in a whole province the common ones want another."""
        reach: Any = self._basis[0]
        return not (reach.everything or reach.provinces)


def _counted(wanted: RegisterFilter) -> RegisterFilter:
    """Return the same without what does not change how many there are of each kind."""
    return replace(wanted, kind="", sort="name", columns=(), page=1, per=PAGE_SIZES[0])


def _said(parameter: str, words: Sequence[str]) -> str:
    for stand_in, word in zip(_STAND_INS, words, strict=False):
        parameter = parameter.replace(stand_in, word)
    return parameter


def _keep(where: dict[Hashable, Any], key: Hashable, value: Any) -> Any:
    if len(where) >= _MOST_KEPT:
        where.clear()
    where[key] = value
    return value
