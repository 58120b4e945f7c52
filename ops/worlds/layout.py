"""A world before it is written: what stands where, the lot map, the scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from coach_core.contracts import LotMap

PROJECT = Path(__file__).resolve().parents[2]

Family = Literal["perpendicular", "parallel", "angled", "garage", "course", "busy"]
FAMILIES: tuple[Family, ...] = ("perpendicular", "parallel", "angled", "garage", "course", "busy")

Point = tuple[float, float]
Value = str | float | tuple[float, ...] | Sequence[tuple[float, ...]]
"""A field's value: text, a number, one vector, or a list of vectors."""


@dataclass(frozen=True)
class Body:
    """One of our PROTOs placed in the world: origin x, y, z [m], yaw [rad, counter-clockwise from +x]."""

    proto: str
    x: float
    y: float
    z: float = 0.0
    yaw: float = 0.0
    define: str = ""
    """DEF name, for what the examiner moves."""
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """Where the first view stands and what it looks at, world frame [m]; and the light."""

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    sky: str = "noon_cloudy_countryside"
    luminosity: float = 1.0
    skybox: bool = True
    floor: tuple[float, float] = (90.0, 70.0)
    floor_at: tuple[float, float] = (0.0, 0.0)
    floor_color: tuple[float, float, float] = (0.27, 0.28, 0.3)


@dataclass(frozen=True)
class Layout:
    """Everything the three files of a world say."""

    name: str
    family: Family
    about: str
    """What a reader of the world file should know, one sentence."""
    info: Sequence[str]
    bodies: Sequence[Body]
    lot: LotMap
    scenario: Mapping[str, Any]
    start: tuple[float, float, float]
    """Rear-axle centre x, y [m] and yaw [rad] in the world file; the examiner draws another."""
    look: Look
