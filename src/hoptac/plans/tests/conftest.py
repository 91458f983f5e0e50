"""A province's agencies with yearly plans in desk words: ``plans.draft("Huyện A", parent=...)``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from psycopg.types.range import DateRange

from hoptac.foundation.access import Context
from hoptac.jurisdiction import offices
from hoptac.jurisdiction.models import Agency
from hoptac.plans import actions
from tests.agencies import Province, province

__all__ = ("province",)


@dataclass
class Plans:
    """Plans of the province's agencies, and of districts with an office of their own."""

    province: Province
    units: Any
    officer: Callable[..., Context]
    year: int = 2021
    _districts: dict[str, Any] = field(default_factory=dict)
    _officers: dict[str, Context] = field(default_factory=dict)

    def district(self, name: str) -> Any:
        """Return the office of a district."""
        if name not in self._districts:
            self._districts[name] = Agency.objects.create(
                code=f"d{len(self._districts)}", name=f"UBND huyện {name}", short_name=name, kind="committee",
                unit=self.units.district(name), province_code=self.province.unit.province_code,
                valid=DateRange(date(2010, 1, 1), None),
            )  # fmt: skip
            offices.forget()
        return self._districts[name]

    def of(self, name: str, *, today: date | None = None) -> Context:
        """Return an officer: of a provincial agency by its name, of a district by the district's."""
        if name not in self._districts:
            return self.province.of(name, today=today)
        if name not in self._officers:
            self._officers[name] = self.officer("registrar", unit=self._districts[name].unit)
        return self._officers[name].by(today=today or self.province.today)

    def agency(self, name: str) -> Any:
        return self._districts.get(name) or self.province.agency(name)

    def draft(self, name: str = "Sở Kế hoạch", *, approver: str = "UBND tỉnh", **more: Any) -> Any:
        """Begin a plan of an agency."""
        more.setdefault("year", self.year)
        more.setdefault("tie", "Theo kế hoạch phát triển kinh tế - xã hội của tỉnh.")
        return actions.draft_plan(
            self.of(name), agency=self.agency(name), approver=self.agency(approver), **more
        )

    def target(
        self, plan: Any, code: str = "HTX-01", by: str = "Sở Kế hoạch", **values: Any
    ) -> Any:
        """Set a target."""
        values = {"name": "Tổng số hợp tác xã", "unit_name": "HTX", "planned": 10, **values}
        return actions.set_target(self.of(by), plan, code=code, values=values)

    def approved(
        self, name: str = "Sở Kế hoạch", *, approver: str = "UBND tỉnh", **more: Any
    ) -> Any:
        """Return a plan with one target, approved."""
        plan = self.draft(name, approver=approver, **more)
        if not plan.targets.exists():
            self.target(plan, by=name, measure="statistics.cooperatives")
        actions.submit(self.of(name), plan)
        actions.approve(self.of(approver), plan)
        return plan

    def issued(self, name: str = "Sở Kế hoạch", *, symbol: str = "12/KH-SKHĐT", **more: Any) -> Any:
        """Return a plan that was issued."""
        plan = self.approved(name, **more)
        actions.issue(self.of(name), plan, symbol=symbol, issued_on=self.province.today)
        return plan


@pytest.fixture
def plans(province: Province, units: Any, officer: Callable[..., Context]) -> Plans:
    return Plans(province, units, officer)
