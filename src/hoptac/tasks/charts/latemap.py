"""Who is late, on the map: circles at the units' centres: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import Any

WIDTH, MARGIN = 800, 46
_LEAST, _MOST = 11, 27
_ROUNDS = 30
# Of the open tasks, the share late from which a unit counts as partly, and as badly late (percent).
SOME, MANY = 1, 25


@dataclass(frozen=True, kw_only=True)
class Place:
    """A unit with its open and late tasks, where its centre lies."""

    key: Any
    name: str
    latitude: float
    longitude: float
    open: int
    late: int
    href: str = ""

    @property
    def grade(self) -> str:
        return grade_of(self.open, self.late)


def grade_of(open_: int, late: int) -> str:
    """Return how late a unit is: ``none``, ``some`` or ``many``."""
    share = 100 * late / open_ if open_ else 0
    return "none" if not late else "many" if share >= MANY else "some"


@dataclass(frozen=True, kw_only=True)
class Circle:
    place: Place
    x: float
    y: float
    radius: float
    text_y: float


@dataclass(frozen=True, kw_only=True)
class Drawing:
    width: int
    height: int
    circles: tuple[Circle, ...]


def draw(places: Sequence[Place]) -> Drawing:
    """Lay units out at their places, pushed apart where circles would overlap; they grow with what is open."""
    if not places:
        return Drawing(width=WIDTH, height=0, circles=())
    south, north = min(p.latitude for p in places), max(p.latitude for p in places)
    west, east = min(p.longitude for p in places), max(p.longitude for p in places)
    narrowing = cos(radians((south + north) / 2))
    span = max((east - west) * narrowing, (north - south), 0.01)
    scale = (WIDTH - 2 * MARGIN) / span
    most = max(max(p.open for p in places), 1)
    ordered = sorted(places, key=lambda p: (-p.open, p.name))
    radii = [_LEAST + (_MOST - _LEAST) * sqrt(p.open / most) for p in ordered]
    centres = [
        [MARGIN + (p.longitude - west) * narrowing * scale, MARGIN + (north - p.latitude) * scale]
        for p in ordered
    ]
    _push_apart(centres, radii)
    left, top = min(c[0] for c in centres) - MARGIN, min(c[1] for c in centres) - MARGIN
    width = max(c[0] for c in centres) - left + MARGIN
    height = round(max(c[1] for c in centres) - top + MARGIN)
    circles = [
        Circle(
            place=p,
            x=round(x - left, 1),
            y=round(y - top, 1),
            radius=round(r, 1),
            text_y=round(y - top + 4, 1),
        )
        for p, (x, y), r in zip(ordered, centres, radii, strict=True)
    ]
    return Drawing(width=max(round(width), 320), height=height, circles=tuple(circles))


def _push_apart(centres: list[list[float]], radii: list[float]) -> None:
    """Move circles that overlap away from each other, a little in each round, until none does or time is up."""
    for _round in range(_ROUNDS):
        is_moved = False
        for i, (a, r) in enumerate(zip(centres, radii, strict=True)):
            for b, s in zip(centres[i + 1 :], radii[i + 1 :], strict=True):
                dx, dy, apart = b[0] - a[0], b[1] - a[1], r + s + 1
                if abs(dx) >= apart or abs(dy) >= apart:
                    continue
                far = sqrt(dx * dx + dy * dy)
                if far >= apart:
                    continue
                if far < 0.01:
                    dx, dy, far = 1.0, 0.0, 1.0
                step = (apart - far) / 2 / far
                a[0], a[1] = a[0] - dx * step, a[1] - dy * step
                b[0], b[1] = b[0] + dx * step, b[1] + dy * step
                is_moved = True
        if not is_moved:
            return
