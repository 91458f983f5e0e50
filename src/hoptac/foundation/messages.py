"""Screen texts: collect them from code and templates, keep the catalogues, compile them.

Every app has ``locale/vi/LC_MESSAGES/django.po``, complete; the source language is English. What
belongs to no app goes to ``hoptac/locale``. Texts of third-party packages, which no source of ours
shows, carry the translator's comment ``keep``. Needs no gettext programs: templates are read by
Django, code by Babel, catalogues by polib. Only compiling is needed at run time.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1]
LANGUAGE = "vi"
KEYWORDS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "_": None,
}
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}
HEADER = {
    "Project-Id-Version": "hoptac",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": LANGUAGE,
    "Plural-Forms": "nplurals=1; plural=0;",
}


@dataclass(frozen=True)
class Key:
    """What makes a text one text: its words and its context."""

    msgid: str
    context: str | None = None


@dataclass
class Text:
    """A text as the source uses it: its plural form, if any, and where it stands."""

    key: Key
    plural: str = ""
    places: list[tuple[str, int]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Gap:
    """A catalogue and source that do not agree on one text."""

    catalogue: str
    what: str
    msgid: str
    place: str = ""

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return f"{self.catalogue}: {self.what}: {self.msgid!r}{where}"


# --- Apps ---------------------------------------------------------------------------------------


def catalogue_homes(source: Path = SOURCE) -> list[Path]:
    """Return the directories that own a catalogue: Django apps, and any with a ``locale``."""
    homes = {path.parent for path in source.rglob("apps.py")}
    homes |= {path.parent for path in source.rglob("locale") if path.is_dir()}
    return sorted(homes)


def catalogue_path(home: Path, language: str = LANGUAGE) -> Path:
    """Return where an app keeps its catalogue."""
    return home / "locale" / language / "LC_MESSAGES" / "django.po"


def _home_of(path: Path, homes: list[Path], source: Path) -> Path:
    for parent in path.parents:
        if parent in homes:
            return parent
        if parent == source:
            break
    return source


# --- Collecting ---------------------------------------------------------------------------------


def extract(source: Path = SOURCE) -> dict[Path, dict[Key, Text]]:
    """Return the texts of every app by the directory that owns the catalogue.

    A file belongs to the nearest directory above it that has a catalogue or is an app.
    """
    homes = catalogue_homes(source)
    found: dict[Path, dict[Key, Text]] = defaultdict(dict)
    for path in sorted(_files(source)):
        texts = found[_home_of(path, homes, source)]
        shown = path.relative_to(source.parent).as_posix()
        for line, key, plural, comments in _texts(path):
            text = texts.setdefault(key, Text(key))
            text.plural = text.plural or plural
            text.places.append((shown, line))
            text.comments += [c for c in comments if c not in text.comments]
    return {home: texts for home, texts in found.items() if texts}


def _files(source: Path) -> Iterator[Path]:
    for path in source.rglob("*"):
        parts = path.relative_to(source).parts
        if {"tests", "migrations", "static", "locale", "__pycache__"} & set(parts[:-1]):
            continue
        if path.suffix == ".py" or (path.suffix in TEMPLATE_SUFFIXES and "templates" in parts):
            yield path


def _texts(path: Path) -> Iterator[tuple[int, Key, str, list[str]]]:
    from babel.messages.extract import extract as babel_extract

    content = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation import templatize

        content = templatize(content, origin=str(path))
    elif not re.search(r"gettext|\b_\(", content):
        return
    source = io.BytesIO(content.encode())
    options = {"encoding": "utf-8"}
    for line, message, comments, context in babel_extract(
        "python", source, KEYWORDS, ["Translators:"], options
    ):
        words = (message,) if isinstance(message, str) else tuple(message)
        if words[0]:
            plural = words[1] if len(words) > 1 else ""
            yield line, Key(words[0], context), plural, list(comments)


# --- Keeping the catalogues ---------------------------------------------------------------------


def update(source: Path = SOURCE) -> dict[Path, int]:
    """Bring every catalogue to what the source uses; return how many texts each still lacks.

    Translations are kept; texts no longer used are dropped; new ones are added empty.
    """
    import polib

    lacking = {}
    for home, texts in extract(source).items():
        path = catalogue_path(home)
        old = polib.pofile(str(path)) if path.exists() else polib.POFile()
        kept = {Key(e.msgid, e.msgctxt): e for e in old if not e.obsolete}
        fresh = polib.POFile(wrapwidth=100)
        fresh.metadata = HEADER
        for key in sorted(texts, key=lambda k: (texts[k].places[0], k.msgid)):
            fresh.append(_entry(texts[key], kept.get(key)))
        fresh.extend(e for k, e in kept.items() if k not in texts and _is_kept(e))
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or str(fresh) != path.read_text(encoding="utf-8").rstrip("\n"):
            fresh.save(str(path))
        lacking[path] = sum(1 for entry in fresh if not entry.translated())
    return lacking


def _entry(text: Text, old: Any) -> Any:
    import polib

    entry = polib.POEntry(msgid=text.key.msgid, msgctxt=text.key.context)
    # Files without line numbers: a moved line must not change the catalogue.
    entry.occurrences = [(name, "") for name in sorted({name for name, _ in text.places})]
    entry.comment = "\n".join(text.comments)
    entry.tcomment = old.tcomment if old else ""
    entry.flags = [f for f in (old.flags if old else []) if f != "fuzzy"]
    if "%" in text.key.msgid and re.search(r"%\(\w+\)[sd]|%[sd]", text.key.msgid):
        entry.flags = sorted({*entry.flags, "python-format"})
    if text.plural:
        entry.msgid_plural = text.plural
        entry.msgstr_plural = {0: _singular(old)}
    elif old and "fuzzy" not in old.flags:
        entry.msgstr = _singular(old)
    return entry


def _is_kept(entry: Any) -> bool:
    return str(entry.tcomment).startswith("keep")


def _singular(old: Any) -> str:
    if not old:
        return ""
    return str(old.msgstr or old.msgstr_plural.get(0, ""))


def missing_translations(source: Path = SOURCE) -> list[Gap]:
    """Return every text without a translation, left over, with other placeholders, or said twice.

    All catalogues become one when the system runs: where two translate a text differently, the
    first one wins everywhere. A context parts them.
    """
    import polib

    gaps: list[Gap] = []
    said: dict[Key, tuple[str, str]] = {}
    found = extract(source)
    homes = set(found) | {h for h in catalogue_homes(source) if catalogue_path(h).exists()}
    for home in sorted(homes):
        path = catalogue_path(home)
        name = path.relative_to(source.parent).as_posix()
        texts = found.get(home, {})
        entries = {}
        if path.exists():
            entries = {Key(e.msgid, e.msgctxt): e for e in polib.pofile(str(path))}
        for key, text in texts.items():
            place = "{}:{}".format(*text.places[0])
            entry = entries.get(key)
            if entry is None or entry.obsolete:
                gaps.append(Gap(name, "not in the catalogue", key.msgid, place))
            elif "fuzzy" in entry.flags or not _singular(entry).strip():
                gaps.append(Gap(name, "not translated", key.msgid, place))
            elif not _placeholders(_singular(entry)) <= _placeholders(f"{key.msgid} {text.plural}"):
                gaps.append(Gap(name, "placeholders differ", key.msgid, place))
            else:
                first, where = said.setdefault(key, (_singular(entry), name))
                if first != _singular(entry):
                    what = f"translated otherwise than in {where}"
                    gaps.append(Gap(name, what, key.msgid, place))
        gaps += [
            Gap(name, "no longer used", key.msgid)
            for key, entry in entries.items()
            if entry.obsolete or (key not in texts and not _is_kept(entry))
        ]
    return gaps


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}", text))


# --- Compiling ----------------------------------------------------------------------------------


def compile_messages(source: Path = SOURCE) -> list[Path]:
    """Compile every catalogue whose ``.mo`` is missing or older; return those compiled."""
    compiled = []
    for po in sorted(source.rglob("locale/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        changed = po.stat().st_mtime
        if mo.exists() and mo.stat().st_mtime >= changed:
            continue
        import polib

        # Written beside and moved: another process may be reading or compiling it just now.
        handle, name = tempfile.mkstemp(dir=po.parent, suffix=".mo.new")
        with os.fdopen(handle, "wb") as out:
            out.write(polib.pofile(str(po)).to_binary())
        Path(name).chmod(0o644)
        os.utime(name, (changed, changed))
        Path(name).replace(mo)
        compiled.append(mo)
    return compiled
