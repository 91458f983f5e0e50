"""A certificate, from the officer's desk to the phone of somebody who is shown the paper."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typst
from playwright.sync_api import expect

from hoptac.certificates import keys, status
from hoptac.certificates.actions import rotate_key
from hoptac.certificates.document import address_of
from hoptac.certificates.models import Certificate
from hoptac.certificates.qr import qr_svg
from hoptac.certificates.tests.test_forged import Office, forgeries
from hoptac.foundation.access import Context
from tests.browser import THEMES, WIDTHS, assert_sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(
    transactional_db: None, the_system: Context, settings: Any, tmp_path: Path, live_server: Any
) -> Any:
    settings.CERTIFICATE_KEYS, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "files"
    settings.PUBLIC_URL = live_server.url
    return rotate_key(the_system)


@pytest.fixture
def body(cooperative: Callable[..., Any]) -> Any:
    return cooperative(
        name="Hợp tác xã Nông nghiệp Hòa An", registration_number="1700123457",
        address="Ấp Hòa A", charter_capital=2_050_000_000, chairman="Lê Thị Chủ",
    )  # fmt: skip


def issued(page: Any, body: Any, *, change: bool = False) -> Certificate:
    """Issue a certificate on the officer's screen, from the body's record."""
    page.goto(f"/registry/{body.pk}/")
    page.get_by_role("link", name="Cấp giấy chứng nhận").click()
    assert page.locator("[name=name]").input_value() == "Hợp tác xã Nông nghiệp Hòa An"
    assert page.locator("[name=charter_capital]").input_value() == "2.050.000.000"
    if change:
        page.locator("[name=change_number]").fill("1")
    page.locator("[name=representative_identity_number]").fill("091085001234")
    page.locator("[name=signatory_position]").fill("Chủ tịch")
    page.locator("[name=signatory_name]").fill("Nguyễn Văn Ký")
    assert_sound(page)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("heading", name="Kiểm tra trước khi ghi")).to_be_visible()
    page.locator("button[value=send]").click()
    page.wait_for_url(re.compile(r"/certificates/[0-9a-f-]{36}/$"))
    return Certificate.objects.latest("sequence")


def word(page: Any) -> Any:
    return expect(page.locator("#result h2"))


def test_issued_checked_by_a_phone_replaced_and_revoked(
    office: Any, body: Any, officer: Callable[..., Context], browser_of: Any, open_page: Any
) -> None:
    desk = browser_of(officer("registration_officer"))
    first = issued(desk, body)
    assert_sound(desk)
    phone = open_page(width=360)
    asked: list[str] = []
    phone.on("request", lambda r: asked.append(r.url))
    phone.goto(f"/c#{first.payload}")
    word(phone).to_have_text("Còn hiệu lực")
    expect(phone.locator("#result")).to_contain_text("2.050.000.000 đ")
    assert_sound(phone)
    assert not any(first.payload in url for url in asked), "what the code says stays on the phone"
    assert any(first.digest in url for url in asked)

    second = issued(desk, body, change=True)
    phone.goto("about:blank")
    phone.goto(f"/c#{first.payload}")
    word(phone).to_have_text("Đã bị thay thế")
    expect(phone.locator("#result")).to_contain_text(second.number)

    desk.get_by_role("link", name="Thu hồi").click()
    desk.locator("[name=basis]").fill("QĐ 12/QĐ-UBND")
    desk.locator("[name=reason]").fill("Hồ sơ kê khai sai")
    desk.get_by_role("button", name="Kiểm tra").click()
    desk.locator("button[value=send]").click()
    expect(desk.locator(".page-head .badge")).to_have_text("Đã bị thu hồi")
    assert_sound(desk)
    phone.goto("about:blank")
    phone.goto(f"/c#{second.payload}")
    word(phone).to_have_text("Đã bị thu hồi")


_KEPT = """async () => {
    if (!navigator.serviceWorker.controller) return false;
    for (const name of await caches.keys()) {
        if (await (await caches.open(name)).match("/c/list.json")) return true;
    }
    return false;
}"""


def test_without_network_the_phone_says_of_which_moment_its_knowledge_is(
    office: Any, body: Any, officer: Callable[..., Context], browser_of: Any, open_page: Any
) -> None:
    certificate = issued(browser_of(officer("registration_officer")), body)
    phone = open_page(width=360)
    phone.goto("/c")
    for _n in range(80):  # the page's policy forbids what wait_for_function does
        if phone.evaluate(_KEPT):
            break
        phone.wait_for_timeout(100)
    phone.reload()
    phone.wait_for_selector("body[data-ready]")
    phone.context.set_offline(True)
    phone.goto("about:blank")
    phone.goto(f"/c#{certificate.payload}")
    word(phone).to_have_text("Còn hiệu lực")
    expect(phone.locator("[data-of=offline]")).to_be_visible()
    expect(phone.locator("[data-of=now]")).to_have_count(0)
    sign = "A" if certificate.payload[-60] != "A" else "B"
    forged = certificate.payload[:-60] + sign + certificate.payload[-59:]
    phone.goto("about:blank")
    phone.goto(f"/c#{forged}")
    word(phone).to_have_text("Giả mạo")
    phone.context.set_offline(False)


def test_a_picture_a_number_and_no_scripts(
    office: Any, body: Any, officer: Callable[..., Context], browser_of: Any, open_page: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    certificate = issued(browser_of(officer("registration_officer")), body)
    picture = tmp_path / "ma.png"
    source = '#set page(width: 60mm, height: 60mm, margin: 8mm)\n#image(bytes(sys.inputs.qr), format: "svg")'
    inputs = {"qr": qr_svg(address_of(certificate.payload))}
    drawn: Any = typst.compile(source.encode(), format="png", ppi=200, sys_inputs=inputs)
    picture.write_bytes(io.BytesIO(drawn).getvalue())
    phone = open_page(width=360)
    phone.goto("/c")
    phone.wait_for_selector("body[data-ready]")
    phone.locator("#picture").set_input_files(picture)
    word(phone).to_have_text("Còn hiệu lực")
    plain = open_page(width=360, scripts=False)
    plain.goto("/c")
    plain.get_by_label("Số giấy chứng nhận").fill(certificate.number)
    plain.get_by_label("Mã số hợp tác xã").fill("1700123457")
    plain.locator("#by-number button").click()
    word(plain).to_have_text("Còn hiệu lực")
    plain.get_by_label("Số giấy chứng nhận").fill("00099/2026/1")
    plain.locator("#by-number button").click()
    word(plain).to_have_text("Không tìm thấy")


_JUDGE = """async ([codes, keys, byHand]) => {
    const code = await import(document.getElementById("check").dataset.code);
    const nacl = async () => { await import(document.getElementById("check").dataset.nacl); return globalThis.nacl; };
    if (byHand) crypto.subtle.importKey = () => Promise.reject(new Error("none"));
    const found = [];
    for (const text of codes) {
        try {
            const read = code.decode(code.addressOf(text).code);
            const own = [...code.sha256(read.content)].map((b) => b.toString(16).padStart(2, "0"));
            const same = await code.digestOf(read.content) === own.join("");
            found.push(same ? await code.judge(read, keys, nacl) : "digest");
        } catch (error) {
            found.push(error instanceof code.Malformed ? "unreadable" : String(error));
        }
    }
    return found;
}"""


@pytest.mark.parametrize("by_hand", [False, True], ids=["browser", "vendored"])
def test_the_phone_judges_as_the_office_does(office: Any, open_page: Any, by_hand: bool) -> None:
    """The same forgeries, and genuine ones among them, by the page's own script."""
    issuer, chance = Office(), random.Random(11)
    codes = [text for (_sort, text), _n in zip(forgeries(issuer, chance), range(240), strict=False)]
    genuine = [
        text for _n in range(20)
        if (text := _signed(issuer, chance))
    ]  # fmt: skip
    known = [
        {"id": k.id, "public": k.public.hex(), "last_on": k.valid_to and k.valid_to.isoformat(),
         "compromised": False} for k in issuer.keys.values()
    ]  # fmt: skip
    page = open_page(width=360)
    page.goto("/c")
    page.wait_for_selector("body[data-ready]")
    said = page.evaluate(_JUDGE, [codes + genuine, known, by_hand])
    assert said[len(codes):] == ["signed"] * len(genuine)  # fmt: skip
    assert [(c, s) for c, s in zip(codes, said, strict=False) if s == "signed"] == []
    assert set(said) <= {"signed", "forged", "foreign", "unreadable"}


def _signed(office: Office, chance: random.Random) -> str:
    from hoptac.certificates.payload import encode

    return encode(office.say(chance), office.new.sign).text


def test_public_pages_hold_at_every_width(
    office: Any, body: Any, officer: Callable[..., Context], browser_of: Any, open_page: Any
) -> None:
    certificate = issued(browser_of(officer("registration_officer")), body)
    for width in WIDTHS:
        for theme in THEMES:
            page = open_page(width=width, theme=theme)
            for address in ("/c", f"/c#{certificate.payload}", "/c/log/"):
                page.goto("about:blank")
                page.goto(address)
                if "#" in address:
                    word(page).to_have_text("Còn hiệu lực")
                assert_sound(page)


def test_the_administrator_makes_a_new_key(
    office: Any, officer: Callable[..., Context], browser_of: Any
) -> None:
    page = browser_of(officer("administrator"))
    page.goto("/certificates/keys/")
    assert_sound(page)
    page.locator("[name=reason]").first.fill("Thay khóa hằng năm")
    page.get_by_role("button", name="Tạo khóa").click()
    expect(page.locator("body")).to_contain_text("ký từ bây giờ")
    current = keys.current()
    assert current is not None
    assert current.pk != office.pk
    assert [k["last_on"] is None for k in status.key_list()].count(True) == 1
