"""Issuing a batch: the next block's pages are set in type while the one before is numbered and entered."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hoptac.certificates import batches, document, log
from hoptac.certificates.actions.batches import Moved, NotRunning, issue_block
from hoptac.certificates.batches import Foreseen
from hoptac.certificates.making import Ready
from hoptac.certificates.models import IssueBatch, IssueItem
from hoptac.certificates.terms import BatchState
from hoptac.foundation.access import Context
from hoptac.foundation.documents.disk import Kept
from hoptac.foundation.documents.press import ChildEnded, Outcome, Press, result
from hoptac.foundation.documents.storing import forget_unless_stored
from hoptac.foundation.documents.typesetting import CannotTypeset
from hoptac.foundation.findings import Finding, Refused

_TROUBLE = gettext_noop(
    "An error stopped the work. What was issued is whole; go on, or tell the administrator."
)
FINISH = "hoptac.certificates.qr:with_code"
# So often a block is foreseen anew before it is issued with whatever must be set in type meanwhile.
_TRIES = 3


def press(hands: int | None = None) -> Press:
    """Return the children that set certificates in type."""
    return Press(document.TEMPLATE, finish=FINISH, hands=hands)


@contextmanager
def alone_with(batch: UUID) -> Iterator[bool]:
    """Tell whether nobody else works on a batch; others are kept from it until the end, or our death."""
    name = f"hoptac certificates batch {batch}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


class _Unfit(Exception):
    """Items that cannot be set in type; they are refused before the rest is foreseen anew."""

    def __init__(self, refused: list[tuple[IssueItem, list[Finding]]]) -> None:
        super().__init__(len(refused))
        self.refused = refused


@dataclass
class _Block:
    """A block whose pages are being set in type."""

    foreseen: Foreseen
    begun: list[Future[list[Outcome]]]

    def ready(self) -> Ready:
        """Wait for the pages; return them by their codes.

        :raises _Unfit: some cannot be set in type
        """
        sheets = [d.sheet for d in self.foreseen.drafts]
        outcomes = list(zip(self.foreseen.items, sheets, result(self.begun), strict=True))
        unfit = [
            (item, [Finding("cannot_typeset", _("It cannot be set in type: %(why)s") % {"why": o})])
            for item, _sheet, o in outcomes
            if isinstance(o, CannotTypeset)
        ]
        if unfit:
            raise _Unfit(unfit)
        return {s.code: (s, o) for _item, s, o in outcomes if isinstance(o, Kept)}


def work(ctx: Context, batch_id: UUID, hands: int | None = None) -> None:
    """Issue a batch to its end, or until it is stopped; whoever comes second goes away again.

    Killed at any moment, the block under way is there as a whole or not at all, and calling this again
    goes on with the next one.
    """
    with alone_with(batch_id) as is_ours:
        if not is_ours or not _take(batch_id):
            return
        batch = IssueBatch.objects.select_related("authority").get(pk=batch_id)
        try:
            with press(hands) as children:
                _issue(ctx.because(basis=batch.basis), batch, children)
        except NotRunning:
            _leave(batch_id, BatchState.STOPPED)
        except Refused as refused:
            _leave(
                batch_id, BatchState.STOPPED, "; ".join(str(f.message) for f in refused.findings)
            )
        except Exception:
            _leave(batch_id, BatchState.STOPPED, _(_TROUBLE))
            raise
        else:
            _leave(batch_id, BatchState.DONE)


def _take(batch_id: UUID) -> bool:
    """Mark a batch as being issued; one that was being stopped when its worker died is stopped."""
    IssueBatch.objects.filter(pk=batch_id, state=BatchState.STOPPING).update(
        state=BatchState.STOPPED
    )
    going = IssueBatch.objects.filter(
        pk=batch_id, state__in=(BatchState.WAITING, BatchState.RUNNING)
    )
    return bool(going.update(state=BatchState.RUNNING))


def _leave(batch_id: UUID, state: BatchState, trouble: str = "") -> None:
    IssueBatch.objects.filter(pk=batch_id).update(
        state=state, trouble=trouble[:500], ended_at=timezone.now()
    )


def _issue(ctx: Context, batch: IssueBatch, children: Press) -> None:
    block, ahead, tries = _next(ctx, batch, children), None, 0
    try:
        while block is not None:
            seen, is_done = block.foreseen, False
            ahead = _next(ctx, batch, children, after=seen.last_place, first=seen.next_number)
            try:
                insist = tries >= _TRIES
                issue_block(ctx, batch, foreseen=seen, ready=block.ready(), insist=insist)
                is_done = True
            except _Unfit as unfit:
                alone = Foreseen([], [], {}, unfit.refused, seen.first)
                issue_block(ctx, batch, foreseen=alone, ready={})
            except Moved:
                tries += 1
            except OperationalError:
                if tries >= _TRIES:
                    raise
                tries += 1
            if is_done:
                if tries:  # what was set in type may stand under other numbers by now
                    _forget(block)
                block, ahead, tries = ahead, None, 0
            else:
                _forget(block, ahead)
                block, ahead = _next(ctx, batch, children), None
    except BaseException:
        _forget(block, ahead)
        raise


def _next(
    ctx: Context, batch: IssueBatch, children: Press, *, after: int = 0, first: int | None = None
) -> _Block | None:
    foreseen = batches.foresee(ctx, batch, after=after, first=first)
    if foreseen is None:
        return None
    return _Block(foreseen, children.begin([d.sheet.data() for d in foreseen.drafts]))


def _forget(*blocks: _Block | None) -> None:
    """Take away the pages of blocks that were foreseen wrongly; those that were stored stay.

    The log is held meanwhile: whoever is about to store the same page has done so, or sees that it is gone.
    """
    with suppress(ChildEnded, OperationalError):
        pages = [
            page.sha256
            for block in blocks
            if block is not None
            for page in result(block.begun)
            if isinstance(page, Kept)
        ]
        with transaction.atomic():
            log.hold()
            forget_unless_stored(pages)
