"""The typesetting engine, without Django: what children that only set pages in type load as well."""

from __future__ import annotations

import functools
import threading
from pathlib import Path

import typst

from hoptac import __file__ as _package

ROOT = Path(_package).resolve().parent
FONTS = Path(__file__).resolve().parent / "fonts"
# Archival and accessible: PDF/A-2a asks for tags, PDF/UA-1 for a title and words for every picture.
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

_kept = threading.local()


class CannotTypeset(ValueError):
    """The template or its data cannot be set in type; the message says where."""


def set_in_type(template: Path, data: str) -> bytes:
    """Return the PDF of a template filled with data given as JSON.

    :raises CannotTypeset: the template is faulty, warns of anything, or a letter is in no font
    """
    try:
        content, warnings = compiler(template).compile_with_warnings(
            format="pdf", sys_inputs={"data": data}, pdf_standards=STANDARDS, timestamp=0
        )
    except typst.TypstError as error:
        raise CannotTypeset(f"{template.name}: {error.diagnostic or error.message}") from error
    if warnings:
        raise CannotTypeset(f"{template.name}: {'; '.join(w.message for w in warnings)}")
    if not isinstance(content, bytes):
        raise CannotTypeset(f"{template.name}: gave no pages")
    return content


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def compiler(template: Path) -> typst.Compiler:
    """Return this thread's compiler of a template; one serves a single thread at a time."""
    compilers: dict[Path, typst.Compiler] = _kept.__dict__.setdefault("compilers", {})
    if template not in compilers:
        compilers[template] = typst.Compiler(
            str(template), root=str(ROOT), font_paths=_fonts(), ignore_system_fonts=True
        )
    return compilers[template]
