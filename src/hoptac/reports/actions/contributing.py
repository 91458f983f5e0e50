"""Asking agencies for their parts of a report, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, OutOfReach, act_of, action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import nfc
from hoptac.jurisdiction.models import Agency
from hoptac.reports.catalogue import outline_by
from hoptac.reports.models import Contribution, Report
from hoptac.reports.steps import take_step
from hoptac.reports.terms import Answer, StepKind

DRAFT, CONTRIBUTE = "reports.draft", "reports.contribute"
_MOST_TEXT = 20_000


@action(DRAFT, name="reports.ask_contributions")
def ask_contributions(
    ctx: Context,
    report: Report,
    *,
    sections: Sequence[str],
    agencies: Sequence[Agency],
    due_on: date,
    expected_version: int | None = None,
) -> list[Contribution]:
    """Ask each agency for its part of each section by a day; who was asked already is passed over.

    :raises Refused: nobody or nothing is named, the day has passed, or a section is not contributed to
    """
    if not agencies or not sections:
        raise Refused(
            Finding(
                "nobody_named", _("Choose at least one agency and one section."), field="agencies"
            )
        )
    if due_on < ctx.today:
        raise Refused(Finding("due_passed", _("The day has already passed."), field="due_on"))
    outline = outline_by(report.outline)
    open_to = {s.code for s in outline.sections if s.is_contributed}
    if set(sections) - open_to:
        raise Refused(
            Finding(
                "not_contributed",
                _("Agencies do not contribute to this section."),
                field="sections",
            )
        )
    if any(a.province_code != report.province_code for a in agencies):
        raise OutOfReach(DRAFT)
    take_step(
        ctx, report, StepKind.ASKED, expected_version=expected_version,
        details={"agencies": len(set(agencies)), "due_on": due_on.isoformat()},
    )  # fmt: skip
    kept = {s.code: s for s in report.sections.filter(code__in=sections)}
    had = set(
        Contribution.objects.filter(section__report=report).values_list("section_id", "agency_id")
    )
    rows = Contribution.objects.bulk_create(
        Contribution(section=kept[code], agency=agency, due_on=due_on, act_id=act_of(ctx))
        for code in dict.fromkeys(sections)
        for agency in dict.fromkeys(agencies)
        if (kept[code].pk, agency.pk) not in had
    )
    if rows:
        announce(ctx, "reports.asked", report=report, contributions=rows)
    note(
        ctx,
        sections=list(kept),
        agencies=[a.code for a in agencies],
        due_on=due_on,
        asked=len(rows),
    )
    return rows


@action(CONTRIBUTE, name="reports.hand_in")
def hand_in(
    ctx: Context, contribution: Contribution, *, text: str, expected_version: int | None = None
) -> Contribution:
    """Hand in an agency's part; until it is accepted it may be handed in anew.

    :raises Conflict: somebody of the agency handed it in meanwhile
    :raises Refused: it says nothing, was accepted, or the contributing is closed
    """
    text = nfc(text.replace("\r\n", "\n")).strip()
    if not text:
        raise Refused(Finding("field_missing", _("Write your agency's part."), field="text"))
    if len(text) > _MOST_TEXT:
        raise Refused(Finding("text_too_long", _("This text is too long."), field="text"))
    if expected_version is not None and expected_version != contribution.version:
        raise Conflict(expected_version, contribution.version)
    if contribution.state == Answer.ACCEPTED:
        raise Refused(Finding("accepted_already", _("It was accepted already.")))
    report = contribution.section.report
    take_step(
        ctx,
        report,
        StepKind.HANDED_IN,
        agency=contribution.agency,
        words=contribution.section.title,
    )
    contribution.text, contribution.state = text, Answer.HANDED_IN
    contribution.handed_in_at, contribution.handed_in_by = timezone.now(), ctx.user
    contribution.returned_because = ""
    _save(ctx, contribution)
    note(ctx, subject=report, section=contribution.section.code, agency=contribution.agency.code)
    return contribution


@action(DRAFT, name="reports.accept_contribution")
def accept_contribution(
    ctx: Context, contribution: Contribution, *, expected_version: int | None = None
) -> Contribution:
    """Accept what an agency handed in: it stands in the report.

    :raises Refused: nothing was handed in
    """
    report = _judge(ctx, contribution, StepKind.ACCEPTED, expected_version)
    contribution.state = Answer.ACCEPTED
    _save(ctx, contribution)
    note(ctx, subject=report, section=contribution.section.code, agency=contribution.agency.code)
    return contribution


@action(DRAFT, name="reports.return_contribution")
def return_contribution(
    ctx: Context, contribution: Contribution, *, words: str, expected_version: int | None = None
) -> Contribution:
    """Send a part back, handed in or accepted, saying what it lacks.

    :raises Refused: no reason, or nothing was handed in
    """
    if not words.strip():
        raise Refused(Finding("reason_missing", _("Say what is missing."), field="words"))
    report = _judge(ctx, contribution, StepKind.RETURNED, expected_version, words=words)
    contribution.state, contribution.returned_because = Answer.RETURNED, words.strip()[:1000]
    _save(ctx, contribution)
    announce(ctx, "reports.returned", contribution=contribution)
    note(ctx, subject=report, section=contribution.section.code, agency=contribution.agency.code)
    return contribution


def _judge(
    ctx: Context, contribution: Contribution, kind: StepKind, version: int | None, words: str = ""
) -> Report:
    if version is not None and version != contribution.version:
        raise Conflict(version, contribution.version)
    fits = {Answer.HANDED_IN} if kind == StepKind.ACCEPTED else {Answer.HANDED_IN, Answer.ACCEPTED}
    if contribution.state not in fits:
        raise Refused(
            Finding("nothing_handed_in", _("Nothing was handed in that could be judged."))
        )
    report: Report = contribution.section.report
    said = f"{contribution.section.title}: {words}" if words else contribution.section.title
    take_step(ctx, report, kind, words=said, details={"agency": contribution.agency.name})
    return report


def _save(ctx: Context, contribution: Contribution) -> None:
    contribution.version += 1
    contribution.act_id = act_of(ctx)
    contribution.save()
