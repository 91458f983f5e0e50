"""What people are told: every app declares its kinds, and what they are about.

    declare_matter(Matter("registration.filing", "registration:filing", seen=filings_among))
    declare(NoticeKind(
        "registration.to_decide", group=_("Registration"), title=_("Dossiers to decide"),
        text=_("Dossier %(number)s (%(procedure)s, %(body)s) waits for your decision."),
        permission="registration.decide", asks=True, says={"procedure": title_of},
    ))

Texts are said in the reader's language when they are read or sent, from the parameters kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse

from hoptac.foundation import events
from hoptac.foundation.access import Context
from hoptac.foundation.notices.terms import Mail

_NAMES = re.compile(r"%\((\w+)\)")


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice.

    ``text`` is one sentence with its parameters, the same in a list and in a letter; ``title`` names
    the kind where people choose, and above its notices in a digest. ``permission`` is what a reader
    must hold (read again whenever it is shown). ``asks``: it asks for something, and is done with
    (:func:`telling.done`) once that is dealt with. ``is_urgent``: it goes out by e-mail at once and
    cannot be switched off. ``says`` gives, for parameters that are codes, how they are said.

    ``on`` names an event after which people are told by themselves: ``to`` returns whom, ``about``
    the subject and the parameters, both given the caller and the event's details; nobody is told
    where ``to`` returns none.
    """

    code: str
    group: Any
    title: Any
    text: Any
    permission: str = ""
    mail: Mail = Mail.DAILY
    is_urgent: bool = False
    asks: bool = False
    says: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    on: str = ""
    to: Callable[..., Iterable[Any]] | None = None
    about: Callable[..., tuple[Any, Mapping[str, Any]]] | None = None

    @property
    def default_mail(self) -> Mail:
        return Mail.NOW if self.is_urgent else self.mail

    @property
    def needs(self) -> frozenset[str]:
        """The parameters that the text speaks of."""
        return frozenset(_NAMES.findall(str(self.text)))


@dataclass(frozen=True)
class Matter:
    """What notices are about: its model's label, the page (taking its key), and who may see which.

    ``seen`` is given a caller and keys and returns those that the caller may see, by one question.
    """

    label: str
    page: str
    seen: Callable[[Context, Collection[str]], Iterable[Any]]

    def href(self, key: str) -> str:
        try:
            return reverse(self.page, args=[key])
        except NoReverseMatch:
            return ""


KINDS: dict[str, NoticeKind] = {}
MATTERS: dict[str, Matter] = {}


def declare(kind: NoticeKind) -> None:
    """Make a kind known (``AppConfig.ready``); one that names an event is told whenever it happens."""
    if kind.code in KINDS:
        raise ValueError(f"two kinds of notice are named {kind.code}")
    if kind.on:
        if kind.to is None or kind.about is None:
            raise TypeError(f"{kind.code} says after what, but not whom it tells, or of what")
        events.listen(kind.on, _teller(kind.code, kind.to, kind.about))
    KINDS[kind.code] = kind


def withdraw(code: str) -> None:
    """Forget a kind that names no event (tests)."""
    del KINDS[code]


def declare_matter(matter: Matter) -> None:
    """Make known what notices may be about (``AppConfig.ready``)."""
    MATTERS[matter.label] = matter


def kinds_for(ctx: Context) -> list[NoticeKind]:
    """Return the kinds that the caller may ever be told of, in the order of their declaration."""
    return [k for k in KINDS.values() if not k.permission or ctx.may(k.permission)]


def _teller(
    code: str,
    to: Callable[..., Iterable[Any]],
    about: Callable[..., tuple[Any, Mapping[str, Any]]],
) -> Callable[..., None]:
    def tell(ctx: Context, **details: Any) -> None:
        from hoptac.foundation.notices.telling import notify

        people = list(to(ctx, **details))
        if people:
            subject, parameters = about(ctx, **details)
            notify(ctx, code, to=people, subject=subject, **parameters)

    return tell
