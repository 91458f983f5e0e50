"""Agencies as an administrator keeps them: added, renamed, ended, corrected; those of the unit lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.findings import Refused
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.actions import (
    add_agency,
    correct_agency,
    end_agency,
    load_agencies,
    rename_agency,
)
from hoptac.jurisdiction.models import Agency, AgencySuccession
from hoptac.jurisdiction.offices import agencies_spoken_for, heirs_of, spoken_for

REFORM = date(2025, 7, 1)
DAY = date(2026, 2, 2)


@pytest.fixture
def loaded(the_system: Any) -> dict[str, Agency]:
    load_agencies(the_system)
    scope.forget()
    return {a.code: a for a in Agency.objects.select_related("unit")}


def test_committees_are_concluded_from_the_unit_lists(loaded: dict[str, Agency], units: Any) -> None:  # fmt: skip
    district = loaded["ubnd-906"]
    assert (district.name, district.valid.upper) == ("Ủy ban nhân dân huyện Giồng Riềng", REFORM)
    assert not district.successions.exists()
    assert loaded["dang-906"].name == "Huyện ủy Giồng Riềng"
    assert loaded["dang-899"].name == "Thành ủy Rạch Giá"
    commune = loaded["ubnd-30742"]
    assert commune.name == "Ủy ban nhân dân phường Vĩnh Bảo"
    heirs = [s.successor for s in commune.successions.select_related("successor__unit")]
    assert [h.name for h in heirs] == ["Ủy ban nhân dân phường Rạch Giá"]
    assert loaded["ubnd-30742-2025"].pk == heirs[0].pk
    assert not Agency.objects.filter(is_confirmed=True).exists()
    assert Agency.objects.filter(kind="committee").count() == 2 + 15 + 145 + 48


def test_loading_again_adds_only_what_is_missing(loaded: Any, the_system: Any) -> None:
    rename_agency(the_system, loaded["so-tc-ag"], name="Sở Tài chính và Kế hoạch", on=date(2026, 1, 1))  # fmt: skip
    before = Agency.objects.count()
    assert load_agencies(the_system) == {"agencies": 0, "successions": 0}
    assert Agency.objects.count() == before


def test_an_agency_is_added_where_another_was(loaded: Any, the_system: Any) -> None:
    old = loaded["so-ct"]
    correct_agency(the_system.because("chưa kết thúc"), old, changes={"end": None})
    new = add_agency(
        the_system, name="Sở Công Thương và Du lịch", unit=old.unit, kind="department",
        begin=date(2024, 1, 1), predecessors=[old], legal_basis="NQ (thử)",
    )  # fmt: skip
    old.refresh_from_db()
    assert (old.valid.upper, new.code) == (date(2024, 1, 1), "so-cong-thuong-va-du-lich")
    assert old.pk in spoken_for([new.pk])
    assert new.pk in heirs_of(old.pk)
    with pytest.raises(Refused) as refused:
        add_agency(the_system, name=new.name, unit=old.unit, kind="department", begin=DAY)
    assert refused.value.codes == {"agency_known"}
    for wrong, code in (
        ({"name": " "}, "field_missing"), ({"kind": "ministry"}, "kind_unknown"),
        ({"code": "so-ct"}, "code_taken"), ({"end": date(2023, 1, 1)}, "days_reversed"),
    ):  # fmt: skip
        given = {
            "name": "Sở Khác",
            "unit": old.unit,
            "kind": "department",
            "begin": date(2024, 1, 1),
            **wrong,
        }
        with pytest.raises(Refused) as refused:
            add_agency(the_system, **given)
        assert refused.value.codes == {code}


def test_a_department_lies_in_no_commune(loaded: Any, the_system: Any, units: Any) -> None:
    commune = units.commune("Giồng Riềng", on=DAY)
    with pytest.raises(Refused) as refused:
        add_agency(the_system, name="Sở Xã", unit=commune, kind="department")
    assert refused.value.codes == {"kind_of_province"}


def test_mandates_go_on_under_a_new_name(loaded: Any, the_system: Any, officer: Callable) -> None:
    finance = loaded["so-tc-ag"]
    ctx = officer("sector_officer", agency=finance)
    new = rename_agency(the_system, finance, name="Sở Tài chính - Kế hoạch", on=date(2026, 1, 1))
    spoken = agencies_spoken_for(ctx, "registry.view")
    assert {finance.pk, new.pk, loaded["so-khdt"].pk} <= spoken
    finance.refresh_from_db()
    assert finance.valid.upper == new.valid.lower == date(2026, 1, 1)
    with pytest.raises(Refused):
        rename_agency(the_system, new, name=new.name, on=DAY)
    with pytest.raises(Refused) as refused:
        rename_agency(the_system, finance, name="Tên khác", on=DAY)
    assert refused.value.codes == {"day_outside"}


def test_an_end_names_who_takes_over(loaded: Any, the_system: Any) -> None:
    farming, finance = loaded["so-nnmt-ag"], loaded["so-tc-ag"]
    with pytest.raises(Refused) as refused:
        end_agency(the_system, farming, on=DAY, successors=[loaded["so-tnmt"]])
    assert refused.value.codes == {"successor_unfit"}
    with pytest.raises(Conflict):
        end_agency(the_system, farming, on=DAY, expected_version=7)
    end_agency(the_system, farming, on=DAY, successors=[finance], legal_basis="NQ (thử)")
    assert farming.pk in spoken_for([finance.pk])
    with pytest.raises(Refused):
        end_agency(the_system, farming, on=DAY)


def test_a_correction_says_why_and_mends_the_successors(loaded: Any, the_system: Any) -> None:
    industry = loaded["so-ct"]
    with pytest.raises(Refused) as refused:
        correct_agency(the_system, industry, changes={"name": "Sở CT"})
    assert refused.value.codes == {"reason_missing"}
    because = the_system.because("theo nghị quyết")
    finance = loaded["so-tc-ag"]
    correct_agency(because, industry, changes={"name": "Sở Công Thương tỉnh"}, successors=[finance])
    assert AgencySuccession.objects.filter(predecessor=industry, successor=finance).exists()
    correct_agency(because, industry, changes={}, successors=[])
    assert not industry.successions.exists()
    with pytest.raises(Refused) as refused:
        correct_agency(because, finance, changes={}, successors=[loaded["lmhtx-ag"]])
    assert refused.value.codes == {"end_missing"}
    history = Agency.pgh_event_model.objects.filter(pgh_obj=industry.pk)
    assert {"Sở Công Thương", "Sở Công Thương tỉnh"} <= set(history.values_list("name", flat=True))


def test_the_states_officer_of_a_district_does_not_speak_for_its_party(
    loaded: Any, officer: Callable, units: Any
) -> None:
    district = units.district("Giồng Riềng")
    state = agencies_spoken_for(officer("registration_officer", unit=district), "registry.view")
    party = agencies_spoken_for(officer("party_office", unit=district), "registry.view")
    assert {loaded["ubnd-906"].pk, loaded["tckh-906"].pk} == state
    assert {loaded["dang-906"].pk} == party
    assert agencies_spoken_for(officer("department_officer"), "registry.view") == frozenset()


def test_only_an_administrator_keeps_agencies(loaded: Any, officer: Callable, units: Any) -> None:
    finance = loaded["so-tc-ag"]
    with pytest.raises(PermissionDenied):
        end_agency(officer("department_officer"), finance, on=DAY)
    local = officer("administrator", unit=units.commune("Giồng Riềng", on=DAY))
    with pytest.raises(OutOfReach):
        end_agency(local, finance, on=DAY)
    with pytest.raises(OutOfReach):
        add_agency(local, name="Sở Lạ", unit=finance.unit, kind="department")


def test_the_pages_keep_agencies(loaded: Any, officer: Callable, client_of: Callable) -> None:
    client = client_of(officer("administrator"))
    page = client.get(reverse("agencies:list"), {"q": "tai chinh", "state": "now"})
    assert {r["a"].code for r in page.context["rows"]} == {"so-tc-ag"}
    assert client.get(reverse("agencies:list"), {"state": "ended", "page": 2}).status_code == 200
    added = client.post(
        reverse("agencies:add"),
        {
            "name": "Văn phòng Tỉnh ủy An Giang",
            "kind": "party",
            "unit": str(loaded["so-tc-ag"].unit_id),
            "begin": "01/07/2025",
        },
    )
    assert added.status_code == 302
    made = Agency.objects.get(name="Văn phòng Tỉnh ủy An Giang")
    assert client.get(reverse("places:agency", args=[made.pk])).context["manages"]
    assert (
        client.post(
            reverse("agencies:rename", args=[made.pk]), {"name": "", "on": "01/01/2026"}
        ).status_code
        == 422
    )
    assert (
        client.post(
            reverse("agencies:correct", args=[made.pk]),
            {
                "name": "Văn phòng Tỉnh ủy",
                "short_name": "VPTU",
                "kind": "party",
                "begin": "01/07/2025",
                "reason": "tên gọi",
                "version": "1",
            },
        ).status_code
        == 302
    )
    assert (
        client.post(
            reverse("agencies:end", args=[made.pk]), {"on": "01/01/2026", "version": "1"}
        ).status_code
        == 422
    )
    assert (
        client.post(
            reverse("agencies:end", args=[made.pk]), {"on": "01/01/2026", "version": "2"}
        ).status_code
        == 302
    )
    other = client_of(officer("department_officer"))
    assert other.get(reverse("agencies:list")).status_code == 403
    assert other.post(reverse("agencies:end", args=[made.pk])).status_code == 403
