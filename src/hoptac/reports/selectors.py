"""Questions about reports; each begins with who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hoptac.directives.models import Recipient
from hoptac.directives.terms import Purpose
from hoptac.foundation.access import Context
from hoptac.foundation.documents.models import StoredFile
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import agencies_spoken_for
from hoptac.reports.catalogue import duties
from hoptac.reports.drafting import Draft
from hoptac.reports.models import Contribution, Report, ReportStep, Section, SectionText
from hoptac.reports.rules.calendar import Coming, coming
from hoptac.reports.standings import Line
from hoptac.reports.terms import Answer, State
from hoptac.reports.words import words_for
from hoptac.tasks.models import Step, Task


def reports_seen(ctx: Context) -> QuerySet[Report]:
    """Return the reports that the caller may read, with how their contributions stand."""
    found: QuerySet[Report] = Report.objects.visible_to(ctx)
    return found.select_related("issuer", "directive").annotate(
        asked=Count("sections__contributions"),
        accepted=Count("sections__contributions", filter=Q(sections__contributions__state=Answer.ACCEPTED)),
    )  # fmt: skip


def report_seen(ctx: Context, pk: UUID) -> Report | None:
    """Return a report with what its page names, if the caller may read it."""
    found = Report.objects.visible_to(ctx)
    rows = found.select_related("issuer", "directive", "corrects", "pdf", "docx", "made")
    report: Report | None = rows.filter(pk=pk).first()
    return report


def issuing_agencies(ctx: Context) -> list[Agency]:
    """Return the agencies for which the caller may begin a report."""
    found = Agency.objects.filter(valid__contains=ctx.today).order_by("name")
    if any(g.province_code == "*" for g in ctx.grants):
        return list(found)
    return list(found.filter(pk__in=agencies_spoken_for(ctx, "reports.draft")))


def is_author(ctx: Context, report: Report) -> bool:
    """Tell whether the caller writes this report."""
    return ctx.may("reports.draft") and report.is_within(ctx, "reports.draft")


def reads_whole(ctx: Context, report: Report) -> bool:
    """Tell whether the caller reads all of a report: an agency asked for its part reads that until it is signed."""
    if report.signed_on is not None or is_author(ctx, report):
        return True
    return report.province_code in ctx.coverage(f"tasks.oversee_{report.chain}").provinces


def coming_reports(ctx: Context) -> list[Coming]:
    """Return which reports of the calendar are due next."""
    return coming(duties(), ctx.today)


def contributions_of(report: Report) -> list[Contribution]:
    """Return what agencies were asked for, section by section."""
    rows = Contribution.objects.filter(section__report=report)
    return list(rows.select_related("section", "agency", "handed_in_by"))


def own_contributions(ctx: Context, report: Report) -> list[Contribution]:
    """Return what the caller's agencies are asked for in a report."""
    own = agencies_spoken_for(ctx, "reports.contribute")
    return [c for c in contributions_of(report) if c.agency_id in own]


def contributions_asked(ctx: Context) -> list[Contribution]:
    """Return what the caller's agencies still owe to reports, due first."""
    own = agencies_spoken_for(ctx, "reports.contribute")
    rows = Contribution.objects.filter(
        agency__in=own, state__in=(Answer.ASKED, Answer.RETURNED),
        section__report__state__in=(State.DRAFTING, State.CONTRIBUTING),
    )  # fmt: skip
    return list(rows.select_related("section__report", "agency").order_by("due_on", "id"))


def contribution_seen(ctx: Context, report: Report, pk: int) -> Contribution | None:
    """Return a contribution: to the agency asked for it, and to who reads the whole report."""
    row = (
        Contribution.objects.filter(section__report=report, pk=pk)
        .select_related("section__report", "agency").first()
    )  # fmt: skip
    if row is None:
        return None
    own = agencies_spoken_for(ctx, "reports.contribute")
    return row if row.agency_id in own or reads_whole(ctx, report) else None


def told_by(contribution: Contribution) -> list[Step]:
    """Return the difficulties and proposals that the agency told in the period."""
    return list(words_for(contribution.section.report).filter(agency=contribution.agency_id)[:100])


def tasks_led(contribution: Contribution, draft: Draft) -> list[Line]:
    """Return the lines of tasks that the agency asked leads."""
    name = contribution.agency.name
    return [line for line in draft.lines if line.lead_name == name]


def section_of(report: Report, code: str) -> Section | None:
    """Return a section with its report."""
    return report.sections.filter(code=code).select_related("report").first()


def texts_of(section: Section | None) -> list[SectionText]:
    """Return the texts that a section had, the latest first."""
    return list(section.texts.select_related("by").order_by("-id")[:50]) if section else []


def course_of(report: Report) -> list[ReportStep]:
    """Return what was done to a report, the latest first."""
    return list(report.steps.select_related("by", "agency").order_by("-id"))


def lines_seen(ctx: Context, draft: Draft, standings: list[str]) -> list[Line]:
    """Return the lines of tasks that stand so and that the caller may see, in the report's order."""
    wanted = [x for x in draft.lines if not standings or x.standing in standings]
    # One array: ten thousand values of an IN would each be a parameter of their own.
    of_them = Task.objects.visible_to(ctx).extra(
        where=["tasks_task.id = ANY(%s)"], params=[[x.task_id for x in wanted]]
    )
    seen = set(of_them.values_list("pk", flat=True))
    return [x for x in wanted if x.task_id in seen]


def file_of(report: Report, form: str) -> StoredFile | None:
    """Return the file that a signed report is kept as: ``pdf`` or ``docx``."""
    return report.pdf if form == "pdf" else report.docx


def last_signed(ctx: Context, report: Report) -> Report | None:
    """Return the report of the same kind, agency and line that was signed before this one."""
    found = Report.objects.visible_to(ctx).filter(
        chain=report.chain, kind=report.kind, issuer=report.issuer, ends_on__lt=report.ends_on,
        state__in=(State.SIGNED, State.DISTRIBUTED),
    )  # fmt: skip
    last: Report | None = found.order_by("-ends_on", "-signed_on").first()
    return last


@dataclass(frozen=True)
class LastTime:
    """Who was asked for contributions to the last report, and for which sections; or to whom it was sent."""

    report: Report
    agencies: tuple[UUID, ...]
    sections: tuple[str, ...] = ()
    informed: tuple[UUID, ...] = ()


def asked_last_time(ctx: Context, report: Report) -> LastTime | None:
    """Return whom the agency asked for contributions to the report before, if it asked anybody."""
    rows = Contribution.objects.filter(section__report__in=_others(ctx, report))
    last = rows.select_related("section__report").order_by("-section__report__id").first()
    if last is None:
        return None
    asked = rows.filter(section__report=last.section.report).order_by("section__position", "id")
    pairs = list(asked.values_list("agency", "section__code"))
    return LastTime(
        last.section.report, tuple(dict.fromkeys(a for a, _c in pairs)), tuple(dict.fromkeys(c for _a, c in pairs))
    )  # fmt: skip


def sent_last_time(ctx: Context, report: Report) -> LastTime | None:
    """Return to whom the agency's report before was distributed, if one was."""
    last = _others(ctx, report).filter(made__isnull=False).order_by("-signed_on", "-id").first()
    if last is None:
        return None
    rows = Recipient.objects.standing().filter(directive=last.made_id).order_by("pk")
    acting, informed = (
        tuple(rows.filter(purpose=p).values_list("agency", flat=True)) for p in (Purpose.ACT, Purpose.KNOW)
    )  # fmt: skip
    return LastTime(last, acting, informed=informed)


def _others(ctx: Context, report: Report) -> Any:
    """Return the agency's other reports of the line of command, not withdrawn."""
    found = Report.objects.visible_to(ctx).filter(chain=report.chain, issuer=report.issuer_id)
    return found.exclude(pk=report.pk).exclude(state=State.WITHDRAWN)


@dataclass(frozen=True)
class Compared:
    """A figure now and in the last report."""

    figure: Any
    then: Any

    @property
    def is_told(self) -> bool:
        """Whether sentences may name it, or a value of this row of an annex is known now or then."""
        known = self.figure.value is not None or (
            self.then is not None and self.then.value is not None
        )
        return "row" not in self.figure.asked or known

    @property
    def difference(self) -> Any:
        if self.then is None or self.then.value is None or self.figure.value is None:
            return None
        return self.figure.value - self.then.value

    @property
    def share(self) -> Any:
        difference = self.difference
        return (
            None
            if difference is None or not self.then.value
            else difference / self.then.value * 100
        )


def compared(draft: Draft, last: Report) -> list[Compared]:
    """Return every figure beside what it was in the last report."""
    then = {f.code: f for f in last.figures.all()}
    return [Compared(f, then.get(f.code)) for f in draft.figures]
