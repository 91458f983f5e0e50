from hoptac.committees.models.committees import Charge, Committee, Member, Regulation
from hoptac.committees.models.meetings import AgendaItem, Attendance, Conclusion, Meeting, Paper
from hoptac.committees.models.officers import FollowingOfficer, Handover, OfficerTraining

__all__ = (
    "AgendaItem",
    "Attendance",
    "Charge",
    "Committee",
    "Conclusion",
    "FollowingOfficer",
    "Handover",
    "Meeting",
    "Member",
    "OfficerTraining",
    "Paper",
    "Regulation",
)
