"""Bring the catalogues of screen texts up to date, or check that they are complete.

Without options every app's locale/vi/LC_MESSAGES/django.po gets the texts that its code and
templates use; those still to be translated are listed. --check changes nothing and fails when
something is missing or left over.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from hoptac.commands import environment
from hoptac.foundation import messages


def main(arguments: Sequence[str]) -> int:
    """Run ``./hoptac manage messages [--check]``."""
    parser = argparse.ArgumentParser(
        prog="./hoptac manage messages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="only check")
    options = parser.parse_args(arguments)
    configure_minimally()
    if not options.check:
        messages.update()
        messages.compile_messages()
    gaps = messages.missing_translations()
    for gap in gaps:
        environment.say(str(gap))
    environment.say(f"{len(gaps)} texts to mend" if gaps else "All texts are translated.")
    return 1 if gaps and options.check else 0


def configure_minimally() -> None:
    """Give Django just enough to read the tags of templates."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
