"""Addresses of the officers' pages."""

from django.urls import path

from hoptac.certificates.views import batches, keys, office

app_name = "certificates"
urlpatterns = [
    path("", office.certificate_list, name="list"),
    path("out-of-force/", office.out_of_force, name="out_of_force"),
    path("keys/", keys.keys_page, name="keys"),
    path("keys/rotate/", keys.rotate, name="rotate"),
    path("keys/trust/", keys.trust, name="trust"),
    path("keys/distrust/<uuid:pk>/", keys.distrust, name="distrust"),
    path("issue/<uuid:pk>/", office.IssuePage.as_view(), name="issue"),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/new/", batches.draw_up, name="draw_up"),
    path("batches/<uuid:pk>/", batches.batch_page, name="batch"),
    path("batches/<uuid:pk>/start/", batches.start, name="start_batch"),
    path("batches/<uuid:pk>/stop/", batches.stop, name="stop_batch"),
    path("batches/<uuid:pk>/aside/", batches.aside, name="put_batch_aside"),
    path("batches/<uuid:pk>/item/<int:item>/", batches.choose, name="choose_item"),
    path("batches/<uuid:pk>/report/", batches.report, name="batch_report"),
    path("batches/<uuid:pk>/print/<int:part>/", batches.print_all, name="print_batch"),
    path("batches/<uuid:pk>/files/", batches.files, name="batch_files"),
    path("<uuid:pk>/", office.certificate_page, name="certificate"),
    path("<uuid:pk>/file/", office.certificate_file, name="file"),
    path("<uuid:pk>/signed/<uuid:signed>/", office.signed_file, name="signed_file"),
    path("<uuid:pk>/attach/", office.attach, name="attach"),
    path("<uuid:pk>/revoke/", office.RevokePage.as_view(), name="revoke"),
    path("<uuid:pk>/restore/", office.RestorePage.as_view(), name="restore"),
]
