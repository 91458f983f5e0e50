"""The Standing Committee's page: is the plan carried out, what changed on the ground, what needs a decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.directives.models import Directive
from hoptac.directives.terms import Chain
from hoptac.foundation.access import Context
from hoptac.foundation.audit.until_next_act import UntilNextAct, last_act
from hoptac.foundation.measures import Asked, measure
from hoptac.registry.terms import Sector, WorkingState
from hoptac.tasks import selectors as tasks
from hoptac.tasks.chains import chain_of_kind
from hoptac.tasks.charts.gantt import add_months
from hoptac.tasks.models import Escalated
from hoptac.tasks.terms import RUNNING, State, TermState

_WORST, _MONTHS = 10, 12
_LATELY = timedelta(days=30)


@dataclass
class Share:
    """Tasks of one part of the plan, or of one line of command, by how they stand. Late ones are under way, too."""

    label: str
    href: str
    done: int = 0
    late: int = 0
    in_time: int = 0
    not_begun: int = 0

    @property
    def total(self) -> int:
        return self.done + self.late + self.in_time + self.not_begun

    @property
    def percent_done(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def pieces(self) -> list[tuple[str, float, float]]:
        """Return where each piece of a bar 100 wide begins and how wide it is."""
        found, x = [], 0.0
        for css in ("done", "in_time", "late", "not_begun"):
            width = 100 * getattr(self, css) / (self.total or 1)
            found.append((css, round(x, 2), round(width, 2)))
            x += width
        return found

    def add(self, state: str, count: int, late: int) -> None:
        """Count tasks of one state, of which some are late."""
        self.late += late
        if state == State.DONE:
            self.done += count
        elif state in {State.DRAFT, State.ASSIGNED, State.REFUSED}:
            self.not_begun += count - late
        else:
            self.in_time += count - late


@dataclass(frozen=True)
class Worst:
    """A task that is late: who answers for it, for how many days."""

    pk: Any
    title: str
    number: str
    lead: str
    days: int


@dataclass(frozen=True)
class MonthBar:
    """A month of the trend: what was judged done in it, what stood late at its end; heights of bars 60 high."""

    label: str
    done: int
    late: int
    done_height: float
    late_height: float

    @property
    def done_y(self) -> float:
        return 82 - self.done_height

    @property
    def late_y(self) -> float:
        return 82 - self.late_height


@dataclass
class CarriedOut:
    """How far a plan is carried out."""

    whole: Share
    parts: list[Share] = field(default_factory=list)
    chains: list[Share] = field(default_factory=list)
    worst: list[Worst] = field(default_factory=list)
    late_in_all: int = 0
    trend: list[MonthBar] = field(default_factory=list)

    @property
    def lately(self) -> list[MonthBar]:
        """The last half of the months of the trend, for a narrow window."""
        return self.trend[-_MONTHS // 2 :]


def carried_out(ctx: Context, plan: Directive) -> CarriedOut:
    """Return how the tasks of a plan stand that the caller sees; what was called off does not count.

    Counted by the database in four questions, however many tasks there are.
    """
    seen = tasks.tasks_seen(ctx).filter(directive=plan).exclude(state=State.CANCELLED).order_by()
    late = Q(state__in=sorted(RUNNING), due_on__lt=ctx.today)
    address = f"{reverse('tasks:list')}?heap=all&directive={plan.pk}"
    found = CarriedOut(Share(_("The whole plan"), address))
    titles = _titles(plan)
    parts: dict[str, Share] = {}
    chains = {c: Share(str(c.label), f"{address}&led={c.value}") for c in Chain}
    rows = seen.values_list("section", "state", "lead__kind").annotate(
        first=Min("position"), n=Count("pk"), late=Count("pk", filter=late)
    )
    for section, state, kind, _first, count, late_count in sorted(
        rows, key=lambda r: (r[3], r[:2])
    ):
        top = section.partition(".")[0]
        if top not in parts:
            outline = (
                f"{reverse('tasks:outline')}?{urlencode({'directive': plan.pk, 'open': section})}"
            )
            parts[top] = Share(titles.get(top, top) or _("Outside of any section"), outline)
        shares = [found.whole, parts[top], *([chains[chain_of_kind(kind)]] if kind else [])]
        for share in shares:
            share.add(state, count, late_count)
    order = {top: n for n, top in enumerate(titles)}
    found.parts = [parts[top] for top in sorted(parts, key=lambda t: (order.get(t, len(order)), t))]
    found.chains = [c for c in chains.values() if c.total]
    worst = seen.filter(late).order_by("due_on", "number")[:_WORST]
    told = worst.values_list("pk", "title", "number", "lead__name", "due_on")
    found.worst = [
        Worst(pk, title, number, lead or "", (ctx.today - due_on).days)
        for pk, title, number, lead, due_on in told
        if due_on is not None
    ]
    found.late_in_all = found.whole.late
    found.trend = _trend(ctx, seen)
    return found


def _titles(plan: Directive) -> dict[str, str]:
    """Return the headings of the plan's highest sections as they were read."""
    sections = Directive.objects.filter(pk=plan.pk).values_list("reading__sections", flat=True)
    read = sections.first() or []
    return {
        s["path"]: f"{s['path']}. {s['title']}" if s.get("title") else s["path"]
        for s in read
        if isinstance(s, dict) and s.get("path") and "." not in s["path"]
    }


# A term stands late from the day after its due day until it is reported (or judged without a report). Each is
# put between the last days of the months: at the end of how many of them it was not yet due, not yet closed.
_TREND = """
SELECT width_bucket(due_on, %(lasts)s::date[]),
       coalesce(width_bucket(coalesce(reported_on, judged_on) - 1, %(lasts)s::date[]), %(months)s),
       CASE WHEN state = 'done' AND judged_on >= %(first)s THEN width_bucket(judged_on - 1, %(lasts)s::date[]) END,
       count(*)
FROM tasks_term WHERE due_on IS NOT NULL AND state <> 'cancelled' AND task_id IN ({tasks})
GROUP BY 1, 2, 3
"""


def _trend(ctx: Context, seen: Any) -> list[MonthBar]:
    """Return the last twelve months: terms judged done in each, terms late at its end."""
    firsts = [add_months(ctx.today, back) for back in range(1 - _MONTHS, 1)]
    lasts = [min(add_months(f, 1) - timedelta(days=1), ctx.today) for f in firsts]
    done, late = [0] * _MONTHS, [0] * _MONTHS
    for due, closed, judged, count in _asked_of(seen, lasts, firsts[0]):
        if judged is not None and judged < _MONTHS:
            done[judged] += count
        for n in range(due, min(closed, _MONTHS)):
            late[n] += count
    most = max(1, *done, *late)
    return [
        MonthBar(
            f"{first:%m/%y}", done[n], late[n], round(60 * done[n] / most, 1), round(60 * late[n] / most, 1),
        )
        for n, first in enumerate(firsts)
    ]  # fmt: skip


def _asked_of(seen: Any, lasts: list[date], first: date) -> list[tuple[int, int, int | None, int]]:
    try:
        tasks_sql, given = seen.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    names = {f"t{n}": value for n, value in enumerate(given)}
    inner = tasks_sql % tuple(f"%({name})s" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            _TREND.format(tasks=inner),
            {**names, "lasts": lasts, "first": first, "months": _MONTHS},
        )
        return cursor.fetchall()


# --- On the ground -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A figure at the baseline and today, with the records behind it."""

    label: str
    unit: str
    before: Decimal | None
    now: Decimal | None
    href: str
    before_href: str = ""

    @property
    def difference(self) -> Decimal | None:
        if self.before is None or self.now is None:
            return None
        return self.now - self.before


@dataclass(frozen=True)
class Ground:
    """What changed on the ground since the baseline."""

    figures: list[Change]
    sectors: list[Change]
    happened: list[Change]


_ground: UntilNextAct[Ground] = UntilNextAct()


def on_the_ground(ctx: Context, province_code: str, baseline: date) -> Ground:
    """Return the province's figures today beside those of the baseline; kept until the next act."""
    return _ground.get(
        (province_code, baseline, ctx.today),
        last_act(),
        lambda: _read_ground(province_code, baseline, ctx.today),
    )


_MILLION = Decimal(1_000_000)


def _read_ground(province_code: str, baseline: date, today: date) -> Ground:
    def change(
        code: str, label: str, unit: str, by: Decimal = Decimal(1), **parameters: str
    ) -> Change:
        known = measure(code)
        if known is None:
            return Change(label, unit, None, None, "")
        then, now = (
            known.take(Asked(province_code=province_code, on=day, parameters=parameters))
            for day in (baseline, today)
        )
        values = [None if r.value is None else r.value / by for r in (then, now)]
        return Change(label, unit, values[0], values[1], now.href, then.href)

    figures = [
        change("statistics.cooperatives", _("Cooperatives"), ""),
        change("statistics.members", _("Members"), _("persons")),
        change("statistics.workers", _("Workers"), _("persons")),
        change("statistics.charter_capital", _("Charter capital"), _("million dong"), _MILLION),
        change("statistics.area", _("Cultivated area"), "ha"),
    ]
    idle = [
        change("statistics.cooperatives", "", "", state=state.value)
        for state in (WorkingState.IDLE, WorkingState.AWAITING_DISSOLUTION)
    ]
    before, now = (
        sum((getattr(c, at) or Decimal(0) for c in idle), Decimal(0)) for at in ("before", "now")
    )
    figures.append(Change(_("Not operating"), "", before, now, idle[0].href, idle[0].before_href))
    return Ground(
        figures, _sectors(province_code, baseline, today), _happened(province_code, baseline, today)
    )


def _sectors(province_code: str, baseline: date, today: date) -> list[Change]:
    known = measure("statistics.cooperatives")
    if known is None:
        return []
    found: list[dict[str, Decimal | None]] = [
        dict(known.take(Asked(province_code=province_code, on=day)).parts)
        for day in (baseline, today)
    ]
    address = f"{reverse('registry:list')}?kind=cooperative&sector="
    codes = {str(label): code for code, label in Sector.choices}
    labels = list(dict.fromkeys([*found[0], *found[1]]))
    return [
        Change(
            label, "", found[0].get(label) or Decimal(0), found[1].get(label) or Decimal(0),
            f"{address}{codes.get(label, '')}", f"{address}{codes.get(label, '')}&on={baseline.isoformat()}",
        )
        for label in labels
    ]  # fmt: skip


def _happened(province_code: str, baseline: date, today: date) -> list[Change]:
    asked = Asked(province_code=province_code, on=today, since=baseline)
    found = []
    for code, label in (
        ("register.new", _("Founded")), ("register.ended", _("Ended")),
        ("register.joined", _("Merged or consolidated")),
        ("register.idle_ended", _("Of those not operating, ended")),
    ):  # fmt: skip
        known = measure(code)
        if known is not None:
            reading = known.take(asked)
            found.append(Change(label, "", None, reading.value, reading.href))
    return found


# --- Decisions ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """Something of the plan that waits for a decision."""

    label: str
    count: int
    href: str
    note: str = ""


def decisions(ctx: Context, plan: Directive) -> list[Decision]:
    """Return what of the plan waits for somebody to decide; nothing that counts none."""
    seen = tasks.tasks_seen(ctx).filter(directive=plan)
    counts = seen.order_by().aggregate(
        **{state.value: Count("pk", filter=Q(state=state)) for state in State}
    )
    orphans = tasks.tasks_without_owner(ctx).filter(directive=plan).order_by().count()
    told = Escalated.objects.filter(
        to__contains="overseer", on__gt=ctx.today - _LATELY, term__state=TermState.OPEN,
        term__task__in=seen.order_by().values("pk"),
    )  # fmt: skip
    escalated = told.order_by().values("term__task").distinct().count()
    address, late = f"{reverse('tasks:list')}?heap=all&directive={plan.pk}", "&late=1"
    rows = (
        Decision(_("Reports to judge"), counts[State.REPORTED], f"{address}&state={State.REPORTED}"),
        Decision(_("Tasks refused"), counts[State.REFUSED], f"{address}&state={State.REFUSED}",
                 _("Assign them anew, or insist.")),
        Decision(_("Tasks nobody was given"), counts[State.DRAFT], f"{address}&state={State.DRAFT}"),
        Decision(_("Tasks whose agency has ended"), orphans, f"{reverse('tasks:agencies')}?directive={plan.pk}"),
        Decision(_("Escalated to you in the last 30 days, still late"), escalated, address + late),
    )  # fmt: skip
    return [r for r in rows if r.count]
