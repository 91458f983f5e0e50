"""Sign-in, second factor, own account. Signing up and resetting by e-mail do not exist."""

from allauth.socialaccount.providers.openid_connect import views as provider
from django.urls import include, path

from hoptac.foundation.accounts import views
from hoptac.foundation.accounts.middleware import public

own = (
    [
        path("", views.profile, name="profile"),
        path("sessions/end/", views.end_sessions, name="end_sessions"),
        path("second-factor/", views.enrol, name="enrol"),
        path("second-factor/set-up/", views.set_up_second_factor, name="set_up_second_factor"),
        path("second-factor/codes/", views.renew_recovery_codes, name="recovery_codes"),
        path("no-mandate/", views.no_mandate, name="no_mandate"),
    ],
    "accounts",
)
urlpatterns = [
    path("me/", include(own)),
    path("login/", views.sign_in, name="account_login"),
    path("login/second-step/", views.second_step, name="mfa_authenticate"),
    path("logout/", views.sign_out, name="account_logout"),
    path("confirm/", views.confirm, name="account_reauthenticate"),
    path("password/", views.change_password, name="account_change_password"),
    path("provider/failed/", views.provider_failed, name="socialaccount_login_error"),
    path("provider/cancelled/", views.provider_failed, name="socialaccount_login_cancelled"),
    path("provider/<slug:provider_id>/", public(provider.login), name="openid_connect_login"),
    path(
        "provider/<slug:provider_id>/callback/",
        public(provider.callback),
        name="openid_connect_callback",
    ),
]
