from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JurisdictionConfig(AppConfig):
    name = "hoptac.jurisdiction"
    verbose_name = _("Units, agencies and mandates")

    def ready(self) -> None:
        from hoptac.foundation.access import set_coverage_source
        from hoptac.foundation.accounts.middleware import set_grants_source
        from hoptac.foundation.accounts.models import set_reach_of_people
        from hoptac.foundation.audit import words
        from hoptac.foundation.duties import declare as declare_duty
        from hoptac.foundation.rulebook import acts, facts
        from hoptac.foundation.working_days import acts as calendar
        from hoptac.jurisdiction import actions, duties, places, roles, scope  # noqa: F401
        from hoptac.jurisdiction.facts import Agencies
        from hoptac.jurisdiction.selectors import people_managed
        from hoptac.jurisdiction.terms import ACT_NAMES, FIELD_NAMES
        from hoptac.ui.navigation import declare

        roles.declare()
        from hoptac.foundation.audit import erasing  # noqa: F401

        words.declare(ACT_NAMES, {"accounts.user": "people:person"})
        words.declare_fields(FIELD_NAMES, {"role": roles.role_name, "unit": places.heading_of})
        set_reach_of_people(scope.manages, people_managed)
        declare(_("People"), "people:list", "users", "accounts.manage", "administration", 10)
        declare(_("Journal"), "journal:list", "history", "audit.view", "administration", 20)
        declare(
            _("Letters to people"),
            "notices:letters",
            "mail",
            "notices.see_letters",
            "administration",
            25,
        )
        declare(_("Units and map"), "places:units", "map", "jurisdiction.view", "register", 60)
        declare(_("Agencies"), "places:agencies", "building", "jurisdiction.view", "register", 61)
        declare(
            _("Keep agencies"),
            "agencies:list",
            "building-community",
            "jurisdiction.manage",
            "administration",
            12,
        )
        declare(_("Facts to confirm"), "facts:list", "scale", acts.SEE, "administration", 15)
        declare(
            _("Working days"),
            "calendar:year",
            "calendar",
            "jurisdiction.view",
            "administration",
            30,
        )
        facts.declare(Agencies())
        declare_duty(duties.facts_to_confirm, permission=acts.CONFIRM, order=90)
        declare_duty(duties.calendars_to_adopt, permission=calendar.KEEP, order=95)
        set_coverage_source(scope.coverage_of)
        set_grants_source(scope.grants_of)
