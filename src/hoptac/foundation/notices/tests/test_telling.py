"""Telling people: with the act or not at all, once, whom it concerns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import ACTIONS, action
from hoptac.foundation.notices import kinds, telling
from hoptac.foundation.notices.models import Letter, Notice, Preference
from hoptac.foundation.notices.terms import Mail

TOLD = "test.spoken"


def tell(ctx: Context, user: User, *, to: list[User], breaks: bool = False, **said: Any) -> int:
    """Tell people something about an account."""
    count = telling.notify(ctx, TOLD, to=to, subject=user, **{"name": user.full_name, **said})
    if breaks:
        raise RuntimeError("the lights go out")
    return count


def finish(ctx: Context, user: User) -> int:
    return telling.done(ctx, TOLD, subject=user)


@pytest.fixture(autouse=True)
def acts(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make acts of the two functions, for the time of a test."""
    known = dict(ACTIONS)
    for function in (tell, finish):
        act = action("accounts.manage", name=f"test.{function.__name__}")(function)
        monkeypatch.setitem(globals(), function.__name__, act)
    yield
    for name in set(ACTIONS) - set(known):
        del ACTIONS[name]


@pytest.fixture(autouse=True)
def kind() -> Any:
    kinds.declare(kinds.NoticeKind(TOLD, "Thử", "Thử", "Tài khoản %(name)s chờ duyệt.", asks=True))
    yield kinds.KINDS[TOLD]
    kinds.withdraw(TOLD)


@pytest.fixture
def mail_server(settings: Any) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:9"


def test_what_is_told_is_kept_with_the_act_or_not_at_all(the_system: Context, an: User) -> None:
    with pytest.raises(RuntimeError, match="lights"), transaction.atomic():
        tell(the_system, an, to=[an], breaks=True)
    assert not Notice.objects.exists()
    assert tell(the_system, an, to=[an]) == 1
    notice = Notice.objects.get()
    assert (notice.user, notice.subject_kind, notice.subject_id) == (
        an,
        "accounts.user",
        str(an.pk),
    )
    assert notice.parameters == {"name": "Lê Thị Ngọc Ân"}
    with pytest.raises(RuntimeError, match="inside an act"):
        telling.notify(the_system, TOLD, to=[an], name="x")
    with pytest.raises(RuntimeError, match="inside an act"):
        telling.done(the_system, TOLD, subject=an)


def test_the_same_is_told_once_a_day_until_it_is_done_with(the_system: Context, an: User) -> None:
    assert tell(the_system, an, to=[an, an]) == 1
    assert tell(the_system, an, to=[an]) == 0
    assert tell(the_system.by(today=the_system.today + timedelta(days=1)), an, to=[an]) == 1
    assert finish(the_system, an) == 2
    assert finish(the_system, an) == 0
    assert tell(the_system, an, to=[an]) == 1


def test_closed_accounts_and_who_does_it_are_not_told(
    the_system: Context, an: User, binh: User
) -> None:
    User.objects.filter(pk=an.pk).update(is_active=False)
    assert tell(the_system.by(user=binh), an, to=[an, binh]) == 0
    assert tell(the_system.by(user=binh), an, to=[binh], also_self=True) == 1


def test_a_text_that_speaks_of_more_than_is_said_is_a_fault(the_system: Context, an: User) -> None:
    kinds.withdraw(TOLD)
    kinds.declare(kinds.NoticeKind(TOLD, "Thử", "Thử", "Tài khoản %(name)s, ngày %(day)s."))
    with pytest.raises(TypeError, match="day"):
        tell(the_system, an, to=[an])
    with pytest.raises(ValueError, match="two kinds"):
        kinds.declare(kinds.KINDS[TOLD])


def test_a_letter_is_written_for_whom_wants_one_at_once_and_has_an_address(
    the_system: Context, an: User, binh: User, mail_server: None
) -> None:
    Preference.objects.create(user=an, kind=TOLD, mail=Mail.NOW)
    Preference.objects.create(user=binh, kind=TOLD, mail=Mail.NOW)
    binh.email = ""
    tell(the_system, an, to=[an, binh])
    letter = Letter.objects.get()
    assert letter.user == an
    assert letter.message_id == f"<{letter.pk}@hoptac.example>"
    assert Notice.objects.get(user=an).letter == letter
    assert Notice.objects.get(user=binh).mail == Mail.NEVER


def test_without_a_mail_server_nothing_is_written_for_it(the_system: Context, an: User) -> None:
    Preference.objects.create(user=an, kind=TOLD, mail=Mail.NOW)
    tell(the_system, an, to=[an])
    assert not Letter.objects.exists()
    assert Notice.objects.get().mail == Mail.NEVER


def test_what_is_urgent_goes_out_at_once_whatever_was_chosen(
    the_system: Context, an: User, mail_server: None
) -> None:
    kinds.withdraw(TOLD)
    kinds.declare(kinds.NoticeKind(TOLD, "Thử", "Thử", "%(name)s", is_urgent=True))
    Preference.objects.create(user=an, kind=TOLD, mail=Mail.NEVER)
    tell(the_system, an, to=[an])
    assert Letter.objects.get().user == an


def test_many_are_told_by_a_handful_of_questions(
    the_system: Context, an: User, mail_server: None, django_assert_max_num_queries: Any
) -> None:
    made = [User(username=f"u{n}", full_name=f"N {n}", email=f"u{n}@x.vn") for n in range(300)]
    people = User.objects.bulk_create(made)
    Preference.objects.bulk_create(Preference(user=u, kind=TOLD, mail=Mail.NOW) for u in people)
    with django_assert_max_num_queries(25):
        assert tell(the_system, an, to=people) == 300
    assert Letter.objects.count() == 300
