"""Questions about letters and choices of e-mail; each begins with who asks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import people_within
from hoptac.foundation.notices.models import Letter, Preference
from hoptac.foundation.outbox import SendState
from hoptac.foundation.vietnamese import fold


def choices_of(ctx: Context) -> dict[str, str]:
    """Return what the caller has chosen, by kind of notice."""
    return dict(Preference.objects.filter(user=ctx.user).values_list("kind", "mail"))


def letters_seen(ctx: Context, permission: str) -> QuerySet[Letter]:
    """Return the letters to people within the caller's reach."""
    if not ctx.may(permission):
        return Letter.objects.none()
    if ctx.coverage(permission).everything:
        return Letter.objects.all()
    return Letter.objects.filter(user__in=people_within(ctx, permission).order_by().values("pk"))


def letters_found(
    ctx: Context, permission: str, *, state: str = "", q: str = "", on: date | None = None
) -> QuerySet[Letter]:
    """Return the letters that a search by person and day leaves, the latest first."""
    found = letters_seen(ctx, permission).select_related("user").order_by("-created_at", "-id")
    if state:
        found = found.filter(state=state)
    if q.strip():
        found = found.filter(user__in=_named(ctx, permission, q))
    if on is not None:
        begins = timezone.make_aware(datetime.combine(on, time.min))
        found = found.filter(created_at__gte=begins, created_at__lt=begins + timedelta(days=1))
    return found


def letter_seen(ctx: Context, permission: str, pk: UUID) -> Letter | None:
    """Return a letter with its person, if that lies within the caller's reach."""
    return letters_seen(ctx, permission).select_related("user").filter(pk=pk).first()


def letter_counts(ctx: Context, permission: str) -> dict[str, int]:
    """Return how many letters stand where, in one question."""
    counted = {s.value: Count("pk", filter=Q(state=s)) for s in SendState}
    return letters_seen(ctx, permission).order_by().aggregate(**counted)


def _named(ctx: Context, permission: str, q: str) -> list[UUID]:
    """Find people by parts of names without minding diacritics."""
    parts = fold(q).split()
    people = people_within(ctx, permission).values_list("pk", "username", "full_name")
    return [pk for pk, *names in people if all(p in fold(" ".join(names)) for p in parts)]
