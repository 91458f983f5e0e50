"""The demonstration province, built by the acts that officers perform."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from hoptac.certificates.actions import issue_certificate, revoke_certificate, rotate_key
from hoptac.foundation.access import Context, system_context
from hoptac.foundation.accounts.models import User
from hoptac.jurisdiction.actions import (
    add_agency,
    give_mandate,
    load_agencies,
    load_kien_giang_units,
)
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.jurisdiction.places import places
from hoptac.registry.actions import (
    correct_particulars,
    end_cooperative,
    record_cooperative,
    set_business_lines,
)
from hoptac.registry.importing import entering, service
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.selectors import register_on
from hoptac.workspace import (
    assignments,
    committees,
    directives,
    dossiers,
    obligations,
    plans,
    reports,
    watching,
)

FOLDER = settings.ROOT / "demo"
Tell = Callable[[str], None]


def plan() -> dict[str, Any]:
    """Return what the demonstration does, from its data file."""
    return tomllib.loads((FOLDER / "demo_province.toml").read_text(encoding="utf-8"))


def is_empty() -> bool:
    """Tell whether nothing was ever entered in this database."""
    return not Cooperative.objects.exists() and not User.objects.exists()


@transaction.atomic
def build(tell: Tell = lambda line: None) -> None:
    """Build the province: units, the list of 2019, the first half of 2020, people with mandates."""
    ctx, told = system_context(), plan()
    tell("units of the province")
    load_kien_giang_units(ctx)
    load_agencies(ctx)
    _agencies(ctx, told)
    tell("the list of 31 December 2019")
    path = Path(FOLDER / "register-2019-12-31.xlsx")
    batch = service.bring_in(ctx, path, filename=path.name, as_of=date(2019, 12, 31))
    service.read(batch)
    entering.enter_list(ctx, batch)
    tell("the first half of 2020")
    _first_half_of_2020(ctx, told)
    for body in told["group"]:
        _record(ctx, body, {"members": body["members"]}, body["established_on"])
    tell("people and their mandates")
    _people(ctx, told)
    tell("certificates")
    _certificates(ctx, told)
    tell("dossiers on a commune's desk")
    examiner, registrar = dossiers.desk_officers()
    bodies = dossiers.bodies_of(examiner)
    dossiers.set_fees(told["fees"])
    dossiers.build(told["filing"])
    tell("bodies to watch, and their cases")
    watching.build(told["watched"], bodies, examiner, registrar)
    tell("documents that order work, sent and answered")
    directives.build(told)
    tell("the founding plan, carried out since 2020")
    obligations.build()
    tell("tasks of the plan")
    assignments.build(told["task"])
    tell("steering committees and following officers")
    committees.build(told)
    tell("plans of the year")
    plans.build()
    tell("reports, signed and being written")
    reports.build(told["reports"])


def _commune(code: str, on: date) -> AdminUnit:
    return AdminUnit.objects.on(on).get(level="commune", code=code)


def _record(ctx: Context, body: dict[str, Any], figures: dict[str, Any], as_of: date) -> Any:
    particulars = {
        "name": body["name"],
        "sector": body.get("sector", "agriculture"),
        "commune_id": _commune(body["commune"], body["established_on"]).pk,
        "established_on": body["established_on"],
    }
    return record_cooperative(
        ctx, body.get("kind", "cooperative"), particulars=particulars, figures=figures, as_of=as_of,
        source="Số liệu minh họa",
    )  # fmt: skip


def _first_half_of_2020(ctx: Context, told: dict[str, Any]) -> None:
    """End one idle cooperative and enter eleven new ones whose figures make up the total of mid-2020."""
    target, gone = told["mid_2020"], told["ended"]
    idle = (
        register_on(ctx, date(2019, 12, 31))
        .filter(kind="cooperative", sector="agriculture", working_state="awaiting_dissolution")
        .order_by("members", "cooperative_id")
        .first()
    )
    if idle is None:
        raise LookupError("the list of 2019 has no cooperative awaiting dissolution")
    end_cooperative(
        ctx.because(basis=gone["basis"]), Cooperative.objects.get(pk=idle.cooperative_id),
        on=gone["on"],
    )  # fmt: skip
    before = Period.objects.on(gone["on"], ctx.today).existing().filter(kind="cooperative")
    sums = {
        m: sum((getattr(p, m) or 0 for p in before), Decimal(0))
        for m in ("charter_capital", "area", "members", "workers")
    }
    missing = {m: Decimal(str(target[m])) - sums[m] for m in sums}
    bodies = told["new"]
    farms = [b for b in bodies if b.get("sector", "agriculture") == "agriculture"]
    shares = {
        "charter_capital": _shares(missing["charter_capital"], bodies, Decimal(1_000_000)),
        "area": _shares(missing["area"], farms, Decimal("0.1")),
        "members": _shares(missing["members"], bodies, Decimal(1)),
        "workers": _shares(missing["workers"], bodies, Decimal(1)),
    }
    for body in bodies:
        figures: dict[str, Any] = {m: shares[m].get(body["name"]) for m in shares}
        for whole in ("charter_capital", "members", "workers"):
            figures[whole] = int(figures[whole] or 0)
        made = _record(ctx, body, figures, max(body["established_on"], target["as_of"]))
        if lines := body.get("lines"):
            set_business_lines(
                ctx, made, codes=lines, main=lines[0], from_on=body["established_on"]
            )


def _shares(total: Decimal, bodies: list[dict[str, Any]], step: Decimal) -> dict[str, Decimal]:
    """Part a total among bodies in uneven whole steps; the last takes what is left."""
    shares: dict[str, Decimal] = {}
    left = total
    for index, body in enumerate(bodies[:-1]):
        weight = Decimal(7 + (index * 5) % 6) / Decimal(10)
        share = (total / len(bodies) * weight / step).to_integral_value() * step
        shares[body["name"]] = share
        left -= share
    shares[bodies[-1]["name"]] = left
    return shares


def _agencies(ctx: Context, told: dict[str, Any]) -> None:
    """Add the bodies that only the demonstration has."""
    province = AdminUnit.objects.on(ctx.today).get(level="province", province_code="91")
    for one in told["agency"]:
        before = list(Agency.objects.filter(code__in=one["predecessors"]))
        add_agency(ctx, **{**one, "predecessors": before}, unit=province)


def _people(ctx: Context, told: dict[str, Any]) -> None:
    province = AdminUnit.objects.on(ctx.today).get(level="province", province_code="91")
    for account in told["account"]:
        user = User.objects.create_user(
            account["username"], told["password"], full_name=account["full_name"],
            job_title=account["job_title"], is_demo=True,
        )  # fmt: skip
        place: dict[str, Any] = {"unit": province}
        if "commune" in account:
            place = {"unit": _commune(account["commune"], ctx.today)}
        elif "agency" in account:
            place = {"agency": Agency.objects.get(code=account["agency"])}
        elif "district" in account:
            units = AdminUnit.objects.filter(level="district", code=account["district"])
            place = {"unit": units.get()}
        elif account.get("cooperative"):
            own = (
                register_on(ctx, ctx.today)
                .existing()
                .filter(kind="cooperative", sector="agriculture")
            )
            place = {"cooperative_id": own.order_by("-members").first().cooperative_id}  # type: ignore[union-attr]
        give_mandate(
            ctx, user, role=account["role"], from_on=date(2020, 1, 2),
            until_on=account.get("until_on"), basis="Quyết định phân công (minh họa)", **place,
        )  # fmt: skip


def _certificates(ctx: Context, told: dict[str, Any]) -> None:
    """Issue certificates: in force, superseded by a change, revoked; of bodies, a branch, a group."""
    rotate_key(ctx)
    for paper in told["certificate"]:
        period = register_on(ctx, ctx.today).get(name=paper["of"])
        body = Cooperative.objects.get(pk=period.cooperative_id)
        if not period.registration_number:
            correct_particulars(
                ctx.because("Bổ sung mã số (minh họa)"), body,
                changes={"registration_number": paper["code"][:10]},
            )  # fmt: skip
        place = places().commune_on(period.commune_id, ctx.today)
        if place is None:
            raise LookupError(f"{paper['of']} lies in no commune of today")
        content = {
            "name": paper.get("name", paper["of"]), "code": paper["code"],
            "office": f"{paper['address']}, {place.full_name}, tỉnh An Giang",
            "charter_capital": paper.get("charter_capital"),
            "first_registered_on": paper.get("first_registered_on"),
            "representatives": [told["certificate_person"]], **paper.get("parent", {}),
        }  # fmt: skip
        certificate = issue_certificate(
            ctx, body, authority=AdminUnit.objects.get(pk=place.id), kind=paper["kind"],
            content=content, issued_on=paper["issued_on"], reason=paper["reason"],
            signatory=told["certificate_signatory"],
        )  # fmt: skip
        if "revoked_on" in paper:
            because = ctx.because("Kê khai không đúng (minh họa)", "QĐ 15/QĐ-UBND (minh họa)")
            revoke_certificate(because, certificate, on=paper["revoked_on"])
