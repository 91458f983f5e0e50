from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommitteesConfig(AppConfig):
    name = "hoptac.committees"
    verbose_name = _("Steering committees")

    def ready(self) -> None:
        from hoptac.committees import actions  # noqa: F401  (declares the acts)
        from hoptac.committees.acts_in_words import ACT_NAMES
        from hoptac.committees.duties import committee_duties
        from hoptac.committees.notices import declare_all
        from hoptac.foundation import duties
        from hoptac.foundation.audit import words
        from hoptac.ui import navigation

        navigation.declare(
            _("Steering committees"), "committees:list", "users", "committees.view", "plan", 40
        )
        navigation.declare(
            _("Following officers"), "officers:list", "user", "committees.view", "plan", 45
        )
        duties.declare(committee_duties, permission="committees.view", order=15)
        declare_all()
        words.declare(
            ACT_NAMES,
            {
                "committees.committee": "committees:committee",
                "committees.meeting": "committees:meeting",
                "committees.followingofficer": "officers:officer",
            },
        )
