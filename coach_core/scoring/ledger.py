"""The arithmetic of a score: root causes, caps, components. All in whole quarters of a point, so it is exact.

Nothing depends on the order in which findings come, and taking any record away from a settled list never lowers the
score: what is lost is a sum of minima, and each minimum can only shrink with its list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from coach_core.scoring.findings import Finding
from coach_core.scoring.rubric import QUARTERS, Rubric, Rule


class Entry(NamedTuple):
    """A finding and what it would cost before any cap, in quarters."""

    rule: Rule
    finding: Finding
    raw: int


class Settled(NamedTuple):
    """taken: quarters each entry costs, after caps, in the entries' order. lost: quarters lost per component (quarters
    of faults, where those are counted). score: what is left, in quarters; says nothing where faults are counted."""

    taken: tuple[int, ...]
    lost: Mapping[str, int]
    score: int


def quarters(points: float) -> int:
    return round(points * QUARTERS)


def rule_weights(rubric: Rubric, left_out: Iterable[str]) -> dict[str, int]:
    """Quarters per step of each rule that is judged. In a rescaled component the judged rules share its whole maximum
    in proportion, rounded by largest remainder so that they add up to it."""
    missing = set(left_out)
    weights = {rule.key: quarters(rule.points) for rule in rubric.rules if rule.key not in missing}
    for component in rubric.components:
        judged = [rule for rule in rubric.rules if rule.component == component.key and rule.key in weights]
        if component.rescale and judged:
            whole = quarters(component.max)
            total = sum(weights[rule.key] for rule in judged)
            shares = {rule.key: divmod(weights[rule.key] * whole, total) for rule in judged}
            spare = whole - sum(share for share, _ in shares.values())
            neediest = sorted(shares, key=lambda key: (-shares[key][1], key))
            for key, (share, _) in shares.items():
                weights[key] = share + (1 if key in neediest[:spare] else 0)
    return weights


def same_cause_once(entries: Iterable[Entry], window_s: float) -> list[Entry]:
    """Of entries with the same root cause within `window_s` of each other only the highest, in order of time; all of
    them if there is no such window: two wheels may well touch a line at the same moment."""
    if window_s <= 0.0:
        return sorted(entries, key=_by_time)
    kept: list[Entry] = []
    for entry in sorted(entries, key=_by_weight):
        if not any(_same_event(entry, other, window_s) for other in kept):
            kept.append(entry)
    return sorted(kept, key=_by_time)


def reckon(raw: Sequence[Entry], rubric: Rubric) -> tuple[list[Entry], Settled]:
    """What is kept of all that was found, in order of time, and what it costs."""
    entries = same_cause_once(raw, rubric.root_cause_window_s)
    return entries, settle(entries, rubric)


def settle(entries: Sequence[Entry], rubric: Rubric) -> Settled:
    """What each entry costs. Caps are used up in order of time; no component loses more than its maximum. Of the
    ceilings the lowest takes what is above it (of equals the earliest), the others nothing more."""
    group_left: dict[str, int] = {}
    counted = rubric.scheme == "points"
    lost = {component.key: 0 for component in rubric.components}
    most = {component.key: quarters(component.max) for component in rubric.components}
    taken = [0] * len(entries)
    order = sorted(range(len(entries)), key=lambda i: _by_time(entries[i]))
    for index in order:
        rule, cost = entries[index].rule, entries[index].raw
        if rule.ceiling is not None:
            continue
        if counted:
            cost = min(cost, most[rule.component] - lost[rule.component])
        if rule.cap is not None:
            left = group_left.setdefault(rule.group, quarters(rule.cap))
            cost = min(cost, left)
            group_left[rule.group] = left - cost
        lost[rule.component] += cost
        taken[index] = cost
    score = quarters(rubric.total) - sum(lost.values())
    ceilings = [(quarters(entries[i].rule.ceiling or 0.0), i) for i in order if entries[i].rule.ceiling is not None]
    if ceilings:
        ceiling, index = min(ceilings, key=lambda item: item[0])
        taken[index] = max(0, score - ceiling)
        score -= taken[index]
    return Settled(tuple(taken), lost, score)


def _same_event(a: Entry, b: Entry, window_s: float) -> bool:
    apart = max(a.finding.t0 - b.finding.t1, b.finding.t0 - a.finding.t1)
    return a.rule.root_cause == b.rule.root_cause and apart <= window_s


def _by_weight(entry: Entry) -> tuple[int, float, float, str]:
    return -entry.raw, entry.finding.t0, entry.finding.t1, entry.rule.key


def _by_time(entry: Entry) -> tuple[float, int, float, str]:
    return entry.finding.t0, -entry.raw, entry.finding.t1, entry.rule.key
