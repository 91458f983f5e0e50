"""Writing and checking the chain."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from hoptac.foundation.access import Context
from hoptac.foundation.actions import ACTIONS, AlreadyDone, Entry
from hoptac.foundation.audit import canonical
from hoptac.foundation.audit.models import Act, ActPayload
from hoptac.foundation.database.inserting import insert

# One lock for the one chain of a database; taken last in every act (docs/decisions/0004).
CHAIN_LOCK = 0x486F707461


def refuse_repeat(ctx: Context) -> None:
    """Raise :class:`AlreadyDone` when the caller's idempotency key stands in the journal."""
    done = Act.objects.filter(idempotency_key=_key(ctx)).first()
    if done is not None:
        raise AlreadyDone(done)


def _key(ctx: Context) -> str | None:
    if not ctx.idempotency_key:
        return None
    who = ctx.user.pk if ctx.user else "system"
    return f"{str(who)[:36]}:{ctx.idempotency_key}"[:80]


def append(ctx: Context, entries: list[Entry]) -> list[Act]:
    """Append the entries of one transaction to the chain, in the order in which they began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        cursor.execute("SELECT number, hash FROM audit_act ORDER BY number DESC LIMIT 1")
        head = cursor.fetchone()
    number, previous = (head[0], bytes(head[1])) if head else (0, canonical.START)
    acts, payloads = [], []
    for entry in entries:
        number += 1
        salt = os.urandom(16)
        content: dict[str, Any] = canonical.plain(
            {"details": entry.payload, "reason": entry.reason, "basis": entry.basis}
        )
        act = Act(
            id=entry.act_id,
            number=number,
            at=timezone.now(),
            name=entry.name,
            actor_id=ctx.user.pk if ctx.user else None,
            mandate_id=ctx.mandate_for(ACTIONS[entry.name].permission) if ctx.user else None,
            channel=ctx.channel,
            province_code=getattr(entry.subject, "province_code", settings.PROVINCE_CODE),
            subject_kind=entry.subject._meta.label_lower if hasattr(entry.subject, "_meta") else "",
            subject_id=str(getattr(entry.subject, "pk", "") or ""),
            parent_id=entry.parent_id,
            undoes_id=entry.undoes_id,
            idempotency_key=_key(ctx) if entry.parent_id is None else None,
            payload_digest=canonical.payload_digest(salt, content),
            previous_hash=previous,
            version=canonical.VERSION,
        )
        act.hash = previous = canonical.entry_hash(previous, vars(act))
        acts.append(act)
        payloads.append(ActPayload(act=act, salt=salt, content=content))
    insert(acts)
    insert(payloads)
    return acts


@dataclass(frozen=True)
class Broken:
    """The first entry that does not hold, and why."""

    number: int
    act_id: str
    why: str


@dataclass(frozen=True)
class Verified:
    """Outcome of a check: how many entries hold, the head's hash, and the first break if any."""

    entries: int
    head: str
    broken: Broken | None = None


def verify(*, head: str = "", after: tuple[int, bytes] = (0, canonical.START)) -> Verified:
    """Check every entry of the chain in order; stop at the first that does not hold.

    ``head`` is a hash noted outside earlier: the chain must contain it, or its tail was cut or
    rewritten. ``after`` is an entry's number and hash that are known to hold: only what follows
    it is checked.
    """
    number, previous = after
    expected, count, seen = number + 1, number, not head
    for act, salt, content, erased in _rows(number):
        if act["number"] != expected:
            why = f"entry {expected} is missing"
            return Verified(count, previous.hex(), Broken(expected, str(act["id"]), why))
        broken = ""
        if bytes(act["previous_hash"]) != previous:
            broken = "does not follow the entry before it"
        elif canonical.entry_hash(previous, act) != bytes(act["hash"]):
            broken = "was altered"
        elif erased is None and (
            salt is None
            or canonical.payload_digest(bytes(salt), content) != bytes(act["payload_digest"])
        ):
            broken = "its content was altered"
        if broken:
            return Verified(count, previous.hex(), Broken(expected, str(act["id"]), broken))
        previous = bytes(act["hash"])
        seen = seen or previous.hex() == head
        count, expected = count + 1, expected + 1
    if not seen:
        why = "the noted head is not in the chain: entries were cut off or rewritten"
        return Verified(count, previous.hex(), Broken(expected, "", why))
    return Verified(count, previous.hex())


def _rows(after: int) -> Iterator[tuple[dict[str, Any], Any, Any, Any]]:
    names = [f.attname for f in Act._meta.concrete_fields]
    query = (
        Act.objects.filter(number__gt=after)
        .order_by("number")
        .values_list(*names, "payload__salt", "payload__content", "payload__erased_at")
    )
    for row in query.iterator(chunk_size=2000):
        yield dict(zip(names, row, strict=False)), row[-3], row[-2], row[-1]
