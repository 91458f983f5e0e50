from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "hoptac.tasks"
    verbose_name = _("Tasks")

    def ready(self) -> None:
        from hoptac.foundation.audit import words
        from hoptac.tasks import actions  # noqa: F401  (declares the acts)
        from hoptac.tasks.acts_in_words import ACT_NAMES

        words.declare(ACT_NAMES)
