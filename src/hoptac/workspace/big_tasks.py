"""Made-up tasks for benchmarks: 10,000 tasks of 300 agencies, five years of terms and steps. Never for an office.

Written in bulk under one journalled act; the rows are those that the acts upon tasks write.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from hoptac.directives.models import Directive
from hoptac.directives.terms import Chain, DirectiveKind, Level
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.vietnamese import fold
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.jurisdiction.terms import AgencyKind
from hoptac.tasks.chains import chain_of
from hoptac.tasks.models import Assignment, Step, Task, Term
from hoptac.tasks.rules.rhythm import Due, periods
from hoptac.tasks.terms import Answer, Part, Rhythm, State, StepKind, TermState

Tell = Callable[[str], None]
_BATCH = 2000
_SECTIONS = ("I.1", "I.2", "II.1", "II.2", "II.2.a", "II.2.b", "II.3", "II.4", "III.1", "III.2")
_WORK = (
    "Rà soát các hợp tác xã ngừng hoạt động", "Mở lớp bồi dưỡng cán bộ hợp tác xã", "Tuyên truyền Luật Hợp tác xã",
    "Báo cáo tình hình kinh tế tập thể", "Hỗ trợ hợp tác xã vay vốn", "Xây dựng mô hình liên kết chuỗi giá trị",
    "Giải thể hợp tác xã yếu kém", "Sáp nhập hợp tác xã quy mô nhỏ", "Kiểm tra việc thi hành pháp luật",
    "Thành lập mới hợp tác xã", "Bố trí quỹ đất cho hợp tác xã", "Ứng dụng công nghệ trong sản xuất",
)  # fmt: skip
_RHYTHMS = (
    (Rhythm.ONCE, 62), (Rhythm.YEAR, 20), (Rhythm.HALF, 8), (Rhythm.QUARTER, 7), (Rhythm.STANDING, 3),
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much is made."""

    tasks: int = 10_000
    agencies: int = 300
    years: int = 5


@action("jurisdiction.manage", name="bench.load_tasks")
def load(
    ctx: Context, *, province_code: str, size: Size = Size(), seed: int = 3, tell: Tell = lambda line: None
) -> dict[str, int]:  # fmt: skip
    """Fill a province with made-up plans and tasks, some of each state; returns how many rows of each."""
    chance = random.Random(seed)  # noqa: S311
    if ctx.act_id is None:
        raise RuntimeError("only inside an act")
    tell(f"{size.agencies} agencies")
    agencies = _agencies(ctx, province_code, size, chance)
    party = next(a for a in agencies if a.kind == AgencyKind.PARTY)
    committee = next(a for a in agencies if a.kind == AgencyKind.COMMITTEE)
    plans = [
        _plan(ctx, ctx.today.year - back, issuer)
        for back in range(size.years)
        for issuer in (party, committee)
    ]
    Directive.objects.bulk_create(plans)
    made = _Made(ctx.today, ctx.act_id, chance, agencies)
    tell(f"{size.tasks:,} tasks")
    for n in range(size.tasks):
        made.add(n, plans[min(int(chance.expovariate(0.4)), len(plans) - 1)])
    Task.objects.bulk_create(made.tasks, batch_size=_BATCH)
    Assignment.objects.bulk_create(made.lines, batch_size=_BATCH)
    tell(f"{len(made.terms):,} terms, {len(made.steps):,} steps")
    Term.objects.bulk_create(made.terms, batch_size=_BATCH)
    Step.objects.bulk_create(made.steps, batch_size=_BATCH)
    with connection.cursor() as cursor:
        for table in ("task", "assignment", "term", "step"):
            cursor.execute(f"ANALYZE tasks_{table}")
    counts = {"tasks": len(made.tasks), "terms": len(made.terms), "steps": len(made.steps)}
    note(ctx, counts=counts)
    return counts


def _agencies(ctx: Context, code: str, size: Size, chance: random.Random) -> list[Agency]:
    """Return the province's agencies of today, filled up with made-up ones in its districts and communes."""
    found = list(
        Agency.objects.filter(province_code=code, valid__contains=ctx.today).order_by("code")
    )
    units = list(AdminUnit.objects.on(ctx.today).filter(province_code=code).order_by("code"))
    province = next(u for u in units if u.level == "province")
    below = [u for u in units if u.level != "province"]
    have = {a.kind for a in found}
    since = DateRange(date(2010, 1, 1), None)

    def agency(n: int, kind: str, name: str, unit: AdminUnit) -> Agency:
        return Agency(
            code=f"do-{n}", name=name, short_name=name[:60], kind=kind, unit=unit, province_code=code,
            valid=since, source="made up",
        )  # fmt: skip

    wanted = [
        (AgencyKind.PARTY, "Tỉnh ủy (đo tốc độ)"), (AgencyKind.COMMITTEE, "UBND tỉnh (đo tốc độ)"),
        (AgencyKind.DEPARTMENT, "Sở Tài chính (đo tốc độ)"), (AgencyKind.FRONT, "Mặt trận (đo tốc độ)"),
    ]  # fmt: skip
    new = [agency(n, k, w, province) for n, (k, w) in enumerate(wanted) if k not in have]
    while len(found) + len(new) < size.agencies:
        n = len(found) + len(new)
        unit = below[n % len(below)]
        new.append(agency(n, AgencyKind.OFFICE, f"Phòng Kinh tế {unit.full_name} ({n})", unit))
    Agency.objects.bulk_create(new)
    return [*found, *new]


def _plan(ctx: Context, year: int, issuer: Agency) -> Directive:
    chain = chain_of(issuer)
    symbol = f"{year - 2000}/KH-{'TU' if chain == Chain.PARTY else 'UBND'}-ĐO"
    title = f"Kế hoạch phát triển kinh tế tập thể năm {year} (đo tốc độ)"
    return Directive(
        province_code=issuer.province_code, chain=chain, level=Level.PROVINCE, kind=DirectiveKind.PLAN,
        number=str(year - 2000), symbol=symbol, title=title, issuer=issuer, issuer_name=issuer.name,
        issued_on=date(year, 1, 10), act_id=ctx.act_id,
    )  # fmt: skip


class _Made:
    """The rows as they are made."""

    def __init__(
        self, today: date, act: UUID, chance: random.Random, agencies: list[Agency]
    ) -> None:
        self.today, self.act, self.chance, self.agencies = today, act, chance, agencies
        self.tasks: list[Task] = []
        self.lines: list[Assignment] = []
        self.terms: list[Term] = []
        self.steps: list[Step] = []
        self.tops: dict[UUID, list[Task]] = {}

    def add(self, n: int, plan: Directive) -> None:
        """Add a task of a plan: a fifth are parts of another, and some wait to be assigned."""
        chance, issuer = self.chance, plan.issuer
        if issuer is None or plan.issued_on is None:
            raise ValueError("a made-up plan has issuer and day")
        tops = self.tops.setdefault(plan.pk, [])
        parent = chance.choice(tops) if tops and n % 5 == 0 else None
        rhythm = chance.choices([r for r, _w in _RHYTHMS], [w for _r, w in _RHYTHMS])[0]
        starts_on = plan.issued_on + timedelta(days=chance.randint(5, 60))
        task = Task(
            id=uuid7(), province_code=plan.province_code, number=f"Đ{n:05d}/{plan.issued_on.year}", directive=plan,
            section=parent.section if parent else chance.choice(_SECTIONS), parent=parent, position=n,
            title=f"{chance.choice(_WORK)} ({n})", chain=plan.chain, assigner=issuer, rhythm=rhythm,
            starts_on=starts_on, act_id=self.act,
        )  # fmt: skip
        task.fold = fold(f"{task.number} {task.title}")
        if parent is None:
            tops.append(task)
        self._step(task, StepKind.CREATED, starts_on, issuer)
        if n % 25:
            self._give(task, starts_on)
        self.tasks.append(task)

    def _give(self, task: Task, starts_on: date) -> None:
        chance = self.chance
        # Some agencies carry much more than others.
        lead = self.agencies[
            min(int(chance.expovariate(8 / len(self.agencies))), len(self.agencies) - 1)
        ]
        task.lead = lead
        answer = chance.choices((Answer.ACCEPTED, Answer.WAITING, Answer.REFUSED), (94, 4, 2))[0]
        line = self._line(task, lead, Part.LEAD, starts_on, answer)
        for helper in chance.sample(self.agencies, chance.choice((0, 0, 1, 2))):
            if helper.pk != lead.pk:
                self._line(task, helper, Part.COORDINATING, starts_on, Answer.ACCEPTED)
        self._step(task, StepKind.ASSIGNED, starts_on, task.assigner, to_agency=lead)
        if answer != Answer.ACCEPTED:
            is_refused = answer == Answer.REFUSED
            task.state = State.REFUSED if is_refused else State.ASSIGNED
            self._open_term(task, starts_on)
            return
        self._step(task, StepKind.ACCEPTED, starts_on + timedelta(days=3), lead)
        self._run(task, line, starts_on)

    def _run(self, task: Task, line: Assignment, starts_on: date) -> None:
        """Let the terms of a task pass: done in time, done late, late still, or under way."""
        chance, today = self.chance, self.today
        task.state = State.UNDER_WAY
        for label, begins, ends, due_on in self._days(task, starts_on):
            term = self._term(task, label, begins, ends, due_on)
            task.due_on = due_on
            for back in (60, 25):
                if (on := due_on - timedelta(days=back)) < today:
                    term.percent = 90 - back
                    self._step(
                        task, StepKind.PROGRESS, on, line.agency, term=term, percent=90 - back
                    )
            is_last = due_on >= today - timedelta(days=150)
            reported = due_on + timedelta(days=chance.choice((-9, -4, -2, -1, 5, 12)))
            if due_on < today and not (is_last and chance.random() < 0.3) and reported < today:
                self._report(task, term, line, reported, is_judged=chance.random() < 0.96)
                if term.state == TermState.REPORTED:
                    break
                task.percent = 0
                continue
            task.percent = term.percent
            break
        else:
            if task.rhythm == Rhythm.ONCE:
                task.state, task.percent = State.DONE, 100
                task.done_on = self.terms[-1].judged_on

    def _report(
        self, task: Task, term: Term, line: Assignment, on: date, *, is_judged: bool
    ) -> None:
        term.state, term.percent, term.reported_on = TermState.REPORTED, 100, on
        term.reported_by, term.result = line, "Đã thực hiện (đo tốc độ)."
        self._step(
            task,
            StepKind.REPORTED,
            on,
            line.agency,
            term=term,
            percent=100,
            to_agency=task.assigner,
        )
        if not is_judged:
            task.state, task.percent = State.REPORTED, 100
            return
        judged = min(on + timedelta(days=4), self.today)
        term.state, term.judged_on, term.judged_by = TermState.DONE, judged, task.assigner
        self._step(
            task, StepKind.JUDGED_DONE, judged, task.assigner, term=term, to_agency=line.agency
        )

    def _days(
        self, task: Task, starts_on: date
    ) -> Iterator[tuple[str, date | None, date | None, date]]:
        if task.rhythm == Rhythm.ONCE:
            yield "", None, None, starts_on + timedelta(days=self.chance.randint(30, 420))
            return
        for p in periods(task.rhythm, Due(), since=starts_on, until=self.today):
            yield p.label, p.begins_on, p.ends_on, p.due_on

    def _open_term(self, task: Task, starts_on: date) -> None:
        label, begins, ends, due_on = next(self._days(task, starts_on))
        task.due_on = due_on
        self._term(task, label, begins, ends, due_on)

    def _term(
        self, task: Task, label: str, begins: date | None, ends: date | None, due_on: date
    ) -> Term:
        found = Term(
            id=uuid7(), task=task, label=label, begins_on=begins, ends_on=ends, due_on=due_on, act_id=self.act
        )  # fmt: skip
        self.terms.append(found)
        return found

    def _line(self, task: Task, agency: Agency, part: str, since: date, answer: str) -> Assignment:
        line = Assignment(
            id=uuid7(), task=task, agency=agency, part=part, chain=chain_of(agency), assigned_by=task.assigner,
            since=since, answer=answer, act_id=self.act,
            answered_on=None if answer == Answer.WAITING else since + timedelta(days=3),
            answer_words="Không thuộc chức năng" if answer == Answer.REFUSED else "",
        )  # fmt: skip
        self.lines.append(line)
        return line

    def _step(self, task: Task, kind: str, on: date, agency: Agency, **more: Any) -> None:
        self.steps.append(
            Step(
                task=task,
                kind=kind,
                act_id=self.act,
                on=on,
                agency=agency,
                chain=chain_of(agency),
                **more,
            )
        )
