"""What waits for a person: every app declares its own, the home page asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hoptac.foundation.access import Context


@dataclass(frozen=True)
class Duty:
    """One kind of work that waits: what, how much, where it is done, since when it is urgent."""

    title: str
    count: int
    href: str
    note: str = ""
    is_urgent: bool = False


Source = Callable[[Context], Iterable[Duty]]
_SOURCES: list[tuple[int, str, Source]] = []


def declare(source: Source, *, permission: str, order: int = 100) -> None:
    """Let a source say what waits for callers who hold the permission (``AppConfig.ready``)."""
    if all(known is not source for _order, _permission, known in _SOURCES):
        _SOURCES.append((order, permission, source))
        _SOURCES.sort(key=lambda s: s[0])


def duties(ctx: Context) -> list[Duty]:
    """Return what waits for the caller, in the order of the sources; nothing that counts none."""
    return [
        duty
        for _order, permission, source in _SOURCES
        if ctx.may(permission)
        for duty in source(ctx)
        if duty.count
    ]
