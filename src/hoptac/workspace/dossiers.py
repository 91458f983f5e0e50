"""Dossiers of the demonstration: taken in, examined and decided by its own officers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.accounts.models import User
from hoptac.jurisdiction.places import places
from hoptac.registration import actions
from hoptac.registration.fees import account_of
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.selectors import register_on

_EXAMINER, _REGISTRAR = "dangky", "kyduyet"


def set_fees(told: Mapping[str, Any]) -> None:
    """Enter a table of fees that is made up, and says so; in force from the first day of this year."""
    keeper = _officer(told["by"])
    begins = date(keeper.today.year, 1, 1)
    lines = [
        {"procedure": procedure, "channel": channel, "amount": amount}
        for procedure, amounts in told["amounts"].items()
        for channel, amount in zip(("", "online"), amounts, strict=True)
    ]
    actions.set_fees(
        keeper,
        told["resolution"],
        resolved_on=begins,
        in_force=begins,
        lines=lines,
        is_invented=True,
    )


def build(told: Iterable[Mapping[str, Any]]) -> None:
    """Take in every dossier that the plan tells, and bring it as far as it says."""
    examiner, registrar = desk_officers()
    for one in told:
        _bring(one, examiner, registrar)


def desk_officers() -> tuple[Context, Context]:
    """Return who examines at the demonstration's desk, and who decides."""
    return _officer(_EXAMINER), _officer(_REGISTRAR)


def _officer(username: str) -> Context:
    return context_of(User.objects.get(username=username))


def bodies_of(ctx: Context) -> list[Period]:
    """Return the desk's cooperatives that nothing keeps from being registered, in order of names."""
    found = (
        register_on(ctx, ctx.today, "registration.receive").existing().filter(kind="cooperative")
    )
    return list(found.filter(legal_status="active").order_by("sort_key", "cooperative_id"))


def _bring(told: Mapping[str, Any], examiner: Context, registrar: Context) -> None:
    proposal = dict(told["proposal"])
    body = None
    if "body" in told:
        body = Cooperative.objects.get(pk=bodies_of(examiner)[told["body"]].cooperative_id)
    else:
        proposal["commune"] = _commune_of_today(examiner)
    if "pause_days" in told:
        begins, last = (examiner.today + timedelta(days=n) for n in told["pause_days"])
        proposal |= {"from_on": begins, "until_on": last}
    elif told["procedure"] in {"notice_of_change", "change_registration"}:
        proposal["from_on"] = examiner.today
    rule = procedure_on(told["procedure"], examiner.today)
    papers = rule.required if told["papers"] == "all" else ()
    filing = actions.receive(
        examiner, told["procedure"], kind="" if body else "cooperative", cooperative=body,
        proposal=proposal, papers=papers, applicant=told["applicant"],
    )  # fmt: skip
    until = told.get("until", "")
    if until == "asked":
        actions.ask_supplement(examiner, filing, missing=told["missing"])
    if until in {"proposed", "decided"}:
        owed = account_of(filing).open
        if owed:
            number = f"BL-{filing.receipt_number.partition('/')[0]}"
            actions.record_fee(examiner, filing, amount=owed, number=number)
        actions.propose(examiner, filing, outcome="grant")
    if until == "decided":
        signatory = registrar.user.full_name if registrar.user else ""
        actions.decide(registrar, filing, outcome="grant", signatory=signatory)


def _commune_of_today(ctx: Context) -> Any:
    """Return the commune of today whose desk it is."""
    return places().communes_on(ctx.today, ctx.coverage("registration.receive"))[0].id
