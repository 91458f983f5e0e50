"""Digests at their hour on working days: one letter, each notice once, nothing when there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hoptac.foundation.access import Context, system_context
from hoptac.foundation.accounts.middleware import own_context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.findings import Refused
from hoptac.foundation.notices import acts, kinds, reading
from hoptac.foundation.notices.digests import write_digests
from hoptac.foundation.notices.models import Letter, Notice, Preference
from hoptac.foundation.notices.rules import digest_due, kept_since
from hoptac.foundation.notices.sending import deliver
from hoptac.foundation.notices.tests.conftest import INVITED, TOLD
from tests.mail_sink import MailSink, html_of, text_of


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of November 2026 in the province; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
def told_at(tell: Callable[..., int]) -> Callable[..., Notice]:
    def do(
        user: User, moment: datetime, code: str = TOLD, by: str = "daily", **said: Any
    ) -> Notice:
        before = set(Notice.objects.values_list("pk", flat=True))
        tell(user, code, by=by, **said)
        notice = Notice.objects.exclude(pk__in=before).get()
        Notice.objects.filter(pk=notice.pk).update(made_at=moment)
        return notice

    return do


def test_one_letter_names_all_of_a_day_by_their_kinds(
    an: User, binh: User, told_at: Callable[..., Notice], sink: MailSink
) -> None:
    told_at(an, at(2, 9), number="1")
    told_at(an, at(2, 15), INVITED, day=date(2026, 11, 20))
    told_at(an, at(3, 6, 59), number="2")
    told_at(binh, at(3, 7, 1))
    assert write_digests(at(3, 6, 59)) == 0
    assert write_digests(at(3, 7, 0)) == 1
    assert deliver()["accepted"] == 1
    (letter,) = sink.letters
    assert letter["Subject"] == "Hoptac: 3 thông báo"
    text = text_of(letter)
    assert "Việc được giao (2)" in text
    assert "- Hồ sơ 2 của “Hợp tác xã Hoà Ân”" in text
    assert "Mời họp ngày 20/11/2026." in text
    assert html_of(letter).count("<li>") == 3
    assert write_digests(at(3, 23)) == 0  # Bình's came after the hour: it waits for tomorrow
    assert write_digests(at(4, 7)) == 1
    assert Letter.objects.filter(user=binh).count() == 1


def test_no_notice_goes_out_twice_however_often_the_job_runs(
    an: User, told_at: Callable[..., Notice], sink: MailSink
) -> None:
    told_at(an, at(2, 9))
    assert [write_digests(at(3, 7)), write_digests(at(3, 7)), write_digests(at(4, 7))] == [1, 0, 0]
    assert Notice.objects.get().letter == Letter.objects.get()


def test_what_was_read_in_the_system_is_not_sent_and_an_empty_digest_neither(
    an: User, told_at: Callable[..., Notice], sink: MailSink
) -> None:
    told_at(an, at(2, 9))
    reading.mark_all_read(Context(user=an))
    assert write_digests(at(3, 7)) == 0
    told_at(an, at(3, 9))
    assert write_digests(at(4, 7)) == 1
    reading.mark_all_read(Context(user=an))
    assert deliver() == {"accepted": 0, "refused": 0, "failed": 0}
    assert sink.letters == []


def test_nothing_goes_out_on_days_off(
    an: User, told_at: Callable[..., Notice], sink: MailSink
) -> None:
    told_at(an, at(6, 9))  # Friday
    assert write_digests(at(7, 8)) == 0
    assert write_digests(at(8, 8)) == 0
    assert write_digests(at(9, 7)) == 1


def test_the_weekly_letter_goes_out_on_the_first_working_day_of_the_week(
    an: User, told_at: Callable[..., Notice], sink: MailSink
) -> None:
    told_at(an, at(3, 9), by="weekly")
    assert [write_digests(at(day, 8)) for day in (4, 5, 6)] == [0, 0, 0]
    assert write_digests(at(9, 8)) == 1


def test_in_the_week_of_a_holiday_it_waits_for_the_first_day_worked() -> None:
    # Hùng Kings' day of 2026 is a Sunday and made good on Monday, 27 April.
    due = digest_due(datetime(2026, 4, 28, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")))
    assert due is not None
    assert due.weekly.date() == date(2026, 4, 28)
    assert digest_due(datetime(2026, 4, 27, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))) is None


def test_whoever_changes_the_choice_takes_along_what_waits(
    an: User, told_at: Callable[..., Notice], sink: MailSink
) -> None:
    told_at(an, at(3, 9), by="weekly")
    told_at(an, at(3, 9), INVITED, by="daily")
    ctx = own_context(an)
    acts.choose_mail(ctx, an, choices={TOLD: "now", INVITED: "never"})
    assert write_digests(at(4, 7)) == 1
    assert deliver()["accepted"] == 1
    assert "1 thông báo" in sink.letters[0]["Subject"]
    assert set(Preference.objects.values_list("kind", "mail")) == {
        (TOLD, "now"), (INVITED, "never"),
    }  # fmt: skip


def test_what_is_urgent_cannot_be_switched_off(an: User, declared: None) -> None:
    kinds.withdraw(TOLD)
    kinds.declare(kinds.NoticeKind(TOLD, "Thử", "Thử", "Gấp", is_urgent=True))
    for choices, code in (({TOLD: "never"}, "urgent"), ({"x.y": "now"}, "choice_unknown")):
        with pytest.raises(Refused) as refused:
            acts.choose_mail(own_context(an), an, choices=choices)
        assert refused.value.codes == {code}


def test_what_one_may_no_longer_see_is_left_out_of_the_digest(
    an: User, binh: User, told_at: Callable[..., Notice], sink: MailSink
) -> None:
    told_at(an, at(2, 9), number="111", subject=binh)
    told_at(an, at(2, 9), number="222")
    User.objects.filter(pk=binh.pk).update(is_active=False)
    write_digests(at(3, 7))
    assert deliver()["accepted"] == 1
    assert "111" not in text_of(sink.letters[0])
    assert "222" in text_of(sink.letters[0])


def test_a_long_digest_names_a_hundred_and_counts_the_rest(
    an: User, told_at: Callable[..., Notice], tell: Callable[..., int], sink: MailSink
) -> None:
    for number in range(105):
        tell(an, by="daily", number=str(number))
    Notice.objects.update(made_at=at(2, 9))
    write_digests(at(3, 7))
    deliver()
    assert "và 5 thông báo khác" in text_of(sink.letters[0])
    assert html_of(sink.letters[0]).count("<li>") == 100


def test_without_a_mail_server_no_digest_is_written(
    an: User, told_at: Callable[..., Notice], sink: MailSink, settings: Any
) -> None:
    told_at(an, at(2, 9))
    settings.SMTP_URL = ""
    assert write_digests(at(3, 7)) == 0


def test_what_was_read_a_year_ago_is_removed_with_its_letter(
    an: User, told_at: Callable[..., Notice], sink: MailSink
) -> None:
    told_at(an, at(2, 9))
    write_digests(at(3, 7))
    deliver()
    unread = told_at(an, at(2, 9))
    Notice.objects.exclude(pk=unread.pk).update(read_at=at(3, 9))
    Letter.objects.update(created_at=at(3, 7), due_at=at(3, 7))
    with pytest.raises(Refused):
        acts.remove_old(system_context(today=date(2027, 11, 3)))
    done = acts.remove_old(system_context(today=date(2027, 11, 4)))
    assert done == {"notices": 1, "letters": 1}
    assert list(Notice.objects.all()) == [unread]


@pytest.mark.parametrize(
    ("today", "since"),
    [
        (date(2026, 11, 29), date(2025, 11, 29)),
        (date(2028, 2, 29), date(2027, 2, 28)),
        (date(2027, 1, 31), date(2026, 1, 31)),
        (date(2026, 12, 31), date(2025, 12, 31)),
    ],
)
def test_since_when_what_was_read_is_kept(today: date, since: date) -> None:
    assert kept_since(today) == since
