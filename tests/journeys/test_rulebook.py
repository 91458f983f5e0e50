"""Regulation as data: the version of the day, and every rule's examples."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hoptac.foundation.access import Context
from hoptac.foundation.rulebook import NotInForce, acts, facts, rule_in_force, versions
from hoptac.governance.rules import ContributionCapRule, LeastAgeRule, contribution_cap, least_age
from hoptac.registry.rules.particulars import (
    LeastMembersRule,
    LegalEraRule,
    RegistrarRule,
    check_members,
    compute_registrar_level,
)
from hoptac.registry.rules.size import SizeRule, bands
from hoptac.statistics.catalogue import indicators

RULES = (
    LeastMembersRule, LegalEraRule, RegistrarRule, SizeRule, ContributionCapRule, LeastAgeRule,
)  # fmt: skip


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


def _correct(ctx: Context, key: str, values: dict[str, Any]) -> None:
    found = facts.standing_of(key)
    assert found is not None
    acts.correct_fact(
        ctx.because("Theo văn bản"), key, fingerprint=found.fact.fingerprint, values=values,
        document="Nghị định 113/2024/NĐ-CP", read_on=date(2026, 1, 5),
    )  # fmt: skip


def test_a_corrected_size_class_moves_the_bands(officer: Callable) -> None:
    _correct(officer("rule_keeper"), "rule:registry.size:1900-01-01", {"members": [50, 300, 1000]})
    assert rule_in_force(SizeRule, on=date(2026, 1, 1)).confirmed
    assert bands("members", on=date(2026, 1, 1))["medium"].least == 300


def test_a_corrected_least_number_warns_otherwise(officer: Callable) -> None:
    day = date(2025, 1, 1)
    assert not list(check_members("cooperative", 5, on=day))
    _correct(officer("rule_keeper"), "rule:registry.least_members:2024-07-01", {"cooperative": 6})
    (finding,) = check_members("cooperative", 5, on=day)
    assert finding.details == {"least": 6, "confirmed": True}


def test_a_corrected_cap_holds_for_rosters(officer: Callable) -> None:
    day = date(2019, 12, 31)
    assert contribution_cap(day) == Decimal("0.20")
    _correct(
        officer("rule_keeper"), "rule:governance.contribution_cap:2013-07-01", {"cooperative": 25}
    )
    assert contribution_cap(day) == Decimal("0.25")


def test_a_corrected_least_age_holds_for_rosters(officer: Callable) -> None:
    day = date(2024, 7, 1)
    assert least_age(day, is_associate=True) == 15
    _correct(
        officer("rule_keeper"),
        "rule:governance.least_age:2024-07-01",
        {"associate_without_capital": 16},
    )
    assert least_age(day, is_associate=True) == 16


def test_the_catalogue_of_indicators_shows_what_was_corrected(officer: Callable) -> None:
    words = {"vi": "HTX", "en": "Coops"}
    assert not indicators()["cooperatives"].confirmed
    _correct(officer("rule_keeper"), "rule:statistics.indicators:cooperatives", {"name": words})
    found = indicators()["cooperatives"]
    assert (found.confirmed, found.name.vi) == (True, "HTX")
