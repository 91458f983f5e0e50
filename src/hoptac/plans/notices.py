"""Whom the way of a plan tells: who approves it, and who made it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.notices.kinds import Matter, NoticeKind, declare, declare_matter
from hoptac.plans.models import YearPlan
from hoptac.plans.selectors import people_of


def plans_among(ctx: Context, keys: Collection[str]) -> Iterable[Any]:
    """Return which of these plans the caller may see."""
    return (
        YearPlan.objects.visible_to(ctx).filter(pk__in=keys).order_by().values_list("pk", flat=True)
    )


def approvers(ctx: Context, *, plan: YearPlan) -> list[User]:
    """Return who may approve the plan."""
    return people_of("plans.approve", plan.approver, ctx.today)


def makers(ctx: Context, *, plan: YearPlan) -> list[User]:
    """Return who may go on working at the plan."""
    return people_of("plans.make", plan.agency, ctx.today)


def _about(ctx: Context, *, plan: YearPlan) -> tuple[Any, dict[str, Any]]:
    return plan, {"title": plan.title}


def declare_notices() -> None:
    """Make the kinds known (once, when the apps start)."""
    declare_matter(Matter("plans.yearplan", "plans:plan", seen=plans_among))
    for event, title, text, permission, to in (
        (
            "plans.submitted",
            _("Plans to approve"),
            _("“%(title)s” was submitted for your approval."),
            "plans.approve",
            approvers,
        ),
        (
            "plans.returned",
            _("Plans sent back"),
            _("“%(title)s” was sent back to be mended."),
            "plans.make",
            makers,
        ),
        (
            "plans.approved",
            _("Plans approved"),
            _("“%(title)s” was approved: issue it."),
            "plans.make",
            makers,
        ),
    ):
        declare(
            NoticeKind(
                event, group=_("Yearly plans"), title=title, text=text, permission=permission, on=event, to=to,
                about=_about,
            )
        )  # fmt: skip
