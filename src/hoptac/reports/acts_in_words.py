"""The acts upon reports as the journal says them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ACT_NAMES: dict[str, Any] = {
    "reports.begin": _("Report begun"),
    "reports.refresh_figures": _("Figures of a report computed anew"),
    "reports.edit_text": _("Text of a report changed"),
    "reports.choose_words": _("Difficulties and proposals taken up"),
    "reports.assemble": _("Report assembled"),
    "reports.ask_contributions": _("Contributions to a report asked for"),
    "reports.hand_in": _("Contribution to a report handed in"),
    "reports.accept_contribution": _("Contribution to a report accepted"),
    "reports.return_contribution": _("Contribution to a report sent back"),
    "reports.submit": _("Report submitted for signature"),
    "reports.send_back": _("Report sent back to its author"),
    "reports.sign": _("Report signed"),
    "reports.distribute": _("Report distributed"),
    "reports.withdraw": _("Report withdrawn"),
}
