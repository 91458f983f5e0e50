"""From the plan's text to the acknowledged report: one chain of acts, as a year of work goes."""

from __future__ import annotations

from datetime import date
from typing import Any

from hoptac.directives import actions as directives
from hoptac.directives.reading import read_text
from hoptac.reports import actions
from hoptac.reports.models import Report
from hoptac.tasks import actions as tasks
from hoptac.tasks.models import Task

_TEXT = (
    "KẾ HOẠCH\n\n1. Sở Kế hoạch và Đầu tư chủ trì rà soát các hợp tác xã ngừng hoạt động.\n"
    "2. Sở Nông nghiệp và Phát triển nông thôn chủ trì xây dựng vùng nguyên liệu.\n"
)
_MAY, _JULY, _DECEMBER = date(2020, 5, 25), date(2020, 7, 20), date(2020, 12, 20)


def test_a_plan_is_read_carried_out_reported_signed_and_acknowledged(
    province: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ubnd, plans, farms = (
        province.of(n, today=_MAY) for n in ("UBND tỉnh", "Sở Kế hoạch", "Sở Nông nghiệp")
    )
    issuer = province.agency("UBND tỉnh")
    reading = read_text(_TEXT)
    facts = {
        "symbol": "87/KH-UBND", "title": "Kế hoạch phát triển kinh tế tập thể", "issuer": issuer,
        "level": "province", "issued_on": date(2020, 5, 20),
    }  # fmt: skip
    plan = directives.bring_directive(
        ubnd, facts=facts, file=("ke-hoach.txt", reading.text.encode()), reading=reading
    )
    passages = list(plan.passages.order_by("position"))
    assert len(passages) == 2
    directives.accept_passages(ubnd, plan, passages=[p.pk for p in passages])
    first, second = Task.objects.filter(directive=plan).order_by("position")
    for task, lead, ctx in ((first, "Sở Kế hoạch", plans), (second, "Sở Nông nghiệp", farms)):
        tasks.assign(ubnd, task, lead=province.agency(lead), due={"due_on": date(2020, 6, 30)})
        tasks.accept_assignment(ctx, province.line(task, lead))
    term = province.report(first, "Sở Kế hoạch", today=date(2020, 6, 25))
    tasks.judge_done(ubnd.by(today=date(2020, 6, 26)), term)
    tasks.report_progress(
        farms, province.line(second, "Sở Nông nghiệp"), words="Đang làm", percent=40,
        difficulty="Thiếu đất sản xuất", proposal="Bố trí quỹ đất",
    )  # fmt: skip
    assert tasks.escalate(province.system.by(today=_JULY), second.terms.get())

    author, helper = ubnd.by(today=_DECEMBER), farms.by(today=_DECEMBER)
    report = actions.begin_report(author, kind="year", year=2020, issuer=issuer, directive=plan)
    figures = {f.code: f.value for f in report.figures.all()}
    assert (figures["nv_total"], figures["nv_done"], figures["nv_late"]) == (2, 1, 1)
    asked = actions.ask_contributions(
        author, report, sections=["kho_khan"], agencies=[province.agency("Sở Nông nghiệp")], due_on=_DECEMBER
    )  # fmt: skip
    actions.hand_in(helper, asked[0], text="Thiếu đất sản xuất tập trung.")
    actions.accept_contribution(author, asked[0])
    actions.assemble(author, report)
    actions.submit(author, report)
    actions.sign(author, report, signer="Nguyễn Minh Họa", signer_post="Chủ tịch")
    actions.distribute(author, report, agencies=[province.agency("Sở Nông nghiệp")])
    sent = Report.objects.get(pk=report.pk).made.recipients.get()
    directives.acknowledge(helper, sent)
    sent.refresh_from_db()
    assert sent.acknowledged_at is not None
    assert "Thiếu đất" in report.sections.get(code="kho_khan").text
