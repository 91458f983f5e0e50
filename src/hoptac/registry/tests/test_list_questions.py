"""What the list finds, keeps, orders and shows, before any page."""

from __future__ import annotations

from datetime import date
from unicodedata import normalize

import pytest
from django.http import QueryDict

from hoptac.registry.actions import set_business_lines
from hoptac.registry.filters import RegisterFilter, read, size_choices
from hoptac.registry.selectors import counts_by_kind
from hoptac.registry.tables import COLUMNS, Table, chosen_columns, columns_for, ordered

TODAY = date(2026, 11, 23)


def asked(text: str = "") -> RegisterFilter:
    return read(QueryDict(text), today=TODAY, columns=COLUMNS)


def names(ctx, text: str = "") -> list[str]:
    wanted = asked(text)
    rows = ordered(wanted.periods(ctx), wanted.sort, wanted.day)
    return [n.removeprefix("Hợp tác xã ") for n in rows.values_list("name", flat=True)]


HOA_AN = "Dịch vụ nông nghiệp Hoà An"


@pytest.mark.parametrize(
    "text",
    ["hoa an", "Hoà An", "Hòa An", "HOA AN", "nghiep hoa", "1709551552", "17 0955 1552",
     "098 000 2670", "huynh van hai", "Huỳnh Văn Hải", normalize("NFD", "Huỳnh Văn Hải"),
     normalize("NFD", "Hoà An")],
)  # fmt: skip
def test_a_body_is_found_without_marks_by_either_tone_habit_by_code_by_phone_by_director(
    province, text
):
    query = QueryDict(mutable=True)
    query["q"] = text
    wanted = read(query, today=TODAY, columns=COLUMNS)
    found = wanted.periods(province.department).values_list("name", flat=True)
    assert list(found) == ["Hợp tác xã " + HOA_AN]


def test_who_may_not_see_people_cannot_find_by_them(province, officer):
    supervisor = officer("supervisor")
    assert names(supervisor, "q=hoa an") == [HOA_AN]
    assert names(supervisor, "q=1709551552") == [HOA_AN]
    assert names(supervisor, "q=huynh van hai") == []
    assert names(supervisor, "q=0980002670") == []


def test_ended_bodies_are_hidden_unless_asked_for(province):
    assert "Đã Xong" not in names(province.department)
    assert "Đã Xong" in names(province.department, "ended=1")
    assert "Đã Xong" in names(province.department, "legal=ended")
    assert "Đã Xong" in names(province.department, "on=2019-12-31")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sector=credit", ["Quỹ tín dụng nhân dân Ấp Đông"]),
        ("kind=group", None),
        ("members=micro", ["Nông nghiệp Tân Hiệp A", "Tổ hợp tác Bơm tưới số 2"]),
        ("members=small", [HOA_AN]),
        ("members=small&members=large", [HOA_AN, "Quỹ tín dụng nhân dân Ấp Đông"]),
        ("capital=medium", ["Quỹ tín dụng nhân dân Ấp Đông"]),
        ("from=2000&to=2005", ["Nông nghiệp Tân Hiệp A"]),
        ("era=before_2012", ["Nông nghiệp Tân Hiệp A"]),
        ("state=idle", []),
        ("sector=nonsense&members=nonsense&on=never&page=x&per=7", None),
    ],
)
def test_filters(province, text, found):
    everything = names(province.department)
    assert names(province.department, text) == (everything if found is None else found)


def test_a_former_district_filters_by_its_ground(province):
    unit = province.units.district("Giồng Riềng")
    assert names(province.department, f"district={unit.pk}") == [
        HOA_AN, "Quỹ tín dụng nhân dân Ấp Đông"
    ]  # fmt: skip
    commune = province.units.a_commune_of("Tân Hiệp")
    assert len(names(province.department, f"commune={commune.pk}")) == 2


def test_the_list_is_of_a_day(province):
    assert asked("on=31/12/2019").is_past
    assert not asked("on=2099-01-01").is_past
    assert names(province.department, "on=2010-01-01") == ["Nông nghiệp Tân Hiệp A"]


@pytest.mark.parametrize("column", sorted(COLUMNS))
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("on", ["", "&on=2019-12-31"])
def test_every_column_sorts_and_shows(province, column, sign, on):
    wanted = asked(f"sort={sign}{column}&cols={column}{on}")
    table = Table(chosen_columns(province.department, wanted.columns), wanted.day)
    rows = ordered(wanted.periods(province.department), wanted.sort, wanted.day)
    html = table.rows_html(rows.values_list(*table.fields))
    assert html.count("<tr>") == rows.count() == len(list(table.export_rows(
        rows.values_list(*table.fields)
    )))  # fmt: skip


def test_lines_of_business_are_shown_and_taken_out_as_of_the_day(
    province, django_assert_num_queries
):
    set_business_lines(
        province.department, province.hoa_an, codes=["0111", "0161"], main="0161",
        from_on=date(2021, 3, 1),
    )  # fmt: skip

    def both(on: str) -> tuple[list[tuple[str, str]], str]:
        wanted = asked(f"q={HOA_AN}&cols=main_line,lines&sort=-lines{on}")
        table = Table(chosen_columns(province.department, wanted.columns), wanted.day)
        found = ordered(wanted.periods(province.department), wanted.sort, wanted.day)
        rows = list(found.values_list(*table.fields))
        with django_assert_num_queries(2):  # one for each of the two columns, however many rows
            html = table.rows_html(rows)
        return [row[1:] for row in table.export_rows(rows)], html

    taken_out, html = both("")
    assert taken_out == [("0161 Hoạt động dịch vụ trồng trọt", "0161; 0111")]
    assert "0161 Hoạt động dịch vụ trồng trọt" in html
    assert '<abbr title="Trồng lúa">0111</abbr>' in html
    taken_out, html = both("&on=2021-02-28")
    assert taken_out == [("", "")]
    assert "0161" not in html


def test_names_sort_in_vietnamese_order_and_the_unknown_last(province):
    assert names(province.department)[:2] == [HOA_AN, "Nông nghiệp Tân Hiệp A"]
    assert names(province.department, "sort=-members")[0].startswith("Quỹ")
    assert names(province.department, "sort=workers")[-1] == "Tổ hợp tác Bơm tưới số 2"
    assert names(province.department, "sort=-workers")[-1] == "Tổ hợp tác Bơm tưới số 2"


def test_cells_escape_what_people_typed(province, cooperative):
    cooperative(name="<script>alert(1)</script>", director="<b>")
    table = Table(chosen_columns(province.department, ["director"]), TODAY)
    html = table.rows_html(asked().periods(province.department).values_list(*table.fields))
    assert "<script>" not in html
    assert "<b>" not in html


def test_columns_of_people_ask_for_a_permission(province, officer):
    assert "phone" in columns_for(province.department)
    assert not {"phone", "director", "chairman"} & set(columns_for(officer("supervisor")))


def test_an_address_says_again_what_was_read():
    text = "q=hoa+an&kind=group&sector=trade&sector=credit&from=2001&on=2019-12-31&sort=-members&per=50&page=3"
    assert asked(text).query() == text
    assert "page" not in asked(text).query(sort="name")
    assert asked(text).without_filters() == "kind=group&on=2019-12-31&sort=-members&per=50"


def test_chips_take_one_filter_away(province):
    unit = province.units.district("Giồng Riềng")
    chips = asked(f"q=a&sector=credit&sector=trade&district={unit.pk}&ended=1").chips()
    assert len(chips) == 5
    assert chips[1].query == f"q=a&sector=trade&district={unit.pk}&ended=1"


def test_sizes_are_named_with_their_bounds():
    assert size_choices("members", TODAY)[1][1].endswith("(50-300)")
    assert size_choices("capital", TODAY)[1][1].endswith("(1-5 tỷ)")


def test_counts_by_kind(province):
    assert dict(counts_by_kind(asked().periods(province.department))) == {
        "cooperative": 3,
        "group": 1,
    }
