"""The cooperative's own door: a director files online, the desk receives, the director supplies."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.findings import Refused
from hoptac.jurisdiction.actions import give_mandate
from hoptac.registration import actions
from hoptac.registration.models import Filing

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(cooperative: Any) -> Any:
    return cooperative(name="Hợp tác xã Nhà Mình", district="Giồng Riềng", members=20)


@pytest.fixture
def director(client_of: Any, officer: Any, body: Any) -> Any:
    return client_of(officer("cooperative_director", cooperative_id=body.pk))


@pytest.fixture
def clerk(client_of: Any, officer: Any, units: Any) -> Any:
    return client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))


def begin(director: Any, body: Any) -> Filing:
    address = reverse("registration:own_begin", args=["reissue"])
    answer = director.post(f"{address}?body={body.pk}", {"reason": "Bị mất", "key": "k1"})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Filing.objects.latest("id")


def own(director: Any, filing: Filing, step: str) -> Any:
    return director.post(reverse("registration:own_step", args=[filing.pk, step]))


def test_what_is_not_sent_in_is_the_directors_alone(director, clerk, body):
    filing = begin(director, body)
    page = reverse("registration:filing", args=[filing.pk])
    assert clerk.get(page).status_code == 404
    assert director.get(reverse("registration:own_filing", args=[filing.pk])).status_code == 200
    own(director, filing, "submit")
    assert clerk.get(page).status_code == 200


def test_an_officer_who_is_a_director_too_sees_the_own_drafts_and_no_others(
    body, cooperative, officer, units, the_system
):
    """One person, two mandates: over the district's desk, and of one cooperative there."""
    other = cooperative(name="Hợp tác xã Bên Cạnh", district="Giồng Riềng", members=20)
    both = officer("registration_officer", unit=units.district("Giồng Riềng"))
    give_mandate(the_system, both.user, role="cooperative_director", cooperative_id=body.pk,
                 from_on=date(2015, 1, 1))  # fmt: skip
    ctx = context_of(both.user)
    drafts = [
        actions.begin_online(the_system, "reissue", cooperative=one, applicant="Ai", proposal={"reason": "mất"})
        for one in (body, other)
    ]  # fmt: skip
    seen = set(Filing.objects.visible_to(ctx).values_list("pk", flat=True))
    assert seen == {drafts[0].pk}


def test_a_draft_is_judged_by_the_law_and_goes_to_the_registrar_of_the_day_it_is_sent_in(
    the_system, body
):
    """Begun on the last working day of the Law of 2012, sent in under that of 2023; later a commune's."""
    friday = the_system.by(today=date(2024, 6, 28))
    draft = actions.begin_online(friday, "resumption", cooperative=body, applicant="Ai",
                                 proposal={"from_on": date(2024, 7, 8)})  # fmt: skip
    assert {p.code for p in draft.papers.all()} == {"notice", "meeting_resolution"}
    assert draft.rule.clock == 5
    actions.submit(the_system.by(today=date(2024, 7, 1)), draft)
    draft.refresh_from_db()
    assert (draft.judged_on, draft.filed_on, draft.rule.clock) == (*[date(2024, 7, 1)] * 2, 3)
    assert [(p.code, p.is_required) for p in draft.papers.all()] == [("notice", True)]
    assert draft.authority.level == "district"
    late = actions.begin_online(the_system.by(today=date(2025, 6, 30)), "reissue", cooperative=body,
                                applicant="Ai", proposal={"reason": "mất"})  # fmt: skip
    actions.submit(the_system.by(today=date(2025, 7, 1)), late)
    late.refresh_from_db()
    assert late.authority.level == "commune"


def test_an_applicant_lays_nothing_to_a_dossier_that_is_being_examined(
    the_system, body, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    draft = actions.begin_online(the_system, "reissue", cooperative=body, applicant="Ai",
                                 proposal={"reason": "mất"})  # fmt: skip
    paper = {"paper": draft.papers.get().pk, "content": b"%PDF-1.7 x", "filename": "don.pdf"}
    actions.attach_online(the_system, draft, **paper)
    actions.submit(the_system, draft)
    actions.attach_online(the_system, draft, **paper)
    actions.accept(the_system, draft)
    with pytest.raises(Refused) as refused:
        actions.attach_online(the_system, draft, **paper)
    assert refused.value.codes == {"step_not_allowed"}
    actions.attach(the_system, draft, **paper)
    actions.ask_supplement(the_system, draft, missing=["Bản rõ hơn"])
    actions.attach_online(the_system, draft, **paper)


def test_a_draft_of_what_the_later_law_does_not_know_is_not_sent_in(the_system, body):
    draft = actions.begin_online(the_system.by(today=date(2024, 7, 1)), "branch_suspension",
                                 cooperative=body, applicant="Ai", proposal={})  # fmt: skip
    with pytest.raises(Refused) as refused:
        actions.submit(the_system.by(today=date(2024, 6, 30)), draft)
    assert refused.value.codes == {"procedure_not_in_force"}
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_dossier_goes_from_the_phone_to_the_desk_and_back(
    director, clerk, body, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    filing = begin(director, body)
    paper = filing.papers.get(code="application")
    scan = SimpleUploadedFile("don.pdf", b"%PDF-1.7 x", "application/pdf")
    director.post(reverse("registration:own_paper", args=[filing.pk, paper.pk]), {"file": scan})
    paper.refresh_from_db()
    assert (paper.state, paper.form) == ("handed_in", "electronic")
    kept = director.get(reverse("registration:file", args=[filing.pk, paper.file_id]))
    assert b"".join(kept.streaming_content) == b"%PDF-1.7 x"
    own(director, filing, "submit")
    filing.refresh_from_db()
    clerk.post(
        reverse("registration:step", args=[filing.pk, "accept"]), {"version": filing.version}
    )
    filing.refresh_from_db()
    assert (filing.state, bool(filing.receipt_number), bool(filing.due_on)) == (
        "examining",
        True,
        True,
    )
    clerk.post(reverse("registration:step", args=[filing.pk, "ask"]),
               {"version": filing.version, "missing": "Chữ ký"})  # fmt: skip
    assert (
        "Chữ ký"
        in director.get(reverse("registration:own_filing", args=[filing.pk])).content.decode()
    )
    own(director, filing, "supply")
    filing.refresh_from_db()
    assert filing.state == "examining"


def test_a_file_that_is_not_what_it_says_is_refused_with_words(director, body, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    filing = begin(director, body)
    paper = filing.papers.get(code="application")
    wrong = SimpleUploadedFile("don.pdf", b"MZ not a pdf", "application/pdf")
    address = reverse("registration:own_paper", args=[filing.pk, paper.pk])
    assert director.post(address, {"file": wrong}, follow=True).status_code == 200
    paper.refresh_from_db()
    assert paper.file_id is None


def test_sending_in_twice_is_told_and_another_cooperative_finds_nothing(
    director, body, client_of, officer, cooperative
):
    filing = begin(director, body)
    own(director, filing, "submit")
    again = director.post(reverse("registration:own_step", args=[filing.pk, "submit"]), follow=True)
    assert "Không thực hiện được nữa" in again.content.decode()
    other = cooperative(name="Hợp tác xã Bên Cạnh", district="Giồng Riềng")
    stranger = client_of(officer("cooperative_director", cooperative_id=other.pk))
    assert stranger.get(reverse("registration:own_filing", args=[filing.pk])).status_code == 404
    assert own(stranger, filing, "withdraw").status_code == 404
