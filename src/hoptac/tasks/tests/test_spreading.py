"""An order to many: whom a document means, one act for all of them, taken back while nobody answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from psycopg.types.range import DateRange

from hoptac.directives.models import Directive, Passage, PassageActor
from hoptac.directives.taking import made_of
from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.findings import Refused
from hoptac.foundation.notices.models import Notice
from hoptac.jurisdiction import offices
from hoptac.jurisdiction.models import Agency
from hoptac.tasks import actions
from hoptac.tasks.models import Task
from hoptac.tasks.rules.groups import compute_wanted
from hoptac.tasks.spreading import choice_for, group_words, is_for_many

Browse = Callable[[Context], Client]


def codes(refused: Any) -> set[str]:
    return {f.code for f in refused.value.findings}


# --- The words ----------------------------------------------------------------------------------------

P, D, C = "province", "district", "commune"


@pytest.mark.parametrize(
    ("phrase", "group", "wanted"),
    [
        ("các sở, ban, ngành cấp tỉnh", "department", {("department", P)}),
        ("thủ trưởng các sở, ban, ngành", "department", {("department", P)}),
        ("ủy ban nhân dân các huyện, thành phố, thị xã", "committee", {("committee", D)}),
        ("chủ tịch ủy ban nhân dân các huyện, thành phố", "committee", {("committee", D)}),
        ("ubnd các huyện trên địa bàn tỉnh", "committee", {("committee", D)}),
        ("các huyện, thành phố", "committee", {("committee", D)}),
        ("ủy ban nhân dân các xã, thị trấn", "committee", {("committee", C)}),
        ("ủy ban nhân dân cấp huyện", "committee", {("committee", D)}),
        ("các đoàn thể chính trị-xã hội các cấp", "front", {("front", P), ("front", D), ("front", C)}),
        ("các tổ chức chính trị - xã hội tỉnh", "front", {("front", P)}),
        ("các sở, ban, ngành, đoàn thể tỉnh", "department", {("department", P), ("front", P)}),
        ("các huyện ủy, thành ủy, đảng ủy trực thuộc", "party", {("party", D), ("party", P)}),
        ("mỗi đảng ủy xã, thị trấn", "party", {("party", C)}),
        ("các phòng, ban, ngành huyện", "department", {("office", D)}),
        ("các sở, ngành, địa phương", "department", {("department", P), ("committee", D), ("committee", C)}),
        ("các hợp tác xã được hỗ trợ", "enterprise", set()),
        ("nhân dân", "people", set()),
    ],
)  # fmt: skip
def test_a_phrase_means_kinds_of_agencies_at_levels(
    phrase: str, group: str, wanted: set[tuple[str, str]]
) -> None:
    assert compute_wanted(phrase, group_words(), group=group).kinds == wanted


def test_a_document_that_leaves_open_which_of_them_is_said_to() -> None:
    found = compute_wanted("các sở, ban, ngành liên quan", group_words())
    assert found.is_vague
    assert not compute_wanted("các sở, ban, ngành cấp tỉnh", group_words()).is_vague


# --- The agencies -------------------------------------------------------------------------------------


@pytest.fixture
def today(province: Any) -> date:
    province.today = timezone.localdate()
    return province.today


def district(province: Any, units: Any, name: str, kind: str = "committee") -> Agency:
    unit = units.district("Giồng Riềng")
    found = Agency.objects.create(
        code=f"h-{name}", name=name, short_name=name[:60], kind=kind, unit=unit, province_code=unit.province_code,
        valid=DateRange(date(2010, 1, 1), None),
    )  # fmt: skip
    offices.forget()
    return found


def passage_of(province: Any, *leads: tuple[str, str]) -> Passage:
    """Return an accepted proposal of the province's plan that charges these names with the lead."""
    issuer = province.agency("UBND tỉnh")
    plan, _is_new = Directive.objects.get_or_create(
        province_code=issuer.province_code, chain="state", level="province", kind="plan", symbol="9/KH-UBND",
        title="Kế hoạch", issuer=issuer, issuer_name=issuer.name, issued_on=date(2020, 3, 1),
    )  # fmt: skip
    found = Passage.objects.create(
        directive=plan,
        position=1,
        section="II.1",
        start=0,
        end=4,
        words="Làm.",
        content="Rà soát hợp tác xã",
    )
    for n, (named, group) in enumerate(leads, 1):
        agency = Agency.objects.filter(name=named).first()
        PassageActor.objects.create(
            passage=found,
            is_lead=True,
            part="lead",
            position=n,
            named=named,
            group=group,
            agency=agency,
        )
    return found


def task_of(province: Any, passage: Passage) -> Task:
    return province.task(
        by="UBND tỉnh", title=passage.content, passage=passage, directive=passage.directive
    )  # type: ignore[no-any-return]


def test_the_choice_shows_whom_the_document_means_without_who_orders_it(
    province: Any, units: Any
) -> None:
    names = ("Sở Kế hoạch", "Sở Nông nghiệp", "Mặt trận", "Tỉnh ủy")
    so = [province.agency(n) for n in names][:2]
    below = district(province, units, "UBND huyện Giồng Riềng")
    passage = passage_of(
        province, ("Các sở, ban, ngành", "department"), ("UBND các huyện", "committee")
    )
    choice = choice_for(province.of("UBND tỉnh"), task_of(province, passage))
    assert [(m.named, set(m.agencies)) for m in choice.meant] == [
        ("Các sở, ban, ngành", set(so)),
        ("UBND các huyện", {below}),
    ]
    assert province.agency("UBND tỉnh") not in choice.agencies
    assert choice.within(["fronts"], None) == {province.agency("Mặt trận").pk}
    assert choice.within([], below.unit_id) == {below.pk}
    assert is_for_many(passage)
    assert not is_for_many(passage_of(province, ("Cán bộ, đảng viên", "people")))


def test_agencies_that_have_ended_are_not_offered(province: Any) -> None:
    province.agency("Sở Nông nghiệp")
    province.ends("Sở Kế hoạch", on=date(2020, 1, 1), into=("Sở Tài chính",))
    passage = passage_of(province, ("Sở Kế hoạch", ""), ("Sở Nông nghiệp", ""))
    choice = choice_for(province.of("UBND tỉnh"), task_of(province, passage))
    assert [a.name for m in choice.meant for a in m.agencies] == ["Sở Tài chính", "Sở Nông nghiệp"]


# --- Taking it back -----------------------------------------------------------------------------------


def test_an_order_to_many_is_taken_back_whole_while_nobody_answered(province: Any) -> None:
    province.today = timezone.localdate()
    task = province.task(by="UBND tỉnh", due={"rhythm": "year", "month": 12, "day": 15})
    ubnd, names = province.of("UBND tỉnh"), ("Sở Kế hoạch", "Sở Nông nghiệp")
    province.of("Sở Kế hoạch")
    agencies = [province.agency(n) for n in names]
    parts = actions.spread(ubnd, task, agencies=agencies)
    assert Notice.objects.filter(kind="tasks.assigned", done_at__isnull=True).exists()
    with pytest.raises(Refused) as refused:
        actions.gather(ubnd, task, words=" ")
    assert codes(refused) == {"reason_missing"}
    actions.gather(ubnd, task, words="Giao nhầm nhóm")
    task.refresh_from_db()
    assert (task.state, task.lead, task.due_on) == ("draft", None, None)
    assert set(Task.objects.filter(parent=task).values_list("state", flat=True)) == {"cancelled"}
    assert not Notice.objects.filter(kind="tasks.assigned", done_at__isnull=True).exists()
    with pytest.raises(Refused) as refused:
        actions.gather(ubnd, task, words="Lần nữa")
    assert codes(refused) & {"not_spread", "state_passed"}
    again = actions.spread(ubnd, task, agencies=agencies)
    assert len(again) == len(parts)
    task.refresh_from_db()
    assert (task.state, task.terms.get().state) == ("under_way", "open")


def test_once_an_agency_answered_it_is_not_taken_back(province: Any) -> None:
    task, ubnd = province.task(by="UBND tỉnh"), province.of("UBND tỉnh")
    names = ("Sở Kế hoạch", "Sở Nông nghiệp")
    parts = actions.spread(ubnd, task, agencies=[province.agency(n) for n in names])
    actions.refuse_assignment(
        province.of("Sở Kế hoạch"), province.line(parts[0], "Sở Kế hoạch"), words="Không thuộc ngành"
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        actions.gather(ubnd, task, words="Giao nhầm")
    assert codes(refused) == {"answered_already"}
    assert "Sở Kế hoạch" in refused.value.findings[0].message


def test_of_two_orders_the_last_is_taken_back_first(province: Any) -> None:
    task, ubnd = province.task(by="UBND tỉnh"), province.of("UBND tỉnh")
    first = actions.spread(ubnd, task, agencies=[province.agency("Sở Kế hoạch")])
    actions.spread(ubnd, task, agencies=[province.agency("Sở Nông nghiệp")])
    actions.gather(ubnd, task, words="Không giao Sở Nông nghiệp")
    task.refresh_from_db()
    assert task.state == "under_way"
    assert [p.pk for p in task.children.exclude(state="cancelled")] == [first[0].pk]
    actions.gather(ubnd, task, words="Không giao ai")
    task.refresh_from_db()
    assert task.state == "draft"


def test_the_desk_that_orders_for_a_committee_gives_it_to_many_though_it_does_not_answer_for_it(
    province: Any, officer: Any, units: Any
) -> None:
    province.agency("UBND tỉnh")
    desk = officer("department_officer", unit=units.province()).by(today=province.today)
    task = actions.create_task(desk, title="Rà soát", assigner=province.agency("UBND tỉnh"))
    actions.spread(desk, task, agencies=[province.agency("Sở Kế hoạch")])
    task.refresh_from_db()
    assert (task.state, task.lead.name) == ("under_way", "UBND tỉnh")
    actions.gather(desk, task, words="Giao nhầm")
    task.refresh_from_db()
    assert task.state == "draft"


def test_an_old_form_and_a_stranger_give_nothing_to_many(province: Any) -> None:
    task, so = province.task(by="UBND tỉnh"), province.agency("Sở Kế hoạch")
    with pytest.raises(Conflict):
        actions.spread(province.of("UBND tỉnh"), task, agencies=[so], expected_version=7)
    with pytest.raises(OutOfReach):
        actions.spread(province.of("Sở Nông nghiệp"), task, agencies=[so])
    assert not task.children.exists()


# --- On screen ----------------------------------------------------------------------------------------


def test_the_page_ticks_whom_the_document_means_and_gives_it_by_one_order(
    province: Any, client_of: Browse, today: date, units: Any
) -> None:
    for name in ("Sở Kế hoạch", "Sở Nông nghiệp", "Mặt trận"):
        province.agency(name)
    passage = passage_of(province, ("Các sở, ban, ngành", "department"))
    task = task_of(province, passage)
    ubnd = client_of(province.of("UBND tỉnh"))
    page = ubnd.get(f"/tasks/{task.pk}/spread/")
    ticked = set(page.context["form"].initial["agencies"])
    assert ticked == {str(province.agency(n).pk) for n in ("Sở Kế hoạch", "Sở Nông nghiệp")}
    other = ubnd.get(f"/tasks/{task.pk}/spread/?group=fronts").context["form"].initial["agencies"]
    assert other == [str(province.agency("Mặt trận").pk)]
    given = page.context["form"].initial
    due = today + timedelta(days=40)
    sent = {
        "version": given["version"], "key": given["key"], "rhythm": "once", "due_on": f"{due:%d/%m/%Y}",
        "agencies": sorted(ticked),
    }  # fmt: skip
    assert ubnd.post(f"/tasks/{task.pk}/spread/", {**sent, "agencies": []}).status_code == 422
    answer = ubnd.post(f"/tasks/{task.pk}/spread/?from=reading", sent)
    assert answer.headers["Location"] == f"/directives/{passage.directive_id}/reading/#p-{passage.pk}"  # fmt: skip
    assert {str(p.lead_id) for p in task.children.all()} == ticked
    assert {p.due_on for p in task.children.all()} == {due}
    page = ubnd.get(f"/tasks/{task.pk}/")
    assert "gather" in {s.code for s, _line in page.context["other_steps"]}
    assert ubnd.post(f"/tasks/{task.pk}/gather/", {"words": "Nhầm"}).status_code == 302
    task.refresh_from_db()
    assert task.state == "draft"


def test_only_who_orders_a_task_gives_it_to_many(
    province: Any, client_of: Browse, today: date
) -> None:
    task = province.assigned()
    assert client_of(province.of("Sở Nông nghiệp")).get(f"/tasks/{task.pk}/spread/").status_code == 404  # fmt: skip
    assert client_of(province.of("UBND tỉnh")).get(f"/tasks/{task.pk}/spread/").status_code == 200


def test_an_accepted_proposal_for_many_says_what_comes_next(province: Any) -> None:
    province.agency("Sở Kế hoạch")
    passage = passage_of(province, ("Các sở, ban, ngành", "department"))
    task, ubnd = task_of(province, passage), province.of("UBND tỉnh")
    taken = made_of(ubnd, [passage.pk])[passage.pk]
    assert taken.next_href == f"/tasks/{task.pk}/spread/?from=reading"
    assert made_of(province.of("Sở Kế hoạch"), [passage.pk])[passage.pk].next_href == ""
    actions.spread(ubnd, task, agencies=[province.agency("Sở Kế hoạch")])
    assert made_of(ubnd, [passage.pk])[passage.pk].next_href == ""
