"""Addresses of following officers."""

from django.urls import path

from hoptac.committees.views import officers, steps

app_name = "officers"
urlpatterns = [
    path("", officers.OfficerList.as_view(), name="list"),
    path("export/", officers.export, name="export"),
    path("new/", officers.NewOfficer.as_view(), name="new"),
    path("trainings/<uuid:pk>/retire/", officers.RetireTraining.as_view(), name="training_retire"),
    path("handovers/<uuid:pk>/<slug:form>/", officers.HandoverPaper.as_view(), name="handover"),
    path("<uuid:pk>/", officers.OfficerPage.as_view(), name="officer"),
    path("<uuid:pk>/<slug:step>/", steps.OfficerStep.as_view(), name="officer_step"),
]
