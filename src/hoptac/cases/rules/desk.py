"""Clocks and quota of the desk that handles cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hoptac.foundation.rulebook import Rule


@dataclass(frozen=True, kw_only=True)
class CaseDeskRule(Rule):
    """How early the list warns, how long each stage may take, how many cases an officer opens.

    Days are working days but for ``warn_days``.
    """

    topic: ClassVar[str] = "cases/desk"
    warn_days: int
    visit_days: int
    explanation_days: int
    decision_days: int
    publication_days: int
    delay_months: int
    monthly_quota: int
