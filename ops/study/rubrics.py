"""The Korean course rubric beside an examiner who knows nothing of our scoring, over scripted sessions.

python -m ops.study.rubrics --sessions 500 --seed 1
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from dataclasses import asdict, dataclass

from coach_core.contracts import ScoreCard
from coach_core.scoring import TOTAL, SessionTrack, score_session
from controllers.data import builtin_rubric
from ops.study.course_oracle import Verdict, judge
from ops.study.course_script import TICK_S, Script, boundaries, draw, render

RUBRIC = "kr-course-right-angle"
SHOWN = 5
"""Differences that are told in full."""


@dataclass(frozen=True)
class Comparison:
    """How often rubric and oracle agree in score, passing and every deduction. hits: sessions in which each rule was
    broken; passed, failed, unscored: what the sessions came to. bound_95: upper bound of the share that differs."""

    rubric: str
    sessions: int
    seed: int
    equal: int
    passed: int
    failed: int
    unscored: int
    hits: dict[str, int]
    bound_95: float
    differences: list[str]


def compare(sessions: int, seed: int) -> Comparison:
    """Every boundary once, then sessions drawn at random, `sessions` in all."""
    if sessions < 1:
        raise ValueError(f"at least one session must be compared, not {sessions}")
    rng = random.Random(seed)
    scripts = boundaries()[:sessions]
    scripts += [draw(rng) for _ in range(sessions - len(scripts))]
    equal = 0
    hits: Counter[str] = Counter()
    outcomes: Counter[bool | None] = Counter()
    differences: list[str] = []
    for number, script in enumerate(scripts):
        card, wanted = score(script), judge(script)
        got = as_verdict(card)
        outcomes[wanted.passed] += 1
        hits.update({rule for rule, _, _ in wanted.records})
        if got == wanted:
            equal += 1
        else:
            differences.append(f"session {number} ({script.about}): scored {got}, the examiner says {wanted}")
    differing = sessions - equal
    # exact for none: 1 - 0.05^(1/n); the rule of three is its first term
    bound = 1.0 - 0.05 ** (1.0 / sessions) if differing == 0 else differing / sessions
    return Comparison(
        rubric=RUBRIC,
        sessions=sessions,
        seed=seed,
        equal=equal,
        passed=outcomes[True],
        failed=outcomes[False],
        unscored=outcomes[None],
        hits=dict(sorted(hits.items())),
        bound_95=bound,
        differences=differences[:SHOWN],
    )


def score(script: Script) -> ScoreCard:
    """The card our scoring gives for a script's messages."""
    messages = render(script)
    track = SessionTrack.from_messages(messages.frames, [], messages.events)
    return score_session(track, messages.ended, messages.contacts, builtin_rubric(RUBRIC), None)


def as_verdict(card: ScoreCard) -> Verdict:
    """A card in the oracle's terms; what a failure at once takes is not looked at record by record."""
    records = [
        (record.rule, round(record.t0_s / TICK_S), 0 if record.component == TOTAL else int(record.points))
        for record in card.deductions
    ]
    score = None if card.score is None else int(card.score)
    return Verdict(score, card.passed, tuple(sorted(records)))


def main(arguments: list[str] | None = None) -> int:
    """Print the comparison as JSON; 1 if anything differs."""
    parser = argparse.ArgumentParser(prog="python -m ops.study.rubrics", description=__doc__)
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.sessions < 1:
        parser.error("--sessions must be at least 1")
    result = compare(options.sessions, options.seed)
    print(json.dumps(asdict(result), ensure_ascii=False, indent=2))
    return 0 if result.equal == result.sessions else 1


if __name__ == "__main__":
    sys.exit(main())
