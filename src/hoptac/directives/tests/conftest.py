"""A small office of the province: agencies, who speaks for them, and documents in desk words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from hoptac.directives.actions import distribute, record_directive
from hoptac.directives.models import Directive, Recipient
from hoptac.directives.reading.result import (
    Actor,
    Head,
    LeadBasis,
    Mention,
    Reading,
    Recurrence,
    Reference,
    Section,
    Side,
    Source,
    Span,
    Task,
    TaskKind,
    Why,
)
from hoptac.foundation.access import Context
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.actions import add_agency, load_agencies
from hoptac.jurisdiction.models import Agency

PLAN = """KẾ HOẠCH
Thực hiện Kết luận số 70-KL/TW

1. Sở Tài chính chủ trì, phối hợp với các sở, ngành rà soát các hợp tác xã; báo cáo trước ngày 15/12.
2. Liên minh Hợp tác xã tuyên truyền, vận động.
"""


@dataclass
class Office:
    """Who sits where: the Party's desk, the State's desk, two agencies, a commune, an auditor."""

    party: Context
    state: Context
    finance: Context
    farming: Context
    alliance: Context
    commune: Context
    auditor: Context
    the_system: Context
    by_code: dict[str, Agency]

    def document(self, by: Context | None = None, **facts: Any) -> Directive:
        """Enter a document; of the Party, by the Party's desk, unless said otherwise."""
        text = facts.pop("text", PLAN)
        given = {
            "symbol": "70-KL/TW", "title": "Về tiếp tục đổi mới, phát triển kinh tế tập thể",
            "issuer_name": "Bộ Chính trị", "issued_on": date(2020, 3, 9), "in_force_on": date(2020, 3, 9),
            **facts,
        }  # fmt: skip
        return record_directive(by or self.party, facts=given, text=text)

    def plan_of(self, by: Context, code: str, **facts: Any) -> Directive:
        """Enter a plan that an agency issued."""
        given = {
            "symbol": "15/KH-STC", "title": "Kế hoạch của cơ quan", "level": "province",
            "issuer": self.by_code[code], "issued_on": date(2026, 1, 15), "in_force_on": date(2026, 1, 15),
            **facts,
        }  # fmt: skip
        return record_directive(by, facts=given, text=PLAN)

    def sent(
        self, directive: Directive, *codes: str, by: Context | None = None, **more: Any
    ) -> list[Recipient]:
        return distribute(by or self.party, directive, agencies=[self.by_code[c] for c in codes], **more)  # fmt: skip


@pytest.fixture
def office(the_system: Context, officer: Callable[..., Context], units: Any) -> Office:
    load_agencies(the_system)
    # What is accepted becomes a task that the caller's own agency orders.
    add_agency(
        the_system, name="Văn phòng Tỉnh ủy An Giang", code="vptu-ag", kind="party",
        unit=units.province(date(2026, 1, 1)), begin=date(2025, 7, 1),
    )  # fmt: skip
    by_code = {a.code: a for a in Agency.objects.select_related("unit")}
    scope.forget()

    def within(role: str, code: str) -> Context:
        return officer(role, agency=by_code[code]).by(today=date(2026, 2, 2))

    commune = units.commune("Giồng Riềng", on=date(2026, 1, 1))
    day = date(2026, 2, 2)
    return Office(
        party=within("party_office", "vptu-ag"),
        state=officer("department_officer").by(today=day),
        finance=within("sector_officer", "so-tc-ag"),
        farming=within("sector_officer", "so-nnmt-ag"),
        alliance=within("alliance_officer", "lmhtx-ag"),
        commune=officer("registration_officer", unit=commune).by(today=day),
        auditor=officer("auditor").by(today=day),
        the_system=the_system,
        by_code=by_code,
    )


def read_plan(text: str = PLAN) -> Reading:
    """Return a reading of the small plan, as a careful reader would make it."""

    def span(words: str) -> Span:
        at = text.index(words)
        return Span(at, at + len(words))

    def task(number: int, words: str, lead: tuple[str, ...], **more: Any) -> Task:
        return Task(
            id=f"t{number}", kind=TaskKind.ACTION, text=words, what=words, section=str(number),
            span=span(words), sentence=span(words), lead=lead, lead_basis=LeadBasis.STATED,
            why=(Why(rule="lead", words=words[:20]),), **more,
        )  # fmt: skip

    review = "rà soát các hợp tác xã; báo cáo trước ngày 15/12"
    deadline = span("trước ngày 15/12")
    return Reading(
        text=text,
        source=Source(name="ke-hoach.txt", format="txt", encoding="utf-8", sha256="0" * 64),
        document=Head(
            side=Side.PARTY,
            kind="KẾ HOẠCH",
            title="Thực hiện Kết luận số 70-KL/TW",
            issuer="Ban Thường vụ Tỉnh ủy",
            spans={"kind": span("KẾ HOẠCH"), "title": span("Thực hiện Kết luận số 70-KL/TW")},
        ),
        references=(
            Reference(
                id="r1",
                name="Kết luận số 70-KL/TW",
                kind="Kết luận",
                symbol="70-KL/TW",
                number="70",
                role="implements",
                mentions=(Mention(text="Kết luận số 70-KL/TW", span=span("Kết luận số 70-KL/TW")),),
            ),
        ),
        actors=(
            Actor(
                id="a1", name="Sở Tài chính", kind="department", level="province", agency="so-tc-ag"
            ),
            Actor(
                id="a2", name="các sở, ngành", kind="department", level="province", is_group=True
            ),
            Actor(id="a3", name="Liên minh Hợp tác xã", kind="alliance", agency="lmhtx-ag"),
        ),
        sections=(
            Section(
                path="1",
                level="number",
                label="1",
                title="",
                span=span("Sở Tài chính chủ trì"),
                heading=span("1. Sở"),
            ),
            Section(
                path="2",
                level="number",
                label="2",
                title="",
                span=span("Liên minh Hợp tác xã"),
                heading=span("2. Liên minh"),
            ),
        ),
        tasks=(
            task(
                1,
                review,
                ("a1",),
                coordinating=("a2",),
                recurrence=Recurrence(
                    text="trước ngày 15/12", span=deadline, every=("year",), day=15, month=12
                ),
            ),
            task(2, "tuyên truyền, vận động", ("a3",)),
        ),
    )


@pytest.fixture
def reading() -> Reading:
    return read_plan()
