from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "hoptac.workspace"

    def ready(self) -> None:
        from hoptac.foundation.audit import words
        from hoptac.ui import navigation

        words.declare(
            {
                "bench.load": _("Made-up country loaded for measuring"),
                "bench.load_tasks": _("Made-up tasks loaded for measuring"),
            }
        )
        navigation.declare(
            _("Is the plan carried out?"),
            "workspace:standing",
            "report-analytics",
            "plan.survey",
            "plan",
            5,
        )
        navigation.declare(_("Home"), "workspace:home", "home", desk="home", order=1)
