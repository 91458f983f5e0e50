"""An extract held against the register: what differs, since when, who decided, undone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hoptac.exchange.actions import decide, decide_many, undo_decision
from hoptac.exchange.actions.differences import BASIS
from hoptac.exchange.bringing import bring_in
from hoptac.exchange.models import Difference, Extract, Message
from hoptac.exchange.rules.suggesting import Claim, suggest
from hoptac.exchange.sameness import is_same
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.audit.models import Act, ActPayload
from hoptac.foundation.findings import Refused
from hoptac.registry.actions import change_particulars, correct_particulars
from hoptac.registry.models import Particulars, Period
from hoptac.registry.selectors import register_on

DAY = date(2026, 1, 31)


def of(body: Any) -> Period:
    return Period.objects.get(cooperative=body, is_latest=True)


def row(body: Any, **changes: Any) -> dict[str, Any]:
    """What the national system says of a body when it agrees, but for these."""
    p = of(body)
    said = {
        "Mã số hợp tác xã": p.registration_number, "Loại hình": {"cooperative": "HTX", "group": "THT"}[p.kind],
        "Tên bằng tiếng Việt": p.name, "Tình trạng pháp lý": "7", "Ngày đăng ký lần đầu": p.established_on,
        "Xã, phường": p.commune.name if p.commune else "", "Mã xã, phường": p.commune.code if p.commune else "",
        "Người đại diện theo pháp luật": p.director,
    }  # fmt: skip
    return {**said, **changes}


def take(ctx: Any, path: Path, **details: Any) -> Extract:
    return bring_in(ctx, path, filename=path.name, **{"as_of": DAY, **details})[0]


def the(field: str) -> Difference:
    return Difference.objects.get(field=field)


def test_what_agrees_leaves_nothing(province: Any, sheet: Any) -> None:
    extract = take(province.department, sheet([row(province.hoa_an), row(province.tan_hiep)]))
    assert not Difference.objects.exists()
    assert (extract.counts["by_code"], extract.counts["by_name"]) == (1, 1)


def test_without_a_commune_a_name_that_only_one_bears_will_do(province: Any, sheet: Any) -> None:
    said = {"Tên bằng tiếng Việt": "HTX NN Tân Hiệp A", "Tình trạng pháp lý": "7"}
    extract = take(province.department, sheet([said]))
    assert (extract.counts["by_name"], extract.counts["differences"]) == (1, 0)


def test_a_difference_says_both_sides_with_their_days(province: Any, sheet: Any) -> None:
    change_particulars(
        province.department,
        province.hoa_an,
        changes={"director": "Lê Thị Mới"},
        from_on=date(2024, 3, 1),
    )
    path = sheet([row(province.hoa_an, **{"Người đại diện theo pháp luật": "Huỳnh Văn Hải"})])
    take(province.department, path)
    d = the("representative")
    assert (d.ours, d.theirs) == ("Lê Thị Mới", "Huỳnh Văn Hải")
    assert (d.ours_since, d.theirs_on) == (date(2024, 3, 1), DAY)
    assert d.cooperative_id == province.hoa_an.pk
    assert "trich-xuat" in d.last_extract.filename


def test_what_changed_after_the_extracts_day_is_no_difference(province: Any, sheet: Any) -> None:
    path = sheet([row(province.hoa_an)])
    change_particulars(
        province.department,
        province.hoa_an,
        changes={"director": "Lê Mới"},
        from_on=date(2026, 3, 1),
    )
    extract = take(province.department, path)
    assert not Difference.objects.exists()
    assert extract.counts["changed_since"] == 1


def test_the_same_extract_twice_changes_nothing(province: Any, sheet: Any) -> None:
    rows = [row(province.hoa_an, **{"Tình trạng pháp lý": "1"})]
    path = sheet(rows)
    first = take(province.department, path)
    acts = Act.objects.count()
    assert take(province.department, path) == first
    assert (Act.objects.count(), Difference.objects.count()) == (acts, 1)
    # The same content in another file is another extract, and no further difference.
    second = take(province.department, sheet(rows, title="Bản khác"))
    assert second != first
    assert second.counts["known"] == 1
    assert Difference.objects.count() == 1


def test_decided_for_the_register_it_is_kept_told_and_not_asked_again(
    province: Any, sheet: Any, standin: Any
) -> None:
    from hoptac.exchange.delivery import deliver

    rows = [
        row(province.hoa_an, **{"Tên bằng tiếng Việt": "Hợp tác xã Dịch vụ nông nghiệp Hòa Ân"})
    ]
    take(province.department, sheet(rows))
    decide(province.department, the("name"), verdict="ours", words="giấy chứng nhận ghi Hoà An")
    message = Message.objects.get()
    assert message.content["about"]["event"] == "difference.field"
    assert deliver(standin.adapter)["accepted"] == 1
    again = take(province.department, sheet(rows, title="tháng sau"))
    assert again.counts["decided_before"] == 1
    assert the("name").state == "ours"
    assert the("name").decided_by == province.department.user


def test_decided_for_them_the_register_is_corrected_by_its_own_act_and_undone_by_another(
    province: Any, sheet: Any
) -> None:
    before = list(
        Particulars.objects.filter(cooperative=province.hoa_an).values("pk", "retired_by")
    )
    take(province.department, sheet([row(province.hoa_an, **{"Mã số hợp tác xã": "1709551552",
         "Tên bằng tiếng Việt": "Hợp tác xã Dịch vụ nông nghiệp Hoà An Phú"})]))  # fmt: skip
    d = the("name")
    decide(province.department, d, verdict="theirs", words="theo giấy chứng nhận")
    assert of(province.hoa_an).name.endswith("Hoà An Phú")
    act = Act.objects.get(pk=d.acts[0])
    assert act.name == "registry.correct_particulars"
    assert ActPayload.objects.get(act=act).content["basis"] == BASIS
    with pytest.raises(Refused) as refused:
        decide(province.district, the("name"), verdict="ours")
    assert "Trần Thị Sở" in str(refused.value)
    undo_decision(province.department.because("nhầm"), the("name"))
    assert of(province.hoa_an).name == "Hợp tác xã Dịch vụ nông nghiệp Hoà An"
    live = Particulars.objects.live().filter(cooperative=province.hoa_an)
    assert [p.pk for p in live] == [b["pk"] for b in before]
    assert (the("name").state, len(the("name").history)) == ("open", 1)
    assert the("name").history[0]["by"] == "Trần Thị Sở"


def test_an_undo_is_refused_once_something_was_built_upon_it(province: Any, sheet: Any) -> None:
    take(
        province.department,
        sheet([row(province.hoa_an, **{"Người đại diện theo pháp luật": "Ai Đó"})]),
    )
    decide(province.department, the("representative"), verdict="theirs")
    correct_particulars(
        province.department.because("nhầm nữa"),
        province.hoa_an,
        changes={"director": "Người Thứ Ba"},
    )
    with pytest.raises(Refused) as refused:
        undo_decision(province.department.because("nhầm"), the("representative"))
    assert "built_upon" in refused.value.codes
    assert of(province.hoa_an).director == "Người Thứ Ba"


def test_their_state_is_taken_from_a_day_and_never_ends_a_body_by_itself(
    province: Any, sheet: Any
) -> None:
    take(province.department, sheet([row(province.hoa_an, **{"Tình trạng pháp lý": "1"}),
                                     row(province.tan_hiep, **{"Tình trạng pháp lý": "5"})]))  # fmt: skip
    suspended = Difference.objects.get(cooperative=province.hoa_an)
    decide(province.department, suspended, verdict="theirs")
    assert of(province.hoa_an).legal_status == "suspended"
    on = register_on(province.department, date(2026, 1, 30)).get(cooperative=province.hoa_an)
    assert on.legal_status == "active"
    ended = Difference.objects.get(cooperative=province.tan_hiep)
    assert (ended.suggestion, ended.why) == ("", "not_from_a_database")
    with pytest.raises(Refused) as refused:
        decide(province.department, ended, verdict="theirs")
    assert "day_missing" in refused.value.codes
    decide(province.department, ended, verdict="theirs", on=date(2025, 12, 1), words="QĐ 12")
    assert of(province.tan_hiep).legal_status == "ended"


def test_bodies_missing_on_either_side(province: Any, sheet: Any) -> None:
    stranger = row(province.hoa_an, **{"Mã số hợp tác xã": "1700000013", "Tên bằng tiếng Việt": "Hợp tác xã Người Lạ",
                   "Người đại diện theo pháp luật": "Võ Lạ"})  # fmt: skip
    path = sheet([row(province.hoa_an), stranger])
    take(province.department, path)
    theirs = Difference.objects.get()
    assert theirs.what == "only_theirs"
    take(province.department, path, is_whole=True)
    ours = Difference.objects.filter(what="only_ours")
    assert {d.cooperative_id for d in ours} == {
        province.tan_hiep.pk, province.credit_fund.pk, province.group.pk,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        decide(province.department, ours[0], verdict="theirs")
    assert "not_from_a_database" in refused.value.codes
    decide(province.department, ours[0], verdict="ours")
    assert Message.objects.get().event == "difference.only_ours"
    with pytest.raises(Refused) as refused:
        decide(province.department, theirs, verdict="theirs")
    assert refused.value.codes == {"sector_missing", "registration_number_check_digit"}


def test_a_body_that_only_they_know_is_entered_and_taken_out_again(
    province: Any, sheet: Any
) -> None:
    stranger = row(
        province.hoa_an, **{"Mã số hợp tác xã": "", "Tên bằng tiếng Việt": "Hợp tác xã Người Lạ"}
    )
    take(province.department, sheet([row(province.hoa_an), stranger]))
    d = Difference.objects.get(what="only_theirs")
    decide(province.department, d, verdict="theirs", sector="trade")
    body = Period.objects.get(name="Hợp tác xã Người Lạ")
    assert (body.sector, body.cooperative_id) == ("trade", d.cooperative_id)
    undo_decision(province.department.because("trùng"), d)
    assert not Period.objects.filter(name="Hợp tác xã Người Lạ").exists()


def test_many_of_a_kind_at_once_all_or_nothing(province: Any, sheet: Any) -> None:
    rows = [row(b, **{"Người đại diện theo pháp luật": f"Người {n}"})
            for n, b in enumerate((province.hoa_an, province.tan_hiep, province.credit_fund))]  # fmt: skip
    rows[2]["Tình trạng pháp lý"] = "5"
    take(province.department, sheet(rows))
    ids = list(Difference.objects.filter(field="representative").values_list("pk", flat=True))
    everything = list(Difference.objects.values_list("pk", flat=True))
    with pytest.raises(Refused) as refused:
        decide_many(province.department, everything, verdict="theirs")
    assert "Ấp Đông" in str(refused.value)
    assert Difference.objects.filter(state="open").count() == 4
    decide_many(province.department, ids, verdict="theirs")
    assert of(province.credit_fund).director == "Người 2"
    with pytest.raises(Refused):
        decide_many(province.department, ids, verdict="ours")


def test_the_queue_is_scoped_by_territory(province: Any, sheet: Any) -> None:
    said = {"Tình trạng pháp lý": "1"}
    path = sheet([row(province.hoa_an, **said), row(province.tan_hiep, **said)])
    extract = take(province.district, path)
    assert extract.counts["outside"] == 1
    assert Difference.objects.get().cooperative_id == province.hoa_an.pk
    take(province.department, path)
    assert Difference.objects.count() == 2
    theirs = Difference.objects.get(cooperative=province.tan_hiep)
    with pytest.raises(OutOfReach):
        decide(province.district, theirs, verdict="ours")
    assert Difference.objects.visible_to(province.other_district).get() == theirs


def test_what_no_longer_differs_is_settled_by_a_later_extract(province: Any, sheet: Any) -> None:
    take(province.department, sheet([row(province.hoa_an, **{"Tình trạng pháp lý": "1"})]))
    take(province.department, sheet([row(province.hoa_an)]), as_of=date(2026, 2, 28))
    assert the("status").state == "settled"


def test_json_as_the_stand_in_gives_it_is_read(province: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    record = {"code": "1709551552", "kind": "HTX", "name": of(province.hoa_an).name, "status": "3"}
    path.write_text(json.dumps({"as_of": "2026-01-31", "records": [record]}), encoding="utf-8")
    extract = take(province.department, path, as_of=None)
    assert (extract.as_of, the("status").theirs) == (DAY, "ending")


def test_unreadable_values_are_counted_and_not_compared(province: Any, sheet: Any) -> None:
    rows = [
        row(province.hoa_an, **{"Tình trạng pháp lý": "tốt", "Ngày đăng ký lần đầu": "32/13/2015"})
    ]
    extract = take(province.department, sheet(rows))
    assert not Difference.objects.exists()
    assert (extract.counts["unread:status"], extract.counts["unread:established_on"]) == (1, 1)


@pytest.mark.parametrize("name", ["khac.xlsx", "hong.json"])
def test_a_file_of_something_else_is_refused(
    province: Any, sheet: Any, tmp_path: Path, name: str
) -> None:
    path = sheet([{"A": 1, "B": 2}])
    if name.endswith("json"):
        path = tmp_path / name
        path.write_text("[1, 2", encoding="utf-8")
    with pytest.raises(Refused):
        take(province.department, path)
    assert Extract.objects.get().state == "refused"
    assert Extract.objects.get().refusal


@pytest.mark.parametrize(
    ("field", "ours", "theirs", "same"),
    [
        ("name", "HTX DV NN Hoà An", "Hợp tác xã Dịch vụ nông nghiệp Hòa An", True),
        ("name", "Hợp tác xã Thuân Phát", "Hợp tác xã Thuận Phát", False),
        ("address", "ấp Hòa An", "Ấp Hoà An, xã Hòa Hưng, tỉnh An Giang", True),
        ("address", "ấp 1", "ấp 12", False),
        ("code", "0309551552", "309551552", True),
        ("lines", ["0111", "0161"], ["0161", "0111"], True),
        ("representative", "Trần  văn An", "TRẦN VĂN AN", True),
        ("phone", "0297 3863773", "02973.863.773", True),
        ("address", "", None, True),
    ],
)  # fmt: skip
def test_spelling_is_no_difference(field: str, ours: Any, theirs: Any, same: bool) -> None:
    assert is_same(field, ours, theirs) is same


def claim(**changes: Any) -> Claim:
    base: dict[str, Any] = {
        "field": "address", "ours": "ấp 1", "theirs": "ấp 2", "ours_since": date(2020, 1, 1), "theirs_on": DAY,
    }  # fmt: skip
    return Claim(**{**base, **changes})


@pytest.mark.parametrize(
    ("given", "side", "why"),
    [
        (claim(), "", "both_say"),
        (claim(ours_since=date(2026, 2, 1)), "ours", "ours_is_newer"),
        (claim(is_untold=True), "ours", "not_told_yet"),
        (claim(theirs=""), "ours", "they_do_not_say"),
        (claim(ours=""), "theirs", "we_do_not_say"),
        (claim(field="code", is_from_list=True), "theirs", "ours_from_a_list"),
        (claim(field="status", ours="active", theirs="ended", is_untold=True), "", "not_from_a_database"),
    ],
)  # fmt: skip
def test_suggestions_have_a_reason(given: Claim, side: str, why: str) -> None:
    assert suggest(given) == (side, why)
