"""Acts of the exchange as people say them, for the journal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ACT_NAMES: dict[str, Any] = {
    "exchange.export": _("File for a national system taken out"),
    "exchange.bring_in_extract": _("Extract of a national system brought in"),
    "exchange.compare_extract": _("Extract of a national system held against the register"),
    "exchange.compare_again": _("Extract of a national system to be compared again"),
    "exchange.stop_extract": _("Comparison of an extract stopped"),
    "exchange.decide": _("Difference decided"),
    "exchange.decide_many": _("Differences decided together"),
    "exchange.export_report": _("Report of reconciliation taken out"),
    "exchange.undo_many": _("Decisions made together undone"),
    "exchange.undo_decision": _("Decision on a difference undone"),
    "exchange.send_again": _("Message to a national system tried again"),
    "exchange.send_again_all": _("Messages to a national system tried again together"),
    "exchange.set_message_aside": _("Message to a national system set aside"),
}
