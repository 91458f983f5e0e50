"""Anchors: the journal's head, signed and kept outside the database.

A chain can be written anew by whoever owns the database; a signed head that lies elsewhere cannot.
An anchor is a short text file that can be read, printed and mailed::

    HOPTAC ANCHOR 1
    province: 91
    entries: 12345
    head: 9f0c...                       the hash of entry 12345
    rows: registry_particulars 2210 5be1... id,act_id,...
    at: 2026-11-23T03:00:00.000000Z
    previous: 77aa...                   SHA-256 of the anchor before, or zeros
    key: 30ab...                        the public key (Ed25519)
    signature: 1234...                  over everything above, in UTF-8

``rows`` covers the rows of history that the acts since the last anchor wrote: how many, the digest
of theirs, and which columns. What a later act may change in them (``retired_by``) is not covered.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from hoptac.foundation.audit import canonical, journal

TITLE = "HOPTAC ANCHOR 1"
# The undetectable window: an anchor is due after so many entries, or after so long with any.
EVERY_ENTRIES = 1000
EVERY = timedelta(hours=1)
_NOTHING = "0" * 64


class WillNotSign(Exception):
    """The chain does not extend the last anchor: signing it would hide what happened."""


@dataclass(frozen=True)
class Rows:
    """What the acts between two anchors wrote to one table of history."""

    table: str
    count: int
    digest: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table} {self.count} {self.digest} {','.join(self.columns)}"


@dataclass(frozen=True)
class Anchor:
    """A signed head as its text says it."""

    province: str
    entries: int
    head: str
    rows: tuple[Rows, ...]
    at: str
    previous: str
    key: str
    signature: str = ""

    def signed_part(self) -> bytes:
        lines = [TITLE, f"province: {self.province}", f"entries: {self.entries}", f"head: {self.head}"]  # fmt: skip
        lines += [f"rows: {r}" for r in self.rows]
        lines += [f"at: {self.at}", f"previous: {self.previous}", f"key: {self.key}"]
        return ("\n".join(lines) + "\n").encode()

    def text(self) -> str:
        """Return the whole text, as it is kept and printed."""
        return f"{self.signed_part().decode()}signature: {self.signature}\n"

    def digest(self) -> str:
        return hashlib.sha256(self.text().encode()).hexdigest()

    def is_signed_by(self, key: str) -> bool:
        """Tell whether the holder of the key signed exactly this."""
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            public.verify(bytes.fromhex(self.signature), self.signed_part())
        except (InvalidSignature, ValueError):
            return False
        return self.key == key

    @property
    def moment(self) -> datetime:
        return datetime.strptime(self.at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def read(text: str) -> Anchor:
    """Return the anchor that a text holds.

    :raises ValueError: it is none
    """
    lines = text.strip().splitlines()
    if not lines or lines[0] != TITLE:
        raise ValueError("not an anchor")
    pairs = [line.split(": ", 1) for line in lines[1:]]
    if any(len(p) != 2 for p in pairs):
        raise ValueError("not an anchor")
    said: dict[str, str] = {k: v for k, v in pairs if k != "rows"}
    rows = []
    for name, value in pairs:
        if name == "rows":
            table, count, digest, columns = value.split(" ")
            rows.append(Rows(table, int(count), digest, tuple(columns.split(","))))
    try:
        return Anchor(
            said["province"], int(said["entries"]), said["head"], tuple(rows), said["at"],
            said["previous"], said["key"], said["signature"],
        )  # fmt: skip
    except KeyError as error:
        raise ValueError(f"the anchor lacks {error}") from error


# --- Key and folder -----------------------------------------------------------------------------


def folder() -> Path:
    """Return where this installation keeps its anchors: best a place that its database's owner
    cannot write to (HOPTAC_ANCHORS)."""
    return Path(settings.ANCHORS)


def signing_key(path: Path | None = None) -> Ed25519PrivateKey:
    """Return the signing key, made at the first use (HOPTAC_ANCHOR_KEY names its file)."""
    path = path or Path(settings.ANCHOR_KEY)
    with suppress(FileNotFoundError):
        found = serialization.load_pem_private_key(path.read_bytes(), None)
        if not isinstance(found, Ed25519PrivateKey):
            raise ValueError(f"{path} holds another kind of key")
        return found
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    return key


def public_part(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def kept(place: Path) -> list[tuple[Path, str]]:
    """Return the texts of a folder's anchors by number of entries."""
    return [(p, p.read_text(encoding="utf-8")) for p in sorted(place.glob("anchor-*.txt"))]


def latest(place: Path) -> Anchor | None:
    """Return the folder's last anchor."""
    files = sorted(place.glob("anchor-*.txt"))
    return read(files[-1].read_text(encoding="utf-8")) if files else None


# --- Signing ------------------------------------------------------------------------------------


def history_tables() -> list[Any]:
    """Return the models whose rows are only ever added and retired, by table."""
    return sorted(
        (
            m
            for m in apps.get_models()
            if any(t.name.endswith("_only_retired") for t in getattr(m._meta, "triggers", ()))
        ),
        key=lambda m: m._meta.db_table,
    )


def _columns(model: Any) -> tuple[str, ...]:
    return tuple(f.column for f in model._meta.concrete_fields if f.column != "retired_by")


_DIGESTS = """
SELECT width_bucket(a.number, %s::bigint[]) AS stretch, count(*), encode(sha256(string_agg(
    sha256(convert_to(ROW({columns})::text, 'UTF8')), ''::bytea ORDER BY t.id)), 'hex')
FROM {table} t JOIN audit_act a ON a.id = t.act_id
WHERE a.number > %s AND a.number <= %s GROUP BY 1
"""


def _digests(table: str, columns: Sequence[str], bounds: Sequence[int]) -> dict[int, tuple[int, str]]:  # fmt: skip
    """Return count and digest of the rows written by the acts of each stretch between bounds.

    The key is the stretch's last entry.
    """
    quote = connection.ops.quote_name
    sql = _DIGESTS.format(
        table=quote(table), columns=", ".join(f"t.{quote(c)}" for c in columns)
    )  # quoted names of our own tables
    with connection.cursor() as cursor:
        starts = [b + 1 for b in bounds[:-1]]
        cursor.execute(sql, [starts, bounds[0], bounds[-1]])
        return {bounds[stretch]: (count, digest) for stretch, count, digest in cursor.fetchall()}


def _head() -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, hash FROM audit_act ORDER BY number DESC LIMIT 1")
        found = cursor.fetchone()
    return (found[0], bytes(found[1]).hex()) if found else (0, canonical.START.hex())


def is_due(place: Path) -> bool:
    """Tell whether enough happened since the last anchor, or long enough ago."""
    last, (number, _hash) = latest(place), _head()
    if last is None:
        return number > 0
    waiting = number - last.entries
    return waiting >= EVERY_ENTRIES or (waiting != 0 and timezone.now() - last.moment >= EVERY)


def sign(place: Path, key: Ed25519PrivateKey) -> Anchor | None:
    """Sign the head and keep it in the folder; nothing where no entry followed the last anchor.

    The entries since the last anchor are checked first. Run on a second host, with a folder and a
    key of its own and an account that may only read, this is a witness.

    :raises WillNotSign: the chain is shorter than the last anchor, differs from it, or is broken
    """
    last = latest(place)
    number, head = _head()
    since, known = (last.entries, last.head) if last else (0, canonical.START.hex())
    if last is not None and not last.is_signed_by(public_part(key)):
        raise WillNotSign("the last anchor was not signed with this key")
    if number < since:
        raise WillNotSign(f"entries {number + 1} to {since} were anchored and are gone")
    outcome = journal.verify(after=(since, bytes.fromhex(known)))
    if outcome.broken:
        raise WillNotSign(f"entry {outcome.broken.number} {outcome.broken.why}")
    if last is not None and number == since:
        if head != known:
            raise WillNotSign(f"entry {number} was written anew")
        return None
    rows = []
    for model in history_tables():
        table, columns = model._meta.db_table, _columns(model)
        for count, digest in _digests(table, columns, [since, number]).values():
            rows.append(Rows(table, count, digest, columns))
    anchor = Anchor(
        settings.PROVINCE_CODE, number, head, tuple(rows), canonical.plain(timezone.now()),
        last.digest() if last else _NOTHING, public_part(key),
    )  # fmt: skip
    signed = Anchor(**{**vars(anchor), "signature": key.sign(anchor.signed_part()).hex()})
    place.mkdir(parents=True, exist_ok=True)
    with open(place / f"anchor-{number:012}.txt", "x", encoding="utf-8") as out:
        out.write(signed.text())
        out.flush()
        os.fsync(out.fileno())
    return signed


# --- Checking -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trouble:
    """What does not hold: between which entries, and why."""

    after: int
    until: int
    why: str


def check(place: Path, key: str = "") -> tuple[int, list[Trouble]]:
    """Hold chain and history against a folder of anchors; returns how many hold, and what does not.

    ``key`` is the public key noted when it was made; without it the first anchor's is believed.
    """
    good: list[Anchor] = []
    found: list[Trouble] = []
    previous, linked = _NOTHING, []
    for path, text in kept(place):
        after = good[-1].entries if good else 0
        try:
            anchor = read(text)
        except ValueError as error:
            found.append(Trouble(after, after, f"{path.name}: {error}"))
            previous = ""
            continue
        key = key or anchor.key
        if not anchor.is_signed_by(key) or anchor.text() != text:
            found.append(Trouble(after, after, f"{path.name} is not signed as it stands"))
            previous = ""
            continue
        if anchor.previous == previous:
            linked.append(anchor.entries)
        else:
            found.append(Trouble(after, anchor.entries, f"{path.name}: one before it is missing"))
        previous = anchor.digest()
        good.append(anchor)
    if not good:
        return 0, [*found, Trouble(0, 0, f"{place} holds no anchor")]
    found += _heads_that_differ(good)
    found += [t for t in _rows_that_differ(good) if t.until in linked]
    return len(good), sorted(found, key=lambda t: (t.until, t.after))


def _heads_that_differ(anchors: list[Anchor]) -> Iterator[Trouble]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, hash FROM audit_act WHERE number = ANY(%s)",
            [[a.entries for a in anchors]],
        )
        heads = {number: bytes(h).hex() for number, h in cursor.fetchall()}
    after = 0
    for anchor in anchors:
        head = heads.get(anchor.entries)
        if head != anchor.head:
            why = "were cut off" if head is None else "were written anew"
            yield Trouble(after, anchor.entries, f"entries {after + 1} to {anchor.entries} {why}")
            return
        after = anchor.entries


def _rows_that_differ(anchors: list[Anchor]) -> Iterator[Trouble]:
    bounds = [0, *(a.entries for a in anchors)]
    present = set(connection.introspection.table_names())
    shapes = {(r.table, r.columns) for a in anchors for r in a.rows}
    shapes |= {(m._meta.db_table, _columns(m)) for m in history_tables()}
    names = {table for table, _columns_ in shapes}
    written: dict[tuple[str, tuple[str, ...]], dict[int, tuple[int, str]]] = {}
    for table, columns in sorted(shapes):
        if table in present and set(columns) <= _existing(table):
            written[table, columns] = _digests(table, columns, bounds)
    after = 0
    for anchor in anchors:
        said = {r.table: r for r in anchor.rows}
        for table in sorted(names):
            row = said.get(table)
            if row is None:
                shape = next((s for s in written if s[0] == table), None)
                holds = shape is None or anchor.entries not in written[shape]
            elif (table, row.columns) not in written:
                yield Trouble(after, anchor.entries, f"{table} has other columns now: not checked")
                continue
            else:
                now = written[table, row.columns].get(anchor.entries, (0, ""))
                holds = now == (row.count, row.digest)
            if not holds:
                why = f"rows of {table} that entries {after + 1} to {anchor.entries} wrote differ"
                yield Trouble(after, anchor.entries, why)
        after = anchor.entries


def _existing(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {c.name for c in connection.introspection.get_table_description(cursor, table)}
