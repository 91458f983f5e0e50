"""To which line of command an agency belongs."""

from __future__ import annotations

from hoptac.directives.terms import Chain
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.terms import AgencyKind

# The Front and the mass organisations answer to the Party committee of their level.
_PARTY = frozenset({AgencyKind.PARTY, AgencyKind.FRONT})


def chain_of(agency: Agency) -> Chain:
    """Return the line of command in which an agency answers."""
    return chain_of_kind(agency.kind)


def chain_of_kind(kind: str) -> Chain:
    """Return the line of command of agencies of a kind."""
    return Chain.PARTY if kind in _PARTY else Chain.STATE


def kinds_of(chain: str) -> list[str]:
    """Return the kinds of agencies that answer in a line of command."""
    return [kind for kind in AgencyKind.values if chain_of_kind(kind) == chain]
