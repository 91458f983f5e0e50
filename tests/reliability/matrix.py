"""Everybody who may call, everything they may call, and what the reviewed table says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from hoptac.api import callers
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
from hoptac.foundation.rulebook import facts
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.foundation.transfers.terms import BatchState, FileKind
from hoptac.jurisdiction import offices
from hoptac.jurisdiction.actions import give_mandate
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.plans import actions as plans
from hoptac.registration.actions import receive
from hoptac.registry.models import FigureStatement, RegisterLine, Verdict
from hoptac.reports import actions as reports
from hoptac.reports.models import Contribution
from hoptac.tasks import actions as tasks
from hoptac.tasks.proofs import Shown
from tests.reliability import acts_of_committees, acts_of_tasks

TABLE = Path(__file__).with_name("permissions.txt")
MISSING = UUID("00000000-0000-4000-8000-00000000dead")
TODAY_ON = date(2026, 1, 1)
# Tables that an ordinary visit may write to: when a session or a token was used, how often.
_VISITS = ("accounts_session", "accounts_ratecount", "api_apitoken", "accounts_attempt")
_WRITES = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM|COPY|TRUNCATE)\s+"?(\w+)"?', re.I)


# What the machines' operations are sent: enough to be carried out, if the caller may.
SENT: dict[str, dict[str, Any]] = {
    "api-v1:change": {"changes": {"director": "Lê Mới"}, "from_on": "2020-01-01"},
    "api-v1:correct": {"changes": {"director": "Lê Mới"}, "reason": "gõ nhầm"},
    "api-v1:state": {"figures": {"members": 30}, "as_of": "2020-06-30"},
    "api-v1:receive": {"procedure": "reissue", "applicant": "Ai", "proposal": {"reason": "mất"}},
    "api-v1:ask_supplement": {"missing": ["Điều lệ"]},
    "api-v1:propose": {"outcome": "grant"},
    "api-v1:decide_filing": {"outcome": "grant"},
    "api-v1:create_task": {"title": "Việc", "assigner_id": str(MISSING)},
    "api-v1:assign_task": {"lead_id": str(MISSING)},
    "api-v1:spread_task": {"agency_ids": [str(MISSING)]},
    "api-v1:add_helper": {"agency_id": str(MISSING)},
    "api-v1:judge_task": {"verdict": "done"},
    "api-v1:extend_task": {"due_on": "2099-12-31", "words": "chờ"},
    "api-v1:cancel_task": {"words": "thôi"},
    "api-v1:reopen_task": {"words": "lại"},
    "api-v1:tie_indicator": {
        "code": "register.ended", "target": 3, "target_on": "2099-01-01", "baseline_on": "2026-01-01",
    },
    "api-v1:untie_indicator": {"indicator_id": str(MISSING)},
    "api-v1:wait_for_task": {"needed_id": str(MISSING)},
    "api-v1:refuse_task": {"words": "không thuộc"},
    "api-v1:hand_on_task": {"words": "không thuộc", "to_id": str(MISSING)},
    "api-v1:give_on_task": {"lead_id": str(MISSING)},
    "api-v1:release_task": {"words": "lấy lại", "released_id": str(MISSING)},
    "api-v1:report_progress": {"words": "đã làm thêm"},
    "api-v1:report_done": {"result": "xong", "proofs": [{"record": "/registry/"}]},
    "api-v1:state_actual": {"code": "HTX-07", "value": 2, "as_of": "2026-01-01", "source": "BC"},
    "api-v1:retire_actual": {"stated_id": str(MISSING)},
    "api-v1:add_conclusion": {"content": "Đồng ý", "kind": "noted"},
    "api-v1:strike_conclusion": {"conclusion_id": str(MISSING)},
    "api-v1:hand_in": {"section": "chinh_sach", "text": "Đã làm."},
    "api-v1:enter": {
        "kind": "cooperative", "as_of": "2019-12-31", "figures": {"members": 12},
        "particulars": {"name": "Hợp tác xã Mới Tinh", "sector": "agriculture", "established_on": "2015-06-01"},
    },
}  # fmt: skip


# --- The table -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A line of the table: an address, a method, the roles that may, and what it is about."""

    name: str
    method: str
    who: frozenset[str]
    about: str
    bare: str = ""


def read_table(path: Path = TABLE) -> dict[tuple[str, str], Row]:
    """Return the reviewed table by address and method."""
    groups: dict[str, frozenset[str]] = {}
    rows: dict[tuple[str, str], Row] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0].startswith("@"):
            groups[words[0]] = frozenset(words[1:])
            continue
        name, method, who, about, *bare = words
        assert (name, method) not in rows, f"two rows for {name} {method}"
        rows[name, method] = Row(name, method, groups.get(who, frozenset({who})), about, *bare)
    return rows


@dataclass(frozen=True)
class Address:
    """An address of the system: its name, its path with places for ids, the pattern behind it."""

    name: str
    route: str
    pattern: URLPattern

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/v1/")


def addresses(
    resolver: URLResolver | None = None, space: str = "", route: str = ""
) -> Iterator[Address]:
    """Walk through every address there is."""
    for part in (resolver or get_resolver()).url_patterns:
        here = f"{route}{part.pattern}"
        if isinstance(part, URLResolver):
            inner = f"{space}{part.namespace}:" if part.namespace else space
            yield from addresses(part, inner, here)
        else:
            yield Address(f"{space}{part.name}" if part.name else here, here, part)


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


def _batch_of(user: Any) -> tuple[Any, int]:
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
    actor.batch, actor.line = _batch_of(user)
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
        "2. Liên minh Hợp tác xã tuyên truyền, vận động."
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
    SENT["api-v1:enter"]["particulars"]["commune_id"] = str(commune.pk)
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
    task = _task_of(commune)
    return World(
        case=case, kept=kept, body=body, commune=commune, unit=commune, agency=agency,
        statement=FigureStatement.objects.filter(cooperative=body).latest("id").pk,
        person=person, mandate=mandate, entry=entry, filing=filing, difference=difference, message=message,
        letter=letter,
        certificate=_certificate(the_system, body, commune), task=task,
        report=_report_of(commune), plan=_plan_of(commune, task),
        directive=_directive_of(commune), office=acts_of_tasks.agency(SimpleNamespace(commune=commune)),
        board=_board_of(commune), others=_prepare(others), actors=actors,
    )  # fmt: skip


# --- Calls ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What a call came to: refused how, or not; what it wrote; what it said."""

    status: int
    where: str
    body: bytes
    wrote: frozenset[str]

    @property
    def is_refused(self) -> bool:
        return self.status in {401, 403, 404, 405} or self.is_at_a_gate

    def is_as_said(self, row: Row) -> bool:
        """Tell whether who may was let in, or got what the table says of a bare call."""
        if row.bare:
            said = "login" if self.where.startswith("/accounts/login/") else str(self.status)
            return said in row.bare.split(",")
        return not self.is_refused and self.status < 500

    @property
    def is_at_a_gate(self) -> bool:
        gates = ("/accounts/login/", "/accounts/me/no-mandate/", "/accounts/me/second-factor/")
        return self.status == 302 and self.where.startswith(gates)


_STEPS = {
    "registration:own_step": "submit", "cases:step": "hand_over", "tasks:step": "progress",
    "committees:committee_step": "change", "committees:member_step": "charge", "committees:charge_step": "end",
    "committees:meeting_step": "item", "committees:item_step": "paper", "officers:officer_step": "training",
    "plans:step": "edit", "reports:step": "withdraw",
}  # fmt: skip


# What a code in an address names: a target of the plan, a section of the report, else a certificate.
_CODES = {"plans": "HTX-07", "reports": "kho_khan"}


def _paper_of(world: World, address: Address, which: str) -> Any:
    """Return the paper that an address means: one handed in, by number, or one that was issued."""
    if ":issued" not in address.name:
        return 1
    return world.filing.issued.get().pk if which != "missing" else MISSING


_WHAT = {
    "directives:answer": "acknowledge", "exchange:report_export": "counts", "committees:print": "invitation",
}  # fmt: skip


def path_of(address: Address, world: World, actor: Actor, about: str, which: str) -> str:
    """Return the path to the thing itself (``it``), to somebody else's, or to what is not there."""
    pk: Any = MISSING
    line: Any = 1
    own = actor if which == "it" and actor.user else world.others
    if which != "missing":
        pk = {
            "body": world.body.pk, "case": world.case.pk, "person": world.person.pk, "mandate": world.person.pk,
            "entry": world.entry.pk, "filing": world.filing.pk, "unit": world.unit.pk,
            "certificate": world.certificate.pk, "agency": world.agency.pk, "fact": MISSING,
            "directive": world.directive.pk, "kept": world.directive.pk,
            "answered": world.directive.pk, "office": world.office.pk,
            "sending": world.directive.recipients.get().pk, "got": world.directive.recipients.get().pk,
            "root": MISSING, "task": world.task.pk, "line": world.task.pk,
            "plan": world.plan.pk, "planner": world.plan.pk, "difference": world.difference.pk,
            "extract": world.difference.extract_id, "message": world.message.pk,
            "letter": world.letter.pk, "report": world.report.pk, "drafted": world.report.pk,
            "written": world.report.pk, **world.board,
        }.get(about)  # fmt: skip
        if about == "own":
            made = {"api:revoke": own.token, "notices:open": own.notice}
            pk, line = made.get(address.name, own.batch).pk, own.line
            if address.name.startswith("certificates:"):
                pk = own.issue.pk
    proof = world.task.steps.get(kind="progress").proofs.get()
    files = {
        "cases:file": world.kept["file"],
        "tasks:proof": proof.file_id,
        "committees:file": world.board["file"],
    }
    values = {
        "pk": pk, "id": pk, "line": line, "mandate": world.mandate.pk if which != "missing" else pk,
        "statement": world.statement if which != "missing" else 1,
        "matter": "people", "act": "close", "part": 1,
        "procedure": "establishment", "entry": 1,
        "format": "pdf" if address.name == "plans:document" else "csv",
        "item": Contribution.objects.get(section__report=world.report).pk
        if address.name.startswith("reports:")
        else 1,
        "paper": _paper_of(world, address, which),
        "file": files.get(address.name, MISSING), "tied": world.task.indicators.get().pk,
        "needed": world.task.pk,
        "row": world.kept["shares" if ":shares_" in address.name else "date"],
        "what": _WHAT.get(address.name, "receipt"),
        "passage": world.directive.passages.first().pk if which != "missing" else MISSING, "how": "revoke",
        "batch": MISSING, "code": _CODES.get(address.name.partition(":")[0], "2222222222"),
        "stated": world.plan.stated.get().pk, "task": world.task.pk,
        "form": "docx" if address.name.startswith("reports:") else "pdf",
        "step": _STEPS.get(address.name, "propose"),
        "digest": world.certificate.digest, "size": 1, "first": 1, "tile": 0, "signed": MISSING,
        "system": "registration",
        "provider_id": "province", "key": facts.standings()[0].fact.key if which == "it" else "x",
    }  # fmt: skip
    return "/" + re.sub(
        r"<(?:\w+:)?(\w+)>", lambda m: str(values[m[1]]), address.route
    ).removeprefix("/")


def call(actor: Actor, address: Address, method: str, path: str) -> Answer:
    """Make one call, see what it writes, and take it all back."""
    wrote: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITES.match(sql)
        if found and not found[2].startswith(_VISITS):
            wrote.add(found[2])
        return execute(sql, params, many, context)

    client = actor.machine if address.is_api else actor.client
    kept = client.cookies.copy()
    callers.forget()
    more: dict[str, Any] = {}
    if address.is_api and method != "GET":
        more = {"content_type": "application/json", "data": json.dumps(SENT.get(address.name, {}))}
        more["HTTP_IF_MATCH"] = '"1"'
    with _taken_back(), connection.execute_wrapper(watch):
        response = client.generic(method, path, **more)
        content = b"".join(response.streaming_content) if response.streaming else response.content
    client.cookies = kept
    return Answer(response.status_code, response.get("Location", ""), content, frozenset(wrote))


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def plain(answer: Answer, path: str) -> tuple[int, bytes]:
    """Return an answer without what differs by the moment or repeats the question."""
    said = answer.body.replace(path.encode(), b"PATH").replace(
        quote(path, safe="").encode(), b"PATH"
    )
    said = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", said)
    said = re.sub(rb'nonce="[^"]+"|"(?:instance|trace)":\s*"[^"]*"', b"", said)
    for word in re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", path):
        said = said.replace(word.encode(), b"ID")
    return answer.status, said


# Roles whose every relation is tried in the ordinary run; the others' in the full one.
_IN_FULL = {"department_officer", "cooperative_director", "administrator", "auditor"}


def matters(row: Row | None, actor: Actor) -> bool:
    """Tell whether a call teaches something that no quicker one does.

    Where the page itself is the matter, so is only the role; who is refused by the role is
    refused in every relation by the same line.
    """
    if actor.relation not in {"own", "anonymous", "no_mandate"} and actor.role not in _IN_FULL:
        return False
    if row is None or row.about == "-" or not (row.who & {actor.role, "mandate"}):
        return actor.relation in {"own", "expired", "anonymous", "no_mandate"}
    return True


def unlike(row: Row | None, actor: Actor, address: Address, method: str, world: World) -> list[str]:
    """Return in words how the system differs from the table for one caller and one address."""
    about = row.about if row else "-"
    has_id = "<" in address.route
    path = path_of(address, world, actor, about, "it")
    answer = call(actor, address, method, path)
    place = f"{actor} {method} {address.name}: {answer.status} {answer.where}"
    if row is None:  # a method that the table does not know
        return [f"{place}, wrote {sorted(answer.wrote)}"] if answer.wrote else []
    if "public" in row.who:
        return [] if answer.is_as_said(row) else [place]
    if actor.relation == "anonymous":
        asked = 401 if address.is_api else 302
        ok = answer.status == asked and (asked == 401 or answer.where.startswith("/accounts/login"))
        return _with_writes(place, ok, answer)
    if "signed-in" in row.who:
        return [] if answer.is_as_said(row) else [place]
    if not actor.is_in_office:
        refused = answer.status == 403 if address.is_api else answer.is_at_a_gate
        return _with_writes(place, refused, answer)
    if "mandate" not in row.who and actor.role not in row.who:
        found = _with_writes(place, answer.status == 403, answer)
        if has_id and about in {
            "body", "filing", "certificate", "difference", "extract", "message", "person", "mandate", "entry",
            "letter",
        }:  # fmt: skip
            found += _differs(place, actor, address, method, world, about, path, answer)
        return found
    if not actor.reaches(about):
        outside = {403, 404} if about == "fact" else {404}
        found = _with_writes(place, answer.status in outside, answer)
        if not has_id:
            return found
        return found + _differs(place, actor, address, method, world, about, path, answer)
    found = [] if answer.is_as_said(row) else [f"{place} (may, and is refused)"]
    if about == "own":
        theirs = path_of(address, world, actor, about, "theirs")
        other = call(actor, address, method, theirs)
        found += _with_writes(f"{place} (somebody else's)", other.status == 404, other)
        found += _differs(place, actor, address, method, world, about, theirs, other)
    return found


def _with_writes(place: str, ok: bool, answer: Answer) -> list[str]:
    found = [] if ok else [place]
    return found + ([f"{place} wrote {sorted(answer.wrote)}"] if answer.wrote else [])


def _differs(
    place: str,
    actor: Actor,
    address: Address,
    method: str,
    world: World,
    about: str,
    path: str,
    answer: Answer,
) -> list[str]:
    """Tell when a refusal looks otherwise than the answer for what does not exist."""
    nowhere = path_of(address, world, actor, about, "missing")
    missing = call(actor, address, method, nowhere)
    same = plain(missing, nowhere) == plain(answer, path)
    return [] if same else [f"{place}: told apart from what is missing ({missing.status})"]
