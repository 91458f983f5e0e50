from hoptac.reports.models.contents import (
    BodyLine,
    Chosen,
    Contribution,
    Figure,
    Section,
    SectionText,
    TaskLine,
)
from hoptac.reports.models.reports import Report, ReportStep

__all__ = (
    "BodyLine", "Chosen", "Contribution", "Figure", "Report", "ReportStep", "Section", "SectionText", "TaskLine",
)  # fmt: skip
