from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from hoptac.foundation.tables.result import ReadResult
    from hoptac.foundation.transfers.cells import Workbook


class GovernanceConfig(AppConfig):
    name = "hoptac.governance"

    def ready(self) -> None:
        from hoptac.registry.importing.readers import declare_reader

        declare_reader("members", _read)


def _read(
    workbook: "Workbook", *, as_of: date | None, mapping: Mapping[str, Any] | None
) -> "ReadResult":
    from hoptac.governance.rosters import read_members
    from hoptac.governance.selectors import cooperatives_known

    return read_members(workbook, as_of=as_of, mapping=mapping, register=cooperatives_known())
