"""Pictures made once and pasted often, each named by what it shows: equal names, equal pixels."""

from __future__ import annotations

from typing import Literal

import msgspec

from coach_core.contracts import Level

RGBA = tuple[int, int, int, int]

GlyphName = Literal[
    "turn_left", "turn_right", "left", "right", "up", "down", "stop", "wheel", "check", "eye", "speech", "link_off"
]  # fmt: skip


class Strip(msgspec.Struct, frozen=True):
    """One line of text. size: em height [px]; ground: what is behind it, None for nothing."""

    text: str
    size: int
    colour: int
    ground: RGBA | None = None


class Plate(msgspec.Struct, frozen=True):
    """A panel's ground with round corners; its edge takes a level's colour and grows with it."""

    width: int
    height: int
    alpha: float
    edge: Level | Literal["plain", "hint"] = "plain"


class Badge(msgspec.Struct, frozen=True):
    """A level's shape with its bars: circle, triangle, diamond, octagon."""

    level: Level
    size: int


class Chip(msgspec.Struct, frozen=True):
    """A pill with a word or a number on it; with the level's shape if it has one."""

    text: str
    size: int
    fill: int
    level: Level | None = None


class Glyph(msgspec.Struct, frozen=True):
    """A sign of the instruction line, in a square of `size` px."""

    name: GlyphName
    size: int
    colour: int


class GearBox(msgspec.Struct, frozen=True):
    """The gear's letter in a box of `size` px."""

    letter: str
    size: int


class Wheel(msgspec.Struct, frozen=True):
    """The steering wheel, turned by `degrees` clockwise."""

    degrees: int


class RingMark(msgspec.Struct, frozen=True):
    """Where the wheel's top should come to, `degrees` clockwise on the ring; solid once it is there."""

    degrees: int
    reached: bool


class RingHead(msgspec.Struct, frozen=True):
    """The head of the arrow along the ring at `degrees` clockwise, pointing on clockwise or back."""

    degrees: int
    clockwise: bool


class Dot(msgspec.Struct, frozen=True):
    """A disc of `diameter` px."""

    diameter: int
    colour: int


class Diamond(msgspec.Struct, frozen=True):
    """Where the planned path changes its gear."""

    size: int


class Body(msgspec.Struct, frozen=True):
    """Dimensions of a car [m]; see VehicleProfile."""

    wheelbase: float
    front_overhang: float
    rear_overhang: float
    width: float


class Car(msgspec.Struct, frozen=True):
    """The car from above, nose up; front wheels at `steer` degrees, left positive."""

    body: Body
    steer: int


class Cone(msgspec.Struct, frozen=True):
    """What one sensor sees: a wedge towards `degrees` (clockwise from up) that ends after `reach` px, with bars."""

    degrees: int
    half: int
    reach: int
    level: Level


Sprite = Strip | Plate | Badge | Chip | Glyph | GearBox | Wheel | RingMark | RingHead | Dot | Diamond | Car | Cone
