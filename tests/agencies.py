"""A province's agencies, their officers, and tasks in desk words, for tests of tasks and above."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from psycopg.types.range import DateRange

from hoptac.foundation.access import Context
from hoptac.jurisdiction import offices
from hoptac.jurisdiction.models import Agency, AgencySuccession
from hoptac.tasks import actions
from hoptac.tasks.proofs import Shown

TODAY = date(2020, 9, 15)  # a Tuesday
PAPER = ("bao-cao.txt", "Đã làm xong.".encode())

_KINDS = {
    "Tỉnh ủy": "party", "Ban cán sự đảng": "party", "Ban Tuyên giáo": "party", "UBND tỉnh": "committee",
    "Sở Kế hoạch": "department", "Sở Nông nghiệp": "department", "Sở Tài chính": "department", "Mặt trận": "front",
}  # fmt: skip


@dataclass
class Province:
    """The province's agencies by the names people say, and officers who speak for them."""

    officer: Callable[..., Context]
    system: Context
    unit: Any
    today: date = TODAY
    _agencies: dict[str, Any] = field(default_factory=dict)
    _officers: dict[tuple[str, str], Context] = field(default_factory=dict)

    def agency(self, name: str, *, until: date | None = None) -> Any:
        if name not in self._agencies:
            self._agencies[name] = Agency.objects.create(
                code=f"a{len(self._agencies)}", name=name, short_name=name, kind=_KINDS[name], unit=self.unit,
                province_code=self.unit.province_code, valid=DateRange(date(2010, 1, 1), until),
            )  # fmt: skip
            offices.forget()
        return self._agencies[name]

    def ends(self, name: str, *, on: date, into: tuple[str, ...] = ()) -> Any:
        gone = self.agency(name)
        gone.valid = DateRange(date(2010, 1, 1), on)
        gone.save()
        for other in into:
            AgencySuccession.objects.create(predecessor=gone, successor=self.agency(other), on=on)
        offices.forget()
        return gone

    def of(self, name: str, role: str = "sector_officer", *, today: date | None = None) -> Context:
        """Return an officer of an agency, on a day."""
        key = (name, role)
        if key not in self._officers:
            self._officers[key] = self.officer(role, agency=self.agency(name))
        return self._officers[key].by(today=today or self.today)

    def task(
        self, *, by: str = "Tỉnh ủy", title: str = "Đào tạo cán bộ hợp tác xã", **more: Any
    ) -> Any:
        ctx = self.of(by)
        return actions.create_task(ctx, title=title, assigner=self.agency(by), **more)

    def assigned(self, lead: str = "Sở Kế hoạch", *, by: str = "UBND tỉnh", helpers: tuple[str, ...] = (),
                 accepted: bool = True, due_on: date | None = date(2020, 12, 15), **more: Any) -> Any:  # fmt: skip
        """Return a task given to an agency, which has accepted it."""
        more.setdefault("due", {"due_on": due_on})
        task = self.task(by=by, **more)
        actions.assign(self.of(by), task, lead=self.agency(lead),
                       coordinating=[self.agency(h) for h in helpers])  # fmt: skip
        if accepted:
            actions.accept_assignment(self.of(lead), self.line(task, lead))
        task.refresh_from_db()
        return task

    def line(self, task: Any, agency: str) -> Any:
        return task.assignments.now().get(agency=self.agency(agency))

    def report(self, task: Any, agency: str = "Sở Kế hoạch", *, today: date | None = None) -> Any:
        return actions.report_done(
            self.of(agency, today=today), self.line(task, agency), result="Đã mở 03 lớp.",
            shown=[Shown(file=PAPER, words="Danh sách")],
        )  # fmt: skip


@pytest.fixture
def province(officer: Callable[..., Context], the_system: Context, units: Any) -> Province:
    offices.forget()
    return Province(officer, the_system, units.province())
