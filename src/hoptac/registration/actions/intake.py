"""How a dossier comes in: at the counter, by post, by the authority itself, or online."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.numbering import take
from hoptac.foundation.working_days import add_working_days
from hoptac.jurisdiction.models import AdminUnit
from hoptac.jurisdiction.places import places
from hoptac.registration.clocks import open_on_receipt
from hoptac.registration.matters import MATTERS, to_json
from hoptac.registration.models import Filing, FilingPaper
from hoptac.registration.papers import issue
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.rules.procedures import is_known_on, procedure_on
from hoptac.registration.steps import overtaken, refuse_if_passed, take_step, write
from hoptac.registration.terms import (
    Channel,
    IssuedKind,
    PaperForm,
    PaperState,
    State,
    StepKind,
    TermCode,
)
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.rules.particulars import compute_registrar_level

# Letters and digits that are not taken for one another when read aloud or copied by hand.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@action("registration.receive")
def receive(
    ctx: Context,
    procedure: str,
    *,
    kind: str = "",
    cooperative: Cooperative | None = None,
    proposal: Mapping[str, Any],
    papers: Iterable[str] = (),
    applicant: str,
    phone: str = "",
    email: str = "",
    channel: str = Channel.COUNTER.value,
    filed_on: date | None = None,
    effective_on: date | None = None,
    note_text: str = "",
) -> Filing:
    """Take in a dossier and give its receipt; the clock runs from the working day after.

    ``papers`` are the codes of what was handed in; the law of the day says what is asked.
    ``filed_on`` may lie in the past, for a dossier that came by post or is entered afterwards.

    :raises Refused: the law of the day knows no such procedure for this kind of body, a field is
        unknown, or nobody hands it in
    :raises OutOfReach: body or place lie outside the caller's territory
    """
    filing = _new(
        ctx, procedure, "registration.receive", kind=kind, cooperative=cooperative,
        proposal=proposal, applicant=applicant, phone=phone, email=email, channel=channel,
        filed_on=filed_on, effective_on=effective_on, note_text=note_text, state=State.EXAMINING,
    )  # fmt: skip
    _give_receipt(filing, filing.filed_on)
    filing.officer = ctx.user
    filing.save(force_insert=True)
    _lay_down_papers(filing, papers)
    write(ctx, filing, StepKind.RECEIVED, details={"due_on": str(filing.due_on or "")})
    if filing.channel != Channel.OFFICE:
        issue(ctx, filing, IssuedKind.RECEIPT)
    _begin_terms(ctx, filing)
    _note(ctx, filing)
    return filing


@action("registration.file_online", name="registration.begin_online")
def begin_online(
    ctx: Context,
    procedure: str,
    *,
    cooperative: Cooperative,
    proposal: Mapping[str, Any],
    applicant: str = "",
) -> Filing:
    """Begin a dossier online for one's own cooperative; nobody else sees it until it is sent in.

    :raises Refused: applicants cannot begin this procedure, or a field is unknown
    :raises OutOfReach: it is not the caller's cooperative
    """
    if procedure in PROCEDURES and PROCEDURES[procedure].by_office:
        raise Refused(
            Finding("procedure_by_office", _("The authority itself begins this procedure."))
        )
    who = applicant or (ctx.user.full_name if ctx.user else "")
    filing = _new(
        ctx, procedure, "registration.file_online", kind="", cooperative=cooperative,
        proposal=proposal, applicant=who, channel=Channel.ONLINE.value, state=State.DRAFT,
    )  # fmt: skip
    filing.save(force_insert=True)
    _lay_down_papers(filing, ())
    write(ctx, filing, StepKind.DRAFTED)
    _note(ctx, filing)
    return filing


@action("registration.file_online", name="registration.revise_online")
def revise_online(
    ctx: Context,
    filing: Filing,
    *,
    proposal: Mapping[str, Any],
    expected_version: int | None = None,
) -> Filing:
    """Change what a dossier says before it is sent in.

    :raises Refused: it was already sent in, or a field is unknown
    """
    if expected_version is not None and expected_version != filing.version:
        raise overtaken(filing, expected_version)
    if filing.state != State.DRAFT:
        raise Refused(Finding("already_sent", _("It was already sent in.")))
    _refuse_unknown(filing.procedure, proposal)
    filing.proposal = to_json(proposal)
    filing.version += 1
    filing.save()
    _note(ctx, filing)
    return filing


@action("registration.file_online", name="registration.submit")
def submit(ctx: Context, filing: Filing, *, expected_version: int | None = None) -> Filing:
    """Send a dossier in. It has its receipt code at once; its clock begins when it is received.

    The law of the day on which it is sent in judges it, and that day's registrar has it, whenever it
    was begun.

    :raises Refused: it was already sent in, or that law knows no such procedure
    """
    refuse_if_passed(filing, StepKind.SUBMITTED, expected_version)
    _is_filed_on(filing, ctx.today)
    filing.receipt_code = filing.receipt_code or new_receipt_code()
    take_step(ctx, filing, StepKind.SUBMITTED, expected_version=expected_version)
    _note(ctx, filing)
    return filing


@action("registration.receive", name="registration.accept")
def accept(ctx: Context, filing: Filing, *, expected_version: int | None = None) -> Filing:
    """Receive a dossier that was sent in online: it gets its number, and its clock begins.

    :raises Refused: it was already received
    """
    _give_receipt(filing, ctx.today)
    filing.officer = ctx.user
    details = {"due_on": filing.due_on.isoformat() if filing.due_on else ""}
    take_step(ctx, filing, StepKind.RECEIVED, expected_version=expected_version, details=details)
    issue(ctx, filing, IssuedKind.RECEIPT)
    _begin_terms(ctx, filing)
    _note(ctx, filing)
    return filing


# --- What these share ----------------------------------------------------------------------------


def _new(
    ctx: Context,
    procedure: str,
    permission: str,
    *,
    kind: str,
    cooperative: Cooperative | None,
    proposal: Mapping[str, Any],
    applicant: str,
    channel: str,
    state: State,
    phone: str = "",
    email: str = "",
    filed_on: date | None = None,
    effective_on: date | None = None,
    note_text: str = "",
) -> Filing:
    """Return an unsaved filing, checked as far as whoever sends it can be told at once."""
    day = filed_on or ctx.today
    judged_on = effective_on or day
    if procedure not in PROCEDURES:
        raise Refused(Finding("procedure_unknown", _("Choose the procedure."), field="procedure"))
    if day > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="filed_on"))
    if not applicant.strip():
        raise Refused(Finding("applicant_missing", _("Say who hands it in."), field="applicant"))
    if PROCEDURES[procedure].is_of_new == (cooperative is not None):
        raise Refused(Finding("body_unclear", _("Choose the body."), field="cooperative"))
    _refuse_unknown(procedure, proposal)
    if cooperative is not None:
        period = Period.objects.filter(cooperative=cooperative, is_latest=True).first()
        if period is None or not cooperative.is_within(ctx, permission):
            raise OutOfReach(permission)
        if period.commune_id is None:
            raise Refused(Finding("place_unknown", _("First record the commune of the body.")))
        kind, name, commune_id = cooperative.kind, period.name, period.commune_id
        province = cooperative.province_code
    else:
        name = str(proposal.get("name") or "")
        commune_id, province = _place_within(ctx, permission, proposal.get("commune"))
    _refuse_unknown_to_law(procedure, judged_on, kind)
    return Filing(
        province_code=province, procedure=procedure, kind=kind, cooperative=cooperative,
        subject_name=name[:250], commune_id=commune_id,
        authority_id=registrar_of(kind, commune_id, day), channel=channel, state=state,
        applicant=applicant.strip()[:120], phone=phone[:60], email=email[:120],
        proposal=to_json(proposal), note=note_text[:500], judged_on=judged_on,
        effective_on=effective_on, filed_on=day,
    )  # fmt: skip


def _refuse_unknown(procedure: str, proposal: Mapping[str, Any]) -> None:
    """Refuse fields that the procedure does not have, and texts too long to keep.

    :raises Refused: names each
    """
    known = set(PROCEDURES[procedure].fields)
    unknown = sorted(set(proposal) - known)
    if unknown:
        raise Refused(
            Finding(
                "field_unknown", _("There is no field %(name)s.") % {"name": ", ".join(unknown)}
            )
        )
    for name, value in proposal.items():
        if isinstance(value, str) and len(value) > MATTERS[name].most:
            raise Refused(
                Finding(
                    "text_too_long",
                    _("Write at most %(count)s characters.") % {"count": MATTERS[name].most},
                    field=name,
                )
            )


def _place_within(ctx: Context, permission: str, commune_id: Any) -> tuple[UUID, str]:
    """Return a commune of the caller's territory with its province.

    :raises Refused: it is none
    """
    unit = AdminUnit.objects.filter(pk=commune_id, level="commune").first() if commune_id else None
    reach = ctx.coverage(permission)
    inside = unit is not None and (
        reach.everything or unit.province_code in reach.provinces or unit.pk in reach.communes
    )
    if unit is None or not inside:
        raise Refused(
            Finding("commune_unknown", _("Choose a commune of your territory."), field="commune")
        )
    return unit.pk, unit.province_code


def registrar_of(kind: str, commune_id: Any, day: date) -> Any:
    """Return the id of the unit whose office registers a kind of body on a day.

    The district or province of the day on the commune's ground, or the commune that holds it.
    """
    level, map_ = compute_registrar_level(kind, on=day), places(commune_id)
    if level == "commune":
        found = map_.commune_on(commune_id, day)
        return found.id if found else commune_id
    if level == "district":
        district = map_.district_on(commune_id, day)
        return district.id if district else commune_id
    unit = map_.get(commune_id)
    province = unit.province_code if unit else ""
    return (
        AdminUnit.objects.on(day)
        .filter(level="province", code=province)
        .values_list("pk", flat=True)
        .first()
        or commune_id
    )


def new_receipt_code() -> str:
    """Return a code of ten signs that cannot be guessed (10^15 possible)."""
    return "".join(secrets.choice(_ALPHABET) for _i in range(10))


def _give_receipt(filing: Filing, day: date) -> None:
    filing.received_on = day
    filing.due_on = add_working_days(day, filing.rule.clock)
    filing.receipt_code = filing.receipt_code or new_receipt_code()
    authority = AdminUnit.objects.only("code").get(pk=filing.authority_id)
    number = take(f"receipt:{authority.code}:{day.year}")
    filing.receipt_number = f"{number:05d}/{day.year}"


def _begin_terms(ctx: Context, filing: Filing) -> None:
    """Open the terms that run from the receipt; ask the tax office for its opinion where one does."""
    for term in open_on_receipt(ctx, filing):
        if term.code == TermCode.TAX_OPINION:
            issue(ctx, filing, IssuedKind.TAX)


def _is_filed_on(filing: Filing, day: date) -> None:
    """Let a draft be filed on a day: by that day's law, its papers and its registrar."""
    filing.filed_on = day
    filing.authority_id = registrar_of(filing.kind, filing.commune_id, day)
    if filing.effective_on is not None or filing.judged_on == day:
        return
    _refuse_unknown_to_law(filing.procedure, day, filing.kind)
    filing.judged_on = day
    required = filing.rule.papers_required(filing.kind)
    for paper in filing.papers.all():
        paper.is_required = paper.code in required
        if paper.is_required or paper.state == PaperState.HANDED_IN:
            paper.save(update_fields=("is_required",))
        else:
            paper.delete()
    have = set(filing.papers.values_list("code", flat=True))
    FilingPaper.objects.bulk_create(
        FilingPaper(
            filing=filing, code=code, is_required=True, form=PaperForm.ELECTRONIC,
            state=PaperState.MISSING,
        )
        for code in required
        if code not in have
    )  # fmt: skip


def _refuse_unknown_to_law(procedure: str, day: date, kind: str) -> None:
    """Refuse a procedure that the law of a day does not know for a kind of body.

    :raises Refused: names the day
    """
    if not is_known_on(procedure, day, kind):
        raise Refused(
            Finding(
                "procedure_not_in_force",
                _("The law of %(day)s has no such procedure for this kind of body.")
                % {"day": f"{day:%d/%m/%Y}"},
                field="procedure",
            )
        )


def _lay_down_papers(filing: Filing, handed_in: Iterable[str]) -> None:
    """Write the dossier's papers: what the law asks, and what was handed in beside it."""
    given = list(dict.fromkeys(handed_in))
    rule = procedure_on(filing.procedure, filing.judged_on)
    required = rule.papers_required(filing.kind)
    form = PaperForm.ELECTRONIC if filing.channel == Channel.ONLINE else PaperForm.ORIGINAL
    rows = [
        FilingPaper(
            filing=filing, code=code, is_required=True, form=form,
            state=PaperState.HANDED_IN if code in given else PaperState.MISSING,
        )
        for code in required
    ]  # fmt: skip
    rows += [
        FilingPaper(filing=filing, code=code, is_required=False, form=form,
                    state=PaperState.HANDED_IN)
        for code in given
        if code not in required
    ]  # fmt: skip
    FilingPaper.objects.bulk_create(rows)


def _note(ctx: Context, filing: Filing) -> None:
    """Say in the journal what was handed in, without the people that the dossier names."""
    note(
        ctx, subject=filing, procedure=filing.procedure, body=filing.cooperative_id,
        receipt=filing.receipt_number, fields=sorted(filing.proposal), due_on=filing.due_on,
    )  # fmt: skip
