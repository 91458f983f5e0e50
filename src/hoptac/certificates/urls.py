"""Addresses of the officers' pages."""

from django.urls import path

from hoptac.certificates.views import keys, office

app_name = "certificates"
urlpatterns = [
    path("", office.certificate_list, name="list"),
    path("out-of-force/", office.out_of_force, name="out_of_force"),
    path("keys/", keys.keys_page, name="keys"),
    path("keys/rotate/", keys.rotate, name="rotate"),
    path("keys/trust/", keys.trust, name="trust"),
    path("keys/distrust/<uuid:pk>/", keys.distrust, name="distrust"),
    path("issue/<uuid:pk>/", office.IssuePage.as_view(), name="issue"),
    path("<uuid:pk>/", office.certificate_page, name="certificate"),
    path("<uuid:pk>/file/", office.certificate_file, name="file"),
    path("<uuid:pk>/signed/<uuid:signed>/", office.signed_file, name="signed_file"),
    path("<uuid:pk>/attach/", office.attach, name="attach"),
    path("<uuid:pk>/revoke/", office.RevokePage.as_view(), name="revoke"),
    path("<uuid:pk>/restore/", office.RestorePage.as_view(), name="restore"),
]
