"""Giving a task to many agencies: who is meant, chosen or left out, then one order."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.directives.terms import GROUP_NAMES
from hoptac.foundation.access import Context
from hoptac.tasks import actions
from hoptac.tasks.asked import as_uuid
from hoptac.tasks.forms import SpreadForm
from hoptac.tasks.spreading import Choice, choice_for
from hoptac.tasks.views.offers import ASSIGN
from hoptac.tasks.views.task import TaskView
from hoptac.ui.steps import ActView


class SpreadPage(ActView, TaskView):
    """A preview of the agencies that a group means, to be ticked or not; each gets a part of its own.

    ``?group=`` and ``?unit=`` tick the agencies of groups and of a district or commune instead of those that the
    document means; with ``?from=reading`` it leads back to the proposals of the document.
    """

    permission = ASSIGN
    template_name = "tasks/spread.html"

    @cached_property
    def choice(self) -> Choice:
        """All that may be chosen."""
        return choice_for(self.ctx, self.task)

    def form(self, *sent: Any, **given: Any) -> SpreadForm:
        return SpreadForm(self.choice, self.ctx, self.task, None, *sent, **given)

    def initial(self) -> dict[str, Any]:
        task, choice = self.task, self.choice
        codes, unit = self._asked()
        ticked = choice.within(codes, unit) if codes or unit else choice.meant_keys
        return {
            "agencies": sorted(str(pk) for pk in ticked - choice.given),
            "rhythm": task.rhythm, "due_on": task.due_on, "month": task.due_month or None, "day": task.due_day or None,
            "starts_on": task.starts_on, "ends_on": task.ends_on,
        }  # fmt: skip

    def act(self, ctx: Context, form: Any) -> Any:
        g = form.cleaned_data
        return actions.spread(
            ctx, self.task, agencies=g["agencies"], words=g["words"], due=form.due_asked(),
            expected_version=g["version"],
        )  # fmt: skip

    def back(self) -> str:
        return reverse("tasks:task", args=[self.task.pk])

    def leads(self, result: Any) -> str:
        passage = self.task.passage
        if passage is None or self.request.GET.get("from") != "reading":
            return self.back()
        return f"{reverse('directives:reading', args=[passage.directive_id])}#p-{passage.pk}"

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Tasks"), reverse("tasks:list")), (self.task.number, self.back())]

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Give to several agencies"), "button": _("Give it to those ticked"),
            "done": _("Given; the agencies are told. Until one answers it can be taken back."),
            "lead": _("Each agency gets a part of its own with the same due day; you follow the whole."),
        }  # fmt: skip

    def extra(self) -> dict[str, Any]:
        choice, (codes, unit) = self.choice, self._asked()
        units = {a.unit.pk: a.unit for a in choice.agencies if a.unit.level != "province"}
        for above in [u.parent for u in units.values()]:
            if above is not None and above.level == "district":
                units[above.pk] = above
        return {
            "task": self.task, "about": self.task.title, "choice": choice, "codes": codes, "unit": unit,
            "kinds": [(code, GROUP_NAMES[code], len(agencies)) for code, agencies in choice.groups.items()],
            "units": sorted(units.values(), key=lambda u: (u.level != "district", u.name)),
            "from_reading": self.request.GET.get("from") == "reading",
        }  # fmt: skip

    def _asked(self) -> tuple[list[str], UUID | None]:
        """Return the groups and the unit by which the address ticks agencies."""
        return self.request.GET.getlist("group"), as_uuid(self.request.GET.get("unit", ""))
