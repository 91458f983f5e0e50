"""Documents that the tests are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.foundation.documents.official import (
    Annex,
    Authority,
    Bullets,
    Column,
    Heading,
    OfficialDocument,
    Paragraph,
    Recipients,
    Row,
    Run,
    Signature,
    Table,
)

PLACES = ["Rạch Giá", "Hà Tiên", "Kiên Lương", "Hòn Đất", "Tân Hiệp"]
SENTENCE = "Đến nay các đơn vị hoạt động ổn định, đời sống của người dân được nâng lên. "


def table(rows: int, **more: Any) -> Table:
    return Table(
        [
            Column("TT", "center"),
            Column("Địa bàn"),
            Column("Số đơn vị", "number", group="Năm 2020"),
            Column("Vốn", "number", group="Năm 2020", decimals=1),
        ],
        [
            *([n, PLACES[n % 5], 1234 * n, Decimal("10.5") * n] for n in range(1, rows + 1)),
            Row(["", "Tổng cộng", 99999, Decimal("7.5")], bold=True),
        ],
        **more,
    )


REPORT = OfficialDocument(
    profile="state",
    parent="Ủy ban nhân dân tỉnh Kiên Giang",
    issuer="Sở Kế hoạch và Đầu tư",
    kind="report",
    about="Tình hình năm 2020",
    number=5,
    symbol="BC-SKHĐT",
    place="Kiên Giang",
    day=date(2021, 2, 5),
    basis=["Căn cứ Luật A", "Căn cứ Nghị định B"],
    blocks=[
        Heading("Tình hình chung"),
        Paragraph(
            ["Có ", Run("457", href="/so-lieu/?nam=2020", anchor="tong"), " đơn vị, xem ",
             Run("Bảng 1", href="#bang1"), Run(".", note="Theo báo cáo của các huyện.")]
        ),
        Heading("Kết quả", "arabic"),
        Paragraph(SENTENCE * 12),
        Bullets(["Một", "Hai"]),
        table(60, title="Bảng 1. Theo địa bàn", unit="triệu đồng", note="Nguồn: báo cáo.", anchor="bang1"),
        Heading("Phương hướng"),
        Paragraph(SENTENCE * 3 + "./."),
    ],
    signatures=[Signature("Phó Giám đốc", "Nguyễn Văn A", [Authority("deputy", "Giám đốc")])],
    recipients=Recipients(["Ban Giám đốc", "Các phòng"], ["VT", "KTN"], copies=20),
    annexes=[
        Annex("Danh mục", [table(5)]),
        Annex("Tài chính", [Heading("Thu", "arabic"), table(5)], landscape=True),
    ],
)  # fmt: skip

PARTY = OfficialDocument(
    profile="party",
    issuer="Tỉnh ủy Kiên Giang",
    kind="programme",
    about="thực hiện Kết luận số 70-KL/TW",
    number=12,
    symbol="CTr/TU",
    place="Kiên Giang",
    day=date(2020, 5, 20),
    basis=["Căn cứ Điều lệ Đảng"],
    blocks=[Heading("Mục tiêu"), Paragraph(SENTENCE)],
    signatures=[
        Signature(
            "Phó Bí thư Thường trực", "Đặng Tuyết Em", [Authority("on_behalf", "Ban Thường vụ")]
        )
    ],
    recipients=Recipients(["Bộ Chính trị", "Các huyện ủy"], ["Văn phòng Tỉnh ủy"]),
)

LETTER = replace(
    REPORT,
    parent="",
    issuer=["Ủy ban nhân dân", "tỉnh Kiên Giang"],
    kind="official_letter",
    about="đôn đốc báo cáo",
    number=215,
    symbol="UBND-KT",
    addressees=["Sở A", "Sở B"],
    basis=(),
    blocks=[Paragraph("Đề nghị gửi báo cáo trước ngày 15 tháng 12.")],
    annexes=(),
)
