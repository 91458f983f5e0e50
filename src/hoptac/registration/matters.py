"""What a filing may say, field by field: names on screen, kinds of value, and their form in JSON.

A proposal is a mapping of these fields to Python values; it is kept as JSON with the filing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.findings import Finding, refuse_if_any
from hoptac.registration.terms import (
    AbroadKind,
    BranchKind,
    EnterpriseKind,
    MarkKind,
    MoneySource,
)
from hoptac.registry.terms import Sector

# A list of a proposal has at most so many entries.
_MOST_ENTRIES = 30


@dataclass(frozen=True)
class Matter:
    """One field of a proposal. ``parts`` are the fields of each entry of a list; ``unit`` is of a figure."""

    code: str
    label: Any
    kind: str  # text, long, day, money, ha, count, unit, choice, codes, body, list
    help: Any = ""
    unit: Any = ""
    parts: tuple[str, ...] = ()
    is_private: bool = False
    most: int = 250


def _m(code: str, label: Any, kind: str = "text", **more: Any) -> Matter:
    return Matter(code, label, kind, **more)


_PERSON = ("person", "position", "birth_date", "nationality", "personal_number", "contact_address")
_NEW_BODY = (
    "name", "commune", "address", "sector", "registration_number", "charter_capital", "members",
    "workers", "area", "director",
)  # fmt: skip

MATTERS: dict[str, Matter] = {
    m.code: m
    for m in (
        _m("name", _("Name"), help=_("In full, beginning with the kind: Hợp tác xã …")),
        _m("short_name", _("Short name"), most=120),
        _m("foreign_name", _("Foreign name")),
        _m("registration_number", _("Registration number"),
           help=_("Ten digits, given by the tax system; may follow with the decision."), most=14),
        _m("commune", _("Commune"), "unit"),
        _m("address", _("House number, hamlet"), most=300),
        _m("phone", _("Telephone"), most=60, is_private=True),
        _m("email", _("E-mail"), most=120, is_private=True),
        _m("sector", _("Sector"), "choice"),
        _m("activity", _("Main activity"), most=400),
        _m("lines", _("Lines of business (VSIC codes)"), "codes",
           help=_("Codes of four digits, the main line first.")),
        _m("charter_capital", _("Charter capital"), "money", unit=_("dong")),
        _m("members", _("Members"), "count", unit=_("persons")),
        _m("workers", _("Workers"), "count", unit=_("persons")),
        _m("area", _("Cultivated area"), "ha", unit="ha"),
        _m("representatives", _("Legal representatives"), "list", parts=_PERSON),
        _m("person", _("Full name"), most=120),
        _m("director", _("Director"), most=120, is_private=True),
        _m("position", _("Position"), most=80),
        _m("birth_date", _("Born on"), "day", is_private=True),
        _m("nationality", _("Nationality"), most=60),
        _m("personal_number", _("Personal number"), most=20, is_private=True),
        _m("contact_address", _("Contact address"), most=300, is_private=True),
        _m("tax_data", _("Tax data"), "long", most=500),
        _m("charter", _("What changed in the charter"), "long", most=500),
        _m("foreign_members", _("Foreign members"), "long", most=500),
        _m("from_on", _("From"), "day"),
        _m("until_on", _("Until (last day)"), "day"),
        _m("decided_on", _("Day of the resolution or decision"), "day"),
        _m("votes", _("Votes for"), "count", unit="%"),
        _m("reason", _("Reason"), "long", most=500),
        _m("branch_kind", _("What is set up"), "choice"),
        _m("branch", _("Branch, office or place"), "choice"),
        _m("branch_name", _("Its name")),
        _m("branch_code", _("Its code"), most=14,
           help=_("13 digits with a hyphen for a branch or office, 5 digits for a place.")),
        _m("branch_commune", _("Its commune"), "unit"),
        _m("branch_address", _("Its house number, hamlet"), most=300),
        _m("branch_head", _("Its head"), most=120, is_private=True),
        _m("branch_lines", _("Its lines of business"), most=400),
        _m("abroad_kind", _("What is set up abroad"), "choice"),
        _m("country", _("Country"), most=60),
        _m("enterprise_kind", _("Founded or contributed to"), "choice"),
        _m("enterprise_name", _("Name of the enterprise")),
        _m("enterprise_code", _("Code of the enterprise"), most=40),
        _m("amount", _("Capital contributed"), "money", unit=_("dong")),
        _m("money_source", _("Where the money comes from"), "choice"),
        _m("receiver", _("Body that receives"), "body"),
        _m("others", _("Other bodies that take part"), "list", parts=("body",)),
        _m("body", pgettext_lazy("register", "Body"), "body"),
        _m("new_bodies", _("Bodies that come into being"), "list", parts=_NEW_BODY),
        _m("grounds", _("Grounds"), "codes"),
        _m("mark_kind", _("Who asks"), "choice"),
        _m("mark", _("Mark that is lifted"), "choice"),
        _m("issuer", _("Issued by"), most=200),
        _m("document", _("Number and day of the document"), most=200),
    )
}  # fmt: skip


# The values of a choice.
CHOICES: dict[str, Any] = {
    "sector": Sector, "branch_kind": BranchKind, "mark_kind": MarkKind,
    "abroad_kind": AbroadKind, "enterprise_kind": EnterpriseKind, "money_source": MoneySource,
}  # fmt: skip


def label_with_unit(matter: Matter) -> str:
    """Return what a form calls a field: ``Area (ha)``."""
    return f"{matter.label} ({matter.unit})" if matter.unit else str(matter.label)


def to_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a proposal as JSON can hold it; what is empty is left out."""
    return {k: _plain(v) for k, v in values.items() if v not in (None, "", [], ())}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return to_json(value)
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def from_json(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kept proposal with Python values; a field no longer known stays as it is."""
    return {k: _typed(MATTERS.get(k), v) for k, v in kept.items()}


def _typed(matter: Matter | None, value: Any) -> Any:
    if matter is None:
        return value
    if matter.kind == "list":
        return [from_json(v) for v in value]
    if matter.kind == "day":
        return date.fromisoformat(value)
    if matter.kind == "ha":
        return Decimal(str(value))
    if matter.kind in {"unit", "body"} or matter.code in {"branch"}:
        return UUID(str(value))
    return value


def without_people(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kept proposal without what only some may see of people."""
    found = {}
    for code, value in kept.items():
        matter = MATTERS.get(code)
        if matter is not None and matter.is_private:
            continue
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            value = [without_people(v) for v in value]
        found[code] = value
    return found


def read_given(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a proposal that a machine gave with Python values, checked as forms check theirs.

    What no procedure knows is left as it is: the act refuses it by name.

    :raises Refused: a value is not of its field's kind
    """
    read: dict[str, Any] = {}
    wrong = []
    for code, value in given.items():
        matter = MATTERS.get(code)
        try:
            read[code] = value if matter is None or value is None else _read(matter, value)
        except (ValueError, TypeError, ArithmeticError):
            wrong.append(
                Finding(
                    "value_impossible", gettext("This value does not fit its field."), field=code
                )
            )
    refuse_if_any(wrong)
    return read


def _read(matter: Matter, value: Any) -> Any:
    match matter.kind:
        case "list":
            if not isinstance(value, list) or len(value) > _MOST_ENTRIES:
                raise ValueError(value)
            return [_read_entry(matter, entry) for entry in value]
        case "codes":
            if not isinstance(value, list) or len(value) > _MOST_ENTRIES:
                raise ValueError(value)
            return [_text(v, 40) for v in value]
        case "money" | "count":
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**15:
                raise ValueError(value)
            return value
        case "ha":
            number = Decimal(str(value))
            if isinstance(value, bool) or not number.is_finite() or not 0 <= number < 10**9:
                raise ValueError(value)
            return number
    written = _text(value, matter.most)
    if matter.code in CHOICES and written not in CHOICES[matter.code].values:
        raise ValueError(value)
    return _typed(matter, written)


def _read_entry(matter: Matter, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Mapping) or set(entry) - set(matter.parts):
        raise ValueError(entry)
    return {k: None if v is None else _read(MATTERS[k], v) for k, v in entry.items()}


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise ValueError(value)
    return value
