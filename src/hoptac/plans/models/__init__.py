from hoptac.plans.models.plans import PlanAsked, PlanStep, PlanTask, YearPlan
from hoptac.plans.models.targets import PlanTarget, StatedActual

__all__ = ("PlanAsked", "PlanStep", "PlanTarget", "PlanTask", "StatedActual", "YearPlan")
