"""A double click on any form of the desk or of one's own door: done once, and the second is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hoptac.foundation.access import Context, system_context
from hoptac.foundation.audit.models import Act
from hoptac.registration import actions
from hoptac.registration.models import Filing
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registration.views.filing import STEPS
from hoptac.registration.views.own import OWN_STEPS

pytestmark = pytest.mark.django_db


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: address and hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form" and said.get("method") == "post":
            self.found.append((said.get("action") or "", {}))
        elif tag == "input" and said.get("type") == "hidden" and self.found and said.get("name"):
            self.found[-1][1][str(said["name"])] = said.get("value") or ""


class Office:
    """A desk with an examiner, a registrar and a director, each at a browser."""

    def __init__(self, ctx: Context, body: Any, people: dict[str, Client], colleague: Any) -> None:
        self.ctx, self.body, self.people, self.colleague = ctx, body, people, colleague

    def received(self) -> Filing:
        papers = procedure_on("reissue", self.ctx.today).papers_required("cooperative")
        return actions.receive(
            self.ctx, "reissue", cooperative=self.body, applicant="Ai", papers=papers,
            proposal={"reason": "mất"},
        )  # fmt: skip

    def draft(self) -> Filing:
        return actions.begin_online(
            self.ctx, "reissue", cooperative=self.body, applicant="Ai", proposal={"reason": "mất"}
        )

    def sent(self) -> Filing:
        return actions.submit(self.ctx, self.draft())

    def asked(self) -> Filing:
        return actions.ask_supplement(self.ctx, self.received(), missing=["Điều lệ"])

    def over(self) -> Filing:
        asked = self.asked()
        asked.supplement_until = self.ctx.today - timedelta(days=1)
        asked.save()
        return asked

    def proposed(self) -> Filing:
        return actions.propose(self.ctx, self.received(), outcome="grant")

    def for_later(self) -> Filing:
        """Granted early; its day has come."""
        early = self.ctx.by(today=self.ctx.today - timedelta(days=10))
        papers = procedure_on("suspension", early.today).papers_required("cooperative")
        filing = actions.receive(
            early, "suspension", cooperative=self.body, applicant="Ai", papers=papers,
            proposal={"from_on": self.ctx.today, "until_on": self.ctx.today + timedelta(days=30)},
        )  # fmt: skip
        actions.propose(early, filing, outcome="grant")
        return actions.decide(early, filing, outcome="grant")

    def dissolving(self, days_ago: int = 10) -> Filing:
        """A dissolution of which the months of silence run."""
        early = self.ctx.by(today=self.ctx.today - timedelta(days=days_ago))
        papers = procedure_on("dissolution_notice", early.today).papers_required("cooperative")
        filing = actions.receive(
            early, "dissolution_notice", cooperative=self.body, applicant="Ai", papers=papers,
            proposal={"decided_on": early.today, "votes": 90},
        )  # fmt: skip
        actions.propose(early, filing, outcome="grant")
        return actions.decide(early, filing, outcome="grant")

    def over_silence(self) -> Filing:
        """The months of silence are over."""
        return self.dissolving(days_ago=250)

    def silent(self) -> Filing:
        """Somebody looked, and put the body forward to be closed."""
        return actions.find_silence(self.ctx, self.over_silence(), words="Đã hỏi")

    def whole(self) -> Filing:
        """Asked to supply, with every paper there."""
        asked = self.asked()
        asked.papers.update(state="handed_in")
        return asked


@pytest.fixture
def office(
    cooperative: Callable[..., Any], officer: Callable[..., Any], client_of: Any, units: Any,
    the_system: Context, settings: Any, tmp_path: Path,
) -> Office:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    place = units.district("Giồng Riềng")
    body = cooperative(name="Hợp tác xã Nhà Mình", district="Giồng Riềng", members=20)
    examiner = officer("registration_officer", unit=place)
    people = {
        "examiner": client_of(examiner),
        "registrar": client_of(officer("registrar", unit=place)),
        "director": client_of(officer("cooperative_director", cooperative_id=body.pk)),
    }
    colleague = officer("registration_officer", unit=place, name="Đồng Nghiệp").user
    return Office(system_context(), body, people, colleague)


def sent_twice(client: Client, page: str, typed: dict[str, Any], *, form: str = "") -> None:
    """Send the form of a page twice as it stands; hold that the second changed nothing and is told."""
    shown = client.get(page)
    assert shown.status_code == 200, page
    every = Forms(shown.content.decode()).found
    action, hidden = next(f for f in every if f[0].endswith(form) and "key" in f[1])
    assert hidden["key"], f"{page}: the form bears no key"
    target, before = action or page, Act.objects.count()

    def send() -> Any:
        files = {k: SimpleUploadedFile(*v) if isinstance(v, tuple) else v for k, v in typed.items()}
        return client.post(target, {**hidden, **files}, follow=True)

    first = send()
    assert first.status_code == 200, first.content.decode()[:3000]
    assert first.redirect_chain, first.content.decode().split("<main")[1][:6000]
    done = Act.objects.count()
    assert done > before, "it was not done at all"
    second = send()
    assert second.redirect_chain
    assert Act.objects.count() == done, "it was done twice"
    assert "không ghi lần thứ hai" in second.content.decode()


# How each step is made ready, who takes it, what is typed.
DESK: dict[str, tuple[str, str, dict[str, Any]]] = {
    "accept": ("sent", "examiner", {}),
    "propose": ("received", "examiner", {"outcome": "grant"}),
    "ask": ("received", "examiner", {"missing": "Điều lệ"}),
    "supply": ("asked", "examiner", {"on": "TODAY"}),
    "decide": ("proposed", "registrar", {"signatory": "Ai"}),
    "send_back": ("proposed", "registrar", {"words": "xem lại"}),
    "hand_over": ("received", "examiner", {"to": "COLLEAGUE"}),
    "return": ("received", "examiner", {"words": "sai nơi"}),
    "withdraw": ("received", "examiner", {}),
    "lapse": ("over", "examiner", {}),
    "carry_out": ("for_later", "registrar", {}),
    "term": ("dissolving", "examiner", {"term": "silence", "on": "TODAY", "words": "Công văn 12"}),
    "silent": ("over_silence", "examiner", {"words": "Đã xem sổ công văn đến"}),
    "silence": ("silent", "registrar", {"words": "Không có ý kiến", "signatory": "Ai"}),
}


@pytest.mark.parametrize("code", list(STEPS))
def test_a_step_of_the_desk_sent_twice_is_taken_once(code: str, office: Office) -> None:
    ready, who, typed = DESK[code]
    filing = getattr(office, ready)()
    words = {"COLLEAGUE": str(office.colleague.pk), "TODAY": f"{office.ctx.today:%d/%m/%Y}"}
    typed = {k: words.get(v, v) for k, v in typed.items()}
    if code == "supply":
        typed |= {f"paper-{p.pk}": "handed_in" for p in filing.papers.all()}
    sent_twice(office.people[who], reverse("registration:step", args=[filing.pk, code]), typed)


def test_a_dossier_taken_in_twice_is_one_dossier(office: Office) -> None:
    page = f"/registration/new/reissue/?body={office.body.pk}"
    typed = {"applicant": "Ai", "channel": "counter", "reason": "mất",
             "filed_on": f"{office.ctx.today:%d/%m/%Y}"}  # fmt: skip
    sent_twice(office.people["examiner"], page, typed)
    assert Filing.objects.count() == 1


def test_mending_and_ticking_and_a_scan_sent_twice_are_done_once(office: Office) -> None:
    filing, examiner = office.received(), office.people["examiner"]
    sent_twice(examiner, reverse("registration:amend", args=[filing.pk]), {"reason": "cháy"})
    papers = reverse("registration:papers", args=[filing.pk])
    sent_twice(examiner, papers, {f"paper-{p.pk}": "missing" for p in filing.papers.all()})
    paper = filing.papers.first()
    scan = ("don.pdf", b"%PDF-1.7 x", "application/pdf")
    target = reverse("registration:paper", args=[filing.pk, paper.pk])
    sent_twice(examiner, papers, {"file": scan}, form=target)


OWN = {"submit": "draft", "supply": "whole", "withdraw": "sent"}


@pytest.mark.parametrize("code", [s[0] for s in OWN_STEPS])
def test_a_step_of_ones_own_door_sent_twice_is_taken_once(code: str, office: Office) -> None:
    filing = getattr(office, OWN[code])()
    page = reverse("registration:own_filing", args=[filing.pk])
    sent_twice(office.people["director"], page, {}, form=f"/{code}/")


def test_changing_a_draft_and_laying_a_paper_to_it_twice_are_done_once(office: Office) -> None:
    filing, director = office.draft(), office.people["director"]
    sent_twice(director, reverse("registration:own_edit", args=[filing.pk]), {"reason": "cháy"})
    paper = filing.papers.first()
    scan = ("don.pdf", b"%PDF-1.7 x", "application/pdf")
    page = reverse("registration:own_filing", args=[filing.pk])
    target = reverse("registration:own_paper", args=[filing.pk, paper.pk])
    sent_twice(director, page, {"file": scan}, form=target)
    sent_twice(director, f"/registration/own/new/reissue/?body={office.body.pk}", {"reason": "mất"})


def test_a_form_without_its_key_would_be_done_twice(office: Office) -> None:
    """The control: what the bar compares shows the second time."""
    filing, examiner = office.received(), office.people["examiner"]
    page = reverse("registration:amend", args=[filing.pk])
    before = Act.objects.count()
    for _n in range(2):
        filing.refresh_from_db()
        examiner.post(page, {"reason": "cháy", "version": filing.version})
    assert Act.objects.count() == before + 2
