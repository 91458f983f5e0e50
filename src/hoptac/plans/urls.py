"""Addresses of yearly plans."""

from django.urls import path

from hoptac.plans.views import entering, figures, lists, plan, targets

app_name = "plans"
urlpatterns = [
    path("", lists.PlanList.as_view(), name="list"),
    path("export/", lists.export, name="export"),
    path("aims/<uuid:passage>/", targets.AimPage.as_view(), name="aim"),
    path("new/", entering.NewPlan.as_view(), name="new"),
    path("<uuid:pk>/", plan.PlanPage.as_view(), name="plan"),
    path("<uuid:pk>/roll-up/", figures.RollUpPage.as_view(), name="roll_up"),
    path("<uuid:pk>/annexes/", figures.AnnexPage.as_view(), name="annexes"),
    path("<uuid:pk>/figures/", figures.Workbook.as_view(), name="workbook"),
    path("<uuid:pk>/document/<slug:format>/", figures.Document.as_view(), name="document"),
    path("<uuid:pk>/targets/new/", targets.NewTarget.as_view(), name="new_target"),
    path("<uuid:pk>/targets/<str:code>/", targets.EditTarget.as_view(), name="target"),
    path("<uuid:pk>/targets/<str:code>/drop/", targets.DropTarget.as_view(), name="drop_target"),
    path("<uuid:pk>/targets/<str:code>/actual/", targets.StateActual.as_view(), name="actual"),
    path("<uuid:pk>/stated/<uuid:stated>/retire/", targets.RetireActual.as_view(), name="retire"),
    path("<uuid:pk>/tasks/<uuid:task>/leave/", plan.LeaveTask.as_view(), name="leave_task"),
    path("<uuid:pk>/<slug:step>/", plan.StepPage.as_view(), name="step"),
]
