"""The paper that an applicant signs, filled from what the dossier says; blank where it says nothing.

What it asks are the procedure's own fields (:mod:`.matters`). Numbers of single forms stand on it only
where they are known (``rulebook/registration/forms.toml``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import override

from hoptac.certificates.form import authority_name, form_on
from hoptac.foundation.documents.official import (
    Bullets,
    Fields,
    OfficialDocument,
    Paragraph,
    Signature,
)
from hoptac.foundation.documents.official.structure import Block
from hoptac.foundation.rulebook import NotInForce, Rule, rule_in_force
from hoptac.registration.in_words import proposal_in_words
from hoptac.registration.matters import MATTERS
from hoptac.registration.models import Filing
from hoptac.registration.procedures import PROCEDURES, Procedure
from hoptac.registration.rules.procedures import ProcedureRule, paper_name, procedure_on
from hoptac.registry.terms import Kind


@dataclass(frozen=True, kw_only=True)
class FormsRule(Rule):
    """What forms of applicants are called: families, and single forms where they are known."""

    topic: ClassVar[str] = "registration/forms"
    body: str
    group: str
    establishment: str


def form_number(procedure: str, kind: str, day: date) -> str:
    """Return the number of a form, or of its family; empty where it is not known."""
    try:
        rule = rule_in_force(FormsRule, on=day)
    except NotInForce:
        return ""
    if kind == Kind.GROUP:
        return rule.group
    return rule.establishment if procedure == "establishment" else rule.body


def application(filing: Filing, *, shows_people: bool) -> OfficialDocument:
    """Return the application of a filing for the applicant to sign, dots where the dossier says nothing."""
    procedure = PROCEDURES[filing.procedure]
    with override("vi"):
        said = {s.code: s for s in proposal_in_words(filing, shows_people=shows_people)}
        rows: list[Block] = []
        for code in procedure.fields:
            found = said.get(code)
            if found is None:
                rows += _blank(code)
            elif found.entries:
                rows.append(_plain(f"{found.label}:"))
                rows += [Fields([(str(a), str(b)) for a, b in entry]) for entry in found.entries]
            else:
                rows.append(Fields([(str(found.label), str(found.value))]))
        return _form(
            procedure, filing.rule, filing.kind, filing.filed_on, rows,
            name=filing.subject_name, authority=authority_name(form_on(filing.filed_on), filing.authority),
            place=filing.authority.name, applicant=filing.applicant,
        )  # fmt: skip


def blank(procedure: Procedure, kind: str, day: date) -> OfficialDocument:
    """Return the application of a procedure with nothing filled in.

    :raises NotInForce: the law of the day knows no such procedure
    """
    rule = procedure_on(procedure.code, day)
    with override("vi"):
        rows = [row for code in procedure.fields for row in _blank(code)]
        return _form(procedure, rule, kind, day, rows)


def _blank(code: str) -> Iterator[Block]:
    matter = MATTERS[code]
    if matter.parts:
        yield _plain(f"{matter.label}:")
        yield Fields([(str(MATTERS[p].label), None) for p in matter.parts])
    else:
        yield Fields([(str(matter.label), None)])


def _plain(text: str) -> Paragraph:
    return Paragraph(text, indent=False, align="left")


def _form(
    procedure: Procedure, rule: ProcedureRule, kind: str, day: date, rows: list[Block],
    *, name: str = "", authority: str = "", place: str = "", applicant: str = "",
) -> OfficialDocument:  # fmt: skip
    """Return the form: head, what is asked, papers laid to it, who signs."""
    papers = list(rule.papers_required(kind))
    is_notice = "notice" in papers
    number = form_number(procedure.code, kind, day)
    beside = [paper_name(c) for c in papers if c not in {"application", "notice"}]
    body: list[Block] = [
        Fields([(str(Kind(kind).label), name or None)]),
        Paragraph(
            "Thông báo các nội dung sau:"
            if is_notice
            else "Đề nghị cơ quan đăng ký giải quyết các nội dung sau:"
        ),
        *rows,
    ]
    if beside:
        body += [_plain("Giấy tờ kèm theo:"), Bullets(beside, marker="1.")]
    body += [
        Paragraph(
            "Người ký tên dưới đây chịu trách nhiệm trước pháp luật về tính hợp pháp, chính xác, trung thực "
            "của nội dung kê khai và giấy tờ kèm theo."
        ),
        _plain(f"Căn cứ: {rule.basis}." + (f" {number}." if number else "")),
    ]  # fmt: skip
    return OfficialDocument(
        "state", name or str(Kind(kind).label), kind_name="Thông báo" if is_notice else "Giấy đề nghị",
        about=procedure.title[0].lower() + procedure.title[1:], blocks=body, number="", draft=False,
        place=place or "……", addressees=[authority or "Cơ quan đăng ký kinh doanh"],
        signatures=[Signature("Người đại diện theo\u00a0pháp\u00a0luật", applicant, note="(Ký, ghi rõ họ tên)")],
    )  # fmt: skip
