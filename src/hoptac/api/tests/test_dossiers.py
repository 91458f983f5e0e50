"""Filings and certificates for machines: what is told to whom, and a dossier's whole way by calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hoptac.api import acts
from hoptac.api.callers import forget
from hoptac.foundation.access import Context
from hoptac.registration.models import Filing

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/filings"
PAPERS = [
    "application",
    "charter",
    "founding_resolution",
    "member_list",
    "legal_representative_list",
]


@pytest.fixture(autouse=True)
def _no_callers_kept() -> None:
    forget()


@pytest.fixture
def machine(officer: Callable[..., Context], units: Any) -> Callable[..., Client]:
    """Return a program of an officer of a district."""

    def make(
        role: str = "registration_officer", district: str = "Giồng Riềng", *scopes: str
    ) -> Client:
        ctx = officer(role, unit=units.district(district))
        _token, secret = acts.make_token(ctx, name="thử", scopes=list(scopes or ("read", "write")))
        return Client(headers={"authorization": f"Bearer {secret}"})

    return make


def post(
    client: Client, address: str, data: dict[str, Any], version: int | None = None, key: str = ""
) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    if key:
        headers["Idempotency-Key"] = key
    return client.post(address, data, content_type="application/json", headers=headers)


def founding(units: Any, **changes: Any) -> dict[str, Any]:
    person = {
        "person": "Nguyễn Văn An",
        "birth_date": "1980-05-01",
        "personal_number": "091080900001",
    }
    proposal = {
        "name": "Hợp tác xã Nông nghiệp Hòa Bình", "commune": str(units.commune("Hòa Hưng").pk),
        "sector": "agriculture", "charter_capital": 500_000_000, "members": 12, "area": 30.5,
        "lines": ["0111"], "representatives": [person], **changes,
    }  # fmt: skip
    return {
        "procedure": "establishment", "kind": "cooperative", "applicant": "Trần Thị Bình",
        "papers": PAPERS, "proposal": proposal,
    }  # fmt: skip


def test_a_dossier_goes_its_whole_way_by_calls_of_two_officers(machine: Any, units: Any) -> None:
    examiner, registrar = machine(), machine("registrar")
    answer = post(examiner, ROOT, founding(units), key="phone-1")
    assert answer.status_code == 201, answer.content
    done = answer.json()
    assert answer["Location"] == f"{ROOT}/{done['id']}"
    again = post(examiner, ROOT, founding(units), key="phone-1")
    assert (again.status_code, again.json()) == (201, done)
    assert Filing.objects.count() == 1
    place = answer["Location"]
    assert post(examiner, f"{place}/proposal", {"outcome": "grant"}).status_code == 428
    assert post(examiner, f"{place}/proposal", {"outcome": "grant"}, 7).status_code == 412
    put = post(examiner, f"{place}/proposal", {"outcome": "grant"}, done["version"])
    assert put.status_code == 200, put.content
    version = put.json()["version"]
    own = post(examiner, f"{place}/decision", {"outcome": "grant"}, version)
    assert own.json()["findings"][0]["code"] == "second_person"
    decided = post(
        registrar, f"{place}/decision", {"outcome": "grant", "signatory": "Lê Văn Chín"}, version
    )
    assert decided.status_code == 200, decided.content
    told = examiner.get(place).json()
    assert (told["state"], told["took_effect_on"]) == ("granted", told["judged_on"])
    assert [s["kind"] for s in told["steps"]][:3] == ["received", "proposed", "granted"]
    assert [p["kind"] for p in told["issued"]] == ["receipt", "result"]
    assert told["fee"] == {"standing": "unset", "amount": 0, "paid": 0, "open": 0, "basis": ""}
    assert told["proposal"]["representatives"][0]["personal_number"] == "091080900001"


def test_the_applicant_is_asked_once(machine: Any, units: Any) -> None:
    client = machine()
    done = post(client, ROOT, founding(units)).json()
    place = f"{ROOT}/{done['id']}/supplement_request"
    asked = post(client, place, {"missing": ["Điều lệ"]}, done["version"])
    assert asked.status_code == 200
    twice = post(client, place, {"missing": ["Điều lệ"]}, asked.json()["version"])
    assert twice.status_code == 422
    assert post(client, place, {"missing": []}, done["version"]).status_code == 422


def test_a_list_is_filtered_and_paged(machine: Any, units: Any) -> None:
    client = machine()
    made = [
        post(client, ROOT, founding(units, name=f"Hợp tác xã Số {n}")).json()["id"]
        for n in range(3)
    ]
    first = client.get(ROOT, {"limit": 2}).json()
    assert [i["id"] for i in first["items"]] == made[:0:-1]
    second = client.get(ROOT, {"limit": 2, "cursor": first["next_cursor"]}).json()
    assert ([i["id"] for i in second["items"]], second["next_cursor"]) == (made[:1], None)
    assert client.get(ROOT, {"state": "granted"}).json()["items"] == []
    assert len(client.get(ROOT, {"procedure": "establishment"}).json()["items"]) == 3
    assert client.get(ROOT, {"filed_to": "2020-01-01"}).json()["items"] == []
    assert client.get(ROOT, {"state": "nowhere"}).status_code == 422
    assert client.get(ROOT, {"stat": "granted"}).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"charter_capital": "nhiều"}, {"members": -1}, {"members": True}, {"sector": "space"},
        {"commune": "x"}, {"lines": "0111"}, {"representatives": [{"unknown": "x"}]},
        {"representatives": "An"}, {"name": 5}, {"name": "x" * 300}, {"nothing": "x"},
        {"decided_on": "hôm qua"}, {"area": "NaN"},
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_its_field_is_refused(
    machine: Any, units: Any, wrong: Any
) -> None:
    answer = post(machine(), ROOT, founding(units, **wrong))
    assert answer.status_code == 422, answer.content
    assert answer.json()["findings"]
    assert not Filing.objects.exists()


def test_another_district_and_a_reading_token_come_to_nothing(machine: Any, units: Any) -> None:
    done = post(machine(), ROOT, founding(units)).json()
    other = machine("registration_officer", "Tân Hiệp")
    assert other.get(f"{ROOT}/{done['id']}").status_code == 404
    assert other.get(ROOT).json()["items"] == []
    answer = post(other, f"{ROOT}/{done['id']}/proposal", {"outcome": "grant"}, done["version"])
    assert answer.status_code == 404
    reader = machine("registration_officer", "Giồng Riềng", "read")
    assert post(reader, ROOT, founding(units)).status_code == 403
    department = machine("department_officer")
    told = department.get(f"{ROOT}/{done['id']}").json()
    assert "personal_number" not in told["proposal"]["representatives"][0]
    assert post(department, ROOT, founding(units)).status_code == 403


def test_certificates_are_listed(machine: Any) -> None:
    answer = machine().get("/api/v1/certificates", {"q": "1"})
    assert answer.status_code == 200
    assert answer.json()["items"] == []
