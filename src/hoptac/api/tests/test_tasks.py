"""Tasks over the API: a task's whole way by the programs of two agencies, and what is told to whom."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.types.range import DateRange

from hoptac.api.tests.calls import codes, done, post
from hoptac.jurisdiction.models import Agency
from hoptac.tasks.models import Task

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/tasks"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"x" * 40


def ordered(client: Client, agency: Agency, **data: Any) -> tuple[str, int]:
    """Order a task; return its address and version."""
    data = {"title": "Rà soát hợp tác xã ngừng hoạt động", "assigner_id": str(agency.pk), **data}
    answer = post(client, ROOT, **data)
    assert answer.status_code == 201, answer.content
    return answer["Location"], answer.json()["version"]


def assigned(client: Client, agency: Agency, lead: Agency, **data: Any) -> tuple[str, int]:
    place, version = ordered(client, agency, **data)
    answer = post(client, f"{place}/assignment", version, lead_id=str(lead.pk))
    assert answer.status_code == 200, answer.content
    return place, answer.json()["version"]


def test_a_task_goes_its_whole_way_by_the_programs_of_two_agencies(
    machine: Callable[..., Client], agencies: dict[str, Agency]
) -> None:
    finance, farming = agencies["so-tc-ag"], agencies["so-nnmt-ag"]
    orders, answers = machine("so-tc-ag"), machine("so-nnmt-ag")
    due = {"due_on": str(date.today() + timedelta(days=30))}
    place, version = ordered(orders, finance, due=due, product="Báo cáo")
    assert post(orders, f"{place}/assignment", lead_id=str(farming.pk)).status_code == 428
    assert post(orders, f"{place}/assignment", 9, lead_id=str(farming.pk)).status_code == 412
    version = done(post(orders, f"{place}/assignment", version, lead_id=str(farming.pk)))
    assert post(orders, f"{place}/acceptance", version).status_code == 404, "another agency's part"
    version = done(post(answers, f"{place}/acceptance", version, words="nhận"))
    file = {"name": "anh.png", "content": base64.b64encode(PICTURE).decode()}
    proof = {"file": file, "words": "biên bản"}
    said = {
        "words": "đã xuống 3 huyện",
        "percent": 40,
        "difficulty": "thiếu người",
        "proofs": [proof],
    }
    version = done(post(answers, f"{place}/progress", version, "p-1", **said))
    assert done(post(answers, f"{place}/progress", version - 1, "p-1", **said)) == version, "once"
    assert codes(post(answers, f"{place}/report", version, result="xong", proofs=[])) == (
        422, ["too_short"],
    )  # fmt: skip
    version = done(post(answers, f"{place}/report", version, result="xong", proofs=[proof]))
    assert post(answers, f"{place}/judgement", version, verdict="done").status_code == 404
    version = done(post(orders, f"{place}/judgement", version, verdict="returned", words="thiếu"))
    version = done(post(answers, f"{place}/report", version, result="xong hẳn", proofs=[proof]))
    version = done(post(answers, f"{place}/withdrawal", version))
    version = done(post(answers, f"{place}/report", version, result="xong hẳn", proofs=[proof]))
    done(post(orders, f"{place}/judgement", version, verdict="done"))
    told = answers.get(place).json()
    assert (told["state"], told["percent"], told["due_on"]) == ("done", 100, due["due_on"])
    assert [s["kind"] for s in told["steps"]] == [
        "judged_done", "reported", "withdrawn", "reported", "returned", "reported", "progress",
        "accepted", "assigned", "created",
    ]  # fmt: skip
    shown = told["steps"][6]["proofs"][0]
    assert (shown["kind"], shown["sha256"]) == ("file", hashlib.sha256(PICTURE).hexdigest())
    taken = answers.get(f"{place}/files/{shown['file_id']}")
    assert (taken["Content-Type"], b"".join(taken.streaming_content)) == ("image/png", PICTURE)  # type: ignore[attr-defined]
    bare = answers.head(f"{place}/files/{shown['file_id']}", headers={"accept": "image/png"})
    assert (bare.status_code, bare["Content-Length"], bare.content) == (200, str(len(PICTURE)), b"")


def test_the_list_is_asked_by_agency_state_day_and_document(
    machine: Callable[..., Client], agencies: dict[str, Agency]
) -> None:
    finance, farming, alliance = (agencies[c] for c in ("so-tc-ag", "so-nnmt-ag", "lmhtx-ag"))
    client, today = machine("so-tc-ag"), date.today()
    soon, later = str(today + timedelta(days=5)), str(today + timedelta(days=90))
    draft, _version = ordered(client, finance, title="Chưa giao")
    one, _v = assigned(client, finance, farming, title="Việc một", due={"due_on": soon})
    two, _v = assigned(client, finance, alliance, title="Việc hai", due={"due_on": later})

    def listed(**asked: Any) -> list[str]:
        answer = client.get(ROOT, asked)
        assert answer.status_code == 200, answer.content
        return [i["id"] for i in answer.json()["items"]]

    a, b, c = (x.rpartition("/")[2] for x in (draft, one, two))
    assert listed() == [c, b, a]
    first = client.get(ROOT, {"limit": 2}).json()
    assert [i["id"] for i in first["items"]] == [c, b]
    assert listed(limit=2, cursor=first["next_cursor"]) == [a]
    assert listed(state="draft") == [a]
    assert listed(state=["draft", "assigned"]) == [c, b, a]
    assert listed(agency=str(farming.pk)) == [b]
    assert listed(due_to=soon) == [b]
    assert listed(due_from=soon, agency=str(alliance.pk)) == [c]
    assert listed(q="hai") == [c]
    assert listed(heap="to_assign") == [a]
    assert (listed(late="true"), listed(directive=str(finance.pk))) == ([], [])
    assert client.get(ROOT, {"colour": "red"}).status_code == 422
    Task.objects.filter(pk=b).update(due_on=today - timedelta(days=3))
    (late,) = client.get(ROOT, {"late": "true"}).json()["items"]
    assert (late["id"], late["days_late"], late["lead"]["name"]) == (b, 3, farming.name)


def test_parts_stand_below_their_task_as_deep_as_they_go(
    machine: Callable[..., Client], agencies: dict[str, Agency]
) -> None:
    finance, farming = agencies["so-tc-ag"], agencies["so-nnmt-ag"]
    client, other = machine("so-tc-ag"), machine("so-nnmt-ag")
    place, version = assigned(client, finance, farming)
    pk = place.rpartition("/")[2]
    own, _v = ordered(client, finance, parent_id=pk, title="Phần một")
    ordered(client, finance, parent_id=own.rpartition("/")[2], title="Phần một một")
    spread = post(client, f"{place}/parts", version, agency_ids=[str(farming.pk)], words="mỗi nơi")
    assert spread.status_code == 200, spread.content
    rows = client.get(f"{place}/tree").json()
    assert [r["title"] for r in rows][1:2] == ["Phần một"]
    parents = {r["title"]: r["parent_id"] for r in rows}
    assert parents["Phần một một"] == own.rpartition("/")[2]
    told = client.get(place).json()
    assert (len(rows), told["rolled_up"]["tasks"], len(told["parts"])) == (4, 4, 2)
    refused = post(
        client, ROOT, title="x", assigner_id=str(finance.pk),
        parent_id="00000000-0000-4000-8000-000000000001",
    )  # fmt: skip
    assert codes(refused) == (422, ["unknown"])
    assert post(other, ROOT, title="x", assigner_id=str(finance.pk)).status_code == 404


def test_an_agency_refuses_hands_on_gives_on_and_takes_back(
    machine: Callable[..., Client], agencies: dict[str, Agency]
) -> None:
    finance, farming, alliance = (agencies[c] for c in ("so-tc-ag", "so-nnmt-ag", "lmhtx-ag"))
    orders, answers, third = machine("so-tc-ag"), machine("so-nnmt-ag"), machine("lmhtx-ag")
    place, version = assigned(orders, finance, farming)
    assert codes(post(answers, f"{place}/refusal", version)) == (422, ["missing"])
    version = done(post(answers, f"{place}/refusal", version, words="không thuộc"))
    version = done(post(orders, f"{place}/assignment", version, lead_id=str(farming.pk)))
    version = done(
        post(answers, f"{place}/handing_on", version, to_id=str(alliance.pk), words="của LM")
    )
    assert post(answers, f"{place}/acceptance", version).status_code == 404, "no longer its part"
    version = done(post(third, f"{place}/acceptance", version))
    version = done(post(third, f"{place}/giving_on", version, lead_id=str(farming.pk)))
    lines = third.get(place).json()["assignments"]
    given = next(a for a in lines if a["agency"]["name"] == farming.name and not a["until"])
    assert (given["given_on_by"] is not None, given["is_own"]) == (True, False)
    wrong = post(third, f"{place}/progress", version, words="x", assignment_id=given["id"])
    assert codes(wrong) == (422, ["unknown"])
    version = done(
        post(third, f"{place}/release", version, released_id=given["id"], words="tự làm")
    )
    version = done(post(orders, f"{place}/extension", version, due_on="2099-12-31", words="chờ"))
    version = done(post(orders, f"{place}/cancellation", version, words="thôi"))
    done(post(orders, f"{place}/reopening", version, words="làm lại"))
    assert third.get(place).json()["due_on"] == "2099-12-31"


def test_an_indicator_is_tied_read_and_brought_as_proof(
    machine: Callable[..., Client], agencies: dict[str, Agency]
) -> None:
    finance, farming = agencies["so-tc-ag"], agencies["so-nnmt-ag"]
    orders, answers = machine("so-tc-ag"), machine("so-nnmt-ag")
    place, version = assigned(orders, finance, farming)
    known = {m["code"] for m in orders.get("/api/v1/measures").json()}
    assert "register.ended" in known
    tie = {"target": 5, "target_on": "2099-01-01", "baseline_on": "2020-01-01"}
    assert codes(post(orders, f"{place}/indicators", version, code="nothing", **tie)) == (
        422, ["measure_unknown"],
    )  # fmt: skip
    version = done(post(orders, f"{place}/indicators", version, code="register.ended", **tie))
    (indicator,) = orders.get(place).json()["indicators"]
    assert (indicator["target"], indicator["value"], indicator["measure"]) == (
        5,
        0,
        "register.ended",
    )
    version = done(post(answers, f"{place}/acceptance", version))
    proof = {"indicator_id": indicator["id"]}
    version = done(post(answers, f"{place}/progress", version, words="x", proofs=[proof]))
    assert answers.get(place).json()["steps"][0]["proofs"][0]["reading"]["target"] == "5"
    both = post(
        answers, f"{place}/progress", version, words="x", proofs=[{**proof, "record": "/a/"}]
    )
    assert codes(both) == (422, ["unknown"])
    bad = {"file": {"name": "a.png", "content": "không phải base64"}}
    assert codes(post(answers, f"{place}/progress", version, words="x", proofs=[bad])) == (
        422, ["base64"],
    )  # fmt: skip
    version = done(
        post(orders, f"{place}/indicators/removal", version, indicator_id=indicator["id"])
    )
    assert orders.get(place).json()["indicators"] == []
    needed, _v = assigned(orders, finance, farming, title="Việc trước")
    waits = {"needed_id": needed.rpartition("/")[2]}
    version = done(post(orders, f"{place}/needs", version, **waits))
    assert [t["title"] for t in orders.get(place).json()["needs"]] == ["Việc trước"]
    done(post(orders, f"{place}/needs", version, waits=False, **waits))


def test_larger_files_come_through_and_too_large_ones_do_not(
    machine: Callable[..., Client], agencies: dict[str, Agency]
) -> None:
    finance, farming = agencies["so-tc-ag"], agencies["so-nnmt-ag"]
    place, version = assigned(machine("so-tc-ag"), finance, farming)
    answers = machine("so-nnmt-ag")
    version = done(post(answers, f"{place}/acceptance", version))

    def bring(size: int) -> Any:
        content = base64.b64encode(PICTURE + b"x" * size).decode()
        proofs = [{"file": {"name": "anh.png", "content": content}}]
        return post(answers, f"{place}/progress", version, words="ảnh", proofs=proofs)

    assert bring(16 * 2**20).status_code == 413
    assert bring(7 * 2**20).status_code == 200, "more than a form may have"
    assert post(answers, f"{place}/refusal", version, words="x" * 6 * 2**20).status_code == 413


def test_what_one_may_not_see_is_not_found_and_what_one_may_not_do_is_refused(
    machine: Callable[..., Client], agencies: dict[str, Agency]
) -> None:
    finance, farming = agencies["so-tc-ag"], agencies["so-nnmt-ag"]
    orders, stranger = machine("so-tc-ag"), machine("lmhtx-ag")
    place, version = assigned(orders, finance, farming, reach="recipients")
    for tail in ("", "/tree", f"/files/{finance.pk}"):
        assert stranger.get(f"{place}{tail}").status_code == 404
    assert stranger.get(ROOT).json()["items"] == []
    assert post(stranger, f"{place}/cancellation", version, words="x").status_code == 404
    reads = machine("so-tc-ag", "read")
    assert post(reads, f"{place}/cancellation", version, words="x").status_code == 403
    looks = machine("so-tc-ag", role="registrar")
    assert post(looks, ROOT, title="x", assigner_id=str(finance.pk)).status_code == 403
    open_one, version = assigned(orders, finance, farming, title="Mở")
    told = stranger.get(open_one).json()
    assert (told["title"], told["steps"]) == ("Mở", None), "the course is the parties'"


def test_the_agencies_of_a_day_are_listed(
    machine: Callable[..., Client], agencies: dict[str, Agency]
) -> None:
    gone = agencies["lmhtx-ag"]
    Agency.objects.filter(pk=gone.pk).update(valid=DateRange(gone.valid.lower, date(2026, 1, 1)))
    client = machine("so-tc-ag")
    assert str(gone.pk) not in {a["id"] for a in client.get("/api/v1/agencies").json()}
    before = client.get("/api/v1/agencies", {"on": "2025-12-31"}).json()
    assert str(gone.pk) in {a["id"] for a in before}


def test_more_tasks_and_a_longer_course_ask_the_database_no_more(
    machine: Callable[..., Client], agencies: dict[str, Agency]
) -> None:
    finance, farming = agencies["so-tc-ag"], agencies["so-nnmt-ag"]
    client, answers = machine("so-tc-ag"), machine("so-nnmt-ag")
    place, version = assigned(client, finance, farming)
    pk = place.rpartition("/")[2]
    version = done(post(answers, f"{place}/acceptance", version))
    proof = {"record": "/registry/"}

    def grow() -> None:
        nonlocal version
        assigned(client, finance, farming, title="Phần", parent_id=pk)
        version = done(post(answers, f"{place}/progress", version, words="x", proofs=[proof]))

    def asked(address: str) -> int:
        client.get(address)  # what is kept in the process is kept
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    grow()
    before = {a: asked(a) for a in (ROOT, place, f"{place}/tree")}
    for _number in range(3):
        grow()
    assert {a: asked(a) for a in before} == before
    assert before[ROOT] <= 8


def test_more_time_is_asked_for_refused_asked_again_and_granted(
    machine: Callable[..., Client], agencies: dict[str, Agency]
) -> None:
    finance, farming = agencies["so-tc-ag"], agencies["so-nnmt-ag"]
    orders, answers = machine("so-tc-ag"), machine("so-nnmt-ag")
    place, version = assigned(orders, finance, farming)
    version = done(post(answers, f"{place}/acceptance", version))
    before = "2098-12-31"
    version = done(post(orders, f"{place}/extension", version, due_on=before, words="đặt hạn"))
    none = post(orders, f"{place}/extension/decision", version, verdict="granted")
    assert codes(none) == (422, ["unknown"])
    wanted = {"due_on": "2099-06-30", "words": "mưa lũ"}
    version = done(post(answers, f"{place}/extension/request", version, **wanted))
    version = done(post(answers, f"{place}/extension/withdrawal", version))
    version = done(post(answers, f"{place}/extension/request", version, **wanted))
    bare = post(orders, f"{place}/extension/decision", version, verdict="refused")
    assert codes(bare) == (422, ["reason_missing"])
    version = done(
        post(orders, f"{place}/extension/decision", version, verdict="refused", words="không")
    )
    version = done(post(answers, f"{place}/extension/request", version, **wanted))
    done(
        post(orders, f"{place}/extension/decision", version, verdict="granted", due_on="2099-03-31")
    )
    told = answers.get(place).json()
    assert (told["due_on"], told["terms"][0]["first_due_on"]) == ("2099-03-31", before)
    states = [x["state"] for x in told["extension_requests"]]
    assert states == ["granted", "refused", "withdrawn"]


def test_an_order_to_many_is_taken_back_while_nobody_answered(
    machine: Callable[..., Client], agencies: dict[str, Agency]
) -> None:
    finance, farming = agencies["so-tc-ag"], agencies["so-nnmt-ag"]
    client = machine("so-tc-ag")
    place, version = ordered(client, finance)
    due = {"rhythm": "once", "due_on": "2099-01-31"}
    version = done(post(client, f"{place}/parts", version, agency_ids=[str(farming.pk)], due=due))
    (part,) = client.get(place).json()["parts"]
    assert (part["lead"]["name"], part["due_on"]) == (farming.name, "2099-01-31")
    done(post(client, f"{place}/parts/removal", version, words="giao nhầm"))
    told = client.get(place).json()
    assert (told["state"], [p["state"] for p in told["parts"]]) == ("draft", ["cancelled"])
