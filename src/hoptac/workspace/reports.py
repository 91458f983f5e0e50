"""Reports of the demonstration: both lines of command, signed, waiting for a signature, being contributed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.accounts.models import User
from hoptac.jurisdiction.models import Agency
from hoptac.reports import actions
from hoptac.reports.models import Report
from hoptac.reports.rules.periods import period_of
from hoptac.reports.words import words_for
from hoptac.workspace.assignments import founding_plan


def build(told: Mapping[str, Any]) -> None:
    """Write the reports that the plan tells by the acts that officers use; what is entered is invented."""
    for one in told["written"]:
        _written(one, one.get("recipients", told["recipients"]))
    _current(told["current"], told["recipients"])


def _context(username: str) -> Context:
    return context_of(User.objects.get(username=username))


def _agencies(codes: list[str]) -> list[Agency]:
    found = {a.code: a for a in Agency.objects.filter(code__in=codes)}
    return [found[c] for c in codes]


def _quarter_before(today: date, ago: int) -> dict[str, Any]:
    at = today.year * 4 + (today.month - 1) // 3 - ago
    return {"year": at // 4, "part": at % 4 + 1}


def _written(one: Mapping[str, Any], recipients: list[str]) -> None:
    ctx = _context(one["by"])
    (issuer,) = _agencies([one["agency"]])
    if one["kind"] == "quarter":
        period = _quarter_before(ctx.today, one["quarters_ago"])
        ends_on = period_of("quarter", **period).ends_on
        ctx = ctx.by(today=min(ctx.today, ends_on + timedelta(days=one["signed_after_days"])))
    else:
        period = {"year": one["since"], "ends_on": ctx.today}
    report = actions.begin_report(
        ctx, kind=one["kind"], issuer=issuer, receiver=one["receiver"],
        directive=founding_plan() if one.get("plan") else None, **period,
    )  # fmt: skip
    _take_up(ctx, report, one)
    for code, text in one["text"].items():
        actions.edit_text(ctx, report.sections.get(code=code), text=text)
    actions.assemble(ctx, report)
    actions.submit(ctx, report)
    if one["until"] == "submitted":
        return
    actions.sign(
        ctx, report, signer=one["signer"], signer_post=one["post"], receivers=one["receivers"]
    )
    actions.distribute(ctx, report, agencies=_agencies(recipients))


def _current(told: Mapping[str, Any], others: list[str]) -> None:
    ctx = _context(told["by"])
    (issuer,) = _agencies([told["agency"]])
    report = actions.begin_report(
        ctx, kind="year", year=ctx.today.year, issuer=issuer, receiver=told["receiver"],
        due_on=ctx.today + timedelta(days=told["due_in_days"]),
    )  # fmt: skip
    _take_up(ctx, report, told)
    asked = actions.ask_contributions(
        ctx, report, sections=told["asked"], agencies=_agencies(others),
        due_on=ctx.today + timedelta(days=told["contributions_in_days"]),
    )  # fmt: skip
    by_place = {(c.agency.code, c.section.code): c for c in asked}
    for part in told["contribution"]:
        row = by_place[part["agency"], part["section"]]
        actions.hand_in(_context(part["by"]), row, text=part["text"])
        if part.get("accepted"):
            actions.accept_contribution(ctx, row)


def _take_up(ctx: Context, report: Report, told: Mapping[str, Any]) -> None:
    """Let a report take up all that agencies told in its period, where the plan says so."""
    if not told.get("words"):
        return
    steps = list(words_for(report))
    actions.choose_words(
        ctx, report, difficulties=[s.pk for s in steps if s.difficulty], proposals=[s.pk for s in steps if s.proposal]
    )  # fmt: skip
