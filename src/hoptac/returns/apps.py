from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from hoptac.foundation.tables.result import ReadResult
    from hoptac.foundation.transfers.cells import Workbook


class ReturnsConfig(AppConfig):
    name = "hoptac.returns"

    def ready(self) -> None:
        from hoptac.registry.importing.readers import declare_reader

        declare_reader("returns", _read)


def _read(
    workbook: "Workbook", *, as_of: date | None, mapping: Mapping[str, Any] | None
) -> "ReadResult":
    from hoptac.returns.selectors import cooperatives_at_end_of
    from hoptac.returns.workbooks import read_returns

    return read_returns(workbook, as_of=as_of, mapping=mapping, register=cooperatives_at_end_of)
