"""Checks of particulars and figures typed by hand or read from a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from hoptac.foundation.findings import Finding
from hoptac.foundation.rulebook import NotInForce, Rule, rule_in_force
from hoptac.registry.rules.vsic import SINCE_2025, unknown_codes

# What nine characters "0" would add to the weighted sum (weights 31 29 23 19 17 13 7 5 3).
_ZEROS = 48 * (31 + 29 + 23 + 19 + 17 + 13 + 7 + 5 + 3)


@dataclass(frozen=True, kw_only=True)
class LeastMembersRule(Rule):
    topic: ClassVar[str] = "registry/least_members"
    cooperative: int
    union: int
    group: int


@dataclass(frozen=True, kw_only=True)
class LegalEraRule(Rule):
    topic: ClassVar[str] = "registry/legal_era"
    era: str


@dataclass(frozen=True, kw_only=True)
class RegistrarRule(Rule):
    topic: ClassVar[str] = "registry/registrar"
    cooperative: str
    union: str
    group: str


def compute_legal_era(registered_on: date | None, *, today: date) -> str:
    """Return the law in force when the body was registered (today's, if the day is not known)."""
    return rule_in_force(LegalEraRule, on=registered_on or today).era


def compute_registrar_level(kind: str, *, on: date) -> str:
    """Return the level (province, district, commune) of the registrar of a kind of body on a day."""
    return str(getattr(rule_in_force(RegistrarRule, on=on), kind))


def compute_check_digit(nine: str) -> int:
    """Return the tenth digit that fits the first nine of a tax code (10 where none fits)."""
    a, b, c, d, e, f, g, h, i = nine.encode()
    total = 31 * a + 29 * b + 23 * c + 19 * d + 17 * e + 13 * f + 7 * g + 5 * h + 3 * i
    return 10 - (total - _ZEROS) % 11


def check_registration_number(number: str) -> Iterator[Finding]:
    """Yield what is wrong with a registration number, which is the tax code (TT 105/2020 art. 5)."""
    if not number:
        return
    if not (number.isascii() and number.isdigit() and len(number) == 10):
        yield Finding(
            "registration_number_format",
            _("A registration number has 10 digits."),
            "TT 105/2020/TT-BTC, Điều 5",
            "registration_number",
        )
    elif compute_check_digit(number[:9]) not in {int(number[9]), 10}:
        yield Finding(
            "registration_number_check_digit",
            _("The tenth digit does not fit the other nine: look for a mistyped digit."),
            "TT 105/2020/TT-BTC, Điều 5",
            "registration_number",
        )


def check_members(kind: str, members: int | None, *, on: date) -> Iterator[Finding]:
    """Yield a warning when a body has fewer members than the law of the day asks."""
    if members is None:
        return
    try:
        rule = rule_in_force(LeastMembersRule, on=on)
    except NotInForce:
        return
    least = getattr(rule, kind)
    if members < least:
        yield Finding(
            "members_below_minimum",
            _("The law asks for at least %(least)s members.") % {"least": least},
            rule.basis,
            "members",
            "warning",
            {"least": least, "confirmed": rule.confirmed},
        )


def check_particulars(values: Mapping[str, Any], *, today: date) -> Iterator[Finding]:
    """Yield every reason why particulars cannot be entered as they stand."""
    if not values.get("name"):
        yield Finding("name_missing", _("Enter the name."), field="name")
    if not values.get("sector"):
        yield Finding("sector_missing", _("Choose the sector."), field="sector")
    yield from check_registration_number(values.get("registration_number") or "")
    established = values.get("established_on")
    if established is not None and established > today:
        yield Finding(
            "date_in_future", _("The day of establishment lies in the future."),
            field="established_on",
        )  # fmt: skip
    phone = values.get("phone") or ""
    digits = "".join(c for c in phone if c.isdigit())
    if phone and not 8 <= len(digits) <= 40:
        yield Finding("phone_format", _("A telephone number has 10 or 11 digits."), field="phone")


def check_figures(figures: Mapping[str, Any], *, as_of: date, today: date) -> Iterator[Finding]:
    """Yield every reason why figures cannot be stated."""
    if as_of > today:
        yield Finding("date_in_future", _("The day of the figures lies in the future."),
                      field="as_of")  # fmt: skip
    if all(v is None for v in figures.values()):
        yield Finding("figures_missing", _("Enter at least one figure."), field="charter_capital")
    for name, value in figures.items():
        if value is not None and value < 0:
            yield Finding("figure_negative", _("A figure cannot be below zero."), field=name)


def check_business_lines(
    codes: Sequence[str], main: str, *, from_on: date, today: date
) -> Iterator[Finding]:
    """Yield every reason why lines of business cannot be taken as they stand."""
    wrong = [c for c in codes if not (c.isascii() and c.isdigit() and len(c) in {4, 5})]
    if wrong:
        yield Finding(
            "vsic_format",
            _("A line of business has a code of four digits: %(codes)s")
            % {"codes": ", ".join(wrong)},
            field="codes",
        )
    if main and main not in codes:
        yield Finding(
            "main_line_unknown", _("The main line is not among the lines."), field="main"
        )  # fmt: skip
    unknown = unknown_codes([c for c in codes if c not in wrong], from_on)
    if unknown:
        yield Finding(
            "vsic_unknown",
            _("The classification of that day has no code %(codes)s: look for a mistyped digit.")
            % {"codes": ", ".join(unknown)},
            "QĐ 36/2025/QĐ-TTg" if from_on >= SINCE_2025 else "QĐ 27/2018/QĐ-TTg",
            "codes",
            "warning",
            {"codes": unknown},
        )
    if from_on > today:
        yield Finding("date_in_future", _("The day lies in the future."), field="from_on")
