"""Addresses of the home page and the Standing Committee's."""

from django.urls import path

from hoptac.workspace import views

app_name = "workspace"
urlpatterns = [
    path("", views.home, name="home"),
    path("plan/", views.StandingPage.as_view(), name="standing"),
]
