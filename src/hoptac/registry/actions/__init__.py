from hoptac.registry.actions.exports import record_export
from hoptac.registry.actions.figures import correct_figures, state_figures
from hoptac.registry.actions.lifecycle import end_cooperative, record_cooperative, record_lineage
from hoptac.registry.actions.particulars import (
    change_particulars,
    correct_particulars,
    set_business_lines,
)
from hoptac.registry.actions.saved_views import remove_view, save_view
from hoptac.registry.actions.undoing import undo_acts

__all__ = (
    "change_particulars",
    "correct_figures",
    "correct_particulars",
    "end_cooperative",
    "record_cooperative",
    "record_export",
    "record_lineage",
    "remove_view",
    "save_view",
    "set_business_lines",
    "state_figures",
    "undo_acts",
)
