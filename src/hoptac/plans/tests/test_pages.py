"""The pages of plans: what each reader sees and may do there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from hoptac.foundation.access import Context
from hoptac.foundation.audit.models import Act
from hoptac.foundation.duties import duties
from hoptac.foundation.notices.models import Notice
from hoptac.plans import actions
from hoptac.plans.models import YearPlan

Browse = Callable[[Context], Client]


@pytest.fixture(autouse=True)
def today(plans: Any) -> date:
    plans.province.today = timezone.localdate()
    plans.year = plans.province.today.year + 1
    return plans.province.today


def test_an_officer_begins_fills_submits_and_the_approver_sends_back_and_approves(
    plans: Any, client_of: Browse
) -> None:
    so, ubnd = client_of(plans.of("Sở Kế hoạch")), client_of(plans.of("UBND tỉnh"))
    form = so.get(f"/plans/new/?year={plans.year}").context["form"]
    sent = {
        "agency": plans.agency("Sở Kế hoạch").pk, "kind": "year", "year": plans.year, "key": form.initial["key"],
        "approver": plans.agency("UBND tỉnh").pk, "tie": "Theo KH kinh tế - xã hội",
    }  # fmt: skip
    page = so.post("/plans/new/", sent)
    assert page.status_code == 302
    assert so.post("/plans/new/", sent).status_code == 302
    plan = YearPlan.objects.get()
    at = f"/plans/{plan.pk}/"
    assert page["Location"] == at
    assert so.post(f"{at}submit/", {}).status_code == 422
    form = so.get(f"{at}targets/new/").context["form"]
    given = {"code": "HTX-01", "name": "Tổng số HTX", "unit_name": "HTX", "measure": "statistics.cooperatives",
             "direction": "at_least", "planned": "1.200", "version": form.initial["version"]}  # fmt: skip
    assert so.post(f"{at}targets/new/", given).status_code == 302
    assert so.post(f"{at}targets/new/", given).status_code == 409
    assert "1.200" in so.get(at).content.decode()
    assert so.get(f"{at}targets/HTX-01/").status_code == 200
    assert so.get(f"{at}submit/").status_code == 200
    assert ubnd.get(f"{at}submit/").status_code == 404
    assert so.post(f"{at}submit/", {"words": "Kính trình"}).status_code == 302
    assert Notice.objects.filter(kind="plans.submitted").count() == 1
    assert any("approve" in d.href for d in duties(plans.of("UBND tỉnh")))
    assert so.get(f"{at}approve/").status_code == 404
    assert ubnd.post(f"{at}return/", {"words": ""}).status_code == 422
    assert ubnd.post(f"{at}return/", {"words": "Thiếu"}).status_code == 302
    assert "Thiếu" in so.get(at).content.decode()
    assert so.post(f"{at}submit/", {}).status_code == 302
    assert ubnd.post(f"{at}approve/", {}).status_code == 302
    day = f"{plans.province.today:%d/%m/%Y}"
    assert so.post(f"{at}issue/", {"symbol": "5/KH-SKHĐT", "issued_on": day}).status_code == 302
    assert ubnd.get(f"{at}adjust/").status_code == 200
    sent = {"planned_0": "1.300", "words": "Bão", "document": "QĐ 7/QĐ-UBND"}
    assert ubnd.post(f"{at}adjust/", sent).status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.edition) == ("issued", 2)
    assert so.post(f"{at}targets/HTX-01/", {"estimate": "1.250"}).status_code == 302
    assert so.get(f"{at}texts/").status_code == 200


def test_values_are_stated_and_taken_back_on_the_page(plans: Any, client_of: Browse) -> None:
    plans.year = plans.province.today.year
    plan = plans.draft()
    plans.target(plan)
    so, at = client_of(plans.of("Sở Kế hoạch")), f"/plans/{plan.pk}/"
    sent = {"value": "7", "as_of": f"{plans.province.today:%d/%m/%Y}", "source": ""}
    assert so.post(f"{at}targets/HTX-01/actual/", sent).status_code == 422
    assert so.post(f"{at}targets/HTX-01/actual/", sent | {"source": "BC 5"}).status_code == 302
    page = so.get(at).content.decode()
    assert "BC 5" in page
    row = plan.stated.get()
    assert "BC 5" in so.get(f"{at}targets/HTX-01/actual/").content.decode()
    assert so.post(f"{at}stated/{row.pk}/retire/").status_code == 302
    assert so.post(f"{at}stated/{row.pk}/retire/").status_code == 404
    assert so.post(f"{at}targets/HTX-01/drop/").status_code == 302
    assert so.get(f"{at}targets/HTX-01/").status_code == 404


def test_an_aim_of_a_document_becomes_a_target(plans: Any, client_of: Browse) -> None:
    from hoptac.directives.actions import record_directive, store_reading
    from hoptac.directives.reading import read_text

    text = "KẾ HOẠCH\nVề thử\nI. MỤC TIÊU\n1. Đến năm 2030 có trên 1.100 hợp tác xã.\n"
    facts = {
        "symbol": "9/KH-UBND", "title": "Kế hoạch", "issuer_name": "UBND tỉnh", "level": "province",
        "issued_on": date(2020, 5, 4), "in_force_on": date(2020, 5, 4),
    }  # fmt: skip
    document = record_directive(plans.province.system, facts=facts, text=text)
    store_reading(plans.province.system, document, reading=read_text(text))
    aim = document.passages.get(state="aim")
    plan = plans.draft("Sở Kế hoạch")
    client = client_of(plans.of("Sở Kế hoạch"))
    page = client.get(f"/plans/aims/{aim.pk}/?figure=0")
    assert page.status_code == 200
    assert plan.title in page.content.decode()
    address = f"/plans/{plan.pk}/targets/new/?aim={aim.pk}&figure=0"
    form = client.get(address).context["form"]
    given = {n: form[n].value() for n in form.fields}
    assert (given["unit_name"], given["planned"], given["direction"]) == (
        "hợp tác xã",
        "1.100",
        "at_least",
    )
    sent = {k: ("" if v is None else v) for k, v in given.items() if v is not False}
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    aim.refresh_from_db()
    assert str(plan.pk) in aim.due["target"]["href"]
    assert plan.targets.get().planned == 1100
    assert client.get("/plans/aims/00000000-0000-4000-8000-00000000dead/").status_code == 404


def test_the_list_shows_who_has_none_and_who_is_late(plans: Any, client_of: Browse) -> None:
    parent = plans.approved("UBND tỉnh", approver="UBND tỉnh")
    plans.district("Tân Hiệp")
    due = plans.province.today
    agencies = [plans.agency("Tân Hiệp"), plans.agency("Sở Kế hoạch")]
    actions.ask_plans(plans.of("UBND tỉnh"), parent, agencies=agencies, due_on=due)
    plans.draft("Sở Kế hoạch", parent=parent)
    ubnd, other = client_of(plans.of("UBND tỉnh")), client_of(plans.of("Sở Nông nghiệp"))
    rows = ubnd.get(f"/plans/?year={plans.year}").context["rows"]
    assert [(r.agency.name, r.plan.state if r.plan else "none") for r in rows] == [
        ("UBND huyện Tân Hiệp", "none"), ("Sở Kế hoạch", "draft"), ("UBND tỉnh", "approved"),
    ]  # fmt: skip
    assert [r.agency.name for r in other.get(f"/plans/?year={plans.year}").context["rows"]] == [
        "UBND tỉnh"
    ]
    book = b"".join(ubnd.get(f"/plans/export/?year={plans.year}").streaming_content)  # type: ignore[attr-defined]
    sheet = openpyxl.load_workbook(BytesIO(book)).active
    assert any("UBND huyện Tân Hiệp" in [c.value for c in row] for row in sheet.iter_rows())
    assert other.get("/plans/?heap=nothing").status_code == 404


def test_a_draft_of_others_is_not_found_and_its_steps_neither(
    plans: Any, client_of: Browse
) -> None:
    plan = plans.draft()
    plans.target(plan)
    other, at = client_of(plans.of("Sở Nông nghiệp")), f"/plans/{plan.pk}/"
    for path in ("", "submit/", "edit/", "roll-up/", "annexes/", "figures/", "document/pdf/", "targets/new/",
                 "targets/HTX-01/", "targets/HTX-01/actual/"):  # fmt: skip
        assert other.get(at + path).status_code == 404, path
    bank = client_of(plans.officer("bank_officer"))
    assert bank.get("/plans/").status_code == 403
    assert bank.get(at).status_code == 403


def test_figures_go_out_as_files_and_the_journal_notes_it(plans: Any, client_of: Browse) -> None:
    plan = plans.draft("UBND tỉnh", approver="UBND tỉnh", template="annex")
    ubnd, at = client_of(plans.of("UBND tỉnh")), f"/plans/{plan.pk}/"
    assert ubnd.get(f"{at}annexes/").status_code == 200
    assert ubnd.get(f"{at}roll-up/").status_code == 200
    assert ubnd.get(f"{at}roll-up/?target=HTX-01").status_code == 200
    assert ubnd.get(f"{at}roll-up/?target=X").status_code == 404
    for what in ("targets", "roll_up", "annex1", "annex2"):
        answer = ubnd.get(f"{at}figures/?what={what}")
        assert answer.status_code == 200, what
        openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert ubnd.get(f"{at}figures/?what=all").status_code == 404
    assert ubnd.get(f"{at}document/docx/").content.startswith(b"PK")
    assert ubnd.get(f"{at}document/pdf/").content.startswith(b"%PDF")
    assert ubnd.get(f"{at}document/odt/").status_code == 404
    assert Act.objects.filter(name="plans.export").count() == 6


def test_a_plan_of_a_document_for_some_is_read_by_its_parties_only(
    plans: Any, client_of: Browse
) -> None:
    from hoptac.directives.models import Directive

    ubnd = plans.of("UBND tỉnh")
    secret = Directive.objects.create(
        province_code=plans.province.unit.province_code,
        chain="state",
        level="province",
        kind="plan",
        symbol="1/KH-MẬT",
        title="Kế hoạch mật",
        issuer=plans.agency("UBND tỉnh"),
        issuer_name="UBND tỉnh",
        reach="recipients",
    )
    plan = plans.approved("UBND tỉnh", approver="UBND tỉnh", directive=secret)
    assert plan.reach == "recipients"
    assert "1/KH-MẬT" in client_of(ubnd).get(f"/plans/{plan.pk}/").content.decode()
    other = client_of(plans.of("Sở Nông nghiệp"))
    assert other.get(f"/plans/{plan.pk}/").status_code == 404
    assert "MẬT" not in other.get("/plans/new/").content.decode()
