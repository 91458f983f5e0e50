"""Dossiers in desk words: ``desk.receive("establishment", …)`` then ``desk.grant(filing)``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hoptac.foundation.access import Context
from hoptac.registration import actions
from hoptac.registration.rules.procedures import procedure_on


@dataclass
class Desk:
    """A desk whose officers may do everything; ``on`` is the day it is."""

    ctx: Context
    commune: Any

    def on(self, day: date) -> Desk:
        return Desk(self.ctx.by(today=day), self.commune)

    def founding(self, **changes: Any) -> dict[str, Any]:
        """Return what a lawful dossier of establishment says."""
        person = {
            "person": "Nguyễn Văn An", "position": "Giám đốc", "birth_date": date(1980, 5, 1),
            "nationality": "Việt Nam", "personal_number": "091080900001",
            "contact_address": "ấp Hòa An",
        }  # fmt: skip
        return {
            "name": "Hợp tác xã Nông nghiệp Hòa Bình", "commune": self.commune.pk, "sector": "agriculture",
            "address": "ấp 1", "charter_capital": 500_000_000, "members": 12, "area": Decimal("30.5"),
            "representatives": [person], **changes,
        }  # fmt: skip

    def receive(self, procedure: str, proposal: dict[str, Any], **details: Any) -> Any:
        """Take in a dossier with every paper that the law of the day asks."""
        body = details.get("cooperative")
        kind = body.kind if body else details.setdefault("kind", "cooperative")
        day = details.get("effective_on") or self.ctx.today
        papers = procedure_on(procedure, day).papers_required(kind)
        return actions.receive(
            self.ctx, procedure, proposal=proposal, applicant="Trần Thị Bình",
            **{"papers": papers, **details},
        )  # fmt: skip

    def grant(self, filing: Any, **details: Any) -> Any:
        actions.propose(self.ctx, filing, outcome="grant", **details)
        return actions.decide(self.ctx, filing, outcome="grant", signatory="Lê Văn Chín")

    def done(self, procedure: str, proposal: dict[str, Any], **details: Any) -> Any:
        """Receive and grant at once."""
        return self.grant(self.receive(procedure, proposal, **details))


@pytest.fixture
def desk(units: Any, the_system: Context) -> Desk:
    return Desk(the_system.by(today=date(2024, 9, 16)), units.commune("Hòa Hưng"))
