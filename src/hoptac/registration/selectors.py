"""Questions about filings; each begins with who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from hoptac.certificates.models import Certificate
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.accounts.models import User
from hoptac.jurisdiction.selectors import mandates_that_may
from hoptac.registration.models import (
    Branch,
    Filing,
    FilingStep,
    FilingTerm,
    IssuedPaper,
    LegalRepresentative,
    Mark,
    Undertaking,
)
from hoptac.registration.models.filings import FilingQuerySet
from hoptac.registration.terms import OPEN, RUNNING, IssuedKind, State, StepKind, TermCode
from hoptac.registry.models import Period
from hoptac.registry.selectors import register_on

SOON = timedelta(days=1)


def filings_seen(ctx: Context) -> FilingQuerySet:
    """Return the filings of the caller's territory, the latest first."""
    found: FilingQuerySet = Filing.objects.visible_to(ctx)
    return found


@dataclass(frozen=True)
class Queue:
    """A heap of work on the desk: which filings, and how the desk calls it."""

    code: str
    count: int


def queue_filter(code: str, ctx: Context) -> Q:
    """Return which filings belong to a heap of the desk.

    ``late`` and ``due_today`` by the clock; ``waiting`` for the applicant; ``to_receive`` sent in
    online; ``to_decide`` put forward; ``mine`` held by the caller; ``over_supply`` whose time to
    supply is over; ``to_take_effect`` granted for a day that has come;
    ``terms`` in which others must act, or the desk publish, and ``terms_over`` whose last day is past.
    """
    running = Q(state__in=sorted(RUNNING))
    heaps = {
        "open": Q(state__in=sorted(OPEN)),
        "late": running & Q(due_on__lt=ctx.today),
        "due_today": running & Q(due_on=ctx.today),
        "to_receive": Q(state=State.SUBMITTED),
        "examining": Q(state=State.EXAMINING),
        "to_decide": Q(state=State.PROPOSED) | Q(Exists(_to_close())),
        "waiting": Q(state=State.SUPPLEMENT),
        "over_supply": Q(state=State.SUPPLEMENT, supplement_until__lt=ctx.today),
        "to_take_effect": Q(state=State.GRANTED, took_effect_on__isnull=True),
        "terms": Q(Exists(_running_terms())),
        "terms_over": Q(Exists(_running_terms().filter(due_on__lt=ctx.today))),
        "mine": Q(state__in=sorted(OPEN), officer=ctx.user),
        "decided": Q(state__in=(State.GRANTED, State.REFUSED)),
        "ended": Q(state__in=(State.RETURNED, State.WITHDRAWN, State.LAPSED)),
    }
    return heaps[code]


def _running_terms() -> QuerySet[FilingTerm]:
    """Return the terms of a filing that run, beside the desk's own clock."""
    ended = (State.REFUSED, State.RETURNED, State.WITHDRAWN, State.LAPSED)
    running = FilingTerm.objects.filter(filing=OuterRef("pk"), outcome="").order_by()
    return running.exclude(filing__state__in=ended)


def _to_close() -> QuerySet[FilingTerm]:
    """Return the terms of silence of a filing that are over, where nothing came in: to be closed."""
    found = FilingStep.objects.filter(
        filing=OuterRef("filing"), kind=StepKind.SILENCE_FOUND, on__gt=OuterRef("due_on")
    )
    return _running_terms().filter(Exists(found.order_by()), code=TermCode.SILENCE)


def by_next_term(found: FilingQuerySet) -> FilingQuerySet:
    """Put the filings first whose running term ends first."""
    ends = _running_terms().order_by("due_on").values("due_on")[:1]
    sorted_: FilingQuerySet = found.order_by(Subquery(ends).asc(nulls_last=True), "id")
    return sorted_


QUEUES = (
    "late", "due_today", "to_receive", "examining", "to_decide", "waiting", "over_supply",
    "to_take_effect", "terms_over", "terms", "mine", "open", "decided", "ended",
)  # fmt: skip


def queue_counts(ctx: Context) -> dict[str, int]:
    """Return how many filings lie on each heap of the desk, in one question."""
    counted: dict[str, Any] = {c: Count("pk", filter=queue_filter(c, ctx)) for c in QUEUES}
    return filings_seen(ctx).order_by().aggregate(**counted)


def filing_seen(ctx: Context, pk: UUID) -> Filing | None:
    """Return a filing with the people and places its page names, if it lies within the territory."""
    found = filings_seen(ctx).select_related(
        "cooperative", "commune", "authority", "officer", "proposed_by", "decided_by", "follows"
    )
    return found.prefetch_related("terms").filter(pk=pk).first()


def reaches(ctx: Any, filing: Filing, permission: str) -> bool:
    """Tell whether the caller's permission carries to a filing that the caller sees."""
    return bool(ctx.carries(permission, filing, of="registration.view"))


def shows_people(ctx: Any, filing: Filing) -> bool:
    """Tell whether the caller may see the people that a dossier names, and its papers."""
    return any(
        reaches(ctx, filing, permission)
        for permission in (
            "registration.process",
            "registration.decide",
            "registration.file_online",
        )
    )


# Steps between officers, which an applicant is not shown.
INSIDE = (
    StepKind.HANDED_OVER, StepKind.PROPOSED, StepKind.SENT_BACK, StepKind.TRANSFERRED,
    StepKind.SILENCE_FOUND,
)  # fmt: skip


def course_of(filing: Filing) -> QuerySet[FilingStep]:
    """Return what was done to a filing, in order."""
    return filing.steps.select_related("by", "to").order_by("id")


@dataclass(frozen=True)
class Waiting:
    """A certificate that a granted filing could not end in yet: whose, and what it waits for."""

    body: UUID
    name: str
    words: str


def certificates_waiting(filing: Filing, course: Iterable[FilingStep]) -> list[Waiting]:
    """Return what the certificates of a granted filing wait for; none once they were issued."""
    waits: dict[UUID, list[str]] = {}
    since = None
    for step in course:
        key = step.details.get("body") or filing.cooperative_id
        if step.kind == StepKind.CERTIFICATE_WAITS and key is not None:
            waits.setdefault(UUID(str(key)), []).extend(step.words.splitlines())
            since = since or step.on
    if not waits:
        return []
    later = Certificate.objects.filter(cooperative__in=waits, issued_on__gte=since)
    done = set(later.order_by().values_list("cooperative", flat=True))
    names = names_of(waits)
    return [
        Waiting(body, names.get(body, ""), "\n".join(dict.fromkeys(lines)))
        for body, lines in waits.items()
        if body not in done
    ]


def bodies_made(filing: Filing, course: Iterable[FilingStep]) -> list[tuple[UUID, str]]:
    """Return the bodies that came into being by a filing other than its own, with their names."""
    made = [
        UUID(key)
        for step in course
        if step.kind == StepKind.TOOK_EFFECT
        for key in step.details.get("bodies", ())
        if key != str(filing.cooperative_id)
    ]
    names = names_of(made) if made else {}
    return [(key, names[key]) for key in made if key in names]


def names_of(bodies: Iterable[UUID]) -> dict[UUID, str]:
    """Return what bodies are called by the register today."""
    found = Period.objects.filter(cooperative__in=list(bodies), is_latest=True)
    return dict(found.values_list("cooperative", "name"))


def issued_of(filing: Filing) -> list[IssuedPaper]:
    """Return what was given out in writing for a filing, with how it went out, the latest last."""
    found = filing.issued.select_related("file", "corrects", "corrected_by")
    return list(found.prefetch_related("handouts", "signed").order_by("at", "id"))


def issued_with_digest(ctx: Context, sha256: str) -> list[IssuedPaper]:
    """Return the issued papers of the caller's territory, plain or signed, that have these bytes."""
    found = IssuedPaper.objects.filter(
        Q(file__sha256=sha256) | Q(signed__file__sha256=sha256), filing__in=filings_seen(ctx)
    )
    return list(found.select_related("filing", "corrected_by").distinct().order_by("at", "id"))


def filings_of(ctx: Context, cooperative: Any) -> QuerySet[Filing]:
    """Return the filings of a body that the caller may see, the latest first."""
    return filings_seen(ctx).filter(cooperative=cooperative).order_by("-filed_on", "-id")


def by_receipt_code(code: str) -> Filing | None:
    """Return the filing that a receipt code names, for whoever holds the code."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return Filing.objects.filter(receipt_code=plain).first() if len(plain) == 10 else None


@dataclass(frozen=True)
class Load:
    """What one officer has on the desk, and has done lately."""

    officer: User
    open: int
    late: int
    waiting: int
    decided: int


def workload(ctx: Context) -> list[Load]:
    """Return each officer's open filings within the caller's territory, the most laden first."""
    since = ctx.today - timedelta(days=30)
    rows = (
        filings_seen(ctx)
        .filter(officer__isnull=False)
        .order_by()
        .values("officer")
        .annotate(
            open=Count("pk", filter=Q(state__in=sorted(OPEN))),
            late=Count("pk", filter=Q(state__in=sorted(RUNNING), due_on__lt=ctx.today)),
            waiting=Count("pk", filter=Q(state=State.SUPPLEMENT)),
            decided=Count("pk", filter=Q(decided_at__date__gte=since)),
        )
    )
    people = User.objects.in_bulk([r["officer"] for r in rows])
    found = [
        Load(people[r["officer"]], r["open"], r["late"], r["waiting"], r["decided"]) for r in rows
    ]
    return sorted(found, key=lambda x: (-x.open, x.officer.full_name))


def may_process(user: User, filing: Filing, day: date) -> bool:
    """Tell whether a person's mandates of the day let them process a filing."""
    ctx = context_of(user).by(today=day)
    return ctx.may("registration.process") and filing.is_within(ctx, "registration.process")


def colleagues(ctx: Context, filing: Filing) -> list[User]:
    """Return the other officers who may process a filing, by name."""
    held = mandates_that_may(
        "registration.process", ctx.today, commune_id=filing.commune_id,
        province_code=filing.province_code,
    )  # fmt: skip
    users = {m.user_id: m.user for m in held if m.user_id != filing.officer_id}
    return sorted(users.values(), key=lambda u: u.full_name)


def representatives(cooperative_id: UUID, day: date) -> QuerySet[LegalRepresentative]:
    """Return who acts for a body before the law on a day."""
    live = LegalRepresentative.objects.live()
    return live.filter(cooperative=cooperative_id, valid__contains=day).order_by("id")


def branches(cooperative_id: UUID, day: date) -> QuerySet[Branch]:
    """Return the branches, offices and places of a body as they stand on a day, closed ones last."""
    live = Branch.objects.live().filter(cooperative=cooperative_id, valid__contains=day)
    return live.order_by(F("state").asc(), "kind", "code")


def undertakings(cooperative_id: UUID, day: date) -> QuerySet[Undertaking]:
    """Return what a body told of outside the register: branches abroad, shares in enterprises."""
    live = Undertaking.objects.live().filter(cooperative=cooperative_id, valid__contains=day)
    return live.order_by("kind", "name")


def letters_that_went_out(filing: Filing) -> list[IssuedPaper]:
    """Return receipts and letters of a dossier, in order; no slips between officers."""
    found = filing.issued.exclude(kind=IssuedKind.SLIP).select_related("corrected_by")
    return list(found.order_by("at", "id"))


def marks(cooperative_id: UUID, day: date) -> QuerySet[Mark]:
    """Return the marks that stand at a body on a day."""
    live = Mark.objects.live().filter(cooperative=cooperative_id, valid__contains=day)
    return live.order_by("id")


def to_transfer(day: date) -> Iterable[Filing]:
    """Yield the open filings whose registrar is another one since the law of a day."""
    from hoptac.registration.actions.intake import registrar_of

    for filing in Filing.objects.open().order_by("pk").iterator():
        if registrar_of(filing.kind, filing.commune_id, day) != filing.authority_id:
            yield filing


def named(text: str) -> Q:
    """Return which filings a search means: by receipt code or number, or words of the name."""
    plain = "".join(c for c in text.upper() if c.isalnum())
    by_number = Q(receipt_number__startswith=text.strip()) | Q(receipt_code=plain)
    return (
        by_number | Q(subject_name__icontains=text.strip()) | Q(applicant__icontains=text.strip())
    )


def bodies_for_desk(ctx: Context, text: str, most: int = 20) -> list[Any]:
    """Return bodies of the caller's desk that a search means, with their place, in order of names."""
    found = register_on(ctx, ctx.today, "registration.receive").existing().matching(text)
    rows = found.select_related("commune").order_by("sort_key", "cooperative_id")
    return list(rows[:most])
