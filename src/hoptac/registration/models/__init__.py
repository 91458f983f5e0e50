from hoptac.registration.models.facts import Branch, LegalRepresentative, Mark, Suspension
from hoptac.registration.models.filings import Filing, FilingPaper, FilingStep

__all__ = (
    "Branch",
    "Filing",
    "FilingPaper",
    "FilingStep",
    "LegalRepresentative",
    "Mark",
    "Suspension",
)
