"""Yearly returns entered in the register: figures of a year's end, with their day and their file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.management import call_command
from django.urls import reverse

from hoptac.foundation.access import Context
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.registry.importing import entering, mending, service
from hoptac.registry.models import Cooperative, FigureStatement, Period, RegisterLine, Verdict

HEAD = (
    "STT;Tên hợp tác xã;Mã số HTX;Huyện;Tổng số thành viên;Tổng số lao động;"
    "Vốn điều lệ (triệu đồng);Doanh thu (triệu đồng)"
)
HOA_AN, TAN_TAY, THANH_LOI = "1709551552", "1709409242", "1709526806"


@pytest.fixture
def files(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path


@pytest.fixture
def bodies(cooperative: Callable[..., Cooperative]) -> list[Cooperative]:
    return [
        cooperative(name="HTX Hoà An", registration_number=HOA_AN, members=34, workers=9),
        cooperative(name="HTX Tân Tây", registration_number=TAN_TAY, district="Giồng Riềng", members=50),
        cooperative(name="HTX Thạnh Lợi", registration_number=THANH_LOI),
    ]  # fmt: skip


def returns(folder: Path, *rows: str, year: int = 2018) -> Path:
    path = folder / f"bao-cao-nam-{year}.csv"
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8-sig")
    return path


def bring(ctx: Context, path: Path) -> ImportBatch:
    batch = service.bring_in(ctx, path, filename=path.name, kind="returns")
    service.read(batch)
    batch.refresh_from_db()
    return batch


def stated(body: Cooperative) -> list[tuple[date, int | None, int | None, int | None]]:
    rows = FigureStatement.objects.live().filter(cooperative=body).order_by("as_of")
    return list(rows.values_list("as_of", "members", "workers", "charter_capital"))


def verdicts(batch: ImportBatch) -> dict[str, str]:
    lines = RegisterLine.objects.filter(batch=batch)
    return dict(lines.values_list("registration_number", "verdict"))


def test_a_return_states_figures_as_of_the_end_of_its_year(files, the_system, bodies):
    path = returns(files, f"1;HTX Hoà An;{HOA_AN};Rạch Giá;30;8;120,5;500",
                   f"2;HTX Tân Tây;{TAN_TAY};Giồng Riềng;48;12;90;500")  # fmt: skip
    batch = bring(the_system, path)
    assert verdicts(batch) == {HOA_AN: "changed", TAN_TAY: "changed"}

    entering.enter_list(the_system, batch)
    assert stated(bodies[0]) == [
        (date(2018, 12, 31), 30, 8, 120_500_000), (date(2019, 12, 31), 34, 9, None),
    ]  # fmt: skip
    then = Period.objects.get(cooperative=bodies[0], valid__contains=date(2019, 6, 30))
    assert (then.members, then.members_as_of) == (30, date(2018, 12, 31))
    assert Period.objects.get(cooperative=bodies[0], is_latest=True).members == 34
    row = FigureStatement.objects.get(cooperative=bodies[0], as_of=date(2018, 12, 31))
    assert row.source == "bao-cao-nam-2018.csv"
    assert row.source_row.endswith("!2")
    assert Act.objects.filter(id=row.act_id, name="registry.import_register").exists()


def test_the_same_returns_twice_change_nothing(files, the_system, bodies):
    path = returns(files, f"1;HTX Hoà An;{HOA_AN};Rạch Giá;30;8;120;500")
    entering.enter_list(the_system, bring(the_system, path))
    before = stated(bodies[0])
    again = bring(the_system, path)
    assert verdicts(again) == {HOA_AN: "same"}
    entering.enter_list(the_system, again)
    assert stated(bodies[0]) == before


def test_undoing_takes_the_figures_back(files, the_system, bodies):
    batch = bring(the_system, returns(files, f"1;HTX Hoà An;{HOA_AN};Rạch Giá;30;8;120;500"))
    entering.enter_list(the_system, batch)
    entering.undo_list(the_system.because("gửi nhầm năm"), batch)
    assert stated(bodies[0]) == [(date(2019, 12, 31), 34, 9, None)]


def test_a_return_brings_no_new_body(files, the_system, bodies):
    batch = bring(the_system, returns(files, "1;HTX Lạ;1709999909;Rạch Giá;30;8;120;500",
                                      f"2;HTX Hoà An;{HOA_AN};Rạch Giá;30;8;120;500"))  # fmt: skip
    stranger = RegisterLine.objects.get(batch=batch, name="HTX Lạ")
    assert stranger.verdict == Verdict.QUARANTINED
    assert stranger.problems == ["not_in_register"]
    with pytest.raises(Refused) as refused:
        mending.decide_line(the_system, batch, line=stranger.pk, decision="take")
    assert refused.value.codes == {"body_unknown"}
    with pytest.raises(Refused):
        mending.decide_line(the_system, batch, line=stranger.pk, decision="new")

    entering.enter_list(the_system, batch)
    assert Cooperative.objects.count() == 3

    mended = {
        "registration_number": THANH_LOI,
        "members": 31,
        "workers": None,
        "charter_capital": None,
    }
    mending.mend_line(the_system, batch, line=stranger.pk, values=mended)
    entering.enter_list(the_system, batch)
    assert stated(bodies[2]) == [(date(2018, 12, 31), 31, None, None)]


def test_what_the_register_has_otherwise_for_the_day_waits_for_a_decision(
    files, the_system, bodies
):
    path = returns(files, f"1;HTX Hoà An;{HOA_AN};Rạch Giá;36;9;120;500",
                   f"2;HTX Tân Tây;{TAN_TAY};Giồng Riềng;50;12;90;500", year=2019)  # fmt: skip
    batch = bring(the_system, path)
    assert verdicts(batch) == {HOA_AN: "undecided", TAN_TAY: "changed"}
    entering.enter_list(the_system, batch)
    assert Period.objects.get(cooperative=bodies[0], is_latest=True).members == 34

    line = RegisterLine.objects.get(batch=batch, registration_number=HOA_AN)
    mending.decide_line(the_system, batch, line=line.pk, decision="take")
    entering.enter_list(the_system, batch)
    assert Period.objects.get(cooperative=bodies[0], is_latest=True).members == 36


def test_a_spoilt_figure_is_held_back_and_mended_or_left_out(files, the_system, bodies):
    batch = bring(the_system, returns(files, f"1;HTX Hoà An;{HOA_AN};Rạch Giá;nhiều lắm;8;120;500"))
    line = RegisterLine.objects.get(batch=batch)
    assert line.verdict == Verdict.QUARANTINED
    with pytest.raises(Refused) as refused:
        mending.mend_line(the_system, batch, line=line.pk, values={"members": -3})
    assert refused.value.findings
    mending.decide_line(the_system, batch, line=line.pk, decision="take")
    entering.enter_list(the_system, batch)
    assert stated(bodies[0])[0] == (date(2018, 12, 31), None, 8, 120_000_000)


def test_an_officer_enters_returns_of_the_own_territory_only(files, officer, bodies, units):
    ctx = officer("registration_officer", unit=units.district("Giồng Riềng"))
    path = returns(files, f"1;HTX Hoà An;{HOA_AN};Rạch Giá;30;8;120;500",
                   f"2;HTX Tân Tây;{TAN_TAY};Giồng Riềng;48;12;90;500")  # fmt: skip
    batch = bring(ctx, path)
    with pytest.raises(Refused) as refused:
        entering.enter_list(ctx, batch)
    assert refused.value.codes == {"outside_territory"}
    outside = RegisterLine.objects.get(batch=batch, registration_number=HOA_AN)
    mending.decide_line(ctx, batch, line=outside.pk, decision="skip")
    entering.enter_list(ctx, batch)
    assert stated(bodies[0]) == [(date(2019, 12, 31), 34, 9, None)]
    assert stated(bodies[1])[0][1] == 48


def test_the_wizard_shows_what_returns_do_and_lets_lines_be_mended(
    files, officer, client_of, bodies
):
    ctx = officer("department_officer")
    batch = bring(ctx, returns(files, "1;HTX Lạ;1709999909;Rạch Giá;30;8;120;500",
                               f"2;HTX Hoà An;{HOA_AN};Rạch Giá;30;8;120;500"))  # fmt: skip
    client = client_of(ctx)
    page = client.get(reverse("imports:batch", args=[batch.pk])).content.decode()
    assert "nêu số thành viên" in page
    stranger = RegisterLine.objects.get(batch=batch, name="HTX Lạ")
    address = reverse("imports:line", args=[batch.pk, stranger.pk])
    form = client.get(address).content.decode()
    assert 'name="members"' in form
    assert 'name="commune_id"' not in form
    given = {
        "registration_number": THANH_LOI,
        "members": "31",
        "workers": "",
        "charter_capital": "",
    }
    assert client.post(address, given).status_code == 302
    stranger.refresh_from_db()
    assert stranger.verdict == Verdict.CHANGED
    client.post(reverse("imports:enter", args=[batch.pk]), {"key": "k1"})
    assert stated(bodies[2]) == [(date(2018, 12, 31), 31, None, None)]


def test_the_command_enters_and_undoes_returns(files, bodies, capsys):
    path = returns(files, f"1;HTX Hoà An;{HOA_AN};Rạch Giá;30;8;120;500")
    call_command("import_workbook", str(path), "--kind", "returns")
    assert len(stated(bodies[0])) == 2
    call_command("import_workbook", str(path), "--kind", "returns", "--undo", "--reason", "thử")
    assert len(stated(bodies[0])) == 1


def test_a_file_of_another_kind_is_refused_with_advice(files, the_system):
    path = files / "ghi-chu.csv"
    path.write_text("Ghi chú;Ngày\nHọp;01/02/2019\n", encoding="utf-8-sig")
    batch = bring(the_system, path)
    assert batch.state == "refused"
    assert batch.refusal["code"] == "no_list"
    assert "“ghi-chu”" in batch.refusal["vi"]


def test_every_sheet_speaks_of_its_own_year(files, the_system, bodies):
    path = files / "bao-cao.xlsx"
    book = xlsxwriter.Workbook(path)
    for year, members in ((2018, 30), (2017, 28)):
        sheet = book.add_worksheet(str(year))
        sheet.write_row(0, 0, HEAD.split(";"))
        sheet.write_row(1, 0, [1, "HTX Hoà An", HOA_AN, "Rạch Giá", members, 8, 120, 500])
    book.close()
    entering.enter_list(the_system, bring(the_system, path))
    assert [row[:2] for row in stated(bodies[0])] == [
        (date(2017, 12, 31), 28), (date(2018, 12, 31), 30), (date(2019, 12, 31), 34),
    ]  # fmt: skip
