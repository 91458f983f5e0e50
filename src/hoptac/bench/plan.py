"""What is measured. Apps' pages are listed here; whoever adds a page worth its time adds a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    headers: Mapping[str, str] | Callable[[], Mapping[str, str]] = field(default_factory=dict)
    """Added to the session's; a function may make an API token first."""

    def resolve(self) -> tuple[Sequence[str], Mapping[str, str]]:
        """Return the addresses and the headers."""
        paths = self.paths() if callable(self.paths) else self.paths
        return paths, self.headers() if callable(self.headers) else self.headers


PAGES: list[Page] = [
    Page("home", ["/"], most_p95=25),
]
