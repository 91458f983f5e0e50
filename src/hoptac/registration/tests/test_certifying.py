"""A grant ends in a certificate, or says what it waits for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hoptac.certificates.actions import revoke_certificate, rotate_key
from hoptac.certificates.models import Certificate
from hoptac.foundation.audit.journal import verify
from hoptac.foundation.audit.models import Act
from hoptac.registration.selectors import (
    bodies_made,
    branches,
    certificates_waiting,
    course_of,
    representatives,
)

pytestmark = pytest.mark.django_db
NUMBER = "1709000019"


@pytest.fixture
def key(the_system: Any, settings: Any, tmp_path: Any) -> Any:
    settings.CERTIFICATE_KEYS, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "files"
    return rotate_key(the_system.because("lần đầu"))


def told(filing: Any) -> dict[str, str]:
    return dict(filing.steps.order_by("id").values_list("kind", "words"))


def test_a_founding_ends_in_a_certificate_of_its_registrar(desk: Any, key: Any) -> None:
    filing = desk.done("establishment", desk.founding(registration_number=NUMBER))
    issued = Certificate.objects.get(cooperative=filing.cooperative)
    assert (issued.code, issued.reason, issued.authority) == (NUMBER, "new", filing.authority)
    assert issued.content["representatives"][0]["name"] == "Nguyễn Văn An"
    assert told(filing)["certified"] == issued.number


def test_a_change_supersedes_it_and_a_revocation_takes_it_back(desk: Any, key: Any) -> None:
    body = desk.done("establishment", desk.founding(registration_number=NUMBER)).cooperative
    desk.done(
        "change_registration", {"address": "ấp Hai", "from_on": date(2024, 9, 16)}, cooperative=body
    )
    first, second = Certificate.objects.filter(cooperative=body).order_by("sequence")
    assert Certificate.objects.in_force().get(cooperative=body) == second
    desk.done("revocation", {"grounds": ["forged_dossier"], "reason": "Giả mạo"}, cooperative=body,
              channel="office")  # fmt: skip
    assert not Certificate.objects.in_force().filter(cooperative=body).exists()
    desk.done("restoration", {"reason": "Không giả mạo"}, cooperative=body)
    assert Certificate.objects.in_force().get(cooperative=body) == second
    assert first != second


def test_by_hand_a_certificate_names_every_legal_representative(
    desk: Any, key: Any, client_of: Any, officer: Any, units: Any
) -> None:
    """Two act for the body (Law 2023 art. 11): the form has one person, the register adds the other."""
    person = desk.founding()["representatives"][0]
    two = [
        person,
        person
        | {"person": "Lê Thị Hai", "position": "Chủ tịch", "personal_number": "091180000002"},
    ]
    founding = desk.founding(registration_number=NUMBER, representatives=two)
    body = desk.done("establishment", founding).cooperative
    clerk = client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))
    address = f"/certificates/issue/{body.pk}/"
    page = clerk.get(address)
    form = page.context["form"]
    assert "Lê Thị Hai" in page.content.decode()
    assert form.initial["representative_identity_number"] == person["personal_number"]
    shown = {f.html_name: f.value() for f in form if f.value() is not None}
    shown |= {"signatory_name": "Nguyễn Văn Ký", "reason": "exchange", "step": "send",
              "authority": form.fields["authority"].choices[0][0]}  # fmt: skip
    shown["issued_on"] = f"{form.initial['issued_on']:%d/%m/%Y}"
    answer = clerk.post(address, shown)
    assert answer.status_code == 302, answer.content.decode().split("<main")[1][:3000]
    issued = Certificate.objects.in_force().get(cooperative=body)
    assert issued.reason == "exchange"
    assert [p["name"] for p in issued.content["representatives"]] == ["Nguyễn Văn An", "Lê Thị Hai"]


def test_a_branch_has_its_own_until_it_changes_or_closes(desk: Any, key: Any) -> None:
    body = desk.done("establishment", desk.founding(registration_number=NUMBER)).cooperative
    opening = {"branch_kind": "branch", "branch_name": "Chi nhánh Một",
               "branch_code": f"{NUMBER}-001", "branch_commune": desk.commune.pk,
               "branch_head": "Võ Văn Trưởng"}  # fmt: skip
    desk.done("branch_opening", opening, cooperative=body)
    branch = branches(body.pk, date(2024, 9, 16)).get().branch_id
    changed = desk.done(
        "branch_change",
        {"branch": branch, "branch_name": "Chi nhánh Hai", "from_on": date(2024, 9, 16)},
        cooperative=body,
    )
    of_branch = Certificate.objects.in_force().filter(cooperative=body, kind="branch")
    assert of_branch.get().name == "Chi nhánh Hai"
    assert told(changed)["certified"] == of_branch.get().number
    assert Certificate.objects.filter(cooperative=body, kind="branch").count() == 2
    closing = {"branch": branch, "from_on": date(2024, 9, 16)}
    desk.done("branch_closing", closing, cooperative=body)
    assert not of_branch.exists()
    # A revocation that is undone brings back what it took, and no branch that was closed before.
    desk.done("revocation", {"grounds": ["forged_dossier"], "reason": "Giả mạo"}, cooperative=body,
              channel="office")  # fmt: skip
    desk.done("restoration", {"reason": "Không giả mạo"}, cooperative=body)
    assert Certificate.objects.in_force().get(cooperative=body).kind == "registration"


def test_what_was_revoked_for_a_reason_of_its_own_is_not_restored(
    desk: Any, key: Any, the_system: Any
) -> None:
    early = desk.on(date(2024, 9, 2))
    body = early.done("establishment", desk.founding(registration_number=NUMBER)).cooperative
    lost = Certificate.objects.get(cooperative=body)
    revoke_certificate(early.ctx.because("in sai"), lost, on=date(2024, 9, 2))
    early.done("reissue", {"reason": "in lại"}, cooperative=body)
    good = Certificate.objects.in_force().get(cooperative=body)
    desk.done("revocation", {"grounds": ["forged_dossier"], "reason": "Giả mạo"}, cooperative=body,
              channel="office")  # fmt: skip
    desk.done("restoration", {"reason": "Không giả mạo"}, cooperative=body)
    assert Certificate.objects.in_force().get(cooperative=body) == good


def test_each_body_of_a_division_has_its_own(desk: Any, key: Any, cooperative: Any) -> None:
    parts = [
        {**{k: v for k, v in desk.founding(name=f"Hợp tác xã Phần {n}", registration_number=code).items()
            if k != "representatives"}, "director": "Lê Một"}
        for n, code in ((1, "1709000019"), (2, "1709000026"))
    ]  # fmt: skip
    old = cooperative(name="Hợp tác xã Chia", district="Giồng Riềng")
    filing = desk.done("division", {"decided_on": date(2024, 9, 16), "votes": 70, "new_bodies": parts},
                       cooperative=old)  # fmt: skip
    assert not Certificate.objects.filter(cooperative=old).exists()
    assert filing.steps.filter(kind__in=("certified", "certificate_waits")).count() == 2


def test_what_a_division_waits_for_is_said_of_each_new_body(
    desk: Any, key: Any, cooperative: Any, client_of: Any, officer: Any
) -> None:
    part = {k: v for k, v in desk.founding().items() if k != "representatives"}
    parts = [{**part, "name": f"Hợp tác xã Phần {n}", "director": "Lê Một"} for n in (1, 2)]
    parts[0]["registration_number"] = NUMBER
    old = cooperative(name="Hợp tác xã Chia", district="Giồng Riềng")
    filing = desk.done("division", {"decided_on": date(2024, 9, 16), "votes": 70, "new_bodies": parts},
                       cooperative=old)  # fmt: skip
    made = dict(bodies_made(filing, course_of(filing)))
    assert sorted(made.values()) == ["Hợp tác xã Phần 1", "Hợp tác xã Phần 2"]
    (waiting,) = certificates_waiting(filing, course_of(filing))
    assert made[waiting.body] == waiting.name == "Hợp tác xã Phần 2"
    page = (
        client_of(officer("department_officer")).get(f"/registration/{filing.pk}/").content.decode()
    )
    assert f"/certificates/issue/{waiting.body}/" in page
    assert f"/certificates/issue/{old.pk}/" not in page
    assert all(f"/registry/{pk}/" in page for pk in made)


def test_without_a_number_of_the_tax_system_the_certificate_waits_and_says_so(
    desk: Any, key: Any
) -> None:
    filing = desk.done("establishment", desk.founding())
    assert filing.state == "granted"
    assert not Certificate.objects.exists()
    assert "mã số" in told(filing)["certificate_waits"].lower()
    assert not Act.objects.filter(name="certificates.issue_certificate").exists()
    assert verify().broken is None


def test_a_representative_is_corrected_though_the_register_names_the_same_director(
    desk: Any, key: Any
) -> None:
    body = desk.done("establishment", desk.founding(registration_number=NUMBER)).cooperative
    person = {"person": "Nguyễn Văn An", "position": "Giám đốc", "personal_number": "091080900002"}
    desk.done("correction", {"representatives": [person], "reason": "gõ nhầm"}, cooperative=body)
    people = representatives(body.pk, desk.ctx.today)
    assert [p.personal_number for p in people] == ["091080900002"]
    last = Certificate.objects.in_force().get(cooperative=body)
    assert last.content["representatives"][0]["identity_number"] == "091080900002"


def test_without_a_key_nothing_is_issued_and_the_grant_stands(desk: Any) -> None:
    filing = desk.done("establishment", desk.founding(registration_number=NUMBER))
    assert filing.state == "granted"
    assert told(filing)["certificate_waits"]
