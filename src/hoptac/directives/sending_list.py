"""To whom a document says that it goes (*Nơi nhận*), as agencies of the province: to act, or for information."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from hoptac.directives.models import Directive
from hoptac.directives.terms import Purpose
from hoptac.foundation.vietnamese import fold
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.terms import Level

# Words of a line that stand for a whole group of the distribution page.
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("departments", ("cac so", "cac ban nganh", "thu truong cac so", "giam doc cac so")),
    ("fronts", ("cac doan the", "cac to chuc chinh tri", "doan the tinh", "mttq", "mat tran to quoc")),
    ("district_committees", ("ubnd cac huyen", "uy ban nhan dan cac huyen", "cac huyen thi")),
    ("district_party", ("cac huyen uy", "cac thanh uy", "cac thi uy", "huyen uy thi uy")),
    ("commune_committees", ("ubnd cac xa", "ubnd cac phuong", "uy ban nhan dan cac xa", "uy ban nhan dan cac phuong")),
    ("party_bodies", ("cac ban dang", "cac ban cua tinh uy", "cac ban xay dung dang")),
)  # fmt: skip
_ORDER: dict[str, int] = {Level.PROVINCE: 0, Level.DISTRICT: 1, Level.COMMUNE: 2}


def named_recipients(
    directive: Directive, groups: Mapping[str, Iterable[Agency]]
) -> dict[UUID, Purpose]:
    """Return which of the agencies that may be sent to the document names, and for what.

    A line that names a single body is that agency, *các sở, ban, ngành* the whole group. Who stands above the
    issuer has it for information. What is named for both is to act.
    """
    reading = directive.reading or {}
    lines = (reading.get("document") or {}).get("recipients", ())
    actors = {a["id"]: a for a in reading.get("actors", ())}
    by_code = {a.code: a for agencies in groups.values() for a in agencies}
    by_name: dict[str, Agency] = {}
    for agency in by_code.values():
        by_name.setdefault(fold(agency.name), agency)
        by_name.setdefault(fold(agency.short_name), agency)
    above = _level_of(directive)
    found: dict[UUID, Purpose] = {}
    for line in lines:
        purpose = line.get("purpose", Purpose.ACT)
        if line.get("is_archive") or purpose not in Purpose.values:
            continue
        for agency in _named_by(line, actors, by_code, by_name, groups):
            said = Purpose(purpose)
            if above is not None and _ORDER.get(agency.unit.level, 9) < above:
                said = Purpose.KNOW
            if found.get(agency.pk) != Purpose.ACT:
                found[agency.pk] = said
    return found


def _level_of(directive: Directive) -> int | None:
    issuer = directive.issuer
    return _ORDER.get(issuer.unit.level) if issuer is not None else None


def _named_by(
    line: Mapping[str, Any], actors: Mapping[str, Any], by_code: Mapping[str, Agency],
    by_name: Mapping[str, Agency], groups: Mapping[str, Iterable[Agency]],
) -> list[Agency]:  # fmt: skip
    found: list[Agency] = []
    words = " ".join(fold(line.get("text", "")).replace(",", " ").replace(";", " ").split())
    for group, beginnings in _GROUPS:
        if any(b in words for b in beginnings):
            found += groups.get(group, ())
    for key in line.get("actors", ()):
        actor = actors.get(key) or {}
        if actor.get("is_group"):
            continue
        agency = by_code.get(actor.get("agency", "")) or by_name.get(fold(actor.get("name", "")))
        if agency is not None:
            found.append(agency)
    return found
