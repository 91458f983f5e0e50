# ruff: noqa: E501  (a table, one act a line)
"""The acts upon committees, meetings and following officers (a part of every_act.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from hoptac.committees import actions as committees
from hoptac.foundation.access import Context, system_context
from tests.reliability.acts_of_tasks import agency

_NUMBER = count(1)
_C, _M, _O = "committees.committee", "committees.meeting", "committees.followingofficer"
_SINCE = date(2020, 1, 1)


def committee(stage: Any, standing: Any = None) -> Any:
    """Return a new committee of the commune's province, kept by a new agency."""
    standing = standing or agency(stage)
    return committees.found_committee(
        system_context(), name=f"Ban Chỉ đạo {next(_NUMBER)}", unit=standing.unit, standing=standing, founding="QĐ 1",
        founded_on=_SINCE,
    )  # fmt: skip


def member(stage: Any, of: Any = None) -> Any:
    return committees.appoint_member(
        system_context(), of or committee(stage), name=f"Người {next(_NUMBER)}", post="Lãnh đạo", seat="head", since=_SINCE,
        decision="QĐ 1",
    )  # fmt: skip


def charge(stage: Any) -> Any:
    return committees.assign_charge(
        system_context(), member(stage), content="Nông nghiệp", since=_SINCE
    )


def meeting(stage: Any, until: str = "planned", standing: Any = None) -> Any:
    """Return a meeting of today brought as far as a stage by the system."""
    ctx = system_context()
    head = member(stage, committee(stage, standing))
    at = timezone.make_aware(datetime.combine(ctx.today, datetime.min.time())) + timedelta(hours=8)
    found = committees.plan_meeting(
        ctx, head.committee, kind="regular", title="Họp", starts_at=at, ends_at=at + timedelta(hours=1), place="Phòng 1", chair=head
    )  # fmt: skip
    item = committees.add_item(ctx, found, title="Nội dung")
    found.refresh_from_db()
    if until == "planned":
        return found
    committees.hold_meeting(ctx, found, came={head.pk: ("present", "")})
    found.refresh_from_db()
    if until == "held":
        return found
    committees.add_conclusion(
        ctx, found, content="Làm", lead=agency(stage), due_on=ctx.today + timedelta(days=9)
    )
    committees.write_minutes(ctx, found, said_of={item.pk: "Đã nghe"})
    if until == "written":
        return found
    return committees.adopt_minutes(ctx, found)


def item(stage: Any, until: str = "planned") -> Any:
    return meeting(stage, until).items.get()


def paper(stage: Any) -> Any:
    return committees.add_paper(system_context(), item(stage), file=("bao-cao.txt", b"x"))


def conclusion(stage: Any) -> Any:
    return meeting(stage, "written").conclusions.get()


def officer(stage: Any, of: Any = None) -> Any:
    return committees.name_following_officer(
        system_context(), agency=of or agency(stage), name=f"Cán bộ {next(_NUMBER)}", post="Chuyên viên", since=_SINCE, decision="QĐ 2"
    )  # fmt: skip


def training(stage: Any, of: Any = None) -> Any:
    return _train(system_context(), officer(stage, of))


def _train(ctx: Context, subject: Any) -> Any:
    return committees.record_training(
        ctx,
        subject,
        course="Bồi dưỡng",
        provider="Trường",
        hours=8,
        begins_on=_SINCE,
        ends_on=_SINCE,
    )


def rows(known: Callable[..., Any]) -> dict[str, Any]:
    """Return a row for each act; ``known`` makes one (``every_act.Known``)."""

    def told(
        ready: Callable[[Any], Any], do: Callable[..., Any], subject: str, *, entries: int = 1
    ) -> Any:
        return known(ready, do, subject, entries=entries, edits=do)

    def step(
        act: Callable[..., Any],
        ready: Callable[[Any], Any],
        subject: str,
        *,
        edits: bool = False,
        entries: int = 1,
        **details: Any,
    ) -> Any:
        def do(ctx: Context, found: Any, **more: Any) -> Any:
            return act(ctx, found, **details, **more)

        more = {"edits": do} if edits else {}
        return known(ready, do, subject, entries=entries, **more)

    today = system_context().today
    return {
        "committees.found_committee": known(agency, lambda ctx, a: committees.found_committee(ctx, name=f"Ban {next(_NUMBER)}", unit=a.unit, standing=a, founding="QĐ 1", founded_on=_SINCE), _C),
        "committees.change_committee": told(committee, lambda ctx, c, **more: committees.change_committee(ctx, c, name="Tên khác", standing=c.standing, words="QĐ 3", **more), _C),
        "committees.dissolve_committee": step(committees.dissolve_committee, committee, _C, edits=True, on=today, ending="QĐ 4"),
        "committees.adopt_regulation": step(committees.adopt_regulation, committee, _C, title="Quy chế", decision="QĐ 5", in_force_on=_SINCE),
        "committees.appoint_member": step(committees.appoint_member, committee, _C, name="Ai", post="x", seat="member", since=_SINCE, decision="QĐ 6"),
        "committees.relieve_member": step(committees.relieve_member, member, _C, edits=True, on=today, ending="QĐ 7"),
        "committees.assign_charge": step(committees.assign_charge, member, _C, content="Thương mại", since=_SINCE),
        "committees.end_charge": step(committees.end_charge, charge, _C, edits=True, until=today),
        "committees.plan_meeting": known(member, lambda ctx, m: committees.plan_meeting(ctx, m.committee, kind="regular", title="Họp", starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1), place="Phòng", chair=m), _M),
        "committees.move_meeting": told(meeting, lambda ctx, m, **more: committees.move_meeting(ctx, m, title="Họp", starts_at=m.starts_at, ends_at=m.ends_at, place="Phòng 2", chair=m.chair, **more), _M),
        "committees.add_item": step(committees.add_item, meeting, _M, title="Thêm"),
        "committees.move_item": step(committees.move_item, item, _M, up=True),
        "committees.drop_item": step(committees.drop_item, item, _M),
        "committees.add_paper": step(committees.add_paper, item, _M, file=("a.txt", b"x")),
        "committees.drop_paper": step(committees.drop_paper, paper, _M),
        "committees.invite": step(committees.invite, meeting, _M, edits=True, number="5/GM"),
        "committees.cancel_meeting": step(committees.cancel_meeting, meeting, _M, edits=True, words="mưa bão"),
        "committees.hold_meeting": told(meeting, lambda ctx, m, **more: committees.hold_meeting(ctx, m, came={m.chair_id: ("present", "")}, **more), _M),
        "committees.write_minutes": told(lambda s: meeting(s, "held"), lambda ctx, m, **more: committees.write_minutes(ctx, m, said_of={m.items.get().pk: "Đã nghe"}, **more), _M),
        "committees.adopt_minutes": step(committees.adopt_minutes, lambda s: meeting(s, "written"), _M, edits=True),
        "committees.add_conclusion": step(committees.add_conclusion, lambda s: meeting(s, "held"), _M, edits=True, content="Thống nhất", kind="noted"),
        "committees.drop_conclusion": told(lambda s: ((c := conclusion(s)).meeting, c), lambda ctx, p, **more: committees.drop_conclusion(ctx, p[0], conclusion=p[1], **more), _M),
        "committees.issue_conclusions": told(lambda s: meeting(s, "adopted"), lambda ctx, m, **more: committees.issue_conclusions(ctx, m, symbol=f"{next(_NUMBER)}/TB-BCĐ", issued_on=ctx.today, **more), _M, entries=5),
        "committees.name_following_officer": known(agency, lambda ctx, a: committees.name_following_officer(ctx, agency=a, name="Ai", post="x", since=_SINCE, decision="QĐ 8"), _O),
        "committees.end_officer": step(committees.end_officer, officer, _O, edits=True, on=today, ending="QĐ 9"),
        "committees.hand_over": step(committees.hand_over, officer, _O, edits=True, entries=2, on=today, decision="QĐ 9", name="Ai Khác", post="x"),
        "committees.record_training": known(officer, _train, _O),
        "committees.retire_training": step(committees.retire_training, training, _O),
        "committees.export": known(lambda s: None, lambda ctx, x: committees.record_officers_export(ctx, format="csv", rows=0)),
    }  # fmt: skip
