"""A report from its beginning to its signature: what is counted, refused, frozen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.findings import Refused
from hoptac.reports import actions, selectors
from hoptac.reports.drafting import Draft
from hoptac.reports.figures import digest_of
from hoptac.reports.models import Contribution, Report
from hoptac.reports.standings import counts, lines_of, live_lines
from hoptac.tasks import actions as tasks
from hoptac.tasks.models import Step

OCTOBER = date(2020, 10, 2)


@pytest.fixture
def mixed(plan: Any) -> Any:
    """One task of each standing in the third quarter, seen on 2 October."""
    plan.done("Đúng hạn", due_on=date(2020, 9, 25), reported=date(2020, 9, 24))
    plan.done("Trễ hạn", due_on=date(2020, 9, 20), reported=date(2020, 9, 28))
    plan.task("Đang làm", due_on=date(2020, 12, 15))
    plan.task("Quá hạn", due_on=date(2020, 9, 18), lead="Sở Nông nghiệp")
    bad = plan.task("Không làm", due_on=date(2020, 9, 16), lead="Sở Tài chính")
    tasks.judge_not_done(
        plan.province.of("UBND tỉnh", today=date(2020, 9, 29)), bad.terms.get(), words="Không làm"
    )
    plan.province.task(by="UBND tỉnh", title="Chưa giao", directive=plan.directive)
    called = plan.task("Thôi", due_on=date(2020, 9, 30))
    tasks.cancel_task(plan.province.of("UBND tỉnh"), called, words="Thôi")
    return plan


def test_every_task_of_the_plan_has_one_standing_and_they_add_up(mixed: Any) -> None:
    report = mixed.report(today=OCTOBER)
    lines = live_lines(report)
    assert {line.title: line.standing for line in lines} == {
        "Đúng hạn": "done", "Trễ hạn": "done_late", "Đang làm": "under_way", "Quá hạn": "late",
        "Không làm": "not_done", "Chưa giao": "waiting",
    }  # fmt: skip
    figures = {f.code: f.value for f in report.figures.all()}
    assert figures["nv_total"] == 6 == sum(counts(lines).values())
    assert (figures["nv_done"], figures["nv_late"]) == (2, 1)
    assert report.title == "Tình hình phát triển kinh tế tập thể, hợp tác xã quý III năm 2020"


def test_a_task_is_told_as_it_stood_on_the_reports_day(mixed: Any) -> None:
    report = mixed.report(today=OCTOBER, as_of=date(2020, 9, 22))
    found = {line.title: line.standing for line in live_lines(report)}
    assert found["Đúng hạn"] == "under_way"
    assert found["Trễ hạn"] == "late"
    assert found["Không làm"] == "late"


def test_the_draft_says_what_is_counted_and_lists_what_is_missing(mixed: Any) -> None:
    draft = Draft(mixed.report(today=OCTOBER))
    said = "\n".join(str(getattr(b, "text", "")) for b in draft.blocks)
    assert "nhiệm vụ quá hạn chưa hoàn thành" in said
    assert any(g.is_prose and g.section == "kho_khan" for g in draft.gaps)
    tables = [b for b in draft.blocks if hasattr(b, "rows")]
    assert any("quá hạn" in t.title for t in tables)


def test_what_was_settled_before_the_period_is_told_of_by_a_review_alone(plan: Any) -> None:
    plan.done("Xong từ lâu", due_on=date(2020, 5, 29), reported=date(2020, 5, 28))
    plan.done("Xong trong quý", due_on=date(2020, 8, 31), reported=date(2020, 8, 28))
    quarter = plan.report(today=OCTOBER)
    assert [x.title for x in live_lines(quarter)] == ["Xong trong quý"]
    review = plan.report(kind="preliminary", today=OCTOBER, ends_on=OCTOBER)
    assert [x.title for x in live_lines(review)] == ["Xong từ lâu", "Xong trong quý"]
    assert counts(live_lines(review))["done"] == 2


def test_both_lines_tell_the_same_of_one_task_and_each_its_own_words(mixed: Any) -> None:
    """One task, judged once: the State's and the Party's report count it alike."""
    province = mixed.province
    both = mixed.task("Hai hệ thống", due_on=date(2020, 11, 1))
    tasks.report_progress(
        province.of("Sở Kế hoạch"), province.line(both, "Sở Kế hoạch"), words="x",
        difficulty="Thiếu kinh phí", proposal="Bổ sung kinh phí",
    )  # fmt: skip
    state, party = mixed.report(today=OCTOBER), mixed.report("Tỉnh ủy", today=OCTOBER)
    assert (state.chain, party.chain) == ("state", "party")
    assert live_lines(state) == live_lines(party)
    numbers = [{f.code: (f.value, f.before) for f in r.figures.all()} for r in (state, party)]
    assert numbers[0] == numbers[1]
    from hoptac.reports.words import words_for

    assert [s.difficulty for s in words_for(state)] == ["Thiếu kinh phí"]
    assert list(words_for(party)) == []


def test_a_second_report_on_a_period_is_refused_with_the_first(mixed: Any) -> None:
    first = mixed.report(today=OCTOBER)
    with pytest.raises(Refused) as refused:
        mixed.report(today=OCTOBER)
    assert refused.value.findings[0].details == {"report": str(first.pk)}
    ctx = mixed.province.of("UBND tỉnh", today=OCTOBER)
    actions.withdraw(ctx, first, words="Lập lại")
    assert mixed.report(today=OCTOBER, corrects=first).corrects == first


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"part": 5}, "period_impossible"), ({"year": 2021, "part": 1}, "period_ahead"),
        ({"as_of": date(2020, 6, 1)}, "as_of_impossible"),
    ],
)  # fmt: skip
def test_a_period_that_cannot_be_is_refused(plan: Any, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        plan.report(today=OCTOBER, **given)
    assert refused.value.codes == {code}


def test_a_party_report_names_its_document(plan: Any) -> None:
    plan.directive = None
    with pytest.raises(Refused) as refused:
        plan.report("Tỉnh ủy", today=OCTOBER)
    assert refused.value.codes == {"directive_missing"}


def test_who_does_not_speak_for_the_agency_begins_and_writes_nothing(mixed: Any) -> None:
    province = mixed.province
    other = province.of("Sở Tài chính", today=OCTOBER)
    with pytest.raises(OutOfReach):
        actions.begin_report(
            other, kind="quarter", issuer=province.agency("UBND tỉnh"), year=2020, part=3
        )
    report = mixed.report(today=OCTOBER)
    for act, more in (
        (actions.refresh_figures, {}), (actions.assemble, {}), (actions.submit, {}),
        (actions.choose_words, {}), (actions.withdraw, {"words": "x"}),
        (actions.sign, {"signer": "A", "signer_post": "B"}), (actions.send_back, {"words": "x"}),
        (actions.ask_contributions, {"sections": ["linh_vuc"], "agencies": [province.agency("Sở Tài chính")],
                                     "due_on": OCTOBER}),
    ):  # fmt: skip
        with pytest.raises(OutOfReach):
            act(other, report, **more)
    with pytest.raises(OutOfReach):
        actions.edit_text(other, report.sections.get(code="kho_khan"), text="x")
    assert selectors.report_seen(other, report.pk) is None


def test_agencies_contribute_are_sent_back_and_assembled(mixed: Any) -> None:
    province = mixed.province
    author, finance = (
        province.of("UBND tỉnh", today=OCTOBER),
        province.of("Sở Tài chính", today=OCTOBER),
    )
    report = mixed.report(today=OCTOBER)
    names = ("Sở Tài chính", "Sở Nông nghiệp")
    actions.ask_contributions(
        author, report, sections=["chinh_sach"], agencies=[province.agency(n) for n in names],
        due_on=date(2020, 10, 10),
    )  # fmt: skip
    row = Contribution.objects.get(agency=province.agency("Sở Tài chính"))
    assert selectors.report_seen(finance, report.pk) == report
    assert not selectors.reads_whole(finance, report)
    with pytest.raises(Refused):
        actions.accept_contribution(author, row)
    actions.hand_in(finance, row, text="Đã cấp 2 tỷ đồng.", expected_version=1)
    with pytest.raises(Conflict):
        actions.hand_in(finance, row, text="Khác", expected_version=1)
    with pytest.raises(OutOfReach):
        actions.hand_in(province.of("Sở Kế hoạch", today=OCTOBER), row, text="Của người khác")
    actions.return_contribution(author, row, words="Thiếu số đơn vị")
    actions.hand_in(finance, row, text="- Đã cấp 2 tỷ đồng cho 5 đơn vị.")
    actions.accept_contribution(author, row)
    with pytest.raises(Refused) as refused:
        actions.assemble(author, report)
    assert refused.value.codes == {"contributions_open"}
    actions.assemble(author, report, without=True)
    section = report.sections.get(code="chinh_sach")
    assert section.text == "- Đã cấp 2 tỷ đồng cho 5 đơn vị."
    assert report.steps.get(kind="assembled").details["missing"]
    with pytest.raises(Refused):
        actions.hand_in(finance, row, text="Sau cùng")


def test_a_text_keeps_what_stood_before_and_an_old_form_is_told(mixed: Any) -> None:
    ctx = mixed.province.of("UBND tỉnh", today=OCTOBER)
    section = mixed.report(today=OCTOBER).sections.get(code="kho_khan")
    actions.edit_text(ctx, section, text="Một", expected_version=1)
    actions.edit_text(ctx, section, text="Hai", expected_version=2)
    assert [t.text for t in section.texts.all()] == ["Một", "Hai"]
    with pytest.raises(Conflict):
        actions.edit_text(ctx, section, text="Ba", expected_version=1)
    with pytest.raises(Refused):
        actions.edit_text(ctx, section, text="Hai")


def test_what_agencies_met_is_taken_up_and_led_back_to_its_task(mixed: Any) -> None:
    province = mixed.province
    task = mixed.task("Vướng", due_on=date(2020, 11, 1))
    tasks.report_progress(
        province.of("Sở Kế hoạch"),
        province.line(task, "Sở Kế hoạch"),
        words="x",
        difficulty="Thiếu đất.",
    )
    ctx, report = province.of("UBND tỉnh", today=OCTOBER), mixed.report(today=OCTOBER)
    step = Step.objects.get(difficulty="Thiếu đất.")
    with pytest.raises(Refused):
        actions.choose_words(ctx, report, proposals=[step.pk])
    actions.choose_words(ctx, report, difficulties=[step.pk])
    actions.choose_words(ctx, report, difficulties=[step.pk])
    part = next(s for s in Draft(report).sections if s.spec.code == "kho_khan")
    item = part.blocks[-1].items[0]  # type: ignore[union-attr]
    assert item[0].text == "Thiếu đất"
    assert item[2].href == f"/tasks/{task.pk}/"


def test_a_signed_report_is_numbered_kept_and_never_changes(mixed: Any) -> None:
    report = mixed.signed(today=OCTOBER)
    assert report.written_number == "01/BC-UBND"
    assert report.pdf.read().startswith(b"%PDF-")
    assert report.docx.read()[:2] == b"PK"
    kept = Draft(Report.objects.get(pk=report.pk))
    assert digest_of(kept.figures, kept.lines) == report.digest
    late = next(line for line in lines_of(report) if line.title == "Quá hạn")
    task = mixed.province
    term = task.report(_task(late.task_id), "Sở Nông nghiệp", today=date(2020, 10, 5))
    tasks.judge_done(task.of("UBND tỉnh", today=date(2020, 10, 5)), term)
    again = Draft(Report.objects.get(pk=report.pk))
    assert digest_of(again.figures, again.lines) == report.digest
    figure = report.figures.get(code="nv_late")
    for change in (
        lambda: report.figures.filter(pk=figure.pk).update(value=0),
        lambda: report.lines.all().delete(),
        lambda: report.sections.update(text="khác"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(Refused):
        actions.refresh_figures(mixed.province.of("UBND tỉnh", today=OCTOBER), report)


def _task(pk: Any) -> Any:
    from hoptac.tasks.models import Task

    return Task.objects.get(pk=pk)


def test_state_numbers_run_by_year_and_party_numbers_by_term(plan: Any) -> None:
    one = plan.signed(today=OCTOBER)
    two = plan.signed(today=date(2020, 12, 30), part=4)
    three = plan.signed(today=date(2021, 4, 2), year=2021, part=1)
    assert [r.number for r in (one, two, three)] == [1, 2, 1]
    party = [
        plan.signed("Tỉnh ủy", today=date(2021, 1, 4), part=4),
        plan.signed("Tỉnh ủy", today=date(2022, 4, 2), year=2022, part=1),
    ]
    assert [r.written_number for r in party] == ["01-BC/TU", "02-BC/TU"]


def test_only_what_is_submitted_is_signed_and_it_may_be_sent_back(mixed: Any) -> None:
    ctx, report = mixed.province.of("UBND tỉnh", today=OCTOBER), mixed.report(today=OCTOBER)
    with pytest.raises(Refused):
        actions.sign(ctx, report, signer="A", signer_post="Chủ tịch")
    actions.assemble(ctx, report)
    actions.submit(ctx, report)
    with pytest.raises(Refused):
        actions.send_back(ctx, report, words=" ")
    actions.send_back(ctx, report, words="Sửa mục I")
    assert report.state == "assembled"
    actions.submit(ctx, report)
    with pytest.raises(Refused) as refused:
        actions.sign(ctx, report, signer="", signer_post="Chủ tịch")
    assert refused.value.codes == {"field_missing"}


def test_a_restricted_task_is_told_in_no_open_report(mixed: Any) -> None:
    mixed.task("Mật riêng", due_on=date(2020, 9, 18), reach="recipients")
    report = mixed.report(today=OCTOBER)
    assert "Mật riêng" not in {line.title for line in live_lines(report)}


def test_figures_whose_parts_do_not_add_up_are_not_submitted(mixed: Any, monkeypatch: Any) -> None:
    from hoptac.reports import checks

    ctx, report = mixed.province.of("UBND tỉnh", today=OCTOBER), mixed.report(today=OCTOBER)
    actions.assemble(ctx, report)
    monkeypatch.setattr(checks, "sums_that_differ", lambda figures: [report.figures.first()])
    with pytest.raises(Refused) as refused:
        actions.submit(ctx, report)
    assert "does_not_add_up" in refused.value.codes


def test_a_signed_report_is_distributed_read_and_acknowledged(mixed: Any) -> None:
    from hoptac.directives import actions as directives

    province = mixed.province
    report, farm = mixed.signed(today=OCTOBER), province.of("Sở Nông nghiệp", today=OCTOBER)
    assert selectors.report_seen(farm, report.pk) is None
    with pytest.raises(OutOfReach):
        actions.distribute(farm, report, agencies=[province.agency("Sở Nông nghiệp")])
    ctx = province.of("UBND tỉnh", today=OCTOBER)
    actions.distribute(ctx, report, agencies=[province.agency("Sở Nông nghiệp")])
    report = Report.objects.get(pk=report.pk)
    assert (report.state, report.made.symbol) == ("distributed", "01/BC-UBND")
    assert report.made.file.sha256 == report.pdf.sha256
    assert selectors.report_seen(farm, report.pk) == report
    row = report.made.recipients.get()
    directives.acknowledge(farm, row)
    row.refresh_from_db()
    assert row.acknowledged_at
    with pytest.raises(Refused):
        actions.distribute(ctx, report, agencies=[province.agency("Sở Tài chính")])
