"""Every address of the system, by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("hoptac.workspace.urls")),
    path("ui/", include("hoptac.ui.urls")),
    path("accounts/", include("hoptac.foundation.accounts.urls")),
    path("notices/", include("hoptac.foundation.notices.urls")),
    path("", include("hoptac.jurisdiction.urls")),
    path("registry/", include("hoptac.registry.urls")),
    path("imports/", include("hoptac.registry.import_urls")),
    path("registration/", include("hoptac.registration.urls")),
    path("directives/", include("hoptac.directives.urls")),
    path("cases/", include("hoptac.cases.urls")),
    path("certificates/", include("hoptac.certificates.urls")),
    path("", include("hoptac.certificates.public_urls")),
    path("exchange/", include("hoptac.exchange.urls")),
    path("tasks/", include("hoptac.tasks.urls")),
    path("committees/", include("hoptac.committees.urls")),
    path("officers/", include("hoptac.committees.officer_urls")),
    path("plans/", include("hoptac.plans.urls")),
    path("reports/", include("hoptac.reports.urls")),
    path("statistics/", include("hoptac.statistics.urls")),
    path("api/", include("hoptac.api.urls")),
]

handler400 = "hoptac.ui.views.bad_request"
handler403 = "hoptac.ui.views.permission_denied"
handler404 = "hoptac.ui.views.page_not_found"
handler500 = "hoptac.ui.views.server_error"
