"""What becomes of accepted passages: told by a higher app, which makes tasks of them.

The acts announce, inside their own transaction (see :mod:`hoptac.foundation.events`):

- ``directives.passages_accepted`` with ``directive`` and ``passages``: make a task of each;
- ``directives.passages_restored`` with the same: they are proposals again, end what was made of them.

and *ask* whoever declared itself by :func:`set_taker`: what was made of a passage, and whether it may be
taken back. Without a taker passages are accepted all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from hoptac.directives.models import Passage
from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding


@dataclass(frozen=True)
class Taken:
    """What was made of a passage: its name, its page, how it stands in a word; what comes next, if that is plain."""

    title: str
    href: str
    state: str = ""
    next_words: str = ""
    next_href: str = ""


class Taker(Protocol):
    """Whoever makes something of accepted passages."""

    def made_of(self, ctx: Context, passages: Iterable[UUID]) -> dict[UUID, Taken]:
        """Return what was made of these passages, as far as the caller may see it, in one question."""
        ...

    def next_words(self, passage: Passage) -> str:
        """Return what follows at once upon accepting a passage, in a few words; empty where nothing does."""
        ...

    def objections(self, ctx: Context, passages: Sequence[Passage]) -> Iterable[Finding]:
        """Yield why accepted passages can no longer be taken back (work on them has begun)."""
        ...


_taker: Taker | None = None


def set_taker(taker: Taker | None) -> Taker | None:
    """Declare who takes accepted passages (``AppConfig.ready`` of a higher app); return who did before."""
    global _taker
    before, _taker = _taker, taker
    return before


def made_of(ctx: Context, passages: Iterable[UUID]) -> dict[UUID, Taken]:
    """Return what was made of passages; nothing where nobody takes them."""
    return _taker.made_of(ctx, passages) if _taker is not None else {}


def next_words(passage: Passage) -> str:
    """Return what follows at once upon accepting a passage; empty where nothing does."""
    return _taker.next_words(passage) if _taker is not None else ""


def objections(ctx: Context, passages: Sequence[Passage]) -> list[Finding]:
    """Return why these accepted passages cannot be taken back."""
    return list(_taker.objections(ctx, passages)) if _taker is not None else []
