"""One driven session with the pictures of the car's display, and what the coach thought at each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from coach_core.contracts import Decision, SensorFrame, decode
from coach_core.errors import ParkitError
from controllers.parkit_coach.overlay.layout import HEIGHT, WIDTH
from controllers.parkit_examiner.scenario import load_scenario
from controllers.parkit_examiner.trace import read_trace
from ops.bench.overlay import decide
from ops.pictures.scenery import Point, Scenery
from ops.run import PRELOAD, SessionOptions, check_options
from worlds.headless import Runner, RunOptions

PERIOD_S = 0.1
"""Simulated time between two pictures of the display."""
LASTING_S = 0.2
"""A moment that is shorter than this [s] may fall between two pictures."""

Wanted = Callable[[SensorFrame, Decision], bool]


class Eye(NamedTuple):
    """From where one looks, and at what (world frame [m])."""

    at: Point
    target: Point


class Film:
    """A session in `folder`. ParkitError if it could not be driven."""

    def __init__(self, options: SessionOptions, folder: Path) -> None:
        world = check_options(options)
        options = SessionOptions(**{**vars(options), "display_dir": folder, "environment": {"PARKIT_RECORD": "1"}})
        run = RunOptions(
            seed=options.seed,
            preload=PRELOAD,
            env=options.controller_environment(folder),
            max_sim_s=options.time_limit_s + 60.0,
            display_dir=folder,
            display_period_s=PERIOD_S,
        )
        with Runner() as runner:
            outcome = runner.run(world, run)
        if outcome.verdict != "quit":
            raise ParkitError(f"{world.name}: {outcome.verdict}: {outcome.detail}")
        lines = (folder / "frames.jsonl").read_bytes().splitlines()
        self._ticks = decide(world, [decode(line, SensorFrame) for line in lines])
        self._shots = sorted((_time(path), path) for path in folder.glob("*-overlay-*.png"))
        trace = read_trace(folder / "trace.jsonl.gz")
        self._scenery = Scenery(world, trace, load_scenario(world).ego_def)

    def moment(self, *wanted: Wanted, what: str) -> float:
        """The middle [s] of the first lasting stretch of what is `wanted`, dearest wish first; ParkitError if none."""
        stretches = [span for wish in wanted for span in self._stretches(wish)]
        if not stretches:
            raise ParkitError(f"this session has no moment of {what}; choose another seed or driver for it")
        start, end = next((span for span in stretches if _length(span) >= LASTING_S), max(stretches, key=_length))
        return 0.5 * (start + end)

    def _stretches(self, wanted: Wanted) -> list[tuple[float, float]]:
        """From when to when [s] something was so."""
        spans: list[tuple[float, float]] = []
        before = False
        for frame, decision in self._ticks:
            now, fits = frame.sim_time_s, wanted(frame, decision)
            if fits and before:
                spans[-1] = (spans[-1][0], now)
            elif fits:
                spans.append((now, now))
            before = fits
        return spans

    @property
    def end(self) -> float:
        """When the last picture was taken [s]: the debrief stands there."""
        return self._shots[-1][0]

    def picture(self, now: float, eye: Eye) -> Image.Image:
        """The display at `now` [s] over the view from `eye`, in 256 colours."""
        view = self._scenery.draw(now, eye.at, eye.target, (WIDTH, HEIGHT)).convert("RGBA")
        _, path = min(self._shots, key=lambda shot: abs(shot[0] - now))
        view.alpha_composite(Image.open(path).convert("RGBA"))
        # a palette keeps the file at a fifth of its size, and that way of choosing it keeps rare colours
        return view.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)


def _length(span: tuple[float, float]) -> float:
    return span[1] - span[0]


def _time(path: Path) -> float:
    return int(path.stem.rpartition("-")[2].removesuffix("ms")) / 1000.0
