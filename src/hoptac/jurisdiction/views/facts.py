"""What still waits to be held against an official text, and the acts that settle it."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.foundation.pages import needs
from hoptac.foundation.rulebook import acts, facts
from hoptac.foundation.rulebook.models import Confirmation
from hoptac.foundation.vietnamese import fold
from hoptac.jurisdiction import forms, selectors
from hoptac.ui.templatetags.ui import day, number
from hoptac.ui.views import OfficeFormView

SEE, CONFIRM = acts.SEE, acts.CONFIRM
_A_PAGE = 25
# What a list shows in columns of their own.
_APART = {"name", "title", "basis", "legal_basis", "source", "unit"}


def said(fact: facts.Fact) -> list[tuple[str, str]]:
    """Return what a fact says, label and text."""
    return [(v.label, text) for v in fact.values if (text := _text(v))]


def _in_short(fact: facts.Fact) -> str:
    told = [(v.label, _text(v)) for v in fact.values if v.name not in _APART]
    return " · ".join(f"{label}: {text}" for label, text in told if text)


def _text(value: facts.Value) -> str:
    match value.value:
        case None:
            return ""
        case dict() if "vi" in value.value:
            return facts.words(value.value)
        case dict():
            return _plain(value.value)
        case list():
            return "; ".join(map(_plain, value.value))
    return dict(value.choices).get(value.value) or _plain(value.value)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return (
            facts.words(value)
            if "vi" in value
            else ", ".join(f"{k} {_plain(v)}" for k, v in value.items())
        )
    if isinstance(value, list):
        return " + ".join(map(_plain, value))
    if isinstance(value, bool | str):
        return str(value)
    return str(number(value) if isinstance(value, int) else day(value))


@needs(SEE)
def entries(request: HttpRequest) -> HttpResponse:
    """List the facts that wait to be confirmed (or all of them), by group."""
    ctx = request.ctx  # type: ignore[attr-defined]
    _refuse_outside(ctx)
    form = forms.FactsFilterForm(request.GET)
    asked = {k: request.GET.get(k, "").strip()[:100] for k in ("q", "group", "state")}
    everything = facts.standings()
    open_by_group: dict[str, int] = dict.fromkeys(facts.groups(), 0)
    for s in everything:
        open_by_group[s.fact.group] += not s.state.is_settled
    kept = [s for s in everything if _fits(s, asked)]
    pages = Paginator(kept, _A_PAGE)
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    names = facts.groups()
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "rows": [(s, names[s.fact.group], _in_short(s.fact)) for s in page.object_list],
        "groups": [(c, n, open_by_group[c], c == asked["group"]) for c, n in names.items()],
        "open": sum(open_by_group.values()),
        "known": len(everything),
        "is_filtered": any(asked.values()),
        "may_confirm": facts.may_see_province(ctx, CONFIRM),
        "asks_open": asked["state"] == "",
    }
    return render(request, "jurisdiction/facts.html", context)


def _fits(standing: facts.Standing, asked: dict[str, str]) -> bool:
    fact = standing.fact
    if asked["group"] and fact.group != asked["group"]:
        return False
    if asked["state"] != "all" and standing.state.is_settled != (asked["state"] == "settled"):
        return False
    words = fold(f"{fact.title} {fact.basis} {fact.source} {fact.note}")
    return all(w in words for w in fold(asked["q"]).split())


def _refuse_outside(ctx: Any) -> None:
    """Only who holds the permission for the province sees its facts; others find no page."""
    if not facts.may_see_province(ctx, SEE):
        raise Http404


def _known(key: str) -> facts.Standing:
    found = facts.standing_of(key)
    if found is None:
        raise Http404
    return found


@needs(SEE)
def fact(request: HttpRequest, key: str) -> HttpResponse:
    """Show a fact: what it says, on what basis, and what became of it."""
    ctx = request.ctx  # type: ignore[attr-defined]
    _refuse_outside(ctx)
    standing = _known(key)
    labels = {v.name: v.label for v in standing.fact.values}
    people = selectors.who_did(
        {c.act_id for c in standing.history}
        | {c.retired_by for c in standing.history if c.retired_by}
    )
    context = {
        "standing": standing,
        "fact": standing.fact,
        "group": facts.groups()[standing.fact.group],
        "said": said(standing.fact),
        "history": [
            (c, people.get(c.act_id), people.get(c.retired_by) if c.retired_by else None,
             [(labels.get(n, n), _was(c.before.get(n)), _was(v)) for n, v in c.values.items()])
            for c in standing.history
        ],
        "may_confirm": facts.may_see_province(ctx, CONFIRM),
        "can_correct": any(v.can_correct for v in standing.fact.values)
        and not standing.fact.key.startswith("rule:lists"),
    }  # fmt: skip
    return render(request, "jurisdiction/fact.html", context)


def _was(value: Any) -> str:
    """Return a value out of JSON as a page shows it."""
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    if isinstance(value, dict):
        return facts.words(value)
    return "–" if value is None else _plain(value)


@needs(SEE)
def confirmation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead from the journal to the fact that a confirmation speaks of."""
    _refuse_outside(request.ctx)  # type: ignore[attr-defined]
    found = Confirmation.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return redirect("facts:fact", found.fact)


class FactPage(OfficeFormView):
    """A form about one fact or several."""

    permission = CONFIRM
    template_name = "jurisdiction/fact_form.html"
    title: ClassVar[Any] = ""
    submit: ClassVar[Any] = ""
    danger: ClassVar[bool] = False
    standings: list[facts.Standing]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.standings = []
        if self.ctx.may(CONFIRM):
            if not facts.may_see_province(self.ctx, CONFIRM):
                raise PermissionDenied(CONFIRM)
            self.standings = self.chosen()

    def chosen(self) -> list[facts.Standing]:
        return [_known(self.kwargs["key"])]

    @property
    def fact(self) -> facts.Fact:
        return self.standings[0].fact

    def get_initial(self) -> dict[str, Any]:
        return {"read_on": self.ctx.today}

    def seen(self, key: str) -> str:
        """Return the fingerprint of what the caller was shown."""
        return self.request.POST.get(f"seen:{key}", "")

    def text(self, form: Any) -> dict[str, Any]:
        return {k: form.cleaned_data[k] for k in ("document", "article", "read_on")}

    def get_success_url(self) -> str:
        return self.back()

    def back(self) -> str:
        if len(self.standings) == 1:
            return reverse("facts:fact", args=[self.fact.key])
        return reverse("facts:list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Facts to confirm"), reverse("facts:list"))]
        if len(self.standings) == 1:
            crumbs.append((self.fact.title, self.back()))
        shown = [(s, said(s.fact)) for s in self.standings]
        told = {"title": self.title, "submit": self.submit, "danger": self.danger}
        return super().get_context_data(
            **told, crumbs=crumbs, back=self.back(), shown=shown, **kwargs
        )


class Confirm(FactPage):
    """Confirm a fact as it stands."""

    form_class = forms.ConfirmationForm
    title = gettext_lazy("Confirm against the official text")
    submit = gettext_lazy("It stands there so")
    done = gettext_lazy("Confirmed.")

    def form_valid(self, form: Any) -> HttpResponse:
        key = self.fact.key
        acts.confirm_fact(self.ctx, key, fingerprint=self.seen(key), **self.text(form))
        return redirect(self.get_success_url())


class ConfirmSeveral(Confirm):
    """Confirm the ticked facts, which stand in one official text."""

    title = gettext_lazy("Confirm several against one official text")

    def chosen(self) -> list[facts.Standing]:
        asked = {*self.request.GET.getlist("fact"), *self.request.POST.getlist("fact")}
        return [s for s in facts.standings() if s.fact.key in asked and not s.state.is_settled]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.standings:
            return redirect("facts:list")
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        keys = {s.fact.key: self.seen(s.fact.key) for s in self.standings}
        acts.confirm_facts(self.ctx, keys, **self.text(form))
        return redirect("facts:list")


class Correct(FactPage):
    """Correct a fact by what the official text says."""

    form_class = forms.CorrectionForm
    title = gettext_lazy("Correct by the official text")
    submit = gettext_lazy("Correct and confirm")
    done = gettext_lazy("Corrected; the new values hold from now on.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "fact": self.fact}

    def form_valid(self, form: Any) -> HttpResponse:
        key, ctx = self.fact.key, self.ctx.because(form.cleaned_data["reason"])
        acts.correct_fact(
            ctx, key, fingerprint=self.seen(key), values=form.values(), **self.text(form)
        )
        return redirect(self.get_success_url())


class Withdraw(FactPage):
    """Withdraw a confirmation."""

    form_class = forms.ReasonForm
    title = gettext_lazy("Withdraw the confirmation")
    submit = gettext_lazy("Withdraw it")
    danger = True
    done = gettext_lazy("Withdrawn; the fact waits to be confirmed again.")

    def chosen(self) -> list[facts.Standing]:
        found = _known(self.kwargs["key"])
        if found.confirmation is None:
            raise Http404
        return [found]

    def form_valid(self, form: Any) -> HttpResponse:
        stands = self.standings[0].confirmation
        assert stands is not None  # noqa: S101
        acts.withdraw_confirmation(self.ctx.because(form.cleaned_data["reason"]), stands)
        return redirect(self.get_success_url())
