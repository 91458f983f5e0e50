"""Official documents in the State format and the Party format, as PDF and as Word, from one structure.

An app describes a document (:mod:`.structure`); :func:`to_pdf` and :func:`to_docx` write it. What a
format asks stands in ``rulebook/documents/``, and both writers read it there.
"""

from hoptac.foundation.documents.official.docx import to_docx
from hoptac.foundation.documents.official.pdf import to_pdf
from hoptac.foundation.documents.official.sheet import UnknownPlace
from hoptac.foundation.documents.official.structure import (
    Annex,
    Authority,
    Bullets,
    Column,
    Fields,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Recipients,
    Row,
    Run,
    Signature,
    Table,
)
from hoptac.foundation.documents.official.wording import citation, file_name, symbol_of

__all__ = [
    "Annex", "Authority", "Bullets", "Column", "Fields", "Heading", "OfficialDocument", "PageBreak",
    "Paragraph", "Recipients", "Row", "Run", "Signature", "Table", "UnknownPlace", "citation", "file_name", "symbol_of",
    "to_docx", "to_pdf",
]  # fmt: skip
