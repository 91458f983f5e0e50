"""Where acts are tried: their subjects made ready, and what is known of an act."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
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

from hoptac.certificates import actions as certify
from hoptac.certificates.batches import foresee
from hoptac.exchange import actions as exchange
from hoptac.exchange import bringing
from hoptac.exchange.models import Difference, Message
from hoptac.foundation.access import Context, system_context
from hoptac.foundation.accounts import second_factor
from hoptac.foundation.accounts.middleware import own_context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.audit.models import Act
from hoptac.foundation.notices.models import Letter, Notice
from hoptac.foundation.rulebook import acts as rules
from hoptac.foundation.rulebook import facts
from hoptac.jurisdiction import actions as places
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registration import actions as desk
from hoptac.registration.models import FeeTable
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registry import actions as register
from hoptac.registry.filters import RegisterFilter
from hoptac.registry.importing import entering, service
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.rules.particulars import compute_check_digit

THEN, LATER = date(2020, 1, 1), date(2021, 1, 1)
NUMBER = count(1)
# Days on which the province resolved fees, each once.
RESOLVED = (date(2000, 1, 1) + timedelta(days=n) for n in count())


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
                "name": f"Hợp tác xã Lượt {next(NUMBER)}", "sector": "agriculture",
                "commune_id": self.commune.pk, "established_on": date(2015, 6, 1),
            },
        )  # fmt: skip

    def person(self) -> Any:
        return User.objects.create_user(f"nguoi.{next(NUMBER)}", "mật khẩu cũ dài", full_name="Ai")

    def batch(self, rows: int = 1, *, name: str = "Hợp tác xã Tệp") -> Any:
        number = next(NUMBER)
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
        path = self.folder / f"tep-{next(NUMBER)}.csv"
        path.write_text(f"STT;Tên hợp tác xã\n1;HTX {path.name}\n", encoding="utf-8")
        return path

    def mandate(self) -> Any:
        return places.give_mandate(
            self.ctx, self.person(), role="supervisor", unit=self.commune, from_on=THEN
        )

    def fact(self) -> Any:
        return next(s.fact for s in facts.standings() if not s.state.is_settled)

    def confirmed(self) -> Any:
        fact = self.fact()
        return rules.confirm_fact(
            self.ctx, fact.key, fingerprint=fact.fingerprint, document="Luật", read_on=THEN
        )

    def enrolled(self) -> Any:
        person, secret = self.person(), second_factor.new_secret()
        second_factor.enrol(person, secret, code_of(secret))
        return person

    def filing(self, procedure: str = "reissue", **proposal: Any) -> Any:
        """A dossier with all its papers, received by the system."""
        ctx = system_context(today=self.ctx.today)
        papers = procedure_on(procedure, ctx.today).papers_required("cooperative")
        return desk.receive(
            ctx,
            procedure,
            cooperative=self.body(),
            applicant="Trần Văn Nộp",
            papers=papers,
            proposal=proposal or {"reason": "mất"},
        )

    def priced(self) -> Any:
        """A dossier for which the province has set a fee."""
        if FeeTable.on(settings.PROVINCE_CODE, self.ctx.today) is None:
            set_fees(self.ctx, next(RESOLVED))
        return self.filing("correction")

    def paid(self) -> Any:
        filing = self.priced()
        desk.record_fee(
            system_context(today=self.ctx.today),
            filing,
            amount=1000,
            number=f"BL-{filing.pk.hex[-12:]}",
        )
        return filing

    def asked(self) -> Any:
        return desk.ask_supplement(
            system_context(today=self.ctx.today), self.filing(), missing=["Điều lệ"]
        )

    def over(self) -> Any:
        asked = self.asked()
        asked.supplement_until = asked.supplement_asked_on - timedelta(days=1)
        asked.save()
        return asked

    def proposed(self) -> Any:
        """A dossier put forward whose grant leaves no entry but its own."""
        ctx = system_context(today=self.ctx.today)
        filing = desk.receive(
            ctx,
            "enforcement_mark",
            cooperative=self.body(),
            applicant="Tòa án",
            channel="office",
            papers=["agency_request"],
            proposal={"mark_kind": "court", "issuer": "Tòa án", "document": "1/CV"},
        )
        return desk.propose(ctx, filing, outcome="grant")

    def granted_for_later(self) -> Any:
        """A suspension granted before its day, which has come now."""
        begins = self.ctx.today
        early = system_context(today=begins - timedelta(days=10))
        papers = ("notice", "meeting_resolution")
        filing = desk.receive(
            early,
            "suspension",
            cooperative=self.body(),
            applicant="Ai",
            papers=papers,
            proposal={"from_on": begins, "until_on": begins + timedelta(days=30)},
        )
        desk.propose(early, filing, outcome="grant")
        return desk.decide(early, filing, outcome="grant")

    def paused(self) -> Any:
        """A body whose pause is over by itself, and still stands as suspended."""
        early = system_context(today=self.ctx.today - timedelta(days=60))
        filing = desk.receive(
            early,
            "suspension",
            cooperative=self.body(),
            applicant="Ai",
            papers=("notice", "meeting_resolution"),
            proposal={"from_on": early.today, "until_on": early.today + timedelta(days=20)},
        )
        desk.propose(early, filing, outcome="grant")
        desk.decide(early, filing, outcome="grant")
        return filing.cooperative

    def dissolving(self, days: int = 300) -> Any:
        """The notice of a dissolution that took effect so many days ago, and nobody objected."""
        early = system_context(today=self.ctx.today - timedelta(days=days))
        filing = desk.receive(
            early,
            "dissolution_notice",
            cooperative=self.body(),
            applicant="Ai",
            papers=("notice", "meeting_resolution"),
            proposal={"decided_on": early.today, "votes": 90},
        )
        desk.propose(early, filing, outcome="grant")
        return desk.decide(early, filing, outcome="grant", signatory="Ai")

    def silent(self) -> Any:
        """The same, put forward to be closed by somebody else."""
        system = system_context(today=self.ctx.today)
        return desk.find_silence(system, self.dissolving(), words="đã hỏi cơ quan thuế")

    def of_the_district(self) -> Any:
        """An open dossier received while districts registered."""
        then = system_context(today=date(2025, 6, 2))
        return desk.receive(
            then, "reissue", cooperative=self.body(), applicant="Ai", proposal={"reason": "mất"}
        )

    def difference(self) -> Any:
        """Something that an extract says otherwise than the register."""
        body = self.body()
        name, number = Period.objects.get(cooperative=body, is_latest=True).name, next(NUMBER)
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
        return Letter.objects.create(
            user=self.person(),
            kind="notice",
            key=f"notice:{next(NUMBER)}",
            message_id="<x@y>",
            due_at=timezone.now(),
            tries_left=1,
            state=state,
        )

    def old_notice(self) -> Any:
        long_ago = timezone.now() - timedelta(days=800)
        return Notice.objects.create(
            user=self.person(),
            kind="registration.decided",
            key="x",
            made_at=long_ago,
            read_at=long_ago,
            act_id=uuid4(),
        )

    def extract(self) -> Path:
        path = self.folder / f"trich-{next(NUMBER)}.json"
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
        return desk.begin_online(
            ctx, "reissue", cooperative=self.body(), applicant="Ai", proposal={"reason": "mất"}
        )

    def sent(self) -> Any:
        return desk.submit(system_context(today=self.ctx.today), self.draft())

    def colleague(self) -> Any:
        person = self.person()
        places.give_mandate(
            self.ctx, person, role="registration_officer", unit=self.commune, from_on=THEN
        )
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
        nine = next(
            n for n in count(170_300_000 + 20 * next(NUMBER)) if compute_check_digit(str(n)) < 10
        )
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


def set_fees(ctx: Context, day: date) -> Any:
    """Set the fee of what these acts ask for, resolved and in force on a day."""
    # Of a procedure that no other act's dossier asks for: a table that stands prices nobody else's.
    lines = [{"procedure": "correction", "amount": 1000}]
    return desk.set_fees(ctx, f"{next(NUMBER)}/NQ-HĐND", resolved_on=day, in_force=day, lines=lines)


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
