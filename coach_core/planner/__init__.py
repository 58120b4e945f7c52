"""From a pose to a slot: collision-free manoeuvres a novice can drive."""

from coach_core.planner.front import improve, plan
from coach_core.planner.result import PlanOptions, PlanResult, PlanSegment, PlanStatus

__all__ = ["PlanOptions", "PlanResult", "PlanSegment", "PlanStatus", "improve", "plan"]
