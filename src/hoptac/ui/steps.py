"""Pages of an act: a form about one thing, then the act; and tables of the steps that a thing offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import AlreadyDone, Conflict, OutOfReach
from hoptac.foundation.findings import Finding, Refused
from hoptac.ui.views import SubjectView, add_findings

Act = Callable[[Any, Any, dict[str, Any], Any], Any]
"""An act as a page does it: context, subject, cleaned fields, form."""


class ActView(SubjectView, ABC):
    """Base: a form about one thing that ends in one act; what the act refuses stands on the form.

    A subclass names ``permission`` and tells how its thing is found (:meth:`find`), which form is filled in, what
    the act is and where it leads back. A form with a field ``version`` carries the version that was read, one
    with a field ``key`` is carried out once however often it is sent. Stale forms are answered by 409.
    """

    template_name: ClassVar[str] = "ui/step.html"

    @abstractmethod
    def form(self, *sent: Any, **given: Any) -> Any:
        """Return the form; ``sent`` are the fields and files that came in."""

    @abstractmethod
    def act(self, ctx: Context, form: Any) -> Any:
        """Do what the form asks."""

    @abstractmethod
    def back(self) -> str:
        """Return the address of the page to which it belongs."""

    @abstractmethod
    def words(self) -> dict[str, Any]:
        """Return the words of the page: ``title``, ``button`` and ``done``, maybe ``lead`` and ``is_grave``."""

    def crumbs(self) -> list[tuple[Any, str]]:
        """Return the way back: words and addresses, the nearest last."""
        return [(str(self.subject), self.back())]

    def acted_on(self) -> Any:
        """Return what the act is done to, or nothing where the caller may not."""
        return self.subject if self.subject.is_within(self.ctx, self.needed()) else None

    def needed(self) -> str:
        """Return the permission of the act."""
        return self.permission

    def initial(self) -> dict[str, Any]:
        """Return what the form begins with."""
        return {}

    def extra(self) -> dict[str, Any]:
        """Return what else the template shows."""
        return {}

    def leads(self, result: Any) -> str:
        """Return where it goes on once done."""
        return self.back()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._take()
        version = getattr(self.subject, "version", None)
        initial = {"version": version, "key": uuid4().hex, **self.initial()}
        return self.show(self.form(initial=initial))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._take()
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            result = self.act(self.ctx.by(idempotency_key=form.cleaned_data.get("key") or ""), form)
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return redirect(self.back())
        except Refused as refused:
            self.subject = self.find(kwargs["pk"]) or self.subject
            add_findings(form, renamed(form, refused.findings))
            passed = isinstance(refused, Conflict) or "state_passed" in refused.codes
            return self.show(form, 409 if passed else 422)
        messages.success(request, self.words()["done"])
        return redirect(self.leads(result))

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        """Draw the page."""
        context = {
            "form": form, "about": str(self.subject), "back": self.back(), "crumbs": self.crumbs(),
            **self.words(), **self.extra(),
        }  # fmt: skip
        return render(self.request, self.template_name, context, status=status)

    def _take(self) -> None:
        self.holder = self.acted_on()
        if self.holder is None:
            raise Http404

    holder: Any
    """What the act is done to."""


def renamed(form: Any, findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with the names that the form's fields bear (``renamed`` of the form)."""
    names: Mapping[str, str] = getattr(form, "renamed", {})
    return [replace(f, field=names.get(f.field, f.field)) for f in findings]


@dataclass(frozen=True)
class Step:
    """One act as a page offers it: its form, how it is done, its words. Apps add what they tell steps apart by."""

    code: str
    title: Any
    button: Any
    form: Any
    act: Act
    done: Any
    lead: Any = ""
    is_grave: bool = False
    is_main: bool = False
    permission: str = ""
    initial: Callable[[Context, Any], dict[str, Any]] = lambda ctx, subject: {}
    leads: Callable[[Any], str] | None = None
    """Where it leads once done, by what the act returned; nothing: back to the subject."""


def by_code(*steps: Step) -> dict[str, Any]:
    """Return steps by their codes."""
    return {s.code: s for s in steps}


def plain(act: Callable[..., Any], *names: str, versioned: bool = True) -> Act:
    """Return an act that takes these fields of its form as they are, and the version that was read."""

    def do(ctx: Any, subject: Any, g: dict[str, Any], form: Any) -> Any:
        more = {"expected_version": g.get("version")} if versioned else {}
        return act(ctx, subject, **{n: g[n] for n in names}, **more)

    return do


class StepView(ActView, ABC):
    """Base: one step of a thing out of a table of steps; the address names it by ``step``."""

    steps: ClassVar[Mapping[str, Any]] = {}
    step: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.step = self.steps.get(kwargs["step"])
        if self.step is None:
            raise Http404
        if not self.ctx.may(self.needed()):
            raise PermissionDenied(self.needed())
        return super().dispatch(request, *args, **kwargs)

    def needed(self) -> str:
        return self.step.permission or self.permission

    def act(self, ctx: Context, form: Any) -> Any:
        return self.step.act(ctx, self.holder, form.cleaned_data, form)

    def form(self, *sent: Any, **given: Any) -> Any:
        return self.step.form(self.ctx, self.subject, *sent, **given)

    def initial(self) -> dict[str, Any]:
        return dict(self.step.initial(self.ctx, self.holder))

    def leads(self, result: Any) -> str:
        return self.step.leads(result) if self.step.leads else self.back()

    def words(self) -> dict[str, Any]:
        step = self.step
        return {
            "title": step.title, "button": step.button, "done": step.done, "lead": step.lead,
            "is_grave": step.is_grave,
        }  # fmt: skip

    def extra(self) -> dict[str, Any]:
        return {"step": self.step}


def done_or_told(request: HttpRequest, act: Callable[[], Any], done: Any = "") -> bool:
    """Do an act that has no form; what came of it is told on the page that follows. Tells whether it was done.

    :raises Http404: the subject is out of the caller's reach
    """
    try:
        act()
    except OutOfReach as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, refused.findings[0].message)
        return False
    if done:
        messages.success(request, done)
    return True
