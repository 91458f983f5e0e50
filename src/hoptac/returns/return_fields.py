"""The columns of yearly returns and the words that offices head them with."""

from __future__ import annotations

from hoptac.foundation.tables.headings import Field

_MEMBERS = r"thanh vien|xa vien|\btv\b"
_WORKERS = r"lao dong|\bld\b"
_TOTAL = r"^(?:tong so|tong|tong cong|so luong|chung)\b"

FIELDS = (
    Field("number", (r"^(?:stt|tt|so tt|so thu tu|no)$",)),
    Field("year", (r"^nam(?: bao cao| tai chinh)?$", r"^ky bao cao$")),
    Field(
        "name",
        (
            r"ten (?:cua )?(?:hop tac xa|htx|lien hiep|lhhtx|qtd|quy tin dung|don vi|to chuc)",
            r"^ten (?:goi|day du)|^ten$",
            r"^(?:hop tac xa|htx|don vi)$",
        ),
        but=r"so luong|ma so|ra khoi",
    ),
    Field(
        "registration_number",
        (
            r"ma so (?:thue )?(?:hop tac xa|htx|dang ky|dn|doanh nghiep|don vi)",
            r"ma so thue|\bmst\b",
            r"^ma (?:so|htx|don vi)",
            r"so (?:gcn|giay chung nhan|dkkd)",
        ),
        but=r"ngay",
    ),
    Field(
        "district", (r"^(?:ten )?(?:huyen|quan)(?: |$)", r"\bhuyen\b", r"^dia ban$|^dia phuong$")
    ),
    Field(
        "members",
        (
            r"(?:tong )?so (?:luong )?(?:thanh vien|xa vien|tv)\b",
            r"^(?:thanh vien|xa vien|tong tv)$",
        ),
        under=((_MEMBERS, _TOTAL),),
        but=r"moi|ra khoi|ca nhan|\bho\b|phap nhan|lao dong|doanh thu|dich vu|cung ung|la thanh vien",
        is_number=True,
    ),
    Field(
        "members_individual",
        (r"^(?:thanh vien )?(?:la )?ca nhan", r"\bca nhan\b"),
        under=((_MEMBERS, r"ca nhan"),),
        is_number=True,
    ),
    Field(
        "members_household",
        (r"ho gia dinh|^ho$|ho gd|\bhgd\b",),
        under=((_MEMBERS, r"\bho\b"),),
        is_number=True,
    ),
    Field(
        "members_entity",
        (r"phap nhan|to chuc",),
        under=((_MEMBERS, r"phap nhan|to chuc"),),
        but=r"^ten",
        is_number=True,
    ),
    Field(
        "members_new",
        (
            r"ket nap|gia nhap|(?:thanh vien|tv) moi|moi (?:vao|gia nhap)",
            r"tang trong (?:nam|ky)|^(?:tang|moi)$",
        ),
        under=((_MEMBERS, r"\bmoi\b|\btang\b|ket nap"),),
        but=r"lao dong|von|doanh",
        is_number=True,
    ),
    Field(
        "members_left",
        (
            r"ra khoi|xin ra|cham dut tu cach|\bra (?:htx|hop tac xa)",
            r"giam trong (?:nam|ky)|^(?:giam|ra)$",
        ),
        under=((_MEMBERS, r"\bra\b|giam|cham dut"),),
        but=r"lao dong|von|doanh",
        is_number=True,
    ),
    Field(
        "workers",
        (
            r"(?:tong )?so (?:luong )?(?:nguoi )?lao dong|tong (?:so )?(?:lao dong|ld)\b",
            r"^(?:lao dong|nguoi lao dong)$",
            r"\bso ld\b|^ld$|(?:lao dong|\bld) (?:lam viec )?thuong xuyen",
        ),
        under=((_WORKERS, _TOTAL),),
        but=r"\bnu\b|la thanh vien|la tv|thu nhap|binh quan|dong thoi|luong|tien",
        is_number=True,
    ),
    Field(
        "workers_members",
        (r"la (?:thanh vien|xa vien|tv)", r"lao dong thanh vien|dong thoi"),
        under=((_WORKERS, _MEMBERS),),
        but=r"doanh thu|dich vu|thu nhap",
        is_number=True,
    ),
    Field(
        "workers_female",
        (r"lao dong nu|\bld nu|nu lao dong", r"^(?:la |trong do )?nu$"),
        under=((_WORKERS, r"\bnu\b"),),
        is_number=True,
    ),
    Field(
        "charter_capital",
        (r"von (?:dieu le|dl)\b", r"\bvdl\b", r"von (?:gop|dang ky)"),
        but=r"thuc gop|chu so huu",
        is_number=True,
    ),
    Field(
        "assets",
        (r"tong (?:gia tri )?(?:tai san|ts)\b|tong nguon von", r"^(?:gia tri )?tai san$"),
        but=r"khong chia|co dinh|luu dong|net",
        is_number=True,
    ),
    Field(
        "liabilities",
        (r"no phai tra|tong no", r"^(?:cong )?no\b"),
        but=r"thu hoi|phai thu",
        is_number=True,
    ),
    Field(
        "equity",
        (r"von chu so huu|\bvcsh\b|von (?:chu|csh)\b", r"von tu co|von rong"),
        is_number=True,
    ),
    Field(
        "indivisible_assets",
        (r"(?:tai san|ts|von|quy)(?: chung)? khong chia", r"khong chia"),
        is_number=True,
    ),
    Field(
        "revenue",
        (r"^(?:tong )?doanh thu(?: thuan)?\b", r"tong thu\b|doanh so"),
        but=r"thanh vien|xa vien|noi bo|tu tv|ben ngoai|trong do",
        is_number=True,
    ),
    Field(
        "revenue_members",
        (
            r"doanh thu (?:tu |voi |cua |cho |noi bo |doi voi )*(?:thanh vien|xa vien|tv)\b|doanh thu noi bo",
            r"(?:tu|voi|cho) (?:thanh vien|xa vien|tv)\b|giao dich noi bo",
        ),
        under=((r"doanh thu", r"thanh vien|xa vien|\btv\b|noi bo"),),
        but=r"dich vu|cung ung|lao dong",
        is_number=True,
    ),
    Field(
        "profit",
        (
            r"(?:loi nhuan|lai)(?: truoc thue)?|\blntt\b",
            r"ket qua kinh doanh|lai lo|thu nhap truoc thue",
        ),
        but=r"sau thue|phan phoi|chia|nop|vay",
        is_number=True,
    ),
    Field(
        "fund_development",
        (r"dau tu phat trien|\bdtpt\b", r"phat trien san xuat"),
        but=r"^tong",
        is_number=True,
    ),
    Field("fund_reserve", (r"du phong(?: tai chinh)?|\bdptc\b",), is_number=True),
    Field("fund_other", (r"quy khac|cac quy khac",), under=((r"quy", r"khac"),), is_number=True),
    Field(
        "income_per_worker",
        (
            r"thu nhap (?:binh quan|bq|tb|trung binh)|thu nhap.*lao dong",
            r"(?:luong|thu nhap).*(?:binh quan|bq)",
            r"^thu nhap",
        ),
        but=r"truoc thue|thanh vien",
        is_number=True,
    ),
    Field(
        "services",
        (r"dich vu (?:cung ung|cung cap|phuc vu|cho|ho tro|da)", r"(?:cac )?dich vu\b"),
        but=r"doanh thu|so luong|ten|linh vuc",
    ),
    Field("note", (r"ghi chu", r"^gc$")),
)
NEEDED = (
    ("name", "registration_number"),
    ("revenue", "assets", "profit", "equity", "income_per_worker", "fund_development"),
)

COUNTS = (
    "members", "members_individual", "members_household", "members_entity", "members_new",
    "members_left", "workers", "workers_members", "workers_female",
)  # fmt: skip
MONEY = (
    "charter_capital", "assets", "liabilities", "equity", "indivisible_assets", "revenue",
    "revenue_members", "profit", "fund_development", "fund_reserve", "fund_other", "income_per_worker",
)  # fmt: skip
# Sums that hold in every return, and parts that no whole is smaller than.
SUMS = (
    ("members", ("members_individual", "members_household", "members_entity")),
    ("assets", ("liabilities", "equity")),
)
PARTS = (
    ("revenue_members", "revenue"),
    ("workers_members", "workers"),
    ("workers_female", "workers"),
)
# Figures that change little from year to year, so that a wrong unit shows.
STEADY = ("charter_capital", "assets", "liabilities", "equity", "revenue", "income_per_worker")


def key_of(code: str) -> str:
    """Return a record's key for a column: money says that it is in dong."""
    return f"{code}_vnd" if code in MONEY else code
