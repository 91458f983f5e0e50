"""Addresses that everybody may open, to check a certificate and the log."""

from django.urls import path

from hoptac.certificates.views import public

app_name = "check"
urlpatterns = [
    path("c", public.check_page, name="page"),
    path("c/check", public.check, name="check"),
    path("c/status", public.status_of, name="status"),
    path("c/status/<str:digest>", public.status_of, name="status_of"),
    path("c/list.json", public.lists, name="lists"),
    path("c/keys.json", public.key_list, name="keys"),
    path("c/worker.js", public.worker, name="worker"),
    path("c/log/", public.log_page, name="log"),
    path("c/log/head", public.log_head, name="log_head"),
    path("c/log/head/<int:size>", public.log_head, name="log_head_of"),
    path("c/log/entries", public.log_entries, name="log_entries"),
    path("c/log/entries/<int:tile>", public.log_entries, name="log_tile"),
    path("c/log/inclusion/<str:digest>", public.log_inclusion, name="log_inclusion"),
    path(
        "c/log/consistency/<int:first>/<int:size>", public.log_consistency, name="log_consistency"
    ),
    path("c/log/log_check.py", public.log_checker, name="log_checker"),
]
