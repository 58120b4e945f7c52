"""The front door of scoring: a session and a rubric in, a score card out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from coach_core.contracts import Contact, Deduction, Ended, ScoreCard
from coach_core.scoring.detectors import DETECTORS
from coach_core.scoring.diagnosis import Diagnosis, diagnose
from coach_core.scoring.findings import Case, Finding, Par
from coach_core.scoring.ledger import Entry, Settled, quarters, reckon, rule_weights
from coach_core.scoring.rubric import QUARTERS, TOTAL, Rubric, Rule
from coach_core.scoring.strengths import PERSISTED, find_strength
from coach_core.scoring.track import SessionTrack


def score_session(
    track: SessionTrack, ended: Ended, contacts: Sequence[Contact], rubric: Rubric, par: Par | None
) -> ScoreCard:
    """Judge a session. par: what the planner needs for this slot and start pose; None leaves efficiency out.

    100 - score is exactly the sum of the deductions' points; the components add up to the score plus what the records
    of component `total` take. A rubric that counts faults has score None and says only whether the session passed; the
    points of its records are faults. A session that was aborted, or in which nothing could be counted, has neither: its
    card holds the components that could be judged.
    """
    if rubric.voice == "examiner":
        track = track.without_the_coach()
    maxima = {component.key: component.max for component in rubric.components if component.max}
    if not track.counted.any():
        return ScoreCard(
            rubric=rubric.name,
            rubric_version=rubric.version,
            score=None,
            passed=None,
            components={},
            maxima=maxima,
            deductions=[],
            left_out=[rule.key for rule in rubric.rules],
            strength=PERSISTED if rubric.voice == "coach" else "",
        )
    if track.undone:
        contacts = [contact for _, contact in track.contacts]
    whole = Case(track, ended, contacts, par)
    ending = _endings(whole, rubric)
    case = whole.until(ending[0].finding.t0) if ending else whole
    judged = {c.key for c in rubric.components if case.ended.result != "aborted" or not c.needs_end}
    found, left_out = _find(case, rubric, judged)
    raw = ending + found
    entries, settled = reckon(raw, rubric)
    # who was failed on the way had a whole test, however the session then ended; where no rule could be judged there
    # was none
    complete = (ended.result != "aborted" or bool(ending)) and len(left_out) < len(rubric.rules)
    card = ScoreCard(
        rubric=rubric.name,
        rubric_version=rubric.version,
        score=settled.score / QUARTERS if complete and rubric.scheme == "points" else None,
        passed=_passed(entries, settled, ended, rubric) if complete else None,
        components=_components(settled.lost, rubric, judged),
        maxima=maxima,
        deductions=[_record(entry, cost) for entry, cost in zip(entries, settled.taken, strict=True)],
        left_out=left_out,
    )
    return (
        card if rubric.voice == "examiner" else _coached(card, case, raw, diagnose(case, raw, entries, settled, rubric))
    )


def _endings(case: Case, rubric: Rubric) -> list[Entry]:
    """What the test was over with: the first of all findings that end it, and those of the same moment."""
    weights = rule_weights(rubric, ())
    entries = [
        Entry(rule, finding, _raw(rule, finding, weights, rubric))
        for rule in rubric.rules
        if rule.ends
        for finding in DETECTORS[rule.detector].find(case, rule.limits) or ()
    ]
    first = min((entry.finding.t0 for entry in entries), default=0.0)
    return [entry for entry in entries if entry.finding.t0 == first]


def _find(case: Case, rubric: Rubric, judged: set[str]) -> tuple[list[Entry], list[str]]:
    """All else that was found, with what it would cost before any cap, and the rules that could not be judged."""
    left_out: list[str] = []
    found: list[tuple[Rule, Finding]] = []
    for rule in rubric.rules:
        findings = DETECTORS[rule.detector].find(case, rule.limits)
        if findings is None:
            left_out.append(rule.key)
        elif not rule.ends and (rule.component in judged or rule.component == TOTAL):
            found.extend((rule, finding) for finding in findings)
    weights = rule_weights(rubric, left_out)
    return [Entry(rule, finding, _raw(rule, finding, weights, rubric)) for rule, finding in found], left_out


def _raw(rule: Rule, finding: Finding, weights: Mapping[str, int], rubric: Rubric) -> int:
    if rule.ceiling is not None:
        return quarters(rubric.total) - quarters(rule.ceiling)
    return weights[rule.key] * finding.steps


def _passed(entries: Sequence[Entry], settled: Settled, ended: Ended, rubric: Rubric) -> bool:
    if ended.result != "parked" or any(entry.rule.ceiling is not None for entry in entries):
        return False
    if rubric.scheme == "points":
        return settled.score >= quarters(rubric.pass_score)
    return all(settled.lost[c.key] <= quarters(c.allowed or 0) for c in rubric.components)


def _components(lost: Mapping[str, int], rubric: Rubric, judged: set[str]) -> dict[str, float]:
    """What is left of each component; where faults are counted, the faults of each class."""
    shown = [component for component in rubric.components if component.key in judged]
    if rubric.scheme == "points":
        return {component.key: component.max - lost[component.key] / QUARTERS for component in shown}
    return {component.key: lost[component.key] / QUARTERS for component in shown}


def _coached(card: ScoreCard, case: Case, raw: Sequence[Entry], diagnosis: Diagnosis) -> ScoreCard:
    """The card with what a coach has to add; an examiner has nothing."""
    found = {entry.rule.detector for entry in raw}
    return msgspec.structs.replace(
        card,
        strength=find_strength(case, found, len(case.track.cusp_rows()), "accident" in found),
        best_change=diagnosis.best_change,
        best_change_score=None if card.score is None else diagnosis.best_change_score,
        causes=diagnosis.causes,
    )


def _record(entry: Entry, taken: int) -> Deduction:
    """One record per entry; those that a cap made free are kept, with 0 points."""
    rule: Rule = entry.rule
    params = dict(entry.finding.params)
    if rule.ceiling is not None:
        params["cap"] = rule.ceiling
    return Deduction(
        rule=rule.key,
        component=rule.component,
        points=taken / QUARTERS,
        raw_points=entry.raw / QUARTERS,
        t0_s=entry.finding.t0,
        t1_s=entry.finding.t1,
        measured=entry.finding.measured,
        limit=entry.finding.limit,
        cap_group=rule.group,
        cue_id=rule.cue_id,
        params=params,
    )
