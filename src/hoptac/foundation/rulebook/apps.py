from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulebookConfig(AppConfig):
    name = "hoptac.foundation.rulebook"
    label = "rulebook"
    verbose_name = _("Law as data")

    def ready(self) -> None:
        from hoptac.foundation.audit import words
        from hoptac.foundation.rulebook import acts, facts  # noqa: F401
        from hoptac.foundation.rulebook.files import Files

        facts.declare(Files())
        words.declare(
            {
                "rulebook.confirm_fact": _("Fact confirmed"),
                "rulebook.confirm_facts": _("Several facts confirmed"),
                "rulebook.correct_fact": _("Fact corrected"),
                "rulebook.withdraw_confirmation": _("Confirmation withdrawn"),
            },
            {"rulebook.confirmation": "facts:confirmation"},
        )
