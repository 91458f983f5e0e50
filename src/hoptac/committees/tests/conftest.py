"""A steering committee with its members, its officers and meetings, in desk words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from hoptac.committees import actions
from hoptac.foundation.access import Context
from hoptac.tasks.tests.conftest import Province
from hoptac.tasks.tests.conftest import province as province

DECISION = "Quyết định số 12/QĐ-BCĐ (minh họa)"


@dataclass
class Board:
    """A committee that the department of planning keeps, and what is done with it on a day."""

    province: Province
    committee: Any
    people: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.province.today

    @property
    def keeper(self) -> Context:
        return self.province.of("Sở Kế hoạch")

    @property
    def stranger(self) -> Context:
        return self.province.of("Sở Nông nghiệp")

    def seat(self, seat: str, name: str, **more: Any) -> Any:
        more.setdefault("post", "Lãnh đạo (minh họa)")
        more.setdefault("since", date(2020, 3, 1))
        self.people[name] = actions.appoint_member(
            self.keeper, self.committee, name=name, seat=seat, decision=DECISION, **more
        )
        return self.people[name]

    def meeting(self, *, days: int = 0, hour: int = 8, items: int = 2, **more: Any) -> Any:
        """Return a planned meeting so many days from today, with matters on its agenda."""
        at = timezone.make_aware(
            datetime.combine(self.today + timedelta(days=days), datetime.min.time())
        ).replace(hour=hour)
        found = actions.plan_meeting(
            self.keeper, self.committee, kind="regular", title="Phiên họp quý", starts_at=at,
            ends_at=at + timedelta(hours=2), place="Phòng họp số 1", chair=self.people["Nguyễn Trưởng"], **more,
        )  # fmt: skip
        for number in range(1, items + 1):
            actions.add_item(
                self.keeper,
                found,
                title=f"Nội dung {number}",
                presenter="Thư ký",
                planned_minutes=20,
            )
        found.refresh_from_db()
        return found

    def came(self, meeting: Any, **said: tuple[str, str]) -> dict[Any, tuple[str, str]]:
        return {m.pk: said.get(m.name, ("present", "")) for m in self.people.values()}

    def held(self, **more: Any) -> Any:
        """Return a meeting of today, invited and held, with everybody there."""
        meeting = self.meeting(**more)
        actions.invite(self.keeper, meeting, number="05/GM-BCĐ")
        actions.hold_meeting(self.keeper, meeting, came=self.came(meeting))
        meeting.refresh_from_db()
        return meeting

    def adopted(self, **more: Any) -> Any:
        """Return a held meeting whose minutes are adopted."""
        meeting = self.held(**more)
        texts = {i.pk: f"Đã thảo luận {i.title}." for i in meeting.items.all()}
        actions.write_minutes(self.keeper, meeting, said_of=texts)
        return actions.adopt_minutes(self.keeper, meeting)

    def concluded(self, *, symbol: str = "31/TB-BCĐ", is_open: bool = True, **more: Any) -> Any:
        """Return a meeting whose one conclusion became a task of the department of agriculture."""
        meeting = self.adopted(**more)
        actions.add_conclusion(
            self.keeper, meeting, content="Rà soát các hợp tác xã nông nghiệp.",
            lead=self.province.agency("Sở Nông nghiệp"), due_on=self.today + timedelta(days=30),
        )  # fmt: skip
        return actions.issue_conclusions(
            self.keeper, meeting, symbol=symbol, issued_on=self.today, is_open=is_open
        )


@pytest.fixture
def board(province: Any) -> Board:
    """Return the committee with a head, a deputy and a secretary; the secretary has an account."""
    standing = province.agency("Sở Kế hoạch")
    committee = actions.found_committee(
        province.of("Sở Kế hoạch"), name="Ban Chỉ đạo phát triển kinh tế tập thể tỉnh", unit=province.unit,
        standing=standing, founding="Quyết định số 1/QĐ-UBND (minh họa)", founded_on=date(2020, 3, 1),
    )  # fmt: skip
    found = Board(province, committee)
    found.seat("head", "Nguyễn Trưởng")
    found.seat("deputy", "Trần Phó", agency=standing)
    found.seat("secretary", "Lê Thư", user=province.of("Mặt trận").user)
    return found


Browse = Callable[[Context], Any]
