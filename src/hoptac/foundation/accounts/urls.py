"""Sign-in, second factor, own account."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
