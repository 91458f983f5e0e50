# ruff: noqa: E501  (a table, one act a line)
"""The acts upon reports: what each needs and how it is done (a part of every_act.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hoptac.foundation.access import Context, system_context
from hoptac.reports import actions as reports
from hoptac.reports.models import Contribution, Report
from tests.reliability.acts_of_tasks import agency

_SIGNED = {"signer": "Nguyễn Văn A", "signer_post": "Chủ tịch"}


def report(stage: Any, until: str = "begun") -> Report:
    """Return a yearly report brought as far as a stage by the system."""
    ctx = system_context()
    found = reports.begin_report(
        ctx, kind="year", year=ctx.today.year, issuer=agency(stage, kind="committee")
    )
    if until == "begun":
        return found
    reports.assemble(ctx, found)
    if until == "assembled":
        return found
    reports.submit(ctx, found)
    if until == "submitted":
        return found
    return reports.sign(ctx, found, **_SIGNED)


def contribution(stage: Any, *, handed_in: bool = True) -> Contribution:
    """Return what an agency was asked for, handed in unless told otherwise."""
    ctx = system_context()
    found = reports.ask_contributions(
        ctx, report(stage), sections=["chinh_sach"], agencies=[agency(stage)],
        due_on=ctx.today + timedelta(days=9),
    )[0]  # fmt: skip
    return reports.hand_in(ctx, found, text="Đã làm") if handed_in else found


def rows(known: Callable[..., Any]) -> dict[str, Any]:
    """Return a row for each act; ``known`` makes one (``every_act.Known``)."""

    def step(
        act: Callable[..., Any], ready: Callable[[Any], Any], *, entries: int = 1, **details: Any
    ) -> Any:
        def do(ctx: Context, subject: Any, **more: Any) -> Any:
            return act(ctx, subject, **details, **more)

        return known(ready, do, "reports.report", entries=entries, edits=do)

    def begin(ctx: Context, issuer: Any) -> Any:
        return reports.begin_report(ctx, kind="year", year=ctx.today.year, issuer=issuer)

    def ask(ctx: Context, pair: Any, **more: Any) -> Any:
        day = ctx.today + timedelta(days=9)
        return reports.ask_contributions(
            ctx, pair[0], sections=["chinh_sach"], agencies=[pair[1]], due_on=day, **more
        )

    def distribute(ctx: Context, pair: Any, **more: Any) -> Any:
        return reports.distribute(ctx, pair[0], agencies=[pair[1]], **more)

    return {
        "reports.begin": known(lambda s: agency(s, kind="committee"), begin, "reports.report"),
        "reports.refresh_figures": step(reports.refresh_figures, report),
        "reports.edit_text": step(reports.edit_text, lambda s: report(s).sections.get(code="kho_khan"), text="Thiếu vốn"),
        "reports.choose_words": step(reports.choose_words, report),
        "reports.ask_contributions": known(lambda s: (report(s), agency(s)), ask, "reports.report", edits=ask),
        "reports.hand_in": step(reports.hand_in, lambda s: contribution(s, handed_in=False), text="Đã làm"),
        "reports.accept_contribution": step(reports.accept_contribution, contribution),
        "reports.return_contribution": step(reports.return_contribution, contribution, words="thiếu"),
        "reports.assemble": step(reports.assemble, report),
        "reports.submit": step(reports.submit, lambda s: report(s, "assembled")),
        "reports.send_back": step(reports.send_back, lambda s: report(s, "submitted"), words="sửa"),
        "reports.sign": step(reports.sign, lambda s: report(s, "submitted"), **_SIGNED),
        "reports.distribute": known(lambda s: (report(s, "signed"), agency(s)), distribute, "reports.report", entries=3, edits=distribute),
        "reports.withdraw": step(reports.withdraw, report, words="lập lại"),
    }  # fmt: skip
