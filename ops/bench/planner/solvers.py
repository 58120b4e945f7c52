"""The planners that are compared, each behind one function: a scene in, an outcome out."""

from __future__ import annotations

import importlib
import math
import time
from typing import NamedTuple

import numpy as np

from coach_core.geometry.polygons import clearance_at, pack_obstacles
from coach_core.planner import PlanOptions, PlanStatus, improve, plan
from coach_core.vehicle import VehicleParams
from ops.bench.planner.checker import STEP, check_path, least_clearance
from ops.bench.planner.scenes import Scene

LEAST_MARGIN = 0.03
"""Clearance [m] that every solver must keep, at the least."""
TPCAP_LEAST_MARGIN = 0.005
"""The TPCAP cases ask for no clearance at all, and case 7 leaves hardly any."""
LONG_LOOK = 30_000
"""Nodes of the oracle of quality."""
ORACLE_EXPANSIONS = 250_000
"""Nodes of the oracle of feasibility; the planner itself has 60,000."""
OMPL_LIMIT = 3.0
"""CPU seconds OMPL has for a scene, and as many again to simplify what it found."""
_CHECKED = 0.05
"""How far apart [m] OMPL looks at its motions."""


class Outcome(NamedTuple):
    """One solver on one scene. `problem` says why a path that was found may not be driven ("" if it may)."""

    scene: str
    family: str
    solver: str
    solved: bool
    seconds: float
    """CPU time of the calling thread"""
    cusps: int = 0
    segments: int = 0
    length: float = 0.0
    clearance: float = 0.0
    problem: str = ""


def least_margin(scene: Scene) -> float:
    """Clearance [m] that a path for this scene must keep."""
    return TPCAP_LEAST_MARGIN if scene.family == "tpcap" else LEAST_MARGIN


def solve_parkit(scene: Scene) -> Outcome:
    """Our planner's first answer."""
    return _ours("parkit", scene, _options(scene))


def solve_improved(scene: Scene) -> Outcome:
    """Our planner's first answer and its second look at it; the time is that of both."""
    return _ours("parkit, improved", scene, _options(scene), again=True)


def solve_patiently(scene: Scene) -> Outcome:
    """The oracle of quality: a second look of ten times the effort, for the fewest changes of gear that are known."""
    patient = _options(scene)._replace(second_look=LONG_LOOK, refine=200)
    return _ours("long look", scene, patient, again=True)


def solve_oracle(scene: Scene) -> Outcome:
    """The oracle of feasibility: our searches with several times the effort, at the least clearance that counts."""
    least = least_margin(scene)
    return _ours("oracle", scene, PlanOptions(margin=least, min_margin=least, max_expansions=ORACLE_EXPANSIONS))


def _options(scene: Scene) -> PlanOptions:
    return PlanOptions(margin=scene.margin, min_margin=least_margin(scene))


def _ours(name: str, scene: Scene, options: PlanOptions, *, again: bool = False) -> Outcome:
    """Our planner, its answer judged by the independent checker."""
    car, obstacles = VehicleParams(*scene.car), pack_obstacles(scene.obstacles)
    began = time.thread_time()
    result = plan(car, scene.start, scene.goal, obstacles, options)
    if again:
        result = improve(car, scene.start, scene.goal, obstacles, result, options)
    seconds = time.thread_time() - began
    if result.status is not PlanStatus.FOUND:
        return Outcome(scene.name, scene.family, name, False, seconds, problem=result.status.value)
    verdict = check_path(scene.car, result.poses, result.gears, scene.start, scene.goal, scene.obstacles)
    return Outcome(
        scene.name, scene.family, name, not verdict.problems, seconds, verdict.cusps, len(result.segments),
        verdict.length, verdict.clearance, "; ".join(verdict.problems),
    )  # fmt: skip


def seed_ompl(seed: int) -> None:
    """Make OMPL's chance repeatable; counts for a process's first run only."""
    importlib.import_module("ompl.util").RNG.setSeed(seed + 1)


def solve_ompl(scene: Scene, limit: float = OMPL_LIMIT) -> Outcome:
    """OMPL's RRTConnect on Reeds-Shepp curves, simplified as OMPL does by default; at most `limit` s.

    While it plans, poses are judged by our compiled clearance, which does it a favour over a check in Python; what it
    found is judged by the independent one every centimetre.
    """
    ob, og, ou = (importlib.import_module(f"ompl.{name}") for name in ("base", "geometric", "util"))
    ou.setLogLevel(ou.LOG_ERROR)
    car, obstacles, margin = VehicleParams(*scene.car), pack_obstacles(scene.obstacles), least_margin(scene)
    space = ob.ReedsSheppStateSpace(car.min_radius)
    bounds = ob.RealVectorBounds(2)
    ends = np.array([scene.start, scene.goal])
    for axis in range(2):
        bounds.setLow(axis, float(ends[:, axis].min() - 12.0))
        bounds.setHigh(axis, float(ends[:, axis].max() + 12.0))
    space.setBounds(bounds)
    setup = og.SimpleSetup(space)
    setup.setStateValidityChecker(
        lambda state: bool(clearance_at(car, state.getX(), state.getY(), state.getYaw(), obstacles, 2.0) > margin)
    )
    information = setup.getSpaceInformation()
    information.setStateValidityCheckingResolution(_CHECKED / information.getMaximumExtent())
    states = []
    for x, y, yaw in ends:
        state = space.allocState()
        state.setX(float(x))
        state.setY(float(y))
        state.setYaw(math.remainder(float(yaw), 2.0 * math.pi))
        states.append(state)
    setup.setStartAndGoalStates(*states)
    setup.setPlanner(og.RRTConnect(information))
    began = time.thread_time()
    setup.solve(ob.PlannerTerminationCondition(lambda: time.thread_time() - began > limit))
    solved = bool(setup.haveExactSolutionPath())
    if solved:
        setup.simplifySolution(limit)
    seconds = time.thread_time() - began
    if not solved:
        return Outcome(scene.name, scene.family, "ompl", False, seconds, problem="not found in time")
    path = setup.getSolutionPath()
    path.interpolate(max(int(path.length() / STEP) + 1, 2))
    poses = np.array(
        [[s.getX(), s.getY(), s.getYaw()] for s in (path.getState(i) for i in range(path.getStateCount()))]
    )
    steps = np.diff(poses[:, :2], axis=0)
    rolls = np.hypot(*steps.T) > 1e-4
    ahead = (np.cos(poses[:-1, 2]) * steps[:, 0] + np.sin(poses[:-1, 2]) * steps[:, 1] > 0.0)[rolls]
    clearance = least_clearance(scene.car, poses, scene.obstacles)
    cusps = int(np.count_nonzero(np.diff(ahead.astype(int))))
    return Outcome(
        scene.name, scene.family, "ompl", clearance > 0.0, seconds, cusps, 0, float(path.length()), clearance,
        "" if clearance > 0.0 else "hits an obstacle",
    )  # fmt: skip
