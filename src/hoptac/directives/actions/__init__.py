from hoptac.directives.actions.bringing import bring_directive
from hoptac.directives.actions.distributing import (
    acknowledge,
    acknowledge_several,
    ask_own_document,
    change_purpose,
    distribute,
    make_concrete,
    recall_recipient,
    reopen_own_document,
    waive_own_document,
)
from hoptac.directives.actions.linking import LinkSpec, link_directives, unlink_directives
from hoptac.directives.actions.reading import store_reading
from hoptac.directives.actions.recording import (
    correct_directive,
    expire_directive,
    record_directive,
    restore_directive,
    revoke_directive,
)
from hoptac.directives.actions.reminding import remind
from hoptac.directives.actions.reviewing import (
    accept_passages,
    edit_passage,
    join_passages,
    reject_passages,
    restore_passages,
    split_passage,
    take_aim,
)
from hoptac.directives.actions.taking_out import record_export

__all__ = (
    "LinkSpec",
    "accept_passages",
    "acknowledge",
    "acknowledge_several",
    "ask_own_document",
    "bring_directive",
    "change_purpose",
    "correct_directive",
    "distribute",
    "edit_passage",
    "expire_directive",
    "join_passages",
    "link_directives",
    "make_concrete",
    "recall_recipient",
    "record_directive",
    "record_export",
    "reject_passages",
    "remind",
    "reopen_own_document",
    "restore_directive",
    "restore_passages",
    "revoke_directive",
    "split_passage",
    "store_reading",
    "take_aim",
    "unlink_directives",
    "waive_own_document",
)
