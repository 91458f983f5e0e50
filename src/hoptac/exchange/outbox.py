"""Writing down what a national system must be told, in the transaction of the act that it is about."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from hoptac.exchange.layouts import REGISTRATION, layout
from hoptac.exchange.models import Difference, Message
from hoptac.exchange.records import in_layout, record_of
from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of
from hoptac.foundation.audit import canonical
from hoptac.foundation.outbox import MOST_TRIES
from hoptac.registration.models import Filing
from hoptac.registry.models import Cooperative


def put(
    ctx: Context,
    cooperative: Cooperative,
    *,
    key: str,
    title: str,
    about: dict[str, Any],
    system: str = REGISTRATION,
    filing_id: Any = None,
    difference_id: Any = None,
) -> Message | None:
    """Put a body's whole record into the outbox; nothing where the system takes none on the day."""
    taken = layout(system, ctx.today)
    record = record_of(cooperative.pk, ctx.today)
    if taken is None or record is None:
        return None
    told = dict(zip((c.code for c in taken.columns), in_layout(taken, record), strict=True))
    return write(
        ctx, system=system, key=key, title=title, about=about, record=told, cooperative=cooperative,
        commune_id=record["commune_id"], name=record["name"], code=record["code"],
        filing_id=filing_id, difference_id=difference_id,
    )  # fmt: skip


def put_filing(
    ctx: Context, filing: Filing, *, key: str, title: str, about: dict[str, Any], system: str
) -> Message:
    """Tell of a dossier whose body does not exist yet: no record goes along."""
    return write(
        ctx, system=system, key=key, title=title, about=about, record={}, cooperative=None,
        commune_id=filing.commune_id, name=filing.subject_name, code="", filing_id=filing.pk,
        difference_id=None,
    )  # fmt: skip


def put_stranger(
    ctx: Context, difference: Difference, *, key: str, title: str, about: dict[str, Any]
) -> Message:
    """Tell of a record of theirs that the register does not know."""
    return write(
        ctx, system=difference.system, key=key, title=title, about=about, record=difference.record,
        cooperative=None, commune_id=difference.commune_id, name=difference.name,
        code=difference.code, filing_id=None, difference_id=difference.pk,
    )  # fmt: skip


def write(
    ctx: Context, *, system: str, key: str, title: str, about: dict[str, Any],
    record: dict[str, Any], cooperative: Cooperative | None, commune_id: Any, name: str, code: str,
    filing_id: Any, difference_id: Any,
) -> Message:  # fmt: skip
    """Write one message down; the same key twice is an error of the caller (a unique key)."""
    return Message.objects.create(
        province_code=cooperative.province_code if cooperative else settings.PROVINCE_CODE,
        system=system, cooperative=cooperative, commune_id=commune_id, name=name[:250],
        code=code[:40], key=key, event=str(about["event"])[:60], title=str(title)[:250],
        content=canonical.plain({"about": {"system": system, **about}, "record": record}),
        filing_id=filing_id, difference_id=difference_id, due_at=timezone.now(),
        tries_left=MOST_TRIES, act_id=act_of(ctx),
    )  # fmt: skip
