"""The course of a task: assigned, answered, reported with proof, judged by whoever gave it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.tasks import actions, selectors
from hoptac.tasks.models import Task
from hoptac.tasks.proofs import Shown
from hoptac.tasks.steps import present_term
from hoptac.tasks.tests.conftest import PAPER


def codes(refused: Any) -> set[str]:
    return {f.code for f in refused.value.findings}


def test_a_task_is_assigned_accepted_reported_with_proof_and_judged_done(province: Any) -> None:
    task = province.assigned()
    line = province.line(task, "Sở Kế hoạch")
    ctx = province.of("Sở Kế hoạch")
    actions.report_progress(
        ctx, line, words="Mở 01 lớp.", percent=30, difficulty="Thiếu giảng viên"
    )
    task.refresh_from_db()
    assert (task.state, task.percent) == ("under_way", 30)
    term = province.report(task)
    task.refresh_from_db()
    assert task.state == "reported"
    actions.judge_done(province.of("UBND tỉnh"), term, words="Đạt")
    task.refresh_from_db()
    assert (task.state, task.percent, task.done_on) == ("done", 100, province.today)
    kinds = list(task.steps.order_by("id").values_list("kind", flat=True))
    assert kinds == ["created", "assigned", "accepted", "progress", "reported", "judged_done"]
    assert Act.objects.filter(subject_id=str(task.pk), name="tasks.report_done").count() == 1


def test_two_lines_of_command_answer_for_one_work_and_its_proof_is_judged_once(
    province: Any,
) -> None:
    task = province.assigned("Ban cán sự đảng", by="Tỉnh ủy")
    above = province.line(task, "Ban cán sự đảng")
    given = actions.give_on(
        province.of("Ban cán sự đảng"), above, lead=province.agency("UBND tỉnh")
    )
    assert (above.chain, given.chain) == ("party", "state")
    actions.accept_assignment(province.of("UBND tỉnh"), given)
    given.refresh_from_db()
    doing = actions.give_on(province.of("UBND tỉnh"), given, lead=province.agency("Sở Kế hoạch"))
    actions.accept_assignment(province.of("Sở Kế hoạch"), doing)
    task.refresh_from_db()
    assert task.lead == province.agency("Sở Kế hoạch")
    with pytest.raises(Refused) as refused:
        province.report(task, "Ban cán sự đảng")
    assert codes(refused) == {"given_on_already"}
    term = province.report(task)
    with pytest.raises(OutOfReach):
        actions.judge_done(province.of("Tỉnh ủy"), term)
    actions.judge_done(province.of("UBND tỉnh"), term)
    task.refresh_from_db()
    assert task.state == "done"
    assert {line.chain for line in task.assignments.now()} == {"party", "state"}


def test_each_line_of_command_reads_its_own_steps_and_of_the_other_what_came_of_it(
    province: Any,
) -> None:
    task = province.assigned("Ban cán sự đảng", by="Tỉnh ủy")
    above = province.line(task, "Ban cán sự đảng")
    given = actions.give_on(
        province.of("Ban cán sự đảng"), above, lead=province.agency("UBND tỉnh")
    )
    actions.report_progress(province.of("Ban cán sự đảng"), above, words="Nội bộ Đảng")
    actions.accept_assignment(province.of("UBND tỉnh"), given)
    given.refresh_from_db()
    doing = actions.give_on(province.of("UBND tỉnh"), given, lead=province.agency("Sở Kế hoạch"))
    actions.accept_assignment(province.of("Sở Kế hoạch"), doing)
    actions.report_progress(province.of("Sở Kế hoạch"), doing, words="Sở đang làm")
    state_side = {s.words for s in selectors.course_seen(province.of("Sở Kế hoạch"), task)}
    party_side = {s.words for s in selectors.course_seen(province.of("Tỉnh ủy"), task)}
    assert "Sở đang làm" in state_side
    assert "Nội bộ Đảng" not in state_side
    assert "Nội bộ Đảng" in party_side
    overseer = province.of("Tỉnh ủy", "party_office")
    assert {"Nội bộ Đảng", "Sở đang làm"} <= {
        s.words for s in selectors.course_seen(overseer, task)
    }


def test_a_report_without_proof_is_refused(province: Any) -> None:
    task = province.assigned()
    with pytest.raises(Refused) as refused:
        actions.report_done(
            province.of("Sở Kế hoạch"), province.line(task, "Sở Kế hoạch"), result="Xong"
        )
    assert codes(refused) == {"proof_missing"}
    with pytest.raises(Refused) as refused:
        actions.report_done(province.of("Sở Kế hoạch"), province.line(task, "Sở Kế hoạch"), result="Xong",
                            shown=[Shown(record=("//other.example/x", "x"))])  # fmt: skip
    assert codes(refused) == {"proof_of_nothing"}
    task.refresh_from_db()
    assert task.state == "under_way"


def test_a_report_sent_back_is_open_again_and_may_be_withdrawn_before_it_is_judged(
    province: Any,
) -> None:
    task = province.assigned()
    term = province.report(task)
    with pytest.raises(Refused) as refused:
        actions.return_report(province.of("UBND tỉnh"), term, words=" ")
    assert codes(refused) == {"reason_missing"}
    actions.return_report(province.of("UBND tỉnh"), term, words="Thiếu danh sách học viên")
    task.refresh_from_db()
    assert task.state == "under_way"
    province.report(task)
    actions.withdraw_report(province.of("Sở Kế hoạch"), province.line(task, "Sở Kế hoạch"))
    with pytest.raises(Refused) as refused:
        actions.withdraw_report(province.of("Sở Kế hoạch"), province.line(task, "Sở Kế hoạch"))
    assert codes(refused) == {"nothing_reported"}


def test_who_judges_second_is_told_that_it_was_judged(province: Any) -> None:
    task = province.assigned()
    term = province.report(task)
    actions.judge_done(province.of("UBND tỉnh"), term)
    with pytest.raises(Refused) as refused:
        actions.judge_done(province.of("UBND tỉnh"), term)
    assert codes(refused) == {"nothing_reported"}


def test_a_refused_task_goes_back_and_is_assigned_to_another(province: Any) -> None:
    task = province.assigned(accepted=False)
    line = province.line(task, "Sở Kế hoạch")
    with pytest.raises(Refused) as refused:
        actions.refuse_assignment(province.of("Sở Kế hoạch"), line, words="")
    assert codes(refused) == {"reason_missing"}
    actions.refuse_assignment(province.of("Sở Kế hoạch"), line, words="Không thuộc chức năng")
    task.refresh_from_db()
    assert task.state == "refused"
    actions.assign(province.of("UBND tỉnh"), task, lead=province.agency("Sở Nông nghiệp"))
    task.refresh_from_db()
    line.refresh_from_db()
    assert (task.state, task.lead.name, line.ended) == ("assigned", "Sở Nông nghiệp", "reassigned")


def test_an_agency_hands_its_part_on_and_the_other_answers(province: Any) -> None:
    task = province.assigned(accepted=False)
    line = province.line(task, "Sở Kế hoạch")
    new = actions.hand_on(province.of("Sở Kế hoạch"), line, to=province.agency("Sở Nông nghiệp"),
                          words="Thuộc ngành nông nghiệp")  # fmt: skip
    assert (new.came_from, new.assigned_by.name) == (line, "UBND tỉnh")
    with pytest.raises(Refused) as refused:
        actions.accept_assignment(province.of("Sở Kế hoạch"), line)
    assert codes(refused) == {"line_over"}
    actions.accept_assignment(province.of("Sở Nông nghiệp"), new)


def test_what_was_given_on_can_be_taken_back(province: Any) -> None:
    task = province.assigned("UBND tỉnh", by="Tỉnh ủy")
    line = province.line(task, "UBND tỉnh")
    given = actions.give_on(province.of("UBND tỉnh"), line, lead=province.agency("Sở Kế hoạch"))
    with pytest.raises(Refused) as refused:
        actions.give_on(province.of("UBND tỉnh"), line, lead=province.agency("Sở Nông nghiệp"))
    assert codes(refused) == {"given_on_already"}
    actions.release(province.of("UBND tỉnh"), line, released=given, words="Giao cơ quan khác")
    task.refresh_from_db()
    assert task.lead.name == "UBND tỉnh"
    actions.give_on(province.of("UBND tỉnh"), line, lead=province.agency("Sở Nông nghiệp"))


def test_only_who_speaks_for_an_agency_acts_for_it(province: Any) -> None:
    task = province.assigned()
    line = province.line(task, "Sở Kế hoạch")
    stranger = province.of("Sở Nông nghiệp")
    for act in (
        lambda: actions.report_progress(stranger, line, words="x"),
        lambda: actions.refuse_assignment(stranger, line, words="x"),
        lambda: actions.assign(stranger, task, lead=province.agency("Sở Nông nghiệp")),
        lambda: actions.cancel_task(stranger, task, words="x"),
        lambda: actions.create_task(stranger, title="x", assigner=province.agency("UBND tỉnh")),
    ):
        with pytest.raises(OutOfReach):
            act()


def test_an_agency_leads_or_helps_and_must_exist(province: Any) -> None:
    task = province.task(by="UBND tỉnh")
    ubnd, so = province.of("UBND tỉnh"), province.agency("Sở Kế hoạch")
    with pytest.raises(Refused) as refused:
        actions.assign(ubnd, task, lead=so, coordinating=[so])
    assert codes(refused) == {"leads_and_helps"}
    province.ends("Sở Tài chính", on=date(2020, 1, 1))
    with pytest.raises(Refused) as refused:
        actions.assign(ubnd, task, lead=province.agency("Sở Tài chính"))
    assert codes(refused) == {"agency_over"}


def test_the_due_day_is_moved_with_a_reason_and_the_one_before_is_kept(province: Any) -> None:
    task = province.assigned()
    ubnd = province.of("UBND tỉnh")
    with pytest.raises(Refused) as refused:
        actions.extend(ubnd, task, due_on=date(2020, 9, 1), words="Chậm")
    assert codes(refused) == {"due_passed"}
    actions.extend(ubnd, task, due_on=date(2021, 1, 31), words="Dịch bệnh")
    task.refresh_from_db()
    step = task.steps.get(kind="extended")
    assert task.due_on == date(2021, 1, 31)
    assert step.details == {"before": "2020-12-15", "after": "2021-01-31"}


def test_a_task_waits_for_another_and_two_cannot_wait_for_each_other(province: Any) -> None:
    first, second = province.assigned(title="Khảo sát"), province.assigned(title="Mở lớp")
    ubnd = province.of("UBND tỉnh")
    actions.wait_for(ubnd, second, needed=first)
    with pytest.raises(Refused) as refused:
        actions.wait_for(ubnd, first, needed=second)
    assert codes(refused) == {"waits_in_circle"}
    with pytest.raises(Refused) as refused:
        province.report(second)
    assert codes(refused) == {"needed_not_done"}
    actions.judge_done(ubnd, province.report(first))
    province.report(second)


def test_a_task_called_off_takes_its_parts_with_it_and_can_be_opened_again(province: Any) -> None:
    task = province.assigned()
    part = province.task(by="UBND tỉnh", title="Phần một", parent=task)
    ubnd = province.of("UBND tỉnh")
    actions.cancel_task(ubnd, task, words="Không còn phù hợp")
    part.refresh_from_db()
    assert part.state == "cancelled"
    actions.reopen_task(ubnd, task, words="Làm lại")
    task.refresh_from_db()
    assert task.state == "under_way"
    assert present_term(task) is not None


def test_a_task_cannot_become_part_of_itself(province: Any) -> None:
    task = province.task(by="UBND tỉnh")
    part = province.task(by="UBND tỉnh", title="Phần một", parent=task)
    with pytest.raises(Refused) as refused:
        actions.edit_task(province.of("UBND tỉnh"), task, values={}, parent=part)
    assert codes(refused) == {"part_of_itself"}


def test_an_old_version_is_told(province: Any) -> None:
    task = province.assigned()
    with pytest.raises(Conflict):
        actions.extend(
            province.of("UBND tỉnh"), task, due_on=date(2021, 1, 31), words="x", expected_version=1
        )


def test_the_officer_named_must_have_a_mandate_in_the_agency(province: Any) -> None:
    task = province.assigned()
    line = province.line(task, "Sở Kế hoạch")
    other = province.of("Sở Nông nghiệp").user
    with pytest.raises(Refused) as refused:
        actions.name_officer(province.of("Sở Kế hoạch"), line, officer=other)
    assert codes(refused) == {"no_mandate_there"}
    own = province.of("Sở Kế hoạch").user
    actions.name_officer(province.of("Sở Kế hoạch"), line, officer=own)
    assert list(selectors.officers_of(province.agency("Sở Kế hoạch"), province.today)) == [own]


def test_a_restricted_task_is_seen_by_its_parties_only(province: Any) -> None:
    task = province.assigned(reach="recipients")
    for name, sees in (("Sở Kế hoạch", True), ("UBND tỉnh", True), ("Sở Nông nghiệp", False)):
        assert selectors.tasks_seen(province.of(name)).filter(pk=task.pk).exists() is sees
    assert not selectors.may_see_course(
        province.of("Sở Nông nghiệp"), province.assigned(title="Mở")
    )


def test_the_heaps_count_what_waits_for_whom(province: Any) -> None:
    province.assigned(accepted=False)
    reported = province.assigned(title="Hai")
    province.report(reported)
    province.assigned(title="Ba", due_on=date(2020, 9, 20))
    later = date(2020, 10, 1)
    so = selectors.heap_counts(province.of("Sở Kế hoạch", today=later))
    assert {k: so[k] for k in ("mine", "to_answer", "late")} == {
        "mine": 3,
        "to_answer": 1,
        "late": 1,
    }
    ubnd = selectors.heap_counts(province.of("UBND tỉnh", today=later))
    assert {k: ubnd[k] for k in ("to_judge", "given", "given_late")} == {
        "to_judge": 1,
        "given": 3,
        "given_late": 1,
    }
    assert Task.objects.count() == 3


def test_a_file_brought_as_proof_is_kept(province: Any) -> None:
    task = province.assigned()
    province.report(task)
    proof = task.steps.get(kind="reported").proofs.get()
    assert (proof.kind, proof.file.name, proof.words) == ("file", PAPER[0], "Danh sách")


def test_an_order_to_many_gives_each_its_own_part_and_stays_with_who_ordered_it(
    province: Any,
) -> None:
    task = province.task(by="UBND tỉnh", due={"rhythm": "year", "month": 12, "day": 15})
    ubnd, names = province.of("UBND tỉnh"), ("Sở Kế hoạch", "Sở Nông nghiệp")
    parts = actions.spread(ubnd, task, agencies=[province.agency(n) for n in names])
    task.refresh_from_db()
    assert [(p.lead.name, p.parent_id, p.rhythm) for p in parts] == [
        (n, task.pk, "year") for n in names
    ]
    assert (task.state, task.lead.name) == ("under_way", "UBND tỉnh")
    more = [province.agency(n) for n in (*names, "Sở Tài chính")]
    assert [p.lead.name for p in actions.spread(ubnd, task, agencies=more)] == ["Sở Tài chính"]
    with pytest.raises(Refused) as refused:
        actions.spread(ubnd, task, agencies=[])
    assert codes(refused) == {"agencies_missing"}


def test_the_desk_that_keeps_a_line_of_command_orders_tasks_for_its_own_bodies(
    province: Any, officer: Any, units: Any
) -> None:
    province.agency("Tỉnh ủy")
    province.agency("UBND tỉnh")
    party = officer("party_office", unit=units.province()).by(today=province.today)
    state = officer("department_officer", unit=units.province()).by(today=province.today)
    district = officer("department_officer", unit=units.district("Giồng Riềng")).by(
        today=province.today
    )
    actions.create_task(party, title="Quán triệt", assigner=province.agency("Tỉnh ủy"))
    actions.create_task(state, title="Rà soát", assigner=province.agency("UBND tỉnh"))
    for ctx, name in ((state, "Tỉnh ủy"), (district, "UBND tỉnh"), (party, "Sở Kế hoạch")):
        with pytest.raises(OutOfReach):
            actions.create_task(ctx, title="Việc", assigner=province.agency(name))
