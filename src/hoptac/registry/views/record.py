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
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hoptac.foundation.access import Context
from hoptac.foundation.pages import needs
from hoptac.foundation.panels import boxes
from hoptac.registry.filters import read_day, unread_day
from hoptac.registry.forms import MATTERS, said
from hoptac.registry.record import Record, history_of, record_of, source_in_words
from hoptac.registry.rules.particulars import check_members
from hoptac.registry.stories import measure_label, stories_html
from hoptac.registry.tables import TONES, day, established, labels
from hoptac.registry.terms import Kind, LegalEra, LegalStatus, LineageKind, Sector, WorkingState

_FIRST_ENTRIES = 8
# Papers and practice say the same.
_ALIKE = {
    (LegalStatus.ACTIVE, WorkingState.OPERATING),
    (LegalStatus.SUSPENDED, WorkingState.SUSPENDED),
    (LegalStatus.ENDED, WorkingState.ENDED),
}


@dataclass(frozen=True)
class Fact:
    """A line of a box: what, its value, and the act page that changes it."""

    label: str
    value: str
    href: str = ""
    note: str = ""


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
        "history": stories_html(entries if whole else entries[:_FIRST_ENTRIES]),
        "more_entries": 0 if whole else max(0, len(entries) - _FIRST_ENTRIES),
        "boxes": boxes(ctx, record.cooperative, record.day),
        "kind": labels(Kind)[record.cooperative.kind],
        "title": (row or record.latest).name,
        "home": reverse("registry:record", args=[pk]),
        "acts": _acts_offered(ctx, record),
        "unread_day": unread_day(request.GET.get("on")),
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
            # An active body that works needs no second badge to say so.
            "differs": (row.legal_status, row.working_state) not in _ALIKE,
            "identity": facts_html(_identity(record)),
            "place": facts_html(_place(record)),
            "people": facts_html(_people(record)),
            "figures": figures_html(record),
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
        *_registrar(record),
        Fact(_("Short name"), row.short_name),
        Fact(_("Foreign name"), row.foreign_name),
        Fact(_("Note"), row.note),
    ]
    return [f for f in facts if f.value or f.label == _("Registration number")]


def _registrar(record: Record) -> list[Fact]:
    found = record.registrar
    if found is None:
        return []
    name, is_confirmed = found
    return [Fact(_("Registrar"), name, note="" if is_confirmed else _("to be confirmed"))]


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


def figures_html(record: Record) -> SafeString:
    """Return each measure of the day with its day and source, and what is amiss with it."""
    persons, not_stated = escape(_("persons")), escape(_("not stated"))
    out = []
    for figure in record.figures:
        value = escape(said(figure.measure, figure.value))
        note, amiss = not_stated, ""
        if value and figure.measure in {"members", "workers"}:
            value = f'{value} <span class="stat-unit">{persons}</span>'
        if figure.statement:
            note = escape(_("as of %(day)s") % {"day": day(figure.statement.as_of)})
            if figure.statement.source:
                source = escape(figure.statement.source)
                note += f'<span class="stat-source" title="{source}">{source}</span>'
        if figure.measure == "members":
            found = check_members(record.cooperative.kind, figure.value, on=record.day)
            warning = "; ".join(f.message for f in found)
            amiss = f'<div class="badge warn wrap">{escape(warning)}</div>' if warning else ""
        out.append(
            f'<div class="stat"><div class="stat-label">{escape(measure_label(figure.measure))}</div>'
            f'<div class="stat-value">{value or "–"}</div><div class="stat-note">{note}</div>'
            f"{amiss}</div>"
        )
    return mark_safe("".join(out))  # noqa: S308


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
    words, from_where = escape(_("Correct")), escape(_("Source"))
    names = {m: escape(measure_label(m)) for m in _SERIES}
    out = []
    for s in reversed(known):
        cells = [
            f'<td class="num" data-label="{names[m]}">{escape(said(m, getattr(s, m)))}</td>'
            for m in _SERIES
        ]
        width = round(100 * (s.members or 0) / most) if most and len(known) > 1 else 0
        bar = (
            '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none">'
            f'<rect width="{width}" height="8"/></svg>'
        )
        cells.insert(1, f'<td class="bars" aria-hidden="true">{bar if width else ""}</td>')
        source = escape(source_in_words(s.source, s.source_row))
        link = f'<td><a href="/registry/{s.cooperative_id}/figures/{s.pk}/">{words}</a></td>'
        out.append(
            f'<tr><th scope="row" class="nowrap">{day(s.as_of)}</th>{"".join(cells)}'
            f'<td data-label="{from_where}">{source}</td>'
            f"{link if corrects else ''}</tr>"
        )
    return mark_safe("".join(out))  # noqa: S308


def _tie(tie: Any) -> dict[str, Any]:
    words = labels(LineageKind)[tie.kind]
    return {
        "way": tie.way, "words": words, "on": day(tie.on), "id": tie.other_id,
        "name": tie.other_name, "source": tie.source,
    }  # fmt: skip


def matters_offered(*, for_change: bool) -> list[Any]:
    return [m for m in MATTERS.values() if m.changes or not for_change]
