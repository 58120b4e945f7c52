"""The closed loop of the study: what moves, what is sensed, who is judged."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.contracts import LotMap
from controllers.parkit_coach.drivers import Controls, Sight, View
from ops.study.episode import Body, Episode, Start, Waypoint
from ops.study.simulator import TRUTH, Run, Settings, Tick, learner_car, run

QUIET = LotMap("empty", [])
CAR = learner_car()
NOSE = CAR.wheelbase_m + CAR.front_overhang_m


class Steady:
    """Does one thing for ever."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls

    def start(self, sight: Sight) -> None:
        del sight

    def act(self, view: View) -> Controls:
        del view
        return self._controls


def drive(controls: Controls, *bodies: Body, seed: int = 1, limit: float = 4.0, start: Start | None = None) -> Run:
    episode = Episode("empty", seed, QUIET, bodies, start or Start(0.0, 0.0, 0.0), (), limit)
    return run(episode, Steady(controls), Settings(keep_messages=True))


def column(done: Run, name: str) -> np.ndarray:
    return done.truth[:, TRUTH.index(name)]


def test_car_at_full_lock_turns_about_the_point_its_wheelbase_says() -> None:
    start = Start(0.0, 0.0, 0.0, speed=1.0, steer=0.6)
    done = drive(Controls(steer=0.6, gear="D"), limit=8.0, start=start)
    radius = CAR.wheelbase_m / math.tan(0.6)
    away = np.hypot(column(done, "x"), column(done, "y") - radius)
    assert away == pytest.approx(radius, abs=0.01)


def test_speed_that_is_sensed_is_the_rear_axles_also_at_full_lock() -> None:
    start = Start(0.0, 0.0, 0.0, speed=1.0, steer=0.6)
    done = drive(Controls(steer=0.6, gear="D"), limit=2.0, start=start)
    sensed = np.array([frame.speed_mps for frame in done.frames])
    assert sensed[50:] == pytest.approx(column(done, "speed")[50:], rel=0.015)


def test_pedals_pass_the_dead_time_before_the_car_answers() -> None:
    done = drive(Controls(throttle=1.0, gear="D"), limit=1.0)
    speed, time = column(done, "speed"), column(done, "time")
    assert not speed[time <= 0.1].any()
    assert 0.1 < np.interp(0.5, time, speed) < 0.4 * 2.5, "slower than the pedal asks, by the lag"


def test_driving_into_a_wall_ends_the_run_where_the_bumper_meets_it() -> None:
    wall = Body("wall", 6.0, 0.0, 0.0, 0.3, 6.0)
    done = drive(Controls(throttle=0.5, gear="D"), wall, limit=10.0)
    assert done.result == "contact"
    assert done.touch is not None
    assert done.touch.kind == "wall"
    assert done.touch.speed > 0.5
    assert column(done, "x")[-1] + NOSE == pytest.approx(5.85, abs=0.05)


def test_a_wheel_that_meets_a_kerb_touches_it_though_the_body_may_overhang() -> None:
    kerb = Body("kerb", 6.0, 0.0, 0.0, 0.3, 6.0, 0.12)
    done = drive(Controls(throttle=0.5, gear="D"), kerb, limit=10.0)
    assert done.touch is not None
    assert (done.touch.kind, done.touch.part) == ("kerb", "front right wheel")
    assert column(done, "x")[-1] + NOSE > 5.9


def test_sonars_hear_what_stands_behind_as_far_as_it_is() -> None:
    wall = Body("wall", -2.0, 0.0, 0.0, 0.2, 8.0)
    done = drive(Controls(brake=1.0), wall, limit=0.2)
    behind = [r.distance for f in done.frames for r in f.readings if r.sensor_id == "us_rear_centre_left"]
    heard = [distance for distance in behind if distance is not None]
    assert heard
    assert np.median(heard) == pytest.approx(1.9 - 0.69, abs=0.05)


def test_a_cars_corner_is_heard_and_the_corner_of_a_box_is_not() -> None:
    turned = math.radians(45.0)
    ahead = NOSE + 1.5 + 0.5 * math.hypot(4.4, 1.8) * math.cos(turned - math.atan2(1.8, 4.4))
    for kind, heard in (("car", True), ("object", False)):
        done = drive(Controls(brake=1.0), Body(kind, ahead, 1.0, turned, 4.4, 1.8), limit=0.5)
        echoes = [
            reading.distance
            for frame in done.frames
            for reading in frame.readings
            if reading.sensor_id.startswith("us_front_centre")
        ]
        assert any(echo is not None for echo in echoes) == heard


def test_a_mover_that_runs_into_the_standing_car_is_a_contact() -> None:
    walker = Body("person", 2.0, 6.0, 0.0, 0.5, 0.5, 1.8, True, (Waypoint(0.0, 2.0, 6.0), Waypoint(4.0, 2.0, -2.0)))
    done = drive(Controls(brake=1.0), walker, limit=4.0)
    assert done.touch is not None
    assert done.touch.kind == "person"
    assert done.touch.time == pytest.approx((6.0 - 0.5 * CAR.width_m - 0.25) / 2.0, abs=0.05)


def test_equal_seeds_give_equal_runs_and_others_do_not() -> None:
    wall = Body("wall", 8.0, 0.0, 0.0, 0.3, 6.0)
    controls = Controls(throttle=0.2, gear="D")
    one, same, other = (drive(controls, wall, seed=seed, limit=1.0) for seed in (1, 1, 2))
    assert one.decisions == same.decisions
    assert one.frames != other.frames


def test_who_watches_may_end_the_run() -> None:
    seen: list[Tick] = []

    def watch(tick: Tick) -> bool:
        seen.append(tick)
        return tick.now >= 0.1

    episode = Episode("empty", 1, QUIET, (), Start(0.0, 0.0, 0.0), ())
    done = run(episode, Steady(Controls()), watch=watch)
    assert done.result == "stopped"
    assert [round(tick.now, 3) for tick in seen] == [0.0, 0.02, 0.04, 0.06, 0.08, 0.1]


def test_a_start_that_the_gear_cannot_give_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot begin at 2"):
        drive(Controls(), start=Start(0.0, 0.0, 0.0, speed=2.0, gear="P"))
