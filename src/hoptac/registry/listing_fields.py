"""The columns that lists of cooperatives have, and the words that offices head them with."""

from __future__ import annotations

import re

from hoptac.foundation.tables.headings import Field

_PEOPLE = r"ho (?:va )?ten|ten|ho ten"
# What stands above the parts of an address.
_PLACE = r"^(?:dia chi|tru so|dia ban|noi dat tru so)(?: (?:tru so|chinh))*"
# What else lists say of a person.
_OF_A_PERSON = r"cmnd|cccd|can cuoc|trinh do|nam sinh|ngay sinh|gioi tinh|email|dan toc|luong"
FIELDS = (
    Field("number", (r"^(?:stt|tt|so tt|so thu tu|no)$",)),
    Field(
        "name",
        (
            r"ten (?:cua )?(?:hop tac xa|htx|lien hiep|lhhtx|to hop tac|tht|qtd|don vi|to chuc|co so)",
            r"^ten (?:goi|day du)",
            r"^ten$",
            r"^(?:hop tac xa|htx|don vi)$",
            r"ten (?:viet nam|tieng viet)",
            r"^danh sach (?:hop tac xa|htx)$",
        ),
        but=r"so luong|tong so|nguoi|viet tat|dieu lệ|chu tich|giam doc|huyen, xa",
    ),
    Field(
        "registration_number",
        (
            r"ma so (?:hop tac xa|htx|thue|dang ky|dn|doanh nghiep|don vi|dkkd)",
            r"\bmst\b",
            r"ma so thue",
            r"^ma (?:so|htx|don vi)",
            r"so (?:gcn|giay chung nhan|dkkd|dang ky|gcndk)",
            r"giay chung nhan",
            r"ma dinh danh",
        ),
        but=r"ngay|huyen",
    ),
    Field(
        "sector",
        (
            r"^linh vuc",
            r"linh vuc (?:hoat dong|kinh te|nganh)",
            r"nhom nganh",
            r"^phan nganh",
            r"loai hinh",
            r"^nganh$",
            r"phan loai",
            r"^nhom$",
            r"linh vuc",
        ),
    ),
    Field(
        "activity",
        (
            r"nganh nghe",
            r"hoat dong (?:chinh|sxkd|san xuat)",
            r"noi dung hoat dong",
            r"nganh, nghe",
            r"san pham",
            r"nganh (?:kinh doanh|hoat dong|hang)",
            r"kinh doanh",
            r"dich vu chinh",
        ),
        but=r"tinh trang|hien trang|trang thai",
    ),
    Field(
        "district",
        (
            r"^(?:ten )?(?:huyen|quan)(?: |$)",
            rf"{_PLACE} (?:cap )?(?:huyen|quan)\b",
            r"huyen thanh pho|huyen tp|huyen thi|huyen, ",
            r"cap huyen",
            r"\bhuyen\b",
            r"^tp huyen|thanh pho huyen|thi xa thanh pho",
            r"^dia ban$|^dia phuong$",
        ),
        but=r"xa phuong|ap |khu pho",
    ),
    Field(
        "commune",
        (
            r"^xa(?: |$)",
            rf"{_PLACE} (?:cap )?(?:xa|phuong)\b",
            r"xa phuong|phuong xa|xa thi tran|xa tt|xa p\b",
            r"cap xa",
            r"^phuong",
            r"\bxa\b",
        ),
        but=r"hop tac xa|\bap\b|xa vien|huyen.*xa vien",
    ),
    Field(
        "address",
        (
            r"^(?:ap|khu pho|thon|to dan pho|so nha)\b",
            r"\bap\b.*khu pho|khu pho|khom",
            r"dia chi",
            r"tru so",
            r"noi dat|dia diem",
            r"\bap\b",
        ),
        but=r"^xa |^huyen|phuong xa|email|thu dien tu|quan$",
    ),
    Field(
        "established_on",
        (
            r"(?:ngay|nam|thang|thoi gian|thoi diem).*thanh lap",
            r"thanh lap",
            r"ngay (?:cap|dang ky|dk)",
            r"nam (?:tl|dang ky)",
            r"ngay tl",
            r"^nam$",
        ),
        under=((r"thanh lap", r"ngay|nam"),),
    ),
    Field(
        "charter_capital",
        (r"von (?:dieu le|dl)", r"\bvdl\b", r"von (?:dang ky|gop|dk)", r"^von\b", r"\bvon\b"),
        but=r"luu dong|vay|chu so huu|tich luy|kinh doanh|thuc gop",
        is_number=True,
    ),
    Field(
        "area",
        (
            r"dien tich",
            r"^dt (?!lien)|\bdt canh tac|dt sx|dt dat",
            r"quy mo dat|dat canh tac",
            r"\bha\b",
            r"^dt$",
        ),
        but=r"thoai|nha xuong|tru so|\bkho\b|van phong|nha lam viec",
        is_number=True,
    ),
    Field(
        "members",
        (r"(?:so )?(?:thanh vien|xa vien)", r"so tv\b|^tv\b|\btv\b", r"\bxv\b"),
        but=r"nu|moi|ho va ten|gop|lao dong la|trong do|danh sach",
        is_number=True,
    ),
    Field(
        "workers",
        (r"(?:so )?lao dong", r"nguoi lao dong|viec lam", r"so ld\b|^ld\b|\bld\b"),
        but=r"\bnu\b|thu nhap|la thanh vien|binh quan",
        is_number=True,
    ),
    Field(
        "chairman",
        (
            r"chu tich",
            r"nguoi dai dien|dai dien (?:phap luat|theo)|\bddpl\b",
            r"chu nhiem",
            r"\bct hdqt\b|^hdqt",
        ),
        under=((r"chu tich|dai dien|chu nhiem|hdqt", _PEOPLE),),
        but=rf"dien thoai|sdt|\bdt\b|so dt|{_OF_A_PERSON}",
    ),
    Field(
        "director",
        (r"giam doc", r"^gd\b"),
        under=((r"giam doc", _PEOPLE),),
        but=rf"dien thoai|sdt|\bdt\b|chu tich.*giam doc.*dien thoai|{_OF_A_PERSON}",
    ),
    Field(
        "phone",
        (
            r"(?:so )?dien thoai",
            r"\bsdt\b|\bso dt\b|\bdtdd\b",
            r"^dt lien",
            r"lien he|^tel|phone",
            r"^dt$",  # or land: the figures below tell
        ),
        but=r"dien tich",
    ),
    Field(
        "status",
        (
            r"(?:tinh trang|trang thai|hien trang|tinh hinh)(?: hoat dong)?",
            r"^hoat dong$|dang hoat dong",
            r"hoat dong$",
        ),
        but=r"nganh|noi dung|linh vuc|san xuat|chinh|quy mo",
    ),
    Field("note", (r"ghi chu", r"^gc$")),
)

# The seven sectors by the words of lists and group rows; the first that fits wins.
SECTORS = (
    ("industry", re.compile(r"cong nghiep|tieu thu cong|thu cong|\bttcn\b|\bcn\b|\btcn\b|lang nghe")),
    ("credit", re.compile(r"tin dung|\bqtd|\btd(?:nd)?\b|ngan hang")),
    ("transport", re.compile(r"van tai|giao thong|\bgtvt\b|\bvt\b|boc xep")),
    ("construction", re.compile(r"xay dung|\bxd\b")),
    (
        "agriculture",
        re.compile(r"nong|\blam\b|\bngu\b|diem nghiep|^diem\b|thuy san|trong trot|chan nuoi|\bnn\b|"
                   r"\bnl(?:n|nd|nt|ts|nts)\b|khai thac hai san"),
    ),
    ("trade", re.compile(r"thuong mai|\btm\b|buon ban|\btmdv\b|tm-dv|dich vu")),
    ("other", re.compile(r"khac|moi truong|nha o|y te|giao duc|du lich")),
)  # fmt: skip

STATES = (
    ("dissolving", re.compile(r"giai the|pha san|thu hoi")),
    ("suspended", re.compile(r"tam (?:ngung|ngung|dung|nghi)")),
    (
        "idle",
        re.compile(
            r"(?:ngung|khong con|khong|dung|nghi|chua)\s*(?:hoat dong|hd|hdong)|^ngung|^nghi|khong hd"
        ),
    ),
    ("active", re.compile(r"hoat dong|\bhd\b|\bhdong\b|binh thuong|^co$|^x$")),
)


def sector_of(folded: str) -> str | None:
    """Return the sector that a folded text names, or nothing."""
    for code, pattern in SECTORS:
        if pattern.search(folded):
            return code
    return None


# The words that sectors are made of, and those that stand around them.
_OF_SECTORS = frozenset(
    "nong lam ngu diem nghiep thuy hai san chan nuoi trong trot cong tieu thu xay dung tin quy nhan dan thuong mai "
    "dich vu van tai giao thong nn nln nlnd nlts cn ttcn tcn xd td qtd qtdnd tdnd tm dv tmdv vt gtvt va khac "
    "linh vuc nganh nhom khoi htx".split()
)


def is_only_a_sector(folded: str) -> bool:
    """Tell whether a folded text names a sector and nothing else, as no cooperative is called."""
    told = [w for w in folded.split() if not w.isdigit()]
    return sector_of(folded) is not None and all(w in _OF_SECTORS for w in told)


def state_of(folded: str) -> str | None:
    """Return the working state that a folded text tells, or nothing."""
    for code, pattern in STATES:
        if pattern.search(folded):
            return code
    return None
