"""Two dossiers about one body: who holds it while one is decided, and what was done meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Max, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hoptac.foundation.findings import Finding
from hoptac.registration.models import Filing, FilingStep
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.terms import StepKind

# What two dossiers may both say without touching each other.
_BESIDE = {"from_on", "until_on", "decided_on", "votes", "reason", "document", "issuer"}
# Whatever these do touches everything that is open about the body.
_WHOLE = {"reorganisation", "pause", "end"}


def done_meanwhile(filing: Filing) -> Iterator[Finding]:
    """Yield what took effect upon the same bodies since a dossier was put forward, by whom, when.

    Only what touches the same: the same fields, or a reorganisation, pause or end of a body on either
    side. What the examiner found no longer holds then: the dossier is to be looked at again.
    """
    since = filing.steps.filter(kind=StepKind.PROPOSED).aggregate(at=Max("at"))["at"]
    keys = filing.body_keys()
    if since is None or not keys:
        return
    steps = (
        FilingStep.objects.filter(kind=StepKind.TOOK_EFFECT, at__gt=since)
        .filter(_about(keys))
        .exclude(filing=filing)
        .select_related("filing", "by")
        .order_by("id")
    )
    for step in steps:
        if not _touches(filing, step.filing):
            continue
        yield Finding(
            "passed_meanwhile",
            _(
                "Meanwhile %(who)s let this take effect on %(at)s: %(title)s, decision no. %(number)s, of"
                " %(name)s. Send the dossier back so that it is examined again."
            )
            % {
                "who": step.by.full_name if step.by else _("the system"),
                "at": date_format(localtime(step.at), "H:i d/m/Y"),
                "title": step.filing.title.lower(),
                "number": step.filing.decision_number,
                "name": step.filing.subject_name,
            },
            details={"filing": str(step.filing_id)},
        )


def _about(keys: list[UUID]) -> Q:
    about = Q(filing__cooperative__in=keys)
    for key in keys:
        about |= Q(filing__proposal__others__contains=[{"body": str(key)}])
    return about


def _touches(one: Filing, other: Filing) -> bool:
    if {PROCEDURES[f.procedure].group for f in (one, other)} & _WHOLE:
        return True
    return bool((set(one.proposal) & set(other.proposal)) - _BESIDE)
