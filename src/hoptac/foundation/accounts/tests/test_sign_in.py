"""Signing in: what opens, what stays shut, and what is told."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hoptac.foundation.accounts import acts, second_factor, throttle
from hoptac.foundation.accounts.models import Attempt, User
from hoptac.foundation.accounts.tests.conftest import PASSWORD, code_of
from hoptac.foundation.audit.models import Act

HOME = "/"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


def test_a_password_alone_leads_an_officer_to_the_enrolment_and_nowhere_else(
    officer: Callable, sign_in: Callable
) -> None:
    ctx = officer("department_officer")
    answer = sign_in(ctx.user.username)
    assert answer.status_code == 302
    for page in (HOME, reverse("registry:list")):
        assert answer.client.get(page)["Location"] == reverse("accounts:enrol")
    assert answer.client.get(reverse("accounts:enrol")).status_code == 200


def test_what_the_gate_holds_back_has_no_rights_even_on_open_pages(
    officer: Callable, sign_in: Callable, rf: Any
) -> None:
    from hoptac.foundation.accounts.middleware import CallerMiddleware
    from hoptac.foundation.accounts.sessions import SessionStore

    ctx = officer("administrator")
    browser = sign_in(ctx.user.username).client
    request = rf.get("/")
    request.COOKIES = {k: v.value for k, v in browser.cookies.items()}
    request.session = SessionStore(browser.cookies["sessionid"].value)
    seen = {}
    CallerMiddleware(
        lambda r: seen.update(ctx=r.ctx) or __import__("django.http").http.HttpResponse()
    )(request)
    assert seen["ctx"].user == ctx.user
    assert not seen["ctx"].may("accounts.manage")


def test_enrolment_then_the_code_is_asked_at_every_sign_in(
    officer: Callable, sign_in: Callable
) -> None:
    ctx = officer("department_officer")
    browser = sign_in(ctx.user.username).client
    page = browser.get(reverse("accounts:set_up_second_factor"))
    kind, picture = page.context["picture"].split(",")
    assert kind == "data:image/svg+xml;base64"
    assert b'fill="white"' in b64decode(picture), "phones read it on white only"
    secret = page.context["secret"]
    wrong = browser.post(reverse("accounts:set_up_second_factor"), {"code": "000000"})
    assert wrong.context["form"].errors["code"]
    assert wrong.context["secret"] == secret
    done = browser.post(reverse("accounts:set_up_second_factor"), {"code": code_of(secret)})
    assert len(done.context["codes"]) == 10
    assert browser.get(HOME).status_code == 200
    assert Act.objects.filter(name="accounts.set_up_second_factor", actor_id=ctx.user.pk).exists()

    again = sign_in(ctx.user.username)
    assert again["Location"] == reverse("mfa_authenticate")
    assert again.client.get(HOME)["Location"].startswith(reverse("account_login"))
    used = again.client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert used.status_code == 200, "the code of the enrolment is used up"
    assert used.context["form"].errors["code"]
    fresh = again.client.post(reverse("mfa_authenticate"), {"code": code_of(secret, 1)})
    assert fresh.status_code == 302
    assert again.client.get(HOME).status_code == 200


def test_a_code_works_once_even_in_another_worker(officer: Callable, enrolled: Callable) -> None:
    user = officer().user
    secret, _codes = enrolled(user)
    assert second_factor.check(user, code_of(secret))
    assert not second_factor.check(user, code_of(secret))
    assert not second_factor.check(user, code_of(secret, -1)), "older than the last one used"
    assert second_factor.check(user, code_of(secret, 1))
    assert not second_factor.check(user, code_of(secret, 5))


def test_the_key_is_not_kept_in_the_clear(officer: Callable, enrolled: Callable) -> None:
    from allauth.mfa.models import Authenticator

    user = officer().user
    secret, codes = enrolled(user)
    kept = str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_a_recovery_code_opens_once(
    officer: Callable, enrolled: Callable, sign_in: Callable
) -> None:
    user = officer().user
    _secret, codes = enrolled(user)
    for number, expected in enumerate((302, 200)):
        browser = sign_in(user.username).client
        answer = browser.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert answer.status_code == expected, number
    assert second_factor.recovery_codes_left(user) == 9


def test_five_wrong_codes_and_the_second_step_closes(
    officer: Callable, enrolled: Callable, sign_in: Callable
) -> None:
    user = officer().user
    secret, _codes = enrolled(user)
    browser = sign_in(user.username).client
    for _n in range(5):
        assert browser.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    closed = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert closed.status_code == 429
    assert "15" in str(closed.context["form"].non_field_errors())
    assert browser.get(HOME).status_code == 302


def test_a_cooperatives_director_needs_no_second_factor(
    officer: Callable, cooperative: Callable, sign_in: Callable
) -> None:
    ctx = officer("cooperative_director", cooperative_id=cooperative().pk)
    assert sign_in(ctx.user.username).client.get(HOME).status_code == 200


def test_demonstration_accounts_skip_the_second_factor_and_nobody_else_can(
    officer: Callable, sign_in: Callable, the_system: Any
) -> None:
    shown, real = officer().user, officer().user
    User.objects.filter(pk=shown.pk).update(is_demo=True)
    assert sign_in(shown.username).client.get(HOME).status_code == 200
    browser = sign_in(real.username).client
    assert browser.get(HOME)["Location"] == reverse("accounts:enrol")
    # No act and no form sets the mark.
    browser.post(reverse("accounts:profile"), {"language": "vi", "theme": "auto", "is_demo": "1"})
    real.refresh_from_db()
    assert not real.is_demo
    made, _password = acts.create_user(the_system, username="moi", full_name="Người Mới")
    acts.change_user(the_system, made, is_demo="1", full_name="Người Mới Hơn")
    made.refresh_from_db()
    assert not made.is_demo
    assert made.full_name == "Người Mới Hơn"


def test_demonstration_accounts_close_together(
    officer: Callable, sign_in: Callable, the_system: Any
) -> None:
    shown = officer().user
    User.objects.filter(pk=shown.pk).update(is_demo=True)
    browser = sign_in(shown.username).client
    assert acts.close_demonstration(the_system) == 1
    assert browser.get(HOME).status_code == 302
    assert sign_in(shown.username).status_code == 403
    assert shown.username not in Client().get(reverse("account_login")).content.decode()


def test_a_new_session_key_at_sign_in(
    officer: Callable, enrolled: Callable, sign_in: Callable
) -> None:
    user = officer().user
    secret, _codes = enrolled(user)
    browser = sign_in(user.username).client
    before = browser.cookies["sessionid"].value
    browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert browser.cookies["sessionid"].value != before
    stale = Client()
    stale.cookies["sessionid"] = before
    assert stale.get(HOME).status_code == 302


def test_a_one_time_password_opens_only_the_choice_of_an_own_one(
    officer: Callable, sign_in: Callable, the_system: Any
) -> None:
    user = officer("cooperative_director", cooperative_id=officer().user.pk).user
    given = acts.reset_password(the_system, user)
    assert sign_in(user.username).status_code == 200, "the old password is gone"
    browser = sign_in(user.username, given).client
    page = reverse("account_change_password")
    assert browser.get(HOME)["Location"] == page
    for weak in ("ngắn", "matkhau123456", given, "123456789012", "password1234"):
        answer = browser.post(page, {"password": weak, "again": weak})
        assert answer.status_code == 200, weak
        assert answer.context["form"].errors, weak
    differ = browser.post(page, {"password": "con đò chiều muộn", "again": "khác"})
    assert differ.context["form"].errors["again"]
    chosen = {"password": "con đò chiều muộn", "again": "con đò chiều muộn"}
    assert browser.post(page, chosen)["Location"] == HOME
    assert browser.get(HOME).status_code == 200
    assert not Act.objects.filter(payload__content__icontains="con đò").exists()


def test_a_one_time_password_is_good_for_three_days(
    officer: Callable, sign_in: Callable, the_system: Any
) -> None:
    user = officer().user
    given = acts.reset_password(the_system, user)
    User.objects.filter(pk=user.pk).update(password_until=timezone.now() - timedelta(minutes=1))
    answer = sign_in(user.username, given)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_who_has_no_mandate_is_told_since_when(
    officer: Callable, sign_in: Callable, client_of: Callable
) -> None:
    ctx = officer("auditor", from_on=date(2019, 1, 1), until_on=date(2020, 12, 31))
    answer = sign_in(ctx.user.username)
    page = answer.client.get(answer["Location"], follow=True)
    assert page.status_code == 403
    assert "31/12/2020" in page.content.decode()
    assert answer.client.get(reverse("accounts:profile")).status_code == 200


def test_signing_up_and_resetting_by_mail_do_not_exist() -> None:
    for path in (
        "signup",
        "password/reset",
        "email",
        "2fa",
        "3rdparty",
        "3rdparty/signup",
        "inactive",
    ):
        assert Client().get(f"/accounts/{path}/").status_code == 404


# --- Guessing -----------------------------------------------------------------------------------


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count how often a password is really judged."""
    from allauth.account.auth_backends import AuthenticationBackend

    judged: list[str] = []
    real = AuthenticationBackend.authenticate

    def count(self: Any, request: Any, **credentials: Any) -> Any:
        judged.append(credentials["username"])
        return real(self, request, **credentials)

    monkeypatch.setattr(AuthenticationBackend, "authenticate", count)
    return judged


@pytest.mark.parametrize("known", [True, False])
def test_ten_passwords_an_account_are_judged_and_no_more(
    known: bool, officer: Callable, sign_in: Callable, evaluated: list[str]
) -> None:
    user = officer().user
    name = user.username if known else "khong.co.ai"
    answers = [sign_in(name, f"đoán lần thứ {n}", REMOTE_ADDR=f"203.0.113.{n}") for n in range(40)]
    assert len(evaluated) == 10
    assert [a.status_code for a in answers] == [200] * 10 + [429] * 30
    assert 800 < int(answers[-1]["Retry-After"]) <= 900
    assert "15 phút" in answers[-1].content.decode()
    assert sign_in(name, PASSWORD, **ELSEWHERE).status_code == 429, "not even the right one"


def test_known_and_unknown_accounts_answer_alike(officer: Callable, sign_in: Callable) -> None:
    import re

    user = officer().user
    closed = officer().user
    User.objects.filter(pk=closed.pk).update(is_active=False)

    def body(answer: Any, name: str) -> str:
        text = answer.content.decode().replace(name, "NAME")
        return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", text)

    for tries in range(12):
        bodies = {
            (a.status_code, body(a, name))
            for name in (user.username, "nobody.at.all", closed.username)
            for a in [sign_in(name, "sai mật khẩu rồi", REMOTE_ADDR=f"203.0.113.{tries}")]
        }
        assert len(bodies) == 1, tries


def test_known_and_unknown_accounts_hash_and_ask_alike(
    officer: Callable,
    sign_in: Callable,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    user = officer().user
    hashed: list[int] = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *a: hashed.append(1) or real(self, *a)
    )
    work = []
    for name in (user.username, "nobody.at.all"):
        hashed.clear()
        with django_assert_num_queries(10) as captured:
            sign_in(name, "sai mật khẩu rồi", REMOTE_ADDR="203.0.113.9")
        work.append((len(hashed), len(captured)))
    assert work[0] == work[1]


def test_a_hundred_passwords_an_address_are_judged_and_no_more(
    sign_in: Callable, evaluated: list[str], db: None
) -> None:
    for n in range(130):
        sign_in(f"người số {n}", "mùa xuân 2026", **ELSEWHERE)
    assert len(evaluated) == 100
    assert sign_in("người khác", "mùa xuân 2026", **ELSEWHERE).status_code == 429


def test_the_owner_on_a_known_device_enters_during_an_attack(
    officer: Callable, sign_in: Callable, evaluated: list[str]
) -> None:
    user = officer().user
    own = sign_in(user.username).client
    own.post(reverse("account_logout"))
    for n in range(30):
        sign_in(user.username, "đoán bừa", REMOTE_ADDR=f"203.0.113.{n}")
    assert sign_in(user.username).status_code == 429, "from elsewhere it is closed"
    assert sign_in(user.username, client=own).status_code == 302
    # The device helps nobody else, and has its own limit.
    own.post(reverse("account_logout"))
    other = officer().user
    for _n in range(12):
        sign_in(other.username, "đoán bừa")
    assert sign_in(other.username, client=own).status_code == 429
    before = len(evaluated)
    for _n in range(20):
        sign_in(user.username, "đoán bừa", client=own)
    assert len(evaluated) - before == 10


def test_a_forged_device_is_unknown(officer: Callable, sign_in: Callable) -> None:
    user = officer().user
    for n in range(10):
        sign_in(user.username, "đoán bừa", REMOTE_ADDR=f"203.0.113.{n}")
    forger = Client()
    forger.cookies[throttle.COOKIE] = f"abc.{throttle.digest(user.username)}:1abc:signature"
    assert sign_in(user.username, client=forger).status_code == 429


def test_an_administrator_opens_a_locked_account(
    officer: Callable, sign_in: Callable, the_system: Any
) -> None:
    user = officer().user
    for n in range(11):
        sign_in(user.username, "đoán bừa", REMOTE_ADDR=f"203.0.113.{n}")
    assert acts.is_locked(user)
    assert acts.unlock_user(the_system, user) == 10
    assert not acts.is_locked(user)
    assert sign_in(user.username).status_code == 302


def test_right_passwords_do_not_use_up_the_tries(officer: Callable, sign_in: Callable) -> None:
    user = officer().user
    assert {sign_in(user.username).status_code for _n in range(15)} == {302}


def test_what_was_typed_is_not_kept(sign_in: Callable, db: None) -> None:
    sign_in("mật khẩu gõ nhầm ô", "x")
    assert "nhầm" not in str(list(Attempt.objects.values()))


def test_the_address_is_what_our_own_proxy_saw(settings: Any, rf: Any) -> None:
    from hoptac.foundation.accounts.sessions import address_of

    request = rf.get("/", HTTP_X_FORWARDED_FOR="10.0.0.1, 198.51.100.4", REMOTE_ADDR="127.0.0.1")
    settings.TRUSTED_PROXIES = 0
    assert address_of(request) == "127.0.0.1"
    settings.TRUSTED_PROXIES = 1
    assert address_of(request) == "198.51.100.4"


def test_next_leads_only_to_our_own_pages(
    officer: Callable, cooperative: Callable, sign_in: Callable
) -> None:
    user = officer("cooperative_director", cooperative_id=cooperative().pk).user
    for target, expected in (
        ("https://evil.example/", HOME),
        ("//evil.example", HOME),
        ("/registry/", "/registry/"),
    ):
        answer = Client().post(
            reverse("account_login"), {"login": user.username, "password": PASSWORD, "next": target}
        )
        assert answer["Location"] == expected
