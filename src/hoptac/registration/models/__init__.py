from hoptac.registration.models.facts import (
    Branch,
    LegalRepresentative,
    Mark,
    Suspension,
    Undertaking,
)
from hoptac.registration.models.fees import FeeEntry, FeeLine, FeeTable
from hoptac.registration.models.filings import Filing, FilingPaper, FilingStep
from hoptac.registration.models.papers import IssuedPaper, PaperHandout, SignedPaper
from hoptac.registration.models.terms import FilingTerm

__all__ = (
    "Branch",
    "FeeEntry",
    "FeeLine",
    "FeeTable",
    "Filing",
    "FilingPaper",
    "FilingStep",
    "FilingTerm",
    "IssuedPaper",
    "LegalRepresentative",
    "Mark",
    "PaperHandout",
    "SignedPaper",
    "Suspension",
    "Undertaking",
)
