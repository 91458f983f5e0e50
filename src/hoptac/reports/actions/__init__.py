"""The acts upon reports."""

from hoptac.reports.actions.contributing import (
    accept_contribution,
    ask_contributions,
    hand_in,
    return_contribution,
)
from hoptac.reports.actions.distributing import distribute
from hoptac.reports.actions.drafting import (
    assemble,
    begin_report,
    choose_words,
    edit_text,
    refresh_figures,
)
from hoptac.reports.actions.signing import send_back, sign, submit, withdraw

__all__ = (
    "accept_contribution", "ask_contributions", "assemble", "begin_report", "choose_words", "distribute",
    "edit_text", "hand_in", "refresh_figures", "return_contribution", "send_back", "sign", "submit", "withdraw",
)  # fmt: skip
