"""A person's own notices: which there are, which are unread, marking them.

What a person has read is no decision of anybody and leaves no entry in the journal (decision 0012).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Count, Q, QuerySet, When
from django.utils import timezone

from hoptac.foundation.access import Context
from hoptac.foundation.database import ask
from hoptac.foundation.notices.models import Notice

# The bell counts no further.
MOST_COUNTED = 100
_COUNT = """
SELECT count(*) FROM (
    SELECT FROM notices_notice
    WHERE user_id = %s AND read_at IS NULL AND done_at IS NULL LIMIT 100
) AS unread
"""
UNREAD = Q(read_at__isnull=True, done_at__isnull=True)
STATES = ("all", "unread", "read")


def unread_count(user: Any) -> int:
    """Return how many notices wait for a person, up to :data:`MOST_COUNTED`; asked on every page."""
    return int(ask(_COUNT, [user.pk])[0][0])


def own(ctx: Context) -> QuerySet[Notice]:
    """Return the caller's own notices."""
    return Notice.objects.filter(user=ctx.user)


def listed(ctx: Context, *, state: str = "all", kind: str = "") -> QuerySet[Notice]:
    """Return the caller's own notices, unread ones first, then the latest."""
    found = own(ctx)
    if state == "unread":
        found = found.filter(UNREAD)
    elif state == "read":
        found = found.exclude(UNREAD)
    if kind:
        found = found.filter(kind=kind)
    settled = Case(When(UNREAD, then=False), default=True, output_field=BooleanField())
    return found.annotate(is_settled=settled).order_by("is_settled", "-made_at", "-id")


def counts(ctx: Context, kind: str = "") -> dict[str, int]:
    """Return how many of the caller's own notices there are in each state, in one question."""
    found = own(ctx).filter(kind=kind) if kind else own(ctx)
    counted = found.order_by().aggregate(all=Count("pk"), unread=Count("pk", filter=UNREAD))
    return {**counted, "read": counted["all"] - counted["unread"]}


def kinds_among(ctx: Context) -> list[str]:
    """Return the kinds of the caller's own notices."""
    return list(own(ctx).order_by("kind").values_list("kind", flat=True).distinct())


def mark_read(ctx: Context, keys: Collection[UUID]) -> int:
    """Mark own notices as read; returns how many were not."""
    return own(ctx).filter(UNREAD, pk__in=list(keys)).update(read_at=timezone.now())


def mark_unread(ctx: Context, keys: Collection[UUID]) -> int:
    """Mark own notices as not read; what is done with stays so."""
    return own(ctx).filter(pk__in=list(keys)).update(read_at=None)


def mark_all_read(ctx: Context, kind: str = "") -> tuple[int, datetime]:
    """Mark every unread notice of the own as read; returns how many, and the moment to undo it by."""
    now = timezone.now()
    found = own(ctx).filter(UNREAD)
    if kind:
        found = found.filter(kind=kind)
    return found.update(read_at=now), now


def take_back(ctx: Context, moment: datetime) -> int:
    """Undo what :func:`mark_all_read` did at a moment; returns how many are unread again."""
    return own(ctx).filter(read_at=moment).update(read_at=None)
