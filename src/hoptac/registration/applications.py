"""The paper that an applicant signs, filled from what the dossier says; blank where it says nothing.

What it asks are the procedure's own fields (:mod:`.matters`). Numbers of single forms stand on it only
where they are known (``rulebook/registration/forms.toml``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import override

from hoptac.certificates.form import authority_name, form_on
from hoptac.foundation.documents.typesetting import typeset
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


def application(filing: Filing, *, shows_people: bool) -> bytes:
    """Return the application of a filing as PDF/A, for the applicant to sign."""
    procedure = PROCEDURES[filing.procedure]
    with override("vi"):
        said = {s.code: s for s in proposal_in_words(filing, shows_people=shows_people)}
        rows: list[dict[str, Any]] = []
        for code in procedure.fields:
            found = said.get(code)
            if found is None:
                rows += _blank(code)
            elif found.entries:
                rows.append({"plain": f"{found.label}:"})
                rows += [
                    {"fields": [[str(a), str(b)] for a, b in entry]} for entry in found.entries
                ]
            else:
                rows.append({"fields": [[str(found.label), str(found.value)]]})
        return _set(
            procedure, filing.rule, filing.kind, filing.filed_on, rows,
            name=filing.subject_name, authority=authority_name(form_on(filing.filed_on), filing.authority),
            place=filing.authority.name, applicant=filing.applicant,
        )  # fmt: skip


def blank(procedure: Procedure, kind: str, day: date) -> bytes:
    """Return the application of a procedure with nothing filled in.

    :raises NotInForce: the law of the day knows no such procedure
    """
    rule = procedure_on(procedure.code, day)
    with override("vi"):
        rows = [row for code in procedure.fields for row in _blank(code)]
        return _set(procedure, rule, kind, day, rows)


def _blank(code: str) -> Iterator[dict[str, Any]]:
    matter = MATTERS[code]
    if matter.parts:
        yield {"plain": f"{matter.label}:"}
        yield {"fields": [[str(MATTERS[p].label), ""] for p in matter.parts]}
    else:
        yield {"fields": [[str(matter.label), ""]]}


def _set(
    procedure: Procedure, rule: ProcedureRule, kind: str, day: date, rows: list[dict[str, Any]],
    *, name: str = "", authority: str = "", place: str = "", applicant: str = "",
) -> bytes:  # fmt: skip
    """Set the form: head, what is asked, papers laid to it, who signs."""
    papers = list(rule.papers_required(kind))
    is_notice = "notice" in papers
    title = procedure.title[0].lower() + procedure.title[1:]
    number = form_number(procedure.code, kind, day)
    beside = [paper_name(c) for c in papers if c not in {"application", "notice"}]
    body: list[dict[str, Any]] = [
        {"plain": f"Kính gửi: {authority or 'Cơ quan đăng ký kinh doanh'}"},
        {"fields": [[str(Kind(kind).label), name]]},
        {
            "text": "Thông báo các nội dung sau:"
            if is_notice
            else "Đề nghị cơ quan đăng ký giải quyết các nội dung sau:"
        },
        *rows,
    ]
    if beside:
        body += [{"plain": "Giấy tờ kèm theo:"}, {"numbered": beside}]
    body += [
        {"text": "Người ký tên dưới đây chịu trách nhiệm trước pháp luật về tính hợp pháp, chính xác, trung thực "
                 "của nội dung kê khai và giấy tờ kèm theo."},
        {"plain": f"Căn cứ: {rule.basis}." + (f" {number}." if number else "")},
    ]  # fmt: skip
    kind_title = "Thông báo" if is_notice else "Giấy đề nghị"
    return typeset(
        "documents/letter",
        {
            "agency": [name or str(Kind(kind).label)], "number": None, "symbol": "",
            "place": place or "……", "day": None,
            "kind": kind_title, "about": title, "body": body,
            "signature": {"authority": ["Người đại diện theo pháp luật"],
                          "note": "(Ký, ghi rõ họ tên)", "name": applicant},
        },
        whatever_is_written=True,
    )  # fmt: skip
