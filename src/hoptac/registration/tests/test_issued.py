"""What was given out in writing is kept as it was issued."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from hoptac.foundation.findings import Refused
from hoptac.registration import actions
from hoptac.registration.models import IssuedPaper
from hoptac.registration.procedures import PROCEDURES
from tests.signing import signed

pytestmark = pytest.mark.django_db


def issued(filing, kind):
    return filing.issued.filter(kind=kind).order_by("at", "id").last()


def codes(act, *args, **details):
    with pytest.raises(Refused) as refused:
        act(*args, **details)
    return refused.value.codes


def test_each_step_leaves_the_paper_that_it_gave_out(desk):
    filing = desk.receive("establishment", desk.founding())
    actions.ask_supplement(desk.ctx, filing, missing=["Điều lệ"])
    actions.supply(desk.ctx, filing)
    desk.grant(filing)
    kinds = list(filing.issued.order_by("at", "id").values_list("kind", "number"))
    assert kinds == [("receipt", None), ("supplement", 1), ("result", 2)]
    assert issued(filing, "result").code == "02/TB-ĐKHTX"
    assert issued(filing, "result").signatory == "Lê Văn Chín"
    for paper in filing.issued.all():
        assert paper.file.read().startswith(b"%PDF-")


def test_the_receipt_stays_as_it_was_whatever_happens_to_the_dossier(
    desk, client_of, officer, units
):
    filing = desk.receive("establishment", desk.founding())
    before = issued(filing, "receipt").file.read()
    actions.amend(desk.ctx, filing, proposal=desk.founding(name="Hợp tác xã Tên Khác"))
    clerk = client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))
    assert clerk.get(f"/registration/{filing.pk}/print/receipt.pdf").content == before
    paper = issued(filing, "receipt")
    assert clerk.get(f"/registration/{filing.pk}/issued/{paper.pk}.pdf").content == before


def test_an_act_that_fails_leaves_no_paper_and_no_gap(desk, monkeypatch):
    filing = desk.receive("establishment", desk.founding())
    from hoptac.registration.actions import desk as steps

    def fails(*args, **kwargs):
        raise RuntimeError("the machine stops")

    with monkeypatch.context() as patch:
        patch.setattr(steps, "note", fails)
        with pytest.raises(RuntimeError), transaction.atomic():
            actions.ask_supplement(desk.ctx, filing, missing=["Điều lệ"])
    filing.refresh_from_db()
    assert filing.state == "examining"
    assert not filing.issued.filter(kind="supplement").exists()
    actions.ask_supplement(desk.ctx, filing, missing=["Điều lệ"])
    assert issued(filing, "supplement").number == 1


def test_letters_of_an_authority_have_one_series_each_year(desk):
    numbers = []
    for day in (date(2024, 12, 30), date(2024, 12, 31), date(2025, 1, 2)):
        then = desk.on(day)
        filing = then.receive("establishment", desk.founding())
        actions.return_filing(then.ctx, filing, words="không thuộc thẩm quyền")
        numbers.append(issued(filing, "return").number)
    assert numbers == [1, 2, 1]


def test_an_issued_paper_is_never_changed(desk):
    filing = desk.receive("establishment", desk.founding())
    paper = issued(filing, "receipt")
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedPaper.objects.filter(pk=paper.pk).update(signatory="Ai")
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedPaper.objects.filter(pk=paper.pk).delete()


def test_a_letter_with_a_mistake_is_replaced_by_a_new_one(desk):
    filing = desk.receive("establishment", desk.founding())
    actions.ask_supplement(desk.ctx, filing, missing=["Điều lệ"])
    old = issued(filing, "supplement")
    assert codes(actions.correct_paper, desk.ctx, filing, paper=old.pk, words=" ") == {
        "reason_missing"
    }
    receipt = issued(filing, "receipt")
    assert codes(actions.correct_paper, desk.ctx, filing, paper=receipt.pk, words="x") == {
        "not_a_letter"
    }
    new = actions.correct_paper(desk.ctx, filing, paper=old.pk, words="ghi sai tên")
    assert (new.corrects_id, new.number, new.words) == (old.pk, 2, "ghi sai tên")
    assert new.file.read() != old.file.read()
    assert codes(actions.correct_paper, desk.ctx, filing, paper=old.pk, words="x") == {
        "corrected_already"
    }
    other = desk.receive("establishment", desk.founding())
    assert codes(actions.correct_paper, desk.ctx, other, paper=old.pk, words="x") == {
        "paper_unknown"
    }


def test_how_a_paper_went_out_is_recorded(desk):
    filing = desk.receive("establishment", desk.founding())
    paper = issued(filing, "receipt")
    out = actions.hand_out_paper
    assert codes(out, desk.ctx, filing, paper=paper.pk, how="counter", to="") == {
        "receiver_missing"
    }
    assert codes(out, desk.ctx, filing, paper=paper.pk, how="bird", to="Ai") == {"way_unknown"}
    late = date(2024, 9, 17)
    assert codes(out, desk.ctx, filing, paper=paper.pk, how="post", to="Ai", on=late) == {
        "date_impossible"
    }
    out(desk.ctx, filing, paper=paper.pk, how="counter", to="Trần Thị Bình")
    assert paper.handouts.get().to == "Trần Thị Bình"


def test_a_letter_signed_outside_is_laid_to_the_one_that_was_issued(desk):
    filing = desk.receive("establishment", desk.founding())
    actions.return_filing(desk.ctx, filing, words="không thuộc thẩm quyền")
    letter = issued(filing, "return")
    content = signed(letter.file.read())
    kept = actions.attach_signed_paper(
        desk.ctx, filing, paper=letter.pk, content=content, filename="ky.pdf"
    )
    assert kept.signer
    plain = letter.file.read()
    assert codes(
        actions.attach_signed_paper,
        desk.ctx,
        filing,
        paper=letter.pk,
        content=plain,
        filename="a.pdf",
    ) == {"not_signed"}
    other = issued(filing, "receipt")
    assert codes(
        actions.attach_signed_paper,
        desk.ctx,
        filing,
        paper=other.pk,
        content=content,
        filename="a.pdf",
    ) == {"not_this_file"}


def test_a_paper_that_somebody_brings_is_told_from_a_changed_one(desk, client_of, officer, units):
    filing = desk.receive("establishment", desk.founding())
    content = issued(filing, "receipt").file.read()
    clerk = client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))
    brought = SimpleUploadedFile("a.pdf", content, "application/pdf")
    page = clerk.post("/registration/check/", {"file": brought}).content.decode()
    assert filing.subject_name in page
    changed = SimpleUploadedFile("a.pdf", content + b" ", "application/pdf")
    assert (
        filing.subject_name
        not in clerk.post("/registration/check/", {"file": changed}).content.decode()
    )
    elsewhere = client_of(officer("registration_officer", unit=units.district("Tân Hiệp")))
    brought = SimpleUploadedFile("a.pdf", content, "application/pdf")
    assert (
        filing.subject_name
        not in elsewhere.post("/registration/check/", {"file": brought}).content.decode()
    )


def test_the_page_of_a_paper(desk, client_of, officer, units):
    filing = desk.receive("establishment", desk.founding())
    actions.ask_supplement(desk.ctx, filing, missing=["Điều lệ"])
    paper = issued(filing, "supplement")
    address = f"/registration/{filing.pk}/issued/{paper.pk}/"
    clerk = client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))
    assert paper.file.sha256 in clerk.get(address).content.decode()
    handed = {"what": "hand_out", "how": "post", "to": "Trần Thị Bình", "on": "20/11/2026"}
    assert clerk.post(address, handed | {"to": ""}).status_code == 422
    assert clerk.post(address, handed).status_code == 302
    assert clerk.post(address, {"what": "correct", "words": "ghi sai"}).status_code == 302
    assert clerk.post(address, {"what": "correct", "words": "ghi sai"}).status_code == 422
    assert clerk.post(address, {"what": "sign"}).status_code == 422  # no file
    reader = client_of(officer("department_officer"))
    assert reader.post(address, handed).status_code == 404
    other = client_of(officer("registration_officer", unit=units.district("Tân Hiệp")))
    assert other.get(address).status_code == 404


@pytest.mark.parametrize("code", PROCEDURES)
def test_every_procedure_has_a_form_to_sign(code, client_of, officer, units):
    clerk = client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))
    kind = "group" if code == "conversion" else "cooperative"
    form = clerk.get(f"/registration/forms/{code}.pdf?kind={kind}")
    assert form.content.startswith(b"%PDF-")
    assert clerk.get("/registration/forms/nothing.pdf").status_code == 404


def test_the_form_of_a_dossier_hides_people_from_who_may_not_see_them(
    desk, client_of, officer, units
):
    filing = desk.receive("establishment", desk.founding(lines=["0111"]))
    clerk = client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))
    reader = client_of(officer("department_officer"))
    full = clerk.get(f"/registration/{filing.pk}/print/application.pdf").content
    less = reader.get(f"/registration/{filing.pk}/print/application.pdf").content
    assert full.startswith(b"%PDF-")
    assert full != less
