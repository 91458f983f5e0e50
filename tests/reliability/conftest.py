"""What the bars share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.reliability import matrix
from tests.reliability import world as worlds


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are expected here: they fill no log."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(the_system: Any, units: Any, cooperative: Callable[..., Any]) -> worlds.World:
    """Return one body, person, entry and file, and every role in every relation to them."""
    made = worlds.build(the_system, units, cooperative)
    matrix.SENT["api-v1:enter"]["particulars"]["commune_id"] = str(made.commune.pk)
    return made
