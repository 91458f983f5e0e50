"""What a reader of members asks of the register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hoptac.registry.models import Period
from hoptac.registry.terms import Kind


def cooperatives_known() -> list[Mapping[str, Any]]:
    """Return number, name, founding and capital of every cooperative and union that exists."""
    periods = Period.objects.filter(is_latest=True).exclude(kind=Kind.GROUP).existing()
    fields = ("registration_number", "name", "established_on", "charter_capital")
    return [
        {**one, "charter_capital_vnd": one["charter_capital"]}
        for one in periods.order_by("sort_key", "pk").values(*fields)
    ]
