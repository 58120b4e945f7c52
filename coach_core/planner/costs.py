"""What makes a manoeuvre hard for a novice, as one number in metres of easy driving.

Every segment is an instruction to hear, understand and carry out, every cusp a stop and a change of gear; short
segments are fiddly, and passing close to something is frightening. A plan is chosen by the sum of these.
"""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from coach_core.planner.words import HALF_RIGHT, STRAIGHT


class Weights(NamedTuple):
    """Prices; m of easy driving each, unless noted."""

    reverse: float = 1.15
    """per metre driven in reverse (forward is 1)"""
    cusp: float = 10.0
    """per change of gear"""
    segment: float = 4.0
    """per segment"""
    short: float = 3.0
    """for a segment of length zero; falls to nothing at `short_length`"""
    short_length: float = 0.8
    """[m]"""
    odd: float = 3.0
    """for a segment with the wheel at a quarter, which is hard to find"""
    settle: float = 4.0
    """for a last segment into the slot that is not straight"""
    closeness: float = 40.0
    """per metre of clearance that the whole path lacks of `wanted`"""
    wanted: float = 0.30
    """clearance [m] with which nobody worries"""
    late: float = 6.0
    """per metre that a stop may be overrun less than `spare`"""
    spare: float = 0.6
    """how far [m] a learner may roll past a stop without touching anything"""


NOVICE = Weights()
FEASIBLE = Weights(reverse=1.0, cusp=2.0, segment=0.5, short=0.3, odd=0.5, settle=0.5, closeness=8.0, late=0.5)
"""Prices for finding any way at all: close to length, so that the search is drawn to the goal."""
SHORTEST = Weights(reverse=1.0, cusp=3.0, segment=0.2, short=0.0, odd=0.0, settle=0.0, closeness=10.0, late=0.0)
"""Prices where nobody has to be told the plan."""


@njit(cache=True, nogil=True)
def segment_cost(weights, gear, steer, length, last_gear, last_steer):  # type: ignore[no-untyped-def]
    """Price of a segment after the one before it.

    Segments are followed from the slot outwards, so "before" is what is driven afterwards. gear: as driven, +1 or -1.
    length: m, positive. last_gear: 0 if the segment ends in the slot.
    """
    cost = length * (weights.reverse if gear < 0 else 1.0)
    if gear == last_gear and steer == last_steer:
        return cost
    cost += weights.segment
    if length < weights.short_length:
        cost += weights.short * (1.0 - length / weights.short_length)
    if steer > HALF_RIGHT:
        cost += weights.odd
    if last_gear == 0:
        if steer != STRAIGHT:
            cost += weights.settle
    elif gear != last_gear:
        cost += weights.cusp
    return cost


@njit(cache=True, nogil=True)
def closeness_cost(weights, clearance):  # type: ignore[no-untyped-def]
    """Price of a path whose least clearance is `clearance` m."""
    return weights.closeness * max(weights.wanted - clearance, 0.0)


@njit(cache=True, nogil=True)
def word_cost(weights, words, index, last_gear, last_steer):  # type: ignore[no-untyped-def]
    """Price on open ground of a word that leads outwards after a segment (last_gear as driven, last_steer)."""
    total = 0.0
    for i in range(words.used[index]):
        length = words.length[index, i]
        gear = -1 if length > 0.0 else 1
        steer = words.steer[index, i]
        total += segment_cost(weights, gear, steer, abs(length), last_gear, last_steer)
        last_gear, last_steer = gear, steer
    return total


@njit(cache=True, nogil=True)
def path_cost(weights, steer, length, count):  # type: ignore[no-untyped-def]
    """Price on open ground of a path from the slot outwards: steer indices and signed lengths [count]."""
    total, gear, last = 0.0, 0, -1
    for s in range(count):
        now = -1 if length[s] > 0.0 else 1
        total += segment_cost(weights, now, steer[s], abs(length[s]), gear, last)
        gear, last = now, steer[s]
    return total
