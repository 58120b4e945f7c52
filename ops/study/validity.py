"""Does the score measure skill? Learners of a known skill, sessions drawn from what skill does, scored by parkit-1.

    python -m ops.study.validity --drivers 200 --sessions 10 --seed 1

The sessions are not driven: a learner's errors are drawn from distributions that shrink with skill, and written down as
the messages such a session would have left. So this says how much of the score is skill and how much is the luck of a
session, for these distributions; not how well people are measured.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from coach_core.contracts import SECTORS, ClearanceState, Contact, Decision, Ended, EndPose, Pose2, SensorFrame
from coach_core.contracts.messages import Gear, Level
from coach_core.scoring import Par, Rubric, SessionTrack, score_session
from controllers.data import builtin_rubric

RUBRIC = "parkit-1"
PAR = Par(cusps=1, time_s=70.0)
TICK_S = 0.1
CONTACT_CEILING = 39.0
"""No session with a contact scores more."""
Rng = np.random.Generator


def between(skill: float, novice: float, expert: float) -> float:
    """A parameter's value for a skill of 0 (first lesson) to 1 (no longer a novice)."""
    return novice + (expert - novice) * skill


@dataclass(frozen=True)
class Validity:
    """spearman: rank correlation of skill with a learner's mean score; spearman_median: with the median, which one bad
    day hardly moves. icc: share of the variance of the mean of `sessions` scores that is between learners,
    ICC(1,k); icc_single: the same for one session. icc_retest: agreement, ICC(1,1), of that mean with the mean
    of as many further sessions of the same learner; icc_retest_apart: of the means over sessions without a
    contact, which is held at 39 points. contacts: share of sessions with one. mean_by_fifth: mean score of the
    learners, the least skilled fifth first."""

    rubric: str
    drivers: int
    sessions: int
    seed: int
    spearman: float
    spearman_median: float
    icc: float
    icc_single: float
    icc_retest: float
    icc_retest_apart: float
    contacts: float
    mean_by_fifth: list[float]


def measure(drivers: int, sessions: int, seed: int) -> Validity:
    """Score `sessions` sessions of each of `drivers` learners, whose skills are spread evenly."""
    if drivers < 5 or sessions < 2:
        raise ValueError(f"at least 5 drivers and 2 sessions each are needed, not {drivers} and {sessions}")
    rng = np.random.default_rng(seed)
    rubric = builtin_rubric(RUBRIC)
    skills = rng.uniform(0.0, 1.0, drivers)
    both = np.array([[score(float(skill), rubric, rng) for _ in range(2 * sessions)] for skill in skills])
    scores, retest = both[:, :sessions], both[:, sessions:]
    ceiling = CONTACT_CEILING
    means = scores.mean(axis=1)
    fifths = np.array_split(means[np.argsort(skills)], 5)
    between_drivers = sessions * float(means.var(ddof=1))
    within = float(scores.var(axis=1, ddof=1).mean())
    return Validity(
        rubric=RUBRIC,
        drivers=drivers,
        sessions=sessions,
        seed=seed,
        spearman=spearman(skills, means),
        spearman_median=spearman(skills, np.median(scores, axis=1)),
        icc=(between_drivers - within) / between_drivers,
        icc_single=(between_drivers - within) / (between_drivers + (sessions - 1) * within),
        icc_retest=agreement(means, retest.mean(axis=1)),
        icc_retest_apart=agreement(_mean_above(scores, ceiling), _mean_above(retest, ceiling)),
        contacts=float((both <= ceiling).mean()),
        mean_by_fifth=[round(float(fifth.mean()), 1) for fifth in fifths],
    )


def agreement(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """ICC(1,1) of two measurements of each learner (Shrout & Fleiss 1979, equation for case 1)."""
    pairs = np.stack((first, second), axis=1)
    between = 2.0 * float(pairs.mean(axis=1).var(ddof=1))
    within = float(pairs.var(axis=1, ddof=1).mean())
    return (between - within) / (between + within)


def _mean_above(scores: NDArray[np.float64], ceiling: float) -> NDArray[np.float64]:
    """Each row's mean over what is above the ceiling; the ceiling where nothing is."""
    above = scores > ceiling
    total, count = np.where(above, scores, 0.0).sum(axis=1), above.sum(axis=1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), ceiling), dtype=np.float64)


def spearman(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Rank correlation; equal values share their mean rank."""
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - 0.5 * (counts - 1.0))[where], dtype=np.float64)


def score(skill: float, rubric: Rubric, rng: Rng) -> float:
    """The score of one session of a learner.

    Ranges: end positions from 33 cm in depth and 10 cm to the side, where clearances settle after some 18 trials
    (Walls & Green 2004), doubled for beginners, down to a third; 22 s and 1.5 to 1.8 moves are what practised young
    drivers need (APCOA), beginners about three times that; contacts from the share of parking in claims. The rest is
    the project's own reading.
    """
    frames, decisions = _drive(skill, rng)
    crash = rng.random() < between(skill, 0.12, 0.002)
    pose = EndPose(
        float(rng.normal(0.0, between(skill, 0.22, 0.05))),
        float(rng.normal(0.0, between(skill, 0.40, 0.10))),
        math.radians(float(rng.normal(0.0, between(skill, 5.0, 0.8)))),
    )
    contacts = [Contact("body", 0.0, 0.0, 0.3, "car")] if crash else []
    outside = abs(pose.lateral_m) > 0.38 or abs(pose.depth_m) > 0.9
    wheels = 0 if outside or abs(pose.lateral_m) < 0.30 else 2
    took = PAR.time_s * float(rng.lognormal(math.log(between(skill, 1.5, 0.75)), 0.15))
    ended = Ended("contact" if crash else "parked", "A1", took, len(contacts), None, pose, wheels, not outside)
    card = score_session(SessionTrack.from_messages(frames, decisions, []), ended, contacts, rubric, PAR)
    assert card.score is not None
    return card.score


def _drive(skill: float, rng: Rng) -> tuple[list[SensorFrame], list[Decision]]:
    """Strokes forth and back, ten frames a second: hurried, jerky, close to things, deaf to signals as skill has it."""
    frames: list[SensorFrame] = []
    decisions: list[Decision] = []
    strokes = 2 + int(rng.poisson(between(skill, 2.2, 0.1)))
    for stroke in range(strokes):
        forward = stroke % 2 == 0
        pace = float(rng.lognormal(math.log(between(skill, 0.95, 0.6)), 0.25))
        scare = rng.random() < between(skill, 0.30, 0.02)
        deaf = scare and rng.random() < between(skill, 0.6, 0.1)
        near = rng.random() < between(skill, 0.25, 0.01)
        jerk = rng.random() < between(skill, 0.20, 0.01)
        rolling = stroke > 0 and rng.random() < between(skill, 0.15, 0.01)
        rows = 40
        for row in range(rows):
            ramp = min(1.0, (row + 1) / 12, (rows - row) / 12)
            speed = pace * ramp
            if jerk and 20 <= row < 22:
                speed += 0.8
            critical = scare and 15 <= row < 30
            braking = critical and not deaf and row >= 20
            if rolling and row == 0:
                speed = -0.3
            clearance = 0.11 if near and 18 <= row < 22 else 0.6
            level: Level = "critical" if critical else "clear"
            _add(frames, decisions, speed if forward else -speed, "D" if forward else "R", braking, level, clearance)
    secured = rng.random() < between(skill, 0.80, 0.995)
    turned = rng.random() < between(skill, 0.45, 0.05)
    for _ in range(3):
        _add(frames, decisions, 0.0, "P" if secured else "R", True, "clear", 0.6, secured, 0.3 if turned else 0.0)
    return frames, decisions


def _add(
    frames: list[SensorFrame],
    decisions: list[Decision],
    speed: float,
    gear: Gear,
    braking: bool,
    level: Level,
    clearance: float,
    parking_brake: bool = False,
    steer: float = 0.0,
) -> None:
    seq = len(frames)
    now, stamp = round(seq * TICK_S, 6), seq * 100_000
    frames.append(
        SensorFrame(
            1,
            "study",
            "study",
            seq,
            stamp,
            now,
            [],
            Pose2(0.0, 0.0, 0.0),
            speed,
            steer,
            gear,
            0.0,
            0.5 if braking else 0.0,
            parking_brake,
        )
    )
    sectors = [ClearanceState(SECTORS[6], clearance, level)]
    decisions.append(
        Decision(
            1,
            "study",
            "study",
            seq,
            stamp,
            now,
            level,
            sectors,
            None,
            [],
            None,
            None,
            None,
            None,
            0,
            Pose2(0.0, 0.0, 0.0),
            None,
            100.0,
        )
    )


def main(arguments: list[str] | None = None) -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m ops.study.validity", description=__doc__)
    parser.add_argument("--drivers", type=int, default=200)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        print(json.dumps(asdict(measure(options.drivers, options.sessions, options.seed)), indent=2))
    except ValueError as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
