# ruff: noqa: E501  (a table, one act a line)
"""The acts of the office itself: accounts, tokens, mandates, notices, facts, calendar (a part of every_act.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

from hoptac.api import acts as api
from hoptac.foundation.access import Context
from hoptac.foundation.accounts import acts as accounts
from hoptac.foundation.accounts import second_factor
from hoptac.foundation.audit import erasing
from hoptac.foundation.audit.models import Act
from hoptac.foundation.notices import acts as notices
from hoptac.foundation.rulebook import acts as rules
from hoptac.foundation.rulebook import facts
from hoptac.foundation.working_days import acts as calendar
from hoptac.jurisdiction import actions as places
from tests.reliability.stage import LATER, NUMBER, THEN, Known, Stage, code_of


def _upon(act: Callable[..., Any], ready: Callable[[Stage], Any] = lambda s: s.person(), **details: Any) -> Known:  # fmt: skip
    return Known(ready, lambda ctx, x: act(ctx.because("lý do"), x, **details), "accounts.user")


def _fact(act: Callable[..., Any]) -> Callable[[Context, Any], Any]:
    return lambda ctx, f: act(ctx, f.key, fingerprint=f.fingerprint, document="Luật", read_on=THEN)


def _corrected(stage: Stage) -> Any:
    places.load_agencies(stage.ctx)
    return next(
        s.fact for s in facts.standings()
        if not s.state.is_settled and s.fact.key.startswith("agency:")
    )  # fmt: skip


def _correct_fact(ctx: Context, fact: Any) -> Any:
    value = next(v for v in fact.values if v.name == "name")
    return rules.correct_fact(
        ctx.because("văn bản ghi khác"), fact.key, fingerprint=fact.fingerprint, document="Luật",
        read_on=THEN, values={value.name: f"{value.value} sửa"},
    )  # fmt: skip


_YEARS, _EVES = count(2031), (d for y in count(2030) if (d := date(y, 12, 20)).weekday() < 5)


def _exchanged(ctx: Context, off: date) -> Any:
    rest = off + timedelta(days=(5 - off.weekday()) % 7)
    return calendar.exchange_days(ctx, off, rest, basis="TB")


ROWS: dict[str, Known] = {
    "accounts.create_user": Known(lambda s: f"moi.{next(NUMBER)}", lambda ctx, n: accounts.create_user(ctx, username=n, full_name="Mới"), "accounts.user"),
    "accounts.change_user": _upon(accounts.change_user, full_name="Tên Khác"),
    "accounts.disable_user": _upon(accounts.disable_user),
    "accounts.enable_user": _upon(accounts.enable_user),
    "accounts.reset_password": _upon(accounts.reset_password),
    "accounts.reset_second_factor": _upon(accounts.reset_second_factor),
    "accounts.unlock_user": _upon(accounts.unlock_user),
    "accounts.end_sessions": _upon(accounts.end_sessions),
    "accounts.close_demonstration": Known(lambda s: None, lambda ctx, x: accounts.close_demonstration(ctx)),
    "accounts.change_own_password": Known(lambda s: s.person(), lambda ctx, u: accounts.change_own_password(ctx, u, password="một mật khẩu khác hẳn"), "accounts.user", is_own=True),
    "accounts.change_own_profile": Known(lambda s: s.person(), lambda ctx, u: accounts.change_own_profile(ctx, u, phone="0900"), "accounts.user", is_own=True),
    "accounts.set_up_second_factor": Known(lambda s: (s.person(), second_factor.new_secret()), lambda ctx, p: accounts.set_up_second_factor(ctx, p[0], secret=p[1], code=code_of(p[1])), "accounts.user", is_own=True),
    "accounts.renew_recovery_codes": Known(lambda s: s.enrolled(), lambda ctx, u: accounts.renew_recovery_codes(ctx, u), "accounts.user", is_own=True),
    "accounts.end_own_sessions": Known(lambda s: s.person(), lambda ctx, u: accounts.end_own_sessions(ctx, u), "accounts.user", is_own=True),
    "api.make_token": Known(lambda s: None, lambda ctx, x: api.make_token(ctx, name="máy", scopes=["read"]), "api.apitoken"),
    "api.revoke_token": Known(lambda s: api.make_token(s.ctx, name="máy", scopes=["read"])[0], lambda ctx, t: api.revoke_token(ctx, t), "api.apitoken"),
    "audit.erase_words": Known(lambda s: (s.body(), Act.objects.latest("number").pk)[1], lambda ctx, pk: erasing.erase_words(ctx.because("xoá", "Luật"), [pk], approved_by="Giám đốc")),
    "jurisdiction.give_mandate": Known(lambda s: (s.person(), s.commune), lambda ctx, p: places.give_mandate(ctx, p[0], role="supervisor", unit=p[1], from_on=THEN), "accounts.user"),
    "jurisdiction.end_mandate": Known(lambda s: s.mandate(), lambda ctx, m: places.end_mandate(ctx, m, last_on=LATER), "jurisdiction.mandate"),
    "jurisdiction.load_units": Known(lambda s: None, lambda ctx, x: places.load_kien_giang_units(ctx)),
    "jurisdiction.load_agencies": Known(lambda s: None, lambda ctx, x: places.load_agencies(ctx)),
    "notices.choose_mail": Known(lambda s: s.person(), lambda ctx, u: notices.choose_mail(ctx, u, choices={"registration.to_decide": "weekly"}), "accounts.user", is_own=True),
    "notices.send_again": Known(lambda s: s.letter(), lambda ctx, x: notices.send_again(ctx, x), "notices.letter"),
    "notices.send_all_again": Known(lambda s: s.letter(), lambda ctx, x: notices.send_all_again(ctx)),
    "notices.set_aside": Known(lambda s: s.letter(), lambda ctx, x: notices.set_aside(ctx.because("đã báo"), x), "notices.letter"),
    "notices.remove_old": Known(lambda s: s.old_notice(), lambda ctx, x: notices.remove_old(ctx)),
    "rulebook.confirm_fact": Known(lambda s: s.fact(), _fact(rules.confirm_fact), "rulebook.confirmation"),
    "rulebook.confirm_facts": Known(lambda s: s.fact(), lambda ctx, f: rules.confirm_facts(ctx, {f.key: f.fingerprint}, document="Luật", read_on=THEN), entries=2),
    "rulebook.correct_fact": Known(_corrected, _correct_fact, "rulebook.confirmation"),
    "rulebook.withdraw_confirmation": Known(lambda s: s.confirmed(), lambda ctx, c: rules.withdraw_confirmation(ctx.because("nhầm"), c), "rulebook.confirmation"),
    "working_days.adopt_year": Known(lambda s: next(_YEARS), lambda ctx, y: calendar.adopt_year(ctx, y, document="TB"), "working_days.calendaryear"),
    "working_days.give_back_year": Known(lambda s: calendar.adopt_year(s.ctx, next(_YEARS)), lambda ctx, y: calendar.give_back_year(ctx.because("nhầm"), y), "working_days.calendaryear"),
    "working_days.add_day": Known(lambda s: next(_EVES), lambda ctx, d: calendar.add_day(ctx, d, name="Nghỉ bão", basis="CĐ"), "working_days.calendarday"),
    "working_days.exchange_days": Known(lambda s: next(_EVES), _exchanged, "working_days.calendarday"),
    "working_days.remove_day": Known(lambda s: _exchanged(s.ctx, next(_EVES)), lambda ctx, d: calendar.remove_day(ctx.because("nhầm"), d), "working_days.calendarday"),
}  # fmt: skip
