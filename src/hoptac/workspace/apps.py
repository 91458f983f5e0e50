from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "hoptac.workspace"

    def ready(self) -> None:
        from hoptac.foundation.audit import words
        from hoptac.ui import navigation

        words.declare({"bench.load": _("Made-up country loaded for measuring")})
        navigation.declare(_("Home"), "workspace:home", "home", desk="home", order=1)
