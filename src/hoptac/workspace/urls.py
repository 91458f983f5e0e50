"""Address of the home page."""

from django.urls import path

from hoptac.workspace import views

app_name = "workspace"
urlpatterns = [path("", views.home, name="home")]
