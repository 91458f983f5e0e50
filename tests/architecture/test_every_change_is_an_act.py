"""Nothing changes behind the journal's back: pages write only through acts, and every act has a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation

from hoptac.foundation.actions import ACTIONS
from hoptac.foundation.audit import words

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hoptac"
_WRITES = {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
_BY_MANAGER = {"create", "update"}


def pages() -> list[Path]:
    """Every module that answers requests."""
    found = [*SOURCE.rglob("views.py"), *SOURCE.rglob("views/*.py"), SOURCE / "api" / "v1.py"]
    return sorted(set(found))


def writes(text: str) -> Iterator[str]:
    """Yield every call that writes a row, with its line."""
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        said = ast.unparse(node.func)
        by_manager = node.func.attr in _BY_MANAGER and ".objects" in said
        if by_manager or (node.func.attr in _WRITES and not said.startswith("cache.")):
            yield f"{node.lineno}: {said}"


@pytest.mark.parametrize("path", pages(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_page_writes_only_through_acts(path: Path) -> None:
    assert list(writes(path.read_text(encoding="utf-8"))) == []


def test_the_check_sees_writing() -> None:
    text = "def v(r):\n    r.user.save()\n    X.objects.filter(a=1).update(b=2)\n    d.update(c)\n"
    assert [line.partition(":")[0] for line in writes(text)] == ["2", "3"]


def test_every_act_has_a_name_in_both_languages() -> None:
    assert apps.ready
    own = [a for a in ACTIONS.values() if a.function.__module__.startswith("hoptac.")]
    assert len(own) > 30
    for language in ("en", "vi"):
        with translation.override(language):
            nameless = [a.name for a in own if words.act_name(a.name) == a.name]
            assert nameless == [], language
