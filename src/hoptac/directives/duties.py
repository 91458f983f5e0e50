"""What directives ask of a person: receipts, own documents, what others owe."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.directives.listed import SendingFilter, sending_counts_of
from hoptac.directives.selectors import chains_kept, own_agencies
from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty


def directive_duties(ctx: Context) -> Iterator[Duty]:
    """Yield what the caller's agencies owe, and how many agencies are late with what the caller sent."""
    address = reverse("directives:sendings")
    if own_agencies(ctx):
        counts = sending_counts_of(ctx, SendingFilter("in"))
        yield Duty(
            _("Documents to acknowledge"), counts["acknowledge"], f"{address}?side=in&state=acknowledge",
            "", False,
        )  # fmt: skip
        yield Duty(
            _("Own documents to issue"), counts["make"], f"{address}?side=in&state=make",
            _("To make concrete what was sent to you."), False,
        )  # fmt: skip
        yield Duty(_("Answers late"), counts["late"], f"{address}?side=in&state=late", "", True)
    if ctx.may("directives.distribute") and chains_kept(ctx):
        counts = sending_counts_of(ctx, SendingFilter("out"))
        yield Duty(
            _("Agencies late with a document"), counts["late"], f"{address}?side=out&state=late",
            _("Receipt or own document."), True,
        )  # fmt: skip
