"""The log in the open: every issue, revocation, superseding and restoring, in a Merkle tree.

An entry names a certificate by the digest of its code, so that the log tells nothing of anybody.
Entries are appended within the act, one act at a time; each leaves a signed head.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from hoptac.certificates import keys, merkle
from hoptac.certificates.models import LogEntry, LogHead, LogNode
from hoptac.certificates.terms import LogEvent
from hoptac.foundation.access import Context
from hoptac.foundation.database.inserting import insert

_LOCK = "hoptac certificates log"
_PATIENCE = "60s"


def origin() -> str:
    """Return the name of this log, which stands in every head."""
    return f"hoptac-{settings.PROVINCE_CODE}/certificates"


def hold() -> None:
    """Keep other acts from the log until this one has ended; to be called before a number is taken.

    Whoever issues waits in a line, for longer than one waits for anything else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        usual = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])


def line_of(number: int, event: str, digest: str, at: datetime) -> str:
    """Return the text of an entry, which is what is hashed."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"n": number, "event": event, "digest": digest, "at": moment}
    return json.dumps(said, separators=(",", ":"))


def append(ctx: Context, events: Iterable[tuple[LogEvent, str, UUID]]) -> LogHead:
    """Append entries (event, digest, act) and sign the new head. The caller has called :func:`hold`.

    :raises Refused: no key signs on this machine
    """
    assert ctx.act_id is not None  # noqa: S101
    key, private = keys.signing()
    size = LogHead.objects.order_by("-size").values_list("size", flat=True).first() or 0
    now = timezone.now()
    known = _nodes(merkle.left_of(size))
    entries, nodes = [], []
    for number, (event, digest, act_id) in enumerate(events, start=size):
        line = line_of(number, event.value, digest, now)
        entries.append(
            LogEntry(number=number, event=event.value, digest=digest, line=line, act_id=act_id)
        )
        for level, index, value in merkle.added(
            number, merkle.leaf_hash(line.encode()), lambda lv, i: known[lv, i]
        ):
            known[level, index] = value
            nodes.append(LogNode(level=level, index=index, hash=value))
    insert(entries)
    insert(nodes)
    size += len(entries)
    root = merkle.root(size, lambda level, index: known[level, index])
    text = _signed(size, root, now, bytes.fromhex(key.public_key), private.sign)
    return LogHead.objects.create(size=size, root=root, text=text, act_id=ctx.act_id)


def _signed(
    size: int, root: bytes, at: datetime, public: bytes, sign: Callable[[bytes], bytes]
) -> str:
    """Return the head as a signed note (c2sp.org/signed-note, checkpoint), the moment as its extension."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    note = f"{origin()}\n{size}\n{base64.b64encode(root).decode()}\n{moment}\n"
    name = hashlib.sha256(origin().encode() + b"\n\x01" + public).digest()[:4]
    value = base64.b64encode(name + sign(note.encode())).decode()
    return f"{note}\n— {origin()} {value}\n"


def _nodes(wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    pairs = list(wanted)
    if not pairs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT n.level, n."index", n.hash FROM unnest(%s::int[], %s::bigint[]) AS w(l, i) '
            'JOIN certificates_lognode n ON n.level = w.l AND n."index" = w.i',
            [[p[0] for p in pairs], [p[1] for p in pairs]],
        )
        return {(level, index): bytes(value) for level, index, value in cursor.fetchall()}


def _node(level: int, index: int) -> bytes:
    return _nodes([(level, index)])[level, index]


# --- What anyone may ask ------------------------------------------------------------------------


def head(size: int | None = None) -> LogHead | None:
    """Return the latest signed head, or that of a size."""
    found = LogHead.objects.filter(**({} if size is None else {"size": size}))
    return found.order_by("-size").first()


def lines(start: int = 0, count: int | None = None) -> Iterator[str]:
    """Yield the texts of the entries from a number on."""
    found = LogEntry.objects.filter(number__gte=start).order_by("number")
    if count is not None:
        found = found.filter(number__lt=start + count)
    yield from found.values_list("line", flat=True).iterator()


def inclusion(digest: str, size: int) -> list[tuple[int, str, list[str]]]:
    """Return, for every entry about a certificate, its number, text and path to the head of a size."""
    found = LogEntry.objects.filter(digest=digest, number__lt=size).order_by("number")
    return [
        (number, line, _texts(merkle.inclusion(number, size, _node)))
        for number, line in found.values_list("number", "line")
    ]


def consistency(first: int, size: int) -> list[str]:
    """Return the proof that the head of ``first`` entries is the beginning of that of ``size``.

    :raises IndexError: the sizes make no sense
    """
    return _texts(merkle.consistency(first, size, _node))


def _texts(hashes: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(h).decode() for h in hashes]


def troubles() -> list[str]:
    """Return what does not hold: entries against the last head, the lists against the log (./hoptac verify)."""
    from hoptac.certificates import log_check
    from hoptac.certificates.selectors import events_missing

    last = head()
    found = list(events_missing())
    if last is None:
        return found
    try:
        log_check.check_log(log_check.read_head(last.text), [x.encode() for x in lines()])
    except log_check.Broken as broken:
        found.append(f"certificates log: {broken}")
    return found
