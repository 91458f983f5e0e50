"""The fee of a filing: what is due, what was paid, and totals of a period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding
from hoptac.registration.models import FeeEntry, FeeTable, Filing
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.rules.fees import Fee, Standing, compute_fee
from hoptac.registration.rules.procedures import title_of
from hoptac.registration.terms import FeeEntryKind, State

# In which nothing more is paid for a dossier.
CLOSED = frozenset({State.RETURNED, State.WITHDRAWN, State.LAPSED})


def fee_of(filing: Filing) -> Fee:
    """Return the fee of a filing by the table in force on the day that it was received."""
    day = filing.received_on or filing.filed_on
    table = FeeTable.on(filing.province_code, day)
    found = compute_fee(
        table.lines.all() if table else (), filing.procedure, filing.kind, filing.channel, day,
        by_office=PROCEDURES[filing.procedure].by_office,
    )  # fmt: skip
    if table is None or found.standing != Standing.DUE:
        return found
    return replace(found, basis=table.basis, is_invented=table.is_invented, table=table)


@dataclass(frozen=True)
class Account:
    """A filing's fee with what was done about it; ``open`` is what is still to be paid."""

    fee: Fee
    entries: list[FeeEntry]
    paid: int
    refunded: int
    is_waived: bool

    @property
    def kept(self) -> int:
        """What was paid and not paid back."""
        return self.paid - self.refunded

    @property
    def open(self) -> int:
        owed = self.fee.standing == Standing.DUE and not self.is_waived
        return max(0, self.fee.amount - self.kept) if owed else 0


def account_of(filing: Filing) -> Account:
    """Return a filing's account: fee, entries that stand, sums."""
    entries = list(FeeEntry.objects.live().filter(filing=filing).select_related("by"))
    sums = {k: sum(e.amount for e in entries if e.kind == k) for k in FeeEntryKind}
    waived = any(e.kind == FeeEntryKind.WAIVED for e in entries)
    return Account(
        fee_of(filing), entries, sums[FeeEntryKind.PAID], sums[FeeEntryKind.REFUNDED], waived
    )


def unpaid(account: Account) -> Iterator[Finding]:
    """Yield an error while the fee of a filing is not paid (Law 2023 art. 44)."""
    if account.open:
        yield Finding(
            "fee_unpaid",
            _("The fee is not paid: %(amount)s dong.")
            % {"amount": f"{account.open:,}".replace(",", ".")},
            account.fee.basis,
            details={"amount": account.open},
        )


def tables_of(province: str) -> QuerySet[FeeTable]:
    """Return the tables of a province that stand, the latest first."""
    found: QuerySet[FeeTable] = FeeTable.objects.live().filter(province_code=province)
    return found.prefetch_related("lines")


# --- Lists and totals ------------------------------------------------------------------------------


def entries_seen(ctx: Context, first: date, last: date, procedure: str = "") -> QuerySet[FeeEntry]:
    """Return the entries of a period for filings of the caller's territory, in order of days."""
    seen = Filing.objects.visible_to(ctx)
    if procedure:
        seen = seen.filter(procedure=procedure)
    found: QuerySet[FeeEntry] = FeeEntry.objects.live().filter(
        on__range=(first, last), filing__in=seen
    )
    return found.select_related("filing", "filing__commune", "by").order_by("on", "id")


@dataclass(frozen=True)
class Total:
    """Fees of a procedure over a period, in dong."""

    procedure: str
    title: str
    dossiers: int
    paid: int
    refunded: int
    waived: int

    @property
    def kept(self) -> int:
        return self.paid - self.refunded


def together(totals: Iterable[Total]) -> Total:
    """Return the sums over procedures."""
    every = list(totals)
    return Total(
        "", "", *(sum(getattr(t, n) for t in every) for n in ("dossiers", "paid", "refunded", "waived"))
    )  # fmt: skip


def totals_seen(ctx: Context, first: date, last: date, procedure: str = "") -> list[Total]:
    """Return the sums of a period by procedure, for filings of the caller's territory."""

    def of(kind: FeeEntryKind) -> Q:
        return Q(kind=kind)

    rows = (
        entries_seen(ctx, first, last, procedure)
        .select_related(None).order_by()
        .values(code=F("filing__procedure"))
        .annotate(
            dossiers=Count("filing", distinct=True),
            paid=Sum("amount", filter=of(FeeEntryKind.PAID), default=0),
            refunded=Sum("amount", filter=of(FeeEntryKind.REFUNDED), default=0),
            waived=Count("pk", filter=of(FeeEntryKind.WAIVED)),
        )
    )  # fmt: skip
    found = [
        Total(r["code"], title_of(r["code"]), r["dossiers"], r["paid"], r["refunded"], r["waived"])
        for r in rows
    ]
    return sorted(found, key=lambda t: t.title)
