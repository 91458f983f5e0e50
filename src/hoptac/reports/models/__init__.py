from hoptac.reports.models.contents import (
    Chosen,
    Contribution,
    Figure,
    Section,
    SectionText,
    TaskLine,
)
from hoptac.reports.models.reports import Report, ReportStep

__all__ = (
    "Chosen", "Contribution", "Figure", "Report", "ReportStep", "Section", "SectionText", "TaskLine",
)  # fmt: skip
