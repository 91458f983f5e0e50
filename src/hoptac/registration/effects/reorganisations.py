"""Division, separation, consolidation, merger, conversion: bodies that end, begin and pass over.

The figures of a successor are those that its dossier declares; they are never summed. What else
stands of a body that ends (open filings, branches, marks, and what apps above keep of it) is
carried by :func:`hoptac.foundation.succession.succeed`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.foundation.objections import objections
from hoptac.foundation.succession import succeed
from hoptac.registration import facts
from hoptac.registration.effects.changes import enter, figures_in, subject_of
from hoptac.registration.models import Filing
from hoptac.registry import actions as register
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.terms import Kind, LineageKind


def divide(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> list[Cooperative]:
    """End the body; several new ones succeed it. What cannot be parted goes to the first."""
    old = subject_of(filing)
    new = [enter(ctx, filing, filing.kind, part, on) for part in values["new_bodies"]]
    _pass_over(ctx, filing, [old], new, LineageKind.DIVISION, on)
    return new


def separate(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> list[Cooperative]:
    """Let new bodies come out of one that lives on, with the figures that it declares for itself."""
    old, made = subject_of(filing), []
    for part in values["new_bodies"]:
        new = enter(ctx, filing, filing.kind, part, on)
        made.append(new)
        register.record_lineage(
            ctx, old, successor=new, kind=LineageKind.SEPARATION.value, on=on,
            source=facts.source_of(filing),
        )  # fmt: skip
    _declare(ctx, filing, old, values, on)
    return made


def consolidate(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> Cooperative:
    """End all that take part; one new body succeeds them."""
    old = [subject_of(filing), *_others(ctx, filing, values)]
    new = enter(ctx, filing, filing.kind, values, on)
    _pass_over(ctx, filing, old, [new], LineageKind.CONSOLIDATION, on)
    return new


def merge(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """End the bodies that are absorbed; the receiver of the filing succeeds them."""
    receiver = subject_of(filing)
    _pass_over(ctx, filing, _others(ctx, filing, values), [receiver], LineageKind.MERGER, on)
    _declare(ctx, filing, receiver, values, on)


def convert(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> Cooperative:
    """End the group; a cooperative succeeds it and keeps its code (Law 2023 art. 108)."""
    group = subject_of(filing)
    code = Period.objects.filter(cooperative=group, is_latest=True).values_list(
        "registration_number", flat=True
    )
    kept = values.get("registration_number") or next(iter(code), "")
    refuse_if_any(objections("registry.cooperative_ends", group, on))
    # The group ends first: one code never stands at two bodies on one day.
    register.end_cooperative(ctx, group, on=on, source=facts.source_of(filing))
    given = {**values, "registration_number": ""}
    body = enter(ctx, filing, Kind.COOPERATIVE.value, given, on)
    register.record_lineage(
        ctx, group, successor=body, kind=LineageKind.CONVERSION.value, on=on,
        source=facts.source_of(filing),
    )  # fmt: skip
    if kept:
        register.change_particulars(
            ctx, body, changes={"registration_number": kept}, from_on=on,
            source=facts.source_of(filing),
        )  # fmt: skip
    succeed(ctx, group, body, on)
    return body


def _declare(
    ctx: Context, filing: Filing, body: Cooperative, values: dict[str, Any], on: date
) -> None:
    figures = figures_in(values)
    if figures:
        register.state_figures(ctx, body, figures=figures, as_of=on, source=facts.source_of(filing))


def _pass_over(
    ctx: Context,
    filing: Filing,
    ending: Iterable[Cooperative],
    successors: list[Cooperative],
    kind: LineageKind,
    on: date,
) -> None:
    for old in ending:
        refuse_if_any(objections("registry.cooperative_ends", old, on))
        register.end_cooperative(ctx, old, on=on, source=facts.source_of(filing))
        for new in successors:
            register.record_lineage(
                ctx, old, successor=new, kind=kind.value, on=on, source=facts.source_of(filing)
            )
            succeed(ctx, old, new, on)


def _others(ctx: Context, filing: Filing, values: dict[str, Any]) -> list[Cooperative]:
    """Return the other bodies that take part.

    :raises Refused: none is named, one is named twice or is the filing's own, or of another kind
    :raises OutOfReach: one lies outside the caller's territory
    """
    keys = [UUID(str(entry["body"])) for entry in values.get("others") or () if entry.get("body")]
    own = subject_of(filing).pk
    if not keys or own in keys or len(set(keys)) < len(keys):
        raise Refused(
            Finding("others_unclear", _("Name each other body once."), field="others")
        )  # fmt: skip
    found = list(
        Cooperative.objects.visible_to(ctx, "registry.end_cooperative")
        .filter(pk__in=keys)
        .order_by("pk")
    )
    if len(found) < len(keys):
        raise OutOfReach("registry.end_cooperative")
    if any(body.kind != filing.kind for body in found):
        raise Refused(
            Finding("kind_differs", _("All that take part are of one kind."), field="others")
        )  # fmt: skip
    return found
