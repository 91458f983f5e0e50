"""What the register asks of its keepers: records that lack something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.foundation import rulebook
from hoptac.foundation.access import Context
from hoptac.foundation.audit.until_next_act import UntilNextAct, last_act
from hoptac.foundation.duties import Duty
from hoptac.registry.filters import LACKS, lacking
from hoptac.registry.selectors import register_on

_counts: UntilNextAct[dict[str, int]] = UntilNextAct()


def _count_lacking(ctx: Context) -> dict[str, int]:
    counted: dict[str, Any] = {
        code: Count("pk", filter=lacking(code, ctx.today)) for code in LACKS
    }  # fmt: skip
    return register_on(ctx, ctx.today).existing().aggregate(**counted)


def records_to_mend(ctx: Context) -> Iterator[Duty]:
    """Yield, for each thing a record may lack, how many records of the territory lack it."""
    key = (ctx.coverage("registry.view"), ctx.today, rulebook.generation())
    found = _counts.get(key, last_act(), lambda: _count_lacking(ctx))
    notes = {
        "few_members": _("Fewer members than the law of today asks."),
        "old_figures": _("No figures stated within a year."),
        "no_number": _("Cooperatives and unions without a registration number."),
    }
    for code, label in LACKS.items():
        yield Duty(
            str(label), found[code], f"{reverse('registry:list')}?lacks={code}", notes[code],
            is_urgent=code == "few_members",
        )  # fmt: skip
