"""What becomes of a paper after it was issued: handed out, corrected by another, signed outside."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from hoptac.certificates import signatures
from hoptac.certificates.actions import trusted_roots
from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.documents.storing import store
from hoptac.foundation.findings import Finding, Refused
from hoptac.registration.models import Filing, IssuedPaper, PaperHandout, SignedPaper
from hoptac.registration.papers import issue
from hoptac.registration.steps import write
from hoptac.registration.terms import HandedOutBy, IssuedKind, StepKind


@action("registration.receive", name="registration.hand_out_paper")
def hand_out_paper(
    ctx: Context, filing: Filing, *, paper: UUID, how: str, to: str, on: date | None = None
) -> PaperHandout:
    """Record that an issued paper went out: when, how, to whom.

    :raises Refused: there is no such paper, nobody is named, or the day cannot be
    """
    found = _paper(filing, paper)
    day = on or ctx.today
    if how not in HandedOutBy.values:
        raise Refused(Finding("way_unknown", _("Choose how it went out."), field="how"))
    if not to.strip():
        raise Refused(Finding("receiver_missing", _("Say to whom."), field="to"))
    if not found.issued_on <= day <= ctx.today:
        raise Refused(
            Finding("date_impossible", _("The day lies between its issue and today."), field="on")
        )
    handed = PaperHandout.objects.create(
        paper=found, how=how, on=day, to=to.strip()[:120], by=ctx.user, act_id=act_of(ctx)
    )
    words = f"{found}: {HandedOutBy(how).label}"
    write(ctx, filing, StepKind.PAPER_HANDED_OUT, words=words, details={"paper": str(found.pk)})
    note(ctx, paper=found.pk, kind=found.kind, number=found.code, how=how, on=day)
    return handed


@action("registration.process", name="registration.correct_paper")
def correct_paper(
    ctx: Context, filing: Filing, *, paper: UUID, words: str, signatory: str = ""
) -> IssuedPaper:
    """Issue a letter anew, from what the dossier says now, in place of one with a mistake.

    The old letter stays as it is; the new one has its own number and names the old (NĐ 30/2020
    art. 18 cl. 3).

    :raises Refused: there is no such letter, it was replaced already, or nobody says what was wrong
    """
    found = _paper(filing, paper)
    if not IssuedKind(found.kind).is_letter:
        raise Refused(
            Finding("not_a_letter", _("Only letters are replaced; print the paper anew."))
        )
    if IssuedPaper.objects.filter(corrects=found).exists():
        raise Refused(Finding("corrected_already", _("This letter was replaced already.")))
    if not words.strip():
        raise Refused(Finding("reason_missing", _("Say what was wrong."), field="words"))
    new = issue(
        ctx, filing, IssuedKind(found.kind), words=words.strip(), corrects=found,
        signatory=signatory or found.signatory,
    )  # fmt: skip
    told = f"{found.code} → {new.code}: {words.strip()}"
    write(ctx, filing, StepKind.PAPER_CORRECTED, words=told, details={"paper": str(new.pk)})
    note(ctx, old=found.code, new=new.code, sha256=new.file.sha256)
    return new


@action("registration.decide", name="registration.attach_signed_paper")
def attach_signed_paper(
    ctx: Context, filing: Filing, *, paper: UUID, content: bytes, filename: str
) -> SignedPaper:
    """Lay the letter as it was signed outside to the one that was issued.

    :raises Refused: it is no PDF, holds no signature, was altered since, or is another file
    """
    found = _paper(filing, paper)
    seen = signatures.inspect(content, [bytes(r.content) for r in trusted_roots()])
    if not content.startswith(found.file.read()):
        raise Refused(
            Finding(
                "not_this_file",
                _("This is not the issued file with a signature added. Sign the file that you download here."),
                field="file",
            )
        )  # fmt: skip
    if not seen.is_intact:
        raise Refused(
            Finding(
                "signature_broken", _("The file was altered after it was signed."), field="file"
            )
        )
    kept = store(ctx, content, name=filename, media_type="application/pdf")
    signed = SignedPaper.objects.create(
        paper=found, file=kept, signer=seen.signer[:300], issuer=seen.issuer[:300],
        signed_at=seen.signed_at, is_trusted=seen.is_trusted, act_id=act_of(ctx),
    )  # fmt: skip
    note(ctx, paper=found.pk, number=found.code, sha256=kept.sha256, signer=seen.signer,
         is_trusted=seen.is_trusted)  # fmt: skip
    return signed


def _paper(filing: Filing, paper: UUID) -> IssuedPaper:
    found: IssuedPaper | None = filing.issued.select_related("file").filter(pk=paper).first()
    if found is None:
        raise Refused(Finding("paper_unknown", _("There is no such paper in the dossier.")))
    return found
