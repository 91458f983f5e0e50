"""Facts that stand on an official text, whoever keeps them: what each says, and on what basis.

Apps declare their sources (:func:`declare`); the rule files are one of them (:mod:`.files`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.rulebook.models import Confirmation


def words(text: Any) -> str:
    """Return a text kept in both languages in the reader's own; any other as it stands."""
    if isinstance(text, Mapping):
        return str(text["en" if (get_language() or "vi").startswith("en") else "vi"])
    return str(text)


@dataclass(frozen=True)
class Value:
    """One thing that a fact says; ``choices`` where only these can be meant."""

    name: str
    label: str
    value: Any
    can_correct: bool = True
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Fact:
    """What is claimed: under which name, with which values, by which basis, seen where."""

    key: str
    group: str
    title: str
    values: tuple[Value, ...]
    basis: str
    fingerprint: str
    source: str = ""
    mark: str = ""
    note: str = ""
    is_confirmed: bool = False
    href: str = ""

    def value(self, name: str) -> Any:
        return next(v.value for v in self.values if v.name == name)


class Source(Protocol):
    """Keeps facts of one or more groups."""

    def groups(self) -> Mapping[str, Any]:
        """Return the groups by code, with their names."""

    def facts(self) -> Iterable[Fact]:
        """Return every fact, in the order in which a page lists them."""

    def settle(self, key: str, values: Mapping[str, Any], *, is_confirmed: bool) -> None:
        """Carry a decision into rows of the source's own; nothing where marks are laid over."""


class State(StrEnum):
    """How a fact stands today."""

    OPEN = "open"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    RELEASED = "released"

    @property
    def is_settled(self) -> bool:
        return self not in {State.OPEN, State.CHANGED}


STATE_NAMES = {
    State.OPEN: _("not confirmed"),
    State.CHANGED: _("changed since it was confirmed"),
    State.CONFIRMED: _("confirmed"),
    State.CORRECTED: _("corrected and confirmed"),
    State.RELEASED: _("confirmed in the release"),
}


@dataclass(frozen=True)
class Standing:
    """A fact with the confirmation that speaks of it, if any."""

    fact: Fact
    state: State
    confirmation: Confirmation | None = None
    history: list[Confirmation] = field(default_factory=list)

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[self.state])


_SOURCES: list[Source] = []


def declare(source: Source) -> None:
    """Let a source's facts be listed and confirmed (``AppConfig.ready``)."""
    if all(type(known) is not type(source) for known in _SOURCES):
        _SOURCES.append(source)


def groups() -> dict[str, str]:
    """Return the groups of facts by code, with their names."""
    return {code: str(name) for s in _SOURCES for code, name in s.groups().items()}


def source_of(key: str) -> tuple[Source, Fact] | None:
    """Return a fact with its source, or nothing."""
    for source in _SOURCES:
        for fact in source.facts():
            if fact.key == key:
                return source, fact
    return None


def may_see_province(ctx: Context, permission: str) -> bool:
    """Tell whether the caller holds the permission for the whole province, whose facts these are."""
    reach = ctx.coverage(permission)
    return reach.everything or settings.PROVINCE_CODE in reach.provinces


def standings() -> list[Standing]:
    """Return every fact with how it stands."""
    live = {
        c.fact: c for c in Confirmation.objects.live().filter(province_code=settings.PROVINCE_CODE)
    }
    return [_standing(f, live.get(f.key)) for s in _SOURCES for f in s.facts()]


def standing_of(key: str) -> Standing | None:
    """Return a fact with how it stands and every confirmation it ever had, the latest first."""
    found = source_of(key)
    if found is None:
        return None
    rows = Confirmation.objects.filter(province_code=settings.PROVINCE_CODE, fact=key)
    history = list(rows.order_by("-pk"))
    live = next((c for c in history if c.retired_by is None), None)
    now = _standing(found[1], live)
    return Standing(now.fact, now.state, now.confirmation, history)


def _standing(fact: Fact, live: Confirmation | None) -> Standing:
    if live is not None and live.fingerprint == fact.fingerprint:
        state = State.CORRECTED if live.values else State.CONFIRMED
    elif live is not None:
        state = State.CHANGED
    elif fact.is_confirmed:
        state = State.RELEASED
    else:
        state = State.OPEN
    return Standing(fact, state, live)


def check_correction(known: Value, value: Any) -> str:
    """Return why a value cannot stand in place of the known one, or nothing."""
    if known.choices and value not in dict(known.choices):
        return str(_("Choose one of the values that the rule knows."))
    if isinstance(known.value, list):
        if len(value) != len(known.value):
            return str(_("There must be as many numbers as before."))
        if value != sorted(set(value)):
            return str(_("The numbers must rise."))
        value = value[0]
    if isinstance(value, int) and value < 0:
        return str(_("A number cannot be below zero."))
    if isinstance(known.value, str) and not str(value).strip():
        return str(_("This cannot be empty."))
    return ""


def plain(value: Any) -> Any:
    """Return a value as it is kept in JSON."""
    return value.isoformat() if isinstance(value, date) else value
