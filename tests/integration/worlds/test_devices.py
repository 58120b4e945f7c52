"""Sensors, radio, keyboard and the rest, as a controller meets them."""

from __future__ import annotations

import math
import statistics

import pytest
from PIL import Image

from tests.integration.worlds.conftest import Project, car, supervisor

pytestmark = pytest.mark.integration

WALL_AHEAD = 'LotWall { translation 7.56 0 0.6 rotation 0 0 1 1.570796 name "ahead" size 20 0.2 1.2 }\n'


def test_sensors_are_not_a_number_until_their_first_period_is_over(project: Project) -> None:
    probe = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        sonar = d.getDevice("us_front_left"); sonar.enable(30)
        gps = d.getDevice("gps"); gps.enable(20)
        seen = []
        for _ in range(4):
            d.step()
            seen.append([math.isnan(sonar.getValue()), math.isnan(gps.getValues()[0])])
        report(seen)
        """,
    )
    probe.run()
    assert probe.report() == [[True, True], [True, False], [False, False], [False, False]]


def test_a_sensor_that_is_not_enabled_complains_at_every_reading(project: Project) -> None:
    outcome = project(
        car("c"),
        c="""
        from vehicle import Driver
        d = Driver()
        d.step()
        d.getDevice("gps").getValues(); d.getDevice("gps").getValues()
        """,
    ).run()
    assert outcome.controllers[0].stderr_tail.count("disabled device: gps") == 2


def test_an_unknown_device_is_none_with_a_line_on_standard_error(project: Project) -> None:
    probe = project(car("c"), c="from vehicle import Driver\nreport(Driver().getDevice('lidar9') is None)")
    outcome = probe.run()
    assert probe.report() is True
    assert '"lidar9" device not found' in outcome.controllers[0].stderr_tail


READ_SONARS = """
from vehicle import Driver
d = Driver()
names = [d.getDeviceByIndex(i).getName() for i in range(d.getNumberOfDevices())]
sonars = {n: d.getDevice(n) for n in names if n.startswith("us_")}
for s in sonars.values(): s.enable(10)
seen = {n: [] for n in sonars}
for _ in range(200):
    d.step()
    for n, s in sonars.items(): seen[n].append(s.getValue())
report(seen)
"""


def test_a_wall_ahead_is_seen_in_front_at_its_distance_and_nowhere_else(project: Project) -> None:
    probe = project(car("c") + WALL_AHEAD, c=READ_SONARS)
    probe.run()
    seen = probe.report()
    # sensors at x = 3.56 look 8 degrees aside at a face at x = 7.46: 3.9 m straight, the cone reaches the normal
    for name in ("us_front_centre_left", "us_front_centre_right"):
        assert statistics.mean(seen[name]) == pytest.approx(3.9 / math.cos(math.radians(8.0)), abs=0.04)
    for name in ("us_rear_left", "us_rear_centre_left", "us_left_rear", "us_right_front"):
        assert set(seen[name]) == {4.0}


def test_corner_sensors_see_a_wall_ahead(project: Project) -> None:
    # at 45 degrees the middle ray of the cone is lost by the 22.5 degree rule; its rim still meets the wall
    wall = 'LotWall { translation 5.6 0 0.6 rotation 0 0 1 1.570796 name "ahead" size 20 0.2 1.2 }\n'
    probe = project(car("c") + wall, c=READ_SONARS)
    probe.run()
    assert statistics.mean(probe.report()["us_front_left"]) < 3.5


def test_corner_sensors_see_a_wall_beside_the_car(project: Project) -> None:
    probe = project(car("c") + 'LotWall { translation 0 2.3 0.6 name "beside" size 20 0.2 1.2 }\n', c=READ_SONARS)
    probe.run()
    assert statistics.mean(probe.report()["us_front_left"]) < 3.5
    assert statistics.mean(probe.report()["us_rear_left"]) < 3.5


def test_a_wall_met_at_a_slant_gives_no_echo_and_hides_what_is_behind(project: Project) -> None:
    slanted = 'LotWall { translation 6 0 0.6 rotation 0 0 1 0.5 name "slant" size 0.1 20 1.2 }\n'
    beam = """
    DEF EYE Robot { name "eye" controller "c" translation 0 0 0.5
      children [ DistanceSensor { name "beam" type "sonar" lookupTable [ 0 0 0, 10 10 0 ] } ] }
    """
    source = """
    from controller import Robot
    r = Robot()
    s = r.getDevice("beam"); s.enable(10)
    r.step(10)
    report(s.getValue())
    """
    probe = project(beam + slanted + 'LotWall { translation 8 0 0.6 name "behind" size 0.1 20 1.2 }\n', c=source)
    probe.run()
    assert probe.report() == 10.0


def test_a_laser_has_no_such_limit(project: Project) -> None:
    beam = """
    DEF EYE Robot { name "eye" controller "c" translation 0 0 0.5
      children [ DistanceSensor { name "beam" type "laser" lookupTable [ 0 0 0, 10 10 0 ] } ] }
    LotWall { translation 6 0 0.6 rotation 0 0 1 0.5 name "slant" size 0.1 20 1.2 }
    """
    probe = project(
        beam,
        c="""
        from controller import Robot
        r = Robot()
        s = r.getDevice("beam"); s.enable(10)
        r.step(10)
        report([s.getValue(), s.getType(), s.getMaxValue(), s.getLookupTable()])
        """,
    )
    probe.run()
    value, kind, most, table = probe.report()
    assert value == pytest.approx(6.0 - 0.05 / math.cos(0.5))
    assert (kind, most, table) == (3, 10.0, [0.0, 0.0, 0.0, 10.0, 10.0, 0.0])


def test_gps_reads_the_rear_axle_with_its_accuracy_and_the_imu_counts_yaw_counter_clockwise(project: Project) -> None:
    probe = project(
        car("c", "translation 3 -4 0.28 rotation 0 0 1 2.5"),
        c="""
        from vehicle import Driver
        d = Driver()
        gps = d.getDevice("gps"); gps.enable(10)
        imu = d.getDevice("imu"); imu.enable(10)
        xs, yaws = [], []
        for _ in range(400):
            d.step()
            xs.append(gps.getValues()); yaws.append(imu.getRollPitchYaw()[2])
        report([xs, yaws])
        """,
    )
    probe.run()
    positions, yaws = probe.report()
    assert statistics.mean(p[0] for p in positions) == pytest.approx(3.0, abs=0.005)
    assert statistics.mean(p[1] for p in positions) == pytest.approx(-4.0, abs=0.005)
    assert statistics.stdev(p[0] for p in positions) == pytest.approx(0.02, rel=0.15)
    assert statistics.mean(yaws) == pytest.approx(2.5, abs=0.002)


def test_a_radio_packet_arrives_on_its_channel_after_the_step_and_waits_in_order(project: Project) -> None:
    receiver = 'children [ Receiver { name "ear" channel 4 } Emitter { name "mouth" channel 4 } ]'
    probe = project(
        f'Robot {{ name "talker" controller "talk" children [ Emitter {{ name "mouth" channel 4 }} ] }}'
        f'Robot {{ name "listener" controller "listen" {receiver} }}',
        talk="""
        from controller import Robot
        r = Robot()
        e = r.getDevice("mouth")
        r.step(10)
        e.send("one"); e.send(b"tw\\x00o"); e.setChannel(5); e.send("not for you")
        e.setChannel(e.CHANNEL_BROADCAST); e.send("all")
        e.setChannel(4); e.send("한글")
        while r.step(10) != -1: pass
        """,
        listen="""
        from controller import Robot
        r = Robot()
        ear = r.getDevice("ear"); ear.enable(10)
        r.getDevice("mouth").send("to myself")
        r.step(10)
        before = ear.getQueueLength()
        r.step(10)
        got = []
        while ear.getQueueLength() > 0:
            got.append(ear.getBytes().decode("latin-1")); ear.nextPacket()
        report([before, got])
        """,
    )
    probe.run(max_sim_s=0.2)
    # a str is cut to as many bytes as it has characters: two of six here
    assert probe.report() == [0, ["one", "tw\x00o", "all", "한글".encode()[:2].decode("latin-1")]]


def test_displays_are_drawn_to_png_files(project: Project) -> None:
    probe = project(
        'Robot { name "r" controller "c" children [ Display { name "screen" width 32 height 16 } ] }',
        c="""
        from controller import Robot
        r = Robot()
        screen = r.getDevice("screen")
        screen.setColor(0x3366FF)
        screen.fillRectangle(0, 0, 32, 16)
        image = screen.imageNew(bytes([255, 0, 0] * 4), screen.RGB, 2, 2)
        screen.imagePaste(image, 4, 4, False)
        while r.step(10) != -1: pass
        """,
    )
    probe.run(max_sim_s=0.5, display_dir=probe.folder / "shots")
    last = sorted((probe.folder / "shots").glob("r-screen-*.png"))[-1]
    with Image.open(last) as picture:
        assert picture.size == (32, 16)
        assert picture.getpixel((0, 0)) == (0x33, 0x66, 0xFF, 255)
        assert picture.getpixel((5, 5)) == (255, 0, 0, 255)


def test_what_would_be_seen_and_heard_is_told_to_the_runner(project: Project) -> None:
    heard: list[tuple[str, str]] = []
    probe = project(
        supervisor("c", 'children [ Speaker { name "speaker" } ]'),
        c="""
        from controller import Supervisor, Speaker
        s = Supervisor()
        import wave
        with wave.open("beep.wav", "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(bytes(1600))
        voice = s.getDevice("speaker")
        voice.speak("stop", 1.0)
        Speaker.playSound(voice, voice, "beep.wav", 1.0, 1.0, 0.0, False)
        s.setLabel(0, "hello", 0.1, 0.1, 0.05, 0xFFFFFF)
        s.setLabel(1, "off the screen", 1.5, 0.1, 0.05, 0xFFFFFF)
        s.wwiSendText("text")
        s.step(10)
        """,
    )
    probe.run(on_event=lambda _time, robot, kind, _data: heard.append((robot, kind)))
    assert heard == [("boss", kind) for kind in ("speech", "sound", "label", "window")]


def test_what_the_stand_in_lacks_is_named_when_it_is_used(project: Project) -> None:
    outcome = project(
        supervisor("c"),
        c="from controller import Supervisor\nSupervisor().movieStartRecording('a', 1, 1, 0, 1, 1, False)",
    ).run()
    assert outcome.verdict == "controller_failed"
    assert "does not offer Supervisor.movieStartRecording" in outcome.controllers[0].stderr_tail
