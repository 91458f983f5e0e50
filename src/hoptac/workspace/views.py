"""The home page: what waits for me, how my territory stands; the Standing Committee's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hoptac.foundation.access import Context
from hoptac.foundation.audit.words import act_name
from hoptac.foundation.duties import duties
from hoptac.jurisdiction.places import places
from hoptac.jurisdiction.roles import role_name
from hoptac.registry.selectors import saved_views
from hoptac.registry.tables import MILLION, day, number
from hoptac.registry.terms import Kind
from hoptac.tasks.outlines import plan_of, plans_seen
from hoptac.ui.views import OfficeView
from hoptac.workspace import standing
from hoptac.workspace.baseline import baseline_of
from hoptac.workspace.selectors import own_bodies, territory


@dataclass(frozen=True)
class Key:
    """A number of the territory, with the list behind it."""

    label: str
    value: str
    unit: str = ""
    href: str = ""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The officer's front door. Everybody who signed in has one; what it shows, mandates decide."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "name": ctx.user.full_name if ctx.user else "",
        "desks": _desks(ctx),
        "duties": duties(ctx),
        "links": _links(ctx),
        "today": day(ctx.today),
    }
    if ctx.may("registry.view"):
        figures, recent = territory(ctx)
        context |= {
            "own": (own := own_bodies(ctx)),
            "keys": _keys(figures, counts=not own),
            "recent": [(r, act_name(r.act_name)) for r in recent],
            "views": saved_views(ctx, "registry:list")[:6],
        }
    return render(request, "workspace/home.html", context)


def _desks(ctx: Context) -> list[str]:
    """Return the caller's mandates in words: role and place."""
    known = places()
    found = []
    for grant in ctx.grants:
        unit = known.get(grant.unit_id)
        words = role_name(grant.role.code)
        found.append(f"{words} · {unit.heading}" if unit else words)
    return list(dict.fromkeys(found))


def _keys(found: dict[str, Any], *, counts: bool) -> dict[str, Any]:
    """Return the territory's numbers; without ``counts`` only what its cooperatives add up to."""
    address = reverse("registry:list")
    words = {
        Kind.COOPERATIVE.value: _("Cooperatives"),
        Kind.UNION.value: _("Unions"),
        Kind.GROUP.value: _("Groups"),
    }
    keys = [
        Key(words[k], number(found[k] or 0), href=f"{address}?kind={k}") for k in words if counts
    ]  # fmt: skip
    if not found[Kind.COOPERATIVE]:
        return {"keys": keys}
    capital = (found["capital_sum"] or 0) // MILLION
    keys += [
        Key(_("Members"), number(found["members_sum"] or 0), _("persons")),
        Key(_("Workers"), number(found["workers_sum"] or 0), _("persons")),
        Key(_("Cultivated area"), number(found["area_sum"] or 0), "ha"),
        Key(_("Charter capital"), number(capital), _("million dong")),
    ]
    return {"keys": keys, "as_of": day(found["as_of"]) if found["as_of"] else ""}


def _links(ctx: Context) -> list[tuple[str, str]]:
    offered = [
        ("registry.view", "registry:list", _("Search the register")),
        ("registry.record", "registry:enter", _("Enter a body")),
        ("registry.view", "registry:views", _("Saved views")),
    ]
    return [(reverse(url), words) for permission, url, words in offered if ctx.may(permission)]


class StandingPage(OfficeView):
    """One screen and one sheet: is the plan carried out, what changed on the ground, what needs a decision."""

    permission = "plan.survey"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ctx, wanted = self.ctx, _uuid(request.GET.get("directive", ""))
        plans = plans_seen(ctx)
        plan = plan_of(ctx, wanted, plans)
        if plan is None and wanted is not None:
            raise Http404
        provinces = sorted(ctx.coverage(self.permission).provinces)
        province = plan.province_code if plan else next(iter(provinces), "")
        baseline = baseline_of(plan, ctx.today)
        context: dict[str, Any] = {
            "plan": plan, "plans": plans, "today": ctx.today, "baseline": baseline,
            "ground": standing.on_the_ground(ctx, province, baseline) if province and baseline else None,
            "duties": duties(ctx),
        }  # fmt: skip
        if plan is not None:
            context |= {
                "carried": standing.carried_out(ctx, plan),
                "decisions": standing.decisions(ctx, plan),
            }
        return render(request, "workspace/standing.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
