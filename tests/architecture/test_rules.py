"""Every rule of the rulebook has its article, its mark and examples, and the examples would tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from hoptac.foundation import rulebook
from hoptac.foundation.rulebook.files import topics
from hoptac.registration.procedures import PROCEDURES
from hoptac.registry.terms import Kind
from tests.examples import Example, examples_of, hold, place_of, places, rules, tampered

pytestmark = pytest.mark.django_db
EXAMPLES = [(place, e) for place in places() for e in examples_of(place)]
# Read from the first day on whatever the day is.
_ALWAYS = date(1990, 1, 1)
# Nothing is computed from these: kept for the page of the procedure.
_ABOUT = {"in_force", "basis", "confirmed"}


@pytest.mark.parametrize(
    ("place", "example"), EXAMPLES, ids=lambda v: v["says"] if isinstance(v, dict) else v
)
def test_an_example_holds(place: str, example: Example) -> None:
    hold(place, example)


def test_every_table_names_its_basis_and_says_how_sure_it_is() -> None:
    for topic, name in topics():
        for table in rulebook.read_topic(topic)[name]:
            where = (topic, table.get("in_force") or table.get("code"))
            assert str(table.get("basis", "")).strip(), where
            assert isinstance(table.get("confirmed"), bool), where


@pytest.mark.parametrize("topic", rules())
def test_every_version_of_a_rule_has_an_example(topic: str) -> None:
    days = [e.get("on") or e["received"] for e in examples_of(topic)]
    versions = sorted(t["in_force"] for t in rulebook.read_topic(topic)["version"])
    for first, after in zip(versions, [*versions[1:], date.max], strict=True):
        assert any(first <= day < after for day in days), f"{topic} from {first}: no example"


@pytest.mark.parametrize("code", PROCEDURES)
def test_every_procedure_is_judged_on_both_sides_of_1_july_2024(code: str) -> None:
    days = {e["on"] for e in examples_of(f"registration/{code}")}
    assert {date(2024, 6, 30), date(2024, 7, 1)} <= days


def _tamperings() -> Iterator[Any]:
    for topic in rules():
        for i, table in enumerate(rulebook.read_topic(topic)["version"]):
            for name, value in table.items():
                for other in _others(name, value):
                    if name == "in_force" and _same_before(topic, i):
                        continue
                    yield pytest.param(
                        topic, i, name, other, id=f"{topic}-{table['in_force']}-{name}-{other}"
                    )


def _same_before(topic: str, index: int) -> bool:
    """Tell whether the version before says the same, so that no day divides them."""
    versions = rulebook.read_topic(topic)["version"]
    claims = [{k: v for k, v in t.items() if k not in _ABOUT} for t in versions]
    return index > 0 and claims[index] == claims[index - 1]


def _others(name: str, value: Any) -> list[Any]:
    """Return values near a rule's own, each of which would be another law."""
    if name in _ABOUT - {"in_force"}:
        return []
    match value:
        case bool():
            return [not value]
        case date():
            return (
                []
                if value < _ALWAYS or value.year == 1999
                else [value + timedelta(days=n) for n in (-1, 1)]
            )
        case int():
            return [value - 1, value + 1]
        case list() if value and all(isinstance(v, int) for v in value):
            return [[*value[:i], v - 1, *value[i + 1 :]] for i, v in enumerate(value)]
        case list() if name == "subjects":
            less = [[v for v in value if v != kind] for kind in value]
            return [*less, *([*value, k] for k in Kind.values if k not in value)]
        case list():
            less = [[*value[:i], *value[i + 1 :]] for i in range(len(value))]
            return [*less, [*value, "another"]]
        case "working" | "calendar":
            return ["calendar" if value == "working" else "working"]
    return ["another"]


@pytest.mark.parametrize(("topic", "table", "name", "other"), list(_tamperings()))
def test_an_example_tells_when_a_rule_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, topic: str, table: int, name: str, other: Any
) -> None:
    told = 0
    with tampered(monkeypatch, topic, table, **{name: other}):
        for example in examples_of(topic):
            try:
                hold(place_of(topic), example)
            except Exception:
                told += 1
                break
    assert told, f"{topic}: {name} = {other!r} and no example fails"
