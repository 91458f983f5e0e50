from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "hoptac.certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from hoptac.certificates import actions, log
        from hoptac.certificates.panels import BOX
        from hoptac.certificates.terms import ACT_NAMES
        from hoptac.foundation import panels
        from hoptac.foundation.audit import checks, words
        from hoptac.registry import ways
        from hoptac.ui import navigation

        navigation.declare(
            _("Certificates"), "certificates:list", "certificate", "certificates.view",
            "register", 40,
        )  # fmt: skip
        navigation.declare(
            _("Keys of certificates"), "certificates:keys", "key", actions.KEEP_KEYS,
            "administration", 60,
        )  # fmt: skip
        ways.declare(
            ways.Way(
                _("Issue certificates"), "certificates:draw_up", "certificate", actions.ISSUE
            )
        )  # fmt: skip
        panels.declare(BOX)
        checks.declare(log.troubles)
        words.declare(
            ACT_NAMES,
            {
                "certificates.certificate": "certificates:certificate",
                "certificates.issuebatch": "certificates:batch",
            },
        )
