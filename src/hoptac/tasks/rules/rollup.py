"""How far a task is by its parts, and a section of a plan by its tasks: pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hoptac.tasks.terms import OPEN, State


@dataclass(frozen=True, kw_only=True)
class Rolled:
    """How a task with all its parts, or a section with all its tasks, stands.

    ``percent`` is nothing where nothing counts: all of it was called off. The counts are of tasks, those that
    were called off left out.
    """

    percent: int | None
    tasks: int = 0
    done: int = 0
    late: int = 0
    open: int = 0

    @property
    def not_begun(self) -> int:
        """Those nobody answers for yet."""
        return self.tasks - self.done - self.open


def compute_rollup(*, state: str, percent: int, is_late: bool, parts: Iterable[Rolled]) -> Rolled:
    """Return how a task stands with its parts.

    A task that was judged done is done, whatever its parts say; one that was called off counts for nothing,
    nor do its parts. Else its progress is the mean of its parts, each of equal weight however large it is
    (whoever split the work meant them so), rounded down: 100 only where every part is. Without parts that
    count it is what its agency reported.
    """
    if state == State.CANCELLED:
        return Rolled(percent=None)
    below = compute_sum(parts)
    own = 100 if state == State.DONE else percent
    if state != State.DONE and below.percent is not None:
        own = below.percent
    return Rolled(
        percent=own, tasks=below.tasks + 1, done=below.done + (state == State.DONE),
        late=below.late + is_late, open=below.open + (state in OPEN),
    )  # fmt: skip


def compute_sum(parts: Iterable[Rolled]) -> Rolled:
    """Return how several stand together: the mean of those that count, rounded down, and the sums of the counts."""
    found = list(parts)
    counting = [p.percent for p in found if p.percent is not None]
    return Rolled(
        percent=sum(counting) // len(counting) if counting else None,
        tasks=sum(p.tasks for p in found), done=sum(p.done for p in found),
        late=sum(p.late for p in found), open=sum(p.open for p in found),
    )  # fmt: skip
