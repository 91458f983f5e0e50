"""Addresses of the API and of the pages about it."""

from django.urls import include, path

from hoptac.api import views
from hoptac.api.v1 import api

pages = (
    [
        path("", views.reference, name="reference"),
        path("tokens/", views.tokens, name="tokens"),
        path("tokens/<uuid:pk>/revoke/", views.revoke, name="revoke"),
    ],
    "api",
)
urlpatterns = [
    path("v1/openapi.json", views.description),
    path("v1/", api.urls),
    path("", include(pages)),
]
