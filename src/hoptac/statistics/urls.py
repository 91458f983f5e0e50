"""Addresses of the figures."""

from django.urls import path

from hoptac.statistics import views

app_name = "statistics"
urlpatterns = [
    path("", views.TableView.as_view(), name="table"),
    path("download/", views.DownloadView.as_view(), name="download"),
    path("behind/", views.BehindView.as_view(), name="behind"),
]
