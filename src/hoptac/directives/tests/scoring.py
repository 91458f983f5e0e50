"""Holding a reading against a key that a careful reader made: recall, precision, references."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hoptac.directives.reading.result import Reading, Reference, Span, Task
from hoptac.foundation.vietnamese import fold

KEYS = Path(__file__).parent / "keys"


@dataclass
class Score:
    """Counts of one document; rates are computed from sums over documents."""

    wanted: int = 0
    found: int = 0
    proposed: int = 0
    right: int = 0
    references: int = 0
    references_found: int = 0
    references_named: int = 0
    times: int = 0
    times_right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __iadd__(self, other: Score) -> Score:
        for name in (
            "wanted",
            "found",
            "proposed",
            "right",
            "references",
            "references_found",
            "references_named",
            "times",
            "times_right",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.missed += other.missed
        self.wrong += other.wrong
        self.notes += other.notes
        return self

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0

    def __str__(self) -> str:
        return (
            f"recall {self.found}/{self.wanted} = {self.recall:.1%}, right {self.right}/{self.proposed} = "
            f"{self.precision:.1%}, references {self.references_found}/{self.references} "
            f"(named {self.references_named}), times {self.times_right}/{self.times}"
        )


def read_key(name: str) -> dict[str, Any]:
    return tomllib.loads((KEYS / f"{name}.toml").read_text(encoding="utf-8"))


def locate(words: str, text: str, after: int = 0) -> Span:
    """Return where *first words … last words* stand in a text."""
    first, _, last = words.partition(" … ")
    pattern = _spaced(first) + (r".*?" + _spaced(last) if last else "")
    match = re.compile(pattern, re.S).search(text, after)
    if match is None:
        raise LookupError(words)
    return Span(match.start(), match.end())


def _spaced(words: str) -> str:
    return r"[\s*|]+".join(re.escape(w) for w in words.split())


def _overlap(a: Span, b: Span) -> float:
    shared = min(a.end, b.end) - max(a.start, b.start)
    return shared / (max(a.end, b.end) - min(a.start, b.start)) if shared > 0 else 0.0


def names(reading: Reading, ids: tuple[str, ...]) -> set[str]:
    return {fold(reading.actor(i).name) for i in ids}


def score(reading: Reading, key: dict[str, Any]) -> Score:
    """Return how a reading stands against its key.

    An obligation is found where a proposal shares at least half of the two stretches, each proposal being used
    once. A proposal is right where it is so matched, with the very actors the key names.
    """
    result = Score()
    wanted: list[tuple[dict[str, Any], Span]] = []
    after = 0
    for one in key.get("obligation", []):
        try:
            span = locate(one["words"], reading.text, after)
        except LookupError:
            span = locate(one["words"], reading.text)
        after = span.start
        wanted.append((one, span))
    pairs = sorted(
        (
            (_overlap(span, task.span), i, j)
            for i, (_, span) in enumerate(wanted)
            for j, task in enumerate(reading.tasks)
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    of_task: dict[int, int] = {}
    of_key: dict[int, int] = {}
    for share, i, j in pairs:
        if share >= 0.5 and i not in of_key and j not in of_task:
            of_key[i], of_task[j] = j, i
    # What a reader may take or leave counts neither way.
    open_ended = {i for i, (one, _) in enumerate(wanted) if one.get("optional")}
    left = {j for j, i in of_task.items() if i in open_ended}
    result.wanted, result.found, result.proposed = (
        len(wanted) - len(open_ended),
        len(of_key.keys() - open_ended),
        len(reading.tasks) - len(left),
    )
    for i, (one, span) in enumerate(wanted):
        if i not in of_key and i not in open_ended:
            result.missed.append(
                f"[{one['section']}] {' '.join(span.of(reading.text).split())[:110]}"
            )
    for j, task in enumerate(reading.tasks):
        if j in left:
            continue
        if j not in of_task:
            result.wrong.append(f"extra [{task.section}] {task.text[:110]}")
            continue
        one = wanted[of_task[j]][0]
        fault = _fault(reading, task, one)
        if fault:
            result.wrong.append(f"actor [{task.section}] {task.text[:70]}: {fault}")
        else:
            result.right += 1
        _score_times(task, one, result)
    _score_references(reading, key, result)
    return result


def _fault(reading: Reading, task: Task, one: dict[str, Any]) -> str:
    lead = names(reading, task.lead)
    accepted = [{fold(n) for n in one.get("lead", [])}]
    if "or_lead" in one:
        accepted.append({fold(n) for n in one["or_lead"]})
    if lead not in accepted:
        return f"lead {sorted(lead)} for {sorted(accepted[0])}"
    for role in ("coordinating", "executing", "recipients"):
        if role in one or role == "coordinating":
            found = names(reading, getattr(task, role))
            if found != {fold(n) for n in one.get(role, [])}:
                return f"{role} {sorted(found)} for {one.get(role, [])}"
    return ""


def _score_times(task: Task, one: dict[str, Any], result: Score) -> None:
    for name in ("every", "on", "day", "month", "amount"):
        if name not in one:
            continue
        result.times += 1
        recurrence, deadline = task.recurrence, task.deadline
        found: Any
        if name == "every":
            found = list(recurrence.every) if recurrence else None
        elif name in ("day", "month"):
            found = getattr(recurrence, name) if recurrence else None
        else:
            found = getattr(deadline, name) if deadline else None
        if found == one[name]:
            result.times_right += 1
        else:
            result.notes.append(
                f"time [{task.section}] {task.text[:60]}: {name} {found} for {one[name]}"
            )
    if not {"every", "on", "amount"} & one.keys() and (task.deadline or task.recurrence):
        result.notes.append(
            f"time unasked [{task.section}] {task.text[:60]}: {task.deadline or task.recurrence}"
        )


def _score_references(reading: Reading, key: dict[str, Any], result: Score) -> None:
    used: set[str] = set()
    for one in key.get("reference", []):
        result.references += 1
        match = next((r for r in reading.references if r.id not in used and _same(r, one)), None)
        if match is None:
            result.notes.append(f"reference missed: {one}")
        else:
            used.add(match.id)
            result.references_found += 1
    result.references_named = len(reading.references)
    for reference in reading.references:
        if reference.id not in used:
            result.notes.append(
                f"reference extra: {reference.name} {reference.symbol} {reference.issued_on}"
            )


def _same(found: Reference, one: dict[str, Any]) -> bool:
    if found.symbol != one.get("symbol", ""):
        return False
    if not found.symbol and fold(found.name) != fold(one["name"]):
        return False
    if "issued_on" in one and found.issued_on != one["issued_on"]:
        return False
    return "issuer" not in one or fold(found.issuer) == fold(one["issuer"])
