"""People and their mandates, for administrators. Each page confirms first who is at the keyboard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from hoptac.foundation.accounts import acts, second_factor, throttle
from hoptac.foundation.accounts.models import Session, User
from hoptac.foundation.accounts.views import confirmed
from hoptac.foundation.pages import needs
from hoptac.jurisdiction import bodies, forms, selectors
from hoptac.jurisdiction.actions import end_mandate, give_mandate
from hoptac.jurisdiction.models import Mandate
from hoptac.jurisdiction.places import places
from hoptac.jurisdiction.roles import role_choices, role_name
from hoptac.ui.views import OfficeFormView

MANAGE = selectors.MANAGE
_STATES = {
    "active": gettext_lazy("At work"),
    "no_mandate": gettext_lazy("Without a mandate"),
    "one_time": gettext_lazy("One-time password not yet used"),
    "closed": gettext_lazy("Closed"),
}


@dataclass(frozen=True)
class Desk:
    """A mandate as a page shows it."""

    mandate: Mandate
    role: str
    place: str
    href: str
    state: str


def desks_of(held: Iterable[Mandate], today: date) -> list[Desk]:
    """Return mandates in words; the bodies they name are asked for at once."""
    held = list(held)
    named = bodies.find(m.cooperative_id for m in held)
    return [_desk(m, today, named) for m in held]


def _desk(mandate: Mandate, today: date, named: dict[UUID, tuple[str, str]]) -> Desk:
    href, place = "", ""
    if mandate.cooperative_id:
        place, href = named.get(mandate.cooperative_id) or (_("a body that is no more"), "")
    elif mandate.unit is not None:
        place = mandate.unit.heading
    elif mandate.province_code == "*":
        place = _("The whole system")
    if mandate.agency is not None:
        place = f"{mandate.agency.short_name} · {place}" if place else mandate.agency.name
    begins, after = mandate.valid.lower, mandate.valid.upper
    state = "future" if begins > today else "over" if after and after <= today else "now"
    return Desk(mandate, role_name(mandate.role), place, href, state)


@needs(MANAGE)
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """List the people within reach."""
    ctx = request.ctx  # type: ignore[attr-defined]
    asked = {k: request.GET.get(k, "").strip()[:100] for k in ("q", "role", "unit", "state")}
    found = selectors.people_found(
        ctx, q=asked["q"], role=asked["role"], unit=_uuid(asked["unit"]), state=asked["state"]
    )
    pages = Paginator(found, 50)
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    held = selectors.mandates_now(ctx, page.object_list)
    known = places()
    units = known.communes_on(ctx.today, ctx.coverage(MANAGE))
    desks: dict[UUID, list[Desk]] = defaultdict(list)
    for one in desks_of((m for ms in held.values() for m in ms), ctx.today):
        desks[one.mandate.user_id].append(one)
    context = {
        "page": page,
        "rows": [(u, desks.get(u.pk, [])) for u in page.object_list],
        "asked": asked,
        "is_filtered": any(asked.values()),
        "roles": role_choices(),
        "units": [(str(u.id), u.heading) for u in units],
        "states": _STATES.items(),
        "demonstration": not ctx.user.is_demo
        and User.objects.filter(is_demo=True, is_active=True).exists(),
    }
    return render(request, "jurisdiction/people.html", context)


def person_seen(request: HttpRequest, pk: UUID) -> User:
    """Return an account within the caller's reach.

    :raises Http404: there is none
    """
    user = User.objects.filter(pk=pk).first()
    if user is None or not user.is_within(request.ctx, MANAGE):  # type: ignore[attr-defined]
        raise Http404
    return user


@needs(MANAGE)
@never_cache
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an account: mandates, safety, sessions, what was done to it."""
    user = person_seen(request, pk)
    ctx = request.ctx  # type: ignore[attr-defined]
    desks = desks_of(selectors.mandates_of(user), ctx.today)
    history = selectors.Act.objects.filter(subject_kind="accounts.user", subject_id=str(user.pk))
    context = {
        "person": user,
        "desks": desks,
        "is_own": user.pk == ctx.user.pk,
        "sessions": Session.objects.filter(user=user).order_by("-seen_at")[:20],
        "second_factor": second_factor.is_on(user),
        "locked_minutes": -(-throttle.locked_for(user.username) // 60),
        "history": selectors.in_words(history.order_by("-number")[:20]),
        "has_mandate": any(d.state == "now" for d in desks),
    }
    return render(request, "jurisdiction/person.html", context)


class PersonPage(OfficeFormView):
    """A form about a person, or about a new one."""

    permission = MANAGE
    needs_confirmation = True
    template_name = "jurisdiction/person_form.html"
    title: ClassVar[Any] = ""
    submit: ClassVar[Any] = gettext_lazy("Save")
    lead: ClassVar[Any] = ""
    person: User | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if "pk" in kwargs and self.ctx.may(MANAGE):
            self.person = person_seen(request, kwargs["pk"])

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.ctx.may(MANAGE):
            raise PermissionDenied(MANAGE)
        return confirmed(super().dispatch)(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("people:person", args=[self.person.pk]) if self.person else self.back()

    def back(self) -> str:
        if self.person is None:
            return reverse("people:list")
        return reverse("people:person", args=[self.person.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("People"), reverse("people:list"))]
        if self.person is not None:
            crumbs.append((self.person.full_name, self.back()))
        told = {"title": self.title, "submit": self.submit, "lead": self.lead}
        return super().get_context_data(
            **told, person=self.person, crumbs=crumbs, back=self.back(), **kwargs
        )

    def say_password(self, user: User, password: str) -> HttpResponse:
        """Show a one-time password; it cannot be read again."""
        context = {"person": user, "password": password, "days": acts.ONE_TIME_DAYS}
        return render(self.request, "jurisdiction/one_time_password.html", context)


class CreatePerson(PersonPage):
    """Make an account."""

    form_class = forms.PersonForm
    title = gettext_lazy("New account")
    submit = gettext_lazy("Make the account")
    lead = gettext_lazy("Give the mandate afterwards: without one the account opens nothing.")

    def form_valid(self, form: Any) -> HttpResponse:
        user, password = acts.create_user(self.ctx, **form.cleaned_data)
        return self.say_password(user, password)


class ChangePerson(PersonPage):
    """Change name, position, e-mail, telephone."""

    form_class = forms.PersonDetailsForm
    title = gettext_lazy("Change the account")
    done = gettext_lazy("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        assert self.person is not None  # noqa: S101
        copy = User.objects.get(pk=self.person.pk)
        return {**super().get_form_kwargs(), "instance": copy}

    def form_valid(self, form: Any) -> HttpResponse:
        assert self.person is not None  # noqa: S101
        acts.change_user(self.ctx, self.person, **form.cleaned_data)
        return redirect(self.get_success_url())


class GiveMandate(PersonPage):
    """Give a person a mandate."""

    form_class = forms.MandateForm
    title = gettext_lazy("Give a mandate")
    submit = gettext_lazy("Give it")
    done = gettext_lazy("The mandate is given. Open sessions of the person have ended.")
    lead = gettext_lazy("A mandate follows a decision: a role, over an area, from a day.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "ctx": self.ctx}

    def form_valid(self, form: Any) -> HttpResponse:
        assert self.person is not None  # noqa: S101
        give_mandate(self.ctx, self.person, **form.details())
        return redirect(self.get_success_url())


class EndMandate(PersonPage):
    """End a mandate."""

    form_class = forms.EndMandateForm
    title = gettext_lazy("End a mandate")
    submit = gettext_lazy("End it")
    done = gettext_lazy("The mandate is ended. Open sessions of the person have ended.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        known = Mandate.objects.select_related("unit", "agency", "user")
        self.mandate = known.filter(pk=kwargs["mandate"], user=kwargs["pk"]).first()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.ctx.may(MANAGE) and not (self.mandate and self.mandate.is_within(self.ctx, MANAGE)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"last_on": self.ctx.today}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.mandate is not None  # noqa: S101
        return super().get_context_data(desk=desks_of([self.mandate], self.ctx.today)[0], **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        assert self.mandate is not None  # noqa: S101
        ctx = self.ctx.because(form.cleaned_data["reason"])
        end_mandate(ctx, self.mandate, last_on=form.cleaned_data["last_on"])
        return redirect(self.get_success_url())


# --- Acts upon an account that need no more than a reason ----------------------------------------


@dataclass(frozen=True)
class Offer:
    """An act upon an account: what it is called, what follows, how it is done."""

    title: Any
    lead: Any
    done: Any
    act: Callable[..., Any]
    danger: bool = False


OFFERS = {
    "close": Offer(
        gettext_lazy("Close the account"),
        gettext_lazy("Nobody signs in with it any more; open sessions end at once. Its acts stay."),
        gettext_lazy("The account is closed."), acts.disable_user, danger=True,
    ),
    "open": Offer(
        gettext_lazy("Open the account again"),
        gettext_lazy("Its mandates decide what it may do."),
        gettext_lazy("The account is open."), acts.enable_user,
    ),
    "reset-password": Offer(
        gettext_lazy("Give a one-time password"),
        gettext_lazy("The present password stops working and open sessions end. Make sure first "
                     "that it is really this person who asks."),
        "", acts.reset_password,
    ),
    "reset-second-factor": Offer(
        gettext_lazy("Reset the second factor"),
        gettext_lazy("For a lost phone. The person sets up a new one at the next sign-in. Make "
                     "sure first that it is really this person who asks."),
        gettext_lazy("The second factor is reset."), acts.reset_second_factor, danger=True,
    ),
    "unlock": Offer(
        gettext_lazy("Unlock the account"),
        gettext_lazy("The wrong tries so far no longer count."),
        gettext_lazy("The account is unlocked."), acts.unlock_user,
    ),
    "end-sessions": Offer(
        gettext_lazy("End every session"),
        gettext_lazy("The person is signed out everywhere with the next click."),
        gettext_lazy("Every session has ended."), acts.end_sessions,
    ),
}  # fmt: skip


class ActUpon(PersonPage):
    """One of :data:`OFFERS`, with its reason."""

    form_class = forms.ReasonForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.offer = OFFERS.get(kwargs["act"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.offer is None and self.ctx.may(MANAGE):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.offer is not None  # noqa: S101
        context = super().get_context_data(**kwargs)
        return context | {
            "title": self.offer.title,
            "submit": self.offer.title,
            "lead": self.offer.lead,
            "danger": self.offer.danger,
        }

    def form_valid(self, form: Any) -> HttpResponse:
        assert self.offer is not None and self.person is not None  # noqa: S101, PT018
        ctx = self.ctx.because(form.cleaned_data["reason"])
        outcome = self.offer.act(ctx, self.person)
        if self.offer.act is acts.reset_password:
            return self.say_password(self.person, outcome)
        messages.success(self.request, self.offer.done)
        return redirect(self.get_success_url())


class CloseDemonstration(PersonPage):
    """Close all demonstration accounts, once people of one's own are at work."""

    form_class = forms.ReasonForm
    title = gettext_lazy("Close the demonstration accounts")
    submit = gettext_lazy("Close them")
    lead = gettext_lazy("Their password can be read by anybody. Do this before real work begins.")
    done = gettext_lazy("The demonstration accounts are closed.")

    def form_valid(self, form: Any) -> HttpResponse:
        acts.close_demonstration(self.ctx.because(form.cleaned_data["reason"]))
        return redirect(self.get_success_url())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
