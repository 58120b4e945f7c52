"""From hands and feet to the car: interlock, rates, creep, stops, units and signs."""

from __future__ import annotations

import math

import pytest

from controllers.parkit_coach.drivers import Controls
from controllers.parkit_coach.powertrain import CREEP_SPEED, INTERLOCK, TOP_SPEED, CarState, Powertrain

DT = 0.01


class WebotsDriver:
    """What Webots is told: km/h, steering positive to the right."""

    kmh = 0.0
    angle = 0.0

    def setSteeringAngle(self, angle: float) -> None:
        self.angle = angle

    def setCruisingSpeed(self, speed: float) -> None:
        self.kmh = speed


class Rig:
    def __init__(self) -> None:
        self.webots = WebotsDriver()
        self.powertrain = Powertrain(self.webots, 0.6, DT)

    def hold(self, controls: Controls, seconds: float) -> CarState:
        for _ in range(round(seconds / DT)):
            state = self.powertrain.apply(controls)
        return state

    @property
    def speed(self) -> float:
        return self.webots.kmh / 3.6


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_car_begins_in_park_and_stays_there(rig: Rig) -> None:
    assert rig.powertrain.gear == "P"
    assert rig.hold(Controls(throttle=1.0, gear="P"), 2.0).gear == "P"
    assert rig.webots.kmh == 0.0


@pytest.mark.parametrize(("gear", "sign"), [("D", 1.0), ("R", -1.0)])
def test_webots_hears_kilometres_per_hour_negative_in_reverse(rig: Rig, gear: str, sign: float) -> None:
    rig.hold(Controls(throttle=0.4, gear=gear), 1.0)  # type: ignore[arg-type]
    assert math.copysign(1.0, rig.webots.kmh) == sign
    assert abs(rig.speed) == pytest.approx(0.4 * 2.5 + 0.5, abs=0.3)


def test_released_brake_lets_the_automatic_creep_but_not_run_away(rig: Rig) -> None:
    rig.hold(Controls(), 10.0)
    assert rig.speed == pytest.approx(CREEP_SPEED, abs=0.02)


@pytest.mark.parametrize("controls", [Controls(brake=0.1), Controls(gear="N"), Controls(parking_brake=True)])
def test_car_does_not_creep_against_brake_or_in_neutral(rig: Rig, controls: Controls) -> None:
    rig.hold(controls, 3.0)
    assert rig.webots.kmh == 0.0


def test_full_throttle_ends_at_the_top_speed(rig: Rig) -> None:
    rig.hold(Controls(throttle=1.0), 10.0)
    assert rig.speed == pytest.approx(TOP_SPEED)


@pytest.mark.parametrize("controls", [Controls(brake=1.0), Controls(parking_brake=True)])
def test_braking_ends_standing_not_rolling_back(rig: Rig, controls: Controls) -> None:
    rig.hold(Controls(throttle=1.0), 2.0)
    rig.hold(controls, 2.0)
    assert rig.webots.kmh == 0.0


def test_gear_engages_only_near_standstill(rig: Rig) -> None:
    rig.hold(Controls(throttle=0.5), 1.0)
    assert rig.hold(Controls(gear="R", throttle=0.5), 0.1).gear == "D"
    assert rig.speed > INTERLOCK
    state = rig.hold(Controls(gear="R", brake=1.0), 1.0)
    assert state.gear == rig.powertrain.gear == "R"


def test_wheel_turns_at_the_hands_rate_up_to_the_lock_and_right_is_positive_to_webots(rig: Rig) -> None:
    rig.hold(Controls(steer=5.0, steer_rate=0.4, brake=1.0), 1.0)
    assert rig.powertrain.steer == pytest.approx(0.4)
    assert rig.webots.angle == pytest.approx(-0.4)
    rig.hold(Controls(steer=5.0, steer_rate=0.4, brake=1.0), 2.0)
    assert rig.powertrain.steer == pytest.approx(0.6)
    rig.hold(Controls(steer=-5.0, steer_rate=0.4, brake=1.0), 10.0)
    assert rig.webots.angle == pytest.approx(0.6)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_no_number_that_is_none_reaches_the_wheels(rig: Rig, bad: float) -> None:
    rig.hold(Controls(steer=0.2, brake=1.0), 2.0)
    rig.hold(Controls(steer=bad, brake=1.0), 1.0)
    assert rig.webots.angle == pytest.approx(-0.2)


def test_state_tells_what_was_done_not_what_was_wished(rig: Rig) -> None:
    rig.hold(Controls(throttle=1.0), 1.0)
    state = rig.powertrain.apply(Controls(steer=0.5, steer_rate=0.3, gear="P", brake=0.2, parking_brake=True))
    assert state[0] == pytest.approx(0.003)
    assert state[1:] == ("D", 0.0, 0.2, True)
