"""What is odd about Webots' vehicle library must be just as odd here: who copes with it here copes there."""

from __future__ import annotations

import math

import pytest

from tests.integration.worlds.conftest import Project, car

pytestmark = pytest.mark.integration


def test_current_speed_is_zero_then_twice_not_a_number_then_one_step_late(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        d.setCruisingSpeed(36.0)
        speeds = [d.getCurrentSpeed()]
        for _ in range(5):
            d.step()
            speeds.append(d.getCurrentSpeed())
        report([None if math.isnan(s) else s for s in speeds])
        """,
    )
    probe.run()
    speeds = probe.report()
    assert speeds[:3] == [0.0, None, None]
    # 2.5961 m/s² from rest: step 2 was driven at 2 * 0.025961 m/s, and is what is told after step 3
    assert speeds[3:] == pytest.approx([3.6 * 0.025961 * n for n in (2, 3, 4)], rel=1e-6)


def test_the_steering_angle_that_is_read_is_the_mean_of_the_wheels_and_not_the_command(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Car
        c = Car()
        before = c.getSteeringAngle()
        c.setSteeringAngle(0.5)
        for _ in range(20):
            c.step()
        report([math.isnan(before), c.getSteeringAngle(), c.getRightSteeringAngle(), c.getLeftSteeringAngle()])
        """,
    )
    probe.run()
    was_nan, angle, right, left = probe.report()
    half = 0.5 * 1.628 / 2.8
    assert was_nan
    assert right == pytest.approx(math.atan(1.0 / (1.0 / math.tan(0.5) - half)))
    assert left == pytest.approx(math.atan(1.0 / (1.0 / math.tan(0.5) + half)))
    assert angle == pytest.approx(0.5 * (left + right))
    assert angle > 0.5


def test_steering_is_positive_to_the_right_while_yaw_is_positive_to_the_left(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        imu = d.getDevice("imu"); imu.enable(10)
        gyro = d.getDevice("gyro"); gyro.enable(10)
        d.setSteeringAngle(0.3)
        d.setCruisingSpeed(5.0)
        for _ in range(300):
            d.step()
        report([imu.getRollPitchYaw()[2], gyro.getValues()[2]])
        """,
    )
    probe.run()
    yaw, rate = probe.report()
    assert yaw < -0.1
    assert rate < 0.0


def test_set_indicator_raises_as_the_real_one_does(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        try:
            d.setIndicator(Driver.INDICATOR_LEFT)
        except AttributeError:
            report("raised")
        """,
    )
    probe.run()
    assert probe.report() == "raised"


def test_modes_and_gears_follow_the_library(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        seen = [d.getControlMode()]
        d.setCruisingSpeed(1.0); seen.append(d.getControlMode())
        d.setThrottle(0.1); seen.append(d.getControlMode())
        d.setGear(-4); seen.append(d.getGear())
        d.setGear(9); seen.append(d.getGear())
        seen.append(d.getGearNumber())
        d.setCruisingSpeed(1.0); seen.append(d.getGear())
        report(seen)
        """,
    )
    outcome = probe.run()
    # two ratios, the reverse one counted: 2 is accepted although 1 is the highest gear; none is told in SPEED mode
    assert probe.report() == [-1, 0, 1, -1, 2, 2, 0]
    assert "getGear() called in SPEED mode" in outcome.controllers[0].stderr_tail


def test_throttle_moves_nothing_without_a_gear_and_the_brake_stops_the_car(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        def drive(steps):
            for _ in range(steps):
                d.step()
            return d.getCurrentSpeed()
        d.setThrottle(0.3)
        neutral = drive(100)
        d.setGear(1)
        forward = drive(100)
        d.setThrottle(0.0); d.setBrakeIntensity(1.0)
        stopped = drive(200)
        d.setBrakeIntensity(0.0); d.setGear(-1); d.setThrottle(0.2)
        report([neutral, forward, stopped, drive(100)])
        """,
    )
    probe.run(max_sim_s=20.0)
    neutral, forward, stopped, backward = probe.report()
    assert neutral == 0.0
    assert forward > 2.0
    assert stopped == pytest.approx(0.0, abs=1e-9)
    assert backward < -1.0


def test_the_brake_does_not_stop_a_car_in_speed_mode_but_a_target_of_zero_does(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        d.setCruisingSpeed(5.0)
        for _ in range(150): d.step()
        d.setBrakeIntensity(1.0)
        for _ in range(100): d.step()
        braked = d.getCurrentSpeed()
        d.setCruisingSpeed(0.0)
        for _ in range(100): d.step()
        report([braked, d.getCurrentSpeed()])
        """,
    )
    probe.run()
    braked, stopped = probe.report()
    assert braked == pytest.approx(5.0)
    assert stopped == pytest.approx(0.0, abs=1e-9)


def test_values_outside_zero_to_one_are_limited_with_a_warning(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        d.setThrottle(1.7); d.setBrakeIntensity(-2)
        report([d.getThrottle(), d.getBrakeIntensity()])
        """,
    )
    outcome = probe.run()
    assert probe.report() == [1.0, 0.0]
    assert "setThrottle()" in outcome.controllers[0].stderr_tail


def test_supervisor_calls_of_an_ordinary_car_are_ignored_with_an_error(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        found = d.getSelf()
        d.simulationQuit(3)
        d.step()
        report(found is None)
        """,
    )
    outcome = probe.run(max_sim_s=0.5)
    assert probe.report() is True
    assert outcome.status is None
    assert "ignoring illegal call to getSelf()" in outcome.controllers[0].stderr_tail


def test_driver_step_takes_no_argument(project: Project) -> None:
    outcome = project(car("c"), c="from vehicle import Driver\nDriver().step(10)").run()
    assert outcome.verdict == "controller_failed"
    assert "TypeError" in outcome.controllers[0].stderr_tail


def test_a_driver_on_a_robot_that_is_no_car_ends_with_status_255(project: Project) -> None:
    robot = 'Robot { name "box" controller "c" }'
    outcome = project(robot, c="from vehicle import Driver\nDriver()").run()
    assert outcome.controllers[0].exit_code == 255
    assert "customData" in outcome.controllers[0].stderr_tail


def test_wheel_encoders_count_the_way_of_each_wheel(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Car
        c = Car()
        c.setCruisingSpeed(3.6)
        for _ in range(400):
            c.step()
        report([c.getWheelEncoder(i) * c.getRearWheelRadius() for i in range(4)])
        """,
    )
    probe.run()
    # ramp of 2.5961 m/s² up to 1 m/s, then 1 m/s
    assert probe.report() == pytest.approx([4.0 - 0.5 / 2.5961] * 4, abs=0.01)
