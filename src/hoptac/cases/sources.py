"""Where the dates of each ground come from: the register and what this app keeps, or a higher app.

An app that keeps them better declares its own when it starts, and answers instead:

    declare("no_meeting", MeetingsOfGovernance())
"""

from __future__ import annotations

import functools
import operator
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery

from hoptac.cases.models import KeptDate, SharesStatement
from hoptac.cases.rules.grounds import LIMITS, Held, Said, least_members, rule_of
from hoptac.cases.terms import DateKind, Share
from hoptac.foundation.rulebook import versions
from hoptac.registration.models import Suspension
from hoptac.registry.models import FigureStatement, Particulars
from hoptac.registry.models.periods import PeriodQuerySet
from hoptac.registry.terms import Kind, WorkingState

FAR = date(9999, 12, 31)


class Source(Protocol):
    """Answers for one ground. ``bodies`` are the periods of the day of those who are asked about."""

    def suspects(self, bodies: PeriodQuerySet, day: date, begun_by: date) -> PeriodQuerySet:
        """Keep, cheaply, every body whose condition may have begun by a day; a few too many do no harm."""

    def held(self, bodies: PeriodQuerySet, day: date) -> Mapping[UUID, Held]:
        """Return what is kept of each up to the day; bodies of which nothing is kept are left out."""

    def pressing(self, bodies: PeriodQuerySet, day: date, begun_by: date) -> Mapping[UUID, Held]:
        """Return, for the list of a province, what decides of the suspects: they come out judged as
        by all that is kept of them. Bodies that were not asked about may be among them."""

    def unknown(self, bodies: PeriodQuerySet, day: date) -> PeriodQuerySet:
        """Keep the bodies of which nothing is kept."""


_SOURCES: dict[str, Source] = {}


def declare(code: str, source: Source) -> None:
    """Let a source answer for a ground; the last declared answers."""
    _SOURCES[code] = source


def source_of(code: str) -> Source:
    return _SOURCES[code]


def _gathered(rows: Iterable[tuple[UUID, Said]]) -> dict[UUID, Held]:
    """Return what was said of each body; rows come in the order of their days."""
    found: dict[UUID, list[Said]] = defaultdict(list)
    for pk, said in rows:
        found[pk].append(said)
    return {pk: Held(tuple(said)) for pk, said in found.items()}


def kept(day: date, *kinds: str) -> Any:
    """Return the live kept dates of these kinds up to a day."""
    return KeptDate.objects.live().filter(kind__in=kinds, on__lte=day)


def _of_body(rows: Any) -> Any:
    return rows.filter(cooperative=OuterRef("cooperative_id"))


def _among(rows: Any, ids: list[UUID]) -> Any:
    """Keep the rows of these bodies: one array, not a parameter for each of thousands."""
    table = rows.model._meta.db_table
    return rows.extra(where=[f"{table}.cooperative_id = ANY(%s)"], params=[ids])  # noqa: S610


def _ids(bodies: PeriodQuerySet) -> Any:
    return bodies.order_by().values("cooperative_id")


class Sieved(ABC):
    """A source whose suspects are few: everything kept of them is looked at."""

    @abstractmethod
    def suspects(self, bodies: PeriodQuerySet, day: date, begun_by: date) -> PeriodQuerySet:
        """See :meth:`Source.suspects`."""

    @abstractmethod
    def held(self, bodies: PeriodQuerySet, day: date) -> Mapping[UUID, Held]:
        """See :meth:`Source.held`."""

    def pressing(self, bodies: PeriodQuerySet, day: date, begun_by: date) -> Mapping[UUID, Held]:
        return self.held(self.suspects(bodies, day, begun_by), day)


# The last meeting of the bodies that held none since a day. Whose territory it is asked afterwards:
# few remain, and reading every body costs more than reading every date in its index.
_LAST = """
SELECT c.cooperative_id, k."on", k.document
FROM (
    SELECT cooperative_id FROM cases_keptdate
    WHERE retired_by IS NULL AND kind = %(begins)s AND "on" <= %(day)s
    GROUP BY cooperative_id HAVING max("on") <= %(begun_by)s
) c
CROSS JOIN LATERAL (
    SELECT "on", document FROM cases_keptdate
    WHERE retired_by IS NULL AND kind = %(begins)s AND cooperative_id = c.cooperative_id AND "on" <= %(day)s
    ORDER BY "on" DESC, id DESC LIMIT 1
) k
"""
# What was asked for, by a day, and not answered by another.
_UNANSWERED = """
SELECT c.cooperative_id, k."on", k.document
FROM (
    SELECT cooperative_id, max("on") FILTER (WHERE kind = %(ends)s) AS answered
    FROM cases_keptdate
    WHERE retired_by IS NULL AND kind IN (%(begins)s, %(ends)s) AND "on" <= %(day)s
    GROUP BY cooperative_id
    HAVING max("on") FILTER (WHERE kind = %(begins)s)
        > coalesce(max("on") FILTER (WHERE kind = %(ends)s), '-infinity')
) c
CROSS JOIN LATERAL (
    SELECT id, "on", document FROM cases_keptdate
    WHERE retired_by IS NULL AND kind = %(begins)s AND cooperative_id = c.cooperative_id
        AND "on" <= %(day)s AND "on" > coalesce(c.answered, '-infinity')
) k
ORDER BY k."on", k.id
"""


class Dates(Sieved):
    """A ground that rests on kept dates alone: general meetings, reports."""

    def __init__(self, begins: DateKind, ends: DateKind | None = None) -> None:
        self.begins, self.ends = begins, ends
        self.kinds = tuple(k for k in (begins, ends) if k)

    def suspects(self, bodies: PeriodQuerySet, day: date, begun_by: date) -> PeriodQuerySet:
        found = bodies.filter(Exists(_of_body(kept(begun_by, self.begins))))
        if self.ends is None:
            # What begins anew with each (a meeting) is none where one was held since.
            found = found.filter(~Exists(_of_body(kept(day, self.begins).filter(on__gt=begun_by))))
        return found

    def held(self, bodies: PeriodQuerySet, day: date) -> Mapping[UUID, Held]:
        rows = kept(day, *self.kinds).filter(cooperative__in=_ids(bodies))
        if self.ends is None:
            # Only the last counts: a province has many more.
            rows = rows.order_by("cooperative_id", "-on", "-id").distinct("cooperative_id")
        else:
            rows = rows.order_by("on", "id")
        says = {self.begins.value: "asked" if self.ends else "held"}
        return _gathered(
            (pk, Said(on, says.get(kind, "received"), document))
            for pk, kind, on, document in rows.values_list(
                "cooperative_id", "kind", "on", "document"
            )
        )

    def pressing(self, bodies: PeriodQuerySet, day: date, begun_by: date) -> Mapping[UUID, Held]:
        """Return the last meeting, or the requests without an answer, of those who may press.

        Those outside of ``bodies`` are among them: whoever lists them knows whom it asked about.
        """
        given: dict[str, Any] = {
            "begins": self.begins.value, "ends": self.ends.value if self.ends else "", "day": day,
            "begun_by": begun_by,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_UNANSWERED if self.ends else _LAST, given)
            rows = cursor.fetchall()
        if self.ends is None:
            return {pk: Held((Said(on, "held", document),)) for pk, on, document in rows}
        found = _gathered((pk, Said(on, "asked", document)) for pk, on, document in rows)
        return {pk: held for pk, held in found.items() if held.said[0].on <= begun_by}

    def unknown(self, bodies: PeriodQuerySet, day: date) -> PeriodQuerySet:
        return bodies.filter(~Exists(_of_body(kept(day, *self.kinds))))


class Members(Sieved):
    """Too few members: the register's statements of figures."""

    def suspects(self, bodies: PeriodQuerySet, day: date, begun_by: date) -> PeriodQuerySet:
        few = (Q(kind=k, members__lt=least_members(k, day)) for k in Kind.values)
        return bodies.filter(functools.reduce(operator.or_, few))

    def held(self, bodies: PeriodQuerySet, day: date) -> Mapping[UUID, Held]:
        rows = (
            FigureStatement.objects.live()
            .filter(cooperative__in=_ids(bodies), as_of__lte=day, members__isnull=False)
            .order_by("as_of", "id")
        )
        return _gathered(
            (pk, Said(on, members, source))
            for pk, on, members, source in rows.values_list(
                "cooperative_id", "as_of", "members", "source"
            )
        )

    def unknown(self, bodies: PeriodQuerySet, day: date) -> PeriodQuerySet:
        return bodies.filter(members__isnull=True)


_STILL = (WorkingState.IDLE, WorkingState.AWAITING_DISSOLUTION)


class Idleness(Sieved):
    """Stopped: the register's working state with its days, and what was said of the stop."""

    def suspects(self, bodies: PeriodQuerySet, day: date, begun_by: date) -> PeriodQuerySet:
        """Keep those that stand still, and of whose stop on that day no notice was given."""
        told = kept(day, DateKind.STOP_NOTICE).filter(Q(until__isnull=True) | Q(until__gte=day))
        pauses = Suspension.objects.live().filter(valid__contains=day)
        return (
            bodies.filter(working_state__in=_STILL)
            .filter(~Exists(_of_body(told)))
            .filter(~Exists(_of_body(pauses)))
        )

    def held(self, bodies: PeriodQuerySet, day: date) -> Mapping[UUID, Held]:
        ids = list(_ids(bodies).values_list("cooperative_id", flat=True))
        said = [*self._stretches(ids, day)]
        stops = _among(kept(day, DateKind.IDLE_SINCE), ids)
        for pk, on, document in stops.values_list("cooperative_id", "on", "document"):
            said.append((on, 1, pk, Said(on, WorkingState.IDLE.value, document)))
        said.sort(key=lambda row: row[:2])
        covered = self._covered(ids, day)
        found = _gathered((pk, one) for _on, _rank, pk, one in said)
        return {pk: held._replace(covered=covered.get(pk, ())) for pk, held in found.items()}

    @staticmethod
    def _stretches(ids: list[UUID], day: date) -> Iterator[tuple[date, int, UUID, Said]]:
        """Yield the working states with their days.

        A body that was entered as stopped did not stop when it was founded: it is known to have
        stopped on the day that was stated with it, and before that nothing is known.
        """
        rows = (
            _among(Particulars.objects.live(), ids)
            .filter(valid__startswith__lte=day)
            .annotate(stated_on=Subquery(_stated_with(OuterRef("act_id")).values("as_of")[:1]))
            .order_by("cooperative_id", "valid")
        )
        last = None
        for pk, valid, state, source, stated_on in rows.values_list(
            "cooperative_id", "valid", "working_state", "source", "stated_on"
        ):
            begins = valid.lower or date.min
            if pk != last and state in _STILL:
                yield begins, 0, pk, Said(begins, WorkingState.UNKNOWN.value, source)
                begins = max(stated_on, begins) if stated_on else FAR
            last = pk
            if begins <= day:
                yield begins, 0, pk, Said(begins, state, source)

    @staticmethod
    def _covered(ids: list[UUID], day: date) -> dict[UUID, tuple[tuple[date, date], ...]]:
        """Return the stretches of each body of which notice was given: notices and registered pauses."""
        found = stretches_of(_among(kept(day, DateKind.STOP_NOTICE), ids))
        pauses = _among(Suspension.objects.live(), ids).filter(valid__startswith__lte=day)
        for pk, valid in pauses.values_list("cooperative_id", "valid"):
            found[pk].append((valid.lower, valid.upper or FAR))
        return {pk: tuple(sorted(rows)) for pk, rows in found.items()}

    def unknown(self, bodies: PeriodQuerySet, day: date) -> PeriodQuerySet:
        known = _of_body(Particulars.objects.live()).filter(
            ~Q(working_state__in=_STILL) | Exists(_stated_with(OuterRef("act_id")))
        )
        since = _of_body(kept(day, DateKind.IDLE_SINCE))
        return bodies.filter(
            Q(working_state=WorkingState.UNKNOWN)
            | Q(working_state__in=_STILL) & ~Exists(known) & ~Exists(since)
        )


def _stated_with(act: Any) -> Any:
    """Return the figures that an act stated of a body together with its particulars."""
    stated = FigureStatement.objects.live().filter(
        cooperative=OuterRef("cooperative_id"), act_id=act
    )
    return stated.order_by("as_of")


def stretches_of(rows: Any) -> dict[UUID, list[tuple[date, date]]]:
    """Return kept dates with an end as (first day, day after the last), by body."""
    found: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    for pk, on, until in rows.values_list("cooperative_id", "on", "until"):
        found[pk].append((on, until + timedelta(days=1) if until else FAR))
    return found


class Parts(Sieved):
    """Capped parts of capital, members and seats: statements that were declared or found."""

    def __init__(self, code: str, *parts: Share) -> None:
        self.code, self.parts = code, parts

    def _said(self, day: date) -> Any:
        given = (Q(**{f"{p}__isnull": False}) for p in self.parts)
        return SharesStatement.objects.live().filter(
            functools.reduce(operator.or_, given), as_of__lte=day
        )

    def suspects(self, bodies: PeriodQuerySet, day: date, begun_by: date) -> PeriodQuerySet:
        over = Q(pk__in=())
        for kind in (Kind.COOPERATIVE, Kind.UNION):
            for part, limit in LIMITS[self.code](kind, day).items():
                over |= Q(**{f"{part}__gte": limit})
        return bodies.filter(Exists(_of_body(self._said(day).filter(over))))

    def held(self, bodies: PeriodQuerySet, day: date) -> Mapping[UUID, Held]:
        rows = self._said(day).filter(cooperative__in=_ids(bodies)).order_by("as_of", "id")
        fields = ("cooperative_id", "as_of", "document", "source", *self.parts)
        return _gathered(
            (
                pk,
                Said(
                    on,
                    {p: v for p, v in zip(self.parts, values, strict=True) if v is not None},
                    document or source,
                ),
            )
            for pk, on, document, source, *values in rows.values_list(*fields)
        )

    def unknown(self, bodies: PeriodQuerySet, day: date) -> PeriodQuerySet:
        return bodies.filter(~Exists(_of_body(self._said(day))))


class YearlyReports(Dates):
    """The yearly report of a group: what was received last decides which year is owed next."""

    def __init__(self) -> None:
        super().__init__(DateKind.REPORT_RECEIVED)

    def pressing(self, bodies: PeriodQuerySet, day: date, begun_by: date) -> Mapping[UUID, Held]:
        # The year that a report covers begins up to half a year before it came in.
        return super().pressing(bodies, day, min(begun_by + timedelta(days=200), day))


class SinceTheLaw(Sieved):
    """What bodies of before the Law of 2023 had to settle within a term, or be found to need not."""

    def __init__(self, code: str, settles: DateKind, **lacking: Any) -> None:
        self.code, self.settles, self.lacking = code, settles, lacking

    @property
    def law(self) -> date:
        return versions(rule_of(self.code))[0].in_force

    def suspects(self, bodies: PeriodQuerySet, day: date, begun_by: date) -> PeriodQuerySet:
        settled = _of_body(kept(day, self.settles).filter(on__gte=self.law))
        return bodies.filter(established_on__lt=self.law, **self.lacking).filter(~Exists(settled))

    def held(self, bodies: PeriodQuerySet, day: date) -> Mapping[UUID, Held]:
        fields = ("cooperative_id", "established_on", *self.lacking)
        found = {
            pk: self._said(established, dict(zip(self.lacking, values, strict=True)))
            for pk, established, *values in bodies.order_by().values_list(*fields)
        }
        for pk, on, document in (
            kept(day, self.settles)
            .filter(cooperative__in=_ids(bodies), on__gte=self.law)
            .order_by("on", "id")
            .values_list("cooperative_id", "on", "document")
        ):
            if pk in found:
                found[pk].append(Said(on, "settled", document))
        return {pk: Held(tuple(said)) for pk, said in found.items()}

    def _said(self, established: date | None, values: dict[str, Any]) -> list[Said]:
        if established is None:
            return [Said(self.law, "unknown")]
        if established >= self.law or values != self.lacking:
            return [Said(max(established, self.law), "after")]
        return [Said(self.law, "before")]

    def unknown(self, bodies: PeriodQuerySet, day: date) -> PeriodQuerySet:
        return bodies.filter(established_on__isnull=True)


def declare_all() -> None:
    """Let what the register and this app keep answer for every ground."""
    declare("idle", Idleness())
    declare("no_report", Dates(DateKind.REPORT_ASKED, DateKind.REPORT_RECEIVED))
    declare("few_members", Members())
    foreign = (Share.FOREIGN_CAPITAL, Share.FOREIGN_MEMBERS, Share.FOREIGN_BOARD)
    declare("foreign_share", Parts("foreign_share", *foreign))
    declare("capital_cap", Parts("capital_cap", Share.LARGEST_MEMBER, Share.ASSOCIATES))
    declare("no_meeting", Dates(DateKind.MEETING))
    declare("charter", SinceTheLaw("charter", DateKind.CHARTER))
    declare(
        "group_registration",
        SinceTheLaw("group_registration", DateKind.NO_NUMBER, registration_number=""),
    )
    declare("group_members", Members())
    declare("group_report", YearlyReports())
