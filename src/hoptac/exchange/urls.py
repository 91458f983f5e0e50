"""Addresses of the exchange with national systems."""

from django.urls import path

from hoptac.exchange.views import differences, home, outbox, report

app_name = "exchange"
urlpatterns = [
    path("", home.home, name="home"),
    path("export/<slug:system>/", home.export, name="export"),
    path("extracts/", home.BringIn.as_view(), name="bring_in"),
    path("extracts/<uuid:pk>/", home.extract, name="extract"),
    path("extracts/<uuid:pk>/stop/", home.stop, name="stop"),
    path("extracts/<uuid:pk>/again/", home.again, name="compare_again"),
    path("differences/", differences.listed, name="differences"),
    path("differences/many/", differences.DecideMany.as_view(), name="decide_many"),
    path("differences/<uuid:pk>/", differences.DifferencePage.as_view(), name="difference"),
    path("differences/<uuid:pk>/undo/", differences.Undo.as_view(), name="undo"),
    path("report/", report.report, name="report"),
    path("report/<slug:what>/", report.export, name="report_export"),
    path("report/undo/<uuid:batch>/", report.UndoMany.as_view(), name="undo_many"),
    path("outbox/", outbox.listed, name="outbox"),
    path("outbox/again/", outbox.again_all, name="send_again_all"),
    path("outbox/<uuid:pk>/", outbox.message, name="message"),
    path("outbox/<uuid:pk>/again/", outbox.again, name="send_again"),
    path("outbox/<uuid:pk>/aside/", outbox.Aside.as_view(), name="set_aside"),
]
