"""A body's page: what it tells, to whom, of which day."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from hoptac.foundation import panels
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.actions import load_agencies
from hoptac.registry.actions import (
    change_particulars,
    correct_figures,
    correct_particulars,
    record_lineage,
    set_business_lines,
    state_figures,
)


@pytest.fixture
def lived(province):
    """A body to which everything has happened."""
    ctx, body = province.district, province.hoa_an
    change_particulars(
        ctx.by(basis="QĐ 15/QĐ-UBND"), body, changes={"director": "Lê Thị Mới"},
        from_on=date(2021, 3, 1),
    )  # fmt: skip
    state_figures(ctx, body, figures={"members": 60}, as_of=date(2020, 6, 30), source="Báo cáo")
    correct_particulars(ctx.because("gõ nhầm"), body, changes={"director": "Lê Thị Mỹ"})
    wrong = body.figurestatement_set.filter(as_of=date(2020, 6, 30)).get()
    correct_figures(ctx.because("nhầm dòng"), body, statement=wrong.pk, figures={"members": 61})
    set_business_lines(ctx, body, codes=["0111", "0161"], main="0111", from_on=date(2018, 1, 1))
    record_lineage(ctx, province.credit_fund, successor=body, kind="merger", on=date(2022, 5, 1))
    return body


def shown(client, body, query: str = "") -> str:
    response = client.get(reverse("registry:record", args=[body.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_tells_how_it_stands_and_what_happened(lived, province, client_of):
    page = shown(client_of(province.district), lived)
    for words in (
        "Hợp tác xã Dịch vụ nông nghiệp Hoà An", "1709551552", "Lê Thị Mỹ", "0980002670",
        "350 ", "120,5", "61", "30/06/2020", "danh-sach-2019.xlsx", "0161", "Ấp Đông",
        "Căn cứ: QĐ 15/QĐ-UBND", "Lý do: gõ nhầm", "Nguồn: danh-sach-2019.xlsx",
        "<del>Lê Thị Mới</del>", "<ins>Lê Thị Mỹ</ins>", "<del>60</del>",
    ):  # fmt: skip
        assert words in page, words


def test_the_page_of_a_past_day(lived, province, client_of):
    page = shown(client_of(province.district), lived, "?on=31/12/2019")
    head = page.split('id="history"')[0]
    assert "Huỳnh Văn Hải" in head
    assert "Lê Thị" not in head
    assert "52" in head
    assert "61" not in head.split("stats")[1].split("record-boxes")[0]


def test_a_day_before_it_was_known(province, client_of):
    assert "01/06/2015" in shown(client_of(province.district), province.hoa_an, "?on=2010-01-01")


def test_people_are_shown_only_to_who_may_see_them(lived, province, officer, client_of):
    page = shown(client_of(officer("supervisor")), lived)
    for words in ("Huỳnh Văn Hải", "Lê Thị Mỹ", "0980002670"):
        assert words not in page


def test_what_lies_elsewhere_is_not_found_like_what_is_missing(province, client_of):
    client = client_of(province.other_district)
    elsewhere = client.get(reverse("registry:record", args=[province.hoa_an.pk]))
    missing = client.get("/registry/01890000-0000-7000-8000-000000000000/")
    assert elsewhere.status_code == missing.status_code == 404


def test_only_acts_that_the_reader_may_do_are_offered(province, officer, client_of):
    address = reverse("registry:change", args=[province.hoa_an.pk])
    assert address in shown(client_of(province.district), province.hoa_an)
    assert address not in shown(client_of(officer("sector_officer")), province.hoa_an)
    end = reverse("registry:end", args=[province.ended.pk])
    assert end not in shown(client_of(province.district), province.ended)


def test_the_record_asks_few_questions(lived, province, client_of, django_assert_max_num_queries):
    client = client_of(province.district)
    shown(client, lived)
    with django_assert_max_num_queries(13):
        shown(client, lived)


def test_too_few_members_are_warned_of(province, client_of):
    page = shown(client_of(province.department), province.tan_hiep, "?on=2019-12-31")
    assert "7" in page.split("badge warn")[1][:200]


def test_other_apps_put_boxes_on_the_page(province, client_of):
    box = panels.Panel(
        "registry.cooperative", "Hộp của ứng dụng khác",
        lambda ctx, body, day: {"facts": [{"label": "Số", "value": body.kind}]},
        "registry/tests/_box.html", permission="registry.record",
    )  # fmt: skip
    panels.declare(box)
    try:
        found = panels.boxes(province.district, province.hoa_an, date(2020, 1, 1))
        assert "Hộp của ứng dụng khác" in [b.title for b in found]
    finally:
        panels.withdraw(box)


def test_a_body_outside_the_territory_is_not_named_by_its_lineage(
    cooperative, officer, client_of, the_system, units
):
    ours = cooperative(name="HTX Nhà Mình", district="Giồng Riềng")
    theirs = cooperative(name="HTX Nơi Khác", district="Tân Hiệp")
    record_lineage(the_system, theirs, successor=ours, kind="merger", on=date(2022, 5, 1))
    local = client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))
    page = shown(local, ours)
    assert "HTX Nơi Khác" not in page
    assert str(theirs.pk) not in page
    assert "một đơn vị ngoài địa bàn của anh/chị" in page
    assert "HTX Nơi Khác" in shown(client_of(officer("department_officer")), ours)


def test_a_day_that_is_none_is_said(province, client_of):
    page = shown(client_of(province.district), province.hoa_an, "?on=2019-02-30")
    assert "“2019-02-30” không phải là ngày" in page


def test_the_registrar_is_that_of_the_day_by_the_law_and_the_map_of_the_day(
    province, client_of, the_system
):
    load_agencies(the_system)
    client = client_of(province.department)
    try:
        then = shown(client, province.hoa_an, "?on=2019-12-31")
        now = shown(client, province.hoa_an)
        group = shown(client, province.group, "?on=2019-12-31")
    finally:
        scope.forget()
    assert "Phòng Tài chính - Kế hoạch huyện Giồng Riềng" in then
    assert "Phòng Kinh tế xã" in now
    assert "Phòng Tài chính - Kế hoạch" not in now
    # Not read off an official text yet, and said so.
    assert "Cơ quan đăng ký" in then
    assert "cần xác nhận" in then
    # A group was registered in its commune, whose office of those days is not known.
    assert "Phòng" not in group.split("Cơ quan đăng ký")[1].split("</dd>")[0]
    assert "Cơ quan đăng ký" not in shown(client, province.hoa_an, "?on=2012-01-01")
