from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "hoptac.foundation.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from hoptac.foundation.accounts import acts, sessions  # noqa: F401

        sessions.connect()
