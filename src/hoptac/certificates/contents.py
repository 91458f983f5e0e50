"""What the register says for the certificates of many bodies, asked in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hoptac.certificates.models import Certificate, Standing
from hoptac.certificates.people import representatives_of
from hoptac.certificates.terms import PARTS, CertificateKind, Ground, State
from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding
from hoptac.foundation.vietnamese import fold, tidy
from hoptac.jurisdiction.places import places
from hoptac.jurisdiction.terms import Level
from hoptac.registry.models import Particulars, Period
from hoptac.registry.terms import LegalStatus

# What is compared, in the order of the form; the address apart, since a reform alone changes it.
COMPARED = ("name", "foreign_name", "short_name", "code", "charter_capital")


@dataclass(frozen=True)
class Written:
    """What a body's certificate of its own kind would say now, and the one that is in force."""

    body: UUID
    body_kind: str
    content: dict[str, Any]
    commune_id: UUID | None
    has_ended: bool
    before: Certificate | None
    last_state: str = ""

    @property
    def kind(self) -> str:
        own = CertificateKind.GROUP if self.body_kind == "group" else CertificateKind.REGISTRATION
        return own.value

    @cached_property
    def differs(self) -> list[str]:
        """The fields that the certificate in force says otherwise."""
        if self.before is None:
            return []
        old = self.before.content
        found = [f for f in COMPARED if _text(old.get(f)) != _text(self.content.get(f))]
        if _names(old) != _names(self.content):
            found.append("representatives")
        if _text(old.get("office")) != _text(self.content.get("office")):
            found.append("office")
        return found

    @property
    def ground(self) -> str:
        """Why a certificate is due; empty where the one in force agrees with the register."""
        if self.before is None:
            return Ground.MISSING.value
        if not self.differs:
            return ""
        return Ground.PLACE.value if self.differs == ["office"] else Ground.DIFFERS.value


def unlike_the_register(
    ctx: Context, cooperative: Any, kind: str, content: Mapping[str, Any], on: date
) -> Iterator[Finding]:
    """Yield in what a certificate of a body would say something else than the register.

    Name, code, capital and the people who represent it by law, as far as the register knows them; of
    branches and offices this app keeps nothing.
    """
    written = written_for(ctx, [cooperative.pk], on).get(cooperative.pk)
    if written is None or kind in PARTS:
        return
    for field in ("name", "code", "charter_capital"):
        stands = written.content.get(field)
        if field != "code" and stands in (None, ""):
            continue
        if _text(content.get(field)) != _text(stands):
            yield Finding(
                "unlike_register",
                _("The register says: %(value)s. Change the register first, by its dossier.")
                % {"value": stands if stands not in (None, "") else _("nothing")},
                "Luật Hợp tác xã 2023, Điều 45",
                field,
            )
    people = representatives_of([cooperative.pk], on).get(cooperative.pk)
    if people and _names({"representatives": people}) != _names(content):
        yield Finding(
            "unlike_register",
            _("The register says: %(value)s. Change the register first, by its dossier.")
            % {"value": "; ".join(str(p["name"]) for p in people)},
            "Luật Hợp tác xã 2023, Điều 45",
            "representative_name",
        )


def _text(value: Any) -> str:
    return fold(tidy(str(value))) if value not in (None, "") else ""


def _names(content: Mapping[str, Any]) -> set[str]:
    return {_text(p.get("name")) for p in content.get("representatives") or []}


def office_in_words(address: str, commune_id: UUID | None, day: date) -> str:
    """Return a head office as the certificate says it: address, commune and province of the day."""
    known = places()
    commune = known.commune_on(commune_id, day)
    parts = [address]
    if commune is not None:
        province = next(
            (p for p in known.units.values()
             if p.level == Level.PROVINCE and p.province_code == commune.province_code
             and p.exists_on(day)), None,
        )  # fmt: skip
        parts += [commune.full_name, province.full_name if province else ""]
    text = ", ".join(p for p in parts if p)
    return text[:1].upper() + text[1:]


def written_for(ctx: Context, bodies: Iterable[UUID], on: date) -> dict[UUID, Written]:
    """Return what the certificates of bodies would say, issued on a day (Law 2023 art. 45).

    The register as it stands now is what counts. The caller has seen to it that the bodies, and
    what is said of their people, lie within reach.
    """
    wanted = list(bodies)
    periods = list(Period.objects.filter(is_latest=True, cooperative__in=wanted))
    named = Particulars.objects.filter(pk__in=[p.particulars_id for p in periods])
    names = {pk: rest for pk, *rest in named.values_list("pk", "foreign_name", "short_name")}
    people = representatives_of(wanted, on)
    before, states = _certificates(wanted)
    offices: dict[tuple[str, Any], str] = {}
    found = {}
    for row in periods:
        place = (row.address, row.commune_id)
        if place not in offices:
            offices[place] = office_in_words(*place, ctx.today)
        foreign, short = names.get(row.particulars_id, ("", ""))
        own = CertificateKind.GROUP if row.kind == "group" else CertificateKind.REGISTRATION
        last = before.get((row.cooperative_id, own.value))
        content = {
            "name": row.name, "foreign_name": foreign, "short_name": short,
            "code": row.registration_number, "office": offices[place],
            "charter_capital": row.charter_capital,
            "representatives": people.get(row.cooperative_id) or _people(row, last),
            "first_registered_on":
                row.established_on if row.established_precision == "day" else None,
            "change_number": last.content.get("change_number") if last else None,
        }  # fmt: skip
        found[row.cooperative_id] = Written(
            row.cooperative_id, row.kind, plain(content), row.commune_id,
            row.legal_status == LegalStatus.ENDED, last,
            states.get((row.cooperative_id, own.value), ""),
        )  # fmt: skip
    return found


def plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a content with texts in one normal form and without empty ones, days as text."""

    def of(value: Any) -> Any:
        match value:
            case str():
                return tidy(value)
            case date():
                return value.isoformat()
            case Mapping():
                return {k: p for k, v in value.items() if (p := of(v)) not in (None, "")}
            case list() | tuple():
                return [of(v) for v in value]
        return value

    return of(content)  # type: ignore[no-any-return]


def _certificates(
    bodies: Sequence[UUID],
) -> tuple[dict[tuple[UUID, str], Certificate], dict[tuple[UUID, str], str]]:
    """Return the certificates in force of each body and kind, and how the last one issued stands."""
    rows = Standing.objects.filter(
        retired_by__isnull=True, certificate__cooperative__in=bodies
    ).select_related("certificate")
    in_force, states = {}, {}
    for standing in rows.order_by("certificate__issued_on", "certificate__sequence"):
        place = standing.certificate.cooperative_id, standing.certificate.kind
        states[place] = standing.state
        if standing.state == State.IN_FORCE:
            in_force[place] = standing.certificate
    return in_force, states


def _people(row: Period, last: Certificate | None) -> list[dict[str, Any]]:
    """Return the person whom the register's line names, with what the last certificate tells of the same one."""
    name = row.chairman or row.director
    before = (last.content.get("representatives") or []) if last else []
    if not name or _text(name) in {_text(p.get("name")) for p in before}:
        return list(before)
    position = "Chủ tịch Hội đồng quản trị" if row.chairman else "Giám đốc"
    return [{"name": name, "position": position}]
