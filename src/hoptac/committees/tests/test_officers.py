"""Following officers: named, loaded with tasks, handed over, trained."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hoptac.committees import actions, papers, selectors
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.documents.official import to_docx
from hoptac.foundation.documents.tests.test_typesetting import text_of
from hoptac.foundation.findings import Refused
from hoptac.tasks import actions as tasks

SPRING, AUTUMN = date(2020, 3, 1), date(2020, 9, 10)
BY = "Quyết định số 5/QĐ-SKHĐT"


def codes(refused: Any) -> set[str]:
    return set(refused.value.codes)


def named(
    province: Any, agency: str = "Sở Kế hoạch", name: str = "Võ Theo Dõi", **more: Any
) -> Any:
    more.setdefault("user", province.of(agency).user)
    return actions.name_following_officer(
        province.of(agency), agency=province.agency(agency), name=name, post="Chuyên viên", since=SPRING,
        decision=BY, **more,
    )  # fmt: skip


def test_an_agency_names_its_own_officer_once(province: Any) -> None:
    named(province)
    with pytest.raises(Refused) as refused:
        named(province)
    assert codes(refused) == {"named_already"}
    with pytest.raises(OutOfReach):
        actions.name_following_officer(
            province.of("Sở Tài chính"), agency=province.agency("Sở Kế hoạch"), name="Ai", post="x", since=SPRING,
            decision=BY,
        )  # fmt: skip


def test_the_load_counts_open_and_late_tasks_that_the_reader_may_see(province: Any) -> None:
    officer = named(province)
    for due, reach in ((date(2020, 9, 1), "open"), (date(2020, 12, 1), "recipients")):
        task = province.assigned(due_on=due, reach=reach)
        tasks.name_officer(
            province.of("Sở Kế hoạch"), province.line(task, "Sở Kế hoạch"), officer=officer.user
        )
    rows = {a.agency.name: a for a in selectors.officers_by_agency(province.of("Sở Kế hoạch"))}
    assert [(o.open, o.late) for o in rows["Sở Kế hoạch"].officers] == [(2, 1)]
    rows = {a.agency.name: a for a in selectors.officers_by_agency(province.of("Sở Nông nghiệp"))}
    assert [(o.open, o.late) for o in rows["Sở Kế hoạch"].officers] == [(1, 1)]
    without = selectors.officers_by_agency(province.of("Sở Kế hoạch"), only="without")
    assert "Sở Kế hoạch" not in {a.agency.name for a in without}
    assert "UBND tỉnh" in {a.agency.name for a in without}


def test_a_handover_moves_the_tasks_and_its_minutes_list_them(province: Any) -> None:
    officer = named(province)
    task = province.assigned()
    line = province.line(task, "Sở Kế hoạch")
    tasks.name_officer(province.of("Sở Kế hoạch"), line, officer=officer.user)
    new = province.of("Sở Kế hoạch", "registration_officer").user
    with pytest.raises(Refused) as refused:
        actions.end_officer(province.of("Sở Kế hoạch"), officer, on=AUTUMN, ending="Nghỉ hưu")
    assert codes(refused) == {"tasks_left"}
    handover = actions.hand_over(
        province.of("Sở Kế hoạch"), officer, on=AUTUMN, decision=BY, name="Đỗ Nhận Việc", post="Chuyên viên",
        user=new,
    )  # fmt: skip
    line.refresh_from_db()
    officer.refresh_from_db()
    assert line.officer == new
    assert [t["number"] for t in handover.tasks] == [task.number]
    assert officer.valid.upper == handover.taking.valid.lower == AUTUMN
    assert selectors.handovers_of(province.of("Sở Nông nghiệp"), officer) == []
    assert len(selectors.handovers_of(province.of("Sở Kế hoạch"), officer)) == 1


def test_the_minutes_of_a_handover_are_printed_for_both_sides_to_sign(province: Any) -> None:
    officer = named(province, fields="Nông nghiệp")
    task = province.assigned(title="Rà soát hợp tác xã", due_on=date(2020, 12, 1))
    own = province.of("Sở Kế hoạch")
    tasks.name_officer(own, province.line(task, "Sở Kế hoạch"), officer=officer.user)
    new = province.of("Sở Kế hoạch", "registration_officer").user
    handover = actions.hand_over(
        own, officer, on=AUTUMN, decision=BY, name="Đỗ Nhận Việc", post="Chuyên viên", user=new,
        words="Kèm hồ sơ giấy.",
    )  # fmt: skip
    seen = selectors.handover_seen(own, handover.pk)
    assert seen is not None
    document = papers.handover_minutes(seen, seen.listed)  # type: ignore[attr-defined]
    said = text_of(papers.as_pdf(document))
    for part in (
        "BIÊN BẢN", "bàn giao công việc theo dõi kinh tế tập thể", f"Căn cứ {BY}", "BÊN GIAO", "BÊN NHẬN",
        "Võ Theo Dõi", "Đỗ Nhận Việc", "Nông nghiệp", task.number, "Rà soát hợp tác xã", "Chủ trì", "01/12/2020",
        "Kèm hồ sơ giấy.", "ngày 10 tháng 9 năm 2020", "THỦ TRƯỞNG CƠ QUAN",
    ):  # fmt: skip
        assert part in said, part
    assert "Số:" not in said, "minutes have no number"
    assert papers.name_of(document, "docx").startswith("Biên bản bàn giao công việc")
    assert to_docx(document)[:2] == b"PK"
    less = text_of(papers.as_pdf(papers.handover_minutes(seen, [])))
    assert "còn 1 nhiệm vụ mà người in biên bản này không được xem" in less
    assert selectors.handover_seen(province.of("Sở Nông nghiệp"), handover.pk) is None


def test_open_tasks_do_not_pass_to_somebody_who_cannot_do_them(province: Any) -> None:
    officer = named(province)
    task = province.assigned()
    line = province.line(task, "Sở Kế hoạch")
    tasks.name_officer(province.of("Sở Kế hoạch"), line, officer=officer.user)
    for user, code in (
        (None, "account_missing"),
        (province.of("Sở Tài chính").user, "no_mandate_there"),
    ):
        with pytest.raises(Refused) as refused:
            actions.hand_over(
                province.of("Sở Kế hoạch"), officer, on=AUTUMN, decision=BY, name="Ai Đó", post="x", user=user
            )  # fmt: skip
        assert codes(refused) == {code}
    line.refresh_from_db()
    assert line.officer == officer.user


def test_an_officer_of_the_agency_may_take_over_beside_the_own_work(province: Any) -> None:
    officer = named(province)
    other = named(
        province,
        name="Hồ Cùng Cơ Quan",
        user=province.of("Sở Kế hoạch", "registration_officer").user,
    )
    handover = actions.hand_over(
        province.of("Sở Kế hoạch"), officer, on=AUTUMN, decision=BY, to=other
    )
    assert handover.taking == other
    with pytest.raises(Refused) as refused:
        actions.hand_over(province.of("Sở Kế hoạch"), other, on=AUTUMN, decision=BY, to=officer)
    assert codes(refused) == {"taker_impossible"}


def test_training_is_counted_until_it_is_taken_back(province: Any) -> None:
    ctx, officer = province.of("Sở Kế hoạch"), named(province)
    given = {
        "provider": "Trường Chính trị",
        "begins_on": date(2020, 6, 1),
        "ends_on": date(2020, 6, 3),
    }
    course = actions.record_training(ctx, officer, course="Bồi dưỡng KTTT", hours=24, **given)
    with pytest.raises(Refused) as refused:
        actions.record_training(ctx, officer, course="Bồi dưỡng KTTT", hours=24, **given)
    assert codes(refused) == {"known_already"}
    totals = selectors.officer_totals(selectors.officers_by_agency(ctx))
    assert (totals.officers, totals.trained, totals.hours) == (1, 1, 24)
    actions.retire_training(ctx, course)
    assert selectors.officer_totals(selectors.officers_by_agency(ctx)).trained == 0
    with pytest.raises(Refused) as refused:
        actions.record_training(
            ctx, officer, course="Lạ", hours=8, provider="x", begins_on=date(2020, 9, 1), ends_on=date(2021, 1, 1)
        )  # fmt: skip
    assert codes(refused) == {"date_in_future"}
