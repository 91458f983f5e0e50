"""Sending the letters that are due, each as its reader may see it at that moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import groupby
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hoptac.foundation import outbox
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.accounts.models import User
from hoptac.foundation.notices.kinds import KINDS
from hoptac.foundation.notices.mailing import Post, compose, configured
from hoptac.foundation.notices.models import Delivery, Letter, Notice
from hoptac.foundation.notices.reading import UNREAD
from hoptac.foundation.notices.terms import LetterKind, NotSent
from hoptac.foundation.notices.wording import Told, in_words
from hoptac.foundation.outbox import Answer, Outbox, Outcome

# How long a letter is held by whoever sends it: longer than its server may take for all its answers.
HOLD = timedelta(minutes=10)
# A digest names no more than this, and says how many more there are.
MOST_NAMED = 100

_NEXT = """
SELECT id FROM notices_letter
WHERE state = 'waiting' AND due_at <= %(now)s AND (held_until IS NULL OR held_until <= %(now)s)
ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_BOX = Outbox(Letter, Delivery, "letter", _NEXT, HOLD)


@dataclass(frozen=True)
class Group:
    """The notices of one kind in a digest."""

    title: str
    told: list[Told]


def deliver(
    post: Post | None = None,
    *,
    most: int = 500,
    clock: Callable[[], datetime] = timezone.now,
) -> dict[str, int]:
    """Send what is due, oldest first; returns how many were accepted, refused, or failed.

    Where e-mail is off nothing is sent, and what was written waits. When the server as a whole is in
    trouble the rest waits for the next run. A letter whose notices were read, done with or closed
    meanwhile is not sent any more.
    """
    server = configured()
    if post is None and server is None:
        return {outcome.value: 0 for outcome in Outcome}

    with post or Post(server) as open_post:  # type: ignore[arg-type]

        def send(letter: Letter) -> tuple[str, Answer] | None:
            made = letter_as_read(letter)
            if isinstance(made, NotSent):
                Letter.objects.filter(pk=letter.pk).update(why=made)
                return None
            address = letter.user.email
            return address, open_post.send(made, address)

        return outbox.deliver(
            _BOX, send, most=most, clock=clock,
            stops=lambda answer: answer.outcome == Outcome.FAILED and answer.status is None,
        )  # fmt: skip


def letter_as_read(letter: Letter) -> EmailMessage | NotSent:
    """Return the letter as its person may read it now, or why it is not sent."""
    user: User = letter.user
    if not user.is_active:
        return NotSent.CLOSED_ACCOUNT
    if not user.email:
        return NotSent.NO_ADDRESS
    with translation.override(user.language):
        waiting = list(
            Notice.objects.filter(UNREAD, letter=letter).order_by("kind", "-made_at", "-id")
        )
        if not waiting:
            return NotSent.READ
        told = [t for t in in_words(context_of(user), waiting) if not t.is_closed]
        if not told:
            return NotSent.CLOSED
        return _composed(letter, user, told)


def _composed(letter: Letter, user: User, told: list[Told]) -> EmailMessage:
    base = settings.PUBLIC_URL
    leave = base + reverse("notices:preferences")
    if letter.kind == LetterKind.DIGEST:
        count = len(told)
        subject = ngettext("Hoptac: %(count)s notice", "Hoptac: %(count)s notices", count) % {
            "count": count
        }
    else:
        subject = f"Hoptac: {told[0].text.removesuffix('.')}"
    order = {code: number for number, code in enumerate(KINDS)}
    named = sorted(told, key=lambda t: order.get(t.notice.kind, 0))[:MOST_NAMED]
    groups = [Group(title, list(of)) for title, of in groupby(named, key=lambda t: t.title)]
    context: dict[str, Any] = {
        "name": user.full_name, "groups": groups, "base": base, "leave": leave,
        "all": base + reverse("notices:list"), "more": len(told) - len(named), "subject": subject,
        "language": user.language, "is_digest": letter.kind == LetterKind.DIGEST,
        "signed": _("Hoptac, the collective economy of the province"),
    }  # fmt: skip
    return compose(
        name=user.full_name, address=user.email, subject=subject, message_id=letter.message_id,
        at=letter.created_at, language=user.language, leave=leave,
        text=render_to_string("notices/letter.txt", context),
        html=render_to_string("notices/letter.html", context),
    )  # fmt: skip
