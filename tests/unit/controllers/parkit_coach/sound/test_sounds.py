"""The files: one for each line in both languages, for each beep, and what Webots is told to play."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any, ClassVar

import pytest

from coach_core.contracts import Cue, Ended, Fault
from controllers.data import cue_texts
from controllers.parkit_coach.sound import open_sound
from controllers.parkit_coach.sound.beeps import RHYTHMS, TIMBRES, beep_name
from controllers.parkit_coach.sound.desk import LOWERED, SoundDesk
from controllers.parkit_coach.sound.library import manifest
from controllers.parkit_coach.sound.spoken import LANGUAGES, Language, all_lines, load_spoken, utterance_of
from controllers.settings import ControllerSettings
from tests.toy.frames import PROJECT
from tests.unit.controllers.overlay.scenes import cue, decision, frame

CONTROLLER = PROJECT / "controllers" / "parkit_coach"
LINES = all_lines(cue_texts(), load_spoken())
MEND = "make what is missing with `python -m ops.voices --keep` and check it in"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_has_a_file_that_says_what_the_catalogue_says(language: Language) -> None:
    table = manifest()[language]
    missing = [line.key for line in LINES if not (CONTROLLER / "sounds" / language / f"{line.key}.wav").exists()]
    assert not missing, MEND
    changed = [line.key for line in LINES if table[line.key]["text"] != line.words[language]]
    assert not changed, f"{changed} read otherwise now: delete their files, then {MEND}"


def test_no_file_is_left_over() -> None:
    keys = {line.key for line in LINES}
    beeps = {beep_name(side, rhythm) for side in TIMBRES for rhythm in RHYTHMS}
    for language in LANGUAGES:
        assert {path.stem for path in (CONTROLLER / "sounds" / language).iterdir()} == keys
    assert {path.stem for path in (CONTROLLER / "sounds" / "beeps").iterdir()} == beeps


def test_files_are_plain_wav_of_the_lengths_in_the_table_and_not_silent() -> None:
    for folder, table in manifest().items():
        for name, entry in table.items():
            with wave.open(str(CONTROLLER / "sounds" / folder / f"{name}.wav")) as file:
                assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
                assert file.getnframes() / file.getframerate() == pytest.approx(entry["seconds"], abs=1e-3)
                assert max(file.readframes(file.getnframes())) > 0


def test_lines_said_while_moving_are_short() -> None:
    table = manifest()
    for language in LANGUAGES:
        long = {key for key, entry in table[language].items() if entry["seconds"] > 3.3}
        assert not long
        assert table[language]["crit.stop"]["seconds"] < 0.8


def test_every_cue_the_coach_can_show_has_its_line() -> None:
    catalogue, spoken, keys = cue_texts(), load_spoken(), {line.key for line in LINES}
    shown = [
        Cue("steer.turns", {"dir": "left", "turns": "half"}),
        Cue("warn.rear", {"cm": 45}),
        Cue("par.kerb", {"cm": 23}),
        Cue("sys.instructor", {"text": "천천히"}),
        *(Cue(cue_id, {"dir": "right", "turns": "one", "cm": 20, "text": "."}) for cue_id in catalogue["cues"]),
    ]
    for known in shown:
        said = utterance_of(catalogue, spoken, known)
        assert said is not None, known
        assert said.key in keys


@pytest.mark.parametrize("unknown", [Cue("from.the.future", {}), Cue("par.kerb", {"cm": 300}), Cue("steer.full", {})])
def test_cue_without_a_line_is_not_said(unknown: Cue) -> None:
    assert utterance_of(cue_texts(), load_spoken(), unknown) is None


def test_left_is_heard_on_the_left() -> None:
    for side, balance in (("left", -0.5), ("right", 0.5)):
        said = utterance_of(cue_texts(), load_spoken(), Cue("steer.full", {"dir": side}))
        assert said is not None
        assert said.balance == balance


# --- the desk -----------------------------------------------------------------------------------------


class Speaker:
    """Webots' Speaker: what it is told."""

    calls: ClassVar[list[tuple[Any, ...]]] = []

    @staticmethod
    def playSound(
        left: Speaker, right: Speaker, sound: str, volume: float, pitch: float, balance: float, loop: bool
    ) -> None:
        assert left is not right
        assert (CONTROLLER / sound).exists()
        assert 0.0 <= volume <= 1.0
        assert -1.0 <= balance <= 1.0
        assert pitch == 1.0
        Speaker.calls.append(("play", Path(sound).stem, round(volume, 3), balance, loop))

    def stop(self, sound: str | None = None) -> None:
        assert sound is not None
        Speaker.calls.append(("stop", Path(sound).stem))


class Robot:
    def __init__(self, *names: str) -> None:
        self._devices = {name: Speaker() for name in names}

    def getDevice(self, name: str) -> Speaker | None:
        return self._devices.get(name)


@pytest.fixture
def desk() -> SoundDesk:
    Speaker.calls = []
    settings = ControllerSettings(language="ko", beep_volume=0.5, voice_volume=0.8)
    found = open_sound(Robot("speaker_left", "speaker_right"), settings)
    assert found is not None
    return found


def told() -> list[tuple[Any, ...]]:
    calls, Speaker.calls = Speaker.calls, []
    return calls


def test_car_without_speakers_or_with_sound_switched_off_is_silent() -> None:
    assert open_sound(Robot("speaker_left"), ControllerSettings()) is None
    assert open_sound(Robot("speaker_left", "speaker_right"), ControllerSettings(sound=False)) is None


def test_beep_is_told_once_and_stopped_on_both_sides(desk: SoundDesk) -> None:
    for tick in range(20):
        desk.tick(frame(0.02 * tick), decision({"rear_left": (0.5, "warning")}))
    assert told() == [("play", "rear-quick", 0.5, -0.8, True)]
    desk.tick(frame(0.5), decision())
    assert told() == [("stop", "rear-quick")] * 2


def test_line_lowers_the_beeps_while_it_is_said(desk: SoundDesk) -> None:
    near = {"rear_left": (0.5, "warning")}
    desk.tick(frame(0.0), decision(near))  # type: ignore[arg-type]
    told()
    desk.tick(frame(0.02), decision(near, cue=cue("move.stop_here")))  # type: ignore[arg-type]
    assert told() == [
        ("play", "move.stop_here", 0.8, 0.0, False),
        ("play", "rear-quick", round(0.5 * LOWERED, 3), -0.8, True),
    ]
    desk.tick(frame(5.0), decision(near, cue=cue("move.stop_here")))  # type: ignore[arg-type]
    assert told() == [("play", "rear-quick", 0.5, -0.8, True)]


def test_solid_tone_lowers_every_line_but_the_critical(desk: SoundDesk) -> None:
    near = {"rear_left": (0.2, "critical")}
    desk.tick(frame(0.0), decision(near, cue=cue("look.behind")))  # type: ignore[arg-type]
    assert ("play", "look.behind", round(0.8 * LOWERED, 3), 0.0, False) in told()
    desk.tick(frame(0.02), decision(near, cue=cue("crit.stop", "critical")))  # type: ignore[arg-type]
    assert told() == [("stop", "look.behind")] * 2 + [("play", "crit.stop", 0.8, 0.0, False)]


def test_device_that_goes_and_the_end_are_said(desk: SoundDesk) -> None:
    desk.hear(Fault("input.joystick", "raised", ""))
    desk.hear(Fault("us_front_left", "raised", ""))
    desk.tick(frame(0.0), decision())
    assert [call[1] for call in told()] == ["input.joystick.raised"]
    desk.hear(Ended("parked", "A3", 40.0, 0, 0.3, None, 0, in_slot=True))
    desk.after(10.0)
    assert [call[1] for call in told()] == ["debrief.parked"]


def test_language_and_volumes_change_at_once(desk: SoundDesk) -> None:
    desk.tick(frame(0.0), decision(cue=cue("move.stop_here")))
    told()
    desk.set_up("en", desk._volumes._replace(voice=0.0), "high")
    assert told() == [("stop", "move.stop_here")] * 2
    desk.tick(frame(1.0), decision({"rear_left": (0.5, "warning")}, cue=cue("look.behind")))
    assert [call[1] for call in told()] == ["rear-quick"]


def test_closing_leaves_nothing_playing(desk: SoundDesk) -> None:
    desk.tick(frame(0.0), decision({"rear_left": (0.5, "warning")}, cue=cue("look.behind")))
    playing = {call[1] for call in told()}
    desk.close()
    assert {call[1] for call in told()} == playing == {"look.behind", "rear-quick"}
