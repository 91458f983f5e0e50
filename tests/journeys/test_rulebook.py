"""Regulation as data: the version of the day, and every rule's examples."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from django.conf import settings

from hoptac.foundation.rulebook import NotInForce, rule_in_force, versions
from hoptac.registry.rules.particulars import (
    LeastMembersRule,
    LegalEraRule,
    RegistrarRule,
    check_members,
    compute_registrar_level,
)

RULES = (LeastMembersRule, LegalEraRule, RegistrarRule)


@pytest.mark.parametrize("rule", RULES)
def test_every_version_names_its_basis_and_its_first_day(rule: type) -> None:
    for version in versions(rule):
        assert version.basis
        assert isinstance(version.in_force, date)


def test_a_day_before_the_first_version_has_no_rule() -> None:
    with pytest.raises(NotInForce):
        rule_in_force(LeastMembersRule, on=date(1990, 1, 1))


def test_the_registrar_of_a_cooperative_moves_to_the_commune_in_july_2025() -> None:
    assert compute_registrar_level("cooperative", on=date(2025, 6, 30)) == "district"
    assert compute_registrar_level("cooperative", on=date(2025, 7, 1)) == "commune"
    assert compute_registrar_level("union", on=date(2024, 6, 30)) == "province"


def _examples() -> list[dict]:
    path = settings.RULEBOOK / "registry" / "least_members.examples.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["example"]


@pytest.mark.parametrize("example", _examples(), ids=lambda e: e["says"])
def test_least_members(example: dict) -> None:
    found = check_members(example["kind"], example["members"], on=example["on"])
    assert [f.code for f in found] == example["finds"]
