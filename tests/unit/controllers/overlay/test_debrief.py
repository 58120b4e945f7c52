"""The debrief: the score, two causes at most, one thing to try; readable for every rubric and result."""

from __future__ import annotations

from typing import Any

import pytest

from coach_core.contracts import Cause, Deduction, Ended, ScoreCard
from controllers.data import builtin_rubric, score_texts
from controllers.parkit_coach.overlay.commands import Box, Paste
from controllers.parkit_coach.overlay.debrief import CAUSES, Debrief, commands, debrief_of
from controllers.parkit_coach.overlay.layout import HEIGHT, WIDTH
from controllers.parkit_coach.overlay.pictures import render
from controllers.parkit_coach.overlay.sprites import Strip
from controllers.parkit_coach.overlay.words import RESULT_WORDS, Language

TEXTS = score_texts()
RUBRIC = builtin_rubric("parkit-1")
LATE, LOOSE = Cause("cause.turned_late", 9.0, 10.0, {"m": 0.8}), Cause("cause.not_straightened", 4.5, 20.0, {"m": 0.6})


def card(score: float | None = 82.0, passed: bool | None = True, **changes: Any) -> ScoreCard:
    return ScoreCard("parkit-1", 2, score, passed, {}, {}, **({"deductions": []} | changes))


def ended(result: Any = "parked") -> Ended:
    return Ended(result, "A3", 40.0, 0, 0.3, None, 0, in_slot=True)


def told(made: ScoreCard, result: str = "parked", language: Language = "ko", assist: int = 3) -> Debrief:
    return debrief_of(made, ended(result), RUBRIC, TEXTS, language, assist)


def test_score_comes_with_its_band_and_the_help_it_was_earned_with() -> None:
    debrief = told(card())
    assert (debrief.headline, debrief.of, debrief.verdict, debrief.assist) == ("82", "/ 100", "합격권", "안내 3단계")
    assert told(card(95.0)).verdict == TEXTS["bands"]["band.independent"]["ko"]
    assert told(card(), assist=0).assist == "시험"


def test_score_that_did_not_pass_is_never_called_good() -> None:
    assert told(card(85.0, passed=False), "contact").verdict == "불합격"


def test_two_worst_causes_are_told_in_words() -> None:
    third = Cause("cause.too_fast", 1.0, 30.0, {})
    reasons = told(card(causes=[LATE, LOOSE, third]), language="en").reasons
    assert len(reasons) == CAUSES
    assert reasons[0] == ("−9", "The wheel was turned 0.8 m late.")
    assert reasons[1].points == "−4.5"


def test_without_causes_the_dearest_deductions_are_told() -> None:
    records = [
        Deduction(rule, "safety", points, points, 1.0, 2.0, None, None, rule, params={"s": 1.0})
        for rule, points in (("position.outside_bay", 3.0), ("safety.critical_unbraked", 8.0))
    ]
    reasons = told(card(deductions=records)).reasons
    assert [reason.points for reason in reasons] == ["−8점", "−3점"]


def test_one_thing_to_try_comes_with_the_score_it_would_have_brought() -> None:
    debrief = told(card(causes=[LATE], best_change="cause.turned_late", best_change_score=91.0), language="en")
    assert debrief.change == TEXTS["causes"]["cause.turned_late"]["change"]["en"]
    assert "91" in debrief.with_that
    same = told(card(causes=[LATE], best_change="cause.turned_late", best_change_score=82.2))
    assert same.change
    assert same.with_that == ""


def test_text_that_is_missing_leaves_the_rest() -> None:
    odd = told(card(causes=[Cause("cause.from_the_future", 5.0, 0.0), LATE], best_change="cause.unknown"))
    assert [reason.points for reason in odd.reasons] == ["−9점"]
    assert odd.change == ""


def test_session_that_was_not_scored_says_so_and_gives_no_number() -> None:
    debrief = told(card(None, None), "aborted")
    assert (debrief.headline, debrief.of) == ("-", "")
    assert debrief.verdict == TEXTS["not_scored"]["ko"]


def test_rubric_without_a_number_says_passed_or_not() -> None:
    debrief = debrief_of(card(None, passed=False), ended(), builtin_rubric("uk-bay"), TEXTS, "en", 0)
    assert (debrief.headline, debrief.of, debrief.verdict) == ("Not passed", "", "")


LONG = "아주 긴 문장이 여기에 있어서 두 줄로도 다 들어가지 않을 만큼 길어요. " * 3


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("result", list(RESULT_WORDS["ko"]))
def test_panel_stays_on_the_display_however_much_there_is_to_say(language: Language, result: str) -> None:
    full = told(
        card(100.0, causes=[LATE, LOOSE], strength="strength.calm_speed", best_change="cause.turned_late",
             best_change_score=101.0), result, language,
    )  # fmt: skip
    full = full._replace(reasons=tuple(reason._replace(sentence=LONG) for reason in full.reasons), change=LONG)
    for debrief in (full, told(card(None, None), result, language), told(card(), result, language)):
        for command in commands(debrief, language):
            assert isinstance(command, Paste | Box)
            size = command if isinstance(command, Box) else render(command.sprite)
            assert 0 <= command.x <= command.x + size.width <= WIDTH
            assert 0 <= command.y <= command.y + size.height <= HEIGHT


def test_everything_that_is_told_is_written() -> None:
    debrief = told(card(causes=[LATE, LOOSE], best_change="cause.turned_late", best_change_score=91.0))
    written = {c.sprite.text for c in commands(debrief, "ko") if isinstance(c, Paste) and isinstance(c.sprite, Strip)}
    assert {debrief.headline, debrief.of, debrief.verdict, debrief.assist, debrief.change, debrief.with_that} <= written
    assert {reason.sentence for reason in debrief.reasons} <= written
