"""A document brought as a file: entered, linked with what it names, and its tasks proposed, in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hoptac.directives.actions.linking import LinkSpec, link_directives
from hoptac.directives.actions.reading import store_reading
from hoptac.directives.actions.recording import RECORD, File, record_directive
from hoptac.directives.models import Directive
from hoptac.directives.reading.result import Reading
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note


@action(RECORD, name="directives.bring_directive")
def bring_directive(
    ctx: Context, *, facts: Mapping[str, Any], file: File, reading: Reading,
    links: Sequence[LinkSpec] = (),
) -> Directive:  # fmt: skip
    """Enter a document by its file and what was read of it, all of it or nothing.

    :raises Refused: see :func:`record_directive`, :func:`link_directives` and :func:`store_reading`
    """
    directive = record_directive(ctx, facts=facts, file=file, text=reading.text)
    if links:
        link_directives(ctx, directive, links=links)
    store_reading(ctx, directive, reading=reading)
    note(ctx, subject=directive, file=file[0], links=len(links), tasks=len(reading.tasks))
    return directive
