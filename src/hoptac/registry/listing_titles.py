"""What the headings, the titles of a list and the names of its sheets say of every line: sector and district. Pure."""

from __future__ import annotations

import re

from hoptac.foundation.tables import rows
from hoptac.foundation.tables.headings import Heading, words
from hoptac.foundation.transfers.cells import Sheet
from hoptac.foundation.vietnamese import tidy
from hoptac.jurisdiction.gazetteer import Gazetteer
from hoptac.registry.listing_fields import SECTORS, sector_of

_ASIDE = re.compile(r",\s*ngày|địa chỉ|kèm theo", re.IGNORECASE)
_COMMUNE = re.compile(r"(?:xã|x\.|phường|p\.|thị trấn|tt\b)", re.IGNORECASE)
_OF_SECTOR = re.compile(
    r"\b(?:(?:hop tac xa|htx)(?: (?:thuoc|trong|theo))?(?: (?:linh vuc|nganh|nhom))?|linh vuc|nganh) "
    r"((?:san xuat )?(?:cn|ttcn|xd|tm|gtvt|vt|qtdnd|quy tin|nn|nl\w{1,3}|"
    r"nong|lam nghiep|ngu nghiep|diem nghiep|thuy san|cong nghiep|tieu thu cong|xay dung|"
    r"tin dung|thuong mai|dich vu|van tai|giao thong)\b.*)"
)


def titles_of(sheet: Sheet, heading: Heading) -> list[str]:
    """Return the folded lines above the heading, without where and when it was signed."""
    lines = [
        words(text) for row in sheet.rows[: heading.first] for _c, text in rows.texts_of(row)
        if not _ASIDE.search(text)
    ]  # fmt: skip
    return [t for t in lines if len(t) <= 200]


def sector_told(sheet: Sheet, heading: Heading, places: Gazetteer) -> str | None:
    """Return the one sector that the sheet's name or a title names (*danh sách HTX nông nghiệp*).

    Nothing where a column says it, or where the titles speak of several.
    """
    if "sector" in heading.columns:
        return None
    named = sector_of(words(sheet.name))
    if named is not None and places.district_in(sheet.name) is None:
        return named
    told = [
        t[found.start(1) :] for t in titles_of(sheet, heading) if (found := _OF_SECTOR.search(t))
    ]
    codes = {code for t in told for code, pattern in SECTORS if pattern.search(t)}
    if len(codes) > 1:
        codes -= {"trade"}  # *dịch vụ nông nghiệp* is agriculture
    return codes.pop() if len(codes) == 1 and not any("phi nong" in t for t in told) else None


def sector_marks(heading: Heading) -> dict[int, str]:
    """Return the columns that stand for one sector each, to be marked with an x; none for a usual list."""
    marks: dict[int, str] = {}
    for c, text in heading.texts.items():
        *above, leaf = text.split(" | ")
        code = sector_of(leaf)
        if code is not None and re.search(r"linh vuc|nganh|phan loai|loai hinh", " ".join(above)):
            marks.setdefault(c, code)
    return marks if len(set(marks.values())) >= 3 else {}


def _commune_in(text: str) -> str:
    """Return the part of an address that says a commune, or its last part."""
    parts = [p.strip() for p in text.split(",") if p.strip()] or [text]
    return next((p for p in reversed(parts) if _COMMUNE.match(p)), parts[-1])


def district_told(sheet: Sheet, heading: Heading, places: Gazetteer) -> tuple[str, str] | None:
    """Return the one district that the titles name, where most communes of the list lie in it."""
    c = heading.columns.get("commune", heading.columns.get("address"))
    if "district" in heading.columns or c is None:
        return None
    named = {d for t in titles_of(sheet, heading) if (d := places.district_in(t)) is not None}
    if len(named) != 1:
        return None
    (district,) = named
    told = {
        _commune_in(tidy(v)) for row in sheet.rows[heading.last + 1 :]
        if c < len(row) and isinstance(v := row[c], str) and v.strip()
    }  # fmt: skip
    inside = sum(places.commune(t, district[0]).how in {"exact", "misspelt"} for t in told)
    return district if inside * 2 > len(told) else None
