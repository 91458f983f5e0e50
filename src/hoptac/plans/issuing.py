"""The document as which a plan is issued."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from hoptac.directives.actions import LinkSpec, link_directives, record_directive
from hoptac.directives.models import Directive
from hoptac.directives.terms import DirectiveKind, LinkKind
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.findings import Finding, Refused
from hoptac.plans.models import YearPlan
from hoptac.tasks.chains import chain_of

File = tuple[str, bytes]


def directive_of(
    ctx: Context,
    plan: YearPlan,
    *,
    symbol: str,
    issued_on: date | None,
    signer: str,
    signer_post: str,
    file: File | None,
    document: Directive | None = None,
) -> Directive:
    """Return the document of a plan, entered now unless it is, linked to what it carries out.

    What the caller may not read is not linked.

    :raises OutOfReach: the caller may not read the document
    :raises Refused: it is another agency's, has no number or day, these cannot be, or it is known already
    """
    if document is not None:
        if not Directive.objects.visible_to(ctx).filter(pk=document.pk).exists():
            raise OutOfReach("plans.make")
        if document.issuer_id != plan.agency_id:
            raise Refused(
                Finding(
                    "not_its_document",
                    _("This document was issued by another agency."),
                    field="document",
                )
            )
        return _linked(ctx, plan, document)
    if issued_on is None:
        raise Refused(
            Finding("field_missing", _("Give the day on which it was signed."), field="issued_on")
        )
    if not symbol.strip():
        raise Refused(
            Finding("field_missing", _("Give the document's number and symbol."), field="symbol")
        )
    agency = plan.agency
    issued: Directive = record_directive(
        ctx,
        facts={
            "symbol": symbol, "kind": DirectiveKind.PLAN, "chain": chain_of(agency), "level": agency.unit.level,
            "title": plan.title, "issuer": agency, "issuer_name": agency.name, "issued_on": issued_on,
            "in_force_on": issued_on, "signer": signer, "signer_post": signer_post, "reach": plan.reach,
        },
        file=file,
    )  # fmt: skip
    return _linked(ctx, plan, issued)


def _linked(ctx: Context, plan: YearPlan, issued: Directive) -> Directive:
    """Return the document, linked to that of the plan above and to what the plan carries out."""
    above = plan.parent.issued if plan.parent is not None else None
    named = {d.pk for d in (above, plan.directive) if d is not None} - {issued.pk}
    targets = Directive.objects.visible_to(ctx).filter(pk__in=named)
    links = [LinkSpec(kind=LinkKind.IMPLEMENTS, target=t) for t in targets.order_by("pk")]
    if links:
        link_directives(ctx, issued, links=links)
    return issued
