from hoptac.registration.actions.attaching import attach, attach_online
from hoptac.registration.actions.deciding import carry_out, decide, propose, send_back
from hoptac.registration.actions.desk import (
    amend,
    ask_supplement,
    hand_over,
    lapse,
    return_filing,
    supply,
    supply_online,
    transfer,
    withdraw,
    withdraw_online,
)
from hoptac.registration.actions.fees import (
    export_fees,
    record_fee,
    refund_fee,
    set_fees,
    waive_fee,
    withdraw_fee_entry,
    withdraw_fees,
)
from hoptac.registration.actions.intake import accept, begin_online, receive, revise_online, submit
from hoptac.registration.actions.issuing import (
    attach_signed_paper,
    correct_paper,
    hand_out_paper,
)
from hoptac.registration.actions.representatives import (
    correct_representatives,
    undo_representatives,
)
from hoptac.registration.actions.terms import close_by_silence, end_term, find_silence

__all__ = (
    "accept",
    "amend",
    "ask_supplement",
    "attach",
    "attach_online",
    "attach_signed_paper",
    "begin_online",
    "carry_out",
    "close_by_silence",
    "correct_paper",
    "correct_representatives",
    "decide",
    "end_term",
    "export_fees",
    "find_silence",
    "hand_out_paper",
    "hand_over",
    "lapse",
    "propose",
    "receive",
    "record_fee",
    "refund_fee",
    "return_filing",
    "revise_online",
    "send_back",
    "set_fees",
    "submit",
    "supply",
    "supply_online",
    "transfer",
    "undo_representatives",
    "waive_fee",
    "withdraw",
    "withdraw_fee_entry",
    "withdraw_fees",
    "withdraw_online",
)
