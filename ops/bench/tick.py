"""Sensor frame to decision: replays the frames of a driven session through fresh coaches, garbage collector on."""

from __future__ import annotations

import time
from collections.abc import Callable
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


def record(world: Path, driver: str, seed: int) -> list[SensorFrame]:
    """The frames of one session in the stand-in."""
    with StandInSimulator() as simulator:
        lines = simulator.record(SessionOptions(world=world, driver=driver, seed=seed))
    return [decode(line, SensorFrame) for line in lines]


def measure(
    world: Path, *, frames: int, driver: str, seed: int, on_done: Callable[[float], None] | None = None
) -> dict[str, Any]:
    """Times of `frames` steps [µs]. Plans are made in the worker thread, as in the car; a tick never waits for one."""
    recorded = record(world, driver, seed)
    warm_up()
    profile, lot, catalogue = load_profile(world), load_lot(world), cue_catalogue()
    times = np.empty(frames)
    done = 0
    while done < frames:
        planner = ThreadPlanner(wait=True)
        coach = Coach(CoachSetup("car-1", "bench", profile, lot, catalogue), planner)
        for frame in recorded[: frames - done]:
            planner.settle()
            began = time.perf_counter_ns()
            coach.step(frame, frame.sim_time_s)
            times[done] = (time.perf_counter_ns() - began) / 1000.0
            coach.take_events()
            done += 1
        planner.close()
        if on_done is not None:
            on_done(float(done))
    return {
        "frames": frames,
        "recorded": {"world": world.stem, "driver": driver, "seed": seed, "frames": len(recorded)},
        "tick_us": spread(times.tolist(), 1) | {"p99.9": round(float(np.percentile(times, 99.9)), 1)},
        "over_budget": int(np.count_nonzero(times > BUDGET_MS * 1000.0)),
        "budget_ms": BUDGET_MS,
        "machine": machine(),
    }
