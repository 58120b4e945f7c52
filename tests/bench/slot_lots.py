"""Random lots for the recommendation, and what the best advice would have been.

A lot has 5 to 20 slots along one or both sides of an aisle, all perpendicular (2.3 to 2.6 m wide), angled at 60° or
parallel (5.2 to 7.5 m long) on a side, 30 to 70 % of them taken, the aisle 5.5 to 7 m (one-sided angled and parallel
rows from 4.5 m), up to three cones about the aisle, and a learner somewhere in its first half.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.contracts import SlotMap
from coach_core.contracts.messages import Occupancy, SlotKind
from coach_core.geometry.polygons import ObstacleSet, body_clearance, pack_obstacles
from coach_core.geometry.poses import Pose
from coach_core.guidance.guide import TURNS
from coach_core.guidance.planning import PlanRequest, solve
from coach_core.guidance.recommendation import Chooser, effort_of, misfit
from coach_core.perception.slots import Slot, slot_from_map
from coach_core.planner import PlanOptions, PlanResult, improve, plan
from ops.bench.planner.checker import check_path
from tests.toy.frames import CAR, PROFILE

Polygons = list[NDArray[np.float64]]
STEERS = tuple(turns * 2.0 * math.pi / PROFILE.steering_ratio for turns in TURNS.values())
QUICK = PlanOptions(max_expansions=4000)
THOROUGH = PlanOptions(max_expansions=2000, refine=30)


class Lot(NamedTuple):
    """Slots, what is in them, where the learner stands, and all there is to hit."""

    slots: list[Slot]
    occupancy: dict[str, Occupancy]
    start: Pose
    walls: Polygons
    """Walls and cones."""

    def polygons(self) -> Polygons:
        """Everything a plan must keep clear of."""
        taken = [slot.assumed_car() for slot in self.slots if self.occupancy[slot.slot_id] != "free"]
        return [*self.walls, *taken]


class Advice(NamedTuple):
    """What the chooser said of a lot, and what thorough planning of every slot says of that."""

    chosen: str | None
    offered: int
    impossible: int
    """Slots offered whose plan does not stand up to the independent checker."""
    asked: int
    """Plans until the choice was settled."""
    regret: float
    """How much more effort the chosen slot costs than the best [1]; 0 where none can be entered."""


def _side(kind: SlotKind, name: str, y: float, inward: float, count: int, rng: np.random.Generator) -> list[SlotMap]:
    """A row of slots along the aisle, from x = 0 on."""
    width = float(rng.uniform(5.2, 7.5) if kind == "parallel" else rng.uniform(2.3, 2.6))
    lean = math.radians(30.0) if kind == "angled" else 0.0
    pitch = width / math.cos(lean)
    depth = 2.2 if kind == "parallel" else 5.0
    # angled slots lean so that one drives past them and reverses in
    yaw = inward + math.copysign(lean, inward)
    heading = 0.0 if kind == "parallel" else None
    return [
        SlotMap(f"{name}{n}", kind, (n + 0.5) * pitch, y, yaw, width, depth, parked_yaw_rad=heading)
        for n in range(count)
    ]


def draw_lot(seed: int) -> Lot:
    """Lot `seed`; the learner touches nothing at the start."""
    rng = np.random.default_rng([seed, 0x107])
    while True:
        kinds: list[SlotKind] = ["perpendicular", "angled", "parallel"]
        first = kinds[int(rng.integers(3))]
        both = bool(rng.random() < 0.5)
        aisle = float(rng.uniform(5.5 if both or first == "perpendicular" else 4.5, 7.0))
        count = int(rng.integers(5, 11))
        maps = _side(first, "A", 0.0, -0.5 * math.pi, count, rng)
        deep = 5.6
        if both:
            second = kinds[int(rng.integers(2))]
            maps += _side(second, "B", aisle, 0.5 * math.pi, int(rng.integers(5, 11)), rng)
        slots = [slot_from_map(one) for one in maps]
        taken = rng.uniform(0.3, 0.7)
        occupancy: dict[str, Occupancy] = {
            slot.slot_id: "occupied" if rng.random() < taken else "free" for slot in slots
        }
        end = max(float(slot.corners()[:, 0].max()) for slot in slots) + 6.0
        top = aisle + (deep if both else 0.0)
        walls: Polygons = [
            np.array([[-12.0, -deep - 0.3], [end, -deep - 0.3], [end, -deep], [-12.0, -deep]]),
            np.array([[-12.0, top], [end, top], [end, top + 0.3], [-12.0, top + 0.3]]),
        ]
        for _ in range(int(rng.integers(0, 4))):
            at = np.array([rng.uniform(0.0, end - 6.0), rng.uniform(-0.5, aisle)])
            walls.append(at + 0.2 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]]))
        start = np.array([rng.uniform(-8.0, 0.4 * end), rng.uniform(0.35, 0.65) * aisle, rng.normal(0.0, 0.05)])
        lot = Lot(slots, occupancy, start, walls)
        clear = body_clearance(CAR, start, pack_obstacles(lot.polygons())) > 0.3
        if clear and any(state == "free" for state in occupancy.values()):
            return lot


def quick_plan(lot: Lot, slot: Slot, obstacles: ObstacleSet) -> PlanResult:
    """As the coach plans on the way."""
    entry = "along" if slot.kind == "parallel" else "reverse"
    goal = slot.parked_pose(CAR)
    return solve(PlanRequest(slot.slot_id, CAR, lot.start, goal, obstacles, 0.0, STEERS, entry, QUICK))


def least_effort(lot: Lot, slot: Slot, obstacles: ObstacleSet, quick: PlanResult) -> float:
    """The least effort any of the planners finds for a slot."""
    goal = slot.parked_pose(CAR)
    first = plan(CAR, lot.start, goal, obstacles, THOROUGH)
    better = improve(CAR, lot.start, goal, obstacles, first, THOROUGH)
    return min(effort_of(slot, result) for result in (quick, first, better))


def advise(lot: Lot) -> Advice:
    """Ask the chooser as the coach does, then plan everything thoroughly and compare."""
    polygons = lot.polygons()
    obstacles = pack_obstacles(polygons)
    chooser = Chooser(CAR)
    chooser.look(lot.slots, lot.occupancy, lot.start)
    plans: dict[str, PlanResult] = {}
    settled_after = 0
    while (question := chooser.question()) is not None:
        settled_after += not chooser.settled
        plans[question.slot.slot_id] = quick_plan(lot, question.slot, obstacles)
        chooser.answer(question, plans[question.slot.slot_id])
    offered = [offer.slot_id for offer in chooser.offers() if offer.feasible]
    impossible = 0
    for slot in lot.slots:
        if slot.slot_id in offered:
            path, gears = plans[slot.slot_id].poses, plans[slot.slot_id].gears
            miss = path[-1] - slot.parked_pose(CAR)
            verdict = check_path(CAR, path, gears, lot.start, path[-1], polygons)
            there = math.hypot(*miss[:2]) < 0.15 and abs(math.remainder(miss[2], 2.0 * math.pi)) < 0.05
            impossible += bool(verdict.problems) or not there
    efforts = {
        slot.slot_id: least_effort(lot, slot, obstacles, plans.get(slot.slot_id, NO_QUICK))
        for slot in lot.slots
        if lot.occupancy[slot.slot_id] == "free" and misfit(slot, CAR) is None
    }
    best, chosen = min(efforts.values(), default=math.inf), chooser.best()
    if chosen is None:
        regret = 0.0 if math.isinf(best) else math.inf
    else:
        regret = efforts[chosen] / best - 1.0
    return Advice(chosen, len(offered), impossible, settled_after, regret)


NO_QUICK = plan(CAR, np.full(3, math.nan), np.zeros(3), pack_obstacles([]))
