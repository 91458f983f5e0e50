"""Malformed and dangerous workbooks: the 25 kinds, mutants of each by seed, with what must happen.

``outcome`` is ``refuse`` (a clear message), ``import`` (exactly ``rows``) or ``either``.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlwt

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PKG = "http://schemas.openxmlformats.org/package/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ROWS = [["Tên HTX", "Số"], ["Hợp tác xã Một", 1], ["Hợp tác xã Hai", 2]]


@dataclass(frozen=True)
class Bad:
    """One bad file and what must happen to it."""

    kind: str
    path: Path
    outcome: str
    rows: list[list[Any]] | None = None


Parts = dict[str, bytes]


def cell(reference: str, value: Any) -> str:
    """Return the XML of one cell."""
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def sheet_xml(data: str, before: str = "", after: str = "") -> bytes:
    """Return a sheet around its rows."""
    body = f"{before}<sheetData>{data}</sheetData>{after}"
    return f'{_XML}<worksheet xmlns="{_MAIN}">{body}</worksheet>'.encode()


def honest_rows() -> str:
    """Return the rows of a small honest sheet."""
    return "".join(
        f'<row r="{i}">' + "".join(cell(f"{'AB'[j]}{i}", v) for j, v in enumerate(row)) + "</row>"
        for i, row in enumerate(ROWS, 1)
    )


def parts(sheet: bytes | None = None, strings: bytes | None = None) -> Parts:
    """Return the parts of a small honest workbook."""
    types = (
        f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    extra = (
        f'<Relationship Id="rId2" Type="{_REL}/sharedStrings" Target="sharedStrings.xml"/>'
        if strings
        else ""
    )
    out = {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": (
            f'{_XML}<Relationships xmlns="{_PKG}"><Relationship Id="rId1" '
            f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
            '<sheet name="Trang 1" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'{_XML}<Relationships xmlns="{_PKG}"><Relationship Id="rId1" '
            f'Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>{extra}</Relationships>'
        ).encode(),
        "xl/worksheets/sheet1.xml": sheet or sheet_xml(honest_rows()),
    }
    if strings:
        out["xl/sharedStrings.xml"] = strings
    return out


def pack(items: Parts) -> bytes:
    """Return the zip of the parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in items.items():
            archive.writestr(name, data)
    return out.getvalue()


def _repeated(name: str, head: bytes, unit: bytes, tail: bytes, times: int, base: Parts) -> bytes:
    """Return a workbook whose part repeats a unit many times, deflated piece by piece."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for other, data in base.items():
            if other != name:
                archive.writestr(other, data)
        block = unit * max(1, (1 << 20) // len(unit))
        each = len(block) // len(unit)
        with archive.open(name, "w", force_zip64=False) as part:
            part.write(head)
            for _ in range(times // each):
                part.write(block)
            part.write(unit * (times % each))
            part.write(tail)
    return out.getvalue()


def _sheet_of(unit: bytes, times: int) -> bytes:
    head, tail = sheet_xml("@").split(b"@")
    return _repeated("xl/worksheets/sheet1.xml", head, unit, tail, times, parts())


Made = tuple[str, bytes, str]


def truncated(rnd: random.Random) -> Made:
    data = pack(parts())
    return "cut.xlsx", data[: rnd.randrange(30, len(data) - 4)], "refuse"


def not_a_zip(rnd: random.Random) -> Made:
    return "noise.xlsx", rnd.randbytes(rnd.randrange(1, 5000)), "refuse"


def text_named_xlsx(rnd: random.Random) -> Made:
    html = "<html><body><table><tr><td>Tên HTX</td></tr></table></body></html>"
    text = "Tên HTX;Số\r\nHợp tác xã Một;1\r\n"
    choices = [html, "<!DOCTYPE html>" + html, text, '<?xml version="1.0"?><a/>']
    name = rnd.choice(["list.xlsx", "list.xls", "list.xlsm"])
    return name, rnd.choice(choices).encode(), "refuse"


def other_formats(rnd: random.Random) -> Made:
    kind = rnd.choice(["xls", "xlsm", "xlsb", "ods", "pdf", "docx", "rar", "png"])
    if kind == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("Trang 1")
        for i, row in enumerate(ROWS):
            for j, value in enumerate(row):
                sheet.write(i, j, value)
        out = io.BytesIO()
        book.save(out)
        return rnd.choice(["real.xls", "real.xlsx"]), out.getvalue(), "import"
    if kind == "xlsm":
        items = parts()
        items["xl/vbaProject.bin"] = rnd.randbytes(500)
        return "macro.xlsm", pack(items), "import"
    if kind == "xlsb":
        return (
            "b.xlsb",
            pack({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\x01"}),
            "refuse",
        )
    if kind == "ods":
        mime = b"application/vnd.oasis.opendocument.spreadsheet"
        return "o.ods", pack({"mimetype": mime, "content.xml": b"<office/>"}), "refuse"
    if kind == "docx":
        return (
            "w.xlsx",
            pack({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
            "refuse",
        )
    heads = {"pdf": b"%PDF-1.7\n", "rar": b"Rar!\x1a\x07\x01\x00", "png": b"\x89PNG\r\n\x1a\n"}
    return f"x.{rnd.choice([kind, 'xlsx'])}", heads[kind] + rnd.randbytes(900), "refuse"


def ole_file(streams: dict[str, bytes]) -> bytes:
    """Return a small OLE2 container with these streams."""
    names = list(streams)
    sector = 512
    blocks: list[bytes] = []
    starts: dict[str, int] = {}
    fat: list[int] = []
    for name in names:
        data = streams[name].ljust(4096, b"\0")
        count = -(-len(data) // sector)
        starts[name] = len(blocks)
        for i in range(count):
            blocks.append(data[i * sector : (i + 1) * sector].ljust(sector, b"\0"))
            fat.append(len(blocks) if i < count - 1 else 0xFFFFFFFE)
    directory = b""
    for name, kind, at, size in [("Root Entry", 5, 0xFFFFFFFE, 0)] + [
        (n, 2, starts[n], max(4096, len(streams[n]))) for n in names
    ]:
        text = name.encode("utf-16-le") + b"\0\0"
        entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
        entry += struct.pack("<LLL", 0xFFFFFFFF, 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF)
        directory += (entry.ljust(116, b"\0") + struct.pack("<LL", at, size)).ljust(128, b"\0")
    directory_at = len(blocks)
    for i in range(0, len(directory), sector):
        blocks.append(directory[i : i + sector].ljust(sector, b"\0"))
        fat.append(0xFFFFFFFE if i + sector >= len(directory) else len(blocks))
    fat_at = len(blocks)
    fat.append(0xFFFFFFFD)
    blocks.append(b"".join(struct.pack("<L", x) for x in fat).ljust(sector, b"\xff"))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    )
    header += b"\0" * 6 + struct.pack("<LLLLL", 0, 1, directory_at, 0, 4096)
    header += struct.pack("<LLLL", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<L", fat_at)
    return header.ljust(512, b"\xff") + b"".join(blocks)


def with_password(rnd: random.Random) -> Made:
    data = ole_file({"EncryptionInfo": rnd.randbytes(300), "EncryptedPackage": rnd.randbytes(6000)})
    return rnd.choice(["secret.xlsx", "secret.xls"]), data, "refuse"


def big_by_declared_size(rnd: random.Random) -> Made:
    row = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    size = rnd.choice([400, 500]) * (1 << 20)
    return "declared.xlsx", _sheet_of(row, size // len(row)), "refuse"


def big_by_false_size(rnd: random.Random) -> Made:
    data = bytearray(_sheet_of(b'<row r="1"><c r="A1"><v>1</v></c></row>', 3_000_000))
    name = b"xl/worksheets/sheet1.xml"
    false = rnd.randrange(100, 100_000)
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(name))
    data[at + 24 : at + 28] = struct.pack("<L", false)
    return "false-size.xlsx", bytes(data), "refuse"


def giant_string(rnd: random.Random) -> Made:
    head, tail = sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>@</t></is></c></row>').split(
        b"@"
    )
    length = rnd.choice([40_000, 2_000_000, 150_000_000])
    return (
        "giant.xlsx",
        _repeated("xl/worksheets/sheet1.xml", head, b"a", tail, length, parts()),
        "refuse",
    )


def _strings(head: bytes, unit: bytes, times: int) -> bytes:
    sheet = sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    base = parts(sheet, b"x")
    return _repeated("xl/sharedStrings.xml", head, unit, b"</sst>", times, base)


def many_strings(rnd: random.Random) -> Made:
    head = f'{_XML}<sst xmlns="{_MAIN}">'.encode()
    return (
        "strings.xlsx",
        _strings(head, rnd.choice([b"<si/>", b"<si><t/></si>"]), 20_000_000),
        "refuse",
    )


def false_unique_count(rnd: random.Random) -> Made:
    claim = rnd.choice([4_294_967_295, 900_000_000, 4_000_000_000])
    head = f'{_XML}<sst xmlns="{_MAIN}" count="1" uniqueCount="{claim}">'.encode()
    return "unique.xlsx", _strings(head, b"<si><t>a</t></si>", 1), "refuse"


def far_cell(rnd: random.Random) -> Made:
    far = rnd.choice(["XFD1048576", "A1048576", "XFD3", "ZZ900000", "B500000"])
    row = far.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    data = f'<row r="1">{cell("A1", 1)}</row><row r="{row}">{cell(far, 2)}</row>'
    return "far.xlsx", pack(parts(sheet_xml(data))), "refuse"


def far_row_without_reference(rnd: random.Random) -> Made:
    row = rnd.choice([1_048_576, 900_000, 4_000_000_000, 1_048_577])
    data = f'<row r="1"><c><v>1</v></c></row><row r="{row}"><c><v>2</v></c></row>'
    return "far-row.xlsx", pack(parts(sheet_xml(data))), "refuse"


def giant_merge(rnd: random.Random) -> Made:
    area = rnd.choice(["A1:XFD1048576", "A1:ZZZ9999999", "A2:XFD1048576"])
    after = f'<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'
    return "merge.xlsx", pack(parts(sheet_xml(honest_rows(), after=after))), "refuse"


def million_blank_rows(rnd: random.Random) -> Made:
    head, tail = sheet_xml(honest_rows() + "@").split(b"@")
    style = rnd.choice(["", ' s="0" customFormat="1"', ' ht="15" customHeight="1"'])
    blank = "" if rnd.random() < 0.5 else '<c r="A{0}" s="0"/><c r="B{0}" s="0"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for other, data in parts().items():
            if "sheet1" not in other:
                archive.writestr(other, data)
        body = "".join(f'<row r="{r}"{style}>{blank.format(r)}</row>' for r in range(4, 1_048_577))
        archive.writestr("xl/worksheets/sheet1.xml", head + body.encode() + tail)
    return "blank.xlsx", out.getvalue(), "either"


def all_columns(rnd: random.Random) -> Made:
    names = [_letters(i) for i in range(16_384)]
    data = "".join(
        f'<row r="{r}">' + "".join(cell(f"{n}{r}", 1) for n in names) + "</row>" for r in (1, 2)
    )
    return "wide.xlsx", pack(parts(sheet_xml(data))), "refuse"


def entity_bomb(rnd: random.Random) -> Made:
    lines = ['<!ENTITY a0 "aaaaaaaaaa">']
    lines += [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    bomb = f"<!DOCTYPE x [{''.join(lines)}]>"
    items = parts()
    name = rnd.choice(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
    items[name] = items[name].replace(b"?>\n", b"?>\n" + bomb.encode()).replace(b"Trang 1", b"&a9;")
    return "bomb.xlsx", pack(items), "refuse"


def external_entity(rnd: random.Random) -> Made:
    target = rnd.choice(["file:///etc/hostname", "http://127.0.0.1:9/x", "/dev/zero"])
    items = parts()
    name = rnd.choice(["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
    text = f'?>\n<!DOCTYPE x [<!ENTITY e SYSTEM "{target}">]>'.encode()
    items[name] = items[name].replace(b"?>\n", text)
    return "entity.xlsx", pack(items), "refuse"


def wrong_encoding(rnd: random.Random) -> Made:
    items = parts()
    name = "xl/worksheets/sheet1.xml"
    text = items[name].decode()
    way = rnd.choice(["utf16", "latin", "cp1258"])
    if way == "utf16":
        items[name] = text.replace("UTF-8", "UTF-16").encode("utf-16")
    else:
        code = {"latin": "windows-1252", "cp1258": "windows-1258"}[way]
        items[name] = text.replace("UTF-8", code).encode("utf-8")
    return "encoding.xlsx", pack(items), "refuse"


def bad_characters(rnd: random.Random) -> Made:
    raw = rnd.choice([b"\xff\xfe", b"\0", b"\xed\xa0\x80", b"&#0;", b"&#xD800;", b"\xc3("])
    items = parts()
    name = "xl/worksheets/sheet1.xml"
    items[name] = items[name].replace("Một".encode(), b"M" + raw)
    return "characters.xlsx", pack(items), "refuse"


def bad_part_names(rnd: random.Random) -> Made:
    out = io.BytesIO()
    name = rnd.choice(
        ["xl/worksheets/sheet1.xml", "/etc/passwd", "../../x.xml", "C:/x.xml", "xl/../a.xml"]
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts().items():
            archive.writestr(part, data)
        info = zipfile.ZipInfo("placeholder")
        info.filename = info.orig_filename = name
        info.compress_type = zipfile.ZIP_DEFLATED
        archive._didModify = True
        with _Quiet():
            archive.writestr(info, sheet_xml(f'<row r="1">{cell("A1", "khác")}</row>'))
    return "names.xlsx", out.getvalue(), "refuse"


def missing_parts(rnd: random.Random) -> Made:
    items = parts()
    way = rnd.choice(["sheet", "rels", "workbook", "loop", "twice", "nothing"])
    if way == "sheet":
        del items["xl/worksheets/sheet1.xml"]
    elif way == "rels":
        del items["xl/_rels/workbook.xml.rels"]
    elif way == "workbook":
        del items["xl/workbook.xml"]
    elif way == "loop":
        name = "xl/_rels/workbook.xml.rels"
        items[name] = items[name].replace(b"worksheets/sheet1.xml", b"workbook.xml")
    elif way == "twice":
        name = "xl/workbook.xml"
        second = b'<sheet name="Trang 2" sheetId="2" r:id="rId1"/></sheets>'
        items[name] = items[name].replace(b"</sheets>", second)
    else:
        items = {"[Content_Types].xml": items["[Content_Types].xml"]}
    return "missing.xlsx", pack(items), "refuse"


def active_parts(rnd: random.Random) -> Made:
    items = parts()
    extra = rnd.choice(
        [
            "xl/vbaProject.bin",
            "xl/embeddings/oleObject1.bin",
            "xl/externalLinks/externalLink1.xml",
            "xl/queryTables/queryTable1.xml",
            "xl/connections.xml",
            "xl/activeX/activeX1.bin",
            "xl/macrosheets/sheet1.xml",
        ]
    )
    items[extra] = rnd.randbytes(300)
    return rnd.choice(["active.xlsx", "active.xlsm"]), pack(items), "import"


def formulas(rnd: random.Random) -> Made:
    formula = rnd.choice(["1+1", "HYPERLINK(&quot;http://example.invalid&quot;)", "A2&amp;B2"])
    text = rnd.choice(["=1+1", "@SUM(1)", "+cmd|&apos; /C calc&apos;!A0", "-2+3"])
    data = (
        f'<row r="1">{cell("A1", "Tên HTX")}{cell("B1", "Số")}</row>'
        f'<row r="2">{cell("A2", text)}<c r="B2"><f>{formula}</f><v>2</v></c></row>'
    )
    return "formulas.xlsx", pack(parts(sheet_xml(data))), "either"


def odd_headers(rnd: random.Random) -> Made:
    way = rnd.choice(["none", "twice", "merged"])
    rows = {
        "none": f'<row r="1">{cell("A1", "abc")}{cell("B1", 7)}</row>',
        "twice": f'<row r="1">{cell("A1", "Tên HTX")}{cell("B1", "Tên HTX")}</row>',
        "merged": f'<row r="1">{cell("A1", "Tên HTX")}</row>',
    }[way]
    after = '<mergeCells><mergeCell ref="A1:F3"/></mergeCells>' if way == "merged" else ""
    return "headers.xlsx", pack(parts(sheet_xml(rows, after=after))), "either"


def foreign_file(rnd: random.Random) -> Made:
    data = f'<row r="1">{cell("A1", "Sổ quỹ tiền mặt")}</row><row r="3">{cell("A3", "Thu")}</row>'
    return "foreign.xlsx", pack(parts(sheet_xml(data))), "either"


def _letters(index: int) -> str:
    out = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        out = chr(65 + rest) + out
    return out


class _Quiet:
    """Silence the warning on doubled names while they are made on purpose."""

    def __enter__(self) -> None:
        import warnings

        self.catch = warnings.catch_warnings()
        self.catch.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *problem: object) -> None:
        self.catch.__exit__(*problem)


KINDS: dict[str, Callable[[random.Random], Made]] = {
    maker.__name__: maker
    for maker in (
        truncated,
        not_a_zip,
        text_named_xlsx,
        other_formats,
        with_password,
        big_by_declared_size,
        big_by_false_size,
        giant_string,
        many_strings,
        false_unique_count,
        far_cell,
        far_row_without_reference,
        giant_merge,
        million_blank_rows,
        all_columns,
        entity_bomb,
        external_entity,
        wrong_encoding,
        bad_characters,
        bad_part_names,
        missing_parts,
        active_parts,
        formulas,
        odd_headers,
        foreign_file,
    )
}
HEAVY = frozenset(
    {
        "big_by_declared_size",
        "big_by_false_size",
        "giant_string",
        "many_strings",
        "million_blank_rows",
        "all_columns",
    }
)


def make_bad(kind: str, seed: int, folder: Path) -> Bad:
    """Write one bad file of this kind; return it with what must happen."""
    rnd = random.Random(f"bad {kind} {seed}")
    name, data, outcome = KINDS[kind](rnd)
    path = folder / f"{kind}-{seed}-{name}"
    path.write_bytes(data)
    rows = ROWS if outcome == "import" else None
    return Bad(kind, path, outcome, rows)
