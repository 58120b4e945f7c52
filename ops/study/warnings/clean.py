"""Clean manoeuvres: an expert follows the coach's plan into a slot without touching anything, and should be left alone.

The second kind is a careful driver without a plan who backs up to a wall, down to the last 0.3 m.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from coach_core.contracts import LotMap
from controllers.parkit_coach.drivers import Controls, Driver, Sight, View
from controllers.parkit_coach.drivers.expert import ExpertDriver
from ops.study import scenes
from ops.study.episode import Body, Episode, Start, known_walls
from ops.study.simulator import Settings, Tick, run
from ops.study.warnings import pdw
from ops.study.warnings.drivers import feet

TO_WALL = "to_wall"
LAST_GAP = 0.30
"""Where the careful driver stops before the wall [m]."""


class CleanRow(NamedTuple):
    """What one manoeuvre without a contact was made to hear."""

    family: str
    seed: int
    clean: bool
    """Parked in the slot, or stopped before the wall, without a contact."""
    result: str
    duration_s: float
    critical: int
    """How many times the level became critical ..."""
    warning: int
    """... and how many times it became a warning from below."""
    sounding_s: float
    """How long it was a warning or critical."""
    pdw_sounding_s: float
    """How long a beeper would have sounded."""


def measure(family: str, seed: int, settings: Settings) -> CleanRow:
    """Drive one manoeuvre of a family of `ops.study.scenes`, or `TO_WALL`."""
    levels: list[str] = []
    beeps: list[bool] = []

    def watch(tick: Tick) -> bool:
        levels.append(tick.decision.level)
        moving = abs(tick.frame.speed_mps) > 0.02
        beeps.append(moving and pdw.nearest(tick.frame) <= pdw.SLOW)
        return family == TO_WALL and tick.now > 1.5 and not moving

    if family == TO_WALL:
        episode, driver = _to_wall(seed)
    else:
        episode, driver = scenes.draw(family, seed), ExpertDriver()
    done = run(episode, driver, settings, watch)
    return CleanRow(
        family,
        seed,
        done.result == ("stopped" if family == TO_WALL else "parked"),
        done.result,
        round(done.duration, 2),
        entries(levels, ("critical",)),
        entries(levels, ("warning", "critical")) - entries_straight_to_critical(levels),
        round(0.02 * sum(level in ("warning", "critical") for level in levels), 2),
        round(0.02 * sum(beeps), 2),
    )


def entries(levels: list[str], among: tuple[str, ...]) -> int:
    """How many times a level among these began."""
    before = ["clear", *levels[:-1]]
    return sum(level in among and last not in among for last, level in zip(before, levels, strict=True))


def entries_straight_to_critical(levels: list[str]) -> int:
    """How many times critical began without a warning before it."""
    before = ["clear", *levels[:-1]]
    return sum(
        level == "critical" and last not in ("warning", "critical") for last, level in zip(before, levels, strict=True)
    )


class _CarefulDriver:
    """Backs straight up to a wall: the foot eases off so that the car stops `LAST_GAP` before it."""

    def __init__(self, way: float, pace: float, braking: float) -> None:
        self._way, self._pace, self._braking = way, pace, braking
        self._driven, self._last = 0.0, 0.0

    def start(self, sight: Sight) -> None:
        del sight

    def act(self, view: View) -> Controls:
        speed = abs(view.frame.speed_mps)
        self._driven += speed * (view.now - self._last)
        self._last = view.now
        left = max(0.0, self._way - self._driven - 0.3 * speed)
        wanted = min(self._pace, math.sqrt(2.0 * self._braking * left)) if left > 0.02 else 0.0
        throttle, brake = feet(speed, wanted, 0.0)
        return Controls(0.0, 0.4, min(0.25, throttle), brake, "R")


def _to_wall(seed: int) -> tuple[Episode, Driver]:
    """2-5 m of way at 0.4-0.9 m/s, braking by 0.2-0.5 m/s²."""
    rng = np.random.default_rng([seed, 0x3A11])
    way, pace, braking = (float(rng.uniform(*bounds)) for bounds in ((2.0, 5.0), (0.4, 0.9), (0.2, 0.5)))
    wall = Body("wall", -0.85 - LAST_GAP - way - 0.15, 0.0, 0.0, 0.3, 8.0, 1.2)
    lot = LotMap(TO_WALL, [], walls=known_walls((wall,)))
    return Episode(TO_WALL, seed, lot, (wall,), Start(0.0, 0.0, 0.0, 0.0, 0.0, "R"), (), 30.0), _CarefulDriver(
        way, pace, braking
    )
