"""Whom reports tell: agencies of what they are asked for, authors of what came in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.notices import kinds
from hoptac.foundation.notices.kinds import Matter, NoticeKind
from hoptac.jurisdiction.models import Mandate
from hoptac.reports.models import Contribution, Report


def declare_all() -> None:
    """Make the kinds known (``AppConfig.ready``)."""
    kinds.declare_matter(Matter("reports.report", "reports:report", seen=reports_among))
    kinds.declare(
        NoticeKind(
            "reports.asked", group=_("Reports"), title=_("Contributions asked of your agency"),
            text=_("Your agency is asked for its part of “%(report)s” by %(due_on)s."),
            permission="reports.contribute", asks=True, on="reports.asked", to=_asked, about=_about_asking,
        )
    )  # fmt: skip
    kinds.declare(
        NoticeKind(
            "reports.returned", group=_("Reports"), title=_("Contributions sent back"),
            text=_("Your agency's part of “%(report)s” was sent back: %(words)s"),
            permission="reports.contribute", asks=True, on="reports.returned", to=_returned, about=_about_return,
        )
    )  # fmt: skip


def reports_among(ctx: Context, keys: Collection[str]) -> Iterable[Any]:
    """Return those of the reports that the caller may see."""
    return list(Report.objects.visible_to(ctx).filter(pk__in=keys).values_list("pk", flat=True))


def _people(agencies: set[Any], ctx: Context) -> Iterable[User]:
    held = Mandate.objects.on(ctx.today).filter(agency__in=agencies)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True))


def _asked(ctx: Context, *, report: Report, contributions: list[Contribution]) -> Iterable[User]:
    return _people({c.agency_id for c in contributions}, ctx)


def _about_asking(
    ctx: Context, *, report: Report, contributions: list[Contribution]
) -> tuple[Any, Mapping[str, Any]]:
    return report, {"report": report.title, "due_on": contributions[0].due_on}


def _returned(ctx: Context, *, contribution: Contribution) -> Iterable[User]:
    return _people({contribution.agency_id}, ctx)


def _about_return(ctx: Context, *, contribution: Contribution) -> tuple[Any, Mapping[str, Any]]:
    report = contribution.section.report
    return report, {"report": report.title, "words": contribution.returned_because}
