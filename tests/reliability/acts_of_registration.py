# ruff: noqa: E501  (a table, one act a line)
"""The acts upon filings and fees (a part of every_act.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hoptac.foundation.access import Context
from hoptac.registration import actions as desk
from hoptac.registration import pauses
from tests.reliability.stage import LATER, RESOLVED, THEN, Known, Stage, set_fees
from tests.signing import signed

_FILING = "registration.filing"


def _desk(act: Callable[..., Any], ready: Callable[[Stage], Any] = lambda s: s.filing(), **details: Any) -> Known:  # fmt: skip
    def do(ctx: Context, filing: Any, **more: Any) -> Any:
        return act(ctx, filing, **details, **more)

    return Known(ready, do, _FILING, edits=do)


def _close(ctx: Context, filing: Any, **more: Any) -> Any:
    return desk.close_by_silence(ctx, filing, signatory="Ai", **more)


def _hand_over(ctx: Context, pair: Any, **more: Any) -> Any:
    return desk.hand_over(ctx, pair[0], to=pair[1], **more)


def _signed_letter(ctx: Context, filing: Any) -> Any:
    letter = filing.issued.get(kind="supplement")
    content = signed(letter.file.read())
    return desk.attach_signed_paper(
        ctx, filing, paper=letter.pk, content=content, filename="ky.pdf"
    )


ROWS: dict[str, Known] = {
    "registration.receive": Known(lambda s: s.body(), lambda ctx, b: desk.receive(ctx, "reissue", cooperative=b, applicant="Ai", proposal={"reason": "mất"}), _FILING),
    "registration.begin_online": Known(lambda s: s.body(), lambda ctx, b: desk.begin_online(ctx, "reissue", cooperative=b, applicant="Ai", proposal={"reason": "mất"}), _FILING),
    "registration.revise_online": _desk(desk.revise_online, lambda s: s.draft(), proposal={"reason": "cháy"}),
    "registration.submit": _desk(desk.submit, lambda s: s.draft()),
    "registration.accept": _desk(desk.accept, lambda s: s.sent()),
    "registration.amend": _desk(desk.amend, proposal={"reason": "rách"}),
    "registration.attach": Known(lambda s: s.filing(), lambda ctx, f: desk.attach(ctx, f, paper=f.papers.first().pk, content=b"%PDF-1.7", filename="a.pdf"), _FILING),
    "registration.attach_online": Known(lambda s: s.draft(), lambda ctx, f: desk.attach_online(ctx, f, paper=f.papers.first().pk, content=b"%PDF-1.7", filename="a.pdf"), _FILING),
    "registration.ask_supplement": _desk(desk.ask_supplement, missing=["Điều lệ"]),
    "registration.supply": _desk(desk.supply, lambda s: s.asked()),
    "registration.supply_online": _desk(desk.supply_online, lambda s: s.asked()),
    "registration.hand_over": Known(lambda s: (s.filing(), s.colleague()), _hand_over, _FILING, edits=_hand_over),
    "registration.return_filing": _desk(desk.return_filing, words="không thuộc thẩm quyền"),
    "registration.withdraw": _desk(desk.withdraw),
    "registration.withdraw_online": _desk(desk.withdraw_online),
    "registration.lapse": Known(lambda s: s.over(), lambda ctx, f: desk.lapse(ctx, f), _FILING),
    "registration.transfer": Known(lambda s: s.of_the_district(), lambda ctx, f: desk.transfer(ctx, f, on=date(2025, 7, 1)), _FILING),
    "registration.propose": _desk(desk.propose, outcome="grant"),
    "registration.send_back": _desk(desk.send_back, lambda s: s.proposed(), words="xem lại"),
    "registration.decide": _desk(desk.decide, lambda s: s.proposed(), outcome="grant"),
    "registration.carry_out": Known(lambda s: s.granted_for_later(), lambda ctx, f: desk.carry_out(ctx, f), _FILING, entries=2),
    "registration.end_term": _desk(desk.end_term, lambda s: s.dissolving(20), term="silence", words="Công văn phản đối số 3"),
    "registration.find_silence": _desk(desk.find_silence, lambda s: s.dissolving(), words="đã hỏi cơ quan thuế"),
    "registration.close_by_silence": Known(lambda s: s.silent(), _close, _FILING, entries=2, edits=_close),
    "registration.set_fees": Known(lambda s: next(RESOLVED), set_fees, "registration.feetable"),
    "registration.withdraw_fees": Known(lambda s: set_fees(s.ctx, next(RESOLVED)), lambda ctx, t: desk.withdraw_fees(ctx.because("nhầm"), t), "registration.feetable"),
    "registration.record_fee": Known(lambda s: s.priced(), lambda ctx, f: desk.record_fee(ctx, f, amount=1000, number=f"BL-{f.pk.hex[-12:]}"), _FILING),
    "registration.waive_fee": Known(lambda s: s.priced(), lambda ctx, f: desk.waive_fee(ctx, f, words="vùng khó khăn", basis="NQ"), _FILING),
    "registration.refund_fee": Known(lambda s: s.paid(), lambda ctx, f: desk.refund_fee(ctx, f, amount=1000, words="thu nhầm"), _FILING),
    "registration.withdraw_fee_entry": Known(lambda s: s.paid(), lambda ctx, f: desk.withdraw_fee_entry(ctx.because("nhầm"), f, entry=f.fees.get().pk), _FILING),
    "registration.export_fees": Known(lambda s: None, lambda ctx, x: desk.export_fees(ctx, first=THEN, last=LATER, procedure="", format="csv", rows=0)),
    "registration.hand_out_paper": Known(lambda s: s.filing(), lambda ctx, f: desk.hand_out_paper(ctx, f, paper=f.issued.get().pk, how="counter", to="Trần Văn Nộp"), _FILING),
    "registration.correct_paper": Known(lambda s: s.asked(), lambda ctx, f: desk.correct_paper(ctx, f, paper=f.issued.get(kind="supplement", corrects=None).pk, words="ghi sai tên"), _FILING),
    "registration.attach_signed_paper": Known(lambda s: s.asked(), _signed_letter, _FILING),
    "registration.end_pause": Known(lambda s: s.paused(), lambda ctx, b: pauses.end_pause(ctx, b), "registry.cooperative", entries=2),
    "registration.correct_representatives": Known(lambda s: s.body(), lambda ctx, b: desk.correct_representatives(ctx.because("chép nhầm"), b, names=["Lê Đúng"]), "registry.cooperative"),
    "registration.undo_representatives": Known(lambda s: s.represented(), lambda ctx, x: desk.undo_representatives(ctx.because("nhầm"), x[0], acts=x[1]), "registry.cooperative"),
}  # fmt: skip
