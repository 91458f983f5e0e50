"""What ``rulebook/reports/`` says: outlines, figures, annexes, the calendar, terms of the Party's committees."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from hoptac.foundation.rulebook import tables
from hoptac.plans.forms_of_law import AnnexRow, annex
from hoptac.reports.rules.calendar import ReportDuty
from hoptac.reports.rules.outline import Outline, outline_of


class UnknownOutline(LookupError):
    """No outline is kept for such a report."""


@dataclass(frozen=True)
class Name:
    """A name in both languages of the screen; documents say it in Vietnamese."""

    en: str
    vi: str

    def __str__(self) -> str:
        return self.en if (get_language() or "vi").startswith("en") else self.vi


@dataclass(frozen=True, kw_only=True)
class FigureSpec:
    """A figure that reports may name: a measure of the system, or a count of tasks by their standing."""

    code: str
    name: Name
    unit: str
    divide: Decimal
    places: int
    measure: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    since: str = ""
    standings: tuple[str, ...] = ()
    counted: bool = False


def outlines() -> list[Outline]:
    """Return every outline."""
    return [
        outline_of(t)
        for topic in ("reports/state", "reports/party")
        for t in tables(topic, "outline")
    ]


def outline_for(chain: str, kind: str) -> Outline:
    """Return the outline of a kind of report in a line of command.

    :raises UnknownOutline: none is kept for it
    """
    for outline in outlines():
        if outline.chain == chain and kind in outline.kinds:
            return outline
    raise UnknownOutline(f"{chain} {kind}")


def outline_by(code: str) -> Outline:
    """Return an outline by its code."""
    return next(o for o in outlines() if o.code == code)


def figure_specs() -> dict[str, FigureSpec]:
    """Return the figures that outlines may name, by code, in the file's order."""
    return {
        t["code"]: FigureSpec(
            code=t["code"], name=Name(**t["name"]), unit=t["shown_unit"], divide=Decimal(t["divide"]),
            places=t["places"], measure=t.get("measure", ""), parameters=t.get("parameters", {}),
            since=t.get("since", ""), standings=tuple(t.get("standings", ())), counted=t.get("counted", False),
        )
        for t in tables("reports/figures", "figure")
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AnnexSpec:
    """An annex: what it lists; of rows of a form of yearly plans, which one (``form``)."""

    code: str
    name: Name
    lists: str
    form: int = 0


def annex_spec(code: str) -> AnnexSpec:
    """Return an annex by its code, as the file says it."""
    t = next(t for t in tables("reports/annexes", "annex") if t["code"] == code)
    return AnnexSpec(code=code, name=Name(**t["name"]), lists=t["lists"], form=t["form"])


def annex_rows(outline: Outline) -> tuple[AnnexRow, ...]:
    """Return the rows of the forms of yearly plans that a report's annexes print."""
    forms = [annex_spec(code).form for code in outline.annexes]
    return tuple(row for form in forms if form for row in annex(form))


def duties() -> tuple[ReportDuty, ...]:
    """Return the reports that are due every year."""
    return tuple(
        ReportDuty(**{**t, "name": Name(**t["name"])}) for t in tables("reports/calendar", "duty")
    )


def party_term(day: date) -> str:
    """Return the term of the Party's committee within which a document of the day is numbered."""
    begun = [t for t in tables("reports/terms", "term") if t["begins_on"] <= day]
    return str(max(begun, key=lambda t: t["begins_on"])["code"]) if begun else "0"
