"""Registers of cooperatives as offices make them: many layouts, one truth."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.workbooks import office, spoil
from tests.workbooks.encoders import ENCODERS
from tests.workbooks.grid import CSV_ENCODINGS, Grid, letters, save, save_csv
from tests.workbooks.truth import Line, heading, problem, problems_of, records_of
from tests.workbooks.world import AS_OF, SECTORS, Coop, World

HEADERS: dict[str, tuple[str, ...]] = {
    "number": ("STT", "TT", "Số TT", "Số thứ tự"),
    "name": ("Tên hợp tác xã", "Tên HTX", "Tên đơn vị", "Hợp tác xã", "Tên HTX, QTDND"),
    "registration_number": (
        "Mã số HTX\n(mã số thuế)",
        "Mã số hợp tác xã",
        "Mã số thuế",
        "MST",
        "Số ĐKKD/Mã số thuế",
    ),
    "sector": ("Lĩnh vực", "Lĩnh vực hoạt động", "Loại hình HTX"),
    "activity": ("Ngành nghề chính", "Ngành nghề hoạt động chính", "Ngành, nghề kinh doanh"),
    "district": ("Huyện, thành phố", "Huyện/thành phố", "Huyện", "Huyện, TP"),
    "commune": ("Xã, phường, thị trấn", "Xã/phường/thị trấn", "Xã", "Xã, P, TT"),
    "address": ("Ấp, khu phố", "Ấp/khu phố", "Địa chỉ (ấp, khu phố)"),
    "established_on": (
        "Ngày, tháng, năm thành lập",
        "Ngày thành lập",
        "Năm thành lập",
        "Ngày cấp đăng ký",
    ),
    "charter_capital_vnd": ("Vốn điều lệ", "Vốn ĐL", "Tổng vốn điều lệ"),
    "area_ha": ("Diện tích canh tác", "Diện tích", "Diện tích sản xuất"),
    "members": ("Thành viên", "Số thành viên", "Tổng số thành viên", "Số TV"),
    "workers": ("Lao động", "Số lao động", "Tổng số lao động", "Số LĐ"),
    "chairman": ("Chủ tịch HĐQT", "Chủ tịch Hội đồng quản trị", "Người đại diện theo pháp luật"),
    "director": ("Giám đốc", "Giám đốc HTX"),
    "phone": ("Điện thoại", "Số điện thoại", "SĐT", "ĐT liên hệ"),
    "status": ("Tình trạng hoạt động", "Tình trạng", "Trạng thái hoạt động"),
    "note": ("Ghi chú",),
}
_GROUPED = {
    "Địa chỉ trụ sở": ("district", "commune", "address"),
    "Số người": ("members", "workers"),
    "Chủ tịch HĐQT": ("chairman", "phone"),
}
_GROUPED_LABELS = {"chairman": "Họ và tên", "phone": "Điện thoại"}
_OFFICE_ORDER = (
    "number name registration_number district commune address established_on activity "
    "charter_capital_vnd area_ha members workers chairman phone status note"
).split()
_FLAT_ORDER = (
    "number name registration_number sector activity district commune address established_on "
    "charter_capital_vnd area_ha members workers chairman director phone status note"
).split()
_NOTES = (None, None, None, None, "Đăng ký lại theo Luật HTX 2012", "Chưa có trụ sở")


def _same_district(one: Line, other: Line) -> bool:
    return one.record["district_code"] == other.record["district_code"]


@dataclass
class Style:
    """How one list is laid out."""

    columns: list[str]
    mess: float = 0.0
    two_levels: bool = False
    titles: bool = False
    number_row: bool = False
    sector_groups: bool = False
    subtotals: bool = False
    total: bool = False
    repeated_heading: bool = False
    district: str = "repeated"  # repeated, blank, merged, sheet
    unit: str = "triệu đồng"
    unit_in: str = "header"  # header, line
    footer: bool = False
    first_choice: bool = True
    left: int = 0
    labels: dict[str, str] = field(default_factory=dict)


class Register:
    """Makes one register and its truth."""

    def __init__(self, seed: int, variant: str) -> None:
        self.seed = seed
        self.variant = variant
        self.random = random.Random(f"register {variant} {seed}")
        self.world = World(f"register {variant} {seed}")
        self.problems: list[dict[str, Any]] = []
        self.layout: list[dict[str, Any]] = []
        self.lines: list[Line] = []
        self.columns: dict[str, dict[str, int]] = {}
        self.totals_ok = True

    # ---- one line

    def line(self, coop: Coop, style: Style) -> Line:
        """Return the line of one cooperative in this style."""
        rnd, mess = self.random, style.mess
        messy = mess > 0
        name_cell, said_name = office.name(coop, rnd, messy)
        day_cell, iso, precision = office.day(coop.established_on, rnd, mess, as_of=AS_OF)
        hamlet = rnd.choice([coop.address, coop.address.capitalize(), f"{coop.address} "])
        has = set(style.columns)
        cells = {
            "name": name_cell,
            "registration_number": office.code(coop.registration_number, rnd, messy),
            "sector": rnd.choice(office.SECTOR_NAMES[coop.sector][1:])
            if messy
            else office.SECTOR_NAMES[coop.sector][1],
            "activity": coop.activity,
            "district": office.district(coop.commune, rnd, messy),
            "commune": office.commune(coop.commune, rnd, messy),
            "address": hamlet if messy else coop.address,
            "established_on": day_cell,
            "charter_capital_vnd": office.money(coop.capital, style.unit, rnd, mess),
            "area_ha": office.number(coop.area, rnd, mess, "ha"),
            "members": office.number(coop.members, rnd, mess, rnd.choice(["TV", "hộ", "người"])),
            "workers": office.number(coop.workers, rnd, mess, rnd.choice(["LĐ", "lao động"])),
            "chairman": coop.chairman,
            "director": coop.director,
            "phone": office.phone(coop.phone, rnd, messy),
            "status": rnd.choice(office.STATUSES[coop.status])
            if messy
            else office.STATUSES[coop.status][0],
            "note": rnd.choice(_NOTES) if messy else None,
        }
        record = {
            "name": said_name,
            "registration_number": coop.registration_number,
            "sector": coop.sector,
            "activity": coop.activity,
            "district": coop.commune.district,
            "district_code": coop.commune.district_code,
            "commune": coop.commune.name,
            "commune_type": coop.commune.type,
            "commune_code": coop.commune.code,
            "established_on": iso,
            "established_precision": precision,
            "charter_capital_vnd": coop.capital,
            "area_ha": coop.area,
            "members": coop.members,
            "workers": coop.workers,
            "status": coop.status,
            "chairman": coop.chairman,
            "director": coop.director if "director" in has else None,
            "phone": coop.phone,
            "address": coop.address,
        }
        return Line(cells, record, coop)

    # ---- one sheet

    def sheet(
        self, name: str, lines: list[Line], style: Style, title: str, district: str = ""
    ) -> Grid:
        """Lay the lines out on a sheet."""
        grid = Grid(name)
        place = {key: i + style.left for i, key in enumerate(style.columns)}
        self.columns[name] = place
        row = self._titles(grid, style, title, district)
        layout: dict[str, Any] = {"sheet": name, "units": self._units(style)}
        row, layout["header_rows"] = self._header(grid, row, style, place)
        if style.number_row:
            for i, key in enumerate(style.columns):
                grid.put(row, place[key], f"({i + 1})")
            layout["number_rows"] = [row + 1]
            row += 1
        layout["first_row"] = row + 1
        row = self._body(grid, row, lines, style, place, layout)
        layout["last_row"] = row
        if style.total:
            self._sum(grid, row, lines, style, place, "TỔNG CỘNG TOÀN TỈNH: {n} HTX")
            layout["total_rows"] = [row + 1]
            row += 1
        if style.footer:
            grid.put(row + 1, style.left, "Ghi chú: số liệu do UBND các huyện, thành phố báo cáo.")
            grid.put(row + 3, style.left, "NGƯỜI LẬP BIỂU")
            grid.put(row + 3, place["members"], "GIÁM ĐỐC")
            grid.put(row + 7, style.left, "Nơi nhận:")
            grid.put(row + 8, style.left, "- UBND tỉnh (báo cáo);")
        layout["columns"] = {key: letters(i) for key, i in place.items()}
        self.layout.append(layout)
        self.lines += lines
        return grid

    def _units(self, style: Style) -> dict[str, str]:
        return {"charter_capital_vnd": style.unit, "area_ha": "ha"}

    def _titles(self, grid: Grid, style: Style, title: str, district: str) -> int:
        if not style.titles:
            return 0
        left, right = style.left, style.left + len(style.columns) - 1
        body = f"UBND HUYỆN {district.upper()}" if district else "UBND TỈNH KIÊN GIANG"
        grid.put(0, left, body)
        grid.put(0, right - 6, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        grid.merge(0, right - 6, 0, right)
        grid.put(1, left, "SỞ KẾ HOẠCH VÀ ĐẦU TƯ" if not district else "PHÒNG TÀI CHÍNH - KẾ HOẠCH")
        grid.put(1, right - 6, "Độc lập - Tự do - Hạnh phúc")
        grid.merge(1, right - 6, 1, right)
        grid.put(3, left, title)
        grid.merge(3, left, 3, right)
        grid.put(4, left, f"(Số liệu tính đến ngày {AS_OF:%d/%m/%Y})")
        if style.unit_in == "line":
            grid.put(5, right - 4, f"ĐVT: {style.unit}, ha, người")
        return 7

    def _label(self, key: str, style: Style) -> str:
        if key not in style.labels:
            choices = HEADERS[key]
            label = choices[0] if style.first_choice else self.random.choice(choices)
            if key == "charter_capital_vnd" and style.unit_in == "header":
                label += self.random.choice(["\n({})", " ({})"]).format(style.unit)
            if key == "area_ha" and self.random.random() < 0.7:
                label += " (ha)"
            style.labels[key] = label
        return style.labels[key]

    def _header(
        self, grid: Grid, row: int, style: Style, place: dict[str, int]
    ) -> tuple[int, list[int]]:
        if not style.two_levels:
            for key in style.columns:
                grid.put(row, place[key], self._label(key, style))
            return row + 1, [row + 1]
        below: set[str] = set()
        for label, keys in _GROUPED.items():
            group = [key for key in keys if key in place]
            places = [place[key] for key in group]
            if len(group) < 2 or places != list(range(places[0], places[0] + len(places))):
                continue
            grid.put(row, places[0], label)
            grid.merge(row, places[0], row, places[-1])
            for key in group:
                grid.put(row + 1, place[key], _GROUPED_LABELS.get(key) or self._label(key, style))
                below.add(key)
        for key in style.columns:
            if key not in below:
                grid.put(row, place[key], self._label(key, style))
                grid.merge(row, place[key], row + 1, place[key])
        return row + 2, [row + 1, row + 2]

    def _body(
        self,
        grid: Grid,
        row: int,
        lines: list[Line],
        style: Style,
        place: dict[str, int],
        layout: dict[str, Any],
    ) -> int:
        rnd = self.random
        groups = [s for s in SECTORS if any(x.record["sector"] == s for x in lines)]
        blocks = (
            [(s, [x for x in lines if x.record["sector"] == s]) for s in groups]
            if style.sector_groups
            else [(None, lines)]
        )
        layout.update(group_rows=[], subtotal_rows=[], repeated_header_rows=[])
        for i, (sector, block) in enumerate(blocks):
            if sector:
                if style.repeated_heading and i == 2:
                    start = row
                    row, rows = self._header(grid, row, style, place)
                    layout["repeated_header_rows"] = rows
                    assert start < row
                label = f"{office.ROMAN[i]}. {office.SECTOR_NAMES[sector][0]}: {len(block):02} HTX"
                self._sum(grid, row, block, style, place, label, merge=True)
                layout["group_rows"].append(row + 1)
                row += 1
            by_district: dict[str, list[Line]] = {}
            for line in block:
                by_district.setdefault(line.subject.commune.district, []).append(line)
            if not style.subtotals:
                by_district = {"": block}
            count = 0
            for district, part in by_district.items():
                first = row
                for line in part:
                    count += 1
                    self._put_line(grid, row, line, style, place, count, grid.name)
                    row += 1
                    if style.mess and rnd.random() < 0.01 and style.district != "merged":
                        row += 1  # a blank row in the middle
                if style.district in ("blank", "merged"):
                    self._join_districts(grid, first, row, part, style, place)
                if style.subtotals and len(part) > 1:
                    type_ = part[0].subject.commune.district_type
                    label = f"Cộng {type_} {district}: {{n}} HTX"
                    self._sum(grid, row, part, style, place, label, spoil=True)
                    layout["subtotal_rows"].append(row + 1)
                    row += 1
        return row

    def _put_line(
        self,
        grid: Grid,
        row: int,
        line: Line,
        style: Style,
        place: dict[str, int],
        count: int,
        sheet: str,
    ) -> None:
        line.row, line.sheet = row + 1, sheet
        for key, column in place.items():
            grid.put(row, column, count if key == "number" else line.cells.get(key))

    def _join_districts(
        self,
        grid: Grid,
        first: int,
        end: int,
        part: list[Line],
        style: Style,
        place: dict[str, int],
    ) -> None:
        """Leave the district out where it repeats, or merge its cells downwards."""
        column = place["district"]
        by_row = {line.row - 1: line for line in part}
        runs: list[list[int]] = []
        for row in range(first, end):
            line = by_row.get(row)
            if line is None:
                runs.append([])
            elif runs and runs[-1] and _same_district(by_row[runs[-1][0]], line):
                runs[-1].append(row)
                grid.cells.pop((row, column), None)
            else:
                runs.append([row])
        for run in runs:
            if style.district == "merged" and len(run) > 1:
                grid.merge(run[0], column, run[-1], column)

    def _sum(
        self,
        grid: Grid,
        row: int,
        lines: list[Line],
        style: Style,
        place: dict[str, int],
        label: str,
        *,
        merge: bool = False,
        spoil: bool = False,
    ) -> None:
        """Write a row of sums; now and then a wrong one, which is a problem to report."""
        rnd = self.random
        count = len(lines)
        if "{n}" in label:
            said = count
            if spoil and style.mess and rnd.random() < 0.06:
                said += 1
                self._problem("count_mismatch", grid, row, style.left, "cooperatives", said, count)
            label = label.format(n=said)
        grid.put(row, style.left, label)
        if merge or rnd.random() < 0.5:
            last = (
                min(place[k] for k in ("charter_capital_vnd", "area_ha", "members", "workers")) - 1
            )
            if last > style.left:
                grid.merge(row, style.left, row, last)
        wrong = ""
        if spoil and style.mess and rnd.random() < 0.08:
            wrong = rnd.choice(["charter_capital_vnd", "area_ha", "members", "workers"])
        as_text = style.mess and rnd.random() < 0.15
        for key in ("charter_capital_vnd", "area_ha", "members", "workers"):
            if key not in place:
                continue
            values = [x.record[key] for x in lines if x.record[key] is not None]
            true = office.plain(sum(values))
            if key == "charter_capital_vnd":
                true = office.plain(true / office._UNITS[style.unit])
            if not values or not true:
                continue
            said_value = office.plain(true + rnd.choice([10, 27.5, 100])) if key == wrong else true
            if key in ("members", "workers") and key == wrong:
                said_value = true + 10
            short = round(said_value, 3) == said_value
            cell = office.vietnamese_number(said_value) if as_text and short else said_value
            grid.put(row, place[key], cell)
            if key == wrong:
                self._problem("total_mismatch", grid, row, place[key], key, said_value, true)

    def _problem(
        self, code: str, grid: Grid, row: int, column: int, name: str, value: Any, repair: Any
    ) -> None:
        self.problems.append(problem(code, grid.name, row + 1, column, name, value, repair=repair))

    # ---- whole files

    def truth(self, file: str, **more: Any) -> dict[str, Any]:
        """Return the truth of all sheets made so far."""
        records = records_of(self.lines)
        sums = {
            key: office.plain(sum(r[key] for r in records if r[key] is not None))
            for key in ("area_ha", "charter_capital_vnd", "members", "workers")
        }
        sectors = [r["sector"] for r in records]
        return {
            **heading("register", self.variant, self.seed, file),
            "layout": self.layout,
            "totals": {
                "cooperatives": len(records),
                "by_sector": {s: sectors.count(s) for s in SECTORS if s in sectors},
                **sums,
            },
            "problems": self.problems + problems_of(self.lines, self.columns),
            "notices": [],
            "records": records,
            **more,
        }


def _style(variant: str, rnd: random.Random) -> Style:
    """Return the layout of a variant, the free choices drawn."""
    office_like = Style(
        list(_OFFICE_ORDER),
        mess=0.25,
        two_levels=True,
        titles=True,
        number_row=True,
        sector_groups=True,
        subtotals=True,
        total=True,
        repeated_heading=True,
        district="merged",
        footer=True,
    )
    flat = Style(list(_FLAT_ORDER), unit="đồng")
    if variant in ("office", "nfd", "tcvn3", "vni"):
        office_like.district = rnd.choice(["merged", "blank"])
        return office_like
    if variant == "clean":
        return flat
    if variant in ("merged", "blank"):
        office_like.district = variant
        office_like.subtotals = rnd.random() < 0.5
        return office_like
    if variant == "districts":
        columns = [c for c in _FLAT_ORDER if c != "district"]
        return Style(
            columns, mess=0.2, titles=True, two_levels=rnd.random() < 0.5, district="sheet"
        )
    if variant in ("headers", "units"):
        columns = list(_FLAT_ORDER)
        middle = columns[2:]
        rnd.shuffle(middle)
        columns = columns[:2] + [c for c in middle if c != "note"] + ["note"]
        if rnd.random() < 0.5:
            columns.remove("director")
        style = Style(columns, mess=0.15, titles=variant == "units" or rnd.random() < 0.6)
        style.first_choice = False
        style.left = rnd.choice([0, 0, 1]) if style.titles else 0
        style.unit = rnd.choice(["đồng", "triệu đồng", "tỷ đồng", "nghìn đồng"])
        style.unit_in = "line" if variant == "units" else "header"
        style.number_row = rnd.random() < 0.5
        style.total = rnd.random() < 0.5
        style.two_levels = rnd.random() < 0.3
        return style
    flat.mess = 0.2
    flat.unit = rnd.choice(["đồng", "triệu đồng"])
    flat.titles = rnd.random() < 0.6 and variant != "csv"
    return flat


REGISTER_VARIANTS = (
    "clean",
    "office",
    "districts",
    "headers",
    "units",
    "tcvn3",
    "vni",
    "legacy-columns",
    "nfd",
    "duplicates",
    "merged",
    "blank",
    "csv",
    "xls",
    "problems",
)


def make_register(seed: int, variant: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Write one register of this variant; return its path and its truth."""
    made = Register(seed, variant)
    rnd = made.random
    style = _style(variant, rnd)
    count = rnd.randint(30, 90)
    coops = made.world.province(count, twins=rnd.choice([0, 2]))
    if variant == "districts":
        grids = _district_sheets(made, coops, style)
    else:
        lines = [made.line(coop, style) for coop in coops]
        if style.mess:
            spoil.spoil_register(made, lines, style)
        if variant == "duplicates":
            lines = spoil.add_duplicates(made, lines, style)
        title = "DANH SÁCH HỢP TÁC XÃ TRÊN ĐỊA BÀN TỈNH KIÊN GIANG"
        sheet = rnd.choice(["Danh sách HTX", "DS HTX", "Sheet1"])
        grids = [made.sheet(sheet, lines, style, title)]
    if variant == "office":
        extra = Grid("Tổng hợp")
        extra.line(0, ["TỔNG HỢP HỢP TÁC XÃ THEO HUYỆN"])
        extra.line(2, ["STT", "Huyện, thành phố", "Tổng"])
        extra.line(3, [1, "Thành phố Rạch Giá", 5])
        grids += [extra, Grid("Sheet3")]
    return _save(made, grids, style, folder)


def _district_sheets(made: Register, coops: list[Coop], style: Style) -> list[Grid]:
    grids = []
    for district in dict.fromkeys(c.commune.district for c in coops):
        part = [c for c in coops if c.commune.district == district]
        lines = [made.line(coop, style) for coop in part]
        spoil.spoil_register(made, lines, style, share=0.1)
        name = made.random.choice([district, f"H. {district}", district])
        style.labels = {}
        type_ = part[0].commune.district_type
        title = f"DANH SÁCH HỢP TÁC XÃ TRÊN ĐỊA BÀN {type_.upper()} {district.upper()}"
        grids.append(made.sheet(name, lines, style, title, district))
    return grids


def _save(
    made: Register, grids: list[Grid], style: Style, folder: Path
) -> tuple[Path, dict[str, Any]]:
    rnd, variant = made.random, made.variant
    stem = f"register-{variant}-{made.seed}"
    more: dict[str, Any] = {}
    if variant in ENCODERS:
        for grid in grids:
            grid.map_text(ENCODERS[variant])
        more["sheet_names_plain"] = True
    if variant == "legacy-columns":
        encoding = rnd.choice(["tcvn3", "vni"])
        place = made.columns[grids[0].name]
        keys = rnd.sample(["name", "activity", "commune", "address", "chairman", "district"], 3)
        first = made.layout[0]["first_row"] - 1
        for (row, column), value in list(grids[0].cells.items()):
            if row >= first and isinstance(value, str) and column in {place[k] for k in keys}:
                grids[0].cells[row, column] = ENCODERS[encoding](value)
        more.update(encoding=encoding, encoded_columns=keys)
    if variant == "csv":
        path = folder / f"{stem}.csv"
        encoding = rnd.choice(CSV_ENCODINGS)
        separator = rnd.choice([",", ";", "\t"])
        save_csv(grids[0], path, encoding, separator, rnd.choice(["\n", "\r\n"]))
        _rename_sheet(made, stem)
        more.update(encoding=encoding, separator=separator)
    elif variant == "xls":
        path = folder / f"{stem}.xls"
        save(grids, path, "xls")
    else:
        path = folder / f"{stem}.xlsx"
        merged = any(grid.merges for grid in grids)
        ways = ["xlsxwriter", "openpyxl"] if merged else ["xlsxwriter", "inline", "openpyxl"]
        formulas = any(s.code == "formula_cell" for x in made.lines for s in x.spoilt)
        save(grids, path, "xlsxwriter" if formulas else rnd.choice(ways))
    return path, made.truth(path.name, **more)


def _rename_sheet(made: Register, name: str) -> None:
    """Call the only sheet after its file, as a spreadsheet program does with text files."""
    for line in made.lines:
        line.sheet = name
    made.columns = {name: next(iter(made.columns.values()))}
    for found in made.problems:
        found["sheet"] = name
    for layout in made.layout:
        layout["sheet"] = name
