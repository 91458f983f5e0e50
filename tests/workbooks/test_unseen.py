"""Workbooks nobody wrote a rule for: made by seed, read by the engine, held against the truth."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from hoptac.foundation.transfers.sheets import read_workbook
from hoptac.governance.rosters import read_members
from hoptac.registry.importing.readers import read_kind
from hoptac.returns.workbooks import read_returns
from tests.workbooks.compare import compare
from tests.workbooks.generate import make
from tests.workbooks.register import REGISTER_VARIANTS
from tests.workbooks.returns import RETURNS_VARIANTS
from tests.workbooks.roster import ROSTER_VARIANTS

SEEDS = (3, 6, 10, 14, 21)


@pytest.mark.parametrize("variant", REGISTER_VARIANTS)
def test_an_unseen_register_is_read_without_a_difference(variant: str, tmp_path: Path):
    for seed in SEEDS:
        path, truth = make(seed, variant, tmp_path)
        truth = json.loads(json.dumps(truth))
        read = read_kind("register", read_workbook(path), as_of=dt.date(2019, 12, 31), mapping=None)
        found = compare({"records": read.records, "problems": read.problems}, truth)
        assert not found, f"{variant} {seed}:\n" + "\n".join(found[:10])


@pytest.mark.parametrize("variant", ROSTER_VARIANTS)
def test_an_unseen_roster_is_read_without_a_difference(variant: str, tmp_path: Path):
    for seed in SEEDS:
        path, truth = make(seed, variant, tmp_path)
        truth = json.loads(json.dumps(truth))
        read = read_members(read_workbook(path))
        found = compare(read.as_json(), truth)
        assert not found, f"{variant} {seed}:\n" + "\n".join(found[:10])
        told = {c["registration_number"]: c["established_on"] for c in read.extra["cooperatives"]}
        true = {c["registration_number"]: c["established_on"] for c in truth["cooperatives"]}
        assert told == true


@pytest.mark.parametrize("variant", RETURNS_VARIANTS)
def test_unseen_returns_are_read_without_a_difference(variant: str, tmp_path: Path):
    for seed in SEEDS:
        path, truth = make(seed, variant, tmp_path)
        truth = json.loads(json.dumps(truth))
        read = read_returns(read_workbook(path), register=truth["register"])
        found = compare(read.as_json(), truth)
        assert not found, f"{variant} {seed}:\n" + "\n".join(found[:10])
        assert read.extra["expected_returns"] == truth["expected_returns"]
