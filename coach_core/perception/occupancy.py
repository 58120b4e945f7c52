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
from numba import njit

from coach_core.contracts.messages import Occupancy
from coach_core.geometry.polygons import pack_obstacles
from coach_core.perception.slots import Slot
from coach_core.perception.sonar import HEARD, SURE, Floats, Pings, expected

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


@njit(cache=True, nogil=True)
def weigh(sensors, echo, free, car, others, frames, sizes, half, change, heads):  # type: ignore[no-untyped-def]
    """What pings say of slots: fills change (K,), to be added to the logarithm of each slot's odds, and heads (S, K),
    how deep [m] in the slot a car's near end was measured, NaN where it was not; returns how many heads there are.

    sensors (S, 5), their echo and free (S,) as in `Pings`. car, others (S, K): distance [m] at which each sensor would
    hear a car in each slot, and what else there is. frames (K, 3), sizes (K, 2) width and depth [m], half (K,): how far
    from the middle line an echo is still of something in the slot.
    """
    found = 0
    for k in range(frames.shape[0]):
        change[k] = 0.0
        cos, sin = math.cos(frames[k, 2]), math.sin(frames[k, 2])
        length = sizes[k, 1]
        for s in range(sensors.shape[0]):
            heads[s, k] = np.nan
            dx, dy = sensors[s, 0] - frames[k, 0], sensors[s, 1] - frames[k, 1]
            depth = cos * dx + sin * dy
            turn = sensors[s, 2] - frames[k, 2]
            inwards = math.cos(turn)
            if math.isnan(free[s]) or not depth < 0.0 or not inwards > INTO:
                continue  # nothing was learnt, the sensor is inside, or it looks too little into the slot
            ping, own = echo[s], car[s, k]
            audible = own < np.inf and own < others[s, k] - NEARER
            rival = abs(ping - others[s, k]) < abs(ping - own)
            taken = audible and not rival and own - NEARER <= ping <= own + DEEPER * length
            empty = audible and free[s] >= own + CLEAR * length
            if inwards > ALONG and (empty or not audible) and 0.2 < depth + ping * inwards < length - 0.4:
                aside = cos * dy - sin * dx + ping * math.sin(turn)
                if abs(aside) < half[k]:
                    # from well within it: something stands there, unless what else there is explains the echo; if that
                    # should have been heard nearer, the echo tells nothing, and least of all that the slot is empty
                    taken = taken or ping < others[s, k] - SURPRISE
                    empty = empty and ping <= others[s, k] + SURPRISE
            if taken:
                change[k] += FOR
                if audible and inwards > SQUARE:
                    heads[s, k] = depth + ping * inwards
                    found += 1
            elif empty:
                change[k] += AGAINST
    return found


@njit(cache=True, nogil=True)
def without_own(cars, walls):  # type: ignore[no-untyped-def]
    """What each sensor would hear if a slot's own car were not there, (S, K) [m].

    cars (S, K) [m]: each assumed car alone, inf where none is assumed; walls (S,).
    """
    out = np.empty(cars.shape)
    for s in range(cars.shape[0]):
        nearest, second, owner = np.inf, np.inf, -1
        for k in range(cars.shape[1]):
            if cars[s, k] < nearest:
                nearest, second, owner = cars[s, k], nearest, k
            elif cars[s, k] < second:
                second = cars[s, k]
        for k in range(cars.shape[1]):
            out[s, k] = min(second if k == owner else nearest, walls[s])
    return out


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
        self._log = [self._odds.get(slot.slot_id, 0.0) for slot in slots]
        self._cores = pack_obstacles([slot.core() for slot in slots])
        self._frames = np.array([slot.world_from_slot for slot in slots]).reshape(-1, 3)
        self._sizes = np.array([(slot.width, slot.depth) for slot in slots]).reshape(-1, 2)
        self._half = np.array([slot.half_inside() for slot in slots])
        self._change = np.empty(len(slots))
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
        return 1.0 / (1.0 + math.exp(-self._log[self._index[slot_id]]))

    def sticks_out(self, slot_id: str) -> float:
        """How far [m] the car in a slot reaches into the road; 0 where it stands within, or was not heard well."""
        heads = self._heads.get(slot_id, [])
        return max(0.0, -float(np.median(heads))) if len(heads) >= HEADS else 0.0

    def block(self, slot_id: str) -> None:
        """Something is known to stand in the slot."""
        self._settle(self._index[slot_id], max(SETTLED, self._log[self._index[slot_id]]))

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
        car, others = expected(sensors, self._cores, HEARD, every=SURE)[1], np.ascontiguousarray(others)
        heads = np.empty(car.shape)
        found = weigh(sensors, *pings, car, others, self._frames, self._sizes, self._half, self._change, heads)
        change = self._change.tolist()
        if skip is not None and skip in self._index:
            change[self._index[skip]] = 0.0
        for s, k in np.argwhere(np.isfinite(heads)) if found else ():
            kept = self._heads.setdefault(self._slots[k].slot_id, [])
            kept.append(float(heads[s, k]))
            del kept[:-KEPT]
        for i, more in enumerate(change):
            if more != 0.0:
                self._settle(i, self._log[i] + more)

    def _settle(self, i: int, odds: float) -> None:
        self._log[i] = min(max(odds, LEAST), MOST)
        self._odds[self._slots[i].slot_id] = self._log[i]
        state = _state(self._log[i])
        if state != self._states[i]:
            self._states = (*self._states[:i], state, *self._states[i + 1 :])


def _state(odds: float) -> Occupancy:
    return "occupied" if odds >= SETTLED else "free" if odds <= -SETTLED else "unknown"
