"""Which permission each act of registration, certificates and cases asks for: one table to be read.

Whoever prepares and whoever decides hold different permissions, whatever roles are given both today.
"""

from __future__ import annotations

from hoptac.foundation.actions import ACTIONS

ASKED = {
    # Whoever takes in, examines and prepares.
    ("registration", "receive"): (
        "accept hand_out_paper receive record_fee refund_fee supply waive_fee withdraw withdraw_fee_entry"
    ),
    ("registration", "process"): (
        "amend ask_supplement attach correct_paper end_pause end_term find_silence hand_over lapse propose"
        " return_filing transfer"
    ),
    ("registration", "view"): "export_fees",
    ("cases", "process"): (
        "hand_over merge_instead open_case open_cases receive_explanation record_visit resume waive_visit weigh"
    ),
    ("cases", "keep_dates"): "correct_date correct_shares record_date state_shares",
    ("cases", "export"): "export",
    # Whoever decides and signs.
    ("registration", "decide"): "attach_signed_paper carry_out close_by_silence decide send_back",
    ("cases", "decide"): "close delay propose_end publish reopen send_notice take_back",
    ("certificates", "issue"): (
        "attach_signed_file choose_item draw_up_batch issue_block issue_certificate put_batch_aside start_batch"
        " stop_batch"
    ),
    ("certificates", "revoke"): "restore_certificate revoke_certificate",
    ("certificates", "keep_keys"): "distrust_root rotate_key trust_root",
    # The body itself, online.
    ("registration", "file_online"): (
        "attach_online begin_online revise_online submit supply_online withdraw_online"
    ),
    ("cases", "answer"): "answer",
}  # fmt: skip
# Acts that ask for a permission of another app.
ELSEWHERE = {
    "registration.correct_representatives": "registry.correct_particulars",
    "registration.undo_representatives": "registry.correct_particulars",
    "registration.set_fees": "rulebook.confirm",
    "registration.withdraw_fees": "rulebook.confirm",
}


def test_every_act_asks_for_the_permission_of_who_does_it() -> None:
    apps = {app for app, _verb in ASKED}
    found = {n: spec.permission for n, spec in ACTIONS.items() if n.partition(".")[0] in apps}
    told = {f"{app}.{a}": f"{app}.{p}" for (app, p), acts in ASKED.items() for a in acts.split()}
    assert found == told | ELSEWHERE
