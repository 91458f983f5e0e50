"""The province of the tasks' tests, with a plan whose tasks went different ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from hoptac.directives.models import Directive
from hoptac.reports import actions
from hoptac.reports.models import Report
from hoptac.tasks import actions as tasks
from hoptac.tasks.tests.conftest import Province, province  # noqa: F401  (fixture)


@dataclass
class Plan:
    """A plan of the Party committee and its tasks, and reports on it."""

    province: Province
    directive: Any

    def task(self, title: str, *, due_on: date, lead: str = "Sở Kế hoạch", **more: Any) -> Any:
        return self.province.assigned(
            lead, by="UBND tỉnh", title=title, due_on=due_on, directive=self.directive, **more
        )

    def done(
        self, title: str, *, due_on: date, reported: date, lead: str = "Sở Kế hoạch", **more: Any
    ) -> Any:
        task = self.task(title, due_on=due_on, lead=lead, **more)
        term = self.province.report(task, lead, today=reported)
        tasks.judge_done(self.province.of("UBND tỉnh", today=reported), term)
        return task

    def report(
        self, by: str = "UBND tỉnh", *, kind: str = "quarter", today: date, **more: Any
    ) -> Report:
        more = {"year": 2020, "part": 3, **more} if kind == "quarter" else {"year": 2020, **more}
        return actions.begin_report(
            self.province.of(by, today=today), kind=kind, issuer=self.province.agency(by),
            directive=self.directive, **more,
        )  # fmt: skip

    def signed(self, by: str = "UBND tỉnh", *, today: date, **more: Any) -> Report:
        ctx = self.province.of(by, today=today)
        report = self.report(by, today=today, **more)
        actions.assemble(ctx, report)
        actions.submit(ctx, report)
        return actions.sign(ctx, report, signer="Nguyễn Văn Minh Họa", signer_post="Chủ tịch",
                            on_behalf_of="Ủy ban nhân dân")  # fmt: skip


@pytest.fixture
def plan(province: Province, settings: Any, tmp_path: Any) -> Plan:  # noqa: F811
    settings.MEDIA_ROOT = tmp_path
    directive = Directive.objects.create(
        province_code=province.unit.province_code, chain="party", level="province", kind="plan", number="12",
        symbol="12-KH/TU", title="thực hiện Kết luận số 70-KL/TW", issuer_name="Tỉnh ủy Kiên Giang",
        issued_on=date(2020, 5, 20),
    )  # fmt: skip
    return Plan(province, directive)
