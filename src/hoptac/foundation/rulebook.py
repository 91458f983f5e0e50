"""Regulation as data: dated TOML under ``rulebook/``, each value with its article and its mark.

A topic file holds ``[[version]]`` tables with ``in_force`` (a day), ``basis`` (the article) and
``confirmed`` (whether the number was checked against the official text). Code asks for the version
in force on a day and never holds a legal number itself.
"""

from __future__ import annotations

import functools
import tomllib
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


T = TypeVar("T", bound=Rule)


@functools.cache
def read_topic(topic: str) -> dict[str, Any]:
    """Return the parsed file of a topic such as ``registry/least_members``."""
    return tomllib.loads((settings.RULEBOOK / f"{topic}.toml").read_text(encoding="utf-8"))


_versions: dict[type[Rule], tuple[Rule, ...]] = {}


def versions(rule: type[T]) -> tuple[T, ...]:
    """Return every version of the rule, oldest first.

    :raises ValueError: a version lacks a value that the dataclass asks for, or has one too many
    """
    wanted = {f.name: f for f in fields(rule)}
    kept = _versions.get(rule)
    if kept is not None:
        return kept  # type: ignore[return-value]
    found = []
    for table in read_topic(rule.topic)["version"]:
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
