"""The planner's benchmark: scenes, solvers, and a table of what they came to.

python -m ops.bench.planner.run --count 100 --compare --tpcap path/to/cases
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import os
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numba
import numpy as np

from coach_core.planner.warmup import warm_up
from ops.bench.planner.scenes import FAMILIES, Scene, random_scenes, standard_tasks, tpcap_cases
from ops.bench.planner.solvers import Outcome, solve_ompl, solve_parkit
from ops.bench.statistics import wilson

Solver = Callable[[Scene, int], Outcome]


class Summary(NamedTuple):
    """One solver on one family. Feasible are the scenes that some solver of this run has solved."""

    family: str
    solver: str
    scenes: int
    feasible: int
    solved: int
    least_rate: float
    """lower 95 % bound (Wilson) of the rate of success on feasible scenes"""
    p50_ms: float
    p99_ms: float
    max_ms: float
    cusps: float
    segments: float
    clearance_p50: float
    below_20cm: float
    """share of its paths with less than 0.20 m of clearance"""


class Report(NamedTuple):
    """What a run came to, and on what."""

    machine: str
    outcomes: list[Outcome]
    notes: list[str]


def machine() -> str:
    """One line on what the figures were measured on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, numba {numba.__version__}"


def run(count: int, seed: int, *, compare: bool, tpcap: Path | None, families: Sequence[str] = FAMILIES) -> Report:
    """Every solver on the standard tasks, the TPCAP cases (if given) and `count` random scenes of each family."""
    warm_up()
    notes = ["Times are CPU time of one thread, kernels warm. Feasible: solved by some solver of this run."]
    scenes = standard_tasks()
    cases = tpcap_cases(tpcap) if tpcap else []
    if not cases:
        notes.append(f"TPCAP skipped: no Case1.csv ... Case8.csv in {tpcap or 'a folder (none was given)'}.")
    scenes += cases
    for family in families:
        scenes += random_scenes(family, count, seed)
    solvers: list[Solver] = [solve_parkit]
    if compare:
        if importlib.util.find_spec("ompl") is None:
            notes.append("OMPL skipped: not installed (pip install ompl).")
        else:
            solvers.append(solve_ompl)
    return Report(machine(), [solver(scene, seed) for scene in scenes for solver in solvers], notes)


def summarise(outcomes: Sequence[Outcome]) -> list[Summary]:
    """A line for each family and solver, in the order of their first outcome."""
    feasible = {outcome.scene for outcome in outcomes if outcome.solved}
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault((outcome.family, outcome.solver), []).append(outcome)
    return [_summary(family, solver, group, feasible) for (family, solver), group in groups.items()]


def _summary(family: str, solver: str, group: Sequence[Outcome], feasible: set[str]) -> Summary:
    possible = [outcome for outcome in group if outcome.scene in feasible]
    solved = [outcome for outcome in group if outcome.solved]
    times = np.array([outcome.seconds for outcome in possible or group]) * 1e3
    clearances = np.array([outcome.clearance for outcome in solved] or [math.nan])
    return Summary(
        family, solver, len(group), len(possible), len(solved), wilson(len(solved), len(possible))[0],
        float(np.median(times)), float(np.percentile(times, 99)), float(times.max()),
        float(np.mean([float(outcome.cusps) for outcome in solved] or [math.nan])),
        float(np.mean([float(outcome.segments) for outcome in solved] or [math.nan])),
        float(np.median(clearances)), float(np.mean(clearances < 0.20)),
    )  # fmt: skip


def render(report: Report) -> str:
    """The report as Markdown."""
    lines = [report.machine, "", *report.notes, ""]
    lines += ["| family | solver | solved / feasible / all | at least | p50 ms | p99 ms | max ms | cusps | segments |"]
    lines[-1] += " clearance p50 m | < 0.20 m |"
    lines.append("|---|---|---|---|---|---|---|---|---|---|---|")
    for s in summarise(report.outcomes):
        segments = f"{s.segments:.1f}" if s.segments else "–"
        lines.append(
            f"| {s.family} | {s.solver} | {s.solved} / {s.feasible} / {s.scenes} | {100 * s.least_rate:.1f} % |"
            f" {s.p50_ms:.1f} | {s.p99_ms:.0f} | {s.max_ms:.0f} | {s.cusps:.1f} | {segments} |"
            f" {s.clearance_p50:.2f} | {100 * s.below_20cm:.0f} % |"
        )
    missed = [o for o in report.outcomes if o.solver == "parkit" and not o.solved]
    if missed:
        lines += ["", "Not solved by parkit: " + ", ".join(f"{o.scene} ({o.problem})" for o in missed)]
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Benchmark the planner.")
    parser.add_argument("--count", type=int, default=100, help="random scenes per family")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--compare", action="store_true", help="run OMPL on the same scenes")
    parser.add_argument("--tpcap", type=Path, help="folder with the TPCAP cases (Case1.csv ...)")
    parser.add_argument("--families", nargs="*", choices=FAMILIES, default=list(FAMILIES))
    args = parser.parse_args()
    print(render(run(args.count, args.seed, compare=args.compare, tpcap=args.tpcap, families=args.families)))


if __name__ == "__main__":
    main()
