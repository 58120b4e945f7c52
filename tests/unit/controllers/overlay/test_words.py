from __future__ import annotations

import math

import pytest

from controllers.data import cue_texts
from controllers.parkit_coach.overlay import words
from tests.unit.controllers.overlay.scenes import cue

CATALOGUE = cue_texts()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ko", "핸들을 오른쪽으로 한 바퀴 반 돌리세요."), ("en", "Turn the wheel one and a half turns to the right.")],
)
def test_a_cue_is_a_sentence_in_the_learners_language(language: words.Language, sentence: str) -> None:
    assert words.cue_text(CATALOGUE, cue("steer.turns", dir="right", turns="one_and_half"), language) == sentence


def test_what_the_instructor_wrote_is_shown_as_it_is() -> None:
    assert words.cue_text(CATALOGUE, cue("sys.instructor", text="{dir} 천천히"), "ko") == "강사님: {dir} 천천히"


def test_a_cue_of_a_newer_coach_is_shown_by_its_id() -> None:
    assert words.cue_text(CATALOGUE, cue("new.thing"), "ko") == "new.thing"


def test_every_cue_of_the_catalogue_has_words_in_both_languages() -> None:
    for cue_id in CATALOGUE["cues"]:
        asked = cue(cue_id, dir="left", turns="half", cm=40, text="잘했어요")
        for language in ("ko", "en"):
            sentence = words.cue_text(CATALOGUE, asked, language)
            assert sentence != cue_id
            assert "{" not in sentence


@pytest.mark.parametrize(
    ("actual_deg", "target_deg", "advice"),
    [
        (0, 540, ("왼쪽으로", "한 바퀴 반")),
        (90, -90, ("오른쪽으로", "반 바퀴")),
        (0, -30, ("오른쪽으로", "조금")),
        (100, 108, ("좋아요", "그대로")),
        (0, None, ("핸들", "똑바로")),
        (-360, None, ("오른쪽", "한 바퀴")),
        (-540, 540, ("왼쪽으로", "세 바퀴")),
    ],
)
def test_wheel_advice_says_which_way_and_how_far(
    actual_deg: float, target_deg: float | None, advice: tuple[str, str]
) -> None:
    target = None if target_deg is None else math.radians(target_deg)
    assert words.wheel_advice(math.radians(actual_deg), target, "ko") == advice


@pytest.mark.parametrize(
    ("metres", "text"), [(0.234, "23 cm"), (0.62, "60 cm"), (0.98, "1.0 m"), (1.25, "1.2 m"), (0.0, "0 cm")]
)
def test_a_distance_is_as_fine_as_one_can_use(metres: float, text: str) -> None:
    assert words.distance(metres) == text


def test_speed_has_no_sign() -> None:
    assert words.speed(-1.0) == words.speed(1.0) == "3.6"
