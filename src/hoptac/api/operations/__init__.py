"""The operations of /api/v1 by matter; each module declares its own by :mod:`hoptac.api.declaring`."""

from hoptac.api.operations import (
    committees,
    directives,
    dossiers,
    figures,
    plans,
    register,
    reports,
    task_acts,
)

MATTERS = (
    register.matter, figures.places, figures.figures, figures.journal, figures.caller, directives.matter,
    dossiers.matter, task_acts.matter, plans.matter, reports.matter, committees.matter,
)  # fmt: skip
