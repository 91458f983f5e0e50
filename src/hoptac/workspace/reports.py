"""Reports of the demonstration: last quarter's, signed and distributed; this year's, being contributed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.accounts.models import User
from hoptac.jurisdiction.models import Agency
from hoptac.reports import actions
from hoptac.reports.models import Report


def build(told: Mapping[str, Any]) -> None:
    """Write the two reports of a department by the acts that officers use; what is entered is invented."""
    ctx = context_of(User.objects.get(username=told["by"]))
    agencies = {
        a.code: a for a in Agency.objects.filter(code__in=[told["agency"], *told["others"]])
    }
    issuer, others = agencies[told["agency"]], [agencies[c] for c in told["others"]]
    quarter = (ctx.today.month - 1) // 3
    year, part = (ctx.today.year, quarter) if quarter else (ctx.today.year - 1, 4)
    last = actions.begin_report(
        ctx, kind="quarter", year=year, part=part, issuer=issuer, receiver=told["receiver"]
    )
    _write(ctx, last, told["text"])
    actions.assemble(ctx, last)
    actions.submit(ctx, last)
    actions.sign(
        ctx, last, signer=told["signer"], signer_post=told["post"], receivers=told["receivers"]
    )
    actions.distribute(ctx, last, agencies=others)
    current = actions.begin_report(
        ctx, kind="year", year=ctx.today.year, issuer=issuer, receiver=told["receiver"],
        due_on=ctx.today + timedelta(days=told["due_in_days"]),
    )  # fmt: skip
    asked = actions.ask_contributions(
        ctx, current, sections=told["asked"], agencies=others,
        due_on=ctx.today + timedelta(days=told["contributions_in_days"]),
    )  # fmt: skip
    for part_told in told["contribution"]:
        officer = context_of(User.objects.get(username=part_told["by"]))
        row = next(
            c
            for c in asked
            if c.agency.code == part_told["agency"] and c.section.code == part_told["section"]
        )
        actions.hand_in(officer, row, text=part_told["text"])
        if part_told.get("accepted"):
            actions.accept_contribution(ctx, row)


def _write(ctx: Any, report: Report, texts: Mapping[str, str]) -> None:
    for code, text in texts.items():
        actions.edit_text(ctx, report.sections.get(code=code), text=text)
