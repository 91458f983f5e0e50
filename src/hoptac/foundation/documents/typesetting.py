"""Sets data in type: a template of an app and its data become a PDF/A, the same bytes each time.

Templates lie in an app's ``typst`` folder. They get the data as ``json(bytes(sys.inputs.data))``, so
whatever a text holds is printed as it stands. They may import the house style of official documents,
``/foundation/documents/typst/house.typ``. Only the vendored fonts are known.
"""

from __future__ import annotations

import functools
import json
import threading
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst
from django.apps import apps
from django.utils.functional import Promise

from hoptac import __file__ as _package
from hoptac.foundation.documents.formats import format_on

ROOT = Path(_package).resolve().parent
FONTS = Path(__file__).resolve().parent / "fonts"
# Archival and accessible: PDF/A-2a asks for tags, PDF/UA-1 for a title and words for every picture.
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

_kept = threading.local()


class CannotTypeset(ValueError):
    """The template or its data cannot be set in type; the message says where."""


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF of a template, named ``app/name``, filled with the data.

    The same data give the same bytes on every machine: no clock, no font of the system, no network.
    The template sets the document's title and date.

    :raises CannotTypeset: the template is unknown or faulty, warns of anything (such as an unknown
        font), or a text has a letter that the fonts do not have
    """
    try:
        content, warnings = _compiler(template).compile_with_warnings(
            format="pdf",
            sys_inputs={"data": as_json(data)},
            pdf_standards=STANDARDS,
            timestamp=0,
        )
    except typst.TypstError as error:
        raise CannotTypeset(f"{template}: {error.diagnostic or error.message}") from error
    if warnings:
        raise CannotTypeset(f"{template}: {'; '.join(w.message for w in warnings)}")
    if not isinstance(content, bytes):
        raise CannotTypeset(f"{template}: gave no pages")
    return content


def as_json(data: Mapping[str, Any]) -> str:
    """Return the data as a template gets them: letters composed, days as ISO 8601.

    ``format`` is that of official documents, which the house style reads: unless given, the State's
    of the data's ``day``.
    """
    day = data.get("day")
    known = (
        data.get("format") or format_on("state", day if isinstance(day, date) else None).as_data()
    )
    return json.dumps(_plain({**data, "format": known}), ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    match value:
        case str() | Promise():
            return unicodedata.normalize("NFC", str(value))
        case bool() | int() | float() | None:
            return value
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(k): _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
    raise CannotTypeset(f"{type(value).__name__} cannot be given to a template")


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def _compiler(template: str) -> typst.Compiler:
    """Return this thread's compiler of a template; one serves a single thread at a time."""
    compilers: dict[str, typst.Compiler] = _kept.__dict__.setdefault("compilers", {})
    if template not in compilers:
        compilers[template] = typst.Compiler(
            str(_place_of(template)), root=str(ROOT), font_paths=_fonts(), ignore_system_fonts=True
        )
    return compilers[template]


def _place_of(template: str) -> Path:
    label, _, name = template.partition("/")
    try:
        path = Path(apps.get_app_config(label).path) / "typst" / f"{name}.typ"
    except LookupError as error:
        raise CannotTypeset(f"{template}: no such app") from error
    if not name.isidentifier() or not path.is_file():
        raise CannotTypeset(f"{template}: no such template")
    return path
