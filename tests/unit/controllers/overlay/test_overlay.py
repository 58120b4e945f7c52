from __future__ import annotations

from types import SimpleNamespace

import pytest

from coach_core.contracts import SECTORS
from coach_core.errors import UsageError
from controllers.data import cue_texts
from controllers.parkit_coach.overlay import Overlay, open_overlay
from controllers.settings import ControllerSettings
from tests.unit.controllers.overlay.scenes import LOT, PROFILE, FakeDisplay, cue, decision, frame


def overlay(display: FakeDisplay) -> Overlay:
    made = Overlay(display, PROFILE, LOT, cue_texts(), "ko", "김하늘")
    display.calls.clear()
    return made


def test_the_road_is_let_through_from_the_start() -> None:
    display = FakeDisplay()
    Overlay(display, PROFILE, LOT, cue_texts())
    before_images = display.calls[:4]
    assert ("setAlpha", 0.0) in before_images
    assert ("fillRectangle", 0, 0, 960, 540) in before_images


def test_nothing_is_drawn_while_nothing_changes() -> None:
    display = FakeDisplay()
    shown = overlay(display)
    shown.show(frame(1.0), decision(), True)
    assert display.calls
    display.calls.clear()
    for tick in range(1, 50):
        shown.show(frame(1.0 + 0.02 * tick), decision(), True)
    assert display.calls == []


def test_a_moving_car_is_drawn_twenty_times_a_second() -> None:
    display = FakeDisplay()
    shown = overlay(display)
    pictures = 0
    for tick in range(100):
        display.calls.clear()
        shown.show(frame(1.0 + 0.02 * tick, speed_mps=0.05 * tick), decision(), True)
        pictures += bool(display.calls)
    assert pictures == 40


def test_obstacles_sent_between_two_pictures_are_not_lost() -> None:
    display = FakeDisplay()
    shown = overlay(display)
    shown.show(frame(1.0), decision(), True)
    before = display.count()["imagePaste"]
    shown.show(frame(1.02), decision(obstacles=[(2.0, 5.0)]), True)
    display.calls.clear()
    shown.show(frame(1.06), decision(), True)
    assert display.count()["imagePaste"] == before + 1


def test_only_what_nobody_could_foresee_is_made_while_driving() -> None:
    display = FakeDisplay()
    shown = overlay(display)
    shown.show(
        frame(1.0),
        decision(
            {name: (0.2 + 0.1 * i, "warning") for i, name in enumerate(SECTORS)},
            level="warning",
            cue=cue("steer.full", dir="left"),
            target_steering_angle_rad=-0.3,
        ),
        True,
    )
    assert display.count()["imageNew"] == 1  # the top line's plate, as long as the line


def test_another_size_of_display_is_refused() -> None:
    with pytest.raises(UsageError, match=r"640x480, Parkit draws 960x540"):
        Overlay(FakeDisplay(640, 480), PROFILE, LOT, cue_texts())


def test_it_is_opened_only_when_asked_for_and_there() -> None:
    car = SimpleNamespace(getDevice=lambda name: FakeDisplay() if name == "overlay" else None)
    bare = SimpleNamespace(getDevice=lambda name: None)  # noqa: ARG005
    assert open_overlay(car, ControllerSettings(overlay=False), PROFILE, LOT) is None
    assert open_overlay(bare, ControllerSettings(overlay=True), PROFILE, LOT) is None
    assert open_overlay(car, ControllerSettings(overlay=True), PROFILE, LOT) is not None
