"""Erasing what entries of the journal say, where the law asks for it; the chain still verifies.

The chain covers a salted digest of an entry's words, never the words. Erasing takes words and salt
away: who did what to what and when stands, what was said does not, and nobody can guess it back.
The facts of the register are not touched: they are corrected or retired by acts of their own.

What was erased is listed outside the database, too, so that a backup of before does not bring it back.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context, system_context
from hoptac.foundation.actions import OutOfReach, action, note
from hoptac.foundation.audit.models import Act, ActPayload
from hoptac.foundation.findings import Finding, Refused

ERASE = "audit.erase"
# Their words are the proof that erasing was lawful: reason, ground, who approved.
_KEPT = ("audit.erase_words",)
_MOST_FOUND = 200


def holding(ctx: Context, words: str) -> list[Act]:
    """Return the entries whose words hold a text, the latest first; at most two hundred.

    Marks and case count: it is the very text that would be left.
    """
    if not words.strip() or not _reaches(ctx):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT act_id FROM audit_actpayload WHERE erased_at IS NULL"
            " AND position(%s IN content::text) > 0",
            [json.dumps(words.strip(), ensure_ascii=False)[1:-1]],
        )
        found = [pk for (pk,) in cursor.fetchall()]
    acts = Act.objects.filter(pk__in=found).exclude(name__in=_KEPT).select_related("payload")
    return list(acts.order_by("-number")[:_MOST_FOUND])


@action(ERASE, name="audit.erase_words")
def erase_words(ctx: Context, acts: Iterable[UUID], *, approved_by: str) -> int:
    """Take away what these entries say; return how many there were. It cannot be undone.

    The context gives the reason and the legal ground. They, and who approved, are kept.

    :raises Refused: reason, ground or approver is not named, an entry is unknown, its words were
        erased already, or they prove an erasing
    :raises OutOfReach: the caller does not answer for the journal of the province
    """
    if not _reaches(ctx):
        raise OutOfReach(ERASE)
    _check_told(ctx, approved_by)
    keys = list(dict.fromkeys(acts))
    rows = {p.act_id: p for p in ActPayload.objects.select_for_update().filter(pk__in=keys)}
    if not keys or set(rows) != set(keys):
        raise Refused(Finding("entry_unknown", _("Choose entries of the journal.")))
    if any(p.erased_at is not None for p in rows.values()):
        raise Refused(Finding("erased_already", _("The words of an entry were erased already.")))
    if Act.objects.filter(pk__in=keys, name__in=_KEPT).exists():
        raise Refused(
            Finding("words_kept", _("The words of an erasing are its proof and are kept."))
        )
    numbers = Act.objects.filter(pk__in=keys).order_by("number").values_list("number", flat=True)
    note(ctx, entries=list(numbers), approved_by=approved_by)
    ActPayload.objects.filter(pk__in=keys).update(content=None, salt=None, erased_at=timezone.now())
    transaction.on_commit(lambda: _list_outside(keys))
    return len(keys)


def erase_again() -> int:
    """Erase what a restored backup brought back; return how many entries. Called after a restore."""
    back = list(
        ActPayload.objects.filter(pk__in=set(listed()), erased_at__isnull=True)
        .exclude(act__name__in=_KEPT)
        .values_list("pk", flat=True)
    )
    if not back:
        return 0
    ctx = system_context(reason="Erased before the backup that was restored", basis="erased.jsonl")
    return erase_words(ctx, back, approved_by="erased.jsonl")


def sweep() -> None:
    """Write the table anew without what was erased: an update alone leaves the old row in its file.

    Acts wait meanwhile. A rewrite copies only what is visible now, whereas VACUUM FULL would keep the
    old row for as long as any transaction of the server is older. The database's own log (WAL) holds
    the words until it is recycled.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # Both ways write every visible row into a new file; together they leave the table as it was.
        cursor.execute("ALTER TABLE audit_actpayload SET UNLOGGED")
        cursor.execute("ALTER TABLE audit_actpayload SET LOGGED")


def listed() -> Iterator[UUID]:
    """Yield the entries in the list outside the database."""
    path = _path()
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield UUID(json.loads(line)["act"])


def _list_outside(keys: Iterable[UUID]) -> None:
    path, known = _path(), set(listed())
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        for key in keys:
            if key not in known:
                file.write(json.dumps({"act": str(key), "at": timezone.now().isoformat()}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _path() -> Path:
    return Path(settings.VAR) / "erased.jsonl"


def _reaches(ctx: Context) -> bool:
    reach = ctx.coverage(ERASE)
    return reach.everything or settings.PROVINCE_CODE in reach.provinces


def _check_told(ctx: Context, approved_by: str) -> None:
    missing = [
        Finding(code, message, field=field)
        for code, message, field, told in (
            ("reason_missing", _("Give the reason."), "reason", ctx.reason),
            ("basis_missing", _("Name the legal ground."), "basis", ctx.basis),
            ("approver_missing", _("Name who approved it."), "approved_by", approved_by),
        )
        if not told.strip()
    ]
    if missing:
        raise Refused(*missing)
