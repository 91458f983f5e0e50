"""The registration desk's vocabulary."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a filing stands. The last five are ends."""

    DRAFT = "draft", _("Being filled in")
    SUBMITTED = "submitted", _("Sent in, waiting to be received")
    EXAMINING = "examining", _("Being examined")
    SUPPLEMENT = "supplement", _("Waiting for the applicant")
    PROPOSED = "proposed", _("Waiting for the decision")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    RETURNED = "returned", _("Returned to the applicant")
    WITHDRAWN = "withdrawn", _("Withdrawn by the applicant")
    LAPSED = "lapsed", _("Void: not supplied in time")

    @property
    def is_open(self) -> bool:
        return self in OPEN


OPEN = frozenset({State.SUBMITTED, State.EXAMINING, State.SUPPLEMENT, State.PROPOSED})
# The office's own clock runs in these; in the others it waits for somebody else, or is over.
RUNNING = frozenset({State.EXAMINING, State.PROPOSED})


class Channel(models.TextChoices):
    COUNTER = "counter", _("At the counter")
    POST = "post", _("By post")
    ONLINE = "online", _("Online")
    OFFICE = "office", _("By the authority itself")


class Outcome(models.TextChoices):
    GRANT = "grant", pgettext_lazy("decision", "Grant")
    REFUSE = "refuse", pgettext_lazy("decision", "Refuse")


class StepKind(models.TextChoices):
    """What may happen to a filing; each is one act."""

    DRAFTED = "drafted", _("Begun online")
    SUBMITTED = "submitted", _("Sent in online")
    RECEIVED = "received", _("Received")
    SUPPLEMENT_ASKED = "supplement_asked", _("Asked to supply what is missing")
    SUPPLIED = "supplied", _("Supplied")
    HANDED_OVER = "handed_over", _("Handed over")
    TRANSFERRED = "transferred", _("Passed to another registrar")
    PROPOSED = "proposed", _("Put forward for decision")
    SENT_BACK = "sent_back", _("Sent back to the examiner")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Became void")
    TOOK_EFFECT = "took_effect", _("Took effect")
    CERTIFIED = "certified", _("Certificate issued")
    CERTIFICATE_WAITS = "certificate_waits", _("The certificate waits")
    FEE_PAID = "fee_paid", _("Fee paid")
    FEE_WAIVED = "fee_waived", _("Fee waived")
    FEE_REFUNDED = "fee_refunded", _("Fee paid back")
    FEE_WITHDRAWN = "fee_withdrawn", _("Entry of a fee withdrawn")
    PAPER_CORRECTED = "paper_corrected", _("Letter corrected by a new one")
    PAPER_HANDED_OUT = "paper_handed_out", _("Paper handed out")
    TERM_ENDED = "term_ended", _("What a term asked was done")
    SILENCE_FOUND = "silence_found", _("Put forward to be closed: nothing came in")
    CLOSED_BY_SILENCE = "closed_by_silence", _("Ended after the term of silence")


class TermCode(models.TextChoices):
    """Terms that the law sets beside the desk's own clock."""

    CREDITORS = "creditors", _("Creditors, workers and the People's Committee are told")
    TAX_OPINION = "tax_opinion", _("Opinion of the tax office")
    BODY_ACTS = "body_acts", _("The body decides on its dissolution")
    PUBLICATION = "publication", _("The decision is published")
    SILENCE = "silence", _("Objections to the dissolution")

    @property
    def whose(self) -> Any:
        """Return who must act in the term."""
        match self:
            case TermCode.TAX_OPINION:
                return _("Tax office")
            case TermCode.PUBLICATION:
                return _("Registrar")
            case TermCode.SILENCE:
                return _("Whoever objects")
        return pgettext_lazy("register", "Body")


class TermOutcome(models.TextChoices):
    DONE = "done", pgettext_lazy("term", "Done")
    OBJECTED = "objected", _("An objection or opinion came")
    SILENT = "silent", _("Nothing came in")
    OVERTAKEN = "overtaken", pgettext_lazy("term", "Overtaken")


class UndertakingKind(models.TextChoices):
    """What a body has outside the register, told to the registrar (Law 2023 arts 55, 81)."""

    BRANCH_ABROAD = "branch_abroad", _("Branch abroad")
    OFFICE_ABROAD = "office_abroad", _("Representative office abroad")
    ENTERPRISE = "enterprise", _("Enterprise founded")
    CONTRIBUTION = "contribution", _("Contribution to an enterprise")


class AbroadKind(models.TextChoices):
    BRANCH = UndertakingKind.BRANCH_ABROAD.value, UndertakingKind.BRANCH_ABROAD.label
    OFFICE = UndertakingKind.OFFICE_ABROAD.value, UndertakingKind.OFFICE_ABROAD.label


class EnterpriseKind(models.TextChoices):
    FOUNDED = UndertakingKind.ENTERPRISE.value, UndertakingKind.ENTERPRISE.label
    CONTRIBUTION = UndertakingKind.CONTRIBUTION.value, UndertakingKind.CONTRIBUTION.label


class MoneySource(models.TextChoices):
    OWN = "own", _("Charter capital, divisible funds and other lawful money")
    INDIVISIBLE = "indivisible", _("Common fund or assets that are not divided")


class BranchKind(models.TextChoices):
    BRANCH = "branch", _("Branch")  # chi nhánh
    OFFICE = "office", _("Representative office")  # văn phòng đại diện
    PLACE = "place", _("Business place")  # địa điểm kinh doanh


class BranchState(models.TextChoices):
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Business suspended")
    CLOSED = "closed", pgettext_lazy("branch", "Closed")


class MarkKind(models.TextChoices):
    """Why no other registration is taken (NĐ 92/2024 art. 33)."""

    VIOLATION = "violation", _("Notice of violation")
    COURT = "court", _("Request of a court")
    ENFORCEMENT = "enforcement", _("Request of an enforcement body")
    INVESTIGATION = "investigation", _("Request of an investigating body")
    TAX = "tax", _("Tax enforcement")


class PaperState(models.TextChoices):
    HANDED_IN = "handed_in", pgettext_lazy("paper", "Handed in")
    MISSING = "missing", _("Missing")
    FAULTY = "faulty", pgettext_lazy("paper", "To be mended")


class PaperForm(models.TextChoices):
    ORIGINAL = "original", _("Original")
    COPY = "copy", pgettext_lazy("paper", "Copy")
    ELECTRONIC = "electronic", _("Electronic")


class FeeEntryKind(models.TextChoices):
    """What was done about the fee of a dossier."""

    PAID = "paid", pgettext_lazy("fee", "Paid")
    WAIVED = "waived", pgettext_lazy("fee", "Waived")
    REFUNDED = "refunded", pgettext_lazy("fee", "Paid back")


class IssuedKind(models.TextChoices):
    """What the desk gives out in writing. All but receipt and slip are letters with a number."""

    RECEIPT = "receipt", _("Receipt")
    SUPPLEMENT = "supplement", _("Request to supply")
    REFUSAL = "refusal", _("Letter of refusal")
    RESULT = "result", _("Letter of the result")
    RETURN = "return", _("Letter of return")
    LAPSE = "lapse", _("Letter: dossier void")
    WITHDRAWAL = "withdrawal", _("Answer to a withdrawal")
    SLIP = "slip", _("Hand-over slip")
    TAX = "tax", _("Letter to the tax office")
    SILENCE = "silence", _("Letter: ended after the term of silence")

    @property
    def is_letter(self) -> bool:
        return self not in {IssuedKind.RECEIPT, IssuedKind.SLIP}


class HandedOutBy(models.TextChoices):
    COUNTER = "counter", _("At the counter")
    POST = "post", _("By post")
    EMAIL = "email", _("By e-mail")
    ONLINE = "online", _("Online")
