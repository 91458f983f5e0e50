"""The administrator's pages of agencies: all that ever were, adding, renaming, ending, correcting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.foundation.pages import needs
from hoptac.foundation.vietnamese import fold
from hoptac.jurisdiction import agency_forms as forms
from hoptac.jurisdiction import selectors
from hoptac.jurisdiction.actions import add_agency, correct_agency, end_agency, rename_agency
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.terms import AgencyKind
from hoptac.ui.views import OfficeFormView

MANAGE = "jurisdiction.manage"
_A_PAGE = 50


@needs(MANAGE)
def agencies(request: HttpRequest) -> HttpResponse:
    """List the agencies that the administrator keeps, searched by name without marks."""
    ctx = request.ctx  # type: ignore[attr-defined]
    q = request.GET.get("q", "").replace("\0", "").strip()[:80]
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "now")
    words = fold(q).split()
    found = [
        a
        for a in selectors.agencies_kept(ctx)
        if all(w in fold(f"{a.name} {a.short_name} {a.code} {a.unit.heading}") for w in words)
        and (not kind or a.kind == kind)
        and (state == "ever" or (ctx.today in a.valid) == (state != "ended"))
    ]
    page: Any = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    page.numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))  # fmt: skip
    holders = selectors.holders_within(ctx, [a.pk for a in page.object_list])
    rows = [
        {"a": a, "holders": holders.get(a.pk, 0), "begin": _known(a), "is_over": ctx.today not in a.valid}
        for a in page.object_list
    ]  # fmt: skip
    context = {
        "page": page, "rows": rows, "q": q, "kind": kind, "state": state, "kinds": AgencyKind.choices,
    }  # fmt: skip
    return render(request, "jurisdiction/agencies_kept.html", context)


def _known(agency: Agency) -> Any:
    begin = agency.valid.lower
    return begin if begin and begin.year > 1900 else None


class AgencyForm(OfficeFormView):
    """Base: a form of an agency within the administrator's reach."""

    permission = MANAGE
    template_name = "jurisdiction/agency_form.html"
    title: Any = ""
    submit: Any = ""
    lead: Any = ""
    agency: Agency | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "pk" in kwargs and self.ctx.may(MANAGE):
            self.agency = selectors.agency_managed(self.ctx, kwargs["pk"])
            if self.agency is None:
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "ctx": self.ctx, "agency": self.agency}

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.agency.version, "on": self.ctx.today} if self.agency else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = reverse("places:agency", args=[self.agency.pk]) if self.agency else reverse("agencies:list")  # fmt: skip
        return super().get_context_data(**kwargs) | {
            "title": self.title, "submit": self.submit, "lead": self.lead, "agency": self.agency, "back": back,
        }  # fmt: skip

    def get_success_url(self) -> str:
        return reverse("agencies:list")

    @property
    def kept(self) -> Agency:
        if self.agency is None:
            raise Http404
        return self.agency


class Add(AgencyForm):
    """A new agency."""

    form_class = forms.AddAgencyForm
    title = gettext_lazy("Add an agency")
    submit = gettext_lazy("Add it")
    done = gettext_lazy("The agency is added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        given = super().get_form_kwargs()
        given.pop("agency")
        return given

    def form_valid(self, form: Any) -> HttpResponse:
        return redirect("places:agency", add_agency(self.ctx, **form.details()).pk)


class Rename(AgencyForm):
    """Another name from a day."""

    form_class = forms.RenameAgencyForm
    title = gettext_lazy("Rename an agency")
    submit = gettext_lazy("Rename it")
    lead = gettext_lazy("It stays the same agency: mandates within it go on under the new name.")
    done = gettext_lazy("The agency is renamed.")

    def form_valid(self, form: Any) -> HttpResponse:
        g = form.cleaned_data
        new = rename_agency(
            self.ctx, self.kept, name=g["name"], short_name=g["short_name"], on=g["on"],
            legal_basis=g["legal_basis"], is_confirmed=g["is_confirmed"], expected_version=g["version"],
        )  # fmt: skip
        return redirect("places:agency", new.pk)


class End(AgencyForm):
    """The end of an agency, and who comes after."""

    form_class = forms.EndAgencyForm
    title = gettext_lazy("End an agency")
    submit = gettext_lazy("End it")
    lead = gettext_lazy(
        "Documents and tasks of the agency stay; whoever took over answers for them."
    )

    def form_valid(self, form: Any) -> HttpResponse:
        g, agency = form.cleaned_data, self.kept
        end_agency(
            self.ctx, agency, on=g["on"], successors=form.named("successors"), legal_basis=g["legal_basis"],
            is_confirmed=g["is_confirmed"], expected_version=g["version"],
        )  # fmt: skip
        messages.success(self.request, _("The agency is ended."))
        held = selectors.holders_within(self.ctx, [agency.pk]).get(agency.pk, 0)
        if held:
            messages.warning(
                self.request,
                _("%(n)s people still hold mandates within it: end them, or give them new ones.")
                % {"n": held},
            )
        return redirect("places:agency", agency.pk)


class Correct(AgencyForm):
    """What was entered wrongly of an agency."""

    form_class = forms.CorrectAgencyForm
    title = gettext_lazy("Correct an agency")
    submit = gettext_lazy("Correct it")
    lead = gettext_lazy(
        "For what was entered wrongly. Where it was renamed or ended, use those steps."
    )
    done = gettext_lazy("The agency is corrected.")

    def get_initial(self) -> dict[str, Any]:
        return forms.CorrectAgencyForm.of(self.kept)

    def form_valid(self, form: Any) -> HttpResponse:
        g = form.cleaned_data
        correct_agency(
            self.ctx.because(g["reason"]), self.kept, changes=form.changes(),
            successors=form.named("successors"), expected_version=g["version"],
        )  # fmt: skip
        return redirect("places:agency", self.kept.pk)
