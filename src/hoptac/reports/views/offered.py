"""The steps of a report as its page offers them: form, act, words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hoptac.foundation.access import Context
from hoptac.reports import actions, forms
from hoptac.reports.models import Report
from hoptac.reports.steps import allowed
from hoptac.reports.terms import StepKind


@dataclass(frozen=True)
class Offered:
    """A step: its address, what it is called, its form, its act."""

    code: str
    kind: StepKind
    title: Any
    form: type[forms.StepForm]
    act: Callable[[Context, Report, dict[str, Any]], Any]
    done: Any
    permission: str = "reports.draft"
    is_grave: bool = False


def _plain(
    act: Callable[..., Any], *names: str
) -> Callable[[Context, Report, dict[str, Any]], Any]:
    return lambda ctx, report, g: act(
        ctx, report, expected_version=g.get("version"), **{n: g[n] for n in names}
    )


STEPS = {
    s.code: s
    for s in (
        Offered("ask", StepKind.ASKED, _("Ask agencies to contribute"), forms.AskForm,
                _plain(actions.ask_contributions, "sections", "agencies", "due_on"),
                _("Asked; the agencies are told.")),
        Offered("assemble", StepKind.ASSEMBLED, _("Assemble"), forms.AssembleForm,
                _plain(actions.assemble, "without"), _("Assembled: contributions stand in the sections.")),
        Offered("submit", StepKind.SUBMITTED, _("Submit for signature"), forms.StepForm,
                _plain(actions.submit), _("Submitted for signature.")),
        Offered("sign", StepKind.SIGNED, _("Sign"), forms.SignForm,
                lambda ctx, report, g: actions.sign(
                    ctx, report, expected_version=g["version"], receivers=g["receivers"].splitlines(),
                    **{n: g[n] for n in ("signer", "signer_post", "on_behalf_of", "deputy_for", "body")}),
                _("Signed, numbered and kept."), "reports.sign"),
        Offered("send-back", StepKind.SENT_BACK, _("Send back to the author"), forms.ReasonForm,
                _plain(actions.send_back, "words"), _("Sent back."), "reports.sign"),
        Offered("refresh", StepKind.REFRESHED, _("Compute the figures anew"), forms.RefreshForm,
                _plain(actions.refresh_figures, "as_of"), _("The figures were computed anew.")),
        Offered("distribute", StepKind.DISTRIBUTED, _("Distribute"), forms.DistributeForm,
                _plain(actions.distribute, "agencies", "informed", "acknowledge_by"),
                _("Distributed: the agencies receive it."), "reports.sign"),
        Offered("withdraw", StepKind.WITHDRAWN, pgettext_lazy("report", "Withdraw"), forms.ReasonForm,
                _plain(actions.withdraw, "words"), pgettext_lazy("report", "Withdrawn."),
                "reports.sign", is_grave=True),
    )
}  # fmt: skip


def offered(ctx: Context, report: Report) -> list[Offered]:
    """Return the steps that its author may take now, in their order."""
    return [s for s in STEPS.values() if ctx.may(s.permission) and allowed(report, s.kind)]
