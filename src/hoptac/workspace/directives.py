"""Documents of the demonstration: the founding plan with what it rests on, sent and answered; a plan of this year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from hoptac.directives import actions, selectors
from hoptac.directives.bringing import proposal_of, read_file, spec_of
from hoptac.directives.models import Directive
from hoptac.directives.reading import Reading, read_text
from hoptac.foundation.access import Context, system_context
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.accounts.models import User
from hoptac.foundation.working_days import add_working_days
from hoptac.jurisdiction.models import Agency

_FACTS = ("symbol", "title", "issuer_name", "issued_on", "in_force_on")


def build(told: Mapping[str, Any]) -> None:
    """Enter the documents that the plan tells, link them, send them, and let agencies answer."""
    by_symbol: dict[str, Directive] = {}
    for one in told["directive"]:
        ctx = _officer(one["by"])
        made = actions.record_directive(ctx, facts={n: one[n] for n in _FACTS}, text=one["text"])
        links = [
            actions.LinkSpec(kind="implements", target=by_symbol[s])
            for s in one.get("implements", ())
        ]
        if links:
            actions.link_directives(ctx, made, links=links)
        by_symbol[made.symbol] = made
    _plan_of_2020(told["plan_of_2020"])
    _plan_of_this_year(told["plan_of_this_year"])


def _officer(username: str) -> Context:
    return context_of(User.objects.get(username=username))


def _agencies(codes: list[str]) -> list[Agency]:
    found = {a.code: a for a in Agency.objects.filter(code__in=codes)}
    return [found[c] for c in codes if c in found]


def _plan_of_2020(told: Mapping[str, Any]) -> None:
    """Bring the founding plan as a file. Its number and day stand nowhere in it: they are left to be confirmed."""
    ctx = _officer(told["by"])
    content = (settings.ROOT / "demo" / told["file"]).read_bytes()
    reading = read_file(told["file"], content)
    proposed = proposal_of(ctx, reading)
    facts = {
        **proposed.values,
        "chain": told["chain"],
        "level": told["level"],
        "kind": told["kind"],
        "is_confirmed": False,
    }
    facts.pop("issuer", None)
    known = selectors.known_by_symbol(ctx, [r.symbol for r in reading.references])
    links = [
        spec_of(r, told["cites"][r.symbol], known.get(r.symbol))
        for r in reading.references
        if r.symbol in told["cites"]
    ]
    plan = actions.bring_directive(
        ctx, facts=facts, file=(told["file"], content), reading=reading, links=links
    )
    others = [c for c in told["recipients"] if c not in told["asked"]]
    for codes, make_by in ((told["asked"], told["make_by"]), (others, None)):
        actions.distribute(
            ctx, plan, agencies=_agencies(codes), sent_on=told["sent_on"], make_by=make_by
        )
    system = system_context()
    for row in plan.recipients.select_related("agency").order_by("pk"):
        if row.agency.code not in told["unacknowledged"]:
            actions.acknowledge(system, row, on=told["sent_on"] + timedelta(days=1))
    for own in told["own"]:
        row = plan.recipients.get(agency__code=own["agency"])
        actions.make_concrete(system, row, own=_own_plan(system, own, row.agency, own["issued_on"]))


def _own_plan(ctx: Context, told: Mapping[str, Any], agency: Agency, issued_on: date) -> Directive:
    level = "province" if agency.unit.level == "province" else "district"
    facts = {
        "symbol": told["symbol"], "title": told["title"].format(year=issued_on.year), "issuer": agency,
        "issued_on": issued_on, "in_force_on": issued_on, "level": level,
    }  # fmt: skip
    return actions.record_directive(ctx, facts=facts, text=facts["title"])


def _plan_of_this_year(told: Mapping[str, Any]) -> None:
    """Send a plan of the days before the demonstration was built, so that some answers are awaited, some late."""
    ctx = _officer(told["by"])
    issued_on = ctx.today - timedelta(days=told["issued_days_ago"])
    issuer = Agency.objects.get(code=told["agency"])
    text = told["text"].strip().format(year=issued_on.year)
    reading: Reading = read_text(text)
    facts = {
        "symbol": f"{told['number']}/{told['symbol_end']}", "title": told["title"].format(year=issued_on.year),
        "issuer": issuer, "level": "province", "issued_on": issued_on, "in_force_on": issued_on,
    }  # fmt: skip
    plan = actions.bring_directive(
        ctx, facts=facts, file=("ke-hoach-minh-hoa.txt", text.encode()), reading=reading
    )
    communes = selectors.agencies_of_groups(ctx, told["groups"], issued_on)
    actions.distribute(
        ctx, plan, agencies=[*_agencies(told["recipients"]), *communes], sent_on=issued_on,
        make_by=add_working_days(ctx.today, told["make_in_days"]),
    )  # fmt: skip
    system = system_context()
    said = {*told["acknowledged"], *(a.code for a in communes[: told["communes_acknowledged"]])}
    for row in plan.recipients.select_related("agency").order_by("pk"):
        if row.agency.code in said:
            actions.acknowledge(system, row, on=min(ctx.today, issued_on + timedelta(days=1)))
    for own in told["own"]:
        officer = _officer(own["by"])
        row = plan.recipients.get(agency__code=own["agency"])
        made = _own_plan(officer, own, row.agency, issued_on + timedelta(days=3))
        actions.make_concrete(officer, row, own=made)
