"""Yearly plans of the demonstration: the province's target list and plan, parts of it at several stages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from hoptac.directives.models import Directive
from hoptac.foundation.access import Context, system_context
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.terms import AgencyKind
from hoptac.plans import actions
from hoptac.plans.models import YearPlan


def build() -> None:
    """Begin, fill, submit and approve the plans that ``demo/plans.toml`` tells, for the present year."""
    path = settings.ROOT / "demo" / "plans.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    ctx = system_context()
    _target_list(ctx, told["target_list"])
    plan = _province(ctx, told)
    for one in told["part"]:
        _part(ctx, one, plan)


def _agency(code: str) -> Agency:
    return Agency.objects.select_related("unit").get(code=code)


def _target_list(ctx: Context, told: Mapping[str, Any]) -> YearPlan:
    agency, first, last = _agency(told["by"]), ctx.today.year, told["last_year"]
    plan = actions.draft_plan(
        ctx, agency=agency, approver=agency, kind="target_list", year=first, last_year=max(last, first),
        template="resolution", title=told["title"], tie=told["tie"],
    )  # fmt: skip
    for one in told["targets"]:
        step = Decimal(one["last"] - one["first"]) / max(1, last - first)
        path = {str(y): str(round(one["first"] + step * (y - first))) for y in range(first, last + 1)}  # fmt: skip
        actions.set_target(
            ctx, plan, code=one["code"], values={"planned": one["last"], "path": path}
        )
    actions.submit(ctx, plan)
    return actions.approve(ctx, plan)


def _province(ctx: Context, everything: Mapping[str, Any]) -> YearPlan:
    told = everything["province"]
    agency, year = _agency(told["by"]), ctx.today.year
    plan = actions.draft_plan(
        ctx, agency=agency, approver=agency, year=year, template="annex", title=told["title"].format(year=year),
        tie=told["tie"].format(year=year),
    )  # fmt: skip
    wanted = {one["code"]: dict(one) for one in told["targets"]}
    for row in list(plan.targets.filter(retired_by__isnull=True).order_by("position")):
        if row.code not in wanted:
            actions.drop_target(ctx, plan, code=row.code)
            continue
        values = wanted[row.code]
        values["responsible"] = _agency(values["responsible"])
        actions.set_target(ctx, plan, code=values.pop("code"), values=values)
    texts = {"direction": told["direction"], "goals": told["goals"]}
    actions.edit_plan(ctx, plan, values={"texts": texts})
    actions.submit(ctx, plan)
    actions.approve(ctx, plan)
    document = Directive.objects.filter(issuer=agency, symbol=told["symbol"]).first()
    if document is not None:
        actions.issue(ctx, plan, document=document)
    for one in told["stated"]:
        actions.state_actual(
            ctx, plan, code=one["code"], value=Decimal(one["value"]), as_of=ctx.today, source=one["source"]
        )  # fmt: skip
    communes = Agency.objects.filter(
        kind=AgencyKind.COMMITTEE, unit__level="commune", valid__contains=ctx.today
    ).order_by("unit__sort_key")
    own = communes.filter(unit__code__in=[p["commune"] for p in everything["part"] if "commune" in p])  # fmt: skip
    asked = [*(_agency(c) for c in told["asked"]), *own, *communes[: told["communes_asked"]]]
    actions.ask_plans(
        ctx, plan, agencies=asked, due_on=min(ctx.today + timedelta(days=20), date(year, 12, 31))
    )
    return plan


def _part(ctx: Context, told: Mapping[str, Any], parent: YearPlan) -> None:
    if "commune" in told:
        agency = Agency.objects.select_related("unit").get(
            kind=AgencyKind.COMMITTEE, unit__level="commune", unit__code=told["commune"], valid__contains=ctx.today
        )  # fmt: skip
    else:
        agency = _agency(told["by"])
    plan = actions.draft_plan(
        ctx, agency=agency, approver=parent.agency, year=parent.year, parent=parent,
        tie=f"Theo kế hoạch phát triển kinh tế - xã hội năm {parent.year} (minh họa).",
        title=f"Kế hoạch phát triển kinh tế tập thể năm {parent.year} của {agency.name} (minh họa)",
    )  # fmt: skip
    above = {t.code: t for t in parent.targets.filter(retired_by__isnull=True)}
    share = Decimal(str(told.get("share", 1)))
    for row in list(plan.targets.filter(retired_by__isnull=True)):
        planned = round((above[row.serves].planned or Decimal(0)) * share)
        actions.set_target(ctx, plan, code=row.code, values={"planned": planned})
    actions.submit(ctx, plan)
    if told["until"] == "returned":
        actions.return_plan(ctx, plan, words=told["words"])
    if told["until"] != "issued":
        return
    actions.approve(ctx, plan)
    document = Directive.objects.filter(issuer=agency, symbol=told["symbol"]).first()
    if document is not None:
        actions.issue(ctx, plan, document=document)
