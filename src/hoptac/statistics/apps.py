from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "hoptac.statistics"
