"""Writing down what a national system must be told, in the transaction of the act that it is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from hoptac.exchange.layouts import REGISTRATION, layout
from hoptac.exchange.models import Difference, Message
from hoptac.exchange.records import in_layout, record_of
from hoptac.foundation.access import Context
from hoptac.foundation.actions import subjects_so_far
from hoptac.foundation.audit import canonical
from hoptac.foundation.outbox import MOST_TRIES
from hoptac.registry.models import Cooperative
from hoptac.registry.particulars import act_of


def tell_of_filing(ctx: Context, *, filing: Any, body: Any, on: date) -> None:
    """Hear that a filing took effect: every body that the act touched becomes a message.

    A message carries the whole record, so that a later one makes up for whatever an earlier one
    left out; its event and dossier say why it came.
    """
    touched = {b.pk: b for b in subjects_so_far(ctx, Cooperative)}
    if body is not None:
        touched.setdefault(body.pk, body)
    about = {
        "event": f"filing.{filing.procedure}",
        "decision": filing.decision_number,
        "decided_on": filing.decided_at.date() if filing.decided_at else None,
        "took_effect_on": on,
        "receipt": filing.receipt_number,
    }
    for pk in sorted(touched):
        put(
            ctx, touched[pk], key=f"filing:{filing.pk}:{pk}", title=filing.title, about=about,
            filing_id=filing.pk,
        )  # fmt: skip


def put(
    ctx: Context,
    cooperative: Cooperative,
    *,
    key: str,
    title: str,
    about: dict[str, Any],
    filing_id: Any = None,
    difference_id: Any = None,
) -> Message | None:
    """Put a body's whole record into the outbox; nothing where the system takes none on the day."""
    taken = layout(REGISTRATION, ctx.today)
    record = record_of(cooperative.pk, ctx.today)
    if taken is None or record is None:
        return None
    told = dict(zip((c.code for c in taken.columns), in_layout(taken, record), strict=True))
    return write(
        ctx, key=key, title=title, about=about, record=told, cooperative=cooperative,
        commune_id=record["commune_id"], name=record["name"], code=record["code"],
        filing_id=filing_id, difference_id=difference_id,
    )  # fmt: skip


def put_stranger(
    ctx: Context, difference: Difference, *, key: str, title: str, about: dict[str, Any]
) -> Message:
    """Tell of a record of theirs that the register does not know."""
    return write(
        ctx, key=key, title=title, about=about, record=difference.record, cooperative=None,
        commune_id=difference.commune_id, name=difference.name, code=difference.code,
        filing_id=None, difference_id=difference.pk,
    )  # fmt: skip


def write(
    ctx: Context, *, key: str, title: str, about: dict[str, Any], record: dict[str, Any],
    cooperative: Cooperative | None, commune_id: Any, name: str, code: str, filing_id: Any,
    difference_id: Any,
) -> Message:  # fmt: skip
    """Write one message down; the same key twice is an error of the caller (a unique key)."""
    return Message.objects.create(
        province_code=cooperative.province_code if cooperative else settings.PROVINCE_CODE,
        system=REGISTRATION, cooperative=cooperative, commune_id=commune_id, name=name[:250],
        code=code[:40], key=key, event=str(about["event"])[:60], title=str(title)[:250],
        content=canonical.plain({"about": about, "record": record}), filing_id=filing_id,
        difference_id=difference_id, due_at=timezone.now(), tries_left=MOST_TRIES,
        act_id=act_of(ctx),
    )  # fmt: skip
