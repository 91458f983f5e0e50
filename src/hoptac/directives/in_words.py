"""Directives as pages say them: terms in working days, where a field was read, what a due date says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hoptac.directives.rules.desk import DirectiveDeskRule
from hoptac.directives.terms import Making, Standing
from hoptac.foundation.rulebook import rule_in_force
from hoptac.foundation.vietnamese import format_number
from hoptac.foundation.working_days import working_days_between

STANDING_TONES: dict[str, str] = {
    Standing.IN_FORCE: "ok", Standing.AMENDED: "info", Standing.COMING: "info",
    Standing.EXPIRED: "warn", Standing.REPLACED: "warn", Standing.REVOKED: "bad", Standing.UNKNOWN: "",
}  # fmt: skip


def standing_badge(standing: str) -> tuple[str, str]:
    """Return the tone and the word of a standing."""
    return STANDING_TONES[standing], str(Standing(standing).label)


@dataclass(frozen=True)
class Clock:
    """A term as it runs: working days left (below zero: late), in words, with its tone."""

    day: date
    left: int
    words: str
    tone: str


def clock(day: date | None, today: date) -> Clock | None:
    """Return how a term stands on a day, counted in working days; nothing where there is none."""
    if day is None:
        return None
    if day < today:
        # The days after the term, up to today: at least one, be it a day off.
        late = max(1, working_days_between(day, today))
        words = ngettext("%(n)s working day late", "%(n)s working days late", late) % {"n": late}
        return Clock(day, -late, words, "bad")
    if day == today:
        return Clock(day, 0, _("due today"), "warn")
    left = max(1, working_days_between(today, day))
    words = ngettext("%(n)s working day left", "%(n)s working days left", left) % {"n": left}
    warn = rule_in_force(DirectiveDeskRule, on=today).warn_days
    return Clock(day, left, words, "warn" if left <= warn else "")


@dataclass(frozen=True)
class RecipientLine:
    """A sending as a page shows it."""

    row: Any
    receipt: Clock | None
    making: Clock | None

    @property
    def is_late(self) -> bool:
        return any(c is not None and c.left < 0 for c in (self.receipt, self.making))


def recipient_line(row: Any, today: date) -> RecipientLine:
    return RecipientLine(
        row,
        clock(row.acknowledge_by, today) if row.acknowledged_at is None else None,
        clock(row.make_by, today) if row.making == Making.AWAITED else None,
    )


_EVERY = {
    "week": lambda: _("every week"), "month": lambda: _("every month"),
    "quarter": lambda: _("every quarter"), "half_year": lambda: _("every half-year"),
    "nine_months": lambda: _("for the first nine months"), "year": lambda: _("every year"),
    "term": lambda: _("every term of office"), "continuous": lambda: _("continuously"),
    "periodic": lambda: _("periodically"),
}  # fmt: skip


def due_words(due: Mapping[str, Any]) -> str:
    """Return the term of a proposal in words: a day, a stretch, how often; as written where no more is known."""
    said = []
    deadline, recurrence = due.get("deadline"), due.get("recurrence")
    if deadline:
        on, begins = _day(deadline.get("on")), _day(deadline.get("begins"))
        if on and begins:
            said.append(_("%(begins)s to %(on)s") % {"begins": begins, "on": on})
        elif on:
            said.append(_("until %(day)s") % {"day": on})
        elif deadline.get("text"):
            said.append(str(deadline["text"]))
    if recurrence:
        words = [_EVERY[e]() for e in recurrence.get("every", ()) if e in _EVERY]
        day, month = recurrence.get("day"), recurrence.get("month")
        if day and month:
            words.append(_("by %(day)s/%(month)s") % {"day": f"{day:02}", "month": f"{month:02}"})
        elif day:
            words.append(_("by day %(day)s") % {"day": day})
        said.append(", ".join(words) or str(recurrence.get("text", "")))
    return "; ".join(s for s in said if s)


def figure_words(figure: Mapping[str, Any]) -> str:
    """Return a number of an aim in words: at least 1.100 hợp tác xã by 2030."""
    value = format_number(
        Decimal(str(figure.get("value", "0"))), vi=not (get_language() or "").startswith("en")
    )
    what = (
        f"{value}{figure['unit']}"
        if figure.get("unit") == "%"
        else f"{value} {figure.get('unit', '')}"
    )
    said = (
        _("at most %(what)s") if figure.get("bound") == "at_most" else _("at least %(what)s")
    ) % {"what": what.strip()}
    return f"{said}, {figure['year']}" if figure.get("year") else said


def _day(text: Any) -> str:
    try:
        return f"{date.fromisoformat(str(text)):%d/%m/%Y}"
    except ValueError:
        return ""
