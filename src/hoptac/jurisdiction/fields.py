"""The field of a form in which a commune is chosen."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.jurisdiction.places import places
from hoptac.ui.templatetags.ui import day
from hoptac.ui.widgets import Combobox


class UnitField(forms.TypedChoiceField):
    """A commune of the caller's territory, grouped by district; today's communes come first."""

    def __init__(self, ctx: Context, *, permission: str, also: UUID | None = None) -> None:
        super().__init__(
            label=_("Commune"), coerce=UUID, choices=[("", ""), *_communes(ctx, permission, also)],
            widget=Combobox(hints=_last_districts(ctx, permission)),
            help_text=_("Type a part of the name or of the district; marks are not needed."),
            error_messages={"invalid_choice": _("Choose a commune of your territory.")},
        )  # fmt: skip


def _last_districts(ctx: Context, permission: str) -> dict[str, str]:
    """Return for each commune of today the district that its ground last belonged to."""
    known = places()
    found = {}
    for place in known.communes_on(ctx.today, ctx.coverage(permission)):
        district = known.district_on(place.id, ctx.today)
        if district is not None:
            found[str(place.id)] = district.heading
    return found


def _communes(ctx: Context, permission: str, also: UUID | None) -> list[tuple[str, Any]]:
    known, reach = places(), ctx.coverage(permission)
    last = max((p.end for p in known.units.values() if p.level == "district"), default=date.max)
    groups: list[tuple[str, Any]] = []
    today = [(str(p.id), p.heading) for p in known.communes_on(ctx.today, reach)]
    groups.append((_("Communes of today"), today))
    if last <= ctx.today:
        by_district: dict[str, list[tuple[str, str]]] = {}
        before = date.fromordinal(last.toordinal() - 1)
        for p in known.communes_on(before, reach):
            district = known.district_on(p.id, before)
            heading = district.heading if district else ""
            by_district.setdefault(heading, []).append((str(p.id), p.heading))
        groups += [
            (_("%(district)s, until %(day)s") % {"district": d, "day": day(before)}, units)
            for d, units in sorted(by_district.items())
        ]
    offered = {v for _label, units in groups for v, _name in units}
    kept = known.get(also)
    if kept is not None and str(kept.id) not in offered:
        groups.insert(0, (_("As recorded"), [(str(kept.id), kept.heading)]))
    return groups
