"""People at the controls: keys, a stick that may be unplugged, a station elsewhere that may fall silent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coach_core.contracts import DriveCommand, Fault
from coach_core.errors import UsageError
from controllers.parkit_coach.drivers import Controls, Driver, Sight, View, check_driver, file_of, full_name
from controllers.parkit_coach.drivers.joystick import JoystickDriver
from controllers.parkit_coach.drivers.keyboard import FULL, RESTING, KeyboardDriver
from controllers.parkit_coach.drivers.remote import SILENCE_S, RemoteDriver
from controllers.parkit_coach.inputs import Inputs, Stick
from controllers.parkit_coach.inputs.keys import DOWN, LEFT, RIGHT, SHIFT, UP
from controllers.parkit_coach.powertrain import Powertrain
from tests.toy.frames import LOT, PROFILE, PROJECT, frame
from tests.toy.lot import ToyCar, new_coach

DECISION = new_coach().step(frame(), 0.0)
LOCK = PROFILE.max_steering_angle_rad
TICK = 0.02


class Cab:
    """A driver in a car on level ground: what the powertrain does comes back as the next frame."""

    def __init__(self) -> None:
        self.keys: tuple[int, ...] = ()
        self.stick: Stick | None = None
        self.commands: list[DriveCommand] = []
        self.faults: list[Fault] = []
        self.wall = 100.0
        self.now = 0.0
        self.inputs = Inputs(lambda: self.keys, lambda: self.stick, self._take, self.faults.append)
        self._car = ToyCar()
        self._powertrain = Powertrain(self._car, LOCK, TICK)
        self.state = self._powertrain.apply(Controls(brake=1.0))
        self.driver: Driver = KeyboardDriver(self.inputs.keys)

    def _take(self) -> list[DriveCommand]:
        taken, self.commands = self.commands, []
        return taken

    def sit(self, driver: Driver) -> Cab:
        driver.start(Sight(PROFILE, LOT, (), 4))
        self.driver = driver
        return self

    @property
    def speed(self) -> float:
        return self._car.speed

    def tick(self, *keys: int, wall: float = TICK) -> Controls:
        self.keys = keys
        self.now += TICK
        self.wall += wall
        sensed = frame(
            round(self.now / TICK), speed_mps=self.speed, steering_angle_rad=self.state.steer, gear=self.state.gear,
            brake=self.state.brake, parking_brake=self.state.parking_brake,
        )  # fmt: skip
        controls = self.driver.act(View(self.now, sensed, DECISION, None))
        self.state = self._powertrain.apply(controls)
        return controls

    def hold(self, *keys: int, seconds: float) -> Controls:
        for _ in range(round(seconds / TICK)):
            controls = self.tick(*keys)
        return controls


# --- keyboard -----------------------------------------------------------------------------------------


@pytest.fixture
def at_keys() -> Cab:
    cab = Cab()
    return cab.sit(KeyboardDriver(cab.inputs.keys))


def test_up_holds_walking_pace_and_shift_twice_that(at_keys: Cab) -> None:
    at_keys.hold(UP, seconds=6.0)
    assert at_keys.speed == pytest.approx(1.1, abs=0.1)
    at_keys.hold(UP, SHIFT, seconds=6.0)
    assert at_keys.speed == pytest.approx(2.2, abs=0.15)
    at_keys.hold(UP, seconds=4.0)
    assert at_keys.speed == pytest.approx(1.1, abs=0.1)


def test_letting_go_stops_softly_and_space_at_once(at_keys: Cab) -> None:
    at_keys.hold(UP, seconds=4.0)
    assert at_keys.tick().brake < RESTING
    at_keys.hold(seconds=1.2)
    assert at_keys.speed == 0.0
    at_keys.hold(UP, seconds=4.0)
    assert at_keys.tick(ord(" ")).brake == FULL
    at_keys.hold(ord(" "), seconds=0.3)
    assert at_keys.speed == 0.0


def test_brake_wins_over_the_throttle(at_keys: Cab) -> None:
    at_keys.hold(UP, seconds=2.0)
    for keys in ((UP, ord(" ")), (ord(" "), UP)):
        controls = at_keys.tick(*keys)
        assert (controls.throttle, controls.brake) == (0.0, FULL)
    controls = at_keys.hold(UP, DOWN, seconds=0.5)
    assert controls.throttle == 0.0
    assert RESTING < controls.brake < FULL


def test_arrows_steer_left_positive_and_letting_go_leaves_the_wheel_where_it_is(at_keys: Cab) -> None:
    at_keys.hold(LEFT, seconds=1.0)
    turned = at_keys.state.steer
    assert turned > 0.2
    at_keys.hold(seconds=0.5)
    assert at_keys.state.steer == turned
    at_keys.hold(RIGHT, seconds=4.0)
    assert at_keys.state.steer == pytest.approx(-LOCK)
    at_keys.hold(ord("S"), seconds=3.0)
    assert at_keys.state.steer == pytest.approx(0.0, abs=1e-9)


def test_of_two_sides_the_later_one_counts(at_keys: Cab) -> None:
    assert at_keys.tick(RIGHT, LEFT).steer == -LOCK
    assert at_keys.tick(LEFT, RIGHT).steer == LOCK


def test_tap_turns_the_wheel_a_little_and_holding_it_much(at_keys: Cab) -> None:
    at_keys.hold(LEFT, seconds=0.1)
    assert 0.005 < at_keys.state.steer < 0.02
    at_keys.hold(seconds=0.1)
    before = at_keys.state.steer
    at_keys.hold(LEFT, seconds=1.0)
    assert at_keys.state.steer - before > 0.28


def test_letters_select_the_gear_which_stays_until_the_next(at_keys: Cab) -> None:
    for letter in "RNPD":
        assert at_keys.tick(ord(letter)).gear == letter
        assert at_keys.tick().gear == letter


def test_held_letter_does_not_undo_the_next(at_keys: Cab) -> None:
    at_keys.tick(ord("R"))
    assert at_keys.tick(ord("D"), ord("R")).gear == "D"
    assert at_keys.tick(ord("D"), ord("R")).gear == "D"


def test_parking_brake_toggles_once_for_each_press(at_keys: Cab) -> None:
    assert at_keys.tick(ord("B")).parking_brake
    assert at_keys.tick(ord("B")).parking_brake
    assert at_keys.tick().parking_brake
    assert not at_keys.tick(ord("B")).parking_brake


# --- stick --------------------------------------------------------------------------------------------


def stick(steer: float = 0.0, throttle: float = 0.0, brake: float = 0.0, *pressed: Any) -> Stick:
    return Stick(steer, throttle, brake, frozenset(pressed))


@pytest.fixture
def at_stick() -> Cab:
    cab = Cab()
    cab.stick = stick()
    return cab.sit(JoystickDriver(cab.inputs))


def test_stick_is_the_wheel_and_its_pedals_are_the_cars(at_stick: Cab) -> None:
    at_stick.stick = stick(0.5, 0.3)
    controls = at_stick.tick()
    assert (controls.steer, controls.throttle, controls.brake) == (0.5 * LOCK, 0.3, 0.0)
    at_stick.stick = stick(0.0, 0.3, 0.2)
    assert at_stick.tick()[2:4] == (0.0, 0.2)


def test_released_pedals_let_the_automatic_creep(at_stick: Cab) -> None:
    at_stick.hold(seconds=4.0)
    assert at_stick.speed == pytest.approx(1.1, abs=0.05)


def test_buttons_select_gears_and_toggle_the_parking_brake_once(at_stick: Cab) -> None:
    at_stick.stick = stick(0.0, 0.0, 1.0, "R", "parking_brake")
    assert at_stick.hold(seconds=0.2)[4:] == ("R", True)
    at_stick.stick = stick(0.0, 0.0, 1.0)
    assert at_stick.tick()[4:] == ("R", True)
    at_stick.stick = stick(0.0, 0.0, 1.0, "parking_brake")
    assert at_stick.tick()[4:] == ("R", False)


def test_unplugging_brakes_gently_says_so_once_and_hands_over_to_the_keyboard(at_stick: Cab) -> None:
    at_stick.stick = stick(0.3, 0.4)
    at_stick.hold(seconds=2.0)
    steer = at_stick.state.steer
    at_stick.stick = None
    first = at_stick.tick(UP)
    assert (first.throttle, first.steer) == (0.0, steer)
    assert 0.0 < first.brake < 0.5
    at_stick.hold(seconds=2.0)
    assert at_stick.speed == 0.0
    assert [(fault.component, fault.state) for fault in at_stick.faults] == [("input.joystick", "raised")]
    assert "keyboard" in at_stick.faults[0].detail
    at_stick.hold(UP, seconds=2.0)
    assert at_stick.speed > 0.5


def test_key_held_while_the_car_still_rolls_does_not_drive_it_off_again(at_stick: Cab) -> None:
    at_stick.stick = stick(0.0, 0.4)
    at_stick.hold(seconds=2.0)
    at_stick.stick = None
    before = at_stick.speed
    at_stick.hold(UP, seconds=0.5)
    assert at_stick.speed < before - 0.5


def test_plugged_in_again_it_drives_on_in_the_gear_the_car_is_in(at_stick: Cab) -> None:
    at_stick.stick = None
    at_stick.hold(seconds=1.5)
    at_stick.tick(ord("R"))
    at_stick.hold(seconds=0.2)
    at_stick.stick = stick(0.0, 0.0, 0.5, "D")
    assert at_stick.tick().gear == "R"
    assert [fault.state for fault in at_stick.faults] == ["raised", "cleared"]


def test_device_that_never_was_is_told_after_a_moment_only(at_stick: Cab) -> None:
    at_stick.stick = None
    at_stick.hold(seconds=0.5)
    assert at_stick.faults == []
    at_stick.hold(seconds=1.0)
    assert [fault.detail for fault in at_stick.faults] == ["never plugged in; the keyboard drives"]


@pytest.mark.parametrize("name", ["joystick", "joystick:", "script:"])
def test_driver_without_its_file_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="needs a file"):
        check_driver(name)


def test_calibration_is_checked_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps({"version": 1}))
    with pytest.raises(UsageError, match=r"s\.json"):
        check_driver(f"joystick:{tmp_path / 's.json'}")


def test_file_is_found_from_any_folder_the_controller_runs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "drive.txt").write_text("1.0 D 0 0 0\n")
    monkeypatch.chdir(tmp_path)
    assert full_name("script:drive.txt") == f"script:{tmp_path / 'drive.txt'}"
    assert file_of("script:setup.cfg") == PROJECT / "setup.cfg"
    assert file_of("script:nowhere.txt") == Path("nowhere.txt")
    assert full_name("novice") == "novice"


# --- remote -------------------------------------------------------------------------------------------


@pytest.fixture
def remote() -> Cab:
    cab = Cab()
    return cab.sit(RemoteDriver(cab.inputs, lambda: cab.wall))


def command(seq: int, station: str = "desk", **changes: Any) -> DriveCommand:
    values = {"steering_angle_rad": 0.1, "throttle": 0.2, "brake": 0.0, "gear": "D"} | changes
    return DriveCommand(1, "car-1", station, seq, **values)


def test_car_that_nobody_drives_stands(remote: Cab) -> None:
    remote.hold(seconds=2.0)
    assert remote.speed == 0.0
    assert remote.faults == []


def test_newest_command_is_done(remote: Cab) -> None:
    remote.commands = [command(1), command(2, gear="R", steering_angle_rad=-0.3)]
    controls = remote.tick()
    assert (controls.steer, controls.throttle, controls.gear) == (-0.3, 0.2, "R")


def test_command_that_comes_late_is_passed_over(remote: Cab) -> None:
    remote.commands = [command(5, throttle=0.0, brake=1.0)]
    remote.tick()
    remote.commands = [command(4, throttle=1.0)]
    assert remote.tick().throttle == 0.0


@pytest.mark.parametrize("wall", [TICK, 0.0, 10 * TICK])
def test_silence_stops_the_car_whether_the_simulation_is_fast_or_slow(remote: Cab, wall: float) -> None:
    remote.commands = [command(1)]
    remote.tick(wall=wall)
    rolled = 0
    for _ in range(round(2 * SILENCE_S / TICK)):
        controls = remote.tick(wall=wall)
        rolled += controls.throttle > 0.0
    assert (controls.throttle, controls.brake > 0.5) == (0.0, True)
    assert rolled * max(wall, TICK) <= SILENCE_S + TICK
    assert [(fault.component, fault.state) for fault in remote.faults] == [("input.remote", "raised")]


def test_station_heard_again_drives_on_even_if_it_counts_anew(remote: Cab) -> None:
    remote.commands = [command(100)]
    remote.tick()
    remote.hold(seconds=1.0)
    remote.commands = [command(0, throttle=0.3)]
    assert remote.tick().throttle == 0.3
    assert [fault.state for fault in remote.faults] == ["raised", "cleared"]


def test_second_station_is_not_listened_to_before_the_first_is_silent(remote: Cab) -> None:
    remote.commands = [command(1), command(9, station="other", throttle=1.0)]
    assert remote.tick().throttle == 0.2
    remote.hold(seconds=1.0)
    remote.commands = [command(10, station="other", throttle=0.5)]
    assert remote.tick().throttle == 0.5


def test_brake_wins_over_the_remote_throttle(remote: Cab) -> None:
    remote.commands = [command(1, throttle=1.0, brake=0.3)]
    assert remote.tick()[2:4] == (0.0, 0.3)
