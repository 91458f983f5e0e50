"""Addresses of the register's pages."""

from django.urls import path

from hoptac.registry.views import acts, exports, record, register

app_name = "registry"
urlpatterns = [
    path("", register.register_list, name="list"),
    path("export/", exports.export, name="export"),
    path("views/", register.views_page, name="views"),
    path("views/save/", register.view_save, name="view_save"),
    path("views/delete/", register.view_remove, name="view_remove"),
    path("enter/", acts.EnterCooperative.as_view(), name="enter"),
    path("<uuid:pk>/", record.record_page, name="record"),
    path("<uuid:pk>/change/", acts.ChangeMatters.as_view(), name="change"),
    path("<uuid:pk>/change/<slug:matter>/", acts.ChangeParticulars.as_view(), name="change_matter"),
    path("<uuid:pk>/correct/", acts.CorrectMatters.as_view(), name="correct"),
    path(
        "<uuid:pk>/correct/<slug:matter>/", acts.CorrectParticulars.as_view(), name="correct_matter"
    ),
    path("<uuid:pk>/figures/", acts.StateFigures.as_view(), name="figures"),
    path(
        "<uuid:pk>/figures/<int:statement>/", acts.CorrectFigures.as_view(), name="correct_figures"
    ),
    path("<uuid:pk>/end/", acts.EndCooperative.as_view(), name="end"),
    path("<uuid:pk>/lineage/", acts.RecordLineage.as_view(), name="lineage"),
    path("<uuid:pk>/lines/", acts.SetBusinessLines.as_view(), name="lines"),
]
