from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "hoptac.api"
    verbose_name = _("API")

    def ready(self) -> None:
        from hoptac.api import acts  # noqa: F401
        from hoptac.foundation.audit import words
        from hoptac.ui import navigation

        words.declare(
            {"api.make_token": _("API token made"), "api.revoke_token": _("API token revoked")}
        )
        navigation.declare(
            _("API for machines"), "api:reference", "database", "accounts.own_tokens", "figures", 90
        )
