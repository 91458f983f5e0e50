"""Loading the province's agencies and what became of them in 2025."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.actions import committees
from hoptac.jurisdiction.models import AdminUnit, Agency, AgencySuccession, UnitPlacement
from hoptac.jurisdiction.terms import AgencyKind, Level

REFORM = date(2025, 7, 1)
_POWERS = "Nghị định 125/2025/NĐ-CP, Điều 44"


@action("jurisdiction.manage", name="jurisdiction.load_agencies")
def load_agencies(ctx: Context) -> dict[str, int]:
    """Load the agencies of old Kiên Giang and their successors, and the registrars' offices.

    Provincial agencies come from ``rulebook/jurisdiction/agencies.csv``, where each row has its
    basis mark. The offices that register are made from the units: one for each district until
    June 2025, one for each new commune since; so are the committees of districts and communes
    (:mod:`committees`). Nothing here was read off an official text, so all of it is marked as to be
    confirmed. A second call adds what is missing and changes nothing else. Returns the counts.

    :raises Refused: the units are not loaded
    """
    provinces = AdminUnit.objects.filter(level=Level.PROVINCE, province_code="91")
    old = provinces.filter(valid__endswith=REFORM).first()
    new = provinces.filter(valid__startswith=REFORM).first()
    if old is None or new is None:
        raise Refused(Finding("units_missing", _("Load the administrative units first.")))
    made: dict[str, Agency] = {}
    successions: list[AgencySuccession] = []
    path = settings.RULEBOOK / "jurisdiction" / "agencies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        made[row["code"]] = Agency(
            code=row["code"], kind=AgencyKind(row["kind"]), name=row["name"],
            short_name=row["short_name"], unit=old if row["unit"] == "old" else new,
            province_code="91", valid=DateRange(_day(row["begin"]), _day(row["end"])),
            source=f"{row['source']} [{row['mark']}]", note=row["note"] or "",
            is_confirmed=row["confirmed"] == "yes",
        )  # fmt: skip
    for row in rows:
        for code in row["successors"].split():
            successions.append(
                AgencySuccession(
                    predecessor=made[row["code"]],
                    successor=made[code],
                    on=date.fromisoformat(row["end"]),
                    legal_basis=row["basis"],
                    is_confirmed=row["confirmed"] == "yes",
                )
            )
    _registrars(made, successions, new)
    for agency in committees.committees("91"):
        made[agency.code] = agency
    successions.extend(committees.successions(made, "91"))
    counts = _add_missing(made, successions)
    scope.forget()
    note(ctx, counts=counts)
    return counts


def _add_missing(made: dict[str, Agency], links: list[AgencySuccession]) -> dict[str, int]:
    """Write those agencies whose codes are not there yet, and the links that one of these takes part in."""
    known = {a.code: a for a in Agency.objects.filter(province_code="91", code__in=list(made))}
    new = [a for code, a in made.items() if code not in known]
    added = {a.code for a in new}
    passing = []
    for link in links:
        before, after = link.predecessor.code, link.successor.code
        if {before, after} & added:
            link.predecessor = known.get(before, link.predecessor)
            link.successor = known.get(after, link.successor)
            passing.append(link)
    Agency.objects.bulk_create(new)
    AgencySuccession.objects.bulk_create(passing)
    return {"agencies": len(new), "successions": len(passing)}


def _registrars(
    made: dict[str, Agency], successions: list[AgencySuccession], province: AdminUnit
) -> None:
    """Add the offices of districts and communes that register cooperatives, old and new."""
    source = "Tổng hợp pháp luật, mục 4 [K confident]"
    districts = AdminUnit.objects.filter(level=Level.DISTRICT, province_code="91")
    by_district: dict[Any, Agency] = {}
    for unit in districts.order_by("sort_key", "code"):
        code = f"tckh-{unit.code}"
        by_district[unit.pk] = made[code] = Agency(
            code=code, kind=AgencyKind.OFFICE, name=f"Phòng Tài chính - Kế hoạch {unit.full_name}",
            short_name=f"Phòng TC-KH {unit.name}", unit=unit, province_code="91",
            valid=DateRange(None, REFORM), source=source,
        )  # fmt: skip
    by_commune: dict[Any, Agency] = {}
    communes = AdminUnit.objects.filter(level=Level.COMMUNE, parent=province)
    for unit in communes.order_by("sort_key", "code"):
        room = "Phòng Kinh tế" if unit.kind == "commune" else "Phòng Kinh tế, Hạ tầng và Đô thị"
        code = f"kt-{unit.code}"
        by_commune[unit.pk] = made[code] = Agency(
            code=code, kind=AgencyKind.OFFICE, name=f"{room} {unit.full_name}",
            short_name=f"{room} {unit.name}"[:60], unit=unit, province_code="91",
            valid=DateRange(REFORM, None), source=source,
        )  # fmt: skip
    before = date(2025, 6, 30)
    ground = (
        UnitPlacement.objects.filter(unit__level=Level.COMMUNE, epoch__contains=before)
        .filter(district__isnull=False, unit__placements__epoch__contains=REFORM)
        .values_list("district_id", "unit__placements__commune_id")
        .order_by("district__sort_key", "unit__placements__commune__sort_key")
        .distinct()
    )
    for district, commune in dict.fromkeys(ground):
        if district in by_district and commune in by_commune:
            successions.append(
                AgencySuccession(
                    predecessor=by_district[district],
                    successor=by_commune[commune],
                    on=REFORM,
                    legal_basis=_POWERS,
                )
            )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
