from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "hoptac.reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from hoptac.foundation import duties
        from hoptac.foundation.audit import words
        from hoptac.reports import actions, notices, succession  # noqa: F401  (declares the acts)
        from hoptac.reports.acts_in_words import ACT_NAMES
        from hoptac.reports.duties import report_duties
        from hoptac.ui import navigation

        notices.declare_all()
        succession.declare_all()
        navigation.declare(_("Reports"), "reports:list", "file-text", "reports.view", "plan", 40)
        duties.declare(report_duties, permission="reports.view", order=6)
        words.declare(ACT_NAMES, {"reports.report": "reports:report"})
