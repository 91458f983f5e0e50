"""The history of a body in words: who did what, when, why, and what it changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hoptac.foundation.audit.words import act_name
from hoptac.registry.acts_in_words import channel_name
from hoptac.registry.forms import PARTICULARS_LABELS, said
from hoptac.registry.record import Change, Entry
from hoptac.registry.tables import day, labels
from hoptac.registry.terms import LineageKind

MEASURE_LABELS = {
    "charter_capital": gettext_lazy("Charter capital"),
    "area": gettext_lazy("Cultivated area"),
    "members": gettext_lazy("Members"),
    "workers": gettext_lazy("Workers"),
}
# An entry of more changes than these, which only adds, is folded away.
_MANY = 8
_words: dict[tuple[str | None, str], str] = {}


def stories_html(entries: Iterable[Entry]) -> SafeString:
    """Return entries as items of a list; everything that people typed is escaped."""
    return mark_safe("".join(_story(e) for e in entries))  # noqa: S308


def _story(entry: Entry) -> str:
    out = [f"<li><strong>{escape(act_name(entry.name))}</strong>"]
    if entry.at:
        at = timezone.localtime(entry.at)
        moment = at.isoformat(timespec="seconds")
        out.append(f' <time datetime="{moment}">{at:%H:%M %d/%m/%Y}</time>')
    who = escape(entry.who) if entry.who else escape(_("the system"))
    how = escape(channel_name(entry.channel)) if entry.who else ""
    out.append(f"<div>{who}{', ' if how else ''}{how}")
    if entry.number:
        number = escape(_("journal no. %(number)s") % {"number": entry.number})
        out.append(f' · <span class="entry-number">{number}</span>')
    out.append("</div>")
    if entry.reason:
        out.append(_line(_("Reason:"), entry.reason))
    if entry.basis:
        out.append(_line(_("Basis:"), entry.basis))
    out += [_line(_("Source:"), source) for source in entry.sources]
    changes = [_change(c) for c in entry.changes]
    if changes:
        is_folded = len(changes) > _MANY and not any(c.old for c in entry.changes)
        if is_folded:
            words = escape(_("What was entered (%(n)s fields)") % {"n": len(changes)})
            out.append(f'<details class="more"><summary>{words}</summary>')
        out.append(f'<ul class="diff">{"".join(changes)}</ul>')
        if is_folded:
            out.append("</details>")
    out.append("</li>")
    return "".join(out)


def _line(label: str, text: str) -> str:
    return f"<div>{escape(label)} {escape(text)}</div>"


def _change(change: Change) -> str:
    label, old, new, days = _told(change)
    gone = f"<del>{escape(old)}</del> → " if old else ""
    when = f' <span class="days">({escape(days)})</span>' if days else ""
    return f"<li>{escape(label)}: {gone}<ins>{escape(new)}</ins>{when}</li>"


def _told(change: Change) -> tuple[str, str, str, str]:
    """Return what changed, what it was, what it is, and for which days."""
    if change.what == "lineage":
        tie = change.new
        words = labels(LineageKind)[tie.kind]
        return (
            words.capitalize(),
            "",
            tie.later_name or _("a body outside your territory"),
            day(tie.on),
        )
    if change.what == "line":
        since = day(change.since) if change.since else ""
        return _("Line of business"), change.old or "", change.new or "", since
    old, new = said(change.field, change.old), said(change.field, change.new)
    if change.what == "figures":
        since = _("as of %(day)s") % {"day": day(change.since)} if change.since else ""
        return measure_label(change.field), old, new or _("withdrawn"), since
    label = _kept(change.field, PARTICULARS_LABELS[change.field])
    return label, old, new or _("(empty)"), _days(change)


def measure_label(measure: str) -> str:
    """Return what a measure is called on the record, in the reader's language."""
    return _kept(measure, MEASURE_LABELS[measure])


def _kept(name: str, label: Any) -> str:
    key = (get_language(), name)
    if key not in _words:
        _words[key] = str(label)
    return _words[key]


def _days(change: Change) -> str:
    if change.since is None:
        return ""
    if change.until is None:
        return _("from %(day)s") % {"day": day(change.since)}
    last = date.fromordinal(change.until.toordinal() - 1)
    return f"{day(change.since)} – {day(last)}"
