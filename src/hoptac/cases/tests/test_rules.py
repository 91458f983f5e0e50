"""Grounds as the law of each era has them: what must hold for any case."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from hoptac.cases.rules.grounds import (
    GROUNDS,
    Held,
    Said,
    Standing,
    ground_on,
    judge,
    latest_start,
    rule_of,
)
from hoptac.foundation.rulebook import versions
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.rules.procedures import grounds as filed_grounds


def test_what_a_ground_names_is_known_to_the_registration_desk():
    known = {g.code for g in filed_grounds("revocation")}
    for code in GROUNDS:
        for rule in versions(rule_of(code)):
            assert rule.procedure in PROCEDURES
            assert (rule.ground in known) == (rule.procedure == "revocation"), (code, rule.in_force)


@pytest.mark.parametrize("code", GROUNDS)
def test_the_sieve_lets_through_every_body_whose_term_is_over(code):
    chance = random.Random(7)
    for _try in range(500):
        day = date(2024, 7, 1) + timedelta(days=chance.randrange(1500))
        since = day - timedelta(days=chance.randrange(900))
        value = {
            "idle": "idle", "no_report": "asked", "few_members": 1, "no_meeting": "held",
            "foreign_share": {"foreign_capital": Decimal(50)}, "capital_cap": {"largest_member": Decimal(50)},
        }[code]  # fmt: skip
        judged = judge(code, "cooperative", Held((Said(since, value),)), day)
        assert judged is not None
        if judged.standing is Standing.OVER:
            begun_by = latest_start(code, day)
            assert begun_by is not None
            assert since <= begun_by


def test_force_majeure_that_goes_on_ends_nothing_and_overflows_nothing():
    far = date(9999, 12, 31)
    judged = judge(
        "no_meeting", "cooperative", Held((Said(date(2023, 1, 1), "held"),)), date(2026, 1, 1),
        [(date(2024, 3, 1), far)],
    )  # fmt: skip
    assert judged is not None
    assert judged.standing is Standing.EXCUSED


def test_no_ground_is_known_before_the_law_of_2012():
    assert all(ground_on(code, date(2013, 6, 30), "cooperative") is None for code in GROUNDS)
