"""Reports as documents: heading, number, signature and recipients in both formats."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

from hoptac.foundation.documents.official import to_pdf
from hoptac.reports import actions
from hoptac.reports.documents import document_of
from hoptac.reports.drafting import Draft
from hoptac.reports.models import Report

OCTOBER = date(2020, 10, 2)


def _both(plan: Any) -> list[Report]:
    """Return a State and a Party report on the same plan and quarter, signed."""
    province = plan.province
    for name, full in (
        ("UBND tỉnh", "Ủy ban nhân dân tỉnh Kiên Giang"),
        ("Tỉnh ủy", "Tỉnh ủy Kiên Giang"),
    ):
        agency = province.agency(name)
        agency.name = full
        agency.save()
    plan.done(
        "Rà soát các hợp tác xã ngừng hoạt động",
        due_on=date(2020, 9, 25),
        reported=date(2020, 9, 24),
    )
    plan.done(
        "Mở lớp bồi dưỡng cán bộ quản lý", due_on=date(2020, 9, 20), reported=date(2020, 9, 28)
    )
    plan.task("Xây dựng vùng nguyên liệu", due_on=date(2020, 9, 18), lead="Sở Nông nghiệp")
    plan.task("Bố trí kinh phí", due_on=date(2020, 12, 15), lead="Sở Tài chính")
    found = []
    for by, post, power in (("UBND tỉnh", "Phó Chủ tịch", "Ủy ban nhân dân"),
                            ("Tỉnh ủy", "Phó Bí thư Thường trực", "Ban Thường vụ")):  # fmt: skip
        ctx = province.of(by, today=OCTOBER)
        kind = {"kind": "year", "part": 0}
        report = plan.report(by, today=OCTOBER, **kind)
        for code in ("kho_khan", "han_che", "nguyen_nhan", "ky_toi", "chinh_sach"):
            section = report.sections.filter(code=code).first()
            if section is not None:
                actions.edit_text(
                    ctx, section, text="Nội dung minh họa.\n- Thiếu vốn.\n- Thiếu cán bộ."
                )
        actions.assemble(ctx, report)
        actions.submit(ctx, report)
        found.append(
            actions.sign(
                ctx, report, signer="Nguyễn Minh Họa", signer_post=post, on_behalf_of=power,
                deputy_for="Chủ tịch" if by == "UBND tỉnh" else "", receivers=["Bộ Chính trị", "Các sở, ban, ngành"],
            )
        )  # fmt: skip
    return found


def test_state_and_party_reports_have_their_own_format(plan: Any) -> None:
    state, party = _both(plan)
    assert (state.written_number, party.written_number) == ("01/BC-UBND", "01-BC/TU")
    first, second = (document_of(Draft(r)) for r in (state, party))
    assert (first.profile, second.profile) == ("state", "party")
    assert first.recipients is not None
    assert first.recipients.archive == ("VT",)
    assert second.recipients is not None
    assert second.recipients.archive == ("Văn phòng Tỉnh ủy",)
    assert [a.capacity for a in first.signatures[0].authorities] == ["on_behalf", "deputy"]
    assert second.signatures[0].post == "Phó Bí thư Thường trực"
    lists = ["Danh mục nhiệm vụ và tình trạng thực hiện"]
    assert [a.title for a in second.annexes] == lists
    assert [a.title for a in first.annexes] == [
        "Chỉ tiêu phát triển kinh tế tập thể", "Hợp tác xã theo ngành, lĩnh vực", *lists,
    ]  # fmt: skip
    assert first.about == state.title
    assert second.about == "kết quả" + party.title.removeprefix("Kết quả")
    for report, document in ((state, first), (party, second)):
        assert report.pdf.read() == to_pdf(document)
        if folder := os.environ.get("HOPTAC_SHOTS"):
            (Path(folder) / f"{report.chain}.pdf").write_bytes(report.pdf.read())
