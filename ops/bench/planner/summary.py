"""What the outcomes of a run come to: a line for each family and solver, and the figures that were promised."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ops.bench.planner.scenes import EASY, TIGHT
from ops.bench.planner.solvers import Outcome
from ops.bench.statistics import wilson

OURS, BETTER = "parkit", "parkit, improved"
_ENOUGH = 0.20
"""Clearance [m] with which a plan is good wherever it leads."""
_NEARLY = 0.9
"""Or this part of the most that any solver kept."""


class Summary(NamedTuple):
    """One solver on one family. Feasible are the scenes that some solver of this run has solved."""

    family: str
    solver: str
    scenes: int
    feasible: int
    solved: int
    bounds: tuple[float, float]
    """95 % bounds (Wilson) of the rate of success on feasible scenes"""
    p50_ms: float
    p99_ms: float
    max_ms: float
    cusps: float
    segments: float
    clearance_p50: float
    below_20cm: float
    """share of its paths with less than 0.20 m of clearance"""


class Promise(NamedTuple):
    """A figure that was promised; what it must be and what we aim at, in words, and how it stands."""

    metric: str
    must: str
    aim: str
    measured: str
    verdict: str


def summarise(outcomes: Sequence[Outcome]) -> list[Summary]:
    """A line for each family and solver, in the order of their first outcome; the oracles only make feasible."""
    feasible = _feasible(outcomes)
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.solver not in ("oracle", "long look"):
            groups.setdefault((outcome.family, outcome.solver), []).append(outcome)
    return [_summary(family, solver, group, feasible) for (family, solver), group in groups.items()]


def _feasible(outcomes: Sequence[Outcome]) -> set[str]:
    return {outcome.scene for outcome in outcomes if outcome.solved}


def _summary(family: str, solver: str, group: Sequence[Outcome], feasible: set[str]) -> Summary:
    possible = [outcome for outcome in group if outcome.scene in feasible]
    solved = [outcome for outcome in group if outcome.solved]
    times = np.array([outcome.seconds for outcome in possible or group]) * 1e3
    clearances = np.array([outcome.clearance for outcome in solved] or [math.nan])
    return Summary(
        family, solver, len(group), len(possible), len(solved), wilson(len(solved), len(possible)),
        float(np.median(times)), float(np.percentile(times, 99)), float(times.max()),
        float(np.mean([float(outcome.cusps) for outcome in solved] or [math.nan])),
        float(np.mean([float(outcome.segments) for outcome in solved] or [math.nan])),
        float(np.median(clearances)), float(np.mean(clearances < _ENOUGH)),
    )  # fmt: skip


def promises(outcomes: Sequence[Outcome]) -> list[Promise]:
    """The lines that were promised, as far as this run has scenes for them."""
    feasible = _feasible(outcomes)
    first = [outcome for outcome in outcomes if outcome.solver == OURS and outcome.scene in feasible]
    easy = [outcome for outcome in first if outcome.family in EASY]
    lines = []
    if easy:
        lines.append(_success("Plans in the easy families", easy, 0.995, 0.999))
    for family, must, aim in zip(TIGHT, (0.95, 0.90), (0.99, 0.90), strict=True):
        tight = [outcome for outcome in first if outcome.family == family]
        if tight:
            lines.append(_success(f"Plans, {family.replace('_', ' ')} with 5 cm", tight, must, aim))
    cases = [outcome for outcome in outcomes if outcome.solver == OURS and outcome.family == "tpcap"]
    if cases:
        lines.append(_tpcap(cases))
    if easy:
        lines.append(_latency("First plan, easy families", easy))
        lines.append(_latency("First plan, easy and tight", [o for o in first if o.family in EASY + TIGHT]))
    return lines + _quality(outcomes)


def _verdict(must: bool, aim: bool) -> str:
    return "aim met" if aim else "must met" if must else "short"


def _success(metric: str, outcomes: Sequence[Outcome], must: float, aim: float) -> Promise:
    solved, trials = sum(outcome.solved for outcome in outcomes), len(outcomes)
    low, high = wilson(solved, trials)
    rate = solved / trials
    measured = f"{100 * rate:.2f} % ({solved} of {trials} feasible; 95 %: {100 * low:.2f}-{100 * high:.2f} %)"
    return Promise(metric, f"{100 * must:.3g} %", f"{100 * aim:.3g} %", measured, _verdict(rate >= must, rate >= aim))


def _tpcap(cases: Sequence[Outcome]) -> Promise:
    seconds = [case.seconds for case in cases]
    middle, most = float(np.median(seconds)), max(seconds)
    solved = sum(case.solved for case in cases)
    measured = f"{solved} of {len(cases)}, median {middle:.3f} s, max {most:.2f} s"
    all_there = solved == len(cases) == 8
    verdict = _verdict(all_there, all_there and middle <= 0.2 and most <= 10.0)
    return Promise("TPCAP 1-8", "8 of 8", "median 0.2 s, max 10 s", measured, verdict)


def _latency(metric: str, outcomes: Sequence[Outcome]) -> Promise:
    p50, p99, most = (float(v) * 1e3 for v in np.percentile([o.seconds for o in outcomes], [50, 99, 100]))
    measured = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {most:.0f} ms ({len(outcomes)} plans)"
    verdict = _verdict(p50 <= 5.0 and p99 <= 50.0, p50 <= 2.0 and p99 <= 10.0)
    return Promise(metric, "p50 5 ms, p99 50 ms", "p50 2 ms, p99 10 ms", measured, verdict)


def _quality(outcomes: Sequence[Outcome]) -> list[Promise]:
    """How near the first and the improved plans come to the best known ones, where the oracle of quality has looked."""
    looked = {outcome.scene for outcome in outcomes if outcome.solver == "long look"}
    solved = [outcome for outcome in outcomes if outcome.scene in looked and outcome.solved]
    fewest: dict[str, int] = {}
    widest: dict[str, float] = {}
    for outcome in solved:
        fewest[outcome.scene] = min(fewest.get(outcome.scene, outcome.cusps), outcome.cusps)
        widest[outcome.scene] = max(widest.get(outcome.scene, 0.0), outcome.clearance)
    lines = []
    for solver in (OURS, BETTER):
        own = [outcome for outcome in solved if outcome.solver == solver]
        if not own:
            continue
        more = np.array([outcome.cusps - fewest[outcome.scene] for outcome in own])
        wide = np.array([
            outcome.clearance >= min(_ENOUGH, _NEARLY * widest[outcome.scene]) for outcome in own
        ])  # fmt: skip
        least, two = float(np.mean(more == 0)), int(np.count_nonzero(more >= 2))
        verdict = _verdict(False, least >= 0.95 and two == 0)
        measured = f"{100 * least:.0f} % fewest, {two} of {len(own)} with two or more above"
        lines.append(Promise(f"Changes of gear: {solver}", "-", "95 % fewest, none +2", measured, verdict))
        share = float(np.mean(wide))
        measured = f"{100 * share:.0f} % of {len(own)}"
        metric = f"Clearance 0.20 m, or 90 % of the best: {solver}"
        lines.append(Promise(metric, "-", "99 %", measured, _verdict(False, share >= 0.99)))
    return lines


def render(outcomes: Sequence[Outcome], notes: Sequence[str]) -> str:
    """Both tables, and what our planner missed, as Markdown."""
    lines = ["| promised | must | aim | measured | |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(line)} |" for line in promises(outcomes)]
    lines += ["", *(f"{note}  " for note in notes), ""]
    lines += ["| family | solver | solved / feasible / all | 95 % bounds | p50 ms | p99 ms | max ms | cusps |"]
    lines[-1] += " segments | clearance p50 m | < 0.20 m |"
    lines.append("|---|---|---|---|---|---|---|---|---|---|---|")
    for s in summarise(outcomes):
        segments = f"{s.segments:.1f}" if s.segments else "-"
        lines.append(
            f"| {s.family} | {s.solver} | {s.solved} / {s.feasible} / {s.scenes} |"
            f" {100 * s.bounds[0]:.1f}-{100 * s.bounds[1]:.1f} % |"
            f" {s.p50_ms:.1f} | {s.p99_ms:.0f} | {s.max_ms:.0f} | {s.cusps:.1f} | {segments} |"
            f" {s.clearance_p50:.2f} | {100 * s.below_20cm:.0f} % |"
        )
    lines += ["", f"Not solved by parkit, though feasible: {', '.join(missed_scenes(outcomes)) or 'none'}."]
    return "\n".join(lines)


def missed_scenes(outcomes: Sequence[Outcome]) -> list[str]:
    """Feasible scenes that our planner's first answer does not solve, each with the reason."""
    feasible = _feasible(outcomes)
    ours = (outcome for outcome in outcomes if outcome.solver == OURS and not outcome.solved)
    return [f"{outcome.scene} ({outcome.problem})" for outcome in ours if outcome.scene in feasible]
