"""Why points were lost, and the one change that would have helped most: each cause taken away, and scored again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from coach_core.contracts import Cause
from coach_core.scoring.causes import FINDERS, Clue
from coach_core.scoring.findings import NO_PARAMS, Case, Finding
from coach_core.scoring.ledger import Entry, Settled, reckon
from coach_core.scoring.rubric import QUARTERS, CauseRule, Rubric

_ANY = Finding(0.0, 0.0, None, None)


class Diagnosis(NamedTuple):
    """causes: worst first. best_change: the cause without which the score would be highest, and that score."""

    causes: list[Cause]
    best_change: str
    best_change_score: float | None


class _Blame(NamedTuple):
    key: str
    clue: Clue


def diagnose(case: Case, raw: Sequence[Entry], entries: Sequence[Entry], settled: Settled, rubric: Rubric) -> Diagnosis:
    """raw: all that was found; entries, settled: what was kept of it and what that cost."""
    if not rubric.causes or not raw:
        return Diagnosis([], "", None)
    blamed = _blame(case, raw, rubric)
    causes = _causes(entries, settled, blamed)
    best, best_score = "", settled.score
    for cause in causes:
        without = [entry for entry in raw if _key(blamed, entry) != cause.cause]
        score = reckon(without, rubric)[1].score
        if not best or score > best_score:
            best, best_score = cause.cause, score
    return Diagnosis(causes, best, best_score / QUARTERS if best else None)


def _blame(case: Case, raw: Sequence[Entry], rubric: Rubric) -> dict[int, _Blame]:
    """The cause of each entry, by the entry's id; entries no cause explains have none."""
    whole = [
        (cause, FINDERS[cause.finder].find(case, cause.limits, _ANY))
        for cause in rubric.causes
        if not FINDERS[cause.finder].moment
    ]
    blamed = {}
    for entry in raw:
        clues = [(cause, clue) for cause, found in whole for clue in found]
        clues += [
            (cause, clue)
            for cause in rubric.causes
            if FINDERS[cause.finder].moment and entry.rule.key in cause.explains
            for clue in FINDERS[cause.finder].find(case, cause.limits, entry.finding)
        ]
        fitting = [(cause, clue) for cause, clue in clues if _fits(cause, clue, entry)]
        if fitting:
            cause, clue = min(fitting, key=lambda pair: (-pair[1].weight, pair[1].t0))
            blamed[id(entry)] = _Blame(cause.key, clue)
    return blamed


def _fits(cause: CauseRule, clue: Clue, entry: Entry) -> bool:
    """Whether a clue can explain an entry: it may, and it came before, not too long before."""
    if entry.rule.key not in cause.explains or clue.t0 > entry.finding.t1:
        return False
    within = entry.rule.explained_within_s
    return within is None or clue.t0 >= entry.finding.t0 - within


def _key(blamed: dict[int, _Blame], entry: Entry) -> str | None:
    blame = blamed.get(id(entry))
    return None if blame is None else blame.key


def _causes(entries: Sequence[Entry], settled: Settled, blamed: dict[int, _Blame]) -> list[Cause]:
    """One per cause that cost something; its moment and measures are those of its earliest clue."""
    points: dict[str, int] = {}
    first: dict[str, Clue] = {}
    for entry, cost in zip(entries, settled.taken, strict=True):
        blame = blamed.get(id(entry))
        if blame is None or cost == 0:
            continue
        points[blame.key] = points.get(blame.key, 0) + cost
        known = first.get(blame.key)
        # of clues at one time the one that measured something
        if known is None or (blame.clue.t0, -blame.clue.weight) < (known.t0, -known.weight):
            first[blame.key] = blame.clue
    causes = [Cause(key, points[key] / QUARTERS, first[key].t0, dict(first[key].params or NO_PARAMS)) for key in points]
    return sorted(causes, key=lambda cause: (-cause.points, cause.t0_s, cause.cause))
