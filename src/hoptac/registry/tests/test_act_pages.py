"""Pages that end in an act: fill in, check, send; refused, repeated, overtaken."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from hoptac.foundation.audit.models import Act
from hoptac.registry.actions import change_particulars
from hoptac.registry.models import BusinessLine, Cooperative, Lineage, Period


class Desk:
    """An officer before a page's form: opens it, fills it in, sends it."""

    def __init__(self, client):
        self.client = client

    def open(self, name: str, *args) -> dict[str, str]:
        self.address = reverse(name, args=args)
        response = self.client.get(self.address)
        assert response.status_code == 200, response.status_code
        self.form = response.context["form"]
        return {f.html_name: f.value() if f.value() is not None else "" for f in self.form}

    def send(self, given: dict, step: str = "send"):
        return self.client.post(self.address, {**given, "step": step})


@pytest.fixture
def desk(province, client_of):
    return Desk(client_of(province.district))


def latest(body) -> Period:
    return Period.objects.get(cooperative=body, is_latest=True)


def test_a_body_is_entered_after_a_last_look(desk, province):
    given = desk.open("registry:enter")
    given |= {
        "name": "Hợp tác xã Mới", "sector": "trade", "established_on": "01/05/2020",
        "commune_id": str(province.units.a_commune_of("Giồng Riềng").pk), "as_of": "31/12/2020",
        "charter_capital": "1.250,5", "members": "1.012",
    }  # fmt: skip
    before = Act.objects.count()
    check = desk.send(given, "check")
    assert check.status_code == 200
    assert "Hợp tác xã Mới" in check.content.decode()
    assert Act.objects.count() == before
    sent = desk.send(given)
    assert sent.status_code == 302
    found = Period.objects.get(name="Hợp tác xã Mới", is_latest=True)
    assert (found.charter_capital, found.members) == (1_250_500_000, 1012)
    assert sent["Location"] == reverse("registry:record", args=[found.cooperative_id])


def test_a_form_sent_twice_does_one_thing(desk, province):
    given = desk.open("registry:enter")
    given |= {
        "name": "Hợp tác xã Mới", "sector": "trade", "as_of": "31/12/2020",
        "commune_id": str(province.units.a_commune_of("Giồng Riềng").pk),
    }  # fmt: skip
    before = Cooperative.objects.count()
    first, second = desk.send(given), desk.send(given)
    assert first["Location"] == second["Location"]
    assert Cooperative.objects.count() == before + 1


def test_what_is_wrong_is_said_at_its_field_before_anything_is_sent(desk, province):
    given = desk.open("registry:enter")
    given |= {
        "name": "", "sector": "trade", "registration_number": "1709551552", "as_of": "31/12/2020",
        "commune_id": str(province.units.a_commune_of("Giồng Riềng").pk),
    }  # fmt: skip
    answer = desk.send(given, "check")
    assert answer.status_code == 422
    assert "name" in answer.context["form"].errors
    answer = desk.send({**given, "name": "Hợp tác xã Mới"}, "check")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["registration_number"]


def test_communes_of_another_territory_are_not_offered(desk, province):
    desk.open("registry:enter")
    elsewhere = str(province.units.a_commune_of("Tân Hiệp").pk)
    offered = {v for _label, units in desk.form.fields["commune_id"].choices[1:] for v, _n in units}
    assert elsewhere not in offered
    assert str(province.units.a_commune_of("Giồng Riềng").pk) in offered


def test_a_change_shows_old_and_new_and_is_recorded(desk, province):
    body = province.hoa_an
    given = desk.open("registry:change_matter", body.pk, "people")
    given |= {"director": "Lê Thị Mới", "from_on": "01/03/2021", "basis": "QĐ 15"}
    check = desk.send(given, "check").content.decode()
    assert "<del>Huỳnh Văn Hải</del>" in check
    assert "<ins>Lê Thị Mới</ins>" in check
    assert desk.send(given).status_code == 302
    assert latest(body).director == "Lê Thị Mới"
    act = Act.objects.filter(name="registry.change_particulars").get()
    assert act.payload.content["basis"] == "QĐ 15"


def test_a_correction_asks_for_a_reason(desk, province):
    body = province.hoa_an
    given = desk.open("registry:correct_matter", body.pk, "name")
    given |= {"name": "Hợp tác xã Đúng Tên"}
    assert "reason" in desk.send(given, "check").context["form"].errors
    assert desk.send({**given, "reason": "gõ nhầm"}).status_code == 302
    assert latest(body).name == "Hợp tác xã Đúng Tên"


def test_whoever_was_overtaken_sees_both_versions(desk, province):
    body = province.hoa_an
    given = desk.open("registry:change_matter", body.pk, "people")
    change_particulars(
        province.department, body, changes={"director": "Người Khác"}, from_on=date(2021, 1, 1)
    )
    given |= {"director": "Lê Thị Mới", "from_on": "01/03/2021"}
    answer = desk.send(given)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Trần Thị Sở" in page
    assert "Người Khác" in page
    assert "Lê Thị Mới" in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    key = re.search(r'name="key" value="(\w+)"', page)[1]
    assert desk.send({**given, "version": version, "key": key}).status_code == 302
    assert latest(body).director == "Lê Thị Mới"


def test_figures_are_stated_and_corrected(desk, province):
    body = province.hoa_an
    given = desk.open("registry:figures", body.pk)
    given |= {"as_of": "30/06/2020", "members": "60", "source": "Báo cáo"}
    assert desk.send(given).status_code == 302
    statement = body.figurestatement_set.get(as_of=date(2020, 6, 30))
    given = desk.open("registry:correct_figures", body.pk, statement.pk)
    assert given["members"] == "60"
    given |= {"members": "61", "reason": "nhầm dòng"}
    assert desk.send(given).status_code == 302
    assert latest(body).members == 61
    assert desk.client.get(desk.address).status_code == 404  # already corrected


def test_the_end_is_recorded(desk, province):
    body = province.hoa_an
    given = desk.open("registry:end", body.pk)
    given |= {"on": "01/01/2021"}
    assert desk.send(given, "check").status_code == 422
    assert desk.send({**given, "basis": "QĐ 12"}).status_code == 302
    assert latest(body).legal_status == "ended"


def test_lineage_is_recorded_by_finding_the_other_body(desk, province):
    body = province.hoa_an
    address = reverse("registry:lineage", args=[body.pk])
    found = desk.client.get(address + "?find=ap dong").content.decode()
    assert str(province.credit_fund.pk) in found
    assert (
        str(province.tan_hiep.pk)
        not in desk.client.get(address + "?find=tan hiep").content.decode()
    )
    given = desk.open("registry:lineage", body.pk)
    given |= {"successor": str(province.credit_fund.pk), "kind": "merger", "on": "01/05/2022"}
    assert desk.send(given).status_code == 302
    assert Lineage.objects.get().successor_id == province.credit_fund.pk


def test_lines_of_business_are_recorded(desk, province):
    given = desk.open("registry:lines", province.hoa_an.pk)
    given |= {"codes": "0111, 0161", "main": "0161", "from_on": "01/01/2020"}
    assert desk.send(given).status_code == 302
    assert BusinessLine.objects.filter(is_main=True).get().vsic_code == "0161"


PAGES = [
    ("registry:change", ()), ("registry:correct", ()), ("registry:change_matter", ("name",)),
    ("registry:correct_matter", ("establishment",)), ("registry:figures", ()),
    ("registry:end", ()), ("registry:lineage", ()), ("registry:lines", ()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rest"), PAGES)
def test_every_act_page_opens_to_who_may_and_to_nobody_else(
    province, officer, client_of, name, rest
):
    address = reverse(name, args=[province.hoa_an.pk, *rest])
    assert client_of(province.district).get(address).status_code == 200
    assert client_of(province.other_district).get(address).status_code == 404
    assert client_of(officer("sector_officer")).get(address).status_code == 403


def test_establishment_can_be_corrected_but_not_change(province, client_of):
    client = client_of(province.district)
    args = [province.hoa_an.pk, "establishment"]
    assert client.get(reverse("registry:change_matter", args=args)).status_code == 404
    assert client.get(reverse("registry:correct_matter", args=args)).status_code == 200
