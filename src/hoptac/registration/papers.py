"""The desk's letters and receipts, set in type from the filing's own data."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import override

from hoptac.foundation.documents.official import (
    Bullets,
    Fields,
    OfficialDocument,
    Paragraph,
    Recipients,
    Signature,
    to_pdf,
)
from hoptac.foundation.documents.official.structure import Block
from hoptac.registration.models import Filing
from hoptac.registration.rules.procedures import grounds as grounds_of
from hoptac.registration.terms import PaperState, State


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def code_in_groups(code: str) -> str:
    """Return a receipt code as it is read aloud: two groups of five."""
    return f"{code[:5]} {code[5:]}"


def _issued_by(filing: Filing) -> dict[str, Any]:
    authority = filing.authority
    return {
        "profile": "state",
        "issuer": ["Ủy ban nhân dân", authority.full_name],
        "place": authority.name,
        "draft": False,
    }


def _facts(filing: Filing) -> Fields:
    rows = [
        ("Thủ tục", filing.title),
        ("Tên", filing.subject_name),
        ("Người nộp", filing.applicant),
    ]
    if filing.receipt_number:
        rows.append(("Số tiếp nhận", filing.receipt_number))
    return Fields(rows)


def receipt(filing: Filing) -> bytes:
    """Return the receipt (giấy tiếp nhận hồ sơ và hẹn trả kết quả) as PDF/A."""
    handed = [p.name for p in filing.papers.all() if p.state == PaperState.HANDED_IN]
    with override("vi"):
        blocks: list[Block] = [
            _facts(filing),
            Paragraph("Thành phần hồ sơ đã nhận:"),
            Bullets(handed or ["(chưa có giấy tờ)"], marker="1."),
            Fields([
                ("Ngày nhận", _day(filing.received_on)),
                ("Thời hạn giải quyết", f"{filing.rule.clock} ngày làm việc"),
                ("Ngày hẹn trả kết quả", _day(filing.due_on)),
                ("Mã tra cứu", code_in_groups(filing.receipt_code or "")),
            ]),
            Paragraph("Người nộp hồ sơ dùng mã tra cứu để theo dõi tình trạng hồ sơ mà không cần tài khoản."),
        ]  # fmt: skip
        return to_pdf(
            OfficialDocument(
                **_issued_by(filing),
                kind_name="Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
                number=filing.receipt_number.partition("/")[0] or None,
                symbol="TNHS",
                day=filing.received_on,
                blocks=blocks,
                signatures=[
                    Signature("Người nộp hồ sơ", filing.applicant),
                    Signature(
                        "Người tiếp nhận", filing.officer.full_name if filing.officer else ""
                    ),
                ],
            )
        )


def letter(filing: Filing) -> bytes | None:
    """Return the letter of where the filing stands, as PDF/A; nothing where none is due.

    Asking to supply, refusing with its grounds, returning, and the confirmation of a grant.
    """
    with override("vi"):
        told = _letter(filing)
        if told is None:
            return None
        about, day, number, blocks = told
        return to_pdf(
            OfficialDocument(
                **_issued_by(filing),
                kind="notice",
                about=about,
                number=number or None,
                symbol="TB-ĐKHTX",
                day=day,
                addressees=[filing.applicant],
                blocks=[_facts(filing), *blocks],
                signatures=[Signature("Cơ quan đăng ký", filing.signatory)],
                recipients=Recipients(),
            )
        )


def _letter(filing: Filing) -> tuple[str, date | None, str, list[Block]] | None:
    decided = filing.decided_at.date() if filing.decided_at else None
    number = filing.decision_number.partition("/")[0]
    if filing.state in {State.SUPPLEMENT, State.LAPSED}:
        return (
            "Về việc sửa đổi, bổ sung hồ sơ", filing.supplement_asked_on, "",
            [
                Paragraph("Qua xem xét, hồ sơ còn thiếu hoặc cần sửa đổi các nội dung sau:"),
                Bullets(list(filing.missing), marker="1."),
                Paragraph(f"Đề nghị bổ sung trước ngày {_day(filing.supplement_until)}. Quá thời hạn này hồ sơ "
                          "không còn giá trị."),
                Paragraph(f"Căn cứ: {filing.desk.basis}."),
            ],
        )  # fmt: skip
    if filing.state == State.REFUSED:
        named = {g.code: g for g in grounds_of("refusal")}
        chosen = [named[c] for c in filing.grounds if c in named]
        return (
            "Về việc từ chối giải quyết hồ sơ", decided, number,
            [
                Paragraph("Cơ quan đăng ký từ chối giải quyết hồ sơ vì:"),
                Bullets([f"{g.name} ({g.basis})" for g in chosen], marker="1."),
                Paragraph(filing.opinion),
            ],
        )  # fmt: skip
    if filing.state == State.RETURNED:
        last = filing.steps.filter(kind="returned").order_by("id").last()
        return (
            "Về việc trả lại hồ sơ", last.on if last else None, "",
            [
                Paragraph("Cơ quan đăng ký trả lại hồ sơ vì:"),
                Paragraph(last.words if last else ""),
            ],
        )  # fmt: skip
    if filing.state == State.GRANTED:
        return (
            "Về kết quả giải quyết hồ sơ", decided, number,
            [
                Paragraph(f"Hồ sơ đã được chấp thuận, có hiệu lực từ ngày {_day(filing.effective_on)}."),
                Paragraph(f"Căn cứ: {filing.rule.basis}."),
            ],
        )  # fmt: skip
    return None


def has_letter(filing: Filing) -> bool:
    """Tell whether there is a letter for where the filing stands."""
    return filing.state in {
        State.SUPPLEMENT, State.LAPSED, State.REFUSED, State.RETURNED, State.GRANTED,
    }  # fmt: skip
