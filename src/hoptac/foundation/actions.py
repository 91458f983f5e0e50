"""The act layer: the only way anything changes.

An act is a function ``(ctx, subject, **details)`` under :func:`action`. It runs in one transaction,
is refused without permission or outside the caller's territory, and leaves one journal entry.
The chain's lock is taken last, just before the transaction ends.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from hoptac.foundation import access, events
from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.identifiers import uuid7

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class ActionSpec:
    """What is declared of an act: its journal name and its permission."""

    name: str
    permission: str
    function: Callable[..., Any]


ACTIONS: dict[str, ActionSpec] = {}


class OutOfReach(PermissionDenied):
    """The subject lies outside the caller's territory; shown as *not found*."""


class Conflict(Refused):
    """Somebody changed the subject since the caller read it (If-Match, form version)."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(
            Finding(
                "changed_meanwhile",
                _(
                    "Somebody else has changed this record since you opened it. Check and try again."
                ),
                details={"expected": expected, "actual": actual},
            )
        )


class AlreadyDone(Exception):
    """The same submission was already carried out; ``act`` is its journal entry."""

    def __init__(self, act: Any) -> None:
        super().__init__(str(act))
        self.act = act


@dataclass
class Entry:
    """A journal entry being prepared while the act runs."""

    act_id: UUID
    name: str
    subject: Any
    payload: dict[str, Any]
    parent_id: UUID | None
    undoes_id: UUID | None = None
    reason: str = ""
    basis: str = ""


def action(
    permission: str, *, name: str = ""
) -> Callable[[Callable[Concatenate[Context, P], R]], Callable[Concatenate[Context, P], R]]:
    """Make a function an act; ``permission`` also names it unless ``name`` is given.

    The function may return anything. To say more in the journal it calls :func:`note`.

    :raises PermissionDenied: no mandate of the caller grants the permission
    :raises OutOfReach: the subject is outside the caller's territory
    :raises Refused: a rule stands in the way; carries the findings
    :raises AlreadyDone: the context's idempotency key was used before
    """
    access.declare_permissions(permission)

    def wrap(
        function: Callable[Concatenate[Context, P], R],
    ) -> Callable[Concatenate[Context, P], R]:
        spec = ActionSpec(name or permission, permission, function)
        if spec.name in ACTIONS:
            raise ValueError(f"two acts are named {spec.name}")
        ACTIONS[spec.name] = spec
        signature = inspect.signature(function)

        @functools.wraps(function)
        def run(ctx: Context, *args: P.args, **kwargs: P.kwargs) -> R:
            from hoptac.foundation.audit import journal
            from hoptac.foundation.rulebook import marks

            if not ctx.may(permission):
                raise PermissionDenied(permission)
            outermost = ctx.act_id is None
            if outermost:
                marks.refresh()
            if outermost and ctx.idempotency_key:
                journal.refuse_repeat(ctx)
            pending: list[Entry] = [] if outermost else ctx._pending
            before = len(pending)
            bound = signature.bind(ctx, *args, **kwargs)
            bound.apply_defaults()
            details = dict(list(bound.arguments.items())[1:])
            subject = args[0] if args else None
            entry = Entry(
                uuid7(), spec.name, subject, {}, ctx.act_id, reason=ctx.reason, basis=ctx.basis
            )
            inner = ctx.by(act_id=entry.act_id, _pending=pending)
            try:
                with transaction.atomic():
                    if isinstance(subject, models.Model):
                        _hold(inner, permission, subject)
                    pending.append(entry)
                    result = function(inner, *args, **kwargs)
                    if isinstance(result, models.Model) and not hasattr(entry.subject, "_meta"):
                        entry.subject = result
                    if not entry.payload:
                        entry.payload = {k: v for k, v in details.items() if v is not subject}
                    events.announce(inner, spec.name, subject=entry.subject, result=result)
                    if outermost:
                        journal.append(ctx, pending)
            except BaseException as error:
                # What is undone leaves no entry, though the act that called it may go on.
                del pending[before:]
                is_known = isinstance(error, IntegrityError | Refused | OutOfReach)
                # The same submission, sent at the same moment, may have been first: then it is done.
                if is_known and outermost and ctx.idempotency_key:
                    journal.refuse_repeat(ctx)
                raise
            return result

        run.spec = spec  # type: ignore[attr-defined]
        return run

    return wrap


def is_done(ctx: Context) -> bool:
    """Tell whether this very submission was carried out: its form may no longer hold by now."""
    from hoptac.foundation.audit import journal

    if ctx.idempotency_key:
        try:
            journal.refuse_repeat(ctx)
        except AlreadyDone:
            return True
    return False


def note(ctx: Context, *, subject: Any = None, undoes: UUID | None = None, **payload: Any) -> None:
    """Say, from inside an act, what the journal shall hold of it instead of the bare arguments."""
    for entry in reversed(ctx._pending):
        if entry.act_id == ctx.act_id:
            entry.payload.update(payload)
            if subject is not None:
                entry.subject = subject
            if undoes is not None:
                entry.undoes_id = undoes
            return
    raise RuntimeError("note() belongs inside an act")


def act_of(ctx: Context) -> UUID:
    """Return the id of the running act, which every written row carries."""
    if ctx.act_id is None:
        raise RuntimeError("rows are written inside an act")
    return ctx.act_id


def each_of(
    ctx: Context, act: Callable[..., Any], subjects: Sequence[models.Model]
) -> list[Context]:
    """Begin an act upon each of many subjects at once, as children of the running act.

    For work done upon many rows by one statement: every subject is held in one go, in the order of
    the keys, and has an entry of its own in the journal, of which the caller says the rest by
    :func:`note` with the context returned for it (in the order given). All subjects are of one
    model, whose manager tells what is visible to a caller under a permission.

    :raises PermissionDenied: no mandate of the caller grants the act's permission
    :raises OutOfReach: a subject is outside the caller's territory, or is not there
    """
    spec: ActionSpec = act.spec  # type: ignore[attr-defined]
    if ctx.act_id is None:
        raise RuntimeError("acts upon each of many belong inside an act")
    if not ctx.may(spec.permission):
        raise PermissionDenied(spec.permission)
    if not subjects:
        return []
    rows = type(subjects[0])._default_manager.filter(pk__in=[s.pk for s in subjects])
    held = rows.visible_to(ctx, spec.permission).select_for_update(of=("self",)).order_by("pk")  # type: ignore[attr-defined]
    if {row.pk for row in held} != {s.pk for s in subjects}:
        raise OutOfReach(spec.permission)
    found = []
    for subject in subjects:
        entry = Entry(
            uuid7(), spec.name, subject, {}, ctx.act_id, reason=ctx.reason, basis=ctx.basis
        )
        ctx._pending.append(entry)
        found.append(ctx.by(act_id=entry.act_id))
    return found


def subjects_so_far(ctx: Context, model: type[models.Model]) -> list[Any]:
    """Return what the acts of this transaction were done to so far, of one model, each once."""
    found = {e.subject.pk: e.subject for e in ctx._pending if isinstance(e.subject, model)}
    return list(found.values())


def acts_within(ctx: Context) -> list[UUID]:
    """Return the acts that the running one has called so far, and what they called, in their order."""
    found: dict[UUID | None, None] = {ctx.act_id: None}
    for entry in ctx._pending:
        if entry.parent_id in found:
            found[entry.act_id] = None
    return [pk for pk in found if pk is not None and pk != ctx.act_id]


def within(ctx: Context) -> list[str]:
    """Return the names of the running act and of those that called it, the innermost first."""
    by_id = {e.act_id: e for e in ctx._pending}
    found, entry = [], by_id.get(ctx.act_id) if ctx.act_id else None
    while entry is not None:
        found.append(entry.name)
        entry = by_id.get(entry.parent_id) if entry.parent_id else None
    return found


def _hold(ctx: Context, permission: str, subject: models.Model) -> None:
    """Lock the subject's row, take it as it now stands, check that it is in the caller's territory.

    A model may say in ``hold_first`` which rows are locked before its own: those that others lock
    before they come to it, so that no two acts wait for each other.
    """
    if first := getattr(subject, "hold_first", None):
        first()
    locked = type(subject)._default_manager.select_for_update(of=("self",))
    try:
        subject.refresh_from_db(from_queryset=locked)
    except ObjectDoesNotExist:
        raise OutOfReach(permission) from None
    within = getattr(subject, "is_within", None)
    if within is not None and not within(ctx, permission):
        raise OutOfReach(permission)
