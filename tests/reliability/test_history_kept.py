"""T2: the role under which the web server may run can change nothing that was recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from hoptac.foundation.access import Context
from hoptac.foundation.audit.models import Act
from hoptac.foundation.audit.rights import kept_tables
from hoptac.registry.actions import change_particulars, correct_particulars
from hoptac.registry.importing import entering, service
from tests.reliability.bars import told

ROLE = "hoptac_serving_test"
# Reviewed: tables with the act that wrote a row, whose rows may change all the same, and why.
CHANGEABLE = {
    "jurisdiction_mandate",  # its history is jurisdiction_mandateevent
    "notices_notice",  # read, settled and removed with time; what was done is in the journal
    "reports_section",
    "reports_contribution",
    "reports_chosen",  # until the report is signed: then frozen by triggers
    "exchange_extract",  # what became of a file of theirs is counted; bringing it in is an act
    "transfers_rememberedlayout",  # how columns of a layout are read; each change is an act
}


@contextmanager
def as_role(name: str) -> Iterator[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{name}"')
        yield cursor
        transaction.set_rollback(True)


@pytest.fixture
def role(db: None) -> str:
    call_command("database_role", ROLE, verbosity=0)
    return ROLE


def test_every_table_that_holds_history_is_kept() -> None:
    holding = {
        m._meta.db_table for m in apps.get_models()
        if any(f.name == "act_id" for f in m._meta.concrete_fields) or (m.__name__.endswith("Event")
        and hasattr(m, "pgh_obj_id"))
    }  # fmt: skip
    assert holding - set(kept_tables()) - CHANGEABLE == set()
    assert {"audit_act", "audit_actpayload", "jurisdiction_mandateevent"} <= set(kept_tables())


def refusals(name: str) -> tuple[int, list[str]]:
    """Try everything upon every kept table under a role; return how much, and what went through."""
    tried, went = 0, []
    for table, later in kept_tables().items():
        with connection.cursor() as cursor:
            columns = [
                c.name for c in connection.introspection.get_table_description(cursor, table)
            ]
        fixed = next(c for c in columns if c not in later)
        attempts = {
            "update": f"UPDATE {table} SET {fixed} = {fixed}", "delete": f"DELETE FROM {table}",
            "empty": f"TRUNCATE {table} CASCADE", "drop": f"DROP TABLE {table} CASCADE",
            "alter": f"ALTER TABLE {table} ADD COLUMN x int",
            "switch triggers off": f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            "take over": f"ALTER TABLE {table} OWNER TO CURRENT_USER",
        }  # fmt: skip
        for what, statement in attempts.items():
            tried += 1
            try:
                # As if the triggers looked away: the rights alone must do.
                with pgtrigger.ignore(), as_role(name) as cursor:
                    cursor.execute(statement)
                    went.append(f"{what} {table}")
            except DatabaseError as error:
                if not re.search("permission denied|must be owner", str(error)):
                    went.append(f"{what} {table}: {error}")
    return tried, went


def test_the_serving_role_can_change_nothing_that_was_recorded(
    role: str, cooperative: Callable[..., Any]
) -> None:
    cooperative()
    owner = connection.settings_dict["USER"] or "hoptac"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    tried, went = refusals(role)
    _tried, by_owner = refusals(owner)
    told("T2", f"{tried - len(went)} of {tried} refused on {len(kept_tables())} tables", "all",
         control=f"the owner: {len(by_owner)} went through")  # fmt: skip
    assert went == []
    assert len(by_owner) > len(kept_tables())


def test_the_serving_role_does_an_officers_work(
    role: str, province: Any, client_of: Callable[[Context], Any], tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    list_of_one = tmp_path / "ds-31.12.2019.csv"
    list_of_one.write_text(
        "STT;Tên hợp tác xã;Lĩnh vực;Huyện;Xã;Ngày thành lập;Số thành viên\n"
        "1;HTX Từ Tệp;Nông nghiệp;Giồng Riềng;xã Hoà An;02/12/2015;34",
        encoding="utf-8-sig",
    )
    client = client_of(province.district)
    before = Act.objects.count()
    with as_role(role):
        change_particulars(
            province.district, province.hoa_an, changes={"director": "Lê Mới"}, from_on=date(2021, 1, 1)
        )  # fmt: skip
        correct_particulars(
            province.district.because("gõ nhầm"), province.hoa_an, changes={"phone": "0912345678"}
        )
        batch = service.bring_in(province.department, list_of_one, filename=list_of_one.name)
        service.read(batch)
        batch.refresh_from_db()
        entering.enter_list(province.department, batch)
        batch.refresh_from_db()
        entering.undo_list(province.department.because("nhầm tệp"), batch)
        assert Act.objects.count() > before + 4
        for path in ("/", "/registry/", "/statistics/", f"/registry/{province.hoa_an.pk}/"):
            assert client.get(path).status_code == 200, path


def test_the_owner_is_no_serving_role(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("database_role", connection.settings_dict["USER"] or "hoptac")
