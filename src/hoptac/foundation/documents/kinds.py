"""The kinds of file that are kept: how each begins, and how its name ends."""

from __future__ import annotations

from dataclasses import dataclass

_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Kind:
    """One kind of file: its media type, the endings of its names, the bytes it may begin with."""

    media_type: str
    endings: tuple[str, ...]
    beginnings: tuple[bytes, ...] = ()

    def fits(self, content: bytes) -> bool:
        """Tell whether a file of this kind may begin so; text has no NUL and is UTF-8."""
        if self.beginnings:
            return content.startswith(self.beginnings)
        try:
            return "\0" not in content.decode("utf-8")
        except UnicodeDecodeError:
            return False


KINDS = {
    kind.media_type: kind
    for kind in (
        Kind("application/pdf", (".pdf",), (b"%PDF-",)),
        Kind("image/jpeg", (".jpg", ".jpeg"), (b"\xff\xd8\xff",)),
        Kind("image/png", (".png",), (b"\x89PNG\r\n\x1a\n",)),
        Kind("image/tiff", (".tif", ".tiff"), (b"II*\0", b"MM\0*")),
        Kind(f"{_OFFICE}spreadsheetml.sheet", (".xlsx",), (b"PK\3\4",)),
        Kind(f"{_OFFICE}wordprocessingml.document", (".docx",), (b"PK\3\4",)),
        Kind("application/zip", (".zip",), (b"PK\3\4", b"PK\5\6")),
        Kind("application/json", (".json",)),
        Kind("application/xml", (".xml",)),
        Kind("text/csv", (".csv",)),
        Kind("text/plain", (".txt",)),
    )
}


def media_type_of(name: str) -> str:
    """Return the media type that the ending of a name stands for; empty where none is kept."""
    ending = f".{name.lower().rpartition('.')[2]}" if "." in name else ""
    return next((k.media_type for k in KINDS.values() if ending in k.endings), "")
