"""Cases of the demonstration: bodies with a ground of each kind, each case brought as far as the plan says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hoptac.cases import actions
from hoptac.cases.models import Case
from hoptac.foundation.access import Context
from hoptac.registration import actions as desk
from hoptac.registry import actions as register
from hoptac.registry.models import Cooperative

# The stages in their order, with the days that pass from the opening of a case to each.
_STAGES = (
    "opened",
    "visited",
    "noticed",
    "explained",
    "weighed",
    "delayed",
    "proposed",
    "published",
)
_AFTER = {
    "opened": 0, "visited": 6, "noticed": 9, "explained": 18, "weighed": 26, "delayed": 27,
    "proposed": 28, "published": 30,
}  # fmt: skip


def build(
    told: Iterable[Mapping[str, Any]], bodies: list[Any], examiner: Context, registrar: Context
) -> None:
    """Keep the dates of every body that the plan tells, and bring its case as far as it says.

    ``bodies`` are those of the desk, in the order to which the plan's numbers point.
    """
    for one in told:
        body = Cooperative.objects.get(pk=bodies[one["body"]].cooperative_id)
        _keep(examiner, body, one)
        if one.get("until"):
            _bring(one, body, examiner, registrar)


def _ago(ctx: Context, days: int) -> Any:
    return ctx.today - timedelta(days=days)


def _keep(ctx: Context, body: Cooperative, one: Mapping[str, Any]) -> None:
    """Keep what the plan says of a body: dates, members, parts, the day on which it stopped."""
    for row in one.get("dates", ()):
        actions.record_date(
            ctx, body, kind=row["kind"], on=_ago(ctx, row["days_ago"]), document=row["document"]
        )
    if "members" in one:
        told = one["members"]
        register.state_figures(
            ctx, body, figures={"members": told["count"]}, as_of=_ago(ctx, told["days_ago"]),
            source="Số liệu minh họa",
        )  # fmt: skip
    if "stopped_days_ago" in one:
        register.change_particulars(
            ctx, body, changes={"working_state": "idle"},
            from_on=_ago(ctx, one["stopped_days_ago"]), source="Số liệu minh họa",
        )  # fmt: skip
    if "parts" in one:
        told = dict(one["parts"])
        as_of, document = _ago(ctx, told.pop("days_ago")), told.pop("document")
        parts = {k: Decimal(str(v)) for k, v in told.items()}
        actions.state_shares(ctx, body, as_of=as_of, parts=parts, document=document)


def _bring(
    one: Mapping[str, Any], body: Cooperative, examiner: Context, registrar: Context
) -> None:
    """Open a case so long ago as the plan says, and take one step after the other."""
    signs: dict[str, Any] = {"signatory": registrar.user.full_name if registrar.user else ""}
    until, words = one["until"], one.get("words", {})
    is_mended = until == "mended"
    last = _STAGES.index("noticed" if is_mended else until)
    opened = _ago(examiner, one["begun_days_ago"])

    def at(ctx: Context, stage: str) -> Context:
        return ctx.by(today=opened + timedelta(days=_AFTER[stage]))

    case = actions.open_case(at(examiner, "opened"), body, words=words.get("opened", ""))
    steps: dict[str, Callable[[], Any]] = {
        "visited": lambda: actions.record_visit(
            at(examiner, "visited"), case,
            sheet={"visited_on": at(examiner, "visited").today, **one["visit"]},
        ),
        "noticed": lambda: actions.send_notice(at(examiner, "noticed"), case, **signs),
        "explained": lambda: actions.receive_explanation(
            at(examiner, "explained"), case, words=words["explained"], by=words["by"]
        ),
        "weighed": lambda: actions.weigh(at(examiner, "weighed"), case, words=words["weighed"]),
        "delayed": lambda: actions.delay(
            at(registrar, "delayed"), case, words=words["delayed"],
            until=at(registrar, "delayed").today + timedelta(days=one["delay_days"]), **signs,
        ),
        "proposed": lambda: actions.propose_end(
            at(examiner, "proposed"), case, words=words["proposed"]
        ),
        "published": lambda: _publish(at(examiner, "published"), at(registrar, "published"), case, one, signs),
    }  # fmt: skip
    for stage in _STAGES[1 : last + 1]:
        if stage == "delayed" and until != "delayed":
            continue
        steps[stage]()
        case.refresh_from_db()
    if is_mended:
        _mend(at(examiner, "explained"), at(registrar, "weighed"), case, one, signs)


def _publish(
    examiner: Context, registrar: Context, case: Case, one: Mapping[str, Any], signs: dict[str, Any]
) -> None:
    """Let the desk examine and decide the revocation, and publish it."""
    filing = case.filing
    if filing is None:
        raise LookupError(f"case {case.number} has no filing")
    desk.propose(examiner, filing, outcome="grant", opinion=one["words"]["opinion"])
    desk.decide(registrar, filing, outcome="grant", decided_on=registrar.today, **signs)
    case.refresh_from_db()
    actions.publish(registrar, case, gazette=one["gazette"])


def _mend(
    examiner: Context, registrar: Context, case: Case, one: Mapping[str, Any], signs: dict[str, Any]
) -> None:
    """Take the notice back that should not have gone out, record what mended the fault, and close."""
    words = one["words"]
    actions.take_back(examiner, case, words=words["taken_back"], **signs)
    told = one["mended"]
    register.state_figures(
        examiner, case.cooperative, figures={"members": told["count"]}, as_of=examiner.today,
        source=told["source"],
    )  # fmt: skip
    case.refresh_from_db()
    actions.close(registrar, case, closing="mended", words=words["closed"], **signs)
