"""The desk's letters and receipts, set in type from the filing's own data."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import override

from hoptac.foundation.documents.typesetting import typeset
from hoptac.registration.models import Filing
from hoptac.registration.rules.procedures import grounds as grounds_of
from hoptac.registration.terms import PaperState, State


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def code_in_groups(code: str) -> str:
    """Return a receipt code as it is read aloud: two groups of five."""
    return f"{code[:5]} {code[5:]}".strip()


def _head(filing: Filing, *, symbol: str, number: str, day: date | None) -> dict[str, Any]:
    authority = filing.authority
    return {
        "parent": None,
        "agency": ["Ủy ban nhân dân", authority.full_name],
        "number": number or None,
        "symbol": symbol,
        "place": authority.name,
        "day": day,
    }


def _facts(filing: Filing) -> list[list[str]]:
    rows = [
        ["Thủ tục", filing.title],
        ["Tên", filing.subject_name],
        ["Người nộp", filing.applicant],
    ]
    if filing.receipt_number:
        rows.append(["Số tiếp nhận", filing.receipt_number])
    return rows


def receipt(filing: Filing) -> bytes:
    """Return the receipt (giấy tiếp nhận hồ sơ và hẹn trả kết quả) as PDF/A."""
    handed = [p.name for p in filing.papers.all() if p.state == PaperState.HANDED_IN]
    with override("vi"):
        body: list[dict[str, Any]] = [
            {"fields": _facts(filing)},
            {"text": "Thành phần hồ sơ đã nhận:"},
            {"numbered": handed or ["(chưa có giấy tờ)"]},
            {"fields": [
                ["Ngày nhận", _day(filing.received_on)],
                ["Thời hạn giải quyết", f"{filing.rule.clock} ngày làm việc"],
                ["Ngày hẹn trả kết quả", _day(filing.due_on)],
                ["Mã tra cứu", code_in_groups(filing.receipt_code or "")],
            ]},
            {"text": "Người nộp hồ sơ dùng mã tra cứu để theo dõi tình trạng hồ sơ mà không cần tài khoản."},
        ]  # fmt: skip
        return typeset(
            "documents/letter",
            {
                **_head(filing, symbol="TNHS", number=filing.receipt_number.partition("/")[0],
                        day=filing.received_on),
                "kind": "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
                "body": body,
                "signature": {"authority": ["Người tiếp nhận"],
                              "name": filing.officer.full_name if filing.officer else ""},
                "second": {"authority": ["Người nộp hồ sơ"], "name": filing.applicant},
            },
        )  # fmt: skip


def letter(filing: Filing) -> bytes | None:
    """Return the letter of where the filing stands, as PDF/A; nothing where none is due.

    Asking to supply, refusing with its grounds, returning, and the confirmation of a grant.
    """
    with override("vi"):
        told = _letter(filing)
        if told is None:
            return None
        kind, symbol, about, day, number, body = told
        return typeset(
            "documents/letter",
            {
                **_head(filing, symbol=symbol, number=number, day=day),
                "kind": kind,
                "about": about,
                "body": [
                    {"plain": f"Kính gửi: {filing.applicant}"},
                    {"fields": _facts(filing)},
                    *body,
                ],
                "recipients": ["Như trên", "Lưu: VT"],
                "signature": {"authority": ["Cơ quan đăng ký"], "name": filing.signatory},
            },
        )


def _letter(filing: Filing) -> tuple[str, str, str, date | None, str, list[dict[str, Any]]] | None:
    decided = filing.decided_at.date() if filing.decided_at else None
    number = filing.decision_number.partition("/")[0]
    if filing.state in {State.SUPPLEMENT, State.LAPSED}:
        return (
            "Thông báo", "TB-ĐKHTX", "về việc sửa đổi, bổ sung hồ sơ", filing.supplement_asked_on, "",
            [
                {"text": "Qua xem xét, hồ sơ còn thiếu hoặc cần sửa đổi các nội dung sau:"},
                {"numbered": list(filing.missing)},
                {"text": f"Đề nghị bổ sung trước ngày {_day(filing.supplement_until)}. Quá thời hạn này hồ sơ "
                         "không còn giá trị."},
                {"text": f"Căn cứ: {filing.desk.basis}."},
            ],
        )  # fmt: skip
    if filing.state == State.REFUSED:
        named = {g.code: g for g in grounds_of("refusal")}
        chosen = [named[c] for c in filing.grounds if c in named]
        return (
            "Thông báo", "TB-ĐKHTX", "về việc từ chối", decided, number,
            [
                {"text": "Cơ quan đăng ký từ chối giải quyết hồ sơ vì:"},
                {"numbered": [f"{g.name} ({g.basis})" for g in chosen]},
                {"text": filing.opinion},
            ],
        )  # fmt: skip
    if filing.state == State.RETURNED:
        last = filing.steps.filter(kind="returned").order_by("id").last()
        return (
            "Thông báo", "TB-ĐKHTX", "về việc trả lại hồ sơ", last.on if last else None, "",
            [{"text": "Cơ quan đăng ký trả lại hồ sơ vì:"}, {"text": last.words if last else ""}],
        )  # fmt: skip
    if filing.state == State.GRANTED:
        return (
            "Thông báo", "TB-ĐKHTX", "về kết quả giải quyết hồ sơ", decided, number,
            [
                {"text": f"Hồ sơ đã được chấp thuận, có hiệu lực từ ngày {_day(filing.effective_on)}."},
                {"text": f"Căn cứ: {filing.rule.basis}."},
            ],
        )  # fmt: skip
    return None


def has_letter(filing: Filing) -> bool:
    """Tell whether there is a letter for where the filing stands."""
    return filing.state in {
        State.SUPPLEMENT, State.LAPSED, State.REFUSED, State.RETURNED, State.GRANTED,
    }  # fmt: skip
