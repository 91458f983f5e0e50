from hoptac.jurisdiction.models.agencies import Agency, AgencySuccession
from hoptac.jurisdiction.models.mandates import Mandate
from hoptac.jurisdiction.models.units import AdminUnit, UnitPlacement, UnitSuccession

__all__ = (
    "AdminUnit",
    "Agency",
    "AgencySuccession",
    "Mandate",
    "UnitPlacement",
    "UnitSuccession",
)
