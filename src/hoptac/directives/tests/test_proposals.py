"""Proposed tasks: kept with the document, accepted, edited, split, joined, rejected, undone."""

from __future__ import annotations

from typing import Any

import pytest

from hoptac.directives import taking
from hoptac.directives.actions import (
    LinkSpec,
    accept_passages,
    bring_directive,
    edit_passage,
    join_passages,
    reject_passages,
    restore_passages,
    split_passage,
    store_reading,
)
from hoptac.directives.in_words import due_words
from hoptac.directives.models import Directive, Passage
from hoptac.directives.terms import PassageState
from hoptac.directives.written import paragraphs
from hoptac.foundation import events
from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.findings import Finding, Refused

FACTS = {
    "symbol": "5-KH/TU", "title": "Thực hiện Kết luận số 70-KL/TW", "level": "province",
    "issuer_name": "Ban Thường vụ Tỉnh ủy", "kind": "plan", "chain": "party",
}  # fmt: skip


@pytest.fixture
def plan(office: Any, reading: Any) -> Directive:
    """The small plan, brought as a file and read."""
    return bring_directive(
        office.party, facts=FACTS, file=("ke-hoach.txt", reading.text.encode()), reading=reading,
        links=[LinkSpec(kind="implements", cited={"symbol": "70-KL/TW"})],
    )  # fmt: skip


def state(passage: Passage) -> str:
    return Passage.objects.values_list("state", flat=True).get(pk=passage.pk)


def both(plan: Directive) -> list[Passage]:
    return list(plan.passages.order_by("position"))


def test_a_document_is_brought_with_its_links_and_proposals(plan: Directive) -> None:
    review, spread = both(plan)
    assert plan.text[review.start : review.end] == review.words
    assert [(a.named, a.part, a.agency and a.agency.code) for a in review.actors.all()] == [
        ("Sở Tài chính", "lead", "so-tc-ag"), ("các sở, ngành", "coordinating", None),
    ]  # fmt: skip
    assert "15/12" in due_words(review.due)
    assert spread.actors.get().agency.code == "lmhtx-ag"
    assert plan.links.get().target.symbol == "70-KL/TW"
    assert plan.file is not None


def test_the_words_of_proposals_are_marked_in_the_text(plan: Directive) -> None:
    marked = [r for p in paragraphs(plan, both(plan)) for r in p.runs if r.passage]
    assert [r.words for r in marked] == [p.words for p in both(plan)]
    assert all(r.opens for r in marked)
    assert "".join(r.words for p in paragraphs(plan, both(plan)) for r in p.runs).replace(
        " ", ""
    ) in plan.text.replace("\n", "").replace(" ", "")


def test_accepting_announces_the_passages_inside_the_act(office: Any, plan: Directive) -> None:
    heard: list[Any] = []

    def hear(ctx: Any, **told: Any) -> None:
        assert ctx.act_id is not None
        heard.append((told["directive"].pk, [p.pk for p in told["passages"]]))

    events.listen("directives.passages_accepted", hear)
    try:
        ids = [p.pk for p in both(plan)]
        accept_passages(office.party, plan, passages=ids)
        accept_passages(office.party, plan, passages=ids)  # a second time says nothing
    finally:
        events.withdraw("directives.passages_accepted", hear)
    assert heard == [(plan.pk, ids)]
    assert {state(p) for p in both(plan)} == {"accepted"}


def test_a_listener_that_refuses_undoes_the_accepting(office: Any, plan: Directive) -> None:
    def refuse(ctx: Any, **told: Any) -> None:
        raise Refused(Finding("no", "no"))

    events.listen("directives.passages_accepted", refuse)
    try:
        with pytest.raises(Refused):
            accept_passages(office.party, plan, passages=[both(plan)[0].pk])
    finally:
        events.withdraw("directives.passages_accepted", refuse)
    assert state(both(plan)[0]) == "proposed"


def test_only_who_keeps_the_document_decides(office: Any, plan: Directive) -> None:
    first = both(plan)[0]
    for other in (office.state, office.finance, office.commune):
        with pytest.raises(OutOfReach):
            accept_passages(other, plan, passages=[first.pk])
        with pytest.raises(OutOfReach):
            edit_passage(other, first, content="khác")
    elsewhere = office.document(symbol="80-KL/TW")
    with pytest.raises(OutOfReach):
        accept_passages(office.party, elsewhere, passages=[first.pk])


def test_a_rejected_proposal_is_not_accepted_before_it_is_open_again(
    office: Any, plan: Directive
) -> None:
    first = both(plan)[0]
    reject_passages(office.party, plan, passages=[first.pk], because="chỉ là định hướng")
    with pytest.raises(Refused) as refused:
        accept_passages(office.party, plan, passages=[first.pk])
    assert refused.value.codes == {"state_passed"}
    restore_passages(office.party, plan, passages=[first.pk])
    accept_passages(office.party, plan, passages=[first.pk])


def test_an_edit_keeps_what_the_reader_found(office: Any, plan: Directive) -> None:
    first = both(plan)[0]
    edit_passage(
        office.party, first, content="Rà soát", due={"deadline": {"on": "2026-12-15"}},
        actors=[{"part": "lead", "named": "Liên minh", "agency": office.by_code["lmhtx-ag"]}],
    )  # fmt: skip
    with pytest.raises(Conflict):
        edit_passage(office.party, first, content="Lại", expected_version=1)
    with pytest.raises(Refused):
        edit_passage(office.party, first, content=" ")
    assert [a.named for a in first.actors.all()] == ["Liên minh"]
    restore_passages(office.party, plan, passages=[first.pk])
    first.refresh_from_db()
    assert first.content.startswith("rà soát")
    assert {a.named for a in first.actors.all()} == {"Sở Tài chính", "các sở, ngành"}
    assert "recurrence" in first.due
    with pytest.raises(Refused) as refused:
        restore_passages(office.party, plan, passages=[first.pk])
    assert refused.value.codes == {"nothing_to_undo"}


def test_a_proposal_is_split_by_its_own_words(office: Any, plan: Directive) -> None:
    first = both(plan)[0]
    for parts, code in (
        (["rà soát các hợp tác xã; báo cáo trước ngày 15/12"], "one_part"),
        (["rà soát các hợp tác xã;", "báo cáo trước ngày 16/12"], "not_its_words"),
        (["rà soát", "báo cáo trước ngày 15/12"], "not_its_words"),
    ):
        with pytest.raises(Refused) as refused:
            split_passage(office.party, first, parts=parts)
        assert refused.value.codes == {code}
    one, two = split_passage(
        office.party, first, parts=["rà soát các hợp tác xã;", "báo cáo trước ngày 15/12"]
    )
    assert plan.text[two.start : two.end] == "báo cáo trước ngày 15/12"
    assert [a.named for a in two.actors.all()] == ["Sở Tài chính", "các sở, ngành"]
    assert state(first) == "split"
    accept_passages(office.party, plan, passages=[one.pk])
    with pytest.raises(Refused) as refused:
        restore_passages(office.party, plan, passages=[first.pk])
    assert refused.value.codes == {"part_decided"}
    restore_passages(office.party, plan, passages=[one.pk])
    restore_passages(office.party, plan, passages=[two.pk])  # undoing a part undoes the splitting
    assert (state(first), state(one), state(two)) == ("proposed", "withdrawn", "withdrawn")


def test_proposals_are_joined_and_parted_again(office: Any, plan: Directive) -> None:
    first, second = both(plan)
    with pytest.raises(Refused):
        join_passages(office.party, plan, passages=[first.pk])
    joint = join_passages(office.party, plan, passages=[second.pk, first.pk])
    assert (joint.start, joint.end) == (first.start, second.end)
    assert {a.named for a in joint.actors.all()} == {
        "Sở Tài chính", "các sở, ngành", "Liên minh Hợp tác xã",
    }  # fmt: skip
    assert (state(first), state(second)) == ("joined", "joined")
    restore_passages(office.party, plan, passages=[joint.pk])
    assert (state(first), state(second), state(joint)) == ("proposed", "proposed", "withdrawn")
    joint = join_passages(office.party, plan, passages=[first.pk, second.pk])
    restore_passages(office.party, plan, passages=[first.pk])
    assert state(joint) == "withdrawn"


def test_who_made_tasks_may_object_to_taking_back(office: Any, plan: Directive) -> None:
    class Maker:
        def made_of(self, ctx: Any, passages: Any) -> dict[Any, taking.Taken]:
            return {pk: taking.Taken("Việc 1", "/tasks/1/") for pk in passages}

        def next_words(self, passage: Any) -> str:
            return ""

        def objections(self, ctx: Any, passages: Any) -> list[Finding]:
            return [Finding("work_begun", "Đã có báo cáo tiến độ.")]

    ids = [p.pk for p in both(plan)]
    accept_passages(office.party, plan, passages=ids)
    before = taking.set_taker(Maker())
    try:
        with pytest.raises(Refused) as refused:
            restore_passages(office.party, plan, passages=ids)
        assert refused.value.codes == {"work_begun"}
    finally:
        taking.set_taker(before)
    restore_passages(office.party, plan, passages=ids)
    assert {state(p) for p in both(plan)} == {"proposed"}


def test_a_document_is_read_again_until_something_was_decided(
    office: Any, plan: Directive, reading: Any
) -> None:
    earlier = both(plan)
    store_reading(office.party, plan, reading=reading)
    assert {state(p) for p in earlier} == {"withdrawn"}
    fresh = list(plan.passages.filter(state=PassageState.PROPOSED))
    accept_passages(office.party, plan, passages=[fresh[0].pk])
    with pytest.raises(Refused) as refused:
        store_reading(office.party, plan, reading=reading)
    assert refused.value.codes == {"reading_decided"}
