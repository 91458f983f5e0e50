"""The way of a plan: submitted, sent back, approved, issued, adjusted, closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import tidy
from hoptac.plans.actions.targets import apply_values, replace_target, target_of
from hoptac.plans.issuing import File, directive_of
from hoptac.plans.models import YearPlan
from hoptac.plans.steps import refuse_if_passed, refuse_without, take_step
from hoptac.plans.terms import StepKind

_ADJUSTABLE = frozenset({"name", "planned", "direction", "responsible", "path", "serves"})


@action("plans.make", name="plans.submit")
def submit(
    ctx: Context, plan: YearPlan, *, words: str = "", expected_version: int | None = None
) -> YearPlan:
    """Hand a plan in to the agency that approves it.

    :raises Refused: it is not being drafted, has no target, a target without planned value, or does not say
        how it is tied to the socio-economic plan
    """
    refuse_if_passed(plan, StepKind.SUBMITTED, expected_version)
    targets = plan.targets.filter(retired_by__isnull=True)
    if not targets.exists():
        raise Refused(Finding("no_targets", _("A plan is submitted with at least one target.")))
    empty = list(targets.filter(planned__isnull=True).order_by("position").values_list("code", flat=True))  # fmt: skip
    if empty:
        raise Refused(
            Finding(
                "planned_missing", _("Set the planned value of these targets, or take them out: %(codes)s.")
                % {"codes": ", ".join(empty)}, details={"codes": empty},
            )
        )  # fmt: skip
    if not plan.tie.strip() and plan.tied_to_id is None:
        raise Refused(
            Finding("tie_missing", _("Say how the plan is tied to the socio-economic plan."), field="tie")
        )  # fmt: skip
    take_step(ctx, plan, StepKind.SUBMITTED, words=words, changes={"submitted_on": ctx.today})
    announce(ctx, "plans.submitted", plan=plan)
    return plan


@action("plans.make", name="plans.withdraw")
def withdraw(
    ctx: Context, plan: YearPlan, *, words: str = "", expected_version: int | None = None
) -> YearPlan:
    """Take a submitted plan back to the desk before it is decided upon.

    :raises Refused: it is not waiting for approval
    """
    take_step(
        ctx, plan, StepKind.WITHDRAWN, expected_version=expected_version, words=words,
        changes={"submitted_on": None},
    )  # fmt: skip
    return plan


@action("plans.approve", name="plans.return_plan")
def return_plan(
    ctx: Context, plan: YearPlan, *, words: str, expected_version: int | None = None
) -> YearPlan:
    """Send a plan back to whoever made it, saying what is to be mended; an approval not yet issued, too.

    :raises Refused: no reason, or it is not in the approver's hands
    """
    refuse_without(words, _("Say what is to be mended."))
    take_step(
        ctx, plan, StepKind.RETURNED, expected_version=expected_version, words=words, agency=plan.approver,
        changes={"submitted_on": None, "approved_on": None},
    )  # fmt: skip
    announce(ctx, "plans.returned", plan=plan)
    return plan


@action("plans.approve", name="plans.approve")
def approve(
    ctx: Context, plan: YearPlan, *, words: str = "", expected_version: int | None = None
) -> YearPlan:
    """Approve a plan: from now on its targets change only by an adjustment.

    :raises Refused: it does not wait for approval
    """
    take_step(
        ctx, plan, StepKind.APPROVED, expected_version=expected_version, words=words, agency=plan.approver,
        changes={"approved_on": ctx.today},
    )  # fmt: skip
    announce(ctx, "plans.approved", plan=plan)
    return plan


@action("plans.make", name="plans.issue")
def issue(
    ctx: Context,
    plan: YearPlan,
    *,
    symbol: str = "",
    issued_on: date | None = None,
    signer: str = "",
    signer_post: str = "",
    file: File | None = None,
    document: Directive | None = None,
    expected_version: int | None = None,
) -> YearPlan:
    """Record the document as which a plan was issued; it carries out what the plan above was issued as.

    ``document`` is one that is entered already; otherwise number, day, signer and file make a new one.

    :raises Refused: it is not approved, number or day are missing or cannot be, or the document is known
    """
    refuse_if_passed(plan, StepKind.ISSUED, expected_version)
    issued = directive_of(
        ctx, plan, symbol=symbol, issued_on=issued_on, signer=signer, signer_post=signer_post, file=file,
        document=document,
    )  # fmt: skip
    take_step(ctx, plan, StepKind.ISSUED, document=issued.name[:200], changes={"issued": issued})
    announce(ctx, "plans.issued", plan=plan)
    note(ctx, document=issued.symbol, issued_on=issued.issued_on)
    return plan


@action("plans.approve", name="plans.adjust")
def adjust(
    ctx: Context,
    plan: YearPlan,
    *,
    changes: Mapping[str, Mapping[str, Any]],
    words: str,
    document: str,
    expected_version: int | None = None,
) -> YearPlan:
    """Change targets of an approved plan, by target code; a new edition, the old values stay on record.

    :raises Refused: no reason or document, nothing differs, it is not approved, or a value does not fit
    """
    refuse_without(words, _("Say why the plan is adjusted."))
    refuse_without(document, _("Say by which document."), field="document")
    refuse_if_passed(plan, StepKind.ADJUSTED, expected_version)
    told: dict[str, Any] = {}
    for code, values in changes.items():
        if unknown := sorted(set(values) - _ADJUSTABLE):
            raise Refused(
                Finding("not_adjustable", _("This cannot be adjusted."), field=unknown[0])
            )
        row = target_of(plan, code)
        before = {k: _plain(getattr(row, k)) for k in values}
        apply_values(ctx, row, values)
        after = {k: _plain(getattr(row, k)) for k in values}
        if row.planned is None:
            raise Refused(
                Finding(
                    "planned_missing", _("An approved target keeps a planned value."), field=code
                )
            )
        if before == after:
            continue
        row.edition = plan.edition + 1
        replace_target(ctx, row, row)
        told[code] = {k: [before[k], after[k]] for k in values if before[k] != after[k]}
    if not told:
        raise Refused(Finding("nothing_changed", _("Nothing differs from what is recorded.")))
    take_step(
        ctx, plan, StepKind.ADJUSTED, words=words, document=tidy(document)[:200], agency=plan.approver,
        changes={"edition": plan.edition + 1}, details={"changes": told},
    )  # fmt: skip
    note(ctx, changes=told, document=document)
    return plan


@action("plans.make", name="plans.close_year")
def close_year(
    ctx: Context, plan: YearPlan, *, words: str = "", expected_version: int | None = None
) -> YearPlan:
    """Close a plan whose time is over: its statements are complete; the act keeps how the year came out.

    :raises Refused: its time is not over, a target has no figure, or it was not issued
    """
    from hoptac.plans.figures import lines_of

    refuse_if_passed(plan, StepKind.CLOSED, expected_version)
    if ctx.today <= plan.ends_on:
        raise Refused(Finding("not_over", _("The plan's time is not over.")))
    lines = lines_of(plan, plan.ends_on)
    empty = [line.target.code for line in lines if line.value is None]
    if empty:
        raise Refused(
            Finding(
                "actual_missing", _("State the actual value of these targets first: %(codes)s.")
                % {"codes": ", ".join(empty)}, details={"codes": empty},
            )
        )  # fmt: skip
    outcome = {
        line.target.code: [_plain(line.planned), _plain(line.value), str(line.standing)]
        for line in lines
    }
    take_step(ctx, plan, StepKind.CLOSED, words=words, details={"outcome": outcome})
    note(ctx, outcome=outcome)
    return plan


@action("plans.make", name="plans.reopen_year")
def reopen_year(
    ctx: Context, plan: YearPlan, *, words: str, expected_version: int | None = None
) -> YearPlan:
    """Open a closed plan again, to mend statements.

    :raises Refused: no reason, or it is not closed
    """
    refuse_without(words, _("Say why it is opened again."))
    take_step(ctx, plan, StepKind.REOPENED, expected_version=expected_version, words=words)
    return plan


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, dict):
        return value
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
