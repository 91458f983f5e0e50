"""Addresses of registration."""

from django.urls import path

from hoptac.registration.views import applicant, desk, fees, filing, issued, own

app_name = "registration"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("workload/", desk.workload, name="workload"),
    path("new/", desk.start, name="start"),
    path("new/<slug:procedure>/", desk.Intake.as_view(), name="intake"),
    path("fees/", fees.collected, name="fees"),
    path("fees/list.<slug:format>", fees.export, name="fees_export"),
    path("fees/tables/", fees.tables, name="fee_tables"),
    path("fees/tables/new/", fees.NewTable.as_view(), name="fee_table_new"),
    path(
        "fees/tables/<uuid:pk>/withdraw/", fees.WithdrawTable.as_view(), name="fee_table_withdraw"
    ),
    path("forms/<slug:procedure>.pdf", issued.blank_form, name="blank_form"),
    path("check/", issued.Check.as_view(), name="check_paper"),
    path("own/", own.own, name="own"),
    path("own/new/<slug:procedure>/", own.Begin.as_view(), name="own_begin"),
    path("own/<uuid:pk>/", own.OwnFiling.as_view(), name="own_filing"),
    path("own/<uuid:pk>/edit/", own.Revise.as_view(), name="own_edit"),
    path("own/<uuid:pk>/paper/<int:paper>/", own.attach_paper, name="own_paper"),
    path("own/<uuid:pk>/<slug:step>/", own.take, name="own_step"),
    path("<uuid:pk>/paper/<int:paper>/", filing.attach_paper, name="paper"),
    path("<uuid:pk>/file/<uuid:file>/", filing.paper_file, name="file"),
    path("status/", applicant.ask, name="status_ask"),
    path("status/<slug:code>/", applicant.status, name="status"),
    path("<uuid:pk>/", filing.FilingPage.as_view(), name="filing"),
    path("<uuid:pk>/amend/", filing.Amend.as_view(), name="amend"),
    path("<uuid:pk>/papers/", filing.Papers.as_view(), name="papers"),
    path("<uuid:pk>/fee/", fees.FeePage.as_view(), name="fee"),
    path("<uuid:pk>/fee/<int:entry>/withdraw/", fees.WithdrawEntry.as_view(), name="fee_withdraw"),
    path("<uuid:pk>/print/<slug:what>.pdf", issued.Printed.as_view(), name="printed"),
    path("<uuid:pk>/issued/<uuid:paper>.pdf", issued.PaperFile.as_view(), name="issued_file"),
    path("<uuid:pk>/issued/<uuid:paper>/", issued.PaperPage.as_view(), name="issued"),
    path("<uuid:pk>/<slug:step>/", filing.StepPage.as_view(), name="step"),
]
