from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "hoptac.workspace"

    def ready(self) -> None:
        from hoptac.ui import navigation

        navigation.declare(_("Home"), "workspace:home", "home", desk="home", order=1)
