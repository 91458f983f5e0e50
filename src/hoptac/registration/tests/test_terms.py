"""Terms beside the desk's own clock: creditors, the tax office, publication, silence."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.registration import actions, selectors
from hoptac.registration.duties import desk_duties
from hoptac.registration.models import FilingTerm, IssuedPaper, Undertaking
from hoptac.registry.models import Period

pytestmark = pytest.mark.django_db
TODAY = date(2024, 9, 16)
RESOLVED = {"decided_on": TODAY, "votes": 80}


@pytest.fixture
def body(cooperative):
    return cooperative(name="Hợp tác xã Cũ", district="Giồng Riềng", members=12)


def text_of(paper):
    """Return the words on a paper, in one line."""
    pages = PdfReader(BytesIO(paper.file.read())).pages
    return " ".join(" ".join(p.extract_text() for p in pages).split())


def terms(filing):
    return {t.code: t.due_on for t in FilingTerm.objects.filter(filing=filing)}


def status(body):
    return Period.objects.get(cooperative=body, is_latest=True).legal_status


def test_a_dissolution_of_which_nobody_says_anything_ends_after_six_months_by_an_officers_hand(
    desk, body
):
    notice = desk.done("dissolution_notice", RESOLVED, cooperative=body)
    assert terms(notice) == {"silence": date(2025, 3, 16)}
    last = desk.on(date(2025, 3, 16))
    with pytest.raises(Refused) as refused:
        actions.find_silence(last.ctx, notice, words="Đã hỏi")
    assert refused.value.codes == {"silence_not_over"}
    after = desk.on(date(2025, 3, 17))
    assert selectors.queue_counts(after.ctx)["terms_over"] == 1
    told = {d.href.partition("=")[2]: d.count for d in desk_duties(after.ctx)}
    assert told["terms_over"] == 1
    assert status(body) == "ending"  # the day alone ends nothing
    with pytest.raises(Refused) as refused:
        actions.close_by_silence(after.ctx, notice, words="Không thấy gì")
    assert refused.value.codes == {"not_put_forward"}
    actions.find_silence(after.ctx, notice, words="Sổ công văn đến, cơ quan thuế: không có ý kiến")
    assert selectors.queue_counts(after.ctx)["to_decide"] == 1
    assert status(body) == "ending"
    actions.close_by_silence(after.ctx, notice, signatory="Lê Văn Chín")
    assert status(body) == "ended"
    letter = IssuedPaper.objects.get(filing=notice, kind="silence")
    text = text_of(letter)
    assert "16/03/2025" in text
    assert "Kính gửi: Hợp tác xã Cũ" in text
    assert letter.number is not None
    assert Act.objects.filter(name="registration.close_by_silence").count() == 1
    counts = selectors.queue_counts(after.ctx)
    assert (counts["terms_over"], counts["to_decide"]) == (0, 0)


def test_who_put_a_body_forward_to_be_closed_does_not_close_it(desk, body, officer, units):
    notice = desk.done("dissolution_notice", RESOLVED, cooperative=body)
    day, district = date(2025, 4, 1), units.district("Giồng Riềng")
    one = officer("registrar", unit=district, name="Lê Quyết Định")
    other = officer("registrar", unit=district, name="Trần Thứ Hai")
    actions.find_silence(one.by(today=day), notice, words="Đã hỏi cơ quan thuế")
    with pytest.raises(Refused) as refused:
        actions.close_by_silence(one.by(today=day), notice)
    assert refused.value.codes == {"second_person"}
    assert status(body) == "ending"
    actions.close_by_silence(other.by(today=day), notice, signatory="Lê Văn Chín")
    assert status(body) == "ended"
    assert FilingTerm.objects.get(filing=notice).words == "Đã hỏi cơ quan thuế"


def test_what_was_found_before_the_term_was_over_does_not_count(desk, body):
    """A finding is of the day it was made: put forward too early it is not there at all."""
    notice = desk.done("dissolution_notice", RESOLVED, cooperative=body)
    with pytest.raises(Refused):
        actions.find_silence(desk.on(date(2025, 3, 16)).ctx, notice, words="Đã hỏi")
    over = desk.on(date(2025, 3, 17))
    assert over.ctx.today > FilingTerm.objects.get(filing=notice).due_on
    with pytest.raises(Refused) as refused:
        actions.close_by_silence(over.ctx, notice)
    assert refused.value.codes == {"not_put_forward"}


def test_an_objection_ends_the_silence_and_the_body_goes_on_being_dissolved(desk, body):
    notice = desk.done("dissolution_notice", RESOLVED, cooperative=body)
    later = desk.on(date(2025, 1, 6))
    actions.end_term(later.ctx, notice, term="silence", words="Công văn 12 của chi cục thuế")
    term = FilingTerm.objects.get(filing=notice)
    assert (term.outcome, term.ended_on) == ("objected", date(2025, 1, 6))
    over = desk.on(date(2025, 4, 1))
    with pytest.raises(Refused) as refused:
        actions.close_by_silence(over.ctx, notice, words="Đã hỏi")
    assert refused.value.codes == {"term_unknown"}


def test_silence_ends_nothing_while_a_mark_stands_a_closing_dossier_is_open_or_nobody_looked(
    desk, body
):
    notice = desk.done("dissolution_notice", RESOLVED, cooperative=body)
    over = desk.on(date(2025, 4, 1))
    with pytest.raises(Refused) as refused:
        actions.find_silence(over.ctx, notice, words=" ")
    assert refused.value.codes == {"reason_missing"}
    actions.find_silence(over.ctx, notice, words="Đã hỏi")
    closing = over.receive("dissolution", {}, cooperative=body)
    with pytest.raises(Refused) as refused:
        actions.close_by_silence(over.ctx, notice, words="Đã hỏi")
    assert refused.value.codes == {"other_filing_open"}
    actions.return_filing(over.ctx, closing, words="thiếu")
    over.done("enforcement_mark", {"mark_kind": "court", "issuer": "Tòa án", "document": "1/CV"},
              cooperative=body, channel="office")  # fmt: skip
    with pytest.raises(Refused) as refused:
        actions.close_by_silence(over.ctx, notice, words="Đã hỏi")
    assert refused.value.codes == {"mark_stands"}


def test_a_dissolution_called_off_leaves_nothing_to_be_silent_about(desk, body):
    notice = desk.done("dissolution_notice", RESOLVED, cooperative=body)
    later = desk.on(date(2024, 12, 2))
    later.done("dissolution_cancel", {"decided_on": date(2024, 12, 2), "votes": 90}, cooperative=body)  # fmt: skip
    assert FilingTerm.objects.get(filing=notice).outcome == "overtaken"


def test_the_tax_office_is_asked_when_the_closing_dossier_comes_and_answers_in_two_working_days(
    desk, body
):
    desk.done("dissolution_notice", RESOLVED, cooperative=body)
    closing = desk.on(date(2024, 10, 4)).receive("dissolution", {}, cooperative=body)
    assert terms(closing) == {"tax_opinion": date(2024, 10, 8)}  # Friday, then over the week's end
    letter = IssuedPaper.objects.get(filing=closing, kind="tax")
    assert "Cơ quan thuế" in text_of(letter)
    later = desk.on(date(2024, 10, 9))
    assert selectors.queue_counts(later.ctx)["terms_over"] == 1
    actions.amend(later.ctx, closing, added=["tax_confirmation"])
    term = FilingTerm.objects.get(filing=closing)
    assert (term.outcome, term.was_late) == ("done", True)


def test_under_the_law_of_2012_no_such_terms_are_known(desk, body):
    old = desk.on(date(2024, 6, 28))
    notice = old.done(
        "dissolution_notice", {**RESOLVED, "decided_on": date(2024, 6, 28)}, cooperative=body
    )
    closing = old.receive("dissolution", {}, cooperative=body)
    assert (terms(notice), terms(closing)) == ({}, {})
    assert not IssuedPaper.objects.filter(kind="tax").exists()


def test_creditors_are_told_within_fifteen_days_of_the_resolution_of_a_division(desk, body):
    part = {
        "commune": desk.commune.pk, "sector": "agriculture", "charter_capital": 1, "members": 6,
    }  # fmt: skip
    proposal = {
        "decided_on": date(2024, 9, 2), "votes": 70,
        "new_bodies": [{**part, "name": "Hợp tác xã A"}, {**part, "name": "Hợp tác xã B"}],
    }  # fmt: skip
    filing = desk.receive("division", proposal, cooperative=body)
    assert terms(filing) == {"creditors": date(2024, 9, 17)}
    with pytest.raises(Refused) as refused:
        actions.end_term(desk.ctx, filing, term="silence", words="gì đó")
    assert refused.value.codes == {"term_unknown"}
    with pytest.raises(Refused) as refused:
        actions.end_term(desk.ctx, filing, term="creditors", words="")
    assert refused.value.codes == {"reason_missing"}
    with pytest.raises(Refused) as refused:
        actions.end_term(desk.ctx, filing, term="creditors", words="x", on=date(2024, 9, 1))
    assert refused.value.codes == {"date_impossible"}
    actions.end_term(desk.ctx, filing, term="creditors", words="Thông báo số 5", on=date(2024, 9, 10))  # fmt: skip
    assert FilingTerm.objects.get(filing=filing).outcome == "done"


def test_a_compulsory_dissolution_gives_the_body_ten_days_and_tells_it_by_letter(desk, body):
    filing = desk.done("compulsory_dissolution", {"issuer": "Tòa án", "document": "3/QĐ-TA"},
                       cooperative=body, channel="office")  # fmt: skip
    assert terms(filing) == {"body_acts": date(2024, 9, 26), "silence": date(2025, 3, 16)}
    letter = IssuedPaper.objects.get(filing=filing)
    assert "Kính gửi: Hợp tác xã Cũ" in text_of(letter)
    assert "26/09/2024" in text_of(letter)


def test_a_revocation_is_published_within_three_working_days_and_the_body_is_told(desk, body):
    filing = desk.done("revocation", {"grounds": ["idle_12_months"], "reason": "ngừng hoạt động"},
                       cooperative=body, channel="office")  # fmt: skip
    assert terms(filing) == {"publication": date(2024, 9, 19)}
    assert "ngừng hoạt động" in text_of(IssuedPaper.objects.get(filing=filing))


def test_a_branch_abroad_and_a_share_in_an_enterprise_are_kept_with_the_record(desk, body):
    desk.done(
        "branch_abroad",
        {"abroad_kind": "office_abroad", "branch_name": "Văn phòng Phnôm Pênh", "country": "Campuchia",
         "from_on": date(2024, 9, 2)},
        cooperative=body,
    )  # fmt: skip
    share = {
        "enterprise_kind": "contribution", "enterprise_name": "Công ty TNHH Gạo Sạch",
        "amount": 200_000_000, "money_source": "own", "from_on": date(2024, 9, 9),
    }  # fmt: skip
    barred = desk.receive(
        "enterprise_notice", {**share, "money_source": "indivisible"}, cooperative=body
    )
    with pytest.raises(Refused) as refused:
        actions.propose(desk.ctx, barred, outcome="grant")
    assert refused.value.codes == {"indivisible_money"}
    actions.return_filing(desk.ctx, barred, words="sai nguồn")
    desk.done("enterprise_notice", share, cooperative=body)
    kept = list(selectors.undertakings(body.pk, TODAY))
    assert [(u.kind, u.name) for u in kept] == [
        ("contribution", "Công ty TNHH Gạo Sạch"), ("office_abroad", "Văn phòng Phnôm Pênh"),
    ]  # fmt: skip
    assert Undertaking.objects.count() == 2


def test_an_applicant_sees_which_letters_went_out_but_not_what_they_say(desk, body, client):
    filing = desk.receive("reissue", {"reason": "mất"}, cooperative=body)
    actions.ask_supplement(desk.ctx, filing, missing=["Bản gốc bị rách"])
    letter = IssuedPaper.objects.get(filing=filing, kind="supplement")
    page = client.get(f"/registration/status/{filing.receipt_code}/").content.decode()
    assert letter.code in page
    assert str(letter.pk) not in page


def test_an_officer_records_an_objection_on_the_page_and_nobody_closes_after_it(
    desk, body, client_of, officer, units
):
    notice = desk.done("dissolution_notice", RESOLVED, cooperative=body)
    clerk = client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))
    registrar = client_of(officer("registrar", unit=units.district("Giồng Riềng")))
    page = clerk.get(f"/registration/{notice.pk}/").content.decode()
    assert "16/03/2025" in page
    heap = clerk.get("/registration/?queue=terms_over").content.decode()
    assert str(notice.pk) in heap
    offered = registrar.get(f"/registration/{notice.pk}/").content.decode()
    assert f"/registration/{notice.pk}/silent/" in offered
    assert f"/registration/{notice.pk}/silence/" not in offered
    said = {"words": "Đã xem sổ công văn đến", "version": notice.version}
    assert clerk.post(f"/registration/{notice.pk}/silent/", said).status_code == 302
    offered = registrar.get(f"/registration/{notice.pk}/").content.decode()
    assert f"/registration/{notice.pk}/silence/" in offered
    assert "Đã xem sổ công văn đến" in offered
    own = clerk.post(f"/registration/{notice.pk}/silence/", {"signatory": "Ai"})
    assert own.status_code == 422
    notice.refresh_from_db()
    answer = clerk.post(
        f"/registration/{notice.pk}/term/",
        {"version": notice.version, "term": "silence", "on": "06/01/2025", "words": "Công văn 12"},
    )
    assert answer.status_code == 302
    assert FilingTerm.objects.get(filing=notice).outcome == "objected"
    late = registrar.post(
        f"/registration/{notice.pk}/silence/", {"words": "Đã hỏi", "signatory": "Ai"}
    )
    assert late.status_code == 422
    assert status(body) == "ending"
