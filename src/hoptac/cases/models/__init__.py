from hoptac.cases.models.cases import Case, CaseFile, CaseStep, Letter, VisitSheet
from hoptac.cases.models.facts import KeptDate, SharesStatement

__all__ = (
    "Case",
    "CaseFile",
    "CaseStep",
    "KeptDate",
    "Letter",
    "SharesStatement",
    "VisitSheet",
)
