"""People, a kind of notice that speaks of an account, and a mail server of the tests' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.notices import kinds, telling
from hoptac.foundation.notices.models import Preference
from hoptac.foundation.notices.terms import Mail
from tests.mail_sink import MailSink

TOLD, INVITED = "test.told", "test.invited"


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    """Declare two kinds and what they are about, for the time of a test."""
    everybody = kinds.Matter(
        "accounts.user", "people:person",
        seen=lambda ctx, keys: User.objects.filter(pk__in=keys, is_active=True).values_list("pk", flat=True),
    )  # fmt: skip
    kinds.declare_matter(everybody)
    kinds.declare(
        kinds.NoticeKind(
            TOLD,
            "Thử",
            "Việc được giao",
            "Hồ sơ %(number)s của “Hợp tác xã Hoà Ân” đã chuyển đến bạn.",
            asks=True,
        )
    )
    kinds.declare(kinds.NoticeKind(INVITED, "Thử", "Lời mời", "Mời họp ngày %(day)s."))
    yield
    for code in (TOLD, INVITED):
        kinds.withdraw(code)
    kinds.MATTERS.pop("accounts.user")


@pytest.fixture
def an(db: None) -> User:
    return User.objects.create_user("an", None, full_name="Lê Thị Ngọc Ân", email="an@x.vn")


@pytest.fixture
def binh(db: None) -> User:
    return User.objects.create_user("binh", None, full_name="Trần Bình", email="binh@x.vn")


@pytest.fixture
def sink(settings: Any) -> Iterator[MailSink]:
    """Return the mail server to which the settings send."""
    with MailSink() as found:
        settings.SMTP_URL = found.url
        yield found


@pytest.fixture
def tell(the_system: Context) -> Callable[..., int]:
    """Tell somebody something, as an act would: ``tell(an, number="7")``."""

    def do(user: User, code: str = TOLD, *, by: str = "", subject: Any = None, **said: Any) -> int:
        if by:
            Preference.objects.update_or_create(user=user, kind=code, defaults={"mail": Mail(by)})
        ctx = the_system.by(act_id=uuid7())
        key = f"{code}:{uuid7()}"
        words = said or ({"number": "00012/2026"} if code == TOLD else {"day": ctx.today})
        return telling.notify(ctx, code, to=[user], subject=subject, key=key, **words)

    return do
