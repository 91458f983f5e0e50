"""Questions about the exchange; each begins with who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from hoptac.exchange.models import Difference, Extract, Message
from hoptac.exchange.terms import FIELD_NAMES, Side, Verdict, What
from hoptac.foundation.access import Context
from hoptac.foundation.audit.models import Act
from hoptac.foundation.outbox import SendState
from hoptac.jurisdiction.models import AdminUnit


def differences(ctx: Context) -> QuerySet[Difference]:
    return Difference.objects.visible_to(ctx).select_related("commune", "decided_by")


def difference_seen(ctx: Context, pk: UUID) -> Difference | None:
    """Return a difference if it lies within the caller's territory."""
    return differences(ctx).filter(pk=pk).select_related("extract", "last_extract").first()


def messages(ctx: Context) -> QuerySet[Message]:
    return Message.objects.visible_to(ctx)


def message_seen(ctx: Context, pk: UUID) -> Message | None:
    """Return a message if it lies within the caller's territory."""
    return messages(ctx).filter(pk=pk).first()


def counts_by(rows: QuerySet[Any], name: str) -> dict[str, int]:
    """Return how many rows bear each value of a column."""
    return dict(rows.order_by().values_list(name).annotate(n=Count("pk")))


@dataclass(frozen=True)
class Asked:
    """The filters of the list of differences, as its address says them."""

    state: str = Verdict.OPEN
    field: str = ""
    what: str = ""
    side: str = ""
    commune: str = ""
    text: str = ""

    @classmethod
    def read(cls, given: Any) -> Asked:
        """Return the filters of an address; what is no choice is passed over."""

        def one(name: str, choices: Any, default: str = "") -> str:
            value = str(given.get(name, default))
            return value if value in choices else default

        return cls(
            one("state", Verdict.values, Verdict.OPEN), one("field", FIELD_NAMES), one("what", What.values),
            one("side", (*Side.values, "none")), str(given.get("commune", ""))[:36],
            str(given.get("q", "")).strip()[:100],
        )  # fmt: skip

    def keep(self, rows: QuerySet[Difference], *, but: str = "") -> QuerySet[Difference]:
        """Return the rows that the filters let through."""
        if but != "state":
            rows = rows.filter(state=self.state)
        if self.field and but != "field":
            rows = rows.filter(field=self.field)
        if self.what:
            rows = rows.filter(what=self.what)
        if self.side:
            rows = rows.filter(suggestion="" if self.side == "none" else self.side)
        try:
            rows = rows.filter(commune=UUID(self.commune)) if self.commune else rows
        except ValueError:
            rows = rows.none()
        if self.text:
            rows = rows.filter(Q(name__icontains=self.text) | Q(code__startswith=self.text))
        return rows

    @property
    def pairs(self) -> dict[str, str]:
        found = {"state": self.state, "field": self.field, "what": self.what, "side": self.side,
                 "commune": self.commune, "q": self.text}  # fmt: skip
        return {k: v for k, v in found.items() if v}


def communes_with_differences(ctx: Context) -> list[tuple[str, str]]:
    """Return the communes in which something is open, as choices."""
    ids = differences(ctx).filter(state=Verdict.OPEN).order_by().values("commune").distinct()
    units = AdminUnit.objects.filter(pk__in=ids).in_order().select_related("parent")
    return [(str(u.pk), u.full_name) for u in units]


def last_exports() -> dict[str, Any]:
    """Return when each system's file was taken out last."""
    rows = Act.objects.filter(name="exchange.export").order_by("-number")
    found: dict[str, Any] = {}
    for act in rows.select_related("payload")[:200]:
        content = act.payload.content or {}
        system = (content.get("details") or {}).get("system", "")
        found.setdefault(system, act.at)
    return found


def last_extract(ctx: Context, system: str) -> Extract | None:
    return Extract.objects.visible_to(ctx).filter(system=system).order_by("-id").first()


def outbox_counts(ctx: Context) -> dict[str, int]:
    """Return how many messages stand where."""
    return {**dict.fromkeys(SendState.values, 0), **counts_by(messages(ctx), "state")}


def last_delivered(ctx: Context) -> Any:
    return messages(ctx).aggregate(last=Max("delivered_at"))["last"]
