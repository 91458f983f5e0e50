from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "hoptac.exchange"
    verbose_name = _("Exchange with national systems")

    def ready(self) -> None:
        from hoptac.exchange import actions, succession  # noqa: F401  (declares the acts)
        from hoptac.exchange.acts_in_words import ACT_NAMES
        from hoptac.exchange.duties import exchange_duties
        from hoptac.exchange.hearing import listen_to_all
        from hoptac.exchange.panels import OPEN_DIFFERENCES
        from hoptac.exchange.selectors import what_they_say
        from hoptac.foundation import duties, panels
        from hoptac.foundation.audit import words
        from hoptac.registration import prefilling
        from hoptac.ui import navigation

        navigation.declare(
            _("National systems"),
            "exchange:home",
            "arrows-exchange",
            "exchange.view",
            "register",
            30,
        )
        duties.declare(exchange_duties, permission="exchange.reconcile", order=30)
        listen_to_all()
        prefilling.declare("difference", what_they_say)
        panels.declare(OPEN_DIFFERENCES)
        words.declare(
            ACT_NAMES,
            {
                "exchange.difference": "exchange:difference",
                "exchange.extract": "exchange:extract",
                "exchange.message": "exchange:message",
            },
        )
        words.declare_private(
            "exchange.", frozenset({"phone", "representative"}), "registry.view_contacts"
        )
        succession.declare_all()
