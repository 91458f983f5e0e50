"""The journal on screen: who may read it, what it tells, the check of its chain."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pgtrigger
import pytest
from django.test import Client
from django.urls import reverse

from hoptac.foundation.accounts import acts
from hoptac.foundation.audit.models import Act

LIST = "/journal/"


@pytest.fixture
def auditor(officer: Callable, client_of: Callable) -> Client:
    return client_of(officer("auditor", name="Kiểm Toán"))


def test_only_auditors_and_administrators_read_it(officer: Callable, client_of: Callable) -> None:
    pages = [LIST, reverse("journal:entry", args=["00000000-0000-0000-0000-000000000000"])]
    for role, expected in (
        ("auditor", 200), ("administrator", 200), ("department_officer", 403),
        ("cooperative_director", 403),
    ):  # fmt: skip
        browser = client_of(officer(role))
        assert browser.get(LIST).status_code == expected, role
        assert browser.get(pages[1]).status_code == (404 if expected == 200 else 403), role
        assert browser.post(reverse("journal:verify")).status_code == expected, role
    assert Client().get(LIST).status_code == 302


def test_it_tells_who_did_what_upon_whom(
    auditor: Client, officer: Callable, django_assert_max_num_queries: Any
) -> None:
    administrator, person = officer("administrator", name="Trần Quản Trị"), officer(name="Lê Ba")
    acts.disable_user(administrator.because("Nghỉ việc"), person.user)
    act = Act.objects.get(name="accounts.disable_user")
    with django_assert_max_num_queries(5):
        page = auditor.get(LIST)
    line = page.context["lines"][0]
    assert (line.who, line.what, line.subject) == ("Trần Quản Trị", "Đóng tài khoản", "Lê Ba")
    assert line.href == reverse("people:person", args=[person.user.pk])
    entry = auditor.get(reverse("journal:entry", args=[act.pk]))
    assert entry.context["reason"] == "Nghỉ việc"
    assert ("Tên tài khoản", person.user.username) in entry.context["details"]
    assert bytes(act.hash).hex() in entry.content.decode()


def test_filters_and_older_entries(auditor: Client, officer: Callable, the_system: Any) -> None:
    administrator = officer("administrator", name="Trần Quản Trị")
    user = officer().user
    for _n in range(60):
        acts.end_sessions(the_system, user)
    acts.unlock_user(administrator, user)

    def lines(**asked: Any) -> list[Any]:
        return list(auditor.get(LIST, asked).context["lines"])

    first = lines()
    assert len(first) == 50
    older = lines(before=str(first[-1].act.number))
    assert older[0].act.number == first[-1].act.number - 1
    assert len(lines(name="accounts.unlock_user")) == 1
    assert len(lines(person="tran quan tri")) == 1
    assert len(lines(channel="page")) == 1
    assert len(lines(subject=str(user.pk), name="accounts.unlock_user")) == 1
    assert lines(until="01/01/2020") == []
    assert lines(since="nonsense", before="x")
    assert len(lines(since="2020-01-01")) == 50


def test_the_check_says_that_the_chain_holds_or_where_it_breaks(
    auditor: Client, officer: Callable
) -> None:
    officer()
    good = auditor.post(reverse("journal:verify")).context["outcome"]
    assert good.broken is None
    assert good.entries == Act.objects.count()
    assert auditor.get(reverse("journal:verify")).status_code == 405
    cut = auditor.post(reverse("journal:verify"), {"head": "ab" * 32})
    assert cut.context["outcome"].broken
    with pgtrigger.ignore():
        Act.objects.filter(number=2).update(channel="api")
    answer = auditor.post(reverse("journal:verify"))
    assert answer.context["outcome"].broken.number == 2
    assert 'role="alert"' in answer.content.decode()


def test_an_auditor_of_a_commune_reads_only_the_own_acts(
    officer: Callable, client_of: Callable, units: Any
) -> None:
    from datetime import date

    ctx = officer("auditor", unit=units.commune("Rạch Giá", on=date(2026, 1, 1)))
    assert list(client_of(ctx).get(LIST).context["lines"]) == []


def test_what_a_mandate_says_is_told_in_words(
    auditor: Client, officer: Callable, units: Any
) -> None:
    officer("registration_officer", unit=units.district("Giồng Riềng"))
    act = Act.objects.filter(name="jurisdiction.give_mandate").latest("number")
    told = dict(auditor.get(reverse("journal:entry", args=[act.pk])).context["details"])
    assert told["Vai trò"] == "Cán bộ đăng ký"
    assert told["Địa bàn"] == "Huyện Giồng Riềng"
    assert re.fullmatch(r"\d\d/\d\d/\d{4}", told["Từ ngày"])
