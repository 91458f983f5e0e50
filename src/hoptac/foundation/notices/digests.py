"""The digest: one letter a day to whom it concerns, of all that was told since the last."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.notices.models import Letter, Notice
from hoptac.foundation.notices.reading import UNREAD
from hoptac.foundation.notices.rules import Cutoffs, digest_due
from hoptac.foundation.notices.telling import message_id
from hoptac.foundation.notices.terms import LetterKind, Mail
from hoptac.foundation.outbox import MOST_TRIES

_PEOPLE_AT_ONCE = 1000
_PUT_IN = """
UPDATE notices_notice AS notice SET letter_id = letter.id
FROM notices_letter AS letter
WHERE letter.id = ANY(%(letters)s) AND letter.user_id = notice.user_id
  AND notice.letter_id IS NULL AND notice.read_at IS NULL AND notice.done_at IS NULL
  AND ((notice.mail = 'daily' AND notice.made_at < %(daily)s)
    OR (notice.mail = 'weekly' AND notice.made_at < %(weekly)s))
"""


def write_digests(now: datetime | None = None) -> int:
    """Write the digests that are due; returns how many letters.

    At most one a person and day, of what is neither read nor done with; a notice is in one letter
    only. May run again and again, and by several at once. The letters go out with the others.
    """
    moment = now or timezone.now()
    due = digest_due(moment) if settings.SMTP_URL else None
    if due is None:
        return 0
    concerned = Notice.objects.filter(
        UNREAD,
        Q(mail=Mail.DAILY, made_at__lt=due.daily) | Q(mail=Mail.WEEKLY, made_at__lt=due.weekly),
        letter__isnull=True,
    )
    people = list(concerned.order_by("user").values_list("user", flat=True).distinct())
    written = 0
    for start in range(0, len(people), _PEOPLE_AT_ONCE):
        written += _write(people[start : start + _PEOPLE_AT_ONCE], due, moment)
    return written


@transaction.atomic
def _write(people: list[UUID], due: Cutoffs, now: datetime) -> int:
    letters = []
    for person in people:
        pk = uuid7()
        letters.append(
            Letter(
                id=pk, user_id=person, kind=LetterKind.DIGEST, key=f"digest:{person}:{due.day}",
                message_id=message_id(pk), due_at=now, tries_left=MOST_TRIES,
            )
        )  # fmt: skip
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    ours = Letter.objects.filter(pk__in=[x.pk for x in letters])
    new = list(ours.values_list("pk", flat=True))
    if new:
        with connection.cursor() as cursor:
            cursor.execute(_PUT_IN, {"letters": new, "daily": due.daily, "weekly": due.weekly})
    return len(new)
