"""Acts of the exchange as people say them, for the journal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ACT_NAMES: dict[str, Any] = {
    "exchange.export": _("File for a national system taken out"),
    "exchange.bring_in_extract": _("Extract of a national system held against the register"),
    "exchange.decide": _("Difference decided"),
    "exchange.decide_many": _("Differences decided together"),
    "exchange.undo_decision": _("Decision on a difference undone"),
    "exchange.send_again": _("Message to a national system tried again"),
    "exchange.set_message_aside": _("Message to a national system set aside"),
}
