"""Finds out what a gamepad's or wheel's axes and buttons mean, by asking for one movement after another.

    calibrator = Calibrator()
    calibrator.feed(now, axes, buttons)   # raw values, every step
    calibrator.step                       # what is asked for now: a key of `PROMPTS`
    calibrator.result("my wheel")         # the calibration, once `step` is "done"

It reads no device and no clock. A value counts once it has been held still, so it does not matter how fast one moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from coach_core.errors import UsageError
from controllers.parkit_coach.inputs.calibration import Action, Calibration, PedalAxis, SteerAxis

Step = Literal[
    "rest", "left", "right", "throttle", "throttle_off", "brake", "brake_off",
    "D", "R", "N", "P", "parking_brake", "done",
]  # fmt: skip
STEPS: tuple[Step, ...] = get_args(Step)
BUTTONS: tuple[Action, ...] = ("D", "R", "N", "P", "parking_brake")

PROMPTS: dict[Literal["ko", "en"], dict[Step, str]] = {
    "ko": {
        "rest": "핸들과 페달에서 손발을 떼고 기다리세요.",
        "left": "핸들을 왼쪽 끝까지 돌리고 잡고 계세요.",
        "right": "이제 오른쪽 끝까지 돌리고 잡고 계세요.",
        "throttle": "가속 페달을 끝까지 밟고 계세요.",
        "throttle_off": "가속 페달에서 발을 떼세요.",
        "brake": "브레이크를 끝까지 밟고 계세요.",
        "brake_off": "브레이크에서 발을 떼세요.",
        "D": "전진(D)으로 쓸 버튼을 누르세요.",
        "R": "후진(R)으로 쓸 버튼을 누르세요.",
        "N": "중립(N)으로 쓸 버튼을 누르세요. 없으면 D 버튼.",
        "P": "주차(P)로 쓸 버튼을 누르세요. 없으면 D 버튼.",
        "parking_brake": "주차 브레이크로 쓸 버튼을 누르세요. 없으면 D 버튼.",
        "done": "설정을 저장했어요.",
    },
    "en": {
        "rest": "Hands and feet off, and wait.",
        "left": "Turn fully left and hold it there.",
        "right": "Now fully right, and hold it.",
        "throttle": "Press the throttle down and hold it.",
        "throttle_off": "Let the throttle go.",
        "brake": "Press the brake down and hold it.",
        "brake_off": "Let the brake go.",
        "D": "Press the button for D.",
        "R": "Press the button for R.",
        "N": "Press the button for N; D's button if none.",
        "P": "Press the button for P; D's button if none.",
        "parking_brake": "Press the button for the parking brake; D's button if none.",
        "done": "Saved.",
    },
}

STILL_S = 0.6
"""Held for so long [s], a value counts."""
WOBBLE = 1500.0
"""A hand that holds still moves an axis by less than this."""
MOVED = 8000.0
"""A movement that is meant is larger: an eighth of what most devices give."""
DEADZONE = 0.05


class _Press(NamedTuple):
    axis: int
    value: float


class Calibrator:
    """One calibration, step by step."""

    def __init__(self) -> None:
        self._at = 0
        self._rest: tuple[float, ...] = ()
        self._found: dict[Step, _Press] = {}
        self._buttons: dict[Action, int] = {}
        self._still_since = 0.0
        self._still: tuple[float, ...] = ()
        self._before: frozenset[int] = frozenset()

    @property
    def step(self) -> Step:
        """What is asked for now."""
        return STEPS[self._at]

    def feed(self, now: float, axes: Sequence[float], buttons: Sequence[int]) -> None:
        """Take the device's raw values at `now` [s]."""
        values, down = tuple(axes), frozenset(buttons)
        pressed, self._before = down - self._before, down
        if len(values) != len(self._still) or any(
            abs(a - b) > WOBBLE for a, b in zip(values, self._still, strict=True)
        ):
            self._still, self._still_since = values, now
        held = now - self._still_since >= STILL_S
        if self.step in BUTTONS:
            self._take_button(pressed)
        elif held and values and self._takes(values):
            self._at += 1
            self._still_since = now  # the next step is to be held for itself

    def result(self, name: str) -> Calibration:
        """What was found. Call it when the step is "done"."""
        assert self.step == "done"
        left, right = self._found["left"], self._found["right"]
        middle = self._rest[left.axis]
        half_way = abs(middle - 0.5 * (left.value + right.value)) < 0.02 * abs(right.value - left.value)
        return Calibration(
            version=1,
            name=name,
            steer=SteerAxis(left.axis, left.value, right.value, None if half_way else middle, DEADZONE),
            throttle=self._pedal("throttle", "throttle_off"),
            brake=self._pedal("brake", "brake_off"),
            buttons=self._buttons,
        )

    def _pedal(self, on: Step, off: Step) -> PedalAxis:
        return PedalAxis(self._found[on].axis, self._found[off].value, self._found[on].value, DEADZONE)

    def _takes(self, values: tuple[float, ...]) -> bool:
        """Whether these values are what the step asks for; remembers them if so."""
        step = self.step
        if step == "rest":
            self._rest = values
            return True
        if step == "left":
            return self._takes_press(step, values, self._rest, range(len(values)))
        steer = self._found["left"]
        if step == "right":
            other_way = (values[steer.axis] - self._rest[steer.axis]) * (steer.value - self._rest[steer.axis]) < 0.0
            return other_way and self._takes_press(step, values, self._rest, (steer.axis,))
        if step in ("throttle", "brake"):
            return self._takes_press(step, values, self._rest, [i for i in range(len(values)) if i != steer.axis])
        pressed = self._found["throttle" if step == "throttle_off" else "brake"]
        let_go = abs(values[pressed.axis] - pressed.value) > MOVED
        if let_go:
            self._found[step] = _Press(pressed.axis, values[pressed.axis])
            # only now is it sure what the axis says at rest: some report 0 until they are first moved
            rest = list(self._rest)
            rest[pressed.axis] = values[pressed.axis]
            self._rest = tuple(rest)
        return let_go

    def _takes_press(
        self, step: Step, values: tuple[float, ...], rest: tuple[float, ...], axes: Sequence[int] | range
    ) -> bool:
        if not axes:
            raise UsageError("this device has only one axis: it cannot steer, drive and brake")
        axis = max(axes, key=lambda i: abs(values[i] - rest[i]))
        if abs(values[axis] - rest[axis]) < MOVED:
            return False
        self._found[step] = _Press(axis, values[axis])
        return True

    def _take_button(self, pressed: frozenset[int]) -> None:
        action = BUTTONS[STEPS.index(self.step) - STEPS.index("D")]
        if not pressed:
            return
        button = min(pressed)
        optional = action not in ("D", "R")
        if optional and button == self._buttons["D"]:
            self._at += 1
        elif button not in self._buttons.values():
            self._buttons[action] = button
            self._at += 1
