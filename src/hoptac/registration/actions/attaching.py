"""Files laid to the papers of a dossier, by the applicant online or by the desk."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.documents.kinds import media_type_of
from hoptac.foundation.documents.storing import store
from hoptac.foundation.findings import Finding, Refused
from hoptac.registration.models import Filing
from hoptac.registration.terms import PaperForm, PaperState, State

_BY_APPLICANT = frozenset({State.DRAFT, State.SUBMITTED, State.SUPPLEMENT})
_BY_DESK = frozenset({State.SUBMITTED, State.EXAMINING, State.SUPPLEMENT})


@action("registration.file_online", name="registration.attach_online")
def attach_online(
    ctx: Context, filing: Filing, *, paper: int, content: bytes, filename: str
) -> Filing:
    """Lay a file to a paper of one's own dossier, before it is examined or when asked to supply.

    :raises Refused: the dossier is being examined, there is no such paper, or the file is not taken
    """
    return _attach(ctx, filing, paper, content, filename, _BY_APPLICANT)


@action("registration.process", name="registration.attach")
def attach(ctx: Context, filing: Filing, *, paper: int, content: bytes, filename: str) -> Filing:
    """Lay a scan to a paper that came to the desk.

    :raises Refused: the dossier is decided, there is no such paper, or the file is not taken
    """
    return _attach(ctx, filing, paper, content, filename, _BY_DESK)


def _attach(
    ctx: Context,
    filing: Filing,
    paper: int,
    content: bytes,
    filename: str,
    states: frozenset[State],
) -> Filing:
    if filing.state not in states:
        raise Refused(Finding("step_not_allowed", _("This is not possible now.")))
    found = filing.papers.filter(pk=paper).first()
    if found is None:
        raise Refused(Finding("paper_unknown", _("There is no such paper in the dossier.")))
    kept = store(ctx, content, name=filename, media_type=media_type_of(filename))
    found.file_id, found.form, found.state = kept.pk, PaperForm.ELECTRONIC, PaperState.HANDED_IN
    found.save(update_fields=("file_id", "form", "state"))
    filing.version += 1
    filing.save(update_fields=("version",))
    note(ctx, paper=found.code, sha256=kept.sha256, size=kept.size)
    return filing
