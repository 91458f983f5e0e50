"""A case from the watch list to its end, and every way back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hoptac.cases import actions
from hoptac.cases.models import Case, KeptDate, Letter
from hoptac.cases.steps import last_standing
from hoptac.cases.terms import State
from hoptac.cases.watch import judged_body
from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.findings import Refused
from hoptac.foundation.working_days import add_working_days
from hoptac.registration import actions as desk
from hoptac.registration.models import Mark
from hoptac.registry.models import Period

pytestmark = pytest.mark.django_db


def refused(act, *args, **details):
    with pytest.raises(Refused) as found:
        act(*args, **details)
    return found.value.codes


def marks(case):
    rows = Mark.objects.live().filter(cooperative=case.cooperative_id)
    return [m for m in rows if m.valid.upper is None]


def standing(body, code, day):
    return next(j.standing for j in judged_body(body, day) if j.code == code)


def test_a_visit_that_finds_a_meeting_saves_the_body(watch):
    case = watch.case()
    watch.visit(case, last_meeting_on=date(2026, 1, 15), members_counted=14)
    assert standing(case.cooperative, "no_meeting", watch.ctx.today) == "running"
    assert Period.objects.get(cooperative=case.cooperative, is_latest=True).members == 14
    assert refused(actions.send_notice, watch.ctx, case, signatory="A") == {"no_ground_over"}
    actions.close(watch.ctx, case, closing="mended", words="Đã họp đại hội ngày 15/01/2026.")
    assert case.state == State.CLOSED
    assert not marks(case)
    assert not Letter.objects.exists()  # it was never notified


def test_nothing_is_noticed_from_the_database_alone(watch):
    case = watch.case()
    assert refused(actions.send_notice, watch.ctx, case, signatory="A") == {"state_passed"}
    assert refused(actions.waive_visit, watch.ctx, case, words=" ") == {"reason_missing"}
    actions.waive_visit(watch.ctx, case, words="Địa bàn ngập, không đến được.")
    actions.send_notice(watch.ctx, case, signatory="Lê Văn Chín")
    assert case.state == State.NOTICED


def test_a_case_that_stands_as_visited_without_a_sheet_is_not_noticed(watch):
    """However it came there: what is asked for is the sheet, or the reason why there is none."""
    case = watch.case()
    Case.objects.filter(pk=case.pk).update(state=State.VISITED)
    case.refresh_from_db()
    assert refused(actions.send_notice, watch.ctx, case, signatory="A") == {"not_seen"}


def test_a_notice_marks_the_body_gives_its_term_and_leaves_a_letter(watch):
    case = watch.case(until="visited")
    early = add_working_days(watch.ctx.today, 9)
    assert refused(actions.send_notice, watch.ctx, case, signatory="A", explain_until=early) == {
        "term_too_short"
    }
    actions.send_notice(watch.ctx, case, signatory="Lê Văn Chín")
    assert case.explain_until == add_working_days(watch.ctx.today, 10)
    assert [m.kind for m in marks(case)] == ["violation"]
    letter = Letter.objects.get()
    assert letter.file.read().startswith(b"%PDF-")
    assert letter.number == "01"
    filing = desk.receive(
        watch.ctx, "notice_of_change", cooperative=case.cooperative, applicant="B",
        proposal={"phone": "0911", "from_on": watch.ctx.today},
    )  # fmt: skip
    assert "mark_stands" in refused(desk.propose, watch.ctx, filing, outcome="grant")


def test_the_body_is_heard_before_it_is_weighed(watch):
    case = watch.case(until="noticed")
    assert refused(actions.weigh, watch.ctx, case, words="Không cần nghe.") == {"term_runs"}
    last = watch.on(case.explain_until)
    assert refused(actions.weigh, last.ctx, case, words="Ngày cuối cũng vậy.") == {"term_runs"}
    after = watch.on(case.explain_until + timedelta(days=1))
    actions.weigh(after.ctx, case, words="Không giải trình trong thời hạn.")
    assert case.state == State.WEIGHED


def test_what_comes_after_the_term_is_taken_all_the_same(watch):
    case = watch.case(until="noticed")
    late = watch.on(case.explain_until + timedelta(days=3))
    actions.receive_explanation(
        late.ctx, case, words="Gửi muộn.", by="Giám đốc", files=[("bb.pdf", b"%PDF-1.7 x")]
    )
    step = last_standing(case)
    assert step.details["late"] is True
    assert step.files.get().file.name == "bb.pdf"


def test_closing_as_mended_asks_for_what_mended_it(watch):
    case = watch.case(until="weighed")
    assert refused(
        actions.close, watch.ctx, case, closing="mended", words="Nói đã họp.", signatory="A"
    ) == {"still_over"}
    actions.record_date(watch.ctx, case.cooperative, kind="meeting", on=watch.ctx.today)
    actions.close(watch.ctx, case, closing="mended", words="Đã họp.", signatory="Lê Văn Chín")
    assert not marks(case)
    assert Letter.objects.latest("pk").kind == "closing"


def test_force_majeure_closes_a_case_only_with_its_document(watch):
    case = watch.case(until="weighed")
    given = {"closing": "force_majeure", "words": "Lũ lụt.", "signatory": "A"}
    assert refused(actions.close, watch.ctx, case, **given) == {"force_majeure_not_kept"}
    when = {"on": date(2025, 9, 1), "until": date(2025, 12, 31)}
    assert refused(
        actions.record_date, watch.ctx, case.cooperative, kind="force_majeure", **when
    ) == {"document_missing"}
    actions.record_date(
        watch.ctx, case.cooperative, kind="force_majeure", document="QĐ 12/QĐ-UBND", **when
    )
    actions.close(watch.ctx, case, **given)
    assert case.state == State.CLOSED


def test_a_case_is_put_off_with_a_term_and_taken_up_again(watch):
    case = watch.case(until="weighed")
    given = {"words": "Đang chuẩn bị đại hội.", "signatory": "Lê Văn Chín"}
    assert refused(actions.delay, watch.ctx, case, until=date(2027, 3, 2), **given) == {
        "delay_impossible"
    }
    actions.delay(watch.ctx, case, until=date(2026, 6, 30), **given)
    assert case.due_on == date(2026, 6, 30)
    assert marks(case), "the notice stands meanwhile"
    assert refused(actions.resume, watch.ctx, case) == {"reason_missing"}
    actions.resume(watch.on(date(2026, 7, 1)).ctx, case)
    assert case.state == State.WEIGHED


def test_a_case_goes_to_revocation_by_two_officers_and_is_published(watch, officer, units):
    place = {"unit": units.district("Giồng Riềng")}
    first, second = officer("registration_officer", **place), officer("registrar", **place)
    first, second = first.by(today=watch.ctx.today), second.by(today=watch.ctx.today)
    case = watch.case(until="weighed")
    actions.propose_end(first, case, words="Không họp đại hội, không khắc phục.")
    filing = case.filing
    assert (filing.procedure, filing.channel) == ("revocation", "office")
    assert filing.proposal["grounds"] == ["no_meeting_18_months"]
    assert refused(actions.publish, first, case, gazette="Cổng thông tin") == {"not_in_effect"}
    desk.propose(first, filing, outcome="grant", opinion="Đủ căn cứ.")
    assert refused(desk.decide, first, filing, outcome="grant") == {"second_person"}
    desk.decide(second, filing, outcome="grant", signatory="Lê Văn Chín")
    filing.refresh_from_db()
    case.refresh_from_db()
    assert refused(actions.take_back, second, case, words="Nhầm") == {"already_decided"}
    day = filing.took_effect_on
    for wrong in (day - timedelta(days=1), day + timedelta(days=1)):
        assert refused(actions.publish, second, case, gazette="Cổng thông tin", on=wrong) == {
            "published_on_impossible"
        }
    actions.publish(second, case, gazette="Cổng thông tin quốc gia về đăng ký hợp tác xã")
    assert case.state == State.PUBLISHED
    assert Period.objects.get(cooperative=case.cooperative, is_latest=True).legal_status == "ending"
    assert not marks(case), "a restoration must not meet the notice again"


def test_a_body_that_mended_it_meanwhile_is_not_put_forward(watch):
    case = watch.case(until="weighed")
    actions.record_date(watch.ctx, case.cooperative, kind="meeting", on=watch.ctx.today)
    assert refused(actions.propose_end, watch.ctx, case, words="Theo hồ sơ.") == {"no_ground_over"}


def test_every_step_is_taken_back_to_where_the_case_stood(watch):
    case = watch.case(until="weighed")
    was = [s.from_state for s in case.steps.order_by("-id")]
    due = case.due_on
    actions.propose_end(watch.ctx, case, words="Không khắc phục.")
    filing = case.filing
    actions.take_back(watch.ctx, case, words="Xem lại.")
    filing.refresh_from_db()
    assert (case.state, case.filing_id, case.due_on) == (State.WEIGHED, None, due)
    assert filing.state == "withdrawn"
    actions.take_back(watch.ctx, case, words="Xem lại.")
    assert case.state == State.EXPLAINED == was[0]
    actions.take_back(watch.ctx, case, words="Ghi nhầm vụ việc.")
    assert case.state == State.NOTICED
    assert refused(actions.take_back, watch.ctx, case, words="Gửi nhầm.") == {"reason_missing"}
    actions.take_back(watch.ctx, case, words="Gửi nhầm.", signatory="Lê Văn Chín")
    assert (case.state, case.explain_until, case.mark_document) == (State.VISITED, None, "")
    assert not marks(case)
    assert Letter.objects.latest("pk").kind == "taken_back"
    actions.take_back(watch.ctx, case, words="Phiếu của đơn vị khác.")
    assert case.state == State.OPENED
    assert refused(actions.take_back, watch.ctx, case, words="Nữa.") == {"nothing_to_take_back"}
    assert refused(actions.send_notice, watch.ctx, case, signatory="A") == {"state_passed"}


def test_a_closing_that_is_taken_back_puts_the_notice_in_force_again(watch):
    case = watch.case(until="weighed")
    actions.close(watch.ctx, case, closing="no_case", words="Nhầm.", signatory="A")
    assert not marks(case)
    actions.take_back(watch.ctx, case, words="Đóng nhầm.")
    assert case.state == State.WEIGHED
    assert len(marks(case)) == 1


def test_a_reopened_case_has_to_notify_anew(watch):
    case = watch.case(until="weighed")
    actions.close(watch.ctx, case, closing="no_case", words="Nhầm.", signatory="A")
    actions.reopen(watch.ctx, case, words="Có căn cứ mới.")
    assert case.state == State.VISITED
    assert not marks(case)
    actions.send_notice(watch.ctx, case, signatory="Lê Văn Chín")
    assert [m.document for m in marks(case)] == [case.mark_document]


def test_a_merger_takes_the_place_of_a_case_and_its_notice_does_not_follow(watch):
    case = watch.case(until="weighed")
    receiver = watch.body(name="Hợp tác xã Nhận")
    assert refused(actions.merge_instead, watch.ctx, case, filing=_merger(watch, receiver, [])) == {
        "filing_not_of_body"
    }
    filing = _merger(watch, receiver, [case.cooperative])
    actions.merge_instead(watch.ctx, case, filing=filing)
    assert refused(actions.close, watch.ctx, case, closing="no_case", words="x", signatory="A") == {
        "filing_runs"
    }
    desk.propose(watch.ctx, filing, outcome="grant", opinion="Được xem xét thay cho thu hồi.")
    desk.decide(watch.ctx, filing, outcome="grant", signatory="Lê Văn Chín")
    case.refresh_from_db()
    assert case.state == State.MERGED
    assert not Mark.objects.live().filter(cooperative=receiver).exists()


def test_a_merger_that_came_to_nothing_leads_back_to_where_the_case_stood(watch):
    case = watch.case(until="visited")
    filing = _merger(watch, watch.body(), [case.cooperative])
    actions.merge_instead(watch.ctx, case, filing=filing)
    desk.withdraw(watch.ctx, filing, words="Không đạt thỏa thuận.")
    case.refresh_from_db()
    actions.resume(watch.ctx, case)
    assert case.state == State.VISITED, "the body was not yet heard"


def _merger(watch, receiver, others):
    return desk.receive(
        watch.ctx, "merger", cooperative=receiver, applicant="A",
        papers=["application", "merger_contract", "meeting_resolution", "charter", "member_list",
                "legal_representative_list", "certificates"],
        proposal={
            "decided_on": watch.ctx.today, "votes": 80, "members": 24, "charter_capital": 700_000_000,
            "others": [{"body": str(o.pk)} for o in others],
        },
    )  # fmt: skip


def test_one_body_has_one_open_case_and_an_officer_a_quota(watch, officer, units, monkeypatch):
    clerk = officer("registration_officer", unit=units.district("Giồng Riềng")).by(
        today=watch.ctx.today
    )
    body = watch.body()
    actions.open_case(clerk, body)
    assert refused(actions.open_case, clerk, body) == {"case_open"}
    monkeypatch.setattr("hoptac.cases.actions.opening.opened_this_month", lambda ctx: 20)
    assert refused(actions.open_case, clerk, watch.body()) == {"quota_reached"}


def test_several_cases_are_opened_together_or_none(watch):
    listed, clear = watch.body(), watch.body(name="Hợp tác xã Ổn")
    actions.record_date(watch.ctx, clear, kind="meeting", on=date(2026, 2, 1))
    assert refused(actions.open_cases, watch.ctx, bodies=[listed, clear]) == {"not_on_list"}
    assert not Case.objects.exists()
    first, second = actions.open_cases(watch.ctx, bodies=[listed, watch.body()])
    assert (first.number, second.number) == ("001/2026", "002/2026")


def test_of_two_officers_the_second_is_told(watch):
    case = watch.case()
    read = case.version
    actions.waive_visit(watch.ctx, case, words="Không đến được.")
    with pytest.raises(Conflict):
        actions.close(watch.ctx, case, closing="no_case", words="x", expected_version=read)


def test_a_director_answers_for_the_own_body_and_no_other(watch, officer):
    case = watch.case(until="noticed")
    own = officer("cooperative_director", cooperative_id=case.cooperative_id).by(
        today=watch.ctx.today
    )
    other = officer("cooperative_director", cooperative_id=watch.body().pk).by(
        today=watch.ctx.today
    )
    with pytest.raises(OutOfReach):
        actions.answer(other, case, words="Tôi giải trình.")
    actions.answer(own, case, words="Đã họp đại hội.", files=[("bien-ban.pdf", b"%PDF-1.7 x")])
    assert case.state == State.EXPLAINED


def test_kept_dates_are_corrected_with_a_reason_and_nothing_is_lost(watch):
    body = watch.body()
    row = KeptDate.objects.get()
    assert refused(actions.correct_date, watch.ctx, body, row=row.pk, on=date(2024, 5, 1)) == {
        "reason_missing"
    }
    told = watch.ctx.because("Ghi nhầm ngày")
    actions.correct_date(told, body, row=row.pk, on=date(2025, 5, 1))
    assert standing(body, "no_meeting", watch.ctx.today) == "running"
    assert refused(actions.correct_date, told, body, row=row.pk, on=date(2024, 5, 1)) == {
        "row_gone"
    }
    live = KeptDate.objects.live().get()
    actions.correct_date(told, body, row=live.pk)
    assert standing(body, "no_meeting", watch.ctx.today) == "unknown"
    assert KeptDate.objects.count() == 2
