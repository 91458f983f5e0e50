"""Official documents handed out as files."""

from __future__ import annotations

import io

from django.http import FileResponse

from hoptac.foundation.documents.official import OfficialDocument, file_name, to_docx, to_pdf

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def as_file(document: OfficialDocument, form: str) -> FileResponse:
    """Return the answer that carries a document as it stands now, as ``pdf`` or ``docx``."""
    content = to_pdf(document) if form == "pdf" else to_docx(document)
    answer = FileResponse(
        io.BytesIO(content), as_attachment=True, filename=file_name(document, form),
        content_type=MEDIA_TYPES[form],
    )  # fmt: skip
    answer["Cache-Control"] = "private, no-store"
    return answer
