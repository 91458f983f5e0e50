"""What becomes of the bodies that reports name when a body is succeeded."""

from __future__ import annotations

from hoptac.foundation.succession import declare


def declare_all() -> None:
    """Say it for each relation of this app to a body."""
    declare(
        "reports.BodyLine.cooperative",
        why="a report tells what happened to the body itself in its period, and is never changed",
    )
