from hoptac.cases.actions.dates import correct_date, correct_shares, record_date, state_shares
from hoptac.cases.actions.deciding import (
    close,
    delay,
    merge_instead,
    propose_end,
    publish,
    reopen,
    resume,
    take_back,
)
from hoptac.cases.actions.hearing import answer, receive_explanation, send_notice, weigh
from hoptac.cases.actions.opening import (
    hand_over,
    open_case,
    open_cases,
    record_visit,
    waive_visit,
)
from hoptac.cases.actions.taking_out import record_export

__all__ = (
    "answer",
    "close",
    "correct_date",
    "correct_shares",
    "delay",
    "hand_over",
    "merge_instead",
    "open_case",
    "open_cases",
    "propose_end",
    "publish",
    "receive_explanation",
    "record_date",
    "record_export",
    "record_visit",
    "reopen",
    "resume",
    "send_notice",
    "state_shares",
    "take_back",
    "waive_visit",
    "weigh",
)
