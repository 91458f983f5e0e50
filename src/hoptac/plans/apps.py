from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "hoptac.plans"
    verbose_name = _("Yearly plans")

    def ready(self) -> None:
        from hoptac.directives import aiming
        from hoptac.foundation import duties
        from hoptac.foundation.audit import words
        from hoptac.plans import actions  # noqa: F401  (declares the acts)
        from hoptac.plans.acts_in_words import ACT_NAMES
        from hoptac.plans.duties import plan_duties
        from hoptac.plans.notices import declare_notices
        from hoptac.plans.selectors import target_page
        from hoptac.ui import navigation

        navigation.declare(
            _("Yearly plans"), "plans:list", "list-details", "plans.view", "plan", 30
        )
        duties.declare(plan_duties, permission="plans.view", order=8)
        words.declare(ACT_NAMES, {"plans.yearplan": "plans:plan"})
        declare_notices()
        aiming.set_target_maker(target_page)
