from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "hoptac.governance"

    def ready(self) -> None:
        from hoptac.governance.rosters import read_members
        from hoptac.registry.importing.readers import declare_reader

        declare_reader("members", read_members)
