"""Every setting that the code reads stands in the administrators' guide, with what holds without it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_READ = re.compile(
    r"""environ(?:\.get|\.setdefault)?[\(\[]\s*["'](HOPTAC_[A-Z_]+|DATABASE_URL)["']|\$\{?(HOPTAC_[A-Z_]+)"""
)


def settings_read() -> set[str]:
    """Return the variables that Python and the launcher ask the environment for."""
    files = [ROOT / "hoptac", ROOT / ".ci" / "run", ROOT / "conftest.py"]
    for folder in ("src", "tests", "requirements"):
        files += (ROOT / folder).rglob("*.py")
    text = "\n".join(f.read_text(encoding="utf-8") for f in files)
    return {one or other for one, other in _READ.findall(text)}


def settings_told() -> dict[str, tuple[str, str]]:
    """Return the variables of the guide's table with what holds without them and their meaning."""
    guide = (ROOT / "docs" / "admin.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$", guide, re.MULTILINE)
    return {name: (default, meaning) for name, default, meaning in rows}


def test_the_guide_lists_exactly_the_settings_that_are_read() -> None:
    read, told = settings_read(), settings_told()
    assert "HOPTAC_VAR" in read
    assert read - set(told) == set(), "missing in docs/admin.md"
    assert set(told) - read == set(), "no longer read"


def test_defaults_are_those_of_the_code() -> None:
    code = (ROOT / "src" / "hoptac" / "config" / "settings" / "base.py").read_text(encoding="utf-8")
    code += (ROOT / "src" / "hoptac" / "api" / "limits.py").read_text(encoding="utf-8")
    told = settings_told()
    found = re.findall(r"""environ\.get\(\s*["'](HOPTAC_\w+)["'], ["']([^"']+)["']\)""", code)
    assert {name for name, _default in found} >= {"HOPTAC_PROVINCE", "HOPTAC_API_PER_SECOND"}
    for name, default in found:
        assert told[name][0] == f"`{default}`", name
