"""Which kinds of agencies a document means by a group of them ("các sở, ban, ngành"): pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LEVELS = ("province", "district", "commune")
# What is a department in the province is an office below it.
_DEPARTMENT, _OFFICE = "department", "office"


@dataclass(frozen=True)
class GroupWord:
    """A word and the kind of agency it stands for, at which levels, and whether the phrase may name others."""

    kind: str
    levels: tuple[str, ...]
    is_fixed: bool


@dataclass(frozen=True)
class GroupWords:
    """The words by which phrases are read, in small letters (``rulebook/tasks/groups.toml``)."""

    kinds: Mapping[str, GroupWord]
    levels: Mapping[str, str]
    every: frozenset[str]
    passed: frozenset[str]
    vague: frozenset[str]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> GroupWords:
        """Return the words of a parsed file."""
        return cls(
            kinds={
                w: GroupWord(k["kind"], tuple(k["levels"]), k["fixed"])
                for k in raw["kind"]
                for w in k["words"]
            },
            levels={w: one["level"] for one in raw["level"] for w in one["words"]},
            every=frozenset(raw["words"]["every"]),
            passed=frozenset(raw["words"]["passed"]),
            vague=frozenset(raw["words"]["vague"]),
        )


@dataclass(frozen=True)
class Wanted:
    """Kinds of agencies with their levels; ``is_vague`` where the document leaves open which of them."""

    kinds: frozenset[tuple[str, str]]
    is_vague: bool = False


def compute_wanted(phrase: str, words: GroupWords, *, group: str = "") -> Wanted:
    """Return what a phrase means; ``group`` is what its reader took it for, where its words name no kind.

    *UBND các huyện, thành phố* means the committees of districts; *các huyện, thành phố* alone means them too.
    Cooperatives, enterprises and people are no agencies: nothing is wanted.
    """
    found = set(_words_of(phrase, words))
    levels = {words.levels[w] for w in found if w in words.levels}
    if found & words.every:
        levels = set(LEVELS)
    known = [words.kinds[w] for w in found if w in words.kinds]
    if not known:
        known = [k for k in words.kinds.values() if k.kind == group and not k.is_fixed][:1]
    wanted = {(k.kind, level) for k in known for level in _levels(k, levels)}
    return Wanted(frozenset(_below(wanted)), is_vague=bool(found & words.vague))


def _levels(word: GroupWord, named: set[str]) -> Iterable[str]:
    return word.levels if word.is_fixed or not named else named


def _below(wanted: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """A department is of the province; only where lower levels alone are named are their offices meant."""
    of_province = (_DEPARTMENT, "province") in wanted
    for kind, level in wanted:
        if kind != _DEPARTMENT or level == "province":
            yield kind, level
        elif not of_province:
            yield _OFFICE, level


def _words_of(phrase: str, words: GroupWords) -> Iterator[str]:
    """Yield the words of the lists that a phrase bears, the longest first, each part of it read once."""
    rest = f" {phrase} "
    every = {*words.kinds, *words.levels, *words.every, *words.passed, *words.vague}
    for word in sorted(every, key=lambda w: (-len(w), w)):
        pattern = rf"(?<!\w){re.escape(word)}(?!\w)"
        if re.search(pattern, rest):
            # What was read is crossed out with a sign that parts the words around it.
            rest = re.sub(pattern, "|", rest)
            yield word
