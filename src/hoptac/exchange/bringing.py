"""An extract's file on its way in: the same file twice changes nothing."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from hoptac.exchange.actions import bring_in_extract
from hoptac.exchange.layouts import REGISTRATION
from hoptac.exchange.models import Extract
from hoptac.foundation.access import Context


def bring_in(
    ctx: Context, path: Path, *, filename: str, as_of: date | None = None, is_whole: bool = False,
    system: str = REGISTRATION, again: bool = False,
) -> tuple[Extract, bool]:  # fmt: skip
    """Bring a file in and return its extract, and whether it is new.

    The very same file for the same day by the same caller is not read again, unless asked:
    the register may have changed since.

    :raises Refused: see :func:`bring_in_extract`
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if not again:
        earlier = Extract.objects.filter(
            digest=digest, system=system, user=ctx.user, is_whole=is_whole
        )
        if as_of is not None:
            earlier = earlier.filter(as_of=as_of)
        known = earlier.order_by("-id").first()
        if known is not None:
            return known, False
    extract = bring_in_extract(
        ctx, path, filename=filename, digest=digest, as_of=as_of, is_whole=is_whole, system=system
    )
    return extract, True
