"""What a body tells of what it has outside the register: branches abroad, shares in enterprises."""

from __future__ import annotations

from datetime import date
from typing import Any

from hoptac.foundation.access import Context
from hoptac.registration import facts
from hoptac.registration.effects.changes import subject_of
from hoptac.registration.models import Filing, Undertaking


def tell_of_abroad(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Keep with the record that the body has a branch or office abroad (Law 2023 art. 55.3)."""
    facts.add(
        ctx, Undertaking, subject_of(filing), values["from_on"], filing=filing,
        kind=values["abroad_kind"], name=values["branch_name"], country=values["country"],
        address=values.get("branch_address") or "", head=values.get("branch_head") or "",
    )  # fmt: skip


def tell_of_enterprise(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Keep with the record that the body founded an enterprise or contributed to one (art. 81)."""
    facts.add(
        ctx, Undertaking, subject_of(filing), values["from_on"], filing=filing,
        kind=values["enterprise_kind"], name=values["enterprise_name"],
        code=values.get("enterprise_code") or "", amount=values["amount"],
    )  # fmt: skip
