"""The document's text beside the tasks proposed from it: accepted, edited, split, joined, rejected, undone."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hoptac.directives import actions, aiming, forms, selectors, taking
from hoptac.directives.in_words import due_words, figure_words
from hoptac.directives.models import Passage
from hoptac.directives.terms import Part, PassageState
from hoptac.directives.views.documents import DocumentView, numbered
from hoptac.directives.written import anchor, paragraphs
from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict
from hoptac.foundation.findings import Refused
from hoptac.foundation.vietnamese import fold
from hoptac.jurisdiction.selectors import known_payload
from hoptac.ui.views import add_findings

RECORD = "directives.record"
TABS: dict[str, Any] = {
    "open": gettext_lazy("To decide"),
    "accepted": gettext_lazy("Accepted as tasks"),
    "rejected": gettext_lazy("No tasks"),
    "aims": gettext_lazy("Aims"),
    "all": gettext_lazy("All"),
}
_STATES = {
    "open": {PassageState.PROPOSED},
    "accepted": {PassageState.ACCEPTED},
    "rejected": {PassageState.REJECTED},
    "aims": {PassageState.AIM},
    "all": {
        PassageState.PROPOSED,
        PassageState.ACCEPTED,
        PassageState.REJECTED,
        PassageState.SPLIT,
        PassageState.JOINED,
    },
}
_MARKED = {
    PassageState.PROPOSED,
    PassageState.ACCEPTED,
    PassageState.REJECTED,
    PassageState.AIM,
}


# Proposals on one screen: more are turned over.
A_SCREEN = 200


def _is_wanted(passage: Passage, sure: str, lead: str) -> bool:
    if sure == "check" and passage.confidence == "high":
        return False
    if sure == "high" and passage.confidence != "high":
        return False
    return not lead or any(a.named == lead for a in passage.actors.all() if a.part == Part.LEAD)


class Reading(DocumentView):
    """The text with its proposals; those who keep the document decide upon them."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        directive, ctx = self.subject, self.ctx
        tab = request.GET.get("show", "open")
        if tab not in TABS:
            raise Http404
        every = selectors.passages_of(directive)
        counts = {code: sum(p.state in states for p in every) for code, states in _STATES.items()}
        aims = counts["aims"]
        inside = [p for p in every if p.state in _STATES[tab]]
        sure = request.GET.get("sure", "")
        lead = request.GET.get("lead", "")
        leads = Counter(a.named for p in inside for a in p.actors.all() if a.part == Part.LEAD)
        chosen = [p for p in inside if _is_wanted(p, sure, lead)]
        page = numbered(Paginator(chosen, A_SCREEN).get_page(request.GET.get("page")))
        shown = list(page.object_list)
        made = taking.made_of(ctx, (p.pk for p in every if p.state == PassageState.ACCEPTED))
        keeps = self.keeps(RECORD)
        context = {
            "d": directive, "tab": tab, "keeps": keeps, "sections": _sections(ctx, directive, shown, made),
            "paragraphs": paragraphs(directive, [p for p in every if p.state in _MARKED]),
            "tabs": [
                {"label": label, "href": f"?show={code}", "count": counts[code], "is_current": code == tab}
                for code, label in TABS.items()
            ],
            "page": page, "sure": sure, "lead": lead, "leads": leads.most_common(60),
            "unsure": sum(p.confidence != "high" for p in inside), "inside": len(inside), "chosen": len(chosen),
            "last": self._last() if keeps else None, "count": len(every), "aims": aims,
        }  # fmt: skip
        return render(request, "directives/reading.html", context)

    def _last(self) -> Any:
        act = selectors.last_decision(self.ctx, self.subject)
        told = ((known_payload(act) or {}).get("details") or {}) if act is not None else {}
        if act is None or not told.get("passages"):
            return None
        words = (
            _("Undo: %(n)s accepted")
            if act.name.endswith("accept_passages")
            else _("Undo: %(n)s rejected")
        )
        return {"words": words % {"n": len(told["passages"])}, "passages": told["passages"]}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do one thing to the proposals that were named, and come back to where the officer was."""
        if not self.ctx.may(RECORD):
            raise PermissionDenied(RECORD)
        if not self.keeps(RECORD):
            raise Http404
        named = forms.uuids(request.POST.getlist("passage"))
        acts: dict[str, Any] = {
            "accept": actions.accept_passages, "reject": actions.reject_passages,
            "restore": actions.restore_passages, "join": actions.join_passages,
        }  # fmt: skip
        do, goes_on = request.POST.get("do", ""), False
        if do == "accept_next":
            do, goes_on = "accept", True
        if do not in acts:
            messages.warning(request, _("Nothing was chosen."))
            return self._back(request, named[:1])
        try:
            done = acts[do](self.ctx, self.subject, passages=named)
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, finding.message)
            return self._back(request, named[:1])
        if goes_on and len(named) == 1:
            made = taking.made_of(self.ctx, named).get(named[0])
            if made is not None and made.next_href:
                messages.success(
                    request, _("Accepted as a task: %(task)s") % {"task": made.title[:120]}
                )
                return redirect(made.next_href)
        if do == "join":
            messages.success(request, _("The proposals are joined into one."))
            return self._back(request, [done.pk])
        if do == "accept":
            said = ngettext("%(n)s task accepted.", "%(n)s tasks accepted.", len(done))
        elif do == "reject":
            said = ngettext("%(n)s proposal rejected.", "%(n)s proposals rejected.", len(done))
        else:
            said = ngettext("%(n)s decision undone.", "%(n)s decisions undone.", len(done))
        messages.success(request, said % {"n": len(done)})
        return self._back(request, forms.uuids([request.POST.get("next", "")]) or named[:1])

    def _back(self, request: HttpRequest, at: list[UUID]) -> HttpResponse:
        tab = request.POST.get("show", "open")
        kept = {n: request.POST[n] for n in ("sure", "lead", "page") if request.POST.get(n)}
        address = reverse("directives:reading", args=[self.subject.pk])
        place = f"#p-{at[0]}" if at else ""
        return redirect(
            f"{address}?{urlencode({'show': tab if tab in TABS else 'open', **kept})}{place}"
        )


def _sections(
    ctx: Context, directive: Any, shown: list[Passage], made: dict[UUID, Any]
) -> list[dict[str, Any]]:
    """Return the proposals by section, in the order of the text, as the page lists them."""
    titles = {s["path"]: s["title"] for s in directive.reading.get("sections", ())}
    by_section: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for passage in shown:
        actors = list(passage.actors.all())
        by_section[passage.section].append(
            {
                "p": passage,
                "due": due_words(passage.due),
                "made": made.get(passage.pk),
                "figures": _figures(ctx, passage),
                "target": passage.due.get("target"),
                "is_aim": passage.state == PassageState.AIM,
                "parts": [
                    (part.label, [a for a in actors if a.part == part])
                    for part in Part
                    if any(a.part == part for a in actors)
                ],
                "why": [w for w in passage.why if w.get("words") or w.get("rule")],
                "is_open": passage.state == PassageState.PROPOSED,
                "next": taking.next_words(passage)
                if passage.state == PassageState.PROPOSED
                else "",
                "can_undo": passage.state
                in {
                    PassageState.ACCEPTED,
                    PassageState.REJECTED,
                    PassageState.SPLIT,
                    PassageState.JOINED,
                }
                or passage.proposed is not None
                or passage.split_from_id is not None,
            }
        )
    return [
        {"path": path, "title": titles.get(path, ""), "anchor": anchor(path), "rows": rows,
         "open": sum(r["is_open"] for r in rows)}
        for path, rows in by_section.items()
    ]  # fmt: skip


def _figures(ctx: Context, passage: Passage) -> list[dict[str, Any]]:
    """Return the numbers of an aim in words, each with the page on which a target is made of it."""
    if passage.state != PassageState.AIM:
        return []
    return [
        {"words": figure_words(f), "href": aiming.target_page(ctx, passage.pk, n)}
        for n, f in enumerate(passage.due.get("figures", ()))
    ]


class PassageView(DocumentView):
    """Base: a page of one proposal of a document that the caller keeps."""

    permission = RECORD
    passage: Passage

    def find(self, pk: Any) -> Any:
        directive = super().find(pk)
        if directive is not None:
            passage = selectors.passage_of(directive, self.kwargs["passage"])
            if passage is None:
                return None
            self.passage = passage
        return directive

    def back(self, passage: UUID) -> HttpResponse:
        return redirect(f"{reverse('directives:reading', args=[self.subject.pk])}#p-{passage}")

    def show(self, form: Any, title: str, button: str, status: int = 200) -> HttpResponse:
        context = {
            "d": self.subject, "p": self.passage, "form": form, "title": title, "button": button,
            "due": due_words(self.passage.due),
        }  # fmt: skip
        return render(self.request, "directives/passage.html", context, status=status)


class Edit(PassageView):
    """Saying a proposal in other words, with other actors or another term."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show(forms.PassageForm(initial=forms.PassageForm.of(self.passage)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = forms.PassageForm(request.POST)
        if not form.is_valid():
            return self._show(form, 422)
        names: dict[str, Any] = {}
        for agency in selectors.agencies_named(self.ctx, self.subject.issued_on or self.ctx.today):
            names.setdefault(fold(agency.name), agency)
            names.setdefault(fold(agency.short_name), agency)
        try:
            actions.edit_passage(
                self.ctx, self.passage, content=form.cleaned_data["content"], due=form.due(self.passage.due),
                actors=form.actors(self.passage, names), expected_version=form.cleaned_data["version"],
            )  # fmt: skip
        except Refused as refused:
            add_findings(form, refused.findings)
            return self._show(form, 409 if isinstance(refused, Conflict) else 422)
        if request.POST.get("and") == "accept":
            actions.accept_passages(self.ctx, self.subject, passages=[self.passage.pk])
        messages.success(request, _("The proposal is edited; what the reader found is kept."))
        return self.back(self.passage.pk)

    def _show(self, form: Any, status: int = 200) -> HttpResponse:
        return self.show(form, _("Edit a proposed task"), _("Save"), status)


class Split(PassageView):
    """Parting a proposal into several, by its own words."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        words = self.subject.text[self.passage.start : self.passage.end]
        suggested = " ".join(words.split()).replace("; ", ";\n")
        return self._show(forms.SplitForm(initial={"parts": suggested, "version": self.passage.version}))  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = forms.SplitForm(request.POST)
        if not form.is_valid():
            return self._show(form, 422)
        try:
            parts = actions.split_passage(
                self.ctx, self.passage, parts=form.cleaned_data["parts"].splitlines(),
                expected_version=form.cleaned_data["version"],
            )  # fmt: skip
        except Refused as refused:
            add_findings(form, refused.findings)
            return self._show(form, 409 if isinstance(refused, Conflict) else 422)
        messages.success(request, _("Split into %(n)s proposals.") % {"n": len(parts)})
        return self.back(parts[0].pk)

    def _show(self, form: Any, status: int = 200) -> HttpResponse:
        return self.show(form, _("Split a proposed task"), _("Split"), status)
