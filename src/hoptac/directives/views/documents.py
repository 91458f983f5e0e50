"""The list of documents, its export, one document."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hoptac.directives import listed, selectors
from hoptac.directives.graph import graph_of
from hoptac.directives.in_words import recipient_line, standing_badge
from hoptac.directives.models import Directive
from hoptac.directives.terms import Chain, DirectiveKind, Level, Purpose, Standing
from hoptac.directives.views.handing_out import handed_out_list
from hoptac.directives.written import outline_of, paragraphs
from hoptac.foundation.access import Context
from hoptac.foundation.audit import words
from hoptac.foundation.documents.serving import handed_out
from hoptac.foundation.pages import needs
from hoptac.jurisdiction.selectors import in_words, known_payload
from hoptac.ui.views import OfficeView, SubjectView

A_PAGE = 50


def numbered(page: Any) -> Any:
    """Give a page the numbers that its pager offers."""
    page.numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))  # fmt: skip
    return page


class ListPage(OfficeView):
    """The documents that the caller may read, searched and filtered; those to acknowledge are marked."""

    permission = selectors.VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ctx = self.ctx
        wanted = listed.DirectiveFilter.read(request.GET)
        page = numbered(Paginator(wanted.rows(ctx), A_PAGE).get_page(request.GET.get("page")))
        documents = list(page.object_list)
        counts = selectors.sending_counts(d.pk for d in documents)
        followed = set(
            selectors.sent_out(ctx).filter(directive__in=[d.pk for d in documents])
            .values_list("directive", flat=True).distinct()
        )  # fmt: skip
        waiting = set(
            selectors.inbox(ctx).to_acknowledge().filter(directive__in=[d.pk for d in documents])
            .values_list("directive", flat=True)
        )  # fmt: skip
        for document in documents:
            document.tone, document.standing_word = standing_badge(document.standing_on)
            document.counts = counts.get(document.pk) if document.pk in followed else None
            document.waits = document.pk in waiting
        context = {
            "wanted": wanted, "page": page, "documents": documents, "query": wanted.query(),
            "chains": Chain.choices, "kinds": DirectiveKind.choices, "levels": Level.choices,
            "standings": Standing.choices, "waits": listed.WAITS.items(),
            "sorts": [(code, label) for code, (label, _order) in listed.SORTS.items()],
            "years": listed.years_of(ctx), "issuers": listed.issuers_of(ctx),
            "may_record": selectors.may_record_at_all(ctx),
            "answers": bool(selectors.own_agencies(ctx)),
        }  # fmt: skip
        return render(request, "directives/list.html", context)


@require_GET
@needs(selectors.VIEW)
def export(request: HttpRequest) -> HttpResponseBase:
    """Return the list as ``?format=csv`` or ``xlsx``; the journal notes who took what."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    wanted = listed.DirectiveFilter.read(request.GET)
    found = wanted.rows(ctx)
    return handed_out_list(
        ctx, request.GET.get("format", "xlsx"), what="directives", query=wanted.query(),
        count=found.count(), columns=listed.export_columns(), lines=listed.export_rows(ctx, found),
        title=_("Directives as of %(day)s") % {"day": f"{ctx.today:%d/%m/%Y}"}, word=_("directives-list"),
    )  # fmt: skip


class DocumentView(SubjectView):
    """Base: a page of one document that the caller may read, or keep where the page changes something."""

    permission = selectors.VIEW
    subject: Directive

    def find(self, pk: Any) -> Directive | None:
        found = selectors.directive_seen(self.ctx, pk)
        if found is None or (
            self.permission != selectors.VIEW and not found.is_within(self.ctx, self.permission)
        ):
            return None
        return found

    def keeps(self, permission: str) -> bool:
        return self.ctx.may(permission) and self.subject.is_within(self.ctx, permission)


class DocumentPage(DocumentView):
    """One document whole: facts, what it rests on, who got it, its text, what was done with it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        directive, ctx = self.subject, self.ctx
        follows = selectors.sees_distribution(ctx, directive)
        lines = [recipient_line(r, ctx.today) for r in selectors.recipients_of(ctx, directive)]
        standing = [x for x in lines if not x.row.is_recalled]
        own = selectors.own_agencies(ctx)
        tone, word = standing_badge(directive.standing_on)  # type: ignore[attr-defined]
        keeps = self.keeps("directives.record")
        context = {
            "d": directive, "tone": tone, "standing_word": word, "graph": graph_of(ctx, directive),
            "recipients": standing, "recalled": [x for x in lines if x.row.is_recalled], "follows": follows,
            "acknowledged": sum(x.row.acknowledged_at is not None for x in standing if x.row.purpose == Purpose.ACT),
            "asked": sum(x.row.purpose == Purpose.ACT for x in standing),
            "owing": [x for x in standing if x.receipt or x.making],
            "own": [x for x in standing if x.row.agency_id in own],
            "outline": outline_of(directive), "passages": selectors.passage_counts(directive),
            "paragraphs": paragraphs(directive),
            "keeps": keeps, "distributes": self.keeps("directives.distribute"),
            "links": selectors.links_of(ctx, directive) if keeps else (),
            "said_recipients": (directive.reading.get("document") or {}).get("recipients", ()),
            "course": self._course() if keeps or follows else (),
        }  # fmt: skip
        return render(request, "directives/document.html", context)

    def _course(self) -> list[Any]:
        acts = list(selectors.course_of(self.subject).select_related("payload")[:40])
        told = {line.act.pk: line.who for line in in_words(acts)}
        return [
            {
                "name": words.act_name(a.name), "who": told[a.pk], "at": a.at,
                "reason": (known_payload(a) or {}).get("reason", ""),
            }
            for a in acts
        ]  # fmt: skip


class File(DocumentView):
    """The document as it was brought."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.subject.file is None:
            raise Http404
        return handed_out(self.subject.file)
