"""The page of figures: who opens it, what it shows, where its numbers lead, what it gives out."""

from __future__ import annotations

import io
import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from hoptac.registry import filters
from hoptac.statistics import selectors
from hoptac.statistics.asked import read
from hoptac.statistics.sheets import sheets

PAGE = reverse("statistics:table")
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _nothing_kept():
    selectors._kept_counts.clear()


@pytest.fixture
def page(province, client_of):
    client = client_of(province.department)

    def get(query: str = "", path: str = PAGE):
        return client.get(f"{path}?{query}")

    return get


def test_the_page_shows_table_chart_and_definitions(page):
    answer = page("on=2019-12-31")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "statistics-chart" in text
    assert "12.440.000.000" in text
    assert "160,50" in text
    assert "Người tham gia hai hợp tác xã được tính hai lần" in text
    assert "style=" not in text.split("<main")[1].split("</main")[0]


@pytest.mark.parametrize(
    "query",
    ["", "on=2019-12-31&rows=district&cols=sector", "rows=locality&cols=year&from=2016&to=2026",
     "i=growth&i=new_cooperatives&i=ended_cooperatives&rows=year&map=today",
     "i=members&rows=commune&cols=day&on=2019-12-31,2020-06-30&map=districts"],
)  # fmt: skip
def test_the_page_asks_few_queries(page, query):
    page(query)
    selectors._kept_counts.clear()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert page(query).status_code == 200
    assert len(asked) <= MOST_QUERIES


def test_only_readers_of_figures_open_it(province, officer, client_of, client):
    assert client.get(PAGE).status_code in {302, 403}
    director = officer("cooperative_director", cooperative_id=province.hoa_an.pk)
    for name in ("table", "download", "behind"):
        path = reverse(f"statistics:{name}")
        assert client_of(director).get(path).status_code == 403
    assert client_of(officer("supervisor")).get(PAGE).status_code == 200


def test_wrong_words_in_the_address_are_left_out(page):
    assert page("i=none&rows=colour&cols=sector&on=yesterday&map=mars&from=x").status_code == 200
    assert page("rows=year&cols=day").status_code == 200
    assert page("from=1&to=99999&rows=year&district=abc&sector=none").status_code == 200


def test_a_table_that_does_not_add_up_is_not_shown(page, monkeypatch):
    honest = selectors.count_up

    def lossy(*args, **kwargs):
        found = honest(*args, **kwargs)
        found.parts.pop(next(iter(found.parts)))
        return found

    monkeypatch.setattr(selectors, "count_up", lossy)
    answer = page("on=2019-12-31")
    assert answer.status_code == 422
    assert "<table" not in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["on=2019-12-31&rows=sector&i=bodies&i=cooperatives&i=members", "rows=district&i=bodies&map=districts",
     "on=2019-12-31&rows=district&cols=sector&i=cooperatives",
     "on=2019-12-31&rows=commune&i=cooperatives&map=today", "rows=commune&i=bodies",
     "on=2019-12-31&rows=legal_era&cols=working_state&i=bodies", "rows=kind&i=bodies",
     "rows=sector&cols=year&from=2015&to=2021&i=new_cooperatives&i=cooperatives",
     "rows=province&i=bodies", "on=2019-12-31&rows=sector&i=bodies&sector=credit&sector=trade",
     "on=2020-12-31&rows=sector&i=ended_cooperatives&i=with_figures",
     "on=2019-12-31&rows=district&map=today&i=groups"],
)  # fmt: skip
def test_every_number_of_bodies_leads_to_exactly_as_many(province, page, query):
    ctx = province.department
    asked = read(QueryDict(query), today=ctx.today)
    followed = 0
    for sheet in sheets(asked.table(ctx), asked):
        for line in [*sheet.lines, *([sheet.total] if sheet.total else [])]:
            for cell, (heading, _unit) in zip(line.cells, sheet.headings, strict=True):
                if not cell.href or heading == "Thành viên":
                    continue
                address = urlsplit(cell.href)
                if address.path == reverse("registry:list"):
                    wanted = filters.read(QueryDict(address.query), today=ctx.today)
                    found = wanted.periods(ctx)
                    count = (found.filter(kind=wanted.kind) if wanted.kind else found).count()
                else:
                    answer = page(address.query, address.path)
                    count = len(answer.context["bodies"])
                assert str(count) == cell.text, cell.href
                followed += 1
    assert followed


def test_the_table_is_taken_out_as_shown(page):
    path = reverse("statistics:download")
    query = "on=2019-12-31&i=cooperatives&i=area&rows=sector"
    text = page(f"{query}&format=csv", path).getvalue().decode("utf-8-sig")
    assert text.splitlines()[-1].endswith(",4,160.50")
    book = load_workbook(io.BytesIO(page(f"{query}&format=xlsx", path).getvalue()))
    rows = [r for r in book.active.iter_rows(values_only=True) if isinstance(r[1], int)]
    assert rows[-1][1:3] == (4, 160.5)
    assert page("format=pdf", path).status_code == 404


def test_a_list_of_bodies_names_only_the_own_territory(province, client_of):
    query = "on=2020-12-31&rows=sector&i=ended_cooperatives&of=ended_cooperatives"
    path = reverse("statistics:behind")
    own = client_of(province.district).get(f"{path}?{query}")
    assert re.findall("Đã Xong", own.content.decode())
    other = client_of(province.other_district).get(f"{path}?{query}")
    assert not other.context["bodies"]
    assert client_of(province.district).get(f"{path}?of=none").status_code == 404
    assert client_of(province.district).get(f"{path}?{query}&row=x").status_code == 404


def test_years_end_today(page):
    today = date.today()
    answer = page(f"rows=year&i=bodies&from={today.year}&to={today.year + 5}")
    assert [m.day for m in answer.context["table"].moments] == [today]


def terms(answer):
    return dict(answer.context["terms"])


def test_paper_and_files_name_the_day_the_map_and_the_filters(page):
    asked = "on=2019-12-31&rows=district&sector=credit&sector=agriculture&kind=cooperative"
    told = terms(page(asked))
    assert told["Tại ngày"] == "31/12/2019"
    assert told["Bản đồ hành chính"] == "Bản đồ của từng ngày"
    assert set(told["Lĩnh vực"].split(", ")) >= {"Tín dụng"}
    shown = page(asked).content.decode()
    assert "Bản đồ của từng ngày" in shown.split("statistics-terms")[1].split("</p>")[0]
    today = terms(page(asked + "&map=today"))
    assert today["Bản đồ hành chính"] != told["Bản đồ hành chính"]
    book = page(f"{asked}&map=today&format=xlsx", reverse("statistics:download"))
    cells = [
        str(c.value)
        for row in load_workbook(io.BytesIO(book.getvalue())).active.iter_rows()
        for c in row
        if c.value
    ]
    for label, value in today.items():
        assert f"{label}: {value}" in cells


def test_a_long_series_names_its_ends(page):
    told = terms(page("rows=year&from=2010&to=2019"))
    assert told["Tại ngày"] == "31/12/2010 – 31/12/2019"
    few = terms(page("on=2018-12-31,2019-12-31&rows=sector&cols=day"))
    assert few["Tại ngày"] == "31/12/2018, 31/12/2019"


def test_a_day_that_is_none_is_said(page):
    text = page("on=31/12/2019,30/02/2020").content.decode()
    assert "“30/02/2020” không phải là ngày" in text
