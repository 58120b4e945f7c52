"""Quirk by quirk: what Webots R2025a does that one would not expect, done here too. docs/standin.md lists them all.

Numbers measured on the real vehicle library carry its digits.
"""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest

from tests.integration.worlds.conftest import Project, car, supervisor

pytestmark = pytest.mark.integration

BMW_URL = "https://raw.githubusercontent.com/cyberbotics/webots/R2025a/projects/vehicles/protos/bmw/BmwX5.proto"


def bmw(controller: str) -> str:
    """A stock car without our PROTO round it; declare it in the probe's world."""
    return f'BmwX5 {{ translation 0 0 0.4 controller "{controller}" }}\n'


# --- section 1: the Python packages -------------------------------------------------------------------


def test_only_one_robot_can_be_made_and_a_second_only_complains(project: Project) -> None:
    probe = project(
        'Robot { name "r" controller "c" }',
        c="from controller import Robot\nr = Robot()\nRobot()\nreport(r.step(10))",
    )
    outcome = probe.run()
    assert probe.report() == 0
    assert "Only one instance of the Robot class" in outcome.controllers[0].stderr_tail


def test_steps_take_whole_milliseconds_give_zero_and_default_to_the_basic_step(project: Project) -> None:
    probe = project(
        'Robot { name "r" controller "c" }',
        c="""
        from controller import Robot
        r = Robot()
        seen = [r.step(), r.getTime(), r.step(30), r.getTime(), r.step(0), r.getTime()]
        try:
            r.step(10.0)
        except TypeError:
            seen.append("refused")
        seen.append(r.step(-5))
        report(seen)
        """,
    )
    outcome = probe.run()
    assert probe.report() == [0, 0.01, 0, 0.04, 0, 0.04, "refused", 0]
    assert "negative time step" in outcome.controllers[0].stderr_tail


def test_a_reading_of_a_sensor_that_was_switched_off_is_the_last_one_with_a_complaint(project: Project) -> None:
    probe = project(
        car("c", "translation 3 0 0.28"),
        c="""
        from vehicle import Driver
        d = Driver()
        gps = d.getDevice("gps"); gps.enable(10)
        d.step(); d.step()
        last = gps.getValues()
        gps.disable()
        d.step()
        report(gps.getValues() == last)
        """,
    )
    outcome = probe.run()
    assert probe.report() is True
    assert outcome.controllers[0].stderr_tail.count("disabled device: gps") == 1


def test_text_that_is_not_ascii_is_cut_short_on_its_way_to_the_window(project: Project) -> None:
    heard: list[str] = []
    source = 'from controller import Robot\nr = Robot()\nr.wwiSendText("가나다")\nr.wwiSendText("ok")\nr.step(10)'
    project('Robot { name "r" controller "c" }', c=source).run(
        on_event=lambda _t, _robot, kind, data: heard.append(data) if kind == "window" else None
    )
    assert heard == ["가", "ok"]  # three characters, so three bytes: one syllable


def test_antifog_lights_are_switched_by_the_property_only(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        d.setAntifogLights(True); by_method = d.getAntifogLights()
        d.antifog_lights = True
        report([by_method, d.getAntifogLights()])
        """,
    )
    probe.run()
    assert probe.report() == [False, True]


def test_a_number_field_wants_a_float_and_a_flag_a_bool(project: Project) -> None:
    probe = project(
        supervisor("c") + "DEF LAMP DirectionalLight { intensity 2 }",
        c="""
        from controller import Supervisor
        s = Supervisor()
        field = s.getFromDef("LAMP").getField("intensity")
        field.setSFFloat(3)
        with_int = field.getSFFloat()
        field.setSFFloat(3.0)
        flag = s.getFromDef("LAMP").getField("on")
        flag.setSFBool(0)
        report([with_int, field.getSFFloat(), flag.getSFBool()])
        """,
    )
    outcome = probe.run()
    assert probe.report() == [2.0, 3.0, 1]
    assert outcome.controllers[0].stderr_tail.count("wrong type or length") == 2


# --- section 2: the vehicle library -------------------------------------------------------------------


@pytest.mark.parametrize("angle", [0.1, 0.3, 0.55])
def test_circles_have_the_radius_of_wheelbase_over_tan_of_the_command(project: Project, angle: float) -> None:
    probe = project(
        car("c"),
        c=f"""
        from vehicle import Driver
        d = Driver()
        gps = d.getDevice("gps"); gps.enable(10)
        d.setSteeringAngle({angle}); d.setCruisingSpeed(7.2)
        for _ in range(200): d.step()
        seen = []
        for _ in range(4000):
            d.step(); seen.append(gps.getValues()[:2])
        report(seen)
        """,
    )
    probe.run(max_sim_s=60.0)
    points = probe.report()
    # least squares of x² + y² = 2 a x + 2 b y + c, on a fix with 2 cm of noise
    xy = np.array(points)
    (a, b, c), *_ = np.linalg.lstsq(np.column_stack([2.0 * xy, np.ones(len(xy))]), (xy**2).sum(axis=1), rcond=None)
    assert math.sqrt(c + a * a + b * b) == pytest.approx(2.8 / math.tan(angle), rel=0.01)
    assert b < 0.0  # a positive command turns right


def test_a_bmw_measures_the_angles_and_wheel_speeds_of_the_real_library(project: Project) -> None:
    probe = project(
        bmw("c"),
        c="""
        from vehicle import Car
        c = Car()
        c.setSteeringAngle(0.5); c.setCruisingSpeed(10.0)
        for _ in range(600): c.step()
        report([c.getSteeringAngle(), c.getRightSteeringAngle(), c.getLeftSteeringAngle(), c.getCurrentSpeed(),
                [c.getWheelSpeed(i) for i in range(2)], c.getGearNumber()])
        """,
    )
    probe.world.write_text(
        probe.world.read_text(encoding="utf-8").replace("WorldInfo", f'EXTERNPROTO "{BMW_URL}"\nWorldInfo', 1),
        encoding="utf-8",
    )
    outcome = probe.run(max_sim_s=10.0)
    assert outcome.controllers[0].exit_code == 0, outcome.controllers[0].stderr_tail
    steer, right, left, speed, wheels, gears = probe.report()
    assert steer == pytest.approx(0.5072, abs=5e-5)
    assert right == pytest.approx(0.570419, abs=1e-6)
    assert left == pytest.approx(0.443999, abs=1e-6)
    assert speed == pytest.approx(10.0, rel=1e-6)
    # front right and front left as L / sin(wheel angle) apart: 6.581 and 8.273 where only the front drives
    assert wheels[0] / wheels[1] == pytest.approx(6.581 / 8.273, rel=1e-4)
    assert gears == 6


def test_the_car_goes_on_although_its_custom_data_was_overwritten(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        before = len(d.getCustomData().split())
        d.setCustomData("mine")
        d.setCruisingSpeed(7.2)
        for _ in range(200): d.step()
        report([before >= 20, d.getCustomData(), d.getCurrentSpeed()])
        """,
    )
    probe.run()
    parsed, kept, speed = probe.report()
    assert (parsed, kept) == (True, "mine")
    assert speed == pytest.approx(7.2)


def test_a_command_waits_for_the_step_and_the_brake_stays_until_it_is_released(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        d.setGear(1); d.setThrottle(0.3); d.setBrakeIntensity(1.0)
        for _ in range(100): d.step()
        held = d.getCurrentSpeed()
        d.setBrakeIntensity(0.0)
        for _ in range(100): d.step()
        report([held, d.getCurrentSpeed()])
        """,
    )
    probe.run()
    held, released = probe.report()
    assert held == 0.0  # full brake holds what 0.3 of the throttle pushes
    assert released > 1.0


def test_lights_follow_brake_gear_and_target(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Car
        c = Car()
        seen = []
        def lamps(): c.step(); seen.append([c.getBrakeLights(), c.getBackwardsLights()])
        c.setCruisingSpeed(2.0); lamps()
        c.setCruisingSpeed(-2.0); lamps()
        c.setBrakeIntensity(0.1); lamps()
        c.setThrottle(0.0); c.setGear(1); c.setBrakeIntensity(0.0); lamps()
        c.setGear(-1); lamps()
        report(seen)
        """,
    )
    probe.run()
    assert probe.report() == [[False, False], [False, True], [True, True], [False, False], [False, True]]


def test_rpm_and_gear_are_nought_with_a_warning_in_speed_mode(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        d.setCruisingSpeed(5.0)
        for _ in range(10): d.step()
        report([d.getRpm(), d.getGear()])
        """,
    )
    outcome = probe.run()
    assert probe.report() == [0, 0]
    assert outcome.controllers[0].stderr_tail.count("called in SPEED mode") == 2


# --- section 3 and 4: mounting and distance sensors ---------------------------------------------------

EYE = """
from controller import Robot
r = Robot()
eye = r.getDevice("eye"); eye.enable(10)
seen = []
for _ in range({steps}):
    r.step(10); seen.append(eye.getValue())
report(seen)
"""
WALL = 'LotWall { translation 2.1 0 0.6 rotation 0 0 1 1.570796 name "ahead" size 20 0.2 1.2 }\n'


def eye(fields: str) -> str:
    sensor = f'DistanceSensor {{ name "eye" {fields} }}'
    return f'Robot {{ name "r" controller "c" translation 0 0 0.5 children [ {sensor} ] }}\n'


def test_no_echo_carries_the_noise_of_the_last_row_unless_that_is_nought(project: Project) -> None:
    probe = project(eye('type "sonar" lookupTable [ 0 0 0, 5 5 0.1 ]'), c=EYE.format(steps=300))
    probe.run()
    assert statistics.stdev(probe.report()) == pytest.approx(0.5, rel=0.2)


def test_noise_is_a_share_of_what_is_measured(project: Project) -> None:
    probe = project(eye('type "sonar" lookupTable [ 0 0 0.02, 5 5 0.02 ]') + WALL, c=EYE.format(steps=300))
    probe.run()
    seen = probe.report()
    assert statistics.mean(seen) == pytest.approx(2.0, abs=0.02)
    assert statistics.stdev(seen) == pytest.approx(0.04, rel=0.2)


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ('type "sonar" lookupTable [ ]', 0.0),
        ('type "sonar" resolution 0.3 lookupTable [ 0 0 0, 5 5 0 ]', 2.1),
        ('type "sonar" lookupTable [ 0 100 0, 1 50 0, 4 20 0 ]', 40.0),
        ('type "sonar" lookupTable [ 0 0 0, 1.5 1.5 0 ]', 1.5),
        # two rays of which one misses: a generic sensor blurs, where a sonar takes the nearer
        ('type "generic" numberOfRays 2 aperture 2.6 lookupTable [ 0 0 0, 5 5 0 ]', 5.0),
    ],
)
def test_lookup_tables_read_as_webots_reads_them(project: Project, fields: str, value: float) -> None:
    probe = project(eye(fields) + WALL, c=EYE.format(steps=2))
    probe.run()
    assert probe.report()[-1] == pytest.approx(value)


def test_paint_is_invisible_and_a_sensor_never_sees_its_own_robot(project: Project) -> None:
    nodes = """
    Robot { name "r" controller "c" translation 0 0 0.5 boundingObject Box { size 1 1 1 }
      children [ DistanceSensor { name "eye" type "sonar" lookupTable [ 0 0 0, 5 5 0 ] } ] }
    Pose { translation 1 0 0.5 children [ Shape { geometry Box { size 0.1 4 4 } } ] }
    """
    probe = project(nodes + WALL, c=EYE.format(steps=2))
    probe.run()
    assert probe.report()[-1] == pytest.approx(2.0)


def test_sensors_in_the_rear_slot_look_backwards(project: Project) -> None:
    behind = 'LotWall { translation -3 0 0.6 rotation 0 0 1 1.570796 name "behind" size 20 0.2 1.2 }\n'
    probe = project(
        car("c") + behind,
        c="""
        from vehicle import Driver
        d = Driver()
        eyes = {n: d.getDevice(n) for n in ("us_rear_centre_left", "us_front_centre_left")}
        for e in eyes.values(): e.enable(10)
        for _ in range(3): d.step()
        report({n: e.getValue() for n, e in eyes.items()})
        """,
    )
    probe.run()
    seen = probe.report()
    assert seen["us_rear_centre_left"] == pytest.approx(2.2, abs=0.15)
    assert seen["us_front_centre_left"] == 4.0


# --- section 5: position and attitude -----------------------------------------------------------------


def test_the_first_speed_of_a_gps_is_not_a_number(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        gps = d.getDevice("gps"); gps.enable(10)
        d.setCruisingSpeed(7.2)
        seen = []
        for _ in range(120):
            d.step(); seen.append(gps.getSpeed())
        report([math.isnan(seen[0]), math.isnan(seen[1]), seen[-1]])
        """,
    )
    probe.run()
    first, second, last = probe.report()
    assert (first, second) == (True, False)
    assert last == pytest.approx(2.0, abs=0.1)


def test_pitch_is_positive_with_the_nose_down(project: Project) -> None:
    probe = project(
        'Robot { name "r" controller "c" rotation 0 1 0 0.3 children [ InertialUnit { name "imu" } ] }',
        c="""
        from controller import Robot
        r = Robot()
        imu = r.getDevice("imu"); imu.enable(10)
        r.step(10)
        report([imu.getRollPitchYaw(), imu.getQuaternion()])
        """,
    )
    probe.run()
    angles, quaternion = probe.report()
    assert angles == pytest.approx([0.0, 0.3, 0.0])
    assert quaternion == pytest.approx([0.0, math.sin(0.15), 0.0, math.cos(0.15)])


# --- section 7: display -------------------------------------------------------------------------------

SCREEN = 'Robot { name "r" controller "c" children [ Display { name "screen" width 8 height 4 } ] }'


def test_what_a_display_refuses_is_said_and_leaves_it_as_it_was(project: Project) -> None:
    probe = project(
        SCREEN,
        c="""
        from controller import Robot
        r = Robot()
        d = r.getDevice("screen")
        d.setAlpha(1.5); d.setOpacity(-0.1); d.setColor(0x1000000); d.setFont("Arial", 0, True)
        d.drawText("", 0, 0)
        small = d.imageNew(bytes(3), d.RGB, 2, 2)
        odd = d.imageNew(bytes(16), 9, 2, 2)
        refused = []
        for call in (lambda: d.imageNew(bytearray(12), d.RGB, 2, 2), lambda: d.drawLine(0.0, 0, 1, 1)):
            try: call()
            except TypeError: refused.append(True)
        report([small, odd, refused, d.alpha, d.opacity])
        r.step(10)
        """,
    )
    outcome = probe.run()
    assert probe.report() == [0, 0, [True, True], 1.0, 1.0]
    assert outcome.controllers[0].stderr_tail.count("Error: screen:") == 7


# --- section 8: supervisor ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ('0, "a", 0.0, 1.0, 0.05, 0xFFFFFF', True),
        ('65534, "a", 0.5, 0.5, 1.0, 0xFFFFFF', True),
        ('65535, "a", 0.5, 0.5, 0.1, 0xFFFFFF', False),
        ('-1, "a", 0.5, 0.5, 0.1, 0xFFFFFF', False),
        ('0, "a", 1.01, 0.5, 0.1, 0xFFFFFF', False),
        ('0, "a", 0.5, -0.01, 0.1, 0xFFFFFF', False),
        ('0, "a", 0.5, 0.5, 1.5, 0xFFFFFF', False),
    ],
)
def test_labels_keep_to_their_limits(project: Project, arguments: str, shown: bool) -> None:
    labels: list[object] = []
    source = f"from controller import Supervisor\ns = Supervisor()\ns.setLabel({arguments})\ns.step(10)"
    outcome = project(supervisor("c"), c=source).run(
        on_event=lambda _t, _robot, kind, data: labels.append(data) if kind == "label" else None
    )
    assert bool(labels) is shown
    assert ("setLabel()" in outcome.controllers[0].stderr_tail) is not shown


def test_a_reset_restores_poses_and_neither_other_fields_nor_removed_nodes(project: Project) -> None:
    probe = project(
        'DEF WALL LotWall { translation 8 0 0.6 name "w" } DEF GONE LotWall { translation 4 0 0.6 name "g" }\n'
        + supervisor("c"),
        c="""
        from controller import Supervisor
        s = Supervisor()
        wall = s.getFromDef("WALL")
        wall.getField("translation").setSFVec3f([1.0, 1.0, 1.0])
        wall.getField("size").setSFVec3f([2.0, 2.0, 2.0])
        s.getFromDef("GONE").remove()
        s.step(100)
        s.simulationReset()
        s.step(10)
        report([s.getTime(), wall.getPosition(), wall.getField("size").getSFVec3f(), s.getFromDef("GONE") is None])
        """,
    )
    probe.run()
    assert probe.report() == [0.01, [8.0, 0.0, 0.6], [2.0, 2.0, 2.0], True]


def test_step_zero_sends_changes_and_lets_no_time_pass(project: Project) -> None:
    probe = project(
        'DEF WALL LotWall { translation 8 0 0.6 name "w" }\n' + supervisor("c"),
        c="""
        from controller import Supervisor
        s = Supervisor()
        s.step(10)
        wall = s.getFromDef("WALL")
        wall.getField("translation").setSFVec3f([1.0, 1.0, 1.0])
        report([s.step(0), s.getTime(), wall.getPosition()])
        """,
    )
    probe.run()
    assert probe.report() == [0, 0.01, [1.0, 1.0, 1.0]]


def test_robots_exchange_text_by_custom_data(project: Project) -> None:
    probe = project(
        'DEF R Robot { name "r" controller "talk" customData "hello" }\n' + supervisor("c"),
        talk="""
        from controller import Robot
        r = Robot()
        r.setCustomData(r.getCustomData() + " there")
        while r.step(10) != -1: pass
        """,
        c="""
        from controller import Supervisor
        s = Supervisor()
        s.step(20)
        report(s.getFromDef("R").getField("customData").getSFString())
        s.simulationQuit(0)
        """,
    )
    probe.run()
    assert probe.report() == "hello there"
