"""One session in a world, in Webots or in the stand-in, and its result as one JSON object."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from coach_core.errors import ParkitError, UsageError
from controllers.data import builtin_rubric
from controllers.parkit_coach.drivers import check_driver, full_name
from controllers.settings import load_settings
from worlds.headless import LaunchError, Runner, RunOptions, RunOutcome, WorldError

T = TypeVar("T")
Simulator = Literal["auto", "webots", "standin"]
EXIT_STATUS = {"parked": 0, "contact": 3, "timeout": 4, "aborted": 5}
"""Exit status of `parkit world run` by result; 1 is a failure of the run itself, 2 a wrong request."""
PRELOAD = ("ops.preload",)


class RunError(ParkitError):
    """The run itself failed: a controller crashed or hung, or the simulator did."""


@dataclass(frozen=True)
class SessionOptions:
    """What is driven, by whom, and where it is published."""

    world: Path
    driver: str = "novice"
    seed: int = 0
    assist: int = 4
    language: str = ""
    rubric: str = ""
    vehicle_id: str = "car-1"
    driver_name: str = ""
    session_id: str = ""
    pace: float | None = None
    """None: as fast as possible; 1.0: real time."""
    mqtt: tuple[str, int] | None = None
    time_limit_s: float = 240.0
    display_dir: Path | None = None
    outbox_dir: Path | None = None
    overlay: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    """More variables for the controllers. What is left empty here is theirs to take from this process's own."""

    def controller_environment(self, result_dir: Path) -> dict[str, str]:
        """The `PARKIT_…` variables that tell both controllers all this."""
        named = {
            "DRIVER_NAME": self.driver_name,
            "LANGUAGE": self.language,
            "RUBRIC": self.rubric,
            "SESSION_ID": self.session_id,
        }
        values: dict[str, object] = {key: value for key, value in named.items() if value} | {
            "DRIVER": full_name(self.driver),  # controllers run in a folder of their own
            "SEED": self.seed,
            "ASSIST": self.assist,
            "VEHICLE_ID": self.vehicle_id,
            "TIME_LIMIT_S": self.time_limit_s,
            "REAL_TIME": self.pace is not None,
            "RESULT_DIR": result_dir,
            "OVERLAY": self.overlay or self.display_dir is not None,
        }
        if self.mqtt is not None:
            values |= {"MQTT_HOST": self.mqtt[0], "MQTT_PORT": self.mqtt[1]}
        if self.outbox_dir is not None:
            values["OUTBOX_DIR"] = self.outbox_dir
        return {f"PARKIT_{key}": str(value) for key, value in values.items()} | dict(self.environment)


def check_world(world: Path) -> Path:
    """The world's full path; UsageError if there is no such world file."""
    if world.suffix != ".wbt":
        raise UsageError(f"{world} is not a world: want a .wbt file, such as worlds/perpendicular.wbt")
    if not world.is_file():
        raise UsageError(f"world {world} does not exist; run this in the project's folder or give its full path")
    return world.resolve()


def check_options(options: SessionOptions) -> Path:
    """The world's full path; UsageError says what of a request, or of the environment, cannot be done."""
    world = check_world(options.world)
    check_driver(options.driver)
    environment = os.environ | options.controller_environment(Path())
    builtin_rubric(load_settings(environment).rubric)
    return world


class _StepClock:
    """Wall time from the first step to the last: a run's start compiles and loads, its steps do not."""

    def __init__(self, on_step: Callable[[float], None] | None) -> None:
        self._on_step = on_step
        self._first: float | None = None
        self.stepping_s = 0.0

    def __call__(self, now: float) -> None:
        wall = time.monotonic()
        if self._first is None:
            self._first = wall
        self.stepping_s = wall - self._first
        if self._on_step is not None:
            self._on_step(now)


class StandInSimulator:
    """Runs sessions in the stand-in; keeps its fork server between them."""

    name = "standin"

    def __init__(self) -> None:
        self._runner = Runner()

    def warm(self) -> None:
        """Begin loading and compiling what the controllers need, in the background."""
        self._runner.warm(PRELOAD)

    def __enter__(self) -> StandInSimulator:
        self._runner.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._runner.__exit__(*exc)  # type: ignore[arg-type]

    def run(
        self,
        options: SessionOptions,
        *,
        stop: Callable[[], bool] | None = None,
        on_step: Callable[[float], None] | None = None,
    ) -> dict[str, Any]:
        """The session's result; RunError if a controller failed, UsageError if the request is wrong."""
        return self._run(options, lambda folder, outcome: _result(options, folder, outcome, self.name), stop, on_step)

    def _run(
        self,
        options: SessionOptions,
        keep: Callable[[Path, RunOutcome], T],
        stop: Callable[[], bool] | None = None,
        on_step: Callable[[float], None] | None = None,
    ) -> T:
        world = check_options(options)
        clock = _StepClock(on_step)
        with tempfile.TemporaryDirectory(prefix="parkit-run-") as folder:
            result_dir = Path(folder)
            run_options = RunOptions(
                seed=options.seed,
                pace=options.pace,
                preload=PRELOAD,
                env=options.controller_environment(result_dir),
                max_sim_s=options.time_limit_s + 60.0,
                display_dir=options.display_dir,
                stop=stop,
                on_step=clock,
            )
            try:
                outcome = self._runner.run(world, run_options)
            except WorldError as error:
                raise UsageError(str(error)) from error
            except LaunchError as error:
                raise RunError(f"{world.name}: {error}") from error
            return keep(result_dir, replace(outcome, wall_time_s=clock.stepping_s))

    def record(self, options: SessionOptions) -> list[bytes]:
        """Drive a session and return its sensor frames, as they went on the wire."""
        options = replace(options, environment={**options.environment, "PARKIT_RECORD": "1"})

        def keep(result_dir: Path, outcome: RunOutcome) -> list[bytes]:
            _result(options, result_dir, outcome, self.name)
            return (result_dir / "frames.jsonl").read_bytes().splitlines()

        return self._run(options, keep)


def _result(options: SessionOptions, result_dir: Path, outcome: RunOutcome, simulator: str) -> dict[str, Any]:
    for controller in outcome.controllers:
        if controller.exit_code == 2:  # the controller said in one sentence what is wrong
            *_, sentence = ["a controller refused to start", *controller.stderr_tail.strip().splitlines()]
            raise UsageError(sentence)
    if outcome.verdict == "stopped":
        raise KeyboardInterrupt
    if outcome.verdict not in ("quit", "timeout"):
        tails = "\n".join(c.stderr_tail for c in outcome.controllers if c.stderr_tail)
        raise RunError(f"{options.world.name}: {outcome.verdict}: {outcome.detail}\n{tails}".rstrip())
    return _merge(options, result_dir, outcome.sim_time_s, outcome.wall_time_s, simulator)


def _merge(
    options: SessionOptions, result_dir: Path, sim_time_s: float, wall_time_s: float, simulator: str
) -> dict[str, Any]:
    """The two controllers' findings as the one object `world run` prints."""
    parts = {}
    for name in ("examiner", "coach"):
        path = result_dir / f"{name}.json"
        if not path.exists():
            raise RunError(f"{options.world.name}: the {name} left no result; see its messages above")
        parts[name] = json.loads(path.read_text(encoding="utf-8"))
    examiner, coach = parts["examiner"], parts["coach"]
    return {
        "world": options.world.stem,
        "driver": options.driver,
        "seed": options.seed,
        "assist": options.assist,
        "simulator": simulator,
        "result": examiner["result"],
        "score": coach["score"],
        "contacts": examiner["contacts"],
        "min_clearance_m": examiner["min_clearance_m"],
        "duration_s": examiner["duration_s"],
        "cusps": coach["cusps"],
        "end_pose": examiner["end_pose"],
        "slot_id": examiner["slot_id"],
        "frames": coach["frames"],
        "decision_us": coach["decision_us"],
        "real_time_factor": round(sim_time_s / wall_time_s, 2) if wall_time_s > 0 else None,
        "session_id": coach["session_id"],
        "card": coach["card"],
        "digest": coach["digest"],
    }


def find_webots() -> Path | None:
    """The webots executable of `WEBOTS_HOME`, or None."""
    home = os.environ.get("WEBOTS_HOME")
    if not home:
        return None
    for candidate in (
        Path(home) / "webots",
        Path(home) / "bin" / "webots-bin",
        Path(home) / "msys64/mingw64/bin/webotsw.exe",
    ):
        if candidate.exists():
            return candidate
    return None


class WebotsSimulator:
    """Runs sessions in Webots itself, without a window; one fresh process each."""

    name = "webots"

    def __init__(self) -> None:
        executable = find_webots()
        if executable is None:
            raise UsageError("Webots was not found: set WEBOTS_HOME to its folder, or use --simulator standin")
        self._executable = executable

    def __enter__(self) -> WebotsSimulator:
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    def run(
        self,
        options: SessionOptions,
        *,
        stop: Callable[[], bool] | None = None,
        on_step: Callable[[float], None] | None = None,
    ) -> dict[str, Any]:
        """As the stand-in's; `on_step` is never called, Webots does not tell its time."""
        del on_step
        world = check_options(options)
        mode = "realtime" if options.pace is not None else "fast"
        command = [str(self._executable), "--batch", f"--mode={mode}", "--stdout", "--stderr", str(world)]
        if mode == "fast":
            command[2:2] = ["--no-rendering", "--minimize"]
        if shutil.which("xvfb-run") and not os.environ.get("DISPLAY"):
            command = ["xvfb-run", "--auto-servernum", *command]
        with tempfile.TemporaryDirectory(prefix="parkit-run-") as folder:
            result_dir = Path(folder)
            environment = os.environ | options.controller_environment(result_dir)
            began = time.monotonic()
            process = subprocess.Popen(command, env=environment, start_new_session=True)
            try:
                while process.poll() is None:
                    if stop is not None and stop():
                        raise KeyboardInterrupt
                    if time.monotonic() - began > options.time_limit_s * 4.0 + 120.0:
                        raise RunError(f"{world.name}: Webots did not finish in time and was ended")
                    time.sleep(0.1)
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait(5.0)
            if process.returncode == 2:
                raise UsageError(f"{world.name}: the examiner refused the run; see its message above")
            wall = time.monotonic() - began
            examiner = json.loads((result_dir / "examiner.json").read_text()) if process.returncode != 1 else {}
            return _merge(options, result_dir, float(examiner.get("duration_s", 0.0)), wall, self.name)


def simulator(which: Simulator) -> StandInSimulator | WebotsSimulator:
    """The simulator asked for; auto takes Webots where it is installed."""
    if which == "webots" or (which == "auto" and find_webots() is not None):
        return WebotsSimulator()
    return StandInSimulator()
