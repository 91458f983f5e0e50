"""The document as which a plan is issued."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.directives.models import Directive, DirectiveLink
from hoptac.directives.terms import DirectiveKind, Level, LinkKind
from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of
from hoptac.foundation.documents.kinds import media_type_of
from hoptac.foundation.documents.storing import store
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import fold, tidy
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
    """Enter the document of a plan, linked to the document that it carries out.

    :raises Refused: number or day cannot be, or there is such a document
    """
    symbol = tidy(symbol)[:60]
    if not symbol:
        raise Refused(Finding("field_missing", _("Give the document's number and symbol."), field="symbol"))  # fmt: skip
    if issued_on > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="issued_on"))  # fmt: skip
    known = Directive.objects.filter(province_code=plan.province_code, symbol=symbol, issued_on=issued_on)  # fmt: skip
    if known.exists():
        raise Refused(Finding("directive_known", _("There is a document of this number and day."), field="symbol"))  # fmt: skip
    level = {"province": Level.PROVINCE, "district": Level.DISTRICT, "commune": Level.COMMUNE}
    stored: Any = None
    if file is not None:
        stored = store(ctx, file[1], name=file[0], media_type=media_type_of(file[0]))
    number = symbol.partition("/")[0]
    issued = Directive.objects.create(
        province_code=plan.province_code, chain=chain_of(plan.agency), level=level[plan.agency.unit.level],
        kind=DirectiveKind.PLAN, number=number[:20] if number.isdigit() else "", symbol=symbol, title=plan.title[:600],
        issuer=plan.agency, issuer_name=plan.agency.name, issued_on=issued_on, signer=tidy(signer)[:120],
        signer_post=tidy(signer_post)[:200], in_force_on=issued_on, reach=plan.reach, file=stored,
        fold=fold(f"{symbol} {plan.title}")[:1000], act_id=act_of(ctx),
    )  # fmt: skip
    above = plan.parent.issued if plan.parent is not None else None
    for target in {d.pk: d for d in (above, plan.directive) if d is not None}.values():
        DirectiveLink.objects.create(
            source=issued, target=target, kind=LinkKind.IMPLEMENTS, act_id=act_of(ctx)
        )
    return issued
