"""Officers' pages and the public ones: who sees what, how often, and what is never shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hoptac.certificates.actions import revoke_certificate
from hoptac.certificates.models import SignedFile
from hoptac.certificates.views import public
from hoptac.foundation.access import Context
from hoptac.foundation.accounts import limits
from tests.signing import signed


@pytest.fixture(autouse=True)
def _fresh_limits() -> Any:
    limits.forget()
    yield
    limits.forget()


def test_the_list_and_the_page_keep_to_the_territory(
    issue: Callable[..., Any], officer: Callable[..., Context], units: Any, client_of: Any
) -> None:
    certificate = issue()
    here, elsewhere = officer("auditor"), officer("auditor", unit=units.district("Tân Hiệp"))
    place = f"/certificates/{certificate.pk}/"
    assert certificate.number in client_of(here).get("/certificates/").content.decode()
    assert certificate.number not in client_of(elsewhere).get("/certificates/").content.decode()
    assert client_of(here).get(place).status_code == 200
    assert client_of(elsewhere).get(place).status_code == 404
    assert client_of(elsewhere).get(place + "file/").status_code == 404
    found = client_of(here).get("/certificates/?q=hoa+an&state=in_force&kind=registration")
    assert certificate.number in found.content.decode()
    assert (
        certificate.number
        not in client_of(here).get("/certificates/?state=revoked").content.decode()
    )


def test_who_may_not_see_people_gets_no_paper(
    issue: Callable[..., Any], officer: Callable[..., Context], client_of: Any
) -> None:
    certificate = issue()
    reader, keeper = client_of(officer("bank_officer")), client_of(officer("auditor"))
    place = f"/certificates/{certificate.pk}/"
    assert "Bí Mật" not in reader.get(place).content.decode()
    assert reader.get(place + "file/").status_code == 403
    assert "Bí Mật" in keeper.get(place).content.decode()
    paper = keeper.get(place + "file/")
    assert b"".join(paper.streaming_content).startswith(b"%PDF-")
    assert "attachment" in paper["Content-Disposition"]


def test_the_signed_file_is_attached_on_the_page(
    issue: Callable[..., Any], officer: Callable[..., Context], client_of: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    certificate, client = issue(), client_of(officer("registration_officer"))
    place = f"/certificates/{certificate.pk}/"
    content = certificate.file.read()
    wrong = client.post(place + "attach/", {"file": SimpleUploadedFile("a.pdf", content)})
    assert wrong.status_code == 422
    assert "không có chữ ký số" in wrong.content.decode()
    right = client.post(place + "attach/", {"file": SimpleUploadedFile("a.pdf", signed(content))})
    assert right.status_code == 302
    one = SignedFile.objects.get()
    shown = client.get(place).content.decode()
    assert "Nguyễn Văn Ký" in shown
    assert "Chưa xác thực được người ký" in shown
    kept = client.get(f"{place}signed/{one.pk}/")
    assert b"".join(kept.streaming_content) == signed(content) or kept.status_code == 200


def test_the_world_learns_the_state_and_no_person(
    issue: Callable[..., Any], the_system: Context, client: Client
) -> None:
    certificate = issue()
    by_digest = client.get(f"/c/status/{certificate.digest}")
    assert by_digest.json()["verdict"] == "valid"
    assert by_digest["Cache-Control"].startswith("max-age=0")
    by_number = client.get("/c/status", {"number": certificate.number, "code": certificate.code})
    told = by_number.json()
    assert set(told) == {
        "verdict", "as_of", "since", "number", "code", "name", "office", "authority", "kind",
        "issued_on", "status",
    }  # fmt: skip
    wrong = client.get("/c/status", {"number": certificate.number, "code": "1"})
    assert (wrong.status_code, wrong.json()) == (404, {"verdict": "unknown"})
    assert client.get("/c/status/" + "0" * 64).json()["verdict"] == "forged"
    revoke_certificate(the_system.because("sai"), certificate, on=date(2026, 4, 1))
    assert client.get(f"/c/status/{certificate.digest}").json()["verdict"] == "revoked"
    kept = client.get("/c/list.json")
    assert kept.json()["not_in_force"]["revoked"] == {certificate.digest[:16]: "2026-04-01"}
    assert kept["Cache-Control"] == "public, max-age=60"
    page = client.post("/c/check", {"text": certificate.payload}).content.decode()
    assert "Đã bị thu hồi" in page
    assert "Bí Mật" not in page + kept.content.decode() + by_number.content.decode()


def test_who_asks_too_often_waits(issue: Callable[..., Any], client: Client) -> None:
    certificate = issue()
    place = f"/c/status/{certificate.digest}"
    answers = [client.get(place).status_code for _n in range(public.MOST + 5)]
    assert answers.count(200) <= public.MOST + public.MOST // 20
    assert answers[-1] == 429
    assert int(client.get(place)["Retry-After"]) >= 1


def test_out_of_force_as_a_table(
    issue: Callable[..., Any], officer: Callable[..., Context], client_of: Any
) -> None:
    old = issue()
    issue(reason="change")
    text = client_of(officer("bank_officer")).get("/certificates/out-of-force/").content.decode()
    assert old.number in text
    assert old.digest in text
    assert len(text.strip().splitlines()) == 2
