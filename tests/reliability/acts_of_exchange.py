# ruff: noqa: E501  (a table, one act a line)
"""The acts of the exchange with national systems (a part of every_act.py)."""

from __future__ import annotations

from hoptac.exchange import actions as exchange
from hoptac.foundation.access import system_context
from tests.reliability.stage import LATER, THEN, Known

ROWS: dict[str, Known] = {
    "exchange.export": Known(lambda s: None, lambda ctx, x: exchange.record_export(ctx, system="registration", day=THEN, format="xlsx", rows=0)),
    "exchange.compare_extract": Known(lambda s: s.kept_extract(), lambda ctx, e: exchange.compare_extract(ctx, pk=e.pk), "exchange.extract"),
    "exchange.stop_extract": Known(lambda s: s.kept_extract(), lambda ctx, e: exchange.stop_extract(ctx, e), "exchange.extract"),
    "exchange.compare_again": Known(lambda s: exchange.stop_extract(system_context(today=s.ctx.today), s.kept_extract()), lambda ctx, e: exchange.compare_again(ctx, e), "exchange.extract"),
    "exchange.export_report": Known(lambda s: None, lambda ctx, x: exchange.record_report(ctx, what="counts", format="csv", rows=0)),
    "exchange.undo_many": Known(lambda s: s.decided_together(), lambda ctx, b: exchange.undo_many(ctx.because("nhầm"), batch=b), entries=2),
    "exchange.send_again_all": Known(lambda s: s.message().pk, lambda ctx, m: exchange.send_again_all(ctx, ids=[m])),
    "exchange.bring_in_extract": Known(lambda s: s.extract(), lambda ctx, p: exchange.bring_in_extract(ctx, p, filename=p.name, digest=p.name, as_of=LATER.replace(year=2025)), "exchange.extract"),
    "exchange.decide": Known(lambda s: s.difference(), lambda ctx, d: exchange.decide(ctx, d, verdict="theirs"), "exchange.difference", entries=2),
    "exchange.decide_many": Known(lambda s: s.difference().pk, lambda ctx, pk: exchange.decide_many(ctx, [pk], verdict="ours"), entries=2),
    "exchange.undo_decision": Known(lambda s: s.decided(), lambda ctx, d: exchange.undo_decision(ctx.because("nhầm"), d), "exchange.difference", entries=2),
    "exchange.send_again": Known(lambda s: s.message(), lambda ctx, m: exchange.send_again(ctx, m), "exchange.message"),
    "exchange.set_message_aside": Known(lambda s: s.message(), lambda ctx, m: exchange.set_aside(ctx.because("đã báo"), m), "exchange.message"),
}  # fmt: skip
