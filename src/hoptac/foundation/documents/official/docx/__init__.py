"""Writes an official document as a Word file: Office Open XML (ISO/IEC 29500), without a library.

The file is made for the officer who goes on writing in it: real headings, lists, footnotes and named
styles, a heading of each table that is repeated by Word itself, fields for the page's number.
"""

from __future__ import annotations

from hoptac.foundation.documents.official.docx.body import Body
from hoptac.foundation.documents.official.docx.package import packed
from hoptac.foundation.documents.official.docx.styles import numbering, settings, styles
from hoptac.foundation.documents.official.sheet import Sheet
from hoptac.foundation.documents.official.structure import OfficialDocument


def to_docx(document: OfficialDocument) -> bytes:
    """Return the document as a .docx for Word and LibreOffice; the same bytes for the same document.

    :raises UnknownPlace: a link leads to a place that the document does not have
    :raises ValueError: the kind is unknown, a link is no address, a row does not fit its table
    """
    sheet = Sheet(document)
    data = sheet.as_data()
    body = Body(sheet, data)
    return packed(
        document=body.as_xml(),
        header=body.header(),
        first_header=body.first_header(),
        footnotes=body.footnotes(),
        styles=styles(sheet.format, sheet.depths),
        numbering=numbering(sheet.format),
        settings=settings(),
        links=body.links,
        title=data["title"],
        author=data["author"],
        keywords=data["keywords"],
        day=document.day,
    )
