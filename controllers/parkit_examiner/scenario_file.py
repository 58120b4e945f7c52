"""The scenario file of a world, as docs/worlds.md describes it. Lengths in m, angles in degrees, times in s."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from controllers.parkit_examiner.judge import Goal

Range = tuple[float, float]
"""[low, high], drawn uniformly."""
Spot = tuple[float, float]
Chance = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Metres = Annotated[float, msgspec.Meta(ge=0.0)]


class StartSpread(msgspec.Struct, frozen=True):
    """Where the learner may start."""

    x_m: Range
    y_m: Range
    yaw_deg: Range


class NeighbourSpread(msgspec.Struct, frozen=True):
    """How far parked cars may stand from the middle of their slots, in the slot's frame."""

    lateral_m: Range
    depth_m: Range
    yaw_deg: Range


class Row(msgspec.Struct, frozen=True):
    """Cars one behind the other along a strip of the lot map, with one wide gap."""

    strip: str
    defs: list[str]
    first_m: Range
    spacing_m: Range
    kerb_m: Range
    gap_after: list[str] = []
    gap_m: Range = (0.0, 0.0)
    yaw_deg: Range = (0.0, 0.0)


class Clutter(msgspec.Struct, frozen=True):
    """Something that stands about: at a place, or in a slot that is not free."""

    name: str = msgspec.field(name="def")
    chance: Chance = 1.0
    x_m: Range = (0.0, 0.0)
    y_m: Range = (0.0, 0.0)
    yaw_deg: Range = (0.0, 0.0)
    blocks: list[str] = []
    depth_m: Range = (0.0, 0.0)
    lateral_m: Range = (0.0, 0.0)


class Trigger(msgspec.Struct, frozen=True):
    """When a mover sets off: `after_s` after the attempt began, or after the learner first came near a point."""

    after_s: Range = (0.0, 0.0)
    near: Spot | None = None
    ego_within_m: Metres = 0.0


class Mover(msgspec.Struct, frozen=True):
    """A walker or a car on a path."""

    path: list[Spot]
    speed_mps: Range
    name: str = msgspec.field(name="def")
    chance: Chance = 1.0
    offset_m: Range = (0.0, 0.0)
    trigger: Trigger = Trigger()
    then: Literal["stay", "away", "return", "loop"] = "stay"
    yields_m: Metres = 0.0
    lane_m: Metres | None = None


class ScenarioFile(msgspec.Struct, frozen=True):
    """`NAME.scenario.json` beside a world."""

    ego_def: str
    parked_def: str
    free_from: list[str]
    start: StartSpread
    neighbours: NeighbourSpread
    time_limit_s: float
    family: Literal["perpendicular", "parallel", "angled", "garage", "course", "busy"] = "perpendicular"
    rubric: str = "parkit-1"
    goals: list[Goal] = msgspec.field(default_factory=lambda: ["either"])
    free_count: tuple[int, int] = (1, 1)
    rows: list[Row] = []
    clutter: list[Clutter] = []
    movers: list[Mover] = []
