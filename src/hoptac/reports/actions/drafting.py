"""Beginning a report, writing it, computing its figures anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.directives.models import Directive
from hoptac.directives.terms import Chain, Reach
from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, OutOfReach, act_of, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import nfc, tidy
from hoptac.jurisdiction.models import Agency
from hoptac.reports.catalogue import UnknownOutline, outline_for
from hoptac.reports.drafting import Draft
from hoptac.reports.figures import compute
from hoptac.reports.models import Chosen, Contribution, Figure, Report, Section, SectionText
from hoptac.reports.rules.periods import period_of
from hoptac.reports.standings import Line, live_lines
from hoptac.reports.steps import take_step, write
from hoptac.reports.terms import Answer, State, StepKind, WordKind
from hoptac.reports.words import words_for
from hoptac.tasks.chains import chain_of
from hoptac.tasks.models.tasks import speaks_for

DRAFT = "reports.draft"
_MOST_TEXT = 50_000


@action(DRAFT, name="reports.begin")
def begin_report(
    ctx: Context,
    *,
    kind: str,
    issuer: Agency,
    year: int,
    part: int = 0,
    ends_on: date | None = None,
    as_of: date | None = None,
    directive: Directive | None = None,
    receiver: str = "",
    reach: str = Reach.OPEN.value,
    due_on: date | None = None,
    corrects: Report | None = None,
) -> Report:
    """Begin a report of an agency on a period; the outline is that of its line of command.

    A review runs from the first day of ``year`` to ``ends_on``. The figures are as of ``as_of``,
    else the period's last day or today, whichever is first. ``corrects`` is a withdrawn one that
    this one takes the place of.

    :raises OutOfReach: the caller does not speak for the agency, or does not read the document
    :raises Refused: the period cannot be or has not begun, there is one on it already (named in the
        finding), or its outline tells of a document and none is given
    """
    if not speaks_for(ctx, DRAFT, issuer.pk):
        raise OutOfReach(DRAFT)
    if directive is not None and not directive.is_within(ctx, "directives.view"):
        raise OutOfReach(DRAFT)
    chain = chain_of(issuer)
    try:
        outline = outline_for(chain, kind)
        period = period_of(kind, year, part, ends_on)
    except (UnknownOutline, ValueError):
        raise Refused(
            Finding("period_impossible", _("There is no such period."), field="part")
        ) from None
    if period.begins_on > ctx.today:
        raise Refused(Finding("period_ahead", _("The period has not begun."), field="year"))
    day = as_of or min(period.ends_on, ctx.today)
    if not period.begins_on <= day <= ctx.today:
        raise Refused(
            Finding("as_of_impossible", _("The figures are of a day of the period that has come."), field="as_of")
        )  # fmt: skip
    if directive is None and "{van_ban" in outline.about:
        raise Refused(
            Finding("directive_missing", _("Choose the document whose carrying out is reported."), field="directive")
        )  # fmt: skip
    if directive is not None and directive.reach != Reach.OPEN:
        reach = Reach.RECIPIENTS.value
    _refuse_second(chain, kind, issuer, period.begins_on, period.ends_on, directive)
    report = Report(
        province_code=issuer.province_code, chain=chain, kind=kind, outline=outline.code, year=year,
        part=part if kind in {"quarter", "half"} else 0, begins_on=period.begins_on, ends_on=period.ends_on,
        as_of=day, directive=directive, issuer=issuer, receiver=tidy(receiver)[:200], reach=reach,
        due_on=due_on, corrects=corrects, act_id=act_of(ctx),
    )  # fmt: skip
    lines = live_lines(report)
    figures = compute(report, lines)
    report.title = Draft(report, figures=figures, lines=lines).title[:600]
    report.computed_at = timezone.now()
    report.save(force_insert=True)
    Section.objects.bulk_create(
        Section(report=report, code=s.code, position=n, title=s.title, act_id=act_of(ctx))
        for n, s in enumerate(outline.sections, start=1)
    )
    Figure.objects.bulk_create(figures)
    write(ctx, report, StepKind.BEGUN)
    note(ctx, subject=report, title=report.title, as_of=day)
    return report


def _refuse_second(
    chain: Chain, kind: str, issuer: Agency, begins: date, ends: date, directive: Directive | None
) -> None:
    known = (
        Report.objects.filter(
            chain=chain,
            kind=kind,
            issuer=issuer,
            begins_on=begins,
            ends_on=ends,
            directive=directive,
        )
        .exclude(state=State.WITHDRAWN)
        .first()
    )
    if known is not None:
        raise Refused(
            Finding(
                "begun_already", _("There is a report on this period already: %(title)s.") % {"title": known.name},
                details={"report": str(known.pk)},
            )
        )  # fmt: skip


@action(DRAFT, name="reports.refresh_figures")
def refresh_figures(
    ctx: Context, report: Report, *, as_of: date | None = None, expected_version: int | None = None
) -> Report:
    """Compute every figure anew, as of another day of the period where one is given.

    :raises Refused: the report is submitted or signed, or the day is none of its period
    """
    day = as_of or report.as_of
    if not report.begins_on <= day <= min(report.ends_on, ctx.today):
        raise Refused(
            Finding("as_of_impossible", _("The figures are of a day of the period that has come."), field="as_of")
        )  # fmt: skip
    take_step(
        ctx, report, StepKind.REFRESHED, expected_version=expected_version,
        changes={"as_of": day}, details={"as_of": day.isoformat()},
    )  # fmt: skip
    keep_figures(report, live_lines(report))
    note(ctx, as_of=day)
    return report


def keep_figures(report: Report, lines: Sequence[Line]) -> list[Figure]:
    """Keep the figures of a report as they are now, instead of those kept before."""
    figures = compute(report, lines)
    report.figures.all().delete()
    Figure.objects.bulk_create(figures)
    report.computed_at = timezone.now()
    report.save(update_fields=["computed_at"])
    return figures


@action(DRAFT, name="reports.edit_text")
def edit_text(
    ctx: Context, section: Section, *, text: str, expected_version: int | None = None
) -> Section:
    """Enter or change the prose of a section; what stood there before is kept.

    :raises Conflict: somebody changed the section since the caller read it
    :raises Refused: nothing differs, it is too long, or the report is submitted or signed
    """
    if expected_version is not None and expected_version != section.version:
        raise Conflict(expected_version, section.version)
    text = nfc(text.replace("\r\n", "\n")).strip()
    if text == section.text:
        raise Refused(Finding("nothing_changed", _("Nothing differs from what is recorded.")))
    if len(text) > _MOST_TEXT:
        raise Refused(Finding("text_too_long", _("This text is too long."), field="text"))
    take_step(ctx, section.report, StepKind.EDITED, words=section.title)
    give_text(ctx, section, text)
    note(ctx, subject=section.report, section=section.code)
    return section


def give_text(ctx: Context, section: Section, text: str) -> None:
    """Write the text of a section and the row that keeps it."""
    section.text, section.version, section.act_id = text, section.version + 1, act_of(ctx)
    section.save()
    SectionText.objects.create(section=section, text=text, by=ctx.user, act_id=act_of(ctx))


@action(DRAFT, name="reports.choose_words")
def choose_words(
    ctx: Context,
    report: Report,
    *,
    difficulties: Collection[int] = (),
    proposals: Collection[int] = (),
    expected_version: int | None = None,
) -> Report:
    """Take up these difficulties and proposals (steps of tasks) and no others.

    :raises Refused: one of them is not told to this report, or the report is submitted or signed
    """
    wanted = {WordKind.DIFFICULTY: set(difficulties), WordKind.PROPOSAL: set(proposals)}
    told = {s.pk: s for s in words_for(report).filter(pk__in=set(difficulties) | set(proposals))}
    for kind, steps in wanted.items():
        if any(pk not in told or not getattr(told[pk], kind.value) for pk in steps):
            raise Refused(Finding("not_told", _("One of them is not told to this report.")))
    take_step(ctx, report, StepKind.CHOSEN, expected_version=expected_version,
              details={k.value: len(v) for k, v in wanted.items()})  # fmt: skip
    for kind, steps in wanted.items():
        report.chosen.filter(kind=kind).exclude(step__in=steps).delete()
        had = set(report.chosen.filter(kind=kind).values_list("step", flat=True))
        Chosen.objects.bulk_create(
            Chosen(report=report, step=told[pk], kind=kind, act_id=act_of(ctx)) for pk in sorted(steps - had)
        )  # fmt: skip
    note(
        ctx, difficulties=len(wanted[WordKind.DIFFICULTY]), proposals=len(wanted[WordKind.PROPOSAL])
    )
    return report


@action(DRAFT, name="reports.assemble")
def assemble(
    ctx: Context, report: Report, *, without: bool = False, expected_version: int | None = None
) -> Report:
    """Close the contributing: what was accepted becomes text of the sections, agency by agency.

    ``without``: go on although contributions are missing; which ones stays in the course.

    :raises Refused: contributions are not accepted and ``without`` was not said
    """
    rows = Contribution.objects.filter(section__report=report).select_related("agency", "section")
    missing = [
        f"{c.agency.short_name}: {c.section.title}" for c in rows if c.state != Answer.ACCEPTED
    ]
    if missing and not without:
        raise Refused(
            Finding(
                "contributions_open",
                _("Contributions not yet accepted: %(count)s.") % {"count": len(missing)}, field="without",
            )
        )  # fmt: skip
    take_step(
        ctx,
        report,
        StepKind.ASSEMBLED,
        expected_version=expected_version,
        details={"missing": missing},
    )
    accepted: dict[int, list[str]] = {}
    for row in rows:
        if row.state == Answer.ACCEPTED and row.text.strip():
            accepted.setdefault(row.section_id, []).append(row.text.strip())
    for section in report.sections.filter(pk__in=accepted):
        give_text(ctx, section, "\n".join(filter(None, [section.text, *accepted[section.pk]])))
    note(ctx, contributions=sum(map(len, accepted.values())), missing=len(missing))
    return report
