"""The cooperative's own door: a director files online, the desk receives, the director supplies."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hoptac.registration.models import Filing

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(cooperative: Any) -> Any:
    return cooperative(name="Hợp tác xã Nhà Mình", district="Giồng Riềng", members=20)


@pytest.fixture
def director(client_of: Any, officer: Any, body: Any) -> Any:
    return client_of(officer("cooperative_director", cooperative_id=body.pk))


@pytest.fixture
def clerk(client_of: Any, officer: Any, units: Any) -> Any:
    return client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))


def begin(director: Any, body: Any) -> Filing:
    address = reverse("registration:own_begin", args=["reissue"])
    answer = director.post(f"{address}?body={body.pk}", {"reason": "Bị mất", "key": "k1"})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Filing.objects.latest("id")


def own(director: Any, filing: Filing, step: str) -> Any:
    return director.post(reverse("registration:own_step", args=[filing.pk, step]))


def test_what_is_not_sent_in_is_the_directors_alone(director, clerk, body):
    filing = begin(director, body)
    page = reverse("registration:filing", args=[filing.pk])
    assert clerk.get(page).status_code == 404
    assert director.get(reverse("registration:own_filing", args=[filing.pk])).status_code == 200
    own(director, filing, "submit")
    assert clerk.get(page).status_code == 200


def test_a_dossier_goes_from_the_phone_to_the_desk_and_back(
    director, clerk, body, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    filing = begin(director, body)
    paper = filing.papers.get(code="application")
    scan = SimpleUploadedFile("don.pdf", b"%PDF-1.7 x", "application/pdf")
    director.post(reverse("registration:own_paper", args=[filing.pk, paper.pk]), {"file": scan})
    paper.refresh_from_db()
    assert (paper.state, paper.form) == ("handed_in", "electronic")
    kept = director.get(reverse("registration:file", args=[filing.pk, paper.file_id]))
    assert b"".join(kept.streaming_content) == b"%PDF-1.7 x"
    own(director, filing, "submit")
    filing.refresh_from_db()
    clerk.post(
        reverse("registration:step", args=[filing.pk, "accept"]), {"version": filing.version}
    )
    filing.refresh_from_db()
    assert (filing.state, bool(filing.receipt_number), bool(filing.due_on)) == (
        "examining",
        True,
        True,
    )
    clerk.post(reverse("registration:step", args=[filing.pk, "ask"]),
               {"version": filing.version, "missing": "Chữ ký"})  # fmt: skip
    assert (
        "Chữ ký"
        in director.get(reverse("registration:own_filing", args=[filing.pk])).content.decode()
    )
    own(director, filing, "supply")
    filing.refresh_from_db()
    assert filing.state == "examining"


def test_a_file_that_is_not_what_it_says_is_refused_with_words(director, body, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    filing = begin(director, body)
    paper = filing.papers.get(code="application")
    wrong = SimpleUploadedFile("don.pdf", b"MZ not a pdf", "application/pdf")
    address = reverse("registration:own_paper", args=[filing.pk, paper.pk])
    assert director.post(address, {"file": wrong}, follow=True).status_code == 200
    paper.refresh_from_db()
    assert paper.file_id is None


def test_sending_in_twice_is_told_and_another_cooperative_finds_nothing(
    director, body, client_of, officer, cooperative
):
    filing = begin(director, body)
    own(director, filing, "submit")
    again = director.post(reverse("registration:own_step", args=[filing.pk, "submit"]), follow=True)
    assert "Không thực hiện được nữa" in again.content.decode()
    other = cooperative(name="Hợp tác xã Bên Cạnh", district="Giồng Riềng")
    stranger = client_of(officer("cooperative_director", cooperative_id=other.pk))
    assert stranger.get(reverse("registration:own_filing", args=[filing.pk])).status_code == 404
    assert own(stranger, filing, "withdraw").status_code == 404
