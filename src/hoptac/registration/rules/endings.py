"""What the law of the day asks of reorganisations and of the ways in which a body ends: facts in, findings out."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from hoptac.foundation.findings import Finding
from hoptac.registration.rules.checks import (
    ART_33,
    Case,
    check_least_members,
    check_name,
    check_open_to_registration,
    check_values,
    establishment,
    months_later,
)
from hoptac.registration.rules.procedures import grounds

# --- Reorganisations -----------------------------------------------------------------------------


def splitting(case: Case) -> Iterator[Finding]:
    """Division, separation: what comes into being must itself be lawful."""
    new = case.values.get("new_bodies") or ()
    if case.rule.topic.endswith("division") and len(new) < 2:
        yield Finding(
            "too_few_parts", _("A division makes two bodies or more."), field="new_bodies"
        )
    for body in new:
        for needed in ("name", "commune", "sector", "charter_capital", "members"):
            if body.get(needed) in (None, ""):
                yield Finding(
                    "part_incomplete",
                    _("Of every new body name, commune, sector, capital and members are needed."),
                    field="new_bodies",
                )
                break
        yield from check_name(case, body.get("name") or "", "new_bodies")
        yield from check_least_members(case, body.get("members"), "new_bodies")
    if case.rule.topic.endswith("separation"):
        yield from check_least_members(case, case.values.get("members"))


def joining(case: Case) -> Iterator[Finding]:
    """Consolidation, merger: bodies of one kind, none of them closed to registration."""
    if not case.values.get("others"):
        return
    for other in case.others:
        for found in check_open_to_registration(
            Case(kind=case.kind, values={}, rule=case.rule, judged_on=case.judged_on,
                 filed_on=case.filed_on, today=case.today, body=other)
        ):  # fmt: skip
            yield Finding(found.code, f"{other.name}: {found.message}", found.basis, "others")
    if any(other.kind and other.kind != case.kind for other in case.others):
        yield Finding(
            "kind_differs", _("All that take part are of one kind."), case.rule.basis, "others"
        )
    if case.rule.topic.endswith("consolidation"):
        yield from establishment(case)
    else:
        yield from check_values(case)
        if case.values.get("members") is None:
            yield Finding(
                "figures_not_declared",
                _(
                    "Declare the members, capital and area of the receiving body: they are not summed."
                ),
                field="members",
                severity="warning",
            )


def conversion(case: Case) -> Iterator[Finding]:
    """A registered group that has worked long enough, all of whose members agree."""
    least = case.rule.least_months
    began = case.body.established_on
    if least is not None and began is not None and case.judged_on < months_later(began, least):
        yield Finding(
            "too_young",
            _("A group converts after %(months)s months of operation.") % {"months": least},
            case.rule.basis,
        )
    if not (case.body.registration_number or case.values.get("registration_number")):
        yield Finding(
            "group_not_registered",
            _("The register has no number of this group: only a registered group converts and keeps its code."),
            case.rule.basis,
            "registration_number",
            "warning",
        )  # fmt: skip
    becoming = Case(**{**vars(case), "kind": "cooperative"})
    yield from establishment(becoming)


# --- Ends ----------------------------------------------------------------------------------------


def dissolution_notice(case: Case) -> Iterator[Finding]:
    if case.body.legal_status == "ending":
        yield Finding("already_ending", _("Its dissolution is already under way."))


def dissolution(case: Case) -> Iterator[Finding]:
    """The closing dossier: the notice must stand before it."""
    if case.body.dissolution_since is None:
        yield Finding(
            "notice_missing", _("Its notice of dissolution is not recorded."), case.rule.basis
        )  # fmt: skip
    for mark in case.body.marks:
        yield Finding(
            "mark_stands", _("A request or notice stands: %(mark)s.") % {"mark": mark}, ART_33
        )  # fmt: skip


def dissolution_cancel(case: Case) -> Iterator[Finding]:
    """Cancelling: only while the dissolution runs, and within the months the law gives."""
    since = case.body.dissolution_since
    if since is None or case.body.legal_status != "ending":
        yield Finding("not_ending", _("No dissolution is under way."))
        return
    if {"revocation", "compulsory_dissolution"} & set(case.body.ending_by):
        yield Finding(
            "ended_by_authority",
            _("The authority's decision ends it, not its own: the members cannot call that off."),
            case.rule.basis,
        )
    longest = case.rule.longest_months
    if longest is not None and case.filed_on > months_later(since, longest):
        yield Finding(
            "cancelled_too_late",
            _("A dissolution is cancelled within %(months)s months.") % {"months": longest},
            case.rule.basis,
        )


def revocation(case: Case) -> Iterator[Finding]:
    """Revoking: not twice, and on a ground that the law of the day knows for the kind of body."""
    if case.body.legal_status in {"revoked_tax", "ended"}:
        yield Finding("already_revoked", _("Its certificate is already revoked, or it has ended."))
    known = {g.code: g for g in grounds("revocation")}
    for code in case.values.get("grounds") or ():
        ground = known.get(code)
        if ground is not None and not ground.holds(case.judged_on, case.kind):
            yield Finding(
                "ground_not_of_law",
                _("The law of %(day)s does not know this ground for this kind of body: %(ground)s.")
                % {"day": f"{case.judged_on:%d/%m/%Y}", "ground": ground.name},
                ground.basis,
                "grounds",
            )


def restoration(case: Case) -> Iterator[Finding]:
    """Restoring: what was revoked, not what its members are dissolving."""
    by = case.body.ending_by
    is_revoked = case.body.legal_status == "revoked_tax" or (
        case.body.legal_status == "ending" and (not by or "revocation" in by)
    )
    if not is_revoked:
        yield Finding("not_revoked", _("Its certificate is not revoked."))


def bankruptcy_declared(case: Case) -> Iterator[Finding]:
    if case.body.legal_status != "bankruptcy":
        yield Finding(
            "bankruptcy_not_opened", _("The opening of bankruptcy is not recorded."),
            case.rule.basis, severity="warning",
        )  # fmt: skip
