"""Addresses of committees and their meetings."""

from django.urls import path

from hoptac.committees.views import committees, meetings, steps

app_name = "committees"
urlpatterns = [
    path("", committees.CommitteeList.as_view(), name="list"),
    path("new/", committees.NewCommittee.as_view(), name="new"),
    path("<uuid:pk>/", committees.CommitteePage.as_view(), name="committee"),
    path("<uuid:pk>/<slug:step>/", steps.CommitteeStep.as_view(), name="committee_step"),
    path("members/<uuid:pk>/<slug:step>/", steps.MemberStep.as_view(), name="member_step"),
    path("charges/<uuid:pk>/<slug:step>/", steps.ChargeStep.as_view(), name="charge_step"),
    path("meetings/<uuid:pk>/", meetings.MeetingPage.as_view(), name="meeting"),
    path("meetings/<uuid:pk>/attendance/", meetings.NoteAttendance.as_view(), name="attendance"),
    path("meetings/<uuid:pk>/minutes/", meetings.WriteMinutes.as_view(), name="minutes"),
    path("meetings/<uuid:pk>/calendar/", meetings.calendar, name="calendar"),
    path("meetings/<uuid:pk>/print/<slug:what>/<slug:form>/", meetings.printed, name="print"),
    path("meetings/<uuid:pk>/files/<uuid:file>/", meetings.MeetingFile.as_view(), name="file"),
    path("meetings/<uuid:pk>/<slug:step>/", steps.MeetingStep.as_view(), name="meeting_step"),
    path("items/<uuid:pk>/move/", meetings.MoveItem.as_view(), name="item_move"),
    path("items/<uuid:pk>/drop/", meetings.DropItem.as_view(), name="item_drop"),
    path("items/<uuid:pk>/<slug:step>/", steps.ItemStep.as_view(), name="item_step"),
    path("papers/<uuid:pk>/drop/", meetings.DropPaper.as_view(), name="paper_drop"),
    path("conclusions/<uuid:pk>/drop/", meetings.DropConclusion.as_view(), name="conclusion_drop"),
]
