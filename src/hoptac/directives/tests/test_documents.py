"""Documents entered, corrected, linked, ended: by whom, and who sees them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from hoptac.directives.actions import (
    LinkSpec,
    correct_directive,
    expire_directive,
    link_directives,
    record_directive,
    restore_directive,
    revoke_directive,
    unlink_directives,
)
from hoptac.directives.models import Directive, DirectiveLink
from hoptac.directives.rules.symbols import tell
from hoptac.directives.searching import matching
from hoptac.directives.terms import Standing
from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.findings import Refused

DAY = date(2026, 2, 2)


@pytest.mark.parametrize(
    ("written", "number", "kind", "chain", "level"),
    [
        ("70-KL/TW", "70", "conclusion", "party", "central"),
        ("số 12-CTr/TU", "12", "programme", "party", "province"),
        ("13 - NQ/TW", "13", "resolution", "party", "central"),
        ("87/KH-UBND", "87", "plan", "state", ""),
        ("23/2012/QH13", "23", "law", "state", "central"),
        ("113/2024/NĐ-CP", "113", "decree", "state", "central"),
        ("1804/QĐ-TTg", "1804", "decision", "state", "central"),
        ("01/2020/TT-BKHĐT", "01", "circular", "state", "central"),
        ("36-HD/VPTW", "36", "guidance", "party", "central"),
        ("1234/UBND-TH", "1234", "letter", "state", ""),
        ("15/TTr-SKHĐT", "15", "submission", "state", ""),
        ("không số", "", "", "", ""),
    ],
)
def test_a_symbol_tells_what_it_can(
    written: str, number: str, kind: str, chain: str, level: str
) -> None:
    told = tell(written)
    assert (told.number, told.kind, told.chain, told.level) == (number, kind, chain, level)


def test_what_the_symbol_tells_need_not_be_typed(office: Any) -> None:
    conclusion = office.document()
    assert (conclusion.kind, conclusion.chain, conclusion.level, conclusion.number) == (
        "conclusion", "party", "central", "70",
    )  # fmt: skip
    assert conclusion.name == "Conclusion 70-KL/TW" or conclusion.name.endswith("70-KL/TW")


def test_each_desk_enters_its_own_line_of_command(office: Any) -> None:
    office.document(by=office.party)
    with pytest.raises(Refused) as refused:
        office.document(by=office.state, symbol="71-KL/TW")
    assert refused.value.codes == {"not_yours_to_record"}
    office.document(by=office.state, symbol="1804/QĐ-TTg", issuer_name="Thủ tướng Chính phủ")
    with pytest.raises(Refused):
        office.document(by=office.party, symbol="1805/QĐ-TTg", issuer_name="Thủ tướng Chính phủ")


def test_an_agency_enters_its_own_documents_and_no_others(office: Any) -> None:
    assert office.plan_of(office.finance, "so-tc-ag").issuer_name == "Sở Tài chính tỉnh An Giang"
    with pytest.raises(Refused) as refused:
        office.plan_of(office.farming, "so-tc-ag", symbol="16/KH-STC")
    assert refused.value.codes == {"not_yours_to_record"}


def test_a_commune_enters_what_its_committee_issued(office: Any) -> None:
    code = next(
        c
        for c, a in office.by_code.items()
        if c.startswith("ubnd-") and a.unit_id == office.commune.grants[0].unit_id
    )
    assert office.plan_of(office.commune, code, symbol="9/KH-UBND", level="commune").pk


def test_nobody_enters_without_the_mandate(office: Any, officer: Any) -> None:
    for role in ("bank_officer", "cooperative_director", "auditor"):
        mandate = {"cooperative_id": office.by_code["so-tc-ag"].pk} if "director" in role else {}
        with pytest.raises(PermissionDenied):
            office.document(by=officer(role, **mandate))


def test_a_document_is_entered_once(office: Any) -> None:
    office.document()
    with pytest.raises(Refused) as refused:
        office.document()
    assert refused.value.codes == {"directive_known"}
    # Two districts may give the same symbol on one day.
    first = office.document(
        by=office.state, symbol="9/KH-UBND", level="district", issuer_name="UBND huyện A"
    )
    other = office.document(
        by=office.state, symbol="9/KH-UBND", level="district", issuer_name="UBND huyện B"
    )
    assert first.pk != other.pk


def test_impossible_days_are_all_said_at_once(office: Any) -> None:
    with pytest.raises(Refused) as refused:
        office.document(issued_on=date(2027, 1, 1), in_force_on=date(2026, 1, 1), title="")
    assert refused.value.codes == {"date_in_future", "in_force_before_issue", "field_missing"}


def test_an_issuer_existed_when_it_issued(office: Any) -> None:
    with pytest.raises(Refused) as refused:
        office.plan_of(office.finance, "so-tc-ag", issued_on=date(2020, 1, 1), in_force_on=None)
    assert refused.value.codes == {"issuer_did_not_exist"}


def test_a_correction_says_why_and_keeps_what_was(office: Any) -> None:
    document = office.document()
    with pytest.raises(Refused) as refused:
        correct_directive(office.party, document, changes={"signer": "Trần Quốc Vượng"})
    assert refused.value.codes == {"reason_missing"}
    because = office.party.because("gõ thiếu")
    correct_directive(because, document, changes={"signer": "Trần Quốc Vượng"}, expected_version=1)
    with pytest.raises(Conflict):
        correct_directive(because, document, changes={"signer": "X"}, expected_version=1)
    history = Directive.pgh_event_model.objects.filter(pgh_obj=document.pk)
    assert {"", "Trần Quốc Vượng"} <= set(history.values_list("signer", flat=True))
    with pytest.raises(Refused) as refused:
        correct_directive(because, document, changes={"signer": "Trần Quốc Vượng"})
    assert refused.value.codes == {"nothing_changed"}


def test_others_do_not_correct_what_they_may_read(office: Any) -> None:
    document = office.document()
    for other in (office.state, office.finance, office.commune):
        assert document.is_within(other, "directives.view")
        with pytest.raises(OutOfReach):
            correct_directive(other.because("thử"), document, changes={"signer": "X"})


# --- The graph -------------------------------------------------------------------------------------


def test_a_cited_document_is_known_before_it_is_brought(office: Any) -> None:
    conclusion = office.document()
    links = [
        LinkSpec(kind="implements", cited={"symbol": "13-NQ/TW", "issued_on": date(2002, 3, 18)}),
        LinkSpec(kind="cites", cited={"title": "Luật Hợp tác xã năm 2012", "kind": "law", "chain": "state"}),
    ]  # fmt: skip
    assert len(link_directives(office.party, conclusion, links=links)) == 2
    resolution = Directive.objects.get(symbol="13-NQ/TW")
    assert (resolution.is_at_hand, resolution.is_confirmed, resolution.kind) == (
        False, False, "resolution",
    )  # fmt: skip
    # Saying it again changes nothing.
    assert link_directives(office.party, conclusion, links=links) == []
    assert Directive.objects.count() == 3
    brought = office.document(
        symbol="13-NQ/TW", title="Về tiếp tục đổi mới", issued_on=date(2002, 3, 18),
        in_force_on=date(2002, 3, 18), issuer_name="Ban Chấp hành Trung ương",
    )  # fmt: skip
    assert brought.pk == resolution.pk
    assert brought.is_at_hand


def test_links_lead_in_no_circle_and_are_taken_back(office: Any) -> None:
    first, second = office.document(), office.document(symbol="13-NQ/TW")
    (link,) = link_directives(office.party, first, links=[LinkSpec(kind="implements", target=second)])  # fmt: skip
    with pytest.raises(Refused) as refused:
        link_directives(office.party, second, links=[LinkSpec(kind="based_on", target=first)])
    assert refused.value.codes == {"link_circle"}
    with pytest.raises(Refused):
        link_directives(office.party, first, links=[LinkSpec(kind="cites", target=first)])
    unlink_directives(office.party, first, link=link.pk)
    assert not DirectiveLink.objects.live().exists()
    with pytest.raises(OutOfReach):
        unlink_directives(office.party, first, link=link.pk)
    link_directives(office.party, second, links=[LinkSpec(kind="based_on", target=first)])


# --- Validity --------------------------------------------------------------------------------------


def standing(document: Directive, day: date = DAY) -> Standing:
    return document.standing_on_day(day)


def test_standing_follows_the_day(office: Any) -> None:
    document = office.document(in_force_on=date(2020, 4, 1), ends_on=date(2025, 1, 1))
    assert standing(document, date(2020, 3, 15)) == Standing.COMING
    assert standing(document, date(2020, 4, 1)) == Standing.IN_FORCE
    assert standing(document, date(2024, 12, 31)) == Standing.IN_FORCE
    assert standing(document, date(2025, 1, 1)) == Standing.EXPIRED
    assert standing(office.document(symbol="1-KL/TW", in_force_on=None)) == Standing.UNKNOWN


def test_what_comes_into_force_replaces_and_amends(office: Any) -> None:
    old = office.document()
    amending = office.document(symbol="80-KL/TW", issued_on=date(2021, 1, 1), in_force_on=date(2021, 2, 1))  # fmt: skip
    new = office.document(symbol="20-NQ/TW", issued_on=date(2022, 6, 16), in_force_on=date(2022, 6, 16))  # fmt: skip
    link_directives(office.party, amending, links=[LinkSpec(kind="amends", target=old)])
    link_directives(office.party, new, links=[LinkSpec(kind="replaces", target=old)])
    assert standing(old, date(2021, 1, 15)) == Standing.IN_FORCE
    assert standing(old, date(2021, 2, 1)) == Standing.AMENDED
    assert standing(old, date(2022, 6, 16)) == Standing.REPLACED
    expire_directive(office.party, new, ends_on=date(2025, 1, 1))
    assert standing(old) == Standing.REPLACED  # it does not come back
    assert set(Directive.objects.standing("replaced", DAY)) == {old}
    assert set(Directive.objects.standing("expired", DAY)) == {new}


def test_a_document_is_revoked_and_that_is_taken_back(office: Any) -> None:
    document = office.document()
    with pytest.raises(Refused) as refused:
        revoke_directive(office.party, document, on=DAY, basis="")
    assert refused.value.codes == {"basis_missing"}
    revoke_directive(office.party, document, on=date(2024, 1, 1), basis="Quyết định 5-QĐ/TU")
    assert standing(document) == Standing.REVOKED
    with pytest.raises(Refused):
        revoke_directive(office.party, document, on=date(2024, 1, 1), basis="Quyết định 5-QĐ/TU")
    with pytest.raises(Refused):
        restore_directive(office.party, document)
    restore_directive(office.party.because("ghi nhầm văn bản"), document)
    assert standing(document) == Standing.IN_FORCE


# --- Who reads -------------------------------------------------------------------------------------


def seen(ctx: Any) -> set[str]:
    return {d.symbol for d in Directive.objects.visible_to(ctx)}


def test_a_restricted_document_is_read_by_issuer_recipients_and_overseers(office: Any) -> None:
    secret = office.plan_of(office.finance, "so-tc-ag", symbol="7/KH-STC", reach="recipients")
    assert "7/KH-STC" in seen(office.finance) & seen(office.state) & seen(office.auditor) & seen(
        office.party
    )
    for other in (office.farming, office.alliance, office.commune):
        assert "7/KH-STC" not in seen(other)
    office.sent(secret, "lmhtx-ag", by=office.finance)
    assert "7/KH-STC" in seen(office.alliance)
    assert "7/KH-STC" not in seen(office.farming)


def test_a_restricted_party_document_is_not_for_the_states_desk(office: Any) -> None:
    office.document(symbol="3-KL/TU", level="province", reach="recipients")
    assert "3-KL/TU" in seen(office.party) & seen(office.auditor)
    assert "3-KL/TU" not in seen(office.state)


def test_an_unseen_twin_refuses_nothing(office: Any) -> None:
    office.plan_of(office.finance, "so-tc-ag", reach="recipients")
    # The farming department may know of no such document: entering one of that symbol is not refused.
    other = record_directive(
        office.farming,
        facts={"symbol": "15/KH-STC", "title": "Trùng số", "level": "province",
               "issuer": office.by_code["so-nnmt-ag"], "issuer_name": "Sở Tài chính tỉnh An Giang",
               "issued_on": date(2026, 1, 15), "in_force_on": None},
        text="x",
    )  # fmt: skip
    assert other.pk


def test_an_unseen_target_is_not_linked(office: Any) -> None:
    secret = office.plan_of(office.finance, "so-tc-ag", reach="recipients")
    own = office.plan_of(office.farming, "so-nnmt-ag", symbol="2/KH-SNNMT")
    with pytest.raises(OutOfReach):
        link_directives(office.farming, own, links=[LinkSpec(kind="cites", target=secret)])
    # Cited by its symbol, it is a new entry: the secret one is not found out.
    (link,) = link_directives(
        office.farming, own, links=[LinkSpec(kind="cites", cited={"symbol": "15/KH-STC"})]
    )
    assert link.target_id != secret.pk


def test_what_everybody_reads_is_not_changed_out_of_sight(office: Any) -> None:
    open_one = office.document()
    secret = office.document(symbol="5-KL/TU", level="province", reach="recipients")
    with pytest.raises(Refused) as refused:
        link_directives(office.party, secret, links=[LinkSpec(kind="replaces", target=open_one)])
    assert refused.value.codes == {"hidden_change"}
    other = office.document(symbol="6-KL/TU", level="province")
    link_directives(office.party, other, links=[LinkSpec(kind="replaces", target=open_one)])
    with pytest.raises(Refused) as refused:
        correct_directive(office.party.because("mật"), other, changes={"reach": "recipients"})
    assert refused.value.codes == {"hidden_change"}


# --- Search ----------------------------------------------------------------------------------------


def test_documents_are_found_by_symbol_title_and_words_without_marks(office: Any) -> None:
    document = office.document()

    def found(q: str) -> bool:
        return document in matching(Directive.objects.all(), q)

    for q in (
        "70-KL/TW",
        "70 kl",
        "kinh te tap the",
        "KINH TẾ TẬP",
        "bo chinh tri",
        "lien minh hop tac xa",
        "ra soat",
    ):
        assert found(q), q
    for q in ("7", "71-KL/TW", "xuất khẩu"):
        assert not found(q), q
