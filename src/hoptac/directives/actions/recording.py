"""Entering a document, correcting what was entered, and how long it binds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hoptac.directives.models import Directive, DirectiveLink
from hoptac.directives.models.directives import kept_provinces
from hoptac.directives.rules.symbols import tell
from hoptac.directives.searching import write_words
from hoptac.directives.terms import Chain, DirectiveKind, Level, LinkKind, Reach
from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, action, note
from hoptac.foundation.documents.kinds import media_type_of
from hoptac.foundation.documents.storing import store
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import nfc, tidy
from hoptac.jurisdiction.actions.mandates import ctx_province
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import agencies_spoken_for

RECORD = "directives.record"
# What an officer states of a document; the rest is told by acts of its own.
FACTS = (
    "chain", "level", "kind", "number", "symbol", "title", "issuer", "issuer_name", "issued_on", "signer",
    "signer_post", "in_force_on", "ends_on", "reach", "keeper", "is_confirmed",
)  # fmt: skip
_CHOICES: dict[str, Any] = {"chain": Chain, "level": Level, "kind": DirectiveKind, "reach": Reach}
File = tuple[str, bytes]


@action(RECORD, name="directives.record_directive")
def record_directive(
    ctx: Context, *, facts: Mapping[str, Any], file: File | None = None, text: str = ""
) -> Directive:
    """Enter a document with what it says of itself, its file or its text.

    ``facts`` are named as the fields of :class:`Directive`. What the symbol tells (number, kind, line of
    command, level) is filled in where the facts leave it out. Where others already cite the
    document and nobody had brought it, that entry is completed and returned.

    :raises Refused: something is missing or cannot be, the document is known already, or it is
        neither of an agency of the caller's own nor of a line of command that the desk keeps
    """
    province = ctx_province(ctx)
    values = _checked(ctx, _completed(facts), province)
    _refuse_foreign(ctx, values, province)
    cited = _refuse_known(ctx, values, province, at_hand=bool(file or text))
    directive = cited or Directive(province_code=province)
    for name, value in values.items():
        setattr(directive, name, value)
    _give_text(ctx, directive, file, text)
    directive.act_id = ctx.act_id
    if cited:
        directive.version += 1
    directive.save()
    write_words(directive)
    note(ctx, subject=directive, **_told(values), file=bool(file), was_cited=cited is not None)
    return directive


@action(RECORD, name="directives.correct_directive")
def correct_directive(
    ctx: Context,
    directive: Directive,
    *,
    changes: Mapping[str, Any],
    file: File | None = None,
    text: str | None = None,
    expected_version: int | None = None,
) -> Directive:
    """Correct what was entered of a document, or bring its file; what was entered before stays on record.

    The text of a document in which tasks were read is only changed with the reading
    (:func:`store_reading`): their places in it would be lost.

    :raises Refused: no reason is given, nothing differs, or what it would be cannot be
    :raises Conflict: somebody changed it meanwhile
    """
    refuse_if_passed(directive, expected_version)
    if directive.is_at_hand and not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Say why it is corrected."), field="reason"))
    now = {name: getattr(directive, name) for name in FACTS}
    values = _checked(ctx, _completed({**now, **changes}), directive.province_code)
    _refuse_foreign(ctx, values, directive.province_code)
    _refuse_known(ctx, values, directive.province_code, but=directive)
    _refuse_hidden_ending(directive, values["reach"])
    changed = {n: v for n, v in values.items() if v != now[n]}
    if text is not None and text != directive.text and directive.passages.exists():
        raise Refused(
            Finding("text_was_read", _("Tasks were read in this text: read the new one instead."), field="text")
        )  # fmt: skip
    if not changed and file is None and (text is None or text == directive.text):
        raise Refused(Finding("nothing_changed", _("Nothing differs from what is recorded.")))
    for name, value in changed.items():
        setattr(directive, name, value)
    _give_text(ctx, directive, file, directive.text if text is None else text)
    directive.act_id = ctx.act_id
    directive.version += 1
    directive.save()
    write_words(directive)
    was = _told({n: now[n] for n in changed})
    note(ctx, changes={n: [was[n], v] for n, v in _told(changed).items()}, file=bool(file))
    return directive


@action(RECORD, name="directives.revoke_directive")
def revoke_directive(
    ctx: Context, directive: Directive, *, on: date, basis: str, expected_version: int | None = None
) -> Directive:
    """Record that a document was revoked (*thu hồi, bãi bỏ*) from a day, and by which document.

    :raises Refused: no document is named, the day lies ahead or before the document, or it was revoked
    """
    refuse_if_passed(directive, expected_version)
    if not basis.strip():
        raise Refused(Finding("basis_missing", _("Say by which document."), field="basis"))
    if directive.revoked_on is not None:
        raise Refused(Finding("revoked_already", _("It is revoked already.")))
    _refuse_before(directive, on)
    if on > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="on"))
    return _end(ctx, directive, revoked_on=on, revoked_basis=tidy(basis)[:200])


@action(RECORD, name="directives.expire_directive")
def expire_directive(
    ctx: Context, directive: Directive, *, ends_on: date, expected_version: int | None = None
) -> Directive:
    """Record from which day a document no longer binds.

    :raises Refused: the day lies before the document, or is recorded already
    """
    refuse_if_passed(directive, expected_version)
    if directive.ends_on == ends_on:
        raise Refused(Finding("nothing_changed", _("Nothing differs from what is recorded.")))
    _refuse_before(directive, ends_on)
    return _end(ctx, directive, ends_on=ends_on)


@action(RECORD, name="directives.restore_directive")
def restore_directive(
    ctx: Context, directive: Directive, *, expected_version: int | None = None
) -> Directive:
    """Take back that a document was revoked or ended: it was recorded by mistake.

    :raises Refused: no reason is given, or it neither was revoked nor has an end
    """
    refuse_if_passed(directive, expected_version)
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Say why it is corrected."), field="reason"))
    if directive.revoked_on is None and directive.ends_on is None:
        raise Refused(Finding("not_ended", _("It was neither revoked nor has it an end.")))
    return _end(ctx, directive, revoked_on=None, revoked_basis="", ends_on=None)


def _end(ctx: Context, directive: Directive, **values: Any) -> Directive:
    was = {n: getattr(directive, n) for n in values}
    for name, value in values.items():
        setattr(directive, name, value)
    directive.act_id = ctx.act_id
    directive.version += 1
    directive.save()
    note(ctx, changes={n: [was[n], v] for n, v in values.items() if was[n] != v})
    return directive


# --- What the acts share ---------------------------------------------------------------------------


def refuse_if_passed(row: Any, expected_version: int | None) -> None:
    """Refuse an act upon what somebody changed since the caller read it.

    :raises Conflict: the versions differ
    """
    if expected_version is not None and expected_version != row.version:
        raise Conflict(expected_version, row.version)


def may_record(ctx: Context, chain: str, issuer: UUID | None, province: str) -> bool:
    """Tell whether the caller may enter documents of the line of command, or of this issuer."""
    if any(g.province_code == "*" for g in ctx.grants if RECORD in g.role.permissions):
        return True
    if province in kept_provinces(ctx, chain):
        return True
    return issuer is not None and issuer in agencies_spoken_for(ctx, RECORD)


def _completed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts with what the symbol tells, where they leave it out."""
    given = {"reach": Reach.OPEN, "is_confirmed": True, **facts}
    told = tell(str(given.get("symbol") or ""))
    given["symbol"] = told.symbol
    for name in ("number", "kind", "chain", "level"):
        given[name] = given.get(name) or getattr(told, name)
    issuer = given.get("issuer")
    if issuer is not None and not given.get("issuer_name"):
        given["issuer_name"] = issuer.name
    return {n: given.get(n) for n in FACTS}


def _checked(ctx: Context, given: Mapping[str, Any], province: str) -> dict[str, Any]:
    """Return the values as they are kept.

    :raises Refused: with every finding
    """
    values = dict(given)
    found: list[Finding] = []
    for name in ("number", "symbol", "title", "issuer_name", "signer", "signer_post"):
        column: Any = Directive._meta.get_field(name)
        values[name] = tidy(str(values.get(name) or ""))[: column.max_length]
    for name in ("title", "issuer_name"):
        if not values[name]:
            found.append(Finding("field_missing", _("This must be filled in."), field=name))
    for name, choices in _CHOICES.items():
        if values.get(name) not in choices.values:
            found.append(Finding("field_missing", _("Choose one."), field=name))
    values["is_confirmed"] = bool(values.get("is_confirmed"))
    found.extend(_impossible_days(values, ctx.today))
    for name in ("issuer", "keeper"):
        agency: Agency | None = values.get(name)
        if agency is not None and agency.province_code != province:
            found.append(Finding("agency_unknown", _("There is no such agency."), field=name))
    issuer, issued_on = values.get("issuer"), values.get("issued_on")
    if issuer is not None and issued_on is not None and not _exists(issuer, issued_on):
        found.append(
            Finding("issuer_did_not_exist", _("On this day the agency does not exist."), field="issuer")
        )  # fmt: skip
    if found:
        raise Refused(*found)
    return values


def _impossible_days(values: Mapping[str, Any], today: date) -> list[Finding]:
    issued, begins, ends = (values.get(n) for n in ("issued_on", "in_force_on", "ends_on"))
    found = []
    if issued is not None and issued > today:
        found.append(Finding("date_in_future", _("The day lies in the future."), field="issued_on"))
    if issued is not None and begins is not None and begins < issued:
        found.append(
            Finding("in_force_before_issue", _("It cannot be in force before it was issued."), field="in_force_on")
        )  # fmt: skip
    first = begins or issued
    if ends is not None and first is not None and ends <= first:
        found.append(
            Finding("days_reversed", _("The last day lies before the first."), field="ends_on")
        )
    return found


def _exists(agency: Agency, day: date) -> bool:
    begin, end = agency.valid.lower, agency.valid.upper
    return (begin is None or begin <= day) and (end is None or day < end)


def _refuse_foreign(ctx: Context, values: Mapping[str, Any], province: str) -> None:
    issuer, keeper = values.get("issuer"), values.get("keeper")
    if not may_record(ctx, values["chain"], issuer.pk if issuer else None, province):
        raise Refused(
            Finding(
                "not_yours_to_record",
                _(
                    "You enter documents that your own agency issued; others are entered by the desk "
                    "that keeps the line of command."
                ),
                field="issuer",
            )
        )
    if keeper is not None and not may_record(ctx, values["chain"], keeper.pk, province):
        raise Refused(
            Finding("not_yours_to_record", _("You do not speak for this agency."), field="keeper")
        )


def _refuse_known(
    ctx: Context, values: Mapping[str, Any], province: str, *, at_hand: bool = False,
    but: Directive | None = None,
) -> Directive | None:  # fmt: skip
    """Refuse a document that is entered already, as far as the caller may see; return one only cited.

    Two bodies may give the same symbol on one day; the same body does not.
    """
    if not values["symbol"]:
        return None
    same = Directive.objects.visible_to(ctx, RECORD).filter(
        province_code=province, symbol=values["symbol"]
    )
    for other in (same.exclude(pk=but.pk) if but else same).order_by("pk"):
        days = {other.issued_on, values.get("issued_on")}
        if len(days - {None}) > 1:
            continue
        named_alike = other.issuer_name.casefold() == values["issuer_name"].casefold()
        if not other.is_at_hand and not other.is_confirmed and but is None:
            if named_alike or not other.issuer_name or other.kind == values["kind"]:
                return other
        elif named_alike:
            raise Refused(
                Finding(
                    "directive_known",
                    _("This document is entered already: %(name)s.") % {"name": other.name},
                    field="symbol",
                    details={"directive": str(other.pk)},
                )
            )
    return None


def _refuse_before(directive: Directive, day: date) -> None:
    first = directive.in_force_on or directive.issued_on
    if first is not None and day <= first:
        raise Refused(
            Finding("before_in_force", _("The day lies before the document came into force."), field="on")
        )  # fmt: skip


def _refuse_hidden_ending(directive: Directive, reach: str) -> None:
    """A document that only some may read cannot change one that everybody reads."""
    if reach == Reach.OPEN or directive.reach == reach:
        return
    ending = DirectiveLink.objects.live().filter(
        source=directive, kind__in=(LinkKind.AMENDS, LinkKind.REPLACES), target__reach=Reach.OPEN
    )
    if ending.exists():
        raise Refused(Finding("hidden_change", hidden_change(), field="reach"))


def hidden_change() -> str:
    return _(
        "It amends or replaces a document that every officer reads: it has to be open to all of them, too."
    )


def _give_text(ctx: Context, directive: Directive, file: File | None, text: str) -> None:
    if file is not None:
        name, content = file
        directive.file = store(ctx, content, name=name, media_type=media_type_of(name))
    directive.text = nfc(text).replace("\0", "")[:2_000_000]


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as the journal holds them."""
    return {n: v.code if isinstance(v, Agency) else v for n, v in values.items() if v not in (None, "")} | {
        n: "" for n, v in values.items() if v in (None, "")
    }  # fmt: skip
