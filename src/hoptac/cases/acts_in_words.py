"""Acts upon cases and kept dates as people say them, for the journal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ACT_NAMES: dict[str, Any] = {
    "cases.record_date": _("Date of a body kept"),
    "cases.correct_date": _("Kept date corrected"),
    "cases.state_shares": _("Parts of capital, members and seats stated"),
    "cases.correct_shares": _("Statement of parts corrected"),
    "cases.export": _("Watch list taken out"),
    "cases.open_case": _("Case opened"),
    "cases.open_cases": _("Cases opened together"),
    "cases.hand_over": _("Case handed to a colleague"),
    "cases.record_visit": _("Visit sheet entered"),
    "cases.waive_visit": _("Case goes on without a visit"),
    "cases.send_notice": _("Notice of violation sent"),
    "cases.receive_explanation": _("Explanation received"),
    "cases.answer": _("Explanation sent online"),
    "cases.weigh": _("Case weighed"),
    "cases.delay": _("Case put off"),
    "cases.resume": _("Case taken up again"),
    "cases.merge_instead": _("Merger takes the place of a case"),
    "cases.propose_end": _("Case put forward for revocation"),
    "cases.publish": _("Decision of a case published"),
    "cases.close": _("Case closed"),
    "cases.reopen": _("Case reopened"),
    "cases.take_back": _("Step of a case taken back"),
}
