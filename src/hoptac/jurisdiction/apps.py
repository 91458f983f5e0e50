from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JurisdictionConfig(AppConfig):
    name = "hoptac.jurisdiction"
    verbose_name = _("Units, agencies and mandates")

    def ready(self) -> None:
        from hoptac.foundation.access import set_coverage_source
        from hoptac.foundation.accounts.middleware import set_grants_source
        from hoptac.jurisdiction import roles, scope

        roles.declare()
        set_coverage_source(scope.coverage_of)
        set_grants_source(scope.grants_of)
