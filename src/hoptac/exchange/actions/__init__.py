from hoptac.exchange.actions.differences import decide, decide_many, undo_decision, undo_many
from hoptac.exchange.actions.exports import record_export, record_report
from hoptac.exchange.actions.extracts import (
    bring_in_extract,
    compare_again,
    compare_extract,
    stop_extract,
)
from hoptac.exchange.actions.messages import send_again, send_again_all, set_aside

__all__ = (
    "bring_in_extract",
    "compare_again",
    "compare_extract",
    "decide",
    "decide_many",
    "record_export",
    "record_report",
    "send_again",
    "send_again_all",
    "set_aside",
    "stop_extract",
    "undo_decision",
    "undo_many",
)
