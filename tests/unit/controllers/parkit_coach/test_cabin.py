"""What the learner sees, hears and sets belongs together; a car may lack any of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coach_core.contracts import Contact, Ended, Pose2, Retried, ScoreCard
from controllers.data import builtin_rubric
from controllers.parkit_coach.cabin import Cabin
from controllers.settings import ControllerSettings
from tests.unit.controllers.overlay.scenes import LOT, PROFILE, FakeDisplay, cue, decision, frame

ENDED = Ended("parked", "A3", 40.0, 0, 0.3, None, 0, in_slot=True)


class Speaker:
    """Webots' Speaker; `played` is shared, as both speakers are told at once."""

    played: list[str]

    @staticmethod
    def playSound(left: Any, _right: Any, sound: str, *_: Any) -> None:
        left.played.append(sound)

    def stop(self, sound: str | None = None) -> None:
        self.played.append(f"/{sound}")


class Robot:
    def __init__(self, *, display: bool = True, speakers: bool = True) -> None:
        self.said: list[str] = []
        self.told: list[dict[str, Any]] = []
        self.played: list[str] = []
        Speaker.played = self.played
        self.display = FakeDisplay()
        self._devices: dict[str, Any] = {"overlay": self.display} if display else {}
        if speakers:
            self._devices |= {"speaker_left": Speaker(), "speaker_right": Speaker()}

    def getDevice(self, name: str) -> Any:
        return self._devices.get(name)

    def wwiReceiveText(self) -> str | None:
        return self.said.pop(0) if self.said else None

    def wwiSendText(self, text: str) -> None:
        self.told.append(json.loads(text))


@pytest.fixture
def settings(tmp_path: Path) -> ControllerSettings:
    return ControllerSettings(language="ko", learner_file=tmp_path / "learner.json")


def cabin(robot: Robot, settings: ControllerSettings) -> Cabin:
    return Cabin(robot, settings, PROFILE, LOT, lambda: None)


def test_tick_is_seen_and_heard(settings: ControllerSettings) -> None:
    robot = Robot()
    made = cabin(robot, settings)
    before = len(robot.display.calls)
    made.show(frame(1.0), decision(cue=cue("gear.reverse")), None)
    assert len(robot.display.calls) > before
    assert robot.played == ["sounds/ko/gear.reverse.wav"]


@pytest.mark.parametrize(("display", "speakers"), [(False, True), (True, False), (False, False)])
def test_car_may_lack_a_display_or_speakers(settings: ControllerSettings, display: bool, speakers: bool) -> None:
    robot = Robot(display=display, speakers=speakers)
    made = cabin(robot, settings)
    made.hear(ENDED)
    made.show(frame(1.0), decision(cue=cue("gear.reverse")), None)
    made.debrief(ScoreCard("parkit-1", 2, 90.0, True, {}, {}, []), ENDED, builtin_rubric("parkit-1"))
    made.after(2.0)
    made.close()
    robot.said.append('{"type": "hello"}')
    made.show(frame(3.0), decision(), None)
    assert robot.told[0]["parts"] == {
        "overlay": display, "speakers": speakers, "link": False, "joystick_plugged": False,
    }  # fmt: skip


def test_window_changes_language_at_once_and_asks_the_coach_for_another_level(settings: ControllerSettings) -> None:
    robot = Robot()
    made = cabin(robot, settings)
    robot.said.append('{"type": "settings", "language": "en", "assist": 2}')
    made.show(frame(1.0), decision(), None)
    assert made.take_assist() == 2
    assert made.take_assist() is None
    made.show(frame(1.1), decision(cue=cue("gear.reverse")), None)
    assert robot.played == ["sounds/en/gear.reverse.wav"]


def test_debrief_is_the_last_picture_and_is_spoken(settings: ControllerSettings) -> None:
    robot = Robot()
    made = cabin(robot, settings)
    made.show(frame(1.0), decision(), None)
    made.hear(ENDED)
    before = len(robot.display.calls)
    made.debrief(ScoreCard("parkit-1", 2, 90.0, True, {}, {}, []), ENDED, builtin_rubric("parkit-1"))
    assert len(robot.display.calls) > before
    made.after(1.02)
    assert robot.played == ["sounds/ko/debrief.parked.wav"]
    made.close()
    assert robot.played[1:] == ["/sounds/ko/debrief.parked.wav"] * 2


def test_closing_leaves_no_pictures_in_the_simulator(settings: ControllerSettings) -> None:
    robot = Robot()
    made = cabin(robot, settings)
    made.show(frame(1.0), decision(), None)
    assert robot.display.images
    made.close()
    made.close()
    assert robot.display.images == {}


def touched(made: Cabin, robot: Robot, times: int) -> list[str]:
    """What is said when the car touches something, and is put back, as often."""
    now = 0.0
    for attempt in range(1, times + 1):
        for _ in range(3):
            made.hear(Contact("body", 0.0, 0.0, 0.1, "car"))
            now += 3.0
            made.show(frame(now), decision(), None)
        made.hear(Retried(attempt, 3.0, Pose2(0.0, 0.0, 0.0)))
        now += 5.0
        made.show(frame(now), decision(), None)
        now += 5.0
        made.show(frame(now), decision(), None)
    return [Path(sound).stem for sound in robot.played if not sound.startswith("/")]


def test_person_who_touched_something_is_offered_the_way_back_as_long_as_there_are_tries(
    settings: ControllerSettings,
) -> None:
    robot = Robot()
    made = cabin(robot, settings.model_copy(update={"driver": "keyboard", "retries": 2}))
    assert touched(made, robot, 3) == ["retry.offer", "retry.done"] * 2 + ["retry.done"]


def test_simulated_driver_is_offered_nothing(settings: ControllerSettings) -> None:
    robot = Robot()
    made = cabin(robot, settings.model_copy(update={"driver": "novice"}))
    assert "retry.offer" not in touched(made, robot, 1)
