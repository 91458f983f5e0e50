"""Acts of the rule-keeper: a fact is confirmed, corrected, or a confirmation withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, action, note
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.foundation.rulebook import facts, marks
from hoptac.foundation.rulebook.models import Confirmation

SEE = "rulebook.view"
CONFIRM = "rulebook.confirm"


@action(CONFIRM, name="rulebook.confirm_fact")
def confirm_fact(
    ctx: Context, key: str, *, fingerprint: str, document: str, read_on: date, article: str = ""
) -> Confirmation:
    """State that a fact stands in an official text just as it stands here.

    ``fingerprint`` is that of the content which the caller read.

    :raises Refused: there is no such fact, it is confirmed already or changed meanwhile, the text
        is not named, or the day lies in the future
    :raises OutOfReach: the caller does not keep the rules of the province
    """
    _source, fact = _asked(ctx, key, fingerprint)
    _check(ctx, document, read_on)
    return _settle(ctx, key, fact, document=document, article=article, read_on=read_on)


@action(CONFIRM, name="rulebook.confirm_facts")
def confirm_facts(
    ctx: Context, keys: Mapping[str, str], *, document: str, read_on: date, article: str = ""
) -> int:
    """Confirm several facts that stand in one official text: all of them or none.

    ``keys`` are the facts with their fingerprints. Each leaves an entry of its own under this act.

    :raises Refused: as :func:`confirm_fact`, or none was named
    """
    if not keys:
        raise Refused(Finding("facts_missing", _("Tick at least one line.")))
    for key, fingerprint in keys.items():
        confirm_fact(
            ctx, key, fingerprint=fingerprint, document=document, read_on=read_on, article=article
        )
    note(ctx, facts=len(keys), document=document, article=article, read_on=read_on)
    return len(keys)


@action(CONFIRM, name="rulebook.correct_fact")
def correct_fact(
    ctx: Context, key: str, *, fingerprint: str, values: Mapping[str, Any], document: str,
    read_on: date, article: str = "",
) -> Confirmation:  # fmt: skip
    """State that an official text says otherwise: these values hold from now on, confirmed.

    Give the reason with the context. Past acts keep the findings that they were judged by.

    :raises Refused: as :func:`confirm_fact`, or nothing differs, a value cannot be, or no reason
        is given
    """
    source, fact = _asked(ctx, key, fingerprint)
    _check(ctx, document, read_on)
    _check_reason(ctx)
    known = {v.name: v for v in fact.values if v.can_correct}
    changed = {n: v for n, v in values.items() if n in known and v != known[n].value}
    if not changed:
        raise Refused(
            Finding("nothing_corrected", _("Nothing differs: confirm the fact as it stands."))
        )
    refuse_if_any(
        Finding("value_impossible", why, field=f"value_{n}")
        for n, v in changed.items()
        if (why := facts.check_correction(known[n], v))
    )
    before = {n: facts.plain(known[n].value) for n in changed}
    source.settle(key, changed, is_confirmed=True)
    return _settle(
        ctx, key, fact, document=document, article=article, read_on=read_on,
        values={n: facts.plain(v) for n, v in changed.items()}, before=before,
    )  # fmt: skip


@action(CONFIRM, name="rulebook.withdraw_confirmation")
def withdraw_confirmation(ctx: Context, confirmation: Confirmation) -> None:
    """Undo a confirmation or a correction: the fact stands as before and asks to be confirmed anew.

    :raises Refused: it was withdrawn already, or no reason is given
    """
    _check_reason(ctx)
    if confirmation.retired_by is not None:
        raise Refused(Finding("withdrawn_already", _("This was withdrawn already.")))
    note(ctx, undoes=confirmation.act_id, fact=confirmation.fact, document=confirmation.document)
    _retire(ctx, [confirmation])
    found = facts.source_of(confirmation.fact)
    if found is not None:
        known = {v.name: v.value for v in found[1].values}
        before = {
            n: date.fromisoformat(v) if isinstance(known.get(n), date) and v else v
            for n, v in confirmation.before.items()
            if n in known
        }
        found[0].settle(confirmation.fact, before, is_confirmed=False)
    marks.refresh(at_once=True)


def _asked(ctx: Context, key: str, fingerprint: str) -> tuple[facts.Source, facts.Fact]:
    """Return the fact that the caller speaks of, if it waits for a word and is still the same."""
    if not facts.may_see_province(ctx, CONFIRM):
        raise OutOfReach(CONFIRM)
    found = facts.source_of(key)
    if found is None:
        raise Refused(Finding("fact_unknown", _("There is no such fact.")))
    fact = found[1]
    if fact.fingerprint != fingerprint:
        raise Refused(
            Finding("fact_changed", _("This changed since you opened it. Read it again."))
        )
    live = Confirmation.objects.select_for_update().live()
    stands = live.filter(province_code=settings.PROVINCE_CODE, fact=key).first()
    if stands is not None and stands.fingerprint == fingerprint:
        raise Refused(
            Finding(
                "confirmed_already",
                _("%(fact)s is confirmed already. Withdraw that first if it is wrong.")
                % {"fact": fact.title},
            )
        )
    if stands is not None:
        _retire(ctx, [stands])
    return found


def _check(ctx: Context, document: str, read_on: date) -> None:
    if not document.strip():
        raise Refused(Finding("document_missing", _("Name the official text."), field="document"))
    if read_on > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="read_on"))


def _check_reason(ctx: Context) -> None:
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Give the reason."), field="reason"))


def _retire(ctx: Context, rows: Iterable[Confirmation]) -> None:
    for row in rows:
        row.retired_by = ctx.act_id
        row.save(update_fields=["retired_by"])


def _settle(ctx: Context, key: str, fact: facts.Fact, **said: Any) -> Confirmation:
    """Keep the confirmation of the fact as it stands now, and let it hold at once."""
    found = facts.source_of(key)
    assert found is not None  # noqa: S101
    assert ctx.act_id is not None  # noqa: S101
    if not said.get("values"):
        found[0].settle(key, {}, is_confirmed=True)
    confirmation = Confirmation.objects.create(
        province_code=settings.PROVINCE_CODE, fact=key, fingerprint=found[1].fingerprint,
        reason=ctx.reason, act_id=ctx.act_id, **said,
    )  # fmt: skip
    note(ctx, subject=confirmation, fact=key, title=fact.title, **said)
    marks.refresh(at_once=True)
    return confirmation
