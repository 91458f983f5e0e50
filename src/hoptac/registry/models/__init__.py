from hoptac.registry.models.cooperative import Cooperative
from hoptac.registry.models.facts import BusinessLine, FigureStatement, Lineage, Particulars
from hoptac.registry.models.lines import RegisterLine, Verdict
from hoptac.registry.models.periods import Period
from hoptac.registry.models.views import SavedView

__all__ = (
    "BusinessLine",
    "Cooperative",
    "FigureStatement",
    "Lineage",
    "Particulars",
    "Period",
    "RegisterLine",
    "SavedView",
    "Verdict",
)
