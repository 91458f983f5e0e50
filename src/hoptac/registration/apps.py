from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "hoptac.registration"
    verbose_name = _("Registration")

    def ready(self) -> None:
        from hoptac.certificates import people
        from hoptac.foundation import duties, panels
        from hoptac.foundation.access import declare_permissions
        from hoptac.foundation.audit import words
        from hoptac.registration import actions, pauses, succession  # noqa: F401  (declares the acts)
        from hoptac.registration import notices as told
        from hoptac.registration.acts_in_words import ACT_NAMES
        from hoptac.registration.certifying import representatives
        from hoptac.registration.duties import desk_duties, own_duties
        from hoptac.registration.panels import REGISTRATION
        from hoptac.ui import navigation

        declare_permissions("registration.view")
        navigation.declare(
            _("Registration desk"),
            "registration:desk",
            "clipboard-list",
            "registration.view",
            "register",
            5,
        )
        navigation.declare(
            _("My filings"),
            "registration:own",
            "file-text",
            "registration.file_online",
            "register",
            6,
        )
        navigation.declare(
            _("Tables of fees"),
            "registration:fee_tables",
            "coins",
            "rulebook.view",
            "administration",
            16,
        )
        duties.declare(desk_duties, permission="registration.view", order=10)
        duties.declare(own_duties, permission="registration.file_online", order=11)
        panels.declare(REGISTRATION)
        people.declare(representatives)
        words.declare(ACT_NAMES, {"registration.filing": "registration:filing"})
        words.declare_private("registration.", PRIVATE, "registry.view_contacts")
        succession.declare_all()
        told.declare_all()


PRIVATE = frozenset(
    {"phone", "email", "personal_number", "contact_address", "birth_date", "director"}
)
