"""What the register says for a certificate of a body: the registrar, and the fields of the form."""

from __future__ import annotations

from datetime import date
from typing import Any

from hoptac.certificates.contents import office_in_words
from hoptac.certificates.form import authority_name, form_on
from hoptac.certificates.models import Certificate
from hoptac.certificates.people import representatives_of
from hoptac.certificates.selectors import certificates_of
from hoptac.certificates.terms import PARTS, CertificateKind, IssueReason
from hoptac.foundation.access import Context
from hoptac.foundation.vietnamese import fold, tidy
from hoptac.jurisdiction.models import AdminUnit
from hoptac.jurisdiction.places import places
from hoptac.jurisdiction.terms import Level
from hoptac.registry.record import Record
from hoptac.registry.rules.particulars import compute_registrar_level


def kinds_of(body_kind: str) -> list[str]:
    """Return the kinds of certificate that a kind of body may have, its own first."""
    own = CertificateKind.GROUP if body_kind == "group" else CertificateKind.REGISTRATION
    return [own.value, "branch", "office", "place"]


def authorities_of(record: Record, day: date) -> list[tuple[AdminUnit, str]]:
    """Return the units whose registrar may issue for the body on a day: that of the law first."""
    commune = places().commune_on(record.latest.commune_id, day)
    if commune is None:
        return []
    levels = [
        compute_registrar_level(record.cooperative.kind, on=day),
        Level.COMMUNE,
        Level.PROVINCE,
    ]
    found: dict[str, AdminUnit] = {}
    for level in levels:
        place: Any = commune
        if level == Level.DISTRICT:
            place = places().district_on(record.latest.commune_id, day)
        elif level == Level.PROVINCE:
            units = AdminUnit.objects.on(day).filter(level=level)
            place = units.filter(province_code=commune.province_code).first()
        if place is not None:
            pk = getattr(place, "pk", None) or place.id
            found.setdefault(str(pk), AdminUnit.objects.get(pk=pk))
    rule = form_on(day)
    return [(u, authority_name(rule, u)) for u in found.values()]


def initial_of(ctx: Context, record: Record, kind: str) -> dict[str, Any]:
    """Return what the form of a certificate is filled with."""
    found: dict[str, Any] = {
        "kind": kind,
        "issued_on": ctx.today,
        "representative_nationality": "Việt Nam",
        "representative_identity_kind": "Số định danh cá nhân",
        "reason": IssueReason.NEW if kind in PARTS else IssueReason.EXCHANGE,
    }
    if kind in PARTS:
        return found
    row = record.latest
    capital = next((f.value for f in record.figures if f.measure == "charter_capital"), None)
    found |= {
        "name": row.name, "foreign_name": row.foreign_name, "short_name": row.short_name,
        "code": row.registration_number, "charter_capital": capital,
        "office": office_in_words(row.address, row.commune_id, ctx.today),
        "first_registered_on": row.established_on if row.established_precision == "day" else None,
    }  # fmt: skip
    if record.shows_contacts:
        found["representative_name"] = row.chairman or row.director
        found["representative_position"] = (
            "Chủ tịch Hội đồng quản trị" if row.chairman else "Giám đốc"
        )
    people = people_of(record, ctx.today)
    before = next((c for c in certificates_of(ctx, record.cooperative) if c.kind == kind), None)
    if before is not None:
        found |= _as_before(before, shows_people=record.shows_contacts)
    if people and record.shows_contacts:
        found |= {f"representative_{k}": v for k, v in people[0].items() if v}
    return found


def people_of(record: Record, on: date) -> list[dict[str, Any]]:
    """Return who represents a body by law, as the register names them; none where it names nobody."""
    pk = record.cooperative.pk
    return representatives_of([pk], on).get(pk, [])


def others_beside(record: Record, name: str, on: date) -> list[dict[str, Any]]:
    """Return the legal representatives of the register but the one of this name: the form has one person."""
    return [p for p in people_of(record, on) if fold(tidy(p["name"])) != fold(tidy(name))]


def _as_before(certificate: Certificate, *, shows_people: bool) -> dict[str, Any]:
    """Return what only the last certificate tells: the person's paper, who signed."""
    position, _line, name = certificate.signatory.rpartition("\n")
    found = {"reason": IssueReason.CHANGE, "signatory_position": position, "signatory_name": name}
    people = certificate.content.get("representatives") or []
    if people and shows_people:
        found |= {f"representative_{k}": v for k, v in people[0].items()}
    return found
