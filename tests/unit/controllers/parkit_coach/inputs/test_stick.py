"""Reading a gamepad or wheel: unplugged, with too few axes, with pedals that were never seen released."""

from __future__ import annotations

from controllers.parkit_coach.inputs.calibration import Calibration, PedalAxis, SteerAxis
from controllers.parkit_coach.inputs.stick import MOST_BUTTONS, Stick, StickReader

CALIBRATION = Calibration(
    1, "pad", SteerAxis(0, -100, 100), PedalAxis(1, 100, -100), PedalAxis(2, 100, -100), {"D": 0, "R": 1, "P": 7}
)


class Joystick:
    """Webots' Joystick: buttons are told one at a time, then -1."""

    def __init__(self) -> None:
        self.connected = True
        self.axes = [0.0, 100.0, 100.0]
        self.down: list[int] = []

    def isConnected(self) -> bool:
        return self.connected

    def getNumberOfAxes(self) -> int:
        return len(self.axes)

    def getAxisValue(self, axis: int) -> float:
        return self.axes[axis]

    def getPressedButton(self) -> int:
        return self.down.pop(0) if self.down else -1


def test_axes_and_buttons_become_hands_and_feet() -> None:
    joystick = Joystick()
    reader = StickReader(joystick, CALIBRATION)
    assert reader.read() == Stick(0.0, 0.0, 0.0, frozenset())
    joystick.axes, joystick.down = [-100.0, -100.0, 0.0], [1, 7, 9]
    stick = reader.read()
    assert stick is not None
    assert (stick.steer, stick.throttle, stick.pressed) == (1.0, 1.0, {"R", "P"})
    assert 0.4 < stick.brake < 0.5


def test_throttle_counts_only_once_it_was_seen_released() -> None:
    joystick = Joystick()
    joystick.axes = [0.0, 0.0, 0.0]  # what some systems report before an axis has moved
    reader = StickReader(joystick, CALIBRATION)
    first = reader.read()
    assert first is not None
    assert first.throttle == 0.0
    assert first.brake > 0.0
    joystick.axes[1] = 100.0
    reader.read()
    joystick.axes[1] = 0.0
    stick = reader.read()
    assert stick is not None
    assert stick.throttle > 0.4


def test_unplugged_device_is_none_and_its_throttle_must_be_released_anew() -> None:
    joystick = Joystick()
    reader = StickReader(joystick, CALIBRATION)
    assert reader.read() is not None
    joystick.connected = False
    assert reader.read() is None
    assert reader.problem == ""
    joystick.connected, joystick.axes[1] = True, -100.0
    stick = reader.read()
    assert stick is not None
    assert stick.throttle == 0.0


def test_device_with_too_few_axes_is_named_with_its_calibration() -> None:
    joystick = Joystick()
    joystick.axes = [0.0, 100.0]
    reader = StickReader(joystick, CALIBRATION)
    assert reader.read() is None
    assert reader.problem == "it has 2 axes, but the calibration 'pad' names axis 2"


def test_device_that_never_stops_telling_buttons_does_not_hold_the_car() -> None:
    class Stuck(Joystick):
        asked = 0

        def getPressedButton(self) -> int:
            self.asked += 1
            return 1

    stuck = Stuck()
    stick = StickReader(stuck, CALIBRATION).read()
    assert stick is not None
    assert stick.pressed == {"R"}
    assert stuck.asked == MOST_BUTTONS
