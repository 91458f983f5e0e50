"""Which of two sides is probably right, and why: only ever a suggestion, and never one to end a body.

Pure: told everything it looks at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

OURS, THEIRS, NONE = "ours", "theirs", ""


@dataclass(frozen=True)
class Claim:
    """Both sides of a difference with their days."""

    field: str
    ours: str
    theirs: str
    ours_since: date | None
    theirs_on: date
    is_untold: bool = False
    is_from_list: bool = False


def suggest(claim: Claim) -> tuple[str, str]:
    """Return the side and the code of the reason.

    A state that ends a body is never suggested: that needs a visit, a notice and a decision, and
    two databases are none of these.
    """
    if claim.field == "status" and "ended" in {claim.ours, claim.theirs}:
        return NONE, "not_from_a_database"
    if claim.is_untold:
        return OURS, "not_told_yet"
    if not claim.theirs:
        return OURS, "they_do_not_say"
    if not claim.ours:
        return THEIRS, "we_do_not_say"
    if claim.ours_since is not None and claim.ours_since > claim.theirs_on:
        return OURS, "ours_is_newer"
    if claim.field in {"code", "status"} and claim.is_from_list:
        return THEIRS, "ours_from_a_list"
    return NONE, "both_say"
