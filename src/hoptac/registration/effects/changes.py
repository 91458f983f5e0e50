"""Establishment, changes, corrections, re-registration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hoptac.foundation.access import Context
from hoptac.registration import facts
from hoptac.registration.models import Filing
from hoptac.registry import actions as register
from hoptac.registry.models import Cooperative
from hoptac.registry.rules.particulars import compute_legal_era
from hoptac.registry.terms import Measure

# Fields of a proposal that are particulars of the register, by their name there.
_PARTICULARS = {
    "name": "name", "short_name": "short_name", "foreign_name": "foreign_name",
    "registration_number": "registration_number", "commune": "commune_id", "address": "address",
    "phone": "phone", "email": "email", "sector": "sector", "activity": "activity",
    "director": "director",
}  # fmt: skip
_DIRECTOR, _CHAIRMAN = ("giám đốc", "tổng giám đốc"), ("chủ tịch", "tổ trưởng")


def particulars_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the register's particulars that a proposal speaks of, people in their offices too."""
    found = {own: values[k] for k, own in _PARTICULARS.items() if values.get(k) not in (None, "")}
    for person in values.get("representatives") or ():
        position = str(person.get("position") or "").lower()
        if any(word in position for word in _CHAIRMAN):
            found["chairman"] = person["person"]
        if any(word in position for word in _DIRECTOR):
            found["director"] = person["person"]
    return found


def figures_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures that a proposal declares, by measure."""
    return {m: values[m] for m in Measure.values if values.get(m) is not None}


def enter(
    ctx: Context, filing: Filing, kind: str, values: Mapping[str, Any], on: date
) -> Cooperative:
    """Enter a body that comes into being on a day: particulars, figures, lines, representatives."""
    particulars = particulars_in(values) | {
        "established_on": on,
        "legal_era": compute_legal_era(on, today=on),
    }
    body = register.record_cooperative(
        ctx, kind, particulars=particulars, figures=figures_in(values), as_of=on,
        source=facts.source_of(filing),
    )  # fmt: skip
    lines = list(values.get("lines") or ())
    if lines:
        register.set_business_lines(ctx, body, codes=lines, main=lines[0], from_on=on)
    facts.set_representatives(ctx, body, values.get("representatives") or (), on, filing)
    return body


def establish(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> Cooperative:
    """Enter the new body, established on the day."""
    return enter(ctx, filing, filing.kind, values, on)


def change(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Let what the proposal says hold from its day on (the day of the decision unless it says)."""
    apply(ctx, filing, values, values.get("from_on") or on)


def apply(ctx: Context, filing: Filing, values: Mapping[str, Any], begins: date) -> None:
    """Record each part of a proposal that differs from what the register knows."""
    body, source = subject_of(filing), facts.source_of(filing)
    particulars, figures = _unlike(body, particulars_in(values)), figures_in(values)
    if particulars:
        register.change_particulars(ctx, body, changes=particulars, from_on=begins, source=source)
    if figures:
        register.state_figures(ctx, body, figures=figures, as_of=begins, source=source)
    lines = list(values.get("lines") or ())
    if lines:
        register.set_business_lines(ctx, body, codes=lines, main=lines[0], from_on=begins)
    if values.get("representatives"):
        facts.set_representatives(ctx, body, values["representatives"], begins, filing)


def _unlike(body: Cooperative, particulars: dict[str, Any]) -> dict[str, Any]:
    """Leave out people who hold their office already: a dossier may change other things of them."""
    now = body.periods.filter(is_latest=True).first()
    held = {k: getattr(now, k, None) for k in ("director", "chairman")}
    return {k: v for k, v in particulars.items() if k not in held or held[k] != v}


def correct(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Correct what the certificate or the register said wrongly, as long as it said so."""
    body = subject_of(filing)
    particulars = _unlike(body, particulars_in(values))
    because = ctx.because(reason=values["reason"], basis=ctx.basis)
    if particulars:
        register.correct_particulars(
            because, body, changes=particulars, source=facts.source_of(filing)
        )
    figures = figures_in(values)
    if figures:
        register.state_figures(ctx, body, figures=figures, as_of=on, source=facts.source_of(filing))
    if values.get("representatives"):
        facts.set_representatives(ctx, body, values["representatives"], on, filing)


def reissue(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Change nothing in the register: only the paper is issued again."""


def reregister(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Put the body under the law of the day, with whatever else its dossier changes."""
    body = subject_of(filing)
    register.change_particulars(
        ctx, body, changes={"legal_era": compute_legal_era(on, today=on)}, from_on=on,
        source=facts.source_of(filing),
    )  # fmt: skip
    apply(ctx, filing, values, on)


def subject_of(filing: Filing) -> Cooperative:
    """Return the body that a filing is about.

    :raises LookupError: the filing is about a body that does not exist yet
    """
    if filing.cooperative is None:
        raise LookupError(f"filing {filing.pk} has no body")
    return filing.cooperative
