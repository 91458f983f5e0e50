"""From which day's figures a plan counts what changed on the ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hoptac.directives.models import Directive
from hoptac.foundation.rulebook import NotInForce, Rule, rule_in_force


@dataclass(frozen=True, kw_only=True)
class BaselineRule(Rule):
    """The day with whose figures today's are compared, for plans issued while the rule is in force."""

    topic: ClassVar[str] = "workspace/baseline"

    baseline_on: date


def baseline_of(plan: Directive | None, today: date) -> date | None:
    """Return the day from which a plan counts; nothing where no rule names one for plans of its time.

    A plan whose day of issue is not known (or no plan) counts as one of today.
    """
    issued_on = plan.issued_on if plan is not None and plan.issued_on else today
    try:
        return rule_in_force(BaselineRule, on=issued_on).baseline_on
    except NotInForce:
        return None
