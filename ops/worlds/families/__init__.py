"""The families of worlds: parameters, their ranges, and how a lot is built from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ops.worlds.families import angled, busy, course, garage, parallel, perpendicular
from ops.worlds.layout import FAMILIES, Family, Layout

__all__ = ["FAMILIES", "MAKERS", "STANDARD_NAMES", "drawn", "standard"]


class Maker(NamedTuple):
    """`build(parameters, name)` makes a layout; `draw(rng)` draws parameters from the family's documented ranges."""

    standard: Any
    draw: Callable[[np.random.Generator], Any]
    build: Callable[[Any, str], Layout]


MAKERS: dict[Family, Maker] = {
    "perpendicular": Maker(perpendicular.Parameters(), perpendicular.draw, perpendicular.build),
    "parallel": Maker(parallel.Parameters(), parallel.draw, parallel.build),
    "angled": Maker(angled.Parameters(), angled.draw, angled.build),
    "garage": Maker(garage.Parameters(), garage.draw, garage.build),
    "course": Maker(course.Parameters(), course.draw, course.build),
    "busy": Maker(busy.Parameters(), busy.draw, busy.build),
}
STANDARD_NAMES: dict[str, Family] = {
    "perpendicular": "perpendicular",
    "parallel": "parallel",
    "angled": "angled",
    "garage": "garage",
    "kr_course": "course",
    "busy_lot": "busy",
}
"""The worlds of this repository, by file name: each is its family's standard parameters, written out."""


def standard(name: str) -> Layout:
    """One of the repository's own worlds."""
    maker = MAKERS[STANDARD_NAMES[name]]
    return maker.build(maker.standard, name)


def drawn(family: Family, seed: int, name: str) -> Layout:
    """A world of a family; equal seeds give equal worlds."""
    maker = MAKERS[family]
    return maker.build(maker.draw(np.random.default_rng([seed, 0x3017])), name)
