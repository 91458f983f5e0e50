"""The annexes of a report: rows of targets against plans, bodies, tasks, what agencies brought."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.urls import reverse

from hoptac.foundation.documents.official import Column, Paragraph, Row, Run, Table
from hoptac.foundation.documents.official.structure import Annex, Block
from hoptac.plans.forms_of_law import annex
from hoptac.registry.terms import Kind as BodyKind
from hoptac.reports.catalogue import AnnexSpec, annex_spec
from hoptac.reports.drafting import Draft
from hoptac.reports.models import Figure
from hoptac.reports.rules.sentences import written
from hoptac.reports.terms import BodyChange, Standing

# A list of more tasks than this names those that were not done in time first, and tells of the rest by number.
MOST_TASKS = 500
_MISSING = "–"
_URGENT = (
    Standing.LATE, Standing.NOT_DONE, Standing.DONE_LATE, Standing.UNDER_WAY, Standing.WAITING, Standing.DONE,
)  # fmt: skip
_STANDS = {
    Standing.DONE: "Hoàn thành đúng hạn", Standing.DONE_LATE: "Hoàn thành trễ hạn",
    Standing.UNDER_WAY: "Đang thực hiện", Standing.LATE: "Quá hạn",
    Standing.NOT_DONE: "Không hoàn thành", Standing.WAITING: "Chưa giao",
}  # fmt: skip
_HAPPENED = {
    BodyChange.FOUNDED: "Hợp tác xã thành lập mới", BodyChange.JOINED: "Tổ chức sáp nhập, hợp nhất",
    BodyChange.ENDED: "Tổ chức giải thể, chấm dứt hoạt động",
}  # fmt: skip
_KINDS = {
    BodyKind.COOPERATIVE: "Hợp tác xã", BodyKind.UNION: "Liên hiệp hợp tác xã", BodyKind.GROUP: "Tổ hợp tác",
}  # fmt: skip


def annexes_of(draft: Draft) -> list[Annex]:
    """Return the annexes of a report's outline; a list without a row is left out."""
    found = []
    for code in draft.outline.annexes:
        spec = annex_spec(code)
        blocks = list(_LISTS[spec.lists](draft, spec))
        if blocks:
            found.append(Annex(spec.name.vi, blocks, landscape=spec.lists in {"rows", "tasks"}))
    apart = draft.agencies_table
    if apart is not None:
        found.append(Annex("Thực hiện nhiệm vụ theo cơ quan chủ trì", [apart]))
    return found


# --- Rows of targets -------------------------------------------------------------------------------------


def _rows(draft: Draft, spec: AnnexSpec) -> Iterator[Block]:
    by_code = {f.code: f for f in draft.figures}
    shown = [(row, by_code.get(row.code)) for row in annex(spec.form)]
    rows = [
        Row(
            [
                n, ("– " if row.level else "") + row.name["vi"], row.unit_name, *_values(figure),
            ],
            bold=not row.level and spec.form == 1,
        )
        for n, (row, figure) in enumerate(shown, start=1)
    ]  # fmt: skip
    yield Table(
        [Column("TT", "center", 5), Column("Chỉ tiêu", width=34), Column("Đơn vị tính", "center", 13),
         Column("Kỳ trước", "number", 10), Column("Kế hoạch", "number", 10), Column("Thực hiện", "number", 10),
         Column("So với kỳ trước (%)", "number", 9, decimals=1),
         Column("So với kế hoạch (%)", "number", 9, decimals=1)],
        rows, note=_note(draft, [f for _row, f in shown if f is not None]),
    )  # fmt: skip


def _values(figure: Figure | None) -> list[Any]:
    if figure is None:
        return [_MISSING] * 5
    now, then, planned = (_round(v, figure) for v in (figure.value, figure.before, figure.planned))
    shown: Any = _MISSING
    if now is not None:
        shown = [Run(now, href=figure.href)] if figure.href else now
    rest = [then, planned, None, _share(now, then), _share(now, planned)]
    values: list[Any] = [_MISSING if v is None else v for v in rest]
    values[2] = shown
    return values


def _note(draft: Draft, figures: list[Figure]) -> str:
    said = [
        f"Kỳ trước: đến ngày {draft.facts['moc_so']}.",
        "Dấu “–”: không có chỉ tiêu kế hoạch hoặc chưa có số liệu.",
    ]
    plans = dict.fromkeys(f.asked["plan_title"] for f in figures if "plan_title" in f.asked)
    if plans:
        said.append("Chỉ tiêu kế hoạch theo: " + "; ".join(plans) + ".")
    sources = dict.fromkeys(
        f"{f.name}: {f.asked['source']}" for f in figures if "source" in f.asked
    )
    if sources:
        said.append("Số liệu theo nguồn cung cấp: " + "; ".join(sources) + ".")
    return " ".join(said)


def _round(number: Decimal | None, figure: Figure) -> Decimal | None:
    return None if number is None else number.quantize(Decimal(1).scaleb(-figure.places))


def _share(now: Decimal | None, of: Decimal | None) -> Decimal | None:
    return None if now is None or not of else (now / of * 100).quantize(Decimal("0.1"))


# --- Lists -----------------------------------------------------------------------------------------------


def _bodies(draft: Draft, spec: AnnexSpec) -> Iterator[Block]:
    if not draft.bodies:
        return
    rows: list[Any] = []
    for what in BodyChange:
        found = [b for b in draft.bodies if b.what == what]
        if not found:
            continue
        rows.append(Row([f"{_HAPPENED[what]} ({written(Decimal(len(found)))})"], bold=True))
        for n, body in enumerate(found, start=1):
            into = f" (vào: {body.into})" if body.into else ""
            rows.append([
                n, [Run(body.name, href=reverse("registry:record", args=[body.cooperative_id])), into],
                _KINDS.get(BodyKind(body.kind), ""), body.number, body.place, body.on,
            ])  # fmt: skip
    yield Table(
        [Column("TT", "center", 6), Column("Tên tổ chức", width=36), Column("Loại hình", width=15),
         Column("Mã số", "center", 14), Column("Địa bàn", width=16), Column("Ngày", "center", 13)],
        rows, note=f"Từ ngày {draft.report.begins_on:%d/%m/%Y} đến ngày {draft.facts['den_ngay']}.",
    )  # fmt: skip


def _tasks(draft: Draft, spec: AnnexSpec) -> Iterator[Block]:
    lines = draft.lines
    if not lines:
        return
    kept = lines
    if len(lines) > MOST_TASKS:
        worst = sorted(lines, key=lambda x: _URGENT.index(Standing(x.standing)))[:MOST_TASKS]
        named = {x.task_id for x in worst}
        kept = [x for x in lines if x.task_id in named]
    rows: list[Any] = []
    section, order = None, {}
    if (
        draft.report.directive_id
    ):  # without one, sections of several documents would be thrown together
        order = {s: n for n, s in enumerate(dict.fromkeys(x.section for x in kept))}
        kept = sorted(kept, key=lambda x: order[x.section])
    for n, x in enumerate(kept, start=1):
        if len(order) > 1 and x.section != section:
            section = x.section
            rows.append(Row([f"Mục {section}" if section else "Nhiệm vụ khác"], bold=True))
        rows.append([
            n, [Run(f"{x.number} {x.title}", href=reverse("tasks:task", args=[x.task_id]))],
            x.lead_name or "Chưa giao", x.due_on, _STANDS[Standing(x.standing)], x.done_on,
            x.result or (f"Tiến độ {x.percent}%" if x.percent else ""),
        ])  # fmt: skip
    yield Table(
        [Column("TT", "center", 5), Column("Nhiệm vụ", width=33), Column("Cơ quan chủ trì", width=17),
         Column("Thời hạn", "center", 11), Column("Tình trạng", width=11), Column("Hoàn thành", "center", 11),
         Column("Kết quả", width=17)],
        rows, note=f"Tình trạng tính đến ngày {draft.facts['den_ngay']}.",
    )  # fmt: skip
    if len(lines) > len(kept):
        address = reverse("reports:tasks", args=[draft.report.pk])
        rest = written(Decimal(len(lines) - len(kept)))
        yield Paragraph(
            ["Ưu tiên nêu nhiệm vụ chưa hoàn thành hoặc trễ hạn; ngoài ra còn ",
             Run(f"{rest} nhiệm vụ", href=address), " khác."],
        )  # fmt: skip


def _words(draft: Draft, spec: AnnexSpec) -> Iterator[Block]:
    """List what agencies brought, in their own words, and the proposals taken up from the course of tasks."""
    rows: list[Any] = [
        [c.agency.name, c.section.title, _one_line(c.text)]
        for c in sorted(draft.contributions, key=lambda c: (c.agency.name, c.section.position))
        if c.text.strip()
    ]
    for kind, title in (("difficulty", "Khó khăn, vướng mắc"), ("proposal", "Kiến nghị, đề xuất")):
        rows += [
            [agency, title, [Run(words, href=href)]] for words, agency, href in draft.chosen[kind]
        ]
    if not rows:
        return
    yield Table(
        [Column("TT", "center", 6), Column("Cơ quan", width=22), Column("Nội dung", width=20),
         Column("Ý kiến", width=52)],
        [[n, *row] for n, row in enumerate(rows, start=1)],
    )  # fmt: skip


def _one_line(text: str) -> str:
    """Return prose as one cell of a table: its lines one after the other."""
    lines = (line.strip().removeprefix("- ").strip() for line in text.splitlines())
    return " ".join(
        line if line.endswith((".", ";", ":", "!", "?")) else f"{line}." for line in lines if line
    )


_LISTS: dict[str, Callable[[Draft, AnnexSpec], Iterator[Block]]] = {
    "rows": _rows, "bodies": _bodies, "tasks": _tasks, "words": _words,
}  # fmt: skip
