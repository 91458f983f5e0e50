"""What a list of tasks is asked for: heap, filters, words, order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from hoptac.directives.models import Directive
from hoptac.directives.terms import Chain
from hoptac.foundation.access import Context
from hoptac.foundation.vietnamese import fold
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.tasks import selectors
from hoptac.tasks.chains import kinds_of
from hoptac.tasks.models.tasks import TaskQuerySet, Term
from hoptac.tasks.terms import State

_NAMES = (
    "heap",
    "q",
    "agency",
    "unit",
    "directive",
    "state",
    "chain",
    "led",
    "year",
    "late",
    "extended",
)


@dataclass
class Asked:
    """The filters of a list; what is not understood counts as not asked."""

    heap: str = ""
    q: str = ""
    agency: UUID | None = None
    unit: UUID | None = None
    directive: UUID | None = None
    state: str = ""
    chain: str = ""
    led: str = ""
    """The line of command of the leading agency; ``chain`` is that of whoever assigned the task."""
    year: int | None = None
    late: bool = False
    extended: bool = False
    """Whether the due day was moved since it was first set."""

    @classmethod
    def of(cls, ctx: Context, given: Any) -> Asked:
        """Return what an address asks for."""
        year = given.get("year", "")
        return cls(
            heap=given.get("heap", ""), q=given.get("q", "").strip()[:100], agency=as_uuid(given.get("agency", "")),
            unit=as_uuid(given.get("unit", "")), directive=as_uuid(given.get("directive", "")),
            state=given.get("state", "") if given.get("state") in State.values else "",
            chain=given.get("chain", "") if given.get("chain") in Chain.values else "",
            led=given.get("led", "") if given.get("led") in Chain.values else "",
            year=int(year) if year.isdecimal() and 1990 <= int(year) <= 2100 else None,
            late=given.get("late") in {"1", "on"}, extended=given.get("extended") in {"1", "on"},
        )  # fmt: skip

    def kept(self, ctx: Context) -> Q:
        """Return the condition of the filters, without the heap."""
        found = Q()
        for word in fold(self.q).split():
            found &= Q(fold__contains=word)
        if self.directive:
            found &= Q(directive=self.directive)
        if self.unit:
            found &= Q(lead__unit=self.unit)
        if self.state:
            found &= Q(state=self.state)
        if self.chain:
            found &= Q(chain=self.chain)
        if self.led:
            found &= Q(lead__kind__in=kinds_of(self.led))
        if self.year:
            found &= Q(due_on__year=self.year)
        if self.late:
            found &= Q(state__in=("assigned", "refused", "under_way"), due_on__lt=ctx.today)
        if self.extended:
            moved = Term.objects.filter(task=OuterRef("pk"), first_due_on__isnull=False)
            found &= Q(Exists(moved))
        return found

    def tasks(self, ctx: Context) -> TaskQuerySet:
        """Return the tasks asked for, those due first; those of one plan in the plan's order.

        What was called off is there only where that state is asked for.
        """
        found = selectors.tasks_seen(ctx).filter(self.kept(ctx))
        if self.heap not in {"", "all"}:
            found = found.filter(selectors.heap(self.heap, ctx))
        if not self.state:
            found = found.exclude(state=State.CANCELLED)
        if self.agency:
            found = found.of_agencies(frozenset({self.agency}))
        if self.directive and self.heap in {"", "all"}:
            return found.order_by("position", "id")  # type: ignore[return-value]
        return found.order_by(F("due_on").asc(nulls_last=True), "position", "id")  # type: ignore[return-value]

    def query(self, **other: Any) -> str:
        """Return the address part that asks for this."""
        values = {n: getattr(self, n) for n in _NAMES} | other
        return urlencode({k: ("1" if v is True else v) for k, v in values.items() if v})

    @property
    def is_narrow(self) -> bool:
        """Whether any filter but the heap is set."""
        return any(getattr(self, n) for n in _NAMES if n != "heap")

    @property
    def led_name(self) -> str:
        return str(Chain(self.led).label) if self.led else ""

    @property
    def narrows_a_plan(self) -> bool:
        """Whether any filter but the heap and the plan itself is set."""
        return any(getattr(self, n) for n in _NAMES if n not in {"heap", "directive"})

    @property
    def narrowed_by(self) -> int:
        """How many filters are set besides the words and the heap."""
        return sum(bool(getattr(self, n)) for n in _NAMES if n not in {"heap", "q"})

    def choices(self, ctx: Context) -> dict[str, Any]:
        """Return what each filter offers."""
        province = sorted({g.province_code for g in ctx.grants})
        led = selectors.tasks_seen(ctx).order_by().filter(lead=OuterRef("pk"))
        agencies = Agency.objects.filter(Exists(led)).order_by("name")
        if "*" in province:
            agencies = Agency.objects.order_by("name")
        seen = selectors.tasks_seen(ctx).filter(directive__isnull=False).order_by()
        directives = Directive.objects.filter(pk__in=seen.values("directive"))
        return {
            "agencies": list(agencies.only("pk", "name")),
            "directives": list(directives.order_by("-issued_on", "-id").only("pk", "kind", "symbol", "title")),
            "unit": AdminUnit.objects.filter(pk=self.unit).first() if self.unit else None,
            "states": State.choices, "chains": Chain.choices,
            "years": list(range(ctx.today.year + 1, max(ctx.today.year - 8, 2018), -1)),
        }  # fmt: skip


def as_uuid(text: str) -> UUID | None:
    """Return an id that came in an address; nothing where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
