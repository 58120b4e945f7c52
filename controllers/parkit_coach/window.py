"""The robot window's other end: settings and what the car has, as small ASCII JSON messages.

The page is plugins/robot_windows/parkit. It may be opened, closed and opened again at any time, or never.
Messages of the page: `{"type": "hello"}`, `{"type": "settings", …}` with what was changed, and
`{"type": "watch", "on": true}` to see raw joystick values. Answers: `state`, `refused`, `raw`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from coach_core.contracts import CoachCommand
from coach_core.contracts.messages import AssistLevel, AssistLevelCommand
from coach_core.errors import UsageError
from controllers.data import builtin_rubric, rubric_names
from controllers.parkit_coach.learner import AT_NEXT_START, Choice, changed
from controllers.settings import ControllerSettings

RAW_EVERY_S = 0.2
"""Each message is a round trip for Webots: five a second are enough to see an axis move."""
MOST_MESSAGES = 16
"""Read in one tick; the rest waits for the next."""
MOST_CHARACTERS = 4096


class Hello(msgspec.Struct, frozen=True, tag_field="type", tag="hello"):
    """The page was opened."""


class Watch(msgspec.Struct, frozen=True, tag_field="type", tag="watch"):
    """The page wants to see raw joystick values, or no more."""

    on: bool


class Change(Choice, frozen=True, tag_field="type", tag="settings"):
    """What the learner has changed."""


Message = Hello | Watch | Change
_DECODER: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


class WindowPort(Protocol):
    """The part of Webots' Robot that is used."""

    def wwiReceiveText(self) -> str | None: ...
    def wwiSendText(self, text: str) -> None: ...


def parse(text: str) -> Message:
    """A message of the page; UsageError says what is wrong with it."""
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"a message of {len(text)} characters is too long; {MOST_CHARACTERS} are allowed")
    try:
        return _DECODER.decode(text.encode())
    except (msgspec.DecodeError, UnicodeError) as error:
        raise UsageError(f"the robot window sent what is no message: {error}") from error


class RobotWindow:
    """Talks to one car's window. The settings it holds are those in force."""

    def __init__(
        self,
        port: WindowPort,
        settings: ControllerSettings,
        chosen: Choice,
        keep: Callable[[Choice], None],
        parts: dict[str, bool],
        raw: Callable[[], dict[str, Any] | None],
    ) -> None:
        """chosen: what was chosen before; keep: told what has been chosen since; parts: what the car has;
        raw: the joystick's numbers, None without one.
        """
        self._port = port
        self._settings = settings
        self._next = settings
        """As they will be from the next start on."""
        self._chosen = chosen
        self._keep, self._parts, self._raw = keep, parts, raw
        self._watching = False
        self._raw_due = 0.0
        self._test = settings.assist == 0

    def poll(self, now: float) -> ControllerSettings | None:
        """Hear the page; the settings if what is in force changed, else None. now [s]."""
        before = self._settings
        for _ in range(MOST_MESSAGES):
            text = self._port.wwiReceiveText()
            if text is None:
                break
            try:
                self._answer(parse(text))
            except UsageError as error:
                self._send("refused", reason=str(error))
        if self._watching and now >= self._raw_due:
            self._raw_due = now + RAW_EVERY_S
            self._send("raw", joystick=self._raw())
        return None if self._settings is before else self._settings

    def _answer(self, message: Message) -> None:
        if isinstance(message, Watch):
            self._watching = message.on
            return
        if isinstance(message, Change):
            self._change(message)
        self._tell_state()

    def _change(self, change: Change) -> None:
        given = change.given()
        if self._test and given.get("assist"):
            raise UsageError("this is a test: help cannot be switched on")
        if "rubric" in given:
            builtin_rubric(given["rubric"])
        at_once = {name: value for name, value in given.items() if name not in AT_NEXT_START}
        following = changed(self._next, given)
        if at_once:
            self._settings = changed(self._settings, at_once)
        self._next = following
        self._chosen = msgspec.structs.replace(self._chosen, **given)
        self._keep(self._chosen)

    def _tell_state(self) -> None:
        shown = {name: getattr(self._next, name) for name in Choice.__struct_fields__}
        waiting = sorted(name for name in AT_NEXT_START if shown[name] != getattr(self._settings, name))
        self._send(
            "state",
            settings=shown,
            next_start=waiting,
            rubrics=rubric_names(),
            driver=self._settings.driver,
            vehicle_id=self._settings.vehicle_id,
            test=self._test,
            parts=self._parts,
        )

    def _send(self, kind: str, **facts: Any) -> None:
        """ASCII only: Webots counts characters where it should count bytes, and cuts other text short."""
        self._port.wwiSendText(json.dumps({"type": kind, **facts}))


def window_command(vehicle_id: str, assist: AssistLevel, now_us: int) -> CoachCommand:
    """The learner's wish for another assist level, as the coach takes it; what came of it is told as an event."""
    name = f"window-{now_us}"
    return CoachCommand(1, vehicle_id, name, now_us, now_us, "learner", AssistLevelCommand(assist))
