"""Plans, reports and committees over the API: what is told of them, and what is handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hoptac.api.tests.calls import codes, done, post
from hoptac.committees import actions as committees
from hoptac.committees.models import Meeting
from hoptac.foundation.access import Context
from hoptac.foundation.documents.tests.test_typesetting import text_of
from hoptac.jurisdiction.models import Agency
from hoptac.plans import actions as plans
from hoptac.plans.models import YearPlan
from hoptac.reports import actions as reports
from hoptac.reports.models import Report

pytestmark = pytest.mark.django_db
API = "/api/v1"
Machine = Callable[..., Client]


# --- Plans


@pytest.fixture
def plan(the_system: Context, agencies: dict[str, Agency]) -> YearPlan:
    """The draft of the department of farming with a target that is stated and one that is computed."""
    farming, year = agencies["so-nnmt-ag"], the_system.today.year
    found = plans.draft_plan(the_system, agency=farming, year=year, approver=agencies["so-tc-ag"])
    values = {"name": "HTX công nghệ cao", "unit_name": "HTX", "planned": 10}
    plans.set_target(the_system, found, code="T1", values=values)
    counted = {
        "name": "HTX giải thể",
        "unit_name": "HTX",
        "planned": 3,
        "measure": "register.ended",
    }
    plans.set_target(the_system, found, code="T2", values=counted)
    found.refresh_from_db()
    return found


def test_a_plan_is_told_with_its_targets_against_what_is_reached(
    machine: Machine, plan: YearPlan, agencies: dict[str, Agency]
) -> None:
    own, stranger = machine("so-nnmt-ag"), machine("lmhtx-ag")
    place, today = f"{API}/plans/{plan.pk}", date.today()
    said = {"code": "T1", "value": 4, "as_of": str(today), "source": "Báo cáo 12/BC"}
    assert post(own, f"{place}/actuals", **said).status_code == 428
    assert post(own, f"{place}/actuals", plan.version + 1, **said).status_code == 412
    assert post(stranger, f"{place}/actuals", plan.version, **said).status_code == 404
    version = done(post(own, f"{place}/actuals", plan.version, "k", **said))
    assert done(post(own, f"{place}/actuals", plan.version, "k", **said)) == version
    told = own.get(place)
    assert told["ETag"] == f'"{version}"'
    first, second = told.json()["targets"]
    assert (first["value"], first["planned"], first["percent"], first["source"]) == (
        4, 10, 40, "Báo cáo 12/BC",
    )  # fmt: skip
    assert (second["is_computed"], second["value"]) == (True, 0)
    assert first["is_computed"] is False
    before = own.get(place, {"on": str(today - timedelta(days=1))}).json()["targets"][0]
    assert (before["value"], before["stated"]) == (None, [])
    assert codes(post(own, f"{place}/actuals", version, **{**said, "code": "T9"})) == (
        422, ["target_unknown"],
    )  # fmt: skip
    late = {**said, "as_of": str(today + timedelta(days=3))}
    assert codes(post(own, f"{place}/actuals", version, **late)) == (422, ["date_in_future"])
    stated = first["stated"][0]["id"]
    done(post(own, f"{place}/actuals/removal", version, stated_id=stated))
    assert own.get(place).json()["targets"][0]["value"] is None
    assert codes(post(own, f"{place}/actuals/removal", version, stated_id=stated)) == (
        422, ["unknown"],
    )  # fmt: skip


def test_plans_are_listed_as_far_as_one_may_read_them(
    machine: Machine, plan: YearPlan, agencies: dict[str, Agency]
) -> None:
    own, stranger = machine("so-nnmt-ag"), machine("lmhtx-ag")
    asked = {"year": plan.year, "agency": str(agencies["so-nnmt-ag"].pk), "state": "draft"}
    assert [p["id"] for p in own.get(f"{API}/plans", asked).json()["items"]] == [str(plan.pk)]
    assert own.get(f"{API}/plans", {"year": plan.year - 1}).json()["items"] == []
    assert stranger.get(f"{API}/plans").json()["items"] == []
    for tail in ("", "/document"):
        assert stranger.get(f"{API}/plans/{plan.pk}{tail}").status_code == 404
    paper = own.get(f"{API}/plans/{plan.pk}/document")
    assert "KẾ HOẠCH" in text_of(b"".join(paper.streaming_content))  # type: ignore[attr-defined]
    assert own.get(f"{API}/plans/{plan.pk}/document", {"format": "odt"}).status_code == 422


# --- Reports


@pytest.fixture
def report(the_system: Context, agencies: dict[str, Agency]) -> Report:
    """A yearly report of the department of finance to which that of farming contributes."""
    found = reports.begin_report(
        the_system, kind="year", year=the_system.today.year, issuer=agencies["so-tc-ag"]
    )
    reports.ask_contributions(
        the_system, found, sections=["chinh_sach"], agencies=[agencies["so-nnmt-ag"]],
        due_on=the_system.today + timedelta(days=9),
    )  # fmt: skip
    found.refresh_from_db()
    return found


def test_an_agency_reads_what_it_owes_and_hands_it_in(machine: Machine, report: Report) -> None:
    farming, finance, stranger = machine("so-nnmt-ag"), machine("so-tc-ag"), machine("lmhtx-ag")
    place = f"{API}/reports/{report.pk}"
    (owed,) = farming.get(f"{API}/contributions").json()
    assert (owed["report_id"], owed["section"], owed["version"]) == (
        str(report.pk), "chinh_sach", 1,
    )  # fmt: skip
    told = farming.get(place).json()
    assert (told["reads_whole"], told["figures"], len(told["contributions"])) == (False, [], 1)
    part = {"section": "chinh_sach", "text": "Đã hỗ trợ 12 hợp tác xã."}
    assert post(finance, f"{place}/contributions", 1, **part).status_code == 404
    assert post(stranger, f"{place}/contributions", 1, **part).status_code == 404
    assert codes(post(farming, f"{place}/contributions", 1, **{**part, "section": "kho_khan"})) == (
        422, ["unknown"],
    )  # fmt: skip
    version = done(post(farming, f"{place}/contributions", 1, **part))
    assert post(farming, f"{place}/contributions", 1, **part).status_code == 412
    done(post(farming, f"{place}/contributions", version, **{**part, "text": "Sửa lại."}))
    assert farming.get(f"{API}/contributions").json() == []
    whole = finance.get(place).json()
    assert [(c["state"], c["text"]) for c in whole["contributions"]] == [("handed_in", "Sửa lại.")]


def test_a_report_is_told_with_the_records_behind_its_figures_and_given_as_a_document(
    machine: Machine, report: Report
) -> None:
    finance, farming, stranger = machine("so-tc-ag"), machine("so-nnmt-ag"), machine("lmhtx-ag")
    place = f"{API}/reports/{report.pk}"
    told = finance.get(place).json()
    assert told["reads_whole"]
    counted = [f for f in told["figures"] if f["href"]]
    assert counted
    assert all(f["href"].startswith("/") for f in counted)
    assert {s["code"] for s in told["sections"]} >= {"chinh_sach"}
    paper = finance.get(f"{place}/document", headers={"accept": "application/pdf"})
    assert paper["Content-Type"] == "application/pdf"
    assert "BÁO CÁO" in text_of(b"".join(paper.streaming_content))  # type: ignore[attr-defined]
    word = b"".join(finance.get(f"{place}/document", {"format": "docx"}).streaming_content)  # type: ignore[attr-defined]
    assert word.startswith(b"PK")
    for client in (farming, stranger):
        assert client.get(f"{place}/document").status_code == 404
    listed = {"year": report.year, "kind": ["year", "half"], "state": "contributing"}
    assert [r["id"] for r in finance.get(f"{API}/reports", listed).json()["items"]] == [
        str(report.pk)
    ]
    assert finance.get(f"{API}/reports", {"state": "signed"}).json()["items"] == []
    assert stranger.get(f"{API}/reports").json()["items"] == []
    assert stranger.get(place).status_code == 404


# --- Committees


@pytest.fixture
def meeting(the_system: Context, agencies: dict[str, Agency]) -> Meeting:
    """A meeting of today, held, of a committee that the department of finance keeps."""
    finance, today = agencies["so-tc-ag"], the_system.today
    committee = committees.found_committee(
        the_system, name="Ban Chỉ đạo kinh tế tập thể", unit=finance.unit, standing=finance,
        founding="QĐ 1/QĐ-UBND", founded_on=date(2026, 1, 1),
    )  # fmt: skip
    head = committees.appoint_member(
        the_system, committee, name="Lê Văn Chủ", post="Phó Chủ tịch", seat="head",
        since=date(2026, 1, 1), decision="QĐ 2/QĐ-UBND",
    )  # fmt: skip
    committees.assign_charge(the_system, head, content="Phụ trách chung", since=date(2026, 1, 1))
    at = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    found = committees.plan_meeting(
        the_system, committee, kind="regular", title="Họp quý", starts_at=at,
        ends_at=at + timedelta(hours=2), place="Phòng họp 1", chair=head,
    )  # fmt: skip
    item = committees.add_item(the_system, found, title="Tình hình")
    committees.add_paper(the_system, item, file=("bao-cao.txt", "Tài liệu".encode()))
    found.refresh_from_db()
    committees.hold_meeting(the_system, found, came={head.pk: ("present", "")})
    found.refresh_from_db()
    assert today == timezone.localtime(found.starts_at).date()
    return found


def test_a_committee_is_told_with_its_members_of_a_day(machine: Machine, meeting: Meeting) -> None:
    reader = machine("lmhtx-ag")
    pk = str(meeting.committee_id)
    listed = {c["id"]: c for c in reader.get(f"{API}/committees").json()}
    assert (listed[pk]["sitting"], listed[pk]["standing"]["name"]) == (
        1, meeting.committee.standing.name,
    )  # fmt: skip
    told = reader.get(f"{API}/committees/{pk}").json()
    (head,) = told["members"]
    assert (head["name"], head["seat"], head["charges"][0]["content"]) == (
        "Lê Văn Chủ", "head", "Phụ trách chung",
    )  # fmt: skip
    assert reader.get(f"{API}/committees/{pk}", {"on": "2025-12-31"}).json()["members"] == []
    assert pk not in {c["id"] for c in reader.get(f"{API}/committees", {"on": "2025-12-31"}).json()}


def test_conclusions_are_entered_by_the_keeper_and_read_inside(
    machine: Machine, meeting: Meeting, agencies: dict[str, Agency]
) -> None:
    keeper, outsider = machine("so-tc-ag"), machine("lmhtx-ag")
    place = f"{API}/meetings/{meeting.pk}"
    item = keeper.get(place).json()["agenda"][0]
    said = {
        "content": "Rà soát các hợp tác xã yếu kém", "item_id": item["id"],
        "lead_id": str(agencies["so-nnmt-ag"].pk), "due_on": str(date.today() + timedelta(days=30)),
    }  # fmt: skip
    assert post(outsider, f"{place}/conclusions", meeting.version, **said).status_code == 404
    assert post(keeper, f"{place}/conclusions", **said).status_code == 428
    version = done(post(keeper, f"{place}/conclusions", meeting.version, "c-1", **said))
    assert done(post(keeper, f"{place}/conclusions", meeting.version, "c-1", **said)) == version
    stale = post(keeper, f"{place}/conclusions", meeting.version, content="Khác", kind="noted")
    assert stale.status_code == 412
    assert codes(post(keeper, f"{place}/conclusions", version, content="Việc")) == (
        422,
        ["no_owner"],
    )
    version = done(
        post(keeper, f"{place}/conclusions", version, content="Thống nhất", kind="noted")
    )
    told = keeper.get(place).json()
    assert [(c["content"], c["kind"]) for c in told["conclusions"]] == [
        ("Rà soát các hợp tác xã yếu kém", "task"), ("Thống nhất", "noted"),
    ]  # fmt: skip
    assert [(a["name"], a["presence"]) for a in told["attendance"]] == [("Lê Văn Chủ", "present")]
    struck = {"conclusion_id": told["conclusions"][1]["id"]}
    done(post(keeper, f"{place}/conclusions/removal", version, **struck))
    assert len(keeper.get(place).json()["conclusions"]) == 1
    for tail in ("", "/document", f"/files/{item['papers'][0]['file_id']}"):
        assert outsider.get(f"{place}{tail}").status_code == 404
    pk = meeting.committee_id
    assert outsider.get(f"{API}/committees/{pk}/meetings").json()["items"] == []
    (row,) = keeper.get(f"{API}/committees/{pk}/meetings").json()["items"]
    assert (row["id"], row["state"]) == (str(meeting.pk), "held")
    file = keeper.get(f"{place}/files/{item['papers'][0]['file_id']}")
    assert b"".join(file.streaming_content) == "Tài liệu".encode()  # type: ignore[attr-defined]
    for what, words in (
        ("minutes", "BIÊN BẢN"),
        ("invitation", "GIẤY MỜI"),
        ("conclusions", "THÔNG BÁO"),
    ):
        paper: Any = keeper.get(f"{place}/document", {"what": what})
        assert words in text_of(b"".join(paper.streaming_content))
