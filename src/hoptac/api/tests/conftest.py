"""Programs of officers within the agencies of the province."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from hoptac.api import acts
from hoptac.api.callers import forget
from hoptac.foundation.access import Context
from hoptac.jurisdiction import offices, scope
from hoptac.jurisdiction.actions import load_agencies
from hoptac.jurisdiction.models import Agency


@pytest.fixture
def agencies(the_system: Context) -> dict[str, Agency]:
    load_agencies(the_system)
    scope.forget()
    offices.forget()
    return {a.code: a for a in Agency.objects.all()}


@pytest.fixture
def machine(officer: Callable[..., Context], agencies: dict[str, Agency]) -> Callable[..., Client]:
    """Return a program of an officer within an agency."""

    def make(code: str, *scopes: str, role: str = "sector_officer") -> Client:
        forget()
        ctx = officer(role, agency=agencies[code])
        _token, secret = acts.make_token(ctx, name="thử", scopes=list(scopes or ("read", "write")))
        return Client(headers={"authorization": f"Bearer {secret}"})

    return make
