"""A calibration found by asking: the movements of simulated people at simulated devices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coach_core.errors import UsageError
from controllers.parkit_coach.inputs.calibration import pedal_value, steering_value
from controllers.parkit_coach.inputs.calibrator import PROMPTS, STEPS, Calibrator, Step

FULL = 32767
REST = {"steer": 0, "throttle": FULL, "brake": FULL}
BUTTONS: dict[Step, int] = {"D": 12, "R": 13, "N": 4, "P": 14, "parking_brake": 7}
ORDER = ("steer", "brake", "throttle")
"""Of the device's axes."""


def moved(step: Step) -> dict[str, int]:
    """The axes while somebody does what is asked for."""
    return REST | {
        "left": {"steer": -FULL}, "right": {"steer": FULL}, "throttle": {"throttle": -FULL}, "brake": {"brake": -FULL},
    }.get(step, {})  # fmt: skip


def follow(calibrator: Calibrator, states: dict[Step, tuple[list[int], list[int]]]) -> Iterator[Step]:
    """Do what each step asks for, at 50 Hz, hands lifted from buttons now and then; gives each new step."""
    before: Step | None = None
    for tick in range(2000):
        step = calibrator.step
        if step != before:
            before = step
            yield step
        if step == "done":
            return
        axes, buttons = states[step]
        calibrator.feed(0.02 * tick, axes, buttons if tick % 10 < 5 else [])


def states(buttons: dict[Step, int] = BUTTONS) -> dict[Step, tuple[list[int], list[int]]]:
    return {step: ([moved(step)[name] for name in ORDER], [buttons[step]] if step in buttons else []) for step in STEPS}


def test_a_wheel_whose_pedals_count_down_is_found_out() -> None:
    calibrator = Calibrator()
    assert list(follow(calibrator, states())) == list(STEPS)
    found = calibrator.result("G29")
    assert found.axes() == (0, 2, 1)
    assert [steering_value(found.steer, raw) for raw in (-FULL, 0, FULL)] == [1.0, 0.0, -1.0]
    for pedal in (found.throttle, found.brake):
        assert [pedal_value(pedal, raw) for raw in (FULL, -FULL)] == [0.0, 1.0]
    assert found.buttons == BUTTONS


def test_buttons_that_the_device_does_not_have_are_left_out() -> None:
    calibrator = Calibrator()
    assert list(follow(calibrator, states({"D": 0, "R": 1, "N": 0, "P": 0, "parking_brake": 0})))[-1] == "done"
    assert calibrator.result("pad").buttons == {"D": 0, "R": 1}


def test_a_button_is_not_taken_twice() -> None:
    calibrator = Calibrator()
    assert list(follow(calibrator, states({**BUTTONS, "R": BUTTONS["D"]})))[-1] == "R"


def test_two_pedals_on_one_axis_keep_to_their_own_halves() -> None:
    both: dict[Step, tuple[list[int], list[int]]] = {
        step: ([moved(step)["steer"], FULL if step == "throttle" else -FULL if step == "brake" else 0], buttons)
        for step, (_, buttons) in states().items()
    }
    calibrator = Calibrator()
    assert list(follow(calibrator, both))[-1] == "done"
    found = calibrator.result("old wheel")
    assert (found.throttle.axis, found.brake.axis) == (1, 1)
    assert (pedal_value(found.throttle, 0), pedal_value(found.brake, 0)) == (0.0, 0.0)
    assert (pedal_value(found.throttle, FULL), pedal_value(found.brake, FULL)) == (1.0, 0.0)
    assert (pedal_value(found.throttle, -FULL), pedal_value(found.brake, -FULL)) == (0.0, 1.0)


def test_a_trigger_that_says_zero_until_it_is_moved_has_its_true_rest() -> None:
    touched = False

    def feed(calibrator: Calibrator, tick: int) -> None:
        nonlocal touched
        step = calibrator.step
        touched = touched or step == "throttle"
        axes = [moved(step)["steer"], FULL if step == "throttle" else -FULL if touched else 0]
        axes.append(FULL if step == "brake" else -FULL if step in ("brake_off", "D", "R") else 0)
        calibrator.feed(0.02 * tick, axes, [BUTTONS[step]] if step in BUTTONS and tick % 2 else [])

    calibrator = Calibrator()
    for tick in range(2000):
        if calibrator.step == "done":
            break
        feed(calibrator, tick)
    found = calibrator.result("pad")
    assert (found.throttle.released, found.throttle.pressed) == (-FULL, FULL)
    assert (found.brake.released, found.brake.pressed) == (-FULL, FULL)


def test_a_movement_that_is_not_held_does_not_count() -> None:
    calibrator = Calibrator()
    for tick in range(200):  # a stick that is stirred
        calibrator.feed(0.02 * tick, [FULL if tick % 4 < 2 else -FULL, 0, 0], [])
    assert calibrator.step == "rest"


def test_turning_the_same_way_again_is_no_answer_to_the_other_side() -> None:
    wrong = states() | {"right": (states()["left"][0], [])}
    assert list(follow(Calibrator(), wrong))[-1] == "right"


def test_a_device_with_one_axis_says_so() -> None:
    calibrator = Calibrator()
    lone: dict[Step, tuple[list[int], list[int]]] = {step: ([moved(step)["steer"]], []) for step in STEPS}
    with pytest.raises(UsageError, match="only one axis"):
        list(follow(calibrator, lone))


def test_every_step_has_words_in_both_languages() -> None:
    for prompts in PROMPTS.values():
        assert list(prompts) == list(STEPS)
