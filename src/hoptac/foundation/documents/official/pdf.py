"""Writes an official document as PDF: archival, tagged, the same bytes for the same document."""

from __future__ import annotations

from hoptac.foundation.documents.official.metrics import with_known_letters
from hoptac.foundation.documents.official.sheet import Sheet
from hoptac.foundation.documents.official.structure import OfficialDocument
from hoptac.foundation.documents.official.typography import breakable, set_well
from hoptac.foundation.documents.typesetting import typeset


def to_pdf(document: OfficialDocument) -> bytes:
    """Return the document as PDF/A-2a and PDF/UA-1, its links alive, its headings as bookmarks.

    A letter that the face does not have is printed as a box (□); the Word file keeps it.

    :raises UnknownPlace: a link leads to a place that the document does not have
    :raises ValueError: the kind is unknown, a link is no address, a row does not fit its table
    """
    sheet = Sheet(document, _letters)
    return typeset("documents/official", sheet.as_data())


def _letters(text: str) -> str:
    return with_known_letters(breakable(set_well(text)))
