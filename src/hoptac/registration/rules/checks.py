"""What the law of the day asks of each procedure: facts in, findings out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.findings import Finding
from hoptac.foundation.rulebook import rule_in_force
from hoptac.registration.rules.procedures import ProcedureRule
from hoptac.registry.rules.particulars import (
    LeastMembersRule,
    check_business_lines,
    check_registration_number,
)

Days = Callable[[date, int], date]

# Words that begin a name, by kind (Law 2023; NĐ 92/2024): the kind stands before the own name.
_BEGINS = {
    "cooperative": ("hợp tác xã", "quỹ tín dụng nhân dân", "quỹ hỗ trợ phát triển hợp tác xã"),
    "union": ("liên hiệp hợp tác xã",),
    "group": ("tổ hợp tác",),
}
_LETTERS = re.compile(r"[^\W_]|[ .,&()/\-–'\"’+]")
# States in which nothing else is registered (NĐ 92/2024 art. 33).
_CLOSED = {"revoked_tax": "violation_open", "ending": "ending", "not_at_address": "not_at_address"}
ART_33 = "NĐ 92/2024/NĐ-CP, Điều 33"


@dataclass(frozen=True, kw_only=True)
class Body:
    """What stands of the body on the day: its status, figures, and what is open about it.

    ``ending_by`` are the procedures that began the end under way, in order; none where the register
    was told of it in another way.
    """

    name: str = ""
    kind: str = ""
    registration_number: str = ""
    legal_status: str = "active"
    established_on: date | None = None
    charter_capital: int | None = None
    members: int | None = None
    marks: tuple[str, ...] = ()
    suspended_until: date | None = None
    dissolution_since: date | None = None
    ending_by: tuple[str, ...] = ()
    other_filings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Case:
    """One filing as its check sees it. ``same_names`` are bodies of like name in the register.

    ``branch_state`` is that of the branch it is about, on the day from which it is to hold.
    """

    kind: str
    values: Mapping[str, Any]
    rule: ProcedureRule
    judged_on: date
    filed_on: date
    today: date
    despite_marks: bool = False
    body: Body = field(default_factory=Body)
    others: tuple[Body, ...] = ()
    branch_state: str = ""
    same_names: tuple[str, ...] = ()
    add_working_days: Days = lambda day, count: day + timedelta(days=count)

    def days_after(self, day: date, count: int, are: str) -> date:
        return (
            self.add_working_days(day, count) if are == "working" else day + timedelta(days=count)
        )


Check = Callable[[Case], Iterator[Finding]]


def nothing(case: Case) -> Iterator[Finding]:
    """Ask nothing beyond what every filing is asked."""
    yield from ()


def check_filing(case: Case, required: Sequence[str], special: Check) -> Iterator[Finding]:
    """Yield everything that stands in the way of a filing, and what the officer should see.

    An error stands in the way of a grant; a warning is shown and weighed by the officer.
    """
    for name in required:
        if case.values.get(name) in (None, "", [], ()):
            yield Finding("field_missing", _("This must be filled in."), field=name)
    if not case.despite_marks:
        yield from check_open_to_registration(case)
    elif case.body.legal_status == "ended":
        yield Finding("body_ended", _("It has ended, or is in bankruptcy."), ART_33)
    if case.body.other_filings:
        yield Finding(
            "other_filing_open",
            _("Another filing of this body is open: %(titles)s.")
            % {"titles": ", ".join(case.body.other_filings)},
            severity="warning",
        )
    yield from check_filed_in_time(case)
    yield from check_majority(case)
    yield from special(case)


def check_open_to_registration(case: Case) -> Iterator[Finding]:
    """Yield why nothing else may be registered while a mark or a closed state stands."""
    status = case.body.legal_status
    if status in _CLOSED:
        words = {
            "revoked_tax": _("Its certificate is revoked."),
            "ending": _("It is being dissolved or reorganised."),
            "not_at_address": _("It does not operate at its registered address."),
        }
        yield Finding(
            "registration_closed", words[status], ART_33, details={"ground": _CLOSED[status]}
        )
    if status in {"ended", "bankruptcy"}:
        yield Finding("body_ended", _("It has ended, or is in bankruptcy."), ART_33)
    for mark in case.body.marks:
        yield Finding(
            "mark_stands", _("A request or notice stands: %(mark)s.") % {"mark": mark}, ART_33,
            details={"ground": "court_request"},
        )  # fmt: skip


def check_filed_in_time(case: Case) -> Iterator[Finding]:
    """Yield a warning when the dossier came later than the law gives after the event."""
    event = case.values.get("decided_on") or case.values.get("from_on")
    within = case.rule.filed_within(case.kind)
    if event is None or within is None:
        return
    count, are = within
    last = case.days_after(event, count, are)
    if case.filed_on > last:
        yield Finding(
            "filed_late",
            _("It was to be filed by %(day)s.") % {"day": f"{last:%d/%m/%Y}"},
            case.rule.basis,
            severity="warning",
            details={"last": last.isoformat()},
        )


def check_majority(case: Case) -> Iterator[Finding]:
    """Yield an error when the general meeting fell short of the majority the law asks."""
    votes, least = case.values.get("votes"), case.rule.majority
    if votes is None or least is None:
        return
    if votes > 100:
        yield Finding(
            "votes_over_100", _("A share of votes is at most 100 per cent."), field="votes"
        )
    elif votes < least:
        yield Finding(
            "majority_not_reached",
            _("The law asks for %(least)s per cent of the votes.") % {"least": least},
            case.rule.basis,
            "votes",
            details={"least": least, "confirmed": case.rule.confirmed},
        )


# --- Names, members, lines, capital --------------------------------------------------------------


def check_name(case: Case, name: str, field: str = "name") -> Iterator[Finding]:
    """Yield what is wrong with a name: kind first, letters allowed, not that of another body."""
    if not name:
        return
    low = name.lower()
    begins = next((b for b in _BEGINS[case.kind] if low.startswith(b)), None)
    if begins is None:
        yield Finding(
            "name_without_kind",
            _("A name begins with the kind: %(words)s …")
            % {"words": _BEGINS[case.kind][0].capitalize()},
            "NĐ 92/2024/NĐ-CP",
            field,
        )
    elif not low[len(begins) :].strip():
        yield Finding("name_without_own", _("An own name follows the kind."), field=field)
    strange = sorted({c for c in name if not _LETTERS.fullmatch(c)})
    if strange:
        yield Finding(
            "name_letters",
            _("These signs are not allowed in a name: %(signs)s") % {"signs": " ".join(strange)},
            "NĐ 92/2024/NĐ-CP; TT 09/2024/TT-BKHĐT, Phụ lục VIII",
            field,
            "warning",
        )
    for other in case.same_names:
        yield Finding(
            "name_like_another",
            _("A body of the register bears this name or one easily confused: %(name)s. Names are held "
              "against the national register before the decision.") % {"name": other},
            "Luật Hợp tác xã 2023, Điều 44",
            field,
            "warning",
        )  # fmt: skip


def check_least_members(
    case: Case, members: int | None, field: str = "members"
) -> Iterator[Finding]:
    """Yield an error when there are fewer members than the law of the day asks of a founding."""
    if members is None:
        return
    rule = rule_in_force(LeastMembersRule, on=case.judged_on)
    least = getattr(rule, case.kind)
    if members < least:
        yield Finding(
            "members_below_minimum",
            _("The law asks for at least %(least)s members.") % {"least": least},
            rule.basis,
            field,
            details={"least": least, "confirmed": rule.confirmed},
        )


def check_people(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with the legal representatives: named, of age, with a number."""
    for person in case.values.get("representatives") or ():
        if not person.get("person"):
            yield Finding("representative_unnamed", _("Enter the representative's name."),
                          field="representatives")  # fmt: skip
        born = person.get("birth_date")
        if born is not None and born > case.judged_on:
            yield Finding("birth_date_impossible", _("The day of birth lies in the future."),
                          field="representatives")  # fmt: skip
        number = str(person.get("personal_number") or "")
        if number and not re.fullmatch(r"\d{12}|\d{9}|[A-Z]\d{7,8}", number):
            yield Finding(
                "identity_format", _("A personal number has 12 digits."),
                field="representatives", severity="warning",
            )  # fmt: skip
    if not case.values.get("representatives"):
        return
    if any(not p.get("personal_number") for p in case.values["representatives"]):
        yield Finding(
            "identity_missing", _("A legal representative's personal number is missing."),
            "Luật Hợp tác xã 2023, Điều 43", "representatives", "warning",
        )  # fmt: skip


def check_values(case: Case) -> Iterator[Finding]:
    """Yield what does not hold in lines, numbers and amounts, wherever they are given."""
    values = case.values
    lines = list(values.get("lines") or ())
    if lines:
        yield from (
            _renamed(f, "lines")
            for f in check_business_lines(lines, lines[0], from_on=case.judged_on, today=case.today)
            if f.code != "date_in_future"
        )
    yield from check_registration_number(values.get("registration_number") or "")
    for name in ("charter_capital", "members", "workers", "area"):
        if values.get(name) is not None and values[name] < 0:
            yield Finding("figure_negative", _("A figure cannot be below zero."), field=name)


def _renamed(found: Finding, name: str) -> Finding:
    return Finding(found.code, found.message, found.basis, name, found.severity, found.details)


def establishment(case: Case) -> Iterator[Finding]:
    """A new body: its name, members, people, lines and capital."""
    yield from check_name(case, case.values.get("name") or "")
    yield from check_least_members(case, case.values.get("members"))
    yield from check_people(case)
    yield from check_values(case)


def change(case: Case) -> Iterator[Finding]:
    """A change: something must differ; the law says which matters go which way."""
    values = case.values
    said = [m for m in values if m not in {"from_on", "decided_on", "votes", "reason"}]
    if not said:
        yield Finding("nothing_changed", _("Say what changes."))
    if "name" in values:
        yield from check_name(case, values["name"])
    yield from check_people(case)
    yield from check_values(case)
    yield from check_capital_change(case)
    spoken = {_MATTER_OF[x] for x in said if x in _MATTER_OF}
    matters = case.rule.matters_for(case.kind)
    wrong = sorted(spoken - set(matters)) if matters is not None else []
    if wrong:
        yield Finding(
            "matter_goes_elsewhere",
            _("The law of the day has another procedure for: %(matters)s.")
            % {"matters": ", ".join(str(MATTER_NAMES().get(m, m)) for m in wrong)},
            case.rule.basis,
            severity="warning",
            details={"matters": wrong},
        )
    begins = values.get("from_on")
    if begins is not None and begins > case.today:
        yield Finding("date_in_future", _("The day lies in the future."), field="from_on")


_MATTER_OF = {
    "name": "name", "short_name": "name", "foreign_name": "name", "commune": "seat",
    "address": "seat", "representatives": "legal_representative", "lines": "lines",
    "charter_capital": "capital", "tax_data": "tax_data", "foreign_members": "foreign_members",
    "charter": "charter", "members": "members",
}  # fmt: skip


def MATTER_NAMES() -> dict[str, str]:  # noqa: N802  (a table in the reader's language)
    """Return what the matters of a change are called."""
    return {
        "name": _("Name"), "seat": _("Head office"), "legal_representative": _("Legal representative"),
        "lines": _("Lines of business"), "capital": _("Charter capital"), "tax_data": _("Tax data"),
        "foreign_members": _("Foreign members"), "charter": _("Charter"), "members": _("Members"),
        "managers": _("Managers"),
    }  # fmt: skip


def check_capital_change(case: Case) -> Iterator[Finding]:
    """Yield a notice of the way a change of capital goes: registered, or only told.

    A group registers every change of what is contributed (Law 2023 art. 107).
    """
    new, old, rule = case.values.get("charter_capital"), case.body.charter_capital, case.rule
    if case.kind == "group":
        return
    if new is None or old is None or rule.capital_share is None or rule.capital_amount is None:
        return
    differs = abs(new - old)
    if differs and differs * 100 < old * rule.capital_share and differs < rule.capital_amount:
        yield Finding(
            "capital_change_small",
            _("So small a change of capital is only told, not registered."),
            rule.basis,
            "charter_capital",
            "warning",
        )


def branch(case: Case) -> Iterator[Finding]:
    """A branch or place: a code of the right form."""
    code = case.values.get("branch_code") or ""
    kind = case.values.get("branch_kind") or "place"
    form = r"\d{5}" if kind == "place" else r"\d{10}-\d{3}"
    if code and not re.fullmatch(form, code):
        yield Finding(
            "branch_code_format",
            _("A place has 5 digits; a branch or office 10 digits, a hyphen and 3 more."),
            "NĐ 92/2024/NĐ-CP, Điều 14",
            "branch_code",
        )


def undertaking(case: Case) -> Iterator[Finding]:
    """What a body has outside the register: not of a day to come, not from what is never divided."""
    begins = case.values.get("from_on")
    if begins is not None and begins > case.today:
        yield Finding("date_in_future", _("The day lies in the future."), field="from_on")
    if case.values.get("money_source") == "indivisible" and case.rule.bars_indivisible:
        yield Finding(
            "indivisible_money",
            _("Common funds and assets that are not divided may not go into an enterprise."),
            case.rule.basis,
            "money_source",
        )


# --- Pauses --------------------------------------------------------------------------------------


def suspension(case: Case) -> Iterator[Finding]:
    """A pause: told in time before it begins, not longer than the law allows at once."""
    begins, last = case.values.get("from_on"), case.values.get("until_on")
    if begins is None or last is None:
        return
    if last < begins:
        yield Finding(
            "ends_before_beginning", _("The last day lies before the first."), field="until_on"
        )
    longest = case.rule.longest_months
    if longest is not None and last >= months_later(begins, longest):
        yield Finding(
            "suspension_too_long",
            _("One notice covers at most %(months)s months.") % {"months": longest},
            case.rule.basis,
            "until_on",
        )
    least = case.rule.least_days_of_group
    if case.kind == "group" and least is not None and (last - begins).days + 1 < least:
        yield Finding(
            "suspension_needs_no_notice",
            _("A group tells of a pause of %(days)s days or more.") % {"days": least},
            case.rule.basis,
            "until_on",
            "warning",
        )
    yield from _told_before(case, begins)


def resumption(case: Case) -> Iterator[Finding]:
    """Going on before the pause is over: there must be a pause, told in time."""
    begins = case.values.get("from_on")
    if case.body.legal_status != "suspended":
        yield Finding("not_suspended", _("Its business is not suspended."))
    if begins is None:
        return
    if case.body.suspended_until is not None and begins > case.body.suspended_until:
        yield Finding(
            "suspension_over", _("The suspension ends by itself before this day."),
            field="from_on", severity="warning",
        )  # fmt: skip
    yield from _told_before(case, begins)


def branch_pause(case: Case) -> Iterator[Finding]:
    """A pause of a branch: as one of the body, of a branch that works."""
    if case.branch_state == "suspended":
        yield Finding("already_suspended", _("Its business is already suspended."), field="branch")
    yield from suspension(case)


def branch_pause_ends(case: Case) -> Iterator[Finding]:
    """A branch goes on before its pause is over: it must be in one, and it is told in time."""
    begins = case.values.get("from_on")
    if case.values.get("branch") and case.branch_state != "suspended":
        yield Finding("not_suspended", _("Its business is not suspended."), field="branch")
    if begins is not None:
        yield from _told_before(case, begins)


def _told_before(case: Case, begins: date) -> Iterator[Finding]:
    count = case.rule.notice_days
    if count is None:
        return
    if case.days_after(case.filed_on, count, case.rule.notice_days_are) > begins:
        yield Finding(
            "notice_too_short",
            _("It is to be told at least %(count)s working days before.") % {"count": count}
            if case.rule.notice_days_are == "working"
            else _("It is to be told at least %(count)s days before.") % {"count": count},
            case.rule.basis,
            "from_on",
            "warning",
            {"least": count, "confirmed": case.rule.confirmed},
        )


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later; the month's last where it has no such day."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(day)
