"""The map of any day, units and agencies with what became of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hoptac.jurisdiction.actions import load_agencies
from hoptac.jurisdiction.models import Agency, AgencySuccession

SINCE = date(2026, 1, 1)


@pytest.fixture
def reader(officer: Callable, client_of: Callable) -> Client:
    return client_of(officer("supervisor"))


def test_the_map_of_today_and_of_before_the_reform(
    reader: Client, django_assert_max_num_queries: Any
) -> None:
    reader.get(reverse("places:units"))
    with django_assert_max_num_queries(5):
        today = reader.get(reverse("places:units"))
    assert (today.context["count"], today.context["district_count"]) == (48, 0)
    before = reader.get(reverse("places:units"), {"on": "2019-12-31"})
    assert (before.context["count"], before.context["district_count"]) == (145, 15)
    eve = reader.get(reverse("places:units"), {"on": "2025-06-30"})
    assert eve.context["count"] == 145
    found = reader.get(reverse("places:units"), {"on": "2019-12-31", "q": "vinh bao"})
    assert found.context["count"] == 1
    for odd in ("2019-13-45", "nonsense", "99999-01-01"):
        assert reader.get(reverse("places:units"), {"on": odd}).status_code == 200


def test_a_units_story_names_those_before_and_after(reader: Client, units: Any) -> None:
    new = units.commune("Rạch Giá", on=SINCE)
    page = reader.get(reverse("places:unit", args=[new.pk]))
    names = {s.predecessor.name for s in page.context["story"].predecessors}
    assert "Vĩnh Bảo" in names
    old = units.commune("Vĩnh Bảo")
    page = reader.get(reverse("places:unit", args=[old.pk]))
    assert [s.successor for s in page.context["story"].successors] == [new]
    assert page.context["is_over"]
    assert "01/07/2025" in page.content.decode()
    district = reader.get(reverse("places:unit", args=[old.parent_id]))
    assert len(district.context["story"].children) == 12


def test_agencies_pass_their_duties_on(the_system: Any, reader: Client) -> None:
    counts = load_agencies(the_system)
    assert load_agencies(the_system) == {"agencies": 0, "successions": 0}
    assert Agency.objects.filter(kind="office").count() == 15 + 48
    assert counts["agencies"] == Agency.objects.count()
    planning = Agency.objects.get(code="so-khdt")
    after = [s.successor.code for s in planning.successions.all()]
    assert after == ["so-tc"]
    finance = Agency.objects.get(code="so-tc")
    assert [s.successor.code for s in finance.successions.all()] == ["so-tc-ag"]
    both = AgencySuccession.objects.filter(successor__code="so-nnmt").order_by("predecessor__code")
    assert [s.predecessor.code for s in both] == ["so-nnptnt", "so-tnmt"]
    assert not Agency.objects.filter(is_confirmed=True).exists()
    office = Agency.objects.get(code="tckh-899")
    heirs = {s.successor.unit.name for s in office.successions.select_related("successor__unit")}
    assert "Rạch Giá" in heirs
    every = Agency.objects.filter(code__startswith="tckh-")
    assert all(a.successions.exists() for a in every)
    page = reader.get(reverse("places:agency", args=[planning.pk]))
    assert "Sở Tài chính" in page.content.decode()


def test_the_list_of_agencies_follows_the_day(the_system: Any, reader: Client) -> None:
    load_agencies(the_system)

    def names(**asked: Any) -> set[str]:
        page = reader.get(reverse("places:agencies"), asked)
        return {a.code for a in page.context["agencies"]}

    assert "so-khdt" in names(on="2025-02-28")
    assert "so-khdt" not in names(on="2025-03-01")
    assert names() == {"tu-ag", "ubnd-tinh-ag", "so-tc-ag", "so-nnmt-ag", "lmhtx-ag"}
    assert "kt-30742" in names(offices="1")
    assert "so-khdt" in names(show="ever")


def test_places_are_for_everybody_who_signed_in(officer: Callable, client_of: Callable) -> None:
    for name in ("places:units", "places:agencies"):
        assert Client().get(reverse(name)).status_code == 302
        assert client_of(officer("bank_officer")).get(reverse(name)).status_code == 200


def test_unknown_places_are_not_found(reader: Client) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    for name in ("places:unit", "places:agency"):
        assert reader.get(reverse(name, args=[nobody])).status_code == 404
