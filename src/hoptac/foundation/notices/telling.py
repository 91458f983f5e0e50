"""Telling people, inside an act: what is written here is kept with the act or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from hoptac.foundation.access import Context
from hoptac.foundation.audit import canonical
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.notices.kinds import KINDS, NoticeKind
from hoptac.foundation.notices.models import Letter, Notice, Preference
from hoptac.foundation.notices.terms import LetterKind, Mail
from hoptac.foundation.outbox import MOST_TRIES

_BATCH = 2000
# What is entered about days longer gone than this is no news.
_NEWS = timedelta(days=30)


def notify(
    ctx: Context,
    code: str,
    *,
    to: Iterable[Any],
    subject: models.Model | None = None,
    href: str = "",
    key: str = "",
    also_self: bool = False,
    **parameters: Any,
) -> int:
    """Tell people something; returns how many are told that were not already.

    ``to`` are users; closed accounts are left out, and who does the act, unless ``also_self``. The
    parameters are what the kind's text speaks of: words that every recipient may see, codes that the
    kind says in words, days (``date``), numbers. ``href`` is where it leads, where that is not the
    page of the subject.

    ``key`` names what is told; without one it is the kind, the subject and the day. Who has a notice
    under the same key that is not done with is not told again. Nobody is told of what is entered
    afterwards about days more than a month gone.

    :raises RuntimeError: outside of an act, where nothing would keep it
    :raises KeyError: no such kind is declared
    :raises TypeError: a parameter that the text speaks of is missing
    """
    if ctx.act_id is None:
        raise RuntimeError("people are told inside an act")
    kind = KINDS[code]
    missing = kind.needs - set(parameters)
    if missing:
        raise TypeError(f"{code} speaks of {sorted(missing)}")
    doer = ctx.user.pk if ctx.user is not None and not also_self else None
    people = {u.pk: u for u in to if u.is_active and u.pk != doer}
    if not people or ctx.today < timezone.localdate() - _NEWS:
        return 0
    label = subject._meta.label_lower if subject is not None else ""
    about = str(subject.pk) if subject is not None else ""
    told = key or f"{code}:{about}:{ctx.today.isoformat()}"
    kept, now = canonical.plain(parameters), timezone.now()
    by_mail = _mail_of(kind, people)
    rows = [
        Notice(
            id=uuid7(), user=user, kind=code, subject_kind=label, subject_id=about, href=href[:300],
            parameters=kept, key=told[:160], made_at=now, act_id=ctx.act_id, mail=by_mail[pk],
        )
        for pk, user in people.items()
    ]  # fmt: skip
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_BATCH)
    written = Notice.objects.filter(pk__in=[n.pk for n in rows])
    new = set(written.values_list("pk", flat=True))
    _write_letters([n for n in rows if n.pk in new and n.mail == Mail.NOW])
    return len(new)


def done(ctx: Context, *codes: str, subject: models.Model) -> int:
    """Let what was asked of anybody about a subject be done with: nobody need look at it any more.

    Returns how many notices that were.

    :raises RuntimeError: outside of an act
    """
    if ctx.act_id is None:
        raise RuntimeError("what was asked is done with inside an act")
    asked = Notice.objects.filter(
        subject_id=str(subject.pk), subject_kind=subject._meta.label_lower, kind__in=codes,
        done_at__isnull=True,
    )  # fmt: skip
    return int(asked.update(done_at=timezone.now()))


def _mail_of(kind: NoticeKind, people: dict[Any, Any]) -> dict[Any, str]:
    """Return when each is told by e-mail; never where no mail server or no address is known."""
    if not settings.SMTP_URL:
        return dict.fromkeys(people, Mail.NEVER.value)
    chosen: dict[Any, str] = {}
    if not kind.is_urgent:
        rows = Preference.objects.filter(kind=kind.code, user__in=list(people))
        chosen = dict(rows.values_list("user", "mail"))
    return {
        pk: chosen.get(pk, kind.default_mail.value) if user.email else Mail.NEVER.value
        for pk, user in people.items()
    }


def _write_letters(notices: list[Notice]) -> None:
    """Write a letter for each notice, under the notice's own id."""
    if not notices:
        return
    now = timezone.now()
    Letter.objects.bulk_create(
        [
            Letter(
                id=n.pk, user_id=n.user_id, kind=LetterKind.NOTICE, key=f"notice:{n.pk}",
                message_id=message_id(n.pk), due_at=now, tries_left=MOST_TRIES,
            )
            for n in notices
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    Notice.objects.filter(pk__in=[n.pk for n in notices]).update(letter_id=F("pk"))


def message_id(key: Any) -> str:
    """Return the Message-ID of a letter: the same whenever and from wherever it is sent."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{key}@{host}>"
