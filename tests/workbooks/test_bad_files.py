"""Bar S6: malformed and dangerous workbooks are refused in plain words or read exactly."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hoptac.foundation.transfers.cells import Workbook
from hoptac.foundation.transfers.guard import inspect
from hoptac.foundation.transfers.sheets import BadWorkbook, read_workbook
from tests.workbooks.bad import HEAVY, KINDS, make_bad

SEEDS = {kind: 1 if kind in HEAVY else 4 for kind in KINDS}


def judge(kind: str, seed: int, folder: Path) -> None:
    bad = make_bad(kind, seed, folder)
    start = time.perf_counter()
    refused_by_guard = False
    try:
        with bad.path.open("rb") as file:
            inspect(file, bad.path.name)
    except BadWorkbook:
        refused_by_guard = True
    took = time.perf_counter() - start
    if refused_by_guard:
        assert took < 20, "the guard never looks through the whole of a bomb"
    found, refusal = _read(bad.path)
    bad.path.unlink()
    if refusal is not None:
        assert bad.outcome != "import", refusal
        assert refusal.message_vi != refusal.message_en
        assert "{" not in refusal.message_vi
    else:
        assert bad.outcome != "refuse", (kind, seed)
        if bad.rows:
            assert found.sheets[0].rows == bad.rows


def _read(path: Path) -> tuple[Workbook | None, BadWorkbook | None]:
    try:
        return read_workbook(path), None
    except BadWorkbook as refused:
        return None, refused


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_file_is_refused_or_read_exactly(kind: str, tmp_path: Path):
    for seed in range(SEEDS[kind]):
        judge(kind, seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_twenty_mutants_of_each_kind(kind: str, tmp_path: Path):
    for seed in range(20):
        judge(kind, seed, tmp_path)


def test_there_are_twenty_five_kinds():
    assert len(KINDS) == 25
