"""The front door of scoring: a session and a rubric in, a score card out."""

from __future__ import annotations

from collections.abc import Sequence

from coach_core.contracts import Contact, Deduction, Ended, ScoreCard
from coach_core.scoring.detectors import DETECTORS, Case, Par
from coach_core.scoring.ledger import (
    Entry,
    Settled,
    best_removal,
    quarters,
    rule_weights,
    same_cause_once,
    settle,
)
from coach_core.scoring.rubric import QUARTERS, Rubric
from coach_core.scoring.strengths import PERSISTED, find_strength
from coach_core.scoring.track import SessionTrack

TOTAL = "total"
"""Component of the one record that is above the components."""
CONTACT_CAP = "total.contact"
"""Rule of the record that holds a session with a contact at the rubric's cap."""


def score_session(
    track: SessionTrack, ended: Ended, contacts: Sequence[Contact], rubric: Rubric, par: Par | None
) -> ScoreCard:
    """Judge a session. par: what the planner needs for this slot and start pose; None leaves efficiency out.

    100 - score is exactly the sum of the deductions' points; the components add up to the score plus what the record of
    component `total` takes. A session that was aborted, or in which nothing could be counted, has score None: its card
    holds the components that could be judged.
    """
    contact = bool(contacts) or ended.contacts > 0 or ended.result == "contact"
    maxima = {component.key: component.max for component in rubric.components}
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
            strength=PERSISTED,
        )
    complete = ended.result != "aborted"
    judged = {component.key for component in rubric.components if complete or not component.needs_end}
    case = Case(track, ended, contacts, par)
    found: set[str] = set()
    left_out: list[str] = []
    raw: list[Entry] = []
    for rule in rubric.rules:
        findings = DETECTORS[rule.detector].find(case, rule.limits)
        if findings is None:
            left_out.append(rule.key)
        elif rule.component in judged:
            raw.extend(Entry(rule, finding, 0) for finding in findings)
            found.update([rule.detector] if findings else [])
    weights = rule_weights(rubric, left_out)
    entries = same_cause_once(
        (entry._replace(raw=weights[entry.rule.key] * entry.finding.steps) for entry in raw), rubric.root_cause_window_s
    )
    settled = settle(entries, rubric, contact)
    score = settled.score / QUARTERS
    return ScoreCard(
        rubric=rubric.name,
        rubric_version=rubric.version,
        score=score if complete else None,
        passed=score >= rubric.pass_score and not contact and ended.result == "parked" if complete else None,
        components={key: maxima[key] - lost / QUARTERS for key, lost in settled.lost.items() if key in judged},
        maxima=maxima,
        deductions=_records(entries, settled, case, rubric, contact),
        left_out=left_out,
        strength=find_strength(case, found, len(track.cusp_rows()), contact),
        best_change=best_removal(entries, rubric, contact, CONTACT_CAP),
    )


def _records(entries: Sequence[Entry], settled: Settled, case: Case, rubric: Rubric, contact: bool) -> list[Deduction]:
    """One record per entry in order of time, then the contact's; those that a cap made free are kept, with 0 points."""
    records = [
        Deduction(
            rule=entry.rule.key,
            component=entry.rule.component,
            points=taken / QUARTERS,
            raw_points=entry.raw / QUARTERS,
            t0_s=entry.finding.t0,
            t1_s=entry.finding.t1,
            measured=entry.finding.measured,
            limit=entry.finding.limit,
            cap_group=entry.rule.group,
            cue_id=entry.rule.cue_id,
            params=dict(entry.finding.params),
        )
        for entry, taken in zip(entries, settled.taken, strict=True)
    ]
    if contact:
        track, count = case.track, max(len(case.contacts), case.ended.contacts, 1)
        t0 = float(track.contact_t[0]) if len(track.contact_t) else float(track.t[-1])
        t1 = float(track.contact_t[-1]) if len(track.contact_t) else t0
        records.append(
            Deduction(
                rule=CONTACT_CAP,
                component=TOTAL,
                points=settled.contact / QUARTERS,
                raw_points=(quarters(rubric.total) - quarters(rubric.contact_cap)) / QUARTERS,
                t0_s=t0,
                t1_s=t1,
                measured=float(count),
                limit=0.0,
                cap_group="contact",
                cue_id="crit.contact",
                params={"contacts": count, "cap": rubric.contact_cap},
            )
        )
    return records
