"""The People's Committees and Party committees of districts and communes, concluded from the unit lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from hoptac.jurisdiction.models import AdminUnit, Agency, AgencySuccession, UnitSuccession
from hoptac.jurisdiction.terms import AgencyKind, Level

_SOURCE = "Suy ra từ danh mục đơn vị hành chính; Tổng hợp pháp luật, mục 4 và 8.2 [I]"
# What the committee of the Party is called, by the word before the unit's name.
_PARTY = {"huyện": "Huyện ủy", "thành phố": "Thành ủy", "thị xã": "Thị ủy", "quận": "Quận ủy"}


def committees(province: str) -> Iterator[Agency]:
    """Yield the committees that the units of a province had or have, for as long as each unit stood.

    One People's Committee for each district and commune ever; one Party committee for each
    district. They are conclusions, not readings: each is to be confirmed.
    """
    units = AdminUnit.objects.filter(province_code=province).exclude(level=Level.PROVINCE)
    for unit in units.in_order():
        begin = unit.valid.lower
        valid = DateRange(begin if begin and begin.year > 1900 else None, unit.valid.upper)
        yield Agency(
            code=committee_code(unit), kind=AgencyKind.COMMITTEE, unit=unit, province_code=province,
            name=f"Ủy ban nhân dân {unit.full_name}", short_name=f"UBND {unit.full_name}"[:60],
            valid=valid, source=_SOURCE,
        )  # fmt: skip
        if unit.level == Level.DISTRICT:
            name = f"{_PARTY.get(unit.word, 'Huyện ủy')} {unit.name}"
            yield Agency(
                code=f"dang-{unit.code}", kind=AgencyKind.PARTY, unit=unit, province_code=province,
                name=name, short_name=name[:60], valid=valid, source=_SOURCE,
            )  # fmt: skip


def committee_code(unit: AdminUnit) -> str:
    """Return the code of a unit's People's Committee; the State reuses codes, so the year goes with it."""
    begin: date | None = unit.valid.lower
    return f"ubnd-{unit.code}" + (f"-{begin.year}" if begin and begin.year > 1900 else "")


def successions(by_code: dict[str, Agency], province: str) -> Iterator[AgencySuccession]:
    """Yield the passing of duties between committees of communes, as their ground passed.

    The committees of districts have no successor: the level ended.
    """
    links = UnitSuccession.objects.filter(
        predecessor__level=Level.COMMUNE, predecessor__province_code=province
    )
    for link in links.select_related("predecessor", "successor").order_by("pk"):
        before = by_code.get(committee_code(link.predecessor))
        after = by_code.get(committee_code(link.successor))
        if before is not None and after is not None:
            yield AgencySuccession(
                predecessor=before, successor=after, on=link.on, legal_basis=link.legal_basis
            )
