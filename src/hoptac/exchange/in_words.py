"""Differences and messages as people read them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hoptac.exchange.models import Difference
from hoptac.exchange.terms import FIELD_NAMES
from hoptac.registry.tables import number
from hoptac.registry.terms import Kind, LegalStatus, Sector, WorkingState

_CODED: dict[str, Any] = {
    "status": LegalStatus, "kind": Kind, "sector": Sector, "working_state": WorkingState,
}  # fmt: skip
_FIGURES = {"charter_capital", "members", "workers"}
WHY = {
    "not_from_a_database": _("A body is not ended from a database alone: a visit, a notice and a decision come first."),
    "not_told_yet": _("The national system has not been told yet: a message about this body waits in the outbox."),
    "they_do_not_say": _("The national system does not say it."),
    "we_do_not_say": _("The register does not say it."),
    "ours_is_newer": _("The register says it since a day after the extract."),
    "ours_from_a_list": _("The register has it from a list; the national database registers it."),
    "both_say": _("Both say it; look at the dossier."),
}  # fmt: skip


def said(field: str, value: str) -> str:
    """Return a value as a page shows it."""
    if not value:
        return ""
    if field in _CODED:
        return str(dict(_CODED[field].choices).get(value, value))
    if field in _FIGURES and value.lstrip("-").isdigit():
        return str(number(int(value)))
    if field == "established_on":
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return value


def dress(difference: Difference, *, hides_contacts: bool = False) -> Difference:
    """Give a difference the words that pages show beside it."""
    from hoptac.exchange.records import CONTACTS

    d: Any = difference
    d.title = str(FIELD_NAMES.get(d.field) or d.get_what_display())
    is_hidden = hides_contacts and d.field in CONTACTS
    d.ours_said = "•••" if is_hidden else said(d.field, d.ours)
    d.theirs_said = "•••" if is_hidden else said(d.field, d.theirs)
    d.why_said = str(WHY.get(d.why, ""))
    return difference


def record_in_words(record: dict[str, str], hidden: Any = ()) -> list[tuple[str, str]]:
    """Return their record line by line."""
    return [
        (str(FIELD_NAMES[k]), said(k, v))
        for k, v in record.items()
        if k in FIELD_NAMES and k not in hidden and v
    ]
