"""Every step of a case has its clock, those that reach the body their letter, and each is walked back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hoptac.cases import actions
from hoptac.cases.models import Case, Letter
from hoptac.cases.terms import RUNNING, State
from hoptac.registration.models import Mark

pytestmark = pytest.mark.django_db
SIGNS = {"signatory": "Lê Văn Chín"}


def stand(case):
    """Return everything of a case that a step may change, and whether the body is marked."""
    now = Case.objects.get(pk=case.pk)
    marks = Mark.objects.live().filter(
        cooperative=now.cooperative_id, valid__contains=date(2026, 3, 2)
    )
    return (
        now.state, now.due_on, now.explain_until, now.delayed_until, now.mark_document, now.closing,
        now.filing_id, now.officer_id, marks.count(),
    )  # fmt: skip


def course(watch):
    """Yield a name and the act for each step on the longest way through a case."""
    ctx, day = watch.ctx, watch.ctx.today
    yield "visited", lambda c: watch.visit(c)
    yield "noticed", lambda c: actions.send_notice(ctx, c, **SIGNS)
    yield "visited again", lambda c: watch.visit(c)
    yield "explained", lambda c: actions.receive_explanation(ctx, c, words="Sẽ họp.", by="Giám đốc")
    yield "explained again", lambda c: actions.receive_explanation(ctx, c, words="Nữa.", by="Ai")
    yield "weighed", lambda c: actions.weigh(ctx, c, words="Chưa khắc phục.")
    yield (
        "delayed",
        lambda c: actions.delay(
            ctx, c, until=day + timedelta(days=60), words="Cho thời gian.", **SIGNS
        ),
    )
    yield "resumed", lambda c: actions.resume(ctx, c, words="Không làm gì.")
    yield "proposed", lambda c: actions.propose_end(ctx, c, words="Đề nghị thu hồi.")


def test_from_each_step_a_case_is_walked_back_to_its_beginning(watch):
    case = watch.case()
    before = [stand(case)]
    letters = {"noticed": 1, "delayed": 2}
    for name, take in course(watch):
        take(case)
        case.refresh_from_db()
        before.append(stand(case))
        if case.state in RUNNING:
            assert case.due_on is not None, f"{name} has no clock"
        if name in letters:
            assert Letter.objects.filter(step__case=case).count() == letters[name], name
    assert case.state == State.PROPOSED
    while len(before) > 1:
        before.pop()
        actions.take_back(watch.ctx, case, words="Xem lại.", **SIGNS)
        case.refresh_from_db()
        assert stand(case) == before[-1]
    assert case.state == State.OPENED
    assert stand(case)[-1] == 0, "the body is still marked"


@pytest.mark.parametrize("upto", range(9))
def test_closed_from_any_step_and_that_walked_back_too(watch, upto):
    case = watch.case()
    for place, (_name, take) in enumerate(course(watch)):
        if (
            place == upto or place == 8
        ):  # what lies before the deciding officer has to come back first
            break
        take(case)
        case.refresh_from_db()
    before = stand(case)
    actions.close(watch.ctx, case, closing="no_case", words="Không có căn cứ.", **SIGNS)
    case.refresh_from_db()
    assert (case.state, stand(case)[-1]) == (State.CLOSED, 0)
    actions.take_back(watch.ctx, case, words="Đóng nhầm.", **SIGNS)
    case.refresh_from_db()
    assert stand(case) == before
