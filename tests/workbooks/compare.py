"""Holding what was read against a truth file: fields, problems, nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hoptac.foundation.vietnamese import settled

_ASIDE = {"accept", "also_named", "repeats_row_offset"}


def same(a: Any, b: Any) -> bool:
    """Tell whether two values mean the same: tone placement and number types do not count."""
    if isinstance(a, str) and isinstance(b, str):
        return settled(a) == settled(b)
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(a - b) < 1e-6 * max(1, abs(b))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def compare(read: Mapping[str, Any], truth: Mapping[str, Any]) -> list[str]:
    """Return every difference in words; an empty list means that all was read right."""
    found = []
    wanted = {(r["sheet"], r["row"]): r for r in truth["records"]}
    got = {(r["sheet"], r["row"]): r for r in read["records"]}
    found += [f"record missing {k}: {wanted[k]}" for k in wanted if k not in got]
    found += [f"record too many {k}: {got[k]}" for k in got if k not in wanted]
    for key, record in wanted.items():
        if key in got:
            found += _fields(key, got[key], record)
    found += _problems(read["problems"], truth["problems"])
    return found


def _fields(key: Any, got: Mapping[str, Any], record: Mapping[str, Any]) -> list[str]:
    accept = record.get("accept") or {}
    named = record.get("also_named") or []
    found = []
    for name, value in record.items():
        if name in _ASIDE:
            continue
        other = got.get(name)
        if same(other, value) or any(same(other, a) for a in accept.get(name, ())):
            continue
        if name == "address" and same(str(other).casefold(), str(value).casefold()):
            continue  # an address is read in the letters it stands in
        if name == "name" and any(same(other, a) for a in named):
            continue
        found.append(f"{key} {name}: read {other!r}, true {value!r}")
    return found


def _key(p: Mapping[str, Any]) -> tuple[Any, ...]:
    return (p["code"], p["sheet"], p.get("row"), p.get("column"),
            p.get("registration_number") if p.get("row") is None else None, p.get("year"))  # fmt: skip


def _without_number(p: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in p.items() if k != "registration_number"}


def _problems(got: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[str]:
    found = []
    unnamed = {p["code"] for p in wanted if p.get("row") is None and "registration_number" not in p}
    if unnamed:  # a file of one cooperative need not say which
        got = [_without_number(p) if p["code"] in unnamed else p for p in got]
    read = {_key(p): p for p in got}
    true = {_key(p): p for p in wanted}
    for key, p in true.items():
        other = read.get(key)
        if other is None:
            found.append(f"not reported: {p}")
            continue
        for name in ("severity", "field", "repair"):
            if name == "repair" and p.get(name) is None:
                continue  # more help than the truth asks for
            if not same(other.get(name), p.get(name)):
                found.append(f"{key} {name}: read {other.get(name)!r}, true {p.get(name)!r}")
    found += [f"reported too much: {p}" for key, p in read.items() if key not in true]
    twice = [k for k, n in Counter(_key(p) for p in got).items() if n > 1]
    found += [f"reported twice: {k}" for k in twice]
    return found
