"""The planner's benchmark: every solver on its share of the scenes."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from coach_core.planner.warmup import warm_up
from ops.bench.planner.scenes import EASY, FAMILIES, TIGHT, Scene, random_scenes, standard_tasks, tpcap_cases
from ops.bench.planner.solvers import (
    OMPL_LIMIT,
    Outcome,
    seed_ompl,
    solve_improved,
    solve_ompl,
    solve_oracle,
    solve_parkit,
    solve_patiently,
)

CASES = 8
"""TPCAP cases there should be."""


class Size(NamedTuple):
    """How many random scenes; the standard tasks and the TPCAP cases are always run in full, by every solver."""

    plans: int
    """of each easy and tight family"""
    others: int
    """of each other family"""
    second_looks: int
    """of these, the first so many are also improved"""
    peers: int
    """of these, the first so many are also put to OMPL, and easy ones to the oracle of quality"""


FULL = Size(500, 16, 60, 6)
QUICK = Size(20, 6, 6, 2)


class Report(NamedTuple):
    """What a run came to; outcomes in the order of the scenes."""

    seed: int
    outcomes: list[Outcome]
    notes: list[str]


class _Job(NamedTuple):
    scene: Scene
    improved: bool
    peers: bool
    patient: bool


def run(
    seed: int,
    size: Size,
    *,
    compare: bool,
    tpcap: Path | None = None,
    families: tuple[str, ...] = FAMILIES,
    on_done: Callable[[float], None] | None = None,
) -> Report:
    """Every solver on its share. on_done is told the share done, 0 to 1.

    A scene that nobody has solved goes to the oracle of feasibility, which may take ten seconds.
    """
    warm_up()
    notes = ["Times are CPU time of one thread, kernels warm."]
    fixed = standard_tasks()
    cases = tpcap_cases(tpcap) if tpcap else []
    if len(cases) < CASES:
        notes.append(f"TPCAP skipped in part: {len(cases)} of {CASES} cases at hand (see docs/planner.md).")
    peers = compare and importlib.util.find_spec("ompl") is not None
    if peers:
        seed_ompl(seed)
        notes.append(f"OMPL: RRTConnect on Reeds-Shepp curves, at most {OMPL_LIMIT:g} s, then simplified.")
    elif compare:
        notes.append("OMPL skipped: not installed (pip install ompl).")
    jobs = [_Job(scene, True, peers, False) for scene in fixed + cases]
    for family in families:
        count = size.plans if family in EASY + TIGHT else size.others
        for index, scene in enumerate(random_scenes(family, count, seed)):
            mine = index < size.peers
            jobs.append(_Job(scene, index < size.second_looks, peers and mine, compare and mine and family in EASY))
    outcomes: list[Outcome] = []
    for done, job in enumerate(jobs):
        outcomes += _solve(job)
        if on_done is not None:
            on_done((done + 1) / len(jobs))
    return Report(seed, outcomes, notes)


def _solve(job: _Job) -> list[Outcome]:
    outcomes = [solve_parkit(job.scene)]
    if job.improved:
        outcomes.append(solve_improved(job.scene))
    if job.peers:
        outcomes.append(solve_ompl(job.scene))
    if job.patient:
        outcomes.append(solve_patiently(job.scene))
    if not any(outcome.solved for outcome in outcomes):
        outcomes.append(solve_oracle(job.scene))
    return outcomes
