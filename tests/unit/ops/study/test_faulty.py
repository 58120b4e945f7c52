import msgspec
import pytest

from coach_core.contracts import PlanSegment, PlanSummary
from controllers.parkit_coach.drivers import Controls, Sight, View
from controllers.parkit_coach.drivers.expert import ExpertDriver
from ops.study.causes import main
from ops.study.faulty import FAULTS, Fault, FaultyDriver
from ops.study.simulator import learner_car
from tests.unit.cloud.messages import LOT
from tests.unit.coach_core.scoring.sessions import decision, frame

STRAIGHT, CURVE = PlanSegment(1, 0.0, 3.0), PlanSegment(-1, -0.6, 5.0)
BACK = PlanSegment(-1, 0.0, 3.0)


def drive(fault: Fault | None, segments: list[PlanSegment], speeds: list[float], steer: float = 0.0) -> list[Controls]:
    """What the driver does with a plan, frame by frame, while the car moves like this [m/s]."""
    driver = ExpertDriver() if fault is None else FaultyDriver(fault)
    driver.start(Sight(learner_car(), LOT, ("A1",), 4))
    done = []
    driven = 0.0
    gear = "D" if segments[0].gear > 0 else "R"
    for i, speed in enumerate(speeds):
        driven += abs(speed) * 0.02
        sensed = frame(i, sim_time_s=0.02 * i, speed_mps=speed, gear=gear, steering_angle_rad=steer)
        plan = PlanSummary(1, "A1", "follow", 1, 8.0, 0, segments)
        told = msgspec.structs.replace(decision(i, plan=plan), stop_in_m=max(0.0, segments[0].length_m - driven))
        done.append(driver.act(View(0.02 * i, sensed, told, None)))
    return done


WHERE: dict[Fault, tuple[list[PlanSegment], list[float], float]] = {
    "start_pose": ([STRAIGHT, CURVE], [0.6] * 300, 0.0),
    "turned_late": ([CURVE, BACK], [0.0] * 5 + [-0.5] * 50, -0.6),
    "turned_early": ([STRAIGHT, CURVE], [0.6] * 240, 0.0),
    "not_straightened": ([CURVE, BACK], [-0.6] * 60, -0.6),
    "wrong_way": ([CURVE, BACK], [-0.5] * 50, -0.6),
    "wrong_gear": ([CURVE, BACK], [0.0] * 10, -0.6),
    "too_fast": ([STRAIGHT, CURVE], [0.6] * 50, 0.0),
    "braked_late": ([BACK], [-0.6] * 300, 0.0),
    "rolling_shift": ([STRAIGHT, CURVE], [0.6] * 235 + [0.25] * 20, 0.0),
    "hesitated": ([STRAIGHT, CURVE], [0.0] * 50, 0.0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_habit_departs_from_what_an_expert_does(fault: Fault) -> None:
    segments, speeds, steer = WHERE[fault]
    if fault == "not_straightened":  # bites in the stroke after the curve
        driver = FaultyDriver(fault)
        driver.start(Sight(learner_car(), LOT, ("A1",), 4))
        for number, segment in enumerate(segments):
            plan = PlanSummary(number, "A1", "follow", 0, 8.0, 0, [segment])
            for i in range(60):
                sensed = frame(
                    i, sim_time_s=0.02 * (i + 60 * number), speed_mps=-0.5, gear="R", steering_angle_rad=-0.5
                )
                last = driver.act(View(sensed.sim_time_s, sensed, decision(i, plan=plan), None))
        assert abs(last.steer) > 0.3
        return
    assert drive(fault, segments, speeds, steer) != drive(None, segments, speeds, steer)


@pytest.mark.parametrize("fault", FAULTS)
def test_nobody_drives_into_a_car_because_of_a_habit_of_the_hands(fault: Fault) -> None:
    """At a stop signal the habit rests, but for those that are about not stopping."""
    driver = FaultyDriver(fault)
    driver.start(Sight(learner_car(), LOT, ("A1",), 4))
    plan = PlanSummary(1, "A1", "follow", 1, 8.0, 0, [CURVE, BACK])
    sensed = frame(1, speed_mps=-0.5, gear="R")
    controls = driver.act(View(0.1, sensed, decision(1, "critical", plan=plan), None))
    if fault not in ("too_fast", "braked_late"):
        assert controls.brake == 1.0


def test_no_episodes_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--episodes", "0"])
    assert "--episodes must be at least 1" in capsys.readouterr().err
