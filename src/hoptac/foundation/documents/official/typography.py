"""Texts made ready for print: composed letters, no invisible signs, no line ending in the wrong place."""

from __future__ import annotations

import re
import unicodedata

from hoptac.foundation.vietnamese import nfc

NBSP = "\u00a0"
ZERO_WIDTH_SPACE = "\u200b"

# A word that is read together with the number behind it.
_BEFORE = re.compile(
    r"\b(điều|khoản|điểm|mục|chương|phần|phụ lục|bảng|biểu|mẫu|hình|số|ngày|tháng|năm|quý|trang|lần|"
    r"giai đoạn|nhiệm kỳ|khóa|kỳ họp thứ) +(?=[\d…]|[IVXLC]+\b|[a-zđ]\b)",
    re.IGNORECASE,
)
# A number and its unit; "triệu đồng" stays together too.
_AFTER = re.compile(
    r"(?<=\d) +(?=(?:%|‰|°|đồng|nghìn|ngàn|triệu|tỷ|tỉ|ha|km|km2|m|m2|m3|km²|m²|m³|mm|cm|kg|tấn|tạ|lít|"
    r"người|hộ|lượt|giờ|phút|tuổi|VND|USD)(?!\w))"
)
_MONEY = re.compile(r"\b(nghìn|ngàn|triệu|tỷ|tỉ) +(?=đồng\b)")
_TITLE = re.compile(r"\b(TP\.|Tp\.|TX\.|TT\.|ThS\.|TS\.|PGS\.|GS\.) +(?=\w)")
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")


def clean(text: str) -> str:
    """Return a text in NFC without control, invisible or private signs; line ends are kept as ``\\n``."""
    if text.isprintable():
        return nfc(text)
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    return nfc("".join(c for c in text if c == "\n" or unicodedata.category(c)[0] != "C"))


def set_well(text: str) -> str:
    """Return a clean text whose numbers keep to the words they belong to, by no-break spaces."""
    text = clean(text)
    if " " not in text:
        return text
    text = _BEFORE.sub(lambda m: m.group(1) + NBSP, text)
    text = _AFTER.sub(NBSP, text)
    text = _MONEY.sub(lambda m: m.group(1) + NBSP, text)
    return _TITLE.sub(lambda m: m.group(1) + NBSP, text)


def breakable(text: str, most: int = 16) -> str:
    """Return the text with hidden places to break words longer than any Vietnamese one."""
    if len(text) <= most:
        return text
    return re.sub(
        rf"\S{{{most + 1},}}",
        lambda m: ZERO_WIDTH_SPACE.join(
            m.group()[at : at + most] for at in range(0, len(m.group()), most)
        ),
        text,
    )
