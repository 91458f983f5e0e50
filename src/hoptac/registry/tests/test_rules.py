"""The rulebook's own examples, and the rules that have none there."""

from __future__ import annotations

from datetime import date

import pytest

from hoptac.foundation.rulebook import read_topic, rule_in_force, versions
from hoptac.registry.rules.particulars import (
    LeastMembersRule,
    LegalEraRule,
    RegistrarRule,
    check_members,
    check_registration_number,
    compute_check_digit,
    compute_legal_era,
    compute_registrar_level,
)
from hoptac.registry.rules.size import SizeRule, bands

RULES = (LeastMembersRule, LegalEraRule, RegistrarRule, SizeRule)


def examples(topic: str) -> list:
    return [pytest.param(e, id=e["says"]) for e in read_topic(f"{topic}.examples")["example"]]


@pytest.mark.parametrize("rule", RULES)
def test_every_version_names_its_basis_and_every_rule_has_examples(rule):
    assert all(v.basis for v in versions(rule))
    assert examples(rule.topic)


@pytest.mark.parametrize("example", examples("registry/least_members"))
def test_least_members(example):
    found = check_members(example["kind"], example["members"], on=example["on"])
    assert [f.code for f in found] == example["finds"]


@pytest.mark.parametrize("example", examples("registry/legal_era"))
def test_legal_era(example):
    assert compute_legal_era(example["on"], today=date(2026, 1, 1)) == example["gives"]


@pytest.mark.parametrize("example", examples("registry/registrar"))
def test_registrar(example):
    assert compute_registrar_level(example["kind"], on=example["on"]) == example["gives"]


@pytest.mark.parametrize("example", examples("registry/size"))
def test_size(example):
    value = example["value"]
    found = [
        b.code
        for b in bands(example["measure"], on=example["on"]).values()
        if (b.least is None or value >= b.least) and (b.below is None or value < b.below)
    ]
    assert found == [example["gives"]]


def test_a_legal_era_not_known_is_todays():
    assert compute_legal_era(None, today=date(2026, 1, 1)) == "law_2023"
    assert rule_in_force(LegalEraRule, on=date(2013, 6, 30)).era == "before_2012"


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("", []),
        ("1709551552", []),
        ("170955155", ["registration_number_format"]),
        ("1709551551", ["registration_number_check_digit"]),
        ("１７０９５５１５５２", ["registration_number_format"]),
    ],
)
def test_registration_numbers(number, codes):
    assert [f.code for f in check_registration_number(number)] == codes


def test_check_digit():
    assert compute_check_digit("170955155") == 2
