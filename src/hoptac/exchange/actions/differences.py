"""Deciding which side is right, one by one or many at a time, and undoing that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.exchange import outbox
from hoptac.exchange.models import Difference, Message
from hoptac.exchange.rules.by_filing import needs_filing, procedure_for
from hoptac.exchange.terms import FIELD_NAMES, Verdict, What
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, acts_within, note
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.outbox import SendState
from hoptac.registration import actions as registration
from hoptac.registration.models import LegalRepresentative
from hoptac.registration.procedures import PROCEDURES
from hoptac.registry import actions as register
from hoptac.registry.models import Cooperative
from hoptac.registry.terms import LegalStatus

# What the journal and the record name as the ground of a change taken from the other side.
BASIS = "Đối chiếu cơ sở dữ liệu quốc gia"
# So many at a time: each "theirs" is an act upon its own record.
MOST_AT_ONCE = 500
CORRECT, CHANGE = "correct", "change"


@dataclass(frozen=True)
class How:
    """How their side is taken: a correction of what was wrong, or a change since a day."""

    way: str = CORRECT
    on: date | None = None
    sector: str = ""


@action("exchange.reconcile", name="exchange.decide")
def decide(
    ctx: Context, difference: Difference, *, verdict: str, words: str = "", way: str = CORRECT,
    on: date | None = None, sector: str = "", batch: UUID | None = None,
) -> Difference:  # fmt: skip
    """Decide one difference: ours, theirs or only noted; ``batch`` is the act that decides many.

    *Ours* keeps the record and puts it into the outbox; *theirs* changes the record by the
    register's own acts; *noted* leaves both and asks for words.

    :raises Refused: somebody decided it before, words or a day are missing, or the register's act
        refuses
    """
    if difference.state != Verdict.OPEN:
        raise Refused(_already(difference))
    if verdict not in {Verdict.OURS, Verdict.THEIRS, Verdict.NOTED}:
        raise Refused(Finding("verdict_unknown", _("Choose which side is right."), field="verdict"))
    if verdict == Verdict.NOTED and not words.strip():
        raise Refused(Finding("reason_missing", _("Say what is to be noted."), field="words"))
    difference.decisions += 1
    acts: list[UUID] = []
    if verdict == Verdict.OURS:
        _keep_ours(ctx, difference)
    elif verdict == Verdict.THEIRS:
        _take_theirs(ctx, difference, words, How(way, on, sector))
        acts = acts_within(ctx)
    difference.state = verdict
    difference.words = words.strip()[:500]
    difference.decided_by, difference.decided_at = ctx.user, timezone.now()
    difference.acts = [str(a) for a in acts]
    difference.batch = batch
    difference.save()
    note(
        ctx, verdict=verdict, field=difference.field, what=difference.what, words=difference.words,
        body=difference.cooperative_id, ours=difference.ours, theirs=difference.theirs,
    )  # fmt: skip
    return difference


def _already(difference: Difference) -> Finding:
    who = difference.decided_by.full_name if difference.decided_by else ""
    when = timezone.localtime(difference.decided_at) if difference.decided_at else None
    if who and when:
        words = _("%(name)s decided this on %(day)s at %(hour)s.") % {
            "name": who, "day": f"{when:%d/%m/%Y}", "hour": f"{when:%H:%M}",
        }  # fmt: skip
    else:
        words = _("This was decided before, or no longer differs.")
    return Finding("decided_before", words)


@action("exchange.reconcile", name="exchange.decide_many")
def decide_many(
    ctx: Context, ids: Iterable[UUID], *, verdict: str, words: str = "", way: str = CORRECT
) -> dict[str, Any]:
    """Decide many open differences alike; each is an act of its own within this one, all or nothing.

    :raises Refused: too many, one of them cannot be decided so (it is named), or lies outside
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise Refused(Finding("none_chosen", _("Choose at least one.")))
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(
            Finding("too_many", _("At most %(count)s at a time.") % {"count": MOST_AT_ONCE})
        )
    if verdict == Verdict.NOTED and not words.strip():
        raise Refused(Finding("reason_missing", _("Say what is to be noted."), field="words"))
    found = Difference.objects.visible_to(ctx, "exchange.reconcile").filter(pk__in=wanted)
    rows = list(found.order_by("pk"))
    if len(rows) < len(wanted):
        raise Refused(Finding("not_found", _("Some of these lie outside your territory.")))
    for row in rows:
        try:
            decide(ctx, row, verdict=verdict, words=words, way=way, batch=ctx.act_id)
        except Refused as refused:
            raise Refused(_named(row, refused)) from None
    note(ctx, verdict=verdict, words=words, count=len(rows))
    return {"decided": len(rows)}


@action("exchange.reconcile", name="exchange.undo_decision")
def undo_decision(ctx: Context, difference: Difference) -> Difference:
    """Take a decision back: the record is as it was before, what still waits in the outbox is set aside.

    The context must give a reason. What the national system was already told stays told; the next
    decision tells it anew.

    :raises Refused: no reason, nothing decided, or the record was changed again since
    """
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Say why it is undone."), field="reason"))
    if difference.state not in {Verdict.OURS, Verdict.THEIRS, Verdict.NOTED}:
        raise Refused(Finding("nothing_to_undo", _("This is not decided.")))
    if difference.state == Verdict.OURS:
        Message.objects.filter(
            difference_id=difference.pk, state__in=(SendState.WAITING, SendState.DEAD)
        ).update(state=SendState.DROPPED)
    if difference.state == Verdict.THEIRS and difference.acts:
        body = difference.cooperative
        if body is not None:
            _undo_acts(ctx, body, [UUID(a) for a in difference.acts])
    difference.history = [
        *difference.history,
        {
            "verdict": difference.state, "words": difference.words,
            "by": difference.decided_by.full_name if difference.decided_by else "",
            "at": difference.decided_at.isoformat() if difference.decided_at else "",
            "undone_by": ctx.user.full_name if ctx.user else "", "undone_at": timezone.now().isoformat(),
            "reason": ctx.reason,
        },
    ]  # fmt: skip
    undone = difference.state
    # The same claim may stand open again by a later extract: that one goes on.
    twin = Difference.objects.filter(identity=difference.identity, state=Verdict.OPEN)
    difference.state = Verdict.SETTLED if twin.exclude(pk=difference.pk).exists() else Verdict.OPEN
    if difference.what == What.ONLY_THEIRS:
        difference.cooperative = None
    difference.decided_by = difference.decided_at = None
    difference.words, difference.acts, difference.batch = "", [], None
    difference.save()
    note(ctx, verdict=undone, field=difference.field, body=difference.cooperative_id)
    return difference


@action("exchange.reconcile", name="exchange.undo_many")
def undo_many(ctx: Context, *, batch: UUID) -> dict[str, Any]:
    """Take back every decision that one act made together and that still stands, the last first.

    The context must give a reason. All of them or none: what was built upon since is named.

    :raises Refused: no reason, none of them still stands, one lies outside the caller's territory, or
        one cannot be undone
    """
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Say why it is undone."), field="reason"))
    standing = Difference.objects.filter(
        batch=batch, state__in=(Verdict.OURS, Verdict.THEIRS, Verdict.NOTED)
    )
    rows = list(standing.visible_to(ctx, "exchange.reconcile").order_by("-pk"))
    if len(rows) < standing.count():
        raise Refused(Finding("not_found", _("Some of these lie outside your territory.")))
    if not rows:
        raise Refused(Finding("nothing_to_undo", _("There is nothing left to undo.")))
    for row in rows:
        try:
            undo_decision(ctx, row)
        except Refused as refused:
            raise Refused(_named(row, refused)) from None
    note(ctx, undoes=batch, count=len(rows))
    return {"undone": len(rows)}


def _named(row: Difference, refused: Refused) -> Finding:
    """Return the first reason why one of many could not be done, with its name."""
    first = refused.findings[0]
    words = f"{row.name} ({FIELD_NAMES.get(row.field, row.get_what_display())}): {first.message}"
    return Finding(first.code, words, first.basis, details={"id": str(row.pk)})


def _undo_acts(ctx: Context, body: Cooperative, acts: list[UUID]) -> None:
    """Take back what these acts did to the register and to the people registered for it."""
    named = dict(Act.objects.filter(pk__in=acts).values_list("pk", "name"))
    people = [a for a in acts if named.get(a, "").startswith("registration.")]
    own = [a for a in acts if a not in people]
    if own:
        register.undo_acts(ctx, body, acts=own)
    if people:
        registration.undo_representatives(ctx, body, acts=people)


# --- Ours ----------------------------------------------------------------------------------------


def _keep_ours(ctx: Context, difference: Difference) -> None:
    about = {
        "event": f"difference.{difference.what}", "field": difference.field,
        "theirs": difference.theirs, "ours": difference.ours, "extract_of": difference.theirs_on,
    }  # fmt: skip
    key = f"difference:{difference.pk}:{difference.decisions}"
    title = FIELD_NAMES.get(difference.field) or difference.get_what_display()
    if difference.cooperative is None:
        outbox.put_stranger(ctx, difference, key=key, title=str(title), about=about)
    else:
        outbox.put(
            ctx, difference.cooperative, key=key, title=str(title), about=about,
            difference_id=difference.pk,
        )  # fmt: skip


# --- Theirs --------------------------------------------------------------------------------------


def _take_theirs(ctx: Context, difference: Difference, words: str, how: How) -> None:
    source = f"{difference.last_extract.filename} ({difference.theirs_on:%d/%m/%Y})"[:200]
    reason = words.strip() or f"{BASIS}: {source}"
    inner = ctx.because(reason=reason, basis=BASIS)
    if difference.what == What.ONLY_OURS:
        raise Refused(
            Finding(
                "not_from_a_database",
                _("No body is ended because another database does not know it: look first, then use its procedure."),
                field="verdict",
            )
        )  # fmt: skip
    if difference.what == What.ONLY_THEIRS:
        difference.cooperative = _enter(inner, difference, source, how)
        return
    body = difference.cooperative
    if body is None:
        raise Refused(Finding("nothing_to_change", _("There is no record to change.")))
    if not difference.theirs:
        raise Refused(
            Finding(
                "they_say_nothing",
                _("The extract says nothing here: there is nothing to take over."),
                field="verdict",
            )
        )
    special = _SPECIAL.get(difference.field)
    if special is not None:
        special(inner, body, difference, source, how)
    else:
        _write(inner, body, {_PARTICULARS[difference.field]: difference.theirs}, source, how)


_PARTICULARS = {
    "code": "registration_number", "name": "name", "short_name": "short_name", "foreign_name": "foreign_name",
    "address": "address", "phone": "phone",
}  # fmt: skip


def _write(ctx: Context, body: Cooperative, changes: dict[str, Any], source: str, how: How) -> None:
    if how.way == CHANGE:
        if how.on is None:
            raise Refused(Finding("day_missing", _("Say since which day it is so."), field="on"))
        register.change_particulars(ctx, body, changes=changes, from_on=how.on, source=source)
    else:
        register.correct_particulars(ctx, body, changes=changes, source=source)


def _status(ctx: Context, body: Cooperative, d: Difference, source: str, how: How) -> None:
    if needs_filing("status", d.theirs):
        procedure = procedure_for("status", d.ours, d.theirs)
        raise Refused(
            Finding(
                "by_filing",
                _("This state hangs on papers of its own: the procedure “%(title)s” brings it.")
                % {"title": PROCEDURES[procedure].title},
                "NĐ 92/2024/NĐ-CP, Điều 27",
                field="verdict",
                details={"procedure": procedure},
            )
        )
    if d.theirs != LegalStatus.ENDED:
        # A state begins on a day; without a better one, on the day of their extract.
        since = How(CHANGE, how.on or d.theirs_on)
        _write(ctx, body, {"legal_status": d.theirs}, source, since)
        return
    if how.on is None:
        raise Refused(
            Finding(
                "day_missing",
                _("Name the first day on which it no longer existed, from the decision: a database ends nobody."),
                field="on",
            )
        )  # fmt: skip
    register.end_cooperative(ctx, body, on=how.on, source=source)


def _commune(ctx: Context, body: Cooperative, d: Difference, source: str, how: How) -> None:
    commune = d.record.get("commune_id")
    if not commune:
        raise Refused(Finding("commune_unknown", _("Their commune is not known here.")))
    _write(ctx, body, {"commune_id": UUID(commune)}, source, how)


def _established(ctx: Context, body: Cooperative, d: Difference, source: str, how: How) -> None:
    if not d.theirs:
        raise Refused(Finding("day_missing", _("The extract names no day.")))
    changes = {"established_on": date.fromisoformat(d.theirs), "established_precision": "day"}
    register.correct_particulars(ctx, body, changes=changes, source=source)


def _representative(ctx: Context, body: Cooperative, d: Difference, source: str, how: How) -> None:
    people = LegalRepresentative.objects.live().filter(cooperative=body)
    if not people.filter(valid__contains=ctx.today).exists():
        _write(ctx, body, {"director": d.theirs}, source, how)
        return
    if how.way == CHANGE and how.on is None:
        raise Refused(Finding("day_missing", _("Say since which day it is so."), field="on"))
    registration.correct_representatives(
        ctx, body, names=d.theirs.split(";"), on=how.on if how.way == CHANGE else None,
        source=source,
    )  # fmt: skip


def _lines(ctx: Context, body: Cooperative, d: Difference, source: str, how: How) -> None:
    codes = [c for c in d.theirs.split("; ") if c]
    register.set_business_lines(
        ctx, body, codes=codes, main=codes[0] if codes else "", from_on=how.on or d.theirs_on
    )


def _figure(ctx: Context, body: Cooperative, d: Difference, source: str, how: How) -> None:
    if not d.theirs:
        raise Refused(Finding("figure_missing", _("The extract names no figure.")))
    value: Any = d.theirs if d.field == "area" else int(d.theirs)
    if d.field == "area":
        from decimal import Decimal

        value = Decimal(d.theirs)
    register.state_figures(ctx, body, figures={d.field: value}, as_of=d.theirs_on, source=source)


_SPECIAL: dict[str, Callable[[Context, Cooperative, Difference, str, How], None]] = {
    "status": _status, "commune": _commune, "established_on": _established,
    "representative": _representative, "lines": _lines, "charter_capital": _figure,
    "members": _figure, "workers": _figure, "area": _figure,
}  # fmt: skip


def _enter(ctx: Context, d: Difference, source: str, how: How) -> Cooperative:
    """Enter a body that only they know, from what their record says."""
    record = d.record
    established = record.get("established_on")
    particulars: dict[str, Any] = {
        "name": record.get("name", ""), "short_name": record.get("short_name", ""),
        "foreign_name": record.get("foreign_name", ""), "registration_number": record.get("code", ""),
        "address": record.get("address", ""), "director": record.get("representative", ""),
        "legal_status": record.get("status") or LegalStatus.ACTIVE.value, "sector": how.sector,
        "established_on": date.fromisoformat(established) if established else None,
        "commune_id": UUID(record["commune_id"]) if record.get("commune_id") else None,
    }  # fmt: skip
    figures = {
        m: int(record[m]) for m in ("charter_capital", "members", "workers") if record.get(m)
    }
    body = register.record_cooperative(
        ctx, record.get("kind") or "cooperative", particulars=particulars, figures=figures,
        as_of=d.theirs_on, source=source,
    )  # fmt: skip
    codes = [c for c in record.get("lines", "").split("; ") if c]
    if codes:
        register.set_business_lines(ctx, body, codes=codes, main=codes[0], from_on=d.theirs_on)
    return body
