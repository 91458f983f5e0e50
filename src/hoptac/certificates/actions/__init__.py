"""The acts upon certificates: one by one, in batches, and upon what signs them."""

from hoptac.certificates.actions.batches import (
    choose_item,
    draw_up_batch,
    issue_block,
    put_batch_aside,
    start_batch,
    stop_batch,
)
from hoptac.certificates.actions.issued import (
    ISSUE,
    REVOKE,
    attach_signed_file,
    issue_certificate,
    restore_certificate,
    revoke_certificate,
)
from hoptac.certificates.actions.keys import (
    KEEP_KEYS,
    distrust_root,
    rotate_key,
    trust_root,
    trusted_roots,
)

__all__ = [
    "ISSUE", "KEEP_KEYS", "REVOKE", "attach_signed_file", "choose_item", "distrust_root",
    "draw_up_batch", "issue_block", "issue_certificate", "put_batch_aside", "restore_certificate",
    "revoke_certificate", "rotate_key", "start_batch", "stop_batch", "trust_root", "trusted_roots",
]  # fmt: skip
