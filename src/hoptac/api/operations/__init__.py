"""The operations of /api/v1 by matter; each module declares its own by :mod:`hoptac.api.declaring`."""

from hoptac.api.operations import directives, dossiers, figures, register

MATTERS = (
    register.matter, figures.places, figures.figures, figures.journal, figures.caller, directives.matter,
    dossiers.matter,
)  # fmt: skip
