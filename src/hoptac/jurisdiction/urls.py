"""Addresses of people, places and the journal."""

from django.urls import include, path

from hoptac.jurisdiction.views import journal, people, places

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
_journal = [
    path("", journal.entries, name="list"),
    path("verify/", journal.verify, name="verify"),
    path("<uuid:pk>/", journal.entry, name="entry"),
]
urlpatterns = [
    path("people/", include((_people, "people"))),
    path("places/", include((_places, "places"))),
    path("journal/", include((_journal, "journal"))),
]
