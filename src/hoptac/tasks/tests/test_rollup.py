"""How progress is rolled up, by examples."""

from __future__ import annotations

import pytest

from hoptac.tasks.rules.rollup import Rolled, compute_rollup, compute_sum


def part(percent: int | None) -> Rolled:
    return Rolled(percent=percent, tasks=0 if percent is None else 1)


@pytest.mark.parametrize(
    ("state", "own", "parts", "percent"),
    [
        ("under_way", 40, [], 40),
        ("under_way", 40, [50, 25], 37),
        ("under_way", 90, [100, 99], 99),
        ("under_way", 0, [100, 100], 100),
        ("under_way", 10, [None, 60], 60),
        ("under_way", 10, [None], 10),
        ("done", 20, [0, 0], 100),
        ("cancelled", 80, [100], None),
    ],
)
def test_a_task_is_as_far_as_the_mean_of_its_parts(
    state: str, own: int, parts: list[int | None], percent: int | None
) -> None:
    found = compute_rollup(state=state, percent=own, is_late=False, parts=map(part, parts))
    assert found.percent == percent


def test_counts_leave_out_what_was_called_off() -> None:
    late = compute_rollup(state="under_way", percent=0, is_late=True, parts=[])
    done = compute_rollup(state="done", percent=100, is_late=False, parts=[])
    off = compute_rollup(state="cancelled", percent=0, is_late=False, parts=[done])
    whole = compute_rollup(state="assigned", percent=0, is_late=False, parts=[late, done, off])
    assert (whole.tasks, whole.done, whole.late, whole.open, whole.percent) == (3, 1, 1, 2, 50)
    assert compute_sum([]).percent is None
