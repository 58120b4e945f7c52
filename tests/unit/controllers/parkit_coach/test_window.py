"""The robot window: ASCII messages both ways, settings at once or from the next start, nothing from outside trusted."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from coach_core.contracts import CoachCommand, decode, encode
from coach_core.contracts.messages import AssistLevelCommand
from coach_core.errors import UsageError
from controllers.parkit_coach.learner import Choice, changed, choice_file, chosen, load_choice, save_choice
from controllers.parkit_coach.window import MOST_MESSAGES, RAW_EVERY_S, RobotWindow, parse, window_command
from controllers.settings import ControllerSettings
from tests.toy.frames import PROJECT

PAGE = PROJECT / "plugins" / "robot_windows" / "parkit"


class Port:
    """Webots' side: a queue in, what was sent out."""

    def __init__(self) -> None:
        self.queue: list[str] = []
        self.sent: list[dict[str, Any]] = []

    def wwiReceiveText(self) -> str | None:
        return self.queue.pop(0) if self.queue else None

    def wwiSendText(self, text: str) -> None:
        assert text.isascii()
        self.sent.append(json.loads(text))


class Rig:
    def __init__(self, **settings: Any) -> None:
        self.port = Port()
        self.kept: list[Choice] = []
        self.raw: dict[str, Any] | None = {"axes": [0, 5], "buttons": []}
        self.window = RobotWindow(
            self.port, ControllerSettings(**settings), Choice(), self.kept.append, {"overlay": True}, lambda: self.raw
        )

    def say(self, now: float = 1.0, **message: Any) -> ControllerSettings | None:
        self.port.queue.append(json.dumps(message))
        return self.window.poll(now)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_page_that_opens_is_told_everything_it_shows(rig: Rig) -> None:
    assert rig.say(type="hello") is None
    state = rig.port.sent[-1]
    assert state["type"] == "state"
    assert state["settings"]["language"] == "ko"
    assert "parkit-1" in state["rubrics"]
    assert (state["test"], state["next_start"], state["parts"]) == (False, [], {"overlay": True})


def test_language_voice_and_volumes_count_at_once_and_are_kept(rig: Rig) -> None:
    fresh = rig.say(type="settings", language="en", voice=False, beep_volume=0.2)
    assert fresh is not None
    assert (fresh.language, fresh.voice, fresh.beep_volume) == ("en", False, 0.2)
    rig.say(type="settings", verbosity="high")
    assert rig.kept[-1] == Choice(language="en", voice=False, beep_volume=0.2, verbosity="high")


def test_name_and_rubric_wait_for_the_next_start_and_the_page_says_so(rig: Rig) -> None:
    assert rig.say(type="settings", driver_name="김하늘", rubric="uk-bay") is None
    state = rig.port.sent[-1]
    assert state["next_start"] == ["driver_name", "rubric"]
    assert state["settings"]["driver_name"] == "김하늘"
    assert rig.kept[-1] == Choice(driver_name="김하늘", rubric="uk-bay")


def test_test_cannot_be_made_easier() -> None:
    rig = Rig(assist=0)
    assert rig.say(type="settings", assist=4) is None
    assert rig.port.sent[-1] == {"type": "refused", "reason": "this is a test: help cannot be switched on"}
    assert rig.kept == []


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '{"type": "format_disk"}', '{"type": "settings", "assist": 9}',
        '{"type": "settings", "language": "fr"}',
        '{"type": "settings", "beep_volume": 2}', '{"type": "settings", "rubric": "../cues"}', '{"type": "watch"}',
        '{"type": "settings", "driver_name": "' + "x" * 41 + '"}', "\ud800", "x" * 5000,
    ],
)  # fmt: skip
def test_what_the_page_must_not_say_is_refused_with_a_reason_and_changes_nothing(rig: Rig, text: str) -> None:
    rig.port.queue.append(text)
    assert rig.window.poll(1.0) is None
    assert [message["type"] for message in rig.port.sent] == ["refused"]
    assert rig.port.sent[0]["reason"]
    assert rig.kept == []


def test_flood_of_messages_does_not_hold_the_car(rig: Rig) -> None:
    rig.port.queue = ['{"type": "hello"}'] * 100
    rig.window.poll(1.0)
    assert len(rig.port.queue) == 100 - MOST_MESSAGES


def test_raw_values_are_sent_only_while_watched_and_not_at_each_tick(rig: Rig) -> None:
    rig.window.poll(0.0)
    assert rig.port.sent == []
    rig.say(now=0.0, type="watch", on=True)
    for tick in range(1, 51):
        rig.window.poll(0.02 * tick)
    raw = [message for message in rig.port.sent if message["type"] == "raw"]
    assert 5 <= len(raw) <= 1.0 / RAW_EVERY_S + 1
    assert raw[0]["joystick"] == rig.raw
    rig.say(now=1.02, type="watch", on=False)
    count = len(rig.port.sent)
    rig.window.poll(5.0)
    assert len(rig.port.sent) == count


def test_korean_escaped_by_the_page_arrives_as_korean() -> None:
    assert parse('{"type": "settings", "driver_name": "\\uae40\\ud558\\ub298"}').driver_name == "김하늘"  # type: ignore[union-attr]


def test_wish_for_another_level_is_a_command_like_the_instructors() -> None:
    command = window_command("car-1", 2, 1_000_000)
    assert decode(encode(command), CoachCommand) == command
    assert command.action == AssistLevelCommand(2)


# --- what is kept -------------------------------------------------------------------------------------


def test_choice_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "learner.json"
    assert load_choice(path) == Choice()
    save_choice(path, Choice(language="en", assist=2, driver_name="김하늘"))
    assert load_choice(path) == Choice(language="en", assist=2, driver_name="김하늘")
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("content", ["{", '{"assist": 9}', '{"rubric": "none such"}', "[]", "\xff"])
def test_file_that_cannot_be_used_is_named_and_left_alone(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "learner.json"
    path.write_text(content, encoding="latin-1")
    assert load_choice(path) == Choice()
    assert str(path) in capsys.readouterr().out
    assert path.read_text(encoding="latin-1") == content


def test_disk_that_cannot_be_written_costs_the_choice_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    save_choice(tmp_path / "file" / "learner.json", Choice(voice=False))
    assert "learner_file_not_written" in capsys.readouterr().out


def test_environment_goes_before_what_was_chosen() -> None:
    settings = chosen(ControllerSettings(language="ko"), Choice(language="en", voice=False, assist=2))
    assert (settings.language, settings.voice, settings.assist) == ("ko", False, 2)


def test_impossible_value_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="beep_volume"):
        changed(ControllerSettings(), {"beep_volume": 3.0})


def test_choices_are_kept_where_the_setting_says(tmp_path: Path) -> None:
    assert choice_file(ControllerSettings(learner_file=tmp_path / "x.json")) == tmp_path / "x.json"
    assert choice_file(ControllerSettings()).name == "learner.json"


# --- the page -----------------------------------------------------------------------------------------


def words() -> dict[str, dict[str, str]]:
    text = (PAGE / "words.js").read_text(encoding="utf-8")
    data: dict[str, dict[str, str]] = json.loads(text[text.index("= {") + 2 : text.rindex("}") + 1])
    return data


def test_page_says_the_same_things_in_both_languages() -> None:
    ko, en = words()["ko"], words()["en"]
    assert ko.keys() == en.keys()
    for key in ko:
        assert set(re.findall(r"{\w+}", ko[key])) == set(re.findall(r"{\w+}", en[key])), key


def test_page_has_a_field_and_a_word_for_every_choice_and_nothing_more() -> None:
    page = (PAGE / "parkit.html").read_text(encoding="utf-8")
    fields = set(re.findall(r'name="(\w+)"', page)) - {"viewport"}
    assert fields == set(Choice.__struct_fields__)
    asked = set(re.findall(r'data-text="(\w+)"', page)) | set(
        re.findall(r"words\.(?!js)(\w+)", (PAGE / "parkit.js").read_text())
    )
    assert asked <= words()["ko"].keys()
