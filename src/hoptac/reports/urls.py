"""Addresses of reports."""

from django.urls import path

from hoptac.reports.views import contributing, drafting, reading

app_name = "reports"
urlpatterns = [
    path("", reading.ReportList.as_view(), name="list"),
    path("new/", drafting.NewReport.as_view(), name="new"),
    path("<uuid:pk>/", reading.ReportPage.as_view(), name="report"),
    path("<uuid:pk>/preview/", reading.Preview.as_view(), name="preview"),
    path("<uuid:pk>/tasks/", reading.Tasks.as_view(), name="tasks"),
    path("<uuid:pk>/compare/", reading.Compare.as_view(), name="compare"),
    path("<uuid:pk>/file/<slug:form>/", reading.File.as_view(), name="file"),
    path("<uuid:pk>/words/", drafting.Words.as_view(), name="words"),
    path("<uuid:pk>/sections/<slug:code>/", drafting.SectionPage.as_view(), name="section"),
    path("<uuid:pk>/contributions/<int:item>/", contributing.HandIn.as_view(), name="contribution"),
    path("<uuid:pk>/contributions/<int:item>/judge/", contributing.Judge.as_view(), name="judge"),
    path("<uuid:pk>/<slug:step>/", drafting.StepPage.as_view(), name="step"),
]
