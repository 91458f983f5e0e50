"""Every procedure from its dossier to its effect upon the register."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.registration import actions, selectors
from hoptac.registration.cases import findings_of
from hoptac.registration.models import Branch, Filing, LegalRepresentative, Mark
from hoptac.registration.procedures import PROCEDURES, refusal_grounds
from hoptac.registration.tasks import turn
from hoptac.registry.models import BusinessLine, Lineage, Period

pytestmark = pytest.mark.django_db
TODAY = date(2024, 9, 16)


def period(body, day=TODAY):
    return Period.objects.get(cooperative=body, valid__contains=day)


def test_a_cooperative_is_founded_and_stands_in_the_register_with_its_people(desk):
    filing = desk.receive("establishment", desk.founding(lines=["0111", "0161"]))
    assert filing.due_on == date(2024, 9, 19)  # three working days after Monday
    desk.grant(filing)
    body = filing.cooperative
    stands = period(body)
    assert (stands.name, stands.legal_era, stands.legal_status) == (
        "Hợp tác xã Nông nghiệp Hòa Bình", "law_2023", "active",
    )  # fmt: skip
    assert (stands.members, stands.area, stands.charter_capital) == (
        12,
        Decimal("30.5"),
        500_000_000,
    )
    assert stands.director == "Nguyễn Văn An"
    assert LegalRepresentative.objects.get(cooperative=body).personal_number == "091080900001"
    assert BusinessLine.objects.get(cooperative=body, is_main=True).vsic_code == "0111"
    assert filing.state == "granted"
    assert filing.took_effect_on == TODAY


def test_six_founders_are_too_few_on_the_last_day_of_the_old_law_and_enough_a_day_later(desk):
    for day, found in ((date(2024, 6, 30), {"members_below_minimum"}), (date(2024, 7, 1), set())):
        then = desk.on(day)
        filing = then.receive("establishment", desk.founding(members=6))
        if found:
            with pytest.raises(Refused) as refused:
                actions.propose(then.ctx, filing, outcome="grant")
            assert refused.value.codes == found
        else:
            actions.propose(then.ctx, filing, outcome="grant")


def test_a_dossier_that_takes_effect_under_the_old_law_is_judged_by_it_whenever_it_comes(desk):
    """Handed in in September for a day in June: six founders are too few, and a plan is asked for."""
    late = desk.receive("establishment", desk.founding(members=6), effective_on=date(2024, 6, 28))
    assert (late.judged_on, late.filed_on, late.rule.clock) == (date(2024, 6, 28), TODAY, 5)
    assert "business_plan" in {p.code for p in late.papers.all()}
    with pytest.raises(Refused) as refused:
        actions.propose(desk.ctx, late, outcome="grant")
    assert refused.value.codes == {"members_below_minimum"}


def test_what_is_entered_afterwards_is_judged_and_kept_by_who_registered_on_its_day(
    desk, cooperative
):
    body = cooperative(district="Giồng Riềng")
    in_september = desk.receive(
        "reissue", {"reason": "mất"}, cooperative=body, filed_on=date(2024, 6, 28)
    )
    assert (in_september.judged_on, in_september.rule.clock) == (date(2024, 6, 28), 5)
    after = desk.on(date(2025, 7, 2))
    of_june = after.receive(
        "reissue", {"reason": "mất"}, cooperative=body, filed_on=date(2025, 6, 30)
    )
    of_july = after.receive("reissue", {"reason": "mất"}, cooperative=body)
    assert (of_june.authority.level, of_july.authority.level) == ("district", "commune")


def test_the_clock_begins_anew_when_what_was_missing_has_come(desk, cooperative):
    """Received on Monday, asked on Wednesday, supplied on the next Monday: three working days from there."""
    filing = desk.receive(
        "reissue", {"reason": "mất"}, cooperative=cooperative(district="Giồng Riềng")
    )
    assert filing.due_on == date(2024, 9, 19)
    actions.ask_supplement(desk.on(date(2024, 9, 18)).ctx, filing, missing=["Bản gốc"])
    assert (filing.due_on, filing.supplement_until) == (None, date(2024, 11, 17))
    actions.supply(desk.on(date(2024, 9, 23)).ctx, filing)
    assert filing.due_on == date(2024, 9, 26)


def test_the_old_law_gives_five_working_days_and_asks_for_a_business_plan(desk):
    filing = desk.on(date(2020, 6, 1)).receive("establishment", desk.founding())
    assert filing.due_on == date(2020, 6, 8)
    assert "business_plan" in {p.code for p in filing.papers.all()}
    new = desk.receive("establishment", desk.founding())
    assert "business_plan" not in {p.code for p in new.papers.all()}


def test_the_registrar_is_the_district_then_the_commune(desk):
    assert desk.receive("establishment", desk.founding()).authority.level == "district"
    later = desk.on(date(2025, 9, 1))
    assert later.receive("establishment", desk.founding()).authority.level == "commune"


def test_a_name_a_seat_and_a_capital_change_from_their_day(desk, cooperative):
    body = cooperative(
        name="Hợp tác xã Cũ", district="Giồng Riềng", charter_capital=1_000, members=10
    )
    desk.done(
        "change_registration",
        {"name": "Hợp tác xã Mới", "charter_capital": 3_000_000_000, "from_on": date(2024, 9, 10)},
        cooperative=body,
    )  # fmt: skip
    assert period(body, date(2024, 9, 9)).name == "Hợp tác xã Cũ"
    assert period(body).name == "Hợp tác xã Mới"
    assert period(body).charter_capital == 3_000_000_000


def test_lines_are_told_under_the_new_law_and_registered_under_the_old(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    filing = desk.receive(
        "notice_of_change", {"lines": ["0111"], "from_on": TODAY}, cooperative=body
    )
    desk.grant(filing)
    assert BusinessLine.objects.get(cooperative=body).vsic_code == "0111"
    wrong = desk.receive(
        "change_registration", {"lines": ["0112"], "from_on": TODAY}, cooperative=body
    )
    from hoptac.registration.cases import findings_of

    assert "matter_goes_elsewhere" in {f.code for f in findings_of(wrong, today=TODAY)}


def test_a_branch_opens_moves_and_closes(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    desk.done(
        "branch_opening",
        {"branch_kind": "branch", "branch_name": "Chi nhánh Rạch Giá", "branch_code": "1709000001-001",
         "branch_commune": desk.commune.pk, "from_on": date(2024, 9, 1)},
        cooperative=body,
    )  # fmt: skip
    branch = selectors.branches(body.pk, TODAY).get()
    desk.done("branch_change", {"branch": branch.branch_id, "branch_name": "Chi nhánh Một",
                                "from_on": date(2024, 9, 5)}, cooperative=body)  # fmt: skip
    assert selectors.branches(body.pk, TODAY).get().name == "Chi nhánh Một"
    assert selectors.branches(body.pk, date(2024, 9, 2)).get().name == "Chi nhánh Rạch Giá"
    desk.done("branch_closing", {"branch": branch.branch_id, "from_on": TODAY}, cooperative=body)
    assert selectors.branches(body.pk, TODAY).get().state == "closed"
    assert (
        Branch.objects.live().filter(cooperative=body).values("branch_id").distinct().count() == 1
    )


def test_a_branch_pauses_and_goes_on_by_itself_or_before(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    place = {"branch_name": "Kho", "branch_commune": desk.commune.pk, "from_on": date(2024, 9, 1)}
    desk.done("business_place_opening", place, cooperative=body)
    one = selectors.branches(body.pk, TODAY).get().branch_id

    def state(day):
        return selectors.branches(body.pk, day).get().state

    pause = {"branch": one, "from_on": date(2024, 9, 20), "until_on": date(2024, 12, 31)}
    filing = desk.done("branch_suspension", pause, cooperative=body)
    days = (date(2024, 9, 19), date(2024, 9, 20), date(2024, 12, 31), date(2025, 1, 1))
    assert [state(d) for d in days] == ["active", "suspended", "suspended", "active"]
    assert period(body).legal_status == "active"  # the body itself goes on
    assert filing.took_effect_on is not None
    november = desk.on(date(2024, 11, 4))
    again = november.receive(
        "branch_suspension", {**pause, "from_on": date(2024, 11, 8)}, cooperative=body
    )
    with pytest.raises(Refused) as refused:
        actions.propose(november.ctx, again, outcome="grant")
    assert refused.value.codes == {"already_suspended"}
    november.done(
        "branch_resumption", {"branch": one, "from_on": date(2024, 11, 8)}, cooperative=body
    )
    days = (date(2024, 11, 7), date(2024, 11, 8), date(2025, 6, 1))
    assert [state(d) for d in days] == ["suspended", "active", "active"]


def test_a_branch_that_pauses_passes_over_with_its_pause(desk, cooperative):
    receiver, absorbed = (cooperative(district="Giồng Riềng", members=20) for _i in range(2))
    desk.done("business_place_opening", {"branch_name": "Kho", "branch_commune": desk.commune.pk,
                                         "from_on": date(2024, 9, 1)}, cooperative=absorbed)  # fmt: skip
    one = selectors.branches(absorbed.pk, TODAY).get().branch_id
    desk.done("branch_suspension", {"branch": one, "from_on": date(2024, 9, 10),
                                    "until_on": date(2024, 12, 31)}, cooperative=absorbed)  # fmt: skip
    desk.done("merger", {"decided_on": TODAY, "votes": 80, "others": [{"body": str(absorbed.pk)}],
                         "members": 33}, cooperative=receiver)  # fmt: skip
    stands = [selectors.branches(receiver.pk, d).get().state for d in (TODAY, date(2025, 1, 1))]
    assert stands == ["suspended", "active"]
    assert not selectors.branches(absorbed.pk, date(2025, 1, 1)).exists()


def test_business_places_are_numbered_by_order(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    for name in ("Kho 1", "Kho 2"):
        desk.done("business_place_opening", {"branch_name": name, "branch_commune": desk.commune.pk},
                  cooperative=body)  # fmt: skip
    assert [b.code for b in selectors.branches(body.pk, TODAY)] == ["00001", "00002"]


def test_a_pause_waits_for_its_day_and_ends_by_itself(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    desk.done("suspension", {"from_on": date(2024, 10, 1), "until_on": date(2025, 3, 31)},
              cooperative=body)  # fmt: skip
    assert period(body).legal_status == "active"
    turn(desk.on(date(2024, 10, 1)).ctx)
    assert period(body, date(2024, 10, 1)).legal_status == "suspended"
    turn(desk.on(date(2025, 4, 1)).ctx)
    assert period(body, date(2025, 3, 31)).legal_status == "suspended"
    assert period(body, date(2025, 4, 1)).legal_status == "active"


def test_a_pause_entered_after_it_was_over_has_its_end(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    desk.done("suspension", {"from_on": date(2024, 7, 1), "until_on": date(2024, 8, 31)},
              cooperative=body)  # fmt: skip
    assert period(body, date(2024, 8, 31)).legal_status == "suspended"
    assert period(body, date(2024, 9, 1)).legal_status == "active"


def test_a_pause_of_more_than_twelve_months_is_refused_and_a_late_notice_pointed_out(
    desk, cooperative
):
    body = cooperative(district="Giồng Riềng")
    filing = desk.receive("suspension", {"from_on": date(2024, 9, 17), "until_on": date(2025, 9, 17)},
                          cooperative=body)  # fmt: skip
    with pytest.raises(Refused) as refused:
        actions.propose(desk.ctx, filing, outcome="grant")
    assert refused.value.codes == {"suspension_too_long"}


def test_business_goes_on_before_the_pause_is_over(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    desk.done("suspension", {"from_on": TODAY, "until_on": date(2025, 3, 31)}, cooperative=body)
    later = desk.on(date(2024, 11, 4))
    later.done("resumption", {"from_on": date(2024, 11, 4)}, cooperative=body)
    assert period(body, date(2024, 11, 3)).legal_status == "suspended"
    assert period(body, date(2024, 11, 4)).legal_status == "active"


def test_two_became_one_in_giong_rieng_with_the_figures_it_declared(desk, cooperative):
    """11 June 2024: 46 + 22 members and 42.75 + 31.14 ha became 66 members and 69.4 ha."""
    on, then = date(2024, 6, 11), desk.on(date(2024, 6, 11))
    first = cooperative(
        name="Hợp tác xã A", district="Giồng Riềng", members=46, area=Decimal("42.75")
    )
    second = cooperative(
        name="Hợp tác xã B", district="Giồng Riềng", members=22, area=Decimal("31.14")
    )
    filing = then.done(
        "consolidation",
        {"decided_on": date(2024, 5, 20), "votes": 90, "others": [{"body": str(second.pk)}],
         **desk.founding(name="Hợp tác xã C", members=66, workers=7, area=Decimal("69.4"),
                         charter_capital=69_400_000)},
        cooperative=first,
    )  # fmt: skip
    new = Lineage.objects.filter(cooperative=first).get().successor
    stands = period(new, on)
    assert (stands.members, stands.area, stands.charter_capital, stands.workers) == (
        66, Decimal("69.4"), 69_400_000, 7,
    )  # fmt: skip
    assert {period(b, on).legal_status for b in (first, second)} == {"ended"}
    before = Period.objects.filter(valid__contains=date(2024, 6, 10)).existing()
    assert sum(p.members or 0 for p in before) == 68
    after = Period.objects.filter(valid__contains=on).existing()
    assert sum(p.members or 0 for p in after) == 66
    assert filing.took_effect_on == on


def test_a_merger_carries_open_filings_and_branches(desk, cooperative):
    receiver, absorbed = (cooperative(district="Giồng Riềng", members=20) for _i in range(2))
    desk.done("business_place_opening", {"branch_name": "Kho", "branch_commune": desk.commune.pk},
              cooperative=absorbed)  # fmt: skip
    open_one = desk.receive("reissue", {"reason": "mất"}, cooperative=absorbed)
    desk.done("merger", {"decided_on": TODAY, "votes": 80, "others": [{"body": str(absorbed.pk)}],
                         "members": 33, "charter_capital": 5}, cooperative=receiver)  # fmt: skip
    assert period(absorbed).legal_status == "ended"
    assert period(receiver).members == 33
    open_one.refresh_from_db()
    assert open_one.cooperative == receiver
    assert selectors.branches(receiver.pk, TODAY).get().name == "Kho"


def test_a_mark_of_the_absorbed_stands_in_the_way_and_passes_over_with_a_written_reason(
    desk, cooperative
):
    receiver, absorbed = (cooperative(district="Giồng Riềng", members=20) for _i in range(2))
    desk.done(
        "enforcement_mark",
        {"mark_kind": "enforcement", "issuer": "Thi hành án", "document": "7/CV-THA"},
        cooperative=absorbed, channel="office",
    )  # fmt: skip
    merger = desk.receive(
        "merger",
        {"decided_on": TODAY, "votes": 80, "others": [{"body": str(absorbed.pk)}], "members": 33},
        cooperative=receiver,
    )
    with pytest.raises(Refused) as refused:
        actions.propose(desk.ctx, merger, outcome="grant")
    assert refused.value.codes == {"mark_stands"}
    desk.grant(merger, opinion="Nghĩa vụ chuyển cho đơn vị nhận sáp nhập.")
    assert Mark.objects.live().get(cooperative=receiver).document == "7/CV-THA"


def test_a_merger_falls_short_of_the_majority_of_each_era(desk, cooperative):
    for day, least in ((date(2024, 6, 28), 75), (date(2024, 7, 1), 65)):
        then = desk.on(day)
        receiver, absorbed = (cooperative(district="Giồng Riềng") for _i in range(2))
        filing = then.receive(
            "merger",
            {"decided_on": day, "votes": least - 1, "members": 12, "others": [{"body": str(absorbed.pk)}]},
            cooperative=receiver,
        )  # fmt: skip
        with pytest.raises(Refused) as refused:
            actions.propose(then.ctx, filing, outcome="grant")
        assert refused.value.codes == {"majority_not_reached"}


def test_a_division_ends_the_body_and_a_separation_does_not(desk, cooperative):
    parts = [desk.founding(name=f"Hợp tác xã Phần {n}", members=9) for n in (1, 2)]
    parts = [{k: v for k, v in p.items() if k != "representatives"} for p in parts]
    divided = cooperative(name="Hợp tác xã Chia", district="Giồng Riềng")
    desk.done(
        "division", {"decided_on": TODAY, "votes": 70, "new_bodies": parts}, cooperative=divided
    )
    assert period(divided).legal_status == "ended"
    assert Lineage.objects.filter(cooperative=divided, kind="division").count() == 2
    parted = cooperative(name="Hợp tác xã Tách", district="Giồng Riềng", members=40)
    part = {**parts[0], "name": "Hợp tác xã Phần 3"}
    desk.done("separation", {"decided_on": TODAY, "votes": 70, "new_bodies": [part], "members": 31},
              cooperative=parted)  # fmt: skip
    assert (period(parted).legal_status, period(parted).members) == ("active", 31)


def test_a_group_becomes_a_cooperative_and_keeps_its_code(desk, cooperative):
    group = cooperative(kind="group", name="Tổ hợp tác Một", district="Giồng Riềng",
                        established_on=date(2019, 1, 1), registration_number="1709000019")  # fmt: skip
    filing = desk.done("conversion", desk.founding(name="Hợp tác xã Một"), cooperative=group)
    body = Lineage.objects.get(cooperative=group, kind="conversion").successor
    assert (body.kind, period(body).registration_number) == ("cooperative", "1709000019")
    assert period(group).legal_status == "ended"
    assert filing.state == "granted"


def test_a_dissolution_has_its_phases_and_can_be_called_off(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    early = desk.receive("dissolution", {}, cooperative=body)
    with pytest.raises(Refused) as refused:
        actions.propose(desk.ctx, early, outcome="grant")
    assert "notice_missing" in refused.value.codes
    actions.withdraw(desk.ctx, early)
    desk.done("dissolution_notice", {"decided_on": TODAY, "votes": 80}, cooperative=body)
    assert period(body).legal_status == "ending"
    blocked = desk.receive("change_registration", {"name": "Hợp tác xã X", "from_on": TODAY},
                           cooperative=body)  # fmt: skip
    with pytest.raises(Refused) as refused:
        actions.propose(desk.ctx, blocked, outcome="grant")
    assert "registration_closed" in refused.value.codes
    later = desk.on(date(2024, 12, 2))
    later.done(
        "dissolution_cancel", {"decided_on": date(2024, 12, 2), "votes": 90}, cooperative=body
    )
    assert period(body, date(2024, 12, 2)).legal_status == "active"
    again = desk.on(date(2025, 1, 6))
    again.done(
        "dissolution_notice", {"decided_on": date(2025, 1, 6), "votes": 90}, cooperative=body
    )
    end = desk.on(date(2025, 5, 5))
    end.done("dissolution", {}, cooperative=body)
    assert period(body, date(2025, 5, 5)).legal_status == "ended"


def test_a_dissolution_is_not_called_off_after_six_months(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    desk.done("dissolution_notice", {"decided_on": TODAY, "votes": 80}, cooperative=body)
    late = desk.on(date(2025, 3, 17))
    filing = late.receive("dissolution_cancel", {"decided_on": date(2025, 3, 17)}, cooperative=body)
    with pytest.raises(Refused) as refused:
        actions.propose(late.ctx, filing, outcome="grant")
    assert refused.value.codes == {"cancelled_too_late"}


def test_a_certificate_is_revoked_and_restored(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    desk.done("revocation", {"grounds": ["no_meeting_18_months"], "reason": "Không họp"},
              cooperative=body, channel="office")  # fmt: skip
    assert period(body).legal_status == "ending"
    desk.done("restoration", {"reason": "Không thuộc trường hợp thu hồi"}, cooperative=body)
    assert period(body).legal_status == "active"


def test_only_what_was_revoked_is_restored_and_only_its_own_dissolution_called_off(
    desk, cooperative
):
    own, revoked, compelled = (cooperative(district="Giồng Riềng") for _i in range(3))
    desk.done("dissolution_notice", {"decided_on": TODAY, "votes": 80}, cooperative=own)
    desk.done("revocation", {"grounds": ["no_meeting_18_months"], "reason": "Không họp"},
              cooperative=revoked, channel="office")  # fmt: skip
    desk.done("compulsory_dissolution", {"issuer": "UBND", "document": "2/QĐ"},
              cooperative=compelled, channel="office")  # fmt: skip
    calls_off = {"decided_on": TODAY, "votes": 90}
    for body, procedure, proposal, found in (
        (own, "restoration", {"reason": "xin lại"}, "not_revoked"),
        (compelled, "restoration", {"reason": "xin lại"}, "not_revoked"),
        (revoked, "dissolution_cancel", calls_off, "ended_by_authority"),
        (compelled, "dissolution_cancel", calls_off, "ended_by_authority"),
    ):
        filing = desk.receive(procedure, proposal, cooperative=body)
        with pytest.raises(Refused) as refused:
            actions.propose(desk.ctx, filing, outcome="grant", opinion="Đề nghị")
        assert refused.value.codes == {found}
        actions.withdraw(desk.ctx, filing)
    # What was called off once may be called off again the next time.
    desk.done("dissolution_cancel", calls_off, cooperative=own)
    desk.done("restoration", {"reason": "Không thuộc trường hợp thu hồi"}, cooperative=revoked)
    desk.done("dissolution_notice", {"decided_on": TODAY, "votes": 80}, cooperative=revoked)
    desk.done("dissolution_cancel", calls_off, cooperative=revoked)
    assert {period(b).legal_status for b in (own, revoked)} == {"active"}


@pytest.mark.parametrize("procedure", sorted(c for c, p in PROCEDURES.items() if p.despite_marks))
def test_nothing_is_granted_to_a_body_that_has_ended(desk, cooperative, procedure):
    """Not even what is taken although a mark stands: a paper issued again, a mark, another end."""
    body = cooperative(district="Giồng Riềng")
    desk.done("bankruptcy_declared", {"issuer": "Tòa án", "document": "1", "decided_on": TODAY},
              cooperative=body, channel="office")  # fmt: skip
    filing = desk.receive(
        procedure, {"reason": "mất"} if procedure == "reissue" else {}, cooperative=body
    )
    with pytest.raises(Refused) as refused:
        actions.propose(desk.ctx, filing, outcome="grant", opinion="Đề nghị")
    assert "body_ended" in refused.value.codes


def test_bodies_of_two_kinds_are_told_apart_before_anybody_decides(desk, cooperative):
    receiver = cooperative(district="Giồng Riềng")
    group = cooperative(kind="group", district="Giồng Riềng")
    filing = desk.receive(
        "merger",
        {"decided_on": TODAY, "votes": 80, "others": [{"body": str(group.pk)}], "members": 33},
        cooperative=receiver,
    )
    with pytest.raises(Refused) as refused:
        actions.propose(desk.ctx, filing, outcome="grant")
    assert refused.value.codes == {"kind_differs"}


def test_a_group_that_was_never_registered_is_pointed_out_before_it_converts(desk, cooperative):
    group = cooperative(kind="group", district="Giồng Riềng", established_on=date(2019, 1, 1))
    filing = desk.receive("conversion", desk.founding(name="Hợp tác xã Một"), cooperative=group)
    assert "group_not_registered" in {f.code for f in findings_of(filing, today=TODAY)}


@pytest.mark.parametrize(
    ("procedure", "given"),
    [
        ("establishment", {"dossier_invalid", "name_unlawful", "line_banned", "fee_unpaid"}),
        ("reissue", {"dossier_invalid", "fee_unpaid"}),
        ("suspension", {"dossier_invalid", "fee_unpaid", "violation_open", "ending",
                        "not_at_address", "court_request"}),
        ("notice_of_change", {"dossier_invalid", "line_banned", "fee_unpaid", "violation_open", "ending",
                              "not_at_address", "court_request"}),
        ("revocation", {"dossier_invalid"}),
    ],
)  # fmt: skip
def test_each_procedure_has_its_own_grounds_of_refusal(desk, cooperative, procedure, given):
    found = {g.code for g in refusal_grounds(PROCEDURES[procedure], TODAY, "cooperative")}
    assert found == given
    body = None if procedure == "establishment" else cooperative(district="Giồng Riềng")
    filing = desk.receive(procedure, desk.founding() if body is None else {}, cooperative=body)
    for other in {"dossier_invalid_2012", "name_unlawful", "court_request"} - given:
        with pytest.raises(Refused) as refused:
            actions.propose(desk.ctx, filing, outcome="refuse", grounds=[other], opinion="Sai")
        assert refused.value.codes == {"ground_missing"}


def test_a_bankruptcy_is_posted_twice(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    court = {"issuer": "Tòa án nhân dân tỉnh", "document": "01/QĐ-TA", "decided_on": TODAY}
    desk.done("bankruptcy_opening", court, cooperative=body, channel="office")
    assert period(body).legal_status == "bankruptcy"
    desk.done("bankruptcy_declared", court, cooperative=body, channel="office")
    assert period(body).legal_status == "ended"


def test_a_mark_stands_in_the_way_until_it_is_lifted(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    desk.done("enforcement_mark", {"mark_kind": "court", "issuer": "Tòa án", "document": "5/CV-TA"},
              cooperative=body, channel="office")  # fmt: skip
    change = desk.receive("change_registration", {"name": "Hợp tác xã Y", "from_on": TODAY},
                          cooperative=body)  # fmt: skip
    with pytest.raises(Refused) as refused:
        actions.propose(desk.ctx, change, outcome="grant")
    assert refused.value.codes == {"mark_stands"}
    mark = Mark.objects.live().get(cooperative=body)
    desk.done("enforcement_lift", {"mark": str(mark.pk), "document": "6/CV-TA"}, cooperative=body,
              channel="office")  # fmt: skip
    desk.grant(change)
    assert period(body).name == "Hợp tác xã Y"


def test_a_body_comes_under_the_new_law(desk, cooperative):
    body = cooperative(district="Giồng Riềng")
    assert period(body).legal_era == "law_2012"
    desk.done("reregistration", {"decided_on": TODAY}, cooperative=body)
    assert period(body).legal_era == "law_2023"


def test_a_wrong_certificate_is_corrected_as_long_as_it_was_wrong(desk, cooperative):
    body = cooperative(name="Hợp tác xã Nhằm", district="Giồng Riềng")
    desk.done("correction", {"name": "Hợp tác xã Nhầm", "reason": "Sai chính tả"}, cooperative=body)
    assert period(body, date(2020, 1, 1)).name == "Hợp tác xã Nhầm"


def test_open_dossiers_pass_to_the_commune_when_districts_end(desk, cooperative):
    june = desk.on(date(2025, 6, 27))
    filing = june.receive(
        "reissue", {"reason": "mất"}, cooperative=cooperative(district="Giồng Riềng")
    )
    decided = june.done(
        "reissue", {"reason": "rách"}, cooperative=cooperative(district="Giồng Riềng")
    )
    assert turn(desk.on(date(2025, 6, 30)).ctx)["transferred"] == 0
    assert turn(desk.on(date(2025, 7, 1)).ctx)["transferred"] == 1
    filing.refresh_from_db()
    decided.refresh_from_db()
    assert (filing.authority.level, decided.authority.level) == ("commune", "district")
    assert filing.officer is None


def test_a_refusal_has_its_ground_and_leaves_the_register_alone(desk):
    filing = desk.receive("establishment", desk.founding())
    with pytest.raises(Refused):
        actions.propose(desk.ctx, filing, outcome="refuse", grounds=[], opinion="x")
    actions.propose(
        desk.ctx, filing, outcome="refuse", grounds=["name_unlawful"], opinion="Tên trùng"
    )
    actions.decide(desk.ctx, filing, outcome="refuse")
    assert filing.state == "refused"
    assert filing.decision_number == "0001/2024"
    assert not Period.objects.filter(name=filing.subject_name).exists()


def test_receipts_and_decisions_are_numbered_by_authority_and_year(desk, cooperative, units):
    """Each registrar counts its own, from one each year."""
    here = cooperative(district="Giồng Riềng")
    there = cooperative(district="Tân Hiệp")
    later = desk.on(date(2025, 1, 6))
    told = [
        (f.receipt_number, f.decision_number)
        for d, body in ((desk, here), (desk, there), (desk, here), (later, here))
        for f in [d.done("reissue", {"reason": "mất"}, cooperative=body)]
    ]
    assert told == [
        ("00001/2024", "0001/2024"), ("00001/2024", "0001/2024"), ("00002/2024", "0002/2024"),
        ("00001/2025", "0001/2025"),
    ]  # fmt: skip


def test_every_act_upon_a_dossier_leaves_its_entry(desk):
    filing = desk.done("establishment", desk.founding())
    names = list(
        Act.objects.filter(subject_kind="registration.filing", subject_id=str(filing.pk))
        .order_by("number")
        .values_list("name", flat=True)
    )
    assert names == ["registration.receive", "registration.propose", "registration.decide"]
    assert Filing.objects.get(pk=filing.pk).steps.count() == 5
