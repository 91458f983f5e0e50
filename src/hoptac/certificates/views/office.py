"""Officers' pages: the list of certificates, one certificate, issuing, deciding, the signed file."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from hoptac.certificates import actions, selectors
from hoptac.certificates.forms import DecisionForm, FileForm, IssueForm
from hoptac.certificates.issuing import (
    authorities_of,
    initial_of,
    kinds_of,
    others_beside,
    people_of,
)
from hoptac.certificates.models import Certificate
from hoptac.certificates.selectors import SEE, SEE_PEOPLE
from hoptac.certificates.terms import PARTS, TONES, CertificateKind, State
from hoptac.foundation.access import Context
from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.documents.serving import handed_out
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.foundation.transfers.exports import ExportColumn, csv_stream
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.forms import ActForm
from hoptac.registry.views.acts import ActPage

_A_PAGE = 50


def _ctx(request: HttpRequest) -> Context:
    return request.ctx  # type: ignore[attr-defined, no-any-return]


def _find(request: HttpRequest, pk: UUID, permission: str = SEE) -> Certificate:
    """Return a certificate of the caller's territory; missing and elsewhere are alike.

    :raises Http404: there is none to be seen
    """
    found = selectors.certificate_seen(_ctx(request), pk)
    if found is None or not found.is_within(_ctx(request), permission):
        raise Http404
    return found


@require_GET
@needs(SEE)
def certificate_list(request: HttpRequest) -> HttpResponse:
    """The certificates of the territory by number, name, state and kind."""
    asked = {k: request.GET.get(k, "").strip()[:100] for k in ("q", "state", "kind")}
    found = selectors.certificates_found(_ctx(request), **asked)
    pages = Paginator(found, _A_PAGE)
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    context = {
        "page": page,
        "rows": [(c, str(State(c.state).label), TONES[State(c.state)]) for c in page.object_list],
        "asked": asked,
        "states": State.choices,
        "kinds": CertificateKind.choices,
        "is_filtered": any(asked.values()),
        "may_issue": _ctx(request).may(actions.ISSUE),
    }
    return render(request, "certificates/list.html", context)


@require_GET
@needs(SEE)
def out_of_force(request: HttpRequest) -> HttpResponseBase:
    """The list of certificates not in force, as a table for the offices that ask for one."""
    seen = set(selectors.certificates_seen(_ctx(request)).values_list("number", flat=True))
    words = {**dict(State.choices), "ended": _("The body has ended")}
    rows = [
        (number, str(words[state]), since, digest)
        for digest, state, since, number in sorted(selectors.out_of_force(), key=lambda r: r[3])
        if number in seen
    ]
    columns = [
        ExportColumn(_("Certificate number"), "text", 22), ExportColumn(_("State"), "text", 16),
        ExportColumn(_("Since"), "date", 12), ExportColumn("SHA-256", "text", 66),
    ]  # fmt: skip
    answer = HttpResponse(
        b"".join(csv_stream(columns, rows)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="giay-chung-nhan-het-hieu-luc.csv"'
    return answer


@never_cache
@require_GET
@needs(SEE)
def certificate_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One certificate: what it says, how it stands, what became of it, its files."""
    return _shown(request, _find(request, pk))


def _shown(request: HttpRequest, found: Certificate, **more: Any) -> HttpResponse:
    ctx = _ctx(request)
    state = State(found.state)  # type: ignore[attr-defined]
    may_revoke = ctx.may(actions.REVOKE) and found.is_within(ctx, actions.REVOKE)
    may_issue = ctx.may(actions.ISSUE) and found.is_within(ctx, actions.ISSUE)
    sees_people = selectors.may_see_people(ctx, found.cooperative)
    steps = [(str(s.get_state_display()), TONES[State(s.state)], s) for s in found.standings.all()]
    context = {
        "certificate": found,
        "state": str(state.label),
        "tone": TONES[state],
        "steps": list(reversed(steps)),
        "people": found.content.get("representatives", []) if sees_people else [],
        "sees_people": sees_people,
        "current": selectors.latest_of(found) if state != State.IN_FORCE else None,
        "may_revoke": may_revoke and state == State.IN_FORCE,
        "may_restore": may_revoke and state == State.REVOKED,
        "may_attach": may_issue,
        "form": FileForm(),
        "signatory": found.signatory.replace("\n", " "),
        **more,
    }
    return render(request, "certificates/certificate.html", context, status=422 if more else 200)


@require_GET
@needs(SEE_PEOPLE)
def certificate_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The certificate as it was printed."""
    return handed_out(_find(request, pk, SEE_PEOPLE).file)


@require_GET
@needs(SEE_PEOPLE)
def signed_file(request: HttpRequest, pk: UUID, signed: UUID) -> HttpResponseBase:
    """The certificate as it was signed outside."""
    for one in _find(request, pk, SEE_PEOPLE).signed_files.all():
        if one.pk == signed:
            return handed_out(one.file)
    raise Http404


@require_POST
@needs(actions.ISSUE)
def attach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Attach the file that was signed outside."""
    found = _find(request, pk, actions.ISSUE)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            signed = actions.attach_signed_file(
                _ctx(request), found, content=given.read(), name=given.name
            )
        except Refused as refused:
            for finding in refused.findings:
                form.add_error("file", finding.message)
        else:
            words = _("Signed by %(signer)s. Attached.") % {"signer": signed.signer}
            messages.success(request, words)
            return redirect("certificates:certificate", pk)
    return _shown(request, found, form=form)


class IssuePage(ActPage):
    """Issue a certificate for a body: what the register holds is filled in."""

    permission = actions.ISSUE
    title = gettext_lazy("Issue a certificate")
    lead = gettext_lazy(
        "What the register holds is filled in. Number, code and signature are added when it is issued."
    )
    done = gettext_lazy("Issued. The certificate can be printed now.")
    template = "certificates/issue.html"

    def kind(self) -> str:
        given = self.request.POST.get("kind") or self.request.GET.get("kind", "")
        kinds = kinds_of(self.record.cooperative.kind)
        return given if given in kinds else kinds[0]

    def form(self, data: Any = None) -> ActForm:
        units = authorities_of(self.record, self.ctx.today)
        choices = [(str(u.pk), name) for u, name in units]
        initial = self.initial() | initial_of(self.ctx, self.record, self.kind())
        return IssueForm(self.ctx, choices, self.kind(), data, initial=initial)

    def act(self, ctx: Context, form: Any) -> Any:
        given = form.cleaned_data
        content = form.content()
        if given["kind"] not in PARTS:
            content["representatives"] += others_beside(
                self.record, given["representative_name"], given["issued_on"]
            )
        return actions.issue_certificate(
            ctx.by(reason=""), self.record.cooperative,
            authority=_unit(given["authority"]),
            kind=given["kind"], content=content | self.parent(given["kind"]),
            issued_on=given["issued_on"], signatory=form.signatory(), reason=given["reason"],
        )  # fmt: skip

    def parent(self, kind: str) -> dict[str, str]:
        """Return the lines about the body that a branch or office belongs to."""
        if kind not in {"branch", "office", "place"}:
            return {}
        own = initial_of(self.ctx, self.record, kinds_of(self.record.cooperative.kind)[0])
        return {
            "parent_name": own["name"],
            "parent_code": own["code"],
            "parent_office": own["office"],
        }

    def more(self, form: Any) -> dict[str, Any]:
        names = [n for n in form.fields if n not in {"version", "key", "kind"}]
        people = [n for n in names if n.startswith("representative_")]
        signing = ["authority", "issued_on", "signatory_position", "signatory_name"]
        rest = [n for n in names if n not in {*people, *signing}]
        groups = (
            (_("What the certificate says"), rest),
            (_("Person"), people),
            (_("Who issues it"), signing),
        )
        labels = dict(CertificateKind.choices)
        return {
            "sections": [(title, [form[n] for n in fields]) for title, fields in groups],
            "kinds": [(k, labels[k]) for k in kinds_of(self.record.cooperative.kind)],
            "kind": self.kind(),
            "beside": self.beside(),
        }

    def beside(self) -> list[str]:
        """Return who else of the register will stand on the certificate, for who may see people."""
        if self.kind() in PARTS or not self.record.shows_contacts:
            return []
        return [str(p["name"]) for p in people_of(self.record, self.ctx.today)[1:]]

    def where_then(self, outcome: Any) -> str:
        return reverse("certificates:certificate", args=[outcome.pk])


def _unit(pk: str) -> AdminUnit:
    return AdminUnit.objects.get(pk=pk)


class DecidePage(ActPage):
    """A decision upon a certificate."""

    permission = actions.REVOKE
    certificate: Certificate
    restores: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _ctx(request).may(self.permission):
            raise PermissionDenied(self.permission)
        self.certificate = _find(request, kwargs["pk"], self.permission)
        return super().dispatch(request, *args, pk=self.certificate.cooperative_id)

    def form(self, data: Any = None) -> ActForm:
        return DecisionForm(self.ctx, data, initial=self.initial() | {"on": self.ctx.today})

    def act(self, ctx: Context, form: Any) -> Any:
        act = actions.restore_certificate if self.restores else actions.revoke_certificate
        return act(ctx, self.certificate, on=form.cleaned_data["on"])

    def heading(self) -> str:
        return f"{self.title} {self.certificate.number}"

    def back(self) -> str:
        return reverse("certificates:certificate", args=[self.certificate.pk])

    def where_then(self, outcome: Any) -> str:
        return self.back()

    def already(self, already: AlreadyDone) -> HttpResponse:
        messages.info(self.request, _("This was already recorded; nothing was done twice."))
        return HttpResponseRedirect(self.back())


class RevokePage(DecidePage):
    title = gettext_lazy("Revoke certificate")
    lead = gettext_lazy("It is shown as revoked to everybody who checks it, at once.")
    done = gettext_lazy("Revoked.")


class RestorePage(DecidePage):
    restores = True
    title = gettext_lazy("Restore certificate")
    lead = gettext_lazy("It is shown as valid again to everybody who checks it, at once.")
    done = gettext_lazy("Restored.")
