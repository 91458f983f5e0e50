"""What the words of a directive make of a task: due days, agencies, and that it is made once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hoptac.directives.models import Directive, Passage, PassageActor
from hoptac.foundation.findings import Refused
from hoptac.tasks import actions
from hoptac.tasks.models import Task
from hoptac.tasks.proposed import agencies_of, due_of
from hoptac.tasks.taking import TasksOfPassages, end_tasks


@pytest.mark.parametrize(
    ("found", "due"),
    [
        ({}, {"due_on": None, "starts_on": None, "words": ""}),
        ({"deadline": {"text": "trước 30/6/2022", "on": "2022-06-30"}},
         {"due_on": date(2022, 6, 30), "starts_on": None, "words": "trước 30/6/2022"}),
        ({"recurrence": {"text": "trước ngày 15/12 hằng năm", "every": ["year"], "day": 15, "month": 12}},
         {"rhythm": "year", "month": 12, "day": 15}),
        ({"recurrence": {"text": "hằng quý, trước ngày 20", "every": ["year", "quarter"], "day": 20, "month": None}},
         {"rhythm": "quarter", "month": 3, "day": 20}),
        ({"recurrence": {"text": "thường xuyên", "every": ["continuous"]},
          "deadline": {"text": "giai đoạn 2021-2025", "begins": "2021-01-01", "on": "2025-12-31"}},
         {"rhythm": "standing", "starts_on": date(2021, 1, 1), "ends_on": date(2025, 12, 31)}),
    ],
)  # fmt: skip
def test_the_words_of_a_document_say_when_it_is_due(
    found: dict[str, Any], due: dict[str, Any]
) -> None:
    assert due.items() <= due_of(Passage(due=found)).items()


@pytest.fixture
def passage(province: Any) -> Passage:
    directive = Directive.objects.create(
        province_code=province.unit.province_code, chain="state", level="province", kind="plan",
        symbol="87/KH-UBND", title="Kế hoạch", issuer_name="UBND tỉnh", issuer=province.agency("UBND tỉnh"),
    )  # fmt: skip
    found = Passage.objects.create(
        directive=directive, position=1, start=0, end=4, words="Rà soát.", content="Rà soát hợp tác xã", section="II.1",
        due={"product": "Báo cáo rà soát"},
    )  # fmt: skip
    for part, name in (("lead", "Sở Kế hoạch"), ("coordinating", "Sở Nông nghiệp")):
        PassageActor.objects.create(
            passage=found,
            is_lead=part == "lead",
            part=part,
            position=1,
            named=name,
            agency=province.agency(name),
        )
    return found


def test_a_passage_becomes_one_task_with_its_product(province: Any, passage: Passage) -> None:
    ctx, ubnd = province.of("UBND tỉnh"), province.agency("UBND tỉnh")
    for _time in range(2):
        actions.take_passages(ctx, passage.directive, passages=[passage], assigner=ubnd)
    task = Task.objects.get()
    assert (task.title, task.product, task.section, task.state) == (
        "Rà soát hợp tác xã", "Báo cáo rà soát", "II.1", "draft",
    )  # fmt: skip


def test_the_agencies_named_are_taken_as_they_are_called_on_the_day(
    province: Any, passage: Passage
) -> None:
    lead, others = agencies_of(passage, province.today)
    assert (lead.name, [a.name for a in others]) == ("Sở Kế hoạch", ["Sở Nông nghiệp"])
    province.ends("Sở Kế hoạch", on=date(2025, 3, 1), into=("Sở Tài chính",))
    lead, _others = agencies_of(passage, date(2025, 3, 1))
    assert lead.name == "Sở Tài chính"


def test_what_was_taken_back_is_called_off_and_comes_again_with_the_passage(
    province: Any, passage: Passage
) -> None:
    ctx, ubnd = province.of("UBND tỉnh"), province.agency("UBND tỉnh")
    (task,) = actions.take_passages(ctx, passage.directive, passages=[passage], assigner=ubnd)
    end_tasks(ctx, directive=passage.directive, passages=[passage])
    task.refresh_from_db()
    assert task.state == "cancelled"
    assert TasksOfPassages().made_of(ctx, [passage.pk]) == {}
    actions.take_passages(ctx, passage.directive, passages=[passage], assigner=ubnd)
    task.refresh_from_db()
    assert task.state == "draft"
    assert list(TasksOfPassages().made_of(ctx, [passage.pk])) == [passage.pk]


def test_what_is_assigned_is_called_off_not_taken_back(province: Any, passage: Passage) -> None:
    ctx, ubnd = province.of("UBND tỉnh"), province.agency("UBND tỉnh")
    (task,) = actions.take_passages(ctx, passage.directive, passages=[passage], assigner=ubnd)
    assert list(TasksOfPassages().objections(ctx, [passage])) == []
    actions.assign(ctx, task, lead=province.agency("Sở Kế hoạch"))
    assert [f.code for f in TasksOfPassages().objections(ctx, [passage])] == ["task_assigned"]
    with pytest.raises(Refused):
        actions.edit_task(ctx, task, values={}, due={"rhythm": "year"})
