"""The desk's pages: what they show, to whom, how little they ask of the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hoptac.directives.actions import (
    LinkSpec,
    bring_directive,
    distribute,
    link_directives,
    make_concrete,
)
from hoptac.directives.models import Directive, Passage, Recipient
from hoptac.directives.terms import GROUP_NAMES
from hoptac.directives.tests.conftest import read_plan
from hoptac.directives.tests.test_proposals import FACTS
from hoptac.foundation.audit.models import Act


@pytest.fixture
def clients(office: Any, client_of: Callable) -> Callable[[str], Client]:
    made: dict[str, Client] = {}

    def of(name: str) -> Client:
        if name not in made:
            made[name] = client_of(getattr(office, name))
        return made[name]

    return of


@pytest.fixture
def plan(office: Any) -> Directive:
    reading = read_plan()
    return bring_directive(
        office.party, facts=FACTS, file=("ke-hoach.txt", reading.text.encode()), reading=reading,
        links=[LinkSpec(kind="implements", cited={"symbol": "70-KL/TW", "title": "Kết luận của Bộ Chính trị"})],
    )  # fmt: skip


def url(name: str, *args: Any) -> str:
    return reverse(f"directives:{name}", args=args)


def text(response: Any) -> str:
    found: str = response.content.decode()
    return found


def test_the_list_is_searched_and_filtered(office: Any, clients: Any, plan: Directive) -> None:
    office.document(
        by=office.state,
        symbol="1804/QĐ-TTg",
        title="Chương trình hỗ trợ",
        text="Hỗ trợ",
        issuer_name="Thủ tướng Chính phủ",
        issued_on=date(2020, 11, 13),
        in_force_on=date(2020, 11, 13),
    )

    def listed(**query: Any) -> set[str]:
        page = clients("finance").get(url("list"), query)
        assert page.status_code == 200
        return {d.symbol for d in page.context["documents"]}

    assert listed() == {"5-KH/TU", "70-KL/TW", "1804/QĐ-TTg"}
    assert listed(q="tuyen truyen") == {"5-KH/TU"}
    assert (
        listed(chain="state")
        == listed(year="2020")
        == listed(issuer="Thủ tướng Chính phủ")
        == {"1804/QĐ-TTg"}
    )
    assert listed(hand="cited") == {"70-KL/TW"}
    assert listed(standing="in_force") == {"1804/QĐ-TTg"}
    assert listed(standing="unknown", kind="plan") == {"5-KH/TU"}
    assert listed(waits="acknowledge") == set()
    office.sent(plan, "so-tc-ag")
    assert listed(waits="acknowledge") == {"5-KH/TU"}
    assert listed(waits="late") == {"5-KH/TU"}  # sent in February, and it is later now
    assert listed(kind="nonsense", year="x", sort="y") == listed()
    assert "Văn bản chỉ đạo" in text(clients("finance").get(url("list")))


def test_a_document_shows_what_it_rests_on_and_who_owes(
    office: Any, clients: Any, plan: Directive
) -> None:
    office.sent(plan, "so-tc-ag", "lmhtx-ag", sent_on=date(2026, 1, 5), make_by=date(2026, 1, 20))
    page = text(clients("party").get(url("directive", plan.pk)))
    for words in ("70-KL/TW", "Sở Tài chính tỉnh An Giang", "<svg", "ngày làm việc"):
        assert words in page, words
    below = text(clients("party").get(url("directive", Directive.objects.get(symbol="70-KL/TW").pk)))  # fmt: skip
    assert "5-KH/TU" in below
    own = text(clients("finance").get(url("directive", plan.pk)))
    assert url("answer", Recipient.objects.get(agency__code="so-tc-ag").pk, "acknowledge") in own
    assert (
        "Liên minh Hợp tác xã tỉnh An Giang" not in own
    )  # others' answers are the sender's matter


def test_what_may_not_be_read_is_nowhere(office: Any, clients: Any, plan: Directive) -> None:
    secret = office.plan_of(
        office.finance, "so-tc-ag", title="Kế hoạch kín", symbol="77/KH-MAT", reach="recipients"
    )
    link_directives(office.finance, secret, links=[LinkSpec(kind="implements", target=plan)])
    (row,) = office.sent(plan, "so-tc-ag", make_by=date(2026, 3, 2))
    make_concrete(office.finance, row, own=secret)
    for name in ("farming", "commune", "alliance"):
        client = clients(name)
        pages = [
            url("list"), f"{url('list')}?q=mat", f"{url('list')}?standing=in_force", url("directive", plan.pk),
            url("directive", Directive.objects.get(symbol="70-KL/TW").pk), url("sendings"),
            f"{url('sendings')}?side=out&state=all", f"{url('export')}?format=csv",
            f"{url('export_sendings')}?format=csv&side=out&state=all", url("reading", plan.pk), "/",
        ]  # fmt: skip
        for address in pages:
            answer = client.get(address)
            assert answer.status_code == 200, address
            said = b"".join(answer.streaming_content) if answer.streaming else answer.content
            for trace in ("77/KH-MAT", "Kế hoạch kín", str(secret.pk)):
                assert trace.encode() not in said, (name, address, trace)
        for hidden in (
            url("directive", secret.pk),
            url("file", secret.pk),
            url("reading", secret.pk),
            url("correct", secret.pk),
            url("links", secret.pk),
            url("distribute", secret.pk),
            url("end", secret.pk, "revoke"),
        ):
            assert client.get(hidden).status_code == 404
        assert client.get(url("answer", row.pk, "make")).status_code == 404
    found = clients("state").get(url("list"), {"q": "kín"})
    assert [d.symbol for d in found.context["documents"]] == ["77/KH-MAT"]


def test_who_may_read_but_not_keep_changes_nothing(
    office: Any, clients: Any, plan: Directive
) -> None:
    (row,) = office.sent(plan, "so-tc-ag")
    passage = plan.passages.first()
    for name in ("state", "alliance", "commune"):
        client = clients(name)
        assert client.get(url("directive", plan.pk)).status_code == 200
        for address in (
            url("correct", plan.pk), url("links", plan.pk), url("distribute", plan.pk), url("read", plan.pk),
            url("end", plan.pk, "revoke"), url("edit", plan.pk, passage.pk), url("split", plan.pk, passage.pk),
            url("answer", row.pk, "acknowledge"),
        ):  # fmt: skip
            assert client.get(address).status_code == 404, address
            assert client.post(address).status_code == 404, address
        for address in (url("reading", plan.pk), url("recipients", plan.pk)):
            assert client.post(address, {"do": "accept", "passage": str(passage.pk)}).status_code == 404  # fmt: skip
    auditor = clients("auditor")
    assert auditor.get(url("directive", plan.pk)).status_code == 200
    for address in (url("new"), url("upload"), url("correct", plan.pk), url("distribute", plan.pk)):
        assert auditor.get(address).status_code == 403


def test_directors_and_banks_see_no_directives(
    office: Any, officer: Callable, client_of: Callable, cooperative: Callable
) -> None:
    for ctx in (officer("bank_officer"), officer("cooperative_director", cooperative_id=cooperative().pk)):  # fmt: skip
        assert client_of(ctx).get(url("list")).status_code == 403


def test_a_document_is_typed_in_and_corrected(office: Any, clients: Any) -> None:
    client = clients("finance")
    sent = {
        "symbol": "15/KH-STC", "title": "Phát triển kinh tế tập thể năm 2026", "level": "province",
        "issuer": str(office.by_code["so-tc-ag"].pk), "issued_on": "15/01/2026", "in_force_on": "15/01/2026",
        "reach": "open", "is_confirmed": "on", "text": "Nội dung", "key": "k1",
    }  # fmt: skip
    refused = client.post(url("new"), {**sent, "title": ""})
    assert refused.status_code == 422
    answer = client.post(url("new"), sent)
    assert answer.status_code == 302
    assert client.post(url("new"), sent).status_code == 302  # the same submission again
    made = Directive.objects.get()
    assert (made.kind, made.chain, made.issuer_name) == ("plan", "state", "Sở Tài chính tỉnh An Giang")  # fmt: skip
    assert client.post(url("new"), {**sent, "key": "k2"}).status_code == 422
    changed = {**sent, "signer": "Nguyễn Văn A", "reason": "thiếu người ký", "version": "1"}
    assert client.post(url("correct", made.pk), changed).status_code == 302
    assert client.post(url("correct", made.pk), {**changed, "signer": "B"}).status_code == 409
    ended = client.post(
        url("end", made.pk, "revoke"),
        {"on": "01/02/2026", "basis": "Quyết định 3/QĐ-STC", "version": "2"},
    )
    assert ended.status_code == 302
    assert (
        client.post(url("end", made.pk, "restore"), {"reason": "nhầm", "version": "3"}).status_code
        == 302
    )
    assert client.get(url("end", made.pk, "burn")).status_code == 404


def test_links_are_made_and_taken_back_on_their_page(office: Any, clients: Any, plan: Directive) -> None:  # fmt: skip
    client = clients("party")
    assert (
        client.post(
            url("links", plan.pk), {"kind": "cites", "title": "Luật Hợp tác xã năm 2012"}
        ).status_code
        == 302
    )
    link = plan.links.get(kind="cites")
    assert link.target.is_at_hand is False
    assert client.post(url("links", plan.pk), {"kind": "cites"}).status_code == 422
    assert client.post(url("links", plan.pk), {"remove": str(link.pk)}).status_code == 302
    assert not plan.links.filter(kind="cites", retired_by=None).exists()


def test_a_document_is_distributed_by_groups_and_answered(
    office: Any, clients: Any, plan: Directive
) -> None:
    page = clients("party").get(url("distribute", plan.pk))
    groups = dict(page.context["form"].fields["agencies"].choices)
    names = list(groups)
    assert {GROUP_NAMES[n] for n in ("departments", "commune_committees", "offices")} <= set(names)
    departments = GROUP_NAMES["departments"]
    chosen = [pk for pk, _name in groups[departments]]
    assert clients("party").post(url("distribute", plan.pk), {"sent_on": "02/02/2026"}).status_code == 422  # fmt: skip
    sent = {
        "sent_on": "02/02/2026", "make_by": "02/03/2026", "key": "d1",
        "agencies_all": str(names.index(departments)), "agencies": chosen[:1],
    }  # fmt: skip
    assert clients("party").post(url("distribute", plan.pk), sent).status_code == 302
    assert clients("party").post(url("distribute", plan.pk), sent).status_code == 302
    assert plan.recipients.count() == len(chosen)
    inbox = clients("finance").get(url("sendings"))
    (line,) = inbox.context["lines"]
    assert clients("finance").post(url("sendings"), {"recipient": str(line.row.pk)}).status_code == 302  # fmt: skip
    assert clients("farming").post(url("sendings"), {"recipient": str(line.row.pk)}).status_code == 404  # fmt: skip
    own = office.plan_of(office.finance, "so-tc-ag")
    assert (
        clients("finance")
        .post(url("answer", line.row.pk, "make"), {"own": str(own.pk)})
        .status_code
        == 302
    )
    other = plan.recipients.get(agency__code="so-nnmt-ag")
    assert clients("farming").get(url("answer", other.pk, "acknowledge")).status_code == 200
    assert clients("farming").post(url("answer", other.pk, "waive"), {"because": ""}).status_code == 422  # fmt: skip
    assert (
        clients("farming")
        .post(url("answer", other.pk, "waive"), {"because": "thực hiện ngay"})
        .status_code
        == 302
    )
    assert clients("farming").post(url("answer", other.pk, "reopen")).status_code == 302
    recall = {"do": "recall", "recipient": str(other.pk), "because": "nhầm"}
    assert clients("party").post(url("recipients", plan.pk), recall).status_code == 302
    assert Recipient.objects.get(pk=other.pk).is_recalled
    book = clients("party").get(f"{url('export_sendings')}?side=out&state=all&format=xlsx")
    assert b"".join(book.streaming_content)[:2] == b"PK"
    assert Act.objects.filter(name="directives.export").count() == 1


def test_proposals_are_decided_on_their_page(office: Any, clients: Any, plan: Directive) -> None:
    client = clients("party")
    page = client.get(url("reading", plan.pk))
    assert text(page).count("<mark") == 2
    ids = [str(p.pk) for p in plan.passages.all()]
    answer = client.post(url("reading", plan.pk), {"do": "accept", "passage": ids})
    assert answer.status_code == 302
    assert Passage.objects.filter(state="accepted").count() == 2
    last = client.get(url("reading", plan.pk)).context["last"]
    assert len(last["passages"]) == 2
    client.post(url("reading", plan.pk), {"do": "restore", "passage": last["passages"]})
    assert Passage.objects.filter(state="proposed").count() == 2
    assert client.get(url("reading", plan.pk)).context["last"] is None
    assert client.get(url("edit", plan.pk, ids[0])).status_code == 200
    edited = {
        "content": "Rà soát hợp tác xã",
        "lead": "Sở Tài chính\nlmhtx tinh an giang",
        "due_on": "15/12/2026",
        "every": "year",
        "version": "3",
    }
    assert client.post(url("edit", plan.pk, ids[0]), edited).status_code == 302
    passage = Passage.objects.get(pk=ids[0])
    assert [a.agency.code for a in passage.actors.order_by("position")] == ["so-tc-ag", "lmhtx-ag"]
    assert passage.due["recurrence"]["day"] == 15  # as the document says it
    assert client.post(url("edit", plan.pk, ids[0]), edited).status_code == 409
    assert client.get(url("split", plan.pk, ids[0])).status_code == 200
    parts = "rà soát các hợp tác xã;\nbáo cáo trước ngày 15/12"
    assert client.post(url("split", plan.pk, ids[0]), {"parts": parts}).status_code == 302
    assert client.post(url("reading", plan.pk), {"do": "burn"}).status_code == 302
    for tab in ("open", "accepted", "rejected", "all"):
        assert client.get(url("reading", plan.pk), {"show": tab}).status_code == 200


def test_pages_ask_the_same_however_many_rows(
    office: Any, clients: Any, plan: Directive, django_assert_max_num_queries: Any
) -> None:
    agencies = list(office.by_code.values())
    for number in range(30):
        document = office.document(symbol=f"{number}-KL/TW")
        there = [a for a in agencies if a.valid.lower and not a.valid.upper][:20]
        distribute(office.party, document, agencies=there)
        link_directives(office.party, document, links=[LinkSpec(kind="implements", target=plan)])
    for name, address, most in (
        ("party", url("list"), 16), ("finance", url("list"), 16), ("party", url("directive", plan.pk), 26),
        ("party", f"{url('sendings')}?side=out", 14), ("finance", url("sendings"), 14),
        ("party", url("reading", plan.pk), 18), ("party", url("distribute", plan.pk), 14),
    ):  # fmt: skip
        clients(name).get(address)
        with django_assert_max_num_queries(most):
            assert clients(name).get(address).status_code == 200
