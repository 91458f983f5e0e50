"""Sends a stored file to a browser in such a way that it is kept as a file and never run."""

from __future__ import annotations

from django.http import FileResponse

from hoptac.foundation.documents.models import StoredFile


def handed_out(stored: StoredFile) -> FileResponse:
    """Return the answer that carries a stored file; whether the caller may see it was asked before.

    The kind is the one that was checked when it was stored, and the browser shall not guess another.
    The name is sent after RFC 6266, Vietnamese letters and all.

    :raises Damaged: the bytes are lost or altered
    """
    answer = FileResponse(
        stored.open(), as_attachment=True, filename=stored.name, content_type=stored.media_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
