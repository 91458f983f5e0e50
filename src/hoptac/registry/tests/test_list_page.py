"""The list as a page: who sees what, searching, saving, taking out, and at what cost."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from hoptac.foundation.audit.models import Act
from hoptac.registry.actions import change_particulars
from hoptac.registry.models import SavedView

LIST = "/registry/"


@pytest.fixture
def page(province, client_of):
    client = client_of(province.district)

    def get(query: str = "all=1", **headers) -> str:
        response = client.get(f"{LIST}?{query}", **headers)
        assert response.status_code == 200
        return response.content.decode()

    get.client = client
    return get


def test_an_officer_sees_the_bodies_of_the_territory(page):
    shown = page()
    assert "Dịch vụ nông nghiệp Hoà An" in shown
    assert "Tân Hiệp A" not in shown
    assert "Đã Xong" not in shown


def test_who_has_not_signed_in_is_sent_to_sign_in(client, db):
    response = client.get(LIST)
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_pages_ask_for_their_permission(db, client_of, officer):
    client = client_of(officer("administrator"))
    answers = {
        name: client.get(reverse(name)).status_code
        for name in ("registry:list", "registry:views", "registry:export", "registry:enter")
    }
    assert answers == {
        "registry:list": 200, "registry:views": 200, "registry:export": 403, "registry:enter": 403
    }  # fmt: skip


def test_a_search_without_marks_finds_the_body(page):
    assert "Hoà An" in page("q=hoa an")
    assert "Ấp Đông" not in page("q=hoa an")


def test_htmx_gets_the_results_alone(page):
    whole, part = page("q=hoa"), page("q=hoa", headers={"HX-Request": "true"})
    assert part.lstrip().startswith("<section")
    assert "<html" in whole


def test_nothing_found_proposes_to_drop_filters(page):
    shown = page("q=khong co&sector=credit")
    assert "sector=credit" in shown
    assert "q=khong+co" in shown


def test_a_past_day_is_said_loudly(page):
    assert "31/12/2019" in page("on=2019-12-31")
    assert "Đã Xong" in page("on=2019-12-31")


def test_columns_are_remembered_by_the_browser(page):
    page("cols=workers,director")
    shown = page()
    assert "Huỳnh Văn Hải" in shown
    assert "sort=-workers&amp;cols=workers" in shown


def test_who_may_not_see_people_cannot_choose_their_columns(province, officer, client_of):
    client = client_of(officer("supervisor"))
    shown = client.get(LIST + "?cols=director,phone").content.decode()
    assert "Huỳnh" not in shown
    assert "0980002670" not in shown
    assert 'value="phone"' not in shown


def test_a_page_beyond_the_last_shows_the_last(page):
    assert "Hoà An" in page("page=99")


def test_a_column_sorts_in_both_ways(page):
    shown = page("sort=-members")
    assert shown.index("Ấp Đông") < shown.index("Hoà An")
    assert 'aria-sort="descending"' in shown


# --- Saved views --------------------------------------------------------------------------------


def test_a_view_is_kept_renamed_preferred_shared_and_deleted(page, province, client_of, officer):
    client = page.client
    save, forget = reverse("registry:view_save"), reverse("registry:view_remove")
    client.post(save, {"name": "Tín dụng", "query": "sector=credit&page=3&nonsense=1"})
    view = SavedView.objects.get()
    assert (view.query, view.is_default, view.is_shared) == ("sector=credit", False, False)
    assert "Tín dụng" in page()
    client.post(save, {"view": view.pk, "name": "Quỹ", "is_default": "1", "is_shared": "1"})
    view.refresh_from_db()
    assert (view.name, view.is_default, view.is_shared) == ("Quỹ", True, True)
    assert client.get(LIST)["Location"] == "/registry/?sector=credit"
    colleague = client_of(province.other_district)
    assert "Quỹ" in colleague.get("/registry/views/").content.decode()
    assert "sector=credit" not in client_of(officer("supervisor")).get(LIST).content.decode()
    assert colleague.post(forget, {"view": view.pk}).status_code == 404
    assert colleague.post(save, {"view": view.pk, "name": "Của tôi"}).status_code == 302
    view.refresh_from_db()
    assert view.name == "Quỹ"
    assert client.get("/registry/views/").status_code == 200
    client.post(forget, {"view": view.pk})
    assert not SavedView.objects.exists()
    names = Act.objects.filter(actor_id=province.district.user.pk).values_list("name", flat=True)
    assert [*names.order_by("number")] == [
        "registry.save_view", "registry.save_view", "registry.remove_view",
    ]  # fmt: skip


def test_a_view_without_a_name_is_refused(page):
    page.client.post(reverse("registry:view_save"), {"name": " ", "query": "kind=group"})
    assert not SavedView.objects.exists()


# --- Taking out ---------------------------------------------------------------------------------

EXPORT = "/registry/export/?cols=director,members,capital&sort=-members&format="


def test_csv_holds_exactly_what_is_shown_and_is_journalled(page):
    response = page.client.get(EXPORT + "csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [r[0][:3] for r in rows[1:]] == ["Quỹ", "Hợp"]
    assert rows[2][1:] == ["Huỳnh Văn Hải", "52", "350000000"]
    act = Act.objects.filter(name="registry.export").get()
    said = act.payload.content["details"]
    assert (said["rows"], said["format"]) == (2, "csv")
    assert said["query"] == "sort=-members&cols=director%2Cmembers%2Ccapital"


def test_xlsx_holds_exactly_what_is_shown(page):
    response = page.client.get(EXPORT + "xlsx&q=hoa+an")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = [[c for c in row if c is not None] for row in sheet.iter_rows(values_only=True)]
    assert rows[-1] == [
        "Hợp tác xã Dịch vụ nông nghiệp Hoà An", "Huỳnh Văn Hải", 52, 350_000_000
    ]  # fmt: skip


def test_no_export_without_its_permission(province, officer, client_of):
    assert client_of(officer("supervisor")).get(EXPORT + "csv").status_code == 403
    assert client_of(province.department).get(EXPORT + "pdf").status_code == 404


# --- Cost ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["all=1", "q=hoa+an", "on=2019-12-31&sort=commune", "sector=credit&sort=-members"]
)
def test_the_list_asks_few_questions(page, query, django_assert_max_num_queries):
    page(query)
    with django_assert_max_num_queries(8):
        page(query)


def test_counts_are_kept_until_the_next_act(page, province):
    assert page("state=idle").count("<tr>") == 0
    change_particulars(
        province.district, province.hoa_an, changes={"working_state": "idle"},
        from_on=date(2020, 1, 1),
    )  # fmt: skip
    assert page("state=idle").count("<tr>") == 2


@pytest.mark.parametrize("typed", ["2019-02-30", "31/02/2019", "hôm qua"])
def test_a_day_that_is_none_is_said_and_not_taken_for_today_silently(page, typed):
    shown = page(f"on={typed}")
    assert f"“{typed}” không phải là ngày" in shown
    assert "Hoà An" in shown
    assert "không phải là ngày" not in page("on=31/12/2019")


def test_a_day_before_every_rule_has_no_classes_of_size(page):
    assert "Hoà An" not in page("on=1850-01-01")
    assert "Hoà An" not in page("on=1850-01-01&members=small&capital=large&lacks=few_members")
