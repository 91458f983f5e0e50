"""Pages that end in an act: fill in, check, send. The same submission twice does one thing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from hoptac.foundation.access import Context
from hoptac.foundation.actions import AlreadyDone, Conflict
from hoptac.foundation.findings import Finding, Refused
from hoptac.registry import actions, forms
from hoptac.registry.record import Record, history_of
from hoptac.registry.selectors import bodies_to_choose, cooperative_seen
from hoptac.registry.stories import stories_html
from hoptac.registry.terms import Kind
from hoptac.registry.views.record import find, matters_offered


@dataclass(frozen=True)
class Check:
    """What will be done, for a last look: what was typed, and what differs from the record."""

    seen: list[tuple[str, str]] = field(default_factory=list)
    compared: list[tuple[str, str, str]] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


class PermittedPage(View):
    """Base: a page of the register for those who may do the act it leads to, upon bodies in their territory."""

    permission: ClassVar[str]
    title: ClassVar[Any]
    lead: ClassVar[Any] = ""
    template: ClassVar[str]

    request: HttpRequest
    ctx: Context
    record: Record

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.ctx = request.ctx  # type: ignore[attr-defined]
        if not self.ctx.may(self.permission):
            raise PermissionDenied(self.permission)
        if "pk" in kwargs:
            self.record = find(request, kwargs["pk"])
            if not self.record.cooperative.is_within(self.ctx, self.permission):
                raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def heading(self) -> str:
        return str(self.title)

    def back(self) -> str:
        if hasattr(self, "record"):
            return reverse("registry:record", args=[self.record.cooperative.pk])
        return reverse("registry:list")


class ActPage(PermittedPage, ABC):
    """Base: one act upon one body. A subclass says the form, the act and the words."""

    button: ClassVar[Any] = gettext_lazy("Check")
    done: ClassVar[Any] = gettext_lazy("Recorded.")
    template: ClassVar[str] = "registry/act.html"

    # --- What a subclass says --------------------------------------------------------------------

    @abstractmethod
    def form(self, data: Any = None) -> forms.ActForm:
        """Return the form, filled with what was sent if anything was."""

    @abstractmethod
    def act(self, ctx: Context, form: Any) -> Any:
        """Perform the act that the form describes; return what it gives."""

    def check(self, form: Any) -> Check:
        return Check(seen=form.seen())

    def more(self, form: Any) -> dict[str, Any]:
        return {}

    def where_then(self, outcome: Any) -> str:
        return reverse("registry:record", args=[self.record.cooperative.pk])

    # --- The steps -------------------------------------------------------------------------------

    def initial(self) -> dict[str, Any]:
        version = self.record.cooperative.version if hasattr(self, "record") else None
        return {"version": version, "key": uuid4().hex}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if request.POST.get("step") == "back":
            form.is_valid()
            form.errors.clear()
            return self.show(form)
        if not form.is_valid():
            return self.show(form)
        ctx = self.ctx.by(
            idempotency_key=form.cleaned_data.get("key") or "",
            reason=form.cleaned_data.get("reason") or "",
            basis=form.cleaned_data.get("basis") or "",
        )
        sends = request.POST.get("step") == "send"
        outcome = None
        try:
            if sends:
                outcome = self.act(ctx, form)
            else:
                rehearse(self.act, ctx, form)
        except AlreadyDone as already:
            return self.already(already)
        except Conflict as conflict:
            return self.conflict(form, conflict)
        except Refused as refused:
            form.add_findings(refused.findings)
            return self.show(form)
        if not sends:
            return self.show(form, check=self.check(form))
        messages.success(request, self.done)
        return HttpResponseRedirect(self.where_then(outcome))

    def show(self, form: Any, check: Check | None = None) -> HttpResponse:
        context = {
            "form": form,
            "check": check,
            "title": self.heading(),
            "lead": self.lead,
            "button": self.button,
            "record": getattr(self, "record", None),
            "back": self.back(),
            **self.more(form),
        }
        status = 422 if form.is_bound and form.errors else 200
        return render(self.request, self.template, context, status=status)

    def already(self, already: AlreadyDone) -> HttpResponse:
        """Answer a second submission of one form: say so, and show what the first one did."""
        messages.info(self.request, _("This was already recorded; nothing was done twice."))
        pk = already.act.subject_id
        return HttpResponseRedirect(reverse("registry:record", args=[pk]))

    def conflict(self, form: Any, conflict: Conflict) -> HttpResponse:
        """Show what others did meanwhile beside what the caller typed."""
        newer = history_of(self.record)
        expected = conflict.findings[0].details["expected"]
        actual = conflict.findings[0].details["actual"]
        context = {
            "title": self.heading(),
            "record": self.record,
            "newer": stories_html(newer[: max(1, actual - expected)]),
            "check": self.check(form),
            "form": form,
            "version": actual,
            "key": uuid4().hex,
        }
        return render(self.request, "registry/conflict.html", context, status=409)


class _Rehearsed(Exception):
    """Carries nothing; ends the transaction of a rehearsal."""


def rehearse(act: Callable[..., Any], ctx: Context, form: Any) -> None:
    """Do an act and take it back at once, so that every refusal shows before anything is sent."""
    try:
        with transaction.atomic():
            act(ctx, form)
            raise _Rehearsed
    except _Rehearsed:
        return


# --- Acts ---------------------------------------------------------------------------------------


class EnterCooperative(ActPage):
    permission = "registry.record"
    title = gettext_lazy("Enter a body")
    lead = gettext_lazy("For a cooperative, union or group that exists and is not yet recorded.")
    done = gettext_lazy("Entered in the register.")

    def form(self, data: Any = None) -> forms.ActForm:
        initial = self.initial()
        kind = self.request.GET.get("kind")
        if kind in Kind.values:
            initial["kind"] = kind
        return forms.EnterForm(self.ctx, data, initial=initial)

    def act(self, ctx: Context, form: Any) -> Any:
        given = form.cleaned_data
        return actions.record_cooperative(
            ctx, given["kind"], particulars=form.particulars(), figures=form.figures(),
            as_of=given["as_of"], source=given["source"],
        )  # fmt: skip

    def more(self, form: Any) -> dict[str, Any]:
        sections = [(title, [form[n] for n in names]) for title, names in form.sections]
        return {"sections": sections}

    def where_then(self, outcome: Any) -> str:
        return reverse("registry:record", args=[outcome.pk])


class Matters(PermittedPage):
    """Choosing what to change or correct: one matter a page."""

    template = "registry/matters.html"
    for_change: ClassVar[bool]
    url: ClassVar[str]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.record.latest
        hidden = set() if self.record.shows_contacts else {"people"}
        matters = [
            {
                "title": m.title,
                "href": reverse(self.url, args=[self.record.cooperative.pk, m.code]),
                "now": "; ".join(
                    filter(None, (forms.said(n, getattr(row, n)) for n in m.fields[:2]))
                ),
            }
            for m in matters_offered(for_change=self.for_change)
            if m.code not in hidden
        ]
        context = {
            "title": self.heading(), "lead": self.lead, "record": self.record,
            "matters": matters, "back": self.back(),
        }  # fmt: skip
        return render(request, self.template, context)

    http_method_names = ["get", "head"]


class ChangeMatters(Matters):
    permission = "registry.change_particulars"
    title = gettext_lazy("What changed?")
    lead = gettext_lazy(
        "Something became different on a day, and was right before. The past stays as it was."
    )
    for_change = True
    url = "registry:change_matter"


class CorrectMatters(Matters):
    permission = "registry.correct_particulars"
    title = gettext_lazy("What is wrong in the record?")
    lead = gettext_lazy(
        "It was recorded wrongly and never was so. The wrong entry is kept in the history."
    )
    for_change = False
    url = "registry:correct_matter"


class ChangeParticulars(ActPage):
    permission = "registry.change_particulars"
    title = gettext_lazy("Change: %(matter)s")
    done = gettext_lazy("The change is recorded.")
    form_class: ClassVar[type[forms.ChangeForm]] = forms.ChangeForm

    def matter(self) -> forms.Matter:
        matter = forms.MATTERS.get(self.kwargs["matter"])
        is_change = self.form_class is forms.ChangeForm
        if matter is None or (is_change and not matter.changes):
            raise Http404
        if matter.code == "people" and not self.record.shows_contacts:
            raise Http404
        return matter

    def heading(self) -> str:
        return str(self.title) % {"matter": str(self.matter().title).lower()}

    def form(self, data: Any = None) -> forms.ActForm:
        return self.form_class(
            self.ctx, self.matter(), self.record.latest, data, initial=self.initial()
        )

    def act(self, ctx: Context, form: Any) -> Any:
        return actions.change_particulars(
            ctx, self.record.cooperative, changes=form.changes(),
            from_on=form.cleaned_data["from_on"], source=form.cleaned_data["source"],
            expected_version=form.cleaned_data["version"],
        )  # fmt: skip

    def check(self, form: Any) -> Check:
        matters = set(form.matter.fields)
        rest = [(str(f.label), v) for f, v in _rest(form, matters)]
        return Check(seen=rest, compared=form.compared())


def _rest(form: Any, without: set[str]) -> list[tuple[Any, str]]:
    labels = {str(form.fields[n].label) for n in without}
    return [(_Label(label), value) for label, value in form.seen() if label not in labels]


@dataclass(frozen=True)
class _Label:
    label: str


class CorrectParticulars(ChangeParticulars):
    permission = "registry.correct_particulars"
    title = gettext_lazy("Correct: %(matter)s")
    done = gettext_lazy("The correction is recorded; the wrong entry is kept in the history.")
    form_class = forms.CorrectForm

    def act(self, ctx: Context, form: Any) -> Any:
        return actions.correct_particulars(
            ctx, self.record.cooperative, changes=form.changes(),
            expected_version=form.cleaned_data["version"],
        )  # fmt: skip


class StateFigures(ActPage):
    permission = "registry.state_figures"
    title = gettext_lazy("State figures")
    lead = gettext_lazy(
        "What a report or list says as of a day. A figure left empty keeps its last value."
    )
    done = gettext_lazy("The figures are recorded.")

    def form(self, data: Any = None) -> forms.ActForm:
        return forms.FiguresForm(self.ctx, data, initial=self.initial())

    def act(self, ctx: Context, form: Any) -> Any:
        given = form.cleaned_data
        return actions.state_figures(
            ctx, self.record.cooperative, figures=form.figures(), as_of=given["as_of"],
            source=given["source"], expected_version=given["version"],
        )  # fmt: skip


class CorrectFigures(ActPage):
    permission = "registry.correct_figures"
    title = gettext_lazy("Correct figures")
    lead = gettext_lazy(
        "The statement is replaced; the wrong one is kept in the history. With every figure empty "
        "it is withdrawn."
    )
    done = gettext_lazy("The figures are corrected; the wrong ones are kept in the history.")

    def form(self, data: Any = None) -> forms.ActForm:
        wanted = self.kwargs["statement"]
        found = next((s for s in self.record.statements if s.pk == wanted), None)
        if found is None or (data is None and found.retired_by is not None):
            raise Http404
        return forms.CorrectFiguresForm(self.ctx, found, data, initial=self.initial())

    def act(self, ctx: Context, form: Any) -> Any:
        return actions.correct_figures(
            ctx, self.record.cooperative, statement=self.kwargs["statement"],
            figures=form.figures(), as_of=form.cleaned_data["as_of"],
            expected_version=form.cleaned_data["version"],
        )  # fmt: skip


class EndCooperative(ActPage):
    permission = "registry.end_cooperative"
    title = gettext_lazy("Record its end")
    lead = gettext_lazy(
        "It was dissolved, went bankrupt or passed into another. It stays in the register, hidden "
        "from the list unless asked for."
    )
    done = gettext_lazy("Its end is recorded.")

    def form(self, data: Any = None) -> forms.ActForm:
        return forms.EndForm(self.ctx, data, initial=self.initial())

    def act(self, ctx: Context, form: Any) -> Any:
        given = form.cleaned_data
        return actions.end_cooperative(
            ctx, self.record.cooperative, on=given["on"], source=given["source"],
            expected_version=given["version"],
        )  # fmt: skip


class RecordLineage(ActPage):
    permission = "registry.record_lineage"
    title = gettext_lazy("Passed into another body")
    lead = gettext_lazy("Merged, consolidated, divided, separated or converted into another.")
    done = gettext_lazy("Recorded.")
    template = "registry/lineage.html"

    def form(self, data: Any = None) -> forms.ActForm:
        given = data or self.request.GET
        text = (given.get("find") or "").strip()
        found = bodies_to_choose(self.ctx, text, but=self.record.cooperative.pk) if text else []
        chosen = given.get("successor")
        if chosen and chosen not in {pk for pk, _name in found}:
            found += bodies_to_choose(self.ctx, chosen, but=self.record.cooperative.pk)
        return forms.LineageForm(self.ctx, found, data, initial=self.initial())

    def more(self, form: Any) -> dict[str, Any]:
        given = self.request.POST or self.request.GET
        return {
            "find": given.get("find", ""),
            "has_found": bool(form.fields["successor"].choices),
        }

    def act(self, ctx: Context, form: Any) -> Any:
        given = form.cleaned_data
        successor = cooperative_seen(ctx, given["successor"])
        if successor is None:
            raise Http404
        return actions.record_lineage(
            ctx, self.record.cooperative, successor=successor, kind=given["kind"], on=given["on"],
            source=given["source"], expected_version=given["version"],
        )  # fmt: skip


class SetBusinessLines(ActPage):
    permission = "registry.change_particulars"
    title = gettext_lazy("Lines of business")
    done = gettext_lazy("The lines of business are recorded.")

    def form(self, data: Any = None) -> forms.ActForm:
        lines = self.record.lines_of_day
        initial = {
            "codes": ", ".join(x.vsic_code for x in lines),
            "main": next((x.vsic_code for x in lines if x.is_main), ""),
            **self.initial(),
        }
        return forms.LinesForm(self.ctx, data, initial=initial)

    def check(self, form: Any) -> Check:
        return Check(seen=form.seen(), warnings=form.warnings())

    def act(self, ctx: Context, form: Any) -> Any:
        given = form.cleaned_data
        return actions.set_business_lines(
            ctx, self.record.cooperative, codes=given["codes"], main=given["main"],
            from_on=given["from_on"], expected_version=given["version"],
        )  # fmt: skip
