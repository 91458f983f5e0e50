"""To which line of command an agency belongs."""

from __future__ import annotations

from hoptac.directives.terms import Chain
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.terms import AgencyKind

# The Front and the mass organisations answer to the Party committee of their level.
_PARTY = frozenset({AgencyKind.PARTY, AgencyKind.FRONT})


def chain_of(agency: Agency) -> Chain:
    """Return the line of command in which an agency answers."""
    return Chain.PARTY if agency.kind in _PARTY else Chain.STATE
