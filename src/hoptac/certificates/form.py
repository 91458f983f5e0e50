"""What the legal forms of certificates are called, and what stands on them; the law behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from hoptac.certificates.terms import PARTS, CertificateKind
from hoptac.foundation.findings import Finding
from hoptac.foundation.rulebook import Rule, rule_in_force


@dataclass(frozen=True, kw_only=True)
class FormRule(Rule):
    """Titles and numbers of the forms, and what the registrar of each level is called on paper."""

    topic: ClassVar[str] = "certificates/form"
    cooperative_title: str
    union_title: str
    group_title: str
    branch_title: str
    office_title: str
    place_title: str
    cooperative_form: str
    group_form: str
    commune_authority: str
    district_authority: str
    province_authority: str


def form_on(day: date) -> FormRule:
    """Return the forms that the law of the day asks for."""
    return rule_in_force(FormRule, on=day)


def title_of(rule: FormRule, kind: str, body_kind: str) -> str:
    """Return the title of a certificate: parts by their own kind, else by that of the body."""
    return str(getattr(rule, f"{kind if kind in PARTS else body_kind}_title"))


def authority_lines(rule: FormRule, unit: Any) -> tuple[str, str]:
    """Return the registrar of a unit as it stands on paper: ``Ủy ban nhân dân``, ``xã Hòa An``."""
    before = str(getattr(rule, f"{unit.level}_authority")).partition("{unit}")[0].strip()
    return before, unit.full_name


def authority_name(rule: FormRule, unit: Any) -> str:
    """Return the registrar of a unit in one line: ``Ủy ban nhân dân xã Hòa An``."""
    return " ".join(authority_lines(rule, unit))


# What Law 2023 art. 45 puts on a certificate; the rest are lines that the form has beside it.
REPRESENTATIVE = (
    "name", "position", "contact_address", "nationality", "identity_kind", "identity_number",
)  # fmt: skip
FIELDS = {
    "name", "foreign_name", "short_name", "office", "code", "charter_capital", "representatives",
    "parent_name", "parent_code", "parent_office", "first_registered_on", "change_number",
}  # fmt: skip
_ARTICLE = "Luật Hợp tác xã 2023, Điều 45"


def check_content(kind: str, body_kind: str, content: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what keeps a content from being printed as a certificate of the kind."""
    unknown = set(content) - FIELDS
    if unknown:
        yield Finding(
            "field_unknown", _("There is no field %(name)s.") % {"name": ", ".join(sorted(unknown))}
        )
    if kind not in CertificateKind.values or (
        kind not in PARTS and (kind == CertificateKind.GROUP) != (body_kind == "group")
    ):
        yield Finding(
            "kind_unfit", _("This kind of certificate is not for this kind of body."), field="kind"
        )
    for field, words in (
        ("name", _("The certificate needs the name.")),
        ("code", _("The certificate needs the code. Enter it in the register first.")),
        ("office", _("The certificate needs the address of the head office.")),
    ):
        if not str(content.get(field) or "").strip():
            yield Finding(f"{field}_missing", words, _ARTICLE, field)
    capital = content.get("charter_capital")
    if capital is not None and (not isinstance(capital, int) or capital < 0):
        yield Finding(
            "capital_unfit",
            _("The charter capital is a whole number of dong."),
            _ARTICLE,
            "charter_capital",
        )
    if capital is None and kind == CertificateKind.REGISTRATION:
        yield Finding(
            "capital_missing",
            _("The certificate needs the charter capital."),
            _ARTICLE,
            "charter_capital",
        )
    people = content.get("representatives") or []
    if not people:
        yield Finding(
            "representative_missing",
            _("The certificate needs a legal representative."),
            _ARTICLE,
            "representative_name",
        )
    for person in people:
        if set(person) - set(REPRESENTATIVE):
            yield Finding(
                "field_unknown",
                _("There is no field %(name)s.")
                % {"name": ", ".join(sorted(set(person) - set(REPRESENTATIVE)))},
            )
        if not str(person.get("name") or "").strip():
            yield Finding(
                "representative_missing",
                _("Name every legal representative."),
                _ARTICLE,
                "representative_name",
            )
