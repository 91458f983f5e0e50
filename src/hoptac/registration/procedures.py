"""The procedures of the desk: what each asks, whom it is about, what it does when granted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from hoptac.foundation.access import Context
from hoptac.registration.effects import (
    branches,
    changes,
    ends,
    marks,
    pauses,
    reorganisations,
    undertakings,
)
from hoptac.registration.rules import checks, endings
from hoptac.registration.rules.procedures import Ground, grounds_on, is_known_on, title_of

if TYPE_CHECKING:
    from hoptac.registration.models import Filing

Effect = Callable[[Context, "Filing", dict[str, Any], date], Any]
Check = Callable[..., Any]


@dataclass(frozen=True)
class Procedure:
    """A procedure: the fields of its proposal, its check, its effect upon the register.

    ``is_of_new`` begins without a body; ``by_office`` is begun by the authority, without an
    applicant; ``certifies`` ends in a new certificate; ``ends_subject`` ends the body it is about;
    ``despite_marks`` is taken although a mark stands (NĐ 92/2024 art. 33).
    """

    code: str
    group: str
    fields: tuple[str, ...]
    effect: Effect
    required: tuple[str, ...] = ()
    check: Check = checks.nothing
    is_of_new: bool = False
    by_office: bool = False
    certifies: bool = False
    despite_marks: bool = False
    ends_subject: bool = False

    @property
    def title(self) -> str:
        return title_of(self.code)


_IDENTITY = (
    "name", "short_name", "foreign_name", "commune", "address", "phone", "email", "sector",
    "activity", "lines", "charter_capital", "members", "workers", "area", "representatives",
    "registration_number", "tax_data",
)  # fmt: skip
_RESOLUTION = ("decided_on", "votes")

PROCEDURES: dict[str, Procedure] = {
    p.code: p
    for p in (
        Procedure("establishment", "life", (*_IDENTITY, "decided_on"), changes.establish,
                  required=("name", "commune", "sector", "charter_capital", "members", "representatives"),
                  check=checks.establishment, is_of_new=True, certifies=True),
        Procedure("change_registration", "change",
                  ("name", "short_name", "foreign_name", "commune", "address", "representatives", "lines",
                   "charter_capital", "tax_data", "from_on", *_RESOLUTION), changes.change,
                  required=("from_on",), check=checks.change, certifies=True),
        Procedure("notice_of_change", "change",
                  ("lines", "charter_capital", "members", "tax_data", "foreign_members", "charter", "phone", "email",
                   "from_on"), changes.change,
                  required=("from_on",), check=checks.change),
        Procedure("branch_opening", "branch",
                  ("branch_kind", "branch_name", "branch_code", "branch_commune", "branch_address",
                   "branch_head", "branch_lines", "from_on"), branches.open_branch,
                  required=("branch_kind", "branch_name", "branch_commune"), check=checks.branch,
                  certifies=True),
        Procedure("branch_change", "branch",
                  ("branch", "branch_name", "branch_commune", "branch_address", "branch_head",
                   "branch_lines", "from_on"), branches.change_branch,
                  required=("branch", "from_on"), check=checks.branch, certifies=True),
        Procedure("branch_closing", "branch", ("branch", "from_on", "reason"), branches.close_branch,
                  required=("branch", "from_on"), check=checks.branch),
        Procedure("branch_suspension", "branch", ("branch", "from_on", "until_on", "reason"),
                  branches.suspend_branch, required=("branch", "from_on", "until_on"),
                  check=checks.branch_pause),
        Procedure("branch_resumption", "branch", ("branch", "from_on"), branches.resume_branch,
                  required=("branch", "from_on"), check=checks.branch_pause_ends),
        Procedure("business_place_opening", "branch",
                  ("branch_name", "branch_code", "branch_commune", "branch_address", "branch_head",
                   "branch_lines", "from_on"), branches.open_place,
                  required=("branch_name", "branch_commune"), check=checks.branch, certifies=True),
        Procedure("branch_abroad", "branch",
                  ("abroad_kind", "branch_name", "country", "branch_address", "branch_head", "from_on"),
                  undertakings.tell_of_abroad,
                  required=("abroad_kind", "branch_name", "country", "from_on"), check=checks.undertaking),
        Procedure("enterprise_notice", "branch",
                  ("enterprise_kind", "enterprise_name", "enterprise_code", "amount", "money_source", "from_on"),
                  undertakings.tell_of_enterprise,
                  required=("enterprise_kind", "enterprise_name", "amount", "money_source", "from_on"),
                  check=checks.undertaking),
        Procedure("reissue", "certificate", ("reason",), changes.reissue, required=("reason",),
                  certifies=True, despite_marks=True),
        Procedure("correction", "certificate",
                  ("name", "address", "charter_capital", "representatives", "reason"), changes.correct,
                  required=("reason",), check=checks.change, certifies=True),
        Procedure("suspension", "pause", ("from_on", "until_on", "decided_on", "reason"), pauses.suspend,
                  required=("from_on", "until_on"), check=checks.suspension),
        Procedure("resumption", "pause", ("from_on", "decided_on"), pauses.resume,
                  required=("from_on",), check=checks.resumption),
        Procedure("division", "reorganisation", (*_RESOLUTION, "new_bodies"), reorganisations.divide,
                  required=("decided_on", "new_bodies"), check=endings.splitting,
                  certifies=True, ends_subject=True),
        Procedure("separation", "reorganisation",
                  (*_RESOLUTION, "new_bodies", "charter_capital", "members", "workers", "area"),
                  reorganisations.separate, required=("decided_on", "new_bodies"),
                  check=endings.splitting, certifies=True),
        Procedure("consolidation", "reorganisation",
                  (*_RESOLUTION, "others", *_IDENTITY), reorganisations.consolidate,
                  required=("decided_on", "others", "name", "commune", "sector", "charter_capital", "members"),
                  check=endings.joining, certifies=True, ends_subject=True),
        Procedure("merger", "reorganisation",
                  (*_RESOLUTION, "others", "charter_capital", "members", "workers", "area"),
                  reorganisations.merge, required=("decided_on", "others"),
                  check=endings.joining, certifies=True),
        Procedure("conversion", "reorganisation", (*_IDENTITY, "decided_on"),
                  reorganisations.convert,
                  required=("name", "commune", "sector", "charter_capital", "members", "representatives"),
                  check=endings.conversion, certifies=True, ends_subject=True),
        Procedure("dissolution_notice", "end", (*_RESOLUTION, "reason"), ends.begin_dissolution,
                  required=("decided_on",), check=endings.dissolution_notice),
        Procedure("dissolution", "end", ("from_on",), ends.dissolve, check=endings.dissolution,
                  despite_marks=True),
        Procedure("dissolution_cancel", "end", _RESOLUTION, ends.cancel_dissolution,
                  required=("decided_on",), check=endings.dissolution_cancel, despite_marks=True),
        Procedure("compulsory_dissolution", "end", ("issuer", "document", "grounds"),
                  ends.begin_dissolution, required=("issuer", "document"), by_office=True,
                  despite_marks=True),
        Procedure("revocation", "end", ("grounds", "document", "reason"), ends.revoke,
                  required=("grounds", "reason"), check=endings.revocation, by_office=True,
                  despite_marks=True),
        Procedure("restoration", "end", ("reason", "document"), ends.restore, required=("reason",),
                  check=endings.restoration, despite_marks=True),
        Procedure("bankruptcy_opening", "mark", ("issuer", "document", "decided_on"),
                  marks.open_bankruptcy, required=("issuer", "document", "decided_on"),
                  by_office=True, despite_marks=True),
        Procedure("bankruptcy_declared", "mark", ("issuer", "document", "decided_on"),
                  marks.declare_bankrupt, required=("issuer", "document", "decided_on"),
                  check=endings.bankruptcy_declared, by_office=True, despite_marks=True),
        Procedure("enforcement_mark", "mark", ("mark_kind", "issuer", "document", "from_on"),
                  marks.set_mark, required=("mark_kind", "issuer", "document"), by_office=True,
                  despite_marks=True),
        Procedure("enforcement_lift", "mark", ("mark", "issuer", "document", "from_on"),
                  marks.lift_mark, required=("mark", "document"), by_office=True,
                  despite_marks=True),
        Procedure("reregistration", "change", (*_IDENTITY, "decided_on"), changes.reregister,
                  check=checks.establishment, certifies=True),
    )
}  # fmt: skip


_NAMES = frozenset({"name", "branch_name", "new_bodies"})
_LINES = frozenset({"lines", "branch_lines", "new_bodies"})


def refusal_grounds(procedure: Procedure, day: date, kind: str) -> tuple[Ground, ...]:
    """Return on what grounds of the day's law a dossier of this procedure may be refused.

    A name or a line is no ground where none is registered; a fee not where the office begins; what
    stands against a body not where the law takes the filing all the same (NĐ 92/2024 art. 33).
    """
    fields = set(procedure.fields)
    bears = {
        "": True,
        "name": bool(fields & _NAMES) and procedure.certifies,
        "lines": bool(fields & _LINES),
        "fee": not procedure.by_office,
        "standing": not procedure.despite_marks and not procedure.is_of_new,
    }
    return tuple(g for g in grounds_on("refusal", day, kind) if bears[g.about])


def offered(day: date, kind: str, *, to_applicants: bool = False) -> list[Procedure]:
    """Return the procedures that the law of a day knows for a kind of body, in the desk's order."""
    return [
        p
        for p in PROCEDURES.values()
        if is_known_on(p.code, day, kind) and not (to_applicants and p.by_office)
    ]
