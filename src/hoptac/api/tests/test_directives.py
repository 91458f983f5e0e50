"""Directives over the API: listed, read, the graph, recipients, receipt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hoptac.directives.actions import LinkSpec, distribute, link_directives, record_directive
from hoptac.directives.models import Directive, Recipient
from hoptac.foundation.access import Context
from hoptac.jurisdiction.models import Agency

ROOT = "/api/v1/directives"


@pytest.fixture
def documents(the_system: Context, agencies: dict[str, Agency]) -> list[Directive]:
    """Two open documents, one of which carries out the other, and one for its recipients only."""
    made = [
        record_directive(
            the_system, text="Nội dung",
            facts={"symbol": symbol, "title": "Về kinh tế tập thể", "issuer_name": "Tỉnh ủy", "level": "province",
                   "issued_on": date(2020, 1, day), "in_force_on": date(2020, 1, day), "reach": reach},
        )
        for symbol, day, reach in (("1-KL/TU", 1, "open"), ("2-KH/TU", 2, "open"), ("3-KH/TU", 3, "recipients"))
    ]  # fmt: skip
    link_directives(the_system, made[1], links=[LinkSpec(kind="implements", target=made[0])])
    link_directives(the_system, made[2], links=[LinkSpec(kind="implements", target=made[0])])
    distribute(the_system, made[1], agencies=[agencies["so-tc-ag"], agencies["lmhtx-ag"]])
    distribute(the_system, made[2], agencies=[agencies["lmhtx-ag"]])
    return made


def test_documents_are_listed_page_by_page_as_far_as_one_may_read(
    machine: Callable[..., Client], documents: list[Directive]
) -> None:
    finance, alliance = machine("so-tc-ag"), machine("lmhtx-ag")
    first = finance.get(ROOT, {"limit": 1}).json()
    second = finance.get(ROOT, {"limit": 1, "cursor": first["next_cursor"]}).json()
    listed = [i["symbol"] for p in (first, second) for i in p["items"]]
    assert (listed, second["next_cursor"]) == (["2-KH/TU", "1-KL/TU"], None)
    assert len(alliance.get(ROOT).json()["items"]) == 3
    assert [
        i["symbol"]
        for i in alliance.get(ROOT, {"q": "ket luan", "kind": "conclusion"}).json()["items"]
    ] == []
    assert [i["symbol"] for i in alliance.get(ROOT, {"kind": "conclusion"}).json()["items"]] == ["1-KL/TU"]  # fmt: skip
    assert finance.get(ROOT, {"waits": "acknowledge"}).json()["items"][0]["symbol"] == "2-KH/TU"
    assert finance.get(ROOT, {"colour": "red"}).status_code == 422
    assert finance.get(ROOT, {"cursor": "x"}).status_code == 400


def test_what_may_not_be_read_is_not_found_nor_linked(
    machine: Callable[..., Client], documents: list[Directive]
) -> None:
    finance, alliance = machine("so-tc-ag"), machine("lmhtx-ag")
    law, plan, secret = documents
    for tail in ("", "/graph", "/recipients"):
        assert finance.get(f"{ROOT}/{secret.pk}{tail}").status_code == 404
        assert alliance.get(f"{ROOT}/{secret.pk}{tail}").status_code == 200
    read = finance.get(f"{ROOT}/{plan.pk}")
    assert (read.headers["ETag"], read.json()["text"], read.json()["standing"]) == (
        '"1"',
        "Nội dung",
        "in_force",
    )
    around = finance.get(f"{ROOT}/{law.pk}/graph").json()
    assert {d["symbol"] for d in around["documents"]} == {"1-KL/TU", "2-KH/TU"}
    assert [x["kind"] for x in around["links"]] == ["implements"]
    assert len(alliance.get(f"{ROOT}/{law.pk}/graph").json()["links"]) == 2


def test_receipt_is_acknowledged_for_ones_own_agencies(
    machine: Callable[..., Client], documents: list[Directive], agencies: dict[str, Agency]
) -> None:
    finance, plan = machine("so-tc-ag"), documents[1]
    address = f"{ROOT}/{plan.pk}/receipts"

    def send(client: Client, **data: Any) -> Any:
        return client.post(
            address, data, content_type="application/json", headers={"Idempotency-Key": "r1"}
        )

    assert send(machine("so-tc-ag", "read")).status_code == 403
    assert send(machine("so-nnmt-ag")).status_code == 404
    answer = send(finance)
    assert [(r["agency"], bool(r["acknowledged_at"])) for r in answer.json()] == [
        ("Sở Tài chính tỉnh An Giang", True)
    ]
    assert send(finance).json() == answer.json()
    assert Recipient.objects.exclude(acknowledged_at=None).count() == 1
    assert send(finance, agency_ids=[str(agencies["lmhtx-ag"].pk)]).status_code == 404
