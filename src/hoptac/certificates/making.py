"""Making certificates, one or a hundred by the same statements. Not an act itself: the acts call it.

What takes long, setting the pages in type, can be done before: a page that was kept under exactly
what it says (:class:`Sheet`) is taken as it is, any other is set while the log is held. So what was
foreseen wrongly costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from hoptac.certificates import document, keys, log
from hoptac.certificates.form import FormRule, authority_lines, authority_name, form_on
from hoptac.certificates.models import Certificate, SigningKey, Standing
from hoptac.certificates.payload import Malformed, Payload, Signed, encode
from hoptac.certificates.terms import PARTS, LogEvent, State
from hoptac.foundation.access import Context
from hoptac.foundation.actions import note
from hoptac.foundation.database.inserting import insert
from hoptac.foundation.documents.disk import Kept
from hoptac.foundation.documents.models import StoredFile, place_of
from hoptac.foundation.documents.storing import keep, row_of
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.numbering import take_several
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.models import Cooperative

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Terms:
    """What the certificates of one act have in common."""

    authority: AdminUnit
    issued_on: date
    signatory: str
    reason: str

    @property
    def series(self) -> str:
        return f"certificate:{self.authority.code}:{self.issued_on.year}"

    def number(self, sequence: int) -> str:
        """Return the number as it is printed."""
        return f"{sequence:05}/{self.issued_on.year}/{self.authority.code}"


@dataclass(frozen=True)
class Order:
    """One certificate to be made: for whom, of which kind, what it says."""

    cooperative: Cooperative
    kind: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """Everything that a page is set from: equal sheets are the same bytes."""

    kind: str
    body_kind: str
    content: Mapping[str, Any]
    number: str
    authority: tuple[str, str]
    place: str
    issued_on: date
    signatory: str
    reason: str
    code: str

    def data(self) -> dict[str, Any]:
        """Return what the template is given, but for the drawing of the code."""
        return document.data_of(form_on(self.issued_on), **vars(self))


# Pages that lie on the disk already, by the code upon them.
Ready = Mapping[str, tuple[Sheet, Kept]]


@dataclass(frozen=True)
class Draft:
    """An order with its number, signed."""

    order: Order
    sequence: int
    signed: Signed
    sheet: Sheet
    terms: Terms

    @property
    def drawn_from(self) -> tuple[str, Terms, int]:
        """What a draft of an order depends on besides: key, terms and number."""
        return self.signed.payload.key_id, self.terms, self.sequence


def drafts(
    terms: Terms,
    orders: Sequence[Order],
    sequences: Sequence[int],
    key: SigningKey,
    sign: Callable[[bytes], bytes],
) -> list[Draft]:
    """Return the orders under these numbers, signed; the same each time, whether they are foreseen or taken.

    :raises Refused: a text does not fit into a code
    """
    rule = form_on(terms.issued_on)
    name, lines = authority_name(rule, terms.authority), authority_lines(rule, terms.authority)
    return [
        _draft(terms, order, sequence, key, sign, name, lines)
        for order, sequence in zip(orders, sequences, strict=True)
    ]


def _draft(
    terms: Terms, order: Order, sequence: int, key: SigningKey, sign: Callable[[bytes], bytes],
    authority: str, lines: tuple[str, str],
) -> Draft:  # fmt: skip
    number, said = terms.number(sequence), order.content
    try:
        signed = encode(
            Payload(
                kind=order.kind, key_id=key.pk, issued_on=max(terms.issued_on, _EPOCH), number=number,
                code=str(said["code"]), name=str(said["name"]), office=str(said["office"]),
                authority=authority, capital=said.get("charter_capital"),
            ),
            sign,
        )  # fmt: skip
    except Malformed as error:
        raise Refused(
            Finding(
                "text_unfit",
                _("A text is too long or holds signs that cannot be printed."),
                field=str(error),
            )
        ) from error
    sheet = Sheet(
        kind=order.kind, body_kind=order.cooperative.kind, content=said, number=number,
        authority=lines, place=terms.authority.name, issued_on=terms.issued_on,
        signatory=terms.signatory, reason=terms.reason, code=signed.text,
    )  # fmt: skip
    return Draft(order, sequence, signed, sheet, terms)


def in_force(orders: Sequence[Order]) -> list[Certificate | None]:
    """Return, for each order, the certificate that it supersedes (for branches and offices: of its code)."""
    bodies = [o.cooperative.pk for o in orders]
    live = Certificate.objects.in_force().filter(cooperative__in=bodies).order_by("pk")
    known = {_place(c.cooperative_id, c.kind, c.code): c for c in live}
    return [known.get(_place(o.cooperative.pk, o.kind, str(o.content["code"]))) for o in orders]


def _place(body: Any, kind: str, code: str) -> tuple[Any, str, str]:
    return body, kind, code if kind in PARTS else ""


def too_early(before: Certificate | None, issued_on: date) -> Finding | None:
    """Return what keeps a certificate from being issued before the one that is in force."""
    if before is None or before.issued_on <= issued_on:
        return None
    return Finding(
        "before_last",
        _("The certificate in force was issued later, on %(day)s.")
        % {"day": f"{before.issued_on:%d/%m/%Y}"},
        field="issued_on",
    )


def make(
    ctx: Context,
    terms: Terms,
    orders: Sequence[Order],
    contexts: Sequence[Context],
    before: Sequence[Certificate | None],
    ready: Ready | None = None,
    foreseen: Sequence[Draft] = (),
) -> list[Certificate]:
    """Number, sign, keep and enter certificates in the log in the open, the log being held.

    ``contexts`` are those of each order's own act, ``before`` what each supersedes. The bodies are
    held by the acts, and all content was checked. ``foreseen`` are the orders' drafts, taken if key,
    terms and numbers are still the same.
    """
    key, private = keys.signing()
    rule = form_on(terms.issued_on)
    numbers = take_several(terms.series, len(orders))
    made = list(foreseen)
    if [d.drawn_from for d in made] != [(key.pk, terms, n) for n in numbers]:
        made = drafts(terms, orders, numbers, key, private.sign)
    files = [_file(own, d, ready or {}) for own, d in zip(contexts, made, strict=True)]
    insert(files)
    certificates = [
        _row(terms, rule, draft, key, file) for draft, file in zip(made, files, strict=True)
    ]
    insert(certificates)
    _stand(terms, certificates, before)
    events = []
    for own, certificate, old in zip(contexts, certificates, before, strict=True):
        act = certificate.act_id
        if old is not None:
            events.append((LogEvent.SUPERSEDE, old.digest, act))
        events.append((LogEvent.ISSUE, certificate.digest, act))
        note(
            own, certificate=certificate.pk, number=certificate.number, kind=certificate.kind,
            reason=terms.reason, issued_on=terms.issued_on, digest=certificate.digest,
            supersedes=old.number if old else None,
        )  # fmt: skip
    log.append(ctx, events)
    return certificates


def _file(own: Context, draft: Draft, ready: Ready) -> StoredFile:
    sheet, kept = ready.get(draft.sheet.code, (None, None))
    # Another batch that foresaw the same page may have taken it away again, the log not being ours then.
    if kept is None or sheet != draft.sheet or not place_of(kept.sha256).exists():
        kept = keep(document.printed(draft.sheet.data()))
    name = f"giay-chung-nhan-{draft.sheet.number.replace('/', '-')}.pdf"
    return row_of(own, kept, name=name, media_type="application/pdf")


def _row(
    terms: Terms, rule: FormRule, draft: Draft, key: SigningKey, file: StoredFile
) -> Certificate:
    body, said = draft.order.cooperative, draft.order.content
    return Certificate(
        province_code=body.province_code, cooperative=body, kind=draft.order.kind,
        series=terms.series, sequence=draft.sequence, number=draft.sheet.number,
        authority=terms.authority, authority_name=authority_name(rule, terms.authority),
        code=said["code"], name=said["name"], content=said, issued_on=terms.issued_on,
        signatory=terms.signatory, reason=terms.reason, key=key, payload=draft.signed.text,
        digest=draft.signed.digest, file=file, act_id=file.act_id,
    )  # fmt: skip


_RETIRE = """
UPDATE certificates_standing AS s SET retired_by = told.act
FROM unnest(%s::uuid[], %s::uuid[]) AS told (certificate, act)
WHERE s.certificate_id = told.certificate AND s.retired_by IS NULL
"""


def _stand(
    terms: Terms, certificates: Sequence[Certificate], before: Sequence[Certificate | None]
) -> None:
    """Let the new ones stand in force and those before them superseded; what stood is kept, retired."""
    old = [(b, c) for b, c in zip(before, certificates, strict=True) if b is not None]
    if old:
        with connection.cursor() as cursor:
            cursor.execute(_RETIRE, [[b.pk for b, _c in old], [c.act_id for _b, c in old]])
    superseded = [
        Standing(certificate=b, state=State.SUPERSEDED, since=terms.issued_on, successor=c,
                 act_id=c.act_id)
        for b, c in old
    ]  # fmt: skip
    standing = [
        Standing(certificate=c, state=State.IN_FORCE, since=terms.issued_on, act_id=c.act_id)
        for c in certificates
    ]
    insert([*superseded, *standing])
