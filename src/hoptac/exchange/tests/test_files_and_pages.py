"""Files for the national systems: exactly what the caller may see; and the pages of the exchange."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from hoptac.exchange.bringing import bring_in
from hoptac.exchange.layouts import SYSTEMS, layout, our_value, their_code
from hoptac.exchange.models import Difference, Message
from hoptac.exchange.records import KNOWN_FIELDS
from hoptac.foundation.audit.models import Act
from hoptac.foundation.rulebook import facts
from hoptac.registry.actions import set_business_lines
from hoptac.registry.terms import LegalStatus

DAY = date(2026, 1, 31)


def test_layouts_are_facts_that_somebody_can_confirm(db: None) -> None:
    keys = {s.fact.key: s for s in facts.standings() if s.fact.key.startswith("rule:exchange.")}
    assert len(keys) > 60
    assert not any(s.state.is_settled for s in keys.values())
    column = keys["rule:exchange.activity-cooperative:members"].fact
    assert {v.name for v in column.values} >= {"title", "field", "unit", "taken", "since"}
    assert dict(next(v for v in column.values if v.name == "taken").choices) == {
        "yes": "yes",
        "no": "no",
    }


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_column_names_a_field_and_begins_with_its_day(system: str) -> None:
    found = layout(system, DAY)
    assert found is not None
    assert {c.field for c in found.columns} <= KNOWN_FIELDS
    assert len({c.title for c in found.columns}) == len(found.columns)
    assert layout(system, date(2024, 6, 30)) is None


def test_a_corrected_column_is_taken_as_corrected(db: None, the_system: Any) -> None:
    from hoptac.foundation.rulebook import acts, marks

    key = "rule:exchange.activity-cooperative:phone"
    standing = facts.standing_of(key)
    assert standing is not None
    acts.correct_fact(
        the_system.because("phụ lục có cột này"), key, fingerprint=standing.fact.fingerprint,
        document="TT 09/2024", read_on=DAY, values={"taken": "yes", "title": "Số điện thoại"},
    )  # fmt: skip
    marks.refresh()
    found = layout("activity-cooperative", DAY)
    assert found is not None
    column = found.column_of("phone")
    assert column is not None
    assert (column.title, column.is_confirmed) == ("Số điện thoại", True)


def test_states_go_out_and_come_back_by_the_decrees_numbers() -> None:
    assert [their_code("status", s) for s in LegalStatus.values] == [
        "7", "1", "2", "3", "4", "6", "5",
    ]  # fmt: skip
    assert our_value("status", "5") == "ended"
    assert our_value("status", "Đã chấm dứt hoạt động", "group") == "ended"
    assert our_value("status", "9") is None


def rows_of(content: bytes) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    table = [[c.value for c in r] for r in sheet.iter_rows()]
    head = next(
        i
        for i, r in enumerate(table)
        if "Mã số hợp tác xã" in r or "Mã số" in r or "Mã xã, phường" in r
    )
    return [dict(zip(table[head], r, strict=True)) for r in table[head + 1 :]]


def test_the_file_holds_what_the_caller_may_see_and_no_formula(
    province: Any, cooperative: Any, client_of: Any
) -> None:
    cooperative(name='=HYPERLINK("http://x")', district="Giồng Riềng")
    set_business_lines(
        province.department,
        province.hoa_an,
        codes=["0161", "0111"],
        main="0161",
        from_on=date(2020, 1, 1),
    )
    got = client_of(province.district).get(reverse("exchange:export", args=["registration"]))
    content = b"".join(got.streaming_content)
    rows = rows_of(content)
    names = [r["Tên bằng tiếng Việt"] for r in rows]
    assert "Hợp tác xã Nông nghiệp Tân Hiệp A" not in names
    assert len(names) == 4
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert not any(c.data_type == "f" for r in book.active.iter_rows() for c in r)
    own = next(r for r in rows if r["Mã số hợp tác xã"] == "1709551552")
    assert (own["Tình trạng pháp lý"], own["Ngành, nghề kinh doanh (mã)"]) == ("7", "0161; 0111")
    assert own["Vốn điều lệ"] == 350_000_000
    ended = next(r for r in rows if r["Tên bằng tiếng Việt"] == "Hợp tác xã Đã Xong")
    assert ended["Tình trạng pháp lý"] == "5"
    act = Act.objects.get(name="exchange.export")
    assert act.payload.content["details"]["rows"] == 4


def test_yearly_files_leave_out_the_ended_and_speak_in_their_unit(
    province: Any, client_of: Any
) -> None:
    address = reverse("exchange:export", args=["activity-cooperative"])
    got = client_of(province.department).get(address, {"format": "json", "on": "31/01/2026"})
    said = json.loads(b"".join(got.streaming_content))
    by_name = {r["name"]: r for r in said["records"]}
    assert "Hợp tác xã Đã Xong" not in by_name
    assert by_name["Hợp tác xã Dịch vụ nông nghiệp Hoà An"]["charter_capital"] == 350
    assert "Tổ hợp tác Bơm tưới số 2" not in by_name
    got = client_of(province.department).get(
        reverse("exchange:export", args=["activity-registrar"]),
        {"format": "json", "on": "31/01/2026"},
    )
    said = json.loads(b"".join(got.streaming_content))
    assert sum(r["cooperatives"] for r in said["records"]) == 3
    assert sum(r["groups"] for r in said["records"]) == 1


def test_what_goes_out_comes_back_without_a_difference(province: Any, tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.json", "a.csv"):
        call_command("exchange", "export", "registration", str(tmp_path / name))
        extract, _new = bring_in(
            province.department,
            tmp_path / name,
            filename=name,
            as_of=province.department.today,
            is_whole=True,
        )
        assert extract.counts["lines"] == 5
        assert list(Difference.objects.values_list("field", "ours", "theirs")) == []
    with pytest.raises(CommandError):
        call_command("exchange", "send")


def test_from_the_page_an_extract_is_brought_in_decided_and_undone(
    province: Any, client_of: Any, tmp_path: Path
) -> None:
    client = client_of(province.department)
    record = {"code": "1709551552", "name": "Hợp tác xã Dịch vụ nông nghiệp Hoà An", "status": "1"}
    content = json.dumps({"as_of": "2026-01-31", "records": [record]}).encode()
    upload = io.BytesIO(content)
    upload.name = "trich.json"
    got = client.post(reverse("exchange:bring_in"), {"file": upload}, follow=True)
    assert "trich.json" in got.content.decode()
    d = Difference.objects.get()
    listed = client.get(reverse("exchange:differences")).content.decode()
    assert "Hoà An" in listed
    assert "Tạm ngừng" in listed
    page = reverse("exchange:difference", args=[d.pk])
    assert client.post(page, {"verdict": "noted"}).status_code == 422
    assert client.post(page, {"verdict": "ours", "words": "đang hoạt động"}).status_code == 302
    assert Message.objects.get().state == "waiting"
    assert "Trần Thị Sở" in client.get(page).content.decode()
    client.post(reverse("exchange:undo", args=[d.pk]), {"reason": "nhầm"})
    d.refresh_from_db()
    assert d.state == "open"
    assert Message.objects.get().state == "dropped"
    many = {"chosen": [str(d.pk)], "verdict": "ours", "state": "open", "key": "một-lần"}
    client.post(reverse("exchange:decide_many"), many)
    client.post(reverse("exchange:decide_many"), many)
    assert Message.objects.count() == 2
    message = Message.objects.latest("id")
    assert client.get(reverse("exchange:message", args=[message.pk])).status_code == 200
    client.post(reverse("exchange:set_aside", args=[message.pk]), {"reason": "thử"})
    client.post(reverse("exchange:send_again", args=[message.pk]))
    message.refresh_from_db()
    assert message.state == "waiting"


def test_pages_ask_the_database_a_few_times_however_long_the_list(
    province: Any, client_of: Any, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    path = tmp_path / "nhieu.json"
    records = [{"name": f"Hợp tác xã Lạ {n}", "code": str(1700000000 + n)} for n in range(60)]
    path.write_text(json.dumps({"records": records}), encoding="utf-8")
    bring_in(province.department, path, filename=path.name, as_of=DAY)
    client = client_of(province.department)
    client.get(reverse("exchange:differences"))
    with django_assert_max_num_queries(16):
        client.get(reverse("exchange:differences"))
    with django_assert_max_num_queries(22):
        client.get(reverse("exchange:home"))
