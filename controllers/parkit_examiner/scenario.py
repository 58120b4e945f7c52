"""What changes from seed to seed: which slot is free, how the neighbours stand, where the learner starts."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from coach_core.contracts import LotMap
from coach_core.errors import UsageError
from controllers.worldfiles import read_message

AWAY = (80.0, 80.0)
"""A car that is not in this scenario waits here [m]: out of sight, off the floor's middle."""
SETTLED_Z = 0.28
"""Height [m] of the learner's rear axle when the car stands on its wheels."""


class StartSpread(msgspec.Struct, frozen=True):
    """Where the learner may start: [low, high] of each coordinate."""

    x_m: tuple[float, float]
    y_m: tuple[float, float]
    yaw_deg: tuple[float, float]


class NeighbourSpread(msgspec.Struct, frozen=True):
    """How far parked cars may stand from the middle of their slots."""

    lateral_m: tuple[float, float]
    depth_m: tuple[float, float]
    yaw_deg: tuple[float, float]


class ScenarioFile(msgspec.Struct, frozen=True):
    """`NAME.scenario.json` beside a world."""

    ego_def: str
    parked_def: str
    free_from: list[str]
    start: StartSpread
    neighbours: NeighbourSpread
    time_limit_s: float


class Placement(NamedTuple):
    """Where a body is put: x, y [m], yaw [rad], world frame."""

    x: float
    y: float
    yaw: float


class Scenario(NamedTuple):
    """One drawn scenario."""

    free_slots: tuple[str, ...]
    ego: Placement
    parked: dict[str, Placement]
    """DEF of a parked car -> the change to its place in the world file, or AWAY."""


def load_scenario(world: Path) -> ScenarioFile:
    """The scenario file of a world; UsageError names the file and what is wrong."""
    return read_message(world.with_suffix(".scenario.json"), ScenarioFile, "scenario")


def draw(file: ScenarioFile, lot: LotMap, seed: int) -> Scenario:
    """The scenario of a seed: equal seeds give equal scenarios."""
    if not file.free_from:
        raise UsageError("scenario: free_from names no slot; list at least one that may be free")
    known = {slot.slot_id for slot in lot.slots}
    if unknown := set(file.free_from) - known:
        raise UsageError(f"scenario: free_from names slots the lot map lacks: {', '.join(sorted(unknown))}")
    rng = np.random.default_rng([seed, 0xE8A])
    free = str(rng.choice(file.free_from))
    start, spread = file.start, file.neighbours
    ego = Placement(_uniform(rng, start.x_m), _uniform(rng, start.y_m), math.radians(_uniform(rng, start.yaw_deg)))
    parked = {}
    for slot in lot.slots:
        lateral, depth = _uniform(rng, spread.lateral_m), _uniform(rng, spread.depth_m)
        yaw = math.radians(_uniform(rng, spread.yaw_deg))
        cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)
        name = file.parked_def.format(slot=slot.slot_id)
        if slot.slot_id == free:
            parked[name] = Placement(*AWAY, 0.0)
        else:
            parked[name] = Placement(depth * cos - lateral * sin, depth * sin + lateral * cos, yaw)
    return Scenario((free,), ego, parked)


def _uniform(rng: np.random.Generator, bounds: tuple[float, float]) -> float:
    return float(rng.uniform(*bounds))


def apply_scenario(supervisor: Any, file: ScenarioFile, scenario: Scenario) -> None:
    """Put every body in its place. Webots takes lists of floats only."""
    for name, placement in scenario.parked.items():
        node = supervisor.getFromDef(name)
        if node is None:
            continue  # the world has no car in that slot to begin with
        translation = node.getField("translation")
        x, y, z = translation.getSFVec3f()
        away = (placement.x, placement.y) == AWAY
        place = [*AWAY, z] if away else [x + placement.x, y + placement.y, z]
        translation.setSFVec3f([float(value) for value in place])
        rotation = node.getField("rotation")
        *axis, angle = rotation.getSFRotation()
        rotation.setSFRotation([float(axis[0]), float(axis[1]), float(axis[2]), float(angle + placement.yaw)])
    ego = supervisor.getFromDef(file.ego_def)
    if ego is None:
        raise UsageError(
            f"the world has no node DEF {file.ego_def}, which its scenario file names as the learner's car"
        )
    ego.getField("translation").setSFVec3f([scenario.ego.x, scenario.ego.y, SETTLED_Z])
    ego.getField("rotation").setSFRotation([0.0, 0.0, 1.0, scenario.ego.yaw])
    ego.resetPhysics()
