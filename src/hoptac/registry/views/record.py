"""One body's page: what it is, how it does, what happened to it; today or on a past day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from hoptac.foundation.access import Context
from hoptac.foundation.pages import needs
from hoptac.foundation.panels import boxes
from hoptac.registry.acts_in_words import act_name, channel_name
from hoptac.registry.filters import read_day
from hoptac.registry.forms import MATTERS, PARTICULARS_LABELS, said
from hoptac.registry.record import Change, Entry, Figure, Record, history_of, record_of
from hoptac.registry.rules.particulars import check_members
from hoptac.registry.tables import TONES, day, established, labels
from hoptac.registry.terms import Kind, LegalEra, LegalStatus, LineageKind, Sector, WorkingState

_FIRST_ENTRIES = 8
_MANY = 8


@dataclass(frozen=True)
class Fact:
    """A line of a box: what, its value, and the act page that changes it."""

    label: str
    value: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class KeyFigure:
    label: str
    value: str
    unit: str
    as_of: str
    source: str
    warning: str = ""


def find(request: HttpRequest, pk: UUID, on: date | None = None) -> Record:
    """Return the record, or raise 404 alike for what is missing and what lies elsewhere."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    record = record_of(ctx, pk, on)
    if record is None:
        raise Http404
    return record


@require_GET
@needs("registry.view")
def record_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The record of a body, as it is or as it was on a day."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    record = find(request, pk, read_day(request.GET.get("on")))
    entries = history_of(record)
    whole = "history" in request.GET
    row = record.particulars
    context: dict[str, Any] = {
        "record": record,
        "row": row,
        "first_day": day(record.first_day),
        "day_text": day(record.day),
        "history": [story(e) for e in (entries if whole else entries[:_FIRST_ENTRIES])],
        "more_entries": 0 if whole else max(0, len(entries) - _FIRST_ENTRIES),
        "boxes": boxes(ctx, record.cooperative, record.day),
        "kind": labels(Kind)[record.cooperative.kind],
        "title": (row or record.latest).name,
        "home": reverse("registry:record", args=[pk]),
        "acts": _acts_offered(ctx, record),
    }
    if row is not None:
        corrects = ctx.may("registry.correct_figures") and not record.is_past
        context |= {
            "legal": (
                labels(LegalStatus)[row.legal_status],
                TONES[row.legal_status].removeprefix("badge"),
            ),
            "working": (
                labels(WorkingState)[row.working_state],
                TONES[row.working_state].removeprefix("badge"),
            ),
            "identity": facts_html(_identity(record)),
            "place": facts_html(_place(record)),
            "people": facts_html(_people(record)),
            "figures": [_key_figure(record, f) for f in record.figures],
            "series": series_html(record, corrects=corrects),
            "corrects": corrects,
            "lines": record.lines_of_day,
            "ties": [_tie(t) for t in record.ties],
        }
    return render(request, "registry/record.html", context)


def _acts_offered(ctx: Context, record: Record) -> list[tuple[str, str]]:
    """Return the acts that the caller may do upon the body: the page below it, and words."""
    if record.is_past:
        return []
    offered = [
        ("registry.change_particulars", "change", _("Change")),
        ("registry.correct_particulars", "correct", _("Correct a mistake")),
        ("registry.state_figures", "figures", _("State figures")),
        ("registry.change_particulars", "lines", _("Lines of business")),
        ("registry.record_lineage", "lineage", _("Passed into another body")),
    ]
    if not record.has_ended:
        offered.append(("registry.end_cooperative", "end", _("Record its end")))
    return [(url, words) for permission, url, words in offered if ctx.may(permission)]


def _identity(record: Record) -> list[Fact]:
    row = record.particulars
    assert row is not None  # noqa: S101
    facts = [
        Fact(_("Registration number"), row.registration_number or ""),
        Fact(_("Certificate number"), row.certificate_number),
        Fact(_("Sector"), labels(Sector).get(row.sector, "")),
        Fact(_("Main activity"), row.activity),
        Fact(_("Established"), established(row.established_on, row.established_precision)),
        Fact(_("Registered under"), labels(LegalEra).get(row.legal_era, "")),
        Fact(_("Short name"), row.short_name),
        Fact(_("Foreign name"), row.foreign_name),
        Fact(_("Note"), row.note),
    ]
    return [f for f in facts if f.value or f.label == _("Registration number")]


def _place(record: Record) -> list[Fact]:
    row = record.particulars
    assert row is not None  # noqa: S101
    commune, district = record.commune, record.district
    facts = [Fact(_("Address"), row.address)]
    before = record.commune_before
    if before is not None:
        facts.append(Fact(_("Commune in the record"), before.heading))
    if commune is not None:
        facts.append(
            Fact(
                _("Commune") if record.is_past else _("Commune today"),
                commune.heading,
            )
        )
    if district is not None:
        gone = "" if district.exists_on(record.day) else _("until %(day)s") % {
            "day": day(date.fromordinal(district.end.toordinal() - 1))
        }  # fmt: skip
        facts.append(Fact(_("District"), district.heading, note=gone))
    now = record.commune_now
    if now is not None and record.is_past:
        facts.append(Fact(_("Commune today"), now.heading))
    return [f for f in facts if f.value]


def _people(record: Record) -> list[Fact]:
    row = record.particulars
    if row is None or not record.shows_contacts:
        return []
    phones = [p.strip() for p in row.phone.split(",") if p.strip()]
    facts = [
        Fact(_("Director"), row.director),
        Fact(_("Chairman"), row.chairman),
        *(Fact(_("Telephone"), p, href=f"tel:{p}") for p in phones),
        Fact(_("E-mail"), row.email, href=f"mailto:{row.email}"),
    ]
    return [f for f in facts if f.value]


_SHORT = {
    "charter_capital": gettext_lazy("Charter capital"),
    "area": gettext_lazy("Cultivated area"),
    "members": gettext_lazy("Members"),
    "workers": gettext_lazy("Workers"),
}


def _key_figure(record: Record, figure: Figure) -> KeyFigure:
    value = said(figure.measure, figure.value)
    unit = {"members": _("persons"), "workers": _("persons")}.get(figure.measure, "")
    warning = ""
    if figure.measure == "members":
        found = check_members(record.cooperative.kind, figure.value, on=record.day)
        warning = "; ".join(f.message for f in found)
    return KeyFigure(
        str(_SHORT[figure.measure]),
        value,
        unit,
        day(figure.statement.as_of) if figure.statement else "",
        figure.statement.source if figure.statement else "",
        warning,
    )


def facts_html(facts: list[Fact]) -> SafeString:
    """Return facts as the rows of a ``dl``; everything that people typed is escaped."""
    out = []
    for fact in facts:
        value = escape(fact.value) or "–"
        if fact.href:
            value = f'<a href="{escape(fact.href)}">{value}</a>'
        note = f' <span class="badge">{escape(fact.note)}</span>' if fact.note else ""
        out.append(f"<dt>{escape(fact.label)}</dt><dd>{value}{note}</dd>")
    return mark_safe("".join(out))  # noqa: S308


_SERIES = ("members", "workers", "area", "charter_capital")


def series_html(record: Record, *, corrects: bool) -> SafeString:
    """Return the statements up to the day as rows, the latest first, with a bar for the members."""
    known = [s for s in record.live_statements if s.as_of <= record.day]
    most = max((s.members or 0 for s in known), default=0)
    words = escape(_("Correct"))
    out = []
    for s in reversed(known):
        cells = [f'<td class="num">{escape(said(m, getattr(s, m)))}</td>' for m in _SERIES]
        width = round(100 * (s.members or 0) / most) if most else 0
        bar = (
            '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none">'
            f'<rect width="{width}" height="8"/></svg>'
        )
        cells.insert(1, f'<td class="bars" aria-hidden="true">{bar if width else ""}</td>')
        source = escape(" ".join(filter(None, (s.source, s.source_row))))
        link = f'<td><a href="/registry/{s.cooperative_id}/figures/{s.pk}/">{words}</a></td>'
        out.append(
            f'<tr><td class="nowrap">{day(s.as_of)}</td>{"".join(cells)}<td>{source}</td>'
            f"{link if corrects else ''}</tr>"
        )
    return mark_safe("".join(out))  # noqa: S308


def _tie(tie: Any) -> dict[str, Any]:
    words = labels(LineageKind)[tie.kind]
    return {
        "way": tie.way, "words": words, "on": day(tie.on), "id": tie.other_id,
        "name": tie.other_name, "source": tie.source,
    }  # fmt: skip


# --- History ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """A change in words."""

    label: str
    old: str
    new: str
    days: str
    new_href: str = ""


@dataclass(frozen=True)
class Story:
    """An entry of the history in words."""

    title: str
    at: str
    moment: str
    who: str
    how: str
    reason: str
    basis: str
    sources: list[str]
    changes: list[Said]
    number: int | None
    is_entry: bool


def story(entry: Entry) -> Story:
    at = timezone.localtime(entry.at) if entry.at else None
    return Story(
        act_name(entry.name),
        at.strftime("%H:%M %d/%m/%Y") if at else "",
        at.isoformat(timespec="seconds") if at else "",
        entry.who or _("the system"),
        channel_name(entry.channel) if entry.who else "",
        entry.reason,
        entry.basis,
        entry.sources,
        [_said(c) for c in entry.changes],
        entry.number,
        is_entry=len(entry.changes) > _MANY and not any(c.old for c in entry.changes),
    )


def _said(change: Change) -> Said:
    if change.what == "lineage":
        tie = change.new
        name = tie.later_name or ""
        words = labels(LineageKind)[tie.kind]
        return Said(words.capitalize(), "", name, day(tie.on))
    if change.what == "line":
        return Said(
            _("Line of business"), change.old or "", change.new or "",
            day(change.since) if change.since else "",
        )  # fmt: skip
    if change.what == "figures":
        return Said(
            str(_SHORT[change.field]),
            said(change.field, change.old),
            said(change.field, change.new) or _("withdrawn"),
            _("as of %(day)s") % {"day": day(change.since)} if change.since else "",
        )
    return Said(
        str(PARTICULARS_LABELS[change.field]),
        said(change.field, change.old),
        said(change.field, change.new) or _("(empty)"),
        _days(change),
    )


def _days(change: Change) -> str:
    if change.since is None:
        return ""
    if change.until is None:
        return _("from %(day)s") % {"day": day(change.since)}
    last = date.fromordinal(change.until.toordinal() - 1)
    return f"{day(change.since)} – {day(last)}"


def matters_offered(*, for_change: bool) -> list[Any]:
    return [m for m in MATTERS.values() if m.changes or not for_change]
