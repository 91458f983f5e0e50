"""Clocks of the desk that distributes directives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hoptac.foundation.rulebook import Rule


@dataclass(frozen=True, kw_only=True)
class DirectiveDeskRule(Rule):
    """Until when a recipient acknowledges and issues its own document, unless the sender says otherwise.

    All are working days.
    """

    topic: ClassVar[str] = "directives/desk"
    acknowledge_days: int
    own_document_days: int
    warn_days: int
