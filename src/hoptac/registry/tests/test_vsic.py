"""Lines of business by name: whole lists, the meaning of the day, a mistyped code pointed out."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from hoptac.registry.actions import set_business_lines
from hoptac.registry.models import BusinessLine
from hoptac.registry.record import history_of, record_of
from hoptac.registry.rules import vsic
from hoptac.registry.rules.particulars import check_business_lines

NOW, BEFORE = date(2026, 1, 1), date(2020, 1, 1)


def test_the_list_of_2025_has_as_many_codes_as_the_decision_counts() -> None:
    names = vsic.names_on(NOW)
    levels = Counter(len(c) if c.isdigit() else 1 for c in names)
    assert levels == {1: 22, 2: 87, 4: 495, 5: 743}
    classes = {c for c in names if len(c) == 4}
    assert len({c[:3] for c in classes}) == 259
    assert {c[:2] for c in classes} == {c for c in names if len(c) == 2}
    assert {c[:4] for c in names if len(c) == 5} == classes
    assert all(name.strip() == name and name for name in names.values())


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("0111", NOW, "Trồng lúa"),
        ("01110", BEFORE, "Trồng lúa"),
        ("0131", BEFORE, "Nhân và chăm sóc cây giống hàng năm"),
        ("0131", NOW, ""),
        ("0130", NOW, "Nhân và chăm sóc cây giống nông nghiệp"),
        ("01183", BEFORE, "Trồng hoa, cây cảnh hàng năm"),
        ("01183", NOW, "Trồng hoa hàng năm"),
        ("1104", NOW, "Sản xuất mạch nha ủ men bia"),
        ("1104", BEFORE, ""),  # it meant something else, and that list is not known
        ("0111", date(2012, 1, 1), ""),
    ],
)
def test_a_code_means_what_it_meant_on_the_day(code: str, day: date, name: str) -> None:
    assert vsic.name_of(code, day) == name


@pytest.mark.parametrize(
    ("codes", "day", "unknown"),
    [
        (["0111", "9999"], NOW, ["9999"]),
        (["0131"], NOW, ["0131"]),
        (["0131", "0111"], BEFORE, []),
        (["0130"], BEFORE, ["0130"]),
        (["9999", "4511"], BEFORE, []),  # outside section A the older list cannot tell
        (["0130"], date(2012, 1, 1), []),
    ],
)
def test_an_unknown_code_is_a_warning(codes: list[str], day: date, unknown: list[str]) -> None:
    found = list(check_business_lines(codes, "", from_on=day, today=NOW))
    assert [f.details["codes"] for f in found] == ([unknown] if unknown else [])
    assert {f.severity for f in found} <= {"warning"}


def test_it_is_entered_all_the_same_and_shown_with_its_name(province: Any) -> None:
    body = province.hoa_an
    set_business_lines(province.department, body, codes=["0111", "9998"], main="0111", from_on=NOW)
    assert {x.vsic_code: x.name for x in BusinessLine.objects.live()} == {
        "0111": "Trồng lúa", "9998": "",
    }  # fmt: skip
    record = record_of(province.department, body.pk)
    changes = [c.new for e in history_of(record) for c in e.changes if c.what == "line"]
    assert "0111 Trồng lúa (ngành chính)" in changes
    assert "9998" in changes


def test_the_form_takes_a_line_by_name_and_points_at_a_mistyped_one(
    province: Any, client_of: Any
) -> None:
    client = client_of(province.department)
    address = f"/registry/{province.hoa_an.pk}/lines/"
    shown = client.get(address)
    told = {
        "codes": "0111 9998", "add": "0163", "main": "0111", "from_on": "01/01/2026", "basis": "",
        "version": shown.context["form"].initial["version"], "key": "k1",
    }  # fmt: skip
    check = client.post(address, told | {"step": "check"})
    text = check.content.decode()
    assert "0163 Hoạt động dịch vụ sau thu hoạch" in text
    assert "9998" in text.split("Hãy xem lại")[1].split("</div>")[0]
    assert not BusinessLine.objects.exists()
    assert client.post(address, told | {"step": "send"}).status_code == 302
    assert {x.vsic_code for x in BusinessLine.objects.all()} == {"0111", "9998", "0163"}
    assert "Trồng lúa" in client.get(f"/registry/{province.hoa_an.pk}/").content.decode()
