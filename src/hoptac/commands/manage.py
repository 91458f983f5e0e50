"""Any Django management command, with the server running and the settings chosen."""

from __future__ import annotations


def pass_through(arguments: list[str]) -> int:
    """Run ``./hoptac manage ...``."""
    if arguments[:1] == ["messages"]:
        from hoptac.commands import messages

        return messages.main(arguments[1:])
    from hoptac.commands.management import manage

    return manage(arguments)
