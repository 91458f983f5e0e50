"""Sign-in, second factor, own account. Signing up and resetting by e-mail are closed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from hoptac.foundation.accounts import views
from hoptac.foundation.accounts.middleware import public


@public
def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    raise Http404


own = (
    [
        path("", views.profile, name="profile"),
        path("sessions/end/", views.end_other_sessions, name="end_other_sessions"),
        path("second-factor/", views.enrol, name="enrol"),
        path("no-mandate/", views.no_mandate, name="no_mandate"),
    ],
    "accounts",
)
urlpatterns = [
    path("me/", include(own)),
    re_path(
        r"^(?:signup|password/reset|password/set|email|confirm-email|sessions|3rdparty/signup)/",
        closed,
    ),
    path("", include("allauth.urls")),
]
