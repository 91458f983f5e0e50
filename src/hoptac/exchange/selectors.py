"""Questions about the exchange; each begins with who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from hoptac.exchange.models import Difference, Extract, Message
from hoptac.exchange.records import CONTACTS
from hoptac.exchange.rules.by_filing import needs_filing, procedure_for, proposal_for
from hoptac.exchange.terms import FIELD_NAMES, ExtractState, Side, Verdict, What
from hoptac.foundation.access import ROLES, Context
from hoptac.foundation.audit.models import Act
from hoptac.foundation.outbox import SendState
from hoptac.jurisdiction.places import places
from hoptac.jurisdiction.roles import role_name
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.rules.procedures import is_known_on
from hoptac.registry.models import Cooperative


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
        if self.commune:
            rows = rows.filter(commune__in=_lying_in(rows, self.commune))
        if self.text:
            rows = rows.filter(Q(name__icontains=self.text) | Q(code__startswith=self.text))
        return rows

    @property
    def pairs(self) -> dict[str, str]:
        found = {"state": self.state, "field": self.field, "what": self.what, "side": self.side,
                 "commune": self.commune, "q": self.text}  # fmt: skip
        return {k: v for k, v in found.items() if v}


def _lying_in(rows: QuerySet[Difference], commune: str) -> list[UUID]:
    """Return the communes of rows, past ones too, whose ground lies in the named one today."""
    try:
        wanted = UUID(commune)
    except ValueError:
        return []
    today = timezone.localdate()
    named = places().commune_on(wanted, today)
    units = rows.order_by().exclude(commune=None).values_list("commune", flat=True).distinct()
    return [
        u for u in units
        if u == wanted or (named and (p := places().commune_on(u, today)) and p.id == named.id)
    ]  # fmt: skip


def communes_with_differences(ctx: Context) -> list[tuple[str, str]]:
    """Return the communes of today in which something is open, as choices."""
    rows = differences(ctx).filter(state=Verdict.OPEN).order_by().exclude(commune=None)
    units = rows.values_list("commune", flat=True).distinct()
    found = {p.id: p for u in units if (p := places().commune_on(u, ctx.today))}
    return [(str(p.id), p.heading) for p in sorted(found.values(), key=lambda p: p.sort_key)]


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
    ready = Extract.objects.visible_to(ctx).filter(system=system, state=ExtractState.READY)
    return ready.order_by("-id").first()


def outbox_counts(ctx: Context) -> dict[str, int]:
    """Return how many messages stand where."""
    return {**dict.fromkeys(SendState.values, 0), **counts_by(messages(ctx), "state")}


def last_delivered(ctx: Context) -> Any:
    return messages(ctx).aggregate(last=Max("delivered_at"))["last"]


def what_they_say(ctx: Context, pk: UUID, procedure: str) -> dict[str, Any]:
    """Return what a dossier that is begun from a difference says already; nothing out of reach."""
    found = Difference.objects.visible_to(ctx, "exchange.reconcile").filter(pk=pk).first()
    if found is None or procedure != procedure_for(found.field, found.ours, found.theirs):
        return {}
    if found.field in CONTACTS and not ctx.may_throughout(
        "registry.view_contacts", of="exchange.view"
    ):
        return {}
    return proposal_for(procedure, found.field, found.theirs, found.record)


def way_by_filing(ctx: Context, difference: Difference) -> dict[str, str] | None:
    """Return the procedure by which the law makes what they say so, and where it begins, if any."""
    code = procedure_for(difference.field, difference.ours, difference.theirs)
    body = difference.cooperative
    if not code or body is None or not difference.theirs:
        return None
    if not is_known_on(code, ctx.today, body.kind):
        return None
    may = ctx.carries("registration.receive", body, of="exchange.view")
    pairs = urlencode({"body": body.pk, "difference": difference.pk})
    href = f"{reverse('registration:intake', args=[code])}?{pairs}" if may else ""
    return {
        "title": PROCEDURES[code].title, "href": href,
        "is_only_way": "yes" if needs_filing(difference.field, difference.theirs) else "",
    }  # fmt: skip


def open_differences_of(ctx: Context, body: Cooperative) -> list[Difference]:
    """Return what is open about a body, by field."""
    rows = Difference.objects.visible_to(ctx).filter(cooperative=body, state=Verdict.OPEN)
    return list(rows.select_related("last_extract").order_by("field", "id"))


def deciders() -> list[str]:
    """Return the names of the roles that may decide differences."""
    return [role_name(r.code) for r in ROLES.values() if "exchange.reconcile" in r.permissions]
