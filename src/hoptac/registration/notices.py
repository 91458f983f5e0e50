"""Whom the course of a filing tells: those who must act next, and the director of the body."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from hoptac.foundation import events
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.notices.kinds import Matter, NoticeKind, declare, declare_matter
from hoptac.foundation.notices.telling import done
from hoptac.foundation.notices.terms import Mail
from hoptac.jurisdiction.models import Mandate
from hoptac.jurisdiction.selectors import mandates_that_may, people_of_body
from hoptac.registration.models import Filing, FilingStep
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.rules.procedures import title_of
from hoptac.registration.terms import StepKind

K = StepKind
_ENDS = frozenset({K.WITHDRAWN, K.RETURNED, K.LAPSED, K.GRANTED, K.REFUSED})
# Which steps settle what was asked of anybody.
SETTLED_BY: dict[str, frozenset[StepKind]] = {
    "to_receive": frozenset({K.RECEIVED, K.TRANSFERRED}) | _ENDS,
    "to_decide": frozenset({K.SENT_BACK, K.TRANSFERRED}) | _ENDS,
    "sent_back": frozenset({K.PROPOSED, K.HANDED_OVER, K.TRANSFERRED, K.SUPPLEMENT_ASKED}) | _ENDS,
    "handed_over": frozenset({K.PROPOSED, K.HANDED_OVER, K.TRANSFERRED, K.SUPPLEMENT_ASKED}) | _ENDS,
    "supplied": frozenset({K.PROPOSED, K.HANDED_OVER, K.TRANSFERRED}) | _ENDS,
    "to_close": frozenset({K.CLOSED_BY_SILENCE, K.TERM_ENDED}),
    "to_supply": frozenset({K.SUPPLIED}) | _ENDS,
}  # fmt: skip


def filings_among(ctx: Context, keys: Collection[str]) -> Iterable[Any]:
    """Return which of these filings the caller may see."""
    return (
        Filing.objects.visible_to(ctx).filter(pk__in=keys).order_by().values_list("pk", flat=True)
    )


# --- Whom -----------------------------------------------------------------------------------------


def nearest(mandates: Iterable[Mandate], filing: Filing) -> list[Mandate]:
    """Keep the mandates at the level of the filing's registrar, where there are any.

    Whoever watches over a whole province need not hear of each commune's own dossiers.
    """
    held = list(mandates)
    level = filing.authority.level
    at_level = [m for m in held if (m.unit.level if m.unit else "province") == level]
    return at_level or held


def who_decides(ctx: Context, *, filing: Filing, step: FilingStep) -> list[User]:
    """Return the registrars of a filing's place; any who may decide where there is none."""
    held = nearest(_mandates(ctx, "registration.decide", filing), filing)
    held = [m for m in held if m.user_id != step.by_id or not filing.desk.second_person]
    registrars = [m for m in held if m.role == "registrar"]
    return [m.user for m in registrars or held]


def who_receives(ctx: Context, *, filing: Filing, step: FilingStep) -> list[User]:
    """Return the officers who may receive what is sent in online for a place."""
    return [m.user for m in nearest(_mandates(ctx, "registration.receive", filing), filing)]


def who_examines(ctx: Context, *, filing: Filing, step: FilingStep) -> list[User]:
    """Return the officer who holds a filing."""
    return [filing.officer] if filing.officer is not None else []


def who_takes_over(ctx: Context, *, filing: Filing, step: FilingStep) -> list[User]:
    """Return the colleague to whom a filing was handed."""
    return [step.to] if step.to is not None else []


def directors(ctx: Context, *, filing: Filing, step: FilingStep) -> list[User]:
    """Return who follows a body's own dossiers; nobody hears of what the office itself prepares."""
    if filing.cooperative_id is None:
        return []
    if PROCEDURES[filing.procedure].by_office and step.kind not in {K.GRANTED, K.CERTIFIED}:
        return []
    return people_of_body("registration.file_online", ctx.today, filing.cooperative_id)


def _mandates(ctx: Context, permission: str, filing: Filing) -> list[Mandate]:
    return mandates_that_may(
        permission, ctx.today, commune_id=filing.commune_id, province_code=filing.province_code
    )


# --- What -----------------------------------------------------------------------------------------


def about(ctx: Context, *, filing: Filing, step: FilingStep) -> tuple[Filing, Mapping[str, Any]]:
    """Return what the texts speak of: the dossier by its number, procedure and body; no people."""
    return filing, {
        "number": filing.receipt_number or "–", "procedure": filing.procedure,
        "body": filing.subject_name, "until": filing.supplement_until,
        "decision": filing.decision_number, "certificate": step.words if step.kind == K.CERTIFIED else "",
    }  # fmt: skip


def _kind(
    code: str, after: StepKind, to: Callable[..., Any], title: Any, text: Any, permission: str,
    mail: Mail = Mail.NOW,
) -> NoticeKind:  # fmt: skip
    own = permission == "registration.file_online"
    return NoticeKind(
        f"registration.{code}", group=_("My filings") if own else _("Registration desk"),
        title=title, text=text, permission=permission, mail=mail, asks=code in SETTLED_BY,
        says={"procedure": _title}, on=f"registration.step.{after.value}", to=to, about=about,
    )  # fmt: skip


def _title(code: str) -> str:
    return str(title_of(code)) if code in PROCEDURES else code


_OFFICE, _OWN = "registration.process", "registration.file_online"
KINDS: tuple[NoticeKind, ...] = (
    _kind("to_receive", K.SUBMITTED, who_receives, _("Sent in online, to be received"),
          _("Sent in online and to be received: %(procedure)s, %(body)s."), "registration.receive",
          Mail.DAILY),
    _kind("to_decide", K.PROPOSED, who_decides, _("Put forward for your decision"),
          _("Dossier %(number)s waits for your decision: %(procedure)s, %(body)s."),
          "registration.decide"),
    _kind("to_close", K.SILENCE_FOUND, who_decides, _("To be closed after the term of silence"),
          _("Nothing came in about the dissolution of %(body)s (dossier %(number)s): it waits for you to close."),
          "registration.decide"),
    _kind("sent_back", K.SENT_BACK, who_examines, _("Sent back to you"),
          _("Dossier %(number)s was sent back to you: %(procedure)s, %(body)s."), _OFFICE),
    _kind("handed_over", K.HANDED_OVER, who_takes_over, _("Handed over to you"),
          _("Dossier %(number)s was handed over to you: %(procedure)s, %(body)s."), _OFFICE),
    _kind("supplied", K.SUPPLIED, who_examines, _("What was missing has come"),
          _("What was missing of dossier %(number)s has come: %(procedure)s, %(body)s."), _OFFICE),
    _kind("decided", K.GRANTED, who_examines, _("Granted as you put it forward"),
          _("Dossier %(number)s was granted: %(procedure)s, %(body)s."), _OFFICE, Mail.DAILY),
    _kind("turned_down", K.REFUSED, who_examines, _("Refused as you put it forward"),
          _("Dossier %(number)s was refused: %(procedure)s, %(body)s."), _OFFICE, Mail.DAILY),
    _kind("received", K.RECEIVED, directors, _("Your dossier was received"),
          _("Your dossier was received under number %(number)s: %(procedure)s, %(body)s."), _OWN,
          Mail.DAILY),
    _kind("to_supply", K.SUPPLEMENT_ASKED, directors, _("Your dossier is to be supplied"),
          _("Supply what is missing of dossier %(number)s by %(until)s: %(procedure)s, %(body)s."),
          _OWN),
    _kind("granted", K.GRANTED, directors, _("Your dossier was granted"),
          _("Dossier %(number)s was granted by decision %(decision)s: %(procedure)s, %(body)s."), _OWN),
    _kind("refused", K.REFUSED, directors, _("Your dossier was refused"),
          _("Dossier %(number)s was refused by decision %(decision)s: %(procedure)s, %(body)s."), _OWN),
    _kind("returned", K.RETURNED, directors, _("Your dossier was returned"),
          _("Your dossier was returned unexamined: %(procedure)s, %(body)s."), _OWN),
    _kind("lapsed", K.LAPSED, directors, _("Your dossier became void"),
          _("Dossier %(number)s became void, for it was not supplied in time: %(procedure)s, %(body)s."),
          _OWN),
    _kind("certified", K.CERTIFIED, directors, _("A certificate was issued"),
          _("Certificate %(certificate)s was issued: %(procedure)s, %(body)s."), _OWN, Mail.DAILY),
)  # fmt: skip


def _settle(codes: tuple[str, ...], ctx: Context, *, filing: Filing, step: FilingStep) -> None:
    done(ctx, *codes, subject=filing)


def declare_all() -> None:
    """Declare what a step settles (first), and what it tells."""
    declare_matter(Matter("registration.filing", "registration:filing", seen=filings_among))
    for step in StepKind:
        settled = tuple(f"registration.{c}" for c, by in SETTLED_BY.items() if step in by)
        if settled:
            events.listen(f"registration.step.{step.value}", partial(_settle, settled))
    for kind in KINDS:
        declare(kind)
