"""Everybody who may call, and the objects that the calls are about."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.utils import timezone

from hoptac.api.models import ApiToken
from hoptac.cases import actions as cases
from hoptac.certificates.actions import issue_certificate, rotate_key
from hoptac.certificates.models import IssueBatch
from hoptac.committees import actions as committees
from hoptac.directives import actions as directives
from hoptac.directives.reading import read_text
from hoptac.exchange.actions import decide
from hoptac.exchange.bringing import bring_in
from hoptac.exchange.models import Difference, Message
from hoptac.foundation.access import ROLES, system_context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.accounts.sessions import open_session
from hoptac.foundation.audit.models import Act
from hoptac.foundation.notices.models import Letter, Notice
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.foundation.transfers.terms import BatchState, FileKind
from hoptac.jurisdiction import offices
from hoptac.jurisdiction.actions import give_mandate
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.plans import actions as plans
from hoptac.registration.actions import receive
from hoptac.registry.models import FigureStatement, RegisterLine, Verdict
from hoptac.reports import actions as reports
from hoptac.tasks import actions as tasks
from hoptac.tasks.proofs import Shown
from tests.reliability import acts_of_committees, acts_of_tasks

MISSING = UUID("00000000-0000-4000-8000-00000000dead")
TODAY_ON = date(2026, 1, 1)


# --- The callers ---------------------------------------------------------------------------------

RELATIONS = ("own", "below", "province", "sibling", "its_cooperative", "other_cooperative", "expired")  # fmt: skip
# What only the office that keeps it changes.
_KEPT = {
    "line", "kept_board", "seat", "charge", "kept_meeting", "item", "laid", "concluded", "kept_follower", "training",
}  # fmt: skip
_COVERS = {"own", "below", "province"}


@dataclass
class Actor:
    """Somebody who calls: a role in a relation to what the calls are about, or a stranger."""

    role: str
    relation: str
    user: Any = None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    machine: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    batch: Any = None
    line: int = 0
    issue: Any = None
    token: Any = None
    notice: Any = None

    def __str__(self) -> str:
        return f"{self.role or '-'}/{self.relation}"

    @property
    def is_in_office(self) -> bool:
        return bool(self.role) and self.relation != "expired"

    def reaches(self, about: str) -> bool:
        """Tell whether what a call is about lies within the caller's mandate."""
        if about in {"body", "filing", "case", "certificate", "difference", "message"}:
            return self.relation in _COVERS | {"its_cooperative"}
        if about in {"task", "plan"}:
            overseeing = self.role in {"department_officer", "party_office", "auditor"}
            return self.relation in {"own", "below"} or (self.relation == "province" and overseeing)
        # An officer of the Party over a commune speaks for its Party bodies, not for the State's office there.
        own = self.relation == "own" and self.role != "party_office"
        if about in _KEPT | {"planner"}:
            return own
        if about == "meeting":
            overseeing = self.role in {"party_office", "auditor"}
            return own or (self.relation == "province" and overseeing)
        if about in {"directive", "kept", "sending", "got", "answered"}:
            own = self.relation == "own" and self.role != "party_office"
            desks = {
                "directive": {"department_officer", "party_office", "auditor"},
                "got": {"department_officer", "party_office", "auditor"},
                "kept": {"department_officer"},
            }
            return own or (self.relation == "province" and self.role in desks.get(about, set()))
        if about in {"report", "drafted", "written"}:
            overseeing = self.role in {"department_officer", "party_office", "auditor"}
            if (
                about == "drafted"
            ):  # before it is signed its office reads it, not who only contributes
                own = own and self.role not in {"registration_officer", "registrar", "auditor"}
            return own or (about != "written" and self.relation == "province" and overseeing)
        if about in {"person", "mandate", "letter", "office"}:
            return self.relation in _COVERS
        if about in {"entry", "fact", "extract"}:
            return self.relation == "province"
        return True


@dataclass
class World:
    """The objects that calls are about, and everybody who calls."""

    body: Any
    commune: Any
    unit: Any
    agency: Any
    statement: int
    case: Any
    kept: dict[str, Any]
    person: Any
    mandate: Any
    entry: Any
    filing: Any
    difference: Any
    message: Any
    letter: Any
    certificate: Any
    task: Any
    plan: Any
    directive: Any
    report: Any
    office: Any
    board: dict[str, Any]
    others: Actor
    actors: list[Actor]


def batch_of(user: Any) -> tuple[Any, int]:
    """Bring a small list in, as the wizard would keep it."""
    file = Path(settings.MEDIA_ROOT) / "matrix.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("STT;Tên hợp tác xã;Huyện\n1;HTX Trong Tệp;Giồng Riềng\n", encoding="utf-8-sig")
    batch = ImportBatch.objects.create(
        province_code="91", kind=FileKind.REGISTER, filename="ds.csv", digest="0" * 64, size=1,
        path=file.name, state=BatchState.READY, user=user, as_of=date(2019, 12, 31),
    )  # fmt: skip
    line = RegisterLine.objects.create(
        batch=batch, sheet="1", row=2, verdict=Verdict.QUARANTINED, established_precision="day"
    )
    return batch, line.pk


def _certificate(ctx: Any, body: Any, commune: Any) -> Any:
    """Issue the body a certificate, with a key in the folder of the test's files."""
    rotate_key(ctx)
    content = {
        "name": "Hợp tác xã Trong Tầm", "code": "1700123457", "office": "Ấp Trong",
        "charter_capital": 10**9, "representatives": [{"name": "Lê Trong"}],
    }  # fmt: skip
    return issue_certificate(
        ctx, body, authority=commune, kind="registration", content=content,
        issued_on=TODAY_ON, signatory="Nguyễn Văn Ký", reason="new",
    )  # fmt: skip


def _prepare(actor: Actor) -> Actor:
    user = actor.user
    user.refresh_from_db()
    actor.client.cookies[settings.SESSION_COOKIE_NAME] = open_session(user)
    actor.token, secret = ApiToken.issue(
        user, "máy", ["read", "write"], timezone.now() + timedelta(days=1)
    )
    actor.machine.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    actor.batch, actor.line = batch_of(user)
    actor.notice = Notice.objects.create(
        user=user, kind="registration.decided", key="n", made_at=timezone.now(), act_id=MISSING
    )
    unit = AdminUnit.objects.on(TODAY_ON).get(level="province", province_code="91")
    actor.issue = IssueBatch.objects.create(
        province_code="91", user=user, authority=unit, authority_name="Sở", issued_on=TODAY_ON,
        signatory="Ký", reason="exchange", basis="QĐ",
    )  # fmt: skip
    return actor


def _exchanged(ctx: Any, body: Any, commune: Any) -> tuple[Any, Any]:
    """Let an extract differ twice about a body: one difference stays open, one goes to the outbox."""
    path = Path(settings.MEDIA_ROOT) / "trich.json"
    record = {"name": "Hợp tác xã Trong Tầm", "commune_code": commune.code,
              "representative": "Võ Khác", "status": "1"}  # fmt: skip
    path.write_text(json.dumps({"records": [record]}), encoding="utf-8")
    bring_in(ctx, path, filename=path.name, as_of=ctx.today)
    decide(ctx, Difference.objects.get(field="status"), verdict="ours")
    told = Message.objects.get(event__startswith="difference.")
    return Difference.objects.get(field="representative"), told


def _case_of(ctx: Any, body: Any) -> tuple[Any, dict[str, Any]]:
    """Open a case of the body, with a photograph; return it, and the rows that its dates have."""
    date_kept = cases.record_date(ctx, body, kind="meeting", on=date(2020, 1, 1))
    shares = cases.state_shares(ctx, body, as_of=date(2020, 1, 1), parts={"associates": Decimal(5)})
    case = cases.open_case(ctx, body)
    sheet = {
        "visited_on": ctx.today, "visitors": "Ai", "findings": "còn", "at_address": "yes",
        "has_sign": "yes", "operates": "yes", "has_books": "yes",
    }  # fmt: skip
    cases.record_visit(ctx, case, sheet=sheet, files=[("anh.png", b"\x89PNG\r\n\x1a\nx")])
    file = case.steps.get(kind="visited").files.get().file_id
    return case, {"date": date_kept.pk, "shares": shares.pk, "file": file}


def _task_of(commune: Any) -> Any:
    """Return a task that the office of a commune ordered and leads itself, with a proof; others read it not."""
    office = acts_of_tasks.agency(SimpleNamespace(commune=commune), kind="committee")
    ctx = system_context()
    task = tasks.create_task(ctx, title="Việc trong xã", assigner=office, reach="recipients")
    tasks.assign(ctx, task, lead=office)
    line = task.assignments.get()
    tasks.accept_assignment(ctx, line)
    tasks.report_progress(
        ctx, line, words="đã làm", shown=[Shown(file=("anh.png", b"\x89PNG\r\n\x1a\nx"))]
    )
    tasks.tie_indicator(
        ctx,
        task,
        code="register.ended",
        target=Decimal(5),
        target_on=date(2099, 1, 1),
        baseline_on=TODAY_ON,
    )
    return task


def _report_of(commune: Any) -> Any:
    """Return a report of a commune's office to which another one there contributes; last year's is signed."""
    stage, ctx = SimpleNamespace(commune=commune), system_context()
    issuer, asked = (acts_of_tasks.agency(stage, kind=kind) for kind in ("committee", "office"))
    last = reports.begin_report(ctx, kind="year", year=TODAY_ON.year - 1, issuer=issuer)
    reports.assemble(ctx, last)
    reports.submit(ctx, last)
    reports.sign(ctx, last, signer="Nguyễn Văn A", signer_post="Chủ tịch")
    report = reports.begin_report(ctx, kind="year", year=TODAY_ON.year, issuer=issuer)
    reports.ask_contributions(
        ctx, report, sections=["chinh_sach"], agencies=[asked], due_on=ctx.today + timedelta(days=9)
    )
    offices.forget()
    return report


def _directive_of(commune: Any) -> Any:
    """Return a State document of a commune's office, sent to another there; others read it not."""
    issuer, receiver = (acts_of_tasks.agency(SimpleNamespace(commune=commune)) for _number in "12")
    ctx = system_context()
    reading = read_text(
        "KẾ HOẠCH\n\n1. Sở Tài chính chủ trì rà soát các hợp tác xã.\n"
        "2. Liên minh Hợp tác xã tuyên truyền, vận động.\n\n"
        "II. MỤC TIÊU\n1. Đến năm 2030 có trên 10 hợp tác xã."
    )
    facts = {
        "symbol": "1/KH-PMX",
        "title": "Kế hoạch trong xã",
        "issuer": issuer,
        "level": "commune",
        "reach": "recipients",
    }
    directive = directives.bring_directive(
        ctx, facts=facts, file=("ke-hoach.txt", reading.text.encode()), reading=reading
    )
    directives.distribute(ctx, directive, agencies=[receiver])
    offices.forget()
    return directive


def _board_of(commune: Any) -> dict[str, Any]:
    """Return what a commune's office keeps: a committee with a meeting held, an officer with a course."""
    stage = SimpleNamespace(commune=commune)
    ctx, office = system_context(), acts_of_tasks.agency(SimpleNamespace(commune=commune))
    meeting = acts_of_committees.meeting(stage, "written", office)
    item = meeting.items.get()
    paper = committees.add_paper(ctx, item, file=("bao-cao.txt", b"x"))
    charge = committees.assign_charge(ctx, meeting.chair, content="Việc", since=date(2026, 1, 1))
    training = acts_of_committees.training(stage, office)
    offices.forget()
    return {
        "board": meeting.committee_id, "kept_board": meeting.committee_id, "seat": meeting.chair_id,
        "charge": charge.pk,
        "meeting": meeting.pk, "kept_meeting": meeting.pk, "item": item.pk, "laid": paper.pk, "file": paper.file_id,
        "concluded": meeting.conclusions.get().pk, "follower": training.officer_id,
        "kept_follower": training.officer_id, "training": training.pk,
    }  # fmt: skip


def _plan_of(commune: Any, task: Any) -> Any:
    """Return the draft of the office that leads the task: with it, a target and a stated value."""
    ctx = system_context()
    plan = plans.draft_plan(ctx, agency=task.lead, year=ctx.today.year, approver=task.lead)
    plans.set_target(
        ctx,
        plan,
        code="HTX-07",
        values={"name": "HTX công nghệ cao", "unit_name": "HTX", "planned": 3},
    )
    plans.state_actual(ctx, plan, code="HTX-07", value=Decimal(1), as_of=ctx.today, source="BC")
    plans.take_task(ctx, plan, task=task)
    return plan


def build(the_system: Any, units: Any, cooperative: Callable[..., Any]) -> World:
    """Make a small world with every role in every relation to one body, one person, one entry."""
    commune = units.a_commune_of("Giồng Riềng")
    body = cooperative(
        name="Hợp tác xã Trong Tầm",
        commune=commune,
        director="Lê Trong",
        phone="0911000111",
        members=20,
    )
    elsewhere = cooperative(name="Hợp tác xã Nơi Khác", district="Tân Hiệp", members=8)
    person = User.objects.create_user("can.bo.xa", "mật khẩu đủ dài", full_name="Cán Bộ Xã")
    mandate = give_mandate(
        the_system, person, role="supervisor", unit=commune, from_on=date(2020, 1, 1)
    )
    places: dict[str, dict[str, Any]] = {
        "own": {"unit": commune},
        "below": {"unit": units.district("Giồng Riềng")},
        "province": {"unit": units.province(TODAY_ON)},
        "sibling": {"unit": units.district("Tân Hiệp")},
        "its_cooperative": {"cooperative_id": body.pk},
        "other_cooperative": {"cooperative_id": elsewhere.pk},
        "expired": {"unit": units.province(TODAY_ON), "until_on": date(2020, 12, 31)},
    }
    actors = [Actor("", "anonymous")]
    for number, (role, relation) in enumerate((r, x) for r in ROLES if r != "system" for x in RELATIONS):  # fmt: skip
        user = User.objects.create_user(f"{role}.{number}", None, full_name=f"Người {number}")
        give_mandate(the_system, user, role=role, from_on=date(2015, 1, 1), **places[relation])
        actors.append(_prepare(Actor(role, relation, user)))
    nobody = User.objects.create_user("khong.nhiem.vu", None, full_name="Chưa Có Nhiệm Vụ")
    actors.append(_prepare(Actor("", "no_mandate", nobody)))
    others = Actor("department_officer", "province", User.objects.create_user("nguoi.khac", None))
    give_mandate(
        the_system, others.user, role="department_officer", unit=places["province"]["unit"],
        from_on=date(2015, 1, 1),
    )  # fmt: skip
    agency = Agency.objects.order_by("pk").first() or Agency.objects.create(
        kind="department", name="Sở Thử", short_name="Sở", province_code="91",
        unit=places["province"]["unit"], valid=("2015-01-01", None),
    )  # fmt: skip
    entry = Act.objects.filter(name="registry.record", subject_id=str(body.pk)).get()
    filing = receive(
        the_system,
        "reissue",
        cooperative=body,
        applicant="Trần Văn Nộp",
        proposal={"reason": "mất"},
    )
    letter = Letter.objects.create(
        user=person, kind="notice", key="l", message_id="<l@x>", due_at=timezone.now(), tries_left=1
    )
    difference, message = _exchanged(the_system, body, commune)
    case, kept = _case_of(the_system, body)
    task, directive, board = _task_of(commune), _directive_of(commune), _board_of(commune)
    board["sending"] = board["got"] = directive.recipients.get().pk
    return World(
        case=case, kept=kept, body=body, commune=commune, unit=commune, agency=agency,
        statement=FigureStatement.objects.filter(cooperative=body).latest("id").pk,
        person=person, mandate=mandate, entry=entry, filing=filing, difference=difference, message=message,
        letter=letter,
        certificate=_certificate(the_system, body, commune), task=task,
        report=_report_of(commune), plan=_plan_of(commune, task),
        directive=directive, office=acts_of_tasks.agency(SimpleNamespace(commune=commune)),
        board=board, others=_prepare(others), actors=actors,
    )  # fmt: skip
