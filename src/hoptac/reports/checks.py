"""What stands in the way of signing a report, and what its author should look at."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from hoptac.foundation.findings import Finding
from hoptac.reports.drafting import Draft, sums_that_differ
from hoptac.reports.models import Contribution
from hoptac.reports.terms import Answer


def findings_of(draft: Draft) -> list[Finding]:
    """Return errors (it cannot be submitted or signed), then warnings, then notices."""
    order = {"error": 0, "warning": 1, "notice": 2}
    return sorted(_findings(draft), key=lambda f: order[f.severity])


def _findings(draft: Draft) -> Iterator[Finding]:
    report = draft.report
    if report.computed_at is None:
        yield Finding("not_computed", _("The figures have not been computed yet."))
    for figure in sums_that_differ(draft.figures):
        yield Finding(
            "does_not_add_up",
            _("“%(figure)s”: its parts by sector do not add up to the total.")
            % {"figure": figure.name},
        )
    waiting = Contribution.objects.filter(section__report=report).exclude(state=Answer.ACCEPTED)
    if report.is_open and (count := waiting.count()):
        yield Finding(
            "contributions_open",
            _("Contributions not yet accepted: %(count)s.") % {"count": count}, severity="warning",
        )  # fmt: skip
    for gap in draft.gaps:
        if gap.is_prose:
            said = _("“%(section)s” says nothing yet.") % {"section": gap.title}
            yield Finding("nothing_written", said, severity="warning")
        else:
            said = _("“%(section)s”: no figure yet for %(figures)s; the sentence is left out.") % {
                "section": gap.title, "figures": "; ".join(gap.figures),
            }  # fmt: skip
            yield Finding("figure_missing", said, severity="warning")
    if report.as_of < report.ends_on:
        yield Finding(
            "period_not_over",
            _("The figures are as of %(day)s, before the period ends.")
            % {"day": f"{report.as_of:%d/%m/%Y}"},
            severity="warning",
        )
    if not draft.outline.confirmed:
        yield Finding(
            "outline_unconfirmed",
            _("The outline was not yet held against an official text."),
            basis=draft.outline.basis, severity="notice",
        )  # fmt: skip
