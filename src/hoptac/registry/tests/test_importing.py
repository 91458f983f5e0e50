"""Bringing a list in: read, matched, decided upon, entered once, undone as one act."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from hoptac.foundation.access import Context
from hoptac.foundation.audit.journal import verify
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.actions import change_particulars, correct_particulars
from hoptac.registry.importing import entering, mending, service, telling
from hoptac.registry.models import Cooperative, FigureStatement, Particulars, Period, RegisterLine
from hoptac.registry.projection import rebuild_all_periods
from hoptac.registry.selectors import register_on

CLEAN = settings.ROOT / "demo" / "register-2019-12-31.xlsx"
END_2019 = date(2019, 12, 31)


@pytest.fixture
def files(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path


def bring(ctx: Context, path: Path, **details: Any) -> ImportBatch:
    batch = service.bring_in(ctx, path, filename=path.name, **details)
    service.read(batch)
    batch.refresh_from_db()
    return batch


def a_list(folder: Path, *rows: str, name: str = "ds-31.12.2019.csv") -> Path:
    head = "STT;Tên hợp tác xã;Mã số HTX;Lĩnh vực;Huyện;Xã;Ngày thành lập;Vốn điều lệ (đồng);Số thành viên;Giám đốc"
    path = folder / name
    path.write_text("\n".join([head, *rows]), encoding="utf-8-sig")
    return path


HOA_AN = "1;HTX Hoà An;1709551552;Nông nghiệp;Giồng Riềng;xã Hoà An;02/12/2015;100000000;34;Huỳnh Văn Hải"
TAN_HIEP = "2;HTX Tân Hiệp A;1709409242;Nông nghiệp;Tân Hiệp;xã Tân Hiệp A;30/06/2017;248630000;45;Lê Văn Tám"


def snapshot() -> list[tuple[Any, ...]]:
    columns = (
        "cooperative_id",
        "valid",
        "name",
        "members",
        "charter_capital",
        "director",
        "is_latest",
    )
    return sorted(Period.objects.values_list(*columns), key=str)


def test_the_provinces_list_gives_the_plans_footnote_to_the_last_digit(
    files: Path, the_system: Context
) -> None:
    batch = bring(the_system, CLEAN)
    assert batch.as_of == END_2019
    assert batch.counts["new"] == 447
    entering.enter_list(the_system, batch)
    shown = list(register_on(the_system, END_2019))
    assert len(shown) == 447
    assert sum(p.members or 0 for p in shown) == 52410
    assert sum(p.workers or 0 for p in shown) == 8842
    assert sum(p.charter_capital or 0 for p in shown) == 238_673_000_000
    assert sum(p.area or 0 for p in shown) == Decimal("58506.90")
    assert register_on(the_system, date(2003, 12, 31)).count() == 124


def test_the_same_file_twice_changes_nothing(files: Path, the_system: Context) -> None:
    entering.enter_list(the_system, bring(the_system, a_list(files, HOA_AN, TAN_HIEP)))
    before = snapshot()
    again = bring(the_system, a_list(files, HOA_AN, TAN_HIEP))
    assert (again.counts["new"], again.counts["changed"], again.counts["same"]) == (0, 0, 2)
    assert service.earlier_entry(again) is not None
    entering.enter_list(the_system, again)
    assert snapshot() == before


def test_a_later_list_changes_only_what_it_says_and_only_from_its_day(
    files: Path, the_system: Context
) -> None:
    entering.enter_list(the_system, bring(the_system, a_list(files, HOA_AN)))
    later = HOA_AN.replace("34;Huỳnh Văn Hải", "40;Danh Thị Sáu")
    batch = bring(
        the_system, a_list(files, later, name="ds-30.6.2020.csv"), as_of=date(2020, 6, 30)
    )
    line = RegisterLine.objects.get(batch=batch)
    assert set(line.changed) == {
        "members",
        "director",
        "charter_capital",
    }  # the capital as of the new day
    entering.enter_list(the_system, batch)
    body = Cooperative.objects.get()
    then, now = (body.periods.get(valid__contains=d) for d in (END_2019, date(2020, 6, 30)))
    assert (then.members, then.director) == (34, "Huỳnh Văn Hải")
    assert (now.members, now.director) == (40, "Danh Thị Sáu")
    assert now.name == "HTX Hoà An"
    assert body.version == 1 or Cooperative.objects.get().version == 2


def test_a_list_of_an_older_day_does_not_overrule_the_newer_one(
    files: Path, the_system: Context
) -> None:
    entering.enter_list(the_system, bring(the_system, a_list(files, HOA_AN)))
    older = HOA_AN.replace("34;Huỳnh Văn Hải", "30;Ông Giám Đốc Cũ")
    batch = bring(the_system, a_list(files, older, name="ds-2018.csv"), as_of=date(2018, 12, 31))
    entering.enter_list(the_system, batch)
    body = Cooperative.objects.get()
    assert body.periods.get(valid__contains=date(2019, 6, 1)).director == "Ông Giám Đốc Cũ"
    assert body.periods.get(valid__contains=END_2019).director == "Huỳnh Văn Hải"
    assert body.periods.get(is_latest=True).members == 34


def test_an_import_is_undone_as_one_act_and_the_history_keeps_it(
    files: Path, the_system: Context
) -> None:
    entering.enter_list(the_system, bring(the_system, a_list(files, HOA_AN)))
    before = snapshot()
    later = HOA_AN.replace("34;", "99;").replace("Huỳnh Văn Hải", "Trần Thị Mới")
    batch = bring(the_system, a_list(files, later, TAN_HIEP, name="b.csv"), as_of=date(2020, 6, 30))
    entering.enter_list(the_system, batch)
    assert snapshot() != before
    acts = Act.objects.count()
    entering.undo_list(the_system.because("nhầm tệp"), batch)
    assert Act.objects.count() == acts + 1
    assert snapshot() == before
    assert FigureStatement.objects.exclude(retired_by=None).count() == 2
    assert verify().broken is None


def test_an_import_upon_which_later_acts_stand_is_not_undone(
    files: Path, the_system: Context
) -> None:
    batch = bring(the_system, a_list(files, HOA_AN))
    entering.enter_list(the_system, batch)
    body = Cooperative.objects.get()
    correct_particulars(the_system.because("gõ nhầm"), body, changes={"director": "Huỳnh Văn Hài"})
    with pytest.raises(Refused) as refused:
        entering.undo_list(the_system.because("nhầm tệp"), batch)
    assert refused.value.codes == {"built_upon"}


def test_undoing_needs_a_reason(files: Path, the_system: Context) -> None:
    batch = bring(the_system, a_list(files, HOA_AN))
    entering.enter_list(the_system, batch)
    with pytest.raises(Refused) as refused:
        entering.undo_list(the_system, batch)
    assert refused.value.codes == {"reason_missing"}


def test_what_imports_maintain_equals_what_a_full_rebuild_gives(
    files: Path, the_system: Context
) -> None:
    entering.enter_list(the_system, bring(the_system, CLEAN))
    body = Cooperative.objects.first()
    assert body is not None
    change_particulars(
        the_system, body, changes={"director": "Người Mới"}, from_on=date(2020, 2, 2)
    )
    maintained = snapshot()
    rebuild_all_periods()
    assert snapshot() == maintained


def test_lines_with_errors_stay_in_quarantine_until_they_are_mended(
    files: Path, the_system: Context
) -> None:
    broken = HOA_AN.replace("02/12/2015", "31/02/2015")
    batch = bring(the_system, a_list(files, broken, TAN_HIEP))
    assert batch.counts["quarantined"] == 1
    entering.enter_list(the_system, batch)
    assert Cooperative.objects.count() == 1
    line = RegisterLine.objects.get(batch=batch)
    mending.mend_line(the_system, batch, line=line.pk, values={"established_on": date(2015, 3, 2)})
    entering.enter_list(the_system, batch)
    assert Cooperative.objects.count() == 2
    assert Period.objects.get(name="HTX Hoà An", is_latest=True).established_on == date(2015, 3, 2)


def test_one_name_under_two_numbers_waits_for_a_decision(files: Path, the_system: Context) -> None:
    entering.enter_list(the_system, bring(the_system, a_list(files, HOA_AN)))
    other = HOA_AN.replace("1709551552", "1709409242").replace("34;", "35;")
    batch = bring(the_system, a_list(files, other, name="b.csv"), as_of=END_2019)
    line = RegisterLine.objects.get(batch=batch)
    assert line.verdict == "undecided", line.problems
    body = Cooperative.objects.get()
    assert line.candidates[0]["id"] == str(body.pk)
    mending.decide_line(the_system, batch, line=line.pk, decision="same", body=body.pk)
    entering.enter_list(the_system, batch)
    assert Cooperative.objects.count() == 1
    assert body.periods.get(is_latest=True).members == 35


def test_numbered_names_of_one_commune_are_two_bodies(files: Path, the_system: Context) -> None:
    one = HOA_AN.replace("Hoà An;17", "Hoà An 1;17")
    two = HOA_AN.replace("Hoà An;1709551552", "Hoà An 2;1709409242")
    batch = bring(the_system, a_list(files, one, two))
    assert batch.counts["new"] == 2


def test_an_officer_enters_only_lines_of_the_own_territory(
    files: Path, officer: Callable[..., Context], units: Any
) -> None:
    local = officer("registration_officer", unit=units.district("Giồng Riềng"))
    batch = bring(local, a_list(files, HOA_AN, TAN_HIEP))
    with pytest.raises(Refused) as refused:
        entering.enter_list(local, batch)
    assert refused.value.codes == {"outside_territory"}
    assert not Cooperative.objects.exists()


def test_a_reader_may_not_bring_files_in(files: Path, officer: Callable[..., Context]) -> None:
    with pytest.raises(PermissionDenied):
        bring(officer("supervisor"), a_list(files, HOA_AN))


def test_nothing_is_entered_when_anything_fails(
    files: Path, the_system: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> int:
        raise RuntimeError("the power went")

    batch = bring(the_system, a_list(files, HOA_AN, TAN_HIEP))
    acts = Act.objects.count()
    monkeypatch.setattr(entering, "note", fail)  # the last thing before the journal
    with pytest.raises(RuntimeError):
        entering.enter_list(the_system, batch)
    assert not Cooperative.objects.exists()
    assert not Particulars.objects.exists()
    assert Act.objects.count() == acts
    assert RegisterLine.objects.filter(batch=batch, verdict="new").count() == 2


def test_a_number_that_the_register_got_meanwhile_goes_back_to_be_decided_and_is_not_counted(
    files: Path, the_system: Context, cooperative: Callable[..., Any]
) -> None:
    batch = bring(the_system, a_list(files, HOA_AN, TAN_HIEP))
    assert batch.counts["new"] == 2
    cooperative(name="Hợp tác xã Vừa đăng ký", registration_number="1709551552")
    entering.enter_list(the_system, batch)
    counts = batch.counts
    assert (counts["entered"], counts["undecided"], counts["new"]) == (1, 1, 0)
    assert Particulars.objects.filter(registration_number="1709551552").count() == 1
    entry = Act.objects.get(name="registry.import_register")
    assert entry.payload.content["details"]["entered"]["new"] == 1


def test_a_file_that_is_no_workbook_is_refused_with_advice(
    files: Path, the_system: Context
) -> None:
    path = files / "danh-sach.xlsx"
    path.write_bytes(b"%PDF-1.4 not a workbook")
    batch = bring(the_system, path)
    assert batch.state == "refused"
    assert batch.refusal["vi"]
    assert not RegisterLine.objects.exists()


def test_the_wizard_takes_a_file_shows_it_and_enters_it(
    files: Path, officer: Callable[..., Context], client_of: Callable[[Context], Client]
) -> None:
    client = client_of(officer("department_officer"))
    with CLEAN.open("rb") as file:
        answer = client.post("/imports/", {"file": file, "kind": "register"})
    address = answer.headers["Location"]
    page = client.get(address)
    assert "447" in page.text
    key = page.context["key"]
    client.post(f"{address}enter/", {"key": key})
    client.post(f"{address}enter/", {"key": key})  # pressed twice
    assert Cooperative.objects.count() == 447
    workbook = client.get(f"{address}findings.xlsx")
    assert workbook.status_code == 200
    assert workbook.getvalue()[:2] == b"PK"
    assert client.get(f"{address}columns/").status_code in {200, 302}
    assert client.get("/imports/").status_code == 200


@pytest.mark.parametrize("page", ["", "columns/", "findings.xlsx"])
def test_another_officers_file_is_not_found(
    page: str, files: Path, officer: Callable[..., Context], client_of: Callable[[Context], Client]
) -> None:
    batch = bring(officer("department_officer"), a_list(files, HOA_AN))
    stranger = client_of(officer("department_officer"))
    assert stranger.get(f"/imports/{batch.pk}/{page}").status_code == 404


def test_what_an_officer_tells_of_a_file_is_an_act(
    files: Path, officer: Callable[..., Context], client_of: Callable[[Context], Client]
) -> None:
    ctx = officer("department_officer")
    batch, client = bring(ctx, a_list(files, HOA_AN)), client_of(ctx)
    address = f"/imports/{batch.pk}/"
    client.post(f"{address}day/", {"as_of": "30/06/2020"})
    client.post(f"{address}columns/", {"c-0-B": "name", "c-0-J": "director"})
    batch.refresh_from_db()
    assert batch.as_of == date(2020, 6, 30)
    assert next(iter(batch.mapping.values()))["B"] == "name"
    told = Act.objects.filter(actor_id=ctx.user.pk, subject_id=str(batch.pk))
    assert [*told.order_by("number").values_list("name", flat=True)] == [
        "registry.bring_in_file", "registry.tell_day", "registry.tell_columns",
        "transfers.remember_layout",
    ]  # fmt: skip
    client.post(f"{address}day/", {"as_of": "30/06/2120"})
    batch.refresh_from_db()
    assert batch.as_of == date(2020, 6, 30)
    entering.enter_list(ctx, batch)
    for tell in (
        lambda: telling.tell_columns(ctx, batch, mapping={}),
        lambda: telling.tell_day(ctx, batch, on=END_2019),
    ):
        with pytest.raises(Refused) as refused:
            tell()
        assert refused.value.codes == {"file_busy"}


def test_the_wizard_is_closed_to_readers(
    officer: Callable[..., Context], client_of: Callable[[Context], Client]
) -> None:
    assert client_of(officer("supervisor")).get("/imports/").status_code == 403


def test_the_command_enters_and_undoes(
    files: Path, the_system: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_list(files, HOA_AN)
    out = files / "out.json"
    call_command("import_workbook", str(path), "--dry-run", "--json", str(out))
    assert not Cooperative.objects.exists()
    assert '"registration_number": "1709551552"' in out.read_text()
    call_command("import_workbook", str(path))
    assert Cooperative.objects.count() == 1
    call_command("import_workbook", str(path), "--undo", "--reason", "thử")
    assert not Period.objects.exists()
    capsys.readouterr()


def test_the_command_says_that_a_file_holds_no_list_and_fails(
    files: Path, the_system: Context
) -> None:
    path = files / "thu.csv"
    path.write_text("Kính gửi;Sở\nVề việc;báo cáo\n", encoding="utf-8")
    out = files / "out.json"
    with pytest.raises(CommandError, match="No rows of such a list"):
        call_command("import_workbook", str(path), "--dry-run", "--json", str(out))
    said = json.loads(out.read_text())
    assert (said["refused"], said["records"], said["problems"]) == ("no_list", [], [])


def test_a_blank_district_is_the_one_above_also_where_two_districts_have_such_a_commune(
    files: Path, the_system: Context
) -> None:
    """Bình An lies in Châu Thành and in Kiên Lương: what stands above decides, line by line."""
    rows = [
        f"{n};HTX Số {n};17{n:08};Nông nghiệp;{district};{commune};01/02/2015;100000000;34;Lê Văn Tám"
        for n, (district, commune) in enumerate(
            [("Châu Thành", "xã Bình An"), ("", "xã Bình An"), ("Kiên Lương", "xã Bình An"),
             ("", "xã Bình An"), ("nt", "xã Bình An"), ("Châu Thành", "xã Bình An")], 1)
    ]  # fmt: skip
    batch = bring(the_system, a_list(files, *rows))
    communes = RegisterLine.objects.filter(batch=batch).order_by("row").values_list("commune_id")
    districts = [AdminUnit.objects.get(pk=c).parent.name for (c,) in communes]
    assert districts == ["Châu Thành"] * 2 + ["Kiên Lương"] * 3 + ["Châu Thành"]


def test_a_misspelt_commune_is_told_at_every_line_that_has_it(
    files: Path, the_system: Context
) -> None:
    wrong = HOA_AN.replace("xã Hoà An", "xã Hoà Ân")
    rows = [wrong, wrong.replace("1;HTX Hoà An;1709551552", "2;HTX Hoà An Hai;1709409242")]
    batch = bring(the_system, a_list(files, *rows))
    told = batch.findings.filter(code="commune_misspelt").values_list("row", flat=True)
    assert sorted(told) == [2, 3]


def test_a_file_that_was_entered_meanwhile_is_not_put_aside(
    files: Path, the_system: Context
) -> None:
    """Two windows: one shows the file as ready while the other enters it."""
    batch = bring(the_system, a_list(files, HOA_AN))
    shown_before = ImportBatch.objects.get(pk=batch.pk)
    entering.enter_list(the_system, batch)
    with pytest.raises(Refused) as refused:
        service.put_aside(the_system, shown_before)
    assert refused.value.codes == {"already_entered"}
    batch.refresh_from_db()
    assert batch.state == "applied"
