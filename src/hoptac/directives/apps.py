from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectivesConfig(AppConfig):
    name = "hoptac.directives"
    verbose_name = _("Directives")

    def ready(self) -> None:
        from hoptac.directives import actions, notices  # noqa: F401  (declares the acts)
        from hoptac.directives.acts_in_words import ACT_NAMES
        from hoptac.directives.duties import directive_duties
        from hoptac.foundation import duties
        from hoptac.foundation.audit import words
        from hoptac.ui import navigation

        navigation.declare(_("Directives"), "directives:list", "book", "directives.view", "plan", 10)  # fmt: skip
        navigation.declare(
            _("Receipts and own documents"),
            "directives:sendings",
            "mail",
            "directives.view",
            "plan",
            12,
        )
        duties.declare(directive_duties, permission="directives.view", order=14)
        words.declare(ACT_NAMES, {"directives.directive": "directives:directive"})
        notices.declare_all()
