"""What the watch list and its cases ask of a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.cases.selectors import queue_counts
from hoptac.cases.watch import judged_body
from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty
from hoptac.registry.models import Cooperative


def case_duties(ctx: Context) -> Iterator[Duty]:
    """Yield the heaps of cases that wait for an officer, or what a director's own body has to mend."""
    if ctx.may("cases.process") or ctx.may("cases.decide"):
        counts = queue_counts(ctx)
        for code, title, note, is_urgent in (
            ("late", _("Cases late"), _("Their stage should be over."), True),
            ("to_publish", _("Decisions to publish"), "", True),
            ("to_visit", _("Bodies to look at on the spot"), "", False),
            ("to_weigh", _("Explanations to weigh"), "", False),
            ("to_decide", _("Cases to decide"), "", False),
            ("came_back", _("Cases whose filing came to nothing"), "", False),
        ):
            yield Duty(
                title, counts[code], f"{reverse('cases:list')}?queue={code}", note, is_urgent
            )
    if ctx.may("cases.answer"):
        yield from _own(ctx)


def _own(ctx: Context) -> Iterator[Duty]:
    """Yield what the law holds against the caller's own bodies, and notices to answer."""
    counts = queue_counts(ctx)
    yield Duty(
        _("Notices to answer"), counts["waiting"], f"{reverse('cases:list')}?queue=waiting",
        _("Explain or object within the term."), True,
    )  # fmt: skip
    for pk in sorted(ctx.coverage("cases.answer").cooperatives):
        body = Cooperative.objects.filter(pk=pk).first()
        if body is None:
            continue
        pressing = [
            j for j in judged_body(body, ctx.today) if j.is_pressing and not j.rule.reminder
        ]
        yield Duty(
            _("To be mended before the law acts"), len(pressing),
            reverse("registry:record", args=[pk]), "; ".join(j.name for j in pressing), True,
        )  # fmt: skip
