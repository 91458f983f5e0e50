"""R9 and R7 for whole registrations: fifty at once from the counter to the certificate; and dossiers
whose bodies overlap, decided at the same moment: one wins, the others are told who and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations, count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from hoptac.cases import actions as cases
from hoptac.cases.models import Letter
from hoptac.certificates import log
from hoptac.certificates.actions import rotate_key
from hoptac.certificates.models import Certificate, LogEntry
from hoptac.foundation.access import Context, system_context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import Conflict
from hoptac.foundation.audit.journal import verify
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.foundation.numbering.models import Counter
from hoptac.jurisdiction.places import places
from hoptac.registration import actions, meanwhile
from hoptac.registration.actions import deciding, intake
from hoptac.registration.models import Filing
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registration.terms import StepKind
from hoptac.registry.models import Period
from hoptac.registry.rules.particulars import compute_check_digit
from tests.reliability.bars import told
from tests.reliability.test_acts_killed import numbers_that_do_not_follow

TODAY = timezone.localdate()
_NINE = count(170_100_000)


def new_code() -> str:
    """Return the next registration number whose last digit fits."""
    return next(f"{n}{d}" for n in _NINE if (d := compute_check_digit(str(n))) < 10)


def officer(name: str) -> Context:
    user = User.objects.create_user(f"can.bo.{User.objects.count()}", None, full_name=name)
    return system_context().by(user=user, channel="page")


@pytest.fixture
def key(transactional_db: None, the_system: Context, settings: Any, tmp_path: Path) -> Any:
    settings.CERTIFICATE_KEYS, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "files"
    return rotate_key(the_system)


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Do all of it at the same moment, each over a connection of its own; return what each came to."""
    begin, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(which: int) -> None:
        try:
            connection.ensure_connection()
            begin.wait(60)
            outcomes[which] = works[which]()
        except Exception as error:
            outcomes[which] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return outcomes


# --- Fifty registrations --------------------------------------------------------------------------


def establish(commune: Any, number: int, examiner: Context, registrar: Context) -> Filing:
    """Register a cooperative, from the dossier at the counter to its certificate."""
    filing = actions.receive(
        examiner, "establishment", kind="cooperative", applicant=f"Người Nộp {number}",
        papers=procedure_on("establishment", TODAY).papers_required("cooperative"),
        proposal={
            "name": f"Hợp tác xã Nông nghiệp Đồng Loạt {number}", "commune": commune, "sector": "agriculture",
            "charter_capital": 500_000_000, "members": 15, "registration_number": new_code(),
            "address": "Ấp Một", "representatives": [{"person": "Lê Thị Sáng", "position": "Giám đốc"}],
        },
    )  # fmt: skip
    return _decided(filing, examiner, registrar)


def reissue(body: Any, director: Context, examiner: Context, registrar: Context) -> Filing:
    """Give out a certificate anew, from the dossier sent in online."""
    filing = actions.begin_online(director, "reissue", cooperative=body, proposal={"reason": "mất"})
    for paper in filing.papers.all():
        actions.attach_online(director, filing, paper=paper.pk, content=b"%PDF-1.7\n%", filename="a.pdf")  # fmt: skip
    actions.submit(director, filing)
    actions.accept(examiner, filing)
    return _decided(filing, examiner, registrar)


def _decided(filing: Filing, examiner: Context, registrar: Context) -> Filing:
    actions.propose(examiner, filing, outcome="grant", expected_version=filing.version)
    return actions.decide(
        registrar, filing, outcome="grant", signatory="Lê Ký", expected_version=filing.version
    )


def notify(case: Any, ctx: Context) -> Any:
    cases.waive_visit(ctx, case, words="ngập")
    return cases.send_notice(ctx, case, signatory="Lê Ký")


def letters_that_do_not_follow() -> list[str]:
    wrong, given = [], {}
    for letter in Letter.objects.select_related("step__case__authority"):
        authority = letter.step.case.authority.code
        series = f"case_letter:{authority}:{letter.on.year}"
        given.setdefault(series, []).append(int("".join(c for c in letter.number[:3] if c.isdigit())))  # fmt: skip
    for series, numbers in given.items():
        if sorted(numbers) != list(range(1, Counter.objects.get(series=series).last + 1)):
            wrong.append(f"{series}: {sorted(numbers)}")
    return wrong


def register_at_once(cooperative: Callable[..., Any], units: Any, number: int, bar: str) -> None:
    """Register so many whole establishments, half as many reissues, and send notices, at once."""
    offices = [units.commune("Hoà An", "Giồng Riềng"), units.a_commune_of("Tân Hiệp")]
    now = [places(o.pk).commune_on(o.pk, TODAY).id for o in offices]
    ctx = system_context()
    examiner, registrar, director = officer("Thẩm Định"), officer("Quyết Định"), officer("Giám Đốc")
    olds = [
        cooperative(
            name=f"Hợp tác xã Cũ {n}", commune=offices[n % 2], registration_number=new_code(),
            charter_capital=10**9, address="Ấp Hai", director="Lê Cũ",
        )
        for n in range(number // 2)
    ]  # fmt: skip
    for body in olds:
        represented(ctx, body)
    watched = [
        cooperative(name=f"Hợp tác xã Lơ Là {n}", commune=offices[n % 2])
        for n in range(number // 4)
    ]
    for body in watched:
        cases.record_date(ctx, body, kind="meeting", on=date(2020, 1, 1))
    opened = [cases.open_case(ctx, body) for body in watched]
    before = Certificate.objects.count()
    began = time.monotonic()
    outcomes = at_once(
        [lambda n=n: establish(now[n % 2], n, examiner, registrar) for n in range(number)]
        + [lambda b=b: reissue(b, director, examiner, registrar) for b in olds]
        + [lambda c=c: notify(c, registrar) for c in opened]
    )
    took = time.monotonic() - began
    failed = [repr(o) for o in outcomes if isinstance(o, Exception)]
    filings = [o for o in outcomes if isinstance(o, Filing)]
    wrong = numbers_that_do_not_follow() + letters_that_do_not_follow() + log.troubles()
    for filing in filings:
        kinds = set(filing.steps.values_list("kind", flat=True))
        whole = filing.took_effect_on and filing.decision_number and StepKind.CERTIFIED in kinds
        act = Act.objects.filter(name="registration.decide", subject_id=str(filing.pk))
        if not whole or act.count() != 1:
            wrong.append(f"{filing}: {filing.state}, {kinds}, {act.count()} entries")
    issued = Certificate.objects.count() - before
    if LogEntry.objects.count() < issued or issued != len(filings):
        wrong.append(f"{issued} certificates of {len(filings)} filings")
    codes = Period.objects.filter(is_latest=True).exclude(registration_number="")
    doubled = codes.count() - codes.values("registration_number").distinct().count()
    if verify().broken or doubled:
        wrong.append(f"chain {verify().broken}, {doubled} codes doubled")
    told(
        bar, f"{len(filings)} whole registrations and {len(opened)} notices at once: {len(failed)} failed, {len(wrong)}"
        f" numbers doubled or skipped, or incomplete; {took:.1f} s, {len(filings) / took:.1f} a second",
        "0, 0", control="max + 1: doubled",
    )  # fmt: skip
    assert not failed, failed[:3]
    assert not wrong, wrong
    assert len(filings) == number + len(olds)


def represented(ctx: Context, body: Any) -> None:
    """Say who represents a body, as its certificate needs it."""
    proposal = {
        "representatives": [{"person": "Lê Cũ", "position": "Giám đốc"}],
        "reason": "bổ sung",
    }
    papers = procedure_on("correction", TODAY).papers_required("cooperative")
    filing = actions.receive(
        ctx, "correction", cooperative=body, applicant="Ai", proposal=proposal, papers=papers
    )
    actions.propose(ctx, filing, outcome="grant")
    actions.decide(ctx, filing, outcome="grant", signatory="Lê Ký")


def test_registrations_at_once_take_each_a_number(
    key: Any, cooperative: Callable[..., Any], units: Any
) -> None:
    register_at_once(cooperative, units, 12, "R9 registrations")


@pytest.mark.slow
def test_fifty_registrations_at_once(key: Any, cooperative: Callable[..., Any], units: Any) -> None:
    register_at_once(cooperative, units, 50, "R9 registrations full")


def test_numbers_by_the_greatest_so_far_would_be_doubled(
    key: Any, units: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what the filings say, and one more."""

    def take(series: str) -> int:
        found = Filing.objects.exclude(receipt_number="").count() + 1
        time.sleep(0.05)
        return found

    monkeypatch.setattr(intake, "take", take)
    commune = units.commune("Hoà An", "Giồng Riềng")
    now, ctx = places(commune.pk).commune_on(commune.pk, TODAY).id, officer("Tiếp Nhận")
    proposal = {"name": "Hợp tác xã Trùng", "commune": now}
    at_once([
        lambda: actions.receive(ctx, "establishment", kind="cooperative", applicant="Ai", proposal=proposal)
    ] * 12)  # fmt: skip
    assert numbers_that_do_not_follow()


# --- Dossiers whose bodies overlap -----------------------------------------------------------------


def put_forward(body: Any, procedure: str, **proposal: Any) -> Filing:
    ctx = system_context()
    papers = procedure_on(procedure, TODAY).papers_required("cooperative")
    filing = actions.receive(
        ctx, procedure, cooperative=body, applicant="Ai", papers=papers, proposal=proposal
    )
    return actions.propose(ctx, filing, outcome="grant", opinion="Vẫn đề nghị.")


def overlapping(cooperative: Callable[..., Any], commune: Any) -> list[Filing]:
    """Return dossiers about three bodies, put forward, no two of which can both take effect."""
    one, two, three = (
        cooperative(name=f"Hợp tác xã {n}", commune=commune, members=20)
        for n in ("Một", "Hai", "Ba")
    )
    resolved = {"decided_on": TODAY, "votes": 90}
    return [
        put_forward(one, "merger", **resolved, others=[{"body": str(two.pk)}], members=40),
        put_forward(two, "merger", **resolved, others=[{"body": str(one.pk)}], members=40),
        put_forward(three, "merger", **resolved, others=[{"body": str(two.pk)}], members=40),
        put_forward(two, "merger", **resolved, others=[{"body": str(three.pk)}], members=40),
        put_forward(two, "dissolution_notice", **resolved),
        put_forward(two, "compulsory_dissolution", issuer="UBND xã", document="2/QĐ"),
        put_forward(two, "compulsory_dissolution", issuer="UBND xã", document="3/QĐ"),
        put_forward(two, "suspension", from_on=TODAY, until_on=TODAY + timedelta(days=60)),
        put_forward(two, "change_registration", name="Hợp tác xã Hai Mới", from_on=TODAY, **resolved),
        put_forward(two, "change_registration", name="Hợp tác xã Hai Khác", from_on=TODAY, **resolved),
    ]  # fmt: skip


def decide_at_once(filings: list[Filing]) -> tuple[list[Filing], list[Any], list[Any]]:
    """Let each be decided by another officer at once; return winners, refusals, and what went wrong."""
    people = [officer(f"Cán Bộ Thứ {n}") for n in range(len(filings))]
    versions = [f.version for f in filings]
    outcomes = at_once([
        lambda f=f, p=p, v=v: deciding.decide(p, f, outcome="grant", signatory="Ai", expected_version=v)
        for f, p, v in zip(filings, people, versions, strict=True)
    ])  # fmt: skip
    won = [o for o in outcomes if isinstance(o, Filing)]
    refused = [o for o in outcomes if isinstance(o, Refused | Conflict)]
    return won, refused, [o for o in outcomes if o not in won and o not in refused]


def both_won(won: list[Filing]) -> list[str]:
    """Return the pairs of winners that touch the same body."""
    return [
        f"{a} and {b}"
        for a, b in combinations(won, 2)
        if set(a.body_keys()) & set(b.body_keys()) and meanwhile._touches(a, b)
    ]


def test_of_dossiers_about_the_same_bodies_one_wins_and_the_others_are_told(
    key: Any, cooperative: Callable[..., Any], units: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    commune = units.commune("Hoà An", "Giồng Riềng")
    wrong: list[str] = []
    decided = 0
    for _round in range(3):
        won, refused, odd = decide_at_once(overlapping(cooperative, commune))
        decided += len(won) + len(refused) + len(odd)
        wrong += [repr(o) for o in odd] + both_won(won)
        names = [f.decided_by.full_name for f in won if f.decided_by]
        for refusal in refused:
            words = " ".join(str(f.message) for f in refusal.findings)
            if not any(name in words for name in names) or f"{TODAY:%d/%m/%Y}" not in words:
                wrong.append(f"not told who and when: {words}")
        if not won:
            wrong.append("nobody won")
    wrong += numbers_that_do_not_follow()
    assert verify().broken is None
    with monkeypatch.context() as patch:
        patch.setattr(deciding, "done_meanwhile", lambda filing: ())
        patch.setattr(Filing, "hold_first", lambda self: None)
        won, _refused, odd = decide_at_once(overlapping(cooperative, commune))
    control = len(both_won(won)) + len(odd)
    told(
        "R7 registrations", f"{len(wrong)} of {decided} dossiers with overlapping bodies, 10 decided at once, both won,"
        " failed, or did not say who and when", "0",
        control=f"without asking what was done meanwhile: {control} pairs won or waited for each other",
    )  # fmt: skip
    assert not wrong, "\n".join(wrong)
    assert control
