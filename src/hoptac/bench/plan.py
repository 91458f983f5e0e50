"""What is measured. Apps' pages are listed here; whoever adds a page worth its time adds a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    """An address (or several, asked in turn) and what we hold ourselves to.

    ``paths`` may be a function, called with Django set up, for addresses that depend on the data.
    """

    name: str
    paths: Sequence[str] | Callable[[], Sequence[str]]
    most_p95: float | None = None
    """Milliseconds with one client."""
    least_per_second: float | None = None
    """Requests a second with eight clients."""
    headers: dict[str, str] = field(default_factory=dict)
    token: bool = False
    """Whether it is asked for with an API token instead of a session."""

    def resolve(self) -> Sequence[str]:
        """Return the addresses."""
        return self.paths() if callable(self.paths) else self.paths


PAGES: list[Page] = [
    Page("home", ["/"], most_p95=25),
]
