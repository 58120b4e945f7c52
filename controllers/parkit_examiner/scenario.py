"""What changes from seed to seed: which slots are free, how the others stand, what else stands or moves about.

The file's format is that of docs/worlds.md. Drawing reads nothing but the file, the lot map and the seed.
"""

from __future__ import annotations

import math
import zlib
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from coach_core.contracts import LotMap
from coach_core.errors import UsageError
from controllers.parkit_examiner.judge import Goal
from controllers.parkit_examiner.scenario_file import Clutter, Mover, NeighbourSpread, Range, Row, ScenarioFile
from controllers.worldfiles import read_message

AWAY = (80.0, 80.0)
"""A body that is not in this scenario waits here [m]: out of sight, off the floor's middle."""


class Placement(NamedTuple):
    """Where a body is put: x, y [m], yaw [rad], world frame."""

    x: float
    y: float
    yaw: float


class RowDraw(NamedTuple):
    """A row of parked cars, drawn; where they stand depends on how long they are."""

    strip: str
    cars: tuple[str, ...]
    first: float
    """From the strip's first point to the tail of the first car [m]."""
    spaces: tuple[float, ...]
    """Free length [m] behind each car."""
    kerbs: tuple[float, ...]
    yaws: tuple[float, ...]
    """Off the strip's direction [rad]."""


class MoverDraw(NamedTuple):
    """A walker or car on its way, drawn. Lengths in m, speed in m/s, times in s."""

    name: str
    path: tuple[tuple[float, float], ...]
    speed: float
    after: float
    near: tuple[float, float] | None
    within: float
    then: str
    yields: float
    lane: float | None = None
    """It waits only for a car that comes within this [m] of the sides of its way; None: for any that is about ahead."""


class Scenario(NamedTuple):
    """One drawn scenario."""

    free_slots: tuple[str, ...]
    """Slots without a car and without anything else in them."""
    ego: Placement
    parked: dict[str, Placement]
    """DEF of a parked car -> how it stands off the middle of its slot (world frame), or AWAY."""
    goal: Goal = "either"
    rows: tuple[RowDraw, ...] = ()
    clutter: dict[str, Placement | None] = {}  # noqa: RUF012 - nobody writes to it
    """DEF -> where it stands; None: taken away."""
    movers: tuple[MoverDraw, ...] = ()
    absent: tuple[str, ...] = ()
    """DEFs of movers that do not take part."""


def load_scenario(world: Path) -> ScenarioFile:
    """The scenario file of a world; UsageError names the file and what is wrong."""
    return read_message(world.with_suffix(".scenario.json"), ScenarioFile, "scenario")


def draw(file: ScenarioFile, lot: LotMap, seed: int) -> Scenario:
    """The scenario of a seed: equal seeds give equal scenarios; UsageError if the file names what is not there."""
    _check(file, lot)
    rng = np.random.default_rng([seed, 0xE8A])
    first = str(rng.choice(file.free_from))
    free = _free_slots(file, first, _own(seed, "free_count"))
    start, spread = file.start, file.neighbours
    ego = Placement(_uniform(rng, start.x_m), _uniform(rng, start.y_m), math.radians(_uniform(rng, start.yaw_deg)))
    parked = {}
    for slot in lot.slots:
        off = _neighbour(rng, spread, slot.inward_yaw_rad)
        parked[file.parked_def.format(slot=slot.slot_id)] = Placement(*AWAY, 0.0) if slot.slot_id in free else off
    clutter: dict[str, Placement | None] = {}
    blocked: list[str] = []
    for item in file.clutter:
        clutter[item.name] = _clutter(item, lot, _own(seed, item.name), free, blocked)
    for slot_id in blocked:
        parked[file.parked_def.format(slot=slot_id)] = Placement(*AWAY, 0.0)
    movers = [_mover(mover, _own(seed, mover.name)) for mover in file.movers]
    return Scenario(
        free,
        ego,
        parked,
        file.goals[int(_own(seed, "goals").integers(len(file.goals)))],
        tuple(_row(row, _own(seed, row.strip)) for row in file.rows),
        clutter,
        tuple(mover for mover in movers if mover is not None),
        tuple(m.name for m, drawn in zip(file.movers, movers, strict=True) if drawn is None),
    )


def _check(file: ScenarioFile, lot: LotMap) -> None:
    if not file.free_from:
        raise UsageError("scenario: free_from names no slot; list at least one that may be free")
    known = {slot.slot_id for slot in lot.slots}
    if unknown := set(file.free_from) - known:
        raise UsageError(f"scenario: free_from names slots the lot map lacks: {', '.join(sorted(unknown))}")
    low, high = file.free_count
    if not (0 if file.rows else 1) <= low <= high <= len(file.free_from):
        raise UsageError(f"scenario: free_count [{low}, {high}] must lie between 1 and the slots of free_from")
    if not file.goals:
        raise UsageError("scenario: goals names no manoeuvre; list at least one, such as reverse_in")
    if unknown := {slot for item in file.clutter for slot in item.blocks} - known:
        raise UsageError(f"scenario: clutter blocks slots the lot map lacks: {', '.join(sorted(unknown))}")
    if unknown := {row.strip for row in file.rows} - {strip.strip_id for strip in lot.strips}:
        raise UsageError(f"scenario: rows name strips the lot map lacks: {', '.join(sorted(unknown))}")
    for mover in file.movers:
        if len(set(mover.path)) < 2:
            raise UsageError(f"scenario: the path of {mover.name} needs two different way points")


def _own(seed: int, name: str) -> np.random.Generator:
    """An entry's own chance: what else the file says does not change it."""
    return np.random.default_rng([seed, 0xE8A, zlib.crc32(name.encode())])


def _uniform(rng: np.random.Generator, bounds: Range) -> float:
    return float(rng.uniform(*bounds))


def _free_slots(file: ScenarioFile, first: str, rng: np.random.Generator) -> tuple[str, ...]:
    low, high = file.free_count
    count = int(rng.integers(low, high + 1))
    others = [str(slot) for slot in rng.permutation([slot for slot in file.free_from if slot != first])]
    chosen = {first, *others[: max(0, count - 1)]} if count else set()
    return tuple(slot for slot in file.free_from if slot in chosen)


def _neighbour(rng: np.random.Generator, spread: NeighbourSpread, inward_yaw: float) -> Placement:
    lateral, depth = _uniform(rng, spread.lateral_m), _uniform(rng, spread.depth_m)
    yaw = math.radians(_uniform(rng, spread.yaw_deg))
    cos, sin = math.cos(inward_yaw), math.sin(inward_yaw)
    return Placement(depth * cos - lateral * sin, depth * sin + lateral * cos, yaw)


def _clutter(
    item: Clutter, lot: LotMap, rng: np.random.Generator, free: tuple[str, ...], blocked: list[str]
) -> Placement | None:
    if rng.random() >= item.chance:
        return None
    yaw = math.radians(_uniform(rng, item.yaw_deg))
    if not item.blocks:
        return Placement(_uniform(rng, item.x_m), _uniform(rng, item.y_m), yaw)
    depth, lateral = _uniform(rng, item.depth_m), _uniform(rng, item.lateral_m)
    slots = {slot.slot_id: slot for slot in lot.slots}
    for name in (str(name) for name in rng.permutation(item.blocks)):
        if name in free or name in blocked:
            continue
        blocked.append(name)
        slot = slots[name]
        cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)
        x = slot.entrance_x_m + depth * cos - lateral * sin
        return Placement(x, slot.entrance_y_m + depth * sin + lateral * cos, yaw)
    return None


def _row(row: Row, rng: np.random.Generator) -> RowDraw:
    wide = str(rng.choice(row.gap_after)) if row.gap_after else ""
    return RowDraw(
        row.strip,
        tuple(row.defs),
        _uniform(rng, row.first_m),
        tuple(_uniform(rng, row.gap_m if name == wide else row.spacing_m) for name in row.defs),
        tuple(_uniform(rng, row.kerb_m) for _ in row.defs),
        tuple(math.radians(_uniform(rng, row.yaw_deg)) for _ in row.defs),
    )


def _mover(mover: Mover, rng: np.random.Generator) -> MoverDraw | None:
    if rng.random() >= mover.chance:
        return None
    (x1, y1), (x2, y2) = mover.path[0], next(point for point in mover.path if point != mover.path[0])
    aside, stretch = _uniform(rng, mover.offset_m), math.hypot(x2 - x1, y2 - y1)
    dx, dy = -aside * (y2 - y1) / stretch, aside * (x2 - x1) / stretch
    trigger = mover.trigger
    return MoverDraw(
        mover.name,
        tuple((x + dx, y + dy) for x, y in mover.path),
        _uniform(rng, mover.speed_mps),
        _uniform(rng, trigger.after_s),
        trigger.near,
        trigger.ego_within_m,
        mover.then,
        mover.yields_m,
        mover.lane_m,
    )


class CarSize(msgspec.Struct, frozen=True):
    """Length and width of a body [m]."""

    length: float
    width: float


def row_places(row: RowDraw, lot: LotMap, sizes: dict[str, CarSize]) -> dict[str, Placement | None]:
    """Where the cars of a row stand (the middle of each), None beyond the strip's end."""
    strip = next(strip for strip in lot.strips if strip.strip_id == row.strip)
    total = math.hypot(strip.x2_m - strip.x1_m, strip.y2_m - strip.y1_m)
    yaw = math.atan2(strip.y2_m - strip.y1_m, strip.x2_m - strip.x1_m)
    cos, sin = math.cos(yaw), math.sin(yaw)
    places: dict[str, Placement | None] = {}
    at = row.first
    for name, space, kerb, off in zip(row.cars, row.spaces, row.kerbs, row.yaws, strict=True):
        size = sizes[name]
        along, aside = at + 0.5 * size.length, kerb + 0.5 * size.width
        spot = Placement(strip.x1_m + along * cos - aside * sin, strip.y1_m + along * sin + aside * cos, yaw + off)
        places[name] = spot if at + size.length <= total else None
        at += size.length + space
    return places
