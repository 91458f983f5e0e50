"""Addresses of registration."""

from django.urls import path

from hoptac.registration.views import applicant, desk, filing

app_name = "registration"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("workload/", desk.workload, name="workload"),
    path("new/", desk.start, name="start"),
    path("new/<slug:procedure>/", desk.Intake.as_view(), name="intake"),
    path("status/", applicant.ask, name="status_ask"),
    path("status/<slug:code>/", applicant.status, name="status"),
    path("<uuid:pk>/", filing.FilingPage.as_view(), name="filing"),
    path("<uuid:pk>/amend/", filing.Amend.as_view(), name="amend"),
    path("<uuid:pk>/papers/", filing.Papers.as_view(), name="papers"),
    path("<uuid:pk>/print/<slug:what>.pdf", filing.Printed.as_view(), name="printed"),
    path("<uuid:pk>/<slug:step>/", filing.StepPage.as_view(), name="step"),
]
