"""A yearly plan as an official document: the outline, the figures of the year before, the annexes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.foundation.access import Context
from hoptac.foundation.documents.official import (
    Annex,
    Column,
    Heading,
    OfficialDocument,
    Paragraph,
    Recipients,
    Row,
    Signature,
    Table,
)
from hoptac.plans.annexes import AnnexLine, annex_lines
from hoptac.plans.forms_of_law import outline
from hoptac.plans.models import YearPlan
from hoptac.plans.selectors import directive_shown
from hoptac.tasks.chains import chain_of

# The document is Vietnamese whatever the reader's language.
_NOTE = (
    "Ô trống: chưa có số liệu. Số tính từ sổ đăng ký tại ngày cuối kỳ; "
    "số còn lại do cơ quan lập kế hoạch khai kèm nguồn."
)
_EMPTY = "……………………………………"


def document_of(ctx: Context, plan: YearPlan, on: date) -> OfficialDocument:
    """Return the document of a plan as known at the end of a day; a draft until it is issued.

    Chapters nobody wrote yet have a dotted line; what the caller may not read is not cited.
    """
    issued = directive_shown(ctx, plan.issued)
    number, _slash, symbol = (issued.symbol if issued else "").partition("/")
    unit = plan.agency.unit
    basis = [
        f"Căn cứ {d.name}"
        for d in (directive_shown(ctx, x) for x in (plan.directive, plan.tied_to))
        if d
    ]
    place = unit.name if unit.level == "province" else unit.full_name
    return OfficialDocument(
        profile="party" if chain_of(plan.agency) == "party" else "state",
        issuer=plan.agency.name,
        kind="plan",
        about=plan.title.removeprefix("Kế hoạch ").strip(),
        number=int(number) if number.isdigit() else (number or None),
        symbol=symbol or "KH",
        place=place,
        day=issued.issued_on if issued else None,
        basis=basis,
        blocks=_body(plan),
        signatures=[
            Signature(
                (issued.signer_post if issued else "") or "Thủ trưởng cơ quan",
                issued.signer if issued else "",
            )
        ],
        recipients=Recipients([plan.approver.name]),
        annexes=[
            Annex(
                f"Chỉ tiêu phát triển kinh tế tập thể năm {plan.year}",
                [_table(plan, annex_lines(ctx, plan, 1, on))],
                landscape=True,
            ),
            Annex(
                f"Hợp tác xã theo ngành, lĩnh vực năm {plan.year}",
                [_table(plan, annex_lines(ctx, plan, 2, on))],
                landscape=True,
            ),
        ],
    )


def _body(plan: YearPlan) -> Sequence[Any]:
    found: list[Any] = []
    for chapter in outline():
        title = chapter.title["vi"]
        if chapter.code == "P1":
            title = f"Đánh giá tình hình năm {plan.year - 1}"
        elif chapter.code == "P2":
            title = f"Kế hoạch năm {plan.year}"
        found.append(Heading(title, chapter.level))  # type: ignore[arg-type]
        if not chapter.written:
            continue
        text = plan.texts.get(chapter.code, "").strip()
        if chapter.code == "goals" and plan.tie.strip():
            text = f"{text}\n{plan.tie.strip()}".strip()
        found += [Paragraph(line) for line in (text or _EMPTY).splitlines() if line.strip()]
    return found


def annex_columns(year: int) -> list[str]:
    """Return the headings of the ministry's form for a year."""
    return [
        "STT", "Chỉ tiêu", "Đơn vị tính", f"Thực hiện năm {year - 1}", f"Kế hoạch năm {year}", "Thực hiện 6 tháng",
        f"Ước thực hiện năm {year}", "So với kế hoạch (%)", f"Kế hoạch năm {year + 1}",
    ]  # fmt: skip


def annex_cells(number: int, line: AnnexLine) -> list[Any]:
    """Return the cells of a row, as numbers."""
    name = line.row.name["vi"]
    return [
        number, f"– {name}" if line.row.level else name, line.row.unit_name, *(
            _number(v) for v in (line.before, line.planned, line.half, line.estimate, line.percent, line.planned_next)
        ),
    ]  # fmt: skip


def _table(plan: YearPlan, lines: list[AnnexLine]) -> Table:
    titles = annex_columns(plan.year)
    widths = (0.05, 0.27, 0.1, *([0.58 / 6] * 6))
    kinds = ("center", "text", "center", *(["number"] * 6))
    columns = [
        Column(title, kind, width)  # type: ignore[arg-type]
        for title, kind, width in zip(titles, kinds, widths, strict=True)
    ]
    rows = [
        Row(annex_cells(n, line), bold=line.row.level == 0 and line.row.code.count(".") == 0)
        for n, line in enumerate(lines, 1)
    ]
    return Table(
        columns,
        rows,
        numbered=True,
        note=_NOTE,
    )


def _number(value: Decimal | None) -> int | Decimal | None:
    if value is None:
        return None
    whole = value.to_integral_value()
    return int(whole) if whole == value else value.quantize(Decimal("0.01")).normalize()
