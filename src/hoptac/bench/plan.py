"""What is measured. Apps' pages are listed here; whoever adds a page worth its time adds a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode


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


def _bodies(form: str) -> Sequence[str]:
    """Return the addresses of fifty bodies of that district."""
    from hoptac.jurisdiction.models import AdminUnit
    from hoptac.registry.models import Period

    communes = AdminUnit.objects.filter(parent__code="D0003", level="commune")
    found = Period.objects.filter(is_latest=True, commune__in=communes).order_by("cooperative_id")
    return [form.format(pk) for pk in found.values_list("cooperative_id", flat=True)[:50]]


def _token() -> Mapping[str, str]:
    """Make a token of the district officer."""
    from datetime import timedelta

    from django.utils import timezone

    from hoptac.api.models import ApiToken
    from hoptac.foundation.accounts.models import User

    user = User.objects.get(username="do.huyen")
    until = timezone.now() + timedelta(days=1)
    return {"Authorization": f"Bearer {ApiToken.issue(user, 'bench', ['read'], until)[1]}"}


_SEARCHES = ["hop tac xa tan hoa", "Hợp tác xã Tân Hoà", "binh minh", "nguyen", "17000", "09"]


def _typed() -> Sequence[str]:
    """Return searches as people type them, letter by letter: so many that few are asked twice."""
    from hoptac.foundation.vietnamese import fold
    from hoptac.jurisdiction.models import AdminUnit
    from hoptac.registry.models import Period

    communes = AdminUnit.objects.filter(parent__code="D0003", level="commune")
    found = Period.objects.filter(is_latest=True, commune__in=communes).order_by("cooperative_id")
    texts = list(_SEARCHES)
    for number, name in enumerate(found.values_list("name", flat=True)):
        words = " ".join(name.split()[-4:])
        words = fold(words) if number % 2 else words
        texts += [words[:length] for length in range(3, len(words) + 1)]
    return [f"/registry/?{urlencode({'q': q})}" for q in dict.fromkeys(texts)]


PAGES: list[Page] = [
    Page("home", ["/"], most_p95=25),
    Page("list", ["/registry/", "/registry/?page=2", "/registry/?kind=group", "/registry/?sector=agriculture",
                  "/registry/?sort=-members"], most_p95=25, least_per_second=250),
    Page("search", _typed, most_p95=25, least_per_second=250),
    Page("record", lambda: _bodies("/registry/{}/"), most_p95=25, least_per_second=250),
    Page("past", ["/registry/?on=2018-12-31"], most_p95=25),
    Page("api-list", ["/api/v1/cooperatives", "/api/v1/cooperatives?kind=group"], least_per_second=600, headers=_token),
    Page("api-search", [f"/api/v1/cooperatives?{urlencode({'q': q})}" for q in _SEARCHES], headers=_token),
    Page("api-record", lambda: _bodies("/api/v1/cooperatives/{}"), least_per_second=800, headers=_token),
    Page("watch", ["/cases/watch/", "/cases/watch/?ground=no_meeting", "/cases/watch/?remind=yes"], most_p95=250),
    Page("statistics", ["/statistics/?rows=sector&columns=year"], most_p95=250),
    # 10,000 tasks of 300 agencies (bench --load province --tasks); the reader: --as do.tinh.
    Page("tasks", ["/tasks/?heap=all", "/tasks/?heap=all&late=1&page=2", "/tasks/?heap=all&q=giai+the"], most_p95=300),
    Page("tasks-agencies", ["/tasks/agencies/"], most_p95=300),
    Page("tasks-outline", ["/tasks/outline/", "/tasks/outline/?open=II.1"], most_p95=300),
    Page("tasks-board", ["/tasks/board/?heap=all"], most_p95=300),
    Page("tasks-gantt", ["/tasks/gantt/?heap=all", "/tasks/gantt/?heap=all&by=agency&zoom=year"], most_p95=300),
    Page("tasks-calendar", ["/tasks/calendar/?heap=all", "/tasks/calendar/?heap=all&month=2027-03"], most_p95=300),
    Page("tasks-map", ["/tasks/map/"], most_p95=300),
    Page("api-tasks", ["/api/v1/tasks", "/api/v1/tasks?late=true&limit=200"], most_p95=300, headers=_token),
    Page("standing", ["/plan/"], most_p95=300),
]  # fmt: skip
