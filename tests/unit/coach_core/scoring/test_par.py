import pytest

from coach_core.contracts import PlanSegment, PlanSummary
from coach_core.scoring import par_of
from tests.unit.coach_core.scoring.sessions import decision

PLAN = PlanSummary(1, "A4", "found", 1, 8.0, 0, [PlanSegment(1, 0.0, 3.0), PlanSegment(-1, 0.5, 5.0)])
LATER = PlanSummary(2, "A4", "found", 4, 20.0, 0, [PlanSegment(1, 0.0, 20.0)])


def test_par_is_the_first_plan_s_cusps_and_a_calm_drive_along_it() -> None:
    decisions = [decision(0), decision(1), decision(2, plan=PLAN), decision(3, plan=LATER)]
    par = par_of(decisions)
    assert par is not None
    assert par.cusps == 1
    # 0.2 s until the plan, 8 m at 0.5 m/s, two strokes of 8 s, 6 s to secure the car
    assert par.time_s == pytest.approx(0.2 + 16.0 + 16.0 + 6.0)


def test_without_a_plan_there_is_no_par() -> None:
    no_way = PlanSummary(1, "A4", "no_path", 0, 0.0, 0, [])
    assert par_of([decision(0), decision(1, plan=no_way)]) is None
    assert par_of([]) is None
