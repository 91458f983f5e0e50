"""Notices as their reader may see them today, in the language that is active."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.notices.kinds import KINDS, MATTERS, NoticeKind
from hoptac.foundation.notices.models import Notice

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True)
class Told:
    """A notice in words. ``is_closed``: the reader may no longer see what it is about."""

    notice: Notice
    title: str
    text: str
    href: str
    is_closed: bool
    asks: bool
    is_urgent: bool

    @property
    def is_unread(self) -> bool:
        return self.notice.read_at is None and self.notice.done_at is None

    @property
    def made_at(self) -> datetime:
        return self.notice.made_at


def in_words(ctx: Context, notices: Iterable[Notice]) -> list[Told]:
    """Return the notices as the caller may see them today; one question for each kind of subject.

    What the caller's mandates no longer cover is said as closed, without any of its words.
    """
    rows = list(notices)
    keys: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.subject_id and row.subject_kind in MATTERS:
            keys[row.subject_kind].add(row.subject_id)
    seen = {
        label: {str(key) for key in MATTERS[label].seen(ctx, sorted(of))}
        for label, of in keys.items()
    }
    return [_told(ctx, row, seen) for row in rows]


def _told(ctx: Context, row: Notice, seen: Mapping[str, set[str]]) -> Told:
    kind = KINDS.get(row.kind)
    matter = MATTERS.get(row.subject_kind)
    is_open = kind is not None and (not kind.permission or ctx.may(kind.permission))
    if row.subject_id:
        is_open = is_open and row.subject_id in seen.get(row.subject_kind, ())
    if kind is None or not is_open:
        title = str(kind.title) if kind else _("A notice")
        closed = _("You may no longer see what this was about.")
        return Told(row, title, closed, "", is_closed=True, asks=False, is_urgent=False)
    href = row.href or (matter.href(row.subject_id) if matter else "")
    return Told(
        row, str(kind.title), _text(kind, row.parameters), href, is_closed=False, asks=kind.asks,
        is_urgent=kind.is_urgent,
    )  # fmt: skip


def _text(kind: NoticeKind, parameters: Mapping[str, Any]) -> str:
    """Return the kind's sentence; what an older release did not keep is left out."""
    said = dict.fromkeys(kind.needs, "–")
    for name, value in parameters.items():
        if name in kind.says:
            said[name] = str(kind.says[name](value))
        else:
            day = _DAY.fullmatch(value) if isinstance(value, str) else None
            said[name] = f"{day[3]}/{day[2]}/{day[1]}" if day else str(value)
    return " ".join((str(kind.text) % said).split())
