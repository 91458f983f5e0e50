from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    name = "hoptac.statistics"
    verbose_name = _("Statistics")

    def ready(self) -> None:
        from hoptac.foundation import measures
        from hoptac.statistics.measures import offered
        from hoptac.ui import navigation

        navigation.declare(
            _("Statistics"), "statistics:table", "chart-bar", "statistics.view", "figures", 10
        )
        measures.declare(offered)
