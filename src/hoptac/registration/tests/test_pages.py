"""The desk's pages, from the counter to the decision, and the applicant's page."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from hoptac.foundation.documents.tests.test_typesetting import text_of
from hoptac.registration.models import Filing
from hoptac.registry.models import Period

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk_of(client_of: Any, officer: Any, units: Any) -> Any:
    """Return the browser of an officer of Giồng Riềng, or of another district."""

    def make(district: str = "Giồng Riềng", role: str = "registration_officer") -> Any:
        return client_of(officer(role, unit=units.district(district)))

    return make


def founding(units: Any, **more: Any) -> dict[str, Any]:
    return {
        "applicant": "Trần Thị Bình", "channel": "counter", "filed_on": "20/11/2026",
        "name": "Hợp tác xã Nông nghiệp Hòa Bình", "commune": str(units.commune("Hòa Hưng").pk),
        "sector": "agriculture", "charter_capital": "500.000.000", "members": "12",
        "representatives-count": "1", "representatives-0-person": "Nguyễn Văn An",
        "representatives-0-position": "Giám đốc",
        "papers": ["application", "charter", "founding_resolution", "member_list",
                   "legal_representative_list"], **more,
    }  # fmt: skip


INTAKE = "/registration/new/establishment/?kind=cooperative"


def receive(client: Any, units: Any, **more: Any) -> Filing:
    answer = client.post(INTAKE, founding(units, **more))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Filing.objects.latest("id")


def step(client: Any, filing: Filing, code: str, **given: Any) -> Any:
    filing.refresh_from_db()
    address = reverse("registration:step", args=[filing.pk, code])
    return client.post(address, {"version": filing.version, **given})


def test_a_dossier_goes_from_the_counter_to_the_register_by_two_officers(desk_of, units):
    examiner, registrar = desk_of(), desk_of(role="registrar")
    filing = receive(examiner, units)
    page = examiner.get(reverse("registration:filing", args=[filing.pk])).content.decode()
    assert "Không có vướng mắc" not in page  # the representative's number is missing: pointed out
    assert "Thiếu số định danh" in page
    assert step(examiner, filing, "propose", outcome="grant").status_code == 302
    own = step(examiner, filing, "decide", signatory="Ai")
    assert own.status_code == 422
    assert "người khác phải quyết định" in own.content.decode()
    assert step(registrar, filing, "decide", signatory="Lê Văn Chín").status_code == 302
    filing.refresh_from_db()
    assert filing.state == "granted"
    assert Period.objects.get(cooperative=filing.cooperative, is_latest=True).members == 12
    record = examiner.get(reverse("registry:record", args=[filing.cooperative_id])).content.decode()
    assert "Nguyễn Văn An" in record
    assert filing.title in record


def test_of_two_registrars_one_decides_and_the_other_is_told_who_and_when(desk_of, units):
    examiner, first, second = desk_of(), desk_of(role="registrar"), desk_of(role="registrar")
    filing = receive(examiner, units)
    step(examiner, filing, "propose", outcome="grant")
    filing.refresh_from_db()
    version = filing.version
    assert step(first, filing, "decide", signatory="A").status_code == 302
    late = second.post(
        reverse("registration:step", args=[filing.pk, "decide"]),
        {"version": version, "signatory": "B"},
    )
    assert late.status_code == 409
    assert "đã thực hiện lúc" in late.content.decode()


def test_mistakes_stand_at_their_fields_and_nothing_typed_is_lost(desk_of, units):
    client = desk_of()
    answer = client.post(INTAKE, founding(units, applicant="", charter_capital="năm trăm"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Hợp tác xã Nông nghiệp Hòa Bình" in page
    assert "năm trăm" in page
    assert not Filing.objects.exists()


def test_another_representative_is_asked_for_without_losing_the_first(desk_of, units):
    page = desk_of().post(INTAKE, founding(units, more="representatives")).content.decode()
    assert 'name="representatives-1-person"' in page
    assert "Nguyễn Văn An" in page
    assert not Filing.objects.exists()


def test_the_clock_stands_while_the_applicant_is_waited_for(desk_of, units):
    client = desk_of()
    filing = receive(client, units, papers=["application"])
    assert step(client, filing, "ask", missing="Điều lệ\nNghị quyết").status_code == 302
    filing.refresh_from_db()
    assert (filing.state, filing.due_on, filing.missing) == (
        "supplement",
        None,
        ["Điều lệ", "Nghị quyết"],
    )
    assert step(client, filing, "ask", missing="thêm").status_code == 409
    public = client.get(reverse("registration:status", args=[filing.receipt_code])).content.decode()
    assert "Nghị quyết" in public
    papers = {f"paper-{p.pk}": "handed_in" for p in filing.papers.all()}
    assert step(client, filing, "supply", on="27/11/2026", **papers).status_code == 302
    filing.refresh_from_db()
    assert filing.state == "examining"
    assert filing.due_on is not None


def test_an_applicant_follows_a_dossier_without_an_account_and_sees_no_people(
    client, desk_of, units
):
    filing = receive(desk_of(), units)
    page = client.get(f"/registration/status/{filing.receipt_code}/").content.decode()
    assert filing.subject_name in page
    assert "Trần Thị Bình" not in page
    assert "Nguyễn Văn An" not in page
    assert client.get("/registration/status/2222222222/").status_code == 404


def test_who_guesses_codes_is_stopped_and_who_has_one_is_not(client, desk_of, units):
    receive(desk_of(), units)
    answers = {
        client.get(f"/registration/status/22222222{n:02d}/").status_code for n in range(22, 60)
    }
    assert answers == {404, 429}


def test_the_form_to_sign_is_printed_filled_in_and_blank(desk_of, units):
    client = desk_of()
    filing = receive(client, units)
    form = client.get(reverse("registration:printed", args=[filing.pk, "application"]))
    said = text_of(form.content)
    for part in ("GIẤY ĐỀ NGHỊ", filing.subject_name, "Người ký tên dưới đây", "NGƯỜI ĐẠI DIỆN"):
        assert part in said, part
    assert "Số:" not in said
    address = reverse("registration:blank_form", args=["establishment"])
    blank = client.get(address)
    assert "Vốn điều lệ: ....." in text_of(blank.content)
    assert "Hợp tác xã: ....." in text_of(blank.content)
    word = client.get(address, {"format": "docx"})
    assert word.content.startswith(b"PK")
    assert "attachment" in word["Content-Disposition"]
    assert client.get(address, {"format": "odt"}).status_code == 404
    assert (
        f"{address}?kind=cooperative&amp;format=docx"
        in client.get(
            reverse("registration:intake", args=["establishment"]), {"kind": "cooperative"}
        ).content.decode()
    )


def test_receipt_and_letter_are_printed(desk_of, units):
    client = desk_of()
    filing = receive(client, units)
    receipt = client.get(reverse("registration:printed", args=[filing.pk, "receipt"]))
    assert receipt.content.startswith(b"%PDF-")
    assert (
        client.get(reverse("registration:printed", args=[filing.pk, "letter"])).status_code == 404
    )
    step(client, filing, "ask", missing="Điều lệ")
    letter = client.get(reverse("registration:printed", args=[filing.pk, "letter"]))
    assert letter.content.startswith(b"%PDF-")


def test_another_district_finds_no_such_dossier(desk_of, units):
    filing = receive(desk_of(), units)
    other = desk_of("Tân Hiệp")
    assert other.get(reverse("registration:filing", args=[filing.pk])).status_code == 404
    assert step(other, filing, "propose", outcome="grant").status_code == 404
    assert filing.subject_name not in other.get("/registration/").content.decode()


def test_the_desk_asks_few_questions(desk_of, units, django_assert_max_num_queries):
    client = desk_of()
    filing = receive(client, units)
    for address in ("/registration/", "/registration/workload/", "/registration/new/",
                    reverse("registration:filing", args=[filing.pk])):  # fmt: skip
        client.get(address)
        with django_assert_max_num_queries(17):
            assert client.get(address).status_code == 200
