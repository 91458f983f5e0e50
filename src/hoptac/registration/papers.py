"""What the desk gives out in writing: set in type from the filing's own data, kept as it was issued.

The words stand here in Vietnamese, whatever the reader's language: they go to the applicant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.utils.translation import override

from hoptac.certificates.form import authority_lines, form_on
from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of
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
from hoptac.foundation.documents.storing import store
from hoptac.foundation.numbering import take
from hoptac.registration.fees import fee_of
from hoptac.registration.models import Filing, IssuedPaper
from hoptac.registration.rules.fees import Standing
from hoptac.registration.rules.procedures import grounds as grounds_of
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registration.terms import Channel, IssuedKind, PaperState, TermCode

_SYMBOL = "TB-ĐKHTX"
_K = IssuedKind
# The kind and subject of each paper, and what its file is called.
_NAMES = {
    _K.RECEIPT: ("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "", "giay-tiep-nhan"),
    _K.SLIP: ("Phiếu giao nhận hồ sơ", "", "phieu-giao-nhan"),
    _K.SUPPLEMENT: ("Thông báo", "về việc sửa đổi, bổ sung hồ sơ", "yeu-cau-bo-sung"),
    _K.REFUSAL: ("Thông báo", "về việc từ chối giải quyết hồ sơ", "thong-bao-tu-choi"),
    _K.RESULT: ("Thông báo", "về kết quả giải quyết hồ sơ", "thong-bao-ket-qua"),
    _K.RETURN: ("Thông báo", "về việc trả lại hồ sơ", "thong-bao-tra-ho-so"),
    _K.LAPSE: ("Thông báo", "về việc hồ sơ không còn giá trị", "thong-bao-het-hieu-luc"),
    _K.TAX: ("Thông báo", "về việc đề nghị cơ quan thuế có ý kiến", "gui-co-quan-thue"),
    _K.SILENCE: ("Thông báo", "về việc giải thể do hết thời hạn", "thong-bao-giai-the"),
    _K.WITHDRAWAL: ("Thông báo", "về việc dừng thực hiện thủ tục", "thong-bao-dung-thu-tuc"),
}


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def dong(amount: int) -> str:
    """Return an amount as it is printed: ``100.000 đồng``."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def code_in_groups(code: str) -> str:
    """Return a receipt code as it is read aloud: two groups of five."""
    return f"{code[:5]} {code[5:]}".strip()


def issue(
    ctx: Context,
    filing: Filing,
    kind: IssuedKind,
    *,
    words: str = "",
    to: str = "",
    signatory: str = "",
    corrects: IssuedPaper | None = None,
) -> IssuedPaper:
    """Set a paper in type, keep it, and return it: within the act that it belongs to.

    The bytes lie on the disk before its row does; if the act fails, there is no paper and its number
    goes to the next one. ``words`` and ``to`` are those of the step; of a paper that corrects another,
    ``words`` say what was wrong.
    """
    day, series, number = ctx.today, "", None
    if kind.is_letter:
        series = f"letter:{filing.authority.code}:{day.year}"
        number = take(series)
    shown = f"{number:02d}" if number is not None else filing.receipt_number.partition("/")[0]
    with override("vi"):
        pdf = to_pdf(_document(ctx, filing, kind, shown, words, to, signatory, corrects))
    name = f"{_NAMES[kind][2]}-{shown}-{day.year}.pdf"
    kept = store(ctx, pdf, name=name, media_type="application/pdf")
    return IssuedPaper.objects.create(
        filing=filing, kind=kind, series=series, number=number, symbol=_SYMBOL if series else "",
        issued_on=day, signatory=signatory[:120], file=kept, corrects=corrects,
        words=words[:500] if corrects else "", act_id=act_of(ctx),
    )  # fmt: skip


def latest(filing: Filing, *, letters: bool) -> IssuedPaper | None:
    """Return the receipt or slip, or the letter, that was issued last."""
    wanted = [k for k in IssuedKind if k.is_letter] if letters else [IssuedKind.RECEIPT]
    wanted = [k for k in wanted if k != IssuedKind.TAX]  # it goes to another office
    found = filing.issued.filter(kind__in=wanted).select_related("file").order_by("at", "id")
    return found.last()


# --- What stands on each ---------------------------------------------------------------------------


def _document(
    ctx: Context, filing: Filing, kind: IssuedKind, number: str, words: str, to: str,
    signatory: str, corrects: IssuedPaper | None,
) -> OfficialDocument:  # fmt: skip
    title, about, _file = _NAMES[kind]
    authority, by = filing.authority, ctx.user.full_name if ctx.user else ""
    symbols = {_K.RECEIPT: "TNHS", _K.SLIP: "PGN"}
    paper = OfficialDocument(
        "state", authority_lines(form_on(ctx.today), authority), kind_name=title, about=about,
        number=number, symbol=symbols.get(kind, _SYMBOL), place=authority.name, day=ctx.today,
    )  # fmt: skip
    if kind == _K.RECEIPT:
        signed = (Signature("Người nộp hồ sơ", filing.applicant), Signature("Người tiếp nhận", by))
        return replace(paper, blocks=_receipt(filing), signatures=signed)
    if kind == _K.SLIP:
        signed = (Signature("Người giao", by), Signature("Người nhận", to))
        return replace(paper, blocks=_slip(filing, by, to, words), signatures=signed)
    blocks: list[Block] = [Fields(_facts(filing))]
    if corrects is not None:
        blocks.append(
            Paragraph(f"Văn bản này thay thế Thông báo số {corrects.code} ngày {_day(corrects.issued_on)} "
                      f"do có sai sót: {words}")
        )  # fmt: skip
    blocks += _letter(filing, kind, "" if corrects else words)
    return replace(
        paper, addressees=(_addressee(filing, kind),), blocks=blocks, recipients=Recipients(),
        signatures=(Signature("Cơ quan đăng ký", signatory),),
    )  # fmt: skip


def _addressee(filing: Filing, kind: IssuedKind) -> str:
    """Return to whom a letter goes: the applicant, or the body where the authority acts by itself."""
    if kind == IssuedKind.TAX:
        return "Cơ quan thuế quản lý trực tiếp"
    is_own = filing.channel == Channel.OFFICE or kind == IssuedKind.SILENCE
    return filing.subject_name if is_own else filing.applicant


def _facts(filing: Filing) -> list[tuple[str, str]]:
    rows = [
        ("Thủ tục", filing.title),
        ("Tên", filing.subject_name),
        ("Người nộp", filing.applicant),
    ]
    if filing.receipt_number:
        rows.append(("Số tiếp nhận", filing.receipt_number))
    return rows


def _handed_in(filing: Filing) -> list[str]:
    named = [p.name for p in filing.papers.all() if p.state == PaperState.HANDED_IN]
    return named or ["(chưa có giấy tờ)"]


def fee_in_words(filing: Filing) -> str:
    """Return the fee as a receipt prints it, with its basis."""
    fee = fee_of(filing)
    match fee.standing:
        case Standing.DUE:
            invented = " (số liệu giả định để trình diễn)" if fee.is_invented else ""
            amount = dong(fee.amount) if fee.amount else "không thu"
            return f"{amount}, theo {fee.basis}{invented}"
        case Standing.FREE:
            return f"miễn, theo {fee.basis}"
        case Standing.UNSET:
            return "chưa có quy định mức thu của Hội đồng nhân dân tỉnh"
    return "không thu"


def _receipt(filing: Filing) -> list[Block]:
    return [
        Fields(_facts(filing)),
        Paragraph("Thành phần hồ sơ đã nhận:"),
        Bullets(_handed_in(filing), "1."),
        Fields([
            ("Ngày nhận", _day(filing.received_on)),
            ("Thời hạn giải quyết", f"{filing.rule.clock} ngày làm việc"),
            ("Ngày hẹn trả kết quả", _day(filing.due_on)),
            ("Lệ phí", fee_in_words(filing)),
            ("Mã tra cứu", code_in_groups(filing.receipt_code or "")),
        ]),
        Paragraph("Người nộp hồ sơ dùng mã tra cứu để theo dõi tình trạng hồ sơ mà không cần tài khoản."),
    ]  # fmt: skip


def _slip(filing: Filing, by: str, to: str, words: str) -> list[Block]:
    body: list[Block] = [
        Fields([
            *_facts(filing), ("Người giao", by), ("Người nhận", to),
            ("Ngày hẹn trả kết quả", _day(filing.due_on)),
        ]),
        Paragraph("Thành phần hồ sơ giao nhận:"),
        Bullets(_handed_in(filing), "1."),
    ]  # fmt: skip
    return [*body, Paragraph(f"Ghi chú: {words}")] if words else body


def _by_office(filing: Filing) -> Iterator[Block]:
    """Yield what the body is told of a decision that the authority took of its own accord."""
    yield Paragraph(
        f"Cơ quan đăng ký đã ban hành Quyết định số {filing.decision_number}, có hiệu lực từ ngày "
        f"{_day(filing.effective_on)}."
    )
    named = {g.code: g for g in grounds_of("revocation")}
    chosen = [named[c] for c in filing.proposal.get("grounds") or () if c in named]
    if chosen:
        yield Paragraph("Lý do:")
        yield Bullets([f"{g.name} ({g.basis})" for g in chosen], "1.")
    if filing.proposal.get("reason"):
        yield Paragraph(str(filing.proposal["reason"]))
    term = filing.terms.filter(code=TermCode.BODY_ACTS).first()
    if term is not None:
        yield Paragraph(
            "Đề nghị tổ chức đại hội thành viên để quyết định giải thể và gửi cơ quan đăng ký trước "
            f"hết ngày {_day(term.due_on)}."
        )


def silence_basis(filing: Filing) -> str:
    """Return the article by which silence ends the body of a dissolution under way."""
    is_notice = filing.procedure == "dissolution_notice"
    return procedure_on("dissolution", filing.judged_on).basis if is_notice else filing.rule.basis


def _letter(filing: Filing, kind: IssuedKind, words: str) -> list[Block]:
    basis = Paragraph(f"Căn cứ: {filing.rule.basis}.")
    match kind:
        case IssuedKind.SUPPLEMENT:
            return [
                Paragraph("Qua xem xét, hồ sơ còn thiếu hoặc cần sửa đổi các nội dung sau:"),
                Bullets(list(filing.missing), "1."),
                Paragraph(f"Đề nghị bổ sung trước ngày {_day(filing.supplement_until)}. Quá thời hạn này hồ sơ "
                         "không còn giá trị."),
                Paragraph(f"Căn cứ: {filing.desk.basis}."),
            ]  # fmt: skip
        case IssuedKind.REFUSAL:
            named = {g.code: g for g in grounds_of("refusal")}
            chosen = [named[c] for c in filing.grounds if c in named]
            return [
                Paragraph(f"Theo Quyết định số {filing.decision_number}, cơ quan đăng ký từ chối giải quyết hồ sơ vì:"),
                Bullets([f"{g.name} ({g.basis})" for g in chosen], "1."),
                Paragraph(filing.opinion),
            ]  # fmt: skip
        case IssuedKind.RESULT if filing.channel == Channel.OFFICE:
            return [*_by_office(filing), basis]
        case IssuedKind.TAX:
            term = filing.terms.get(code=TermCode.TAX_OPINION)
            return [
                Paragraph(f"Cơ quan đăng ký đã tiếp nhận hồ sơ giải thể ngày {_day(filing.received_on)}. Đề nghị cơ "
                         f"quan thuế có ý kiến về việc hoàn thành nghĩa vụ thuế trước hết ngày {_day(term.due_on)}."),
                basis,
            ]  # fmt: skip
        case IssuedKind.SILENCE:
            term = filing.terms.get(code=TermCode.SILENCE)
            return [
                Paragraph(f"Tình trạng đang làm thủ tục giải thể được cập nhật từ ngày {_day(term.begins_on)}. Đến hết "
                         f"ngày {_day(term.due_on)}, cơ quan đăng ký không nhận được ý kiến phản đối bằng văn bản."),
                Paragraph("Cơ quan đăng ký đã cập nhật tình trạng pháp lý: đã giải thể, kể từ ngày "
                         f"{_day(term.ended_on)}."),
                Paragraph(f"Căn cứ: {silence_basis(filing)}."),
            ]  # fmt: skip
        case IssuedKind.RESULT:
            return [
                Paragraph(f"Hồ sơ đã được chấp thuận theo Quyết định số {filing.decision_number}, có hiệu lực từ "
                         f"ngày {_day(filing.effective_on)}."),
                basis,
            ]  # fmt: skip
        case IssuedKind.RETURN:
            step = filing.steps.filter(kind="returned").order_by("id").last()
            why = words or (step.words if step else "")
            return [Paragraph("Cơ quan đăng ký trả lại hồ sơ vì:"), Paragraph(why)]
        case IssuedKind.LAPSE:
            return [
                Paragraph(f"Hồ sơ không được bổ sung trước ngày {_day(filing.supplement_until)} theo yêu cầu ngày "
                         f"{_day(filing.supplement_asked_on)} nên không còn giá trị."),
                Paragraph(f"Căn cứ: {filing.desk.basis}."),
            ]  # fmt: skip
    return [
        Paragraph(
            "Theo đề nghị của người nộp, cơ quan đăng ký dừng thực hiện thủ tục và trả lại hồ sơ."
        ),
        Paragraph(f"Căn cứ: {filing.desk.basis}."),
    ]
