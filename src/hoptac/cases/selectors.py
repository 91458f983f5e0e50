"""Questions about cases and kept dates; each begins with who asks."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hoptac.cases.models import Case, CaseStep, KeptDate, SharesStatement
from hoptac.cases.models.cases import CaseQuerySet
from hoptac.cases.terms import ENDS, OPEN, RUNNING, State
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.accounts.models import User
from hoptac.foundation.documents.models import StoredFile
from hoptac.jurisdiction.selectors import mandates_that_may
from hoptac.registration.models import Filing
from hoptac.registration.terms import OPEN as FILING_OPEN
from hoptac.registration.terms import State as FilingState
from hoptac.registry.models import Cooperative


def cases_seen(ctx: Context) -> CaseQuerySet:
    """Return the cases of the caller's territory."""
    found: CaseQuerySet = Case.objects.visible_to(ctx)
    return found


def queue_filter(code: str, ctx: Context) -> Q:
    """Return which cases belong to a heap of the desk."""
    granted = Q(filing__took_effect_on__isnull=False)
    came_to_nothing = ~Q(
        filing__state__in=sorted(FILING_OPEN | {FilingState.GRANTED, FilingState.DRAFT})
    )
    heaps = {
        "open": Q(state__in=sorted(OPEN)),
        "mine": Q(state__in=sorted(OPEN), officer=ctx.user),
        "late": Q(state__in=sorted(RUNNING), due_on__lt=ctx.today),
        "to_visit": Q(state=State.OPENED),
        "to_notify": Q(state=State.VISITED),
        "waiting": Q(state=State.NOTICED, explain_until__gte=ctx.today),
        "to_weigh": Q(state=State.EXPLAINED) | Q(state=State.NOTICED, explain_until__lt=ctx.today),
        "to_decide": Q(state=State.WEIGHED) | Q(state=State.DELAYED, delayed_until__lt=ctx.today),
        "delayed": Q(state=State.DELAYED, delayed_until__gte=ctx.today),
        "elsewhere": Q(state__in=(State.PROPOSED, State.MERGING)),
        "to_publish": Q(state=State.PROPOSED) & granted,
        "came_back": Q(state__in=(State.PROPOSED, State.MERGING), filing__isnull=False)
        & came_to_nothing,
        "ended": Q(state__in=sorted(ENDS)),
    }
    return heaps[code]


QUEUES = (
    "open", "mine", "late", "to_visit", "to_notify", "waiting", "to_weigh", "to_decide", "delayed",
    "elsewhere", "to_publish", "came_back", "ended",
)  # fmt: skip


def queue_counts(ctx: Context) -> dict[str, int]:
    """Return how many cases lie on each heap, in one question."""
    counted: dict[str, Any] = {c: Count("pk", filter=queue_filter(c, ctx)) for c in QUEUES}
    return cases_seen(ctx).order_by().aggregate(**counted)


def case_seen(ctx: Context, pk: UUID) -> Case | None:
    """Return a case with what its page names, if it lies within the territory."""
    found = cases_seen(ctx).select_related(
        "cooperative", "commune", "authority", "officer", "filing", "opened_by"
    )
    return found.filter(pk=pk).first()


def course_of(case: Case) -> list[CaseStep]:
    """Return what was done in a case, in order, with its sheets, letters and files."""
    rows = case.steps.select_related("by", "to", "visit", "letter__file", "undone_by", "undoes")
    return list(rows.prefetch_related("files__file").order_by("id"))


def cases_of(ctx: Context, cooperative: Cooperative) -> QuerySet[Case]:
    """Return the cases of a body that the caller may see, the latest first."""
    return cases_seen(ctx).filter(cooperative=cooperative)


def file_of(case: Case, pk: UUID) -> StoredFile | None:
    """Return a letter's or a step's file, if it belongs to the case."""
    letters = Q(pk__in=case.steps.filter(letter__isnull=False).values("letter__file"))
    brought = Q(pk__in=case.steps.filter(files__isnull=False).values("files__file"))
    return StoredFile.objects.filter(letters | brought, pk=pk).first()


def may_process(user: User, case: Case, day: date) -> bool:
    """Tell whether a person's mandates of the day let them process a case."""
    ctx = context_of(user).by(today=day)
    return ctx.may("cases.process") and case.is_within(ctx, "cases.process")


def colleagues(ctx: Context, case: Case) -> list[User]:
    """Return the other officers who may process a case, by name."""
    held = mandates_that_may(
        "cases.process", ctx.today, commune_id=case.commune_id, province_code=case.province_code
    )
    users = {m.user_id: m.user for m in held if m.user_id != case.officer_id}
    return sorted(users.values(), key=lambda u: u.full_name)


def joinings_of(case: Case) -> list[Filing]:
    """Return the open mergers and consolidations in which a case's body takes part."""
    own = Q(cooperative=case.cooperative_id) | Q(
        proposal__others__contains=[{"body": str(case.cooperative_id)}]
    )
    found = Filing.objects.filter(
        own, procedure__in=("merger", "consolidation"), took_effect_on__isnull=True,
        state__in=sorted(FILING_OPEN | {FilingState.GRANTED}),
    )  # fmt: skip
    return list(found.order_by("-filed_on", "-id"))


def dates_of(cooperative: Cooperative) -> QuerySet[KeptDate]:
    """Return the dates kept of a body, the latest first (sight was checked)."""
    return KeptDate.objects.live().filter(cooperative=cooperative).order_by("-on", "-id")


def shares_of(cooperative: Cooperative) -> QuerySet[SharesStatement]:
    """Return the statements of parts of a body, the latest first (sight was checked)."""
    return SharesStatement.objects.live().filter(cooperative=cooperative).order_by("-as_of", "-id")
