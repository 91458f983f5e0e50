# ruff: noqa: E501  (a table, one act a line)
"""Every act there is: what it needs, how it is done, and what it may leave in the journal.

An act without a row here fails test_every_act.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.utils import timezone

from hoptac.api import acts as api
from hoptac.cases import actions as cases
from hoptac.cases.models import KeptDate, SharesStatement
from hoptac.certificates import actions as certify
from hoptac.certificates.batches import foresee
from hoptac.exchange import actions as exchange
from hoptac.exchange import bringing
from hoptac.exchange.models import Difference, Message
from hoptac.foundation.access import Context, system_context
from hoptac.foundation.accounts import acts as accounts
from hoptac.foundation.accounts import second_factor
from hoptac.foundation.accounts.middleware import own_context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.audit import erasing
from hoptac.foundation.audit.models import Act
from hoptac.foundation.notices import acts as notices
from hoptac.foundation.notices.models import Letter, Notice
from hoptac.foundation.rulebook import acts as rules
from hoptac.foundation.rulebook import facts
from hoptac.foundation.working_days import acts as calendar
from hoptac.jurisdiction import actions as places
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registration import actions as desk
from hoptac.registration import pauses
from hoptac.registration.models import FeeTable
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registry import actions as register
from hoptac.registry.filters import RegisterFilter
from hoptac.registry.importing import entering, mending, service, telling
from hoptac.registry.models import Cooperative, FigureStatement, Period, RegisterLine
from hoptac.registry.rules.particulars import compute_check_digit
from tests.reliability import (
    acts_of_committees,
    acts_of_directives,
    acts_of_plans,
    acts_of_reports,
    acts_of_tasks,
)
from tests.signing import another_root, signed

THEN, LATER = date(2020, 1, 1), date(2021, 1, 1)
_NUMBER = count(1)
_FILING = "registration.filing"


@dataclass
class Stage:
    """Where acts are done: fresh subjects on demand, and somebody who may do everything."""

    ctx: Context
    user: Any
    commune: Any
    folder: Path

    def body(self) -> Cooperative:
        return register.record_cooperative(
            self.ctx, "cooperative", figures={"members": 12}, as_of=date(2019, 12, 31),
            particulars={
                "name": f"Hợp tác xã Lượt {next(_NUMBER)}", "sector": "agriculture",
                "commune_id": self.commune.pk, "established_on": date(2015, 6, 1),
            },
        )  # fmt: skip

    def person(self) -> Any:
        return User.objects.create_user(f"nguoi.{next(_NUMBER)}", "mật khẩu cũ dài", full_name="Ai")

    def batch(self, rows: int = 1, *, name: str = "Hợp tác xã Tệp") -> Any:
        number = next(_NUMBER)
        path = self.folder / f"ds-31.12.2019-{number}.csv"
        head = "STT;Tên hợp tác xã;Lĩnh vực;Huyện;Xã;Ngày thành lập;Số thành viên"
        lines = [
            f"{n};{name} {number}.{n};Nông nghiệp;Giồng Riềng;xã Hoà An;02/12/2015;{20 + n}"
            for n in range(1, rows + 1)
        ]
        path.write_text("\n".join([head, *lines]), encoding="utf-8-sig")
        batch = service.bring_in(self.ctx, path, filename="ds-31.12.2019.csv")
        service.read(batch)
        batch.refresh_from_db()
        return batch

    def applied(self) -> Any:
        batch = self.batch()
        entering.enter_list(self.ctx, batch)
        batch.refresh_from_db()
        return batch

    def file(self) -> Path:
        path = self.folder / f"tep-{next(_NUMBER)}.csv"
        path.write_text(f"STT;Tên hợp tác xã\n1;HTX {path.name}\n", encoding="utf-8")
        return path

    def mandate(self) -> Any:
        return places.give_mandate(self.ctx, self.person(), role="supervisor", unit=self.commune, from_on=THEN)  # fmt: skip

    def fact(self) -> Any:
        return next(s.fact for s in facts.standings() if not s.state.is_settled)

    def confirmed(self) -> Any:
        fact = self.fact()
        return rules.confirm_fact(self.ctx, fact.key, fingerprint=fact.fingerprint, document="Luật", read_on=THEN)  # fmt: skip

    def enrolled(self) -> Any:
        person, secret = self.person(), second_factor.new_secret()
        second_factor.enrol(person, secret, code_of(secret))
        return person

    def filing(self, procedure: str = "reissue", **proposal: Any) -> Any:
        """A dossier with all its papers, received by the system."""
        ctx = system_context(today=self.ctx.today)
        papers = procedure_on(procedure, ctx.today).papers_required("cooperative")
        return desk.receive(ctx, procedure, cooperative=self.body(), applicant="Trần Văn Nộp", papers=papers, proposal=proposal or {"reason": "mất"})  # fmt: skip

    def priced(self) -> Any:
        """A dossier for which the province has set a fee."""
        if FeeTable.on(settings.PROVINCE_CODE, self.ctx.today) is None:
            _set_fees(self.ctx, next(_RESOLVED))
        return self.filing("correction")

    def paid(self) -> Any:
        filing = self.priced()
        desk.record_fee(
            system_context(today=self.ctx.today), filing, amount=1000, number=f"BL{next(_NUMBER)}"
        )
        return filing

    def asked(self) -> Any:
        return desk.ask_supplement(system_context(today=self.ctx.today), self.filing(), missing=["Điều lệ"])  # fmt: skip

    def over(self) -> Any:
        asked = self.asked()
        asked.supplement_until = asked.supplement_asked_on - timedelta(days=1)
        asked.save()
        return asked

    def proposed(self) -> Any:
        """A dossier put forward whose grant leaves no entry but its own."""
        ctx = system_context(today=self.ctx.today)
        filing = desk.receive(ctx, "enforcement_mark", cooperative=self.body(), applicant="Tòa án", channel="office", papers=["agency_request"], proposal={"mark_kind": "court", "issuer": "Tòa án", "document": "1/CV"})  # fmt: skip
        return desk.propose(ctx, filing, outcome="grant")

    def granted_for_later(self) -> Any:
        """A suspension granted before its day, which has come now."""
        begins = self.ctx.today
        early = system_context(today=begins - timedelta(days=10))
        papers = ("notice", "meeting_resolution")
        filing = desk.receive(early, "suspension", cooperative=self.body(), applicant="Ai", papers=papers, proposal={"from_on": begins, "until_on": begins + timedelta(days=30)})  # fmt: skip
        desk.propose(early, filing, outcome="grant")
        return desk.decide(early, filing, outcome="grant")

    def paused(self) -> Any:
        """A body whose pause is over by itself, and still stands as suspended."""
        early = system_context(today=self.ctx.today - timedelta(days=60))
        filing = desk.receive(early, "suspension", cooperative=self.body(), applicant="Ai", papers=("notice", "meeting_resolution"), proposal={"from_on": early.today, "until_on": early.today + timedelta(days=20)})  # fmt: skip
        desk.propose(early, filing, outcome="grant")
        desk.decide(early, filing, outcome="grant")
        return filing.cooperative

    def dissolving(self, days: int = 300) -> Any:
        """The notice of a dissolution that took effect so many days ago, and nobody objected."""
        early = system_context(today=self.ctx.today - timedelta(days=days))
        filing = desk.receive(early, "dissolution_notice", cooperative=self.body(), applicant="Ai", papers=("notice", "meeting_resolution"), proposal={"decided_on": early.today, "votes": 90})  # fmt: skip
        desk.propose(early, filing, outcome="grant")
        return desk.decide(early, filing, outcome="grant", signatory="Ai")

    def silent(self) -> Any:
        """The same, put forward to be closed by somebody else."""
        system = system_context(today=self.ctx.today)
        return desk.find_silence(system, self.dissolving(), words="đã hỏi cơ quan thuế")

    def of_the_district(self) -> Any:
        """An open dossier received while districts registered."""
        then = system_context(today=date(2025, 6, 2))
        return desk.receive(then, "reissue", cooperative=self.body(), applicant="Ai", proposal={"reason": "mất"})  # fmt: skip

    def difference(self) -> Any:
        """Something that an extract says otherwise than the register."""
        body = self.body()
        name, number = Period.objects.get(cooperative=body, is_latest=True).name, next(_NUMBER)
        path = self.folder / f"trich-{number}.json"
        record = {
            "name": name,
            "commune_code": self.commune.code,
            "representative": f"Võ Khác {number}",
        }
        path.write_text(json.dumps({"records": [record]}), encoding="utf-8")
        bringing.bring_in(
            system_context(today=self.ctx.today), path, filename=path.name, as_of=self.ctx.today
        )
        return Difference.objects.get(cooperative=body)

    def decided(self) -> Any:
        return exchange.decide(
            system_context(today=self.ctx.today), self.difference(), verdict="theirs"
        )

    def message(self, state: str = "dead") -> Any:
        found = self.difference()
        exchange.decide(system_context(today=self.ctx.today), found, verdict="ours")
        Message.objects.filter(difference_id=found.pk).update(state=state)
        return Message.objects.get(difference_id=found.pk)

    def letter(self, state: str = "dead") -> Any:
        return Letter.objects.create(user=self.person(), kind="notice", key=f"notice:{next(_NUMBER)}", message_id="<x@y>", due_at=timezone.now(), tries_left=1, state=state)  # fmt: skip

    def old_notice(self) -> Any:
        long_ago = timezone.now() - timedelta(days=800)
        return Notice.objects.create(user=self.person(), kind="registration.decided", key="x", made_at=long_ago, read_at=long_ago, act_id=uuid4())  # fmt: skip

    def extract(self) -> Path:
        path = self.folder / f"trich-{next(_NUMBER)}.json"
        path.write_text(json.dumps({"records": [{"name": f"HTX {path.name}"}]}), encoding="utf-8")
        return path

    def kept_extract(self) -> Any:
        """An extract that waits to be compared."""
        path = self.extract()
        ctx = system_context(today=self.ctx.today)
        return bringing.keep(ctx, path, filename=path.name, as_of=self.ctx.today)[0]

    def decided_together(self) -> Any:
        """The act that decided a difference together with others."""
        pk = self.difference().pk
        exchange.decide_many(
            system_context(today=self.ctx.today), [pk], verdict="noted", words="để xem"
        )
        return Difference.objects.get(pk=pk).batch

    def represented(self) -> Any:
        """A body with the act that corrected who represents it."""
        ctx, body = system_context(today=self.ctx.today), self.body()
        desk.correct_representatives(ctx.because("chép nhầm"), body, names=["Lê Đúng"])
        return body, [
            Act.objects.get(name="registration.correct_representatives", subject_id=str(body.pk)).pk
        ]

    def undoable(self) -> Any:
        """A body with the act that changed it."""
        ctx, body = system_context(today=self.ctx.today), self.body()
        register.change_particulars(ctx, body, changes={"director": "Lê Mới"}, from_on=THEN)
        return body, [Act.objects.latest("number").pk]

    def draft(self) -> Any:
        ctx = system_context(today=self.ctx.today)
        return desk.begin_online(ctx, "reissue", cooperative=self.body(), applicant="Ai", proposal={"reason": "mất"})  # fmt: skip

    def sent(self) -> Any:
        return desk.submit(system_context(today=self.ctx.today), self.draft())

    def colleague(self) -> Any:
        person = self.person()
        places.give_mandate(self.ctx, person, role="registration_officer", unit=self.commune, from_on=THEN)  # fmt: skip
        return person

    def key(self) -> Any:
        settings.CERTIFICATE_KEYS = self.folder / "keys"
        return certify.rotate_key(self.ctx.because("lượt thử"))

    def certificate(self, body: Any = None) -> Any:
        self.key()
        return self.issue(self.ctx, body or self.due())

    def issue(self, ctx: Context, body: Any) -> Any:
        stands = body.periods.get(is_latest=True)
        content = {
            "name": stands.name, "code": stands.registration_number, "office": "Ấp Một",
            "charter_capital": 10**9, "representatives": [{"name": "Lê Một"}],
        }  # fmt: skip
        return certify.issue_certificate(
            ctx, body, authority=self.commune, kind="registration", content=content,
            issued_on=THEN, signatory="Nguyễn Văn Ký", reason="new",
        )  # fmt: skip

    def due(self) -> Any:
        """A body that a certificate can be issued for by what the register holds."""
        nine = next(n for n in count(170_300_000 + 20 * next(_NUMBER)) if compute_check_digit(str(n)) < 10)  # fmt: skip
        return register.record_cooperative(
            self.ctx, "cooperative", figures={"charter_capital": 10**9}, as_of=date(2019, 12, 31),
            particulars={
                "name": f"Hợp tác xã Cần Giấy {nine}", "sector": "agriculture", "chairman": "Lê Chủ",
                "commune_id": self.commune.pk, "established_on": date(2015, 6, 1),
                "address": "Ấp Một", "registration_number": f"{nine}{compute_check_digit(str(nine))}",
            },
        )  # fmt: skip

    def draw_up(self, ctx: Context, body: Any) -> Any:
        name = body.periods.get(is_latest=True).name
        return certify.draw_up_batch(
            ctx.because(basis="QĐ 1"), RegisterFilter(ctx.today, q=name),
            authority=AdminUnit.objects.on(ctx.today).get(level="province", province_code="91"),
            grounds=["missing"], issued_on=ctx.today, signatory="Nguyễn Văn Ký", reason="exchange",
        )  # fmt: skip

    def drawn(self) -> Any:
        self.key()
        return self.draw_up(self.ctx, self.due())

    def started(self) -> Any:
        return certify.start_batch(self.ctx, self.drawn())

    def running(self) -> Any:
        batch = self.started()
        type(batch).objects.filter(pk=batch.pk).update(state="running")
        batch.refresh_from_db()
        return batch, foresee(self.ctx, batch)

    def revoked(self) -> Any:
        found = self.certificate()
        return certify.revoke_certificate(self.ctx.because("sai"), found, on=LATER)

    def own(self, user: Any) -> Context:
        """Return this caller acting upon the own account."""
        return own_context(user).by(
            idempotency_key=self.ctx.idempotency_key, channel=self.ctx.channel
        )


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@dataclass(frozen=True)
class Known:
    """One act: how its subject is made ready, how it is done, what it is done to in the journal.

    ``is_own``: done by the person it is about. ``entries``: how many it leaves.
    """

    ready: Callable[[Stage], Any]
    do: Callable[[Context, Any], Any]
    subject: str = ""
    entries: int = 1
    is_own: bool = False
    edits: Callable[..., Any] | None = None


def _edit(act: Callable[..., Any], reason: str = "", **details: Any) -> Known:
    def do(ctx: Context, body: Any, **more: Any) -> Any:
        return act(ctx.because(reason), body, **details, **more)

    return Known(lambda s: s.body(), do, "registry.cooperative", edits=do)


def _upon(act: Callable[..., Any], ready: Callable[[Stage], Any] = lambda s: s.person(), **details: Any) -> Known:  # fmt: skip
    return Known(ready, lambda ctx, x: act(ctx.because("lý do"), x, **details), "accounts.user")


def _desk(act: Callable[..., Any], ready: Callable[[Stage], Any] = lambda s: s.filing(), **details: Any) -> Known:  # fmt: skip
    def do(ctx: Context, filing: Any, **more: Any) -> Any:
        return act(ctx, filing, **details, **more)

    return Known(ready, do, _FILING, edits=do)


def _close(ctx: Context, filing: Any, **more: Any) -> Any:
    return desk.close_by_silence(ctx, filing, signatory="Ai", **more)


def _hand_over(ctx: Context, pair: Any, **more: Any) -> Any:
    return desk.hand_over(ctx, pair[0], to=pair[1], **more)


_RESOLVED = (date(2000, 1, 1) + timedelta(days=n) for n in count())


def _set_fees(ctx: Context, day: date) -> Any:
    # Of a procedure that no other act's dossier asks for: a table that stands prices nobody else's.
    lines = [{"procedure": "correction", "amount": 1000}]
    return desk.set_fees(
        ctx, f"{next(_NUMBER)}/NQ-HĐND", resolved_on=day, in_force=day, lines=lines
    )


def _signed_letter(ctx: Context, filing: Any) -> Any:
    letter = filing.issued.get(kind="supplement")
    content = signed(letter.file.read())
    return desk.attach_signed_paper(
        ctx, filing, paper=letter.pk, content=content, filename="ky.pdf"
    )


def _statement(body: Any) -> int:
    return FigureStatement.objects.live().filter(cooperative=body).latest("id").pk


def _correct_figures(ctx: Context, body: Any, **more: Any) -> Any:
    return register.correct_figures(
        ctx.because("gõ nhầm"), body, statement=_statement(body), figures={"members": 15}, **more
    )


def _lineage(ctx: Context, pair: Any, **more: Any) -> Any:
    body, successor = pair
    return register.record_lineage(ctx, body, successor=successor, kind="merger", on=LATER, **more)


def _line(batch: Any) -> int:
    return RegisterLine.objects.filter(batch=batch).latest("id").pk


def _fact(act: Callable[..., Any]) -> Callable[[Context, Any], Any]:
    return lambda ctx, f: act(ctx, f.key, fingerprint=f.fingerprint, document="Luật", read_on=THEN)


def _corrected(stage: Stage) -> Any:
    places.load_agencies(stage.ctx)
    return next(
        s.fact for s in facts.standings()
        if not s.state.is_settled and s.fact.key.startswith("agency:")
    )  # fmt: skip


def _correct_fact(ctx: Context, fact: Any) -> Any:
    value = next(v for v in fact.values if v.name == "name")
    return rules.correct_fact(
        ctx.because("văn bản ghi khác"), fact.key, fingerprint=fact.fingerprint, document="Luật",
        read_on=THEN, values={value.name: f"{value.value} sửa"},
    )  # fmt: skip


_YEARS, _EVES = count(2031), (d for y in count(2030) if (d := date(y, 12, 20)).weekday() < 5)


def _exchanged(ctx: Context, off: date) -> Any:
    rest = off + timedelta(days=(5 - off.weekday()) % 7)
    return calendar.exchange_days(ctx, off, rest, basis="TB")


# --- Cases -----------------------------------------------------------------------------------------


def _watched(stage: Stage) -> Cooperative:
    """Return a body that stands on the watch list: its last general meeting was in 2020."""
    body = stage.body()
    cases.record_date(system_context(), body, kind="meeting", on=THEN)
    return body


def _case(stage: Stage, until: str = "opened") -> Any:
    """Return a case brought as far as a stage, by nobody's quota."""
    ctx = system_context()
    case = cases.open_case(ctx, _watched(stage))
    steps: dict[str, Callable[[], Any]] = {
        "visited": lambda: cases.waive_visit(ctx, case, words="không đến được"),
        "noticed": lambda: cases.send_notice(ctx, case, signatory="Ai"),
        "explained": lambda: cases.receive_explanation(ctx, case, words="đã nghe", by="Giám đốc"),
        "weighed": lambda: cases.weigh(ctx, case, words="đã xét"),
        "proposed": lambda: cases.propose_end(ctx, case, words="không khắc phục"),
    }
    for name, take in steps.items():
        if until == "opened":
            break
        take()
        if name == until:
            break
    return case


def _granted(stage: Stage) -> Any:
    ctx, case = system_context(), _case(stage, "proposed")
    desk.propose(ctx, case.filing, outcome="grant")
    desk.decide(ctx, case.filing, outcome="grant", signatory="Ai")
    return case


def _closed(stage: Stage) -> Any:
    case = _case(stage)
    return cases.close(system_context(), case, closing="no_case", words="nhầm")


def _delayed(stage: Stage) -> Any:
    ctx, case = system_context(), _case(stage, "weighed")
    return cases.delay(ctx, case, until=ctx.today + timedelta(days=30), words="chờ", signatory="Ai")


def _merging(stage: Stage) -> Any:
    ctx, case = system_context(), _case(stage, "visited")
    filing = desk.receive(
        ctx, "merger", cooperative=stage.body(), applicant="Ai",
        proposal={"others": [{"body": str(case.cooperative_id)}]},
    )  # fmt: skip
    return case, filing


def _colleague(stage: Stage) -> Any:
    person = stage.person()
    places.give_mandate(
        stage.ctx, person, role="registration_officer", unit=stage.commune, from_on=THEN
    )
    person.refresh_from_db()
    return _case(stage), person


_SHEET = {
    "visitors": "Ai", "findings": "còn hoạt động", "at_address": "yes", "has_sign": "no",
    "operates": "yes", "has_books": "unclear",
}  # fmt: skip


def _dated(act: Callable[..., Any], ready: Callable[[Stage], Any], **details: Any) -> Known:
    return Known(
        ready,
        lambda ctx, b: act(ctx.because("nhầm"), b, **_rows(act, b), **details),
        "registry.cooperative",
    )


def _rows(act: Callable[..., Any], body: Any) -> dict[str, int]:
    model = {cases.correct_date: KeptDate, cases.correct_shares: SharesStatement}.get(act)
    return {"row": model.objects.filter(cooperative=body).latest("id").pk} if model else {}


def _shared(stage: Stage) -> Cooperative:
    body = stage.body()
    cases.state_shares(system_context(), body, as_of=THEN, parts={"associates": Decimal(5)})
    return body


def _step(act: Callable[..., Any], until: Any, /, *, entries: int = 1, **details: Any) -> Known:
    ready = until if callable(until) else lambda s: _case(s, until)

    def do(ctx: Context, case: Any, **more: Any) -> Any:
        return act(ctx, case, **details, **more)

    return Known(ready, do, "cases.case", entries=entries, edits=do)


def _step_with(act: Callable[..., Any], name: str, ready: Callable[[Stage], Any]) -> Known:
    def do(ctx: Context, pair: Any, **more: Any) -> Any:
        return act(ctx, pair[0], **{name: pair[1]}, **more)

    return Known(ready, do, "cases.case", edits=do)


def _visit(ctx: Context, case: Any, **more: Any) -> Any:
    return cases.record_visit(ctx, case, sheet={**_SHEET, "visited_on": ctx.today}, **more)


_SOON = system_context().today + timedelta(days=30)
CASES: dict[str, Known] = {
    "cases.record_date": _dated(cases.record_date, lambda s: s.body(), kind="meeting", on=THEN),
    "cases.correct_date": _dated(cases.correct_date, _watched, on=LATER),
    "cases.state_shares": _dated(cases.state_shares, lambda s: s.body(), as_of=THEN, parts={"associates": Decimal(5)}),
    "cases.correct_shares": _dated(cases.correct_shares, _shared),
    "cases.export": Known(lambda s: None, lambda ctx, x: cases.record_export(ctx, query="", format="csv", rows=0)),
    "cases.open_case": Known(_watched, lambda ctx, b: cases.open_case(ctx, b), "cases.case"),
    "cases.open_cases": Known(_watched, lambda ctx, b: cases.open_cases(ctx, bodies=[b]), entries=2),
    "cases.hand_over": _step_with(cases.hand_over, "to", _colleague),
    "cases.record_visit": Known(_case, _visit, "cases.case", edits=_visit),
    "cases.waive_visit": _step(cases.waive_visit, "opened", words="ngập"),
    "cases.send_notice": _step(cases.send_notice, "visited", signatory="Ai"),
    "cases.receive_explanation": _step(cases.receive_explanation, "noticed", words="đã họp", by="Giám đốc"),
    "cases.answer": _step(cases.answer, "noticed", words="đã họp"),
    "cases.weigh": _step(cases.weigh, "explained", words="đã xét"),
    "cases.delay": _step(cases.delay, "weighed", until=_SOON, words="chờ", signatory="Ai"),
    "cases.resume": _step(cases.resume, _delayed, words="đã rõ"),
    "cases.merge_instead": _step_with(cases.merge_instead, "filing", _merging),
    "cases.propose_end": _step(cases.propose_end, "weighed", entries=2, words="không khắc phục"),
    "cases.publish": _step(cases.publish, _granted, gazette="Cổng thông tin"),
    "cases.close": _step(cases.close, "weighed", closing="no_case", words="nhầm", signatory="Ai"),
    "cases.reopen": _step(cases.reopen, _closed, words="căn cứ mới"),
    "cases.take_back": _step(cases.take_back, "weighed", words="xem lại"),
}  # fmt: skip

_BATCH = "transfers.importbatch"
KNOWN: dict[str, Known] = {
    "accounts.create_user": Known(lambda s: f"moi.{next(_NUMBER)}", lambda ctx, n: accounts.create_user(ctx, username=n, full_name="Mới"), "accounts.user"),
    "accounts.change_user": _upon(accounts.change_user, full_name="Tên Khác"),
    "accounts.disable_user": _upon(accounts.disable_user),
    "accounts.enable_user": _upon(accounts.enable_user),
    "accounts.reset_password": _upon(accounts.reset_password),
    "accounts.reset_second_factor": _upon(accounts.reset_second_factor),
    "accounts.unlock_user": _upon(accounts.unlock_user),
    "accounts.end_sessions": _upon(accounts.end_sessions),
    "accounts.close_demonstration": Known(lambda s: None, lambda ctx, x: accounts.close_demonstration(ctx)),
    "accounts.change_own_password": Known(lambda s: s.person(), lambda ctx, u: accounts.change_own_password(ctx, u, password="một mật khẩu khác hẳn"), "accounts.user", is_own=True),
    "accounts.change_own_profile": Known(lambda s: s.person(), lambda ctx, u: accounts.change_own_profile(ctx, u, phone="0900"), "accounts.user", is_own=True),
    "accounts.set_up_second_factor": Known(lambda s: (s.person(), second_factor.new_secret()), lambda ctx, p: accounts.set_up_second_factor(ctx, p[0], secret=p[1], code=code_of(p[1])), "accounts.user", is_own=True),
    "accounts.renew_recovery_codes": Known(lambda s: s.enrolled(), lambda ctx, u: accounts.renew_recovery_codes(ctx, u), "accounts.user", is_own=True),
    "accounts.end_own_sessions": Known(lambda s: s.person(), lambda ctx, u: accounts.end_own_sessions(ctx, u), "accounts.user", is_own=True),
    "api.make_token": Known(lambda s: None, lambda ctx, x: api.make_token(ctx, name="máy", scopes=["read"]), "api.apitoken"),
    "api.revoke_token": Known(lambda s: api.make_token(s.ctx, name="máy", scopes=["read"])[0], lambda ctx, t: api.revoke_token(ctx, t), "api.apitoken"),
    "audit.erase_words": Known(lambda s: (s.body(), Act.objects.latest("number").pk)[1], lambda ctx, pk: erasing.erase_words(ctx.because("xoá", "Luật"), [pk], approved_by="Giám đốc")),
    **CASES,
    "certificates.rotate_key": Known(lambda s: s.key(), lambda ctx, x: certify.rotate_key(ctx.because("hằng năm")), "certificates.signingkey"),
    "certificates.issue_certificate": Known(lambda s: (s, s.key(), s.due()), lambda ctx, x: x[0].issue(ctx, x[2]), "registry.cooperative"),
    "certificates.draw_up_batch": Known(lambda s: (s, s.key(), s.due()), lambda ctx, x: x[0].draw_up(ctx, x[2]), "certificates.issuebatch"),
    "certificates.choose_item": Known(lambda s: (b := s.drawn(), b.items.get().pk), lambda ctx, x: certify.choose_item(ctx, x[0], item=x[1], take=False), "certificates.issuebatch"),
    "certificates.start_batch": Known(lambda s: s.drawn(), lambda ctx, b: certify.start_batch(ctx, b), "certificates.issuebatch"),
    "certificates.stop_batch": Known(lambda s: s.started(), lambda ctx, b: certify.stop_batch(ctx, b), "certificates.issuebatch"),
    "certificates.put_batch_aside": Known(lambda s: s.drawn(), lambda ctx, b: certify.put_batch_aside(ctx, b), "certificates.issuebatch"),
    "certificates.issue_block": Known(lambda s: s.running(), lambda ctx, x: certify.issue_block(ctx, x[0], foreseen=x[1], ready={}), "certificates.issuebatch", entries=2),
    "certificates.revoke_certificate": Known(lambda s: s.certificate(), lambda ctx, c: certify.revoke_certificate(ctx.because("sai"), c, on=LATER), "registry.cooperative"),
    "certificates.restore_certificate": Known(lambda s: s.revoked(), lambda ctx, c: certify.restore_certificate(ctx.because("đúng"), c, on=date(2022, 1, 1)), "registry.cooperative"),
    "certificates.attach_signed_file": Known(lambda s: (c := s.certificate(), signed(c.file.read())), lambda ctx, x: certify.attach_signed_file(ctx, x[0], content=x[1], name="ky.pdf"), "registry.cooperative"),
    "certificates.trust_root": Known(lambda s: another_root(), lambda ctx, r: certify.trust_root(ctx, content=r), "certificates.trustedroot"),
    "certificates.distrust_root": Known(lambda s: certify.trust_root(s.ctx, content=another_root()), lambda ctx, r: certify.distrust_root(ctx.because("hết tin"), r), "certificates.trustedroot"),
    "jurisdiction.give_mandate": Known(lambda s: (s.person(), s.commune), lambda ctx, p: places.give_mandate(ctx, p[0], role="supervisor", unit=p[1], from_on=THEN), "accounts.user"),
    "jurisdiction.end_mandate": Known(lambda s: s.mandate(), lambda ctx, m: places.end_mandate(ctx, m, last_on=LATER), "jurisdiction.mandate"),
    "jurisdiction.load_units": Known(lambda s: None, lambda ctx, x: places.load_kien_giang_units(ctx)),
    "jurisdiction.load_agencies": Known(lambda s: None, lambda ctx, x: places.load_agencies(ctx)),
    "registry.record": Known(lambda s: s, lambda ctx, s: Stage(ctx, s.user, s.commune, s.folder).body(), "registry.cooperative"),
    "registry.change_particulars": _edit(register.change_particulars, changes={"director": "Lê Mới"}, from_on=THEN),
    "registry.correct_particulars": _edit(register.correct_particulars, "gõ nhầm", changes={"director": "Lê Đúng"}),
    "registry.state_figures": _edit(register.state_figures, figures={"members": 60}, as_of=date(2020, 6, 30)),
    "registry.correct_figures": Known(lambda s: s.body(), _correct_figures, "registry.cooperative", edits=_correct_figures),
    "registry.end_cooperative": _edit(register.end_cooperative, "giải thể", on=LATER),
    "registry.record_lineage": Known(lambda s: (s.body(), s.body()), _lineage, "registry.cooperative", edits=_lineage),
    "registry.set_business_lines": _edit(register.set_business_lines, codes=["0111", "0161"], main="0161", from_on=THEN),
    "registry.export": Known(lambda s: None, lambda ctx, x: register.record_export(ctx, query="", columns=[], format="csv", rows=0)),
    "registry.save_view": Known(lambda s: f"Xem {next(_NUMBER)}", lambda ctx, n: register.save_view(ctx, "registry:list", name=n, query="q=a"), "registry.savedview"),
    "registry.remove_view": Known(lambda s: register.save_view(s.ctx, "registry:list", name=f"Xem {next(_NUMBER)}", query="q=a").pk, lambda ctx, pk: register.remove_view(ctx, pk)),
    "registry.bring_in_file": Known(lambda s: s.file(), lambda ctx, p: service.bring_in(ctx, p, filename=p.name), _BATCH),
    "registry.put_file_aside": Known(lambda s: s.batch(), lambda ctx, b: service.put_aside(ctx, b), _BATCH),
    "registry.mend_line": Known(lambda s: s.batch(), lambda ctx, b: mending.mend_line(ctx, b, line=_line(b), values={"name": "Hợp tác xã Đã Vá"}), _BATCH),
    "registry.decide_line": Known(lambda s: s.batch(), lambda ctx, b: mending.decide_line(ctx, b, line=_line(b), decision="skip"), _BATCH),
    "registry.import_register": Known(lambda s: s.batch(3), lambda ctx, b: entering.enter_list(ctx, b), _BATCH),
    "registry.undo_import": Known(lambda s: s.applied(), lambda ctx, b: entering.undo_list(ctx.because("nhầm tệp"), b), _BATCH),
    "registry.tell_columns": Known(lambda s: s.batch(), lambda ctx, b: telling.tell_columns(ctx, b, mapping={}), _BATCH),
    "registry.tell_day": Known(lambda s: s.batch(), lambda ctx, b: telling.tell_day(ctx, b, on=LATER), _BATCH),
    "transfers.remember_layout": Known(lambda s: s.batch(), lambda ctx, b: service.remember_layout(ctx, b, fingerprint="dấu", mapping={"A": "name"}), _BATCH),
    "registration.receive": Known(lambda s: s.body(), lambda ctx, b: desk.receive(ctx, "reissue", cooperative=b, applicant="Ai", proposal={"reason": "mất"}), _FILING),
    "registration.begin_online": Known(lambda s: s.body(), lambda ctx, b: desk.begin_online(ctx, "reissue", cooperative=b, applicant="Ai", proposal={"reason": "mất"}), _FILING),
    "registration.revise_online": _desk(desk.revise_online, lambda s: s.draft(), proposal={"reason": "cháy"}),
    "registration.submit": _desk(desk.submit, lambda s: s.draft()),
    "registration.accept": _desk(desk.accept, lambda s: s.sent()),
    "registration.amend": _desk(desk.amend, proposal={"reason": "rách"}),
    "registration.attach": Known(lambda s: s.filing(), lambda ctx, f: desk.attach(ctx, f, paper=f.papers.first().pk, content=b"%PDF-1.7", filename="a.pdf"), _FILING),
    "registration.attach_online": Known(lambda s: s.draft(), lambda ctx, f: desk.attach_online(ctx, f, paper=f.papers.first().pk, content=b"%PDF-1.7", filename="a.pdf"), _FILING),
    "registration.ask_supplement": _desk(desk.ask_supplement, missing=["Điều lệ"]),
    "registration.supply": _desk(desk.supply, lambda s: s.asked()),
    "registration.supply_online": _desk(desk.supply_online, lambda s: s.asked()),
    "registration.hand_over": Known(lambda s: (s.filing(), s.colleague()), _hand_over, _FILING, edits=_hand_over),
    "registration.return_filing": _desk(desk.return_filing, words="không thuộc thẩm quyền"),
    "registration.withdraw": _desk(desk.withdraw),
    "registration.withdraw_online": _desk(desk.withdraw_online),
    "registration.lapse": Known(lambda s: s.over(), lambda ctx, f: desk.lapse(ctx, f), _FILING),
    "registration.transfer": Known(lambda s: s.of_the_district(), lambda ctx, f: desk.transfer(ctx, f, on=date(2025, 7, 1)), _FILING),
    "registration.propose": _desk(desk.propose, outcome="grant"),
    "registration.send_back": _desk(desk.send_back, lambda s: s.proposed(), words="xem lại"),
    "registration.decide": _desk(desk.decide, lambda s: s.proposed(), outcome="grant"),
    "registration.carry_out": Known(lambda s: s.granted_for_later(), lambda ctx, f: desk.carry_out(ctx, f), _FILING, entries=2),
    "registration.end_term": _desk(desk.end_term, lambda s: s.dissolving(20), term="silence", words="Công văn phản đối số 3"),
    "registration.find_silence": _desk(desk.find_silence, lambda s: s.dissolving(), words="đã hỏi cơ quan thuế"),
    "registration.close_by_silence": Known(lambda s: s.silent(), _close, _FILING, entries=2, edits=_close),
    "registration.set_fees": Known(lambda s: next(_RESOLVED), _set_fees, "registration.feetable"),
    "registration.withdraw_fees": Known(lambda s: _set_fees(s.ctx, next(_RESOLVED)), lambda ctx, t: desk.withdraw_fees(ctx.because("nhầm"), t), "registration.feetable"),
    "registration.record_fee": Known(lambda s: s.priced(), lambda ctx, f: desk.record_fee(ctx, f, amount=1000, number=f"BL-{f.pk.hex[-12:]}"), _FILING),
    "registration.waive_fee": Known(lambda s: s.priced(), lambda ctx, f: desk.waive_fee(ctx, f, words="vùng khó khăn", basis="NQ"), _FILING),
    "registration.refund_fee": Known(lambda s: s.paid(), lambda ctx, f: desk.refund_fee(ctx, f, amount=1000, words="thu nhầm"), _FILING),
    "registration.withdraw_fee_entry": Known(lambda s: s.paid(), lambda ctx, f: desk.withdraw_fee_entry(ctx.because("nhầm"), f, entry=f.fees.get().pk), _FILING),
    "registration.export_fees": Known(lambda s: None, lambda ctx, x: desk.export_fees(ctx, first=THEN, last=LATER, procedure="", format="csv", rows=0)),
    "registration.hand_out_paper": Known(lambda s: s.filing(), lambda ctx, f: desk.hand_out_paper(ctx, f, paper=f.issued.get().pk, how="counter", to="Trần Văn Nộp"), _FILING),
    "registration.correct_paper": Known(lambda s: s.asked(), lambda ctx, f: desk.correct_paper(ctx, f, paper=f.issued.get(kind="supplement", corrects=None).pk, words="ghi sai tên"), _FILING),
    "registration.attach_signed_paper": Known(lambda s: s.asked(), _signed_letter, _FILING),
    "registration.end_pause": Known(lambda s: s.paused(), lambda ctx, b: pauses.end_pause(ctx, b), "registry.cooperative", entries=2),
    "registry.undo_acts": Known(lambda s: s.undoable(), lambda ctx, p: register.undo_acts(ctx.because("nhầm"), p[0], acts=p[1]), "registry.cooperative"),
    "exchange.export": Known(lambda s: None, lambda ctx, x: exchange.record_export(ctx, system="registration", day=THEN, format="xlsx", rows=0)),
    "exchange.compare_extract": Known(lambda s: s.kept_extract(), lambda ctx, e: exchange.compare_extract(ctx, pk=e.pk), "exchange.extract"),
    "exchange.stop_extract": Known(lambda s: s.kept_extract(), lambda ctx, e: exchange.stop_extract(ctx, e), "exchange.extract"),
    "exchange.compare_again": Known(lambda s: exchange.stop_extract(system_context(today=s.ctx.today), s.kept_extract()), lambda ctx, e: exchange.compare_again(ctx, e), "exchange.extract"),
    "exchange.export_report": Known(lambda s: None, lambda ctx, x: exchange.record_report(ctx, what="counts", format="csv", rows=0)),
    "exchange.undo_many": Known(lambda s: s.decided_together(), lambda ctx, b: exchange.undo_many(ctx.because("nhầm"), batch=b), entries=2),
    "exchange.send_again_all": Known(lambda s: s.message().pk, lambda ctx, m: exchange.send_again_all(ctx, ids=[m])),
    "registration.correct_representatives": Known(lambda s: s.body(), lambda ctx, b: desk.correct_representatives(ctx.because("chép nhầm"), b, names=["Lê Đúng"]), "registry.cooperative"),
    "registration.undo_representatives": Known(lambda s: s.represented(), lambda ctx, x: desk.undo_representatives(ctx.because("nhầm"), x[0], acts=x[1]), "registry.cooperative"),
    "exchange.bring_in_extract": Known(lambda s: s.extract(), lambda ctx, p: exchange.bring_in_extract(ctx, p, filename=p.name, digest=p.name, as_of=LATER.replace(year=2025)), "exchange.extract"),
    "exchange.decide": Known(lambda s: s.difference(), lambda ctx, d: exchange.decide(ctx, d, verdict="theirs"), "exchange.difference", entries=2),
    "exchange.decide_many": Known(lambda s: s.difference().pk, lambda ctx, pk: exchange.decide_many(ctx, [pk], verdict="ours"), entries=2),
    "exchange.undo_decision": Known(lambda s: s.decided(), lambda ctx, d: exchange.undo_decision(ctx.because("nhầm"), d), "exchange.difference", entries=2),
    "exchange.send_again": Known(lambda s: s.message(), lambda ctx, m: exchange.send_again(ctx, m), "exchange.message"),
    "exchange.set_message_aside": Known(lambda s: s.message(), lambda ctx, m: exchange.set_aside(ctx.because("đã báo"), m), "exchange.message"),
    "notices.choose_mail": Known(lambda s: s.person(), lambda ctx, u: notices.choose_mail(ctx, u, choices={"registration.to_decide": "weekly"}), "accounts.user", is_own=True),
    "notices.send_again": Known(lambda s: s.letter(), lambda ctx, x: notices.send_again(ctx, x), "notices.letter"),
    "notices.send_all_again": Known(lambda s: s.letter(), lambda ctx, x: notices.send_all_again(ctx)),
    "notices.set_aside": Known(lambda s: s.letter(), lambda ctx, x: notices.set_aside(ctx.because("đã báo"), x), "notices.letter"),
    "notices.remove_old": Known(lambda s: s.old_notice(), lambda ctx, x: notices.remove_old(ctx)),
    "rulebook.confirm_fact": Known(lambda s: s.fact(), _fact(rules.confirm_fact), "rulebook.confirmation"),
    "rulebook.confirm_facts": Known(lambda s: s.fact(), lambda ctx, f: rules.confirm_facts(ctx, {f.key: f.fingerprint}, document="Luật", read_on=THEN), entries=2),
    "rulebook.correct_fact": Known(_corrected, _correct_fact, "rulebook.confirmation"),
    "rulebook.withdraw_confirmation": Known(lambda s: s.confirmed(), lambda ctx, c: rules.withdraw_confirmation(ctx.because("nhầm"), c), "rulebook.confirmation"),
    "working_days.adopt_year": Known(lambda s: next(_YEARS), lambda ctx, y: calendar.adopt_year(ctx, y, document="TB"), "working_days.calendaryear"),
    "working_days.give_back_year": Known(lambda s: calendar.adopt_year(s.ctx, next(_YEARS)), lambda ctx, y: calendar.give_back_year(ctx.because("nhầm"), y), "working_days.calendaryear"),
    "working_days.add_day": Known(lambda s: next(_EVES), lambda ctx, d: calendar.add_day(ctx, d, name="Nghỉ bão", basis="CĐ"), "working_days.calendarday"),
    "working_days.exchange_days": Known(lambda s: next(_EVES), _exchanged, "working_days.calendarday"),
    "working_days.remove_day": Known(lambda s: _exchanged(s.ctx, next(_EVES)), lambda ctx, d: calendar.remove_day(ctx.because("nhầm"), d), "working_days.calendarday"),
    **acts_of_tasks.rows(Known),
    **acts_of_committees.rows(Known),
    **acts_of_plans.rows(Known),
    **acts_of_reports.rows(Known),
    **acts_of_directives.rows(Known),
}  # fmt: skip
# Acts of set-up and measurement that no person does: made-up data for ./hoptac bench.
NOT_TRIED = {"bench.load", "bench.load_tasks"}
