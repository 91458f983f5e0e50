"""How long a session lives, what ends it, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hoptac.foundation.accounts import acts
from hoptac.foundation.accounts.models import Session, User
from hoptac.foundation.accounts.sessions import SessionStore
from hoptac.foundation.accounts.tests.conftest import PASSWORD

OWN = "/accounts/me/"


@pytest.fixture
def signed_in(officer: Callable, client_of: Callable) -> tuple[Any, Client]:
    ctx = officer("department_officer")
    return ctx.user, client_of(ctx)


def is_open(browser: Client) -> bool:
    return browser.get(OWN).status_code == 200


ENDING = {
    "logout": lambda system, user, browser: browser.post(reverse("account_logout")),
    "disablement": lambda system, user, browser: acts.disable_user(system, user),
    "a new password": lambda system, user, browser: acts.reset_password(system, user),
    "a reset second factor": lambda system, user, browser: acts.reset_second_factor(system, user),
    "an administrator": lambda system, user, browser: acts.end_sessions(system, user),
    "a password changed past the acts": lambda system, user, browser: User.objects.filter(
        pk=user.pk
    ).update(password="pbkdf2$other"),
}


@pytest.mark.parametrize("cause", ENDING)
def test_a_session_ends_with_the_next_request_after(
    cause: str, signed_in: tuple[Any, Client], the_system: Any
) -> None:
    user, browser = signed_in
    assert is_open(browser)
    key = browser.cookies["sessionid"].value
    ENDING[cause](the_system, user, browser)
    stale = Client()
    stale.cookies["sessionid"] = key
    answer = stale.get(OWN)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("field", "age", "over"),
    [
        ("seen_at", timedelta(minutes=29), ""),
        ("seen_at", timedelta(minutes=31), "idle"),
        ("started_at", timedelta(hours=11, minutes=59), ""),
        ("started_at", timedelta(hours=12, minutes=1), "aged"),
    ],
)
def test_a_session_ages(
    field: str, age: timedelta, over: str, signed_in: tuple[Any, Client]
) -> None:
    user, browser = signed_in
    Session.objects.filter(user=user).update(**{field: timezone.now() - age})
    answer = browser.get(OWN)
    assert answer.status_code == (302 if over else 200)
    if over:
        assert answer["Location"].endswith(f"over={over}")
        page = browser.get(answer["Location"])
        assert 'role="status"' in page.content.decode()


def test_reading_costs_one_query_for_session_and_person_and_one_for_mandates(
    signed_in: tuple[Any, Client], django_assert_num_queries: Any, rf: Any
) -> None:
    from django.http import HttpResponse

    from hoptac.foundation.accounts.middleware import CallerMiddleware

    _user, browser = signed_in
    request = rf.get("/")
    request.COOKIES = {"sessionid": browser.cookies["sessionid"].value}
    request.session = SessionStore(browser.cookies["sessionid"].value)
    seen: dict[str, Any] = {}

    def view(asked: Any) -> HttpResponse:
        with django_assert_num_queries(0):
            seen["user"] = asked.user.full_name
        with django_assert_num_queries(1):
            seen["may"] = asked.ctx.may("registry.view")
        return HttpResponse()

    with django_assert_num_queries(2):
        CallerMiddleware(view)(request)
    assert seen["may"]
    assert not request.session.modified


def test_last_use_is_noted_once_a_minute(
    signed_in: tuple[Any, Client], django_assert_num_queries: Any
) -> None:
    user, browser = signed_in
    row = Session.objects.get(user=user)
    long_ago = timezone.now() - timedelta(minutes=5)
    Session.objects.filter(pk=row.pk).update(seen_at=long_ago)
    browser.get(OWN)
    first = Session.objects.get(pk=row.pk).seen_at
    assert first > long_ago
    browser.get(OWN)
    assert Session.objects.get(pk=row.pk).seen_at == first


def test_the_table_does_not_hold_what_the_cookie_holds(signed_in: tuple[Any, Client]) -> None:
    user, browser = signed_in
    row = Session.objects.get(user=user)
    assert browser.cookies["sessionid"].value not in str(vars(row))


def test_people_see_and_end_their_own_sessions_only(
    signed_in: tuple[Any, Client], officer: Callable, client_of: Callable
) -> None:
    user, browser = signed_in
    second, third = client_of(officer().by(user=user)), client_of(officer().by(user=user))
    stranger = client_of(officer())
    page = browser.get(OWN)
    assert len(page.context["sessions"]) == 3
    victim = SessionStore.digest(stranger.cookies["sessionid"].value)
    browser.post(reverse("accounts:end_sessions"), {"session": victim})
    assert is_open(stranger)
    one = SessionStore.digest(second.cookies["sessionid"].value)
    browser.post(reverse("accounts:end_sessions"), {"session": one})
    assert not is_open(second)
    assert is_open(third)
    browser.post(reverse("accounts:end_sessions"))
    assert not is_open(third)
    assert is_open(browser)


def test_changing_the_password_asks_who_it_is_and_ends_the_other_sessions(
    signed_in: tuple[Any, Client], officer: Callable, client_of: Callable
) -> None:
    user, browser = signed_in
    other = client_of(officer().by(user=user))
    page = reverse("account_change_password")
    session = browser.session
    session["confirmed_at"] = 0
    session.save()
    ask = browser.get(page)
    assert ask["Location"].startswith(reverse("account_reauthenticate"))
    assert browser.get(ask["Location"]).status_code == 200
    wrong = browser.post(ask["Location"], {"password": "không phải", "next": page})
    assert wrong.status_code == 200
    assert wrong.context["form"].non_field_errors()
    assert browser.post(ask["Location"], {"password": PASSWORD, "next": page})["Location"] == page
    assert browser.get(page).status_code == 200
    before = browser.cookies["sessionid"].value
    new = {"password": "con đò chiều muộn", "again": "con đò chiều muộn"}
    assert browser.post(page, new).status_code == 302
    assert browser.cookies["sessionid"].value != before
    assert is_open(browser)
    assert not is_open(other)


def test_confirming_is_throttled_like_signing_in(signed_in: tuple[Any, Client]) -> None:
    _user, browser = signed_in
    answers = [
        browser.post(reverse("account_reauthenticate"), {"password": "đoán"}) for _n in range(12)
    ]
    assert [a.status_code for a in answers[9:]] == [200, 429, 429]


def test_a_stolen_password_cannot_replace_the_second_factor(
    officer: Callable, client_of: Callable
) -> None:
    from hoptac.foundation.accounts import second_factor

    ctx = officer()
    browser = client_of(ctx)
    session = browser.session
    del session["second_factor"]
    session.save()
    second_factor.enrol(ctx.user, second_factor.new_secret(), "")
    answer = browser.get(reverse("accounts:set_up_second_factor"))
    assert answer.status_code == 302
    assert not is_open(browser)


def test_htmx_is_sent_to_the_whole_sign_in_page(db: None) -> None:
    answer = Client().get("/registry/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith(reverse("account_login"))


def test_old_sessions_are_swept_at_sign_in(
    signed_in: tuple[Any, Client], officer: Callable, client_of: Callable
) -> None:
    user, _browser = signed_in
    Session.objects.filter(user=user).update(seen_at=timezone.now() - timedelta(hours=2))
    client_of(officer())
    assert not Session.objects.filter(user=user).exists()


def test_the_profile_keeps_language_and_telephone(signed_in: tuple[Any, Client]) -> None:
    user, browser = signed_in
    told = {"language": "en", "theme": "dark", "phone": "0918 000 111", "email": "a@b.vn"}
    assert browser.post(OWN, told).status_code == 302
    user.refresh_from_db()
    assert (user.language, user.theme, user.phone) == ("en", "dark", "0918 000 111")
    assert 'lang="en"' in browser.get(OWN).content.decode()
