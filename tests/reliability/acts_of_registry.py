# ruff: noqa: E501  (a table, one act a line)
"""The acts upon the register and lists brought into it (a part of every_act.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hoptac.foundation.access import Context
from hoptac.registry import actions as register
from hoptac.registry.importing import entering, mending, service, telling
from hoptac.registry.models import FigureStatement, RegisterLine
from tests.reliability.stage import LATER, NUMBER, THEN, Known, Stage


def _edit(act: Callable[..., Any], reason: str = "", **details: Any) -> Known:
    def do(ctx: Context, body: Any, **more: Any) -> Any:
        return act(ctx.because(reason), body, **details, **more)

    return Known(lambda s: s.body(), do, "registry.cooperative", edits=do)


def _statement(body: Any) -> int:
    return FigureStatement.objects.live().filter(cooperative=body).latest("id").pk


def _correct_figures(ctx: Context, body: Any, **more: Any) -> Any:
    return register.correct_figures(
        ctx.because("gõ nhầm"), body, statement=_statement(body), figures={"members": 15}, **more
    )


def _lineage(ctx: Context, pair: Any, **more: Any) -> Any:
    body, successor = pair
    return register.record_lineage(ctx, body, successor=successor, kind="merger", on=LATER, **more)


def _line(batch: Any) -> int:
    return RegisterLine.objects.filter(batch=batch).latest("id").pk


_BATCH = "transfers.importbatch"
ROWS: dict[str, Known] = {
    "registry.record": Known(lambda s: s, lambda ctx, s: Stage(ctx, s.user, s.commune, s.folder).body(), "registry.cooperative"),
    "registry.change_particulars": _edit(register.change_particulars, changes={"director": "Lê Mới"}, from_on=THEN),
    "registry.correct_particulars": _edit(register.correct_particulars, "gõ nhầm", changes={"director": "Lê Đúng"}),
    "registry.state_figures": _edit(register.state_figures, figures={"members": 60}, as_of=date(2020, 6, 30)),
    "registry.correct_figures": Known(lambda s: s.body(), _correct_figures, "registry.cooperative", edits=_correct_figures),
    "registry.end_cooperative": _edit(register.end_cooperative, "giải thể", on=LATER),
    "registry.record_lineage": Known(lambda s: (s.body(), s.body()), _lineage, "registry.cooperative", edits=_lineage),
    "registry.set_business_lines": _edit(register.set_business_lines, codes=["0111", "0161"], main="0161", from_on=THEN),
    "registry.export": Known(lambda s: None, lambda ctx, x: register.record_export(ctx, query="", columns=[], format="csv", rows=0)),
    "registry.save_view": Known(lambda s: f"Xem {next(NUMBER)}", lambda ctx, n: register.save_view(ctx, "registry:list", name=n, query="q=a"), "registry.savedview"),
    "registry.remove_view": Known(lambda s: register.save_view(s.ctx, "registry:list", name=f"Xem {next(NUMBER)}", query="q=a").pk, lambda ctx, pk: register.remove_view(ctx, pk)),
    "registry.bring_in_file": Known(lambda s: s.file(), lambda ctx, p: service.bring_in(ctx, p, filename=p.name), _BATCH),
    "registry.put_file_aside": Known(lambda s: s.batch(), lambda ctx, b: service.put_aside(ctx, b), _BATCH),
    "registry.mend_line": Known(lambda s: s.batch(), lambda ctx, b: mending.mend_line(ctx, b, line=_line(b), values={"name": "Hợp tác xã Đã Vá"}), _BATCH),
    "registry.decide_line": Known(lambda s: s.batch(), lambda ctx, b: mending.decide_line(ctx, b, line=_line(b), decision="skip"), _BATCH),
    "registry.import_register": Known(lambda s: s.batch(3), lambda ctx, b: entering.enter_list(ctx, b), _BATCH),
    "registry.undo_import": Known(lambda s: s.applied(), lambda ctx, b: entering.undo_list(ctx.because("nhầm tệp"), b), _BATCH),
    "registry.tell_columns": Known(lambda s: s.batch(), lambda ctx, b: telling.tell_columns(ctx, b, mapping={}), _BATCH),
    "registry.tell_day": Known(lambda s: s.batch(), lambda ctx, b: telling.tell_day(ctx, b, on=LATER), _BATCH),
    "transfers.remember_layout": Known(lambda s: s.batch(), lambda ctx, b: service.remember_layout(ctx, b, fingerprint="dấu", mapping={"A": "name"}), _BATCH),
    "registry.undo_acts": Known(lambda s: s.undoable(), lambda ctx, p: register.undo_acts(ctx.because("nhầm"), p[0], acts=p[1]), "registry.cooperative"),
}  # fmt: skip
