from hoptac.jurisdiction.actions.agencies import load_agencies
from hoptac.jurisdiction.actions.keeping import (
    add_agency,
    correct_agency,
    end_agency,
    rename_agency,
)
from hoptac.jurisdiction.actions.mandates import end_mandate, give_mandate
from hoptac.jurisdiction.actions.units import load_kien_giang_units, rebuild_placements

__all__ = (
    "add_agency",
    "correct_agency",
    "end_agency",
    "end_mandate",
    "give_mandate",
    "load_agencies",
    "load_kien_giang_units",
    "rebuild_placements",
    "rename_agency",
)
