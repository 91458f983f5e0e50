"""Sets data in type: a template of an app and its data become a PDF/A, the same bytes each time.

Templates lie in an app's ``typst`` folder. They get the data as ``json(bytes(sys.inputs.data))``, so
whatever a text holds is printed as it stands. They may import the house style of official documents,
``/foundation/documents/typst/house.typ``. Only the vendored fonts are known.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils.functional import Promise

from hoptac.foundation.documents.engine import ROOT, CannotTypeset, set_in_type
from hoptac.foundation.documents.formats import format_on

__all__ = ["ROOT", "CannotTypeset", "as_json", "template_of", "typeset"]


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF of a template, named ``app/name``, filled with the data.

    The same data give the same bytes on every machine: no clock, no font of the system, no network.
    The template sets the document's title and date.

    :raises CannotTypeset: the template is unknown or faulty, warns of anything (such as an unknown
        font), or a text has a letter that the fonts do not have
    """
    return set_in_type(template_of(template), as_json(data))


def as_json(data: Mapping[str, Any]) -> str:
    """Return the data as a template gets them: letters composed, days as ISO 8601.

    ``format`` is that of official documents, which the house style reads: unless given, the State's
    of the data's ``day``.
    """
    day = data.get("day")
    if isinstance(day, str):  # data made plain before
        day = date.fromisoformat(day[:10]) if day else None
    known = data.get("format") or format_on("state", day).as_data()
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


def template_of(template: str) -> Path:
    """Return the file of a template named ``app/name``.

    :raises CannotTypeset: there is none
    """
    label, _, name = template.partition("/")
    try:
        path = Path(apps.get_app_config(label).path) / "typst" / f"{name}.typ"
    except LookupError as error:
        raise CannotTypeset(f"{template}: no such app") from error
    if not name.isidentifier() or not path.is_file():
        raise CannotTypeset(f"{template}: no such template")
    return path
