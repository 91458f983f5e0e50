"""Acts upon batches: drawing up, looking through, starting, stopping, and the blocks that are issued."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.certificates import batches, log, making
from hoptac.certificates.actions.issued import check_terms, issue_certificate
from hoptac.certificates.batches import Foreseen
from hoptac.certificates.form import authority_name, form_on
from hoptac.certificates.making import Ready
from hoptac.certificates.models import Certificate, IssueBatch, IssueItem
from hoptac.certificates.terms import BatchReason, BatchState, Ground, ItemState
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, each_of, note
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.foundation.numbering import last_taken
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.filters import RegisterFilter
from hoptac.registry.models import Cooperative

ISSUE = batches.ISSUE


class Moved(Refused):
    """Something came between foreseeing a block and issuing it; it is to be foreseen anew."""

    def __init__(self) -> None:
        words = _("The register changed meanwhile. Try again.")
        super().__init__(Finding("moved", words))


class NotRunning(Refused):
    """The batch was stopped, or is done."""

    def __init__(self) -> None:
        super().__init__(Finding("not_running", _("The batch is not being issued.")))


@action(ISSUE, name="certificates.draw_up_batch")
def draw_up_batch(
    ctx: Context,
    asked: RegisterFilter,
    *,
    authority: AdminUnit,
    grounds: Iterable[str],
    issued_on: date,
    signatory: str,
    reason: str,
) -> IssueBatch:
    """Draw up a batch: what each certificate would say, and which cannot be issued. Nothing is issued yet.

    The context's basis is the authority's decision: certificates in force stay valid after a reform
    and under a newer law (Law 2023 art. 46, 115), so nobody's is exchanged without one.

    :raises Refused: no decision, an authority not the caller's, a day or reason that does not fit,
        no body is due a certificate, or too many are
    """
    chosen = [g for g in Ground.values if g in set(grounds)]
    refuse_if_any(check_terms(ctx, issued_on, signatory, reason))
    if reason not in BatchReason.values:
        raise Refused(Finding("reason_unknown", _("Choose the reason."), field="reason"))
    if not ctx.basis.strip():
        words = _("Name the decision by which the authority issues them.")
        raise Refused(Finding("basis_missing", words, field="basis"))
    if not chosen:
        raise Refused(Finding("ground_missing", _("Choose which bodies."), field="grounds"))
    if authority not in batches.authorities(ctx):
        words = _("You do not issue certificates for this authority.")
        raise Refused(Finding("authority_unfit", words, field="authority"))
    drawn = batches.draw(ctx, asked, authority, chosen)
    if not drawn.due:
        words = _("No body of this list is due a certificate by this authority.")
        raise Refused(Finding("nothing_due", words))
    batch = IssueBatch.objects.create(
        province_code=authority.province_code, user=ctx.user, authority=authority,
        authority_name=authority_name(form_on(issued_on), authority), issued_on=issued_on,
        signatory=signatory, reason=reason, basis=ctx.basis[:300], grounds=chosen,
        query=asked.query(page=1)[:2000], agreeing=drawn.agreeing,
    )  # fmt: skip
    items = []
    for place, written in enumerate(drawn.due, start=1):
        found = batches.findings_of(batch, written)
        items.append(
            IssueItem(
                batch=batch, place=place, cooperative_id=written.body, kind=written.kind,
                name=str(written.content.get("name", ""))[:250], ground=written.ground,
                differs=written.differs, content=written.content, before=written.before,
                state=ItemState.REFUSED if batches.is_refused(found) else ItemState.WAITING,
                findings=batches.kept(found),
            )
        )  # fmt: skip
    IssueItem.objects.bulk_create(items, batch_size=500)
    note(
        ctx, authority=batch.authority_name, issued_on=issued_on, reason=reason, grounds=chosen,
        list=batch.query, due=len(items),
        refused=sum(i.state == ItemState.REFUSED for i in items),
    )  # fmt: skip
    return batch


def _refuse_unless(batch: IssueBatch, *states: str) -> None:
    if batch.state not in states:
        raise Refused(Finding("batch_busy", _("The batch is being issued, or is done.")))


@action(ISSUE, name="certificates.choose_item")
def choose_item(ctx: Context, batch: IssueBatch, *, item: int, take: bool) -> IssueItem:
    """Leave a certificate out of a batch that is not being issued, or take it in again.

    :raises Refused: the batch is being issued or done, or the certificate cannot be chosen
    """
    _refuse_unless(batch, BatchState.READY, BatchState.STOPPED)
    row = IssueItem.objects.filter(batch=batch, pk=item).first()
    was, now = ItemState.WAITING, ItemState.LEFT_OUT
    if take:
        was, now = now, was
    if row is None or row.state != was:
        raise Refused(Finding("item_unfit", _("This certificate cannot be chosen.")))
    row.state = now
    row.save(update_fields=["state"])
    note(ctx, body=row.cooperative_id, name=row.name, take=take)
    return row


@action(ISSUE, name="certificates.start_batch")
def start_batch(ctx: Context, batch: IssueBatch) -> IssueBatch:
    """Have a batch issued, or gone on with where it stopped. The caller has it done by the worker.

    :raises Refused: it is being issued or done, or nothing in it waits
    """
    _refuse_unless(batch, BatchState.READY, BatchState.STOPPED)
    left = IssueItem.objects.filter(batch=batch, state=ItemState.WAITING).count()
    if not left:
        raise Refused(Finding("nothing_waits", _("Nothing in this batch can be issued.")))
    _turn(batch, BatchState.WAITING)
    note(ctx, left=left)
    return batch


@action(ISSUE, name="certificates.stop_batch")
def stop_batch(ctx: Context, batch: IssueBatch) -> IssueBatch:
    """Stop a batch after the block under way; what was issued stays issued.

    :raises Refused: it is not being issued
    """
    _refuse_unless(batch, BatchState.WAITING, BatchState.RUNNING)
    was_waiting = batch.state == BatchState.WAITING
    _turn(batch, BatchState.STOPPED if was_waiting else BatchState.STOPPING)
    note(ctx, left=IssueItem.objects.filter(batch=batch, state=ItemState.WAITING).count())
    return batch


@action(ISSUE, name="certificates.put_batch_aside")
def put_batch_aside(ctx: Context, batch: IssueBatch) -> IssueBatch:
    """Give up a batch of which nothing was issued.

    :raises Refused: something of it was issued, or it is being issued
    """
    _refuse_unless(batch, BatchState.READY, BatchState.STOPPED)
    if IssueItem.objects.filter(batch=batch, state=ItemState.ISSUED).exists():
        words = _("Certificates of this batch were issued: it stays, with what became of each.")
        raise Refused(Finding("was_issued", words))
    _turn(batch, BatchState.ASIDE)
    return batch


def _turn(batch: IssueBatch, state: BatchState, trouble: str = "") -> None:
    batch.state, batch.trouble = state, trouble[:500]
    if state in {BatchState.STOPPED, BatchState.DONE}:
        batch.ended_at = timezone.now()
    batch.save(update_fields=["state", "trouble", "ended_at"])


# --- Issuing ------------------------------------------------------------------------------------


@action(ISSUE, name="certificates.issue_block")
def issue_block(
    ctx: Context,
    batch: IssueBatch,
    *,
    foreseen: Foreseen,
    ready: Ready,
    insist: bool = False,
) -> list[Certificate]:
    """Issue a block of a batch: each certificate by an act of its own, all of it or nothing.

    Each has its number, signature, file, standing and entry of the log, as
    :func:`issued.issue_certificate` gives them. Pages in ``ready`` are taken if nothing came in between;
    with ``insist`` what is missing is set in type while others wait.

    :raises Moved: bodies or numbers are not as foreseen any more
    :raises NotRunning: the batch was stopped
    """
    if batch.state != BatchState.RUNNING:
        raise NotRunning
    numbers = [i.pk for i in foreseen.all_items]
    held = IssueItem.objects.filter(pk__in=numbers, state=ItemState.WAITING).select_for_update()
    if len(list(held.values_list("pk", flat=True))) != len(numbers):
        raise Moved
    orders = foreseen.orders
    bodies = [o.cooperative for o in orders]
    contexts = each_of(ctx, issue_certificate, bodies)
    now = Cooperative.objects.filter(pk__in=[b.pk for b in bodies]).values_list("pk", "version")
    if any(foreseen.versions[pk] != version for pk, version in now):
        raise Moved
    before = making.in_force(orders) if orders else []
    if [b.pk if b else None for b in before] != [i.before_id for i in foreseen.items]:
        raise Moved
    made: list[Certificate] = []
    if orders:
        log.hold()
        terms = batches.terms_of(batch)
        if not insist and last_taken(terms.series) + 1 != foreseen.first:
            raise Moved
        made = making.make(ctx, terms, orders, contexts, before, ready, foreseen.drafts)
    _record(foreseen, made)
    note(
        ctx, issued=len(made), refused=len(foreseen.refused),
        first=made[0].number if made else None, last=made[-1].number if made else None,
    )  # fmt: skip
    return made


_ISSUED = """
UPDATE certificates_issueitem AS i SET state = 'issued', certificate_id = told.certificate
FROM unnest(%s::bigint[], %s::uuid[]) AS told (item, certificate) WHERE i.id = told.item
"""


def _record(foreseen: Foreseen, made: list[Certificate]) -> None:
    """Say at each item what became of it."""
    with connection.cursor() as cursor:
        cursor.execute(_ISSUED, [[i.pk for i in foreseen.items], [c.pk for c in made]])
    for item, found in foreseen.refused:
        item.state, item.findings = ItemState.REFUSED, batches.kept(found)
    IssueItem.objects.bulk_update([i for i, _f in foreseen.refused], ["state", "findings"])
