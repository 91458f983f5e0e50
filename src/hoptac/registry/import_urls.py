"""Addresses of the import wizard."""

from django.urls import path

from hoptac.registry.views import imports

app_name = "imports"
urlpatterns = [
    path("", imports.imports_page, name="list"),
    path("<uuid:pk>/", imports.batch_page, name="batch"),
    path("<uuid:pk>/columns/", imports.columns_page, name="columns"),
    path("<uuid:pk>/enter/", imports.enter, name="enter"),
    path("<uuid:pk>/undo/", imports.undo, name="undo"),
    path("<uuid:pk>/aside/", imports.aside, name="aside"),
    path("<uuid:pk>/day/", imports.set_day, name="day"),
    path("<uuid:pk>/findings.xlsx", imports.findings_workbook, name="findings"),
    path("<uuid:pk>/lines/<int:line>/", imports.line_page, name="line"),
]
