"""Every text of the screen is found by the extraction: it does not look into f-strings."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hoptac"
_TRANSLATE = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}


def hidden_texts(code: str) -> list[int]:
    """Return the lines on which a text is translated within an f-string."""
    return [
        call.lineno
        for text in ast.walk(ast.parse(code))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in _TRANSLATE
    ]


def test_a_text_within_an_f_string_is_noticed():
    assert hidden_texts("x = f\"<b>{escape(_('Reason:'))}</b>\"") == [1]
    assert hidden_texts("x = f'<b>{escape(label)}</b>' + _('Reason:')") == []


def test_no_text_is_translated_within_an_f_string():
    found = {
        f"{path.relative_to(SOURCE)}:{line}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line in hidden_texts(path.read_text(encoding="utf-8"))
    }
    assert found == set()
