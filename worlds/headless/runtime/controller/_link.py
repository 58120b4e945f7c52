"""The line to the simulation: one per process, set up before the controller's script runs."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from typing import Any, Protocol


class _Channel(Protocol):
    def send(self, message: Any) -> None: ...
    def receive(self) -> Any: ...


class JoystickValues:
    """What is known of the joystick, as libController keeps it."""

    def __init__(self) -> None:
        self.connected = False
        self.model = ""
        self.axes: list[int] = []
        self.povs: list[int] = []
        self.buttons: list[int] = []

    def hear(self, kind: str, *facts: Any) -> None:
        if kind == "gone":
            self.__init__()  # type: ignore[misc]
        elif kind == "config":
            axes, povs, self.model = facts
            self.connected, self.axes, self.povs = True, [0] * axes, [0] * povs
        else:
            self.axes, self.povs, self.buttons = (list(values) for values in facts)


class Link:
    """Batches commands until the next step, and keeps what the simulation last said."""

    def __init__(self, channel: _Channel) -> None:
        self._channel = channel
        config = self._receive()
        if not isinstance(config, dict):
            # the simulation was over before it began
            _leave(0)
        self.config: dict[str, Any] = config
        self.commands: list[tuple[Any, ...]] = []
        self.time = 0.0
        self.values: dict[int, Any] = {}
        self.car: tuple[float, ...] | None = None
        self.keys: list[int] = []
        self.joystick = JoystickValues()
        self.window: list[str] = []
        self.over = False
        self._receivers: dict[int, list[Any]] = {}
        self._known: dict[tuple[Any, ...], Any] = {}

    # --- talking --------------------------------------------------------------------------------------

    def _receive(self) -> Any:
        try:
            return self._channel.receive()
        except Exception:
            # as the real library does when the simulator goes away
            _leave(1)

    def _send(self, message: tuple[Any, ...]) -> None:
        try:
            self._channel.send(message)
        except Exception:
            _leave(1)

    def queue(self, *command: Any) -> None:
        """Something to do at the next step."""
        self.commands.append(command)
        self._known.clear()  # it may change what would be answered

    def step(self, ms: int) -> int:
        """Send what is queued, let `ms` pass, take the new values: 0, or -1 when the simulation is over."""
        if self.over:
            _leave(0)
        commands, self.commands = self.commands, []
        self._send(("step", commands, ms))
        return self._take(self._receive())

    def _take(self, answer: Any) -> int:
        status, self.time, samples, car, keys, news, known = answer
        self._known = dict(known)
        if status == -1:
            self.over = True
            return -1
        if car is not None:
            self.car = car
        self.keys = keys
        self.joystick.buttons = []
        for kind, *facts in news:
            if kind == "window":
                self.window.append(facts[0])
            else:
                self.joystick.hear(kind, *facts)
        for tag, value in samples:
            queue = self._receivers.get(tag)
            if queue is None:
                self.values[tag] = value
            else:
                queue.extend(value)
        return 0

    def call(self, name: str, *arguments: Any) -> Any:
        """Ask the simulation something at once; None, with a line on standard error, if it refuses."""
        if self.over:
            _leave(0)
        if self._known and (name, *arguments) in self._known:
            return self._known.pop((name, *arguments))  # once: whoever asks may do with it as they like
        commands, self.commands = self.commands, []
        self._send(("call", commands, name, arguments))
        answer = self._receive()
        if answer[0] == -1:
            # the simulation ended meanwhile
            self.over = True
            _leave(0)
        if answer[0] == "error":
            print(f"Error: {answer[1]}.", file=sys.stderr)
            return None
        return answer[1]

    def packets(self, tag: int) -> list[Any]:
        """The queue of a receiver."""
        return self._receivers.setdefault(tag, [])

    def goodbye(self) -> None:
        """Send what was queued after the last step; the script is ending."""
        if self.commands and not self.over:
            with contextlib.suppress(Exception):
                self._channel.send(("bye", self.commands))
            self.commands = []


_LINK: Link | None = None
_CHANNEL: _Channel | None = None


def connect(channel: _Channel) -> None:
    """Give this process its line; called by the stand-in before the script."""
    global _CHANNEL
    _CHANNEL = channel


def link() -> Link:
    """The line, opened at the first use."""
    global _LINK
    if _LINK is None:
        if _CHANNEL is None:
            raise RuntimeError(
                "this is the stand-in's controller module: run the world with worlds.headless, or use Webots' own."
            )
        _LINK = Link(_CHANNEL)
        atexit.register(_LINK.goodbye)
    return _LINK


def _leave(status: int) -> Any:
    """End the process as libController does: at once, without unwinding the script."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def complain(sentence: str) -> None:
    """What the real library prints on standard error."""
    print(sentence, file=sys.stderr)


def missing(what: str) -> Any:
    """Refuse what Webots has and the stand-in has not."""
    raise NotImplementedError(f"the stand-in for Webots does not offer {what}; see docs/standin.md.")
