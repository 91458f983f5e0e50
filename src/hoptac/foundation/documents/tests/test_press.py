"""Many sheets in children: the bytes of one, in their order, a bad one alone, and nobody left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from hoptac.foundation.documents.disk import Kept
from hoptac.foundation.documents.models import place_of
from hoptac.foundation.documents.press import ChildEnded, Press, result
from hoptac.foundation.documents.tests.test_typesetting import LETTER
from hoptac.foundation.documents.typesetting import CannotTypeset, typeset


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def letter(subject: str) -> dict[str, Any]:
    return {**LETTER, "about": subject}


def test_children_give_the_same_bytes_in_the_same_order(folder: Path) -> None:
    sheets = [letter(f"về việc số {n}") for n in range(12)]
    with Press("documents/official", hands=2) as press:
        outcomes = result(press.begin(sheets))
    for sheet, kept in zip(sheets, outcomes, strict=True):
        assert isinstance(kept, Kept)
        assert place_of(kept.sha256).read_bytes() == typeset("documents/official", sheet)


def test_a_sheet_that_cannot_be_set_is_told_and_the_others_are_kept(folder: Path) -> None:
    sheets = [letter("một"), letter("漢字"), letter("ba")]
    with Press("documents/official", hands=1) as press:
        first, second, third = result(press.begin(sheets))
    assert isinstance(first, Kept)
    assert isinstance(second, CannotTypeset)
    assert isinstance(third, Kept)


def test_a_child_that_was_killed_is_noticed(folder: Path) -> None:
    with Press("documents/official", hands=1) as press:
        result(press.begin([letter("một")]))
        press._children[0].kill()
        press._children[0].wait()
        begun = press.begin([letter("hai")])
        with pytest.raises(ChildEnded):
            result(begun)


_PARENT = """
import django; django.setup()
from django.conf import settings
import sys, time
settings.MEDIA_ROOT = sys.argv[1]
from hoptac.foundation.documents.press import Press
with Press("documents/official", hands=2) as press:
    print(*[c.pid for c in press._children], flush=True)
    time.sleep(60)
"""


def test_children_end_with_their_parent_and_know_no_secret(folder: Path) -> None:
    environ = {**os.environ, "HOPTAC_SECRET_KEY": "x" * 60, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(folder)], stdout=subprocess.PIPE, text=True, env=environ
    )
    assert parent.stdout is not None
    children = [int(pid) for pid in parent.stdout.readline().split()]
    told = b"".join(Path(f"/proc/{pid}/environ").read_bytes() for pid in children)
    assert b"SECRET" not in told
    assert b"DATABASE" not in told
    parent.kill()
    parent.communicate()
    until = time.monotonic() + 20
    while any(_lives(pid) for pid in children):
        assert time.monotonic() < until, "a child outlives its parent"
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
