"""Invitation, minutes, notice of conclusions, handover as official documents; in Vietnamese whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from hoptac.committees import selectors
from hoptac.committees.models import Conclusion, Handover, Meeting, Member
from hoptac.committees.terms import SEAT_ORDER, ConclusionKind, Presence, Seat
from hoptac.directives.terms import Chain
from hoptac.foundation.access import Context
from hoptac.foundation.documents.formats import Profile
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.documents.official import (
    Authority,
    Bullets,
    Column,
    Fields,
    Heading,
    OfficialDocument,
    Paragraph,
    Recipients,
    Signature,
    Table,
    file_name,
    to_pdf,
)
from hoptac.foundation.documents.storing import store
from hoptac.jurisdiction.letterheads import heading_of
from hoptac.jurisdiction.terms import KIND_WORD, UnitKind
from hoptac.tasks.chains import chain_of
from hoptac.tasks.terms import Part

_SEATS = {
    Seat.HEAD: "Trưởng ban", Seat.STANDING_DEPUTY: "Phó Trưởng ban thường trực", Seat.DEPUTY: "Phó Trưởng ban",
    Seat.MEMBER: "Thành viên", Seat.SECRETARY: "Thư ký",
}  # fmt: skip
_PRESENCE = {
    Presence.PRESENT: "Có mặt", Presence.ABSENT: "Vắng", Presence.SUBSTITUTE: "Cử người dự thay"
}  # fmt: skip
_PARTS = {Part.LEAD: "Chủ trì", Part.COORDINATING: "Phối hợp"}


def kept(ctx: Context, document: OfficialDocument) -> StoredFile:
    """Keep the printed form of a document with the running act."""
    return store(ctx, as_pdf(document), name=name_of(document, "pdf"), media_type="application/pdf")


def as_pdf(document: OfficialDocument) -> bytes:
    return to_pdf(document)


def name_of(document: OfficialDocument, ending: str) -> str:
    """Return what a file of the document is called."""
    return file_name(document, ending)


def invitation(meeting: Meeting) -> OfficialDocument:
    """Return the invitation (*giấy mời*) with the agenda; a draft until it bears its number."""
    members = _sitting(meeting)
    items = _items(meeting)
    rows = [
        (f"{n}", item.title, item.presenter or "–", f"{item.planned_minutes} phút")
        for n, item in enumerate(items, start=1)
    ]
    blocks = [
        Paragraph(f"{meeting.committee.name} trân trọng kính mời các đồng chí dự họp:"),
        Fields([
            ("Nội dung", meeting.title), ("Chủ trì", f"{meeting.chair.name}, {meeting.chair.post}"),
            ("Thời gian", _hours(meeting.starts_at, meeting.ends_at)), ("Địa điểm", meeting.place),
        ]),
        Table(
            [Column("STT", "center", width=1), Column("Nội dung", width=7), Column("Trình bày", width=4),
             Column("Thời lượng", "center", width=2)],
            rows, title="Chương trình dự kiến",
        ),
        Paragraph("Đề nghị các đồng chí bố trí thời gian dự họp đầy đủ, đúng giờ./."),
    ]  # fmt: skip
    return _document(
        meeting, "invitation", kind_name="Giấy mời", about=f"dự {_named(meeting)}", blocks=blocks,
        number=meeting.invitation_number or None, day=meeting.invited_on,
        recipients=Recipients([f"{m.name}, {m.post}" for m in members], ["VT"]),
    )  # fmt: skip


def minutes(meeting: Meeting) -> OfficialDocument:
    """Return the minutes (*biên bản*): who came, what was said of each matter, what was concluded."""
    came = {a.member_id: a for a in meeting.attendances.all()}
    rows = [
        (f"{n}", m.name, m.post, _SEATS[Seat(m.seat)], _came(came.get(m.pk)))
        for n, m in enumerate(_sitting(meeting), start=1)
    ]
    blocks: list[Any] = [
        Fields([
            ("Thời gian", _hours(meeting.starts_at, meeting.ends_at)), ("Địa điểm", meeting.place),
            ("Chủ trì", f"{meeting.chair.name}, {meeting.chair.post}"), ("Nội dung", meeting.title),
        ]),
        Heading("Thành phần"),
        Table(
            [Column("STT", "center", width=1), Column("Họ và tên", width=4), Column("Chức vụ", width=5),
             Column("Trong Ban", width=3), Column("Dự họp", width=4)],
            rows,
        ),
        Heading("Diễn biến cuộc họp"),
    ]  # fmt: skip
    for item in _items(meeting):
        blocks.append(Heading(item.title, "arabic"))
        blocks.extend(Paragraph(line) for line in _lines(item.said) or ["…"])
    concluded = _concluded(meeting)
    if concluded:
        blocks.append(Heading("Kết luận"))
        blocks.append(Bullets([_conclusion(c) for c in concluded], marker="-"))
    secretary = next((m for m in _sitting(meeting) if m.seat == Seat.SECRETARY), None)
    chair = Signature("Chủ trì", meeting.chair.name)
    signing = [Signature("Thư ký", secretary.name), chair] if secretary else [chair]
    return _document(
        meeting, "minutes", kind_name="Biên bản", about=_named(meeting), blocks=blocks, signatures=signing,
        day=timezone.localtime(meeting.starts_at).date(), draft=meeting.adopted_on is None,
        number="" if meeting.adopted_on else None,
    )  # fmt: skip


def notice_of_conclusions(
    meeting: Meeting,
    conclusions: Sequence[Conclusion],
    *,
    symbol: str = "",
    day: date | None = None,
) -> OfficialDocument:
    """Return the notice of conclusions (*thông báo kết luận*); a draft without its symbol."""
    held = timezone.localtime(meeting.starts_at)
    blocks: list[Any] = [
        Paragraph(
            f"Ngày {held:%d/%m/%Y}, tại {meeting.place}, {meeting.chair.name}, {meeting.chair.post}, chủ trì "
            f"{_named(meeting)}. Sau khi nghe báo cáo và ý kiến của các thành viên, đồng chí chủ trì kết luận như sau:"
        ),
        Bullets([_conclusion(c) for c in conclusions], marker="1."),
        Paragraph("Thông báo để các cơ quan, đơn vị, địa phương biết và thực hiện./."),
    ]  # fmt: skip
    leads = list(dict.fromkeys(c.lead.name for c in conclusions if c.lead))
    return _document(
        meeting, "notice", about=notice_title(meeting), blocks=blocks, number=symbol or None, day=day,
        recipients=Recipients([*leads, "Thành viên Ban Chỉ đạo"], ["VT"]),
    )  # fmt: skip


def notice_title(meeting: Meeting) -> str:
    """Return the title of a meeting's notice of conclusions."""
    return f"Kết luận {_named(meeting)}"[:600]


def plain(meeting: Meeting, conclusions: Sequence[Conclusion]) -> str:
    """Return the text of the notice, for searching."""
    said = "\n".join(f"{n}. {_conclusion(c)}" for n, c in enumerate(conclusions, start=1))
    return f"THÔNG BÁO\n{notice_title(meeting)}\n\n{said}"


def printed(ctx: Context, meeting: Meeting, what: str) -> OfficialDocument:
    """Return a paper of a meeting as it stands now: ``invitation``, ``minutes``, or the notice of ``conclusions``."""
    if what == "conclusions":
        rows = [f.conclusion for f in selectors.conclusions_of(ctx, meeting)]
        notice = meeting.notice
        symbol, day = (notice.symbol, notice.issued_on) if notice else ("", None)
        return notice_of_conclusions(meeting, rows, symbol=symbol, day=day)
    return {"invitation": invitation, "minutes": minutes}[what](meeting)


# --- Handing over -----------------------------------------------------------------------------------


def handover_minutes(handover: Handover, tasks: Sequence[Mapping[str, Any]]) -> OfficialDocument:
    """Return the minutes of a handover (*biên bản bàn giao*) with the tasks that its reader may see.

    Of the tasks beyond those only how many there are is told.
    """
    leaving, taking = handover.leaving, handover.taking
    agency = leaving.agency
    profile: Profile = "party" if chain_of(agency) == Chain.PARTY else "state"
    parent, issuer = heading_of(agency, agency.unit.name)
    rows = [
        (f"{n}", t["number"], t["title"], _PARTS[Part(t["part"])], _said_day(t["due_on"]))
        for n, t in enumerate(tasks, start=1)
    ]
    hidden = len(handover.tasks) - len(rows)
    blocks: list[Any] = [
        Paragraph(
            f"Hôm nay, ngày {handover.on:%d/%m/%Y}, tại {agency.name}, hai bên bàn giao công việc theo dõi "
            "kinh tế tập thể, gồm:"
        ),
        Heading("Bên giao"),
        Fields([("Họ và tên", leaving.name), ("Chức vụ", leaving.post)]),
        Heading("Bên nhận"),
        Fields([("Họ và tên", taking.name), ("Chức vụ", taking.post)]),
        Heading("Nội dung bàn giao"),
        Fields([("Lĩnh vực theo dõi", leaving.fields or None)]),
    ]  # fmt: skip
    if rows:
        blocks.append(
            Table(
                [Column("STT", "center", width=1), Column("Số", "center", width=2), Column("Nhiệm vụ", width=8),
                 Column("Vai trò", "center", width=2), Column("Hạn", "center", width=2)],
                rows, title="Nhiệm vụ đang theo dõi, chuyển cho bên nhận",
            )
        )  # fmt: skip
    if hidden:
        blocks.append(
            Paragraph(f"Ngoài ra còn {hidden} nhiệm vụ mà người in biên bản này không được xem.")
        )
    if not handover.tasks:
        blocks.append(Paragraph("Tại thời điểm bàn giao không còn nhiệm vụ đang thực hiện."))
    blocks.extend(Paragraph(line) for line in _lines(handover.words))
    blocks.append(
        Paragraph(
            "Kể từ ngày ký biên bản, bên nhận theo dõi các công việc nêu trên. Biên bản được lập thành 02 bản "
            "có giá trị như nhau, mỗi bên giữ 01 bản./."
        )
    )  # fmt: skip
    return OfficialDocument(
        profile, issuer, "minutes", "bàn giao công việc theo dõi kinh tế tập thể", blocks, parent, number="",
        place=agency.unit.name, day=handover.on, draft=False, author=agency.name,
        basis=[f"Căn cứ {decision}" for decision in dict.fromkeys((leaving.ending, taking.decision)) if decision],
        signatures=[
            Signature("Bên giao", leaving.name, note="(Ký, ghi rõ họ tên)"),
            Signature("Bên nhận", taking.name, note="(Ký, ghi rõ họ tên)"),
            Signature("Thủ trưởng cơ quan", note="(Ký, đóng dấu)"),
        ],
    )  # fmt: skip


def _said_day(day: str | None) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}" if day else "–"


# --- Parts ----------------------------------------------------------------------------------------


def _document(meeting: Meeting, kind: str, **more: Any) -> OfficialDocument:
    committee = meeting.committee
    profile: Profile = "party" if chain_of(committee.standing) == Chain.PARTY else "state"
    if profile == "party" and kind == "invitation":
        kind = ""
    seat = _SEATS[Seat(meeting.chair.seat)]
    by = Authority("deputy", _SEATS[Seat.HEAD])
    powers = [] if meeting.chair.seat == Seat.HEAD else [by]
    more.setdefault("signatures", [Signature(seat, meeting.chair.name, powers)])
    unit = committee.unit
    parent = f"{KIND_WORD[UnitKind(unit.kind)]} {unit.name}".strip()
    return OfficialDocument(
        profile=profile, kind=kind, issuer=committee.name, place=unit.name,
        parent="" if profile == "party" else f"Ủy ban nhân dân {parent}", **more,
    )  # fmt: skip


def _named(meeting: Meeting) -> str:
    return f"cuộc họp lần thứ {meeting.number} của {meeting.committee.name}: {meeting.title}"


def _hours(starts_at: datetime, ends_at: datetime) -> str:
    begins, ends = timezone.localtime(starts_at), timezone.localtime(ends_at)
    days = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"]
    until = (
        f"{ends.hour} giờ {ends.minute:02d}"
        if ends.date() == begins.date()
        else f"{ends.hour} giờ {ends.minute:02d} ngày {ends:%d/%m/%Y}"
    )
    return f"{days[begins.weekday()]}, ngày {begins:%d/%m/%Y}, từ {begins.hour} giờ {begins.minute:02d} đến {until}"


def _sitting(meeting: Meeting) -> list[Member]:
    day = timezone.localtime(meeting.starts_at).date()
    return sorted(meeting.committee.members.on(day), key=lambda m: (SEAT_ORDER[m.seat], m.pk))


def _items(meeting: Meeting) -> list[Any]:
    return list(meeting.items.filter(retired_by__isnull=True).order_by("position", "id"))


def _concluded(meeting: Meeting) -> list[Conclusion]:
    found = meeting.conclusions.filter(retired_by__isnull=True).select_related("lead")
    return list(found.order_by("position", "id"))


def _came(attendance: Any) -> str:
    if attendance is None:
        return "–"
    words = f": {attendance.words}" if attendance.words else ""
    return f"{_PRESENCE[Presence(attendance.presence)]}{words}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _conclusion(conclusion: Conclusion) -> str:
    said = " ".join(_lines(conclusion.content)).rstrip(".;")
    if conclusion.kind != ConclusionKind.TASK or conclusion.lead is None:
        return f"{said}."
    until = f", hoàn thành trước ngày {conclusion.due_on:%d/%m/%Y}" if conclusion.due_on else ""
    return f"{said}. {conclusion.lead.name} chủ trì{until}."
