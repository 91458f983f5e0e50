"""The watch list: who stands on it, since when, and who may see it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from hoptac.cases import actions, sources
from hoptac.cases.partners import distance, partners
from hoptac.cases.rules.grounds import GROUNDS, REMINDERS, Held, Said
from hoptac.cases.watch import judged_body, unknown_bodies, unknown_counts, watch_list
from hoptac.foundation.access import system_context
from hoptac.foundation.findings import Refused
from hoptac.registry.actions import change_particulars, end_cooperative, state_figures
from hoptac.registry.models import Period

pytestmark = pytest.mark.django_db


def listed(ctx, day=None, **more):
    found = watch_list(ctx, day or ctx.today, **more)
    return {(w.cooperative_id, w.judged.code): w.judged for w in found}


def test_each_ground_stands_on_the_list_with_its_days(watch):
    ctx = watch.ctx
    unmet = watch.body()
    few = watch.cooperative(members=3, on=date(2025, 1, 10))
    idle = watch.cooperative(members=12)
    change_particulars(ctx, idle, changes={"working_state": "idle"}, from_on=date(2025, 2, 1))
    silent = watch.cooperative(members=12)
    actions.record_date(ctx, silent, kind="report_asked", on=date(2025, 4, 1))
    rich = watch.cooperative(members=12)
    actions.state_shares(ctx, rich, as_of=date(2025, 5, 5), parts={"largest_member": Decimal("40")})
    foreign = watch.cooperative(members=12)
    actions.state_shares(
        ctx, foreign, as_of=date(2025, 12, 1), parts={"foreign_board": Decimal("40")}
    )
    found = listed(ctx)
    assert {k: (j.standing.value, j.due_on) for k, j in found.items()} == {
        (unmet.pk, "no_meeting"): ("over", date(2025, 10, 20)),
        (few.pk, "few_members"): ("over", date(2026, 1, 10)),
        (idle.pk, "idle"): ("over", date(2026, 2, 1)),
        (silent.pk, "no_report"): ("running", date(2026, 4, 1)),
        (rich.pk, "capital_cap"): ("running", date(2026, 5, 5)),
        (foreign.pk, "foreign_share"): ("running", date(2026, 6, 1)),
    }


def test_the_list_says_of_each_body_what_its_own_page_says(watch):
    bodies = [
        watch.body(),
        watch.cooperative(members=2),
        watch.cooperative(members=40, working_state="idle"),
        watch.cooperative(members=12),
        watch.cooperative(kind="group", members=1),
        watch.cooperative(kind="group", members=9),
    ]
    for body, received in ((bodies[3], date(2024, 11, 1)), (bodies[5], date(2024, 12, 10))):
        for kind, on in (
            ("report_asked", date(2024, 8, 1)), ("report_received", received),
            ("report_asked", date(2025, 2, 1)), ("report_asked", date(2025, 9, 1)),
        ):  # fmt: skip
            actions.record_date(watch.ctx, body, kind=kind, on=on, document="Công văn")
    actions.record_date(
        watch.ctx, bodies[1], kind="charter", on=date(2025, 3, 1), document="Điều lệ sửa đổi"
    )
    rows = watch_list(watch.ctx, watch.ctx.today, grounds=(*GROUNDS, *REMINDERS))
    found = {(w.cooperative_id, w.judged.code): w.judged for w in rows}
    assert {code for _pk, code in found} >= {
        "few_members", "no_meeting", "no_report", "charter", "group_members", "group_registration",
        "group_report",
    }  # fmt: skip
    for body in bodies:
        for judged in judged_body(body, watch.ctx.today):
            on_list = found.get((body.pk, judged.code))
            assert (on_list is not None) == judged.is_pressing, judged.code
            if on_list:  # the list reads only what decides, so what is kept may be less
                assert on_list._replace(held=judged.held) == judged
                assert on_list.last_said == judged.last_said
    assert (bodies[1].pk, "charter") not in found


def test_as_of_a_past_day_it_is_what_the_law_and_the_dates_of_that_day_say(watch):
    body = watch.cooperative(members=6, on=date(2023, 3, 1))
    six = (body.pk, "few_members")
    assert listed(watch.ctx, date(2024, 6, 30))[six].standing == "over"
    assert six not in listed(watch.ctx, date(2024, 7, 1))


def test_what_is_not_known_is_counted_apart_and_never_listed(watch):
    body = watch.cooperative(working_state="unknown")
    assert not listed(watch.ctx)
    counts = unknown_counts(watch.ctx, watch.ctx.today)
    assert counts == dict.fromkeys(
        ("idle", "no_report", "few_members", "foreign_share", "capital_cap", "no_meeting"), 1
    )
    found = unknown_bodies(watch.ctx, watch.ctx.today, "no_meeting")
    assert list(found.values_list("cooperative_id", flat=True)) == [body.pk]


def test_a_body_entered_as_stopped_did_not_stop_when_it_was_founded(watch):
    """It is known to have stopped on the day of the list; without such a day its stop is not known."""
    listed_as_idle = watch.cooperative(members=12, working_state="idle", on=date(2025, 3, 31))
    dateless = watch.cooperative(working_state="idle")
    judged = {j.code: j for j in judged_body(listed_as_idle, watch.ctx.today)}["idle"]
    assert (judged.since, judged.standing) == (date(2025, 3, 31), "running")
    judged = {j.code: j for j in judged_body(dateless, watch.ctx.today)}["idle"]
    assert judged.standing == "unknown"
    unknown = unknown_bodies(watch.ctx, watch.ctx.today, "idle")
    assert list(unknown.values_list("cooperative_id", flat=True)) == [dateless.pk]
    actions.record_date(watch.ctx, dateless, kind="idle_since", on=date(2025, 1, 1))
    judged = {j.code: j for j in judged_body(dateless, watch.ctx.today)}["idle"]
    assert (judged.since, judged.standing) == (date(2025, 1, 1), "over")
    assert not unknown_bodies(watch.ctx, watch.ctx.today, "idle").exists()


def test_a_body_whose_end_is_under_way_is_no_longer_watched(watch):
    body = watch.body()
    end_cooperative(watch.ctx.because("QĐ 1"), body, on=date(2026, 1, 1))
    assert not listed(watch.ctx)
    assert judged_body(body, watch.ctx.today) == []


def test_a_group_has_none_of_these_grounds(watch):
    """A registered group is revoked for no length of time (NĐ 92/2024 art. 64): it is only reminded."""
    group = watch.cooperative(kind="group", members=1)
    assert not listed(watch.ctx)
    judged = judged_body(group, watch.ctx.today)
    assert judged
    assert all(j.rule.reminder for j in judged)
    with pytest.raises(Refused) as refused:
        actions.open_case(watch.ctx, group)
    assert "not_on_list" in refused.value.codes
    with pytest.raises(Refused):
        actions.open_case(watch.ctx, group, grounds=["group_members"])


def test_reminders_are_a_list_of_their_own(watch, client_of, officer):
    body = watch.body()
    group = watch.cooperative(kind="group", members=1)
    rows = watch_list(watch.ctx, watch.ctx.today, grounds=REMINDERS)
    told = {(w.cooperative_id, w.judged.code) for w in rows}
    assert told == {
        (body.pk, "charter"), (group.pk, "group_registration"), (group.pk, "group_members"),
    }  # fmt: skip
    assert unknown_counts(watch.ctx, watch.ctx.today, REMINDERS)["group_report"] == 1
    client = client_of(officer("department_officer"))
    shown = client.get(reverse("cases:watch"), {"remind": "yes"}).content.decode()
    assert 'name="body"' not in shown, "a case can be opened for a reminder"
    assert (
        client.get(reverse("cases:export"), {"remind": "yes", "format": "csv"}).status_code == 200
    )
    actions.record_date(
        watch.ctx, group, kind="no_number", on=date(2025, 3, 1), document="Biên bản làm việc"
    )
    told = {w.judged.code for w in watch_list(watch.ctx, watch.ctx.today, grounds=REMINDERS)}
    assert told == {"charter", "group_members"}


def test_force_majeure_is_said_and_ends_nothing(watch):
    body = watch.body()
    actions.record_date(
        watch.ctx, body, kind="force_majeure", on=date(2025, 8, 1), document="QĐ 12/QĐ-UBND"
    )
    assert listed(watch.ctx)[body.pk, "no_meeting"].standing == "excused"
    with pytest.raises(Exception, match="danh sách cảnh báo"):
        actions.open_case(watch.ctx, body)


def test_officers_see_their_own_territory(watch, officer, units):
    body = watch.body()
    near = officer("registration_officer", unit=units.district("Giồng Riềng"))
    far = officer("registration_officer", unit=units.district("Tân Hiệp"))
    day = watch.ctx.today
    assert [w.cooperative_id for w in watch_list(near, day)] == [body.pk]
    assert watch_list(far, day) == []
    assert watch_list(officer("bank_officer"), day) == []


def test_a_higher_app_answers_for_a_ground_once_it_declares(watch):
    body = watch.body()

    class Governance(sources.Sieved):
        def suspects(self, bodies, day, begun_by):
            return bodies

        def held(self, bodies, day):
            return {body.pk: Held((Said(date(2026, 2, 1), "held", "sổ đại hội"),))}

    kept = sources.source_of("no_meeting")
    sources.declare("no_meeting", Governance())
    try:
        assert not listed(watch.ctx)
    finally:
        sources.declare("no_meeting", kept)


def test_the_list_asks_as_many_questions_of_many_bodies_as_of_few(
    watch, django_assert_max_num_queries
):
    for _n in range(12):
        watch.body()
    with django_assert_max_num_queries(14):
        assert len(watch_list(watch.ctx, watch.ctx.today)) == 12


def test_partners_are_neighbours_of_the_same_kind_and_sector_the_nearest_first(watch, units):
    ctx = watch.ctx
    here = units.commune("Hòa Hưng")
    small = watch.cooperative(members=3, commune=here)
    near = watch.cooperative(members=30, commune=here, working_state="operating")
    nearer_by_size = watch.cooperative(members=90, commune=here, working_state="operating")
    watch.cooperative(members=30, commune=here, sector="transport")
    watch.cooperative(members=30, commune=here, working_state="idle")
    far = watch.cooperative(
        members=30, commune=units.commune("Thổ Châu"), working_state="operating"
    )
    found = partners(ctx, small)
    assert [p.cooperative_id for p in found] == [nearer_by_size.pk, near.pk]
    assert far.pk not in {p.cooperative_id for p in found}
    assert (found[0].together, found[0].is_enough) == (93, True)


def test_distances_are_kilometres():
    rach_gia, phu_quoc = (10.0125, 105.0809), (10.2899, 103.9840)
    assert 115 < distance(rach_gia, phu_quoc) < 130


def test_members_that_come_back_take_a_body_off_the_list(watch):
    body = watch.cooperative(members=3, on=date(2025, 1, 10))
    assert listed(watch.ctx)
    state_figures(
        watch.ctx, body, figures={"members": 9}, as_of=watch.ctx.today - timedelta(days=1)
    )
    assert Period.objects.get(cooperative=body, is_latest=True).members == 9
    assert not listed(watch.ctx)
    assert listed(system_context(today=date(2026, 3, 1)), date(2026, 2, 1)), (
        "as of an earlier day it was"
    )
