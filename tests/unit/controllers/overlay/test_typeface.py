from __future__ import annotations

import pytest

from controllers.data import cue_texts
from controllers.parkit_coach.overlay import typeface
from controllers.parkit_coach.overlay.sprites import Strip
from controllers.parkit_coach.overlay.words import cue_text
from tests.unit.controllers.overlay.scenes import cue

SIZES = (30, 28, 26, 24, 22)


def ink(text: str) -> bytes:
    """The coverage of a text, by pixel."""
    return typeface.strip_image(Strip(text, 30, 0xFFFFFF)).getchannel("A").tobytes()


def test_hangul_and_quarter_signs_are_glyphs_and_not_boxes() -> None:
    unknown = ink("\U0010fffd")
    for character in "한글핸들뒤끝쭉괜찮왼쪽¼½¾…":
        assert ink(character) != unknown
        assert any(ink(character))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_cue_fits_two_lines(language: str) -> None:
    for cue_id in cue_texts()["cues"]:
        if cue_id == "sys.instructor":
            continue
        asked = cue(cue_id, dir="right", turns="one_and_half", cm=100)
        sentence = cue_text(cue_texts(), asked, language)  # type: ignore[arg-type]
        size, lines = typeface.fit(sentence, 300, SIZES)
        assert len(lines) <= 2
        assert " ".join(lines) == sentence
        assert all(typeface.width(line, size) <= 302 for line in lines)


def test_two_sentences_get_a_line_each() -> None:
    _, lines = typeface.fit("괜찮아요. 앞으로 한 번 뺐다가 다시 넣어요.", 340, SIZES)
    assert lines == ["괜찮아요.", "앞으로 한 번 뺐다가 다시 넣어요."]


def test_what_does_not_fit_ends_with_an_ellipsis() -> None:
    size, lines = typeface.fit("천천히 " * 60, 300, SIZES, 4)
    assert len(lines) == 4
    assert lines[-1].endswith("…")
    assert all(typeface.width(line, size) <= 302 for line in lines)


def test_a_word_longer_than_a_line_is_broken() -> None:
    _, lines = typeface.fit("가" * 25, 200, (20,), 4)
    assert len(lines) > 1
    assert "".join(lines) == "가" * 25


def test_a_ground_shows_between_the_letters() -> None:
    image = typeface.strip_image(Strip("정지!", 30, 0xFFFFFF, (10, 15, 28, 204)))
    assert image.getpixel((0, 0)) == (10, 15, 28, 204)
    assert image.getchannel("A").getextrema() == (204, 255)
