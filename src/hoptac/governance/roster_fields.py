"""The columns of registers of members and the words that offices head them with."""

from __future__ import annotations

import re

from hoptac.foundation.tables.headings import Field
from hoptac.foundation.vietnamese import fold

FIELDS = (
    Field("number", (r"^(?:stt|tt|so tt|so thu tu|no)$",)),
    Field(
        "cooperative",
        (
            r"ten (?:hop tac xa|htx|lien hiep|lhhtx|qtd|quy tin dung|don vi|to chuc)",
            r"^(?:hop tac xa|htx|don vi)$",
            r"thuoc (?:hop tac xa|htx)|^(?:hop tac xa|htx) (?:thanh vien|tham gia)$",
        ),
        but=r"ma so|ngay|ho va ten|ho ten",
    ),
    Field(
        "registration_number",
        (
            r"ma so (?:thue )?(?:cua )?(?:hop tac xa|htx|don vi)",
            r"ma so thue|\bmst\b",
            r"^ma (?:htx|don vi|hop tac xa)",
            r"ma so (?:dang ky|dkkd)|so (?:gcn|dkkd)",
            r"^ma so$",
        ),
        but=r"ca nhan|dinh danh|thanh vien|gop von|von gop",
    ),
    Field(
        "full_name",
        (
            r"ho (?:va |chu )?(?:lot |dem |chu dem )?(?:va )?ten",
            r"ten (?:thanh vien|xa vien|nguoi|tv|chu ho)",
            r"^(?:thanh vien|xa vien)$",
            r"^ten$",
        ),
        but=r"hop tac xa|\bhtx\b|nguoi than|nguoi thua ke|chong|\bvo\b|chu tich|giam doc|"
        r"dai dien|ke toan|kiem soat|nguoi lap",
    ),
    Field(
        "birth_date",
        (r"(?:ngay|nam|thang).*sinh", r"sinh (?:ngay|nam)", r"^ns$|nam sinh|ngay sinh"),
        but=r"gioi tinh|noi sinh$",
    ),
    Field("male", (r"^nam$",), under=((r"sinh|gioi tinh|phai", r"^nam$"),)),
    Field("female", (r"^nu$",), under=((r"sinh|gioi tinh|phai", r"^nu$"),)),
    Field("gender", (r"gioi tinh", r"^nam nu$|\bnam nu\b", r"^phai$|^gioi$|^gt$"), but=r"sinh"),
    Field(
        "id_number",
        (
            r"cmnd|cccd|cmtnd|\bcmt\b|can cuoc|chung minh",
            r"so dinh danh|dinh danh ca nhan|\bddcn\b",
            r"giay to (?:tuy than|phap ly|chung thuc)|so giay to",
        ),
        but=r"ngay cap|noi cap|co quan cap",
    ),
    Field(
        "address",
        (r"noi cu tru|cho o|noi o", r"dia chi", r"thuong tru|ho khau|tam tru", r"^ap\b|khu pho"),
        but=r"email|thu dien tu",
    ),
    Field(
        "kind",
        (
            r"loai (?:hinh )?(?:thanh vien|tv|xa vien)",
            r"(?:thanh vien|xa vien|\btv) la\b|ca nhan.*\bho\b.*(?:phap nhan|to chuc)",
            r"doi tuong",
            r"tu cach|loai hinh|^loai$",
        ),
    ),
    Field(
        "contribution_vnd",
        (
            r"von gop|gop von|von da gop|von thuc gop",
            r"phan von|so von|muc gop|so tien gop",
            r"so tien|gia tri gop",
            r"^von\b",
        ),
        but=r"ty le|ti le|%|^ngay|thoi (?:diem|han|gian)|ngay gop|hinh thuc|cam ket|\bgcn\b|giay chung nhan",
        is_number=True,
    ),
    Field("share", (r"ty le|ti le", r"%|phan tram"), is_number=True),
    Field(
        "joined_on",
        (
            r"(?:ngay|nam|thoi (?:gian|diem)).*(?:gia nhap|vao|ket nap|tham gia)",
            r"gia nhap|ket nap|tham gia",
            r"ngay (?:tro thanh|cong nhan)",
        ),
        but=r"don xin|so don",
    ),
    Field(
        "land_ha",
        (r"dien tich|\bdt dat\b|^dt\b.*(?:ha|m2)", r"\bdat\b", r"\bha\b|\(ha\)"),
        but=r"so thua|giay",
        is_number=True,
    ),
    Field(
        "phone",
        (r"(?:so )?dien thoai", r"\bsdt\b|\bso dt\b|\bdtdd\b", r"^dt$|lien he|phone"),
        but=r"dien tich",
    ),
    Field("note", (r"ghi chu", r"^gc$")),
)
NEEDED = (
    ("full_name",),
    ("id_number", "birth_date", "gender", "male", "contribution_vnd", "joined_on"),
)

_GENDERS = (("male", re.compile(r"^(?:nam|ong|m|male|trai)$")),
            ("female", re.compile(r"^(?:nu|ba|f|female|gai|co)$")))  # fmt: skip
_KINDS = (
    ("household", re.compile(r"\bho\b|gia dinh|\bhgd\b")),
    ("entity", re.compile(r"phap nhan|doanh nghiep|to chuc|cong ty|\bpn\b")),
    ("individual", re.compile(r"ca nhan|nguoi|\bcn\b|chinh thuc")),
)
_ENTITY_NAME = re.compile(
    r"^(?:cong ty|cty|tong cong ty|doanh nghiep|dntn|hop tac xa|htx|quy tin dung|truong|trung tam|ubnd|uy ban)\b"
)


def is_without_capital(folded: str) -> bool:
    """Tell whether a folded kind is that of an associate who contributes no capital (Law of 2023)."""
    return "khong gop von" in folded


def is_entity_name(name: str) -> bool:
    """Tell whether a member's name is that of a company or office, where no column says the kind."""
    return _ENTITY_NAME.search(fold(name)) is not None


def gender_of(folded: str) -> str | None:
    """Return the gender that a folded text names, or nothing."""
    return next((code for code, pattern in _GENDERS if pattern.search(folded)), None)


def member_kind_of(folded: str) -> str | None:
    """Return the kind of member that a folded text names, or nothing."""
    return next((code for code, pattern in _KINDS if pattern.search(folded)), None)
