"""A watched body and the officers who handle its case, in desk words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from hoptac.cases import actions
from hoptac.foundation.access import Context

TODAY = date(2026, 3, 2)  # a Monday


@dataclass
class Watch:
    """A desk that watches; ``on`` is the day it is. Somebody else decides filings."""

    ctx: Context
    cooperative: Callable[..., Any]

    def on(self, day: date) -> Watch:
        return Watch(self.ctx.by(today=day), self.cooperative)

    def body(self, **more: Any) -> Any:
        """Return a body of twelve members whose last general meeting was in April 2024."""
        given = {"members": 12, "district": "Giồng Riềng", "working_state": "operating", **more}
        body = self.cooperative(ctx=self.ctx, **given)
        actions.record_date(
            self.ctx, body, kind="meeting", on=date(2024, 4, 20), document="Biên bản 01"
        )
        return body

    def case(self, body: Any = None, *, until: str = "opened") -> Any:
        """Return a case brought as far as a stage."""
        case = actions.open_case(self.ctx, body or self.body())
        if until == "opened":
            return case
        self.visit(case)
        if until == "visited":
            return case
        actions.send_notice(self.ctx, case, signatory="Lê Văn Chín")
        if until == "noticed":
            return case
        actions.receive_explanation(self.ctx, case, words="Sẽ tổ chức đại hội.", by="Giám đốc")
        if until == "explained":
            return case
        actions.weigh(self.ctx, case, words="Chưa khắc phục.")
        return case

    def visit(self, case: Any, **more: Any) -> Any:
        sheet = {
            "visited_on": self.ctx.today, "visitors": "Trần Thị Sở", "at_address": "yes",
            "has_sign": "no", "operates": "yes", "has_books": "unclear",
            "findings": "Còn hoạt động, chưa họp.", **more,
        }  # fmt: skip
        keep = bool(more.get("members_counted") or more.get("last_meeting_on"))
        return actions.record_visit(self.ctx, case, sheet=sheet, keep=keep)


@pytest.fixture
def watch(cooperative: Callable[..., Any], the_system: Context) -> Watch:
    return Watch(the_system.by(today=TODAY), cooperative)
