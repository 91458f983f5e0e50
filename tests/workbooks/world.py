"""An invented province: its real communes, and cooperatives, people and numbers drawn from a seed.

All names of people, telephone, identity and tax numbers are invented, from ranges not given out.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import random
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

SECTORS = ("agriculture", "industry", "construction", "credit", "trade", "transport")
AS_OF = dt.date(2019, 12, 31)

_KINDS = {
    "agriculture": (
        ("Nông nghiệp", "Trồng lúa; dịch vụ bơm tưới"),
        ("Dịch vụ nông nghiệp", "Sản xuất lúa, bơm tưới tiêu, làm đất"),
        ("Sản xuất nông nghiệp", "Sản xuất lúa giống; cung ứng vật tư"),
        ("Thủy sản", "Nuôi tôm - lúa"),
        ("Nuôi tôm", "Nuôi tôm quảng canh cải tiến"),
        ("Rau an toàn", "Sản xuất rau an toàn"),
        ("Hồ tiêu", "Trồng hồ tiêu"),
    ),
    "industry": (
        ("Tiểu thủ công nghiệp", "Cơ khí; sửa chữa máy nông nghiệp"),
        ("Thủ công mỹ nghệ", "Đan lát, mây tre lá"),
    ),
    "construction": (("Xây dựng", "Xây dựng dân dụng, giao thông nông thôn"),),
    "credit": (("", "Huy động vốn, cho vay thành viên"),),
    "trade": (("Thương mại dịch vụ", "Mua bán vật tư, hàng tiêu dùng"),),
    "transport": (
        ("Vận tải", "Vận tải thủy nội địa"),
        ("Giao thông vận tải", "Vận tải hành khách, hàng hóa đường bộ"),
    ),
}
_SHORT = {
    "Nông nghiệp": "NN",
    "Dịch vụ nông nghiệp": "DVNN",
    "Sản xuất nông nghiệp": "SXNN",
    "Thủy sản": "TS",
    "Xây dựng": "XD",
    "Vận tải": "VT",
    "Rau an toàn": "RAT",
    "Thủ công mỹ nghệ": "TCMN",
}
_FIRST = "Minh Tân Vĩnh Phước Hòa Thạnh Đồng Kim Hưng Quyết Long Phú Thuận Nhựt Đại".split()
_FIRST += (
    "Vạn Trung Bình Hiệp Thành Sơn Lộc Mỹ Tiến Đông Nam Tây Hợp Đoàn Toàn Quang Trường".split()
)
_SECOND = (
    "Phong Thành Tiến Lợi Đức Phát Hưng Thịnh Mỹ Lộc Thắng Tâm Đông Tây Hòa Phú Thuận An".split()
)
_SECOND += "Khởi Quới Sơn Hiệp Trị Bình Nhất Kết".split()
_HAMLETS = "Hòa Thạnh Phước Tân Mỹ Long Bình Vĩnh Kinh Đông".split()
_HAMLET_ENDS = "Lợi Tiến Đông Tây Trung Lộc Phú Hưng Bình Định".split()
_SURNAMES = "Nguyễn Trần Lê Phạm Huỳnh Danh Võ Đặng Bùi Lâm Hồ Ngô Dương Lý Mai Cao Thái Tô".split()
_MIDDLE_MEN = "Văn Hữu Công Minh Quốc Đức Thanh Chí Phước".split()
_MEN = "Dũng Hải Thắng Tâm Phong Hiếu Thuận Sơn Bé Năm Kiệt Giàu Đức Quang Tài Lộc Nam Bình".split()
_MIDDLE_WOMEN = "Thị Ngọc Hồng Bích Mỹ Kim".split()
_WOMEN = "Loan Hà Lan Trinh Hồng Nương Dung Vân Muội Xuân Trang Liên Phượng Thảo".split()
_MOBILES = "032 033 034 035 036 037 038 039 070 077 078 079 081 082 083 084 085 086".split()
_MOBILES += "088 089 090 091 093 094 096 097 098".split()
OLD_PREFIXES = {"0124": "084", "0127": "081", "0167": "037", "0169": "039", "0122": "077"}


def shared_folder() -> Path:
    """Return the folder of facts and given workbooks: beside the repository, or as told."""
    told = os.environ.get("HOPTAC_SHARED")
    return Path(told) if told else Path(__file__).resolve().parents[3] / "shared"


@dataclass(frozen=True)
class Commune:
    """A commune of 2019 with its district."""

    district: str
    district_type: str
    district_code: str
    name: str
    type: str
    code: str


@cache
def communes() -> tuple[Commune, ...]:
    """Return the communes of the province at the end of 2019."""
    path = shared_folder() / "facts" / "kien-giang-units-2019.csv"
    if not path.exists():
        path = Path(__file__).parent / "data" / "units-2019.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Commune(
                row["district"],
                row["district_type"],
                row["district_code"],
                row["commune"],
                row["commune_type"],
                row["commune_code"],
            )
            for row in csv.DictReader(file)
        )


@cache
def districts() -> tuple[str, ...]:
    """Return the names of the districts, in the order of their codes."""
    return tuple(
        dict.fromkeys(c.district for c in sorted(communes(), key=lambda c: c.district_code))
    )


@dataclass
class Coop:
    """One invented cooperative, as it truly is."""

    kind: str  # the words after "Hợp tác xã"; empty for a credit fund
    own_name: str
    registration_number: str | None
    sector: str
    activity: str
    commune: Commune
    address: str
    established_on: dt.date
    capital: int  # dong
    area: float | None
    members: int
    workers: int
    chairman: str
    director: str
    phone: str
    status: str
    extra: dict[str, object] = field(default_factory=dict)

    def name(self, how: str = "full") -> str:
        """Return the name: ``full``, ``htx`` (HTX instead of Hợp tác xã) or ``short`` (HTX NN)."""
        if not self.kind:
            return f"{'QTDND' if how == 'short' else 'Quỹ tín dụng nhân dân'} {self.own_name}"
        kind = _SHORT.get(self.kind, self.kind) if how == "short" else self.kind
        return f"{'Hợp tác xã' if how == 'full' else 'HTX'} {kind} {self.own_name}"


def tax_code(serial: str) -> str | None:
    """Return nine digits with their check digit, or None where none exists."""
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    check = 10 - sum(w * int(d) for w, d in zip(weights, serial, strict=True)) % 11
    return f"{serial}{check}" if check < 10 else None


class World:
    """Draws cooperatives and people; nothing it draws is drawn twice."""

    def __init__(self, seed: int | str, *, plain_capitals: bool = False) -> None:
        self.random = random.Random(f"world {seed}")
        self.numbers: set[str] = set()
        self.names: set[str] = set()
        self.phones: set[str] = set()
        self.people: set[str] = set()
        self.plain_capitals = plain_capitals

    def number(self) -> str:
        """Return an unused tax code of the invented range."""
        while True:
            code = tax_code(f"1709{self.random.randrange(100_000):05}")
            if code and code not in self.numbers:
                self.numbers.add(code)
                return code

    def phone(self) -> str:
        """Return an unused invented telephone number."""
        while True:
            if self.random.random() < 0.15:
                phone = f"02973000{self.random.randrange(1000):03}"
            else:
                phone = f"{self.random.choice(_MOBILES)}000{self.random.randrange(10_000):04}"
            if phone not in self.phones:
                self.phones.add(phone)
                return phone

    def person(self, gender: str = "male") -> str:
        """Return an unused full name."""
        while True:
            middles, lasts = (_MIDDLE_MEN, _MEN) if gender == "male" else (_MIDDLE_WOMEN, _WOMEN)
            pick = self.random.choice
            extra = f" {pick(lasts)}" if self.random.random() < 0.3 else ""
            name = f"{pick(_SURNAMES)} {pick(middles)}{extra} {pick(lasts)}"
            if name not in self.people:
                self.people.add(name)
                return name

    def hamlet(self) -> str:
        """Return a hamlet."""
        return f"ấp {self.random.choice(_HAMLETS)} {self.random.choice(_HAMLET_ENDS)}"

    def own_name(self, commune: Commune) -> str:
        """Return a name of its own, not near another of the same words."""
        rnd = self.random
        while True:
            name = f"{rnd.choice(_FIRST)} {rnd.choice(_SECOND)}"
            if rnd.random() < 0.12:
                name = commune.name
            if name.split()[0] == name.split()[-1]:
                continue
            if name in self.names:
                suffix = rnd.choice(["A", "B", "1", "2"])
                if rnd.random() < 0.9 or f"{name} {suffix}" in self.names:
                    continue
                name = f"{name} {suffix}"
            self.names.add(name)
            return name

    def coop(self, sector: str | None = None, commune: Commune | None = None) -> Coop:
        """Return a new cooperative."""
        rnd = self.random
        sector = sector or rnd.choices(SECTORS, (75, 5, 3, 6, 4, 7))[0]
        commune = commune or rnd.choice(communes())
        kind, activity = rnd.choice(_KINDS[sector])
        members = rnd.randint(8, 120) * (3 if sector == "credit" else 1)
        chairman = self.person(rnd.choice(["male", "male", "female"]))
        farmed = sector == "agriculture" and rnd.random() < 0.9
        return Coop(
            kind=kind,
            own_name=self.own_name(commune),
            registration_number=self.number(),
            sector=sector,
            activity=activity,
            commune=commune,
            address=self.hamlet(),
            established_on=dt.date(1998, 1, 1) + dt.timedelta(days=rnd.randrange(7900)),
            capital=self._capital(sector),
            area=round(rnd.uniform(5, 500), rnd.choice([0, 1, 2])) if farmed else None,
            members=members,
            workers=rnd.randint(5, 60),
            chairman=chairman,
            director=chairman if rnd.random() < 0.4 else self.person(),
            phone=self.phone(),
            status=rnd.choices(("active", "suspended", "idle", "dissolving"), (85, 4, 9, 2))[0],
        )

    def _capital(self, sector: str) -> int:
        rnd = self.random
        if sector == "credit":
            return rnd.randint(20, 120) * 50_000_000
        if rnd.random() < 0.3:
            return rnd.randint(3000, 99_999) * 10_000
        return rnd.randint(3, 250) * 10_000_000

    def province(
        self, count: int, *, twins: int = 0, districts_only: list[str] | None = None
    ) -> list[Coop]:
        """Return cooperatives ordered by district and commune; ``twins`` share a name elsewhere."""
        chosen = [c for c in communes() if not districts_only or c.district in districts_only]
        coops = [self.coop(commune=self.random.choice(chosen)) for _ in range(count)]
        for coop in self.random.sample(coops, min(twins, count)):
            elsewhere = [c for c in chosen if c.district != coop.commune.district]
            if elsewhere:
                coops.append(
                    replace(
                        self.coop(coop.sector, self.random.choice(elsewhere)),
                        kind=coop.kind,
                        own_name=coop.own_name,
                        activity=coop.activity,
                    )
                )
        return sorted(
            coops, key=lambda c: (districts().index(c.commune.district), c.commune.code, c.own_name)
        )
