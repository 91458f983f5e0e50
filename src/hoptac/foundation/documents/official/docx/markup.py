"""Elements of WordprocessingML as text: every word that comes from outside is escaped here."""

from __future__ import annotations

from xml.sax.saxutils import escape

TWIPS_PER_MM = 1440 / 25.4


def quoted(text: str) -> str:
    """Return a text as an attribute may hold it."""
    return escape(text, {'"': "&quot;", "\n": " "})


def twips(mm: float) -> int:
    """Return millimetres in twentieths of a point, Word's measure."""
    return round(mm * TWIPS_PER_MM)


def run_properties(
    *, style: str = "", bold: bool = False, italic: bool = False, underline: bool = False,
    size: float | None = None,
) -> str:  # fmt: skip
    """Return how a stretch looks beyond its paragraph's style, in the order of the schema."""
    said = [
        f'<w:rStyle w:val="{style}"/>' if style else "",
        "<w:b/><w:bCs/>" if bold else "",
        "<w:i/><w:iCs/>" if italic else "",
        f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>' if size else "",
        '<w:u w:val="single"/>' if underline else "",
    ]
    inside = "".join(said)
    return f"<w:rPr>{inside}</w:rPr>" if inside else ""


def run(text: str, properties: str = "") -> str:
    """Return a stretch of text; line ends within it are kept."""
    lines = text.split("\n")
    inside = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' if line else "" for line in lines
    )
    return f"<w:r>{properties}{inside}</w:r>" if inside else ""


def paragraph(
    inside: str, style: str = "", *, keep: bool = False, align: str = "", indent: str = "",
    spacing: str = "", border: str = "", tabs: str = "", section: str = "",
) -> str:  # fmt: skip
    """Return a paragraph; what differs from its style comes in the order of the schema."""
    said = "".join((
        f'<w:pStyle w:val="{style}"/>' if style else "",
        "<w:keepNext/>" if keep else "",
        border,
        tabs,
        spacing,
        indent,
        f'<w:jc w:val="{align}"/>' if align else "",
        section,
    ))  # fmt: skip
    return f"<w:p><w:pPr>{said}</w:pPr>{inside}</w:p>" if said else f"<w:p>{inside}</w:p>"


def spacer(points: int, *, keep: bool = False, section: str = "") -> str:
    """Return an empty paragraph of a height: between tables, and where a section ends."""
    return (
        f"<w:p><w:pPr>{'<w:keepNext/>' if keep else ''}"
        f'<w:spacing w:before="0" w:after="0" w:line="{points * 20}" w:lineRule="exact"/>'
        f'<w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr>{section}</w:pPr></w:p>'
    )


def rule(length_mm: float, room_mm: float, *, keep: bool = False) -> str:
    """Return a line drawn in the middle: the upper border of an empty paragraph, indented from both sides.

    It moves with the text above it, and stays a line in every program that opens the file.
    """
    side = twips(max(0.0, (room_mm - length_mm) / 2))
    return (
        f"<w:p><w:pPr>{'<w:keepNext/>' if keep else ''}"
        '<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
        '<w:spacing w:before="40" w:after="0" w:line="40" w:lineRule="exact"/>'
        f'<w:ind w:left="{side}" w:right="{side}" w:firstLine="0"/>'
        '<w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr></w:pPr></w:p>'
    )


def plain_table(widths_mm: list[float], rows: list[list[str]], *, gutter: float = 0) -> str:
    """Return a table without borders that holds parts side by side; rows are not parted by a page.

    All but the last cell of a row keep a gutter (mm) free at their right.
    """
    free = f'<w:tcMar><w:right w:w="{twips(gutter)}" w:type="dxa"/></w:tcMar>' if gutter else ""
    grid = "".join(f'<w:gridCol w:w="{twips(w)}"/>' for w in widths_mm)
    made = []
    for row in rows:
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{twips(w)}" w:type="dxa"/>'
            f"{free if at < len(row) - 1 else ''}</w:tcPr>{inside or '<w:p/>'}</w:tc>"
            for at, (w, inside) in enumerate(zip(widths_mm, row, strict=True))
        )
        made.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(map(twips, widths_mm))}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>'
        '<w:right w:w="0" w:type="dxa"/></w:tblCellMar><w:tblLook w:val="0000"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>"
    )
