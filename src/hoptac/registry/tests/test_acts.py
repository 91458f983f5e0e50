"""Every act upon the register: what it does, and when it refuses."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.actions import AlreadyDone, Conflict, OutOfReach
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.jurisdiction.actions import give_mandate
from hoptac.registry.actions import (
    change_particulars,
    correct_figures,
    correct_particulars,
    end_cooperative,
    record_cooperative,
    record_lineage,
    set_business_lines,
    state_figures,
)
from hoptac.registry.models import BusinessLine, Cooperative, FigureStatement, Period
from hoptac.registry.projection import rebuild_all_periods

THEN = date(2019, 12, 31)


def periods(body) -> list[tuple]:
    """Return the body's periods as (first day, last day, name, director, members, legal status)."""
    return [
        (p.valid.lower.isoformat(), p.valid.upper and p.valid.upper.isoformat(), p.name,
         p.director, p.members, p.legal_status)
        for p in Period.objects.filter(cooperative=body).order_by("valid")
    ]  # fmt: skip


def refusal(act, *args, **details) -> set[str]:
    with pytest.raises(Refused) as refused:
        act(*args, **details)
    return refused.value.codes


@pytest.fixture(autouse=True)
def _the_projection_can_be_rebuilt(db):
    """After every test: what acts maintained equals what rebuilding everything gives."""
    yield

    def rows():
        return list(Period.objects.order_by("cooperative", "valid").values_list(
            *[f.attname for f in Period._meta.concrete_fields if f.name != "id"]
        ))  # fmt: skip

    before = rows()
    rebuild_all_periods()
    assert rows() == before


# --- Entering -----------------------------------------------------------------------------------


def entered(ctx, commune, **more):
    details = {"name": "Hợp tác xã Mới", "sector": "trade", "commune_id": commune.pk}
    figures = more.pop("figures", None)
    as_of = more.pop("as_of", None)
    return record_cooperative(
        ctx, more.pop("kind", "cooperative"), particulars={**details, **more}, figures=figures,
        as_of=as_of,
    )  # fmt: skip


def test_an_officer_enters_a_body(province):
    commune = province.units.a_commune_of("Giồng Riềng")
    body = entered(
        province.district, commune, name="  Hợp tác   xã Mới ", established_on=date(2018, 5, 1),
        figures={"members": 12}, as_of=THEN,
    )  # fmt: skip
    assert periods(body) == [
        ("2018-05-01", "2019-12-31", "Hợp tác xã Mới", "", None, "active"),
        ("2019-12-31", None, "Hợp tác xã Mới", "", 12, "active"),
    ]
    act = Act.objects.get(pk=body.act_id)
    assert (act.name, act.actor_id) == ("registry.record", province.district.user.pk)
    assert act.subject_id == str(body.pk)


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"name": ""}, "name_missing"),
        ({"sector": ""}, "sector_missing"),
        ({"sector": "farming"}, "choice_unknown"),
        ({"name": "x" * 251}, "text_too_long"),
        ({"kind": "company"}, "kind_unknown"),
        ({"registration_number": "123"}, "registration_number_format"),
        ({"registration_number": "1709551553"}, "registration_number_check_digit"),
        ({"registration_number": "1709551552"}, "registration_number_shared"),
        ({"established_on": date(2100, 1, 1)}, "date_in_future"),
        ({"as_of": date(2100, 1, 1)}, "date_in_future"),
        ({"phone": "12"}, "phone_format"),
        ({"figures": {"members": -1}}, "figure_negative"),
        ({"figures": {"income": 1}}, "field_unknown"),
        ({"nickname": "x"}, "field_unknown"),
    ],
)
def test_an_entry_that_does_not_hold_is_refused(province, details, code):
    commune = province.units.a_commune_of("Giồng Riềng")
    before = Cooperative.objects.count(), Act.objects.count()
    assert refusal(entered, province.district, commune, **details) == {code}
    assert (Cooperative.objects.count(), Act.objects.count()) == before


def test_a_body_cannot_be_entered_in_another_territory(province):
    commune = province.units.a_commune_of("Tân Hiệp")
    assert refusal(entered, province.district, commune) == {"commune_unknown"}
    district = province.units.district("Giồng Riềng")
    assert refusal(entered, province.district, district) == {"commune_unknown"}


def test_one_submission_enters_one_body(province):
    ctx = province.district.by(idempotency_key="a form's own key")
    commune = province.units.a_commune_of("Giồng Riềng")
    body = entered(ctx, commune)
    with pytest.raises(AlreadyDone) as done:
        entered(ctx, commune)
    assert done.value.act.subject_id == str(body.pk)


ACTS = {
    "record": lambda ctx, p, **v: entered(ctx, p.units.a_commune_of("Giồng Riềng")),
    "change": lambda ctx, p, **v: change_particulars(
        ctx, p.hoa_an, changes={"director": "Lê Văn Mới"}, from_on=date(2020, 1, 1), **v
    ),
    "correct": lambda ctx, p, **v: correct_particulars(
        ctx.because("gõ nhầm"), p.hoa_an, changes={"director": "Lê Văn Mới"}, **v
    ),
    "state": lambda ctx, p, **v: state_figures(
        ctx, p.hoa_an, figures={"members": 60}, as_of=date(2020, 6, 30), **v
    ),
    "correct_figures": lambda ctx, p, **v: correct_figures(
        ctx.because("gõ nhầm"),
        p.hoa_an,
        statement=statement(p.hoa_an).pk,
        figures={"members": 5},
        **v,
    ),
    "end": lambda ctx, p, **v: end_cooperative(
        ctx.because("giải thể"), p.hoa_an, on=date(2021, 1, 1), **v
    ),
    "lineage": lambda ctx, p, **v: record_lineage(
        ctx, p.hoa_an, successor=p.credit_fund, kind="merger", on=date(2021, 1, 1), **v
    ),
    "lines": lambda ctx, p, **v: set_business_lines(
        ctx, p.hoa_an, codes=["0111", "0161"], main="0161", from_on=date(2020, 1, 1), **v
    ),
}


def statement(body) -> FigureStatement:
    return FigureStatement.objects.live().filter(cooperative=body).latest("id")


@pytest.mark.parametrize("act", sorted(ACTS))
def test_every_act_is_done_by_the_officer_of_the_place_and_journalled_once(province, act):
    before = Act.objects.count()
    ACTS[act](province.district, province)
    assert Act.objects.count() == before + 1


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("role", ["sector_officer", "supervisor", "bank_officer", "auditor"])
def test_no_act_without_its_permission(province, officer, act, role):
    before = Act.objects.count()
    ctx = officer(role)
    before = Act.objects.count()
    with pytest.raises(PermissionDenied):
        ACTS[act](ctx, province)
    assert Act.objects.count() == before


@pytest.mark.parametrize("act", sorted(set(ACTS) - {"record"}))
def test_no_act_outside_the_territory(province, act):
    before = Act.objects.count()
    with pytest.raises(OutOfReach):
        ACTS[act](province.other_district, province)
    assert Act.objects.count() == before


@pytest.mark.parametrize("act", sorted(set(ACTS) - {"record"}))
def test_every_act_refuses_who_read_an_older_version(province, act):
    read = province.hoa_an.version
    ACTS["state"](province.district, province)
    with pytest.raises(Conflict):
        ACTS[act](province.district, province, expected_version=read)


# --- Changing and correcting ----------------------------------------------------------------------


def test_a_change_holds_from_its_day_and_leaves_the_past(province):
    change_particulars(
        province.district, province.hoa_an, changes={"director": "Lê Văn Mới"},
        from_on=date(2020, 3, 1),
    )  # fmt: skip
    assert [(p[0], p[3]) for p in periods(province.hoa_an)] == [
        ("2015-06-01", "Huỳnh Văn Hải"),
        ("2019-12-31", "Huỳnh Văn Hải"),
        ("2020-03-01", "Lê Văn Mới"),
    ]


def test_an_earlier_change_gives_way_to_what_was_said_of_later_days(province):
    ctx, body = province.district, province.hoa_an
    change_particulars(ctx, body, changes={"director": "Sau"}, from_on=date(2022, 1, 1))
    change_particulars(ctx, body, changes={"director": "Giữa"}, from_on=date(2021, 1, 1))
    assert [(p[0], p[3]) for p in periods(body)][-2:] == [
        ("2021-01-01", "Giữa"),
        ("2022-01-01", "Sau"),
    ]


@pytest.mark.parametrize(
    ("changes", "from_on", "code"),
    [
        ({"director": "Huỳnh Văn Hải"}, date(2020, 1, 1), "nothing_changed"),
        ({"director": "Khác"}, date(2100, 1, 1), "date_in_future"),
        ({"director": "Khác"}, date(2000, 1, 1), "before_known"),
        ({"name": ""}, date(2020, 1, 1), "name_missing"),
        ({"registration_number": "1709551553"}, date(2020, 1, 1),
         "registration_number_check_digit"),
        ({"working_state": "asleep"}, date(2020, 1, 1), "choice_unknown"),
    ],
)  # fmt: skip
def test_a_change_that_does_not_hold_is_refused(province, changes, from_on, code):
    act = change_particulars
    assert refusal(act, province.district, province.hoa_an, changes=changes, from_on=from_on) == {
        code
    }


def test_a_number_that_another_bears_is_refused(province):
    number = {"registration_number": "1709551552"}
    day = date(2020, 1, 1)
    found = refusal(
        change_particulars, province.district, province.credit_fund, changes=number, from_on=day
    )
    assert found == {"registration_number_shared"}


def test_a_body_cannot_be_moved_out_of_the_territory(province):
    elsewhere = {"commune_id": province.units.a_commune_of("Tân Hiệp").pk}
    found = refusal(
        change_particulars, province.district, province.hoa_an, changes=elsewhere,
        from_on=date(2020, 1, 1),
    )  # fmt: skip
    assert found == {"commune_unknown"}


def test_a_correction_asks_for_a_reason(province):
    found = refusal(
        correct_particulars, province.district, province.hoa_an, changes={"director": "Khác"}
    )
    assert found == {"reason_missing"}


def test_a_correction_holds_for_as_long_as_the_wrong_value_stood(province):
    ctx, body = province.district, province.hoa_an
    change_particulars(ctx, body, changes={"director": "Sai Tên"}, from_on=date(2021, 1, 1))
    change_particulars(ctx, body, changes={"name": "Hợp tác xã Khác"}, from_on=date(2022, 1, 1))
    correct_particulars(ctx.because("gõ nhầm"), body, changes={"director": "Đúng Tên"})
    assert [(p[0], p[3]) for p in periods(body)] == [
        ("2015-06-01", "Huỳnh Văn Hải"),
        ("2019-12-31", "Huỳnh Văn Hải"),
        ("2021-01-01", "Đúng Tên"),
        ("2022-01-01", "Đúng Tên"),
    ]
    correct_particulars(
        ctx.because("gõ nhầm"), body, changes={"director": "Huỳnh Văn Hai"}, seen_on=THEN
    )
    assert [p[3] for p in periods(body)] == ["Huỳnh Văn Hai", "Huỳnh Văn Hai", *["Đúng Tên"] * 2]


def test_a_correction_keeps_the_wrong_row_retired(province):
    body = province.hoa_an
    correct_particulars(province.district.because("gõ nhầm"), body, changes={"director": "Đúng"})
    rows = list(body.particulars_set.order_by("id").values_list("director", "retired_by"))
    act = Act.objects.get(name="registry.correct_particulars")
    assert rows == [("Huỳnh Văn Hải", act.pk), ("Đúng", None)]
    assert act.payload.content["reason"] == "gõ nhầm"
    assert act.payload.content["details"]["changed"] == {"director": ["Huỳnh Văn Hải", "Đúng"]}


def test_a_correction_of_stated_days_only(province):
    body = province.hoa_an
    correct_particulars(
        province.district.because("gõ nhầm"), body, changes={"director": "Tạm"},
        from_on=date(2016, 1, 1), until_on=date(2017, 1, 1),
    )  # fmt: skip
    assert [(p[0], p[3]) for p in periods(body)][:3] == [
        ("2015-06-01", "Huỳnh Văn Hải"),
        ("2016-01-01", "Tạm"),
        ("2017-01-01", "Huỳnh Văn Hải"),
    ]


@pytest.mark.parametrize("day", [date(2009, 2, 3), date(2017, 2, 3)])
def test_another_day_of_establishment_moves_the_beginning(province, day):
    body = province.hoa_an
    correct_particulars(
        province.district.because("theo giấy chứng nhận"), body, changes={"established_on": day}
    )
    assert periods(body)[0][:2] == (day.isoformat(), "2019-12-31")


# --- Figures --------------------------------------------------------------------------------------


def test_a_figure_not_stated_keeps_its_last_value(province):
    state_figures(
        province.district, province.hoa_an, figures={"members": 60}, as_of=date(2020, 6, 30)
    )
    last = Period.objects.get(cooperative=province.hoa_an, is_latest=True)
    assert (last.members, last.members_as_of) == (60, date(2020, 6, 30))
    assert (last.workers, last.workers_as_of) == (9, THEN)


@pytest.mark.parametrize(
    ("figures", "as_of", "code"),
    [
        ({"members": 1}, date(2100, 1, 1), "date_in_future"),
        ({}, THEN, "figures_missing"),
        ({"area": -0.5}, THEN, "figure_negative"),
        ({"profit": 1}, THEN, "field_unknown"),
    ],
)
def test_figures_that_do_not_hold_are_refused(province, figures, as_of, code):
    found = refusal(state_figures, province.district, province.hoa_an, figures=figures, as_of=as_of)
    assert found == {code}


def test_a_wrong_statement_is_replaced_and_kept(province):
    body, wrong = province.hoa_an, statement(province.hoa_an)
    ctx = province.district.because("nhầm dòng")
    correct_figures(ctx, body, statement=wrong.pk, figures={"members": 55})
    last = Period.objects.get(cooperative=body, is_latest=True)
    assert (last.members, last.workers, last.area) == (55, None, None)
    wrong.refresh_from_db()
    assert wrong.retired_by is not None
    assert refusal(correct_figures, ctx, body, statement=wrong.pk, figures={"members": 1}) == {
        "statement_unknown"
    }
    assert refusal(
        correct_figures, province.district, body, statement=statement(body).pk, figures={}
    ) == {"reason_missing"}


def test_a_statement_is_withdrawn_when_nothing_is_left_of_it(province):
    body = province.hoa_an
    correct_figures(
        province.district.because("của đơn vị khác"), body, statement=statement(body).pk, figures={}
    )
    assert [p[4] for p in periods(body)] == [None]


# --- End, lineage, lines --------------------------------------------------------------------------


def test_a_body_ends_on_its_day_whatever_was_said_of_later_ones(province):
    ctx, body = province.district, province.hoa_an
    change_particulars(ctx, body, changes={"working_state": "idle"}, from_on=date(2022, 1, 1))
    end_cooperative(ctx.by(basis="QĐ 12/QĐ-UBND"), body, on=date(2021, 1, 1))
    states = Period.objects.filter(cooperative=body, valid__startswith__gte=date(2021, 1, 1))
    assert set(states.values_list("legal_status", "working_state")) == {("ended", "ended")}


@pytest.mark.parametrize(
    ("reason", "on", "code"),
    [
        ("", date(2021, 1, 1), "reason_missing"),
        ("giải thể", date(2100, 1, 1), "date_in_future"),
        ("giải thể", date(2015, 6, 1), "before_known"),
    ],
)
def test_an_end_that_does_not_hold_is_refused(province, reason, on, code):
    ctx = province.district.because(reason)
    assert refusal(end_cooperative, ctx, province.hoa_an, on=on) == {code}


def test_what_has_ended_does_not_end_again(province):
    ctx = province.district.because("giải thể")
    assert refusal(end_cooperative, ctx, province.ended, on=date(2022, 1, 1)) == {"already_ended"}


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"kind": "marriage"}, "lineage_unknown"),
        ({"successor": "itself"}, "lineage_unknown"),
        ({"on": date(2100, 1, 1)}, "date_in_future"),
    ],
)
def test_lineage_that_does_not_hold_is_refused(province, details, code):
    details = {
        "successor": province.credit_fund, "kind": "merger", "on": date(2021, 1, 1), **details
    }  # fmt: skip
    if details["successor"] == "itself":
        details["successor"] = province.hoa_an
    assert refusal(record_lineage, province.district, province.hoa_an, **details) == {code}


def test_lineage_is_recorded_once_and_only_within_the_territory(province):
    ACTS["lineage"](province.district, province)
    assert refusal(ACTS["lineage"], province.district, province) == {"lineage_known"}
    with pytest.raises(OutOfReach):
        record_lineage(
            province.district, province.hoa_an, successor=province.tan_hiep, kind="merger",
            on=date(2021, 1, 1),
        )  # fmt: skip


def test_lines_of_business_change_from_a_day(province):
    ctx, body = province.district, province.hoa_an
    set_business_lines(ctx, body, codes=["0111", "0161"], main="0161", from_on=date(2018, 1, 1))
    set_business_lines(ctx, body, codes=["0111", "4620"], main="0111", from_on=date(2020, 1, 1))
    live = BusinessLine.objects.live().order_by("valid", "vsic_code")
    assert [(x.vsic_code, x.is_main, x.valid.upper) for x in live] == [
        ("0111", False, date(2020, 1, 1)),
        ("0161", True, date(2020, 1, 1)),
        ("0111", True, None),
        ("4620", False, None),
    ]


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"codes": ["01"]}, "vsic_format"),
        ({"codes": ["0111"], "main": "4620"}, "main_line_unknown"),
        ({"codes": ["0111"], "from_on": date(2100, 1, 1)}, "date_in_future"),
        ({"codes": ["0161", "0161"], "main": "0161"}, "nothing_changed"),
        ({"codes": ["0111"], "from_on": date(2017, 1, 1)}, "lines_changed_later"),
    ],
)
def test_lines_that_do_not_hold_are_refused(province, details, code):
    ctx, body = province.district, province.hoa_an
    set_business_lines(ctx, body, codes=["0111"], from_on=date(2016, 1, 1))
    set_business_lines(ctx, body, codes=["0161"], main="0161", from_on=date(2018, 1, 1))
    details = {"from_on": date(2020, 1, 1), **details}
    assert refusal(set_business_lines, ctx, body, **details) == {code}


def test_the_journal_names_the_mandate_that_grants_the_act(officer, the_system, cooperative, units):
    """A reader of the province who also registers in one district acts there under the second."""
    ctx = officer("auditor")
    second = give_mandate(
        the_system, ctx.user, role="registration_officer", from_on=date(2015, 1, 1),
        unit=units.district("Giồng Riềng"),
    )  # fmt: skip
    body = cooperative(district="Giồng Riềng")
    both = context_of(ctx.user)
    change_particulars(both, body, changes={"director": "Lê Thị Mới"}, from_on=date(2021, 3, 1))
    assert Act.objects.latest("number").mandate_id == second.pk
