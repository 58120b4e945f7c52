"""One run of a world: the clock, the robots in lock-step, and how it ended."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from worlds.headless.devices.display import Display, frame_name
from worlds.headless.devices.joystick import JoystickState
from worlds.headless.devices.radio import Emitter, Packet, Receiver
from worlds.headless.devices.sounds import Played, as_played
from worlds.headless.processes.channel import ChannelClosed
from worlds.headless.processes.launcher import Launcher
from worlds.headless.robot import Robot
from worlds.headless.scenery import Scenery
from worlds.headless.supervision import CallError, Supervision
from worlds.headless.vrml.parser import World

_SLACK_MS = 1e-6
_LAST_WORDS_S = 0.3
"""A controller that hangs has this long [s] to print where, before anybody tells it that the run is over."""
REAL_TIME, FAST = 1, 2


class Ending(NamedTuple):
    """Why the run ends. `verdict` "reload" starts the world anew."""

    verdict: str
    detail: str
    status: int | None = None


class Limits(NamedTuple):
    """When to give up, and what to tell while running."""

    max_sim_s: float
    step_timeout_s: float
    start_timeout_s: float
    pace: float | None
    stop: Callable[[], bool] | None
    on_step: Callable[[float], None] | None
    on_event: Callable[[float, str, str, Any], None] | None
    keys: Callable[[float], Iterable[int]] | None
    joystick: Callable[[float], JoystickState | None] | None
    window: Callable[[float, str], Iterable[str]] | None
    display_dir: Path | None
    display_period_s: float


class Simulation:
    """The loop: hear every controller that is due, move the world one basic step, sense, answer."""

    def __init__(self, world: World, project: Path, robots: list[Robot], scenery: Scenery, limits: Limits) -> None:
        self.world = world
        self.project = project
        self.robots = robots
        self.now = 0.0
        """Simulated time [ms]."""
        self.steps = 0
        info = world.nodes[0]
        self.basic_step: float = info.get("basicTimeStep")
        self._supervision = Supervision(world, scenery, robots)
        self._limits = limits
        self._ending: Ending | None = None
        self._packets: list[tuple[Emitter, Packet]] = []
        self._next_picture = 0.0
        self._keys: list[int] = []
        self._joystick: JoystickState | None = None
        self.played: list[Played] = []
        self._handlers: dict[str, Callable[..., None]] = {
            "enable": lambda robot, tag, period: robot.enable(tag, period, self.now),
            "car": lambda robot, *drive: robot.car.drive(*drive),
            "emit": self._emit,
            "channel": self._channel,
            "display": lambda robot, tag, commands: robot.by_tag[tag].queue(commands),
            "keyboard": self._keyboard,
            "joystick": lambda robot, period: robot.joystick.enable(period, self.now),
            "set": lambda _, *change: self._supervision.set(*change),
            "velocity": lambda _, *change: self._supervision.set_velocity(*change),
            "halt": lambda _, id_: self._supervision.reset_physics(id_),
            "remove": lambda _, id_: self._supervision.remove(id_),
            "custom_data": self._custom_data,
            "quit": lambda _, status: self._end(Ending("quit", f"simulationQuit({status})", status)),
            "reload": lambda _: self._end(Ending("reload", "worldReload()")),
            "reset": lambda _: self._reset(),
            "event": self._event,
        }

    @property
    def mode(self) -> int:
        return FAST if self._limits.pace is None else REAL_TIME

    # --- the loop -------------------------------------------------------------------------------------

    def run(self, launcher: Launcher) -> Ending:
        """Run to an end. Controllers are still alive afterwards: whoever started them ends them."""
        for robot in self.robots:
            robot.send(robot.describe(self.world.file.resolve(), self.project, self.basic_step, self.mode))
        started = time.monotonic()
        while True:
            for robot in self.robots:
                if robot.running and not robot.waiting and robot.due <= self.now + _SLACK_MS:
                    self._listen(robot, launcher)
                    if self._ending is not None:
                        return self._ending
            for robot in self.robots:
                self._apply(robot)
            if self._ending is None:
                self._ending = self._over()
            if self._ending is not None:
                return self._ending
            self._advance()
            self._answer()
            if self._limits.on_step is not None:
                self._limits.on_step(self.now / 1000.0)
            if self._limits.pace is not None:
                ahead = self.now / 1000.0 / self._limits.pace - (time.monotonic() - started)
                if ahead > 0.0:
                    time.sleep(ahead)

    def _over(self) -> Ending | None:
        if self._limits.stop is not None and self._limits.stop():
            return Ending("stopped", "the caller asked for it")
        if self.now + _SLACK_MS >= self._limits.max_sim_s * 1000.0:
            return Ending("timeout", f"{self._limits.max_sim_s:g} s of simulated time are over")
        if not any(robot.running for robot in self.robots):
            return Ending("stopped", "every controller has ended")
        return None

    def _advance(self) -> None:
        dt = self.basic_step / 1000.0
        for robot in self.robots:
            robot.move(dt)
        self.now += self.basic_step
        self.steps += 1
        self._deliver()
        for robot in self.robots:
            if robot.running:
                robot.sense(self.now)
        if self._limits.keys is not None:
            self._keys = list(self._limits.keys(self.now / 1000.0))
        if self._limits.joystick is not None:
            self._joystick = self._limits.joystick(self.now / 1000.0)
        if self._limits.display_dir is not None and self.now >= self._next_picture:
            self._next_picture = self.now + 1000.0 * self._limits.display_period_s
            self.save_displays(self._limits.display_dir)

    def _answer(self) -> None:
        for robot in self.robots:
            if robot.waiting and robot.due <= self.now + _SLACK_MS:
                robot.waiting = False
                keys = []
                if robot.keyboard_due <= self.now + _SLACK_MS:
                    robot.keyboard_due += robot.keyboard_period
                    keys = self._keys[:7]
                known = robot.habits.answers(self._supervision.answer) if self._alone(robot) else []
                news = self._news(robot)
                robot.send((0, self.now / 1000.0, robot.take_samples(), robot.car_state(), keys, news, known))

    def _alone(self, robot: Robot) -> bool:
        """Whether nobody else may change the world before this supervisor has asked about it."""
        return robot.is_supervisor and sum(other.is_supervisor and other.running for other in self.robots) == 1

    def _news(self, robot: Robot) -> list[tuple[Any, ...]]:
        """What the joystick and the robot's window have to say."""
        news = robot.joystick.news(self._joystick, self.now + _SLACK_MS) if robot.joystick.enabled else []
        if self._limits.window is not None:
            news += [("window", text) for text in self._limits.window(self.now / 1000.0, robot.name)]
        return news

    def _listen(self, robot: Robot, launcher: Launcher) -> None:
        """Serve a controller until it asks for its next step, ends, or exceeds its time."""
        assert robot.process is not None
        allowed = self._limits.step_timeout_s if self.now > 0.0 else self._limits.start_timeout_s
        deadline = time.monotonic() + allowed
        while not robot.waiting:
            # also while it talks: questions without end are no step either
            if time.monotonic() > deadline:
                detail = f'"{robot.name}" ({robot.controller}) did not step within {allowed:g} s'
                self._end(Ending("controller_hung", f"{detail} at {self.now / 1000.0:.3f} s"))
                launcher.dump(robot.process)
                launcher.wait(robot.process, _LAST_WORDS_S)
                return
            if self._limits.stop is not None and self._limits.stop():
                self._end(Ending("stopped", "the caller asked for it"))
                return
            try:
                message = robot.process.channel.receive()
            except TimeoutError:
                continue
            except ChannelClosed:
                self._gone(robot, launcher)
                return
            self._hear(robot, message)
            if self._ending is not None:
                return

    def _hear(self, robot: Robot, message: tuple[Any, ...]) -> None:
        kind, commands = message[0], message[1]
        robot.commands += commands
        if kind == "step":
            if message[2] == 0:
                # step(0) and flushes: no time passes, nothing is sampled
                self._apply(robot)
                robot.send((0, self.now / 1000.0, [], robot.car_state(), [], [], []))
                return
            robot.waiting = True
            robot.due = self.now + message[2]
        elif kind == "call":
            # what was set before a question must show in its answer
            self._apply(robot)
            try:
                answer = ("ok", self._supervision.answer(message[2], message[3]))
            except CallError as error:
                answer = ("error", str(error))
            robot.send(answer)
            robot.habits.note(message[2], message[3], self.steps)
        else:
            # "bye": the script has ended and sends what it had not sent yet
            self._apply(robot)

    def _gone(self, robot: Robot, launcher: Launcher) -> None:
        """A controller has closed its channel: fine if it left with status 0, else the run has failed."""
        process = robot.process
        assert process is not None
        code = launcher.wait(process, 5.0)
        robot.process = None
        robot.waiting = False
        if code != 0:
            shown = "is still running" if code is None else f"ended with status {code}"
            detail = f'"{robot.name}" ({robot.controller}) {shown} at {self.now / 1000.0:.3f} s'
            self._end(Ending("controller_failed", detail))

    def _end(self, ending: Ending) -> None:
        if self._ending is None:
            self._ending = ending

    # --- commands -------------------------------------------------------------------------------------

    def _apply(self, robot: Robot) -> None:
        commands, robot.commands = robot.commands, []
        for name, *arguments in commands:
            try:
                self._handlers[name](robot, *arguments)
            except CallError as error:
                self._event(robot, "error", str(error))

    def _keyboard(self, robot: Robot, period: int) -> None:
        robot.keyboard_period = float(period)
        robot.keyboard_due = self.now + period if period > 0 else math.inf

    def _emit(self, robot: Robot, tag: int, channel: int, data: bytes) -> None:
        emitter = robot.by_tag[tag]
        self._packets.append((emitter, Packet(channel, data, emitter.place)))

    def _deliver(self) -> None:
        packets, self._packets = self._packets, []
        for emitter, packet in packets:
            for robot in self.robots:
                # a robot does not hear itself
                if emitter.tag in robot.by_tag and robot.by_tag[emitter.tag] is emitter:
                    continue
                for receiver in robot.receivers:
                    receiver.hear(emitter, packet)

    def _channel(self, robot: Robot, tag: int, channel: int) -> None:
        device = robot.by_tag[tag]
        if isinstance(device, Receiver):
            device.channel = channel

    def _custom_data(self, robot: Robot, text: str) -> None:
        field = robot.node.find("customData")
        if field is not None:
            field.value = text

    def _event(self, robot: Robot, kind: str, data: Any) -> None:
        played = as_played(self.now / 1000.0, robot.name, kind, data)
        if played is not None:
            self.played.append(played)
        if self._limits.on_event is not None:
            self._limits.on_event(self.now / 1000.0, robot.name, kind, data)

    def _reset(self) -> None:
        """simulationReset: clock and poses back, controllers go on."""
        self._supervision.reset()
        offset, self.now = self.now, 0.0
        self._packets.clear()
        for robot in self.robots:
            robot.due = max(0.0, robot.due - offset)
            robot.restart_clocks(offset)
            for display in robot.displays:
                display.reset()

    # --- pictures -------------------------------------------------------------------------------------

    def save_displays(self, folder: Path) -> None:
        for robot in self.robots:
            for display in robot.displays:
                _save(display, folder / frame_name(robot.name, display.name, self.now / 1000.0))


def _save(display: Display, path: Path) -> None:
    display.save(path)
