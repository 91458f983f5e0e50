"""Statements of the list, built once: they find what the query finds, for each reader the own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict

from hoptac.foundation import rulebook
from hoptac.foundation.access import Context
from hoptac.foundation.rulebook import rule_in_force
from hoptac.registry import filter_panel
from hoptac.registry.actions import change_particulars, correct_particulars
from hoptac.registry.filters import read
from hoptac.registry.list_pages import ListPages
from hoptac.registry.rules.size import SizeRule
from hoptac.registry.tables import COLUMNS, ordered

ASKED = [
    "", "kind=cooperative", "sort=-members", "sort=district", "sort=commune", "sort=sector",
    "ended=1", "on=2019-12-31", "on=2019-12-31&sort=-commune&ended=1", "sector=credit&sector=agriculture",
    "members=micro&capital=small", "lacks=few_members", "lacks=old_figures&lacks=no_number", "from=2010&to=2016",
    "q=hoa an", "q=Hòa An", "q=tan hiep", "q=hop tac xa", "q=17 0955 1552", "q=huynh van hai", "q=0980002670",
    "q=không có gì như thế", "q=hoa&on=2019-12-31", "q=quy&sector=credit", "q=%_'",
]  # fmt: skip


def pages(ctx: Context, text: str) -> ListPages:
    return ListPages(ctx, read(QueryDict(text), today=ctx.today, columns=COLUMNS))


def found(ctx: Context, text: str) -> list[str]:
    return [name for (name,) in pages(ctx, text).rows(["name"], 0, 50)]


@pytest.mark.parametrize("text", ASKED)
def test_a_kept_statement_finds_what_the_query_finds(province, officer, text):
    readers = [
        province.department, province.district, province.other_district, officer("supervisor"),
    ]  # fmt: skip
    for _again in range(3):
        for ctx in readers:
            wanted = read(QueryDict(text), today=ctx.today, columns=COLUMNS)
            periods = wanted.periods(ctx)
            if wanted.kind:
                rows = ordered(periods.filter(kind=wanted.kind), wanted.sort, wanted.day)
            else:
                rows = ordered(periods, wanted.sort, wanted.day)
            assert found(ctx, text) == list(rows.values_list("name", flat=True))
            kinds = [period.kind for period in periods]
            assert pages(ctx, text).counts() == {kind: kinds.count(kind) for kind in set(kinds)}


def test_two_readers_share_no_statement_that_shows_more(province, officer):
    hoa_an, tan_hiep = province.hoa_an, province.tan_hiep
    for _again in range(3):
        assert "Tân Hiệp" not in " ".join(found(province.district, "q=nong nghiep"))
        assert "Hoà An" not in " ".join(found(province.other_district, "q=nong nghiep"))
        assert len(found(province.department, "q=nong nghiep")) == 2
        assert pages(province.district, "q=nong nghiep").counts() == {"cooperative": 1}
        assert pages(Context(), "q=nong nghiep").counts() == {}
        assert found(Context(), "q=nong nghiep") == []
    assert hoa_an != tan_hiep


def test_a_mandate_that_ends_takes_its_rows_along(province):
    assert found(province.district, "") != []
    assert found(province.district.by(grants=()), "") == []
    assert pages(province.district.by(grants=()), "").counts() == {}


def test_who_may_not_see_people_finds_none_by_them_after_somebody_who_may(province, officer):
    supervisor = officer("supervisor")
    for _again in range(3):
        assert found(province.department, "q=huynh van hai") != []
        assert found(supervisor, "q=huynh van hai") == []
        assert pages(supervisor, "q=huynh van hai").counts() == {}


def test_words_are_put_in_anew_each_time(province):
    for text, expected in [
        ("q=hoa an", 1),
        ("q=ap dong", 1),
        ("q=tin dung", 1),
        ("q=ap tay", 0),
    ] * 2:
        assert len(found(province.district, text)) == expected, text
        assert sum(pages(province.district, text).counts().values()) == expected, text


def test_an_act_shows_at_once(province):
    ctx = province.district
    for _again in range(2):
        assert found(ctx, "state=idle") == []
        assert pages(ctx, "state=idle").counts() == {}
    change_particulars(
        ctx, province.hoa_an, changes={"working_state": "idle"}, from_on=date(2020, 1, 1)
    )
    assert len(found(ctx, "state=idle")) == 1
    assert pages(ctx, "state=idle").counts() == {"cooperative": 1}
    correct_particulars(
        ctx.because("gõ nhầm"), province.hoa_an, changes={"name": "Hợp tác xã Khác"}
    )
    assert found(ctx, "state=idle") == ["Hợp tác xã Khác"]


def test_a_corrected_rule_holds_at_once(province):
    ctx, text = province.district, "members=micro"
    try:
        for _again in range(2):
            assert found(ctx, text) == []
            assert pages(ctx, text).counts() == {}
        now = rule_in_force(SizeRule, on=ctx.today)
        for table in rulebook.tables(SizeRule.topic):
            if table["in_force"] == now.in_force:
                mark = rulebook.Mark(
                    rulebook.key_of(SizeRule.topic, table), rulebook.fingerprint_of(table),
                    {"members": [60, *now.members[1:]]},
                )  # fmt: skip
        rulebook.lay_over([mark])
        assert found(ctx, text) != []
        assert pages(ctx, text).counts() == {"cooperative": 1}
        assert "60" in filter_panel.panel(ctx, pages(ctx, text).wanted).groups[-3].boxes
    finally:
        rulebook.lay_over(())


def test_a_stretch_begins_and_ends_where_asked(province):
    ctx = replace(province.department)
    everything = found(ctx, "")
    got = [name for (name,) in pages(ctx, "").rows(["name"], 1, 3)]
    assert got == everything[1:3]
    assert pages(ctx, "").rows(["name"], 100, 125) == []
