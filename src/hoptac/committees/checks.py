"""What the acts of this app refuse alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.actions import Conflict
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import tidy
from hoptac.jurisdiction.models import Agency


def said(words: Mapping[str, str], /, **lengths: int) -> dict[str, str]:
    """Return texts tidied and cut to their lengths.

    :raises Refused: naming each that is empty
    """
    values = {name: tidy(words.get(name, ""))[:most] for name, most in lengths.items()}
    empty = [
        Finding("field_missing", _("This must be filled in."), field=name)
        for name, value in values.items()
        if not value
    ]
    if empty:
        raise Refused(*empty)
    return values


def refuse_passed(row: Any, expected_version: int | None) -> None:
    """Refuse a change of what somebody changed since the caller read it.

    :raises Conflict: the version is another
    """
    if expected_version is not None and expected_version != row.version:
        raise Conflict(expected_version, row.version)


def refuse_agency(agency: Agency, province: str, on: date, field: str) -> None:
    """Refuse an agency that does not exist on a day, or is another province's.

    :raises Refused: with the field
    """
    if agency.province_code != province or on not in agency.valid:
        raise Refused(
            Finding("agency_gone", _("On this day the agency does not exist."), field=field)
        )


def refuse(code: str, message: str, field: str = "") -> None:
    """Refuse, for one reason.

    :raises Refused: always
    """
    raise Refused(Finding(code, message, field=field))
