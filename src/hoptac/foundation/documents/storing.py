"""Keeps files: the bytes first and to the disk, then the row, inside the act that stores them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.documents.disk import Kept, keep_in
from hoptac.foundation.documents.kinds import KINDS
from hoptac.foundation.documents.models import StoredFile, folder, place_of
from hoptac.foundation.findings import Finding, Refused

MOST_BYTES = 50 * 2**20


def store(ctx: Context, content: bytes, *, name: str, media_type: str) -> StoredFile:
    """Keep a file for the running act and return it.

    The bytes are on the disk before the row is: if the act fails or the machine stops, bytes that
    no row speaks of may be left, never a row without bytes.

    :raises Refused: the file is empty, too big, of a kind that is not kept, or not what it says
    """
    if ctx.act_id is None:
        raise RuntimeError("a file is stored by an act")
    kind = KINDS.get(media_type)
    if kind is None:
        raise Refused(Finding("file_kind_not_kept", _("Files of this kind are not kept."), field="file"))  # fmt: skip
    if not content:
        raise Refused(Finding("file_empty", _("The file is empty."), field="file"))
    if len(content) > MOST_BYTES:
        raise Refused(Finding("file_too_big", _("The file is too big: at most 50 MB."), field="file"))  # fmt: skip
    if not kind.fits(content):
        raise Refused(
            Finding(
                "file_not_what_it_says",
                _("The file is damaged, or not of the kind that its name says."),
                field="file",
            )
        )
    kept = keep(content)
    row = row_of(ctx, kept, name=name, media_type=media_type)
    row.save(force_insert=True)
    return row


def keep(content: bytes) -> Kept:
    """Put bytes of our own making on the disk, for a row that an act makes of them later."""
    return keep_in(folder(), content)


def row_of(ctx: Context, kept: Kept, *, name: str, media_type: str) -> StoredFile:
    """Return the row, not saved yet, of bytes that :func:`keep` put on the disk."""
    if ctx.act_id is None:
        raise RuntimeError("a file is stored by an act")
    return StoredFile(
        sha256=kept.sha256, size=kept.size, media_type=media_type,
        name=tidy_name(name, KINDS[media_type].endings), act_id=ctx.act_id,
    )  # fmt: skip


def forget_unless_stored(digests: Iterable[str]) -> None:
    """Take away bytes that were kept for acts that did not come to be."""
    wanted = set(digests)
    if wanted:
        found = StoredFile.objects.filter(sha256__in=wanted).values_list("sha256", flat=True)
        for digest in wanted - set(found):
            place_of(digest).unlink(missing_ok=True)


def tidy_name(name: str, endings: tuple[str, ...]) -> str:
    """Return a name without folders, signs that direct a screen or a file system, or a wrong ending."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    plain = plain.strip(" .")
    ending = next((e for e in endings if plain.lower().endswith(e)), "")
    stem = plain[: len(plain) - len(ending)].strip(" .") or "tep"
    ending = ending or endings[0]
    return stem[: 200 - len(ending)] + ending
