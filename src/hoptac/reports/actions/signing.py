"""Submitting a report, signing it, withdrawing it: once signed nothing of it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.directives.terms import Chain
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.database.inserting import insert
from hoptac.foundation.documents.formats import Profile
from hoptac.foundation.documents.official import file_name, symbol_of, to_docx, to_pdf
from hoptac.foundation.documents.storing import store
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.foundation.numbering import take
from hoptac.foundation.vietnamese import tidy
from hoptac.jurisdiction.letterheads import body_of
from hoptac.reports.actions.drafting import DRAFT, keep_figures
from hoptac.reports.bodies import live_bodies
from hoptac.reports.catalogue import outline_by, party_term
from hoptac.reports.checks import findings_of
from hoptac.reports.documents import document_of
from hoptac.reports.drafting import Draft
from hoptac.reports.figures import digest_of
from hoptac.reports.models import BodyLine, Report, TaskLine
from hoptac.reports.standings import Line, live_lines
from hoptac.reports.steps import refuse_if_passed, take_step
from hoptac.reports.terms import StepKind
from hoptac.statistics.happened import Change

SIGN = "reports.sign"
_PDF = "application/pdf"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@action(DRAFT, name="reports.submit")
def submit(ctx: Context, report: Report, *, expected_version: int | None = None) -> Report:
    """Put a report forward for signature: its figures and tasks are kept as they are now.

    :raises Refused: it is not assembled, or its figures do not add up
    """
    take_step(ctx, report, StepKind.SUBMITTED, expected_version=expected_version)
    lines = live_lines(report)
    figures = keep_figures(report, lines)
    bodies = live_bodies(report) if "bodies" in outline_by(report.outline).annexes else []
    refuse_if_any(findings_of(Draft(report, figures=figures, lines=lines, bodies=bodies)))
    _keep_lines(report, lines)
    _keep_bodies(report, bodies)
    note(ctx, figures=len(figures), tasks=len(lines), bodies=len(bodies))
    return report


def _keep_lines(report: Report, lines: Sequence[Line]) -> None:
    TaskLine.objects.filter(report=report).delete()
    insert([
        TaskLine(
            report_id=report.pk, task_id=x.task_id, number=x.number, title=x.title, section=x.section,
            position=n, standing=x.standing, lead_name=x.lead_name, due_on=x.due_on,
            done_on=x.done_on, percent=x.percent, result=x.result,
        )
        for n, x in enumerate(lines, start=1)
    ])  # fmt: skip


def _keep_bodies(report: Report, bodies: Sequence[Change]) -> None:
    BodyLine.objects.filter(report=report).delete()
    insert([
        BodyLine(
            report_id=report.pk, cooperative_id=x.cooperative_id, position=n, what=x.what, on=x.on,
            kind=x.kind, name=x.name, number=x.number, place=x.place, into=x.into[:1000],
        )
        for n, x in enumerate(bodies, start=1)
    ])  # fmt: skip


@action(SIGN, name="reports.send_back")
def send_back(
    ctx: Context, report: Report, *, words: str, expected_version: int | None = None
) -> Report:
    """Give a submitted report back to its author, saying why.

    :raises Refused: no reason, or it is not submitted
    """
    if not words.strip():
        raise Refused(Finding("reason_missing", _("Say what is to be changed."), field="words"))
    take_step(ctx, report, StepKind.SENT_BACK, expected_version=expected_version, words=words)
    note(ctx)
    return report


@action(SIGN, name="reports.sign")
def sign(
    ctx: Context,
    report: Report,
    *,
    signer: str,
    signer_post: str,
    on_behalf_of: str = "",
    deputy_for: str = "",
    body: str = "",
    receivers: Sequence[str] = (),
    expected_version: int | None = None,
) -> Report:
    """Sign a submitted report: it gets its number, is kept as PDF and Word, and is frozen.

    A State report is numbered within the calendar year of its agency, a Party one within the term of
    the committee. ``body`` are the letters of the agency in the symbol.

    :raises Refused: it is not submitted, nobody signs, or its figures do not add up
    """
    signer, signer_post = tidy(signer), tidy(signer_post)
    for name, given in (("signer", signer), ("signer_post", signer_post)):
        if not given:
            raise Refused(
                Finding("field_missing", _("Say who signs, and in what post."), field=name)
            )
    refuse_if_passed(report, StepKind.SIGNED)
    draft = Draft(report)
    refuse_if_any(findings_of(draft))
    profile: Profile = "party" if report.chain == Chain.PARTY else "state"
    powers = [["on_behalf", tidy(on_behalf_of)], ["deputy", tidy(deputy_for)]]
    changes: dict[str, Any] = {
        "signer": signer[:120], "signer_post": signer_post[:200], "signed_on": ctx.today,
        "symbol": symbol_of(profile, "report", tidy(body) or body_of(report.issuer, draft.facts["noi"]))[:60],
        "authorities": [p for p in powers if p[1]], "receivers": [tidy(r) for r in receivers if r.strip()],
        "number": take(_series(report, ctx.today)),
    }  # fmt: skip
    for name, value in changes.items():
        setattr(report, name, value)
    document = document_of(draft)
    changes |= {
        "digest": digest_of(draft.figures, draft.lines, draft.bodies),
        "pdf": store(ctx, to_pdf(document), name=file_name(document, "pdf"), media_type=_PDF),
        "docx": store(ctx, to_docx(document), name=file_name(document, "docx"), media_type=_DOCX),
    }
    take_step(
        ctx, report, StepKind.SIGNED, expected_version=expected_version, changes=changes,
        words=f"{signer_post} {signer}",
    )  # fmt: skip
    note(ctx, number=report.written_number, digest=report.digest,
         pdf=changes["pdf"].sha256, docx=changes["docx"].sha256)  # fmt: skip
    return report


def _series(report: Report, day: date) -> str:
    """Return the series of numbers: of the agency's reports of a calendar year, or of a Party term."""
    span = party_term(day) if report.chain == Chain.PARTY else str(day.year)
    return f"report:{report.issuer_id}:{report.chain}:{span}"


@action(SIGN, name="reports.withdraw")
def withdraw(
    ctx: Context, report: Report, *, words: str, expected_version: int | None = None
) -> Report:
    """Withdraw a report, signed or not: it stays on record, and another may be begun in its place.

    :raises Refused: no reason, or it is withdrawn already
    """
    if not words.strip():
        raise Refused(Finding("reason_missing", _("Say why it is withdrawn."), field="words"))
    take_step(
        ctx, report, StepKind.WITHDRAWN, expected_version=expected_version, words=words,
        changes={"withdrawn_because": words.strip()[:500]},
    )  # fmt: skip
    note(ctx, number=report.written_number)
    return report
