from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "hoptac.registry"
    verbose_name = _("Register")

    def ready(self) -> None:
        from hoptac.foundation import duties
        from hoptac.registry import actions  # noqa: F401  (declares the acts' permissions)
        from hoptac.registry.duties import records_to_mend
        from hoptac.ui import navigation

        navigation.declare(
            _("Search the register"), "registry:list", "building-community",
            "registry.view", "register", 10,
        )  # fmt: skip
        navigation.declare(
            _("Enter a body"), "registry:enter", "plus", "registry.record", "register", 20
        )
        navigation.declare(
            _("Bring in a workbook"), "imports:list", "upload", "registry.import_register",
            "register", 30,
        )  # fmt: skip
        duties.declare(records_to_mend, permission="registry.change_particulars", order=50)
        from hoptac.registry.importing import entering, service  # noqa: F401

        self.answer_below()

    @staticmethod
    def answer_below() -> None:
        """Tell the apps below what they ask of the register: names of bodies, of acts, their pages."""
        from hoptac.foundation.audit import checks, words
        from hoptac.jurisdiction import bodies
        from hoptac.registry.acts_in_words import ACT_NAMES, FIELD_NAMES
        from hoptac.registry.forms import PARTICULARS_LABELS, field_values
        from hoptac.registry.mandated import bodies_named
        from hoptac.registry.projection import periods_that_differ
        from hoptac.registry.record import CONTACT_FIELDS
        from hoptac.registry.stories import MEASURE_LABELS

        bodies.set_source(bodies_named)
        checks.declare(periods_that_differ)
        words.declare_private("registry.", CONTACT_FIELDS, "registry.view_contacts")
        words.declare(ACT_NAMES, {"registry.cooperative": "registry:record"})
        words.declare_fields(FIELD_NAMES | MEASURE_LABELS | PARTICULARS_LABELS, field_values())
