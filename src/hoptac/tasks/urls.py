"""Addresses of tasks."""

from django.urls import path

from hoptac.tasks.views import calendar, entering, lists, pictures, spreading, task

app_name = "tasks"
urlpatterns = [
    path("", lists.TaskList.as_view(), name="list"),
    path("export/", lists.export, name="export"),
    path("agencies/", lists.Agencies.as_view(), name="agencies"),
    path("outline/", pictures.Outline.as_view(), name="outline"),
    path("board/", pictures.Board.as_view(), name="board"),
    path("gantt/", pictures.Gantt.as_view(), name="gantt"),
    path("map/", pictures.LateMap.as_view(), name="map"),
    path("calendar/", calendar.Calendar.as_view(), name="calendar"),
    path("calendar/due-days.ics", calendar.due_days_file, name="due_days"),
    path("new/", entering.NewTask.as_view(), name="new"),
    path("<uuid:pk>/", task.TaskPage.as_view(), name="task"),
    path("<uuid:pk>/part/", entering.NewPart.as_view(), name="part"),
    path("<uuid:pk>/spread/", spreading.SpreadPage.as_view(), name="spread"),
    path("<uuid:pk>/files/<uuid:file>/", task.ProofFile.as_view(), name="proof"),
    path("<uuid:pk>/indicators/<uuid:tied>/untie/", task.Untie.as_view(), name="untie"),
    path("<uuid:pk>/needs/<uuid:needed>/remove/", task.WaitNoMore.as_view(), name="wait_no_more"),
    path("<uuid:pk>/<slug:step>/", task.StepPage.as_view(), name="step"),
]
