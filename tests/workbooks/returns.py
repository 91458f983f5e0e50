"""Yearly returns of cooperatives: one or several years, with the register to compare."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from tests.workbooks import office
from tests.workbooks.encoders import ENCODERS
from tests.workbooks.grid import Formula, Grid, letters, save
from tests.workbooks.truth import Line, heading, problems_of, records_of
from tests.workbooks.world import Coop, World

RETURNS_VARIANTS = ("returns", "returns-one-year", "returns-orders", "returns-legacy")
_MONEY = (
    "charter_capital assets liabilities equity indivisible_assets revenue revenue_members profit "
    "fund_development fund_reserve fund_other"
).split()
_COUNTS = (
    "members members_individual members_household members_entity members_new members_left workers "
    "workers_members workers_female"
).split()
_ORDER = ["number", "name", "registration_number", "district", *_COUNTS, *_MONEY]
_ORDER += ["income_per_worker", "services", "note"]
_GROUPS: dict[str, tuple[str, ...]] = {
    "Thành viên (người)": tuple(_COUNTS[:6]),
    "Lao động (người)": tuple(_COUNTS[6:]),
    "Vốn, tài sản": tuple(_MONEY[:5]),
    "Kết quả hoạt động": ("revenue", "revenue_members", "profit"),
    "Trích lập quỹ": ("fund_development", "fund_reserve", "fund_other"),
}
_HEADERS: dict[str, tuple[str, ...]] = {
    "number": ("STT", "TT"),
    "name": ("Tên hợp tác xã", "Tên HTX"),
    "registration_number": ("Mã số HTX", "Mã số thuế", "Mã số hợp tác xã"),
    "district": ("Huyện, thành phố", "Huyện"),
    "members": ("Tổng số",),
    "members_individual": ("Cá nhân",),
    "members_household": ("Hộ gia đình",),
    "members_entity": ("Pháp nhân",),
    "members_new": ("Kết nạp mới trong năm", "Kết nạp mới"),
    "members_left": ("Ra khỏi HTX trong năm", "Ra khỏi HTX"),
    "workers": ("Tổng số",),
    "workers_members": ("Là thành viên",),
    "workers_female": ("Lao động nữ", "Nữ"),
    "charter_capital": ("Vốn điều lệ",),
    "assets": ("Tổng tài sản",),
    "liabilities": ("Nợ phải trả",),
    "equity": ("Vốn chủ sở hữu",),
    "indivisible_assets": ("Tài sản không chia",),
    "revenue": ("Doanh thu", "Tổng doanh thu"),
    "revenue_members": ("Doanh thu từ thành viên",),
    "profit": ("Lợi nhuận trước thuế",),
    "fund_development": ("Quỹ đầu tư phát triển",),
    "fund_reserve": ("Quỹ dự phòng tài chính",),
    "fund_other": ("Quỹ khác",),
    "income_per_worker": (
        "Thu nhập BQ 1 lao động ({}/năm)",
        "Thu nhập bình quân lao động ({}/năm)",
    ),
    "services": ("Dịch vụ cung ứng cho thành viên", "Dịch vụ phục vụ thành viên"),
    "note": ("Ghi chú",),
}
_SERVICES = (
    "bơm tưới", "làm đất", "thu hoạch", "vận chuyển", "sấy lúa", "phun thuốc", "giống",
    "vật tư nông nghiệp", "tiêu thụ sản phẩm", "thủy lợi nội đồng", "tín dụng nội bộ",
)  # fmt: skip


class Returns:
    """Makes one file of returns and its truth."""

    def __init__(self, seed: int, variant: str) -> None:
        self.seed = seed
        self.variant = variant
        self.random = random.Random(f"returns {variant} {seed}")
        self.world = World(f"returns {variant} {seed}")
        self.lines: list[Line] = []
        self.missing: list[dict[str, Any]] = []
        self.problems: list[dict[str, Any]] = []
        self.layout: list[dict[str, Any]] = []
        self.columns: dict[str, dict[str, int]] = {}
        self.expected: dict[str, int] = {}
        self.unit = "triệu đồng"

    # ---- figures

    def figures(self, coop: Coop, years: list[int]) -> dict[int, dict[str, Any]]:
        """Return the true figures of a cooperative by year, the last agreeing with the register."""
        rnd = self.random
        out: dict[int, dict[str, Any]] = {}
        members, workers, capital = coop.members, coop.workers, coop.capital
        assets = capital * rnd.uniform(1.4, 2.6)
        revenue = capital * rnd.uniform(3, 12)
        for year in sorted(years, reverse=True):
            first = coop.established_on.year == year
            new = rnd.randint(0, max(1, members // 25))
            left = rnd.randint(0, 1)
            if first:
                new, left = members, 0
            entity = rnd.choice([0, 0, 0, 1])
            household = rnd.randint(0, (members - entity) // 2)
            whole = round(assets, -5)
            debts = round(whole * rnd.uniform(0.1, 0.5), -5)
            income = round(revenue, -5)
            profit = round(income * rnd.uniform(0.02, 0.08), -5)
            out[year] = {
                "members": members,
                "members_individual": members - entity - household,
                "members_household": household,
                "members_entity": entity,
                "members_new": new,
                "members_left": left,
                "workers": workers,
                "workers_members": rnd.randint(1, min(workers, members)),
                "workers_female": rnd.randint(0, workers // 2),
                "charter_capital": capital,
                "assets": whole,
                "liabilities": debts,
                "equity": whole - debts,
                "indivisible_assets": round(whole * rnd.uniform(0.03, 0.12), -5),
                "revenue": income,
                "revenue_members": round(income * rnd.uniform(0.4, 0.9), -5),
                "profit": profit,
                "fund_development": round(profit * 0.2, -5),
                "fund_reserve": round(profit * 0.05, -5),
                "fund_other": rnd.choice([0, round(profit * 0.1, -5)]),
                "income_per_worker": round(rnd.uniform(24e6, 62e6), -5),
                "services": rnd.sample(_SERVICES, rnd.randint(0, 5)),
            }
            members = max(8, members - new + left) if not first else members
            if members == 8 and not first:
                out[year]["members_new"] = out[year]["members"] - 8 + left
            workers = max(3, workers - rnd.randint(0, 2))
            assets *= rnd.uniform(0.94, 1.02)
            revenue *= rnd.uniform(0.88, 0.99)
        return out

    def line(self, coop: Coop, year: int, true: dict[str, Any]) -> Line:
        """Return the line of one cooperative for one year."""
        rnd = self.random
        as_text = rnd.random() < 0.06
        cells: dict[str, Any] = {
            "name": coop.name("htx"),
            "registration_number": coop.registration_number,
            "district": office.district(coop.commune, rnd, True),
            "services": "; ".join(true["services"]) or None,
        }
        record: dict[str, Any] = {
            "registration_number": coop.registration_number,
            "name": coop.name("htx"),
            "year": year,
            "district": coop.commune.district,
        }
        for key in _COUNTS:
            cells[key] = record[key] = true[key]
        for key in [*_MONEY, "income_per_worker"]:
            cells[key] = self.in_unit(true[key], as_text and key in _MONEY)
            record[f"{key}_vnd"] = int(true[key])
        record["services"] = true["services"]
        return Line(cells, record, coop)

    def in_unit(self, dong: float, as_text: bool = False) -> Any:
        """Return an amount in the unit of the file."""
        value = office.plain(dong / office._UNITS[self.unit])
        return office.vietnamese_number(value) if as_text else value

    # ---- layout

    def sheet(self, year: int, lines: list[Line], order: list[str], labels: dict[str, str]) -> Grid:
        """Lay out one year."""
        grid = Grid(str(year))
        place = {key: i for i, key in enumerate(order)}
        self.columns[grid.name] = place
        grid.put(0, 0, f"BÁO CÁO TÌNH HÌNH HOẠT ĐỘNG CỦA HỢP TÁC XÃ NĂM {year}")
        grid.merge(0, 0, 0, 10)
        grid.put(1, 0, f"(Kỳ báo cáo: từ 15/12/{year - 1} đến 14/12/{year})")
        grid.put(2, 13, f"Đơn vị tính: {self.unit}; người")
        below: set[str] = set()
        for label, keys in _GROUPS.items():
            spots = sorted(place[k] for k in keys)
            grid.put(3, spots[0], label)
            grid.merge(3, spots[0], 3, spots[-1])
            for key in keys:
                grid.put(4, place[key], labels[key])
                below.add(key)
        for key in order:
            if key not in below:
                grid.put(3, place[key], labels[key].format(self.unit))
                grid.merge(3, place[key], 4, place[key])
        grid.line(5, [f"({i + 1})" for i in range(len(order))])
        row = 6
        for row, line in enumerate(lines, 6):
            line.row, line.sheet = row + 1, grid.name
            for key, column in place.items():
                grid.put(row, column, row - 5 if key == "number" else line.cells.get(key))
        money = [*_MONEY, "income_per_worker"]
        self.layout.append(
            {
                "sheet": grid.name,
                "year": year,
                "header_rows": [4, 5],
                "number_rows": [6],
                "first_row": 7,
                "last_row": row + 1,
                "columns": {key: letters(i) for key, i in place.items()},
                "units": dict.fromkeys(money, self.unit),
            }
        )
        return grid

    def truth(self, file: str, coops: list[Coop], **more: Any) -> dict[str, Any]:
        """Return the truth of what was made, with the register it is compared with."""
        problems = []
        for item in self.missing:
            line = item.pop("line", None)
            if line is not None:
                item.update(sheet=line.sheet, row=line.row)
            problems.append(
                {
                    "code": "return_missing",
                    "severity": "error",
                    "sheet": str(item["year"]),
                    "row": item.get("row"),
                    "column": None,
                    "cell": None,
                    "registration_number": item["registration_number"],
                    "year": item["year"],
                }
            )
        return {
            **heading("returns", self.variant, self.seed, file),
            "layout": self.layout,
            "missing_returns": self.missing,
            "expected_returns": self.expected,
            "problems": problems + self.problems + problems_of(self.lines, self.columns),
            "notices": [],
            "records": records_of(self.lines),
            "register": [
                {
                    "registration_number": c.registration_number,
                    "name": c.name("full"),
                    "sector": c.sector,
                    "district": c.commune.district,
                    "commune": c.commune.name,
                    "commune_code": c.commune.code,
                    "established_on": c.established_on.isoformat(),
                    "charter_capital_vnd": c.capital,
                    "members": c.members,
                    "workers": c.workers,
                    "area_ha": c.area,
                    "status": c.status,
                }
                for c in coops
            ],
            **more,
        }


# ---- problems


def _set_money(made: Returns, line: Line, key: str, dong: float) -> None:
    line.cells[key] = made.in_unit(dong)
    line.record[f"{key}_vnd"] = int(dong)


def _broken_members(made: Returns, line: Line, several: bool) -> bool:
    line.cells["members_household"] = line.record["members_household"] = line.record[
        "members_household"
    ] + made.random.randint(2, 5)
    parts = ["members_individual", "members_household", "members_entity"]
    line.spoil("identity_broken", "members", line.record["members"], parts=parts)
    return True


def _broken_assets(made: Returns, line: Line, several: bool) -> bool:
    true = line.record["assets_vnd"]
    wrong = round(true * 1.1, -5)
    if wrong == true:
        return False
    _set_money(made, line, "assets", wrong)
    line.spoil("identity_broken", "assets", line.cells["assets"], parts=["liabilities", "equity"])
    return True


def _part_exceeds(made: Returns, line: Line, several: bool) -> bool:
    _set_money(made, line, "revenue_members", round(line.record["revenue_vnd"] * 1.2, -5))
    line.spoil("part_exceeds_whole", "revenue_members", line.cells["revenue_members"])
    return True


def _unreadable(made: Returns, line: Line, several: bool) -> bool:
    cell = made.random.choice(["?", "lỗ", "chưa quyết toán"])
    line.cells["profit"], line.record["profit_vnd"] = cell, None
    line.spoil("number_unreadable", "profit", cell)
    return True


def _jump_up(made: Returns, line: Line, several: bool) -> bool:
    return several and _jump(made, line, made.random.choice(["revenue", "assets"]), 1000)


def _jump_down(made: Returns, line: Line, several: bool) -> bool:
    return several and _jump(made, line, "revenue", 0.001)


def _jump(made: Returns, line: Line, key: str, times: float) -> bool:
    true = line.record[f"{key}_vnd"]
    if not isinstance(line.cells[key], int | float) or not true:
        return False
    right = line.cells[key]
    line.cells[key] = office.plain(right * times)
    line.accept(f"{key}_vnd", int(true * times))
    line.spoil(f"unit_jump_{'up' if times > 1 else 'down'}", key, line.cells[key], right)
    return True


def _jump_row(made: Returns, line: Line, several: bool) -> bool:
    if not several or not all(isinstance(line.cells[k], int | float) for k in _MONEY):
        return False
    for key in _MONEY:
        if line.record[f"{key}_vnd"]:
            _jump(made, line, key, 1000)
    return True


def _differs(made: Returns, line: Line, several: bool) -> bool:
    if line.record["year"] != 2019:
        return False
    coop: Coop = line.subject
    register = coop.members
    line_members = line.record["members"]
    coop.members = register + made.random.randint(3, 9)
    line.spoil("differs_from_register", "members", line_members, register=coop.members)
    return True


def _formula(made: Returns, line: Line, several: bool) -> bool:
    value = line.record["workers_female"]
    line.cells["workers_female"] = Formula(f"=1+{value - 1}", value)
    line.spoil("formula_cell", "workers_female", value)
    return True


def _formula_text(made: Returns, line: Line, several: bool) -> bool:
    cell = "=1+1"
    line.cells["services"], line.record["services"] = cell, [cell]
    line.accept("services", [], None)
    line.spoil("formula_text", "services", cell)
    return True


_SPOILERS = (
    _broken_members,
    _broken_assets,
    _part_exceeds,
    _unreadable,
    _jump_up,
    _jump_down,
    _jump_row,
    _differs,
    _formula,
    _formula_text,
)


def make_returns(seed: int, variant: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Write one file of returns of this variant; return its path and its truth."""
    made = Returns(seed, variant)
    rnd = made.random
    years = [2019] if variant == "returns-one-year" else [2019, 2018, 2017]
    if variant == "returns-orders":
        made.unit = rnd.choice(["đồng", "triệu đồng", "nghìn đồng"])
    coops = made.world.province(rnd.randint(30, 60))
    order, labels = _arranged(variant, rnd)
    all_figures = {
        id(c): made.figures(c, [y for y in years if c.established_on.year <= y]) for c in coops
    }
    by_year: dict[int, list[Line]] = {}
    for year in years:
        due = [c for c in coops if c.established_on.year <= year]
        made.expected[str(year)] = len(due)
        by_year[year] = []
        for coop in due:
            line = made.line(coop, year, all_figures[id(coop)][year])
            if rnd.random() < 0.06:
                _miss(made, line, coop, year)
                if not made.missing[-1].get("line"):
                    continue
            by_year[year].append(line)
    _spoil_all(made, by_year, years)
    grids = [made.sheet(year, by_year[year], order, labels) for year in years]
    for year in years:
        made.lines += by_year[year]
    if variant == "returns-legacy":
        encoding = rnd.choice(["tcvn3", "vni", "nfd"])
        for grid in grids:
            grid.map_text(ENCODERS[encoding])
    path = folder / f"{variant}-{seed}.xlsx"
    save(grids, path, "xlsxwriter")
    return path, made.truth(path.name, coops)


def _arranged(variant: str, rnd: random.Random) -> tuple[list[str], dict[str, str]]:
    order = list(_ORDER)
    if variant == "returns-orders":
        blocks = [list(keys) for keys in _GROUPS.values()] + [["income_per_worker"], ["services"]]
        rnd.shuffle(blocks)
        order = [*_ORDER[:4], *[key for block in blocks for key in block], "note"]
        return order, {key: rnd.choice(choices) for key, choices in _HEADERS.items()}
    return order, {key: choices[0] for key, choices in _HEADERS.items()}


def _miss(made: Returns, line: Line, coop: Coop, year: int) -> None:
    item: dict[str, Any] = {
        "registration_number": coop.registration_number,
        "name": coop.name("htx"),
        "year": year,
        "how": "no row",
    }
    if made.random.random() < 0.5:
        for key in [*_COUNTS, *_MONEY, "income_per_worker", "services"]:
            line.cells[key] = None
        line.cells["note"] = "Chưa báo cáo"
        line.is_record = False
        item.update(how="row without figures", line=line)
    made.missing.append(item)


def _spoil_all(made: Returns, by_year: dict[int, list[Line]], years: list[int]) -> None:
    rnd = made.random
    present: dict[str, int] = {}
    for lines in by_year.values():
        for line in lines:
            if line.is_record:
                key = line.record["registration_number"]
                present[key] = present.get(key, 0) + 1
    touched: set[str] = set()
    for spoiler in rnd.sample(_SPOILERS, rnd.randint(5, len(_SPOILERS))):
        year = 2019 if spoiler is _differs else rnd.choice(years)
        several = len(years) > 1
        for line in rnd.sample(by_year[year], len(by_year[year])):
            number = line.record["registration_number"]
            jumps = spoiler in (_jump_up, _jump_down, _jump_row)
            if not line.is_record or number in touched or (jumps and present[number] < 3):
                continue
            if spoiler(made, line, several):
                touched.add(number)
                break
    if rnd.random() < 0.6:
        year = rnd.choice(years)
        lines = by_year[year]
        free = [x for x in lines if x.is_record and x.record["registration_number"] not in touched]
        if free:
            first = rnd.choice(free)
            twin = Line(dict(first.cells), dict(first.record), first.subject)
            number = first.record["registration_number"]
            twin.spoil("return_duplicate", "registration_number", number, related=[first])
            twin.is_record = False
            lines.insert(lines.index(first) + 1, twin)
