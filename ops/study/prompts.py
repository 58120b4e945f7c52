"""What is counted as a prompt: each time the coach newly asks the learner to do something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from coach_core.contracts import Cue, Decision

ASK_NOTHING = frozenset({"prep.slot", "move.keep", "steer.hold", "done.first_try", "par.kerb", "sys.assist_down"})
"""Cues that praise or tell, and want nothing done."""


def prompts(decisions: Iterable[Decision]) -> Counter[str]:
    """How often each cue was given as a prompt, warnings included.

    A prompt begins where the cue shown is another than at the frame before, in its id, its side or its turns; changed
    centimetres are the same prompt. The same words after something else was shown, if only praise, are a new prompt.
    """
    found: Counter[str] = Counter()
    last: tuple[object, ...] | None = None
    for decision in decisions:
        now = _meaning(decision.cue)
        if now != last and decision.cue is not None and decision.cue.id not in ASK_NOTHING:
            found[decision.cue.id] += 1
        last = now
    return found


def _meaning(cue: Cue | None) -> tuple[object, ...] | None:
    return None if cue is None else (cue.id, cue.params.get("dir"), cue.params.get("turns"), cue.params.get("text"))
