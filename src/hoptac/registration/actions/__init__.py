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
from hoptac.registration.actions.intake import accept, begin_online, receive, revise_online, submit
from hoptac.registration.actions.representatives import (
    correct_representatives,
    undo_representatives,
)

__all__ = (
    "accept",
    "amend",
    "ask_supplement",
    "attach",
    "attach_online",
    "begin_online",
    "carry_out",
    "correct_representatives",
    "decide",
    "hand_over",
    "lapse",
    "propose",
    "receive",
    "return_filing",
    "revise_online",
    "send_back",
    "submit",
    "supply",
    "supply_online",
    "transfer",
    "undo_representatives",
    "withdraw",
    "withdraw_online",
)
