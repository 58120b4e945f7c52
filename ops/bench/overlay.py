"""Time the controller spends on the overlay, picture by picture, over the frames of a driven session."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from coach_core.coach import Coach, CoachSetup
from coach_core.contracts import Decision, SensorFrame
from coach_core.guidance.planning import ThreadPlanner
from coach_core.warmup import warm_up
from controllers.data import cue_catalogue, cue_texts
from controllers.parkit_coach.overlay import Overlay
from controllers.worldfiles import load_lot, load_profile
from ops.bench.machine import machine
from ops.bench.statistics import spread
from ops.bench.tick import record

WORLD = Path(__file__).resolve().parents[2] / "worlds" / "perpendicular.wbt"
BUDGET_MS = 2.0


class _CountingDisplay:
    """Takes a Display's calls and counts them, so that the figures are the overlay's own and no simulator's."""

    BGRA = 6

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.image_bytes = 0

    def getWidth(self) -> int:
        return 960

    def getHeight(self) -> int:
        return 540

    def imageNew(self, data: bytes, form: int, width: int, height: int) -> int:  # noqa: ARG002
        self.calls["imageNew"] += 1
        self.image_bytes += len(data)
        return self.calls["imageNew"]

    def __getattr__(self, name: str) -> Any:
        def count(*_: Any) -> None:
            self.calls[name] += 1

        setattr(self, name, count)
        return count


def measure(redraws: int = 2000, *, world: Path = WORLD, driver: str = "novice", seed: int = 26) -> dict[str, Any]:
    """Milliseconds per picture of `redraws` pictures, the making of new words and numbers included.

    `redraw_cpu_ms` leaves out the time in which other work had the processor. Ticks at which nothing is drawn are not
    counted, nor is what is prepared before the first tick (`open_ms`).
    The session starts anew, with a fresh overlay, as often as it takes.
    """
    ticks = decide(world, record(world, driver, seed))
    profile, lot, texts = load_profile(world), load_lot(world), cue_texts()
    times: list[float] = []
    cpu: list[float] = []
    opened: list[float] = []
    calls: list[int] = []
    new_bytes = 0
    while len(times) < redraws:
        display = _CountingDisplay()
        began = time.perf_counter_ns()
        overlay = Overlay(display, profile, lot, texts, "ko", "김하늘")
        opened.append((time.perf_counter_ns() - began) / 1e6)
        prepared_bytes = display.image_bytes
        before = len(times)
        for frame, decision in ticks:
            so_far = display.calls.total()
            began, worked = time.perf_counter_ns(), time.thread_time_ns()
            overlay.show(frame, decision, True)
            used = (time.thread_time_ns() - worked) / 1e6
            took = (time.perf_counter_ns() - began) / 1e6
            if display.calls.total() > so_far:
                times.append(took)
                cpu.append(used)
                calls.append(display.calls.total() - so_far)
        new_bytes += display.image_bytes - prepared_bytes
        if len(times) == before:
            raise RuntimeError(f"{world.name}: the session of {driver} drew nothing")
    drawn = len(times)
    return {
        "redraws": drawn,
        "recorded": {"world": world.stem, "driver": driver, "seed": seed, "frames": len(ticks)},
        "redraw_ms": spread(times),
        "redraw_cpu_ms": spread(cpu),
        "over_budget": sum(took > BUDGET_MS for took in times),
        "cpu_over_budget": sum(used > BUDGET_MS for used in cpu),
        "budget_ms": BUDGET_MS,
        "calls_per_redraw": spread(calls, 0),
        "image_bytes_per_redraw": round(new_bytes / drawn),
        "open_ms": spread(opened, 1),
        "machine": machine(),
    }


def decide(world: Path, frames: list[SensorFrame]) -> list[tuple[SensorFrame, Decision]]:
    """What a coach with full help decides for recorded frames."""
    warm_up()
    planner = ThreadPlanner(wait=True)
    setup = CoachSetup("car-1", "bench", load_profile(world), load_lot(world), cue_catalogue())
    coach = Coach(setup, planner)
    try:
        ticks = []
        for frame in frames:
            planner.settle()
            ticks.append((frame, coach.step(frame, frame.sim_time_s)))
        return ticks
    finally:
        planner.close()


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
