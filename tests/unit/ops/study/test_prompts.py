"""What counts as a prompt."""

from __future__ import annotations

from typing import cast

import pytest

from coach_core.contracts import Cue, Decision
from ops.study.prompts import prompts


class Said:
    """All of a decision that is counted."""

    def __init__(self, cue: Cue | None) -> None:
        self.cue = cue


def count(*cues: Cue | None) -> int:
    return prompts(cast("list[Decision]", [Said(cue) for cue in cues])).total()


LEFT, RIGHT = Cue("steer.full", {"dir": "left"}), Cue("steer.full", {"dir": "right"})
KEEP = Cue("move.keep")


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        ((), 0),
        ((None, LEFT, LEFT, None), 1),
        ((LEFT, RIGHT), 2),
        ((LEFT, KEEP, LEFT), 2),
        ((KEEP, None, KEEP), 0),
        ((Cue("warn.rear", {"cm": 60}), Cue("warn.rear", {"cm": 55})), 1),
        ((Cue("crit.stop"),), 1),
    ],
)
def test_prompt_is_a_new_request_whatever_was_shown_between(cues: tuple[Cue | None, ...], expected: int) -> None:
    assert count(*cues) == expected
