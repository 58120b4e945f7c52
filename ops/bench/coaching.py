"""Does coaching help? The same simulated novices, the same scenarios, with full guidance and with none."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ops.bench.machine import machine
from ops.bench.statistics import spread, wilson
from ops.run import RunError, SessionOptions, StandInSimulator

_simulator: StandInSimulator | None = None


def _begin() -> None:
    global _simulator
    _simulator = StandInSimulator()


def _drive(job: tuple[Path, str, int, int]) -> dict[str, Any]:
    world, driver, seed, assist = job
    assert _simulator is not None
    try:
        return _simulator.run(SessionOptions(world=world, driver=driver, seed=seed, assist=assist))
    except RunError as error:
        return {"seed": seed, "assist": assist, "result": "failed", "error": str(error)}


def measure(
    world: Path,
    *,
    driver: str,
    seeds: Iterable[int],
    assists: Iterable[int],
    workers: int = 2,
    on_done: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Every seed at every assist level; figures per level and each session's result."""
    levels = list(assists)
    jobs = [(world, driver, seed, assist) for assist in levels for seed in seeds]
    sessions: list[dict[str, Any]] = []
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, initializer=_begin) as pool:
        for result in pool.imap(_drive, jobs):
            sessions.append(result)
            if on_done is not None:
                on_done(float(len(sessions)))
    return {
        "world": world.stem,
        "driver": driver,
        "simulator": "standin",
        "machine": machine(),
        "levels": {str(level): summary([s for s in sessions if s["assist"] == level]) for level in levels},
        "sessions": [
            {key: s.get(key) for key in ("seed", "assist", "result", "score", "duration_s", "cusps", "digest", "error")}
            for s in sessions
        ],
    }


def summary(sessions: list[dict[str, Any]]) -> dict[str, Any]:
    """Shares with 95 % bounds, and the spread of what matters among those that parked."""
    results = Counter(s["result"] for s in sessions)
    parked = [s for s in sessions if s["result"] == "parked"]
    low, high = wilson(len(parked), len(sessions))
    poses = [s["end_pose"] for s in parked if s["end_pose"]]
    return {
        "sessions": len(sessions),
        "results": dict(sorted(results.items())),
        "parked_share": round(len(parked) / len(sessions), 4) if sessions else None,
        "parked_95": [round(low, 4), round(high, 4)],
        "contacts": results.get("contact", 0),
        "score": spread([s["score"] for s in parked if s["score"] is not None], 1),
        "duration_s": spread([s["duration_s"] for s in parked], 1),
        "cusps": spread([s["cusps"] for s in parked], 1),
        "lateral_m": spread([abs(p["lateral_m"]) for p in poses]),
        "depth_m": spread([abs(p["depth_m"]) for p in poses]),
        "yaw_deg": spread([abs(p["yaw_rad"]) * 57.29578 for p in poses], 2),
        "least_clearance_m": min(
            (s["min_clearance_m"] for s in parked if s["min_clearance_m"] is not None), default=None
        ),
    }


def markdown(figures: dict[str, Any], command: str) -> str:
    """The results table, with the command that made it."""
    lines = [
        f"# Coaching: {figures['driver']} on `{figures['world']}`",
        "",
        f"Command: `{command}`  ",
        f"Simulator: {figures['simulator']}. Machine: {figures['machine']['cpu']}, "
        f"{figures['machine']['cores']} cores, {figures['machine']['measured_at']}.",
        "",
        "| assist | sessions | parked | 95 % | contact | timeout | left outside a slot | median score | median time |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for level, f in figures["levels"].items():
        results = f["results"]
        lines.append(
            f"| {level} | {f['sessions']} | {results.get('parked', 0)} | "
            f"{100 * f['parked_95'][0]:.0f}-{100 * f['parked_95'][1]:.0f} % | {results.get('contact', 0)} | "
            f"{results.get('timeout', 0)} | {results.get('aborted', 0)} | {f['score'].get('p50', '-')} | "
            f"{f['duration_s'].get('p50', '-')} s |"
        )
    lines += [
        "",
        "Among those that parked, p50 / p95:",
        "",
        "| assist | lateral m | depth m | yaw ° |",
        "|---|---|---|---|",
    ]
    for level, f in figures["levels"].items():
        cells = [f"{f[k].get('p50', '-')} / {f[k].get('p95', '-')}" for k in ("lateral_m", "depth_m", "yaw_deg")]
        lines.append(f"| {level} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
