"""What becomes of differences and messages when a body is succeeded."""

from __future__ import annotations

from hoptac.foundation.succession import declare


def declare_all() -> None:
    """Say it for each relation of this app to a body."""
    declare(
        "exchange.Difference.cooperative",
        why="what another register says of a body that ended is still to be decided of that body",
    )
    declare(
        "exchange.Message.cooperative",
        why="what was to be told of a body is told of that body; the successor has messages of its own",
    )
