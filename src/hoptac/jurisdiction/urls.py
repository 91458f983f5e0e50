"""Addresses of people, places, facts to confirm and the journal."""

from django.urls import include, path

from hoptac.jurisdiction.views import agencies, calendar, facts, journal, people, places

_people = [
    path("", people.people, name="list"),
    path("new/", people.CreatePerson.as_view(), name="create"),
    path("close-demonstration/", people.CloseDemonstration.as_view(), name="close_demonstration"),
    path("<uuid:pk>/", people.person, name="person"),
    path("<uuid:pk>/change/", people.ChangePerson.as_view(), name="change"),
    path("<uuid:pk>/mandates/new/", people.GiveMandate.as_view(), name="give_mandate"),
    path("<uuid:pk>/mandates/<uuid:mandate>/", people.EndMandate.as_view(), name="end_mandate"),
    path("<uuid:pk>/<slug:act>/", people.ActUpon.as_view(), name="act"),
]
_places = [
    path("", places.units, name="units"),
    path("agencies/", places.agencies, name="agencies"),
    path("agencies/<uuid:pk>/", places.agency, name="agency"),
    path("<uuid:pk>/", places.unit, name="unit"),
]
_agencies = [
    path("", agencies.agencies, name="list"),
    path("new/", agencies.Add.as_view(), name="add"),
    path("<uuid:pk>/rename/", agencies.Rename.as_view(), name="rename"),
    path("<uuid:pk>/end/", agencies.End.as_view(), name="end"),
    path("<uuid:pk>/correct/", agencies.Correct.as_view(), name="correct"),
]
_journal = [
    path("", journal.entries, name="list"),
    path("anchor/", journal.anchor, name="anchor"),
    path("verify/", journal.verify, name="verify"),
    path("erase/", journal.erase, name="erase"),
    path("<uuid:pk>/", journal.entry, name="entry"),
]
_facts = [
    path("", facts.entries, name="list"),
    path("several/", facts.ConfirmSeveral.as_view(), name="several"),
    path("confirmations/<uuid:pk>/", facts.confirmation, name="confirmation"),
    path("<str:key>/", facts.fact, name="fact"),
    path("<str:key>/confirm/", facts.Confirm.as_view(), name="confirm"),
    path("<str:key>/correct/", facts.Correct.as_view(), name="correct"),
    path("<str:key>/withdraw/", facts.Withdraw.as_view(), name="withdraw"),
]
_calendar = [
    path("", calendar.year_page, name="year"),
    path("adopt/", calendar.AdoptYear.as_view(), name="adopt"),
    path("add/", calendar.AddDay.as_view(), name="add"),
    path("exchange/", calendar.ExchangeDays.as_view(), name="exchange"),
    path("days/<uuid:pk>/", calendar.day_page, name="day"),
    path("days/<uuid:pk>/remove/", calendar.RemoveDay.as_view(), name="remove"),
    path("years/<uuid:pk>/", calendar.adopted_page, name="adopted"),
    path("years/<uuid:pk>/give-back/", calendar.GiveBackYear.as_view(), name="give_back"),
]
urlpatterns = [
    path("people/", include((_people, "people"))),
    path("places/", include((_places, "places"))),
    path("agencies/", include((_agencies, "agencies"))),
    path("facts/", include((_facts, "facts"))),
    path("calendar/", include((_calendar, "calendar"))),
    path("journal/", include((_journal, "journal"))),
]
