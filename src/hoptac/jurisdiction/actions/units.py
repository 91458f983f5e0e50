"""Loading units and keeping the placements that reports and scopes read."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.vietnamese import fold, sort_key
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.models import AdminUnit, UnitSuccession
from hoptac.jurisdiction.terms import KIND_OF_WORD, Level

FIRST = date(1900, 1, 1)
REFORM = date(2025, 7, 1)


def _unit(**fields: Any) -> AdminUnit:
    return AdminUnit(fold=fold(fields["name"]), sort_key=sort_key(fields["name"]), **fields)


@action("jurisdiction.manage", name="jurisdiction.load_units")
def load_kien_giang_units(ctx: Context) -> dict[str, int]:
    """Load old Kiên Giang's districts and communes, the units of July 2025 and their successions.

    Source: the State's unit lists as kept in ``rulebook/jurisdiction`` (each row names its source).
    A second call changes nothing. Returns the counts.
    """
    if AdminUnit.objects.filter(province_code="91").exists():
        note(ctx, loaded=0)
        return {"units": 0}
    folder = settings.RULEBOOK / "jurisdiction"
    with (folder / "kien-giang-units-2019.csv").open(encoding="utf-8") as file:
        old_rows = list(csv.DictReader(file))
    with (folder / "kien-giang-units-2025.csv").open(encoding="utf-8") as file:
        new_rows = list(csv.DictReader(file))
    with (folder / "kien-giang-centroids.csv").open(encoding="utf-8") as file:
        points = {
            (r["level"], r["map"] >= "2025-07", r["code"]): (r["latitude"], r["longitude"])
            for r in csv.DictReader(file)
        }
    before, since = DateRange(FIRST, REFORM), DateRange(REFORM, None)
    basis = "Nghị quyết 202/2025/QH15"
    old_province = _unit(level=Level.PROVINCE, kind="province", name="Kiên Giang", code="91",
                         province_code="91", valid=before)  # fmt: skip
    new_province = _unit(level=Level.PROVINCE, kind="province", name="An Giang", code="91",
                         province_code="91", valid=since, legal_basis=basis)  # fmt: skip
    districts: dict[str, AdminUnit] = {}
    communes: dict[str, AdminUnit] = {}
    for row in old_rows:
        code = row["district_code"]
        if code not in districts:
            districts[code] = _unit(
                level=Level.DISTRICT, kind=_kind(row["district_type"]), name=row["district"],
                code=code, parent=old_province, province_code="91", valid=before,
                source=row["source"], **_point(points, "district", False, code),
            )  # fmt: skip
        commune = row["commune_code"]
        communes[commune] = _unit(
            level=Level.COMMUNE, kind=_kind(row["commune_type"]), name=row["commune"], code=commune,
            parent=districts[code], province_code="91", valid=before, source=row["source"],
            **_point(points, "commune", False, commune),
        )  # fmt: skip
    news: dict[str, AdminUnit] = {}
    successions = [UnitSuccession(predecessor=old_province, successor=new_province, on=REFORM,
                                  legal_basis=basis)]  # fmt: skip
    for row in new_rows:
        code = row["new_commune_code"]
        if code not in news:
            news[code] = _unit(
                level=Level.COMMUNE, kind=_kind(row["new_commune_type"]), name=row["new_commune"],
                code=code, parent=new_province, province_code="91", valid=since,
                legal_basis=row["legal_basis"], source=row["source"],
                **_point(points, "commune", True, code),
            )  # fmt: skip
        old = communes.get(row["old_commune_code"])
        if old is not None:
            successions.append(
                UnitSuccession(predecessor=old, successor=news[code], on=REFORM,
                               legal_basis=row["legal_basis"], note=row["note"])
            )  # fmt: skip
    units = [old_province, new_province, *districts.values(), *communes.values(), *news.values()]
    AdminUnit.objects.bulk_create(units)
    UnitSuccession.objects.bulk_create(successions)
    placed = rebuild_placements()
    counts = {"units": len(units), "successions": len(successions), "placements": placed}
    note(ctx, counts=counts)
    return counts


def _kind(word: str) -> str:
    return KIND_OF_WORD[word.strip().lower()].value if word != "huyện" else "district"


def _point(points: dict[Any, Any], level: str, new: bool, code: str) -> dict[str, Any]:
    latitude, longitude = points.get((level, new, code), (None, None))
    return {"latitude": latitude or None, "longitude": longitude or None}


_REBUILD = """
WITH RECURSIVE epochs AS (
    SELECT daterange(day, lead(day) OVER (ORDER BY day)) AS epoch, day
    FROM (SELECT DISTINCT lower(valid) AS day FROM jurisdiction_adminunit) AS days
),
forward AS (  -- what became of each commune: itself, its successors, theirs
    SELECT id AS unit_id, id AS holder_id FROM jurisdiction_adminunit WHERE level = 'commune'
    UNION
    SELECT f.unit_id, s.successor_id
    FROM forward f JOIN jurisdiction_unitsuccession s ON s.predecessor_id = f.holder_id
),
backward AS (  -- what each commune was made of
    SELECT id AS unit_id, id AS part_id FROM jurisdiction_adminunit WHERE level = 'commune'
    UNION
    SELECT b.unit_id, s.predecessor_id
    FROM backward b JOIN jurisdiction_unitsuccession s ON s.successor_id = b.part_id
),
related AS (
    SELECT unit_id, holder_id AS other_id FROM forward
    UNION
    SELECT unit_id, part_id FROM backward
),
placed AS (
    SELECT r.unit_id, e.epoch, c.id AS commune_id, d.id AS district_id,
           coalesce(p.id, d.id) AS province_id, d.level AS parent_level
    FROM related r
    JOIN jurisdiction_adminunit c ON c.id = r.other_id
    JOIN epochs e ON c.valid @> e.day
    LEFT JOIN jurisdiction_adminunit d ON d.id = c.parent_id
    LEFT JOIN jurisdiction_adminunit p ON p.id = d.parent_id
)
INSERT INTO jurisdiction_unitplacement (unit_id, epoch, commune_id, district_id, province_id)
SELECT unit_id, epoch,
       CASE WHEN count(DISTINCT commune_id) = 1 THEN min(commune_id::text)::uuid END,
       CASE WHEN count(DISTINCT district_id) = 1 AND min(parent_level) = 'district'
            THEN min(district_id::text)::uuid END,
       min(province_id::text)::uuid
FROM placed
GROUP BY unit_id, epoch
"""


def rebuild_placements() -> int:
    """Recompute where every commune's ground lies in every epoch; returns the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM jurisdiction_unitplacement")
        cursor.execute(_REBUILD)
        count = cursor.rowcount
    scope.forget()
    return count
