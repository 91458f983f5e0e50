"""A file loaded without a page: read, its head taken as it was read, linked with what it names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hoptac.directives import selectors
from hoptac.directives.actions import bring_directive
from hoptac.directives.bringing import proposal_of, read_file, spec_of
from hoptac.directives.models import Directive
from hoptac.directives.terms import LINK_OF_ROLE, LinkKind
from hoptac.foundation.access import Context
from hoptac.jurisdiction.models import Agency


def load_file(ctx: Context, path: Path, given: Mapping[str, Any]) -> Directive:
    """Enter a document by its file; what is ``given`` goes before what was read.

    Without a number and a day it is entered as to be confirmed. Documents that it names are linked as the
    reader understood them, those it only mentions as cited.

    :raises Refused: the file cannot be read, or the document cannot be entered
    """
    content = path.read_bytes()
    reading = read_file(path.name, content)
    facts = {**proposal_of(ctx, reading).values, **given}
    issuer = facts.pop("issuer", None)
    if issuer and not given.get("issuer_name"):
        facts["issuer"] = Agency.objects.get(pk=issuer)
    facts["is_confirmed"] = bool(facts.get("symbol") and facts.get("issued_on"))
    facts["title"] = facts.get("title") or path.stem
    known = selectors.known_by_symbol(ctx, (r.symbol for r in reading.references))
    links = [
        spec_of(r, LINK_OF_ROLE.get(r.role, LinkKind.CITES), known.get(r.symbol))
        for r in reading.references
        if r.role != "draft"
    ]
    return bring_directive(
        ctx, facts=facts, file=(path.name, content), reading=reading, links=links
    )
