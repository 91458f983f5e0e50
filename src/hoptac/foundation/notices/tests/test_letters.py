"""Letters by a real mail server: what arrives, what is tried again, what is given up, never twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.findings import Refused
from hoptac.foundation.notices import acts, mailing, reading
from hoptac.foundation.notices.duties import letters_that_failed
from hoptac.foundation.notices.mailing import Post, server_of
from hoptac.foundation.notices.models import Delivery, Letter, Notice
from hoptac.foundation.notices.sending import HOLD, deliver
from tests.mail_sink import MailSink, html_of, text_of


def later(minutes: float) -> Any:
    return lambda: timezone.now() + timedelta(minutes=minutes)


def test_a_letter_arrives_in_vietnamese_with_all_that_marks_it(
    an: User, tell: Callable[..., int], sink: MailSink
) -> None:
    tell(an, by="now", subject=an)
    assert deliver() == {"accepted": 1, "refused": 0, "failed": 0}
    (letter,) = sink.letters
    assert letter["Subject"] == (
        "Hoptac: Hồ sơ 00012/2026 của “Hợp tác xã Hoà Ân” đã chuyển đến bạn"
    )
    assert letter["To"].addresses[0].display_name == "Lê Thị Ngọc Ân"
    assert letter["From"].addresses[0].addr_spec == "hoptac@hoptac.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == "<https://hoptac.example/notices/preferences/>"
    assert letter.get_content_type() == "multipart/alternative"
    text = text_of(letter)
    assert "Kính gửi ông/bà Lê Thị Ngọc Ân," in text
    assert "Hồ sơ 00012/2026 của “Hợp tác xã Hoà Ân” đã chuyển đến bạn." in text
    assert f"https://hoptac.example/people/{an.pk}/" in text
    assert 'lang="vi"' in html_of(letter)
    assert "“Hợp tác xã Hoà Ân” đã chuyển đến bạn." in html_of(letter)
    row = Letter.objects.get()
    assert letter["Message-ID"] == row.message_id
    assert (row.state, row.attempts) == ("delivered", 1)
    assert row.receipt == "250 2.0.0 OK queued as 000001"
    assert row.deliveries.get().address == "an@x.vn"
    assert deliver()["accepted"] == 0


def test_it_is_said_in_the_language_of_its_reader(
    an: User, tell: Callable[..., int], sink: MailSink
) -> None:
    User.objects.filter(pk=an.pk).update(language="en")
    tell(an, by="now")
    deliver()
    assert "Dear Lê Thị Ngọc Ân," in text_of(sink.letters[0])


def test_words_of_others_break_neither_headers_nor_html(
    an: User, tell: Callable[..., int], sink: MailSink
) -> None:
    User.objects.filter(pk=an.pk).update(full_name='Ân", Bcc: <ai@x.vn>')
    tell(an, by="now", number="1\r\nBcc: x@y.vn <b>đậm</b>")
    assert deliver()["accepted"] == 1
    (letter,) = sink.letters
    assert letter["Bcc"] is None
    assert "<b>" not in html_of(letter)
    assert [a.addr_spec for a in letter["To"].addresses] == ["an@x.vn"]


def test_a_server_that_is_busy_is_asked_again_after_longer_and_longer_and_others_are_served(
    an: User, binh: User, tell: Callable[..., int], sink: MailSink
) -> None:
    tell(an, by="now")
    tell(binh, by="now")
    sink.answers["an@x.vn"] = "451 4.7.1 Greylisted, try again"
    assert deliver() == {"accepted": 1, "refused": 0, "failed": 1}
    letter = Letter.objects.get(user=an)
    assert (letter.state, letter.attempts) == ("waiting", 1)
    assert letter.due_at > timezone.now() + timedelta(seconds=50)
    assert "Greylisted" in letter.deliveries.get().answer
    assert deliver()["failed"] == 0  # its time has not come
    assert deliver(clock=later(2))["failed"] == 1
    sink.answers.clear()
    assert deliver(clock=later(10))["accepted"] == 1
    assert len(sink.to("an@x.vn")) == 1


def test_an_address_that_does_not_exist_is_laid_before_the_administrator(
    an: User, tell: Callable[..., int], sink: MailSink, the_system: Context
) -> None:
    tell(an, by="now")
    sink.answers["an@x.vn"] = "550 5.1.1 <an@x.vn> user unknown"
    assert deliver()["refused"] == 1
    letter = Letter.objects.get()
    assert letter.state == "dead"
    assert [d.count for d in letters_that_failed(the_system)] == [1]
    with pytest.raises(Refused):
        acts.set_aside(the_system, letter)
    sink.answers.clear()
    acts.send_again(the_system, letter)
    assert deliver()["accepted"] == 1
    with pytest.raises(Refused):
        acts.send_again(the_system, letter)


def test_a_full_mailbox_refuses_after_the_letter_was_read(
    an: User, tell: Callable[..., int], sink: MailSink, the_system: Context
) -> None:
    tell(an, by="now")
    sink.behaves = "full"
    assert deliver()["refused"] == 1
    assert Delivery.objects.get().status == 552
    acts.set_aside(the_system.because("hộp thư đầy"), Letter.objects.get())
    assert Letter.objects.get().state == "dropped"


def test_a_server_that_dies_with_the_letter_in_its_hands_gets_it_again_under_the_same_name(
    an: User, tell: Callable[..., int], sink: MailSink
) -> None:
    tell(an, by="now")
    sink.behaves = "dies"
    assert deliver()["failed"] == 1
    assert Letter.objects.get().state == "waiting"
    sink.behaves = "ok"
    assert deliver(clock=later(2))["accepted"] == 1
    first, second = sink.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


@pytest.mark.parametrize("trouble", ["refused", "closed", "slow"])
def test_a_server_in_trouble_stops_the_run_and_nothing_is_lost(
    trouble: str, an: User, binh: User, tell: Callable[..., int], sink: MailSink
) -> None:
    tell(an, by="now")
    tell(binh, by="now")
    if trouble == "refused":
        sink.stop()
    sink.behaves, sink.seconds = trouble, 1.5
    server = mailing.configured()
    assert server is not None
    assert deliver(Post(server, seconds=0.5)) == {"accepted": 0, "refused": 0, "failed": 1}
    assert Delivery.objects.get().status is None
    sink.behaves = "ok"
    if trouble == "refused":
        sink.start()
    assert deliver(clock=later(2))["accepted"] == 2


def test_after_sixteen_attempts_a_letter_is_given_up_not_lost(
    an: User, tell: Callable[..., int], sink: MailSink, the_system: Context
) -> None:
    tell(an, by="now")
    sink.answers["an@x.vn"] = "451 busy"
    for hours in range(0, 400, 7):
        deliver(clock=later(hours * 60))
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts) == ("dead", 16)
    assert letter.deliveries.count() == 16
    sink.answers.clear()
    assert acts.send_all_again(the_system) == 1
    assert deliver()["accepted"] == 1
    with pytest.raises(Refused):
        acts.send_all_again(the_system)


def test_killed_between_sending_and_recording_it_goes_again_when_its_hold_is_over(
    an: User, tell: Callable[..., int], sink: MailSink
) -> None:
    tell(an, by="now")

    class Dying(Post):
        def send(self, letter: Any, to: str) -> Any:
            super().send(letter, to)
            raise KeyboardInterrupt

    server = mailing.configured()
    assert server is not None
    with pytest.raises(KeyboardInterrupt):
        deliver(Dying(server))
    assert deliver()["accepted"] == 0  # still held
    assert deliver(clock=later(HOLD.total_seconds() / 60 + 1))["accepted"] == 1
    assert len({str(x["Message-ID"]) for x in sink.letters}) == 1


def test_one_connection_serves_many_letters(
    an: User, binh: User, tell: Callable[..., int], sink: MailSink
) -> None:
    for user in (an, binh, an, binh, an):
        tell(user, by="now")
    assert deliver()["accepted"] == 5
    assert sink.connections == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_letter_once(
    an: User, tell: Callable[..., int], sink: MailSink
) -> None:
    for _number in range(40):
        tell(an, by="now")
    counts: list[int] = []

    def work() -> None:
        try:
            counts.append(deliver()["accepted"])
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 40
    assert len({str(x["Message-ID"]) for x in sink.letters}) == len(sink.letters) == 40
    assert Delivery.objects.count() == 40


def test_what_was_read_done_with_or_closed_meanwhile_is_not_sent(
    an: User, binh: User, tell: Callable[..., int], sink: MailSink
) -> None:
    tell(an, by="now")
    reading.mark_all_read(Context(user=an))
    tell(an, by="now", subject=binh)
    User.objects.filter(pk=binh.pk).update(is_active=False)  # an may no longer see this account
    tell(an, by="now")
    assert deliver()["accepted"] == 1
    assert sorted(Letter.objects.values_list("state", "why")) == [
        ("delivered", ""), ("dropped", "closed"), ("dropped", "read"),
    ]  # fmt: skip
    User.objects.filter(pk=an.pk).update(email="")
    Notice.objects.update(read_at=None)
    Letter.objects.update(state="waiting")
    deliver()
    assert set(Letter.objects.values_list("why", flat=True)) == {"no_address"}


def test_without_a_mail_server_nothing_is_sent(
    an: User, tell: Callable[..., int], sink: MailSink, settings: Any
) -> None:
    tell(an, by="now")
    settings.SMTP_URL = ""
    assert deliver() == {"accepted": 0, "refused": 0, "failed": 0}
    assert Letter.objects.get().state == "waiting"


def test_a_server_without_encryption_gets_nothing_unless_the_settings_say_so(
    an: User, tell: Callable[..., int], sink: MailSink, settings: Any
) -> None:
    tell(an, by="now")
    settings.SMTP_URL = f"smtp://nguoi:mat%20khau@127.0.0.1:{sink.port}"
    assert deliver()["failed"] == 1
    assert "STARTTLS" in Delivery.objects.get().answer
    assert sink.letters == []


def test_the_address_of_the_server_is_read() -> None:
    found = server_of("smtps://an%40x.vn:m%3At@mail.x.vn")
    assert found == mailing.Server("smtps", "mail.x.vn", 465, "an@x.vn", "m:t")
    assert found.address == "smtps://mail.x.vn:465"
    assert server_of("") is None
    for wrong in ("mail.x.vn", "http://x.vn", "smtp://"):
        with pytest.raises(ValueError, match="HOPTAC_SMTP_URL"):
            server_of(wrong)
