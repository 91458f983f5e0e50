"""Regulation as data: dated TOML under ``rulebook/``, each value with its article and its mark.

A topic file holds ``[[version]]`` tables with ``in_force`` (a day), ``basis`` (the article) and
``confirmed`` (whether the number was checked against the official text), or tables of another name
that have a ``code``. Code asks for the version in force on a day and never holds a legal number.

The files come with a release. What the rule-keeper confirmed or corrected since is laid over them
here (:func:`lay_over`); :mod:`.marks` brings it from the database. A confirmation speaks of one
content of a table, named by its fingerprint: once the file says something else, it is void.
"""

from __future__ import annotations

import functools
import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any, ClassVar, TypeVar

from django.conf import settings


class NotInForce(LookupError):
    """No version of the topic is in force on the day."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Base of a rule's dataclass: names its topic, brings the day, the basis and the mark."""

    topic: ClassVar[str]
    in_force: date
    basis: str
    confirmed: bool = False


@dataclass(frozen=True)
class Mark:
    """What the rule-keeper said of a table: confirmed with this content, but for these values."""

    key: str
    fingerprint: str
    values: Mapping[str, Any]


T = TypeVar("T", bound=Rule)

_marks: dict[str, Mark] = {}
_versions: dict[type[Rule], tuple[Rule, ...]] = {}
_generation = 0


@functools.cache
def read_topic(topic: str) -> dict[str, Any]:
    """Return the parsed file of a topic such as ``registry/least_members``, as it was released."""
    return tomllib.loads((settings.RULEBOOK / f"{topic}.toml").read_text(encoding="utf-8"))


def key_of(topic: str, table: Mapping[str, Any]) -> str:
    """Return the name of a table among all facts: its file, and its day or its code."""
    return f"rule:{topic.replace('/', '.')}:{table.get('in_force') or table['code']}"


def fingerprint(content: Any) -> str:
    """Return what changes whenever the content does."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def fingerprint_of_file(name: str) -> str:
    """Return the fingerprint of a list kept as a file of its own."""
    return hashlib.sha256((settings.RULEBOOK / name).read_bytes()).hexdigest()


def fingerprint_of(table: Mapping[str, Any]) -> str:
    """Return the fingerprint of a table: all that it claims, without the release's own mark."""
    claims = {k: v for k, v in table.items() if k != "confirmed"}
    if "file" in table:
        claims["of_file"] = fingerprint_of_file(str(table["file"]))
    return fingerprint(claims)


def tables(topic: str, name: str = "version") -> list[dict[str, Any]]:
    """Return a topic's tables as they hold: the file's, with what was confirmed and corrected."""
    found = []
    for table in read_topic(topic)[name]:
        mark = _marks.get(key_of(topic, table))
        if mark is not None and mark.fingerprint == fingerprint_of(table):
            corrected = {k: _like(table[k], v) for k, v in mark.values.items() if k in table}
            table = {**table, **corrected, "confirmed": True}
        found.append(table)
    return found


def _like(known: Any, value: Any) -> Any:
    """Return a value that came out of JSON in the type that the file uses."""
    return date.fromisoformat(value) if isinstance(known, date) else value


def lay_over(marks: Iterable[Mark]) -> None:
    """Let these marks hold from now on, in this process, instead of those before."""
    global _generation
    new = {m.key: m for m in marks}
    if new != _marks:
        _marks.clear()
        _marks.update(new)
        _versions.clear()
        _generation += 1


def generation() -> int:
    """Return a number that grows when marks change: for whoever keeps what was read."""
    return _generation


def versions(rule: type[T]) -> tuple[T, ...]:
    """Return every version of the rule, oldest first.

    :raises ValueError: a version lacks a value that the dataclass asks for, or has one too many
    """
    kept = _versions.get(rule)
    if kept is not None:
        return kept  # type: ignore[return-value]
    wanted = {f.name: f for f in fields(rule)}
    found = []
    for table in tables(rule.topic):
        unknown = set(table) - set(wanted)
        missing = {
            n
            for n, f in wanted.items()
            if n not in table and f.default is MISSING and f.default_factory is MISSING
        }
        if unknown or missing:
            raise ValueError(f"{rule.topic}: unknown {sorted(unknown)}, missing {sorted(missing)}")
        found.append(rule(**table))
    _versions[rule] = tuple(sorted(found, key=lambda v: v.in_force))
    return _versions[rule]  # type: ignore[return-value]


def rule_in_force(rule: type[T], *, on: date) -> T:
    """Return the version of the rule in force on the day.

    :raises NotInForce: the day lies before the first version
    """
    for version in reversed(versions(rule)):
        if version.in_force <= on:
            return version
    raise NotInForce(f"{rule.topic} on {on:%Y-%m-%d}")
