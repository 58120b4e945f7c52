"""Which slots are taken: what the pings say for and against a car in each, as a probability.

For every slot two worlds are compared: one with a car in it and one without, all else as it is known. A ping counts
only where the two would sound different: as far as a parked car's near end, or a little deeper, speaks for one; clearly
further speaks against it; anything else, or an echo that a neighbour explains as well, says nothing. So the same rule
serves slots across, oblique to and along the road. A parked car is heard only by rays that meet it nearly square; a
slanting face is silent, and silence there is no evidence.

The odds are kept as a logarithm. An echo of a car counts for more than the lack of one: a false "free" costs the
learner a wasted manoeuvre, a false "occupied" only a slot.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coach_core.contracts.messages import Occupancy
from coach_core.geometry.polygons import pack_obstacles
from coach_core.geometry.poses import YAW, X, Y
from coach_core.perception.slots import Slot
from coach_core.perception.sonar import HEARD, Floats, Pings, expected

FOR = 1.1
AGAINST = -0.7
"""What one ping adds to the logarithm of the odds that a slot is taken."""
SETTLED = 2.0
"""Odds (their logarithm) that settle it: a probability of 0.88; three pings."""
LEAST, MOST = -4.0, 5.0
"""Bounds of the logarithm: a slot may be taken by another while we look elsewhere."""
NEARER = 0.45
"""A car may stand this much nearer [m] than assumed ..."""
DEEPER = 0.24
"""... or deeper by this part of the slot's depth: short cars do, and cars parked carelessly."""
CLEAR = 0.2
"""Nothing to be heard as deep as this part of the slot's depth behind a car's near end speaks against one."""
INTO = math.cos(math.radians(50.0))
"""A sensor that looks less straight into a slot would meet the flank of a car in it, at who knows what slant."""
ALONG = math.cos(math.radians(35.0))
"""What a sensor hears that looks this straight into a slot stands in it; others hear the neighbours' corners."""
SQUARE = math.cos(math.radians(20.0))
"""One that looks this straight into it measures how far the car in it reaches."""
HEADS, KEPT = 3, 9
"""So many such pings are needed, and so many kept."""
SURPRISE = 0.35
"""What comes from this much nearer [m] than everything known, inside a slot, stands in it."""


class OccupancyWatcher:
    """The odds that each slot is taken."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._odds: dict[str, float] = {}
        self._heads: dict[str, list[float]] = {}
        self.watch(slots)

    def watch(self, slots: Sequence[Slot]) -> None:
        """The slots to watch from now on; what is known of those that stay is kept."""
        self._slots = list(slots)
        self._index = {slot.slot_id: i for i, slot in enumerate(slots)}
        self._log = np.array([self._odds.get(slot.slot_id, 0.0) for slot in slots])
        self._cores = pack_obstacles([slot.core() for slot in slots])
        self._frames = np.array([slot.world_from_slot for slot in slots]).reshape(-1, 3)
        self._sizes = np.array([(slot.width, slot.depth) for slot in slots]).reshape(-1, 2)
        self._half = np.array([slot.half_inside() for slot in slots])
        self._states: tuple[Occupancy, ...] = tuple(_state(odds) for odds in self._log)

    @property
    def states(self) -> tuple[Occupancy, ...]:
        """Of each slot, in their order."""
        return self._states

    def occupancy(self, slot_id: str) -> Occupancy:
        """What the pings say so far."""
        return self._states[self._index[slot_id]]

    def probability(self, slot_id: str) -> float:
        """That a car or something else stands in the slot."""
        return 1.0 / (1.0 + math.exp(-float(self._log[self._index[slot_id]])))

    def sticks_out(self, slot_id: str) -> float:
        """How far [m] the car in a slot reaches into the road; 0 where it stands within, or was not heard well."""
        heads = self._heads.get(slot_id, [])
        return max(0.0, -float(np.median(heads))) if len(heads) >= HEADS else 0.0

    def block(self, slot_id: str) -> None:
        """Something is known to stand in the slot."""
        self._settle(self._index[slot_id], max(SETTLED, float(self._log[self._index[slot_id]])))

    def clear(self, slot_id: str) -> None:
        """Nothing stood in the slot when it was measured."""
        self._settle(self._index[slot_id], LEAST)

    def look(self, sensors: Floats, pings: Pings, others: Floats, skip: str | None = None) -> None:
        """Take in the pings of sensors (S, 5).

        others (S, K): what each sensor would hear if slot k were empty. skip: the slot being parked in, which is not
        judged any more.
        """
        if not self._slots:
            return
        free = pings.free
        if np.isnan(free).all():
            return
        car = expected(sensors, self._cores, HEARD)[1]
        depth, across = self._place(sensors)
        inwards = np.cos(sensors[:, None, 2] - self._frames[None, :, YAW])
        outside = depth < 0.0
        room = DEEPER * self._sizes[:, 1]
        echo, seen = pings.echo[:, None], free[:, None]
        with np.errstate(invalid="ignore"):
            audible = outside & (inwards > INTO) & np.isfinite(car) & (car < others - NEARER)
            rival = np.abs(echo - others) < np.abs(echo - car)
            taken = audible & ~rival & (echo >= car - NEARER) & (echo <= car + room)
            empty = audible & (seen >= car + CLEAR * self._sizes[:, 1])
            stands = outside & (inwards > ALONG) & (empty | ~audible) & (echo < others - SURPRISE)
            if stands.any():
                taken |= stands & self._inside(depth, across, sensors, echo)
        change = np.where(taken, FOR, np.where(empty, AGAINST, 0.0)).sum(axis=0)
        if skip is not None and skip in self._index:
            change[self._index[skip]] = 0.0
        for s, k in np.argwhere(taken & audible & (inwards > SQUARE)):
            heads = self._heads.setdefault(self._slots[k].slot_id, [])
            heads.append(float(depth[s, k] + echo[s, 0] * inwards[s, k]))
            del heads[:-KEPT]
        touched = np.flatnonzero(change)
        if len(touched) == 0:
            return
        for i in touched:
            self._settle(int(i), self._log[i] + change[i])

    def _settle(self, i: int, odds: float) -> None:
        self._log[i] = min(max(odds, LEAST), MOST)
        self._odds[self._slots[i].slot_id] = float(self._log[i])
        state = _state(self._log[i])
        if state != self._states[i]:
            self._states = (*self._states[:i], state, *self._states[i + 1 :])

    def _place(self, sensors: Floats) -> tuple[Floats, Floats]:
        """Each sensor in each slot's frame (S, K): inwards and to the left [m]."""
        dx = sensors[:, None, X] - self._frames[None, :, X]
        dy = sensors[:, None, Y] - self._frames[None, :, Y]
        cos, sin = np.cos(self._frames[:, YAW]), np.sin(self._frames[:, YAW])
        return cos * dx + sin * dy, cos * dy - sin * dx

    def _inside(self, depth: Floats, across: Floats, sensors: Floats, echo: Floats) -> NDArray[np.bool_]:
        """Whether an echo from straight ahead (S, 1) comes from well within each slot (S, K)."""
        turn = sensors[:, None, 2] - self._frames[None, :, YAW]
        inwards, aside = depth + echo * np.cos(turn), across + echo * np.sin(turn)
        length = self._sizes[:, 1]
        inside: NDArray[np.bool_] = (inwards > 0.2) & (inwards < length - 0.4) & (np.abs(aside) < self._half)
        return inside


def without_own(cars: Floats, walls: Floats) -> Floats:
    """What each sensor would hear if a slot's own car were not there.

    cars (S, K) [m]: each assumed car alone, inf where none is assumed; walls (S,). Returns (S, K).
    """
    if cars.shape[1] == 0:
        return cars
    order = np.argsort(cars, axis=1)
    rows = np.arange(len(cars))
    first = cars[rows, order[:, 0]]
    second = cars[rows, order[:, 1]] if cars.shape[1] > 1 else np.full(len(cars), np.inf)
    own = np.arange(cars.shape[1])[None, :] == order[:, :1]
    return np.minimum(np.where(own, second[:, None], first[:, None]), walls[:, None])


def _state(odds: float) -> Occupancy:
    return "occupied" if odds >= SETTLED else "free" if odds <= -SETTLED else "unknown"
