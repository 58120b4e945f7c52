"""Does the score name the mistake? Experts with one bad habit each park with the coach; the card's first cause should
be that habit.

    python -m ops.study.causes --episodes 10 --seed 1
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import islice
from typing import NamedTuple

from coach_core.contracts import Contact, Ended, EndPose, ScoreCard, SessionEvent, Started
from coach_core.contracts.messages import EventDetail
from coach_core.scoring import SessionTrack, par_of, score_session
from controllers.data import builtin_rubric
from controllers.parkit_coach.drivers.expert import ExpertDriver
from ops.bench.statistics import wilson
from ops.study.faulty import FAULTS, Fault, FaultyDriver
from ops.study.scenes import draw
from ops.study.simulator import Run, Settings, learner_car, run

RUBRIC = "parkit-1"


class Attempt(NamedTuple):
    """One episode: the fault that was put in, the causes that came out, worst first."""

    family: str
    seed: int
    fault: Fault
    result: str
    score: float | None
    causes: tuple[str, ...]
    best_change: str


@dataclass(frozen=True)
class Naming:
    """How often the first cause was the fault. seeds: the episodes, which a faultless driver parks without losing a
    point, so that what is lost is the fault's. costly: attempts in which the fault cost points; without that there is
    nothing to explain. top1: share of those, with its 95 % interval. named: what was named, by fault."""

    family: str
    episodes: int
    seed: int
    seeds: list[int]
    attempts: int
    costly: int
    top1: float
    top1_95: tuple[float, float]
    named: dict[str, dict[str, int]]


def card_of(done: Run) -> ScoreCard:
    """The score card of a run that kept its messages."""
    start = Started("study", "expert", "", done.episode.seed, 4, RUBRIC, "ko", learner_car(), done.episode.lot)
    events = [_event(0, 0.0, start)]
    contacts = []
    if done.touch is not None:
        touch = done.touch
        other = "wall" if touch.kind == "pillar" else touch.kind
        contacts.append(Contact(touch.part, touch.x, touch.y, touch.speed, other))
        events.append(_event(1, touch.time, contacts[0]))
    stand = done.stand
    pose = None if stand is None else EndPose(stand.lateral, stand.depth, stand.yaw)
    inside = stand is not None and stand.in_slot
    result = "timeout" if done.result == "stopped" else done.result
    ended = Ended(result, None, done.duration, len(contacts), None, pose if inside else None, 0, inside)
    events.append(_event(2, done.duration, ended))
    track = SessionTrack.from_messages(done.frames, done.decisions, events)
    return score_session(track, ended, contacts, builtin_rubric(RUBRIC), par_of(done.decisions))


def _event(seq: int, at_s: float, detail: EventDetail) -> SessionEvent:
    return SessionEvent(1, "study", "study", seq, 0, at_s, detail)


def attempt(family: str, seed: int, fault: Fault) -> Attempt:
    """Drive one episode with one fault and score it."""
    done = run(draw(family, seed), FaultyDriver(fault), Settings(keep_messages=True))
    card = card_of(done)
    causes = tuple(cause.cause.removeprefix("cause.") for cause in card.causes)
    return Attempt(family, seed, fault, done.result, card.score, causes, card.best_change)


def clean(family: str, seed: int) -> bool:
    """Whether an expert without a fault keeps every point there."""
    return card_of(run(draw(family, seed), ExpertDriver(), Settings(keep_messages=True))).score == 100.0


def study(family: str, episodes: int, seed: int, tell: Callable[[Attempt], None]) -> Naming:
    """Every fault in the same episodes: the first clean ones from `seed` on, of at most ten times as many."""
    seeds = list(islice((s for s in range(seed, seed + 10 * episodes) if clean(family, s)), episodes))
    attempts = []
    for at in seeds:
        for fault in FAULTS:
            attempts.append(attempt(family, at, fault))
            tell(attempts[-1])
    costly = [each for each in attempts if each.causes]
    named: dict[str, Counter[str]] = {fault: Counter() for fault in FAULTS}
    for each in costly:
        named[each.fault][each.causes[0]] += 1
    right = sum(each.causes[0] == each.fault for each in costly)
    return Naming(
        family=family,
        episodes=len(seeds),
        seed=seed,
        seeds=seeds,
        attempts=len(attempts),
        costly=len(costly),
        top1=right / len(costly) if costly else 0.0,
        top1_95=wilson(right, len(costly)),
        named={fault: dict(counts.most_common()) for fault, counts in named.items()},
    )


def _say(each: Attempt) -> None:
    print(json.dumps(each._asdict()), file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Print what was named for each fault, as JSON."""
    parser = argparse.ArgumentParser(prog="python -m ops.study.causes", description=__doc__)
    parser.add_argument("--family", default="perpendicular")
    parser.add_argument("--episodes", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", action="store_true", help="also tell every attempt")
    options = parser.parse_args(arguments)
    if options.episodes < 1:
        parser.error("--episodes must be at least 1")
    naming = study(options.family, options.episodes, options.seed, _say if options.each else lambda _: None)
    print(json.dumps(asdict(naming), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
