"""The ways of looking for a manoeuvre, each behind one call: a question and an attempt in, a find out."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.planner.costs import FEASIBLE, Weights, path_cost
from coach_core.planner.field import NO_FIELD, DistanceField
from coach_core.planner.paths import merged
from coach_core.planner.question import Question
from coach_core.planner.result import PlanSegment
from coach_core.planner.search import EXHAUSTED, FOUND, MAX_PLAN, SearchSettings, search
from coach_core.planner.shorten import shorten
from coach_core.planner.shuffle import shuffle
from coach_core.planner.trees import grow

ROOM = 12.0
"""How far [m] from start and goal a manoeuvre may stray."""
QUICK, CAREFUL = (28, 28), (56, 56, 56)
"""How many stations each round of shortening has: a few milliseconds, or some tens and paths cheaper by 6 %."""
_NODES = 12
"""Nodes stored per node expanded. A slot's inside has few free poses, so a tight slot is searched to the end while
open ground, which the trees do better, runs out of nodes soon."""


Method = Literal["tidy", "shuffle", "trees", "any"]
METHODS: tuple[Method, ...] = ("tidy", "shuffle", "trees", "any")


class Attempt(NamedTuple):
    """One way of looking for an answer."""

    method: Method
    margin: float
    budget: int
    refine: int = 0
    skip: int = 0
    greed: float = 1.3
    rounds: tuple[int, ...] = QUICK


class Found(NamedTuple):
    """What an attempt came to; segments are in driving order."""

    status: int
    segments: list[PlanSegment]
    goal_index: int
    expansions: int


def attempt(question: Question, way: Attempt, weights: Weights) -> Found:
    """One attempt. Untidy finds are shortened before they are handed on."""
    if way.method == "tidy":
        return _search(question, way, weights, NO_FIELD, 1.0)
    if way.method == "any":
        feasible = FEASIBLE._replace(wanted=weights.wanted)
        found = _search(question, way, feasible, question.field, way.greed)
        if found.status == EXHAUSTED:  # a slot so tight that the cells were too coarse for it
            used = found.expansions
            rest = way._replace(budget=way.budget - used)
            found = _search(question, rest, feasible, question.field, way.greed, cell=0.4)
            found = found._replace(expansions=used + found.expansions)
    elif way.method == "shuffle":
        found = _shuffle(question, way, weights)
    else:
        found = _grow(question, way)
    return shortened(question, found, way.margin, weights, way.rounds) if found.status == FOUND else found


def price(question: Question, found: Found, weights: Weights) -> float:
    """What a find costs the learner, on open ground."""
    steers, lengths = _outwards(question, found.segments)
    return float(path_cost(weights, steers, lengths, len(steers)))


def _search(
    question: Question, way: Attempt, weights: Weights, field: DistanceField, greed: float, cell: float = 1.0
) -> Found:
    """Best-first search from the slot outwards."""
    settings = SearchSettings(
        margin=float(way.margin),
        budget=way.budget,
        refine=way.refine,
        nodes=_NODES * way.budget + len(question.goals),
        shots=8,
        reach=9.0,
        room=ROOM,
        greed=greed,
        cell=cell,
    )
    steers, lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
    status, count, root, _, used = search(
        question.vehicle, question.curvatures, question.obstacles, question.goals, question.start, weights, settings,
        field, question.words, steers, lengths,
    )  # fmt: skip
    return Found(status, _driven(question, steers[:count], lengths[:count]), root, used)


def _shuffle(question: Question, way: Attempt, weights: Weights) -> Found:
    """To and fro in the roomiest goal."""
    index = question.roomiest
    steers, lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
    status, count, used = shuffle(
        question.vehicle, question.curvatures, question.obstacles, question.goals[index], question.start, way.margin,
        way.budget, weights, question.words, steers, lengths,
    )  # fmt: skip
    return Found(status, _driven(question, steers[:count], lengths[:count]), index, used)


def _grow(question: Question, way: Attempt) -> Found:
    """Two trees, from the roomiest goal and from the start."""
    index = question.roomiest
    steers, lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
    status, count, used = grow(
        question.vehicle, question.curvatures, question.obstacles, question.field, question.goals[index],
        question.start, way.margin, ROOM, way.budget, way.skip, question.words, steers, lengths,
    )  # fmt: skip
    return Found(status, _driven(question, steers[:count], lengths[:count]), index, used)


def shortened(question: Question, found: Found, margin: float, weights: Weights, rounds: tuple[int, ...]) -> Found:
    """The same find with fewer and easier segments, if there are any."""
    segments = found.segments
    for most in rounds:
        before = len(segments)
        steers, lengths = _outwards(question, segments)
        out_steers, out_lengths = np.empty(MAX_PLAN, np.int64), np.empty(MAX_PLAN)
        root = question.goals[found.goal_index]
        count, _ = shorten(
            question.vehicle, question.curvatures, question.obstacles, root, steers, lengths, len(segments), most,
            weights, margin, question.words, out_steers, out_lengths,
        )  # fmt: skip
        if count == 0:
            break
        segments = _driven(question, out_steers[:count], out_lengths[:count])
        if len(segments) >= before:
            break
    return found._replace(segments=segments)


def _outwards(question: Question, segments: list[PlanSegment]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Steer indices and signed lengths [m] of driven segments, from the goal outwards: the inverse of `_driven`."""
    steers = [question.steers.index(segment.steer) for segment in reversed(segments)]
    lengths = [-segment.gear * segment.length for segment in reversed(segments)]
    return np.array(steers, dtype=np.int64), np.array(lengths, dtype=np.float64)


def _driven(question: Question, steers: NDArray[np.int64], lengths: NDArray[np.float64]) -> list[PlanSegment]:
    """Segments from the goal outwards (lengths signed), as they are driven."""
    pairs = zip(reversed(steers.tolist()), reversed(lengths.tolist()), strict=True)
    return merged(
        [PlanSegment(-1 if length > 0.0 else 1, question.steers[steer], abs(length)) for steer, length in pairs]
    )
