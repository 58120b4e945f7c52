"""A learner in their first weeks: hears a cue, takes a moment, turns the wheel roughly, drives unevenly.

The numbers are the project's reading of the driver-model literature (reaction 0.8 ± 0.3 s and longer in reverse,
steering error 8 % of the commanded angle plus a personal bias of up to 5 %, hand-wheel rate 180-360 °/s, speed
1.5-4 km/h with 0.3 m/s of wander, 5 % of prompts missed, 3 % turned the wrong way and corrected after 0.7 s).
A beginner is worse than that in every way, one who has practised is better: see `SKILLS`.
Coached, the novice knows nothing but the cues. Without coaching the novice drives by a memorised recipe
(`recipe.py`).
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np

from coach_core.contracts import Cue
from coach_core.contracts.messages import Gear
from controllers.parkit_coach.drivers.base import Controls, Driver, Sight, View, hold_speed
from controllers.parkit_coach.drivers.keeping import ASKED, steer_to_keep
from controllers.parkit_coach.drivers.recipe import RecipeDriver

TURNS = {"quarter": 0.25, "half": 0.5, "one": 1.0, "one_and_half": 1.5}
STOP_CUES = frozenset(
    {
        "move.stop_here",
        "move.stop_now",
        "gear.stop_first",
        "steer.when_stopped",
        "warn.person",
        "appr.shoulder",
        "crit.contact",
    }
)
GO_CUES = frozenset({"move.back_slow", "move.back_straight", "move.forward_slow"})
CREEP_CUES = frozenset({"move.back_creep", "move.forward_creep"})
EASE_CUES = frozenset({"appr.slow", "warn.fast"})
SLOW_CUES = frozenset({"appr.prepare_stop", "warn.rear", "warn.front", "warn.side", "look.front_swing"})
NUDGE = 0.06
"""What 'a little more' means to this driver [rad at the front wheel]."""
AGAIN = 2.5
"""A cue that stays is taken up again after this time [s]: it was missed, or its 'little' was not enough."""
WANDER_TIME = 2.0
"""Over about this time [s] the pace wanders."""
EASED = 0.75
"""Share of the pace that is left after being told to go slower; the advice is kept for the session."""
GAP_SPREAD = 0.25
"""How well a novice's eye judges a metre beside the car: standard deviation [m]."""
SLOWEST = 0.45
COVERED = 0.35
"""Pace [m/s] with the foot over the brake."""
STANDSTILL = 0.05


class NoviceTraits(NamedTuple):
    """One person, drawn from the population."""

    reaction: float
    reaction_spread: float
    steering_bias: float
    steering_spread: float
    wheel_rate: float
    pace: float
    wander: float
    missed: float
    wrong_way: float


Skill = Literal["beginner", "novice", "practised"]


class _Level(NamedTuple):
    """A level of skill, as factors on the novice's numbers."""

    slowness: float
    """Of the reaction, and of the hands on the wheel."""
    error: float
    """Of steering, bias and pace."""
    mistakes: float
    """Of prompts missed and turned the wrong way."""


SKILLS: dict[Skill, _Level] = {
    "beginner": _Level(slowness=1.3, error=1.5, mistakes=2.0),
    "novice": _Level(1.0, 1.0, 1.0),
    "practised": _Level(slowness=0.75, error=0.6, mistakes=0.4),
}


def draw_traits(rng: np.random.Generator, steering_ratio: float, skill: Skill = "novice") -> NoviceTraits:
    """A novice; wheel rate in rad/s at the front wheel, pace in m/s."""
    level = SKILLS[skill]
    return NoviceTraits(
        reaction=0.8 * level.slowness,
        reaction_spread=0.3 * level.slowness,
        steering_bias=level.error * float(rng.uniform(-0.05, 0.05)),
        steering_spread=0.08 * level.error,
        wheel_rate=math.radians(float(rng.uniform(180.0, 360.0))) / (steering_ratio * level.slowness),
        pace=float(rng.uniform(1.5, 4.0)) / 3.6,
        wander=0.3 * level.error,
        missed=0.05 * level.mistakes,
        wrong_way=0.03 * level.mistakes,
    )


class _Heard(NamedTuple):
    cue: Cue
    due: float


class NoviceDriver:
    """Drives on cues alone, or by recipe when there is no coach."""

    def __init__(self, seed: int, skill: Skill = "novice") -> None:
        self._rng = np.random.default_rng([seed, 0x4E0])
        self._skill: Skill = skill
        self._recipe: Driver | None = None
        self._steer = 0.0
        self._gear: Gear = "D"
        self._parking_brake = False
        self._go = False
        self._hard = False
        self._slow = False
        self._wander = 0.0
        self._last_time = 0.0
        self._last_cue: Cue | None = None
        self._last_heard = 0.0
        self._queue: list[_Heard] = []
        self._correction: tuple[float, float] | None = None
        self._gap: float | None = None
        """Distance [m] the driver is about to keep from the bays, while that is what they do."""

    def start(self, sight: Sight) -> None:
        self._slots = sight.lot.slots
        self._half_width = 0.5 * sight.profile.width_m
        self._lock = sight.profile.max_steering_angle_rad
        self._ratio = sight.profile.steering_ratio
        self._traits = draw_traits(self._rng, self._ratio, self._skill)
        self._pace = self._traits.pace
        if sight.assist_level == 0:
            self._recipe = RecipeDriver(
                self._rng, self._traits.pace, self._traits.wheel_rate, SKILLS[self._skill].error
            )
            self._recipe.start(sight)

    def act(self, view: View) -> Controls:
        if self._recipe is not None:
            return self._recipe.act(view)
        self._listen(view)
        while self._queue and self._queue[0].due <= view.now:
            self._obey(self._queue.pop(0).cue, view)
        if self._correction is not None and view.now >= self._correction[1]:
            self._steer, self._correction = self._correction[0], None
        if self._gap is not None and view.frame.gear == "D":
            self._keep(self._gap, view)
        return self._drive(view)

    def _keep(self, gap: float, view: View) -> None:
        """Steer along the bays, until the distance looks right."""
        steer = steer_to_keep(self._slots, view.frame.pose, self._half_width, gap)
        if steer is None:
            self._gap, self._steer = None, float(self._rng.normal(0.0, 0.01))
        else:
            self._steer = steer * (1.0 + self._traits.steering_bias)

    def _listen(self, view: View) -> None:
        cue = view.cue
        if cue is None:
            self._last_cue = None
            return
        same = self._last_cue is not None and (cue.id, _meaning(cue)) == (self._last_cue.id, _meaning(self._last_cue))
        if same and view.now - self._last_heard < AGAIN:
            return
        self._last_cue, self._last_heard = cue, view.now
        if cue.id != "crit.stop" and self._rng.random() < self._traits.missed:
            return
        spread = float(np.clip(self._rng.normal(0.0, self._traits.reaction_spread), -0.5, 0.9))
        longer = 0.1 if view.frame.gear == "R" else 0.0
        # the newest word counts, but nobody forgets a "stop" for it
        self._queue = [heard for heard in self._queue if heard.cue.id in STOP_CUES or heard.cue.id == "crit.stop"]
        self._queue.append(_Heard(cue, view.now + max(0.2, self._traits.reaction + longer + spread)))

    def _obey(self, cue: Cue, view: View) -> None:
        steer = view.frame.steering_angle_rad
        if cue.id not in EASE_CUES | SLOW_CUES | GO_CUES:
            self._gap = None
        if cue.id == "crit.stop":
            self._go, self._hard = False, True
        elif cue.id in STOP_CUES:
            self._go = False
        elif cue.id in GO_CUES:
            self._go, self._hard, self._slow = True, False, False
        elif cue.id == "move.keep":
            self._go, self._hard = True, False
        elif cue.id in CREEP_CUES:
            self._go, self._hard, self._slow = True, False, True
        elif cue.id in EASE_CUES:
            self._pace = max(min(self._pace, SLOWEST), EASED * self._pace)
        elif cue.id in SLOW_CUES:
            self._slow = True
        elif cue.id == "appr.gap":
            self._gap = ASKED + float(self._rng.normal(0.0, GAP_SPREAD * SKILLS[self._skill].error))
        elif cue.id in ("gear.drive", "gear.reverse"):
            self._go, self._gear = False, "D" if cue.id == "gear.drive" else "R"
        elif cue.id == "gear.park":
            self._go, self._gear, self._parking_brake = False, "P", True
        elif cue.id in ("steer.straight", "move.parallel", "done.in_slot"):
            self._steer = float(self._rng.normal(0.0, 0.01))
        elif cue.id == "steer.full":
            self._turn(_sign(cue) * self._lock * 1.03, view.now)
        elif cue.id == "steer.turns":
            turns = TURNS[str(cue.params["turns"])]
            self._turn(_sign(cue) * min(self._lock, turns * 2.0 * math.pi / self._ratio), view.now)
        elif cue.id == "steer.more":
            self._nudge(steer, _sign(cue))
        elif cue.id == "steer.unwind":
            self._nudge(steer, -math.copysign(1.0, steer))
        elif cue.id == "steer.wrong_way":
            self._turn(_sign(cue) * max(abs(steer), 0.3), view.now)

    def _turn(self, wanted: float, now: float) -> None:
        traits = self._traits
        factor = 1.0 + traits.steering_bias + float(self._rng.normal(0.0, traits.steering_spread))
        wanted = float(np.clip(wanted * factor, -self._lock, self._lock))
        if self._rng.random() < traits.wrong_way:
            self._steer, self._correction = -wanted, (wanted, now + 0.7)
        else:
            self._steer, self._correction = wanted, None

    def _nudge(self, steer: float, direction: float) -> None:
        step = NUDGE * max(0.3, float(self._rng.normal(1.0, 0.3)))
        self._steer = float(np.clip(steer + direction * step, -self._lock, self._lock))

    def _drive(self, view: View) -> Controls:
        traits, frame = self._traits, view.frame
        dt, self._last_time = max(0.0, view.now - self._last_time), view.now
        keep = math.exp(-dt / WANDER_TIME)
        self._wander = keep * self._wander + math.sqrt(1.0 - keep * keep) * float(self._rng.normal(0.0, traits.wander))
        speed = abs(frame.speed_mps)
        gear = self._gear if speed < STANDSTILL or frame.gear == self._gear else frame.gear
        if not self._go:
            brake = 1.0 if self._hard else 0.45
            parked = gear == "P" and speed < STANDSTILL
            return Controls(self._steer, traits.wheel_rate, 0.0, brake, gear, self._parking_brake and parked)
        wanted = float(np.clip(self._pace + self._wander, 0.2, 1.6))
        if self._slow:
            wanted = min(wanted, COVERED)
        # Parking in an automatic is done with the brake alone: off it, the car creeps up to speed by itself.
        _, brake = hold_speed(speed, wanted)
        return Controls(self._steer, traits.wheel_rate, 0.0, brake, gear)


def _sign(cue: Cue) -> float:
    return 1.0 if cue.params["dir"] == "left" else -1.0


def _meaning(cue: Cue) -> tuple[object, object]:
    """What makes a cue a new one to the ear; changed centimetres do not."""
    return cue.params.get("dir"), cue.params.get("turns")
