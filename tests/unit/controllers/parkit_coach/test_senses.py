"""From Webots' devices to frames: units, signs, and what happens when a device says nothing."""

from __future__ import annotations

import math

import pytest

from coach_core.contracts import SECTORS, SensorFrame
from coach_core.errors import UsageError
from controllers.parkit_coach.senses import SONAR_PERIOD_MS, Senses
from tests.toy.frames import PROFILE


class Device:
    """A sensor that gives what it was told to."""

    def __init__(self) -> None:
        self.period = 0
        self.value = 4.0
        self.vector = [1.0, 2.0, 0.3]

    def enable(self, period: int) -> None:
        self.period = period

    def getValue(self) -> float:
        return self.value

    def getValues(self) -> list[float]:
        return self.vector

    def getRollPitchYaw(self) -> list[float]:
        return [0.0, 0.0, self.vector[2]]


class Robot:
    def __init__(self) -> None:
        names = ["gps", "imu", *(f"us_{sector}" for sector in SECTORS)]
        self.devices = {name: Device() for name in names}
        self.time = 0.0
        self.kmh = 0.0

    def getDevice(self, name: str) -> Device | None:
        return self.devices.get(name)

    def getTime(self) -> float:
        return self.time

    def getCurrentSpeed(self) -> float:
        return self.kmh


@pytest.fixture
def robot() -> Robot:
    return Robot()


def sense(senses: Senses, steer: float = 0.25) -> SensorFrame:
    return senses.frame(
        vehicle_id="car-1", session_id="s-1", seq=0, steer=steer, gear="D", throttle=0.1, brake=0.0, parking_brake=False
    )  # fmt: skip


def test_speed_comes_in_kilometres_per_hour_and_leaves_in_metres_per_second(robot: Robot) -> None:
    robot.kmh = -7.2
    assert sense(Senses(robot, PROFILE), steer=0.0).speed_mps == pytest.approx(-2.0)


@pytest.mark.parametrize("steer", [-0.6, 0.3])
def test_speed_is_that_of_the_rear_axle_though_the_front_wheels_run_a_wider_circle(robot: Robot, steer: float) -> None:
    radius = PROFILE.wheelbase_m / math.tan(abs(steer))
    robot.kmh = 3.6 * math.hypot(radius, PROFILE.wheelbase_m) / radius
    assert sense(Senses(robot, PROFILE), steer=steer).speed_mps == pytest.approx(1.0)


def test_pose_is_gps_and_compass_and_steering_is_our_own_command(robot: Robot) -> None:
    seen = sense(Senses(robot, PROFILE))
    assert (seen.pose.x_m, seen.pose.y_m) == (1.0, 2.0)
    robot.devices["imu"].vector = [0.0, 0.0, -0.4]
    seen = sense(Senses(robot, PROFILE))
    assert (seen.pose.yaw_rad, seen.steering_angle_rad) == (-0.4, 0.25)


def test_sonar_at_the_end_of_its_range_hears_no_echo(robot: Robot) -> None:
    robot.devices["us_rear_left"].value = 1.25
    robot.devices["us_front_left"].value = -0.001
    readings = {reading.sensor_id: reading.distance for reading in sense(Senses(robot, PROFILE)).readings}
    assert readings["us_rear_left"] == 1.25
    assert readings["us_front_left"] == 0.0
    assert readings["us_rear_right"] is None
    assert len(readings) == 12


def test_sonar_without_a_number_says_nothing_at_all(robot: Robot) -> None:
    robot.devices["us_rear_left"].value = math.nan
    readings = sense(Senses(robot, PROFILE)).readings
    assert len(readings) == 11
    assert "us_rear_left" not in {reading.sensor_id for reading in readings}


@pytest.mark.parametrize("start_ms", [50, 52, 55, 60])
def test_every_sonar_sample_is_taken_whatever_the_rhythm_of_the_frames(robot: Robot, start_ms: int) -> None:
    senses = Senses(robot, PROFILE)
    taken = []
    for tick in range(50):
        now_ms = start_ms + 20 * tick
        robot.time = now_ms / 1000.0
        robot.devices["us_rear_left"].value = 0.001 * (now_ms // SONAR_PERIOD_MS)
        heard = next(reading for reading in sense(senses).readings if reading.sensor_id == "us_rear_left")
        assert heard.distance == pytest.approx(0.001 * (now_ms // SONAR_PERIOD_MS))
        taken.append(heard.timestamp)
    assert len(set(taken)) <= len(taken)


def test_reading_keeps_its_stamp_until_the_next_sample(robot: Robot) -> None:
    senses = Senses(robot, PROFILE)
    robot.time = 0.060
    first = sense(senses).readings[0].timestamp
    robot.time = 0.080
    assert sense(senses).readings[0].timestamp == first
    robot.time = 0.100
    assert sense(senses).readings[0].timestamp > first


@pytest.mark.parametrize(("device", "vector"), [("gps", [math.nan, 2.0, 0.0]), ("imu", [0.0, 0.0, math.nan])])
def test_lost_fix_is_a_fault_with_the_last_good_pose(robot: Robot, device: str, vector: list[float]) -> None:
    senses = Senses(robot, PROFILE)
    good = sense(senses)
    robot.devices[device].vector = vector
    lost = sense(senses)
    assert (good.faults, lost.faults) == ([], ["pose"])
    assert lost.pose == good.pose


def test_speed_that_is_no_number_is_a_fault(robot: Robot) -> None:
    robot.kmh = math.nan
    seen = sense(Senses(robot, PROFILE))
    assert (seen.speed_mps, seen.faults) == (0.0, ["speed"])


def test_senses_are_ready_when_every_sensor_has_delivered(robot: Robot) -> None:
    senses = Senses(robot, PROFILE)
    assert {device.period for device in robot.devices.values()} == {20, 50}
    robot.time = 0.040
    assert not senses.ready()
    robot.time = 0.050
    assert senses.ready()
    robot.kmh = math.nan
    assert not senses.ready()
    robot.kmh = 0.0
    robot.devices["gps"].vector = [math.nan] * 3
    assert not senses.ready()


def test_car_without_a_sensor_is_refused_by_the_sensors_name(robot: Robot) -> None:
    del robot.devices["imu"]
    with pytest.raises(UsageError, match="'imu'"):
        Senses(robot, PROFILE)
