from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "hoptac.cases"
    verbose_name = _("Watch list and cases")

    def ready(self) -> None:
        from hoptac.cases import actions, sources, succession  # noqa: F401  (declares the acts)
        from hoptac.cases.acts_in_words import ACT_NAMES
        from hoptac.cases.duties import case_duties
        from hoptac.cases.panels import WATCH
        from hoptac.foundation import duties, panels
        from hoptac.foundation.audit import words
        from hoptac.ui import navigation

        navigation.declare(
            _("Watch list"), "cases:watch", "alert-triangle", "cases.view", "register", 7
        )
        navigation.declare(_("Cases"), "cases:list", "scale", "cases.view", "register", 8)
        duties.declare(case_duties, permission="cases.view", order=12)
        panels.declare(WATCH)
        words.declare(ACT_NAMES, {"cases.case": "cases:case"})
        sources.declare_all()
        succession.declare_all()
