"""Their side taken over by the register's own acts, people too; what only a filing brings; the report."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from hoptac.exchange import reporting
from hoptac.exchange.actions import decide, decide_many, undo_decision, undo_many
from hoptac.exchange.bringing import bring_in
from hoptac.exchange.models import Difference
from hoptac.exchange.rules.by_filing import needs_filing, procedure_for, proposal_for
from hoptac.exchange.selectors import way_by_filing
from hoptac.foundation.findings import Refused
from hoptac.foundation.identifiers import uuid7
from hoptac.registration import actions as registration
from hoptac.registration.models import LegalRepresentative
from hoptac.registry.actions import set_business_lines
from hoptac.registry.models import BusinessLine, Period

DAY = date(2026, 1, 31)
BEFORE = date(2020, 5, 1)


@pytest.fixture
def extract(tmp_path: Path) -> Any:
    """Bring in what they say of some bodies: ``extract(ctx, {"code": …, …}, …)``."""

    def make(ctx: Any, *records: dict[str, Any], on: date = DAY) -> None:
        path = tmp_path / f"{uuid7()}.json"
        path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
        bring_in(ctx, path, filename=path.name, as_of=on)

    return make


@pytest.fixture
def registered(province: Any) -> Any:
    """Give Hoà An a legal representative who was registered with papers."""
    return LegalRepresentative.objects.create(
        cooperative=province.hoa_an, name="Trần Văn Nguyên", position="Giám đốc",
        birth_date=date(1970, 1, 1), personal_number="091070000001", valid=DateRange(BEFORE, None),
        act_id=uuid7(),
    )  # fmt: skip


def people(body: Any, day: date = DAY) -> list[tuple[str, str, str]]:
    live = LegalRepresentative.objects.live().filter(cooperative=body, valid__contains=day)
    return list(live.order_by("id").values_list("name", "position", "personal_number"))


def said(name: str) -> dict[str, str]:
    return {"code": "1709551552", "representative": name}


def test_another_representative_is_taken_over_with_the_office_and_nobodys_papers(
    province: Any, registered: Any, extract: Any
) -> None:
    extract(province.department, said("Lê Thị Khác"))
    d = Difference.objects.get()
    decide(province.department, d, verdict="theirs", words="theo hồ sơ gốc")
    assert people(province.hoa_an) == [("Lê Thị Khác", "Giám đốc", "")]
    assert people(province.hoa_an, BEFORE) == [("Lê Thị Khác", "Giám đốc", "")]
    undo_decision(province.department.because("nhầm"), Difference.objects.get())
    assert people(province.hoa_an) == [("Trần Văn Nguyên", "Giám đốc", "091070000001")]
    extract(province.department, said("Lê Thị Khác"))
    assert Difference.objects.get(state="open").theirs == "Lê Thị Khác"


def test_from_a_day_on_the_one_before_was_right_until_then(
    province: Any, registered: Any, extract: Any
) -> None:
    extract(province.department, said("Lê Thị Khác"))
    with pytest.raises(Refused) as refused:
        decide(province.department, Difference.objects.get(), verdict="theirs", way="change")
    assert "day_missing" in refused.value.codes
    decide(
        province.department, Difference.objects.get(), verdict="theirs", way="change",
        on=date(2025, 6, 1),
    )  # fmt: skip
    assert people(province.hoa_an, date(2025, 5, 31))[0][0] == "Trần Văn Nguyên"
    assert people(province.hoa_an, date(2025, 6, 1)) == [("Lê Thị Khác", "Giám đốc", "")]
    undo_decision(province.department.because("nhầm"), Difference.objects.get())
    assert people(province.hoa_an) == [("Trần Văn Nguyên", "Giám đốc", "091070000001")]


def test_one_more_person_leaves_the_first_with_their_papers(
    province: Any, registered: Any, extract: Any
) -> None:
    extract(province.department, said("TRẦN VĂN NGUYÊN; Võ Thị Hai"))
    decide(province.department, Difference.objects.get(), verdict="theirs")
    assert sorted(people(province.hoa_an)) == [
        ("TRẦN VĂN NGUYÊN", "Giám đốc", "091070000001"), ("Võ Thị Hai", "", ""),
    ]  # fmt: skip


def test_the_director_of_the_record_follows(province: Any, extract: Any) -> None:
    director = Period.objects.get(cooperative=province.hoa_an, is_latest=True).director
    LegalRepresentative.objects.create(
        cooperative=province.hoa_an, name=director, position="Giám đốc",
        valid=DateRange(BEFORE, None), act_id=uuid7(),
    )  # fmt: skip
    extract(province.department, said("Lê Thị Khác"))
    decide(province.department, Difference.objects.get(), verdict="theirs")
    now = Period.objects.get(cooperative=province.hoa_an, is_latest=True)
    assert now.director == "Lê Thị Khác"
    undo_decision(province.department.because("nhầm"), Difference.objects.get())
    assert Period.objects.get(cooperative=province.hoa_an, is_latest=True).director == director
    assert people(province.hoa_an)[0][0] == director


def test_representatives_are_not_corrected_without_reason_name_or_difference(
    province: Any, registered: Any
) -> None:
    ctx, body = province.department, province.hoa_an
    for given, names, code in (
        (ctx, ["A"], "reason_missing"),
        (ctx.because("x"), [" "], "name_missing"),
        (ctx.because("x"), ["Trần Văn Nguyên"], "nothing_changed"),
    ):
        with pytest.raises(Refused) as refused:
            registration.correct_representatives(given, body, names=names)
        assert code in refused.value.codes
    with pytest.raises(Refused) as refused:
        registration.correct_representatives(
            ctx.because("x"), body, names=["A"], on=ctx.today + timedelta(days=1)
        )
    assert "date_in_future" in refused.value.codes
    with pytest.raises(Refused) as refused:
        registration.undo_representatives(ctx.because("x"), body, acts=[uuid7()])
    assert "nothing_to_undo" in refused.value.codes
    with pytest.raises(Refused):
        registration.undo_representatives(ctx, body, acts=[uuid7()])


def test_every_compared_field_is_taken_over_and_given_back(province: Any, extract: Any) -> None:
    body = province.hoa_an
    set_business_lines(province.department, body, codes=["0111"], main="0111", from_on=BEFORE)
    commune = province.units.commune("Giồng Riềng", on=DAY)
    theirs = {
        "code": "1709551552", "name": "Hợp tác xã Tên Của Họ", "short_name": "HTX Họ",
        "foreign_name": "Their Cooperative", "status": "1", "established_on": "2014-02-03",
        "address": "ấp Của Họ", "commune_code": commune.code, "lines": "0161; 0111",
        "representative": "Lê Thị Khác", "charter_capital": 900_000_000,
    }  # fmt: skip
    extract(province.department, theirs)
    rows = list(Difference.objects.order_by("field"))
    assert {d.field for d in rows} >= {
        "name", "short_name", "foreign_name", "status", "established_on", "address", "lines",
        "representative", "charter_capital",
    }  # fmt: skip
    before = Period.objects.get(cooperative=body, is_latest=True)
    done = decide_many(province.department, [d.pk for d in rows], verdict="theirs", words="hết")
    now = Period.objects.get(cooperative=body, is_latest=True)
    assert (now.name, now.address, now.legal_status, now.charter_capital, now.director) == (
        "Hợp tác xã Tên Của Họ", "ấp Của Họ", "suspended", 900_000_000, "Lê Thị Khác",
    )  # fmt: skip
    lines = BusinessLine.objects.live().filter(cooperative=body, valid__contains=DAY)
    assert set(lines.values_list("vsic_code", flat=True)) == {"0111", "0161"}
    batch = reporting.batches(province.department)[0]
    assert batch.count == done["decided"] == len(rows)
    with pytest.raises(Refused):
        undo_many(province.department, batch=batch.pk)
    undo_many(province.department.because("nhầm hết"), batch=batch.pk)
    again = Period.objects.get(cooperative=body, is_latest=True)
    for field in ("name", "address", "legal_status", "charter_capital", "director", "commune_id"):
        assert getattr(again, field) == getattr(before, field), field
    assert set(Difference.objects.values_list("state", flat=True)) == {"open"}
    with pytest.raises(Refused) as refused:
        undo_many(province.department.because("x"), batch=batch.pk)
    assert "nothing_to_undo" in refused.value.codes


def test_what_was_decided_together_is_undone_by_who_sees_all_of_it(
    province: Any, extract: Any
) -> None:
    tan_hiep = Period.objects.get(cooperative=province.tan_hiep, is_latest=True)
    hoa_an = Period.objects.get(cooperative=province.hoa_an, is_latest=True)
    extract(
        province.department, {"name": hoa_an.name, "address": "ấp X"},
        {"name": tan_hiep.name, "address": "ấp Y"},
    )  # fmt: skip
    decide_many(
        province.department, Difference.objects.values_list("pk", flat=True), verdict="ours"
    )
    batch = reporting.batches(province.department)[0]
    assert reporting.batches(province.district)[0].count == 1
    with pytest.raises(Refused) as refused:
        undo_many(province.district.because("x"), batch=batch.pk)
    assert "not_found" in refused.value.codes


def test_a_state_with_papers_of_its_own_needs_its_procedure(province: Any, extract: Any) -> None:
    extract(province.department, {"code": "1709551552", "status": "3"})
    d = Difference.objects.get()
    with pytest.raises(Refused) as refused:
        decide(province.department, d, verdict="theirs")
    assert refused.value.findings[0].details == {"procedure": "dissolution_notice"}
    way = way_by_filing(province.department, d)
    assert way is not None
    assert (way["is_only_way"], way["href"]) == ("yes", "")  # who files nothing is shown no way in
    way = way_by_filing(province.district, d)
    assert way is not None
    assert f"difference={d.pk}" in way["href"]


def test_a_filing_begins_with_what_they_say_and_only_for_who_sees_it(
    province: Any, extract: Any, client_of: Any
) -> None:
    extract(province.department, {"code": "1709551552", "address": "ấp Của Họ"})
    d = Difference.objects.get()
    page = client_of(province.district).get(reverse("exchange:difference", args=[d.pk]))
    href = f"{reverse('registration:intake', args=['change_registration'])}?body={d.cooperative_id}&difference={d.pk}"
    assert href.replace("&", "&amp;") in page.content.decode()
    form = client_of(province.district).get(href).content.decode()
    assert "ấp Của Họ" in form
    other = client_of(province.district).get(
        href.replace("change_registration", "notice_of_change")
    )
    assert "ấp Của Họ" not in other.content.decode()
    strange = href.replace(str(d.pk), str(uuid7()))
    assert client_of(province.district).get(strange).status_code == 200


@pytest.mark.parametrize(
    ("field", "ours", "theirs", "procedure"),
    [
        ("representative", "A", "B", "change_registration"), ("lines", "1", "2", "notice_of_change"),
        ("status", "active", "suspended", "suspension"), ("status", "suspended", "active", "resumption"),
        ("status", "ending", "active", "dissolution_cancel"), ("status", "active", "ended", "dissolution"),
        ("status", "bankruptcy", "ended", "bankruptcy_declared"), ("established_on", "", "x", ""),
        ("code", "1", "2", ""),
    ],
)  # fmt: skip
def test_the_law_has_a_procedure_for_it(field: str, ours: str, theirs: str, procedure: str) -> None:
    assert procedure_for(field, ours, theirs) == procedure
    assert not needs_filing(field, theirs)


def test_a_dossier_says_what_they_say_in_its_own_fields() -> None:
    people = proposal_for("change_registration", "representative", "A; B", {})
    assert people == {"representatives": [{"person": "A"}, {"person": "B"}]}
    assert proposal_for("notice_of_change", "lines", "0111; 0161", {}) == {
        "lines": ["0111", "0161"]
    }
    assert proposal_for("change_registration", "charter_capital", "", {}) == {}
    assert proposal_for("suspension", "status", "suspended", {}) == {}


def test_a_record_shows_what_is_open_about_it_and_who_decides(
    province: Any, extract: Any, client_of: Any
) -> None:
    page = reverse("registry:record", args=[province.hoa_an.pk])
    client = client_of(province.department)
    assert "ấp Của Họ" not in client.get(page).content.decode()
    extract(province.department, {"code": "1709551552", "address": "ấp Của Họ"})
    shown = client.get(page).content.decode()
    assert "ấp Của Họ" in shown
    assert "31/01/2026" in shown


def test_the_report_counts_by_kind_place_and_age(
    province: Any, extract: Any, client_of: Any
) -> None:
    tan_hiep = Period.objects.get(cooperative=province.tan_hiep, is_latest=True)
    hoa_an = Period.objects.get(cooperative=province.hoa_an, is_latest=True)
    extract(province.department, {"name": hoa_an.name, "address": "ấp X"},
            {"name": tan_hiep.name, "address": "ấp Y"})  # fmt: skip
    extract(province.department, {"code": "1709551552", "address": "ấp X", "status": "1"})
    today = province.department.today
    for field, days in (("status", 40), ("address", 400)):
        Difference.objects.filter(field=field).update(open_since=today - timedelta(days=days))
    found = reporting.report(province.department)
    assert [(x.label, x.counts) for x in found.by_kind] == [
        (found.by_kind[0].label, [0, 0, 0, 2]), (found.by_kind[1].label, [0, 1, 0, 0]),
    ]  # fmt: skip
    assert found.total.counts == [0, 1, 0, 2]
    assert sum(x.total for x in found.by_place) == 3
    assert len(found.by_place) == 2
    assert reporting.report(province.district).total.total == 2
    decide(province.department, Difference.objects.filter(field="status").get(), verdict="noted",
           words="=HYPERLINK(1)")  # fmt: skip
    client = client_of(province.department)
    shown = client.get(reverse("exchange:report")).content.decode()
    assert "=HYPERLINK(1)" in shown
    for what in ("counts", "decisions"):
        got = client.get(reverse("exchange:report_export", args=[what]), {"format": "xlsx"})
        book = openpyxl.load_workbook(io.BytesIO(b"".join(got.streaming_content)))
        assert not any(c.data_type == "f" for r in book.active.iter_rows() for c in r)
        got = client.get(reverse("exchange:report_export", args=[what]), {"format": "csv"})
        assert b"".join(got.streaming_content).count(b"\n") >= 2
    assert client.get(reverse("exchange:report_export", args=["other"])).status_code == 404


def test_the_report_asks_a_few_times_however_much_differs(
    province: Any, extract: Any, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    extract(province.department, *({"name": f"Hợp tác xã Lạ {n}"} for n in range(40)))
    ids = list(Difference.objects.values_list("pk", flat=True)[:30])
    decide_many(province.department, ids, verdict="noted", words="để xem")
    client = client_of(province.department)
    client.get(reverse("exchange:report"))
    with django_assert_max_num_queries(18):
        client.get(reverse("exchange:report"))
    batch = reporting.batches(province.department)[0]
    undo = reverse("exchange:undo_many", args=[batch.pk])
    assert client.get(undo).status_code == 200
    assert client.post(undo, {"reason": ""}).status_code == 422
    assert client.post(undo, {"reason": "nhầm"}).status_code == 302
    assert Difference.objects.filter(state="open").count() == 40
    assert client.get(undo).status_code == 404
