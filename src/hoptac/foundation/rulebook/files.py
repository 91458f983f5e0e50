"""The files of ``rulebook/`` as facts: every version, every catalogue entry, every list."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from hoptac.foundation import rulebook
from hoptac.foundation.rulebook.facts import Fact, Value, words

# What a table says about itself, and what only a release may change.
_ABOUT = {"confirmed", "code", "of", "kinds", "without", "decimals"}
_FIXED = {"formula", "file"}
# By what a file calls its tables.
_GROUPS = {
    "version": "rules", "holiday": "rules", "indicator": "indicators", "paper": "papers",
    "ground": "papers",
    "exemption": "papers",
    "layout": "exchange",
    "column": "exchange",
    "mapping": "exchange",
    "event": "exchange",
    "kind": "documents",
    "target": "plans",
    "row": "plans",
    "chapter": "plans",
}  # fmt: skip
_COMMON = {
    "in_force": _("In force from"),
    "basis": _("Legal basis"),
    "name": _("Name"),
    "title": _("Name"),
    "definition": _("Definition"),
    "unit": _("Unit"),
    "source": _("Source"),
    "formula": _("Formula"),
    "file": _("File"),
}


class Files:
    """Every table of every topic file; which rules there are, the folder tells."""

    def groups(self) -> Mapping[str, Any]:
        return {
            "rules": _("Rules of law"),
            "papers": _("Papers and grounds of filings"),
            "indicators": _("Indicators"),
            "documents": _("Kinds of official documents"),
            "plans": _("Targets and forms of plans"),
            "exchange": _("Files of the national systems"),
            "lists": _("Code lists"),
        }

    def facts(self) -> Iterator[Fact]:
        yield from _facts(rulebook.generation(), get_language() or "")

    def settle(self, key: str, values: Mapping[str, Any], *, is_confirmed: bool) -> None:
        """Do nothing: what holds is laid over the files (:mod:`.marks`)."""


@functools.cache
def topics() -> tuple[tuple[str, str], ...]:
    """Return every topic with the name of its tables, in alphabetical order."""
    found = []
    for path in sorted(settings.RULEBOOK.rglob("*.toml")):
        if path.name.endswith(".examples.toml"):
            continue
        topic = path.relative_to(settings.RULEBOOK).with_suffix("").as_posix()
        for name, tables in rulebook.read_topic(topic).items():
            if isinstance(tables, list) and tables and "basis" in tables[0]:
                found.append((topic, name))
    return tuple(found)


def forget() -> None:
    """Read the folder anew from now on."""
    topics.cache_clear()
    _facts.cache_clear()


@functools.lru_cache(maxsize=4)
def _facts(generation: int, language: str) -> tuple[Fact, ...]:
    """Return every table as a fact: the same until a mark is laid over, in one language."""
    return tuple(
        _fact(topic, name, file, released, table)
        for topic, name in topics()
        for file in [rulebook.read_topic(topic)]
        for released, table in zip(file[name], rulebook.tables(topic, name), strict=True)
    )


def _fact(
    topic: str, name: str, file: dict[str, Any], released: dict[str, Any], table: dict[str, Any]
) -> Fact:
    title = words(table.get("name") or table.get("title") or file["title"])
    if "in_force" in table and table["in_force"].year > 1900:
        day = date_format(table["in_force"], "SHORT_DATE_FORMAT")
        title = gettext("%(title)s, from %(day)s") % {"title": title, "day": day}
    seen: dict[str, set[str]] = {}
    for other in file[name]:
        for k, v in other.items():
            if isinstance(v, str):
                seen.setdefault(k, set()).add(v)
    labels, meanings = file.get("words", {}), file.get("meanings", {})
    values = []
    for k, v in table.items():
        if k in _ABOUT:
            continue
        choices: tuple[tuple[str, str], ...] = ()
        if isinstance(v, str) and k not in _COMMON and k not in _FIXED:
            named = file.get("choices", {}).get(k) or meanings
            choices = tuple((c, words(named.get(c, c))) for c in named or sorted(seen[k]))
        label = words(labels[k]) if k in labels else str(_COMMON.get(k, k))
        values.append(Value(k, label, v, k not in _FIXED, choices))
    group = _GROUPS.get(name, "lists")
    return Fact(
        key=rulebook.key_of(topic, released),
        group=group,
        title=title,
        values=tuple(values),
        basis=table["basis"],
        fingerprint=rulebook.fingerprint_of(released),
        source=words(table.get("source") or f"rulebook/{topic}.toml"),
        note=words(file.get("note", "")),
        is_confirmed=bool(released.get("confirmed")),
    )  # fmt: skip
