from hoptac.registry.actions.figures import correct_figures, state_figures
from hoptac.registry.actions.lifecycle import end_cooperative, record_cooperative, record_lineage
from hoptac.registry.actions.particulars import (
    change_particulars,
    correct_particulars,
    set_business_lines,
)

__all__ = (
    "change_particulars",
    "correct_figures",
    "correct_particulars",
    "end_cooperative",
    "record_cooperative",
    "record_lineage",
    "set_business_lines",
    "state_figures",
)
