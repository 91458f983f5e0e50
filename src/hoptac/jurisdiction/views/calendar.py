"""The calendar of days off: a year's months, its days, what an administrator does to them, due days."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.foundation import working_days
from hoptac.foundation.pages import needs
from hoptac.foundation.rulebook.facts import may_see_province
from hoptac.foundation.working_days import acts, rules
from hoptac.foundation.working_days.models import CalendarDay, CalendarYear, Kind
from hoptac.jurisdiction import calendar_forms as forms
from hoptac.jurisdiction import months
from hoptac.ui.templatetags.ui import day as shown_day
from hoptac.ui.views import OfficeFormView

VIEW, KEEP = "jurisdiction.view", acts.KEEP


def _year_asked(request: HttpRequest, today: date) -> int:
    asked = request.GET.get("year", str(today.year))
    known = asked.isascii() and asked.isdigit() and len(asked) == 4
    if not known or not rules.FIRST_YEAR <= int(asked) <= rules.LAST_YEAR:
        raise Http404
    return int(asked)


@needs(VIEW)
def year_page(request: HttpRequest) -> HttpResponse:
    """Show a year's calendar (this year's, unless another is asked for)."""
    ctx = request.ctx  # type: ignore[attr-defined]
    asked = _year_asked(request, ctx.today)
    year = working_days.year_of(asked)
    form = forms.DueForm(request.GET if "days" in request.GET else None, today=ctx.today)
    adopted = CalendarYear.objects.filter(pk=year.adopted).first() if year.adopted else None
    kinds = dict(Kind.choices)
    context = {
        "year": year,
        # As text: a year is no quantity whose digits are grouped.
        "name": str(asked),
        "months": months.months(year, ctx.today),
        "weekdays": months.WEEKDAYS,
        "rows": [(m, months.name_of(m), kinds[m.kind]) for m in year.marks.values()],
        "letters": [(s, kinds[k], months.CSS[k]) for k, s in months.letters().items()],
        "adopted": adopted,
        "earlier": str(asked - 1) if asked > rules.FIRST_YEAR else None,
        "later": str(asked + 1) if asked < rules.LAST_YEAR else None,
        "form": form,
        "due": form.due(),
        "may_keep": may_see_province(ctx, KEEP),
    }
    return render(request, "jurisdiction/calendar.html", context)


@needs(VIEW)
def day_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead from the journal to the year in which an entry lies."""
    entry = CalendarDay.objects.filter(pk=pk).first()
    if entry is None:
        raise Http404
    return redirect(_address(entry.day.year))


@needs(VIEW)
def adopted_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead from the journal to the year that was adopted."""
    adopted = CalendarYear.objects.filter(pk=pk).first()
    if adopted is None:
        raise Http404
    return redirect(_address(adopted.year))


def _address(year: int) -> str:
    return f"{reverse('calendar:year')}?year={year}"


class CalendarForm(OfficeFormView):
    """A form by which an administrator of the province keeps the calendar."""

    permission = KEEP
    template_name = "jurisdiction/calendar_form.html"
    title: ClassVar[Any] = ""
    submit: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    danger: ClassVar[bool] = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.ctx.may(KEEP):
            if not may_see_province(self.ctx, KEEP):
                raise PermissionDenied(KEEP)
            self.prepare()

    def prepare(self) -> None:
        """Find what the form is about."""

    def year(self) -> int:
        return self.ctx.today.year

    def get_success_url(self) -> str:
        return _address(self.year())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Calendar of working days"), _address(self.year()))]
        told = {"title": self.title, "submit": self.submit, "danger": self.danger}
        told |= {"lead": self.lead, "name": str(self.year())}
        return super().get_context_data(
            **told, crumbs=crumbs, back=_address(self.year()), about=self.about(), **kwargs
        )

    def about(self) -> list[tuple[Any, Any]]:
        """Return what is said above the form."""
        return []


class AdoptYear(CalendarForm):
    """Adopt the calendar of a year."""

    form_class = forms.AdoptForm
    template_name = "jurisdiction/calendar_adopt.html"
    title = gettext_lazy("Adopt the calendar of a year")
    submit = gettext_lazy("Adopt")
    done = gettext_lazy("Adopted: this calendar counts from now on.")

    def prepare(self) -> None:
        self.asked = _year_asked(self.request, self.ctx.today)

    def year(self) -> int:
        return self.asked

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "year": self.asked, "placed": self.request.GET}

    def form_valid(self, form: Any) -> HttpResponse:
        acts.adopt_year(self.ctx, self.asked, **form.details())
        return redirect(self.get_success_url())


class AddDay(CalendarForm):
    """Add a day off."""

    form_class = forms.AddDayForm
    title = gettext_lazy("Add a day off")
    submit = gettext_lazy("Add")
    done = gettext_lazy("Added: terms are counted by it from now on.")

    def form_valid(self, form: Any) -> HttpResponse:
        added = acts.add_day(self.ctx, **form.cleaned_data)
        return redirect(_address(added.day.year))


class ExchangeDays(CalendarForm):
    """Exchange a working day for a day of rest."""

    form_class = forms.ExchangeForm
    title = gettext_lazy("Exchange a working day")
    submit = gettext_lazy("Exchange")
    done = gettext_lazy("Exchanged: terms are counted by it from now on.")

    def form_valid(self, form: Any) -> HttpResponse:
        free = acts.exchange_days(self.ctx, **form.cleaned_data)
        return redirect(_address(free.day.year))


class RemoveDay(CalendarForm):
    """Remove an entry."""

    form_class = forms.WhyForm
    title = gettext_lazy("Remove from the calendar")
    submit = gettext_lazy("Remove")
    danger = True
    done = gettext_lazy("Removed: terms are counted without it from now on.")

    def prepare(self) -> None:
        found = CalendarDay.objects.live().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.entry: CalendarDay = found

    def year(self) -> int:
        return self.entry.day.year

    def about(self) -> list[tuple[Any, Any]]:
        entry = self.entry
        said = [(_("Day"), shown_day(entry.day)), (_("Kind of day"), entry.get_kind_display())]
        if entry.with_day:
            said.append((_("Removed with it"), shown_day(entry.with_day)))
        return [*said, (_("Name"), entry.name or "–"), (_("Basis"), entry.basis or "–")]

    def form_valid(self, form: Any) -> HttpResponse:
        acts.remove_day(self.ctx.because(form.cleaned_data["reason"]), self.entry)
        return redirect(self.get_success_url())


class GiveBackYear(CalendarForm):
    """Give an adopted year back."""

    form_class = forms.WhyForm
    title = gettext_lazy("Give the year back")
    submit = gettext_lazy("Give back")
    lead = gettext_lazy(
        "The days that came with the adoption are removed; what is computed counts again until the "
        "year is adopted anew. Days entered one by one stay."
    )
    danger = True
    done = gettext_lazy("Given back: the computed days off count until the year is adopted anew.")

    def prepare(self) -> None:
        found = CalendarYear.objects.live().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.adopted: CalendarYear = found

    def year(self) -> int:
        return self.adopted.year

    def about(self) -> list[tuple[Any, Any]]:
        return [(_("Year"), str(self.adopted)), (_("Basis"), self.adopted.basis or "–")]

    def form_valid(self, form: Any) -> HttpResponse:
        acts.give_back_year(self.ctx.because(form.cleaned_data["reason"]), self.adopted)
        return redirect(self.get_success_url())
