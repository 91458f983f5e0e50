"""Showing what was measured, as a table for people and as JSON for programs."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from hoptac.bench.http import Result
from hoptac.bench.plan import Page

HEAD = (
    "page",
    "clients",
    "req/s",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "worst",
    "cpu ms",
    "kB",
    "held to",
    "",
)


@dataclass(frozen=True)
class Row:
    """One page with one number of clients."""

    page: Page
    result: Result
    cpu_ms: float | None = None
    """Processor time of web server and database for each request, where the system tells."""

    @property
    def faults(self) -> list[str]:
        """What the page does not keep to."""
        found = []
        wrong = {k: n for k, n in self.result.statuses.items() if not k.startswith("2")}
        if wrong or self.result.failures or not self.result.requests:
            found.append(f"answers {wrong or 'nothing'}")
        page, result = self.page, self.result
        if result.clients == 1 and page.most_p95 and result.p95 > page.most_p95:
            found.append("too slow")
        if result.clients == 8 and result.per_second < (page.least_per_second or 0):
            found.append("too few")
        return found

    @property
    def target(self) -> str:
        """What the page is held to with this number of clients."""
        if self.result.clients == 1 and self.page.most_p95:
            return f"p95 <= {self.page.most_p95:g} ms"
        if self.result.clients == 8 and self.page.least_per_second:
            return f">= {self.page.least_per_second:g}/s"
        return ""

    def cells(self) -> tuple[str, ...]:
        """Return the cells of the table."""
        r = self.result
        return (
            self.page.name,
            str(r.clients),
            f"{r.per_second:.0f}",
            f"{r.p50:.1f}",
            f"{r.p95:.1f}",
            f"{r.p99:.1f}",
            f"{r.worst:.0f}",
            "" if self.cpu_ms is None else f"{self.cpu_ms:.2f}",
            f"{r.mean_bytes / 1000:.1f}",
            self.target,
            ", ".join(self.faults),
        )


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table with aligned columns."""
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(HEAD))]

    def line(values: Sequence[str]) -> str:
        padded = [
            v.ljust(w) if i == 0 else v.rjust(w)
            for i, (v, w) in enumerate(zip(values, widths, strict=True))
        ]
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([line(HEAD), rule, *(line(row) for row in cells[1:])])


def as_data(rows: Sequence[Row], about: dict[str, Any]) -> dict[str, Any]:
    """Return everything for a program."""
    return {
        "about": {**machine(), **about},
        "results": [
            {
                "page": row.page.name,
                "faults": row.faults,
                "cpu_ms": row.cpu_ms,
                **asdict(row.result),
            }
            for row in rows
        ],
    }


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
    }
