"""The parts of a .docx in their archive, with the relations between them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

from hoptac.foundation.documents.official.docx.markup import quoted

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{_OFFICE}/relationships"'
)
_WORD_PARTS = ("styles", "numbering", "settings", "footnotes", "header", "header_first")


def packed(
    *, document: str, header: str, first_header: str, footnotes: str, styles: str, numbering: str, settings: str,
    links: Mapping[str, str], title: str, author: str, keywords: Sequence[str], day: date | None,
) -> bytes:  # fmt: skip
    """Return the archive. ``links`` are outward addresses by the name under which the text uses them."""
    parts = {
        "styles": styles,
        "numbering": numbering,
        "settings": settings,
        "footnotes": footnotes,
        "header": header,
        "header_first": first_header,
    }
    relations = [
        _relation(f"part_{name}", f"{_OFFICE}/relationships/{_kind(name)}", f"{name}.xml")
        for name in parts
    ]
    relations += [
        _relation(name, f"{_OFFICE}/relationships/hyperlink", address, outside=True)
        for name, address in links.items()
    ]
    files = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations([
            _relation("document", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
            _relation("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ]),
        "docProps/core.xml": _properties(title, author, keywords, day),
        "word/_rels/document.xml.rels": _relations(relations),
        "word/document.xml": document,
        **{f"word/{name}.xml": content for name, content in parts.items()},
    }  # fmt: skip
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            about = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, (_HEAD + content).encode("utf-8"))
    return found.getvalue()


def _kind(part: str) -> str:
    """Return what a part is: of headers there are several."""
    return part.partition("_")[0]


def _relation(name: str, kind: str, target: str, *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="{name}" Type="{kind}" Target="{quoted(target)}"{mode}/>'


def _relations(all_of_them: Sequence[str]) -> str:
    inside = "".join(all_of_them)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def _content_types() -> str:
    made = [
        ("/word/document.xml", f"{_WORD}.document.main+xml"),
        *((f"/word/{name}.xml", f"{_WORD}.{_kind(name)}+xml") for name in _WORD_PARTS),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    ]
    inside = "".join(f'<Override PartName="{p}" ContentType="{t}"/>' for p, t in made)
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{inside}</Types>'
    )


def _properties(title: str, author: str, keywords: Sequence[str], day: date | None) -> str:
    created = (
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day.isoformat()}T00:00:00Z</dcterms:created>'
        if day else ""
    )  # fmt: skip
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
        f"<cp:keywords>{escape(', '.join(keywords))}</cp:keywords>"
        f"<dc:language>vi-VN</dc:language>{created}</cp:coreProperties>"
    )
