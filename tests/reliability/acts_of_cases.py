"""The acts upon cases of compulsory dissolution (a part of every_act.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hoptac.cases import actions as cases
from hoptac.cases.models import KeptDate, SharesStatement
from hoptac.foundation.access import Context, system_context
from hoptac.jurisdiction import actions as places
from hoptac.registration import actions as desk
from hoptac.registry.models import Cooperative
from tests.reliability.stage import LATER, THEN, Known, Stage


def _watched(stage: Stage) -> Cooperative:
    """Return a body that stands on the watch list: its last general meeting was in 2020."""
    body = stage.body()
    cases.record_date(system_context(), body, kind="meeting", on=THEN)
    return body


def _case(stage: Stage, until: str = "opened") -> Any:
    """Return a case brought as far as a stage, by nobody's quota."""
    ctx = system_context()
    case = cases.open_case(ctx, _watched(stage))
    steps: dict[str, Callable[[], Any]] = {
        "visited": lambda: cases.waive_visit(ctx, case, words="không đến được"),
        "noticed": lambda: cases.send_notice(ctx, case, signatory="Ai"),
        "explained": lambda: cases.receive_explanation(ctx, case, words="đã nghe", by="Giám đốc"),
        "weighed": lambda: cases.weigh(ctx, case, words="đã xét"),
        "proposed": lambda: cases.propose_end(ctx, case, words="không khắc phục"),
    }
    for name, take in steps.items():
        if until == "opened":
            break
        take()
        if name == until:
            break
    return case


def _granted(stage: Stage) -> Any:
    ctx, case = system_context(), _case(stage, "proposed")
    desk.propose(ctx, case.filing, outcome="grant")
    desk.decide(ctx, case.filing, outcome="grant", signatory="Ai")
    return case


def _closed(stage: Stage) -> Any:
    case = _case(stage)
    return cases.close(system_context(), case, closing="no_case", words="nhầm")


def _delayed(stage: Stage) -> Any:
    ctx, case = system_context(), _case(stage, "weighed")
    return cases.delay(ctx, case, until=ctx.today + timedelta(days=30), words="chờ", signatory="Ai")


def _merging(stage: Stage) -> Any:
    ctx, case = system_context(), _case(stage, "visited")
    filing = desk.receive(
        ctx, "merger", cooperative=stage.body(), applicant="Ai",
        proposal={"others": [{"body": str(case.cooperative_id)}]},
    )  # fmt: skip
    return case, filing


def _colleague(stage: Stage) -> Any:
    person = stage.person()
    places.give_mandate(
        stage.ctx, person, role="registration_officer", unit=stage.commune, from_on=THEN
    )
    person.refresh_from_db()
    return _case(stage), person


_SHEET = {
    "visitors": "Ai", "findings": "còn hoạt động", "at_address": "yes", "has_sign": "no",
    "operates": "yes", "has_books": "unclear",
}  # fmt: skip


def _dated(act: Callable[..., Any], ready: Callable[[Stage], Any], **details: Any) -> Known:
    return Known(
        ready,
        lambda ctx, b: act(ctx.because("nhầm"), b, **_rows(act, b), **details),
        "registry.cooperative",
    )


def _rows(act: Callable[..., Any], body: Any) -> dict[str, int]:
    model = {cases.correct_date: KeptDate, cases.correct_shares: SharesStatement}.get(act)
    return {"row": model.objects.filter(cooperative=body).latest("id").pk} if model else {}


def _shared(stage: Stage) -> Cooperative:
    body = stage.body()
    cases.state_shares(system_context(), body, as_of=THEN, parts={"associates": Decimal(5)})
    return body


def _step(act: Callable[..., Any], until: Any, /, *, entries: int = 1, **details: Any) -> Known:
    ready = until if callable(until) else lambda s: _case(s, until)

    def do(ctx: Context, case: Any, **more: Any) -> Any:
        return act(ctx, case, **details, **more)

    return Known(ready, do, "cases.case", entries=entries, edits=do)


def _step_with(act: Callable[..., Any], name: str, ready: Callable[[Stage], Any]) -> Known:
    def do(ctx: Context, pair: Any, **more: Any) -> Any:
        return act(ctx, pair[0], **{name: pair[1]}, **more)

    return Known(ready, do, "cases.case", edits=do)


def _visit(ctx: Context, case: Any, **more: Any) -> Any:
    return cases.record_visit(ctx, case, sheet={**_SHEET, "visited_on": ctx.today}, **more)


_SOON = system_context().today + timedelta(days=30)
ROWS: dict[str, Known] = {
    "cases.record_date": _dated(cases.record_date, lambda s: s.body(), kind="meeting", on=THEN),
    "cases.correct_date": _dated(cases.correct_date, _watched, on=LATER),
    "cases.state_shares": _dated(cases.state_shares, lambda s: s.body(), as_of=THEN, parts={"associates": Decimal(5)}),
    "cases.correct_shares": _dated(cases.correct_shares, _shared),
    "cases.export": Known(lambda s: None, lambda ctx, x: cases.record_export(ctx, query="", format="csv", rows=0)),
    "cases.open_case": Known(_watched, lambda ctx, b: cases.open_case(ctx, b), "cases.case"),
    "cases.open_cases": Known(_watched, lambda ctx, b: cases.open_cases(ctx, bodies=[b]), entries=2),
    "cases.hand_over": _step_with(cases.hand_over, "to", _colleague),
    "cases.record_visit": Known(_case, _visit, "cases.case", edits=_visit),
    "cases.waive_visit": _step(cases.waive_visit, "opened", words="ngập"),
    "cases.send_notice": _step(cases.send_notice, "visited", signatory="Ai"),
    "cases.receive_explanation": _step(cases.receive_explanation, "noticed", words="đã họp", by="Giám đốc"),
    "cases.answer": _step(cases.answer, "noticed", words="đã họp"),
    "cases.weigh": _step(cases.weigh, "explained", words="đã xét"),
    "cases.delay": _step(cases.delay, "weighed", until=_SOON, words="chờ", signatory="Ai"),
    "cases.resume": _step(cases.resume, _delayed, words="đã rõ"),
    "cases.merge_instead": _step_with(cases.merge_instead, "filing", _merging),
    "cases.propose_end": _step(cases.propose_end, "weighed", entries=2, words="không khắc phục"),
    "cases.publish": _step(cases.publish, _granted, gazette="Cổng thông tin"),
    "cases.close": _step(cases.close, "weighed", closing="no_case", words="nhầm", signatory="Ai"),
    "cases.reopen": _step(cases.reopen, _closed, words="căn cứ mới"),
    "cases.take_back": _step(cases.take_back, "weighed", words="xem lại"),
}  # fmt: skip
