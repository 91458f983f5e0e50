"""What the bars share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.reliability import matrix


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are expected here: they fill no log."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(the_system: Any, units: Any, cooperative: Callable[..., Any]) -> matrix.World:
    """Return one body, person, entry and file, and every role in every relation to them."""
    return matrix.build(the_system, units, cooperative)
