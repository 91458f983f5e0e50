"""Figures, days and addresses as the reader's language writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from hoptac.ui.templatetags import ui


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        (1234567, "1.234.567", "1,234,567"),
        (Decimal("58506.90"), "58.506,9", "58,506.9"),
        (0, "0", "0"),
        (-1234.5, "-1.234,5", "-1,234.5"),
        (None, "", ""),
        ("", "", ""),
        ("chưa rõ", "chưa rõ", "chưa rõ"),
        (123456789012345, "123.456.789.012.345", "123,456,789,012,345"),
    ],
)
def test_numbers_follow_the_language(value, vietnamese, english):
    assert ui.number(value) == vietnamese
    with translation.override("en"):
        assert ui.number(value) == english


@pytest.mark.parametrize(
    ("dong", "short"),
    [
        (238_673_000_000, "238,673 tỷ đồng"),
        (69_400_000, "69,4 triệu đồng"),
        (100_000_000_000_000, "100.000 tỷ đồng"),
        (999_999, "999.999 đồng"),
        (0, "0 đồng"),
        (None, ""),
    ],
)
def test_money_is_short_in_the_largest_plain_unit(dong, short):
    assert ui.short_money(dong) == short


def test_money_in_full_area_and_share():
    assert ui.money(238_673_000_000) == "238.673.000.000 đồng"
    assert ui.ha(Decimal("58506.9")) == "58.506,9 ha"
    assert ui.percent(0.886) == "88,6 %"
    with translation.override("en"):
        assert ui.short_money(241_252_000_000) == "241.252 billion dong"
        assert ui.percent(Decimal("0.886")) == "88.6 %"


def test_days_and_moments_are_local():
    assert ui.day(date(2019, 12, 31)) == "31/12/2019"
    assert ui.day(datetime(2019, 12, 31, 18, tzinfo=UTC)) == "01/01/2020"
    assert ui.moment(datetime(2019, 12, 31, 18, 5, tzinfo=UTC)) == "01:05 01/01/2020"
    assert ui.day(None) == ui.moment("") == ""


def test_initials_are_of_the_middle_and_given_name():
    assert ui.initials("Trần Thị Sở") == "TS"
    assert ui.initials("Đức") == "ĐỨ"
    assert ui.initials("") == "?"


def test_the_query_is_changed_and_nothing_else():
    request = RequestFactory().get("/registry/", QueryDict("q=hoà an&page=3").dict())
    shown = Template("{% with_query page=4 %} {% with_query q='' %} {% sort_query 'name' 'name' %}")
    first, second, third = shown.render(Context({"request": request})).split()
    assert first == "?q=ho%C3%A0+an&amp;page=4"
    assert second == "?page=3"
    assert third == "?q=ho%C3%A0+an&amp;sort=-name"


def test_an_icon_is_hidden_unless_it_bears_a_label():
    assert 'aria-hidden="true"' in ui.icon("search")
    assert 'aria-label="&lt;Tìm&gt;"' in ui.icon("search", "<Tìm>")
