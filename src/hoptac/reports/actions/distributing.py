"""A signed report becoming a document that agencies receive and acknowledge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hoptac.directives import actions as directives
from hoptac.directives.terms import DirectiveKind, Level
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.documents.models import StoredFile
from hoptac.jurisdiction.models import Agency
from hoptac.reports.models import Report
from hoptac.reports.steps import refuse_if_passed, take_step
from hoptac.reports.terms import StepKind

SIGN = "reports.sign"


@action(SIGN, name="reports.distribute")
def distribute(
    ctx: Context,
    report: Report,
    *,
    agencies: Sequence[Agency],
    informed: Sequence[Agency] = (),
    acknowledge_by: date | None = None,
    expected_version: int | None = None,
) -> Report:
    """Enter a signed report among the documents, with the PDF as it was signed, and send it to agencies.

    They see it, and acknowledge receipt, as of any other document; of ``informed`` nothing is asked.

    :raises Refused: it is not signed, nobody is named, an agency does not exist, or such a document is entered already
    """
    refuse_if_passed(report, StepKind.DISTRIBUTED)
    pdf: StoredFile = report.pdf  # type: ignore[assignment]  # there once it is signed
    made = directives.record_directive(
        ctx,
        facts={
            "kind": DirectiveKind.REPORT, "chain": report.chain, "level": Level.PROVINCE,
            "number": f"{report.number:02d}", "symbol": report.written_number, "title": report.title,
            "issuer": report.issuer, "issued_on": report.signed_on, "signer": report.signer,
            "signer_post": report.signer_post, "reach": report.reach,
        },
        file=(pdf.name, pdf.read()),
    )  # fmt: skip
    directives.distribute(
        ctx, made, agencies=agencies, informed=informed, acknowledge_by=acknowledge_by
    )
    take_step(
        ctx, report, StepKind.DISTRIBUTED, expected_version=expected_version, changes={"made": made},
        details={"agencies": [a.name for a in (*agencies, *informed)]},
    )  # fmt: skip
    note(
        ctx, directive=made.pk, agencies=[a.code for a in agencies],
        informed=[a.code for a in informed],
    )  # fmt: skip
    return report
