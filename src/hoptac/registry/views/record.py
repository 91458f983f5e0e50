"""One body's page: what it is, how it does, what happened to it; today or on a past day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
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
        "acts": _acts_offered(ctx, record),
    }
    if row is not None:
        context |= {
            "legal": (
                labels(LegalStatus)[row.legal_status],
                TONES[row.legal_status].removeprefix("badge"),
            ),
            "working": (
                labels(WorkingState)[row.working_state],
                TONES[row.working_state].removeprefix("badge"),
            ),
            "identity": _identity(record),
            "place": _place(record),
            "people": _people(record),
            "figures": [_key_figure(record, f) for f in record.figures],
            "series": _series(record),
            "lines": record.lines_of_day,
            "ties": [_tie(t) for t in record.ties],
            "may": {m: _may(ctx, m) for m in ("change", "correct", "state", "correct_figures")},
        }
    return render(request, "registry/record.html", context)


def _may(ctx: Context, what: str) -> bool:
    names = {"change": "change_particulars", "correct": "correct_particulars",
             "state": "state_figures"}  # fmt: skip
    return ctx.may(f"registry.{names.get(what, what)}")


def _acts_offered(ctx: Context, record: Record) -> list[tuple[str, str]]:
    """Return the acts that the caller may do upon the body, as address names and words."""
    if record.is_past:
        return []
    offered = [
        ("registry.change_particulars", "registry:change", _("Change")),
        ("registry.correct_particulars", "registry:correct", _("Correct a mistake")),
        ("registry.state_figures", "registry:figures", _("State figures")),
        ("registry.change_particulars", "registry:lines", _("Lines of business")),
        ("registry.record_lineage", "registry:lineage", _("Passed into another body")),
    ]
    if not record.has_ended:
        offered.append(("registry.end_cooperative", "registry:end", _("Record its end")))
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


@dataclass(frozen=True)
class Statement:
    """A row of the series of figures."""

    pk: int
    as_of: str
    values: list[str]
    source: str
    bar: int


def _series(record: Record) -> list[Statement]:
    """Return the statements up to the day, the latest first, with a bar for the members."""
    known = [s for s in record.live_statements if s.as_of <= record.day]
    most = max((s.members or 0 for s in known), default=0)
    return [
        Statement(
            s.pk, day(s.as_of),
            [said(m, getattr(s, m)) for m in ("members", "workers", "area", "charter_capital")],
            " ".join(filter(None, (s.source, s.source_row))),
            round(100 * (s.members or 0) / most) if most else 0,
        )
        for s in reversed(known)
    ]  # fmt: skip


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
    at: Any
    who: str
    how: str
    reason: str
    basis: str
    sources: list[str]
    changes: list[Said]
    number: int | None
    is_entry: bool


def story(entry: Entry) -> Story:
    return Story(
        act_name(entry.name),
        entry.at,
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
