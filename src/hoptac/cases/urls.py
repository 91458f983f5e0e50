"""Addresses of the watch list and its cases."""

from django.urls import path

from hoptac.cases.views import case, dates, watch

app_name = "cases"
urlpatterns = [
    path("", case.cases, name="list"),
    path("watch/", watch.WatchPage.as_view(), name="watch"),
    path("watch/export/", watch.export, name="export"),
    path("body/<uuid:pk>/box/", watch.box, name="box"),
    path("body/<uuid:pk>/open/", watch.Open.as_view(), name="open"),
    path("body/<uuid:pk>/dates/", dates.DatesPage.as_view(), name="dates"),
    path("body/<uuid:pk>/dates/new/", dates.NewDate.as_view(), name="date_new"),
    path("body/<uuid:pk>/dates/<int:row>/", dates.CorrectDate.as_view(), name="date_correct"),
    path("body/<uuid:pk>/shares/new/", dates.NewShares.as_view(), name="shares_new"),
    path("body/<uuid:pk>/shares/<int:row>/", dates.CorrectShares.as_view(), name="shares_correct"),
    path("<uuid:pk>/", case.CasePage.as_view(), name="case"),
    path("<uuid:pk>/visit-sheet.pdf", case.BlankSheet.as_view(), name="blank_sheet"),
    path("<uuid:pk>/files/<uuid:file>/", case.File.as_view(), name="file"),
    path("<uuid:pk>/<slug:step>/", case.StepPage.as_view(), name="step"),
]
