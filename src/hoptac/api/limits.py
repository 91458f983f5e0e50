"""How often a token may call, and an address without one (the counting: ``accounts.limits``)."""

from __future__ import annotations

import os

from hoptac.foundation.accounts.limits import Counter, counter

# Calls a second that one token may make, counted over a window of so many seconds.
PER_SECOND = float(os.environ.get("HOPTAC_API_PER_SECOND", "200"))
WINDOW = 10
# Calls without a valid token that one address may make in a minute.
STRANGERS, STRANGERS_WINDOW = 60, 60


def of_token(token_id: object) -> Counter:
    """Return the counter of a token."""
    return counter(f"t:{token_id}", max(1, round(PER_SECOND * WINDOW)), WINDOW)


def of_address(address: str) -> Counter:
    """Return the counter of the calls without a valid token from an address."""
    return counter(f"a:{address}", STRANGERS, STRANGERS_WINDOW)
