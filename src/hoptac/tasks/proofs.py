"""What an agency brings to show that something was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.foundation.documents.kinds import media_type_of
from hoptac.foundation.documents.storing import store
from hoptac.foundation.findings import Finding, Refused
from hoptac.tasks.indicators import read
from hoptac.tasks.models import Proof, Step, TiedIndicator
from hoptac.tasks.terms import ProofKind


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One proof to be brought: exactly one of a file, a directive, a record, or a tied indicator."""

    words: str = ""
    file: tuple[str, bytes] | None = None
    directive: Directive | None = None
    record: tuple[str, str] | None = None
    """Path and name of a record, as ``registry:record`` writes it."""
    indicator: TiedIndicator | None = None


def bring(ctx: Context, step: Step, shown: Iterable[Shown]) -> list[Proof]:
    """Keep the proofs that a step brings.

    :raises Refused: a file is refused, a record's path is not one of this system, or a proof is of nothing
    """
    found = []
    for one in shown:
        fields: dict[str, object]
        if one.file is not None:
            name, content = one.file
            stored = store(ctx, content, name=name, media_type=media_type_of(name))
            fields = {"kind": ProofKind.FILE, "file": stored, "name": stored.name}
        elif one.directive is not None:
            fields = {
                "kind": ProofKind.DOCUMENT,
                "directive": one.directive,
                "name": one.directive.name,
            }
        elif one.indicator is not None:
            fields = {"kind": ProofKind.FIGURE, "reading": read(one.indicator, ctx.today).as_kept()}
        elif one.record is not None and one.record[0].startswith("/") and "//" not in one.record[0]:
            fields = {"kind": ProofKind.RECORD, "href": one.record[0], "name": one.record[1][:300]}
        else:
            raise Refused(
                Finding("proof_of_nothing", _("Say what shows it: a file, a document or a record."),
                        field="proofs")
            )  # fmt: skip
        found.append(Proof(step=step, words=one.words[:300], **fields))
    Proof.objects.bulk_create(found)
    return found
