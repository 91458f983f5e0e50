"""From the desk to the bell: an officer puts forward, the registrar is told, in the system and by e-mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from hoptac.foundation.accounts.models import User
from hoptac.foundation.notices.models import Letter
from hoptac.foundation.notices.sending import deliver
from hoptac.registration import actions
from hoptac.registration.rules.procedures import procedure_on
from tests.browser import assert_accessible, assert_no_overflow, sign_in
from tests.mail_sink import MailSink, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = timezone.localdate()


@pytest.fixture
def sink(settings: Any) -> Any:
    with MailSink() as found:
        settings.SMTP_URL = found.url
        yield found


@pytest.fixture
def people(officer: Callable[..., Any], cooperative: Callable[..., Any], units: Any) -> Any:
    district = units.district("Giồng Riềng")
    examiner = officer("registration_officer", unit=district, name="Nguyễn Thẩm Định")
    registrar = officer("registrar", unit=district, name="Lê Quyết Định")
    User.objects.filter(pk=registrar.user.pk).update(email="le.quyet.dinh@x.vn")
    body = cooperative(name="Hợp tác xã Thu Phát", district="Giồng Riềng", members=20)
    papers = procedure_on("reissue", TODAY).papers_required("cooperative")
    filing = actions.receive(
        examiner, "reissue", cooperative=body, applicant="Trần Văn Nộp", papers=papers,
        proposal={"reason": "mất"},
    )  # fmt: skip
    return examiner, registrar, filing


def test_an_officer_puts_forward_and_the_registrar_follows_the_bell(
    people: Any, browser_of: Callable[..., Any], sink: MailSink
) -> None:
    examiner, registrar, filing = people
    desk, page = browser_of(examiner), browser_of(registrar)
    page.goto("/")
    assert page.locator(".bell-count").count() == 0

    desk.goto(f"/registration/{filing.pk}/propose/")
    desk.locator('input[name="outcome"][value="grant"]').check()
    desk.locator("main form .form-actions .primary").click()
    desk.wait_for_url(f"**/registration/{filing.pk}/")
    assert desk.locator(".bell-count").count() == 0

    page.reload()
    assert page.locator(".bell-count").inner_text() == "1"
    page.locator(".bell").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/notices/")
    assert_no_overflow(page)
    link = page.locator(".notice.unread a")
    assert filing.receipt_number in link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/registration/{filing.pk}/")
    assert page.locator(".bell-count").count() == 0

    # Unread again by hand, all read, and taken back.
    page.goto("/notices/")
    page.locator('button[name="unread"]').click()
    assert page.locator(".bell-count").inner_text() == "1"
    page.locator('button[name="all"]').click()
    page.locator(".undo button").click()
    assert page.locator(".bell-count").inner_text() == "1"

    # Decided by somebody: done with, for everybody.
    page.goto(f"/registration/{filing.pk}/decide/")
    page.locator('[name="signatory"]').fill("Lê Quyết Định")
    page.locator("main form .form-actions .primary").click()
    page.wait_for_url(f"**/registration/{filing.pk}/")
    assert page.locator(".bell-count").count() == 0
    desk.reload()
    assert desk.locator(".bell-count").inner_text() == "1"


def test_the_letter_comes_and_its_link_leads_to_the_filing(
    people: Any, browser_of: Callable[..., Any], sink: MailSink, live_server: Any, settings: Any
) -> None:
    examiner, registrar, filing = people
    settings.PUBLIC_URL = live_server.url
    actions.propose(examiner, filing, outcome="grant")
    assert deliver()["accepted"] == 1
    (letter,) = sink.to("le.quyet.dinh@x.vn")
    assert f"Hồ sơ {filing.receipt_number} chờ bạn quyết định" in letter["Subject"]
    link = next(line for line in text_of(letter).splitlines() if line.startswith(live_server.url))
    page = browser_of(registrar)
    page.goto(link)
    assert "Hợp tác xã Thu Phát" in page.locator("main").inner_text()

    page.goto("/notices/preferences/")
    page.locator('select[name="registration.to_decide"]').select_option("weekly")
    page.locator("main form .primary").click()
    page.locator(".findings.success").wait_for()
    assert page.locator('select[name="registration.to_decide"]').input_value() == "weekly"


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (768, "light"), (1440, "dark")])
def test_the_pages_fit_and_are_accessible(
    width: int, theme: str, people: Any, open_page: Callable[..., Any], officer: Callable[..., Any],
    sink: MailSink, live_server: Any,
) -> None:  # fmt: skip
    examiner, registrar, filing = people
    actions.propose(examiner, filing, outcome="grant")
    sink.answers["le.quyet.dinh@x.vn"] = "550 5.1.1 user unknown"
    deliver()
    page = open_page(width=width, theme=theme)
    sign_in(page, registrar.user, live_server.url)
    for path in ("/notices/", "/notices/?state=read", "/notices/preferences/"):
        page.goto(f"{live_server.url}{path}")
        assert_no_overflow(page)
        assert_accessible(page)
    admin = open_page(width=width, theme=theme)
    sign_in(admin, officer("administrator").user, live_server.url)
    for path in ("/notices/letters/?state=dead", f"/notices/letters/{Letter.objects.get().pk}/"):
        admin.goto(f"{live_server.url}{path}")
        assert_no_overflow(admin)
        assert_accessible(admin)
