"""Run worlds: load, start the controllers, step to the end, clean up."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, cast

from worlds.headless.devices.joystick import JoystickState
from worlds.headless.devices.sounds import Played
from worlds.headless.errors import WorldError
from worlds.headless.processes.channel import ChannelClosed
from worlds.headless.processes.child import ControllerSpec
from worlds.headless.processes.launcher import Launcher, OutputPump, Process, make_launcher
from worlds.headless.processes.runtime_ini import read_runtime_ini
from worlds.headless.robot import Robot
from worlds.headless.scenery import Scenery
from worlds.headless.simulation import Ending, Limits, Simulation
from worlds.headless.vrml.parser import World
from worlds.headless.vrml.shelf import WorldShelf

Verdict = Literal["quit", "controller_failed", "controller_hung", "timeout", "stopped"]
_NO_CONTROLLER = ("<none>", "")


@dataclass(frozen=True)
class RunOptions:
    """How to run a world. Times in seconds."""

    seed: int = 0
    """Of every sensor's noise; the same seed and controllers give the same run."""
    pace: float | None = None
    """Simulated over wall time, 1.0 being real time; None: as fast as possible."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Added to the environment of each controller."""
    preload: tuple[str, ...] = ()
    """Modules that the process controllers are forked from imports once."""
    max_sim_s: float = 600.0
    step_timeout_s: float = 30.0
    """A controller that takes longer for one step is ended: verdict `controller_hung`."""
    start_timeout_s: float = 180.0
    """The same for the first step, before which controllers import and compile."""
    grace_s: float = 1.0
    """Wall time a controller has to end after step() gave -1; Webots allows 1 s."""
    quiet: bool = False
    """Do not pass on what controllers print."""
    display_dir: Path | None = None
    """Folder for pictures of displays, one each `display_period_s` of simulated time and at the end."""
    display_period_s: float = 1.0
    stop: Callable[[], bool] | None = None
    """Polled; True ends the run cleanly."""
    on_step: Callable[[float], None] | None = None
    """Called after each basic step with the simulated time."""
    on_event: Callable[[float, str, str, Any], None] | None = None
    """Called with (time, robot, kind, data) for labels, speech, sounds, window messages and refused calls."""
    keys: Callable[[float], Iterable[int]] | None = None
    """Key codes held down at a simulated time, most recent first, for controllers that read the keyboard."""
    joystick: Callable[[float], JoystickState | None] | None = None
    """What the gamepad or wheel says at a simulated time, None while it is unplugged; no callback: never one."""
    window: Callable[[float, str], Iterable[str]] | None = None
    """Messages that the robot window of a robot sends its controller at a simulated time: (time, robot's name)."""


@dataclass(frozen=True)
class ControllerExit:
    robot: str
    controller: str
    exit_code: int | None
    """0 after a clean end, negative for the signal that ended it, None if it could not be seen to end."""
    stderr_tail: str


@dataclass(frozen=True)
class RunOutcome:
    status: int | None
    """What simulationQuit was called with; None if it never was."""
    sim_time_s: float
    wall_time_s: float
    steps: int
    controllers: tuple[ControllerExit, ...]
    verdict: Verdict
    detail: str
    played: tuple[Played, ...] = ()
    """What the speakers were told to play, in order."""


class Runner:
    """Owns the process that controllers are forked from; a context manager, good for many runs."""

    def __init__(self) -> None:
        self._preload: tuple[str, ...] = ()
        self._worlds = WorldShelf()
        self._launcher: Launcher | None = None

    def __enter__(self) -> Runner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._launcher is not None:
            self._launcher.close()
            self._launcher = None

    def warm(self, preload: tuple[str, ...]) -> Launcher:
        """Start the process that controllers are forked from, importing `preload` in the background; idempotent."""
        if self._launcher is not None and preload != self._preload:
            self.close()
        if self._launcher is None:
            self._launcher = make_launcher(preload)
            self._preload = preload
        return self._launcher

    def run(self, world: Path, options: RunOptions | None = None) -> RunOutcome:
        """Run a world to its end; WorldError if it cannot be run as written."""
        options = options or RunOptions()
        launcher = self.warm(options.preload)
        started = time.monotonic()
        while True:
            session = _Session(self._worlds.read(world), options, launcher)
            ending, exits = session.run()
            if ending.verdict != "reload":
                break
        return RunOutcome(
            status=ending.status,
            sim_time_s=session.simulation.now / 1000.0,
            wall_time_s=time.monotonic() - started,
            steps=session.simulation.steps,
            controllers=exits,
            verdict=cast(Verdict, ending.verdict),
            detail=ending.detail,
            played=tuple(session.simulation.played),
        )


def run_world(world: Path, options: RunOptions | None = None) -> RunOutcome:
    """Run one world once."""
    with Runner() as runner:
        return runner.run(world, options)


class _Session:
    """One loading of a world and its controllers."""

    def __init__(self, world: World, options: RunOptions, launcher: Launcher) -> None:
        self._options = options
        self._launcher = launcher
        self._project = world.file.resolve().parent.parent
        scenery = Scenery(world)
        robots = [
            Robot(place, scenery, self._project, options.seed)
            for place in scenery.places.values()
            if place.node.is_a("Robot")
        ]
        _check_robots(robots)
        self._specs = {robot.name: spec for robot in robots if (spec := self._spec(robot)) is not None}
        limits = Limits(
            max_sim_s=options.max_sim_s,
            step_timeout_s=options.step_timeout_s,
            start_timeout_s=options.start_timeout_s,
            pace=options.pace,
            stop=options.stop,
            on_step=options.on_step,
            on_event=options.on_event,
            keys=options.keys,
            joystick=options.joystick,
            window=options.window,
            display_dir=options.display_dir,
            display_period_s=options.display_period_s,
        )
        self._robots = robots
        self._world: World = world
        self.simulation = Simulation(world, self._project, robots, scenery, limits)

    def _spec(self, robot: Robot) -> ControllerSpec | None:
        name = robot.controller
        if name in _NO_CONTROLLER:
            return None
        node = robot.node
        if name.startswith("<"):
            raise WorldError(
                node.file,
                node.line,
                f'"{robot.name}": the stand-in has no controller {name}; name a folder of controllers/.',
            )
        script = self._project / "controllers" / name / f"{name}.py"
        if not script.is_file():
            sentence = f'"{robot.name}" wants the controller "{name}", but {script} does not exist.'
            raise WorldError(node.file, node.line, sentence)
        env = {**os.environ, **read_runtime_ini(script.parent), **self._options.env}
        return ControllerSpec(script=str(script), args=list(robot.node.get("controllerArgs")), env=env)

    def run(self) -> tuple[Ending, tuple[ControllerExit, ...]]:
        pump = OutputPump(quiet=self._options.quiet)
        started: dict[str, Process] = {}
        try:
            for robot in self._robots:
                if robot.name in self._specs:
                    robot.process = started[robot.name] = self._launcher.spawn(self._specs[robot.name])
                    pump.add(robot.name, robot.process)
            pump.start()
            ending = self.simulation.run(self._launcher)
            if self._options.display_dir is not None:
                self.simulation.save_displays(self._options.display_dir)
        finally:
            # also on KeyboardInterrupt: no controller outlives the run
            self._finish(started)
        pump.join(2.0)
        exits = tuple(
            ControllerExit(robot.name, robot.controller, started[robot.name].exit_code, pump.tail(robot.name))
            for robot in self._robots
            if robot.name in started
        )
        return ending, exits

    def _finish(self, started: dict[str, Process]) -> None:
        """Tell every controller that the simulation is over, give it its second, then end it."""
        deadline = time.monotonic() + self._options.grace_s
        for process in started.values():
            try:
                process.channel.send((-1, self.simulation.now / 1000.0, [], None, [], [], []))
            except ChannelClosed:
                continue
        for process in started.values():
            if self._launcher.wait(process, max(0.0, deadline - time.monotonic())) is None:
                self._launcher.kill(process)
                self._launcher.wait(process, 5.0)
            process.channel.close()


def _check_robots(robots: list[Robot]) -> None:
    seen: dict[str, Robot] = {}
    for robot in robots:
        if robot.place.parent is not None:
            raise WorldError(
                robot.node.file, robot.node.line, f'"{robot.name}" must stand at the top level of the world.'
            )
        if robot.name in seen:
            sentence = (
                f'two robots are named "{robot.name}" (line {seen[robot.name].node.line}); give each its own name.'
            )
            raise WorldError(robot.node.file, robot.node.line, sentence)
        seen[robot.name] = robot
