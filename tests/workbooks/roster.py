"""Registers of members: one cooperative, a sheet a cooperative, or a province in one long sheet."""

from __future__ import annotations

import copy
import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.workbooks import office
from tests.workbooks.encoders import ENCODERS
from tests.workbooks.grid import Grid, letters, save
from tests.workbooks.truth import Line, heading, problem, problems_of, records_of
from tests.workbooks.world import AS_OF, Coop, World

ROSTER_VARIANTS = ("roster", "roster-legacy", "roster-district", "roster-columns", "roster-groups")
_HEADERS: dict[str, tuple[str, ...]] = {
    "number": ("STT", "TT", "Số TT"),
    "cooperative": ("Tên HTX", "Tên hợp tác xã", "Hợp tác xã"),
    "registration_number": ("Mã số HTX", "Mã số thuế HTX", "Mã số hợp tác xã"),
    "full_name": ("Họ và tên", "Họ tên thành viên", "Tên thành viên"),
    "birth_date": ("Ngày, tháng, năm sinh", "Ngày sinh", "Năm sinh"),
    "gender": ("Giới tính", "Nam/Nữ"),
    "id_number": ("Số CMND/CCCD", "CMND/CCCD", "Số định danh cá nhân"),
    "address": ("Nơi cư trú", "Địa chỉ", "Chỗ ở hiện nay"),
    "kind": ("Loại thành viên", "Đối tượng"),
    "contribution_vnd": ("Vốn góp\n(đồng)", "Số vốn góp (đồng)", "Vốn góp (đồng)"),
    "share": ("Tỷ lệ\n(%)", "Tỷ lệ góp vốn (%)"),
    "joined_on": ("Ngày gia nhập", "Ngày vào HTX", "Ngày kết nạp"),
    "land_ha": ("Diện tích đất (ha)", "Diện tích canh tác (ha)"),
    "phone": ("Điện thoại", "Số điện thoại", "SĐT"),
    "note": ("Ghi chú",),
}
_ORDER = (
    "number full_name birth_date gender id_number address kind contribution_vnd share joined_on "
    "land_ha phone note"
).split()
_GENDERS = {"male": ("Nam", "nam"), "female": ("Nữ", "nữ")}
_KINDS = {
    "individual": ("Cá nhân", "cá nhân"),
    "household": ("Hộ gia đình", "Hộ GĐ", "hộ gia đình"),
    "entity": ("Pháp nhân", "pháp nhân"),
}

Spoiler = Callable[["Roster", Coop, list[Line]], bool]


class Roster:
    """Makes one file of members and its truth."""

    def __init__(self, seed: int, variant: str) -> None:
        self.seed = seed
        self.variant = variant
        self.random = random.Random(f"roster {variant} {seed}")
        self.world = World(f"roster {variant} {seed}")
        self.problems: list[dict[str, Any]] = []
        self.lines: list[Line] = []
        self.layout: list[dict[str, Any]] = []
        self.columns: dict[str, dict[str, int]] = {}
        self.cooperatives: list[dict[str, Any]] = []
        self.ids: set[str] = set()
        self.stated: dict[str, tuple[int, int]] = {}

    def identity(self, gender: str, year: int) -> str:
        """Return an unused CMND (9 digits) or CCCD (12) that fits gender and year of birth."""
        rnd = self.random
        while True:
            if rnd.random() < 0.5:
                found = f"379{rnd.randrange(10**6):06}"
            else:
                digit = (0 if gender == "male" else 1) + (2 if year >= 2000 else 0)
                found = f"091{digit}{year % 100:02}9{rnd.randrange(10**5):05}"
            if found not in self.ids:
                self.ids.add(found)
                return found

    def members(self, coop: Coop, count: int) -> list[Line]:
        """Return the lines of its members; contributions sum to the capital, land to the area."""
        rnd = self.random
        coop.members = count
        most = [1, 1, 1, 1.5, 2] if count >= 20 else [1, 1, 1.2]  # none above the cap by chance
        weights = [rnd.choice(most) for _ in range(count)]
        shares = [round(coop.capital * w / sum(weights), -4) for w in weights]
        shares[0] += coop.capital - sum(shares)
        lines = []
        for i in range(count):
            gender = rnd.choice(["male", "male", "male", "female"])
            born = dt.date(1942, 1, 1) + dt.timedelta(days=rnd.randrange(14_000))
            grown = dt.date(born.year + 19, 1, 1)
            joined = max(coop.established_on, grown)
            if rnd.random() < 0.3 and joined < dt.date(2019, 1, 1):
                joined += dt.timedelta(days=rnd.randrange((AS_OF - joined).days))
            lines.append(self._member(coop, gender, born, joined, int(shares[i])))
        return lines

    def _member(self, coop: Coop, gender: str, born: dt.date, joined: dt.date, share: int) -> Line:
        rnd = self.random
        name = coop.chairman if not coop.extra.get("listed") and gender == "male" else None
        if name is None:
            name = self.world.person(gender)
        coop.extra["listed"] = True
        kind = rnd.choice(["individual"] * 4 + ["household"])
        by_year = rnd.random() < 0.2
        birth_cell: Any = rnd.choice(
            [born, f"{born:%d/%m/%Y}", f"{born.day}/{born.month}/{born.year}"]
        )
        iso, precision = born.isoformat(), "day"
        if by_year:
            birth_cell = rnd.choice([born.year, str(born.year)])
            iso, precision = f"{born.year}-01-01", "year"
        number = self.identity(gender, born.year)
        phone = self.world.phone() if rnd.random() < 0.5 else None
        land = round(rnd.uniform(0.3, 4), 2) if coop.area else None
        share_cell: Any = share if rnd.random() < 0.7 else office.vietnamese_number(share)
        cells = {
            "cooperative": coop.name("htx"),
            "registration_number": coop.registration_number,
            "full_name": name,
            "birth_date": birth_cell,
            "gender": rnd.choice(_GENDERS[gender]),
            "id_number": number,
            "address": f"{self.world.hamlet()}, {coop.commune.type} {coop.commune.name}",
            "kind": rnd.choice(_KINDS[kind]),
            "contribution_vnd": share_cell,
            "share": round(share / coop.capital * 100, 2),
            "joined_on": joined,
            "land_ha": land,
            "phone": phone,
        }
        record = {
            "registration_number": coop.registration_number,
            "full_name": name,
            "gender": gender,
            "birth_date": iso,
            "birth_precision": precision,
            "kind": kind,
            "id_number": number,
            "contribution_vnd": share,
            "joined_on": joined.isoformat(),
            "land_ha": land,
            "phone": phone,
        }
        return Line(cells, record, coop)

    def take(self, coop: Coop, lines: list[Line], *, stated: bool) -> None:
        """Note the cooperative; what its heading states is compared with its lines."""
        self.cooperatives.append(
            {
                "registration_number": coop.registration_number,
                "name": coop.name("full"),
                "charter_capital_vnd": coop.capital,
                "members": coop.members,
                "established_on": coop.established_on.isoformat(),
            }
        )
        self.lines += lines
        if not stated:
            return
        if len(lines) != coop.members:
            self._whole(coop, lines, "member_count_differs", None, len(lines), coop.members)
        paid = [x.record["contribution_vnd"] for x in lines]
        if None not in paid and sum(paid) != coop.capital:
            name = "contribution_vnd"
            self._whole(
                coop, lines, "contributions_differ_from_capital", name, sum(paid), coop.capital
            )

    def _whole(
        self, coop: Coop, lines: list[Line], code: str, name: str | None, value: int, repair: int
    ) -> None:
        found = problem(code, lines[0].sheet, None, None, name, value, repair=repair)
        found["registration_number"] = coop.registration_number
        self.problems.append(found)

    def truth(self, file: str, **more: Any) -> dict[str, Any]:
        """Return the truth of what was made."""
        return {
            **heading("members", self.variant, self.seed, file),
            "layout": self.layout,
            "cooperatives": self.cooperatives,
            "problems": self.problems + problems_of(self.lines, self.columns),
            "notices": [],
            "records": records_of(self.lines),
            **more,
        }


def _labels(order: list[str], rnd: random.Random, *, plain: bool) -> list[str]:
    return [_HEADERS[k][0] if plain else rnd.choice(_HEADERS[k]) for k in order]


def _sheet_of_one(made: Roster, name: str, coop: Coop, lines: list[Line], *, plain: bool) -> Grid:
    """Lay out one cooperative's register as its own sheet."""
    rnd = made.random
    grid = Grid(name)
    order = list(_ORDER)
    if not plain:
        tail = order[2:-1]
        rnd.shuffle(tail)
        order = [*order[:2], *tail, "note"]
    place = {key: i for i, key in enumerate(order)}
    made.columns[name] = place
    commune = coop.commune
    grid.put(0, 0, coop.name("full").upper())
    grid.merge(0, 0, 0, 4)
    grid.put(0, 7, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    grid.put(1, 7, "Độc lập - Tự do - Hạnh phúc")
    grid.put(3, 0, "SỔ ĐĂNG KÝ THÀNH VIÊN HỢP TÁC XÃ")
    grid.merge(3, 0, 3, len(order) - 1)
    grid.put(4, 0, f"Mã số hợp tác xã: {coop.registration_number}")
    place_text = f"{commune.type} {commune.name}, {commune.district_type} {commune.district}"
    grid.put(5, 0, f"Địa chỉ: {coop.address}, {place_text}, tỉnh Kiên Giang")
    grid.put(
        6,
        0,
        f"Vốn điều lệ: {office.vietnamese_number(coop.capital)} đồng; "
        f"tổng số thành viên: {coop.members} người; ngày {AS_OF:%d/%m/%Y}",
    )
    grid.line(8, _labels(order, rnd, plain=plain))
    row = 9
    numbers = []
    if plain or rnd.random() < 0.5:
        grid.line(row, [f"({i + 1})" for i in range(len(order))])
        numbers = [row + 1]
        row += 1
    first = row
    for i, line in enumerate(lines):
        _put(grid, row, line, place, i + 1)
        row += 1
    total = []
    if rnd.random() < 0.7:
        paid = [x.record["contribution_vnd"] for x in lines]
        if None not in paid:
            grid.put(row, 0, "Tổng cộng")
            grid.put(row, place["contribution_vnd"], sum(paid))
            total = [row + 1]
    grid.put(row + 2, 8, "CHỦ TỊCH HỘI ĐỒNG QUẢN TRỊ")
    grid.put(row + 6, 8, coop.chairman)
    made.layout.append(
        {
            "sheet": name,
            "header_rows": [9],
            "number_rows": numbers,
            "first_row": first + 1,
            "last_row": row,
            "total_rows": total,
            "columns": {key: letters(i) for key, i in place.items()},
            "units": {"contribution_vnd": "đồng", "land_ha": "ha"},
        }
    )
    return grid


def _put(grid: Grid, row: int, line: Line, place: dict[str, int], number: int) -> None:
    line.row, line.sheet = row + 1, grid.name
    for key, column in place.items():
        grid.put(row, column, number if key == "number" else line.cells.get(key))


def _long_sheet(made: Roster, coops: list[tuple[Coop, list[Line]]], *, groups: bool) -> Grid:
    """Lay out many cooperatives on one sheet: named in columns, or each under a row of its own."""
    rnd = made.random
    grid = Grid("Danh sách thành viên")
    order = (
        list(_ORDER) if groups else ["number", "cooperative", "registration_number", *_ORDER[1:]]
    )
    place = {key: i for i, key in enumerate(order)}
    made.columns[grid.name] = place
    grid.put(0, 0, "DANH SÁCH THÀNH VIÊN CÁC HỢP TÁC XÃ TRÊN ĐỊA BÀN TỈNH KIÊN GIANG")
    grid.merge(0, 0, 0, len(order) - 1)
    grid.put(1, 0, f"(Tính đến ngày {AS_OF:%d/%m/%Y})")
    grid.line(3, _labels(order, rnd, plain=False))
    row, count, group_rows = 4, 0, []
    for i, (coop, lines) in enumerate(coops):
        if groups:
            ordinal = rnd.choice([f"{i + 1}. ", f"{office.ROMAN[i % 15]}. ", ""])
            label = (
                f"{ordinal}{coop.name('htx')} (MST: {coop.registration_number}; vốn điều lệ: "
                f"{office.vietnamese_number(coop.capital)} đồng; {coop.members} thành viên)"
            )
            grid.put(row, 0, label)
            grid.merge(row, 0, row, len(order) - 1)
            group_rows.append(row + 1)
            row, count = row + 1, 0
        for line in lines:
            count += 1
            _put(grid, row, line, place, count)
            row += 1
    made.layout.append(
        {
            "sheet": grid.name,
            "header_rows": [4],
            "first_row": 5,
            "last_row": row,
            "group_rows": group_rows,
            "columns": {key: letters(i) for key, i in place.items()},
            "units": {"contribution_vnd": "đồng", "land_ha": "ha"},
        }
    )
    return grid


# ---- problems


def _lost_zero(made: Roster, coop: Coop, lines: list[Line], line: Line) -> bool:
    number = line.record["id_number"]
    if len(number) != 12:
        return False
    line.cells["id_number"] = int(number)
    line.spoil("identity_lost_zero", "id_number", int(number), number)
    return True


def _bad_format(made: Roster, coop: Coop, lines: list[Line], line: Line) -> bool:
    bad = line.record["id_number"][:7]
    line.cells["id_number"], line.record["id_number"] = bad, None
    line.accept("id_number", bad)
    line.spoil("identity_format", "id_number", bad)
    return True


def _no_identity(made: Roster, coop: Coop, lines: list[Line], line: Line) -> bool:
    line.cells["id_number"] = line.record["id_number"] = None
    line.spoil("identity_missing", "id_number", None)
    return True


def _wrong_gender(made: Roster, coop: Coop, lines: list[Line], line: Line) -> bool:
    number = line.record["id_number"]
    if len(number) != 12:
        return False
    bad = number[:3] + str(int(number[3]) ^ 1) + number[4:]
    line.cells["id_number"] = line.record["id_number"] = bad
    line.spoil("identity_gender_mismatch", "id_number", bad)
    return True


def _wrong_birth(made: Roster, coop: Coop, lines: list[Line], line: Line) -> bool:
    number = line.record["id_number"]
    if len(number) != 12:
        return False
    year = (int(number[4:6]) + made.random.randint(2, 9)) % 100
    bad = f"{number[:4]}{year:02}{number[6:]}"
    line.cells["id_number"] = line.record["id_number"] = bad
    line.spoil("identity_birth_mismatch", "id_number", bad)
    return True


def _bad_birth(made: Roster, coop: Coop, lines: list[Line], line: Line) -> bool:
    year = line.record["birth_date"][:4]
    cell = made.random.choice(
        [f"30/02/{year}", f"31/06/{year}", f"12/04/20{made.random.randint(30, 45)}"]
    )
    future = cell.startswith("12/04")
    if future and len(line.record["id_number"] or "") == 12:
        return False
    line.cells["birth_date"] = cell
    line.record.update(birth_date=None, birth_precision=None)
    month = int(cell[3:5])
    line.accept("birth_date", f"{cell[6:]}-{month:02}-01", f"{year}-01-01", f"{cell[6:]}-04-12")
    line.accept("birth_precision", "day", "month", "year")
    line.spoil("birth_date_impossible", "birth_date", cell)
    return True


def _no_gender(made: Roster, coop: Coop, lines: list[Line], line: Line) -> bool:
    true = line.record["gender"]
    line.cells["gender"] = line.record["gender"] = None
    line.accept("gender", true)
    line.spoil("gender_missing", "gender", None)
    return True


def _joined_early(made: Roster, coop: Coop, lines: list[Line], line: Line) -> bool:
    early = coop.established_on - dt.timedelta(days=made.random.randint(200, 900))
    if not line.record["birth_date"] or int(line.record["birth_date"][:4]) + 19 >= early.year:
        return False
    line.cells["joined_on"], line.record["joined_on"] = early, early.isoformat()
    line.spoil("joined_before_founding", "joined_on", early.isoformat())
    return True


def _under_age(made: Roster, coop: Coop, lines: list[Line], line: Line) -> bool:
    joined = dt.date.fromisoformat(line.record["joined_on"])
    if line.record["kind"] == "entity" or len(line.record["id_number"] or "") == 12:
        return False
    born = joined - dt.timedelta(days=365 * 16 + made.random.randrange(300))
    line.cells["birth_date"] = f"{born:%d/%m/%Y}"
    line.record.update(birth_date=born.isoformat(), birth_precision="day")
    line.spoil("under_age", "birth_date", born.isoformat())
    return True


def _unreadable(made: Roster, coop: Coop, lines: list[Line], line: Line) -> bool:
    cell = made.random.choice(["chưa góp đủ", "?", "đang xác minh"])
    line.cells["contribution_vnd"], line.record["contribution_vnd"] = cell, None
    line.cells["share"] = None
    line.spoil("contribution_unreadable", "contribution_vnd", cell)
    return True


def _over_cap(made: Roster, coop: Coop, lines: list[Line], line: Line) -> bool:
    if any(x.record["contribution_vnd"] is None for x in lines):
        return False
    over = round(coop.capital * made.random.uniform(0.22, 0.35), -4)
    others = [x for x in lines if x is not line]
    rest = coop.capital - over
    each = round(rest / len(others), -4)
    if each > coop.capital * 0.2:
        return False
    for other in others:
        _set_share(other, int(each), coop)
    _set_share(others[0], int(rest - each * (len(others) - 1)), coop)
    _set_share(line, int(over), coop)
    line.spoil("contribution_over_cap", "contribution_vnd", int(over))
    return others[0].record["contribution_vnd"] <= coop.capital * 0.2


def _set_share(line: Line, amount: int, coop: Coop) -> None:
    line.cells["contribution_vnd"] = line.record["contribution_vnd"] = amount
    line.cells["share"] = round(amount / coop.capital * 100, 2)


_SPOILERS = (
    _lost_zero,
    _bad_format,
    _no_identity,
    _wrong_gender,
    _wrong_birth,
    _bad_birth,
    _no_gender,
    _joined_early,
    _under_age,
    _unreadable,
)


def _spoil(made: Roster, coop: Coop, lines: list[Line], count: int, *, stated: bool) -> list[Line]:
    """Put problems into the lines; return them, one more where a person stands twice."""
    rnd = made.random
    if len(lines) >= 10 and rnd.random() < 0.4:
        _over_cap(made, coop, lines, rnd.choice(lines[1:]))
    elif stated and rnd.random() < 0.3:
        line = rnd.choice(lines)
        _set_share(line, int(line.record["contribution_vnd"] + 1_000_000), coop)
    for spoiler in rnd.sample(_SPOILERS, min(count, len(_SPOILERS))):
        for line in rnd.sample(lines, len(lines)):
            if not line.spoilt and spoiler(made, coop, lines, line):
                break
    if rnd.random() < 0.5:
        first = rnd.choice([x for x in lines if not x.spoilt] or lines[:1])
        if first.spoilt:
            return lines
        twin = Line(dict(first.cells), copy.deepcopy(first.record), coop)
        twin.cells["full_name"] = twin.record["full_name"] = first.record["full_name"].upper()
        twin.cells.update(contribution_vnd=0, share=0, land_ha=None, phone=None)
        twin.record.update(contribution_vnd=0, land_ha=None, phone=None)
        twin.spoil("duplicate_person", "full_name", twin.cells["full_name"], related=[first])
        lines = [*lines, twin]
    return lines


def make_roster(seed: int, variant: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Write one file of members of this variant; return its path and its truth."""
    made = Roster(seed, variant)
    rnd = made.random
    single = variant in ("roster", "roster-legacy")
    count = 1 if single else rnd.randint(3, 8)
    coops = [made.world.coop("agriculture") for _ in range(count)]
    if variant == "roster-district":
        coops = [made.world.coop("agriculture", coops[0].commune) for _ in coops]
    for coop in coops:
        coop.established_on = min(coop.established_on, dt.date(2014, 6, 1))
        coop.capital = rnd.randint(10, 90) * 10_000_000
    sets = []
    stated = variant != "roster-columns"
    for coop in coops:
        lines = made.members(coop, rnd.randint(20, 60) if single else rnd.randint(8, 20))
        lines = _spoil(made, coop, lines, 8 if single else rnd.randint(0, 3), stated=stated)
        sets.append((coop, lines))
    if variant in ("roster-columns", "roster-groups"):
        grids = [_long_sheet(made, sets, groups=variant == "roster-groups")]
    else:
        names = ["Danh sách thành viên"] if single else [f"HTX {i + 1}" for i in range(count)]
        grids = [
            _sheet_of_one(made, name, coop, lines, plain=single and seed % 2 == 0)
            for name, (coop, lines) in zip(names, sets, strict=True)
        ]
    for coop, lines in sets:
        made.take(coop, lines, stated=stated)
    if variant == "roster-legacy":
        encoding = rnd.choice(["tcvn3", "vni", "nfd"])
        for grid in grids:
            grid.map_text(ENCODERS[encoding])
    path = folder / f"{variant}-{seed}.xlsx"
    save(grids, path, rnd.choice(["xlsxwriter", "openpyxl"]))
    return path, made.truth(path.name)
