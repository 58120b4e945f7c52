"""Sensor frame to decision: replays the frames of a driven session through fresh coaches, garbage collector on."""

from __future__ import annotations

import gc
import heapq
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from coach_core.coach import Coach, CoachSetup
from coach_core.contracts import SensorFrame, decode
from coach_core.guidance.planning import ThreadPlanner
from coach_core.warmup import warm_up
from controllers.data import cue_catalogue
from controllers.worldfiles import load_lot, load_profile
from ops.bench.machine import machine
from ops.bench.statistics import spread
from ops.run import SessionOptions, StandInSimulator

BUDGET_MS = 10.0
SLOWEST = 5
"""So many of the slowest ticks are told one by one."""


def record(world: Path, driver: str, seed: int) -> list[SensorFrame]:
    """The frames of one session in the stand-in."""
    with StandInSimulator() as simulator:
        lines = simulator.record(SessionOptions(world=world, driver=driver, seed=seed))
    return [decode(line, SensorFrame) for line in lines]


def measure(
    world: Path, *, frames: int, driver: str, seed: int, on_done: Callable[[float], None] | None = None
) -> dict[str, Any]:
    """Times of `frames` steps [µs]. Plans are made in the worker thread, as in the car; a tick never waits for one.

    The collector is on, and told once, as in the car, that what the imports made lives for ever. Beside the time by the
    clock stands the thread's processor time: where only the first is long, the system had put the thread aside.
    """
    recorded = record(world, driver, seed)
    warm_up()
    profile, lot, catalogue = load_profile(world), load_lot(world), cue_catalogue()
    gc.freeze()
    try:
        with _collector_watched() as collected:
            setup = CoachSetup("car-1", "bench", profile, lot, catalogue)
            figures = _measure(recorded, setup, frames, collected, on_done)
    finally:
        gc.unfreeze()
    return figures | {"recorded": {"world": world.stem, "driver": driver, "seed": seed, "frames": len(recorded)}}


def _measure(
    recorded: list[SensorFrame],
    setup: CoachSetup,
    frames: int,
    collected: list[int],
    on_done: Callable[[float], None] | None,
) -> dict[str, Any]:
    times, processor, collector = np.empty(frames), np.empty(frames), np.empty(frames)
    done = 0
    while done < frames:
        planner = ThreadPlanner(wait=True)
        coach = Coach(setup, planner)
        for frame in recorded[: frames - done]:
            planner.settle()
            paused, used, began = collected[0], time.thread_time_ns(), time.perf_counter_ns()
            coach.step(frame, frame.sim_time_s)
            times[done] = (time.perf_counter_ns() - began) / 1000.0
            processor[done] = (time.thread_time_ns() - used) / 1000.0
            collector[done] = (collected[0] - paused) / 1000.0
            coach.take_events()
            done += 1
        planner.close()
        if on_done is not None:
            on_done(float(done))
    late = BUDGET_MS * 1000.0
    return {
        "frames": frames,
        "tick_us": spread(times.tolist(), 1) | {"p99.9": round(float(np.percentile(times, 99.9)), 1)},
        "processor_us": spread(processor.tolist(), 1),
        "over_budget": int(np.count_nonzero(times > late)),
        "processor_over_budget": int(np.count_nonzero(processor > late)),
        "slowest": [
            {
                "frame": i,
                "clock_us": round(float(times[i]), 1),
                "processor_us": round(float(processor[i]), 1),
                "collector_us": round(float(collector[i]), 1),
            }
            for i in heapq.nlargest(SLOWEST, range(frames), key=times.__getitem__)
        ],
        "budget_ms": BUDGET_MS,
        "machine": machine(),
    }


@contextmanager
def _collector_watched() -> Iterator[list[int]]:
    """One number, growing: how long the collector has looked for rubbish [ns]."""
    spent, began = [0], 0

    def watch(phase: str, _: dict[str, int]) -> None:
        nonlocal began
        if phase == "start":
            began = time.perf_counter_ns()
        else:
            spent[0] += time.perf_counter_ns() - began

    gc.callbacks.append(watch)
    try:
        yield spent
    finally:
        gc.callbacks.remove(watch)
