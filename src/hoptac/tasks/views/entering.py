"""Entering a task by hand, or as part of another."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.tasks import actions, selectors
from hoptac.tasks.forms import TaskForm
from hoptac.tasks.models import Task
from hoptac.ui.views import OfficeFormView


class NewTask(OfficeFormView):
    """A task that an agency orders; it is assigned in the next step."""

    permission = "tasks.assign"
    template_name = "tasks/new.html"
    form_class = TaskForm
    parent: Task | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "ctx": self.ctx, "parent": self.parent}

    def get_initial(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "key": uuid4().hex,
            "rhythm": "once",
            "directive": self.request.GET.get("directive"),
        }
        if self.parent is not None:
            found |= {
                "assigner": self.parent.assigner_id, "directive": self.parent.directive_id,
                "section": self.parent.section, "rhythm": self.parent.rhythm, "due_on": self.parent.due_on,
                "month": self.parent.due_month or None, "day": self.parent.due_day or None,
                "starts_on": self.parent.starts_on, "ends_on": self.parent.ends_on,
            }  # fmt: skip
        return found

    def form_valid(self, form: Any) -> HttpResponse:
        g = form.cleaned_data
        ctx = self.ctx.by(idempotency_key=g.get("key") or "")
        task = actions.create_task(
            ctx, title=g["title"], assigner=g["assigner"], directive=g["directive"], parent=self.parent,
            content=g["content"], product=g["product"], section=g["section"], due=form.due(),
        )  # fmt: skip
        messages.success(self.request, _("Entered. Now assign it."))
        return redirect("tasks:step", task.pk, "assign")

    def get_success_url(self) -> str:
        return reverse("tasks:list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(parent=self.parent, **kwargs)


class NewPart(NewTask):
    """A part of a task."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.ctx.may(self.permission):
            self.parent = selectors.task_seen(self.ctx, kwargs["pk"])
            if self.parent is None or not selectors.may_add_part(self.ctx, self.parent):
                raise Http404
        return super().dispatch(request, *args, **kwargs)
