"""The founding plan of the demonstration: every obligation has one course, told in full."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import Any

import pytest

from hoptac.directives.bringing import read_file


@pytest.fixture
def told(settings: Any) -> dict[str, Any]:
    return tomllib.loads((settings.ROOT / "demo/plan70.toml").read_text(encoding="utf-8"))


def test_every_obligation_is_carried_out_by_one_course(told: dict[str, Any], settings: Any) -> None:
    name = "ke-hoach-ket-luan-70.txt"
    reading = read_file(name, (settings.ROOT / "demo" / name).read_bytes())
    numbers = Counter(n for one in told["course"] for n in one["passages"])
    assert set(numbers) == set(range(1, len(reading.tasks) + 1))
    assert set(numbers.values()) == {1}


def test_every_course_has_a_rhythm_with_its_day(told: dict[str, Any]) -> None:
    for one in told["course"]:
        assert one["rhythm"] in {"year", "once", "going"}
        assert ("due_on" in one) == (one["rhythm"] == "once")
        assert ("percent" in one) == ("words" in one)
