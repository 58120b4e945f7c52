"""Which of the things worth saying is said."""

from __future__ import annotations

from typing import Any

import pytest

from coach_core.contracts import Cue
from coach_core.errors import ContractError
from coach_core.guidance.selector import HINT_SHOWN, HOLD, STOP_STAYS, CueCatalogue, CueSelector
from tests.toy.frames import catalogue

CUES = catalogue()
KEEP, SLOW, PRAISE = CUES.cue("move.back_slow"), CUES.cue("appr.slow"), CUES.cue("move.keep")
STOP, REAR, CRITICAL = CUES.cue("move.stop_here"), CUES.cue("warn.rear", cm=40), CUES.cue("crit.stop")


@pytest.fixture
def selector() -> CueSelector:
    return CueSelector(CUES)


def test_danger_goes_before_guidance_whatever_the_order(selector: CueSelector) -> None:
    assert selector.choose([KEEP, REAR], 4, 0.0) == REAR
    assert selector.choose([REAR, CRITICAL, KEEP], 4, 0.1) == CRITICAL


def test_first_of_equals_wins(selector: CueSelector) -> None:
    assert selector.choose([SLOW, KEEP], 4, 0.0) == SLOW


def test_nothing_to_say_is_silence_at_once(selector: CueSelector) -> None:
    selector.choose([KEEP], 4, 0.0)
    assert selector.choose([], 4, 0.01) is None


def test_guidance_stays_long_enough_to_be_read(selector: CueSelector) -> None:
    assert selector.choose([KEEP], 4, 0.0) == KEEP
    assert selector.choose([SLOW], 4, HOLD - 0.01) == KEEP
    assert selector.choose([SLOW], 4, HOLD) == SLOW


def test_praise_never_holds_guidance_back(selector: CueSelector) -> None:
    assert selector.choose([PRAISE], 4, 0.0) == PRAISE
    assert selector.choose([PRAISE, KEEP], 4, 0.01) == KEEP


def test_changed_numbers_wait_as_long(selector: CueSelector) -> None:
    nearer = CUES.cue("warn.rear", cm=35)
    selector.choose([REAR], 4, 0.0)
    assert selector.choose([nearer], 4, HOLD - 0.01) == REAR
    assert selector.choose([nearer], 4, HOLD) == nearer


@pytest.mark.parametrize("urgent", [STOP, CRITICAL, REAR])
def test_a_stop_or_a_danger_never_waits(selector: CueSelector, urgent: Cue) -> None:
    selector.choose([KEEP], 4, 0.0)
    assert selector.choose([urgent], 4, 0.01) == urgent


def test_firm_stop_is_not_followed_by_a_mild_one_at_once(selector: CueSelector) -> None:
    firmly = CUES.cue("move.stop_now")
    assert selector.choose([STOP], 4, 0.0) == STOP
    assert selector.choose([firmly], 4, 0.1) == firmly
    assert selector.choose([CRITICAL, firmly], 4, 0.2) == CRITICAL
    assert selector.choose([firmly], 4, 0.3) == CRITICAL
    assert selector.choose([STOP], 4, 0.2 + STOP_STAYS) == STOP
    assert selector.choose([KEEP], 4, 0.2 + STOP_STAYS + HOLD) == KEEP


@pytest.mark.parametrize(("assist", "shown"), [(4, KEEP), (3, KEEP), (2, REAR), (1, CRITICAL), (0, None)])
def test_assist_level_hides_what_it_does_not_show(selector: CueSelector, assist: int, shown: Cue | None) -> None:
    said = {4: [KEEP], 3: [KEEP], 2: [KEEP, REAR], 1: [KEEP, REAR, CRITICAL], 0: [KEEP, CRITICAL]}
    assert selector.choose(said[assist], assist, 0.0) == shown


@pytest.mark.parametrize(("assist", "hidden"), [(2, KEEP), (1, REAR), (0, CRITICAL)])
def test_next_level_down_says_nothing_instead(selector: CueSelector, assist: int, hidden: Cue) -> None:
    selector.choose([hidden], 4, 0.0)
    assert selector.choose([hidden], assist, 0.01) is None


def test_hint_is_shown_its_time_above_guidance_and_below_danger(selector: CueSelector) -> None:
    selector.hint("look right", 1.0)
    hint = Cue("sys.instructor", {"text": "look right"}, "clear")
    assert selector.choose([KEEP], 4, 1.0) == hint
    assert selector.choose([KEEP], 1, 1.1) == hint
    assert selector.choose([KEEP, CRITICAL], 4, 1.2) == CRITICAL
    assert selector.choose([KEEP], 0, 1.3) is None
    assert selector.choose([KEEP], 4, 1.0 + HINT_SHOWN) == KEEP


def test_catalogue_fills_in_the_severity() -> None:
    assert Cue("warn.rear", {"cm": 40}, "warning") == REAR


def test_cue_that_does_not_exist_is_named() -> None:
    with pytest.raises(ContractError, match=r"'warn\.ghost'"):
        CUES.cue("warn.ghost")


@pytest.mark.parametrize(
    "entry",
    [
        {"priority": "guidance", "hidden_below_assist": 3},
        {"severity": "clear", "priority": "loud", "hidden_below_assist": 3},
        {"severity": "clear", "priority": "guidance", "hidden_below_assist": None},
    ],
)
def test_catalogue_entry_that_makes_no_sense_is_named(entry: dict[str, Any]) -> None:
    with pytest.raises(ContractError, match=r"'move\.odd'"):
        CueCatalogue({"priorities": ["guidance"], "cues": {"move.odd": entry}})
