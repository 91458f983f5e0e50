"""The document as which a plan is issued."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from hoptac.directives.actions import LinkSpec, link_directives, record_directive
from hoptac.directives.models import Directive
from hoptac.directives.terms import DirectiveKind, LinkKind
from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding, Refused
from hoptac.plans.models import YearPlan
from hoptac.tasks.chains import chain_of

File = tuple[str, bytes]


def directive_of(
    ctx: Context,
    plan: YearPlan,
    *,
    symbol: str,
    issued_on: date,
    signer: str,
    signer_post: str,
    file: File | None,
) -> Directive:
    """Enter the document of a plan, linked to what it carries out, as far as the caller may read that.

    :raises Refused: it has no number, its day cannot be, or it is known already
    """
    if not symbol.strip():
        raise Refused(Finding("field_missing", _("Give the document's number and symbol."), field="symbol"))  # fmt: skip
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
    above = plan.parent.issued if plan.parent is not None else None
    named = {d.pk for d in (above, plan.directive) if d is not None}
    targets = Directive.objects.visible_to(ctx).filter(pk__in=named)
    links = [LinkSpec(kind=LinkKind.IMPLEMENTS, target=t) for t in targets.order_by("pk")]
    if links:
        link_directives(ctx, issued, links=links)
    return issued
