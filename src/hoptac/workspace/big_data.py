"""Big made-up data for benchmarks: a province, many provinces, a country. Never for an office.

Written in bulk under a few journalled acts, since ten years of a country by single acts would take a
day; the rows are those that the acts write.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hoptac.foundation.access import Context, system_context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import action, note
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.vietnamese import fold, sort_key
from hoptac.jurisdiction.actions import give_mandate, rebuild_placements
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.models import Cooperative
from hoptac.registry.particulars import search_text
from hoptac.registry.projection import rebuild_all_periods

Tell = Callable[[str], None]
YEARS = range(2016, 2026)
PASSWORD = "du-lieu-do-toc-do-2026"  # noqa: S105  (made-up data only)

_PLACES = (
    "Tân Hoà Bình Minh Thạnh Lợi Vĩnh Phú An Khánh Hưng Mỹ Long Sơn Giang Thuận Tiến Hồng Đức Trung "
    "Nghĩa Quyết Thắng Hiệp Lực Kiên Cường Phong Đông Tây Nam Bắc Xuân Thu Hạ Quảng Yên Lộc Châu Điền"
).split()
_WORK = (
    ("agriculture", "Dịch vụ nông nghiệp"), ("agriculture", "Nông nghiệp"),
    ("agriculture", "Sản xuất nông nghiệp"), ("agriculture", "Nuôi trồng thủy sản"),
    ("agriculture", "Rau an toàn"), ("agriculture", "Chăn nuôi"), ("transport", "Vận tải"),
    ("construction", "Xây dựng"), ("industry", "Tiểu thủ công nghiệp"), ("trade", "Thương mại dịch vụ"),
    ("credit", "Quỹ tín dụng"),
)  # fmt: skip
_FAMILY = "Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Danh Thị".split()
_GIVEN = (
    "An Bình Châu Dũng Đạt Giang Hà Hải Hạnh Hoa Hùng Khang Lan Linh Mai Nam Ngọc Phúc Quân Sơn Tâm Thảo Trang "
    "Tuấn Vân"
).split()


@dataclass(frozen=True)
class Size:
    """How much is made."""

    cooperatives: int
    groups: int
    provinces: int
    districts: int
    communes: int


def province(times: int) -> Size:
    """Return the size of so many provinces like the demonstration's."""
    return Size(447 * times, 958 * times, max(1, times // 2), 15 * times, 145 * times)


NATIONAL = Size(35_000, 75_000, 63, 705, 10_600)


@action("jurisdiction.manage", name="bench.load")
def load(
    ctx: Context, *, size: Size, seed: int = 1, tell: Tell = lambda line: None
) -> dict[str, int]:
    """Fill an empty register with made-up bodies, ten years of figures and the units they lie in."""
    chance = random.Random(seed)  # noqa: S311
    act = _act(ctx)
    tell("units")
    communes = _units(size, chance)
    tell(f"{size.cooperatives + size.groups:,} bodies")
    bodies = _bodies(size, communes, act, chance)
    tell("ten years of figures")
    figures = _figures(act)
    tell("dates that are watched")
    dates = _dates(act)
    tell("periods")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    periods = rebuild_all_periods()
    counts = {"bodies": bodies, "figures": figures, "dates": dates, "periods": periods}
    note(ctx, counts=counts)
    return counts


def _act(ctx: Context) -> UUID:
    if ctx.act_id is None:
        raise RuntimeError("only inside an act")
    return ctx.act_id


def _units(size: Size, chance: random.Random) -> list[tuple[UUID, str]]:
    """Make provinces, districts and communes that never change; return communes with their province."""
    since = DateRange(date(1990, 1, 1), None)

    def unit(
        level: str, kind: str, code: str, parent: AdminUnit | None, province_code: str
    ) -> AdminUnit:
        name = " ".join(chance.sample(_PLACES, 2))
        return AdminUnit(
            level=level, kind=kind, name=name, code=code, parent=parent, valid=since,
            province_code=province_code, fold=fold(name), sort_key=sort_key(name), source="made up",
        )  # fmt: skip

    provinces = [
        unit("province", "province", f"P{n:02}", None, f"P{n:02}") for n in range(size.provinces)
    ]
    districts = [
        unit("district", "district", f"D{n:04}", p := provinces[n % len(provinces)], p.code)
        for n in range(size.districts)
    ]
    communes = [
        unit("commune", "commune", f"C{n:05}", d := districts[n % len(districts)], d.province_code)
        for n in range(size.communes)
    ]
    for level in (provinces, districts, communes):
        AdminUnit.objects.bulk_create(level, batch_size=2000)
    rebuild_placements()
    return [(c.pk, c.province_code) for c in communes]


def _bodies(size: Size, communes: list[tuple[UUID, str]], act: UUID, chance: random.Random) -> int:
    """Write bodies and particulars; every fifth body once changed its name and director."""
    ids = [uuid7() for _n in range(size.cooperatives + size.groups)]
    places = [chance.choice(communes) for _n in ids]
    with connection.cursor() as cursor:
        sql = "COPY registry_cooperative (id, province_code, kind, version, act_id) FROM STDIN"
        with cursor.copy(sql) as copy:
            for n, (pk, (_commune, code)) in enumerate(zip(ids, places, strict=True)):
                copy.write_row(
                    (pk, code, "cooperative" if n < size.cooperatives else "group", 1, act)
                )
        names = (
            "cooperative_id",
            "act_id",
            "source",
            "source_row",
            "valid",
            *_FIELDS,
            "fold",
            "sort_key",
        )
        with cursor.copy(f"COPY registry_particulars ({', '.join(names)}) FROM STDIN") as copy:
            for n, (pk, (commune, _code)) in enumerate(zip(ids, places, strict=True)):
                for row in _particulars(n, n < size.cooperatives, commune, chance):
                    copy.write_row((pk, act, "made up", "", row["valid"], *(row[f] for f in _FIELDS),
                                    search_text(row), sort_key(row["name"])[:400]))  # fmt: skip
    return len(ids)


_FIELDS = (
    "name", "short_name", "foreign_name", "registration_number", "certificate_number", "sector", "activity",
    "commune_id", "address", "established_on", "established_precision", "legal_era", "legal_status",
    "working_state", "chairman", "director", "phone", "email", "note",
)  # fmt: skip


def _person(chance: random.Random) -> str:
    return f"{chance.choice(_FAMILY)} {chance.choice(_GIVEN)} {chance.choice(_GIVEN)}"


def _particulars(
    n: int, is_cooperative: bool, commune: UUID, chance: random.Random
) -> Iterator[dict[str, Any]]:
    sector, work = _WORK[min(int(chance.expovariate(0.35)), len(_WORK) - 1)]
    head = "Hợp tác xã" if is_cooperative else "Tổ hợp tác"
    established = date(chance.randint(1998, 2015), chance.randint(1, 12), chance.randint(1, 28))
    ended = chance.random() < 0.03
    row: dict[str, Any] = dict.fromkeys(_FIELDS, "")
    row |= {
        "name": f"{head} {work} {' '.join(chance.sample(_PLACES, 2))} {n}",
        "registration_number": f"17{n:08}" if is_cooperative else "",
        "sector": sector, "activity": work, "commune_id": commune,
        "address": f"ấp {' '.join(chance.sample(_PLACES, 2))}", "established_on": established,
        "established_precision": "day",
        "legal_era": "before_2012" if established.year < 2013 else "law_2012",
        "legal_status": "active",
        "working_state": chance.choices(("operating", "idle", "suspended"), (90, 7, 3))[0],
        "chairman": _person(chance), "director": _person(chance),
        "phone": f"09{chance.randrange(10**8):08}",
    }  # fmt: skip
    cuts = [established]
    if n % 5 == 0:
        cuts.append(date(chance.randint(2017, 2023), 6, 1))
    if ended:
        cuts.append(date(2024, chance.randint(1, 12), 1))
    for index, (begin, end) in enumerate(zip(cuts, [*cuts[1:], None], strict=True)):
        if index == 1 and n % 5 == 0:
            row = {**row, "director": _person(chance), "name": f"{row['name']} mới"}
        if ended and end is None:
            row = {**row, "legal_status": "ended", "working_state": "ended"}
        yield {**row, "valid": f"[{begin},{end or ''})"}


def _figures(act: UUID) -> int:
    """State figures of every body at the end of each of ten years, growing by chance."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO registry_figurestatement
                (cooperative_id, act_id, source, source_row, as_of, charter_capital, area, members, workers)
            SELECT o.id, %s, 'made up', '', make_date(y, 12, 31),
                   ((h %% 900 + 50) * (1 + (y - 2016) * 0.04))::bigint * 1000000,
                   CASE WHEN h %% 4 < 3 THEN round(((h %% 30000) / 100.0 + (y - 2016))::numeric, 2) END,
                   (h %% 180 + 7 + (y - 2016) * 2)::int, (h %% 40 + 3 + (y - 2016))::int
            FROM (SELECT id, abs(hashtext(id::text)) AS h FROM registry_cooperative) AS o
            CROSS JOIN generate_series(%s, %s) AS y
            """,
            [act, YEARS.start, YEARS.stop - 1],
        )
        return int(cursor.rowcount)


# General meetings of the years up to this one, reports asked for in the last two and mostly answered.
_DATES = """
INSERT INTO cases_keptdate (cooperative_id, act_id, kind, "on", document, note, source, source_row)
SELECT o.id, %(act)s, k.kind, k."on", '', '', 'made up', ''
FROM (SELECT id, abs(hashtext(id::text)) AS h FROM registry_cooperative WHERE kind = 'cooperative') AS o
CROSS JOIN LATERAL (
    SELECT 'meeting' AS kind, make_date(y, 1 + h %% 5, 1 + h %% 28) AS "on"
    FROM generate_series(2019, %(year)s) AS y WHERE (h / 7 + y) %% 100 < 97
    UNION ALL
    SELECT 'report_asked', make_date(y, 8, 1) FROM generate_series(%(year)s - 2, %(year)s - 1) AS y
    UNION ALL
    SELECT 'report_received', make_date(y, 9 + h %% 3, 10)
    FROM generate_series(%(year)s - 2, %(year)s - 1) AS y WHERE (h / 11 + y) %% 100 < 97
) AS k
"""


def _dates(act: UUID) -> int:
    """Keep dates of every cooperative, so that a few in a hundred stand on the watch list."""
    with connection.cursor() as cursor:
        cursor.execute(_DATES, {"act": act, "year": system_context().today.year})
        return int(cursor.rowcount)


def people(ctx: Context) -> None:
    """Make the officers under whom pages are measured: of a district, a province, the country."""
    district = AdminUnit.objects.filter(level="district", code="D0003").first()
    province_ = AdminUnit.objects.filter(level="province", code="P00").first()
    for name, role, place in (
        ("do.huyen", "registration_officer", {"unit": district}),
        ("do.tinh", "department_officer", {"unit": province_}),
        ("do.nuoc", "department_officer", {"province_code": "*"}),
    ):
        user = User.objects.create_user(
            name, PASSWORD, full_name=f"Đo tốc độ ({name})", is_demo=True
        )
        give_mandate(ctx, user, role=role, from_on=date(2020, 1, 1), **place)  # type: ignore[arg-type]


@transaction.atomic
def build(size: Size, tell: Tell) -> dict[str, int]:
    """Load everything into an empty database.

    :raises ValueError: the database holds bodies already
    """
    if Cooperative.objects.exists():
        raise ValueError("The benchmark's database is not empty: add --reset")
    ctx = system_context()
    counts = load(ctx, size=size, tell=tell)
    people(ctx)
    return counts
