"""What a person reads: words of today's sight, the bell, marking and taking back, the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.notices import reading
from hoptac.foundation.notices.models import Letter, Notice, Preference
from hoptac.foundation.notices.sending import deliver
from hoptac.foundation.notices.tests.conftest import INVITED, TOLD
from tests.mail_sink import MailSink


@pytest.fixture
def ctx(officer: Callable[..., Context]) -> Context:
    return officer("department_officer", name="Lê Đọc Báo")


@pytest.fixture
def page(ctx: Context, client_of: Callable[[Context], Client]) -> Client:
    return client_of(ctx)


@pytest.fixture
def me(ctx: Context) -> User:
    assert ctx.user is not None
    return ctx.user


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_unread_ones_come_first_and_the_bell_counts_them(
    page: Client, me: User, tell: Callable[..., int]
) -> None:
    for number in ("1", "2", "3"):
        tell(me, subject=me, number=number)
    newest = Notice.objects.latest("made_at")
    page.get(f"/notices/{newest.pk}/")
    answer = said(page.get("/notices/"))
    assert answer.index("Hồ sơ 2 của") < answer.index("Hồ sơ 1 của") < answer.index("Hồ sơ 3 của")
    assert '<span class="bell-count" aria-hidden="true">2</span>' in answer
    assert "2 chưa đọc" in answer
    assert "Hồ sơ 3 của" not in said(page.get("/notices/?state=unread"))
    assert "Hồ sơ 1 của" not in said(page.get("/notices/?state=read"))
    assert page.get("/notices/?state=x").status_code == 404


def test_the_bell_costs_one_question_and_counts_no_further_than_ninety_nine(
    page: Client, me: User, tell: Callable[..., int], django_assert_num_queries: Any
) -> None:
    tell(me)
    with django_assert_num_queries(1):
        assert reading.unread_count(me) == 1
    one = Notice.objects.get()
    Notice.objects.bulk_create(
        Notice(user=me, kind=TOLD, key=f"k{n}", made_at=one.made_at, act_id=one.act_id)
        for n in range(150)
    )
    assert ">99+<" in said(page.get("/notices/"))


def test_a_notice_leads_to_what_it_is_about_and_is_read_then(
    page: Client, me: User, binh: User, tell: Callable[..., int]
) -> None:
    tell(me, subject=binh)
    notice = Notice.objects.get()
    answer = page.get(f"/notices/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/people/{binh.pk}/")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_what_one_may_no_longer_see_is_closed_without_a_word_of_it(
    page: Client, me: User, binh: User, tell: Callable[..., int]
) -> None:
    tell(me, subject=binh, number="00099")
    User.objects.filter(pk=binh.pk).update(is_active=False)
    answer = said(page.get("/notices/"))
    assert "00099" not in answer
    assert "Bạn không còn quyền xem" in answer
    opened = page.get(f"/notices/{Notice.objects.get().pk}/")
    assert opened["Location"] == "/notices/"


def test_somebody_elses_notice_does_not_exist(
    page: Client, an: User, tell: Callable[..., int]
) -> None:
    tell(an)
    theirs = Notice.objects.get()
    assert page.get(f"/notices/{theirs.pk}/").status_code == 404
    for what in ("read", "unread"):
        page.post("/notices/mark/", {what: str(theirs.pk)})
    page.post("/notices/mark/", {"all": "yes"})
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_all_are_marked_as_read_and_taken_back(
    page: Client, me: User, tell: Callable[..., int]
) -> None:
    tell(me)
    tell(me)
    tell(me, INVITED)
    page.get(f"/notices/{Notice.objects.order_by('made_at')[0].pk}/")
    answer = page.post("/notices/mark/", {"all": "yes"}, follow=True)
    assert "Đã đánh dấu đã đọc 2 thông báo." in said(answer)
    assert reading.unread_count(me) == 0
    moment = answer.context["undo"]["moment"]
    back = page.post("/notices/mark/", {"undo": moment}, follow=True)
    assert "Đã chuyển lại 2 thông báo thành chưa đọc." in said(back)
    assert reading.unread_count(me) == 2
    page.post("/notices/mark/", {"all": "yes", "kind": INVITED})
    assert reading.unread_count(me) == 1
    for nonsense in ("x", "2026-13-01T00:00:00+00:00", "2026-01-01T00:00:00"):
        assert page.post("/notices/mark/", {"undo": nonsense}).status_code == 302
    assert page.post("/notices/mark/", {"read": "x"}).status_code == 302
    assert reading.unread_count(me) == 1


def test_one_is_marked_as_read_and_as_unread_again(
    page: Client, me: User, tell: Callable[..., int]
) -> None:
    tell(me)
    pk = str(Notice.objects.get().pk)
    page.post("/notices/mark/", {"read": pk})
    assert reading.unread_count(me) == 0
    answer = page.post("/notices/mark/", {"unread": pk, "state": "all"})
    assert answer["Location"] == "/notices/?state=all"
    assert reading.unread_count(me) == 1


def test_the_list_asks_no_more_for_many_than_for_few(
    page: Client, me: User, binh: User, tell: Callable[..., int], django_assert_max_num_queries: Any
) -> None:
    for _number in range(30):
        tell(me, subject=binh)
    page.get("/notices/")
    with django_assert_max_num_queries(9):
        page.get("/notices/")


def test_an_empty_list_says_so(page: Client) -> None:
    assert "Chưa có thông báo" in said(page.get("/notices/"))
    assert "Bạn đã đọc hết" in said(page.get("/notices/?state=unread"))


def test_a_person_chooses_what_comes_by_e_mail(page: Client, me: User, sink: MailSink) -> None:
    answer = said(page.get("/notices/preferences/"))
    assert "chưa có địa chỉ thư điện tử" in answer
    User.objects.filter(pk=me.pk).update(email="toi@x.vn")
    assert "Thư được gửi đến toi@x.vn." in said(page.get("/notices/preferences/"))
    form = page.get("/notices/preferences/").context["form"]
    others = {name: form[name].value() for name in form.fields}
    choices = {TOLD: "weekly", INVITED: "never"}
    assert page.post("/notices/preferences/", {**others, **choices}).status_code == 302
    kept = dict(Preference.objects.values_list("kind", "mail"))
    assert {k: kept[k] for k in choices} == choices
    assert page.post("/notices/preferences/", {**others, TOLD: "x"}).status_code == 422


def test_without_a_mail_server_the_pages_say_so(
    page: Client, officer: Callable[..., Context], client_of: Callable[[Context], Client]
) -> None:
    assert "chưa có máy chủ thư" in said(page.get("/notices/preferences/"))
    admin = client_of(officer("administrator"))
    assert "HOPTAC_SMTP_URL" in said(admin.get("/notices/letters/"))


def test_an_address_that_cannot_be_understood_is_told_and_breaks_no_page(
    page: Client,
    officer: Callable[..., Context],
    client_of: Callable[[Context], Client],
    settings: Any,
) -> None:
    settings.SMTP_URL = "mail.x.vn:25"
    assert page.get("/notices/preferences/").status_code == 200
    admin = client_of(officer("administrator"))
    assert "Không hiểu địa chỉ máy chủ thư" in said(admin.get("/notices/letters/"))


def test_the_administrator_finds_failed_letters_and_sends_them_again(
    officer: Callable[..., Context], client_of: Callable[[Context], Client], an: User,
    tell: Callable[..., int], sink: MailSink,
) -> None:  # fmt: skip
    tell(an, by="now", number="00123")
    sink.answers["an@x.vn"] = "550 5.1.1 <an@x.vn> user unknown"
    deliver()
    letter = Letter.objects.get()
    admin, auditor = client_of(officer("administrator")), client_of(officer("auditor"))
    assert "Lê Thị Ngọc Ân" in said(admin.get("/notices/letters/?state=dead&q=ngoc an"))
    assert "Lê Thị Ngọc Ân" not in said(admin.get("/notices/letters/?state=dead&q=binh"))
    assert "Lê Thị Ngọc Ân" not in said(admin.get("/notices/letters/?state=dead&on=01/01/2020"))
    one = said(admin.get(f"/notices/letters/{letter.pk}/"))
    assert "an@x.vn" in one
    assert "00123" not in one  # its words are for its reader
    theirs = said(auditor.get(f"/notices/letters/{letter.pk}/"))
    assert "an@x.vn" not in theirs
    assert "…@…" in theirs
    assert "an@x.vn" not in said(auditor.get("/notices/letters/?state=dead"))
    assert auditor.post(f"/notices/letters/{letter.pk}/again/").status_code == 403
    assert admin.post(f"/notices/letters/{letter.pk}/aside/").status_code == 422
    sink.answers.clear()
    admin.post(f"/notices/letters/{letter.pk}/again/")
    assert deliver()["accepted"] == 1
    assert "queued as 000001" in said(admin.get(f"/notices/letters/{letter.pk}/"))


def test_letters_of_people_elsewhere_do_not_exist(
    officer: Callable[..., Context], client_of: Callable[[Context], Client],
    tell: Callable[..., int], sink: MailSink, units: Any,
) -> None:  # fmt: skip
    theirs = officer("registrar", unit=units.district("Tân Hiệp")).user
    assert theirs is not None
    User.objects.filter(pk=theirs.pk).update(email="xa@x.vn")
    theirs.refresh_from_db()
    tell(theirs, by="now")
    admin = client_of(officer("administrator", unit=units.district("Giồng Riềng")))
    assert admin.get(f"/notices/letters/{Letter.objects.get().pk}/").status_code == 404
    assert theirs.full_name not in said(admin.get("/notices/letters/"))
