"""Acts upon letters and choices of e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context, declare_permissions
from hoptac.foundation.accounts.models import OWN, User
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.notices.kinds import KINDS
from hoptac.foundation.notices.models import Letter, Notice, Preference
from hoptac.foundation.notices.rules import kept_since
from hoptac.foundation.notices.selectors import letters_seen
from hoptac.foundation.notices.terms import IN_DIGEST, Mail
from hoptac.foundation.outbox import MOST_TRIES, SendState, put_aside, try_again

SEE, SEND = "notices.see_letters", "notices.send_letters"
_BATCH = 5000

declare_permissions(SEE)


@action(OWN, name="notices.choose_mail")
def choose_mail(ctx: Context, user: User, *, choices: Mapping[str, str]) -> User:
    """Choose, for kinds of notice, when one is told by e-mail; what waits for a digest follows.

    :raises Refused: a kind is unknown or urgent, or the choice is none
    """
    for code, mail in choices.items():
        if code not in KINDS or mail not in Mail.values:
            raise Refused(Finding("choice_unknown", _("There is no such choice."), field=code))
        if KINDS[code].is_urgent and mail != Mail.NOW:
            raise Refused(
                Finding("urgent", _("What is urgent cannot be switched off."), field=code)
            )
    before = dict(Preference.objects.filter(user=user).values_list("kind", "mail"))
    changed = {
        code: mail
        for code, mail in choices.items()
        if mail != before.get(code, KINDS[code].default_mail)
    }
    Preference.objects.bulk_create(
        [Preference(user=user, kind=code, mail=mail) for code, mail in changed.items()],
        update_conflicts=True, unique_fields=("user", "kind"), update_fields=("mail",),
    )  # fmt: skip
    for code, mail in changed.items():
        waiting = Notice.objects.filter(
            user=user, kind=code, letter__isnull=True, mail__in=sorted(IN_DIGEST)
        )
        waiting.update(mail=Mail.DAILY if mail == Mail.NOW else mail)
    note(ctx, username=user.username, changed=changed)
    return user


@action(SEND, name="notices.send_again")
def send_again(ctx: Context, letter: Letter) -> Letter:
    """Let a letter that could not be delivered, or was not sent, be tried again from now on.

    It goes under its old Message-ID.

    :raises Refused: it waits already, or was delivered
    """
    try_again(letter)
    letter.why = ""
    letter.save(update_fields=("why",))
    note(ctx, person=letter.user_id, attempts=letter.attempts)
    return letter


@action(SEND, name="notices.send_all_again")
def send_all_again(ctx: Context) -> int:
    """Let every letter of the caller's reach that could not be delivered be tried again.

    For when the mail server itself was wrong. Returns how many.

    :raises Refused: there is none
    """
    dead = letters_seen(ctx, SEND).filter(state=SendState.DEAD).order_by()
    count = Letter.objects.filter(pk__in=dead.values("pk")).update(
        state=SendState.WAITING, due_at=timezone.now(), tries_left=MOST_TRIES, held_until=None
    )
    if not count:
        raise Refused(Finding("none_dead", _("No letter failed.")))
    note(ctx, letters=count)
    return count


@action(SEND, name="notices.set_aside")
def set_aside(ctx: Context, letter: Letter) -> Letter:
    """Give up sending a letter; the context must give the reason.

    :raises Refused: no reason, it was delivered, or is being sent
    """
    put_aside(letter, ctx.reason)
    note(ctx, person=letter.user_id, attempts=letter.attempts)
    return letter


@action(SEND, name="notices.remove_old")
def remove_old(ctx: Context) -> dict[str, int]:
    """Remove notices read or done with longer ago than they are kept, and letters sent before.

    :raises Refused: there is nothing to remove
    """
    since = timezone.make_aware(datetime.combine(kept_since(ctx.today), time.min))
    read = Notice.objects.filter(read_at__lt=since) | Notice.objects.filter(done_at__lt=since)
    removed = {"notices": 0, "letters": 0}
    while keys := list(read.order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        removed["notices"] += Notice.objects.filter(pk__in=keys).delete()[0]
    ended = Letter.objects.filter(
        state__in=(SendState.DELIVERED, SendState.DROPPED), due_at__lt=since, created_at__lt=since
    )
    while keys := list(ended.order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        removed["letters"] += Letter.objects.filter(pk__in=keys).delete()[1]["notices.Letter"]
    if not any(removed.values()):
        raise Refused(Finding("nothing_old", _("There is nothing to remove.")))
    note(ctx, since=since.date(), notices=removed["notices"], letters=removed["letters"])
    return removed
